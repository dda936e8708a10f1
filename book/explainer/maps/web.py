"""The interactive map: folium on our own base map, as one HTML document without outside hosts."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import Any, ClassVar

import folium
from branca.element import Element, MacroElement
from folium.template import Template
from pandas import DataFrame

from explainer import data, style
from explainer.languages import tagged
from explainer.maps.base import (
    BOUNDARIES,
    DASHES,
    LARGE,
    PRECISION_LABELS,
    REGIONS,
    SHAPES,
    SMALL,
    Box,
    Look,
    Place,
    Symbol,
    label_point,
    land_of,
    missing,
    precision_shown,
    prepared,
    stretches,
    with_article,
)


def _variable(colour: str) -> str:
    """A colour name as CSS that follows light and dark."""
    return f"var(--fig-{colour.replace('_', '-')})"


def _svg(symbol: Symbol, half: float, ring: float = 0.0, hollow: bool = False) -> str:
    """A symbol as inline SVG, ``half`` its half width in pixels, ``ring`` the ring's radius."""
    reach = max(half, ring) + 1
    colour = _variable(symbol.colour)
    corners = " ".join(f"{x * half:.2f},{y * half:.2f}" for x, y in SHAPES[symbol.shape])
    halo = (
        f'<circle class="ring" r="{ring:g}" style="fill:{colour};stroke:{colour}"/>' if ring else ""
    )
    fill, stroke = ("var(--fig-paper)", colour) if hollow else (colour, "var(--fig-paper)")
    return (
        f'<svg width="{2 * reach:g}" height="{2 * reach:g}" '
        f'viewBox="{-reach:g} {-reach:g} {2 * reach:g} {2 * reach:g}" aria-hidden="true">{halo}'
        f'<polygon class="symbol" points="{corners}" style="fill:{fill};stroke:{stroke}"/></svg>'
    )


