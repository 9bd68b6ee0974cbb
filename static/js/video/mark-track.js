// The track of segments and cues over the lanes: brackets and diamonds, handles on the chosen one, its wash over all rows.
// Elements, not a drawing: they are pointed at, cut their names, and follow the theme by themselves.
import { PAD_PX } from "./lanes-paint.js";
import { timecode } from "./time.js";

const SNAP_FRAMES = 5;

export class MarkTrack {
  constructor(host, frame_s) {
    this.host = host;
    this.frame_s = frame_s;
    this.track = host.querySelector(".lanes__track");
    this.wash = host.querySelector(".lanes__window");
    this.state = { marks: [] };
    this.elements = new Map();
    this.pending = document.createElement("span");
    this.pending.className = "mark mark--pending";
    this.track.append(this.pending);
    this.track.addEventListener("pointerdown", (event) => this.press(event));
  }

  /** Whether there is anything to show, so that the lanes give it room. */
  get isShown() { return this.state.marks.length > 0 || this.state.pending_s !== undefined; }

  show(state) {
    this.state = state;
    const ids = new Set(state.marks.map((mark) => mark.id));
    for (const [id, element] of this.elements) {
      if (ids.has(id)) continue;
      element.remove();
      this.elements.delete(id);
    }
    // the longest first, so that a shorter one lies on top
    for (const mark of [...state.marks].sort((a, b) => lengthOf(b) - lengthOf(a))) this.track.append(this.elementOf(mark));
    this.host.toggleAttribute("data-marked", this.isShown);
    this.host.toggleAttribute("data-edge", Boolean(state.edge)); // the playhead is where the edge is
  }

  elementOf(mark) {
    const element = this.elements.get(mark.id) ?? document.createElement("button");
    const isCue = mark.to_s === undefined;
    element.type = "button";
    element.tabIndex = -1;
    element.className = isCue ? "mark mark--cue" : "mark";
    element.classList.toggle("is-selected", mark.id === this.state.chosen);
    element.dataset.id = mark.id;
    element.title = isCue ? `${mark.name}, ${timecode(mark.from_s)}` : `${mark.name}, ${timecode(mark.from_s)}–${timecode(mark.to_s)}`;
    element.setAttribute("aria-label", element.title);
    const name = document.createElement("span");
    name.className = "mark__name";
    name.textContent = isCue ? "" : mark.name;
    const edges = mark.id !== this.state.chosen ? [] : (isCue ? ["from"] : ["from", "to"]).map((which) => {
      const handle = document.createElement("span");
      handle.className = `mark__edge mark__edge--${which}`;
      handle.dataset.edge = which;
      return handle;
    });
    element.replaceChildren(name, ...edges);
    this.elements.set(mark.id, element);
    return element;
  }

  /** Times with the edge where it is being moved to. */
  timesOf(mark) {
    const { edge } = this.state;
    const times = { from_s: mark.from_s, to_s: mark.to_s };
    if (edge?.id === mark.id) times[`${edge.which}_s`] = edge.time_s;
    return times;
  }

  draw() {
    const { view, width } = this.host;
    const x = (time_s) => view.x(time_s, width);
    for (const mark of this.state.marks) {
      const element = this.elements.get(mark.id);
      const { from_s, to_s } = this.timesOf(mark);
      const [from, to] = [x(from_s), x(to_s ?? from_s)];
      element.hidden = to < -4 || from > width + 4;
      if (to_s === undefined) element.style.left = `${PAD_PX + from}px`;
      else {
        const [left, right] = [Math.max(from, -PAD_PX), Math.min(to, width + PAD_PX)];
        element.style.left = `${PAD_PX + left}px`;
        element.style.width = `${Math.max(3, right - left)}px`;
      }
    }
    this.drawPending(x);
    this.drawWash(x, width);
  }

  drawPending(x) {
    const { pending_s } = this.state;
    this.pending.hidden = pending_s === undefined;
    if (pending_s === undefined) return;
    const [from, to] = [pending_s, this.host.time_s].sort((a, b) => a - b);
    this.pending.style.left = `${PAD_PX + x(from)}px`;
    this.pending.style.width = `${Math.max(3, x(to) - x(from))}px`;
  }

  drawWash(x, width) {
    const mark = this.state.marks.find((each) => each.id === this.state.chosen);
    const { from_s, to_s } = mark ? this.timesOf(mark) : {};
    const [from, to] = mark ? [Math.max(0, x(from_s)), Math.min(width, x(to_s ?? from_s))] : [0, -1];
    this.wash.hidden = !mark || to < 0 || from > width;
    if (!this.wash.hidden) {
      this.wash.style.left = `${this.host.parts.field.offsetLeft + PAD_PX + from}px`;
      this.wash.style.width = `${Math.max(0, to - from)}px`;
    }
  }

  press(event) {
    const element = event.target.closest(".mark");
    if (!element?.dataset.id) return;
    event.preventDefault();
    const { id } = element.dataset;
    const which = event.target.dataset.edge;
    if (!which) {
      document.dispatchEvent(new CustomEvent("faceline:mark-choose", { detail: { id, goes: true } }));
      return;
    }
    this.drag(event, id, which);
  }

  drag(event, id, which) {
    const box = this.track.getBoundingClientRect();
    const tell = (at, isDone) => document.dispatchEvent(new CustomEvent("faceline:mark-edge", {
      detail: { id, which, time_s: this.snapped(this.host.view.time(at.clientX - box.left - PAD_PX, this.host.width), at.ctrlKey), isDone },
    }));
    this.track.setPointerCapture(event.pointerId);
    const stop = new AbortController();
    this.track.addEventListener("pointermove", (at) => tell(at, false), { signal: stop.signal });
    for (const end of ["pointerup", "pointercancel"]) {
      this.track.addEventListener(end, (at) => { stop.abort(); if (this.state.edge) tell(at, true); }, { signal: stop.signal });
    }
  }

  /** On a cut that is within a few frames, unless Ctrl is held. */
  snapped(time_s, isFree) {
    if (isFree) return time_s;
    const near = this.host.shots.find((cut_s) => Math.abs(cut_s - time_s) <= SNAP_FRAMES * this.frame_s);
    return near ?? time_s;
  }
}

const lengthOf = (mark) => (mark.to_s === undefined ? 0 : mark.to_s - mark.from_s);
