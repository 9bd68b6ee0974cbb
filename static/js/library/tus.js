// What our uploads have in common: the token of the page, and the addresses that tus remembers.
export const headers = () => JSON.parse(document.body.getAttribute("hx-headers"));

/** Forgets where an upload lay: there is nothing to go on with. */
export const forgetAddress = async (url) => {
  const storage = window.tus.defaultOptions.urlStorage;
  for (const each of await storage.findAllUploads()) {
    if (each.uploadUrl === url) storage.removeUpload(each.urlStorageKey);
  }
};
