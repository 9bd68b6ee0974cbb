// Segments and cues: their table, keys and dialog. A change goes to the API, and the rows come back from the server.
// It tells `faceline:marks` {marks, chosen, pending_s, edge}, and follows `faceline:mark-choose` and `faceline:mark-edge`
// {id, which, time_s, isDone} of the track.
import { listen } from "../parts/keys.js";
import { toast } from "../parts/toast.js";
import { timecode } from "./time.js";

const panel = document.querySelector("[data-marks]");
const player = document.querySelector("face-player");
const frame_s = 1 / (Number(player?.getAttribute("frame-rate")) || 25);
const state = { marks: [], chosen: undefined, pending_s: undefined, edge: undefined };

/** Where the player is: where a seek goes counts before its picture is there. */
const now_s = () => player.querySelector("video").currentTime;
const ms = (seconds) => Math.round(seconds * 1000) / 1000;
const seek = (to_s) => document.dispatchEvent(new CustomEvent("faceline:seek", { detail: { time_s: to_s } }));
const chosen = () => state.marks.find((mark) => mark.id === state.chosen);
const nounOf = (mark) => (mark.to_s === undefined ? "cue" : "segment");

const markOf = (row) => ({
  id: row.dataset.mark, name: row.dataset.name, from_s: Number(row.dataset.from),
  to_s: row.dataset.to === undefined ? undefined : Number(row.dataset.to),
});

const tell = () => {
  for (const row of panel.querySelectorAll("tr[data-mark]")) row.classList.toggle("is-selected", row.dataset.mark === state.chosen);
  panel.querySelector("[data-mark-key=edge]").disabled = !chosen();
  document.dispatchEvent(new CustomEvent("faceline:marks", { detail: { ...state } }));
};

const read = () => {
  state.marks = [...panel.querySelectorAll("tr[data-mark]")].map(markOf);
  if (!chosen()) state.chosen = undefined;
  for (const count of document.querySelectorAll("[data-marks-count]")) count.textContent = state.marks.length;
  panel.querySelector("[data-marks-empty]").hidden = state.marks.length > 0;
  tell();
};

/** In place of the buttons, until it is done. */
const say = (sentence) => {
  panel.querySelector(".marks__said").textContent = sentence;
  panel.querySelector(".marks__foot").classList.toggle("is-said", Boolean(sentence));
};

const choose = (id, { goes = false } = {}) => {
  if (state.edge && state.edge.id !== id) keep();
  state.chosen = id;
  tell();
  const mark = chosen();
  if (!mark) return;
  panel.querySelector(`tr[data-mark="${mark.id}"]`)?.scrollIntoView({ block: "nearest" });
  if (goes) seek(mark.from_s);
};

// --- changes ---

const ask = async (method, address, fields) => {
  const headers = { Accept: "application/json", "Content-Type": "application/json", ...JSON.parse(document.body.getAttribute("hx-headers")) };
  const answer = await fetch(address, { method, headers, body: fields && JSON.stringify(fields) });
  const said = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(said.error ?? "The action failed. Reload the page and try again.");
  return said;
};

/** The rows anew; the focus stays with the row that had it. */
const refresh = async () => {
  const focused = document.activeElement?.closest?.("tr[data-mark]")?.dataset.mark;
  const answer = await fetch(panel.dataset.rows);
  if (!answer.ok) throw new Error("The segments could not be loaded. Reload the page.");
  panel.querySelector("[data-mark-rows]").innerHTML = await answer.text();
  read();
  if (focused) panel.querySelector(`tr[data-mark="${focused}"] .marks__choose`)?.focus();
};

const undo = (change_id) => change(async () => {
  await ask("POST", panel.dataset.undo.replace("/0/", `/${change_id}/`));
  return {};
}, "Undone.");

