// Everyone at once: how many people are in view, colored by the shares of what they show, smoothed (σ 1.3 s).
import { colors, hatch } from "./palette.js";

const SIGMA_S = 1.3; // less on short videos: a fortieth of them
const STEP_PX = 2;
const PALE = 0.28; // Neutral is most of most videos: the others stand out of it

/** Stacked curves over the whole video: {step_s, layers: Map(label → values), highest}. */
export const streamOf = (timeline, width_px) => {
  const n = Math.max(2, Math.ceil(width_px / STEP_PX));
  const step_s = timeline.duration_s / (n - 1);
  const layers = new Map((timeline.hasEmotion ? timeline.expressions.shown : ["in view"]).map((label) => [label, new Float64Array(n)]));
  for (const track of timeline.tracks) {
    const spells = timeline.hasEmotion ? track.spells : [{ label: "in view", from_s: track.start_s, to_s: track.end_s }];
    for (const spell of spells) cover(layers.get(spell.label), spell, step_s);
  }
  for (const [label, values] of layers) layers.set(label, smooth(values, Math.min(SIGMA_S, timeline.duration_s / 40) / step_s));
  let highest = 1e-9;
  for (let i = 0; i < n; i += 1) highest = Math.max(highest, [...layers.values()].reduce((sum, each) => sum + each[i], 0));
  return { step_s, layers, highest, n };
};

const cover = (values, spell, step_s) => {
  const first = Math.max(0, Math.floor(spell.from_s / step_s));
  const last = Math.min(values.length - 1, Math.floor(spell.to_s / step_s));
  for (let i = first; i <= last; i += 1) {
    values[i] += Math.max(0, Math.min(spell.to_s, (i + 1) * step_s) - Math.max(spell.from_s, i * step_s)) / step_s;
  }
};

const smooth = (values, sigma) => {
  const reach = Math.ceil(3 * sigma);
  if (reach < 1) return values;
  const kernel = Array.from({ length: 2 * reach + 1 }, (_, k) => Math.exp(-0.5 * ((k - reach) / sigma) ** 2));
  const out = new Float64Array(values.length);
  for (let i = 0; i < values.length; i += 1) {
    let [sum, weight] = [0, 0];
    for (let k = -reach; k <= reach; k += 1) {
      const value = values[i + k];
      if (value === undefined) continue;
      sum += value * kernel[k + reach];
      weight += kernel[k + reach];
    }
    out[i] = sum / weight;
  }
  return out;
};

/** Draws the stream over the full width; Happy on top, unknown at the bottom. */
export const drawStream = (context, stream, width_px, top, height_px) => {
  const tone = colors();
  const scale = (height_px - 1) / stream.highest;
  const base = new Float64Array(stream.n);
  for (const label of [...stream.layers.keys()].reverse()) {
    const values = stream.layers.get(label);
    context.beginPath();
    for (let i = 0; i < stream.n; i += 1) {
      const x = (i / (stream.n - 1)) * width_px;
      context.lineTo(x, top + height_px - (base[i] + values[i]) * scale);
    }
    for (let i = stream.n - 1; i >= 0; i -= 1) {
      context.lineTo((i / (stream.n - 1)) * width_px, top + height_px - base[i] * scale);
      base[i] += values[i];
    }
    context.fillStyle = label === "unknown" ? hatch(context) : tone[label.toLowerCase()] ?? tone["line-strong"];
    context.globalAlpha = label === "Neutral" ? PALE : 1;
    context.fill();
    context.globalAlpha = 1;
  }
};
