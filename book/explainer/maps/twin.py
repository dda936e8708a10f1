"""The static map: Matplotlib drawings of the same places, and shaded maps of the world."""

from __future__ import annotations

import math
from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import matplotlib.patches
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.path import Path as Outline
from matplotlib.transforms import ScaledTranslation
from pandas import DataFrame, Series

from explainer import style
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
    precision_shown,
    prepared,
    separate,
    signed_area,
    stretches,
    with_article,
)


def equal_earth(lon: np.ndarray, lat: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The Equal Earth projection on a sphere of radius 1; degrees in, areas stay comparable.

    B. Šavrič, T. Patterson, B. Jenny: The Equal Earth map projection, International Journal of
    Geographical Information Science 33 (2019), doi:10.1080/13658816.2018.1504949.
    """
    a1, a2, a3, a4 = 1.340264, -0.081106, 0.000893, 0.003796
    t = np.arcsin(math.sqrt(3) / 2 * np.sin(np.radians(lat)))
    t2 = t * t
    t6 = t2 * t2 * t2
    slope = a1 + 3 * a2 * t2 + t6 * (7 * a3 + 9 * a4 * t2)
    x = 2 * math.sqrt(3) / 3 * np.radians(lon) * np.cos(t) / slope
    return x, t * (a1 + a2 * t2 + t6 * (a3 + a4 * t2))


def project(region: str, lon: Any, lat: Any) -> tuple[np.ndarray, np.ndarray]:
    """Degrees to the plane of a region's static map: Equal Earth for the world, else Mercator.

    Mercator is what Leaflet uses, so a map and its twin have the same shape; its unit here is
    one degree of longitude.
    """
    lon, lat = np.asarray(lon, dtype=float), np.asarray(lat, dtype=float)
    if region == "world":
        return equal_earth(lon, lat)
    return lon, np.degrees(np.arcsinh(np.tan(np.radians(lat))))


def _outline(region: str, feature: dict, step: float, box: np.ndarray) -> Outline | None:
    """The part of a country inside ``box``, with corners on a grid of ``step``, a pixel or so.

    Neighbours share corners before and so after. What is smaller than two grid cells goes, except
    the largest piece of a country.
    """
    rings = [
        np.column_stack(project(region, *np.array(ring).T))
        for polygon in feature["geometry"]["coordinates"]
        for ring in polygon
    ]
    largest = max(abs(signed_area(ring)) for ring in rings)
    vertices, codes = [], []
    for ring in rings:
        size = abs(signed_area(ring))
        if size < 2 * step * step and size < largest:
            continue
        ring = _clip(ring, box)
        if len(ring) < 4:
            continue
        ring = np.round(ring / step)
        ring = ring[np.r_[True, (np.diff(ring, axis=0) != 0).any(axis=1)]]
        if len(ring) < 4:
            continue
        vertices.append(ring * step)
        codes += [Outline.MOVETO, *[Outline.LINETO] * (len(ring) - 2), Outline.CLOSEPOLY]
    return Outline(np.concatenate(vertices), codes) if vertices else None


def _clip(ring: np.ndarray, box: np.ndarray) -> np.ndarray:
    """Sutherland-Hodgman on a closed ring of (x, y); ``box`` is [lower left, upper right]."""
    for axis, limit, sign in (
        (0, box[0][0], 1), (0, box[1][0], -1), (1, box[0][1], 1), (1, box[1][1], -1),
    ):  # fmt: skip
        if len(ring) == 0:
            return ring
        within = sign * (ring[:, axis] - limit) >= 0
        if within.all():
            continue
        out = []
        for k in range(len(ring) - 1):
            if within[k]:
                out.append(ring[k])
            if within[k] != within[k + 1]:
                a, b = ring[k], ring[k + 1]
                out.append(a + (limit - a[axis]) / (b[axis] - a[axis]) * (b - a))
        ring = np.array([*out, out[0]]) if out else np.empty((0, 2))
    return ring


def _plane(region: str, view: Box | None) -> np.ndarray:
    """Lower left and upper right corner of a view on the plane."""
    west, south, east, north = view or REGIONS[region].view
    if region == "world" and view is None:
        # Without Antarctica; widest at the equator.
        x, y = equal_earth(np.array([-180.0, 180.0, 0.0, 0.0]), np.array([0.0, 0.0, -56.5, 83.8]))
        return np.array([[x[0], y[2]], [x[1], y[3]]])
    x, y = project(region, [west, east], [south, north])
    return np.array([[x[0], y[0]], [x[1], y[1]]])


def _frame_axes(ax: Axes, region: str, view: Box | None) -> tuple[float, np.ndarray]:
    """Set the axes to the view; returns the plane's units per CSS pixel and the box to draw."""
    corner, other = _plane(region, view)
    ax.set_xlim(corner[0], other[0])
    ax.set_ylim(corner[1], other[1])
    ax.set_aspect("equal", adjustable="box", anchor="N")
    ax.set_xticks([])
    ax.set_yticks([])
    ax.grid(False)
    for spine in ax.spines.values():
        spine.set_visible(False)
    grid = ax.get_subplotspec()
    share = 1 / grid.get_gridspec().ncols if grid else 1.0
    step = (other[0] - corner[0]) / (ax.figure.get_figwidth() * 100 * share)
    # A margin, so that the cut edges of countries at the rim are not seen.
    margin = 0.02 * (other - corner)
    return step, np.array([corner - margin, other + margin])


def canvas(
    size: style.Size, region: str, view: Box | None = None, *, rows: int = 1, columns: int = 1
) -> tuple[Any, Any]:
    """A figure as wide as the column or the phone, for one map or several.

    It is higher than needed: :func:`draw_legend`, called last, cuts it to size. Returns the
    figure and its axes (one, or an array of them).
    """
    corner, other = _plane(region, view)
    width, height = other - corner
    room = (style.WIDTH[size] / columns * height / width + 0.3) * rows + 5
    return style.canvas(size, wide=room, narrow=room, nrows=rows, ncols=columns)


def draw_base(
    ax: Axes,
    region: str,
    view: Box | None = None,
    words: bool = True,
    without: Collection[str] = (),
) -> None:
    """The base map on Matplotlib axes, with the same view and names as :func:`base_map`.

    ``without`` leaves out names that would be read as part of a label beside them.
    """
    spec = REGIONS[region]
    step, box = _frame_axes(ax, region, view)
    ax.set_facecolor(style.WATER if region != "world" else "none")
    if region == "world":
        _globe(ax)
    for feature in land_of(region)["features"]:
        outline = _outline(region, feature, step, box)
        if outline is None:
            continue
        main = view is None and feature["properties"]["name"] in spec.main
        ax.add_patch(
            matplotlib.patches.PathPatch(
                outline,
                facecolor=style.LAND,
                edgecolor=style.MUTED if main else style.LINE,
                linewidth=1.0 if main else 0.5,
                zorder=1.1 if main else 1,
            )
        )
    # What is drawn on these axes later must know which map they show.
    ax.book_region = region
    ax.book_words = [word for word in spec.words if words and word.text not in without]


def _globe(ax: Axes) -> None:
    """The edge of the world map, filled as water."""
    side = np.linspace(-90, 90, 61)
    x, y = equal_earth(np.r_[np.full(61, -180.0), np.full(61, 180.0)], np.r_[side, side[::-1]])
    ax.add_patch(
        matplotlib.patches.Polygon(
            np.column_stack([x, y]), facecolor=style.WATER, edgecolor="none", zorder=0
        )
    )


def _marker(shape: str) -> Outline:
    """A shape for Matplotlib, whose y goes up."""
    corners = [(x, -y) for x, y in SHAPES[shape]]
    return Outline([*corners, corners[0]], closed=True)


POINT = 0.72
"""Points per CSS pixel: the wide picture is 7.2 inches (518 pt) in a column of 720 px."""


def _spot(ax: Axes, x: float, y: float, dx: float, dy: float, **looks: Any) -> None:
    """A marker ``dx``, ``dy`` points away from a point of the map."""
    shift = ScaledTranslation(dx / 72, dy / 72, ax.figure.dpi_scale_trans)
    ax.plot([x], [y], linestyle="none", transform=ax.transData + shift, **looks)


def _handle(symbol: Symbol, label: str, hollow: bool = False, half: float = SMALL) -> Line2D:
    colour = style.COLOURS[symbol.colour][0]
    return Line2D(
        [],
        [],
        linestyle="none",
        marker=_marker(symbol.shape),
        markersize=2 * half * POINT,
        markerfacecolor=style.PAPER if hollow else colour,
        markeredgecolor=colour if hollow else style.PAPER,
        markeredgewidth=1.1 if hollow else 0.7,
        label=label,
    )


def draw_places(
    ax: Axes,
    rows: DataFrame,
    look: Look,
    *,
    year: int | None = None,
    labels: bool = True,
    scale: float = 1.0,
    by_hand: Mapping[str, tuple[float, float]] | None = None,
) -> list:
    """The rows as :func:`add_places` shows them, on axes made by :func:`draw_base`.

    ``year`` leaves out what was not open in it. ``labels`` prints towns, shaded territories and
    the names of the base map. ``scale`` shrinks symbols where several maps share a page.
    ``by_hand`` places names of towns that find no good room by themselves: points from the middle
    of the town's symbols to the middle of its name; a thin line joins what is then far apart.
    Returns legend handles for :func:`draw_legend`.
    """
    region = ax.book_region
    places = prepared(rows, look)
    shown = [place for place in places if place.open_in(year)]
    # Layout first: how far apart points lie on paper depends on the final size of the axes.
    ax.figure.draw_without_rendering()
    points = [place for place in shown if place.precision != "region"]
    taken: list[tuple[float, float, float, float]] = []
    for place in (place for place in shown if place.precision == "region"):
        _shade(ax, region, place, labels, taken)
    flat = np.column_stack(
        project(region, [place.lon for place in points], [place.lat for place in points])
    )
    per_point = 72 / ax.figure.dpi
    home = ax.transData.transform(flat) * per_point if points else np.empty((0, 2))
    radii = [place.radius * POINT * scale for place in points]
    at = separate(home, radii)
    for place, (x, y), true, spot, radius in zip(points, flat, home, at, radii):
        dx, dy = spot - true
        colour = style.COLOURS[place.symbol.colour][0]
        if math.hypot(dx, dy) > radius:
            _spot(ax, x, y, 0, 0, marker="o", markersize=2, color=style.MUTED, zorder=3)
            ax.annotate(
                "", xy=(x, y), xytext=(dx, dy), textcoords="offset points", zorder=3,
                arrowprops={"arrowstyle": "-", "color": style.MUTED, "linewidth": 0.6,
                            "shrinkA": 0, "shrinkB": 0},
            )  # fmt: skip
        if place.precision == "city":
            _spot(
                ax, x, y, dx, dy, marker=_marker("circle"), zorder=4,
                markersize=2 * (place.half + 4.5) * POINT * scale,
                markerfacecolor=(colour, 0.25), markeredgecolor=colour, markeredgewidth=0.7,
            )  # fmt: skip
        handle = _handle(place.symbol, "", place.hollow, place.half * scale)
        _spot(
            ax, x, y, dx, dy, zorder=5,
            **{key: getattr(handle, f"get_{key}")() for key in
               ("marker", "markersize", "markerfacecolor", "markeredgecolor", "markeredgewidth")},
        )  # fmt: skip
        taken.append((*(spot - radius), *(spot + radius)))
    if labels:
        _print_towns(ax, points, at, radii, taken, by_hand or {})
        _print_words(ax, taken, {place.territory for place in shown if place not in points})
    return _handles(places, look)


def _handles(places: Sequence[Place], look: Look) -> list:
    """Legend handles for what these rows need, in the order of the interactive legend."""
    drawn = {id(place.symbol) for place in places}
    out: list = [
        _handle(symbol, symbol.label or str(kind))
        for kind, symbol in look.symbols.items()
        if id(symbol) in drawn
    ]
    grey = Symbol("circle", "slate")
    if any(place.hollow for place in places) and look.hollow_label:
        out.append(_handle(grey, look.hollow_label, hollow=True))
    if look.size and look.size_label:
        out.append(_handle(grey, look.size_label, half=LARGE * 0.55))
    kinds = {precision_shown(place) for place in places}
    if "exact" in kinds and len(kinds) > 1:
        out.append(_handle(grey, PRECISION_LABELS["exact"]))
    if "city" in kinds:
        ring = _handle(grey, PRECISION_LABELS["city"], half=SMALL + 2)
        ring.set(markerfacecolor=(style.SLATE, 0.25), markeredgecolor=style.SLATE)
        out.append(ring)
    if "region" in kinds:
        out.append(
            matplotlib.patches.Patch(
                facecolor="none",
                edgecolor=style.SLATE,
                hatch="////",
                label=PRECISION_LABELS["region"],
            )
        )
    return out


def _shade(ax: Axes, region: str, place: Place, labels: bool, taken: list) -> None:
    """Hatch a territory and, beside it, print what is somewhere in it."""
    feature = next(
        (f for f in land_of(region)["features"] if f["properties"]["name"] == place.territory), None
    )
    if feature is None:
        raise ValueError(f"place {place.name!r}: {place.territory!r} is not on the map {region}")
    colour = style.COLOURS[place.symbol.colour][0]
    everywhere = np.array([[-np.inf, -np.inf], [np.inf, np.inf]])
    outline = _outline(region, feature, 1e-4, everywhere)
    ax.add_patch(
        matplotlib.patches.PathPatch(
            outline, facecolor="none", edgecolor=colour, hatch="////", linewidth=1.1, zorder=2
        )
    )
    if not labels:
        return
    lat, lon = label_point(region, place.territory)
    x, y = (float(one) for one in project(region, lon, lat))
    # To the middle: the nearest corner may lie beside a town, which would be read as the spot.
    middle = (outline.vertices.min(axis=0) + outline.vertices.max(axis=0)) / 2
    ax.plot([x, middle[0]], [y, middle[1]], color=style.MUTED, linewidth=0.6, zorder=2.5)
    text = ax.annotate(
        _wrapped(f"{place.name}: somewhere in {with_article(place.territory)}", 16),
        (x, y), ha="center", va="center", fontsize=8, color=style.INK, zorder=6,
        bbox={"boxstyle": "round,pad=0.3", "facecolor": style.PAPER, "edgecolor": colour,
              "linestyle": "--", "linewidth": 0.8},
    )  # fmt: skip
    text.set_in_layout(False)
    taken.append(tuple(text.get_window_extent().extents * 72 / ax.figure.dpi))


def _free(box: tuple[float, float, float, float], taken: list) -> bool:
    return all(box[2] < t[0] or box[0] > t[2] or box[3] < t[1] or box[1] > t[3] for t in taken)


def _gap(box: tuple[float, float, float, float], spot: np.ndarray, radius: float) -> float:
    """How far a symbol's rim is from a box."""
    aside = max(box[0] - spot[0], 0.0, spot[0] - box[2])
    above = max(box[1] - spot[1], 0.0, spot[1] - box[3])
    return math.hypot(aside, above) - radius


TOWN_SIZE = 8.0
"""Size of the type of town names, in points."""

NEAR = 6.0
"""A name at most so many points from its symbol's rim needs no line to it."""


def _print_towns(
    ax: Axes,
    points: list,
    at: np.ndarray,
    radii: list,
    taken: list,
    by_hand: Mapping[str, tuple[float, float]],
) -> None:
    """Town names beside their symbols, where there is room inside the picture.

    A name that would stand nearer to another town's symbol is left out: it would be read as that
    one's. Names ``by_hand`` come first and always stand.
    """
    towns: dict[str, list[int]] = {}
    for i, place in enumerate(points):
        if place.town:
            towns.setdefault(place.town, []).append(i)
    if unknown := sorted(set(by_hand) - set(towns)):
        raise ValueError(f"names by hand that no place has: {', '.join(unknown)}")
    for town, shift in by_hand.items():
        spots, rims = at[towns[town]], [radii[i] for i in towns[town]]
        middle = spots.mean(axis=0) + shift
        text = _print_town(ax, points[towns[town][0]], town, middle)
        box = tuple(text.get_window_extent().extents * 72 / ax.figure.dpi)
        gaps = [_gap(box, spot, rim) for spot, rim in zip(spots, rims)]
        if min(gaps) > NEAR:
            ends = np.array([middle, spots[int(np.argmin(gaps))]]) * ax.figure.dpi / 72
            ends[0] = np.clip(ends[1], *(np.array(box).reshape(2, 2) * ax.figure.dpi / 72))
            ax.plot(
                *ax.transData.inverted().transform(ends).T,
                color=style.MUTED, linewidth=0.6, zorder=3,
            )  # fmt: skip
        taken.append(box)
    inside = ax.get_window_extent().extents * 72 / ax.figure.dpi
    for town, members in towns.items():
        if town in by_hand:
            continue
        reach = np.array([[*(at[i] - radii[i]), *(at[i] + radii[i])] for i in members])
        left, bottom = reach[:, :2].min(axis=0)
        right, top = reach[:, 2:].max(axis=0)
        width, height = 0.6 * TOWN_SIZE * len(town), 1.2 * TOWN_SIZE
        middle, centre = (bottom + top - height) / 2, (left + right - width) / 2
        sides, ends = (right + 2, left - 2 - width), (bottom - 1 - height, top + 1)
        beside = [(x, y) for y in (middle, bottom, top - height) for x in sides]
        above = [(x, y) for x in (centre, right - width, left) for y in ends]
        for x, y in beside + above:
            box = (x, y, x + width, y + height)
            within = box[0] > inside[0] and box[2] < inside[2]
            gaps = [_gap(box, spot, radius) for spot, radius in zip(at, radii)]
            own = min(gaps[i] for i in members)
            others = min((gap for i, gap in enumerate(gaps) if i not in members), default=math.inf)
            within = within and box[1] > inside[1] and box[3] < inside[3]
            if within and own < others and _free(box, taken):
                corner = np.array([x, y + 0.2 * TOWN_SIZE])
                _print_town(ax, points[members[0]], town, corner, ha="left", va="baseline")
                taken.append(box)
                break


def _print_town(
    ax: Axes, place: Place, town: str, spot: np.ndarray, ha: str = "center", va: str = "center"
) -> Any:
    """A town's name at a spot of the page, in points, tied to its place on the map."""
    home = np.array(project(ax.book_region, place.lon, place.lat), dtype=float)
    true = ax.transData.transform(home) * 72 / ax.figure.dpi
    text = ax.annotate(
        town, home, xytext=spot - true, textcoords="offset points", ha=ha, va=va,
        fontsize=TOWN_SIZE, color=style.INK, zorder=6, linespacing=1.1,
    )  # fmt: skip
    # Text must not make the layout shrink the map that its place was found on.
    text.set_in_layout(False)
    return text


def _print_words(ax: Axes, taken: list, shaded: set[str]) -> None:
    """Names of lands and seas, where they cover nothing and are not cut off."""
    inside = ax.get_window_extent().extents * 72 / ax.figure.dpi
    for word in ax.book_words:
        if word.text in shaded:
            continue
        x, y = (float(one) for one in project(ax.book_region, word.lon, word.lat))
        px, py = ax.transData.transform((x, y)) * 72 / ax.figure.dpi
        half = 0.3 * 8 * len(word.text)
        box = (px - half, py - 5, px + half, py + 5)
        within = box[0] > inside[0] and box[2] < inside[2]
        if within and box[1] > inside[1] and box[3] < inside[3] and _free(box, taken):
            ax.text(
                x, y, word.text, ha="center", va="center", fontsize=8, color=style.MUTED,
                fontstyle="italic" if word.kind == "water" else "normal", zorder=2.6,
            )  # fmt: skip
            taken.append(box)


def draw_lines(
    ax: Axes,
    rows: DataFrame,
    *,
    colours: Mapping[str, str],
    route: str = "route",
    order: str = "seq",
    mode: str | None = "mode_to_next",
    years: Mapping[str, tuple[int | None, int | None]] | None = None,
    labels: Mapping[str, str] | None = None,
    year: int | None = None,
) -> list[Line2D]:
    """The routes as :func:`add_lines` shows them; ``year`` leaves out what did not exist in it.

    Returns legend handles.
    """
    handles: dict[str, Line2D] = {}
    modes: dict[str, Line2D] = {}
    for name, by, points in stretches(rows, route, order, mode):
        since, until = (years or {}).get(name, (None, None))
        if year is not None and not ((since or year) <= year <= (until or year)):
            continue
        x, y = project(ax.book_region, [p[1] for p in points], [p[0] for p in points])
        looks: dict[str, Any] = {"color": style.COLOURS[colours[name]][0], "linewidth": 1.6}
        dash = [float(part) * POINT for part in DASHES.get(by, "").split()]
        pattern = (0, dash) if dash else "-"
        ax.plot(x, y, zorder=2.4, linestyle=pattern, **looks)
        text = f"route: {(labels or {}).get(name, name)}"
        handles.setdefault(name, Line2D([], [], label=text, **looks))
        if by in DASHES:
            looks = {"color": style.SLATE, "linewidth": 1.6, "linestyle": pattern}
            modes.setdefault(by, Line2D([], [], label=f"by {by}", **looks))
    return [*handles.values(), *(modes.values() if len(modes) > 1 else ())]


def draw_legend(ax: Axes, handles: Sequence, columns: int | None = None) -> None:
    """The legend and the note on boundaries below all maps of the figure; then trim its height.

    Call it last. ``columns`` is by default 2 on a wide picture and 1 on a narrow one.
    """
    figure = ax.figure
    wide = figure.get_figwidth() > 5
    # A pattern of dashes needs room to be told from a full line.
    dashed = any(isinstance(each, Line2D) and each.get_linestyle() == "--" for each in handles)
    note = _wrapped(f"{BOUNDARIES} {REGIONS[ax.book_region].note}".strip(), 127 if wide else 56)
    legend = figure.legend(
        handles=list(handles),
        loc="outside lower left",
        ncols=columns or (2 if wide else 1),
        fontsize=8,
        # The empty line keeps the note from looking like the first entry.
        title=f"{note}\n",
        title_fontproperties={"size": 8},
        alignment="left",
        handlelength=2.8 if dashed else 2.0,
        handletextpad=0.6,
        borderpad=0.2,
        columnspacing=1.4,
    )
    legend.get_title().set_color(style.MUTED)
    figure.draw_without_rendering()
    slot, map_ = ax.get_position(original=True), ax.get_position()
    rows = ax.get_subplotspec().get_gridspec().nrows
    figure.set_figheight(figure.get_figheight() * (1 - rows * (slot.height - map_.height)))


def _wrapped(text: str, width: int) -> str:
    """Text in lines of at most ``width`` characters."""
    lines = [""]
    for word in text.split():
        if len(lines[-1]) + len(word) + 1 > width:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return "\n".join(lines)


@dataclass(frozen=True)
class Fill:
    """How one class of countries is filled: a colour name, how opaque, and Matplotlib's hatch.

    Hatches tell classes apart where colour does not (print, colour blindness).
    """

    colour: str
    label: str
    alpha: float = 1.0
    hatch: str = ""


def graded(
    values: Series, edges: Sequence[float], colour: str, unit: str = ""
) -> tuple[Series, dict[Hashable, Fill]]:
    """Numbers as classes for :func:`choropleth`: the stronger the colour, the larger the number.

    ``edges`` rise; class k reaches from ``edges[k]`` up to, not including, ``edges[k + 1]``, the
    last includes its upper edge. Raises ``ValueError`` for a number outside all classes.
    """
    numbers = pd.to_numeric(values).dropna().astype(float)
    last = len(edges) - 2
    classes = np.clip(np.searchsorted(edges, numbers, side="right") - 1, -1, last + 1)
    classes[numbers == edges[-1]] = last
    if ((classes < 0) | (classes > last)).any():
        raise ValueError(f"numbers outside {edges[0]:g} to {edges[-1]:g}")
    fills: dict[Hashable, Fill] = {
        k: Fill(colour, f"{low:g} to {high:g}{unit}", alpha=0.12 + 0.88 * k / max(1, last))
        for k, (low, high) in enumerate(zip(edges, edges[1:]))
    }
    return Series(classes, index=numbers.index), fills


def choropleth(
    ax: Axes,
    region: str,
    values: Series | Mapping[str, Hashable],
    fills: Mapping[Hashable, Fill],
    *,
    missing: str = "no data",
    dot: float | None = None,
) -> list:
    """Countries filled by class; those too small to see are dots beside their place.

    ``values`` maps ISO 3166-1 alpha-3 codes to keys of ``fills``. A country whose land covers less
    than a quarter of the square of ``dot`` CSS pixels gets a dot that wide (by default 5 on a wide
    picture and 3.6 on a narrow one); dots that would overlap are pushed apart. Returns legend
    handles, with the number of countries in each class.

    Raises ``ValueError`` for a code that is not on the map or a value without a fill.
    """
    values = dict(values)
    land = {feature["properties"]["a3"]: feature for feature in land_of(region)["features"]}
    if unknown := sorted(set(values) - set(land)):
        raise ValueError(f"codes that are not on the map {region}: {', '.join(unknown)}")
    if odd := sorted({str(value) for value in values.values() if value not in fills}):
        raise ValueError(f"values without a fill: {', '.join(odd)}")
    wide = ax.figure.get_figwidth() > 5
    dot = dot or (5.0 if wide else 3.6)
    step, box = _frame_axes(ax, region, None)
    ax.set_facecolor("none")
    ax.book_region, ax.book_words = region, ()
    if region == "world":
        _globe(ax)
    small = []
    for a3, feature in land.items():
        fill = fills[values[a3]] if a3 in values else None
        rings = [
            np.column_stack(project(region, *np.array(polygon[0]).T))
            for polygon in feature["geometry"]["coordinates"]
        ]
        if fill and sum(abs(signed_area(ring)) for ring in rings) < (dot / 2 * step) ** 2:
            small.append(
                (a3, fill, max(rings, key=lambda ring: abs(signed_area(ring))).mean(axis=0))
            )
        outline = _outline(region, feature, (1.2 if wide else 0.8) * step, box)
        if outline is not None:
            _fill(ax, outline, fill)
    if small:
        ax.figure.draw_without_rendering()
        flat = np.array([centre for _, _, centre in small])
        home = ax.transData.transform(flat) * 72 / ax.figure.dpi
        at = separate(home, [dot * POINT / 2] * len(small))
        for (_, fill, _), (x, y), (dx, dy) in zip(small, flat, at - home):
            colour = style.COLOURS[fill.colour][0]
            # On a country of the same colour only the paper around a dot shows it.
            for wider, face, edge in (
                (1.6, style.PAPER, style.PAPER),
                (0.0, (colour, fill.alpha), style.INK),
            ):
                _spot(
                    ax, x, y, dx, dy, marker="o", markersize=dot * POINT + wider, zorder=4,
                    markerfacecolor=face, markeredgecolor=edge, markeredgewidth=0.5,
                )  # fmt: skip
    counts = Series(values).value_counts()
    handles = [
        matplotlib.patches.Patch(
            facecolor=style.COLOURS[fill.colour][0],
            alpha=fill.alpha,
            hatch=fill.hatch,
            edgecolor=style.PAPER if fill.hatch else style.LINE,
            linewidth=0.5,
            label=f"{fill.label} ({counts.get(key, 0)})",
        )
        for key, fill in fills.items()
    ]
    handles.append(
        matplotlib.patches.Patch(
            facecolor=style.LAND, edgecolor=style.LINE, linewidth=0.5, label=missing
        )
    )
    return handles


def _fill(ax: Axes, outline: Outline, fill: Fill | None) -> None:
    """One country; a pale class lies on paper, so that it stays paler than land without data."""
    looks: dict[str, Any] = {"edgecolor": style.LINE, "linewidth": 0.4}
    if fill is None:
        ax.add_patch(matplotlib.patches.PathPatch(outline, facecolor=style.LAND, **looks, zorder=1))
        return
    if fill.alpha < 1:
        ax.add_patch(
            matplotlib.patches.PathPatch(outline, facecolor=style.PAPER, **looks, zorder=1)
        )
    ax.add_patch(
        matplotlib.patches.PathPatch(
            outline,
            facecolor=style.COLOURS[fill.colour][0],
            alpha=fill.alpha,
            hatch=fill.hatch,
            edgecolor=style.PAPER,
            linewidth=0.4,
            zorder=2,
        )
    )
