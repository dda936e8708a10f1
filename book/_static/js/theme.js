// Everything on the page works without this script; it adds comfort.
"use strict";
const root = document.documentElement;


// --- Light and dark ---------------------------------------------------------------------
const themeButton = document.querySelector("button.theme");
const systemDark = matchMedia("(prefers-color-scheme: dark)");
const isDark = () => (root.dataset.theme || (systemDark.matches ? "dark" : "light")) === "dark";

function tellMaps() {
  const theme = isDark() ? "dark" : "light";
  themeButton.textContent = isDark() ? "Light page" : "Dark page";
  document.querySelectorAll("iframe.map-frame").forEach((frame) => {
    if (frame.contentWindow) frame.contentWindow.postMessage({ theme }, "*");
  });
}
themeButton.addEventListener("click", () => {
  root.dataset.theme = isDark() ? "light" : "dark";
  try { localStorage.setItem("theme", root.dataset.theme); } catch { /* private mode */ }
  tellMaps();
});
systemDark.addEventListener("change", tellMaps);
tellMaps();
