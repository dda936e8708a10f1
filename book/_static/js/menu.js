// --- Menu and outline: open on wide screens, closed on narrower ones -----------------------
const menu = document.querySelector(".contents details");
const outline = document.querySelector(".outline details");
const wide = matchMedia("(min-width: 64rem)");
const widest = matchMedia("(min-width: 80rem)");
wide.addEventListener("change", () => { menu.open = wide.matches; });
widest.addEventListener("change", () => { if (outline) outline.open = widest.matches; });
// Where it lies over the text's beginning, a chosen line of the outline closes it.
if (outline) {
  outline.addEventListener("click", (event) => {
    if (event.target.closest("a") && !widest.matches) outline.open = false;
  });
}
// In a menu that is higher than the window the line of this page is in view, above the fading end.
const place = menu.querySelector("[aria-current]");
if (place && wide.matches) {
  requestAnimationFrame(() => {
    const box = menu.parentElement;
    if (place.offsetTop + place.offsetHeight > box.clientHeight - 48) box.scrollTop = place.offsetTop - box.clientHeight / 2;
  });
}
