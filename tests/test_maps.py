"""The base maps, the map toolkit, and what a reader meets in a real browser."""

from __future__ import annotations

import html
import importlib.util
import json
import re
import sys
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

import folium.plugins
import numpy as np
import pandas as pd
import pytest

from explainer import data, maps, style
from explainer.maps import web

GEO = data.ROOT / "book" / "data" / "geo"
KILOBYTES = {"world": 265, "levant": 120, "near-east": 120, "central-asia": 150}


def _load_build() -> Any:
    spec = importlib.util.spec_from_file_location("geo_build", GEO / "build.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


build = _load_build()


def rings(feature: dict) -> Iterator[list[list[float]]]:
    for polygon in feature["geometry"]["coordinates"]:
        yield from polygon


# ------------------------------------------------------------------ base maps


@pytest.mark.parametrize("name", KILOBYTES)
def test_geojson_is_small_closed_and_inside_its_box(name: str) -> None:
    path = GEO / f"{name}.geojson"
    assert path.stat().st_size < KILOBYTES[name] * 1000
    collection = json.loads(path.read_text(encoding="utf-8"))
    west, south, east, north = maps.REGIONS[name].bounds
    names = [feature["properties"]["name"] for feature in collection["features"]]
    assert len(set(names)) == len(names)
    for feature in collection["features"]:
        for ring in rings(feature):
            assert len(ring) >= 4, feature["properties"]
            assert ring[0] == ring[-1], feature["properties"]
            lons, lats = zip(*ring)
            assert min(lons) >= west - 1e-9, feature["properties"]
            assert max(lons) <= east + 1e-9, feature["properties"]
            if name != "world":
                assert min(lats) >= south - 1e-9
                assert max(lats) <= north + 1e-9
            steps = [abs(a - b) for a, b in zip(lons, lons[1:])]
            assert max(steps) < 180, f"{feature['properties']} steps over the 180th meridian"


def test_world_has_every_member_of_the_united_nations() -> None:
    members = set(data.load("country-groups")["iso3"])
    assert len(members) == 193
    world = json.loads((GEO / "world.geojson").read_text(encoding="utf-8"))
    assert members <= {feature["properties"]["a3"] for feature in world["features"]}


def test_neighbours_share_their_border() -> None:
    levant = json.loads((GEO / "levant.geojson").read_text(encoding="utf-8"))
    corners = {
        feature["properties"]["name"]: {tuple(point) for ring in rings(feature) for point in ring}
        for feature in levant["features"]
    }
    assert corners["West Bank"] <= corners["Israel"] | corners["Jordan"]


def test_opening_view_lies_inside_each_map() -> None:
    for region in maps.REGIONS.values():
        west, south, east, north = region.bounds
        assert west <= region.view[0] < region.view[2] <= east
        assert south <= region.view[1] < region.view[3] <= north


def test_clip_cuts_at_the_box() -> None:
    square = [(0.0, 0.0), (4.0, 0.0), (4.0, 4.0), (0.0, 4.0), (0.0, 0.0)]
    inside = build.clip(square, (1.0, 1.0, 2.0, 3.0))
    assert {(1.0, 1.0), (2.0, 1.0), (2.0, 3.0), (1.0, 3.0)} == set(inside)
    assert inside[0] == inside[-1]
    assert build.clip(square, (5.0, 5.0, 6.0, 6.0)) == []


def test_unwrap_cuts_at_the_180th_meridian() -> None:
    across = [[(178.0, 0.0), (-178.0, 0.0), (-178.0, 2.0), (178.0, 2.0), (178.0, 0.0)]]
    east, west = build.unwrap(across)
    assert max(x for x, _ in east[0]) == 180
    assert min(x for x, _ in west[0]) == -180


def test_crosses_tells_a_bow_tie_from_a_square() -> None:
    assert build.crosses([(0, 0), (2, 2), (2, 0), (0, 2), (0, 0)])
    assert not build.crosses([(0, 0), (2, 0), (2, 2), (0, 2), (0, 0)])


def test_dissolve_drops_the_common_border() -> None:
    arcs = [[(1, 0), (1, 1)], [(1, 1), (0, 1), (0, 0), (1, 0)], [(1, 0), (2, 0), (2, 1), (1, 1)]]
    assert build.dissolve([[[0, 1]], [[2, -1]]], arcs) in ([[[1, 2]]], [[[2, 1]]])


def test_simplify_keeps_ends_and_large_bends() -> None:
    arc = [(0, 0), (1, 0.001), (2, 0), (3, 5), (4, 0)]
    assert build.simplify(arc, 0.1, 2) == [(0, 0), (2, 0), (3, 5), (4, 0)]


# ------------------------------------------------------------------ the toolkit

LOOK = maps.Look(
    symbols={
        "red kind": maps.Symbol("circle", "orange"),
        "blue kind": maps.Symbol("square", "blue", "kind in blue"),
    },
    town="city",
    since="opened",
    until="closed",
)
UNSAFE = "</script><script>window.hacked = 1</script> & \"quoted\" 'name'"


def invented(**changes: list) -> pd.DataFrame:
    """Places that exist only in this test."""
    columns: dict[str, list] = {
        "name": [UNSAFE, "Second", "Third", "Somewhere"],
        "kind": ["red kind", "blue kind", "blue kind", "red kind"],
        "city": ["Townlet", "Townlet", None, None],
        "lat": [31.7, 31.7, 32.2, 31.45],
        "lon": [35.2, 35.2, 35.0, 34.4],
        "precision": ["city", "city", "building", "region"],
        "territory": ["West Bank", "West Bank", "West Bank", "Gaza Strip"],
        "opened": ["2001", "2003-05", None, "2001-02-03"],
        "closed": [None, "2004", None, None],
        "note": ["<b>bold</b>", None, "plain", "plain"],
        "sources": ["one two", "one", "one", "one"],
    }
    return pd.DataFrame(columns | changes)


@pytest.fixture(autouse=True)
def _invented_sources(monkeypatch: pytest.MonkeyPatch) -> None:
    """The invented rows name sources that are in no table."""
    table = pd.DataFrame(
        {
            "id": ["one", "two"],
            "publisher": ["Paper & Co", "Archive"],
            "title": ["A <report>", "No address"],
            "url": ["https://example.org/?a=1&b=2", pd.NA],
            "language": ["en", "und"],
        }
    )
    monkeypatch.setattr(data, "sources_of", lambda rows: table)


def small_map() -> maps.BookMap:
    m = maps.base_map("levant")
    maps.add_places(m, invented(), LOOK, facts={"Opened": "opened"}, statement="note")
    return m


def slider_map() -> maps.BookMap:
    m = small_map()
    route = pd.DataFrame(
        {"route": ["r", "r"], "seq": [2, 1], "lat": [31.0, 32.0], "lon": [34.0, 35.0]}
    )
    maps.add_lines(
        m, route, layer="Routes", colours={"r": "teal"}, mode=None, years={"r": (2003, 2004)}
    )
    maps.time_slider(m, [2001, 2003, 2005], start=2003, notes={2005: "The end."})
    return m


def test_the_document_is_the_same_every_time() -> None:
    first = maps.document(slider_map(), name="one", title="A map")
    m = slider_map()
    assert first == maps.document(m, name="one", title="A map")
    assert first == maps.document(m, name="one", title="A map")
    assert not re.search(r"_[0-9a-f]{32}\b", first)


def test_the_document_is_complete_and_asks_nobody() -> None:
    text = maps.document(small_map(), name="one", title="A < map")
    assert text.startswith('<!DOCTYPE html>\n<html lang="en"')
    assert "<title>A &lt; map</title>" in text
    for name in ("leaflet.css", "map.css", "leaflet.js", "map.js"):
        assert text.count(f'data-shared="{name}"') == 1
    assert not re.search(r"<(?:script|link|img|iframe)[^>]*(?:src|href)=[\"']?(?:https?:)?//", text)
    assert "user-scalable" not in text
    assert maps.BOUNDARIES in text


def test_shared_texts_do_not_end_their_element() -> None:
    for name, text in web._shared().items():
        assert "</script" not in text.lower(), name
        assert "</style" not in text.lower(), name


def test_values_are_escaped() -> None:
    text = maps.document(small_map(), name="one", title="A map")
    assert "<script>window.hacked" not in text
    assert "<b>bold" not in text
    assert "\\u003ch2\\u003e\\u0026lt;/script" in text


def test_values_are_no_templates() -> None:
    """Else a cell could run code while the book is built."""
    m = maps.base_map("levant")
    names = ["{{ 7 * 7 }}{{{", "{% set x = 1 %}", "{# gone #}", "abc_" + "d41d8cd98f00b204" * 2]
    maps.add_places(m, invented(name=names), LOOK)
    text = maps.document(m, name="one", title="A map")
    assert "{\\u007b 7 * 7 }}{\\u007b{" in text
    assert "{\\u0025 set x = 1 %}" in text
    assert "{\\u0023 gone #}" in text
    assert names[3] in text  # looks like an element's id, and is none


def test_an_element_that_loads_from_elsewhere_is_refused() -> None:
    m = small_map()
    folium.plugins.MarkerCluster().add_to(m)
    with pytest.raises(ValueError, match="map one: an element of the map loads"):
        maps.document(m, name="one", title="A map")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"kind": ["odd", "red kind", "red kind", "red kind"]}, "no symbol for kind 'odd'"),
        ({"lat": [31.7, None, 32.2, 31.45]}, "'Second': no coordinates"),
        ({"precision": ["city", "exact", "city", "city"]}, "'Second': precision 'exact'"),
        ({"territory": ["", "", "", "Atlantis"]}, "'Atlantis' is not on the map levant"),
        ({"opened": ["soon", None, None, None]}, "'soon' does not begin with a year"),
    ],
)
def test_rows_that_cannot_be_drawn_are_named(changes: dict, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        maps.add_places(maps.base_map("levant"), invented(**changes), LOOK)


def test_an_unknown_symbol_is_refused() -> None:
    with pytest.raises(ValueError, match="no symbol blob/blue"):
        maps.Symbol("blob", "blue")


@pytest.mark.parametrize(
    ("value", "year"),
    [
        (pd.Period("2005-07", "M"), 2005),
        (pd.Timestamp("2014-06-03"), 2014),
        ("2001-10-07", 2001),
        (1998, 1998),
        (pd.NA, None),
        (None, None),
    ],
)
def test_year_of(value: object, year: int | None) -> None:
    assert maps.year_of(value) == year


def test_separate_leaves_no_overlap_and_moves_nothing_far() -> None:
    points = np.array([[0.0, 0], [0, 0], [0, 0], [5, 0], [200, 200]])
    radii = [10, 10, 20, 10, 10]
    at = maps.separate(points, radii)
    for i in range(5):
        for j in range(i):
            assert np.hypot(*(at[i] - at[j])) >= radii[i] + radii[j]
    assert np.hypot(*(at - points).T).max() < 40
    assert np.allclose(at[4], points[4], atol=0.1)
    assert (at == maps.separate(points, radii)).all()


def test_legend_has_only_what_is_drawn() -> None:
    m = small_map()
    assert list(m.legend) == ["red kind", "kind in blue", *maps.PRECISION_LABELS.values()]
    exact = maps.base_map("levant")
    maps.add_places(exact, invented().iloc[[2]], LOOK)
    assert list(exact.legend) == ["kind in blue"]


def twin(size: style.Size) -> Any:
    figure, ax = maps.canvas(size, "levant")
    maps.draw_base(ax, "levant")
    maps.draw_legend(ax, maps.draw_places(ax, invented(name=list("ABCD")), LOOK))
    return figure


@pytest.mark.parametrize("size", ["wide", "narrow"])
def test_twin_is_stable_and_has_the_same_words(size: style.Size) -> None:
    first = style.svg(twin, size, "test")
    assert first == style.svg(twin, size, "test")
    words = " ".join(re.findall(r"<text[^>]*>([^<]*)", first))
    for word in ("Townlet", "Gaza Strip", "kind in blue", "Natural Earth", "West Bank"):
        assert word in words


def test_twin_draws_only_what_was_open() -> None:
    _, ax = maps.canvas("wide", "levant")
    maps.draw_base(ax, "levant")
    maps.draw_places(ax, invented(name=list("ABCD")), LOOK, year=2001, labels=False)
    before = len(ax.lines)
    maps.draw_places(ax, invented(name=list("ABCD")), LOOK, year=2003, labels=False)
    assert len(ax.lines) - before > before


def test_a_name_by_hand_stands_where_it_is_told_with_a_line_if_far() -> None:
    _, ax = maps.canvas("wide", "levant")
    maps.draw_base(ax, "levant", without=("Israel",))
    rows = invented(name=list("ABCD"), city=["Near", "Far", None, None])
    rows["lat"] = [31.7, 32.0, 32.2, 31.45]
    maps.draw_places(ax, rows, LOOK, by_hand={"Near": (0, -14), "Far": (-60, 30)})
    lines = len(ax.lines)
    printed = {text.get_text() for text in ax.texts}
    assert {"Near", "Far"} <= printed
    assert "Israel" not in printed
    _, ax = maps.canvas("wide", "levant")
    maps.draw_base(ax, "levant")
    maps.draw_places(ax, rows, LOOK, by_hand={"Near": (0, -14)})
    assert len(ax.lines) == lines - 1
    assert "Israel" in [text.get_text() for text in ax.texts]


def test_a_name_by_hand_that_no_place_has_is_an_error() -> None:
    _, ax = maps.canvas("wide", "levant")
    maps.draw_base(ax, "levant")
    with pytest.raises(ValueError, match="Nowhere"):
        maps.draw_places(ax, invented(name=list("ABCD")), LOOK, by_hand={"Nowhere": (0, 0)})


def test_short_paths_keep_their_shape() -> None:
    svg = '<svg xmlns="http://www.w3.org/2000/svg"><path d="{}"/></svg>'
    straight = svg.format("M 10.04 20.06 \nL 12.151 20.06 \nL 12.151 18.0 \nL 13 18.9 \nz\n")
    assert 'd="M10 20.1l2.2 0 0-2.1 .8 .9z"' in style.themed(straight.encode())
    parts = svg.format("M 1 2 \nL 3 4 \nM 10 0.5 \nL 8 0 \n").encode()
    assert 'd="M1 2l2 2M10 .5l-2-.5"' in style.themed(parts)
    curved = svg.format("M 0 1.12345 C 1 2 3 4 5 6 z").encode()
    assert 'd="M 0 1.123 C 1 2 3 4 5 6 z"' in style.themed(curved)


def test_words_and_marks_keep_their_place() -> None:
    parts = (
        '<text x="10.04321" y="5" transform="rotate(-0 10.04321 5)">level</text>'
        '<text transform="translate(7.65999 8.2) rotate(-90)">turned</text>'
        '<use x="-3.14159" y="12"/>'
    )
    drawn = style.themed(f'<svg xmlns="http://www.w3.org/2000/svg">{parts}</svg>'.encode())
    places = [dict(found.attrib) for found in ElementTree.fromstring(drawn)]
    assert places == [
        {"x": "10", "y": "5"},
        {"transform": "translate(7.7 8.2) rotate(-90)"},
        {"x": "-3.1", "y": "12"},
    ]


def test_only_what_draws_nothing_leaves_a_picture() -> None:
    parts = (
        "<metadata>who</metadata><defs/>"
        '<g id="axes_1"><g><path d="M 0 0 L 1 0" style="fill: none"/>'
        '<g><path d="M 0 0 L 1 0" style="fill: none; stroke: #14618c"/></g></g></g>'
        '<g clip-path="url(#kept)"><text>word</text></g><clipPath id="kept"/>'
    )
    drawn = style.themed(f'<svg xmlns="http://www.w3.org/2000/svg">{parts}</svg>'.encode(), "p-")
    inside = re.search(r"<svg[^>]*>(.*)</svg>", drawn)[1]
    assert inside == (
        '<g class="axes">'
        '<path d="M0 0l1 0" style="fill:none;stroke:var(--fig-blue, #14618c)" /></g>'
        '<g clip-path="url(#p-1)"><text>word</text></g><clipPath id="p-1" />'
    )


def test_show_joins_map_and_twin(monkeypatch: pytest.MonkeyPatch) -> None:
    kept: dict[str, Any] = {}
    monkeypatch.setattr(maps, "frame", lambda **given: kept.update(given))
    maps.show(small_map(), name="one", title="T & t", alt="Alt.", data=invented(), twin=twin)
    picture = kept["picture"]
    assert picture.count("<svg") >= 2
    assert 'title="Interactive map: T &amp; t"' in picture
    assert re.search(r'<iframe class="map-frame"[^>]* srcdoc="&lt;!DOCTYPE html&gt;', picture)
    assert set(kept["downloads"]) == {"one.svg", "one.png"}


# ------------------------------------------------------------------ world maps


def test_equal_earth_agrees_with_its_definition() -> None:
    x, y = maps.equal_earth(np.array([0.0, 180.0, 0.0]), np.array([0.0, 0.0, 90.0]))
    assert np.allclose([x[0], y[0]], 0)
    # The sphere of radius 1 has the area 4 pi; a thin strip at the equator has its share of it.
    top = maps.equal_earth(np.array([180.0]), np.array([0.01]))[1][0]
    assert np.isclose(2 * x[1] * top, 2 * np.pi * np.sin(np.radians(0.01)), rtol=1e-4)
    assert x[2] == pytest.approx(0)


def test_choropleth_counts_and_shows_small_states() -> None:
    _, ax = maps.canvas("wide", "world")
    votes = {"RUS": "Y", "NRU": "N", "TUV": "N", "MLT": "Y"}
    fills = {"Y": maps.Fill("blue", "yes"), "N": maps.Fill("orange", "no", hatch="//")}
    handles = maps.choropleth(ax, "world", votes, fills)
    assert [handle.get_label() for handle in handles] == ["yes (2)", "no (2)", "no data"]
    dots = [line for line in ax.lines if line.get_marker() == "o"]
    assert len(dots) == 2 * 3


def test_choropleth_refuses_unknown_codes_and_values() -> None:
    _, ax = maps.canvas("wide", "world")
    fills = {"Y": maps.Fill("blue", "yes")}
    with pytest.raises(ValueError, match="not on the map world: QQQ"):
        maps.choropleth(ax, "world", {"QQQ": "Y"}, fills)
    with pytest.raises(ValueError, match="values without a fill: Q"):
        maps.choropleth(ax, "world", {"RUS": "Q"}, fills)


def test_graded_puts_numbers_into_classes() -> None:
    numbers = pd.Series({"A": 0, "B": 10, "C": 19.9, "D": 20, "E": None})
    classes, fills = maps.graded(numbers, [0, 10, 20], "blue", " %")
    assert classes.to_dict() == {"A": 0, "B": 1, "C": 1, "D": 1}
    assert [fill.label for fill in fills.values()] == ["0 to 10 %", "10 to 20 %"]
    with pytest.raises(ValueError, match="outside 0 to 20"):
        maps.graded(pd.Series([21]), [0, 10, 20], "blue")


# ------------------------------------------------------------------ in a browser


class Reader:
    """A browser page that notes errors and requests."""

    def __init__(self, browser: Any, document: str, **options: Any) -> None:
        self.context = browser.new_context(**options)
        self.page = self.context.new_page()
        self.trouble: list[str] = []
        self.page.on("console", lambda message: self.trouble.append(message.text))
        self.page.on("pageerror", lambda error: self.trouble.append(str(error)))
        self.page.on("request", lambda request: self._note(request.url))
        self.page.set_content(document)
        self.page.wait_for_selector(".map-mark")

    def _note(self, url: str) -> None:
        if not url.startswith(("data:", "about:")):
            self.trouble.append(f"request to {url}")

    def names(self) -> list[str]:
        """Accessible names of the symbols and labels that are shown."""
        shown = "e => e.filter(x => x.offsetParent !== null).map(x => x.ariaLabel)"
        return self.page.eval_on_selector_all(".map-mark, .map-area", shown)

    def tab_to(self, name: str) -> None:
        for _ in range(20):
            self.page.keyboard.press("Tab")
            if self.page.evaluate("document.activeElement.ariaLabel") == name:
                return
        raise AssertionError(f"Tab does not reach {name}")


PHONE = {"viewport": {"width": 390, "height": 800}, "is_mobile": True, "has_touch": True}
DESKTOP = {"viewport": {"width": 1280, "height": 800}}


@pytest.mark.browser
@pytest.mark.parametrize("screen", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_map_draws_without_errors_or_requests(browser: Any, screen: dict, scheme: str) -> None:
    document = maps.document(slider_map(), name="one", title="A map")
    reader = Reader(browser, document, color_scheme=scheme, **screen)
    page = reader.page
    assert reader.trouble == []
    assert page.title() == "A map"
    assert page.evaluate("window.hacked") is None
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
    light, dark = (
        f"rgb({', '.join(str(int(colour[k : k + 2], 16)) for k in (1, 3, 5))})"
        for colour in style.COLOURS["paper"]
    )
    assert paper == (dark if scheme == "dark" else light)
    # The page around the map may choose otherwise.
    other = "light" if scheme == "dark" else "dark"
    page.evaluate("theme => postMessage({ theme }, '*')", other)
    page.locator(f"html[data-theme={other}]").wait_for()
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert paper == (light if scheme == "dark" else dark)
    # Nothing is wider than the screen, and legend and map do not overlap.
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    chart, panel = (
        page.locator(selector).bounding_box() for selector in (".folium-map", ".map-panel")
    )
    assert chart["y"] + chart["height"] <= panel["y"] + 1
    reader.context.close()


@pytest.mark.browser
@pytest.mark.parametrize("screen", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_symbols_do_not_cover_each_other(browser: Any, screen: dict) -> None:
    reader = Reader(browser, maps.document(small_map(), name="one", title="A map"), **screen)
    boxes = [mark.bounding_box() for mark in reader.page.query_selector_all(".map-mark")]
    centres = [(b["x"] + b["width"] / 2, b["y"] + b["height"] / 2) for b in boxes]
    for i, (ax, ay) in enumerate(centres):
        # Whole pixels: browsers give the sizes of scaled marks with an error of 1e-5.
        assert round(min(boxes[i]["width"], boxes[i]["height"])) >= 24
        for bx, by in centres[:i]:
            assert np.hypot(ax - bx, ay - by) >= 23
    reader.context.close()


@pytest.mark.browser
def test_popup_from_the_keyboard(browser: Any) -> None:
    document = maps.document(small_map(), name="one", title="A map")
    reader = Reader(browser, document, **DESKTOP)
    page = reader.page
    for name in (UNSAFE, "Somewhere"):
        reader.tab_to(name)
        page.keyboard.press("Enter")
        popup = page.wait_for_selector(".leaflet-popup-content")
        assert name in popup.inner_text()
        page.locator(".leaflet-popup:focus").wait_for()
        link = popup.query_selector("a")
        assert link.inner_text() == "Paper & Co: A <report>"
        assert link.get_attribute("href") == "https://example.org/?a=1&b=2"
        assert "noopener" in link.get_attribute("rel")
        page.keyboard.press("Escape")
        page.wait_for_selector(".leaflet-popup", state="detached")
        assert page.evaluate("document.activeElement.ariaLabel") == name
    assert page.evaluate("window.hacked") is None
    assert reader.trouble == []
    reader.context.close()


@pytest.mark.browser
def test_slider_shows_what_was_open(browser: Any) -> None:
    document = maps.document(slider_map(), name="one", title="A map")
    reader = Reader(browser, document, **DESKTOP)
    page = reader.page
    said = page.locator("output")
    assert "2003: 4 places" in said.inner_text()
    assert len(reader.names()) == 4
    route = page.locator(".folium-map path.route")
    assert route.is_visible()

    page.focus("input[type=range]")
    page.keyboard.press("ArrowRight")
    assert said.inner_text() == "2005: 3 places. The end."
    assert "Second" not in reader.names()
    assert not route.is_visible()
    assert page.get_attribute("input[type=range]", "aria-valuetext") == "2005"

    page.keyboard.press("Home")
    assert "2001: 3 places" in said.inner_text()
    page.select_option("select", label="2003")
    assert len(reader.names()) == 4
    assert route.is_visible()
    page.uncheck("input[type=checkbox]")
    assert not route.is_visible()
    assert reader.trouble == []
    reader.context.close()


@pytest.mark.browser
def test_play_runs_to_the_last_year(browser: Any) -> None:
    document = maps.document(slider_map(), name="one", title="A map")
    reader = Reader(browser, document, **DESKTOP)
    reader.page.click("text=Play")
    assert reader.page.inner_text(".map-time button") == "Stop"
    reader.page.locator("html[data-year='2005']").wait_for()
    reader.page.wait_for_selector("text=Play")
    reader.context.close()


@pytest.mark.browser
def test_one_finger_scrolls_the_page(browser: Any) -> None:
    document = maps.document(small_map(), name="one", title="A map")
    for screen, scrolls in ((DESKTOP, False), (PHONE, True)):
        reader = Reader(browser, document, **screen)
        action = reader.page.eval_on_selector(
            ".folium-map", "box => getComputedStyle(box).touchAction"
        )
        assert ("pan-y" in action) == scrolls
        reader.context.close()


@pytest.mark.browser
def test_a_map_inside_a_page_takes_its_theme_and_height(browser: Any) -> None:
    inner = html.escape(maps.document(small_map(), name="one", title="A map"))
    page = browser.new_page(viewport={"width": 390, "height": 800})
    page.set_content(
        f'<html data-theme="dark"><iframe title="m" width="380" height="100" srcdoc="{inner}">'
    )
    frame = page.frame_locator("iframe")
    frame.locator(".map-mark").first.wait_for()
    assert frame.locator("html").get_attribute("data-theme") == "dark"
    page.wait_for_function("document.querySelector('iframe').height > 450")
    page.close()
