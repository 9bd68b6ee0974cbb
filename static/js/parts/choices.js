// Light or dark, rail folded or open: kept in cookies, which the server reads when it writes the next page.
const root = document.documentElement;
const YEAR_S = 365 * 24 * 3600;

export const keep = (name, value) => {
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `${name}=${value}; Path=/; Max-Age=${YEAR_S}; SameSite=Lax${secure}`;
};

const markTheme = () => {
  const theme = ["light", "dark"].includes(root.dataset.theme) ? root.dataset.theme : "auto";
  for (const choice of document.querySelectorAll("[data-theme-choice]")) {
    choice.setAttribute("aria-checked", String(choice.dataset.themeChoice === theme));
  }
};

const toggleMenu = (button, isOpen) => {
  root.dataset.menu = isOpen ? "open" : "";
  button.setAttribute("aria-expanded", String(isOpen));
};

document.addEventListener("click", (event) => {
  const theme = event.target.closest("[data-theme-choice]");
  if (theme) {
    root.dataset.theme = theme.dataset.themeChoice;
    keep("theme", root.dataset.theme);
    dispatchEvent(new CustomEvent("faceline:theme-chosen"));
    markTheme();
  }
  if (event.target.closest("[data-rail-fold]")) {
    root.dataset.rail = root.dataset.rail === "folded" ? "open" : "folded";
    keep("rail", root.dataset.rail);
    dispatchEvent(new CustomEvent("faceline:rail-chosen"));
    dispatchEvent(new Event("resize"));
  }
  const menu = event.target.closest("[data-menu-toggle]");
  if (menu) toggleMenu(menu, root.dataset.menu !== "open");
});

document.addEventListener("keydown", (event) => {
  const menu = document.querySelector("[data-menu-toggle]");
  if (event.key === "Escape" && menu && root.dataset.menu === "open") {
    toggleMenu(menu, false);
    menu.focus();
  }
});

markTheme();
