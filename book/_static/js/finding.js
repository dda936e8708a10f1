// --- Finding: the search box, loaded on first use; links to headings and figures --------------
const searchLink = document.querySelector("a.search-open");
let searchLoading = null;
function loadSearch() {
  searchLoading ||= new Promise((ready) => {
    document.addEventListener("search-ready", ready, { once: true });
    const script = document.createElement("script");
    script.src = searchLink.dataset.start;
    document.head.append(script);
  });
  return searchLoading;
}
async function openSearch(event) {
  event.preventDefault();
  await loadSearch();
  document.dispatchEvent(new Event("search-open"));
}
searchLink.addEventListener("click", (event) => {
  if (!event.ctrlKey && !event.metaKey && !event.shiftKey) openSearch(event);
});
for (const intent of ["pointerenter", "focus"]) searchLink.addEventListener(intent, loadSearch, { once: true });
// A single letter as a shortcut would hinder speech control, so it takes Ctrl or ⌘.
document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key === "k") openSearch(event);
});
if (document.querySelector(".search-page")) loadSearch();

// The link stands beside the heading, not in it, so that its words are not read out as part of it.
function linkTo(node, id, what) {
  const link = document.createElement("a");
  link.className = "anchor";
  link.href = `#${id}`;
  link.textContent = "#";
  link.setAttribute("aria-label", `Link to this ${what}: ${node.textContent.trim()}`);
  node.after(link);
}
document.querySelectorAll("article :is(h2, h3, h4)").forEach((heading) => {
  const id = heading.id || (heading.parentElement.firstElementChild === heading && heading.parentElement.id);
  if (!id || heading.querySelector("a")) return;
  const place = document.createElement("div");
  place.className = "anchored";
  heading.replaceWith(place);
  place.append(heading);
  linkTo(heading, id, "section");
});
document.querySelectorAll("figure.figure[id] > figcaption").forEach((caption) => {
  linkTo(caption, caption.parentElement.id, "figure");
});
