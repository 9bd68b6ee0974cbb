// Files on their way in: one line each, with true progress; broken connections resume, refusals say their sentence.
import * as ledger from "./ledger.js";
import { showCounts } from "./counts.js";
import { showShape } from "./shape.js";
import { forgetAddress, headers } from "./tus.js";
import { UploadLine } from "./upload-line.js";

const AT_ONCE = 2;
const PIECE_BYTES = 32 * 1024 * 1024;
const RETRIES_MS = [0, 1000, 3000, 5000, 10000, 20000, 30000];

export class Uploads {
  constructor({ endpoint }) {
    this.endpoint = endpoint;
    this.waiting = [];
    this.running = new Set();
  }

  get isBusy() { return this.running.size + this.waiting.length > 0; }

  /** A line that waits for `startNext`. */
  add(file, { project, projectName }) {
    const line = this.addLine(file, projectName);
    line.project = project;
    line.key = ledger.note(file, project, projectName);
    line.onCancel = () => this.cancel(line);
    this.waiting.push(line);
  }

  addLine(file, projectName) {
    const line = new UploadLine(file, projectName);
    line.onRemoved = showShape;
    document.querySelector("[data-uploads]").append(line.element);
    showShape();
    return line;
  }

  startNext() {
    while (this.running.size < AT_ONCE && this.waiting.length) this.start(this.waiting.shift());
  }

  start(line) {
    this.running.add(line);
    const upload = new window.tus.Upload(line.file, {
      endpoint: this.endpoint,
      chunkSize: PIECE_BYTES,
      retryDelays: RETRIES_MS,
      removeFingerprintOnSuccess: true,
      headers: headers(),
      metadata: { filename: line.file.name, project: line.project },
      onBeforeRequest: (request) => { request.getUnderlyingObject().withCredentials = true; },
      onShouldRetry: (error) => [0, 423, 429, 500, 502, 503, 504].includes(error.originalResponse?.getStatus() ?? 0),
      onProgress: (sent, total) => line.showProgress(sent, total),
      onUploadUrlAvailable: () => ledger.noteAddress(line.key, upload.url),
      onAfterResponse: (_request, response) => { line.answer = response; },
      onError: (error) => this.end(line, () => this.showError(line, error)),
      onSuccess: () => this.showOutcome(line),
    });
    line.upload = upload;
    upload.findPreviousUploads().then((earlier) => {
      const same = earlier.find((each) => each.metadata.project === line.project);
      if (same) upload.resumeFromPreviousUpload(same);
      upload.start();
    }, () => upload.start());
  }

  showError(line, error) {
    const refusal = refusalOf(error);
    if (refusal) forgetAddress(line.upload.url);
    if (refusal || isOver(error)) ledger.strike(line.key);
    line.showRefusal(refusal ?? (isOver(error) ? OVER : BROKEN_OFF));
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
    if (facts?.video || facts?.error) ledger.strike(line.key);
    this.end(line, () => {
      if (!facts?.video) line.showRefusal(sentence);
      else if (facts.already_here) line.showSame(facts, this.again(facts));
      else this.showRow(line, facts);
    });
  }

  /** The line becomes the video's row. */
  async showRow(line, facts) {
    await insertRow(facts);
    line.remove();
    await showCounts();
  }

  /** What became of a file whose answer an earlier page did not hear; its row may have come too late for this page. */
  showUnheard(entry, facts) {
    if (facts.error) this.addLine(entry, entry.projectName).showRefusal(facts.error);
    else if (!document.getElementById(`video-${facts.id}`) && isListed(entry.project)) insertRow(facts).then(showCounts);
  }

  /** Where "analyze again" is asked for. */
  again(facts) { return `/videos/${facts.id}/runs`; }

  end(line, show) {
    this.running.delete(line);
    show();
    this.startNext();
  }

  cancel(line) {
    ledger.strike(line.key);
    this.waiting = this.waiting.filter((each) => each !== line);
    line.upload?.abort(true).catch(() => {});
    line.remove();
    if (this.running.delete(line)) this.startNext();
  }
}

const insertRow = async (facts) => {
  const rows = document.querySelector("[data-rows]");
  rows.querySelector(":scope > .empty")?.remove();
  document.getElementById(`video-${facts.id}`)?.remove(); // it came in before the page was loaded again
  await window.htmx.ajax("GET", `${facts.video}row`, { target: rows, swap: "afterbegin" });
  showShape();
};

/** Whether this page lists all of a project's videos. */
const isListed = (project) => [...new URLSearchParams(location.search)].every(([name, value]) => name === "project" && value === project);

const BROKEN_OFF = "The connection was lost. Choose the file again to resume.";
const OVER = "This upload has ended. Choose the file again.";

const parsed = (text) => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** The server has said no: there is nothing to go on with. */
const refusalOf = (error) => parsed(error.originalResponse?.getBody())?.error;

const isOver = (error) => error.originalResponse?.getStatus() === 410;
