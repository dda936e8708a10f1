// --- Finding: the search box, loaded on first use --------------
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
