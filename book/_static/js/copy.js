// --- Buttons that copy a text of the page ------------------------------------------------------
document.querySelectorAll("button[data-copy]").forEach((button) => {
  const label = button.textContent;
  button.addEventListener("click", async () => {
    const text = document.getElementById(button.dataset.copy);
    const done = await copied(text.textContent);
    button.focus();
    if (!done) getSelection().selectAllChildren(text);
    button.textContent = done ? "Copied" : "Selected: copy it";
    setTimeout(() => { button.textContent = label; }, 2000);
  });
});
