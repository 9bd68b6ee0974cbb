// Files on their way in: one line each, with true progress; broken connections resume, refusals say their sentence.
import { toast } from "../parts/toast.js";
import { showCounts } from "./counts.js";
import { UploadLine } from "./upload-line.js";

const AT_ONCE = 2;
const PIECE_BYTES = 32 * 1024 * 1024;
const RETRIES_MS = [0, 1000, 3000, 5000, 10000, 20000, 30000];

export class Uploads {
  constructor({ endpoint, project, projectName }) {
    Object.assign(this, { endpoint, project, projectName });
    this.waiting = [];
    this.running = new Set();
  }

  get isBusy() { return this.running.size + this.waiting.length > 0; }

  add(files) {
    for (const file of files) {
      dispatchEvent(new CustomEvent("faceline:upload-begins", { detail: { name: file.name } }));
      const line = new UploadLine(file, this.projectName);
      document.querySelector("[data-uploads]").append(line.element);
      line.onCancel = () => this.cancel(line);
      this.waiting.push(line);
    }
    this.startNext();
  }

  startNext() {
    while (this.running.size < AT_ONCE && this.waiting.length) this.start(this.waiting.shift());
    if (!this.isBusy && this.isFirst) this.showLibrary();
  }

  start(line) {
    this.running.add(line);
    const token = JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"];
    const upload = new window.tus.Upload(line.file, {
      endpoint: this.endpoint,
      chunkSize: PIECE_BYTES,
      retryDelays: RETRIES_MS,
      removeFingerprintOnSuccess: true,
      headers: { "X-CSRFToken": token },
      metadata: { filename: line.file.name, project: this.project },
      onBeforeRequest: (request) => { request.getUnderlyingObject().withCredentials = true; },
      onShouldRetry: (error) => [0, 423, 429, 500, 502, 503, 504].includes(error.originalResponse?.getStatus() ?? 0),
      onProgress: (sent, total) => line.showProgress(sent, total),
      onAfterResponse: (_request, response) => { line.answer = response; },
      onError: (error) => this.end(line, () => this.showError(line, error)),
      onSuccess: () => this.showOutcome(line),
    });
    line.upload = upload;
    upload.findPreviousUploads().then((earlier) => {
      const same = earlier.find((each) => each.metadata.project === this.project);
      if (same) upload.resumeFromPreviousUpload(same);
      upload.start();
    }, () => upload.start());
  }

  showError(line, error) {
    if (refusalOf(error)) forget(line.upload);
    line.showRefusal(sentenceOf(error));
  }

  /** A file that had come in whole before a reload sends nothing more: its outcome is asked for. */
  async showOutcome(line) {
    let facts = parsed(line.answer?.getBody());
    let sentence = BROKEN_OFF;
    if (!facts?.video) {
      const answer = await fetch(line.upload.url).catch(() => undefined);
      facts = await answer?.json().catch(() => undefined);
      sentence = facts?.error ?? sentence;
    }
    this.end(line, () => {
      if (!facts?.video) line.showRefusal(sentence);
      else if (facts.already_here) line.showSame(facts, this.again(facts));
      else this.showRow(line, facts);
    });
  }

  /** The line becomes the video's row; the first video of all gives the page another shape. */
  async showRow(line, facts) {
    const rows = document.querySelector("[data-rows]");
    if (!rows) {
      this.isFirst = true;
      line.remove();
      return;
    }
    rows.querySelector(":scope > .empty")?.remove();
    document.getElementById(`video-${facts.id}`)?.remove(); // it came in before the page was loaded again
    await window.htmx.ajax("GET", `${facts.video}row`, { target: rows, swap: "afterbegin" });
    line.remove();
    await showCounts();
  }

  /** Not before what was refused has been read. */
  showLibrary() {
    this.isFirst = false;
    const show = () => location.reload();
    if (document.querySelector("[data-uploads] > *")) toast("The other files are in the library.", { action: { word: "Show", run: show } });
    else show();
  }

  /** Where "analyse again" is asked for. */
  again(facts) { return `/videos/${facts.id}/runs`; }

  end(line, show) {
    this.running.delete(line);
    show();
    this.startNext();
  }

  cancel(line) {
    this.waiting = this.waiting.filter((each) => each !== line);
    line.upload?.abort(true).catch(() => {});
    line.remove();
    if (this.running.delete(line)) this.startNext();
  }
}

const BROKEN_OFF = "The connection broke off. Choose the file again to go on from where it stopped.";

const parsed = (text) => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** The server has said no: there is nothing to go on with. */
const forget = async (upload) => {
  const storage = window.tus.defaultOptions.urlStorage;
  for (const each of await storage.findAllUploads()) {
    if (each.uploadUrl === upload.url) storage.removeUpload(each.urlStorageKey);
  }
};

const refusalOf = (error) => parsed(error.originalResponse?.getBody())?.error;

const sentenceOf = (error) => refusalOf(error)
  ?? (error.originalResponse?.getStatus() === 410
    ? "This upload is over. Choose the file again."
    : BROKEN_OFF);
