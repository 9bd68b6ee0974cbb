// Pointer on the lanes: hover a spell, click to seek and select, drag the axis to scrub, drag or wheel to move and zoom.
import { PAD_PX } from "./lanes-paint.js";

export class LanePointer {
  constructor(host) {
    this.host = host;
    const { field, axis } = host.parts;
    field.addEventListener("pointermove", (event) => this.hover(event));
    field.addEventListener("pointerleave", () => this.leave());
    field.addEventListener("click", (event) => this.click(event));
    field.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
    axis.addEventListener("pointerdown", (event) => this.startDrag(event));
    axis.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
  }

  place(event) {
    const { host } = this;
    const box = host.parts.field.getBoundingClientRect();
    const row = Math.floor((event.clientY - box.top) / host.size.row_px);
    return { x: event.clientX - box.left - PAD_PX, person: host.lanes.rows[row] ?? undefined };
  }

  hover(event) {
    if (event.pointerType === "touch") return;
    const { host } = this;
    const { x, person } = this.place(event);
    if (host.hovered !== person?.person_id) {
      host.hovered = person?.person_id;
      host.draw();
    }
    const spell = host.spellAt(person, host.view.time(x, host.width));
    host.parts.field.classList.toggle("is-over-spell", Boolean(spell));
    host.point(spell);
  }

  leave() {
    this.host.hovered = undefined;
    this.host.point(undefined);
    this.host.draw();
  }

  click(event) {
    const { host } = this;
    const { x, person } = this.place(event);
    if (person) host.select(person);
    host.seek(host.view.time(x, host.width), person);
  }

  /** On the axis a drag scrubs; on the stream, when zoomed, it moves the window. */
  startDrag(event) {
    const { host } = this;
    const box = host.parts.axis.getBoundingClientRect();
    const isOverview = host.view.isZoomed && event.clientY - box.top > host.streamTop_px;
    const go = (at) => {
      const x = at.clientX - box.left - PAD_PX;
      if (isOverview) {
        host.view.show((x / host.width) * host.timeline.duration_s - host.view.span_s / 2);
        host.draw();
      } else host.seek(host.view.time(x, host.width));
    };
    host.parts.axis.setPointerCapture(event.pointerId);
    go(event);
    const stop = new AbortController();
    host.parts.axis.addEventListener("pointermove", go, { signal: stop.signal });
    for (const end of ["pointerup", "pointercancel"]) host.parts.axis.addEventListener(end, () => stop.abort(), { signal: stop.signal });
  }

  wheel(event) {
    const { host } = this;
    const isZoom = event.ctrlKey || event.metaKey;
    const sideways = event.shiftKey ? event.deltaY : event.deltaX;
    if (!isZoom && (!host.view.isZoomed || Math.abs(sideways) < 1)) return;
    event.preventDefault();
    const { x } = this.place(event);
    if (isZoom) host.view.zoom(Math.exp(event.deltaY * 0.004), host.view.time(x, host.width));
    else host.view.show(host.view.from_s + (sideways / host.width) * host.view.span_s);
    host.card.hide();
    host.draw();
  }
}
