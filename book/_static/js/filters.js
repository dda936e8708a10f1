// --- Lists with a filter: the ledger and the facts -------------------------------------------
document.querySelectorAll("form.filter").forEach((form) => {
  const items = [...document.querySelectorAll(form.dataset.items)];
  const texts = items.map((item) => {
    const share = item.querySelector(".share"); // Its citation names the whole book.
    return item.textContent.replace(share ? share.textContent : "", "").toLowerCase();
  });
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
