// A chart as a picture that stands alone: title, sentence, legend, n, in our typeface, on paper of the theme of now.
import { paper } from "./template.js";

const EDGE_PX = 20;

const textOf = (figure, part) => figure.querySelector(part)?.firstChild?.textContent.trim() ?? "";

// Markup of plotly in a user's name stays text.
const escape = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

const standalone = ({ data, layout }, figure, width, height) => {
  const named = data.map((trace) => ({ ...trace, showlegend: Boolean(trace.name) && trace.visible !== false }));
  const hasLegend = named.some((trace) => trace.showlegend);
  const margin = { ...layout.margin, t: layout.margin.t + (hasLegend ? 94 : 68), b: layout.margin.b + 30 };
  margin.l += EDGE_PX;
  margin.r += EDGE_PX;
  const foot = {
    text: escape(textOf(figure, ".chart__foot span")), showarrow: false, xref: "paper", yref: "paper", x: 0, y: 0,
    xanchor: "left", yanchor: "top", yshift: -margin.b + 26, xshift: EDGE_PX - margin.l, font: { size: 11, color: layout.font.color },
  };
  return {
    data: named,
    layout: {
      ...layout,
      width: width + 2 * EDGE_PX,
      height: height + margin.t + margin.b - layout.margin.t - layout.margin.b,
      margin,
      paper_bgcolor: paper(),
      showlegend: hasLegend,
      legend: { orientation: "h", x: 0, y: 1, xanchor: "left", yanchor: "bottom", traceorder: data.some((trace) => trace.stackgroup) ? "reversed" : "normal", font: { size: 12 } },
      title: {
        text: `<b>${escape(textOf(figure, ".chart__title"))}</b>`, x: 0, xref: "container", pad: { l: EDGE_PX, t: 16 }, y: 1, yref: "container",
        yanchor: "top", font: { ...layout.font, size: 15, color: layout.hoverlabel.font.color }, automargin: false,
        subtitle: { text: escape(textOf(figure, ".chart__sentence")), font: layout.font },
      },
      annotations: [...(layout.annotations ?? []), foot],
    },
  };
};

let face; // the typeface as a data address, read once
const typeface = async () => {
  if (face) return face;
  const answer = await fetch(document.querySelector("link[rel=preload][as=font]").href);
  const bytes = new Uint8Array(await answer.arrayBuffer());
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  face = `@font-face{font-family:"Inter Variable";font-weight:100 900;src:url(data:font/woff2;base64,${btoa(text)})}`;
  return face;
};

const svgOf = async (picture) => {
  const address = await Plotly.toImage(picture, { format: "svg", width: picture.layout.width, height: picture.layout.height });
  const svg = decodeURIComponent(address.slice(address.indexOf(",") + 1));
  return svg.replace(/(<svg[^>]*>)/, `$1<style>${await typeface()}</style>`);
};

const png = async (svg, { width, height }, scale = 2) => {
  const image = new Image();
  image.src = `data:image/svg+xml,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = Object.assign(document.createElement("canvas"), { width: width * scale, height: height * scale });
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((done) => { canvas.toBlob(done, "image/png"); });
};

export const save = async (spec, figure, { format, name, width, height }) => {
  const picture = standalone(spec, figure, width, height);
  const svg = await svgOf(picture);
  const file = format === "png" ? await png(svg, picture.layout) : new Blob([svg], { type: "image/svg+xml" });
  const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(file), download: `${name}.${format}` });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
};
