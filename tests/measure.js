/* What the tests of accessibility measure in a page; put into every page and frame. */
window.measure = (() => {
  const shown = (node) => node.checkVisibility({ checkVisibilityCSS: true, checkOpacity: true });
  const name = (node) => `${node.tagName.toLowerCase()}${node.id ? `#${node.id}` : ""}${node.className?.baseVal === undefined && node.className ? `.${node.className}` : ""} "${node.textContent.trim().slice(0, 40)}"`;

  /* --- Colours ----------------------------------------------------------------------- */
  const brush = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  const known = new Map();
  function rgba(colour) {
    if (!known.has(colour)) {
      brush.clearRect(0, 0, 1, 1);
      brush.fillStyle = colour;
      brush.fillRect(0, 0, 1, 1);
      const [r, g, b, a] = brush.getImageData(0, 0, 1, 1).data;
      known.set(colour, [r, g, b, a / 255]);
    }
    return [...known.get(colour)];
  }
  const over = ([r, g, b, a], [R, G, B]) => [r * a + R * (1 - a), g * a + G * (1 - a), b * a + B * (1 - a), 1];
  function luminance([r, g, b]) {
    const [x, y, z] = [r, g, b].map((v) => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  }
  function contrast(a, b) {
    const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x);
    return (high + 0.05) / (low + 0.05);
  }
  function painted(style, what) {
    if (style[what] === "none" || style[what].startsWith("url")) return null;
    const colour = rgba(style[what]);
    colour[3] *= parseFloat(style[`${what}Opacity`]) * parseFloat(style.opacity);
    return colour[3] ? colour : null;
  }
  const paper = () => over(rgba(getComputedStyle(document.body).backgroundColor), [255, 255, 255]);

  /* Laid out first: what has not come near yet has no shapes for the browser. */
  function drawings() {
    const all = [...document.querySelectorAll(".figure-picture svg")].filter(shown);
    for (const svg of all) svg.parentElement.style.contentVisibility = "visible";
    document.body.getBoundingClientRect();
    return all;
  }
  const partsOf = (svg, kinds) => [...svg.querySelectorAll(kinds)].filter((part) => !part.closest("defs, clipPath, pattern"));
  const filled = (svg) => partsOf(svg, "path, rect, circle, polygon")
    .map((shape) => ({ shape, fill: painted(groundOf(shape), "fill") }));

  /* What fills a shape; of a hatched one, the ground of its pattern. */
  function groundOf(shape) {
    const style = getComputedStyle(shape);
    const pattern = style.fill.match(/^url\("?#([\w-]+)/);
    return pattern ? getComputedStyle(document.getElementById(pattern[1]).querySelector("rect")) : style;
  }

  /* The colour under a point of a drawing: all shapes drawn before `until`, one over the other. */
  function under(shapes, until, x, y) {
    let ground = paper();
    for (const { shape, fill } of shapes) {
      if (shape === until || until.compareDocumentPosition(shape) & Node.DOCUMENT_POSITION_FOLLOWING) break;
      if (!fill) continue;
      const at = new DOMPoint(x, y).matrixTransform(shape.getScreenCTM().inverse());
      if (shape.isPointInFill(at)) ground = over(fill, ground);
    }
    return ground;
  }

  /* Words of the drawings with less than 4.5:1 against what lies under them. */
  function faintWords() {
    const found = [];
    for (const svg of drawings()) {
      const shapes = filled(svg);
      for (const text of svg.querySelectorAll("text")) {
        if (!text.textContent.trim()) continue;
        const colour = painted(getComputedStyle(text), "fill");
        const box = text.getBoundingClientRect();
        for (const share of [0.1, 0.5, 0.9]) {
          const ground = under(shapes, text, box.left + box.width * share, box.top + box.height / 2);
          const ratio = contrast(over(colour, ground), ground);
          if (ratio < 4.5) { found.push(`${text.textContent}: ${ratio.toFixed(2)}`); break; }
        }
      }
    }
    return found;
  }

  /* Marks and lines of the drawings with less than 3:1, by fill and by outline, against what
     lies under them. `quiet` are variables of colours that carry no meaning: grid, land, ground.
     Parts of the same shape at the same place are one mark, such as a bar, its hatch and its
     outline. What has the colour of its ground is a part of that. */
  function faintMarks(quiet) {
    const root = getComputedStyle(document.documentElement);
    const silent = quiet.map((variable) => rgba(root.getPropertyValue(variable)).slice(0, 3).join());
    const found = new Set();
    for (const svg of drawings()) {
      const shapes = filled(svg), marks = new Map();
      for (const part of partsOf(svg, "path, use, line, rect, circle, polygon")) {
        const box = part.getBoundingClientRect();
        const key = part.getAttribute("d") || part.tagName === "use" && `${part.getAttribute("x")} ${part.getAttribute("y")}` || [box.left + box.width / 2, box.top + box.height / 2].map(Math.round).join();
        marks.set(key, [...marks.get(key) || [], part]);
      }
      for (const parts of marks.values()) {
        let best = 0, speaks = false, look = "";
        for (const part of parts) {
          const style = getComputedStyle(part);
          const fill = painted(style, "fill"), stroke = painted(style, "stroke");
          const colours = [fill, stroke].filter(Boolean);
          if (!colours.every((colour) => silent.includes(colour.slice(0, 3).join()))) {
            speaks = true;
            look = `${part.tagName} ${style.fill} ${style.stroke}`;
          }
          const box = part.getBoundingClientRect();
          let points = [[box.left + box.width / 2, box.top + box.height / 2]];
          const length = !fill && part.getTotalLength ? part.getTotalLength() : 0;
          if (length) {
            const to = part.getScreenCTM();
            points = [0, 0.2, 0.4, 0.6, 0.8, 1].map((share) => {
              const at = part.getPointAtLength(length * share).matrixTransform(to);
              return [at.x, at.y];
            });
          }
          for (const [x, y] of points) {
            const ground = under(shapes, parts[0], x, y);
            for (const colour of colours) best = Math.max(best, contrast(over(colour, ground), ground));
          }
        }
        if (speaks && best < 3 && best > 1.02) found.add(`${svg.closest("figure").id}: ${look} ${best.toFixed(2)}`);
      }
    }
    return [...found];
  }

  /* Colours in the drawings that are not in the palette and so do not follow the theme. */
  function strayColours() {
    return [...new Set(drawings().flatMap((svg) => [...svg.querySelectorAll("[style], [fill], [stroke]")])
      .flatMap((part) => `${part.getAttribute("style")};fill:${part.getAttribute("fill")};stroke:${part.getAttribute("stroke")}`
        .replace(/var\(--fig-[^)]*\)/g, "").match(/#[0-9a-f]{3,8}\b|rgb\([^)]*\)/g) || []))];
  }

  /* --- Room --------------------------------------------------------------------------- */
  const lines = () => {
    const found = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let text = walker.nextNode(); text; text = walker.nextNode()) {
      const owner = text.parentElement;
      if (!text.data.trim() || owner.closest("svg, script, style, noscript, .hidden, .skip, option") || !shown(owner)) continue;
      const range = document.createRange();
      range.selectNodeContents(text);
      for (const box of range.getClientRects()) {
        if (box.width > 1 && box.height > 1) found.push({ box, text, owner });
      }
    }
    return found;
  };

  /* What a reader could not read at this size: a page that scrolls sideways, words cut off by
     the edge of the window or of their box, words that lie on other words. */
  function crowded() {
    const found = [];
    /* Items of long lists have no layout before they come into view. */
    document.querySelectorAll(".long > li").forEach((item) => { item.style.contentVisibility = "visible"; });
    if (document.documentElement.scrollWidth > innerWidth) found.push(`page is ${document.documentElement.scrollWidth} px wide`);
    const scrolls = (node) => node && (["auto", "scroll"].includes(getComputedStyle(node).overflowX) || scrolls(node.parentElement));
    const all = lines().filter(({ owner }) => !scrolls(owner));
    for (const { box, owner } of all) {
      if (box.right > innerWidth + 1 || box.left < -1) found.push(`beyond the window: ${name(owner)}`);
    }
    for (const box of document.querySelectorAll("body *")) {
      const style = getComputedStyle(box);
      if (!["hidden", "clip"].includes(style.overflowX) || box.closest("svg, .hidden") || !shown(box)) continue;
      if (box.scrollWidth > box.clientWidth + 1 || box.scrollHeight > box.clientHeight + 1) found.push(`cut: ${name(box)}`);
    }
    all.sort((a, b) => a.box.top - b.box.top);
    all.forEach(({ box, text, owner }, i) => {
      for (let j = i + 1; j < all.length && all[j].box.top < box.bottom - 3; j++) {
        const other = all[j];
        if (other.text === text) continue;
        const across = Math.min(box.right, other.box.right) - Math.max(box.left, other.box.left);
        const down = Math.min(box.bottom, other.box.bottom) - other.box.top;
        /* Boxes of lines are higher than their letters. */
        if (across > 2 && down > 0.45 * Math.min(box.height, other.box.height)) found.push(`${name(owner)} lies on ${name(other.owner)}`);
      }
    });
    return [...new Set(found)];
  }

  /* --- Keyboard ----------------------------------------------------------------------- */
  const focusable = () => [...document.querySelectorAll("a[href], button, input, select, textarea, summary, iframe, [tabindex='0']")]
    .filter((node) => shown(node) && !node.disabled);

  /* What shows no outline of at least 2 px and 3:1 when it has the focus. Press a key before.
     Of a frame, that is for what stands in its document. */
  function unseenFocus() {
    const found = [];
    for (const node of focusable().filter((each) => each.tagName !== "IFRAME")) {
      node.focus({ preventScroll: true });
      if (document.activeElement !== node) { found.push(`takes no focus: ${name(node)}`); continue; }
      /* An area of a map has no extent of its own: its label shows the outline. */
      const seen = [node, ...node.querySelectorAll("*")].map((part) => getComputedStyle(part)).some((style) =>
        style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2
        && contrast(over(rgba(style.outlineColor), paper()), paper()) >= 3);
      if (!seen) found.push(name(node));
    }
    return found;
  }

  /* --- Motion ------------------------------------------------------------------------- */
  function moving() {
    const found = document.getAnimations().map((each) => name(each.effect.target));
    for (const node of document.querySelectorAll("*")) {
      for (const part of [null, "::before", "::after"]) {
        const style = getComputedStyle(node, part);
        const moves = style.transitionDuration.split(",").some((time) => parseFloat(time) > 0.01) || style.animationName !== "none";
        if (moves || style.scrollBehavior === "smooth") found.push(name(node));
      }
    }
    return [...new Set(found)];
  }

  /* Words whose colour has less than 7:1 on white: what a printer would set grey or light. */
  function notBlack() {
    const white = [255, 255, 255];
    return [...new Set(lines()
      .filter(({ owner }) => contrast(over(rgba(getComputedStyle(owner).color), white), white) < 7)
      .map(({ owner }) => name(owner)))];
  }

  return { shown, faintWords, faintMarks, strayColours, crowded, focusable, unseenFocus, moving, notBlack };
})();
