// Popovers of class "menu" open beside the button that names them, inside the window; arrows walk their entries.
const GAP_PX = 6;

const invokerOf = (menu) => document.querySelector(`[popovertarget="${CSS.escape(menu.id)}"][aria-expanded="true"]`)
  ?? document.querySelector(`[popovertarget="${CSS.escape(menu.id)}"]`);

export const placeBeside = (menu, anchor) => {
  const box = anchor.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = menu;
  const isBelow = box.bottom + GAP_PX + height <= innerHeight || box.top < height;
  const left = box.left + width > innerWidth - 12 ? box.right - width : box.left;
  menu.style.left = `${Math.max(12, Math.min(left, innerWidth - width - 12))}px`;
  menu.style.top = `${Math.max(12, isBelow ? Math.min(box.bottom + GAP_PX, innerHeight - height - 12) : box.top - GAP_PX - height)}px`;
};

document.addEventListener("toggle", (event) => {
  const menu = event.target;
  if (!menu.matches?.(".menu[popover]")) return;
  const invoker = invokerOf(menu);
  invoker?.setAttribute("aria-expanded", String(event.newState === "open"));
  if (event.newState !== "open" || !invoker) return;
  placeBeside(menu, invoker);
  menu.querySelector(".menu__entry, input, button")?.focus({ preventScroll: true });
}, true);

document.addEventListener("keydown", (event) => {
  const menu = event.target.closest?.(".menu[popover]");
  if (!menu || !["ArrowDown", "ArrowUp", "Home", "End"].includes(event.key)) return;
  const entries = [...menu.querySelectorAll(".menu__entry")];
  const at = entries.indexOf(document.activeElement);
  if (at < 0) return;
  event.preventDefault();
  const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: entries.length - 1 }[event.key];
  entries[(next + entries.length) % entries.length].focus();
});

for (const name of ["scroll", "resize"]) {
  addEventListener(name, (event) => {
    if (event.target.closest?.(".menu[popover]")) return;
    for (const menu of document.querySelectorAll(".menu:popover-open")) {
      const invoker = invokerOf(menu);
      if (invoker) placeBeside(menu, invoker);
    }
  }, true);
}
