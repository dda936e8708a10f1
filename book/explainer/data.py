"""Load the tables of ``book/data`` and refuse bad ones precisely.

``datapackage.json`` (Frictionless Data Package v2) is the one truth about
columns: types, required cells, closed vocabularies, patterns, ranges, keys.
Two custom properties tell this loader more: ``kind`` of a field
(``partial-date``, ``category``, ``url``, or a space-separated list of ids:
``claims``, ``sources``, ``facts``) and ``evidence_date`` of the package, the
day on which the evidence was closed. What a column type cannot say (votes that
add up, a point inside its territory) stands below as one small function per
rule, registered in ``RULES``.

A check never stops at the first mistake: every :class:`Problem` is collected
and names file, row (as in the file, the header is row 1), column, value and
what was expected. Cells are read as text and checked without pandas, so that a
check is quick; pandas is imported only to hand out a DataFrame.
"""

from __future__ import annotations

import csv
import json
import math
import re
from calendar import monthrange
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

if TYPE_CHECKING:
    import pandas as pd

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "book" / "data"
DESCRIPTOR = "book/data/datapackage.json"
CLAIMS = "seeds/claims.csv"

VERDICTS = (
    "supported",
    "mostly supported",
    "mixed",
    "contradicted",
    "unverified",
    "interpretation",
)

# Words for a date that is not known; a table shows them, a DataFrame has NA.
UNDATED = ("undated", "not stated")
MAX_BYTES = 20_000_000
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
AT_SEA = "at sea"
SECURITY_COUNCIL_MEMBERS = 15
GENERAL_ASSEMBLY_MEMBERS = 193
GENERAL_ASSEMBLY_193_SINCE = date(2011, 7, 14)

# Tables and columns that the rules below stand on: without them a rule would pass in silence.
CORE = {
    "sources": ("id", "publisher", "title", "date", "url", "tier", "read"),
    "facts": ("id", "claims", "date", "statement", "value", "unit", "place", "confidence"),
    "citations": ("fact", "source", "says"),
    "places": ("id", "name", "territory", "lat", "lon", "precision"),
    "verdicts": ("claim", "date", "verdict", "why"),
    "do-not-link": ("host", "reason"),
}

LIST_KINDS = {"claims": CLAIMS, "sources": "sources", "facts": "facts"}
KINDS = {"partial-date", "category", "url", *LIST_KINDS}
TYPES = {
    "string": "string",
    "integer": "Int64",
    "number": "Float64",
    "year": "Int64",
    "date": "datetime64[ns]",
    "boolean": "boolean",
}
CONSTRAINTS = {
    "required",
    "unique",
    "enum",
    "pattern",
    "minimum",
    "maximum",
    "minLength",
    "maxLength",
}

# Control, direction-override, byte-order and replacement characters: invisible or already broken.
_UNREADABLE = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ufffd]")
_LINK = re.compile(r"https?://[^\s<>\"')]+", re.IGNORECASE)
_HOST = re.compile(r"(?!-)[a-z0-9-]+(\.[a-z0-9-]+)+", re.IGNORECASE | re.ASCII)

_CLAIMS_SCHEMA = {
    "name": "claims",
    "schema": {
        "fields": [
            {
                "name": "id",
                "type": "string",
                "constraints": {"required": True, "unique": True, "pattern": r"C\d\d"},
            },
            {
                "name": "paragraph",
                "type": "integer",
                "constraints": {"required": True, "minimum": 1},
            },
            {
                "name": "order",
                "type": "integer",
                "constraints": {"required": True, "unique": True, "minimum": 1},
            },
            {"name": "claim", "type": "string", "constraints": {"required": True}},
        ]
    },
}


class Problem(NamedTuple):
    """One thing that is wrong, said so that it can be found and mended.

    ``row`` counts lines of the file from 1; ``row``, ``column`` and ``value``
    are None where the whole file is meant.
    """

    file: str
    row: int | None
    column: str | None
    value: str | None
    expected: str
    fault: str

    def __str__(self) -> str:
        where = self.file
        if self.row is not None:
            where += f", row {self.row}"
        if self.column is not None:
            where += f", column {self.column}"
        shown = ""
        if self.value:
            cut = self.value if len(self.value) <= 80 else self.value[:77] + "..."
            # Quoted as JSON, so that an invisible character is seen.
            shown = json.dumps(cut, ensure_ascii=bool(_UNREADABLE.search(cut))) + " "
        return f"{where}: {shown}{self.fault} (expected {self.expected})"


def _line(file: str, row: int | None, fault: str, expected: str) -> Problem:
    """A problem of a whole line, or of the whole file if ``row`` is None."""
    return Problem(file, row, None, None, expected, fault)


class DataError(ValueError):
    """The data cannot be used; ``problems`` holds every reason, the message lists them."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        count = f"{len(problems)} problem{'s' if len(problems) != 1 else ''} in the data"
        super().__init__("\n".join([f"{count}:", *map(str, problems)]))


class Summary(NamedTuple):
    """What a successful check read."""

    tables: int
    rows: int


class _Refused(Exception):
    """A cell that its column's type refuses: what is wrong, and what was expected."""

    def __init__(self, fault: str, expected: str) -> None:
        super().__init__(fault)
        self.fault, self.expected = fault, expected


class Span(NamedTuple):
    """First and last day that a partial date can mean."""

    first: date
    last: date


def _integer(text: str) -> int:
    if not re.fullmatch(r"-?(0|[1-9][0-9]{0,17})", text):
        raise _Refused("is not an integer", "digits only, such as 1500")
    return int(text)


def _number(text: str) -> float:
    if not re.fullmatch(r"-?(0|[1-9][0-9]{0,17})(\.[0-9]+)?", text):
        raise _Refused("is not a number", "a decimal number such as 31.53")
    return float(text)


def _year(text: str) -> int:
    if not re.fullmatch(r"[12][0-9]{3}", text):
        raise _Refused("is not a year", "YYYY")
    return int(text)


def _boolean(text: str) -> bool:
    if text not in ("true", "false"):
        raise _Refused("is not a truth value", "true or false")
    return text == "true"


def _span(text: str) -> Span | None:
    """First and last day of YYYY, YYYY-MM or YYYY-MM-DD; None if there is no such date."""
    found = re.fullmatch(r"([12][0-9]{3})(?:-([0-9]{2})(?:-([0-9]{2}))?)?", text)
    if not found:
        return None
    year, month, day = (int(part) if part else None for part in found.groups())
    try:
        first = date(year, month or 1, day or 1)
    except ValueError:
        return None
    if day:
        return Span(first, first)
    last_month = month or 12
    return Span(first, date(year, last_month, monthrange(year, last_month)[1]))


