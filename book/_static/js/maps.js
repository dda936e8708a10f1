// --- Maps: the static picture first, the interactive map when it is wanted -------------------
function openMap(map) {
  const frame = map.querySelector("iframe.map-frame");
  if (!frame || frame.src) return;
  frame.addEventListener("load", tellMaps);
  frame.src = frame.dataset.src;
  map.classList.add("open");
}
document.querySelectorAll(".map").forEach((map) => {
  map.querySelector(".map-open")?.addEventListener("click", () => {
    openMap(map);
    map.querySelector("iframe").focus();
  });
});
// A map asks for the height it needs where it may not set it itself (pages opened from disk).
addEventListener("message", ({ source, data }) => {
  if (!data || !data.height) return;
  const frames = [...document.querySelectorAll("iframe.map-frame")];
  const frame = frames.find((each) => each.contentWindow === source);
  if (frame) frame.height = data.height;
});
// On a wide screen a map opens by itself shortly before it is scrolled into view.
if (wide.matches && !(navigator.connection && navigator.connection.saveData)) {
  const near = new IntersectionObserver((entries) => {
    for (const entry of entries) if (entry.isIntersecting) openMap(entry.target);
  }, { rootMargin: "800px" });
  document.querySelectorAll(".map").forEach((map) => near.observe(map));
}
