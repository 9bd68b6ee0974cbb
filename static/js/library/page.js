// The library page: choosing videos, and files that are dropped or picked.
import { showBrokenOff } from "./broken-off.js";
import "./choosing.js";
import { Uploads } from "./uploads.js";

const picker = document.querySelector("[data-upload-files]");
const zone = document.querySelector("[data-dropzone]");

if (picker) {
  const uploads = new Uploads(picker.dataset);
  showBrokenOff(document.querySelector("[data-broken-off]"), picker.dataset.project);

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-upload]")) picker.click();
  });
  picker.addEventListener("change", () => {
    uploads.add([...picker.files]);
    picker.value = "";
  });

  const holdsFiles = (event) => event.dataTransfer?.types.includes("Files");
  let depth = 0;
  const show = (isShown) => { zone.hidden = !isShown; };

  addEventListener("dragenter", (event) => {
    if (!holdsFiles(event)) return;
    depth += 1;
    const n = event.dataTransfer.items.length;
    zone.querySelector("[data-dropzone-count]").textContent = `Drop to upload ${n === 1 ? "1 video" : `${n} videos`}`;
    show(true);
  });
  addEventListener("dragover", (event) => { if (holdsFiles(event)) event.preventDefault(); });
  addEventListener("dragleave", () => {
    depth = Math.max(0, depth - 1);
    if (!depth) show(false);
  });
  addEventListener("drop", (event) => {
    depth = 0;
    show(false);
    if (!holdsFiles(event)) return;
    event.preventDefault();
    uploads.add([...event.dataTransfer.files]);
  });
  addEventListener("beforeunload", (event) => { if (uploads.isBusy) event.preventDefault(); });
}