/** Does `act`, shows the rows anew, and says the sentence with a button that takes it back; refusals are said. */
const change = async (act, sentence) => {
  try {
    const { id, change_id } = await act();
    if (id) state.chosen = id;
    await refresh();
    if (change_id !== null) toast(sentence, change_id === undefined ? {} : { action: { word: "Undo", run: () => undo(change_id) } });
    return true;
  } catch (problem) {
    toast(problem.message, { isBad: true });
    return false;
  }
};

/** Shows what an import made, with a button that takes all of it back. */
export const created = ({ n, change_id }) => change(async () => ({ change_id }), n === 1 ? "1 created." : `${n} created.`);

const address = (mark) => `${mark.to_s === undefined ? panel.dataset.cues : panel.dataset.segments}${mark.id}/`;

// --- what keys and buttons do ---

const start = () => {
  state.pending_s = ms(now_s());
  say(`The segment starts at ${timecode(state.pending_s)}. Press O where it ends, Esc to stop.`);
  tell();
};

const end = () => {
  if (state.pending_s === undefined) {
    toast("Press I where the segment starts, then O where it ends.");
    return;
  }
  const [from_s, to_s] = [state.pending_s, ms(now_s())].sort((a, b) => a - b);
  state.pending_s = undefined;
  say("");
  change(() => ask("POST", panel.dataset.segments, { from_s, to_s }), `Segment ${timecode(from_s)}–${timecode(to_s)} created.`);
};

const cue = () => {
  const at_s = ms(now_s());
  change(() => ask("POST", panel.dataset.cues, { from_s: at_s }), `Cue at ${timecode(at_s)} created.`);
};

const remove = () => {
  const mark = chosen();
  if (!mark) return false;
  const rows = [...panel.querySelectorAll("tr[data-mark]")];
  const next = rows[rows.findIndex((row) => row.dataset.mark === mark.id) + 1]?.dataset.mark;
  change(() => ask("DELETE", address(mark)), `${mark.name} deleted.`).then(() => { if (next) choose(next); });
  return true;
};

const leave = () => {
  if (!state.chosen && state.pending_s === undefined) return false;
  [state.chosen, state.pending_s] = [undefined, undefined];
  say("");
  tell();
  return true;
};

// --- an edge that is moved, by keys or by the pointer ---

const edge = () => {
  const mark = chosen();
  if (!mark) return;
  const which = state.edge?.id === mark.id && state.edge.which === "to" ? "from" : mark.to_s === undefined ? "from" : "to";
  if (state.edge) keep();
  state.edge = { id: mark.id, which, time_s: which === "to" ? mark.to_s : mark.from_s, isByKey: true };
  say(`${which === "to" ? "End" : "Start"} of ${mark.name}: ← → moves it a frame, Enter keeps it, Esc puts it back.`);
  seek(state.edge.time_s);
  tell();
};

const move = (seconds) => () => {
  if (!state.edge?.isByKey) return false;
  place(state.edge.time_s + seconds);
  return true;
};

const place = (wanted_s) => {
  const mark = state.marks.find((each) => each.id === state.edge.id);
  const [low, high] = state.edge.which === "to" ? [mark.from_s + frame_s, Infinity] : [0, (mark.to_s ?? Infinity) - frame_s];
  const end_s = Number(player?.querySelector("[data-seek]")?.getAttribute("max")) || Infinity;
  state.edge.time_s = ms(Math.min(Math.max(wanted_s, low, 0), high, end_s));
  seek(Math.min(state.edge.time_s, end_s - frame_s / 2));
  tell();
};

const keep = () => {
  if (!state.edge) return false;
  const { id, which, time_s: at_s } = state.edge;
  const mark = state.marks.find((each) => each.id === id);
  state.edge = undefined;
  say("");
  tell();
  if (!mark || at_s === (which === "to" ? mark.to_s : mark.from_s)) return true;
  change(() => ask("PATCH", address(mark), { [`${which}_s`]: at_s }), `${mark.name} now ${which === "to" ? "ends" : mark.to_s === undefined ? "is" : "starts"} at ${timecode(at_s)}.`);
  return true;
};

