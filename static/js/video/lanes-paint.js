// The two drawings of the lanes: axis with everyone's stream above, the visible rows below.
import { drawLane, drawRing } from "./lanes-draw.js";
import { colors, hatch } from "./palette.js";
import { drawStream } from "./stream.js";
import { ticks } from "./time.js";

export const PAD_PX = 8;
export const AXIS_PX = 26;
export const STREAM_PX = 24;
export const TRACK_PX = 24; // of segments and cues, between axis and stream, where there are any
const FLAG_CLEARANCE_PX = 44;

/** Fits a canvas to its box at the screen's own resolution; returns a context in CSS pixels. */
export const fitted = (canvas, width_px, height_px) => {
  const scale = devicePixelRatio || 1;
  const [wide, high] = [Math.max(1, Math.round(width_px * scale)), Math.max(1, Math.round(height_px * scale))];
  if (canvas.width !== wide || canvas.height !== high) {
    canvas.width = wide;
    canvas.height = high;
    canvas.style.width = `${width_px}px`;
    canvas.style.height = `${height_px}px`;
  }
  const context = canvas.getContext("2d");
  context.setTransform(scale, 0, 0, scale, 0, 0);
  context.clearRect(0, 0, width_px, height_px);
  context.translate(PAD_PX, 0);
  return context;
};

export const paintAxis = (canvas, { view, stream, shots, time_s, width, flagIsShown, streamTop_px }) => {
  const tone = colors();
  const context = fitted(canvas, width + 2 * PAD_PX, streamTop_px + STREAM_PX);
  const flag = flagIsShown ? view.x(time_s, width) : -1e6;
  paintTicks(context, view, width, flag, tone);
  if (stream) drawStream(context, stream, width, streamTop_px, STREAM_PX);
  paintMarks(context, view, shots, width, tone);
  if (view.isZoomed) paintBrush(context, view, time_s, width, tone, streamTop_px);
};

const paintTicks = (context, view, width, flag, tone) => {
  context.font = `500 11px ${getComputedStyle(document.body).fontFamily}`;
  context.fillStyle = tone["ink-3"];
  context.textBaseline = "middle";
  const { times, word } = ticks(view.from_s, view.to_s, width);
  for (const time_s of times) {
    const x = view.x(time_s, width);
    const text = word(time_s);
    const long = context.measureText(text).width;
    const left = Math.min(Math.max(x - long / 2, 0), width - long);
    if (Math.abs(left + long / 2 - flag) >= FLAG_CLEARANCE_PX) context.fillText(text, left, 10);
  }
};

const paintMarks = (context, view, shots, width, tone) => {
  context.fillStyle = tone["line-strong"];
  for (const start_s of shots) {
    const x = view.x(start_s, width);
    if (x < 0 || x > width) continue;
    context.beginPath();
    context.moveTo(x - 3, AXIS_PX - 5);
    context.lineTo(x + 3, AXIS_PX - 5);
    context.lineTo(x, AXIS_PX - 1.5);
    context.fill();
  }
};

const paintBrush = (context, view, time_s, width, tone, top) => {
  const whole = (each) => (each / view.duration_s) * width;
  const [from, to] = [whole(view.from_s), whole(view.to_s)];
  context.globalAlpha = 0.72;
  context.fillStyle = tone.surface;
  context.fillRect(-PAD_PX, top, from + PAD_PX, STREAM_PX);
  context.fillRect(to, top, width - to + PAD_PX, STREAM_PX);
  context.globalAlpha = 1;
  context.strokeStyle = tone.accent;
  context.lineWidth = 1.5;
  context.beginPath();
  context.roundRect(from, top + 0.75, Math.max(4, to - from), STREAM_PX - 1.5, 4);
  context.stroke();
  context.fillStyle = tone.ink;
  context.fillRect(whole(time_s) - 0.75, top, 1.5, STREAM_PX);
};

/** Draws the rows that are visible; `offset` is how far the rows are scrolled. */
export const paintRows = (canvas, { view, rows, shots, size, mode, width, height, offset, selected, hovered, ring }) => {
  const tone = colors();
  const context = fitted(canvas, width + 2 * PAD_PX, height);
  const hatched = hatch(context);
  const first = Math.max(0, Math.floor(offset / size.row_px));
  const last = Math.min(rows.length, Math.ceil((offset + height) / size.row_px));
  for (let i = first; i < last; i += 1) {
    const y = i * size.row_px - offset;
    paintGround(context, { y, size, width, tone, person: rows[i], selected, hovered, isLast: i === rows.length - 1 });
  }
  paintShots(context, view, shots, width, height, tone);
  for (let i = first; i < last; i += 1) {
    if (rows[i]) drawLane(context, rows[i], { y: i * size.row_px - offset, width, view, size, mode, hatched });
  }
  if (ring && mode === "expression") {
    const at = rows.indexOf(ring.person);
    if (at >= first && at < last) drawRing(context, ring, at * size.row_px - offset, size, view, width);
  }
};

const paintGround = (context, { y, size, width, tone, person, selected, hovered, isLast }) => {
  const isSelected = person && person.person_id === selected;
  const isHovered = person && person.person_id === hovered;
  if (isSelected || isHovered) {
    context.fillStyle = isSelected ? tone["accent-wash"] : tone.sunken;
    context.fillRect(-PAD_PX, y, width + 2 * PAD_PX, size.row_px);
  }
  if (isLast) return;
  context.globalAlpha = 0.55;
  context.fillStyle = tone.line;
  context.fillRect(-PAD_PX, y + size.row_px - 1, width + 2 * PAD_PX, 1);
  context.globalAlpha = 1;
};

const paintShots = (context, view, shots, width, height, tone) => {
  context.strokeStyle = tone.shot;
  context.lineWidth = 1;
  context.setLineDash([1, 3]);
  for (const start_s of shots) {
    const x = Math.round(view.x(start_s, width)) + 0.5;
    if (x < 0 || x > width) continue;
    context.beginPath();
    context.moveTo(x, 0);
    context.lineTo(x, height);
    context.stroke();
  }
  context.setLineDash([]);
};
