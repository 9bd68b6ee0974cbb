// What every page needs: theme and rail choices, phone menu, popovers beside their buttons, dialogs, toasts, keys.
import "./parts/choices.js";
import "./parts/copy.js";
import "./parts/menu.js";
import "./parts/dialog.js";
import "./parts/dismiss.js";
import "./parts/drop.js";
import { listen } from "./parts/keys.js";
import "./parts/toast.js";

listen("library", document, { search: () => [...document.querySelectorAll("[data-search]")].find((field) => field.checkVisibility())?.focus() });

// a second click on a button that posts does nothing while the first is on its way
const ON_ITS_WAY_MS = 3000;

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if ("sent" in form.dataset) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "";
  setTimeout(() => delete form.dataset.sent, ON_ITS_WAY_MS);
});
