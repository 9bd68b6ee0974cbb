// One row of the lanes on a canvas: plates where in view, beads and threads, the line of attention (look.md, Lanes).
import { UNKNOWN } from "./data.js";
import { colors } from "./palette.js";

const RADIUS = 5.5;
const GAP = 1.5;
const LEAST_PX = 2.5;
const BIN_PX = 3;
const WORD_FROM_PX = 46;

/** Sizes inside a row of a given height: 28 usual, 30 touch, 20 compact. */
export const measures = (row_px) => {
  const bead = row_px >= 26 ? 16 : 11;
  return { row_px, bead, thread: row_px >= 26 ? 6 : 4, top: (row_px - bead) / 2 - 2.5, attention: row_px - 5.5 };
};

const pill = (context, x, y, width, height, radius) => {
  context.beginPath();
  context.roundRect(x, y, width, height, Math.max(0, Math.min(radius, width / 2, height / 2)));
};

/**
 * The spells of a track as pieces to draw, [{label, from_px, to_px, spells}]: those under 2.5 px take the label that fills
 * most of their 3 px, and pieces of one label that touch are one.
 */
export const piecesOf = (spells, toX) => {
  const pieces = [];
  spells.forEach((spell, i) => {
    const from_px = toX(spell.from_s);
    const to_px = toX(spell.to_s);
    const label = to_px - from_px >= LEAST_PX ? spell.label : majorityAround(spells, i, toX);
    const last = pieces.at(-1);
    if (last && last.label === label && from_px - last.to_px < 0.5) {
      last.to_px = to_px;
      last.spells.push(spell);
    } else {
      pieces.push({ label, from_px, to_px, spells: [spell] });
    }
  });
  return pieces;
};

const majorityAround = (spells, i, toX) => {
  const middle = (toX(spells[i].from_s) + toX(spells[i].to_s)) / 2;
  const [low, high] = [middle - BIN_PX / 2, middle + BIN_PX / 2];
  const filled = new Map();
  const add = (spell) => {
    const part = Math.min(high, toX(spell.to_s)) - Math.max(low, toX(spell.from_s));
    if (part > 0) filled.set(spell.label, (filled.get(spell.label) ?? 0) + part);
    return part > 0;
  };
  for (let k = i; k >= 0 && add(spells[k]); k -= 1);
  for (let k = i + 1; k < spells.length && add(spells[k]); k += 1);
  return [...filled].reduce((most, each) => (each[1] > most[1] ? each : most), [spells[i].label, 0])[0];
};

const drawPiece = (context, piece, y, size, hatched) => {
  const tone = colors();
  const width = Math.max(1, piece.to_px - piece.from_px - (piece.to_px - piece.from_px > LEAST_PX + GAP ? GAP : 0));
  const isThread = piece.label === "Neutral" || piece.label === UNKNOWN;
  const high = isThread ? size.thread : size.bead;
  const top = y + size.top + (size.bead - high) / 2;
  pill(context, piece.from_px, top, width, high, RADIUS);
  context.fillStyle = piece.label === UNKNOWN ? hatched : tone[piece.label.toLowerCase()];
  context.fill();
  const edge = tone[`${piece.label.toLowerCase()}-edge`];
  if (edge && width > 3) {
    pill(context, piece.from_px + 0.5, top + 0.5, width - 1, high - 1, RADIUS - 0.5);
    context.strokeStyle = edge;
    context.lineWidth = 1;
    context.stroke();
  }
  if (!isThread && width >= WORD_FROM_PX && size.bead >= 16) drawWord(context, piece, width, top + high / 2, tone);
};

const drawWord = (context, piece, width, middle, tone) => {
  context.font = `560 10.5px ${getComputedStyle(document.body).fontFamily}`;
  if (context.measureText(piece.label).width > width - 14) return;
  context.fillStyle = tone[`on-${piece.label.toLowerCase()}`];
  context.textBaseline = "middle";
  context.fillText(piece.label, piece.from_px + 8, middle + 0.5);
};

/** Draws one person's lane with its top at `y`; `mode` is "expression", "attention" or, where both are off, "presence". */
export const drawLane = (context, person, { y, width, view, size, mode, hatched }) => {
  const toX = (time_s) => view.x(time_s, width);
  const tone = colors();
  for (const track of person.tracks) {
    if (track.end_s < view.from_s || track.start_s > view.to_s) continue;
    const [from, to] = [toX(track.start_s), toX(track.end_s)];
    pill(context, from, y + size.top, Math.max(1, to - from - (to - from > 6 ? 2 : 0)), size.bead, RADIUS);
    context.fillStyle = mode === "presence" ? tone["line-strong"] : tone["in-view"];
    context.fill();
    if (mode === "attention") drawLooking(context, track, toX, y + size.top, size.bead, size.bead);
    else {
      const seen = track.spells.filter((spell) => spell.to_s >= view.from_s && spell.from_s <= view.to_s);
      for (const piece of piecesOf(seen, toX)) drawPiece(context, piece, y, size, hatched);
      drawLooking(context, track, toX, y + size.attention - 0.875, 1.75, 1);
    }
  }
};

const drawLooking = (context, track, toX, top, high, radius) => {
  context.fillStyle = colors()["ink-3"];
  for (const [start, end] of track.looking ?? []) {
    const from = toX(start);
    pill(context, from, top, Math.max(1, toX(end) - from - GAP), high, Math.min(radius, RADIUS));
    context.fill();
  }
};

/** The ring around the spell under the pointer or under the keyboard's focus. */
export const drawRing = (context, spell, y, size, view, width) => {
  const isThread = spell.label === "Neutral" || spell.label === UNKNOWN;
  const high = (isThread ? size.thread : size.bead) + 5;
  const from = view.x(spell.from_s, width);
  const long = Math.max(2.5, view.x(spell.to_s, width) - from - GAP);
  const top = y + size.top + (size.bead - high) / 2;
  pill(context, from - 2.5, top, long + 5, high, RADIUS + 2.5);
  context.strokeStyle = colors().surface;
  context.lineWidth = 4;
  context.stroke();
  context.strokeStyle = colors().ink;
  context.lineWidth = 1.5;
  context.stroke();
};
