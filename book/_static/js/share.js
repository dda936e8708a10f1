// --- Copy a link or a citation: plain text, no other site is told --------------------------
const canonical = document.querySelector("link[rel=canonical]");
const here = canonical ? canonical.href : location.href.split("#")[0];

async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch { // Not offered on plain http and by some browsers from a disk.
    const field = document.createElement("textarea");
    field.value = text;
    document.body.append(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    return done;
  }
}

document.querySelectorAll(".share").forEach((block) => {
  const said = block.querySelector("[role=status]");
  const texts = { link: here + (block.dataset.anchor || ""), citation: block.querySelector(".citation").textContent };
  block.querySelectorAll("button").forEach((button) => {
    const { kind } = button.dataset;
    button.addEventListener("click", async () => {
      const done = await copied(texts[kind]);
      button.focus();
      said.textContent = done ? `Copied the ${kind}.` : texts[kind];
      if (!done) getSelection().selectAllChildren(said);
    });
  });
});
