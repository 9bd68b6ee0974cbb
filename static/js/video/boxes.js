// Where faces are in the picture, fetched a stretch at a time as the video plays; boxes as fractions of the frame.
import { lastNotAfter } from "./data.js";

const STRETCH_S = 30; // as BOXES_S in results/views.py
const AHEAD_S = 8; // the next one is asked for so long before it is needed
const KEPT = 12; // stretches
const RETRY_MS = 5000;

export class Boxes {
  /** `onArrival` is called when faces have come that were asked for, and when it is time to ask again. */
  constructor(address, rate, duration_s, onArrival) {
    Object.assign(this, { address, rate, duration_s, onArrival });
    this.stretches = new Map();
  }

  /** The face of a track at a time: [x, y, width, height], between its samples; undefined when not in view, or not known yet. */
  at(track, time_s) {
    if (time_s < track.start_s - 1e-6 || time_s >= track.end_s) return undefined;
    const seen = this.stretch(Math.floor(time_s / STRETCH_S))?.[track.track_id];
    return seen && between(seen, time_s * this.rate + 1e-6);
  }

  /** Have what is needed at a time and soon after it. */
  prepare(time_s) {
    this.stretch(Math.floor(time_s / STRETCH_S));
    this.stretch(Math.floor((time_s + AHEAD_S) / STRETCH_S));
  }

  stretch(n) {
    if (n * STRETCH_S >= this.duration_s) return undefined;
    if (!this.stretches.has(n)) this.fetch(n);
    return this.stretches.get(n);
  }

  async fetch(n) {
    this.stretches.set(n, undefined); // asked for
    for (const oldest of this.stretches.keys()) if (this.stretches.size > KEPT) this.stretches.delete(oldest);
    try {
      const answer = await fetch(`${this.address}&from=${n * STRETCH_S}`, { headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(answer.status);
      this.stretches.set(n, (await answer.json()).tracks);
      this.onArrival();
    } catch {
      setTimeout(() => {
        this.stretches.delete(n);
        this.onArrival(); // a player that stands still asks again
      }, RETRY_MS);
    }
  }
}

const between = ({ sample, box }, position) => {
  const i = lastNotAfter(sample, position);
  if (i < 0) return box.slice(0, 4);
  const since = position - sample[i];
  const isFollowed = sample[i + 1] === sample[i] + 1;
  if (!isFollowed && since > 1.5) return undefined; // lost for a while inside the track
  const here = box.slice(4 * i, 4 * i + 4);
  if (!isFollowed) return here;
  return here.map((value, k) => value + since * (box[4 * (i + 1) + k] - value));
};
