// "Move" in a row's menu: only projects of the same team are offered, and not the one where the video is.
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-dialog='move-video']");
  if (!opener) return;
  const { team, project } = opener.dataset;
  const dialog = document.getElementById("move-video");
  let n = 0;
  for (const pick of dialog.querySelectorAll(".pick")) {
    const isOffered = pick.dataset.team === team && pick.dataset.project !== project;
    pick.hidden = !isOffered;
    pick.querySelector("input").disabled = !isOffered;
    pick.querySelector("input").checked = false;
    n += Number(isOffered);
  }
  dialog.querySelector("[data-none]").hidden = n > 0;
  dialog.querySelector("button[type=submit]").disabled = !n;
}, true);
