// --- Parts that open and close ----------------------------------------------------------
// The notes at the end of a page are long: closed on screen, open on paper.
document.querySelectorAll(".page-end details").forEach((part) => { part.open = false; });
addEventListener("beforeprint", () => {
  document.querySelectorAll("details:not(.hide)").forEach((part) => { part.open = true; });
});

// A closed part that holds the address's target opens itself.
function reveal() {
  const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!target) return;
  for (let part = target.closest("details"); part; part = part.parentElement.closest("details")) part.open = true;
  target.scrollIntoView();
}
addEventListener("hashchange", reveal);
reveal();
