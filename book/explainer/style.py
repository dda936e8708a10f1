"""One look for every chart and every map of the book.

Colours have a name and two values, one for a light and one for a dark page.
Drawing code uses the light value; in the finished SVG each one becomes a CSS
variable (``var(--fig-blue, #14618c)``), so a page can switch its theme without
redrawing anything and a downloaded file still has its colours. The blue, orange,
purple and ochre keep their order of lightness for readers who see hues
differently, and each has at least 4.5:1 contrast with the page it is on. The pale
ones have less and therefore always an outline in their full colour.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any, Literal
from xml.etree import ElementTree

import matplotlib
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.patheffects import AbstractPathEffect, withStroke
from pandas import Period, Timestamp

Size = Literal["wide", "narrow"]
"""Every picture is drawn twice: for a column of 720 px and for a phone."""

Draw = Callable[[Size], Figure]

COLOURS: dict[str, tuple[str, str]] = {
    # name: (on a light page, on a dark page)
    "ink": ("#1d2126", "#eceae4"),
    "muted": ("#555c64", "#b3b2ac"),
    "line": ("#7d828a", "#868b91"),
    "grid": ("#dddcd6", "#3a3e43"),
    "paper": ("#fefefc", "#16181b"),
    "land": ("#e8e5dc", "#34393f"),
    "water": ("#f3f6f8", "#1b1f23"),
    "blue": ("#14618c", "#6db9e2"),
    "orange": ("#bd550c", "#f29a55"),
    "purple": ("#75478f", "#c39adb"),
    "ochre": ("#917000", "#d9b43d"),
    "teal": ("#1a7f6b", "#56c2ab"),
    "slate": ("#66717d", "#9aa6b2"),
    "pale_blue": ("#a9cbe0", "#2f5f7d"),
    "pale_orange": ("#f1c9a5", "#7d4a22"),
}

INK, MUTED, LINE, GRID, PAPER, LAND, WATER = (
    COLOURS[name][0] for name in ("ink", "muted", "line", "grid", "paper", "land", "water")
)
BLUE, ORANGE, PURPLE, OCHRE, TEAL, SLATE, PALE_BLUE, PALE_ORANGE = (
    COLOURS[name][0]
    for name in (
        "blue",
        "orange",
        "purple",
        "ochre",
        "teal",
        "slate",
        "pale_blue",
        "pale_orange",
    )
)
OUTLINES = {PALE_BLUE: BLUE, PALE_ORANGE: ORANGE}
CYCLE = (BLUE, ORANGE, PURPLE, OCHRE, TEAL, SLATE)

WIDTH: dict[Size, float] = {"wide": 7.2, "narrow": 3.6}
"""Widths in inches; both are shown at about 1.4 CSS px per point."""

RC: dict[str, Any] = {
    "svg.fonttype": "none",
    "text.parse_math": False,  # a dollar sign in a cell is a dollar sign
    "font.family": "DejaVu Sans",
    "font.size": 9.5,
    "axes.titlesize": 10,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.labelsize": 9,
    "axes.labelcolor": MUTED,
    "axes.edgecolor": LINE,
    "axes.facecolor": "none",
    "axes.axisbelow": True,
    "axes.grid": True,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.prop_cycle": matplotlib.cycler(color=CYCLE),
    "figure.facecolor": "none",
    "savefig.facecolor": "none",
    "grid.color": GRID,
    "grid.linewidth": 0.7,
    "hatch.linewidth": 0.7,
    "legend.frameon": False,
    "legend.fontsize": 9,
    "lines.linewidth": 1.8,
    "text.color": INK,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "xtick.labelsize": 9,
    "ytick.labelsize": 9,
}


def canvas(size: Size, wide: float, narrow: float, **subplots: Any) -> tuple[Figure, Any]:
    """A figure of the column's or the phone's width.

    ``wide`` and ``narrow`` are the two heights in inches; further arguments go
    to :meth:`matplotlib.figure.Figure.subplots`. Returns the figure and its axes
    (one, or an array of them).
    """
    figure = Figure(figsize=(WIDTH[size], wide if size == "wide" else narrow), layout="constrained")
    return figure, figure.subplots(**subplots)


def quiet(axes: Axes, grid: Literal["x", "y", "both", "none"] = "y") -> None:
    """Leave only the grid lines that help reading and no tick marks."""
    axes.tick_params(length=0)
    axes.grid(False)
    if grid != "none":
        axes.grid(True, axis=grid)
    for side in ("left", "bottom"):
        axes.spines[side].set_visible((side == "bottom") == (grid == "y"))


def bare(axes: Axes) -> None:
    """Leave no spines, ticks or grid: a sheet to set a list on."""
    quiet(axes, grid="none")
    axes.spines[:].set_visible(False)
    axes.set_xticks([])
    axes.set_yticks([])


def key(marker: str, colour: str, label: str, **look: Any) -> Line2D:
    """A legend entry for a mark that no line joins; ``look`` are properties of ``Line2D``."""
    return Line2D([], [], linestyle="none", marker=marker, color=colour, label=label, **look)


def rim(width: float) -> list[AbstractPathEffect]:
    """The ``path_effects`` of a thin line that crosses bars, ``width`` points with its paper."""
    return [withStroke(linewidth=width, foreground=PAPER)]


def ground(pad: float, colour: str = PAPER) -> dict[str, Any]:
    """The ``bbox`` behind words that a line or a hatch would cross otherwise; ``pad`` in points."""
    return {"facecolor": colour, "edgecolor": "none", "pad": pad}


def middle(day: Period) -> Timestamp:
    """Where a date known only so far is drawn: the day, or the middle of its month or year."""
    return (day.start_time + (day.end_time - day.start_time) / 2).normalize()


def outlined(figure: Figure) -> Figure:
    """Give each pale area an outline that can be told from the page; its hatch stays."""
    for area in figure.findobj(Patch):
        full = OUTLINES.get(to_hex(area.get_facecolor()))
        if full:
            area.set_hatchcolor(area.get_edgecolor())
            area.set_edgecolor(full)
            area.set_linewidth(max(0.8, area.get_linewidth()))
    return figure


@lru_cache(maxsize=2)
def svg(draw: Draw, size: Size, name: str) -> str:
    """The picture as SVG markup: real text, themed colours, the same bytes each run.

    ``name`` must be unique in a page: it keeps the ids inside the SVG apart. The last
    two are kept, since the page and the download show the same picture.
    """
    salted = {**RC, "svg.hashsalt": f"{name}-{size}"}
    with matplotlib.rc_context(salted):
        buffer = io.BytesIO()
        figure = outlined(draw(size))
        figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    return themed(buffer.getvalue(), f"{name}-{size}-")


def png(draw: Draw, size: Size = "wide") -> bytes:
    """The picture as PNG on white, about 1,300 px wide, for slides and documents."""
    with matplotlib.rc_context(RC):
        buffer = io.BytesIO()
        outlined(draw(size)).savefig(
            buffer, format="png", dpi=180, facecolor="#ffffff", metadata={"Software": None}
        )
    return buffer.getvalue()


_SVG = "http://www.w3.org/2000/svg"
_XLINK = "http://www.w3.org/1999/xlink"
_STRAIGHT = re.compile(r"[MLz\d\s.-]+")
_DECIMALS = re.compile(r"-?\d+\.\d{3,}")
_LONG = re.compile(r"-?\d+\.\d{2,}")
_NO_TURN = re.compile(r"rotate\(-?0(?: -?[\d.]+){0,2}\)")
_PLACED = ("x", "y", "width", "height", "transform", "viewBox")
"""Attributes whose lengths are rounded to a tenth of a point; none of them scales anything."""
_HEX = re.compile(r"#[0-9a-f]{6}\b")
_VARIABLES = {
    light: f"var(--fig-{name.replace('_', '-')}, {light})" for name, (light, _) in COLOURS.items()
}


def themed(markup: bytes, prefix: str = "") -> str:
    """Matplotlib's SVG made fit for a page.

    Colours become CSS variables, the font is left to the page, and what a browser
    does not need (metadata, fixed size, ids that nothing refers to, groups and paths
    that change nothing) is dropped. The other ids are numbered behind ``prefix``:
    Matplotlib makes them from coordinates whose last digits differ from run to run.
    Axes become groups of the class ``axes``, by which stylesheets can find them.
    """
    root = ElementTree.fromstring(markup)
    text = ElementTree.tostring(root, encoding="unicode")
    referred = set(re.findall(r"#([\w-]+)", text))
    for element in root.iter():
        if element.get("id", "").startswith("axes_"):
            element.set("class", "axes")
        if element.get("id") and element.get("id") not in referred:
            del element.attrib["id"]
        reference = element.attrib.pop(f"{{{_XLINK}}}href", None)
        if reference:
            element.set("href", reference)
        if _STRAIGHT.fullmatch(path := element.get("d", "")):
            element.set("d", _steps(path))
        elif path:
            element.set("d", _DECIMALS.sub(lambda number: f"{float(number.group()):.4g}", path))
        for name in _PLACED:
            if value := element.attrib.pop(name, None):
                value = _LONG.sub(_tenths, _NO_TURN.sub("", value)).strip()
                element.attrib |= {name: value} if value else {}
        if style := element.get("style"):
            declarations = [part.strip().replace(": ", ":") for part in style.split(";")]
            left_out = ("font-family", "-inkscape")
            kept = [part for part in declarations if part and not part.startswith(left_out)]
            element.set("style", ";".join(kept))
    _unwrap(root)
    for attribute in ("width", "height", "version"):
        root.attrib.pop(attribute, None)
    root.set("font-family", "system-ui, sans-serif")
    root.set("aria-hidden", "true")
    root.set("focusable", "false")
    ElementTree.register_namespace("", _SVG)
    text = ElementTree.tostring(root, encoding="unicode")
    text = _HEX.sub(lambda found: _VARIABLES.get(found.group(), found.group()), text)
    ids = re.findall(r' id="([\w-]+)"', text)
    numbered = {name: f"{prefix}{number}" for number, name in enumerate(ids, start=1)}
    text = re.sub(r'( id="|#)([\w-]+)(?=[")])', lambda m: m[1] + numbered.get(m[2], m[2]), text)
    return re.sub(r">\s+<", "><", text)


def _unwrap(parent: ElementTree.Element) -> None:
    """Put what groups without attributes hold in their place, and leave out what draws nothing.

    Matplotlib wraps each mark in up to three groups: half of what its drawings are made of.
    """
    kept = []
    for child in parent:
        _unwrap(child)
        kind = child.tag.removeprefix(f"{{{_SVG}}}")
        draws_nothing = (
            kind in ("metadata", "style")
            or (kind == "defs" and not len(child))
            or (kind == "path" and child.get("style") == "fill:none" and "id" not in child.attrib)
        )
        if kind == "g" and not child.attrib:
            kept += child
        elif not draws_nothing:
            kept.append(child)
    parent[:] = kept


def _tenths(number: re.Match[str]) -> str:
    return f"{round(float(number.group()), 1):g}"


def _steps(path: str) -> str:
    """A path of straight lines, shorter: relative steps in tenths of a point.

    A tenth of a point is finer than the screen, and maps take a quarter of the bytes.
    No rounding error adds up.
    """
    out, here, command = [], (0, 0), ""
    for letter, x, y in re.findall(r"([MLz])|(-?[\d.]+)\s+(-?[\d.]+)", path):
        if letter:
            command = letter
            out.append("z" if letter == "z" else "")
            continue
        there = (round(float(x) * 10), round(float(y) * 10))
        start = command == "M"
        values = there if start else (there[0] - here[0], there[1] - here[1])
        out.append("{}{:g} {:g}".format("M" if start else "l", *(value / 10 for value in values)))
        here = there
    # One letter stands for all lines that follow each other.
    short = re.sub(r"(?:l[^lMz]+)+", lambda run: "l" + run[0][1:].replace("l", " "), "".join(out))
    return re.sub(r"(?<!\d)0(?=\.)", "", short).replace(" -", "-")


def css_variables() -> str:
    """The palette as CSS: light by default, dark by choice or by the reader's system.

    On paper it is always the light one.
    """

    def block(index: int) -> str:
        return "".join(
            f"--fig-{name.replace('_', '-')}:{pair[index]};" for name, pair in COLOURS.items()
        )

    return (
        f":root{{{block(0)}}}"
        f"@media (prefers-color-scheme:dark){{:root:not([data-theme=light]){{{block(1)}}}}}"
        f":root[data-theme=dark]{{{block(1)}}}"
        f"@media print{{:root:root:root{{{block(0)}}}}}"
    )
