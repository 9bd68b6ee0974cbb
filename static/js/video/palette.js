// The tokens as a canvas needs them, read again when the theme changes.
const NAMES = [
  "angry", "happy", "neutral", "sad", "surprised", "other", "unknown", "happy-edge", "unknown-wash", "in-view", "shot",
  "line", "line-strong", "ink", "ink-2", "ink-3", "surface", "sunken", "accent", "accent-wash", "canvas",
  "on-angry", "on-happy", "on-neutral", "on-sad", "on-surprised", "on-other",
];

let palette;

const read = () => {
  const style = getComputedStyle(document.documentElement);
  return Object.fromEntries(NAMES.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]));
};

export const colors = () => (palette ??= read());

addEventListener("faceline:theme", () => { palette = undefined; });

/** Hatched paint for what is unknown: 45°, in the context's own pixels. */
export const hatch = (context) => {
  const tile = document.createElement("canvas");
  const scale = devicePixelRatio || 1;
  const side = Math.max(4, Math.round(5 * scale));
  tile.width = side;
  tile.height = side;
  const paint = tile.getContext("2d");
  paint.fillStyle = colors()["unknown-wash"];
  paint.fillRect(0, 0, side, side);
  paint.strokeStyle = colors().unknown;
  paint.lineWidth = side * 0.34;
  paint.beginPath();
  for (const shift of [-side, 0, side]) {
    paint.moveTo(shift - 1, side + 1);
    paint.lineTo(shift + side + 1, -1);
  }
  paint.stroke();
  const pattern = context.createPattern(tile, "repeat");
  pattern.setTransform(new DOMMatrix().scale(1 / scale));
  return pattern;
};
