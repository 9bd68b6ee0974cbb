// Ticked videos and the bar of what can be done with them.
const COLUMNS = "abcdef";

const boxes = () => [...document.querySelectorAll("[data-library] input[name=video]")];

const show = () => {
  const bar = document.querySelector("[data-selection]");
  if (!bar) return;
  const all = boxes();
  const n = all.filter((box) => box.checked).length;
  bar.hidden = n === 0;
  bar.querySelector("[data-selection-count]").textContent = `${n} selected`;
  for (const place of document.querySelectorAll("[data-chosen]")) place.textContent = n === 1 ? "1 video" : `${n} videos`;
  const every = document.querySelector("[data-choose-all]");
  every.checked = n > 0 && n === all.length;
  every.indeterminate = n > 0 && n < all.length;
};

const choose = (isChosen) => {
  for (const box of boxes()) box.checked = isChosen;
  show();
};

let last;
const ticked = []; // values in the order of clicks

document.addEventListener("click", (event) => {
  const box = event.target.closest("[data-library] input[name=video]");
  if (box) {
    // with Shift everything between the last one and this one
    const all = boxes();
    if (event.shiftKey && last && all.includes(last)) {
      const [from, to] = [all.indexOf(last), all.indexOf(box)].sort((a, b) => a - b);
      for (const between of all.slice(from, to + 1)) between.checked = box.checked;
    }
    last = box;
    ticked.push(box.value);
    show();
  }
  if (event.target.closest("[data-choose-none]")) choose(false);
  const audience = event.target.closest("[data-audience]");
  if (audience) {
    const query = new URLSearchParams(boxes().filter((each) => each.checked).map((each) => ["video", each.value]));
    location.assign(`${audience.dataset.audience}?${query}`);
  }
  const compare = event.target.closest("[data-compare-videos]");
  if (compare) {
    // one column per video, as many as a comparison has, the one that was ticked first as the reference
    const tickedAt = (box) => ticked.lastIndexOf(box.value);
    const chosen = boxes().filter((each) => each.checked).sort((a, b) => tickedAt(a) - tickedAt(b));
    const query = new URLSearchParams(chosen.slice(0, COLUMNS.length).map((each, k) => [COLUMNS[k], `video=${each.value}`]));
    location.assign(`${compare.dataset.compareVideos}?${query}`);
  }
});

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-choose-all]")) choose(event.target.checked);
});
document.addEventListener("htmx:afterSwap", show);
addEventListener("pageshow", show);
