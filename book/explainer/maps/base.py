"""What the interactive map and its static twin share: regions, symbols, places, their order."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

import numpy as np
import pandas as pd
from pandas import DataFrame

from explainer import data, style

BOUNDARIES = (
    "Boundaries: Natural Earth (UN view where it differs); "
    "they imply no opinion on the legal status of any territory."
)
"""Stands under every map."""

GEO = data.ROOT / "book" / "data" / "geo"

Box = tuple[float, float, float, float]
"""West, south, east, north in degrees."""


@dataclass(frozen=True)
class Word:
    """A name printed on the base map, centred on a point; left out where it would cover data."""

    text: str
    lat: float
    lon: float
    kind: Literal["land", "water"] = "land"


@dataclass(frozen=True)
class Region:
    """A base map: its file, the view it opens with, how far one may zoom, what is named."""

    file: str
    view: Box
    bounds: Box
    max_zoom: int
    main: tuple[str, ...] = ()
    words: tuple[Word, ...] = ()
    note: str = ""


REGIONS: dict[str, Region] = {
    "levant": Region(
        "levant",
        view=(33.85, 31.1, 35.75, 32.75),
        bounds=(29.0, 28.0, 41.0, 35.8),
        max_zoom=11,
        main=("Gaza Strip", "West Bank"),
        words=(
            Word("Israel", 31.24, 34.86),
            Word("West Bank", 32.2, 35.25),
            Word("Gaza Strip", 31.36, 34.31),
            Word("Jordan", 32.3, 35.66),
            Word("Egypt", 30.6, 33.6),
            Word("Lebanon", 33.95, 35.9),
            Word("Syria", 33.3, 36.8),
            Word("Golan Heights", 32.98, 35.76),
            Word("Mediterranean Sea", 32.35, 34.2, "water"),
        ),
        note="Natural Earth draws the Golan Heights with Israel; Security Council "
        "resolution 497 (1981) declared the extension of Israeli law to them null and void.",
    ),
    "near-east": Region(
        "near-east",
        view=(28.5, 28.5, 53.0, 37.2),
        bounds=(22.0, 19.0, 64.0, 45.0),
        max_zoom=8,
        main=("Gaza Strip", "West Bank"),
        words=(
            Word("Egypt", 27.6, 30.0),
            Word("Israel", 30.2, 34.85),
            Word("Jordan", 30.9, 37.0),
            Word("Syria", 35.1, 38.5),
            Word("Iraq", 32.9, 44.6),
            Word("Iran", 33.3, 53.0),
            Word("Saudi Arabia", 27.5, 42.0),
            Word("Türkiye", 38.6, 34.5),
            Word("Kuwait", 29.35, 47.6),
            Word("Mediterranean Sea", 33.4, 31.2, "water"),
        ),
    ),
    "central-asia": Region(
        "central-asia",
        view=(55.5, 35.4, 80.8, 46.2),
        bounds=(18.0, 20.0, 98.0, 64.0),
        max_zoom=8,
        main=("Kazakhstan", "Kyrgyzstan", "Tajikistan", "Turkmenistan", "Uzbekistan"),
        words=(
            Word("Kazakhstan", 45.3, 67.5),
            Word("Uzbekistan", 42.3, 62.5),
            Word("Turkmenistan", 39.5, 59.3),
            Word("Kyrgyzstan", 41.6, 77.0),
            Word("Tajikistan", 38.3, 73.3),
            Word("Afghanistan", 33.9, 65.3),
            Word("Russia", 54.9, 56.5),
            Word("China", 38.5, 82.0),
            Word("Iran", 33.0, 55.5),
            Word("Pakistan", 30.0, 69.0),
            Word("India", 30.5, 77.3),
            Word("Caspian Sea", 41.0, 51.0, "water"),
            Word("Black Sea", 43.4, 34.5, "water"),
            Word("Azerbaijan", 40.6, 47.6),
            Word("Georgia", 42.2, 43.4),
            Word("Ukraine", 49.3, 31.5),
            Word("Türkiye", 39.0, 34.5),
            Word("Latvia", 56.8, 26.3),
        ),
    ),
    "world": Region(
        "world",
        view=(-140.0, -50.0, 170.0, 72.0),
        bounds=(-180.0, -70.0, 180.0, 84.0),
        max_zoom=5,
    ),
}

AREA_LABELS = {
    ("levant", "Gaza Strip"): (31.84, 34.19),
    ("near-east", "Gaza Strip"): (32.2, 32.6),
}
"""Where (lat, lon) the label of a shaded territory stands when inside is no room for it."""


@cache
def land_of(region: str) -> dict:
    """The GeoJSON of a region."""
    return json.loads((GEO / f"{REGIONS[region].file}.geojson").read_text(encoding="utf-8"))


def signed_area(ring: np.ndarray) -> float:
    """Signed area of a ring of (x, y)."""
    x, y = ring[:, 0], ring[:, 1]
    return float(np.sum(x[:-1] * y[1:] - x[1:] * y[:-1]) / 2)


def label_point(region: str, territory: str) -> tuple[float, float]:
    """Where the label of a shaded territory stands: beside it if so listed, else in its middle."""
    if (region, territory) in AREA_LABELS:
        return AREA_LABELS[region, territory]
    rings = [
        np.array(polygon[0])
        for feature in land_of(region)["features"]
        if feature["properties"]["name"] == territory
        for polygon in feature["geometry"]["coordinates"]
    ]
    ring = max(rings, key=lambda one: abs(signed_area(one)))
    lon, lat = (ring.min(axis=0) + ring.max(axis=0)) / 2
    return round(float(lat), 3), round(float(lon), 3)


def with_article(territory: str) -> str:
    """Territory names that take the article in a sentence."""
    return f"the {territory}" if territory in ("Gaza Strip", "West Bank") else territory


def _polygon(sides: int, turn: float = 0.0, inner: float | None = None) -> list[list[float]]:
    """Corners on the unit circle, first one up; ``inner`` makes a star with that inner radius."""
    steps = sides * 2 if inner else sides
    return [
        [
            (inner if inner and k % 2 else 1.0) * math.sin(2 * math.pi * k / steps + turn),
            -(inner if inner and k % 2 else 1.0) * math.cos(2 * math.pi * k / steps + turn),
        ]
        for k in range(steps)
    ]


_ARM = 0.36
SHAPES: dict[str, list[list[float]]] = {
    "circle": _polygon(28),
    "square": [[x * 0.86, y * 0.86] for x, y in [(-1, -1), (1, -1), (1, 1), (-1, 1)]],
    "diamond": [[x * 1.12, y * 1.12] for x, y in _polygon(4)],
    "triangle": [[x * 1.14, y * 1.14 + 0.2] for x, y in _polygon(3)],
    "wedge": [[x * 1.14, y * 1.14 - 0.2] for x, y in _polygon(3, math.pi)],
    "pentagon": _polygon(5),
    "star": [[x * 1.2, y * 1.2] for x, y in _polygon(5, inner=0.5)],
    "cross": [
        [x, y]
        for x, y in [
            (-_ARM, -1), (_ARM, -1), (_ARM, -_ARM), (1, -_ARM), (1, _ARM), (_ARM, _ARM),
            (_ARM, 1), (-_ARM, 1), (-_ARM, _ARM), (-1, _ARM), (-1, -_ARM), (-_ARM, -_ARM),
        ]
    ],
}  # fmt: skip
"""Outlines in a square from -1 to 1, y downwards as in SVG; both map kinds draw them."""


@dataclass(frozen=True)
class Symbol:
    """How one kind of place looks: a shape of ``SHAPES``, a colour name of ``style.COLOURS``.

    Different kinds should differ in shape, not only in colour. ``label`` is the legend's text
    (by default the kind itself).
    """

    shape: str
    colour: str
    label: str = ""

    def __post_init__(self) -> None:
        if self.shape not in SHAPES or self.colour not in style.COLOURS:
            raise ValueError(
                f"no symbol {self.shape}/{self.colour}: shapes are {', '.join(SHAPES)}; "
                f"colours are those of explainer.style"
            )


@dataclass(frozen=True)
class Look:
    """Which columns decide how places are drawn; shared by the map and its twin.

    ``by``: the kind, a key of ``symbols``. ``name``: the place's name. ``town``: printed once
    beside the symbols that share it. ``hollow``: a boolean column, true where the symbol is an
    outline only, explained by ``hollow_label``. ``size``: a number whose square root scales the
    symbol, explained by ``size_label``; empty means the smallest symbol. ``since`` and ``until``:
    years or dates of opening and closing; empty means unknown or still open, and such a place is
    shown as open.
    """

    symbols: Mapping[str, Symbol]
    by: str = "kind"
    name: str = "name"
    town: str | None = None
    hollow: str | None = None
    hollow_label: str = ""
    size: str | None = None
    size_label: str = ""
    since: str | None = None
    until: str | None = None


SMALL, LARGE = 6.5, 16.0
"""Half the width of a symbol in CSS pixels: the usual one, and the largest scaled one."""
TOUCH = 12.0
"""Half the least width that a symbol takes on the screen: 24 px can be hit with a finger."""

PRECISION_LABELS = {
    "exact": "plain symbol: the place itself",
    "city": "soft ring: the town is known, the spot in it is not",
    "region": "shaded: somewhere in this territory",
}


@dataclass(frozen=True)
class Place:
    """One row, ready to be drawn."""

    row: Mapping[str, Any]
    name: str
    lat: float
    lon: float
    precision: str
    territory: str
    symbol: Symbol
    hollow: bool
    half: float
    town: str
    since: int | None
    until: int | None

    @property
    def radius(self) -> float:
        """Room on the screen in CSS pixels, with the ring of a city."""
        return max(TOUCH, self.half + (4.5 if self.precision == "city" else 1.5))

    def open_in(self, year: int | None) -> bool:
        """Whether the place was open at any time in the year (None: any year)."""
        return year is None or (
            (self.since is None or self.since <= year)
            and (self.until is None or self.until >= year)
        )


def missing(value: object) -> bool:
    """Whether a cell is empty."""
    return value is None or (not isinstance(value, (list, tuple)) and pd.isna(value))


def year_of(value: object) -> int | None:
    """The year of a Period, Timestamp, number or ISO text; None for an empty cell.

    Raises ``ValueError`` for text that does not begin with a year.
    """
    if missing(value):
        return None
    if hasattr(value, "year"):
        return int(value.year)
    found = re.match(r"\d{4}(?!\d)", str(value))
    if not found:
        raise ValueError(f"{value!r} does not begin with a year")
    return int(found.group())


def located(rows: DataFrame) -> DataFrame:
    """The rows with ``lat``, ``lon``, ``precision`` and ``territory``.

    Rows that have no coordinates of their own take them from ``places.csv`` by their ``place``.
    """
    if "lat" in rows:
        return rows
    known = data.load("places").set_index("id")[["lat", "lon", "precision", "territory"]]
    return rows.drop(columns="territory", errors="ignore").join(known, on="place")


def prepared(rows: DataFrame, look: Look) -> list[Place]:
    """Check and prepare rows; raises ``ValueError`` naming the row that cannot be drawn."""
    rows = located(rows)
    if look.size:
        numbers = pd.to_numeric(rows[look.size], errors="coerce").astype("Float64")
        largest = numbers.max()
    out = []
    for index, row in zip(rows.index, rows.to_dict("records")):
        name = str(row[look.name])

        def problem(text: str, name: str = name) -> ValueError:
            return ValueError(f"place {name!r}: {text}")

        if row[look.by] not in look.symbols:
            raise problem(f"no symbol for {look.by} {row[look.by]!r}")
        if missing(row["lat"]) or missing(row["lon"]):
            raise problem("no coordinates")
        if row["precision"] not in ("building", "street", "city", "region"):
            raise problem(f"precision {row['precision']!r} is none of those that can be drawn")
        half = SMALL
        if look.size and not missing(numbers[index]):
            half = max(SMALL, LARGE * math.sqrt(numbers[index] / largest))
        out.append(
            Place(
                row=row,
                name=name,
                lat=float(row["lat"]),
                lon=float(row["lon"]),
                precision=str(row["precision"]),
                territory="" if missing(row.get("territory")) else str(row["territory"]),
                symbol=look.symbols[row[look.by]],
                hollow=bool(look.hollow and not missing(row[look.hollow]) and row[look.hollow]),
                half=half,
                town="" if not look.town or missing(row[look.town]) else str(row[look.town]),
                since=year_of(row[look.since]) if look.since else None,
                until=year_of(row[look.until]) if look.until else None,
            )
        )
    return out


def separate(points: np.ndarray, radii: Sequence[float]) -> np.ndarray:
    """Positions at which circles of these radii do not overlap, near their true points.

    ``points`` is an (n, 2) array in screen units, ``radii`` in the same. The circles grow from
    nothing while overlapping pairs are pushed apart and all are pulled a little towards home, so
    neighbours stay on their own side; large ones move less; the last steps only push. Equal
    points are told apart by their order: the result is the same every time. ``map.js`` takes the
    same steps.
    """
    order = np.arange(len(points))
    at = points + 0.01 * np.column_stack([np.cos(2.4 * order), np.sin(2.4 * order)])
    weight = np.square(radii)
    for step in range(1, 161):
        grown = min(1.0, step / 80)
        for i in range(len(at)):
            for j in range(i + 1, len(at)):
                gap = at[j] - at[i]
                apart, need = math.hypot(*gap), grown * (radii[i] + radii[j] + 2)
                if apart < need:
                    push = gap * ((need - apart) / apart)
                    mine = weight[j] / (weight[i] + weight[j])
                    at[i] -= push * mine
                    at[j] += push * (1 - mine)
        if step <= 120:
            at += 0.05 * (points - at)
    return at


def precision_shown(place: Place) -> str:
    """The key of ``PRECISION_LABELS``: a street is drawn like a building."""
    return place.precision if place.precision in ("city", "region") else "exact"


DASHES = {"rail": "", "road": "8 4", "ferry": "2 5", "air": "12 5 2 5"}
"""Line patterns by mode of transport, in CSS pixels; other modes get a full line."""


def stretches(
    rows: DataFrame, route: str, order: str, mode: str | None
) -> list[tuple[str, str, list[tuple[float, float]]]]:
    """(route, mode, points) for each stretch of a route with one mode of transport."""
    out: list[tuple[str, str, list[tuple[float, float]]]] = []
    rows = located(rows)
    for name, part in rows.groupby(route, sort=False, observed=True):
        stops = part.sort_values(order).to_dict("records")
        for here, there in zip(stops, stops[1:]):
            by = "" if mode is None or missing(here[mode]) else str(here[mode])
            points = [(float(stop["lat"]), float(stop["lon"])) for stop in (here, there)]
            if out and out[-1][:2] == (str(name), by):
                out[-1][2].append(points[1])
            else:
                out.append((str(name), by, points))
    return out
