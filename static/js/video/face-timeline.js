// <face-timeline src>: one lane a person on a common time axis, around heads that the server wrote.
// It listens to `faceline:time` and `faceline:select` on the document, and asks by `faceline:seek` and `faceline:select`.
import { loadTimeline, spellAt } from "./data.js";
import { HoverCard, sayOf } from "./hover-card.js";
import { LaneKeys } from "./lane-keys.js";
import { LanePointer } from "./lane-pointer.js";
import { measures } from "./lanes-draw.js";
import { AXIS_PX, PAD_PX, paintAxis, paintRows, STREAM_PX, TRACK_PX } from "./lanes-paint.js";
import { LaneRows } from "./lane-rows.js";
import { MarkTrack } from "./mark-track.js";
import { spellTable } from "./spell-table.js";
import { streamOf } from "./stream.js";
import { timecode } from "./time.js";
import { View } from "./view.js";

const COMPACT_OVER = 40;

class FaceTimeline extends HTMLElement {
  async connectedCallback() {
    this.time_s = 0;
    this.leaving = new AbortController();
    document.addEventListener("faceline:time", (event) => this.showTime(event.detail.time_s), { signal: this.leaving.signal });
    document.addEventListener("faceline:select", (event) => this.markSelected(event.detail.person_id), { signal: this.leaving.signal });
    document.addEventListener("faceline:marks", (event) => this.showMarks(event.detail), { signal: this.leaving.signal });
    this.parts = Object.fromEntries(["scroll", "axis", "heads", "field", "rows", "playhead", "flag", "said"].map(
      (name) => [name, this.querySelector(`.lanes__${name}`)]));
    try {
      this.timeline = await loadTimeline(this.getAttribute("src"));
    } catch (problem) {
      this.parts.field.textContent = problem.message;
      this.dataset.state = "failed";
      return;
    }
    this.mode = this.timeline.hasEmotion ? "expression" : this.timeline.hasAttention ? "attention" : "presence";
    this.view = new View(this.timeline.duration_s);
    this.shots = this.timeline.shots.map(([start_s]) => start_s).filter((start_s) => start_s > 0);
    this.lanes = new LaneRows(this, this.parts.heads, this.timeline);
    this.card = new HoverCard(this, this.timeline, { portraitOf: (person) => this.portraitOf(person) });
    this.pointer = new LanePointer(this);
    this.keys = new LaneKeys(this);
    this.append(spellTable(this.timeline));
    if (this.querySelector(".lanes__track")) this.track = new MarkTrack(this, 1 / (Number(this.getAttribute("frame-rate")) || 25));
    if (this.marks) this.showMarks(this.marks);
    this.listen();
    this.dataset.state = "ready";
    if (this.selected) this.lanes.markSelected(this.selected);
    this.draw();
  }

  disconnectedCallback() {
    this.leaving?.abort();
    this.resizing?.disconnect();
  }

  listen() {
    const { signal } = this.leaving;
    this.resizing = new ResizeObserver(() => { this.stream = undefined; this.draw(); });
    this.resizing.observe(this.parts.field);
    this.parts.scroll.addEventListener("scroll", () => this.scrolled(), { passive: true, signal });
    addEventListener("faceline:theme", () => this.draw(), { signal });
    this.addEventListener("click", (event) => this.press(event.target.closest("button")), { signal });
  }

  /** A card that the pointer left behind goes; one that the keyboard asked for stays with its spell. */
  scrolled() {
    if (this.ring && this.ringIsByKey) this.card.showLater(this.ring, this.boxOf(this.ring), 0);
    else this.card.hide();
    this.draw();
  }

  press(button) {
    if (!button) return;
    const { zoom, mode, sort } = button.dataset;
    if (zoom) this.zoomBy(zoom);
    if (mode) {
      this.mode = mode;
      for (const each of this.querySelectorAll("[data-mode]")) each.setAttribute("aria-pressed", String(each.dataset.mode === mode));
      this.draw();
    }
    if (sort) {
      this.lanes.sortBy(sort);
      for (const each of this.querySelectorAll("[data-sort]")) each.setAttribute("aria-checked", String(each.dataset.sort === sort));
      button.closest("[popover]")?.hidePopover();
    }
  }

  zoomBy(zoom) {
    const about = this.time_s >= this.view.from_s && this.time_s <= this.view.to_s ? this.time_s : (this.view.from_s + this.view.to_s) / 2;
    if (zoom === "fit") this.view.fit();
    else this.view.zoom(zoom === "in" ? 0.5 : 2, about);
    this.card.hide();
    this.draw();
  }

  /** Width of the drawing between its margins, px. */
  get width() { return Math.max(40, this.parts.field.clientWidth - 2 * PAD_PX); }

