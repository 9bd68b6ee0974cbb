// The lanes as a table that is read, not seen: for screen readers, and for tests.
import { LOOKING_AT_CAMERA, lookingWithin } from "./data.js";
import { duration, timecode } from "./time.js";

const MOST_ROWS = 2000;

export const spellTable = (timeline) => {
  const table = document.createElement("table");
  table.className = "lanes__table";
  const rows = timeline.people.flatMap((person) => person.stops);
  const caption = table.createCaption();
  caption.textContent = rows.length > MOST_ROWS
    ? `The first ${MOST_ROWS} of ${rows.length} rows. The CSV export contains all.`
    : "Expressions of each person, with start and end";
  const head = table.createTHead().insertRow();
  for (const word of ["Person", "Shows", "From", "To", LOOKING_AT_CAMERA]) {
    const cell = document.createElement("th");
    cell.scope = "col";
    cell.textContent = word;
    head.append(cell);
  }
  const body = table.createTBody();
  for (const stop of rows.slice(0, MOST_ROWS)) {
    const row = body.insertRow();
    row.dataset.person = stop.person.person_id;
    const looking_s = lookingWithin(stop.person.lookingSpells, stop.from_s, stop.to_s);
    const words = [
      stop.person.name, stop.label === "unknown" ? "Unknown" : stop.label, timecode(stop.from_s), timecode(stop.to_s),
      timeline.hasAttention ? duration(looking_s) : "–",
    ];
    for (const word of words) row.insertCell().textContent = word;
  }
  const unseen = document.createElement("div"); // a table grows with its rows, whatever its height is set to
  unseen.className = "visually-hidden";
  unseen.append(table);
  return unseen;
};
