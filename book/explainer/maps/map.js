/* Behaviour of every map of the book, on top of Leaflet. The data come from web.py. */
"use strict";

/* folium's own popups call jQuery for this one thing: markup to element. */
window.$ = (markup) => {
  const box = document.createElement("template");
  box.innerHTML = markup.trim();
  return [box.content.firstElementChild];
};

const bookMap = (() => {
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const state = { places: [], areas: [], routes: [], towns: [], year: null, hidden: new Set() };

  /* What depends on the reader's device; folium passes the other options.
     With one finger the page scrolls, two fingers move and zoom the map. */
  L.Map.mergeOptions({
    dragging: !matchMedia("(pointer: coarse)").matches,
    zoomAnimation: !calm, fadeAnimation: !calm, markerZoomAnimation: !calm, inertia: !calm,
  });

  /* Leaflet slides the map to a popup and on arrow keys, whatever its options say. */
  if (calm) {
    const { panBy } = L.Map.prototype;
    L.Map.include({ panBy(offset, options) { return panBy.call(this, offset, { ...options, animate: false }); } });
  }

  /* Theme: the reader's system, unless the page around the map says otherwise. */
  function setTheme(theme) {
    if (theme === "dark" || theme === "light") document.documentElement.dataset.theme = theme;
  }
  try {
    const page = parent === window ? null : parent.document;
    if (page) {
      setTheme(page.documentElement.dataset.theme);
      if (page.body.dataset.jpThemeLight) setTheme(page.body.dataset.jpThemeLight === "false" ? "dark" : "light");
    }
  } catch { /* another origin, as with files opened from disk: the message below does it */ }
  addEventListener("message", (event) => {
    if (event.source === parent && event.data) setTheme(event.data.theme);
  });

  function word(map, at, text, kind) {
    const icon = L.divIcon({ className: `map-word map-word-${kind}`, iconSize: [0, 0], html: "<span></span>" });
    const marker = L.marker(at, { icon, interactive: false, keyboard: false, pane: kind === "town" ? "towns" : "words" }).addTo(map);
    marker.getElement().firstChild.textContent = text;
    marker.getElement().setAttribute("aria-hidden", "true");
    return marker;
  }

  // Land as web.py packs it: rings of steps in whole parts of a degree. Gives GeoJSON.
  function unpacked({ scale, features }) {
    const ring = (steps) => {
      const points = [];
      for (let i = 0, x = 0, y = 0; i < steps.length; i += 2) {
        x += steps[i];
        y += steps[i + 1];
        points.push([x / scale, y / scale]);
      }
      return points;
    };
    return {
      type: "FeatureCollection",
      features: features.map(([properties, polygons]) => ({
        type: "Feature",
        properties,
        geometry: { type: "MultiPolygon", coordinates: polygons.map((rings) => rings.map(ring)) },
      })),
    };
  }

  function start(map, { view, bounds, land: packed, main, words }) {
    const land = unpacked(packed);
    map.createPane("words").style.zIndex = 450;
    map.createPane("towns").style.zIndex = 620;
    for (const pane of ["words", "towns"]) map.getPane(pane).style.pointerEvents = "none";
    L.geoJSON(land, {
      interactive: false,
      style: (f) => ({ className: main.includes(f.properties.name) ? "land land-main" : "land" }),
    }).addTo(map);
    state.land = land;
    state.words = words.map((w) => ({ ...w, marker: word(map, [w.lat, w.lon], w.text, w.kind) }));
    /* Show the whole subject until the reader moves the map, also when the phone is turned. */
    let moved = false;
    const fit = () => {
      map.setMinZoom(0);
      map.fitBounds(view, { animate: false });
      map.setMinZoom(Math.max(0, map.getZoom() - 2));
      moved = false;
    };
    map.on("dragstart zoomstart", () => { moved = true; });
    map.on("resize", () => { if (!moved) fit(); });
    map.setMaxBounds(bounds);
    /* A popup near the edge needs room to be moved into view. */
    map.on("popupopen", () => { map.setMaxBounds(null); });
    map.on("popupclose", () => { map.setMaxBounds(bounds); });
    fit();
    L.control.scale({ imperial: false }).addTo(map);
    map.on("moveend", () => arrange(map));

    const box = map.getContainer();
    box.setAttribute("role", "region");
    box.setAttribute("aria-label", document.title);
    box.addEventListener("keydown", (event) => {
      if (event.key === "Escape") map.closePopup();
    });
    /* A popup opened from the keyboard takes the focus; closing gives it back to its symbol. */
    let entered = false;
    map.on("popupopen", ({ popup }) => {
      box.classList.add("reading");
      const content = popup.getElement();
      content.setAttribute("role", "dialog");
      content.setAttribute("aria-label", popup._source?.options?.title || "Details");
      if (box.querySelector(":focus-visible")) {
        content.tabIndex = -1;
        content.focus({ preventScroll: true });
        entered = true;
      }
    });
    map.on("popupclose", ({ popup }) => {
      box.classList.remove("reading");
      /* Without fading the popup and the focus in it are gone by now. */
      const left = document.activeElement === document.body || popup.getElement()?.contains(document.activeElement);
      if (entered && left) popup._source?.getElement()?.focus({ preventScroll: true });
      entered = false;
    });

    /* Ask the page for the height that map and legend need. */
    const height = () => {
      const panel = document.querySelector(".map-panel").offsetHeight;
      const wanted = Math.round(Math.min(Math.max(innerWidth * 0.72, 360), 520)) + panel;
      if (wanted === state.height) return;
      state.height = wanted;
      if (window.frameElement) window.frameElement.height = wanted;
      else if (parent !== window) parent.postMessage({ map: document.documentElement.dataset.map, height: wanted }, "*");
    };
    addEventListener("load", height);
    new ResizeObserver(() => { height(); map.invalidateSize({ animate: false }); }).observe(document.body);
  }

  /* Push symbols apart until none covers another, each as near to its true point as that allows.
     They grow from nothing while they are pushed, so neighbours stay on their own side; large ones
     move less. The same steps as separate() in base.py; no chance is involved. */
  function separate(points, radii) {
    const at = points.map((p, i) => [p.x + 0.01 * Math.cos(2.4 * i), p.y + 0.01 * Math.sin(2.4 * i)]);
    for (let step = 1; step <= 160; step++) {
      const grown = Math.min(1, step / 80);
      for (let i = 0; i < at.length; i++) {
        for (let j = i + 1; j < at.length; j++) {
          const dx = at[j][0] - at[i][0], dy = at[j][1] - at[i][1];
          const apart = Math.hypot(dx, dy), need = grown * (radii[i] + radii[j] + 2);
          if (apart >= need) continue;
          const push = (need - apart) / apart, mine = radii[j] ** 2 / (radii[i] ** 2 + radii[j] ** 2);
          at[i][0] -= dx * push * mine; at[i][1] -= dy * push * mine;
          at[j][0] += dx * push * (1 - mine); at[j][1] += dy * push * (1 - mine);
        }
      }
      if (step <= 120) at.forEach((a, i) => { a[0] += 0.05 * (points[i].x - a[0]); a[1] += 0.05 * (points[i].y - a[1]); });
    }
    return at;
  }

  /* Place symbols, the lines to their true points, and town names for the present zoom. */
  function arrange(map) {
    const points = state.places.map((p) => map.latLngToLayerPoint(p.marker.getLatLng()));
    const at = separate(points, state.places.map((p) => p.radius));
    state.places.forEach((place, i) => {
      const dx = at[i][0] - points[i].x, dy = at[i][1] - points[i].y;
      const icon = place.marker.getElement();
      icon.style.marginLeft = `${dx - place.radius}px`;
      icon.style.marginTop = `${dy - place.radius}px`;
      place.marker.options.icon.options.popupAnchor = [dx, dy - place.radius];
      place.box = [at[i][0] - place.radius, at[i][1] - place.radius, at[i][0] + place.radius, at[i][1] + place.radius];
      const far = Math.hypot(dx, dy) > place.radius;
      place.leg.setLatLngs(far ? [place.marker.getLatLng(), map.layerPointToLatLng(at[i])] : []);
      place.end.setRadius(far ? 2 : 0);
    });
    const taken = state.places.map((p) => p.box);
    for (const { marker } of state.areas) {
      const p = map.latLngToLayerPoint(marker.getLatLng()), label = marker.getElement().firstChild;
      taken.push([p.x - label.offsetWidth / 2, p.y - label.offsetHeight / 2, p.x + label.offsetWidth / 2, p.y + label.offsetHeight / 2]);
    }
    const { min, max } = map.getPixelBounds(), origin = map.getPixelOrigin();
    const seen = [min.x - origin.x, min.y - origin.y, max.x - origin.x, max.y - origin.y];
    const free = (b) => taken.every((t) => b[2] < t[0] || b[0] > t[2] || b[3] < t[1] || b[1] > t[3]);
    const whole = (b) => b[0] > seen[0] && b[1] > seen[1] && b[2] < seen[2] && b[3] < seen[3];
    for (const town of state.towns) {
      const boxes = town.members.map((i) => state.places[i].box);
      const [l, t, r, b] = [0, 1, 2, 3].map((k) => Math[k < 2 ? "min" : "max"](...boxes.map((x) => x[k])));
      const span = town.marker.getElement().firstChild, w = span.offsetWidth, h = span.offsetHeight;
      const cx = (l + r - w) / 2, cy = (t + b - h) / 2;
      const spots = [cy, b - h, t].flatMap((y) => [[r + 3, y], [l - 3 - w, y]])
        .concat([cx, r - w, l].flatMap((x) => [[x, b + 2], [x, t - 2 - h]]));
      const spot = spots.find(([x, y]) => free([x, y, x + w, y + h]) && whole([x, y, x + w, y + h]));
      span.style.visibility = spot ? "" : "hidden";
      if (!spot) continue;
      taken.push([spot[0], spot[1], spot[0] + w, spot[1] + h]);
      const p = map.latLngToLayerPoint(town.marker.getLatLng());
      span.style.left = `${spot[0] - p.x}px`;
      span.style.top = `${spot[1] - p.y}px`;
    }
    /* Country and sea names give way to everything else. */
    for (const { marker, text } of state.words) {
      const span = marker.getElement().firstChild, p = map.latLngToLayerPoint(marker.getLatLng());
      const b = [p.x - span.offsetWidth / 2, p.y - span.offsetHeight / 2, p.x + span.offsetWidth / 2, p.y + span.offsetHeight / 2];
      const fits = free(b) && whole(b) && !state.areas.some((area) => area.territory === text);
      span.style.visibility = fits ? "" : "hidden";
      if (fits) taken.push(b);
    }
  }

  const popupFor = (map, html) => (layer) => {
    const size = map.getSize();
    layer.getPopup().options.maxWidth = Math.min(320, size.x - 60);
    layer.getPopup().options.maxHeight = Math.max(140, size.y - 90);
    return html;
  };

  function marker(map, item, icon) {
    const layer = L.marker([item.lat, item.lon], { icon, title: item.title, alt: item.title, riseOnHover: true }).addTo(map);
    layer.getElement().setAttribute("aria-label", item.title);
    layer.bindPopup(popupFor(map, item.popup), { autoPanPadding: [12, 12] });
    return layer;
  }

  function places(map, { points, areas, towns }) {
    const before = state.places.length;
    for (const item of points) {
      const icon = L.divIcon({ className: "map-mark", iconSize: [2 * item.radius, 2 * item.radius], html: item.svg });
      const leg = L.polyline([], { className: "leg", interactive: false }).addTo(map);
      const end = L.circleMarker([item.lat, item.lon], { className: "leg-end", radius: 0, interactive: false }).addTo(map);
      state.places.push({ ...item, leg, end, marker: marker(map, item, icon) });
    }
    for (const item of areas) {
      const feature = state.land.features.find((f) => f.properties.name === item.territory);
      const colour = (layer) => layer.eachLayer((l) => l.getElement().style.setProperty("--fig-area", item.colour));
      const shade = L.geoJSON(feature, { interactive: false, style: { className: "area" } }).addTo(map);
      const lines = L.geoJSON(feature, { interactive: false, style: { className: "area-lines", fillColor: `url(#${item.hatch})` } }).addTo(map);
      colour(shade);
      const icon = L.divIcon({ className: "map-area", iconSize: [0, 0], html: item.label });
      const label = marker(map, item, icon);
      label.getElement().firstChild.style.setProperty("--fig-area", item.colour);
      // To the middle: the nearest corner may lie beside a town, which would be read as the spot.
      const leg = L.polyline([label.getLatLng(), shade.getBounds().getCenter()], { className: "leg", interactive: false }).addTo(map);
      state.areas.push({ ...item, marker: label, extra: [shade, lines, leg] });
    }
    for (const town of towns) {
      const members = town.members.map((i) => before + i);
      const at = state.places[members[0]].marker.getLatLng();
      state.towns.push({ members, marker: word(map, at, town.text, "town") });
    }
    update(map);
    arrange(map);
  }

  function lines(map, { layer, routes }) {
    for (const route of routes) {
      const line = L.polyline(route.points, { className: "route", dashArray: route.dash, interactive: false }).addTo(map);
      line.getElement().style.stroke = route.colour;
      state.routes.push({ ...route, layer, line });
    }
    update(map);
  }

  /* Open in a year: opened in it or before, and not closed before it. Unknown ends stay open. */
  const inYear = (item) => state.year === null
    || ((item.since === null || item.since <= state.year) && (item.until === null || item.until >= state.year));

  function update(map) {
    for (const place of state.places) {
      const on = inYear(place);
      const icon = place.marker.getElement();
      /* A hidden symbol must not hold the focus or an open popup. */
      if (!on) place.marker.closePopup();
      icon.classList.toggle("away", !on);
      for (const path of [place.leg, place.end]) path.getElement().style.display = on ? "" : "none";
    }
    for (const area of state.areas) {
      const on = inYear(area);
      if (!on) area.marker.closePopup();
      area.marker.getElement().classList.toggle("away", !on);
      for (const layer of area.extra) (on ? layer.addTo(map) : layer.remove());
    }
    for (const town of state.towns) {
      town.marker.getElement().classList.toggle("away", !town.members.some((i) => inYear(state.places[i])));
    }
    for (const route of state.routes) {
      const on = inYear(route) && !state.hidden.has(route.layer);
      route.line.getElement().style.display = on ? "" : "none";
    }
  }

  function slider(map, { years, index, notes }) {
    const panel = document.querySelector(".map-time");
    const range = panel.querySelector("input"), list = panel.querySelector("select");
    const said = panel.querySelector("output"), play = panel.querySelector("button");
    const say = () => {
      const open = [...state.places, ...state.areas].filter(inYear);
      const away = open.filter((item) => !map.getBounds().contains(item.marker.getLatLng())).length;
      said.textContent = `${state.year}: ${open.length} ${open.length === 1 ? "place" : "places"}`
        + `${away ? `, ${away} of them outside this view` : ""}.${notes[state.year] ? ` ${notes[state.year]}` : ""}`;
    };
    const set = (i) => {
      state.year = years[i];
      range.value = i;
      range.setAttribute("aria-valuetext", String(state.year));
      list.value = i;
      update(map);
      say();
      document.documentElement.dataset.year = state.year;
    };
    map.on("moveend", say);
    let timer = null;
    const stop = () => {
      clearInterval(timer);
      timer = null;
      play.textContent = "Play";
    };
    range.addEventListener("input", () => { stop(); set(+range.value); });
    list.addEventListener("change", () => { stop(); set(+list.value); });
    play.addEventListener("click", () => {
      if (timer) return stop();
      if (+range.value === years.length - 1) set(0);
      play.textContent = "Stop";
      timer = setInterval(() => {
        if (+range.value >= years.length - 1) return stop();
        set(+range.value + 1);
      }, 1400);
    });
    set(index);
  }

  function layers(map) {
    for (const box of document.querySelectorAll(".map-layers input")) {
      const change = () => {
        state.hidden[box.checked ? "delete" : "add"](box.value);
        update(map);
      };
      box.addEventListener("change", change);
      change();
    }
  }

  return { start, places, lines, slider, layers };
})();
