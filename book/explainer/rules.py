"""What a column's type cannot say: votes that add up, a point inside its territory.

Each rule is one function from the package to the problems it finds; ``RULES`` at the
end lists them all. A rule is silent on a cell that was refused or a table that cannot
be read: both are reported already.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

from explainer.tables import (
    CLAIMS,
    CORE,
    DESCRIPTOR,
    LISTS,
    Field,
    Package,
    Problem,
    Refused,
    Row,
    Span,
    Table,
    foreign_keys,
    limited,
)

Problems = Iterator[Problem]

# The verdicts, from most to least borne out, and what each means.
VERDICTS = {
    "supported": "the record found bears the claim out",
    "mostly supported": "the record bears out the core of the claim, not every part",
    "mixed": "one part of the claim stands, another does not or is not known",
    "contradicted": "the record found says otherwise",
    "unverified": "no record was found that settles it either way",
    "interpretation": "a judgement that no record can settle; both sides of the evidence are given",
}
# The longest statement has 233 characters; more than this is no longer one statement.
MAX_STATEMENT = 300
EARTH_KM_PER_DEGREE = 111.2
# Coast and border lines of the base map are simplified; no sound point lies farther off.
TERRITORY_TOLERANCE_KM = 25.0
# Names in places.csv that the base map draws under another name, or as part of one or two.
DRAWN_AS: dict[str, tuple[str, ...]] = {
    "East Jerusalem": ("West Bank",),
    "Jerusalem": ("Israel", "West Bank"),
    "West Jerusalem, Israel": ("Israel",),
    "Ukraine (Crimea)": ("Ukraine",),
    "United States": ("United States of America",),
}
AT_SEA = "at sea"  # in no territory: there is no outline to hold a point to
SECURITY_COUNCIL_MEMBERS = 15
GENERAL_ASSEMBLY_MEMBERS = 193
GENERAL_ASSEMBLY_193_SINCE = date(2011, 7, 14)

# Looks ahead, so that a link inside a link (of an archive, a translator) is found as well.
_LINK = re.compile(r"(?=(https?://(?:[^\s/]*@)?([\w.-]+)[^\s<>\"')]*))", re.IGNORECASE)
_NAMELESS = re.compile(r"\b(anonymous|not named|not stated|unidentified|unknown)\b", re.IGNORECASE)

Ring = list[tuple[float, float]]
"""A closed line of (longitude, latitude) in degrees."""


def problems(book: Package) -> list[Problem]:
    """Every problem of the package, in the order of files and rows."""
    found = [problem for table in book.tables() for problem in table.problems] + book.problems
    for rule in RULES:
        found += rule(book)
    return sorted(set(found), key=lambda p: (p.file, p.row or 0, p.column or "", *map(str, p)))


def _values(book: Package) -> Iterator[tuple[Table, Row, Field, Any]]:
    """Every filled and sound cell of the package."""
    for table in book.tables():
        for row in table.rows:
            for column, value in row.value.items():
                yield table, row, table.fields[column], value


def _references(book: Package) -> Iterator[tuple[Table, Row, str, Table, str, str]]:
    """(table, row, column, other table, its column, id) for every id that a cell names."""
    for table in book.tables():
        lists = [(name, f.kind, "id") for name, f in table.fields.items() if f.kind in LISTS]
        for column, other, key in [*foreign_keys(table.spec), *lists]:
            for row in table.rows if other in book.resources else ():
                value = row.value.get(column, [])
                for one in value if isinstance(value, list) else [row.text[column]]:
                    yield table, row, column, book.table(other), key, one


def references_exist(book: Package) -> Problems:
    """Foreign keys, and lists of claims, sources and facts, name rows that exist."""
    known: dict[tuple[str, str], set[str]] = {}
    for table, row, column, other, key, one in _references(book):
        if (other.name, key) not in known:
            known[other.name, key] = {text for each in other.rows if (text := each.text.get(key))}
        if known[other.name, key] and one not in known[other.name, key]:
            what = "an id" if table.fields[column].kind in LISTS else f"a value of {key}"
            expected = f"{what} in {Path(other.file).name}"
            yield table.problem(row, column, "is unknown", expected, part=one)


def sources_and_places_are_used(book: Package) -> Problems:
    """A source or a place serves a row."""
    if not all(table.is_whole for table in book.tables()):
        return
    used = {(other.name, one) for _, _, _, other, _, one in _references(book)}
    users = {"sources": "a citation or a chart row", "places": "a fact or chart row there"}
    for name, expected in users.items():
        for row in book.rows(name):
            if row.text.get("id") and (name, row.text["id"]) not in used:
                yield book.table(name).problem(row, "id", "is used by no row", expected)


def people_rest_on_evidence(book: Package) -> Problems:
    """A person in the list has a part in a fact, or a source of their own."""
    for row in book.rows("people"):
        table = book.table("people")
        if table.is_whole and not row.text.get("facts") and not row.text.get("sources"):
            expected = "a fact that the person has a part in, or a source"
            yield table.problem(row, "facts", "is missing", expected)


def nothing_after_the_evidence_date(book: Package) -> Problems:
    """No row is dated after the day on which the evidence was closed."""
    day = book.evidence_date
    for table, row, f, value in _values(book):
        if day and isinstance(value, Span) and value.first > day:
            expected = f"{day} or earlier"
            yield table.problem(row, f.name, "is after the evidence date", expected)


def changes_are_dated(book: Package) -> Problems:
    """Each table says on which day it last changed, not after the evidence date."""
    day = Field({"name": "modified", "type": "date"})
    for name, spec in book.resources.items():
        if name == CLAIMS["name"]:
            continue
        given, last = spec.get("modified", ""), book.evidence_date
        try:
            late = last and day.read(given).first > last
        except Refused:
            late = True
        if late:
            expected = f"the day of the last change, YYYY-MM-DD, {last} or earlier"
            fault = "is not the day of a change"
            yield Problem(DESCRIPTOR, fault, expected, None, f"{name}.modified", given)


def ends_follow_beginnings(book: Package) -> Problems:
    """An end does not come before its beginning, as far as partial dates can tell.

    Pairs are opened and closed, since and until, and any ..._start and ..._end.
    """
    pairs = {"opened": "closed", "since": "until"}
    for table in book.tables():
        for start in table.fields:
            end = pairs.get(start, re.sub(r"(^|_)start$", r"\1end", start))
            for row in table.rows if end != start else ():
                first, last = row.value.get(start), row.value.get(end)
                if isinstance(first, Span) and isinstance(last, Span) and last.last < first.first:
                    expected = f"{row.text[start]} or later"
                    yield table.problem(row, end, f"is before {start}", expected)


def counts_are_not_negative(book: Package) -> Problems:
    """Integers count something, unless the descriptor gives the column another minimum."""
    for table, row, f, value in _values(book):
        if f.type == "integer" and "minimum" not in f.constraints and value < 0:
            yield table.problem(row, f.name, "is negative", "0 or more")


def low_value_high(book: Package) -> Problems:
    """X_low <= X <= X_high wherever a table has such columns (killed, amount_..._usd, value)."""
    for table in book.tables():
        for low in table.fields:
            words = low.split("_")
            if "low" not in words:
                continue
            high = "_".join("high" if word == "low" else word for word in words)
            mid = "_".join(word for word in words if word != "low")
            for row in table.rows:
                for less, more, at in ((low, high, low), (low, mid, mid), (mid, high, mid)):
                    if row.value.get(less, -math.inf) > row.value.get(more, math.inf):
                        limit, word = (more, "above") if at == less else (less, "below")
                        expected = f"at {'most' if at == less else 'least'} {row.text[limit]}"
                        yield table.problem(row, at, f"is {word} {limit}", expected)


def shares_within_100(book: Package) -> Problems:
    """A column or fact in percent lies between 0 and 100."""
    for table, row, f, value in _values(book):
        if f.type not in ("integer", "number"):
            continue
        by_row = table.has("unit") and f.name in ("value", "value_low", "value_high")
        unit = row.text.get("unit", "") if by_row else f.unit
        if unit.startswith("percent") and not 0 <= value <= 100:
            yield table.problem(row, f.name, "is not a share", "0 to 100 percent")


def coordinates_are_sound(book: Package) -> Problems:
    """Latitude and longitude come together, in degrees."""
    for table in book.tables():
        for lat in [name for name in table.fields if re.fullmatch(r"(.+_)?lat", name)]:
            lon = lat[:-3] + "lon"
            for row in table.rows:
                for column, other, limit in ((lat, lon, 90), (lon, lat, 180)):
                    if abs(row.value.get(column, 0)) > limit:
                        yield table.problem(row, column, "is out of range", f"-{limit} to {limit}")
                    if row.text.get(column) == "" and other in row.value:
                        expected = "both latitude and longitude"
                        yield table.problem(row, column, "is missing", expected)


def points_lie_in_their_territory(book: Package) -> Problems:
    """A point lies in the territory that its row names, as the base map draws it."""
    outlines: dict[str, list[tuple[list[Ring], float]]] = {}
    for file in sorted((book.root / "book" / "data" / "geo").glob("*.geojson")):
        try:
            for feature in json.loads(limited(file).decode("utf-8"))["features"]:
                if rings := _rings(feature["geometry"] or {}):
                    drawn = (rings, _tolerance_km(rings))
                    outlines.setdefault(feature["properties"]["name"], []).append(drawn)
        except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
            fault = f"cannot be read: {error!r}"
            yield Problem(f"book/data/geo/{file.name}", fault, "GeoJSON features with names")
    if not outlines:
        yield Problem("book/data/geo", "has no outlines", "the base map's *.geojson")
        return
    for table in book.with_columns("lat", "lon", "territory"):
        for row in table.rows:
            lat, lon, name = (row.value.get(column) for column in ("lat", "lon", "territory"))
            if None in (lat, lon, name) or abs(lat) > 90 or abs(lon) > 180 or name == AT_SEA:
                continue
            names = DRAWN_AS.get(name, (name,))
            sheets = [sheet for one in names for sheet in outlines.get(one, ())]
            if not sheets:
                expected = "a name used in book/data/geo"
                yield table.problem(row, "territory", "is not on the base map", expected)
                continue
            # A sheet that shows the territory whole is enough: others may cut it off.
            distances = ((_distance_km(rings, lat, lon), tolerance) for rings, tolerance in sheets)
            off, tolerance = min(distances, key=lambda pair: pair[0] - pair[1])
            if off > tolerance:
                expected = f"a point within {tolerance:.0f} km of {name}"
                yield table.problem(row, ("lat", "lon"), f"lies {off:.0f} km outside", expected)


def _rings(geometry: dict[str, Any]) -> list[Ring]:
    """The rings of a polygon or of several; none for lines and points."""
    if geometry.get("type") not in ("Polygon", "MultiPolygon"):
        return []
    parts = geometry["coordinates"]
    polygons = [parts] if geometry["type"] == "Polygon" else parts
    return [[(float(x), float(y)) for x, y, *_ in ring] for polygon in polygons for ring in polygon]


def _tolerance_km(rings: list[Ring]) -> float:
    """How far outside the line a point may lie: less for a small territory."""
    longitudes, latitudes = zip(*(point for ring in rings for point in ring), strict=True)
    south, north = min(latitudes), max(latitudes)
    width = (max(longitudes) - min(longitudes)) * math.cos(math.radians((south + north) / 2))
    across = math.hypot(width, north - south) * EARTH_KM_PER_DEGREE
    return min(TERRITORY_TOLERANCE_KM, across / 10)


def _distance_km(rings: list[Ring], latitude: float, longitude: float) -> float:
    """0 inside, else the distance to the nearest border, on a plane around the point."""
    scale = math.cos(math.radians(latitude))
    inside, nearest = False, math.inf
    for ring in rings:
        flat = [((x - longitude) * scale, y - latitude) for x, y in ring]
        for (ax, ay), (bx, by) in zip(flat, flat[1:] + flat[:1], strict=True):
            if (ay > 0) != (by > 0) and ax - ay * (bx - ax) / (by - ay) > 0:
                inside = not inside
            dx, dy = bx - ax, by - ay
            length = dx * dx + dy * dy
            along = max(0.0, min(1.0, -(ax * dx + ay * dy) / length)) if length else 0.0
            nearest = min(nearest, math.hypot(ax + along * dx, ay + along * dy))
    return 0.0 if inside else nearest * EARTH_KM_PER_DEGREE


def _tallies(book: Package) -> Iterator[tuple[Table, Row, str, str]]:
    """(table, row, column, symbol) of each row that counts the votes on a document."""
    for table in book.with_columns("yes", "no", "abstain"):
        for column in [c for c in ("resolution", "document", "draft") if table.has(c)][:1]:
            for row in table.rows:
                if column in row.value:
                    yield table, row, column, row.value[column]


def votes_add_up(book: Package) -> Problems:
    """Yes, no, abstaining and absent make up the whole body."""
    for table, row, column, symbol in _tallies(book):
        if not {"yes", "no", "abstain"} <= row.value.keys():
            continue
        away = [name for name in ("absent", "not_voting") if name in row.value]
        columns = ["yes", "no", "abstain", *away]
        total = sum(row.value[name] for name in columns)
        # The symbol may stand in words: "amendment to the draft of ES-10/21".
        if re.search(r"\bS/", symbol):
            members, exact = SECURITY_COUNCIL_MEMBERS, True
        elif re.search(r"\bA/|\b(ES-)?\d+/", symbol):
            span = row.value.get("date")
            if span is None or span.first < GENERAL_ASSEMBLY_193_SINCE:
                continue
            members, exact = GENERAL_ASSEMBLY_MEMBERS, bool(away)
        else:
            expected = "a symbol such as S/2023/772 or A/RES/68/262"
            yield table.problem(row, column, "names no UN body", expected)
            continue
        if total > members or (exact and total != members):
            expected = f"{members} members" if exact else f"at most {members} members"
            yield table.problem(row, columns, f"makes {total}", expected)


def roll_calls_match_totals(book: Package) -> Problems:
    """Single votes (Y, N, A, X) counted per resolution give the totals printed elsewhere."""
    counted = {"yes": "Y", "no": "N", "abstain": "A", "not_voting": "X", "absent": "X"}
    states = {"russia_vote": "RUS", "us_vote": "USA", "china_vote": "CHN", "israel_vote": "ISR"}

    def short(symbol: str) -> str:
        """A/RES/68/262 and 68/262 are the same resolution."""
        return symbol.removeprefix("A/RES/")

    totals = [(table, row, short(symbol)) for table, row, _, symbol in _tallies(book)]
    for calls in book.with_columns("iso3", "resolution", "vote"):
        votes: dict[str, list[Row]] = {}
        for row in calls.rows:
            if {"iso3", "resolution", "vote"} <= row.value.keys():
                votes.setdefault(short(row.value["resolution"]), []).append(row)
        for symbol in votes.keys() - {symbol for _, _, symbol in totals}:
            expected = "a row with yes, no, abstain"
            yield calls.problem(votes[symbol][0], "resolution", "has no totals", expected)
        for table, row, symbol in totals:
            cast = {call.value["iso3"]: call.value["vote"] for call in votes.get(symbol, ())}
            tally = Counter(cast.values())
            known = {column: tally[code] for column, code in counted.items() if cast}
            known |= {column: cast[state] for column, state in states.items() if state in cast}
            for column, vote in known.items():
                if row.value.get(column, vote) != vote:
                    expected = f"{vote} as in {Path(calls.file).name}"
                    yield table.problem(row, column, "differs from the roll call", expected)


def no_link_on_the_do_not_link_list(book: Package) -> Problems:
    """No cell links to a host (or its subdomain) that do-not-link.csv names."""
    banned = {row.text.get("host", "").lower() for row in book.rows("do-not-link")} - {""}
    for table in book.tables():
        for row in table.rows:
            for column, text in row.text.items():
                for link in _LINK.finditer(text) if "://" in text else ():
                    host = link[2].lower().rstrip(".").split(".")
                    if banned & {".".join(host[start:]) for start in range(len(host))}:
                        fault, expected = "is on the do-not-link list", "another host"
                        yield table.problem(row, column, fault, expected, part=link[1])


def unseen_sources_are_not_linked(book: Package) -> Problems:
    """A source that was not seen at its publisher has no link."""
    for row in book.rows("sources"):
        if row.text.get("read") in ("relay", "recalled") and row.text.get("url"):
            fault, expected = (
                f"is linked though {row.text['read']}",
                "an empty cell unless read is seen",
            )
            yield book.table("sources").problem(row, "url", fault, expected)


def facts_are_sourced(book: Package) -> Problems:
    """A fact has a source that readers can find; one that is only recalled has low confidence."""
    if not all(name in book.resources and book.table(name).is_whole for name in CORE):
        return
    table = book.table("facts")
    sources = {row.text.get("id"): row.text for row in book.rows("sources")}
    cited: dict[str | None, list[dict[str, str]]] = {}
    for row in book.rows("citations"):
        source = sources.get(row.text.get("source"), {})  # an unknown id is reported elsewhere
        cited.setdefault(row.text.get("fact"), []).append(source)
    for row in table.rows:
        found = cited.get(row.text.get("id"), [])
        if not found:
            yield table.problem(row, "id", "has no source", "a row in citations.csv")
            continue
        is_recalled = {source.get("read") for source in found} == {"recalled"}
        if is_recalled and row.value.get("confidence", "low") != "low":
            yield table.problem(row, "confidence", "rests on recall only", "low")
        if all(
            not each.get("url") and _NAMELESS.search(each.get("publisher", "")) for each in found
        ):
            expected = "a source with an address or a named publisher"
            yield table.problem(row, "id", "has no source that can be found", expected)


def statements_are_short(book: Package) -> Problems:
    """A statement says one thing."""
    for table, row, f, value in _values(book):
        if f.name == "statement" and len(value) > MAX_STATEMENT:
            fault, expected = f"has {len(value)} characters", f"at most {MAX_STATEMENT} characters"
            yield table.problem(row, f.name, fault, expected)


def verdicts_are_complete(book: Package) -> Problems:
    """Each claim has a verdict from the vocabulary, with a reason."""
    judged = set()
    for row in book.rows("verdicts"):
        table = book.table("verdicts")
        judged.add(row.text.get("claim"))
        if "verdict" in row.value and row.value["verdict"] not in VERDICTS:
            expected = "one of: " + ", ".join(VERDICTS)
            yield table.problem(row, "verdict", "is not a verdict", expected)
    claims = book.table("claims")
    for row in claims.rows if judged - {None} else ():
        if row.text.get("id") and row.text["id"] not in judged:
            yield claims.problem(row, "id", "has no verdict", "a row in verdicts.csv")


RULES: tuple[Callable[[Package], Problems], ...] = (
    references_exist,
    sources_and_places_are_used,
    people_rest_on_evidence,
    nothing_after_the_evidence_date,
    changes_are_dated,
    ends_follow_beginnings,
    counts_are_not_negative,
    low_value_high,
    shares_within_100,
    coordinates_are_sound,
    points_lie_in_their_territory,
    votes_add_up,
    roll_calls_match_totals,
    no_link_on_the_do_not_link_list,
    unseen_sources_are_not_linked,
    facts_are_sourced,
    statements_are_short,
    verdicts_are_complete,
)
