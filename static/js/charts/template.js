// Colors in a chart's spec are names of tokens, "var(--happy)" or "var(--happy / 20%)". They are read from tokens.css
// when the chart is drawn and again when the theme changes.
const NAMED = /^var\((--[\w-]+)(?:\s*\/\s*(\d+)%)?\)$/;

const withAlpha = (color, percent) => {
  const hex = color.length === 4 ? color.replace(/[0-9a-f]/gi, "$&$&") : color;
  const [red, green, blue] = [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
  return `rgba(${red},${green},${blue},${percent / 100})`;
};

const colorOf = (name, percent, styles) => {
  const color = styles.getPropertyValue(name).trim();
  return percent ? withAlpha(color, Number(percent)) : color;
};

// A copy of a spec with every token replaced by its color of now.
export const resolve = (spec, styles = getComputedStyle(document.documentElement)) => {
  if (typeof spec === "string") {
    const named = NAMED.exec(spec);
    return named ? colorOf(named[1], named[2], styles) : spec;
  }
  if (Array.isArray(spec)) return spec.map((part) => resolve(part, styles));
  if (spec && typeof spec === "object") {
    return Object.fromEntries(Object.entries(spec).map(([key, part]) => [key, resolve(part, styles)]));
  }
  return spec;
};

export const paper = () => getComputedStyle(document.documentElement).getPropertyValue("--surface").trim();
