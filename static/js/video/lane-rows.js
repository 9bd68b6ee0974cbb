// Which people have a row and in which order; moves the heads that the server wrote.
const BRIEF_S = 2;
const FOLD_OVER = 12;

export class LaneRows {
  constructor(host, heads, timeline) {
    this.host = host;
    this.heads = heads;
    this.timeline = timeline;
    this.isUnfolded = false;
    this.fold = heads.querySelector(".lanes__fold");
    this.fold?.addEventListener("click", () => { this.isUnfolded = !this.isUnfolded; this.arrange(); });
    heads.addEventListener("click", (event) => {
      const head = event.target.closest("[data-person]");
      if (!head || event.target.closest("a")) return;
      const person = timeline.personById.get(Number(head.dataset.person));
      host.select(person);
      if (person) host.seek(person.tracks[0].start_s, person);
    });
    heads.addEventListener("pointerover", (event) => this.hover(Number(event.target.closest("[data-person]")?.dataset.person)));
    heads.addEventListener("pointerleave", () => this.hover(undefined));
    this.sortBy("in_view");
  }

  hover(person_id) {
    this.host.hovered = person_id;
    this.host.draw();
  }

  sortBy(key) {
    const value = {
      in_view: (person) => -person.in_view_s,
      first: (person) => person.tracks[0]?.start_s ?? 0,
    }[key];
    const byName = new Intl.Collator(undefined, { numeric: true });
    this.sorted = [...this.timeline.people].sort((a, b) => (
      value ? value(a) - value(b) || a.person_id - b.person_id : byName.compare(a.name, b.name)));
    this.arrange();
    document.dispatchEvent(new CustomEvent("faceline:order", { detail: { person_ids: this.sorted.map((each) => each.person_id) } }));
  }

  arrange() {
    const isMany = this.sorted.length > FOLD_OVER;
    const brief = isMany ? this.sorted.filter((person) => person.in_view_s < BRIEF_S) : [];
    const long = this.sorted.filter((person) => !brief.includes(person));
    // a row of the canvas per head; the fold has a row of its own, without a person
    this.rows = [...long, ...(brief.length ? [null] : []), ...(brief.length && this.isUnfolded ? brief : [])];
    this.host.toggleAttribute("data-many", isMany);
    const headOf = (person) => this.heads.querySelector(`li[data-person="${person.person_id}"]`);
    for (const person of brief) headOf(person)?.toggleAttribute("hidden", !this.isUnfolded);
    const order = [...long.map(headOf), ...(brief.length ? [this.fold?.parentElement] : []), ...brief.map(headOf)];
    this.heads.append(...order.filter(Boolean));
    if (this.fold) {
      this.fold.parentElement.hidden = !brief.length;
      this.fold.setAttribute("aria-expanded", String(this.isUnfolded));
      this.fold.querySelector("span").textContent = `${brief.length} seen under ${BRIEF_S}\u202fs`;
    }
    this.host.draw();
  }

  markSelected(person_id) {
    for (const head of this.heads.querySelectorAll("li[data-person]")) {
      head.classList.toggle("is-selected", Number(head.dataset.person) === person_id);
    }
  }
}