def _date(text: str) -> Span:
    span = _span(text)
    if span is None or len(text) != 10:
        raise _Refused("is not a date", "YYYY-MM-DD")
    return span


def _partial_date(text: str) -> Span | None:
    if text in UNDATED:
        return None
    span = _span(text)
    if span is None:
        raise _Refused("is not a partial date", "YYYY, YYYY-MM, YYYY-MM-DD or undated")
    return span


def _url(text: str) -> str:
    expected = "one http(s) address with a host, without spaces or user name"
    try:
        parts = urlsplit(text)
        port_is_sound = parts.port is None or parts.port > 0
    except ValueError:
        raise _Refused("is not a web address", expected) from None
    if (
        parts.scheme not in ("http", "https")
        or not _HOST.fullmatch(parts.hostname or "")
        or "@" in parts.netloc
        or not port_is_sound
        or re.search(r"[\s<>\"{}|\\^`]", text)
    ):
        raise _Refused("is not a web address", expected)
    return text


def _ids(text: str) -> list[str]:
    ids = text.split(" ")
    if "" in ids or len(set(ids)) != len(ids):
        raise _Refused("is not a list of ids", "different ids with one space between them")
    return ids


_PARSERS: dict[str, Callable[[str], Any]] = {
    "string": str,
    "integer": _integer,
    "number": _number,
    "year": _year,
    "date": _date,
    "boolean": _boolean,
    "partial-date": _partial_date,
    "url": _url,
    "claims": _ids,
    "sources": _ids,
    "facts": _ids,
}


@dataclass
class Field:
    """A column as the descriptor defines it, ready to read cells."""

    name: str
    type: str
    kind: str | None
    unit: str
    constraints: dict[str, Any]

    @cached_property
    def parse(self) -> Callable[[str], Any]:
        """The function from text to value; it raises :class:`_Refused`."""
        if self.kind in _PARSERS:
            return _PARSERS[self.kind]
        # A column called url is a link, whether or not the descriptor says so.
        if self.name == "url" or self.name.endswith("_url"):
            return _url
        return _PARSERS[self.type]

    def read(self, text: str) -> Any:
        """The typed value of a filled cell; raises :class:`_Refused`."""
        value = self.parse(text)
        rules = self.constraints
        if "enum" in rules and text not in map(str, rules["enum"]):
            raise _Refused(
                "is not in the vocabulary", "one of: " + ", ".join(map(str, rules["enum"]))
            )
        if "pattern" in rules and not re.fullmatch(rules["pattern"], text):
            raise _Refused("does not fit the pattern", rules["pattern"])
        if len(text) > rules.get("maxLength", math.inf):
            raise _Refused(
                f"has {len(text)} characters", f"at most {rules['maxLength']} characters"
            )
        if len(text) < rules.get("minLength", 0):
            raise _Refused(
                f"has {len(text)} characters", f"at least {rules['minLength']} characters"
            )
        for bound, too_far in (("minimum", "is too small"), ("maximum", "is too large")):
            if bound in rules:
                limit = _date(rules[bound]) if self.type == "date" else float(rules[bound])
                if (value < limit) if bound == "minimum" else (value > limit):
                    word = "at least" if bound == "minimum" else "at most"
                    raise _Refused(too_far, f"{word} {rules[bound]}")
        return value


@dataclass
class Row:
    """One line of a table: ``text`` by column, ``value`` for cells that are filled and sound."""

    number: int
    text: dict[str, str]
    value: dict[str, Any] = field(default_factory=dict)


@dataclass
class Table:
    """A file's rows with the descriptor's columns, and what is wrong with its shape and types."""

    name: str
    file: str
    fields: dict[str, Field]
    spec: dict[str, Any]
    rows: list[Row] = field(default_factory=list)
    columns: tuple[str, ...] = ()
    problems: list[Problem] = field(default_factory=list)

    def problem(
        self, row: Row, column: str | Iterable[str], fault: str, expected: str, part: str = ""
    ) -> Problem:
        """A problem at one cell, at the ``part`` of it that is meant, or at a few cells."""
        columns = [column] if isinstance(column, str) else list(column)
        value = part or " + ".join(row.text.get(name, "") for name in columns)
        return Problem(self.file, row.number, " + ".join(columns), value, expected, fault)

    def refuse_column(self, column: str, fault: str, expected: str) -> None:
        """Note a problem of the header."""
        self.problems.append(Problem(self.file, 1, column, None, expected, fault))

    def has(self, *names: str) -> bool:
        """Whether the descriptor gives the table all these columns."""
        return all(name in self.fields for name in names)

    @property
    def is_whole(self) -> bool:
        """Whether the file has all columns, so that an id's absence from it means something."""
        return set(self.fields) <= set(self.columns)

    def keys(self, column: str) -> set[str] | None:
        """All texts of a column; None if the file lacks it, which is reported elsewhere."""
        if column not in self.columns:
            return None
        return {row.text[column] for row in self.rows if column in row.text}


def _lines(path: Path, file: str, problems: list[Problem]) -> list[tuple[int, str]]:
    """The numbered lines of a text file, or none if the file as a whole is unusable."""

    def whole(fault: str, expected: str) -> None:
        problems.append(_line(file, None, fault, expected))

    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            whole(f"has {size:,} bytes", f"at most {MAX_BYTES:,} bytes")
            return []
        content = path.read_bytes()
    except OSError as error:
        whole(f"cannot be read: {error.strerror}", "a readable file")
        return []
    if not content.strip():
        whole("is empty", "a header and at least one row")
        return []
    if content.startswith(b"\xef\xbb\xbf"):
        whole("starts with a byte order mark", "UTF-8 without it")
        content = content[3:]
    if b"\r" in content:
        whole("has carriage returns", "lines that end with a line feed only (LF)")
        content = content.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    raw = content.split(b"\n")
    if raw.pop() != b"":
        problems.append(_line(file, len(raw) + 1, "is cut off: no end of line", "a line feed"))
        raw.append(content.rsplit(b"\n", 1)[-1])
    lines = []
    for number, line in enumerate(raw, 1):
        if b"\x00" in line:
            problems.append(_line(file, number, "holds a NUL byte", "text without NUL"))
            continue
        try:
            lines.append((number, line.decode("utf-8")))
        except UnicodeDecodeError:
            problems.append(_line(file, number, "is not UTF-8", "UTF-8 text"))
    return lines


