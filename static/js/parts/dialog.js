// [data-dialog="id"] opens a <dialog>; [data-close] in it, Escape and a click outside close it.
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-dialog]");
  if (opener) {
    const dialog = document.getElementById(opener.dataset.dialog);
    opener.closest("[popover]")?.hidePopover();
    dialog?.showModal();
    dialog?.dispatchEvent(new CustomEvent("faceline:dialog", { detail: { opener } }));
    dialog?.querySelector("[autofocus], input:not([type=hidden]), select")?.focus();
    return;
  }
  const dialog = event.target.closest("dialog");
  if (dialog && (event.target.closest("[data-close]") || event.target === dialog)) dialog.close();
});
