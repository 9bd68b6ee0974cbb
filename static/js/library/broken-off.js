// Uploads that a reload or a closed tab has cut short: named, so that nobody waits for them in vain.
const A_DAY_MS = 24 * 3600 * 1000;
const MOST_NAMES = 3;

/** Shows the notice of page `place` for what this browser had begun in `project` and not finished. */
export const showBrokenOff = async (place, project) => {
  const storage = window.tus?.defaultOptions?.urlStorage;
  if (!place || !storage) return;
  const since = Date.now() - A_DAY_MS;
  const known = (await storage.findAllUploads())
    .filter((each) => each.metadata?.project === project && Date.parse(each.creationTime) > since);
  const left = new Map(known.map((each) => [each.metadata.filename, each]));
  const show = () => {
    const names = [...left.keys()];
    place.hidden = !names.length;
    const named = names.slice(0, MOST_NAMES).join(", ");
    const more = names.length > MOST_NAMES ? ` and ${names.length - MOST_NAMES} more` : "";
    const [what, file] = names.length === 1 ? ["An upload was", "the same file again: it goes on from where it stopped"] : [`${names.length} uploads were`, "the same files again: they go on from where they stopped"];
    place.querySelector("[data-broken-off-text]").textContent = `${what} broken off: ${named}${more}. Choose ${file}.`;
  };
  addEventListener("faceline:upload-begins", ({ detail: { name } }) => { left.delete(name); show(); });
  place.querySelector("[data-broken-off-forget]").addEventListener("click", () => {
    for (const each of left.values()) storage.removeUpload(each.urlStorageKey);
    left.clear();
    show();
  });
  show();
};
