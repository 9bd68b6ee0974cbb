// The dialog Import: reads a file or pasted lines in the browser, shows what the server would make of them, and makes it.
import { created } from "./marks.js";

const dialog = document.querySelector("[data-import]");
const part = (name) => dialog.querySelector(`[data-import-${name}]`);
const TYPING_MS = 300;
let source = "file";
let text = "";
let asked = 0;

/** UTF-8, or what Windows wrote before it. */
const textOf = async (file) => {
  const bytes = await file.arrayBuffer();
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("windows-1252").decode(bytes);
  }
};

const form = () => {
  const fields = new FormData();
  fields.set("source", source);
  if (source !== "shots") fields.set("text", text);
  if (part("snap").checked) fields.set("snap", "1");
  return fields;
};

const send = (address, body) => fetch(address, { method: "POST", headers: { Accept: "application/json, text/html", ...JSON.parse(document.body.getAttribute("hx-headers")) }, body });

const fail = (sentence) => {
  part("error").textContent = sentence ?? "";
  part("error").hidden = !sentence;
};

const sum = () => {
  const boxes = [...dialog.querySelectorAll("input[name=line]")];
  const made = boxes.filter((box) => box.checked);
  const n = (word) => made.filter((box) => box.dataset.makes === word).length;
  const counted = (count, word) => (count === 1 ? `1 ${word}` : `${count} ${word}s`);
  const parts = [["Segment", "segment"], ["Cue", "cue"]].filter(([key]) => n(key)).map(([key, word]) => counted(n(key), word));
  const left = boxes.length - made.length;
  part("sum").textContent = boxes.length ? `${parts.join(", ") || "Nothing"}${left ? `; ${counted(left, "line")} left out` : ""}` : "";
  part("make").disabled = !made.length;
  part("make").textContent = made.length ? `Create ${made.length}` : "Create";
};

const preview = async () => {
  fail();
  const mine = ++asked;
  if (source !== "shots" && !text.trim()) {
    part("preview").replaceChildren();
    sum();
    return;
  }
  const answer = await send(dialog.dataset.preview, form());
  const said = await answer.text();
  if (mine !== asked) return; // a later one is under way
  if (!answer.ok) {
    fail(answer.status === 413 ? "The file is too large for a cue list. The limit is 1 MB." : "The preview could not be loaded. Try again.");
    return;
  }
  part("preview").innerHTML = said;
  sum();
};

if (dialog) {
  let typing;
  dialog.addEventListener("click", (event) => {
    const chosen = event.target.closest("[data-source]")?.dataset.source;
    if (!chosen) return;
    source = chosen;
    text = source === "paste" ? part("text").value : "";
    part("name").textContent = "";
    part("file").value = "";
    for (const each of dialog.querySelectorAll("[data-source]")) each.setAttribute("aria-pressed", String(each.dataset.source === source));
    for (const way of dialog.querySelectorAll("[data-way]")) way.hidden = way.dataset.way !== source;
    preview();
  });
  part("file").addEventListener("change", async () => {
    const [file] = part("file").files;
    if (!file) return;
    text = await textOf(file);
    part("name").textContent = file.name;
    preview();
  });
  part("text").addEventListener("input", () => {
    text = part("text").value;
    clearTimeout(typing);
    typing = setTimeout(preview, TYPING_MS);
  });
  dialog.addEventListener("change", (event) => {
    if (event.target.name === "line") sum();
    if (event.target === part("snap")) preview();
  });
  dialog.querySelector("form").addEventListener("submit", async (event) => {
    event.preventDefault();
    const fields = form();
    for (const box of dialog.querySelectorAll("input[name=line]:checked")) fields.append("line", box.value);
    const answer = await send(dialog.dataset.make, fields);
    const said = await answer.json().catch(() => ({}));
    if (!answer.ok) {
      fail(said.error ?? "The import failed. Try again.");
      return;
    }
    dialog.close();
    created(said);
  });
}
