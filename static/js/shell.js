// What every page needs: theme and rail choices, phone menu, popovers beside their buttons, dialogs, toasts, "/" to search.
import "./parts/choices.js";
import "./parts/menu.js";
import "./parts/dialog.js";
import "./parts/toast.js";

document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;
  const search = document.querySelector("[data-search]");
  if (!search) return;
  event.preventDefault();
  search.focus();
});
