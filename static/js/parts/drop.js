// Files dragged over a page: on the library they are uploaded; elsewhere a sentence says where, and the page stays.
import { toast } from "./toast.js";

const zone = document.querySelector("[data-dropzone]");
const home = document.querySelector(".rail__brand")?.href;
const holdsFiles = (event) => event.dataTransfer?.types.includes("Files");
const takesFiles = (event) => event.target.closest?.("input[type=file]");

const show = (isShown) => { if (zone) zone.hidden = !isShown; };
let depth = 0;

addEventListener("dragenter", (event) => {
  if (!holdsFiles(event)) return;
  depth += 1;
  if (!zone) return;
  const n = event.dataTransfer.items.length;
  zone.querySelector("[data-dropzone-count]").textContent = `Drop to upload ${n === 1 ? "1 video" : `${n} videos`}`;
  show(true);
});

addEventListener("dragover", (event) => { if (holdsFiles(event) && !takesFiles(event)) event.preventDefault(); });

addEventListener("dragleave", () => {
  depth = Math.max(0, depth - 1);
  if (!depth) show(false);
});

addEventListener("drop", (event) => {
  depth = 0;
  show(false);
  if (!holdsFiles(event) || takesFiles(event)) return;
  event.preventDefault(); // else the browser leaves the page for the file
  if (zone) dispatchEvent(new CustomEvent("faceline:files", { detail: { files: [...event.dataTransfer.files] } }));
  else toast(...whereTo());
});

/** The sentence for a page that takes no files, and the way to one that does. */
const whereTo = () => (document.body.dataset.needsProject === undefined
  ? ["Nothing was uploaded. Drop files in the library.", { action: { word: "Go to library", run: () => location.assign(home) } }]
  : ["Nothing was uploaded. Create a project for your videos first.", { action: { word: "Create project", run: () => location.assign(document.body.dataset.needsProject) } }]);
