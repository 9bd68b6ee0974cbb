// The keys of the page Compare; every act is a link of its own.
import { listen } from "../parts/keys.js";

const follow = (link) => {
  if (!link) return false;
  link.click();
  return true;
};

listen("compare", document, {
  swap: () => follow(document.querySelector("[data-act=swap]")),
  draw: (event) => follow(document.querySelector(`[data-draw="${event.key}"]`)),
});
