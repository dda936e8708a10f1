// --- Menu: open on wide screens, closed on phones ------------------------------------------
const menu = document.querySelector(".contents details");
const wide = matchMedia("(min-width: 64rem)");
wide.addEventListener("change", () => { menu.open = wide.matches; });