class _Call(MacroElement):
    """One call of a function of ``map.js`` with JSON data."""

    _template = Template(
        "{% macro script(this, kwargs) %}"
        "bookMap.{{ this.function }}({{ this._parent.get_name() }}, {{ this.json }});\n"
        "{% endmacro %}"
    )

    def __init__(self, function: str, argument: object) -> None:
        super().__init__()
        self._name = "Call"
        self.function = function
        text = json.dumps(argument, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
        # Inside <script> these could end the script or, in old browsers, the line.
        for character in "<>&\u2028\u2029":
            text = text.replace(character, f"\\u{ord(character):04x}")
        # branca reads what it has rendered as a template once more. In JSON, such signs stand
        # in strings only.
        for second in "{%#":
            text = text.replace("{" + second, f"{{\\u{ord(second):04x}")
        self.json = text


class BookMap(folium.Map):
    """A folium map that asks no outside host for anything; made by :func:`base_map`."""

    default_js: ClassVar[list[tuple[str, str]]] = []
    default_css: ClassVar[list[tuple[str, str]]] = []

    def __init__(self, region: str, **options: Any) -> None:
        super().__init__(
            tiles=None,
            zoom_control="bottomright",
            scroll_wheel_zoom=False,
            attribution_control=False,
            zoom_snap=0.25,
            zoom_delta=1,
            max_zoom=REGIONS[region].max_zoom,
            max_bounds_viscosity=0.8,
            **options,
        )
        self.region = region
        self.legend: dict[str, str] = {}
        self.colours: dict[str, None] = {}
        self.years: list[int] = []
        self.year_index = 0
        self.year_label = ""
        self.layers: dict[str, bool] = {}


def _corners(box: Box) -> list[list[float]]:
    """A box as Leaflet wants it: south-west and north-east, latitude first."""
    west, south, east, north = box
    return [[south, west], [north, east]]


def packed(land: Mapping[str, Any]) -> dict[str, Any]:
    """GeoJSON of polygons at half its size, compressed, for ``unpacked`` in ``map.js``.

    A ring becomes a list of whole numbers, x and y in turn, in thousandths of a degree:
    each the step from the point before, the first from 0.
    """

    def steps(ring: list[list[float]]) -> list[int]:
        points = [(0, 0), *((round(x * 1000), round(y * 1000)) for x, y in ring)]
        return [
            step
            for (x, y), (next_x, next_y) in pairwise(points)
            for step in (next_x - x, next_y - y)
        ]

    return {
        "scale": 1000,
        "features": [
            [
                feature["properties"],
                [list(map(steps, polygon)) for polygon in feature["geometry"]["coordinates"]],
            ]
            for feature in land["features"]
        ],
    }


def base_map(region: str, view: Box | None = None) -> BookMap:
    """An empty map of a region of ``REGIONS``, opening with its view or with ``view``.

    Raises ``KeyError`` for an unknown region.
    """
    spec = REGIONS[region]
    west, south, east, north = view or spec.view
    m = BookMap(region, location=[(south + north) / 2, (west + east) / 2], zoom_start=5)
    m.add_child(
        _Call(
            "start",
            {
                "view": _corners(view or spec.view),
                "bounds": _corners(spec.bounds),
                "land": packed(land_of(region)),
                "main": () if view else spec.main,
                "words": [vars(word) for word in spec.words],
            },
        )
    )
    return m


def _popup(
    place: Place,
    facts: Mapping[str, str],
    statement: str | None,
    confidence: str | None,
    sources: Mapping[str, Mapping[str, Any]],
) -> str:
    """The popup's HTML. Every value is escaped here and nowhere else."""

    def cell(column: str) -> str:
        value = place.row[column]
        return "" if missing(value) else html.escape(str(value))

    parts = [f"<h2>{html.escape(place.name)}</h2>"]
    pairs = "".join(
        f"<dt>{html.escape(heading)}</dt><dd>{cell(column)}</dd>"
        for heading, column in facts.items()
        if cell(column)
    )
    if place.precision == "city":
        pairs += "<dt>Position</dt><dd>town known, spot not</dd>"
    if place.precision == "region":
        pairs += f"<dt>Position</dt><dd>somewhere in: {html.escape(place.territory)}</dd>"
    parts.append(f"<dl>{pairs}</dl>" if pairs else "")
    if statement and cell(statement):
        parts.append(f"<p>{cell(statement)}</p>")
    if confidence and cell(confidence):
        parts.append(f"<p>Confidence: {cell(confidence)}</p>")
    links = []
    ids = place.row.get("sources")
    for source in [] if missing(ids) else [sources[one] for one in str(ids).split()]:
        words = html.escape(f"{source['publisher']}: {source['title']}")
        url = "" if missing(source["url"]) else str(source["url"])
        if url.startswith(("https://", "http://")):
            target = 'target="_blank" rel="noopener noreferrer"'
            words = (
                f'<a href="{html.escape(url)}" hreflang="{source["language"]}" {target}>{words}</a>'
            )
        links.append(tagged(words))
    if links:
        parts.append(f"<p>Source{'s' if len(links) > 1 else ''}: {'; '.join(links)}</p>")
    return "".join(parts)


def add_places(
    m: BookMap,
    rows: DataFrame,
    look: Look,
    *,
    facts: Mapping[str, str] | None = None,
    statement: str | None = None,
    confidence: str | None = None,
) -> None:
    """Put one symbol, or one shaded territory, per row on the map, and extend its legend.

    ``facts`` maps headings of the popup to columns; ``statement`` and ``confidence`` are columns.
    Sources are named from the column ``sources``. ``rows`` have ``lat``, ``lon``, ``precision``
    and ``territory``, or a ``place`` in ``places.csv`` (:func:`located`).

    Raises ``ValueError`` for a row that cannot be drawn, among them a row of precision
    ``region`` whose territory is not on this map.
    """
    places = prepared(rows, look)
    sources = {}
    if "sources" in rows and rows["sources"].notna().any():
        sources = {one["id"]: one for one in data.sources_of(rows).to_dict("records")}
    territories = {f["properties"]["name"] for f in land_of(m.region)["features"]}
    points: list[dict] = []
    areas: list[dict] = []
    towns: dict[str, list[int]] = {}
    for place in places:
        item = {
            "title": place.name,
            "lat": place.lat,
            "lon": place.lon,
            "since": place.since,
            "until": place.until,
            "popup": _popup(place, facts or {}, statement, confidence, sources),
        }
        if place.precision == "region":
            if place.territory not in territories:
                raise ValueError(
                    f"place {place.name!r}: {place.territory!r} is not on the map {m.region}"
                )
            lat, lon = label_point(m.region, place.territory)
            # Further labels of the same territory stand below the first.
            lat -= 0.22 * sum(area["territory"] == place.territory for area in areas)
            areas.append(
                item
                | {
                    "lat": lat,
                    "lon": lon,
                    "territory": place.territory,
                    "colour": _variable(place.symbol.colour),
                    "hatch": f"hatch-{place.symbol.colour}",
                    "label": '<div class="area-label">'
                    f"{_svg(place.symbol, SMALL, hollow=place.hollow)} {html.escape(place.name)}: "
                    f"somewhere in {html.escape(with_article(place.territory))}</div>",
                }
            )
            m.colours[place.symbol.colour] = None
            continue
        if place.town:
            towns.setdefault(place.town, []).append(len(points))
        ring = place.half + 4.5 if place.precision == "city" else 0
        points.append(
            item
            | {
                "radius": place.radius,
                "svg": _svg(place.symbol, place.half, ring, place.hollow),
            }
        )
    m.add_child(
        _Call(
            "places",
            {
                "points": points,
                "areas": areas,
                "towns": [{"text": text, "members": members} for text, members in towns.items()],
            },
        )
    )
    m.legend |= _legend(places, look)


def _legend(places: Sequence[Place], look: Look) -> dict[str, str]:
    """Legend entries, text to picture, for what these rows need and in the order of symbols."""
    out = {}
    drawn = {id(place.symbol) for place in places}
    for kind, symbol in look.symbols.items():
        if id(symbol) in drawn:
            out[symbol.label or str(kind)] = _svg(symbol, SMALL)
    grey = Symbol("circle", "slate")
    if any(place.hollow for place in places) and look.hollow_label:
        out[look.hollow_label] = _svg(grey, SMALL, hollow=True)
    if look.size and look.size_label:
        out[look.size_label] = _svg(grey, SMALL) + _svg(grey, LARGE * 0.55)
    kinds = {precision_shown(place) for place in places}
    if kinds != {"exact"}:
        pictures = {
            "exact": _svg(grey, SMALL),
            "city": _svg(grey, SMALL, SMALL + 4.5),
            "region": '<svg width="22" height="14" aria-hidden="true">'
            '<rect x="1" y="1" width="20" height="12" class="area" '
            f'style="--fig-area:{_variable("slate")}"/></svg>',
        }
        out |= {
            PRECISION_LABELS[kind]: picture for kind, picture in pictures.items() if kind in kinds
        }
    return out


def add_lines(
    m: BookMap,
    rows: DataFrame,
    *,
    layer: str,
    colours: Mapping[str, str],
    route: str = "route",
    order: str = "seq",
    mode: str | None = "mode_to_next",
    years: Mapping[str, tuple[int | None, int | None]] | None = None,
    labels: Mapping[str, str] | None = None,
    shown: bool = True,
) -> None:
    """Draw routes through the rows' points in the order of column ``order``.

    ``layer`` is the name beside a checkbox that shows and hides them all. ``colours`` gives each
    route a colour name; ``years`` its first and last year for the slider (missing: always);
    ``labels`` its text in the legend (missing: the route's own name). ``mode`` is the column with
    the mode of transport from a point to the next.
    """
    routes = []
    modes: dict[str, str] = {}
    for name, by, points in stretches(rows, route, order, mode):
        since, until = (years or {}).get(name, (None, None))
        colour = _variable(colours[name])
        dash = DASHES.get(by, "")
        routes.append(
            {"points": points, "dash": dash or None, "colour": colour}
            | {"since": since, "until": until}
        )
        text = f"route: {(labels or {}).get(name, name)}"
        m.legend.setdefault(text, _line(colour))
        if by in DASHES:
            modes.setdefault(f"by {by}", _line(_variable("slate"), dash))
    m.legend |= modes if len(modes) > 1 else {}
    if not m.layers:
        m.add_child(_Call("layers", {}))
    m.layers[layer] = shown
    m.add_child(_Call("lines", {"layer": layer, "routes": routes}))


def _line(colour: str, dash: str = "") -> str:
    """A line of a route for the legend."""
    pattern = f";stroke-dasharray:{dash}" if dash else ""
    return (
        '<svg width="26" height="8" aria-hidden="true"><path class="route" d="M1 4H25" '
        f'style="stroke:{colour}{pattern}"/></svg>'
    )


def time_slider(
    m: BookMap,
    years: Sequence[int],
    *,
    start: int | None = None,
    label: str = "Year",
    notes: Mapping[int, str] | None = None,
) -> None:
    """Let the reader choose a year; call it after all places and lines were added.

    A native slider (arrow keys, Home, End), the same years as a list, a play button, and a line
    that says the year, how many places are shown, and the note for that year, if any. ``start``
    is the first year shown, by default the first of ``years``.
    """
    m.years = list(years)
    m.year_index = m.years.index(start) if start is not None else 0
    m.year_label = label
    m.add_child(
        _Call(
            "slider",
            {
                "years": m.years,
                "index": m.year_index,
                "notes": {str(year): text for year, text in (notes or {}).items()},
            },
        )
    )


@cache
def _shared() -> dict[str, str]:
    """The texts that all maps share, by the name under which the site stores one copy."""
    leaflet = files("xstatic.pkg.leaflet") / "data"
    here = Path(__file__).parent
    return {
        "leaflet.css": (leaflet / "leaflet.css").read_text(encoding="utf-8"),
        "map.css": style.css_variables() + (here / "map.css").read_text(encoding="utf-8"),
        "leaflet.js": (leaflet / "leaflet.js").read_text(encoding="utf-8"),
        "map.js": (here / "map.js").read_text(encoding="utf-8"),
    }


def _panel(m: BookMap) -> str:
    """What stands under the map: time, layers, legend, credit."""
    parts = []
    if m.years:
        options = "".join(f'<option value="{i}">{year}</option>' for i, year in enumerate(m.years))
        label = html.escape(m.year_label)
        parts.append(
            f'<div class="map-time" role="group" aria-label="{label}">'
            f'<label for="year">{label}</label>'
            f'<input type="range" id="year" min="0" max="{len(m.years) - 1}" step="1" '
            f'value="{m.year_index}">'
            f'<select aria-label="{label}, as a list">{options}</select>'
            '<button type="button">Play</button>'
            '<output for="year" aria-live="polite"></output></div>'
        )
    if m.layers:
        boxes = "".join(
            f'<label><input type="checkbox" value="{html.escape(name)}"'
            f"{' checked' if shown else ''}>{html.escape(name)}</label>"
            for name, shown in m.layers.items()
        )
        parts.append(f'<div class="map-layers" role="group" aria-label="Layers">{boxes}</div>')
    if m.legend:
        items = "".join(
            f"<li>{picture}<span>{html.escape(text)}</span></li>"
            for text, picture in m.legend.items()
        )
        parts.append(f'<ul aria-label="Legend">{items}</ul>')
    note = REGIONS[m.region].note
    parts.append(
        '<p><span class="touch-hint">Two fingers move the map. </span>'
        f"{html.escape(f'{BOUNDARIES} {note}'.strip())} Map software: Leaflet.</p>"
    )
    return f'<div class="map-panel">{"".join(parts)}</div>'


def _ids(element: Element) -> Iterator[str]:
    """The random ids of an element and all that it holds."""
    yield element._id
    for child in element._children.values():
        yield from _ids(child)


def document(m: BookMap, *, name: str, title: str) -> str:
    """The whole map as one HTML document that needs no other file.

    ``name`` must be unique in the book. The same map gives the same text in every run: folium's
    random element ids are replaced by numbers. Raises ``ValueError`` if some element that was
    added to the map wants a file from an outside host.
    """
    root = m.get_root()
    root.render()
    for own in ("meta_http", m.get_name()):
        root.header._children.pop(own, None)
    head, body, script = (part.render() for part in (root.header, root.html, root.script))
    if wanted := re.search(r"(?:src|href)\s*=\s*[\"']?(?:https?:)?//[^\"'\s>]+", head):
        raise ValueError(f"map {name}: an element of the map loads {wanted.group()}")
    random = set(_ids(root))
    numbers: dict[str, int] = {}

    def number(found: re.Match[str]) -> str:
        name = found.group()
        return str(numbers.setdefault(name, len(numbers) + 1)) if name in random else name

    own = re.sub(r"(?<=_)[0-9a-f]{32}\b", number, "\0".join([head, body, script]))
    head, body, script = own.split("\0")
    shared = _shared()
    styles = "".join(
        f'<style data-shared="{file}">{text}</style>\n'
        for file, text in shared.items()
        if file.endswith(".css")
    )
    scripts = "".join(
        f'<script data-shared="{file}">{text}</script>\n'
        for file, text in shared.items()
        if file.endswith(".js")
    )
    hatches = "".join(
        f'<pattern id="hatch-{colour}" class="hatch" width="7" height="7" '
        'patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        f'<path d="M0 0V7" style="stroke:{_variable(colour)}"/></pattern>'
        for colour in m.colours
    )
    defs = f'<svg width="0" height="0" aria-hidden="true">{hatches}</svg>' if hatches else ""
    return (
        f'<!DOCTYPE html>\n<html lang="en" data-map="{html.escape(name)}">\n<head>\n'
        '<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{html.escape(title)}</title>\n"
        '<link rel="icon" href="data:,">\n'
        f"{styles}{head.strip()}{scripts}</head>\n<body><main>\n"
        f"<h1>{html.escape(title)}</h1>\n{body.strip()}\n{defs}"
        "<noscript><p>This map needs JavaScript. The page has the same places as a picture "
        f"and as a table.</p></noscript>\n{_panel(m)}\n"
        f"</main><script>\n{script.strip()}\n</script>\n</body>\n</html>\n"
    )