def _cells(
    lines: list[tuple[int, str]], file: str, problems: list[Problem]
) -> Iterator[tuple[int, list[str]]]:
    """The cells of each line. A cell does not span lines, so that a row number is a line number."""
    for number, line in lines:
        if not line:
            problems.append(_line(file, number, "is blank", "a row of cells"))
            continue
        try:
            yield number, next(csv.reader([line], strict=True))
        except csv.Error:
            expected = "cells parted by commas, quotes closed on the same line and doubled inside"
            problems.append(Problem(file, number, None, line, expected, "is not a CSV row"))


def _read(table: Table, path: Path) -> None:
    """Fill a table from its file, collecting problems of shape and type."""
    rows = _cells(_lines(path, table.file, table.problems), table.file, table.problems)
    number, header = next(rows, (0, []))
    if number != 1:  # there is no header, or it could not be read: both are reported by now
        return
    wanted = list(table.fields)
    for name, count in Counter(header).items():
        if name not in table.fields:
            table.refuse_column(name, "is an extra column", f"only {', '.join(wanted)}")
        elif count > 1:
            table.refuse_column(name, f"stands {count} times", "each column once")
    for name in wanted:
        if name not in header:
            table.refuse_column(name, "is a missing column", ", ".join(wanted))
    if sorted(header) == sorted(wanted) and header != wanted:
        table.refuse_column(",".join(header), "are columns out of order", ",".join(wanted))
    table.columns = tuple(name for name in header if name in table.fields)
    empty = set(table.spec.get("schema", {}).get("missingValues", [""]))
    for number, cells in rows:
        row = Row(number, dict(zip(header, cells, strict=False)))
        table.rows.append(row)
        if len(cells) != len(header):
            expected = f"{len(header)} cells"
            table.problems.append(_line(table.file, number, f"has {len(cells)} cells", expected))
            continue
        for name in table.columns:
            _read_cell(table, row, table.fields[name], empty)
    if not table.rows and not table.problems:
        table.problems.append(_line(table.file, None, "has a header only", "at least one row"))


def _read_cell(table: Table, row: Row, column: Field, empty: set[str]) -> None:
    """Type one cell into ``row.value``; an empty or refused cell has no value."""
    text = row.text[column.name]
    if text in empty:
        if column.constraints.get("required"):
            table.problems.append(
                table.problem(
                    row, column.name, "is missing", f"a {column.kind or column.type} value"
                )
            )
        return
    try:
        if _UNREADABLE.search(text):
            raise _Refused("holds an invisible or broken character", "readable text")
        if text != text.strip():
            raise _Refused("has space at an end", "no space at either end")
        value = column.read(text)
    except _Refused as refused:
        table.problems.append(table.problem(row, column.name, refused.fault, refused.expected))
        return
    if value is not None:
        row.value[column.name] = value


