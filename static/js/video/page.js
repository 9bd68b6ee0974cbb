// The video page: player, people table and lanes share one selection, one order, one clock.
import "./face-player.js";
import "./face-timeline.js";
import { toast } from "../parts/toast.js";
import { loadTimeline } from "./data.js";
import "./mark-import.js";
import "./marks.js";

const table = document.querySelector("[data-people]");

const select = (person_id) => document.dispatchEvent(new CustomEvent("faceline:select", { detail: { person_id } }));

/** Click on a row: selects the person and goes to where they are first seen. A click on the name opens their page. */
table?.addEventListener("click", async (event) => {
  const row = event.target.closest("tr[data-person]");
  if (!row || event.target.closest("a")) return;
  const person_id = Number(row.dataset.person);
  select(person_id);
  document.dispatchEvent(new CustomEvent("faceline:seek", { detail: { time_s: Number(row.dataset.start), person_id } }));
});

document.addEventListener("faceline:select", ({ detail: { person_id } }) => {
  for (const row of table?.querySelectorAll("tr[data-person]") ?? []) {
    const isChosen = Number(row.dataset.person) === person_id;
    row.classList.toggle("is-selected", isChosen);
    if (isChosen) row.scrollIntoView({ block: "nearest" });
  }
  showSheet(person_id);
});

document.addEventListener("faceline:order", ({ detail: { person_ids } }) => {
  const body = table?.tBodies[0];
  if (!body) return;
  const rows = new Map([...body.rows].map((row) => [Number(row.dataset.person), row]));
  body.append(...person_ids.map((person_id) => rows.get(person_id)).filter(Boolean));
});

// the polled progress says "run-ended": a page that waited shows the result, one that shows an earlier result only offers it
document.addEventListener("run-ended", () => {
  const show = () => location.reload();
  if (document.querySelector("face-timeline")) toast("The new analysis is done.", { action: { word: "Show", run: show } });
  else show();
});

// phones: what was tapped stands in a sheet at the bottom
const sheet = document.querySelector("[data-sheet]");

const showSheet = (person_id) => {
  if (!sheet) return;
  const row = table?.querySelector(`tr[data-person="${person_id}"]`);
  sheet.hidden = !row;
  if (!row) return;
  sheet.querySelector("img").src = row.querySelector("img")?.src ?? "";
  sheet.querySelector("img").hidden = !row.querySelector("img");
  sheet.querySelector("[data-name]").textContent = row.dataset.name;
  sheet.querySelector("[data-facts]").textContent = row.dataset.facts;
  sheet.querySelector("a").href = row.querySelector("a").href;
};

sheet?.querySelector("[data-sheet-close]").addEventListener("click", () => select(undefined));

// people and segments are tabs beside the player; arrows walk them
const desks = [...document.querySelectorAll("[data-desk]")];

const showDesk = (name) => {
  for (const tab of desks) {
    const isShown = tab.dataset.desk === name;
    tab.setAttribute("aria-selected", String(isShown));
    tab.tabIndex = isShown ? 0 : -1;
    document.getElementById(tab.getAttribute("aria-controls")).hidden = !isShown;
  }
};

for (const tab of desks) {
  tab.addEventListener("click", () => showDesk(tab.dataset.desk));
  tab.addEventListener("keydown", (event) => {
    if (!["ArrowLeft", "ArrowRight"].includes(event.key)) return;
    event.preventDefault(); // not the player's second back or on
    const next = desks[(desks.indexOf(tab) + 1) % desks.length];
    showDesk(next.dataset.desk);
    next.focus();
  });
}

// what a key made on the timeline is shown where it can be named
document.addEventListener("faceline:marks", ({ detail }) => { if (detail.chosen) showDesk("segments"); });

// phones: timeline, people and segments are tabs under the player
for (const tab of document.querySelectorAll("[data-pane]")) {
  tab.addEventListener("click", () => {
    if (tab.dataset.pane !== "timeline") showDesk(tab.dataset.pane);
    document.querySelector("[data-panes]").dataset.panes = tab.dataset.pane;
    for (const each of document.querySelectorAll("[data-pane]")) each.setAttribute("aria-selected", String(each === tab));
    dispatchEvent(new Event("resize"));
  });
}

document.querySelector("[data-legend-more]")?.addEventListener("click", (event) => event.target.parentElement.classList.add("is-whole"));

// "?person=3" chooses a person, "?t=12.4" a moment (the player reads that one)
const asked = Number(new URLSearchParams(location.search).get("person"));
const lanes = document.querySelector("face-timeline");
if (asked && lanes) loadTimeline(lanes.getAttribute("src")).then(() => setTimeout(() => select(asked)), () => {});

