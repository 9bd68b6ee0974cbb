// A button that copies the text of the element it names. Without HTTPS browsers lend no clipboard: it stays hidden then.
import { toast } from "./toast.js";

for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
      toast("Copied.");
    } catch {
      toast("The browser did not allow copying. Select the text and copy it.", { isBad: true });
    }
  });
}
