// Every key of the product, declared once: the pages listen for what stands here, and "?" lists it.
// A group counts on pages that have what its `where` selects; `keys` are names of KeyboardEvent.key.
export const GROUPS = {
  page: {
    name: "On every page",
    where: "body",
    keys: [
      { keys: ["?"], act: "list", does: "Show keyboard shortcuts" },
    ],
  },
  library: {
    name: "Library",
    where: "[data-library]",
    keys: [
      { keys: ["/"], act: "search", does: "Search by name or project" },
    ],
  },
  compare: {
    name: "Compare",
    where: "[data-compare]",
    keys: [
      { keys: ["x"], act: "swap", does: "Swap A and the compared column" },
      { keys: ["2", "3", "4", "5", "6"], act: "draw", does: "Compare column B to F with A" },
    ],
  },
  player: {
    name: "Player",
    where: "face-player",
    keys: [
      { keys: [" ", "k"], act: "play", does: "Play or pause" },
      { keys: ["ArrowLeft"], act: "second_back", does: "1 second back" },
      { keys: ["ArrowRight"], act: "second_on", does: "1 second on" },
      { keys: ["Shift+ArrowLeft"], act: "seconds_back", does: "5 seconds back" },
      { keys: ["Shift+ArrowRight"], act: "seconds_on", does: "5 seconds on" },
      { keys: [","], act: "frame_back", does: "1 frame back" },
      { keys: ["."], act: "frame_on", does: "1 frame on" },
      { keys: ["["], act: "back", does: "Previous cut" },
      { keys: ["]"], act: "on", does: "Next cut" },
      { keys: ["b"], act: "boxes", does: "Mark faces" },
      { keys: ["l"], act: "labels", does: "Show names" },
      { keys: ["s"], act: "mute", does: "Sound on or off" },
      { keys: ["f"], act: "full", does: "Full screen" },
    ],
  },
  marks: {
    name: "Segments and cues",
    where: "[data-marks]",
    keys: [
      { keys: ["i"], act: "start", does: "Start a segment here" },
      { keys: ["o"], act: "end", does: "End the segment here" },
      { keys: ["m"], act: "cue", does: "Cue here" },
      { keys: ["e"], act: "edge", does: "Take the end of the chosen segment; again: its start" },
      { keys: ["Enter"], act: "edit", does: "Edit the chosen segment or cue" },
      { keys: ["Delete", "Backspace"], act: "delete", does: "Delete the chosen segment or cue" },
      { keys: ["Escape"], act: "leave", does: "Choose none" },
    ],
  },
  edge: {
    name: "Edge of a segment, once taken",
    where: "[data-marks]",
    keys: [
      { keys: ["ArrowLeft"], act: "frame_back", does: "1 frame back" },
      { keys: ["ArrowRight"], act: "frame_on", does: "1 frame on" },
      { keys: ["Shift+ArrowLeft"], act: "second_back", does: "1 second back" },
      { keys: ["Shift+ArrowRight"], act: "second_on", does: "1 second on" },
      { keys: ["Enter"], act: "keep", does: "Keep it there" },
      { keys: ["Escape"], act: "leave", does: "Put it back" },
    ],
  },
  lanes: {
    name: "Timeline, when focused",
    where: "face-timeline",
    keys: [
      { keys: ["ArrowLeft"], act: "spell_back", does: "Previous expression of this person" },
      { keys: ["ArrowRight"], act: "spell_on", does: "Next expression of this person" },
      { keys: ["ArrowUp"], act: "row_up", does: "Person above" },
      { keys: ["ArrowDown"], act: "row_down", does: "Person below" },
      { keys: ["Home"], act: "first", does: "First expression" },
      { keys: ["End"], act: "last", does: "Last expression" },
      { keys: ["Enter"], act: "choose", does: "Go to that moment" },
      { keys: ["+", "="], act: "zoom_in", does: "Zoom in" },
      { keys: ["-"], act: "zoom_out", does: "Zoom out" },
      { keys: ["0"], act: "zoom_fit", does: "Whole video" },
      { keys: ["Escape"], act: "leave", does: "Close the card" },
    ],
  },
};

const TYPED_INTO = "input:not([type=range]), textarea, select, [contenteditable], dialog, [popover]:popover-open";
const SIGNS = { " ": "Space", ArrowLeft: "←", ArrowRight: "→", ArrowUp: "↑", ArrowDown: "↓", Escape: "Esc", "-": "−" };

/** Runs `acts[act]` for the keys of a group that reach `target`; an act that gives false leaves its key to the browser. */
export const listen = (group, target, acts, { signal, capture = false } = {}) => {
  const actOf = new Map(GROUPS[group].keys.flatMap(({ keys, act }) => keys.map((key) => [key, act])));
  target.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (event.target.closest(TYPED_INTO)) return;
    const key = event.shiftKey && event.key.length > 1 ? `Shift+${event.key}` : event.key;
    const act = acts[actOf.get(key)];
    if (act && act(event) !== false) event.preventDefault();
  }, { signal, capture });
};

const signOf = (key) => key.split("+").filter(Boolean).map((part) => SIGNS[part] ?? (part.length === 1 ? part.toUpperCase() : part));

const make = (name, className, ...content) => {
  const element = document.createElement(name);
  element.className = className;
  element.append(...content);
  return element;
};

const rowOf = ({ keys, does }) => {
  const ways = keys.map((key) => (key === "+" ? ["+"] : signOf(key)).map((sign) => make("kbd", "key", sign)));
  const signs = ways.flatMap((way, i) => (i ? [" or ", ...way] : way));
  return make("div", "keys__row", make("dt", "", does), make("dd", "", ...signs));
};

/** The dialog with the keys of the groups that count here. */
const dialog = document.getElementById("keys");
for (const { name, where, keys } of Object.values(GROUPS)) {
  if (!document.querySelector(where)) continue;
  dialog?.querySelector("[data-keys]").append(make("section", "keys__group", make("h3", "", name), make("dl", "", ...keys.map(rowOf))));
}

listen("page", document, { list: () => { if (!document.querySelector("dialog[open]")) dialog?.showModal(); } });
