// The library page: choosing videos, their menus, and files that are dropped or picked.
import "./choosing.js";
import "./row-menu.js";
import { Interrupted } from "./interrupted.js";
import { Uploads } from "./uploads.js";

const picker = document.querySelector("[data-upload-files]");

if (picker) {
  const uploads = new Uploads(picker.dataset);
  const interrupted = new Interrupted(document.querySelector("[data-interrupted]"), {
    resume: () => pick({ isResuming: true }),
    settled: (entry, facts) => uploads.showUnheard(entry, facts),
  });
  let isResuming = false;

  const pick = (how) => {
    isResuming = Boolean(how?.isResuming);
    picker.click();
  };

  /** A file that was interrupted goes on where it was bound for; dropped, only when that is the project of this page. */
  const add = (files) => {
    for (const file of files) {
      const { project, projectName } = picker.dataset;
      const entry = interrupted.take(file, isResuming ? undefined : project);
      uploads.add(file, entry ?? { project, projectName });
    }
    isResuming = false;
    uploads.startNext();
  };

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-upload]")) pick();
  });
  picker.addEventListener("change", () => {
    add([...picker.files]);
    picker.value = "";
  });
  addEventListener("faceline:files", (event) => add(event.detail.files));
  addEventListener("beforeunload", (event) => { if (uploads.isBusy) event.preventDefault(); });
  interrupted.find();
}
