// The lanes of the sample on the first page: the same element as on every video's page, at the moment of its picture.
import "../video/face-timeline.js";

const time_s = Number(document.querySelector("[data-first-run] face-timeline")?.dataset.at);
document.dispatchEvent(new CustomEvent("faceline:time", { detail: { time_s } }));
