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

// --- Menu: open on wide screens, closed on phones ------------------------------------------
const menu = document.querySelector(".contents details");
const wide = matchMedia("(min-width: 64rem)");
wide.addEventListener("change", () => { menu.open = wide.matches; });

// --- Maps: the static picture first, the interactive map when it is wanted -------------------
function openMap(map) {
  const frame = map.querySelector("iframe.map-frame");
  if (!frame || frame.src) return;
  frame.addEventListener("load", tellMaps);
  frame.src = frame.dataset.src;
  map.classList.add("open");
}
document.querySelectorAll(".map").forEach((map) => {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "map-open";
  button.textContent = "Open the interactive map";
  button.addEventListener("click", () => {
    openMap(map);
    map.querySelector("iframe").focus();
  });
  map.append(button);
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

// --- Cards: what stands at the end of the page, shown beside the text ------------------------
const card = document.createElement("aside");
card.className = "card";
card.hidden = true;
card.id = "card";
card.setAttribute("role", "note");
document.body.append(card);
let owner = null;
let timer = 0;

function closeCard() {
  if (owner) owner.removeAttribute("aria-expanded");
  owner = null;
  card.hidden = true;
}

function noteOf(link) {
  const kind = ["fact", "claim", "person", "term"].find((each) => link.classList.contains(each));
  const key = link.hash.slice(1).replace(/^fact-/, "");
  return document.getElementById(`${kind === "fact" ? "fact" : `note-${kind}`}-${key}`);
}

function openCard(link) {
  const note = noteOf(link);
  if (!note) return false;
  closeCard();
  owner = link;
  card.replaceChildren(...[...note.childNodes].map((node) => node.cloneNode(true)));
  card.querySelectorAll("[id]").forEach((node) => node.removeAttribute("id"));
  const go = document.createElement("p");
  go.className = "go";
  const more = document.createElement("a");
  more.href = link.href;
  more.textContent = link.classList.contains("fact") ? "Go to this fact below" : "Read more";
  more.addEventListener("click", closeCard);
  go.append(more);
  card.append(go);
  card.hidden = false;
  link.setAttribute("aria-expanded", "true");
  const at = link.getClientRects()[0];
  const left = Math.min(at.left, root.clientWidth - card.offsetWidth - 12);
  const below = at.bottom + card.offsetHeight + 12 < innerHeight || at.top < card.offsetHeight + 12;
  card.style.left = `${Math.max(12, left) + scrollX}px`;
  card.style.top = `${(below ? at.bottom + 6 : at.top - card.offsetHeight - 6) + scrollY}px`;
  return true;
}

document.querySelectorAll("a.evidence").forEach((link) => {
  if (!noteOf(link)) return;
  link.setAttribute("aria-expanded", "false");
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if (owner === link && !card.hidden && !link.matches(":hover")) closeCard();
    else openCard(link);
  });
  link.addEventListener("pointerenter", (event) => {
    if (event.pointerType !== "mouse") return;
    clearTimeout(timer);
    timer = setTimeout(() => openCard(link), 250);
  });
  link.addEventListener("pointerleave", () => {
    clearTimeout(timer);
    timer = setTimeout(() => { if (!card.matches(":hover, :focus-within")) closeCard(); }, 400);
  });
  link.addEventListener("keydown", (event) => {
    if (event.key === "Tab" && !event.shiftKey && owner === link) {
      const first = card.querySelector("a");
      if (first) { event.preventDefault(); first.focus(); }
    }
  });
});
card.addEventListener("pointerleave", () => { if (!card.matches(":focus-within")) closeCard(); });
card.addEventListener("keydown", (event) => {
  const links = [...card.querySelectorAll("a")];
  if (event.key === "Tab" && owner && document.activeElement === (event.shiftKey ? links[0] : links.at(-1))) {
    event.preventDefault();
    const back = owner;
    closeCard();
    back.focus();
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !owner) return;
  const back = owner;
  closeCard();
  back.focus();
});
document.addEventListener("click", (event) => {
  if (owner && !card.contains(event.target) && !event.target.closest("a.evidence")) closeCard();
});

// --- Lists with a filter: the ledger and the facts -------------------------------------------
document.querySelectorAll("form.filter").forEach((form) => {
  const items = [...document.querySelectorAll(form.dataset.items)];
  const texts = items.map((item) => item.textContent.toLowerCase());
  const output = form.querySelector("output");
  function apply() {
    const wanted = [...new FormData(form)].filter(([, value]) => value);
    let shown = 0;
    items.forEach((item, index) => {
      const fits = wanted.every(([name, value]) => name === "q"
        ? value.toLowerCase().split(/\s+/).every((word) => texts[index].includes(word))
        : (item.dataset[name] || "").split("|").includes(value));
      item.hidden = !fits;
      shown += fits;
    });
    output.textContent = `${shown} of ${items.length} shown`;
  }
  form.addEventListener("input", apply);
  form.addEventListener("submit", (event) => event.preventDefault());
  apply();
});

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
