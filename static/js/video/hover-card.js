// What one spell says: face, name and expression, times, the four largest shares, looking, samples.
import { LOOKING_AT_CAMERA, lookingWithin } from "./data.js";
import { duration, percent, timecode } from "./time.js";

const SVG = "http://www.w3.org/2000/svg";
const DELAY_MS = 80;
const LEAVE_MS = 160;

const element = (name, className, text) => {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
};

const shareRow = (label, share) => {
  const row = element("div", `lane-card__share ${label.toLowerCase()}`);
  const bar = document.createElementNS(SVG, "svg");
  bar.setAttribute("class", "lane-card__bar");
  const rect = document.createElementNS(SVG, "rect");
  for (const [name, value] of Object.entries({ width: `${Math.max(2, share * 100)}%`, height: 6, rx: 3 })) rect.setAttribute(name, value);
  bar.append(rect);
  row.append(element("span", "", label === "unknown" ? "Unknown" : label), bar, element("span", "tabular", percent(share)));
  return row;
};

export const wordOf = (label) => (label === "unknown" ? "expression unknown" : label.toLowerCase());

/** The sentence of a spell, for the card's head and for screen readers. */
export const sayOf = (spell, hasAttention) => {
  const attention = hasAttention ? `, ${LOOKING_AT_CAMERA.toLowerCase()} ${duration(lookingWithin(spell.person.lookingSpells, spell.from_s, spell.to_s))}` : "";
  return `${spell.person.name}, ${wordOf(spell.label)}, ${timecode(spell.from_s)} to ${timecode(spell.to_s)}${attention}`;
};

export class HoverCard {
  constructor(host, timeline, { portraitOf }) {
    this.host = host;
    this.timeline = timeline;
    this.portraitOf = portraitOf;
    this.card = element("div", "lane-card");
    this.card.hidden = true;
    this.card.addEventListener("pointerenter", () => clearTimeout(this.timer));
    this.card.addEventListener("pointerleave", () => this.hideLater());
    host.append(this.card);
  }

  /** Shows the card beside a spell drawn at `box` (of the window), after a moment. */
  showLater(spell, box, delay_ms = DELAY_MS) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.show(spell, box), delay_ms);
  }

  hideLater() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.hide(), LEAVE_MS);
  }

  hide() {
    clearTimeout(this.timer);
    this.card.hidden = true;
  }

  show(spell, box) {
    this.card.replaceChildren(this.head(spell), ...this.shares(spell), this.foot(spell));
    this.card.hidden = false;
    const { offsetWidth: width, offsetHeight: height } = this.card;
    const isBelow = box.bottom + 8 + height < innerHeight;
    this.card.style.left = `${Math.max(12, Math.min(box.left + box.width / 2 - width / 5, innerWidth - width - 12))}px`;
    this.card.style.top = `${isBelow ? box.bottom + 8 : Math.max(8, box.top - 8 - height)}px`;
  }

  head(spell) {
    const head = element("div", "lane-card__head");
    const address = this.portraitOf(spell.person, spell.track);
    if (address) {
      const face = element("img", "face face--44");
      face.src = address;
      face.alt = "";
      head.append(face);
    }
    const text = element("div", "lane-card__text");
    text.append(
      element("strong", "", `${spell.person.name}, ${wordOf(spell.label)}`),
      element("span", "muted tabular", `${timecode(spell.from_s)}–${timecode(spell.to_s)}, ${duration(spell.to_s - spell.from_s)}`),
    );
    head.append(text);
    return head;
  }

  shares(spell) {
    if (!spell.shares) return [];
    const ranked = Object.entries(spell.shares).sort((a, b) => b[1] - a[1]);
    const list = element("div", "lane-card__shares");
    list.append(...ranked.slice(0, 4).filter(([, share]) => share >= 0.005).map(([label, share]) => shareRow(label, share)));
    return [list];
  }

  foot(spell) {
    const foot = element("div", "lane-card__foot");
    if (this.timeline.hasAttention) {
      const looking_s = lookingWithin(spell.person.lookingSpells, spell.from_s, spell.to_s);
      foot.append(element("span", "tabular", `${LOOKING_AT_CAMERA} ${duration(looking_s)}`));
    }
    const n = Math.round((spell.to_s - spell.from_s) * this.timeline.sample_rate);
    foot.append(element("span", "tabular", n === 1 ? "1 sample" : `${n} samples`));
    return foot;
  }
}
