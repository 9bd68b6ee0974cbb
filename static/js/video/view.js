// Which part of the video the lanes show, and where a time lies in it.
const LEAST_S = 2;

export class View {
  constructor(duration_s) {
    this.duration_s = Math.max(duration_s, 0.1);
    this.fit();
  }

  fit() {
    this.from_s = 0;
    this.to_s = this.duration_s;
  }

  get span_s() { return this.to_s - this.from_s; }
  get isZoomed() { return this.span_s < this.duration_s - 1e-6; }
  get isClosest() { return this.span_s <= Math.min(LEAST_S, this.duration_s) + 1e-6; }

  x(time_s, width_px) { return ((time_s - this.from_s) / this.span_s) * width_px; }
  time(x_px, width_px) { return this.from_s + (x_px / width_px) * this.span_s; }

  show(from_s, span_s = this.span_s) {
    const span = Math.min(this.duration_s, Math.max(Math.min(LEAST_S, this.duration_s), span_s));
    this.from_s = Math.min(Math.max(0, from_s), this.duration_s - span);
    this.to_s = this.from_s + span;
  }

  /** Zooms by a factor (under 1: closer) so that `about_s` stays where it is. */
  zoom(factor, about_s) {
    const at = (about_s - this.from_s) / this.span_s;
    const span = Math.min(this.duration_s, Math.max(LEAST_S, this.span_s * factor));
    this.show(about_s - at * span, span);
  }

  /** Moves the view on when a time has left it; true when it moved. */
  follow(time_s) {
    if (!this.isZoomed || (time_s >= this.from_s && time_s <= this.to_s)) return false;
    this.show(time_s - this.span_s * 0.1);
    return true;
  }
}
