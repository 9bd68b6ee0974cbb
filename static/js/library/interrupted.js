// Uploads that a reload or a closed tab has cut short: said in one line, to resume or to discard.
import * as ledger from "./ledger.js";
import { forgetAddress, headers } from "./tus.js";

const MOST_NAMES = 3;
const ASK_AGAIN_MS = 1000;
const MOST_ASKED = 60;

/** What has become of an upload, as the server knows it: it may have arrived whole, or have been refused, unheard. */
const outcomeOf = async (url) => {
  for (let n = 0; n < MOST_ASKED; n += 1) {
    const answer = await fetch(url).catch(() => undefined);
    if (answer?.status !== 423) return answer?.json().catch(() => undefined);
    await new Promise((go) => setTimeout(go, ASK_AGAIN_MS)); // the file is being checked
  }
  return undefined;
};

export class Interrupted {
  /** `place` is the notice, `resume` opens the file picker, `settled(entry, facts)` shows what was not heard. */
  constructor(place, { resume, settled }) {
    Object.assign(this, { place, settled, entries: [] });
    place.querySelector("[data-interrupted-resume]").addEventListener("click", resume);
    place.querySelector("[data-interrupted-discard]").addEventListener("click", () => this.discard());
  }

  async find() {
    const left = await ledger.leftBehind();
    const areOpen = await Promise.all(left.map((entry) => this.isOpen(entry)));
    this.entries = left.filter((_entry, i) => areOpen[i]);
    this.show();
  }

  async isOpen(entry) {
    const facts = entry.url && await outcomeOf(entry.url);
    if (!facts?.video && !facts?.error) return true;
    this.strike(entry);
    this.settled(entry, facts);
    return false;
  }

  strike(entry) {
    ledger.strike(entry.key);
    if (entry.url) forgetAddress(entry.url);
  }

  /** The entry of a file that is chosen again, which is no longer interrupted then; `project`: only if it goes there. */
  take(file, project) {
    const entry = this.entries.find((each) => ledger.isOf(each, file) && (!project || each.project === project));
    if (!entry) return undefined;
    this.entries = this.entries.filter((each) => each !== entry);
    ledger.strike(entry.key);
    this.show();
    return entry;
  }

  discard() {
    for (const entry of this.entries) {
      this.strike(entry);
      if (entry.url) fetch(entry.url, { method: "DELETE", headers: { ...headers(), "Tus-Resumable": "1.0.0" } }).catch(() => {});
    }
    this.entries = [];
    this.show();
  }

  show() {
    const names = this.entries.map((each) => each.name);
    this.place.hidden = !names.length;
    const named = names.slice(0, MOST_NAMES).join(", ");
    const more = names.length > MOST_NAMES ? ` and ${names.length - MOST_NAMES} more` : "";
    const [what, file] = names.length === 1 ? ["1 upload was", "the file again to continue"] : [`${names.length} uploads were`, "the files again to continue"];
    this.place.querySelector("[data-interrupted-text]").textContent = `${what} interrupted: ${named}${more}. Resume and choose ${file} from where the upload stopped.`;
  }
}