class Package:
    """The data package under a root folder, read once; the functions below use a fresh one."""

    def __init__(self, root: Path = ROOT) -> None:
        self.root = Path(root)
        self.problems: list[Problem] = []
        self.meta = self._read_descriptor()
        self.evidence_date = self._read_evidence_date()
        self._tables: dict[str, Table] = {}
        self._frames: dict[str, pd.DataFrame] = {}
        self.resources: dict[str, dict[str, Any]] = {}
        given = self.meta.get("resources", [])
        self.described = {each.get("name") for each in given if isinstance(each, dict)}
        for resource in given:
            if self._is_readable(resource):
                self.resources[resource["name"]] = resource
        self._check_core()

    def _flaw(self, column: str | None, value: Any, fault: str, expected: str) -> None:
        shown = None if value is None else str(value)
        self.problems.append(Problem(DESCRIPTOR, None, column, shown, expected, fault))

    def _read_descriptor(self) -> dict[str, Any]:
        try:
            meta = json.loads((self.root / DESCRIPTOR).read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            self._flaw(None, None, f"cannot be read: {error}", "a JSON file in UTF-8")
            return {}
        if not isinstance(meta, dict) or not isinstance(meta.get("resources"), list):
            self._flaw("resources", None, "is missing", "a list of resources")
            return {}
        return meta

    def _read_evidence_date(self) -> date | None:
        given = self.meta.get("evidence_date")
        span = _span(given) if isinstance(given, str) and len(given) == 10 else None
        if span is None:
            self._flaw("evidence_date", given, "is not a date", "YYYY-MM-DD, the close of evidence")
            return None
        return span.first

    def _is_readable(self, resource: Any) -> bool:
        """Whether a resource can be read as described; every flaw of it is reported."""
        name = resource.get("name") if isinstance(resource, dict) else None
        if not isinstance(name, str) or not re.fullmatch(r"[a-z0-9-]+", name):
            self._flaw(
                "name", name, "is not a resource name", "lower-case letters, digits, hyphens"
            )
            return False
        if name in self.resources:
            self._flaw(name, None, "stands twice", "each resource once")
        path = resource.get("path")
        # Only plain relative paths: a descriptor must not reach out of its folder.
        if not isinstance(path, str) or not re.fullmatch(r"(?:[\w-]+/)*[\w-]+(?:\.[\w-]+)+", path):
            self._flaw(
                f"{name}.path", path, "is not a file of the package", "a path such as facts.csv"
            )
            return False
        for key in ("title", "description"):
            if not resource.get(key):
                self._flaw(f"{name}.{key}", None, "is missing", f"a {key} for readers")
        if not path.endswith(".csv"):
            if not (self.root / "book" / "data" / path).is_file():
                self._flaw(f"{name}.path", path, "does not exist", "a file in book/data")
            return True
        try:
            return self._check_schema(name, resource)
        except (AttributeError, KeyError, TypeError, ValueError, re.error) as error:
            self._flaw(f"{name}.schema", None, f"cannot be understood: {error!r}", "a table schema")
            return False

    def _check_schema(self, name: str, resource: dict[str, Any]) -> bool:
        """Report what would make a check fail or pass in silence; whether cells can be read."""
        fields = resource.get("schema", {}).get("fields", [])
        columns = [spec["name"] for spec in fields]
        if not fields or len(set(columns)) != len(columns):
            self._flaw(
                f"{name}.schema", ", ".join(columns), "has no sound fields", "each column once"
            )
        readable = [self._check_field(name, spec) for spec in fields]
        for spec in fields:
            self._check_guards(name, spec, resource)
        keys = [("primaryKey", _primary_key(resource))]
        keys += [("foreignKeys", own) for own, _, _ in _foreign_keys(resource)]
        for key, own in keys:
            for column in own:
                if column not in columns:
                    self._flaw(f"{name}.{key}", column, "is not a column", ", ".join(columns))
        return bool(fields) and all(readable)

    def _check_field(self, table: str, spec: dict[str, Any]) -> bool:
        """Report what this loader cannot read in a column's definition; whether it can read it."""
        name, kind, type_ = f"{table}.{spec['name']}", spec.get("kind"), spec.get("type")
        constraints = spec.get("constraints", {})
        before = len(self.problems)
        if type_ not in TYPES:
            self._flaw(name, type_, "is not a known type", ", ".join(TYPES))
        if kind is not None and kind not in KINDS:
            self._flaw(name, kind, "is not a known kind", ", ".join(sorted(KINDS)))
        if kind is not None and type_ != "string":
            self._flaw(name, type_, f"does not go with kind {kind}", "string")
        if kind == "category" and not constraints.get("enum"):
            self._flaw(name, None, "is a category without enum", "the vocabulary")
        re.compile(constraints.get("pattern", ""))
        for bound in constraints.keys() & {"minimum", "maximum"}:
            limit = constraints[bound]
            is_date = isinstance(limit, str) and _span(limit) is not None
            is_number = isinstance(limit, int | float)
            wanted = {"date": is_date, "integer": is_number, "number": is_number, "year": is_number}
            if not wanted.get(type_, False):
                self._flaw(name, limit, f"is not a {bound} of type {type_}", "a number or a date")
        for unknown in sorted(constraints.keys() - CONSTRAINTS):
            self._flaw(name, unknown, "is not a known constraint", ", ".join(sorted(CONSTRAINTS)))
        return len(self.problems) == before

    def _check_guards(self, table: str, spec: dict[str, Any], resource: dict[str, Any]) -> None:
        """Report a column whose name promises a check that its definition leaves out."""
        name, kind = spec["name"], spec.get("kind")
        where = f"{table}.{name}"
        needed = {"claim": "claims", "claims": "claims", "sources": "sources"}.get(name)
        if needed and kind != needed:
            self._flaw(where, kind, "is not checked against its table", f"kind {needed}")
        dated = spec.get("type") in ("date", "year") or kind == "partial-date"
        if name in ("date", "opened", "closed") and not dated:
            self._flaw(where, kind, "is not checked as a date", "kind partial-date or type date")
        own_keys = [own for own, _, _ in _foreign_keys(resource)]
        if name in ("place", "fact", "source") and [name] not in own_keys:
            self._flaw(where, None, "is not checked against its table", "a foreign key")

    def _check_core(self) -> None:
        for name, columns in CORE.items():
            if name not in self.described:
                self._flaw(name, None, "is not described", f"a resource {name}")
            elif name in self.resources:
                have = {spec["name"] for spec in self.resources[name]["schema"]["fields"]}
                for column in columns:
                    if column not in have:
                        self._flaw(f"{name}.{column}", None, "is not described", "this column")
        if self.meta:
            paths = {r.get("path") for r in self.meta["resources"] if isinstance(r, dict)}
            for file in sorted((self.root / "book" / "data").glob("*.csv")):
                if file.name not in paths:
                    shown, expected = f"book/data/{file.name}", "a resource in datapackage.json"
                    self.problems.append(_line(shown, None, "is not described", expected))

    def _make(self, spec: dict[str, Any], file: str) -> Table:
        fields = {
            f["name"]: Field(
                f["name"], f["type"], f.get("kind"), f.get("unit", ""), f.get("constraints", {})
            )
            for f in spec["schema"]["fields"]
        }
        table = Table(spec["name"], file, fields, spec)
        _read(table, self.root / file)
        _check_unique(table)
        return table

    def table(self, name: str) -> Table:
        """One table, with its problems of shape, type and own keys; KeyError if unknown."""
        if name not in self._tables:
            if name == CLAIMS:
                self._tables[name] = self._make(_CLAIMS_SCHEMA, CLAIMS)
            else:
                spec = self.resources[name]
                if "schema" not in spec:
                    raise KeyError(name)
                self._tables[name] = self._make(spec, f"book/data/{spec['path']}")
        return self._tables[name]

    def tables(self) -> list[Table]:
        """All tables of the descriptor, in its order."""
        return [self.table(name) for name, spec in self.resources.items() if "schema" in spec]

    def frame(self, table: Table) -> pd.DataFrame:
        """A sound table as a DataFrame of the caller's own."""
        if table.name not in self._frames:
            self._frames[table.name] = _frame(table)
        return self._frames[table.name].copy()

    def rows(self, name: str) -> list[Row]:
        """The rows of a table; none if it is not there, which the descriptor's check reports."""
        return self.table(name).rows if name in self.resources or name == CLAIMS else []

    def with_columns(self, *columns: str) -> list[Table]:
        """The tables that have all these columns."""
        return [table for table in self.tables() if table.has(*columns)]

    @cached_property
    def outlines(self) -> dict[str, list[Outline]]:
        """Territory outlines of the base map by name: regional sheets cut a territory off."""
        found: dict[str, list[Outline]] = {}
        for file in sorted((self.root / "book" / "data" / "geo").glob("*.geojson")):
            try:
                features = json.loads(file.read_text(encoding="utf-8"))["features"]
                outlines = [Outline.from_feature(feature) for feature in features]
            except (OSError, ValueError, KeyError, TypeError) as error:
                shown, fault = f"book/data/geo/{file.name}", f"cannot be read: {error!r}"
                self.problems.append(_line(shown, None, fault, "GeoJSON features with names"))
                continue
            for outline in filter(None, outlines):
                found.setdefault(outline.name, []).append(outline)
        return found

    def validate(self) -> list[Problem]:
        """Every problem of the package, in the order of files and rows."""
        problems = [
            problem for table in (*self.tables(), self.table(CLAIMS)) for problem in table.problems
        ]
        for rule in RULES:
            problems += rule(self)
        problems += self.problems
        return sorted(set(problems), key=lambda p: (p.file, p.row or 0, p.column or "", p.fault))


def _foreign_keys(spec: dict[str, Any]) -> Iterator[tuple[list[str], str, list[str]]]:
    """(own columns, table, its columns) for each foreign key of a resource."""
    for key in spec.get("schema", {}).get("foreignKeys", []):
        own, reference = key["fields"], key["reference"]
        theirs = reference["fields"]
        yield (
            [own] if isinstance(own, str) else own,
            # An empty or absent resource name means the table itself.
            reference.get("resource") or spec["name"],
            [theirs] if isinstance(theirs, str) else theirs,
        )


def _primary_key(spec: dict[str, Any]) -> list[str]:
    key = spec.get("schema", {}).get("primaryKey", [])
    return [key] if isinstance(key, str) else list(key)


def _check_unique(table: Table) -> None:
    """Primary key (the whole row where there is none) and ``unique`` columns: nothing twice."""
    keys = [_primary_key(table.spec)]
    if not keys[0]:
        lines: dict[tuple[str, ...], int] = {}
        for row in table.rows:
            earlier = lines.setdefault(tuple(row.text.values()), row.number)
            if earlier != row.number:
                fault = f"repeats row {earlier}"
                table.problems.append(_line(table.file, row.number, fault, "each row once"))
    keys += [[name] for name, f in table.fields.items() if f.constraints.get("unique")]
    for columns in {tuple(key): None for key in keys if key}:
        seen: dict[tuple[str, ...], int] = {}
        for row in table.rows:
            if not all(row.text.get(column) for column in columns):
                continue
            key = tuple(row.text[column] for column in columns)
            if key in seen:
                fault = f"stands already in row {seen[key]}"
                table.problems.append(table.problem(row, columns, fault, "each value once"))
            else:
                seen[key] = row.number


@dataclass
class Outline:
    """A territory on the base map: closed rings of (longitude, latitude) in degrees."""

    name: str
    rings: list[list[tuple[float, float]]]

    @classmethod
    def from_feature(cls, feature: dict[str, Any]) -> Outline | None:
        """The outline of a named polygon feature; None for lines and points."""
        geometry = feature["geometry"] or {}
        parts = {
            "Polygon": lambda shape: [shape],
            "MultiPolygon": lambda shape: shape,
        }.get(geometry.get("type"))
        if parts is None:
            return None
        rings = [
            [(position[0], position[1]) for position in ring]
            for polygon in parts(geometry["coordinates"])
            for ring in polygon
        ]
        return cls(feature["properties"]["name"], rings)

    @cached_property
    def tolerance_km(self) -> float:
        """How far outside the line a point may lie: less for a small territory."""
        longitudes = [x for ring in self.rings for x, _ in ring]
        latitudes = [y for ring in self.rings for _, y in ring]
        south, north = min(latitudes), max(latitudes)
        width = (max(longitudes) - min(longitudes)) * math.cos(math.radians((south + north) / 2))
        across = math.hypot(width, north - south) * EARTH_KM_PER_DEGREE
        return min(TERRITORY_TOLERANCE_KM, across / 10)

    def distance_km(self, latitude: float, longitude: float) -> float:
        """0 inside, else the distance to the nearest border, on a plane around the point."""
        scale = math.cos(math.radians(latitude))
        inside, nearest = False, math.inf
        for ring in self.rings:
            flat = [((x - longitude) * scale, y - latitude) for x, y in ring]
            for (ax, ay), (bx, by) in zip(flat, flat[1:] + flat[:1], strict=True):
                if (ay > 0) != (by > 0) and ax - ay * (bx - ax) / (by - ay) > 0:
                    inside = not inside
                dx, dy = bx - ax, by - ay
                length = dx * dx + dy * dy
                along = max(0.0, min(1.0, -(ax * dx + ay * dy) / length)) if length else 0.0
                nearest = min(nearest, math.hypot(ax + along * dx, ay + along * dy))
        return 0.0 if inside else nearest * EARTH_KM_PER_DEGREE


Rule = Callable[[Package], Iterable[Problem]]
RULES: list[Rule] = []


def _rule(function: Rule) -> Rule:
    """Register a rule."""
    RULES.append(function)
    return function


@_rule
def references_exist(book: Package) -> Iterator[Problem]:
    """Foreign keys, and lists of claims, sources and facts, name rows that exist."""
    described = {table.name for table in book.tables()}
    for table in book.tables():
        for own, other, theirs in _foreign_keys(table.spec):
            if other not in described:
                if other not in book.described:  # else its own flaw is reported
                    where = f"{table.name}.foreignKeys"
                    yield Problem(DESCRIPTOR, None, where, other, "a table", "is not a resource")
                continue
            target = book.table(other)
            if not target.has(*theirs):
                where = f"{table.name}.foreignKeys"
                shown, expected = " + ".join(theirs), f"columns of {other}"
                yield Problem(DESCRIPTOR, None, where, shown, expected, "is not described")
            if not all(column in target.columns for column in theirs):
                continue
            known = {tuple(row.text.get(column) for column in theirs) for row in target.rows}
            expected = f"a value of {' + '.join(theirs)} in {Path(target.file).name}"
            for row in table.rows:
                key = tuple(row.text.get(column) for column in own)
                if all(column in row.value for column in own) and key not in known:
                    yield table.problem(row, own[0], "is unknown", expected)
        for column, f in table.fields.items():
            if f.kind not in LIST_KINDS or not book.rows(LIST_KINDS[f.kind]):
                continue
            target = book.table(LIST_KINDS[f.kind])
            known_ids = target.keys("id") or set()
            for row in table.rows:
                for one in row.value.get(column, ()):
                    if one not in known_ids:
                        expected = f"an id in {Path(target.file).name}"
                        yield table.problem(row, column, "is unknown", expected, part=one)


def _as_span(value: Any) -> Span | None:
    """The days of a date, a partial date or a year; None for anything else."""
    return (
        _span(str(value)) if isinstance(value, int) else value if isinstance(value, Span) else None
    )


@_rule
def nothing_after_the_evidence_date(book: Package) -> Iterator[Problem]:
    """No row is dated after the day on which the evidence was closed."""
    if book.evidence_date is None:
        return
    for table in book.tables():
        for column, f in table.fields.items():
            if f.type not in ("date", "year") and f.kind != "partial-date":
                continue
            for row in table.rows:
                span = _as_span(row.value.get(column))
                if span and span.first > book.evidence_date:
                    expected = f"{book.evidence_date} or earlier"
                    yield table.problem(row, column, "is after the evidence date", expected)


@_rule
def ends_follow_beginnings(book: Package) -> Iterator[Problem]:
    """An end does not come before its beginning, as far as partial dates can tell.

    Pairs are opened and closed, since and until, and any ..._start and ..._end.
    """
    pairs = {"opened": "closed", "since": "until"}
    for table in book.tables():
        for start in table.fields:
            end = pairs.get(start, re.sub(r"(^|_)start$", r"\1end", start))
            if end == start or not table.has(end):
                continue
            for row in table.rows:
                first, last = (_as_span(row.value.get(column)) for column in (start, end))
                if first and last and last.last < first.first:
                    expected = f"{row.text[start]} or later"
                    yield table.problem(row, end, f"is before {start}", expected)


@_rule
def counts_are_not_negative(book: Package) -> Iterator[Problem]:
    """Integers count something, unless the descriptor gives the column another minimum."""
    for table in book.tables():
        for column, f in table.fields.items():
            if f.type == "integer" and "minimum" not in f.constraints:
                for row in table.rows:
                    if row.value.get(column, 0) < 0:
                        yield table.problem(row, column, "is negative", "0 or more")


@_rule
def low_value_high(book: Package) -> Iterator[Problem]:
    """X_low <= X <= X_high wherever a table has such columns (killed, amount_..._usd, value)."""
    for table in book.tables():
        for low in table.fields:
            words = low.split("_")
            if "low" not in words:
                continue
            high = "_".join("high" if word == "low" else word for word in words)
            middle = "_".join(word for word in words if word != "low")
            for row in table.rows:
                floor, ceiling, value = (row.value.get(c) for c in (low, high, middle))
                if floor is not None and ceiling is not None and floor > ceiling:
                    yield table.problem(row, low, f"is above {high}", f"at most {row.text[high]}")
                if value is not None and floor is not None and value < floor:
                    yield table.problem(row, middle, f"is below {low}", f"at least {row.text[low]}")
                if value is not None and ceiling is not None and value > ceiling:
                    yield table.problem(
                        row, middle, f"is above {high}", f"at most {row.text[high]}"
                    )


@_rule
def shares_within_100(book: Package) -> Iterator[Problem]:
    """A column or fact in percent lies between 0 and 100."""
    for table in book.tables():
        for column, f in table.fields.items():
            if f.type not in ("integer", "number"):
                continue
            by_row = table.has("unit") and column in ("value", "value_low", "value_high")
            for row in table.rows:
                unit = row.text.get("unit", "") if by_row else f.unit
                value = row.value.get(column)
                if value is not None and unit.startswith("percent") and not 0 <= value <= 100:
                    yield table.problem(row, column, "is not a share", "0 to 100 percent")


@_rule
def coordinates_are_sound(book: Package) -> Iterator[Problem]:
    """Latitude and longitude come together, in degrees, with a precision, inside the territory."""
    for table in book.tables():
        for lat in [name for name in table.fields if re.fullmatch(r"(.+_)?lat", name)]:
            lon = lat[:-3] + "lon"
            for row in table.rows:
                for column, limit in ((lat, 90), (lon, 180)):
                    value = row.value.get(column)
                    if value is not None and abs(value) > limit:
                        yield table.problem(row, column, "is out of range", f"-{limit} to {limit}")
                if (lat in row.value) != (lon in row.value) and not (
                    row.text.get(lat) and row.text.get(lon)
                ):
                    lone = lon if lat in row.value else lat
                    yield table.problem(row, lone, "is missing", "both latitude and longitude")
                if lat in row.value and table.has("precision") and not row.text.get("precision"):
                    yield table.problem(row, "precision", "is missing", "how exact the point is")


@_rule
def points_lie_in_their_territory(book: Package) -> Iterator[Problem]:
    """A point lies in the territory that its row names, as the base map draws it."""
    for table in book.with_columns("lat", "lon"):
        named = next((name for name in ("territory", "country") if table.has(name)), None)
        if named is None:
            continue
        if not book.outlines:
            yield _line("book/data/geo", None, "has no outlines", "the base map's *.geojson")
            return
        for row in table.rows:
            lat, lon, name = (row.value.get(column) for column in ("lat", "lon", named))
            if lat is None or lon is None or not name or abs(lat) > 90 or abs(lon) > 180:
                continue
            if name == AT_SEA:  # in no territory: there is no outline to hold it to
                continue
            drawn = DRAWN_AS.get(name, (name,))
            outlines = [outline for one in drawn for outline in book.outlines.get(one, ())]
            if not outlines:
                yield table.problem(
                    row, named, "is not on the base map", "a name used in book/data/geo"
                )
                continue
            # A sheet that shows the territory whole is enough: others may cut it off.
            distances = ((o.distance_km(lat, lon), o.tolerance_km) for o in outlines)
            off, tolerance = min(distances, key=lambda pair: pair[0] - pair[1])
            if off > tolerance:
                expected = f"a point within {tolerance:.0f} km of {name}"
                yield table.problem(row, ("lat", "lon"), f"lies {off:.0f} km outside", expected)


def _tally_symbol(table: Table, row: Row) -> tuple[str | None, str | None]:
    """(column, symbol) of the document voted on."""
    column = next((c for c in ("resolution", "document", "draft") if table.has(c)), None)
    return column, row.value.get(column) if column else None


def _short(symbol: str) -> str:
    """A/RES/68/262 and 68/262 are the same resolution."""
    return symbol.removeprefix("A/RES/")


@_rule
def votes_add_up(book: Package) -> Iterator[Problem]:
    """Yes, no, abstaining and absent make up the whole body."""
    for table in book.with_columns("yes", "no", "abstain"):
        away = [name for name in ("absent", "not_voting") if table.has(name)]
        for row in table.rows:
            column, symbol = _tally_symbol(table, row)
            votes = [row.value.get(name) for name in ("yes", "no", "abstain")]
            if symbol is None or any(vote is None for vote in votes):
                continue
            absent = [row.value[name] for name in away if name in row.value]
            total = sum(votes) + sum(absent)
            # The symbol may stand in words: "amendment to the draft of ES-10/21".
            if re.search(r"\bS/", symbol):
                members, exact = SECURITY_COUNCIL_MEMBERS, True
            elif re.search(r"\bA/|\b(ES-)?\d+/", symbol):
                span = row.value.get("date")
                if span is None or span.first < GENERAL_ASSEMBLY_193_SINCE:
                    continue
                members, exact = GENERAL_ASSEMBLY_MEMBERS, bool(absent)
            else:
                yield table.problem(
                    row, column, "names no UN body", "a symbol such as S/2023/772 or A/RES/68/262"
                )
                continue
            if total > members or (exact and total != members):
                columns = ["yes", "no", "abstain", *(name for name in away if name in row.value)]
                expected = f"{members} members" if exact else f"at most {members} members"
                yield table.problem(row, columns, f"makes {total}", expected)


@_rule
def roll_calls_match_totals(book: Package) -> Iterator[Problem]:
    """Single votes (Y, N, A, X) counted per resolution give the totals printed elsewhere."""
    counted = {"yes": "Y", "no": "N", "abstain": "A", "not_voting": "X", "absent": "X"}
    states = {"russia_vote": "RUS", "us_vote": "USA", "china_vote": "CHN", "israel_vote": "ISR"}
    totals = [
        (table, row, _short(symbol))
        for table in book.with_columns("yes", "no", "abstain")
        for row in table.rows
        if (symbol := _tally_symbol(table, row)[1])
    ]
    for calls in book.with_columns("iso3", "resolution", "vote"):
        votes: dict[str, dict[str, str]] = {}
        first: dict[str, Row] = {}
        for row in calls.rows:
            if {"iso3", "resolution", "vote"} <= row.value.keys():
                symbol = _short(row.value["resolution"])
                first.setdefault(symbol, row)
                votes.setdefault(symbol, {})[row.value["iso3"]] = row.value["vote"]
        source = Path(calls.file).name
        for symbol in sorted(votes.keys() - {symbol for _, _, symbol in totals}):
            yield calls.problem(
                first[symbol], "resolution", "has no totals", "a row with yes, no, abstain"
            )
        for table, row, symbol in totals:
            if symbol not in votes:
                continue
            tally = Counter(votes[symbol].values())
            for column, code in counted.items():
                if column in row.value and row.value[column] != tally[code]:
                    yield table.problem(
                        row, column, "differs from the roll call", f"{tally[code]} as in {source}"
                    )
            for column, state in states.items():
                cast = votes[symbol].get(state)
                if column in row.value and cast and row.value[column] != cast:
                    yield table.problem(
                        row, column, "differs from the roll call", f"{cast} as in {source}"
                    )


@_rule
def no_link_on_the_do_not_link_list(book: Package) -> Iterator[Problem]:
    """No cell links to a host (or its subdomain) that do-not-link.csv names."""
    banned = {row.text.get("host", "").lower() for row in book.rows("do-not-link")} - {""}
    for table in book.tables():
        for row in table.rows:
            for column, text in row.text.items():
                if "://" not in text:
                    continue
                for link in _LINK.findall(text):
                    labels = link.split("/")[2].split("@")[-1].split(":")[0].lower().split(".")
                    if any(".".join(labels[i:]) in banned for i in range(len(labels))):
                        fault, expected = "is on the do-not-link list", "another host"
                        yield table.problem(row, column, fault, expected, part=link)


@_rule
def sources_are_used_and_linked_rightly(book: Package) -> Iterator[Problem]:
    """A source serves a row; one that was not seen at its publisher has no link."""
    if "sources" not in book.resources or not all(table.is_whole for table in book.tables()):
        return
    table = book.table("sources")
    used = {row.text.get("source") for row in book.rows("citations")}
    for other in book.tables():
        for column, f in other.fields.items():
            if f.kind == "sources":
                used.update(one for row in other.rows for one in row.value.get(column, ()))
    for row in table.rows:
        if row.text.get("id") and row.text["id"] not in used:
            yield table.problem(row, "id", "is used by no row", "a citation or a chart row")
        if row.text.get("read") in ("relay", "recalled") and row.text.get("url"):
            yield table.problem(
                row,
                "url",
                f"is linked though {row.text['read']}",
                "an empty cell unless read is seen",
            )


@_rule
def facts_are_sourced(book: Package) -> Iterator[Problem]:
    """A fact has a source; one that is only recalled has low confidence."""
    if not all(name in book.resources and book.table(name).is_whole for name in CORE):
        return
    table = book.table("facts")
    read = {row.text.get("id"): row.text.get("read") for row in book.rows("sources")}
    cited: dict[str, list[str | None]] = {}
    for row in book.rows("citations"):
        cited.setdefault(row.text.get("fact", ""), []).append(read.get(row.text.get("source")))
    for row in table.rows:
        ways = cited.get(row.text.get("id", ""))
        if not ways:
            yield table.problem(row, "id", "has no source", "a row in citations.csv")
        elif set(ways) == {"recalled"} and row.value.get("confidence", "low") != "low":
            yield table.problem(row, "confidence", "rests on recall only", "low")


@_rule
def statements_are_short(book: Package) -> Iterator[Problem]:
    """A statement says one thing."""
    for table in book.with_columns("statement"):
        for row in table.rows:
            length = len(row.value.get("statement", ""))
            if length > MAX_STATEMENT:
                yield table.problem(
                    row,
                    "statement",
                    f"has {length} characters",
                    f"at most {MAX_STATEMENT} characters",
                )


@_rule
def places_are_used(book: Package) -> Iterator[Problem]:
    """A place serves a row."""
    if "places" not in book.resources or not all(table.is_whole for table in book.tables()):
        return
    used: set[str | None] = set()
    for table in book.tables():
        for own, other, _ in _foreign_keys(table.spec):
            if other == "places":
                used.update(row.text.get(own[0]) for row in table.rows)
    places = book.table("places")
    for row in places.rows:
        if row.text.get("id") and row.text["id"] not in used:
            yield places.problem(row, "id", "is used by no row", "a fact or chart row there")


@_rule
def verdicts_are_complete(book: Package) -> Iterator[Problem]:
    """Each claim has a verdict from the vocabulary, with a reason."""
    if "verdicts" not in book.resources:
        return
    table = book.table("verdicts")
    for row in table.rows:
        verdict = row.value.get("verdict")
        if verdict and verdict not in VERDICTS:
            yield table.problem(
                row, "verdict", "is not a verdict", "one of: " + ", ".join(VERDICTS)
            )
        why_is_checked = table.has("why") and table.fields["why"].constraints.get("required")
        if not row.text.get("why") and not why_is_checked:
            yield table.problem(row, "why", "is missing", "the reason for the verdict")
    judged = table.keys("claim")
    claims = book.table(CLAIMS)
    for row in claims.rows if judged is not None else ():
        if row.text.get("id") and row.text["id"] not in judged:
            yield claims.problem(row, "id", "has no verdict", "a row in verdicts.csv")


def _frame(table: Table) -> pd.DataFrame:
    """A sound table as a DataFrame with the types of its columns."""
    import pandas as pd

    columns: dict[str, pd.Series] = {}
    for name, f in table.fields.items():
        filled = [name in row.value for row in table.rows]
        texts = [
            row.text[name] if there else pd.NA
            for row, there in zip(table.rows, filled, strict=True)
        ]
        if f.kind == "partial-date":
            frequency = {4: "Y", 7: "M", 10: "D"}
            periods = [
                pd.NA
                if text is pd.NA or text in UNDATED
                else pd.Period(text, freq=frequency[len(text)])
                for text in texts
            ]
            columns[name] = pd.Series(periods, dtype=object)
        elif f.kind == "category":
            vocabulary = list(map(str, f.constraints["enum"]))
            columns[name] = pd.Series(pd.Categorical(texts, categories=vocabulary))
        elif f.type == "date":
            columns[name] = pd.to_datetime(pd.Series(texts, dtype="string")).astype(TYPES["date"])
        elif f.type == "string":
            columns[name] = pd.Series(texts, dtype="string")
        else:
            values = [row.value.get(name, pd.NA) for row in table.rows]
            columns[name] = pd.Series(values, dtype=TYPES[f.type])
    frame = pd.DataFrame(columns)
    frame.attrs["name"] = table.name
    return frame


def _sound_table(book: Package, name: str) -> Table:
    """A table without problems of shape or type; DataError otherwise, KeyError if unknown."""
    if name != CLAIMS and name not in book.resources:
        if book.problems:
            raise DataError(book.problems)
        raise KeyError(f"no table {name!r} in {DESCRIPTOR}")
    table = book.table(name)
    if table.problems:
        raise DataError(table.problems)
    return table


def _package(root: Path) -> Package:
    """The package as its files are now: read again only if one of them has changed."""
    folder = root / "book" / "data"
    files = [root / CLAIMS, *sorted(folder.glob("*.csv")), *sorted(folder.glob("*.json"))]
    stamps = ((file.name, file.stat()) for file in files if file.exists())
    return _package_at(root, tuple((name, s.st_mtime_ns, s.st_size) for name, s in stamps))


@lru_cache(maxsize=2)
def _package_at(root: Path, stamps: tuple[tuple[str, int, int], ...]) -> Package:
    return Package(root)


def load(name: str, root: Path = ROOT) -> pd.DataFrame:
    """One table of the package, typed; a copy that the caller may change.

    Strings are ``string``, integers ``Int64``, numbers ``Float64``, categories
    ``category`` in the order of the vocabulary, dates ``datetime64[ns]``, partial dates
    :class:`pandas.Period` of a year, month or day. Empty cells and ``undated`` are NA.
    Units stand in ``descriptor(name)["units"]``. Raises :class:`DataError` with all of the
    table's problems of shape and type, and KeyError for a name that is not in the package.
    """
    book = _package(root)
    return book.frame(_sound_table(book, name))


def claims(root: Path = ROOT) -> pd.DataFrame:
    """The article's claims: id, paragraph, order, claim. Raises like :func:`load`."""
    return load(CLAIMS, root)


def load_all(root: Path = ROOT) -> dict[str, pd.DataFrame]:
    """Every table by name; raises :class:`DataError` with the shape problems of all of them."""
    book = _package(root)
    problems = book.problems + [p for table in book.tables() for p in table.problems]
    if problems:
        raise DataError(problems)
    return {table.name: book.frame(table) for table in book.tables()}


def descriptor(name: str, root: Path = ROOT) -> dict[str, Any]:
    """What readers should know of a table.

    Keys: ``name``, ``path``, ``title``, ``description``, ``caveat`` (empty if none), and by
    column ``titles``, ``descriptions`` and ``units``. Raises KeyError for an unknown name.
    """
    spec = _package(root).resources[name]
    fields = spec.get("schema", {}).get("fields", [])
    about = {key: spec.get(key, "") for key in ("name", "path", "title", "description", "caveat")}
    return about | {
        "titles": {f["name"]: f.get("title", f["name"]) for f in fields},
        "descriptions": {f["name"]: f.get("description", "") for f in fields},
        "units": {f["name"]: f["unit"] for f in fields if f.get("unit")},
    }


def descriptors(root: Path = ROOT) -> list[dict[str, Any]]:
    """:func:`descriptor` of every table, in the order of the package."""
    return [descriptor(table.name, root) for table in _package(root).tables()]


def path(name: str, root: Path = ROOT) -> Path:
    """The file of a table; raises KeyError for a name that is not in the package."""
    return root / "book" / "data" / _package(root).resources[name]["path"]


def evidence_date(root: Path = ROOT) -> str:
    """The day on which the evidence was closed, YYYY-MM-DD; DataError if it is not given."""
    book = _package(root)
    if book.evidence_date is None:
        raise DataError(book.problems)
    return book.evidence_date.isoformat()


def sources_of(rows: pd.DataFrame, root: Path = ROOT) -> pd.DataFrame:
    """The rows of sources.csv that these rows rest on, each once, in order of first use.

    They are found through the column ``sources`` (ids), ``source`` (one id), ``fact``, or,
    for rows of facts.csv, through the citations of their ``id``. Raises
    :class:`DataError` if an id is unknown and ValueError if the rows name no source at all.
    """
    book = _package(root)
    if "sources" in rows:
        ids = [one for text in rows["sources"].dropna() for one in text.split()]
    elif "source" in rows:
        ids = list(rows["source"].dropna())
    elif (column := "fact" if "fact" in rows else "id") in rows:
        cited: dict[str, list[str]] = {}
        for row in _sound_table(book, "citations").rows:
            cited.setdefault(row.text["fact"], []).append(row.text["source"])
        ids = [one for fact in rows[column].dropna() for one in cited.get(fact, [])]
    else:
        raise ValueError("rows without a column sources, source, fact or id name no source")
    order = list(dict.fromkeys(ids))
    known = book.frame(_sound_table(book, "sources"))
    unknown = sorted(set(order) - set(known["id"]))
    if unknown:
        where, expected = "rows given", "an id in sources.csv"
        raise DataError(
            [Problem(where, None, "sources", one, expected, "is unknown") for one in unknown]
        )
    return known.set_index("id", drop=False).loc[order].reset_index(drop=True)


def validate(root: Path = ROOT) -> list[Problem]:
    """Every problem of the whole package and of the claims; an empty list if there is none."""
    return Package(root).validate()


def check(root: Path = ROOT) -> Summary:
    """Read and check everything; raises :class:`DataError` that lists every problem at once."""
    book = Package(root)
    problems = book.validate()
    if problems:
        raise DataError(problems)
    tables = [*book.tables(), book.table(CLAIMS)]
    return Summary(len(tables), sum(len(table.rows) for table in tables))
