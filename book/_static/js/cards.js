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
