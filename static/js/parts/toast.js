// One line at the bottom left, for 8 s; errors stay until they are closed.
import { icon } from "./icon.js";

const SHOWN_MS = 8000;

const leaveLater = (element) => setTimeout(() => {
  if (element.matches(":hover, :focus-within")) leaveLater(element);
  else element.remove();
}, SHOWN_MS);

/** Shows a sentence; `action` is {word, run} for one button beside it. */
export const toast = (sentence, { isBad = false, action } = {}) => {
  const element = document.createElement("div");
  element.className = isBad ? "toast toast--bad" : "toast";
  const text = document.createElement("span");
  text.className = "toast__text";
  text.textContent = sentence;
  element.append(icon(isBad ? "triangle-alert" : "check"), text);
  if (action) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "link-button";
    button.textContent = action.word;
    button.addEventListener("click", () => { element.remove(); action.run(); });
    element.append(button);
  }
  const close = document.createElement("button");
  close.type = "button";
  close.className = "button button--quiet button--icon button--small";
  close.setAttribute("aria-label", "Close");
  close.dataset.toastClose = "";
  close.append(icon("x"));
  element.append(close);
  document.getElementById("toasts").append(element);
  if (!isBad) leaveLater(element);
  return element;
};

document.addEventListener("click", (event) => {
  event.target.closest("[data-toast-close]")?.closest(".toast").remove();
});

for (const element of document.querySelectorAll("[data-toast='']")) leaveLater(element);

const sentenceOf = (xhr) => {
  try { return JSON.parse(xhr.responseText).error; } catch { return undefined; }
};

// what htmx could not get is said, not swallowed; what is newer than the page, in the server's own words
document.addEventListener("htmx:responseError", (event) => {
  const { xhr, elt } = event.detail;
  if (xhr.status === 404 && elt.hasAttribute("data-polls")) return;
  const said = xhr.status === 409 ? sentenceOf(xhr) : undefined;
  toast(said ?? "The action failed. Reload the page and try again.", { isBad: true });
});
