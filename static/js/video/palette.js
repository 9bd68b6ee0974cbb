// The tokens as a canvas needs them, read again when the theme changes.
let kept = {};

const palette = new Proxy({}, {
  get: (_, name) => (kept[name] ??= getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim()),
});

/** Colors by the names of their tokens; empty for a name that there is not. */
export const colors = () => palette;

addEventListener("faceline:theme", () => { kept = {}; });

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
