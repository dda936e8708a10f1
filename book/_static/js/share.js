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
  const said = document.createElement("span");
  said.setAttribute("role", "status");
  const what = block.querySelector(".hidden");
  const texts = { link: here + (block.dataset.anchor || ""), citation: block.querySelector(".citation").textContent };
  const buttons = Object.entries(texts).map(([kind, text]) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = `Copy ${kind}`;
    if (what) button.append(what.cloneNode(true));
    button.addEventListener("click", async () => {
      const done = await copied(text);
      button.focus();
      said.textContent = done ? `Copied the ${kind}.` : text;
      if (!done) getSelection().selectAllChildren(said);
    });
    return button;
  });
  block.prepend(...buttons);
  block.append(said);
});
