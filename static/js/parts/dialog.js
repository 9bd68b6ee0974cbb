// [data-dialog="id"] opens a <dialog>, and so does an address that ends in "#id"; [data-focus="id"] says which field
// comes first, and what it holds is selected; [data-action] and [data-name] say what a dialog of many rows is about;
// [data-close] in it, Escape and a click outside close it.
const FIRST = "[autofocus], input:not([type=hidden]), select";

const open = (dialog, first) => {
  dialog.showModal();
  const field = document.getElementById(first) ?? dialog.querySelector(FIRST);
  field?.focus();
  if (field?.matches("input:not([type=radio], [type=checkbox])")) field.select();
};

const fill = (dialog, { action, name }) => {
  if (action) dialog.querySelector("form").action = action;
  if (name === undefined) return;
  for (const place of dialog.querySelectorAll("[data-name-of]")) {
    if (place.matches("input")) place.value = name;
    else place.textContent = name;
  }
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
    if (!dialog) return;
    fill(dialog, opener.dataset);
    open(dialog, opener.dataset.focus);
    return;
  }
  const dialog = event.target.closest("dialog");
  if (dialog && (event.target.closest("[data-close]") || event.target === dialog)) dialog.close();
});