const drop = () => {
  if (!state.edge?.isByKey) return false;
  state.edge = undefined;
  say("");
  tell();
  return true;
};

// --- the dialog ---

const dialog = document.getElementById("edit-mark");
const form = dialog?.querySelector("form");

/** "1:24.6", "84.6" or "1:02:03" in seconds; NaN for what is no time. */
const secondsOf = (text) => {
  const parts = text.trim().replace(",", ".").split(":");
  if (parts.length > 3 || parts.some((part) => !/^\d+(\.\d+)?$/.test(part))) return NaN;
  return parts.reduce((sum, part) => sum * 60 + Number(part), 0);
};

const exact = (seconds) => {
  const clock = timecode(seconds);
  return Math.abs(secondsOf(clock) - seconds) < 5e-4 ? clock : `${clock.slice(0, clock.lastIndexOf("."))}.${(seconds % 1).toFixed(3).slice(2)}`;
};

const edit = () => {
  const mark = chosen();
  if (!mark || !dialog) return false;
  dialog.querySelector("[data-mark-noun]").textContent = nounOf(mark);
  dialog.querySelector("[data-mark-to]").hidden = mark.to_s === undefined;
  dialog.querySelector("[data-mark-error]").hidden = true;
  form.elements.name.value = mark.name;
  form.elements.from.value = exact(Math.round(mark.from_s * 1000) / 1000);
  form.elements.to.value = mark.to_s === undefined ? "" : exact(mark.to_s);
  dialog.showModal();
  form.elements.name.select();
  return true;
};

form?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const mark = chosen();
  const fields = { name: form.elements.name.value, from_s: secondsOf(form.elements.from.value) };
  if (mark.to_s !== undefined) fields.to_s = secondsOf(form.elements.to.value);
  const error = dialog.querySelector("[data-mark-error]");
  try {
    if ([fields.from_s, fields.to_s ?? 0].some(Number.isNaN)) throw new Error("Write times as 1:24.6 or in seconds.");
    const said = await ask("PATCH", address(mark), fields);
    dialog.close();
    await change(async () => said, `${fields.name.trim()} saved.`);
  } catch (problem) {
    error.textContent = problem.message;
    error.hidden = false;
  }
});

// --- wiring ---

if (panel) {
  document.addEventListener("faceline:mark-choose", (event) => choose(event.detail.id, { goes: event.detail.goes }));
  document.addEventListener("faceline:mark-edge", ({ detail }) => {
    state.edge ??= { id: detail.id, which: detail.which };
    place(detail.time_s);
    if (detail.isDone) keep();
  });
  const isOnControl = (event) => event.target.closest("button, a, summary, [role=tab], [role=application]");
  const acts = {
    start, end, cue, edge, leave,
    edit: (event) => (isOnControl(event) && !event.target.closest(".marks__choose") ? false : edit()),
    delete: remove,
  };
  // before the player and the lanes hear them: arrows move the edge while one is taken
  listen("edge", window, {
    frame_back: move(-frame_s), frame_on: move(frame_s), second_back: move(-1), second_on: move(1),
    keep: () => Boolean(state.edge?.isByKey) && keep(), leave: drop,
  }, { capture: true });
  listen("marks", document, acts);
  panel.addEventListener("click", (event) => {
    const { markKey } = event.target.closest("[data-mark-key]")?.dataset ?? {};
    if (markKey) acts[markKey]();
    const row = event.target.closest("tr[data-mark]");
    if (!row || event.target.closest("a")) return;
    const { markAct } = event.target.closest("[data-mark-act]")?.dataset ?? {};
    choose(row.dataset.mark, { goes: !markAct });
    if (markAct === "edit") edit();
    if (markAct === "delete") remove();
  });
  state.chosen = panel.dataset.chosen;
  read();
}
