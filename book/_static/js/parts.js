// --- Parts that open and close ----------------------------------------------------------
// What a reader has left closed is open on paper.
let unfolded = [];
addEventListener("beforeprint", () => {
  unfolded = [...document.querySelectorAll("details:not(.hide, [open])")];
  unfolded.forEach((part) => { part.open = true; });
});
addEventListener("afterprint", () => {
  unfolded.forEach((part) => { part.open = false; });
});

// A closed part that holds the address's target opens itself.
function reveal(behavior) {
  const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!target) return;
  for (let part = target.closest("details"); part; part = part.parentElement.closest("details")) part.open = true;
  target.scrollIntoView({ behavior });
}
addEventListener("hashchange", () => reveal("auto"));
reveal("instant");
