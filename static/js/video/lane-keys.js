// Keys on the lanes: arrows walk spells and rows, Enter plays from there, + − 0 zoom.
import { listen } from "../parts/keys.js";
import { lastNotAfter } from "./data.js";

export class LaneKeys {
  constructor(host) {
    this.host = host;
    const { field } = host.parts;
    listen("lanes", field, this.acts());
    field.addEventListener("focus", () => {
      if (field.matches(":focus-visible") && !host.ring) this.walkRows(0);
    });
    field.addEventListener("blur", () => host.point(undefined));
  }

  acts() {
    const { host } = this;
    return {
      spell_back: () => this.walkSpells(-1),
      spell_on: () => this.walkSpells(1),
      row_up: () => this.walkRows(-1),
      row_down: () => this.walkRows(1),
      first: () => this.goTo(this.person()?.stops[0]),
      last: () => this.goTo(this.person()?.stops.at(-1)),
      choose: () => this.choose(),
      zoom_in: () => host.zoomBy("in"),
      zoom_out: () => host.zoomBy("out"),
      zoom_fit: () => host.zoomBy("fit"),
      leave: () => host.point(undefined),
    };
  }

  people() { return this.host.lanes.rows.filter(Boolean); }

  person() {
    return this.host.ring?.person ?? this.host.timeline.personById.get(this.host.selected) ?? this.people()[0];
  }

  walkSpells(by) {
    const stops = this.person()?.stops ?? [];
    const at = this.host.ring ? stops.indexOf(this.host.ring) + by : this.near(stops, this.host.time_s);
    this.goTo(stops[Math.min(Math.max(at, 0), stops.length - 1)]);
  }

  walkRows(by) {
    const people = this.people();
    if (!people.length) return;
    const at = Math.max(0, people.indexOf(this.person()));
    const { stops } = people[Math.min(Math.max(at + by, 0), people.length - 1)];
    this.goTo(stops[this.near(stops, this.host.ring?.from_s ?? this.host.time_s)]);
  }

  near(stops, time_s) {
    return Math.max(0, lastNotAfter(stops, time_s, (stop) => stop.from_s));
  }

  goTo(spell) {
    if (!spell) return;
    const { host } = this;
    if (spell.from_s < host.view.from_s || spell.to_s > host.view.to_s) {
      host.view.show((spell.from_s + spell.to_s) / 2 - host.view.span_s / 2);
    }
    const row = host.lanes.rows.indexOf(spell.person);
    const { scroll } = host.parts;
    const room = scroll.clientHeight - host.parts.axis.offsetHeight;
    const top = row * host.size.row_px;
    if (top < scroll.scrollTop) scroll.scrollTop = top;
    else if (top + host.size.row_px > scroll.scrollTop + room) scroll.scrollTop = top + host.size.row_px - room;
    host.point(spell, { isByKey: true });
  }

  choose() {
    const { host } = this;
    if (!host.ring) return;
    host.select(host.ring.person);
    host.seek(host.ring.from_s, host.ring.person);
  }
}
