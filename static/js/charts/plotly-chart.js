// <plotly-chart> draws the spec that lies in it as JSON. Its figure's buttons switch the table, hide series and save pictures.
import { save as savePicture } from "./picture.js";
import { resolve } from "./template.js";
import { toast } from "../parts/toast.js";

const CONFIG = { displayModeBar: false, responsive: true, doubleClick: false };

// A line that was hidden at first may rise over the axis that was chosen without it.
const makeRoom = ({ data, layout }) => {
  const lines = data.filter((trace) => trace.mode === "lines" && !trace.stackgroup && trace.visible !== false);
  const top = Math.max(...lines.flatMap((trace) => trace.y.filter(Number.isFinite)));
  if (top > layout.yaxis.range[1]) layout.yaxis.range = [0, top * 1.02];
};

// "not in view" stands only where the gap is wide enough for the words.
const WORDS_PX = 76;
const labelGaps = ({ layout }, width) => {
  if (!layout.annotations?.some((note) => note.name)) return;
  const [from, to] = layout.xaxis.range;
  const pxEach = (width - layout.margin.l - layout.margin.r) / (to - from);
  layout.annotations = layout.annotations.filter((note) => !note.name?.startsWith("gap ") || Number(note.name.slice(4)) * pxEach >= WORDS_PX);
};

class PlotlyChart extends HTMLElement {
  connectedCallback() {
    this.spec = JSON.parse(this.querySelector("script[type='application/json']").textContent);
    this.plot = this.querySelector(".chart__plot");
    this.redraw = () => this.draw();
    addEventListener("faceline:theme", this.redraw);
    addEventListener("resize", this.redraw);
    // fonts change the size of labels: draw when the real one is there
    document.fonts.ready.then(this.redraw);
  }

  disconnectedCallback() {
    removeEventListener("faceline:theme", this.redraw);
    removeEventListener("resize", this.redraw);
    if (this.plot.data) Plotly.purge(this.plot);
  }

  specOfNow() {
    const spec = resolve(this.spec);
    for (const trace of spec.data) {
      if (this.groups?.has(trace.legendgroup)) trace.visible = this.groups.get(trace.legendgroup);
    }
    if (this.groups) makeRoom(spec);
    labelGaps(spec, this.plot.clientWidth);
    spec.layout.height = this.fill(spec.layout.height);
    return spec;
  }

  /** Gives the drawing its own height, or what a taller neighbor in the row leaves for it, px. */
  fill(own_px) {
    const { plot, parentElement: body } = this;
    plot.style.height = `${own_px}px`;
    if (!this.closest(".columns")) return own_px;
    const { paddingTop, paddingBottom } = getComputedStyle(body);
    const high = Math.max(own_px, Math.floor(body.clientHeight - parseFloat(paddingTop) - parseFloat(paddingBottom)));
    plot.style.height = `${high}px`;
    return high;
  }

  async draw() {
    if (!this.isConnected) return;
    const { data, layout } = this.specOfNow();
    if (!this.plot.data) this.plot.replaceChildren(); // what kept the room
    await Plotly.react(this.plot, data, layout, CONFIG);
    this.classList.add("is-drawn");
    if (this.listens) return;
    this.listens = true;
    this.plot.on("plotly_click", ({ points }) => {
      const href = points.map((point) => point.customdata).find((value) => typeof value === "string" && value);
      if (href) location.assign(href);
    });
    this.plot.on("plotly_hover", ({ points }) => {
      this.classList.toggle("leads", points.some((point) => typeof point.customdata === "string" && point.customdata));
    });
    this.plot.on("plotly_unhover", () => this.classList.remove("leads"));
  }

  show(group, isShown) {
    this.groups ??= new Map();
    this.groups.set(group, isShown);
    this.draw();
  }

  save(format) {
    const { clientWidth: width, clientHeight: height } = this.plot;
    return savePicture(this.specOfNow(), this.closest("figure"), { format, name: this.dataset.name, width, height });
  }
}

customElements.define("plotly-chart", PlotlyChart);

const chartOf = (element) => element.closest("figure")?.querySelector("plotly-chart");

document.addEventListener("click", (event) => {
  const table = event.target.closest("[data-chart-table]");
  if (table) {
    const isOpen = table.getAttribute("aria-expanded") === "true";
    table.setAttribute("aria-expanded", String(!isOpen));
    document.getElementById(table.getAttribute("aria-controls")).hidden = isOpen;
  }
  const series = event.target.closest("[data-chart-series]");
  if (series) {
    const isShown = series.getAttribute("aria-pressed") !== "true";
    series.setAttribute("aria-pressed", String(isShown));
    chartOf(series)?.show(series.dataset.chartSeries, isShown);
  }
  const save = event.target.closest("[data-chart-save]");
  if (save) {
    chartOf(save)?.save(save.dataset.chartSave).catch(() => {
      toast("The picture could not be created. Reload the page and try again.", { isBad: true });
    });
    save.closest("[popover]")?.hidePopover();
  }
});
