// --- Lists with a filter: claims, facts, sources, events --------------------------------------
// A field called "q" looks for each of its words in the whole item; a field with data-in for its
// text in those parts of an item, or, with data-piece, for its word in that piece of them (they are
// parted by " · "); any other for its value in the item's data- attribute of that name. What is
// chosen stands in the address, so that a filtered list can be linked.
document.querySelectorAll("form.filter[data-items]").forEach((form) => {
  const items = [...document.querySelectorAll(form.dataset.items)];
  const output = form.querySelector("output");
  const texts = new Map();
  let timer = 0;
  let rest = 0;

  // A claim's citation names the whole book: every claim would be found by it.
  function ownText(item) {
    const share = item.querySelector(".share");
    return item.textContent.replace(share ? share.textContent : "", "");
  }
  // Texts are read once, when first needed: on a list of thousands that takes a while.
  function textOf(index, within) {
    if (!texts.has(within)) texts.set(within, []);
    return texts.get(within)[index] ??= (within
      ? [...items[index].querySelectorAll(within)].map((part) => part.textContent).join("\n")
      : ownText(items[index])).toLowerCase();
  }
  function readAhead(index = 0) {
    if (index >= items.length) return;
    for (const end = Math.min(index + 100, items.length); index < end; index++) textOf(index, "");
    setTimeout(readAhead, 0, index);
  }
  function fits(index, { name, value, within, piece, words }) {
    if (piece) return textOf(index, within).split(" · ")[piece].split(" ").includes(words[0]);
    if (words) return words.every((word) => textOf(index, within).includes(word));
    return (items[index].dataset[name] || "").split("|").includes(value);
  }
  // From the top, a few hundred at a time, so that the next key need not wait for a long list.
  function render(hide, index, atOnce) {
    for (let changes = 0; index < items.length && changes < atOnce; index++) {
      if (items[index].hidden === hide[index]) continue;
      items[index].hidden = hide[index];
      changes++;
    }
    rest = index < items.length ? setTimeout(render, 0, hide, index, atOnce) : 0;
  }
  function apply(atOnce = 300) {
    clearTimeout(rest);
    clearTimeout(timer);
    const wanted = [...form.elements].filter((field) => field.name && field.value.trim())
      .map(({ name, value, dataset }) => {
        const text = value.trim().toLowerCase();
        const words = name === "q" ? text.split(/\s+/) : dataset.in && [text];
        return { name, value, words, within: dataset.in || "", piece: dataset.piece };
      });
    const hide = items.map((item, index) => !wanted.every((wish) => fits(index, wish)));
    output.textContent = `${hide.filter((each) => !each).length} of ${items.length} shown`;
    render(hide, 0, atOnce);
    const query = new URLSearchParams(wanted.map(({ name, value }) => [name, value])).toString();
    const address = location.pathname + (query && `?${query}`) + location.hash;
    try { history.replaceState(null, "", address); } catch { /* a browser that forbids it on disk */ }
  }

  form.addEventListener("focusin", () => readAhead(), { once: true });
  form.addEventListener("input", (event) => {
    clearTimeout(timer);
    timer = setTimeout(() => apply(), event.target.matches("select") ? 0 : 150);
  });
  form.addEventListener("submit", (event) => { event.preventDefault(); apply(); });
  form.addEventListener("reset", () => setTimeout(() => apply()));

  // Suggestions are what the items hold.
  form.querySelectorAll("input[data-in]").forEach((field) => {
    field.addEventListener("focus", () => {
      const parts = items.flatMap((item) => [...item.querySelectorAll(field.dataset.in)]);
      const names = [...new Set(parts.map((part) => part.textContent))].sort();
      field.list.append(...names.map((name) => new Option("", name)));
    }, { once: true });
  });

  const asked = new URLSearchParams(location.search);
  const fields = [...form.elements].filter((field) => asked.get(field.name));
  fields.forEach((field) => { field.value = asked.get(field.name); });
  if (fields.length) apply();
  // A link to what the filter hides, an item or the heading of a year, ends the filter.
  function showTarget() {
    const target = document.getElementById(location.hash.slice(1));
    if (target && !target.getClientRects().length && items.some((item) => item.hidden)) {
      form.reset();
      apply(items.length);
      target.scrollIntoView();
      // Items take their full height only there: once more when they have it.
      requestAnimationFrame(() => requestAnimationFrame(() => target.scrollIntoView()));
    }
  }
  addEventListener("hashchange", showTarget);
  showTarget();
});