  get size() { return measures(parseFloat(getComputedStyle(this).getPropertyValue("--lane-row")) || 28); }

  /** Where everyone's stream begins, under the axis and the track of segments, px. */
  get streamTop_px() { return AXIS_PX + (this.track?.isShown ? TRACK_PX : 0); }

  showMarks(marks) {
    this.marks = marks;
    this.track?.show(marks);
    this.draw();
  }

  get offset() { return Math.max(0, this.parts.scroll.scrollTop); }

  draw() {
    if (this.frame || !this.lanes) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = undefined;
      this.drawNow();
    });
  }

  drawNow() {
    this.dataset.density = this.lanes.rows.length > COMPACT_OVER ? "compact" : "";
    const { width, size } = this;
    const high = this.lanes.rows.length * size.row_px;
    this.parts.field.style.height = `${high}px`;
    const height = Math.min(high, Math.max(size.row_px, this.parts.scroll.clientHeight - this.streamTop_px - STREAM_PX - 1));
    this.stream ??= streamOf(this.timeline, width);
    paintRows(this.parts.rows, {
      view: this.view, rows: this.lanes.rows, shots: this.shots, size, mode: this.mode, width, height, offset: this.offset,
      selected: this.selected, hovered: this.hovered, ring: this.ring,
    });
    this.drawPlayhead();
    for (const button of this.querySelectorAll("[data-zoom]")) {
      button.disabled = button.dataset.zoom === "in" ? this.view.isClosest : !this.view.isZoomed;
    }
  }

  drawPlayhead() {
    const { width, view, time_s } = this;
    const isShown = time_s >= view.from_s - 1e-6 && time_s <= view.to_s + 1e-6;
    paintAxis(this.parts.axis, { view, stream: this.stream, shots: this.shots, time_s, width, flagIsShown: isShown, streamTop_px: this.streamTop_px });
    this.track?.draw();
    this.parts.playhead.hidden = !isShown;
    const x = this.parts.field.offsetLeft + PAD_PX + view.x(time_s, width);
    this.parts.playhead.style.transform = `translateX(${x.toFixed(2)}px)`;
    this.parts.flag.textContent = timecode(time_s);
    // the flag stays over the lanes, also at both ends
    const half = this.parts.flag.offsetWidth / 2;
    const [left, right] = [this.parts.field.offsetLeft + 2, this.parts.field.offsetLeft + width + 2 * PAD_PX];
    this.parts.flag.style.transform = `translateX(${Math.min(Math.max(x - half, left), right - 2 * half) - x}px)`;
  }

  showTime(time_s) {
    this.time_s = time_s;
    if (!this.lanes) return;
    if (this.view.follow(time_s)) this.draw();
    else if (!this.frame) this.drawPlayhead();
  }

  seek(time_s, person) {
    const bounded = Math.min(Math.max(0, time_s), Math.max(0, this.timeline.duration_s - 0.001));
    this.showTime(bounded);
    document.dispatchEvent(new CustomEvent("faceline:seek", { detail: { time_s: bounded, person_id: person?.person_id } }));
  }

  select(person) {
    document.dispatchEvent(new CustomEvent("faceline:select", { detail: { person_id: person?.person_id } }));
  }

  markSelected(person_id) {
    this.selected = person_id;
    this.lanes?.markSelected(person_id);
    this.draw();
  }

  /** Puts ring and card on a spell (or takes them away); `isByKey` also says it to screen readers. */
  point(spell, { isByKey = false } = {}) {
    if (this.ring === spell) return;
    this.ring = spell;
    this.ringIsByKey = isByKey;
    this.hovered = spell?.person.person_id ?? this.hovered;
    if (spell) this.card.showLater(spell, this.boxOf(spell), isByKey ? 0 : undefined);
    else this.card.hideLater();
    if (isByKey && spell) this.parts.said.textContent = sayOf(spell, this.timeline.hasAttention);
    this.draw();
  }

  boxOf(spell) {
    const field = this.parts.field.getBoundingClientRect();
    const { size, width } = this;
    const left = field.left + PAD_PX + Math.max(0, this.view.x(spell.from_s, width));
    const right = field.left + PAD_PX + Math.min(width, this.view.x(spell.to_s, width));
    const top = field.top + this.lanes.rows.indexOf(spell.person) * size.row_px;
    return { left, width: right - left, top, bottom: top + size.row_px };
  }

  spellAt(person, time_s) {
    return person && spellAt(person.stops, time_s);
  }

  portraitOf(person) {
    return this.parts.heads.querySelector(`[data-person="${person.person_id}"] img`)?.src;
  }
}

customElements.define("face-timeline", FaceTimeline);
