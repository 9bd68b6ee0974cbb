// A notice that is closed for good: the cookie is read by the server, which leaves it out from then on.
import { keep } from "./choices.js";

document.addEventListener("click", (event) => {
  const notice = event.target.closest("[data-dismiss]")?.closest("[data-dismissable]");
  if (!notice) return;
  keep(notice.dataset.dismissable, "closed");
  notice.remove();
});
