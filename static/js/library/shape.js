// An empty library shows what the product is; the first file on its way puts the list in its place.
export const showShape = () => {
  const empty = document.querySelectorAll("[data-first-run]");
  if (!empty.length) return;
  const isEmpty = !document.querySelector("[data-uploads] > *, [data-rows] > .library__row");
  for (const part of empty) part.hidden = !isEmpty;
  for (const part of document.querySelectorAll("[data-with-videos]")) part.hidden = isEmpty;
};
