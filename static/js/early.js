// Before the first paint: dark or light where the choice is "as the system", and whether the rail is folded.
(() => {
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const narrow = matchMedia("(max-width: 1199px)");
  let railIsChosen = Boolean(root.dataset.rail);

  const showTheme = () => {
    const isDark = root.dataset.theme === "dark" || (root.dataset.theme !== "light" && dark.matches);
    if (isDark) root.dataset.bsTheme = "dark";
    else delete root.dataset.bsTheme;
    dispatchEvent(new CustomEvent("faceline:theme"));
  };
  const showRail = () => {
    if (!railIsChosen) root.dataset.rail = narrow.matches || isVideo ? "folded" : "open";
  };
  // the video page needs the width: folded there unless the visitor chose otherwise
  const isVideo = /^\/videos\/[0-9a-f-]{36}\/$/.test(location.pathname);

  showTheme();
  showRail();
  dark.addEventListener("change", showTheme);
  narrow.addEventListener("change", showRail);
  addEventListener("faceline:theme-chosen", showTheme);
  addEventListener("faceline:rail-chosen", () => { railIsChosen = true; });

  // paper is white
  let before;
  addEventListener("beforeprint", () => { before = root.dataset.bsTheme; delete root.dataset.bsTheme; dispatchEvent(new CustomEvent("faceline:theme")); });
  addEventListener("afterprint", () => { if (before) root.dataset.bsTheme = before; dispatchEvent(new CustomEvent("faceline:theme")); });
})();
