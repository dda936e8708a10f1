// A table that readers sort by any column and filter by words. Pages of a long one are turned:
// the rows that the page does not hold come with a script of their own, when they are needed.
"use strict";
{
  const table = document.querySelector("table.sortable");
  const body = table.tBodies[0];
  const form = document.querySelector("form.table-filter");
  const output = form.querySelector("output");
  const [back, on] = form.querySelectorAll("button[data-turn]");
  const heads = [...table.tHead.rows[0].cells];
  const size = Number(table.dataset.page);
  const asked = new URLSearchParams(location.search);
  let rows = [...body.rows];
  let first = 0;
  let loading = null;
  let order = { column: -1, down: false };
  let timer = 0;

  globalThis.addRows = (html) => {
    const holder = document.createElement("table");
    holder.innerHTML = `<tbody>${html}</tbody>`;
    rows.push(...holder.tBodies[0].rows);
  };

  /** All rows; those that are not on the page are loaded once. */
  function whole() {
    loading ??= new Promise((resolve) => {
      if (!table.dataset.rest) return resolve();
      const script = document.createElement("script");
      script.src = table.dataset.rest;
      script.onload = resolve;
      document.head.append(script);
    });
    return loading;
  }

  /** What a row sorts by: numbers as numbers, empty cells last in either direction. */
  function sort() {
    const { column, down } = order;
    if (column < 0) return;
    const isNumber = heads[column].classList.contains("number");
    const { compare } = new Intl.Collator("en", { numeric: true });
    const keyed = rows.map((row) => {
      const text = row.cells[column].textContent;
      return { row, empty: !text, key: isNumber ? Number(text) : text };
    });
    keyed.sort((a, b) => a.empty - b.empty
      || (isNumber ? a.key - b.key : compare(a.key, b.key)) * (down ? -1 : 1));
    rows = keyed.map(({ row }) => row);
  }

  function show() {
    const words = form.q.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
    const found = rows.filter((row) => {
      if (!words.length) return true;
      const text = (row.text ??= [...row.cells].map((each) => each.textContent).join("\n").toLowerCase());
      return words.every((word) => text.includes(word));
    });
    if (first >= found.length) first = 0;
    const end = Math.min(first + size, found.length);
    body.replaceChildren(...found.slice(first, end));
    const count = found.length.toLocaleString("en");
    output.textContent = found.length > size
      ? `Rows ${first + 1} to ${end} of ${count}`
      : `${count} of ${rows.length.toLocaleString("en")} rows shown`;
    back.disabled = first === 0;
    on.disabled = end === found.length;
    heads.forEach((head, index) => {
      if (index !== order.column) head.removeAttribute("aria-sort");
      else head.setAttribute("aria-sort", order.down ? "descending" : "ascending");
    });
    const state = new URLSearchParams();
    if (words.length) state.set("q", form.q.value.trim());
    if (order.column >= 0) state.set("sort", `${order.down ? "-" : ""}${heads[order.column].textContent}`);
    const query = state.toString();
    try {
      history.replaceState(null, "", location.pathname + (query && `?${query}`) + location.hash);
    } catch { /* a browser that forbids it on disk */ }
  }

  async function update() {
    await whole();
    sort();
    show();
  }

  heads.forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      order = { column, down: order.column === column && !order.down };
      first = 0;
      update();
    });
  });
  [back, on].forEach((button) => button.addEventListener("click", () => {
    first = Math.max(0, first + Number(button.dataset.turn) * size);
    update().then(() => table.parentElement.scrollTo(0, 0));
  }));
  form.addEventListener("focusin", whole, { once: true });
  form.addEventListener("submit", (event) => { event.preventDefault(); update(); });
  form.addEventListener("input", () => {
    clearTimeout(timer);
    first = 0;
    timer = setTimeout(update, 150);
  });

  form.q.value = asked.get("q") || "";
  const by = asked.get("sort") || "";
  order = { column: heads.findIndex((head) => head.textContent === by.replace(/^-/, "")), down: by.startsWith("-") };
  if (form.q.value || order.column >= 0) update();
}
