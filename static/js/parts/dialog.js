// [data-dialog="id"] opens a <dialog>, and so does an address that ends in "#id"; [data-focus="id"] says which field
// comes first; [data-close] in it, Escape and a click outside close it.
const FIRST = "[autofocus], input:not([type=hidden]), select";

const open = (dialog, first) => {
  dialog.showModal();
  (document.getElementById(first) ?? dialog.querySelector(FIRST))?.focus();
};

const named = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
if (named && named.matches("dialog")) {
  history.replaceState(null, "", location.pathname + location.search); // else a reload would open it again
  open(named);
}

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-dialog]");
  if (opener) {
    const dialog = document.getElementById(opener.dataset.dialog);
    opener.closest("[popover]")?.hidePopover();
    if (dialog) open(dialog, opener.dataset.focus);
    return;
  }
  const dialog = event.target.closest("dialog");
  if (dialog && (event.target.closest("[data-close]") || event.target === dialog)) dialog.close();
});
