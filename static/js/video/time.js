// Times as people read them, rounded as analysis/clock.py does: 1:24.6, 4.8 s; ticks of an axis.
const STEPS_S = [0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200];

const halfUp = (value) => Math.floor(value + 0.5);

export const clock = (seconds) => {
  const whole = Math.max(0, halfUp(seconds));
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  const two = (number) => String(number).padStart(2, "0");
  return hours ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
};

export const timecode = (seconds) => {
  const tenths = Math.max(0, halfUp(seconds * 10));
  return `${clock(Math.floor(tenths / 10))}.${tenths % 10}`;
};

export const duration = (seconds) => {
  const tenths = Math.max(0, halfUp(seconds * 10));
  return tenths < 600 ? `${Math.floor(tenths / 10)}.${tenths % 10}\u202fs` : timecode(seconds);
};

/** As `faceapp/core/percent.py`: only the whole is 100 %. */
export const percent = (fraction) => {
  const rounded = halfUp(fraction * 100);
  return rounded === 100 && fraction < 1 - 1e-6 ? ">\u00a099\u202f%" : `${rounded}\u202f%`;
};

/** Times of the ticks between two times, at least `apart_px` from each other. */
export const ticks = (from_s, to_s, width_px, apart_px = 64) => {
  const perPx = (to_s - from_s) / Math.max(1, width_px);
  const step = STEPS_S.find((each) => each / perPx >= apart_px) ?? STEPS_S.at(-1);
  const found = [];
  for (let k = Math.ceil(from_s / step - 1e-9); k * step <= to_s + 1e-9; k += 1) found.push(k * step);
  return { times: found, word: step < 1 ? timecode : clock };
};
