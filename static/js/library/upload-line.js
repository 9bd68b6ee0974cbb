// One file on its way in, as a line of the list.
import { icon } from "../parts/icon.js";

const NARROW = "\u202f";

const bytes = (n) => {
  let size = n;
  for (const unit of ["B", "KB", "MB"]) {
    if (size < 1000) return `${Math.round(size)}${NARROW}${unit}`;
    size /= 1000;
  }
  return `${size.toFixed(1)}${NARROW}GB`;
};

const remaining = (seconds) => (seconds < 60 ? `${Math.max(1, Math.round(seconds))}${NARROW}s left` : `${Math.round(seconds / 60)}${NARROW}min left`);

const make = (name, className, ...content) => {
  const element = document.createElement(name);
  if (className) element.className = className;
  element.append(...content);
  return element;
};

export class UploadLine {
  constructor(file, projectName) {
    this.file = file;
    this.began = performance.now();
    this.small = make("small", "ellipsis", `${projectName}, ${bytes(file.size)}`);
    this.word = make("span", "progress__word", "Waiting");
    this.rest = make("span", "progress__rest");
    this.bar = make("progress", "bar");
    this.bar.max = 100;
    this.bar.value = 0;
    this.bar.setAttribute("aria-label", `Uploading ${file.name}`);
    this.progress = make("div", "progress", make("div", "progress__line", this.word, this.rest), this.bar);
    this.endings = make("div", "upload__end", this.closeButton("Cancel the upload of"));
    const name = make("span", "ellipsis", file.name);
    name.title = file.name;
    const blank = make("div", "upload__blank", make("span", "library__blank", icon("film")));
    this.element = make("div", "upload", blank, make("div", "upload__name", name, this.small), this.progress, this.endings);
    this.element.setAttribute("role", "row");
    for (const child of this.element.children) child.setAttribute("role", "cell");
  }

  closeButton(words) {
    const button = make("button", "button button--quiet button--icon button--small", icon("x"));
    button.type = "button";
    button.setAttribute("aria-label", `${words} ${this.file.name}`);
    button.addEventListener("click", () => (this.isOver ? this.remove() : this.onCancel?.()));
    return button;
  }

  showProgress(sent, total) {
    this.first ??= { sent, at: performance.now() };
    const percent = total ? (100 * sent) / total : 100;
    this.bar.value = percent;
    const seconds = (performance.now() - this.first.at) / 1000;
    const speed = seconds > 0.5 ? (sent - this.first.sent) / seconds : 0;
    const isSent = sent >= total;
    this.word.textContent = isSent ? "Checking the file" : `Uploading ${Math.floor(percent)}${NARROW}%`;
    this.rest.textContent = isSent || !speed ? "" : `${bytes(speed)}/s, ${remaining((total - sent) / speed)}`;
  }

  showRefusal(sentence) {
    this.isOver = true;
    this.element.classList.add("upload--refused");
    this.progress.remove();
    this.small.className = "";
    this.small.textContent = sentence;
    this.small.setAttribute("role", "alert");
    this.endings.replaceChildren(this.closeButton("Dismiss"));
  }

  /** The project holds this file already: its result, or another analysis. */
  showSame(facts, again) {
    this.isOver = true;
    this.element.classList.add("upload--same");
    this.progress.remove();
    this.small.className = "";
    this.small.textContent = facts.sentence;
    const open = make("a", "button button--small", "Open the result");
    open.href = facts.video;
    const token = document.querySelector("[name=csrfmiddlewaretoken]").cloneNode();
    const form = make("form", "", token, make("button", "button button--small", "Analyze again"));
    form.method = "post";
    form.action = again;
    this.endings.replaceChildren(open, form, this.closeButton("Dismiss"));
  }

  remove() {
    this.element.remove();
    this.onRemoved?.();
  }
}
