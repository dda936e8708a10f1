// Search: loaded with MiniSearch and the index when a reader first reaches for it.
"use strict";
(() => {
const siteRoot = new URL("..", document.currentScript.src);

// In the order of the index; a weight above 1 brings a kind forward.
const KINDS = {
  claim: ["Claims", 1.5],
  section: ["Chapters and pages", 1.5],
  figure: ["Figures and maps", 1.1],
  person: ["People", 1.6],
  term: ["Glossary", 1.5],
  table: ["Data tables", 0.9],
  fact: ["Facts", 1],
  lesson: ["For lessons", 0.5],
  source: ["Sources", 0.4],
};
// Found by the title of their page too, and shown with it.
const ON_PAGE = new Set(["section", "figure", "lesson"]);
const STOP = new Set(("a about after all an and any are as at be been but by can could did do does for from had has"
  + " have how i if in into is it its many me more much of on or since so than that the their them then there these they this to was"
  + " were what when where which who whom whose why will with would").split(" "));
const WORD = /[\p{L}\p{N}]+/gu;
const SHORT = 4;
const PER_KIND = 10;
const FEW = 6;

// One form for index, query and marking: no accents, no plural s; null for a word to leave out.
function formOf(word) {
  const plain = word.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  if (STOP.has(plain) || (plain.length < 2 && !/\d/.test(plain))) return null;
  if (/^c\d$/.test(plain)) return `c0${plain[1]}`;
  if (plain.length > 3 && /[^sui]s$/.test(plain)) return plain.slice(0, -1).replace(/ie$/, "y");
  return plain;
}
const forms = new Map();
function norm(word) {
  if (!forms.has(word)) forms.set(word, formOf(word));
  return forms.get(word);
}
const words = (text) => (text.match(WORD) || []).map(norm).filter(Boolean);

// --- The index: built in small steps, so that typing never waits for it -----------------------
let index = null;
let pages = [];
let records = [];
let spellings = new Map();

// The index file calls this.
window.searchIn = async (content) => {
  pages = content.pages;
  spellings = new Map(Object.entries(content.spellings).map(
    ([word, others]) => [norm(word), others.map((other) => words(other)).filter((other) => other.length)],
  ));
  records = content.records.map(([kind, page, anchor, title, text, also], id) => (
    { id, kind, page: pages[page][1], address: pages[page][0] + (anchor && `#${anchor}`), anchor, title, text, also }
  ));
  const engine = new MiniSearch({
    fields: ["title", "also", "page", "text"],
    tokenize: (text) => text.match(WORD) || [],
    processTerm: norm,
    extractField: (record, field) => (field === "page" && !ON_PAGE.has(record.kind) ? "" : record[field]),
  });
  await engine.addAllAsync(records, { chunkSize: 20 });
  index = engine;
  document.dispatchEvent(new Event("search-index"));
};

// `combine` is AND or OR; `lenient` allows for slips of the pen and other transliterations.
function matches(typed, combine, lenient) {
  const exact = (word) => ({ queries: [word], prefix: false, fuzzy: false });
  const queries = typed.map((word, place) => {
    const plain = {
      queries: [word],
      prefix: word.length > 3 || place === typed.length - 1,
      fuzzy: lenient && word.length > 3 && !/\d/.test(word) && 0.2,
    };
    const others = (spellings.get(word) || []).map(
      (other) => ({ combineWith: "AND", queries: other.map(exact) }),
    );
    return others.length ? { combineWith: "OR", queries: [plain, ...others] } : plain;
  });
  return index.search({ combineWith: combine, queries }, {
    boost: { title: 3, also: 2, page: 0.5 },
    weights: { prefix: 0.6, fuzzy: 0.25 },
    boostDocument: (id) => KINDS[records[id].kind][1],
  });
}

// What holds all words first; if that is little, what holds some of them. `whole` counts the first.
function find(text) {
  const typed = words(text);
  if (!index || !typed.length) return { hits: [], whole: 0 };
  let hits = matches(typed, "AND", false);
  if (hits.length < FEW) hits = matches(typed, "AND", true);
  const whole = hits.length;
  if (whole < FEW && typed.length > 1) {
    const known = new Set(hits.map((hit) => hit.id));
    hits.push(...matches(typed, "OR", true).filter((hit) => !known.has(hit.id)).slice(0, 3 * FEW));
  }
  hits = hits.map((hit) => ({ ...records[hit.id], terms: new Set(hit.terms) }));
  const claim = claimOf(text);
  if (claim) hits = [{ ...claim, terms: new Set() }, ...hits.filter((hit) => hit.id !== claim.id)];
  return { hits, whole: claim ? hits.length : whole };
}

// "C14", "c 4" or "claim 14" names one claim.
function claimOf(text) {
  const number = /^\s*(?:claim|c)\s*(\d{1,2})\s*$/i.exec(text);
  const anchor = number && `c${number[1].padStart(2, "0")}`;
  return anchor && records.find((record) => record.kind === "claim" && record.anchor === anchor);
}

// --- What readers see --------------------------------------------------------------------------
function element(name, className, ...children) {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.append(...children);
  return made;
}

// The text with the found words marked; of a long one the part around the first of them.
function marked(text, terms, limit = Infinity) {
  const places = [...text.matchAll(WORD)].filter((match) => terms.has(norm(match[0])));
  let from = 0;
  if (text.length > limit && places.length) {
    from = Math.max(0, places[0].index - 60);
    if (from) from = text.indexOf(" ", from) + 1;
  }
  let to = Math.min(text.length, from + limit);
  if (to < text.length) to = Math.max(text.lastIndexOf(" ", to), from);
  const parts = [from ? "… " : ""];
  let at = from;
  for (const { index: start, 0: word } of places) {
    if (start < at || start + word.length > to) continue;
    parts.push(text.slice(at, start), element("mark", "", word));
    at = start + word.length;
  }
  return [...parts, text.slice(at, to), to < text.length ? " …" : ""];
}

function row(hit) {
  const link = element("a", "", ...marked(hit.title, hit.terms));
  link.href = new URL(hit.address, siteRoot).href;
  const line = element("li", "", link);
  if (hit.kind === "claim") {
    line.append(" ", element("span", `verdict verdict-${hit.also.replaceAll(" ", "-")}`, hit.also));
  } else {
    const where = ON_PAGE.has(hit.kind) ? hit.page : hit.also;
    if (where && where !== hit.title) line.append(element("span", "where", ...marked(where, hit.terms)));
  }
  if (hit.text) line.append(element("p", "", ...marked(hit.text, hit.terms, 160)));
  return line;
}

function group(kind, hits, limit, more) {
  const list = element("ul", "", ...hits.slice(0, limit).map(row));
  const made = element("section", "", element("h2", "", KINDS[kind][0]), list);
  if (hits.length > limit) made.append(more(made, hits));
  return made;
}

// Fills `place` with a search field and its results; `everywhere` is true on the page of search.
function searchField(place, everywhere) {
  const input = element("input");
  Object.assign(input, { type: "search", name: "q", autocomplete: "off", spellcheck: false });
  input.setAttribute("aria-label", "Search this book");
  input.placeholder = "Name, place, words or C14";
  const count = element("output");
  const results = element("div", "results");
  const form = element("form", "search-form", input, count);
  form.setAttribute("role", "search");
  place.replaceChildren(form, results);
  const pageOfAll = () => `${new URL("search.html", siteRoot).href}?q=${encodeURIComponent(input.value)}`;

  function more(made, hits) {
    const button = element(everywhere ? "button" : "a", "", `Show all ${hits.length}`);
    if (everywhere) {
      button.type = "button";
      button.addEventListener("click", () => {
        const next = hits.slice(PER_KIND).map(row);
        made.querySelector("ul").append(...next);
        next[0].querySelector("a").focus();
        button.remove();
      });
    } else {
      button.href = pageOfAll();
    }
    return element("p", "more", button);
  }

  function show() {
    const { hits, whole } = find(input.value);
    const kinds = [...new Set(hits.map((hit) => hit.kind))];
    results.replaceChildren(...kinds.map((kind) => group(
      kind, hits.filter((hit) => hit.kind === kind), everywhere ? PER_KIND : SHORT, more,
    )));
    if (!input.value.trim()) count.textContent = "";
    else if (!index) count.textContent = "Loading the index …";
    else if (!hits.length) count.textContent = "Nothing found";
    else if (!whole) count.textContent = "Nothing has all these words; these have some of them";
    else count.textContent = (whole === 1 ? "1 result" : `${whole} results`)
      + (hits.length > whole ? `, and ${hits.length - whole} with some of the words` : "");
    if (everywhere) {
      const query = input.value ? `?q=${encodeURIComponent(input.value)}` : location.pathname;
      try { history.replaceState(null, "", query); } catch { /* a page opened from disk in some browsers */ }
    }
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const claim = claimOf(input.value);
    if (claim) location.href = new URL(claim.address, siteRoot).href;
    else if (!everywhere) location.href = pageOfAll();
  });
  place.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    const stops = [input, ...results.querySelectorAll("li > a")];
    const next = stops[stops.indexOf(document.activeElement) + step];
    event.preventDefault();
    if (next) next.focus();
  });
  input.addEventListener("input", show);
  document.addEventListener("search-index", show);
  return { input, show };
}

let dialog = null;
function openSearch() {
  const place = document.querySelector(".search-page");
  if (place) {
    place.querySelector("input").focus();
    return;
  }
  if (!dialog) {
    const close = element("button", "close", "Close");
    close.type = "button";
    const place = element("div", "search-place");
    dialog = element("dialog", "search-dialog", close, place);
    dialog.setAttribute("aria-label", "Search this book");
    searchField(place, false);
    document.body.append(dialog);
    close.addEventListener("click", () => dialog.close());
    // Chromium's search field keeps the first Escape to itself; outside the box a click closes.
    dialog.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.preventDefault();
      dialog.close();
    });
    dialog.addEventListener("click", (event) => {
      if (event.target === dialog || event.target.closest("li > a")) dialog.close();
    });
  }
  dialog.showModal();
  dialog.querySelector("input").select();
}

const searchPlace = document.querySelector(".search-page");
if (searchPlace) {
  const { input, show } = searchField(searchPlace, true);
  input.value = new URLSearchParams(location.search).get("q") || "";
  show();
  if (!input.value) input.focus();
}
document.addEventListener("search-open", openSearch);
document.dispatchEvent(new Event("search-ready"));
})();
