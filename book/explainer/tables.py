"""Read the tables as ``datapackage.json`` describes them, and note what does not fit.

The descriptor (Frictionless Data Package v2) is the one truth about columns: types,
required cells, closed vocabularies, patterns, ranges, keys. Two custom properties say
more: ``kind`` of a field (``partial-date``, ``category``, ``url``, or a list of ids:
``claims``, ``sources``, ``facts``) and ``evidence_date`` of the package, the day on
which the evidence was closed.

Nothing stops at the first mistake: every :class:`Problem` is collected. Cells are read
as text and checked without pandas, so that a check is quick; pandas is imported only to
hand out a DataFrame.
"""

from __future__ import annotations

import csv
import json
import re
import stat
from calendar import monthrange
from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import pandas as pd

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "book" / "data"
DESCRIPTOR = "book/data/datapackage.json"
MAX_BYTES = 20_000_000

# Tables and columns that the rules stand on: without them a rule would pass in silence.
CORE = {
    "sources": ("id", "publisher", "title", "date", "url", "tier", "read"),
    "facts": ("id", "claims", "date", "statement", "value", "unit", "place", "confidence"),
    "citations": ("fact", "source", "says"),
    "places": ("id", "name", "territory", "lat", "lon", "precision"),
    "verdicts": ("claim", "date", "verdict", "why"),
    "do-not-link": ("host", "reason"),
}
# Columns of these that may be empty.
OPTIONAL = ("url", "value", "unit", "place")
# A cell of such a kind lists ids of the table with the same name.
LISTS = ("claims", "sources", "facts")
CONSTRAINTS = ("enum", "maximum", "minimum", "pattern", "required", "unique")

# Words for a date that is not known; a table shows them, a DataFrame has NA.
UNDATED = ("undated", "not stated")

# A spreadsheet runs a cell that begins so, in the downloads too, whatever quotes stand around it.
FORMULA_SIGNS = "=+-@\uff0b\uff0d\uff1d\uff20"

# Control, direction-override, byte-order and replacement characters: invisible or already broken.
_UNREADABLE = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ufffd]")


def _required(name: str, type_: str = "string", **constraints: Any) -> dict[str, Any]:
    return {"name": name, "type": type_, "constraints": {"required": True, **constraints}}


# The seeds stand outside the package; they are read and checked like its tables.
CLAIMS: dict[str, Any] = {
    "name": "claims",
    "file": "seeds/claims.csv",
    "schema": {
        "fields": [
            _required("id", unique=True, pattern=r"C\d\d"),
            _required("paragraph", "integer", minimum=1),
            _required("order", "integer", unique=True, minimum=1),
            _required("claim"),
        ]
    },
}


class Problem(NamedTuple):
    """One thing that is wrong, said so that it can be found and mended.

    ``row`` counts lines of the file from 1; ``row``, ``column`` and ``value``
    are None where the whole file is meant.
    """

    file: str
    fault: str
    expected: str
    row: int | None = None
    column: str | None = None
    value: str | None = None

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


class Refused(ValueError):
    """A cell that its column refuses; the arguments are the fault and what was expected."""


class Span(NamedTuple):
    """First and last day that a date, partial date or year can mean."""

    first: date
    last: date


def _span(text: str) -> Span | None:
    """The days of YYYY, YYYY-MM or YYYY-MM-DD; ValueError if there is no such date."""
    if text in UNDATED:
        return None
    first = date.fromisoformat(text + "-01-01"[len(text) - 4 :])
    if len(text) == 4:
        return Span(first, date(first.year, 12, 31))
    if len(text) == 7:
        return Span(first, first.replace(day=monthrange(first.year, first.month)[1]))
    return Span(first, first)


def _misread(text: str) -> str:
    """The text as it was before UTF-8 was taken for Windows-1252 or Latin-1; else nothing."""
    for encoding in ("cp1252", "latin-1"):
        try:
            return text.encode(encoding).decode("utf-8")
        except UnicodeError:
            continue
    return ""


def limited(path: Path) -> bytes:
    """The content of a plain file that is not too large; :class:`Refused` or OSError if not.

    A link is refused because it could lead out of the project, or to a device without end.
    """
    about = path.lstat()
    if not stat.S_ISREG(about.st_mode):
        raise Refused("is not a plain file", "a file, not a link or a folder")
    if about.st_size > MAX_BYTES:
        raise Refused(f"has {about.st_size:,} bytes", f"at most {MAX_BYTES:,} bytes")
    return path.read_bytes()


def _ids(text: str) -> list[str]:
    ids = text.split(" ")
    if "" in ids or len(set(ids)) != len(ids):
        raise ValueError(text)
    return ids


class Form(NamedTuple):
    """How a cell is written, and how it becomes a value (ValueError if it cannot)."""

    name: str
    expected: str
    pattern: str
    convert: Callable[[str], Any]
    dtype: str = "string"


_YEAR = "[12][0-9]{3}"
_INTEGER = "-?(0|[1-9][0-9]{0,17})"
_LINK = r"(?ai:https?://(?!-)([a-z0-9-]+\.)+[a-z][a-z0-9-]+)(:[0-9]{1,5})?([/?#][^\s<>\"{}|\\^`]*)?"
TYPES = {
    "string": Form("text", "text", ".+", str),
    "integer": Form("an integer", "digits only, such as 1500", _INTEGER, int, "Int64"),
    "number": Form(
        "a number", "a decimal number such as 31.53", rf"{_INTEGER}(\.[0-9]+)?", float, "Float64"
    ),
    "year": Form("a year", "YYYY", _YEAR, _span, "Int64"),
    "date": Form("a date", "YYYY-MM-DD", f"{_YEAR}(-[0-9]{{2}}){{2}}", _span, "datetime64[ns]"),
    "boolean": Form("a truth value", "true or false", "true|false", "true".__eq__, "boolean"),
}
KINDS = {
    "category": TYPES["string"],
    "partial-date": Form(
        "a partial date",
        "YYYY, YYYY-MM, YYYY-MM-DD or undated",
        "|".join([f"{_YEAR}(-[0-9]{{2}}){{0,2}}", *UNDATED]),
        _span,
    ),
    "url": Form(
        "a web address",
        "one http(s) address with a host name, without spaces or user name",
        _LINK,
        str,
    ),
    **dict.fromkeys(
        LISTS, Form("a list of ids", "different ids with one space between them", ".+", _ids)
    ),
}


class Field:
    """A column as the descriptor defines it, ready to read cells."""

    def __init__(self, spec: dict[str, Any]) -> None:
        self.name: str = spec["name"]
        self.type: str = spec["type"]
        self.kind: str | None = spec.get("kind")
        self.unit: str = spec.get("unit", "")
        self.constraints: dict[str, Any] = spec.get("constraints", {})
        self.form = KINDS[self.kind] if self.kind else TYPES[self.type]

    def read(self, text: str) -> Any:
        """The typed value of a filled cell; raises :class:`Refused`."""
        if _UNREADABLE.search(text):
            raise Refused("holds an invisible or broken character", "readable text")
        if text != text.strip():
            raise Refused("has space at an end", "no space at either end")
        if self.type == "string" and text[0] in FORMULA_SIGNS:
            expected = "text that begins with none of = + - @"
            raise Refused("begins like a spreadsheet formula", expected)
        if not text.isascii() and (meant := _misread(text)):
            raise Refused("was read in a wrong encoding once", f"perhaps {meant}")
        try:
            if not re.fullmatch(self.form.pattern, text):
                raise ValueError(text)
            value = self.form.convert(text)
        except ValueError:
            raise Refused(f"is not {self.form.name}", self.form.expected) from None
        rules = self.constraints
        vocabulary = [str(word) for word in rules.get("enum", (text,))]
        if text not in vocabulary:
            raise Refused("is not in the vocabulary", "one of: " + ", ".join(vocabulary))
        if "pattern" in rules and not re.fullmatch(rules["pattern"], text):
            raise Refused("does not fit the pattern", rules["pattern"])
        if "minimum" in rules and value < rules["minimum"]:
            raise Refused("is too small", f"at least {rules['minimum']}")
        if "maximum" in rules and value > rules["maximum"]:
            raise Refused("is too large", f"at most {rules['maximum']}")
        return value


@dataclass
class Row:
    """One line of a table: ``text`` by column, ``value`` for cells that are filled and sound."""

    number: int
    text: dict[str, str]
    value: dict[str, Any] = field(default_factory=dict)


class Table:
    """A file's rows with the descriptor's columns, and what is wrong with its shape and types."""

    def __init__(self, spec: dict[str, Any], root: Path) -> None:
        self.spec = spec
        self.name: str = spec["name"]
        self.file: str = spec["file"]
        self.fields = {f["name"]: Field(f) for f in spec["schema"]["fields"]}
        self.columns: tuple[str, ...] = ()
        self.rows: list[Row] = []
        self.problems: list[Problem] = []
        self._read(root / self.file)
        self._check_unique()

    def problem(
        self, row: Row, column: str | Iterable[str], fault: str, expected: str, part: str = ""
    ) -> Problem:
        """A problem at one cell, at the ``part`` of it that is meant, or at a few cells."""
        columns = [column] if isinstance(column, str) else list(column)
        value = part or " + ".join(row.text.get(name, "") for name in columns)
        return Problem(self.file, fault, expected, row.number, " + ".join(columns), value)

    def has(self, *names: str) -> bool:
        """Whether the descriptor gives the table all these columns."""
        return all(name in self.fields for name in names)

    @property
    def is_whole(self) -> bool:
        """Whether the file has all columns, so that an id's absence from it means something."""
        return set(self.fields) <= set(self.columns)

    def _note(self, fault: str, expected: str, row: int | None = None, **cell: str | None) -> None:
        self.problems.append(Problem(self.file, fault, expected, row, **cell))

    def _content(self, path: Path) -> bytes:
        """The file with line feeds only; nothing if the file as a whole is unusable."""
        try:
            content = limited(path)
            if not content.strip():
                raise Refused("is empty", "a header and at least one row")
            if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
                raise Refused("is in UTF-16 or UTF-32", "UTF-8")
        except OSError as error:
            self._note(f"cannot be read: {error.strerror}", "a readable file")
            return b""
        except Refused as refused:
            self._note(*refused.args)
            return b""
        if content.startswith(b"\xef\xbb\xbf"):
            self._note("starts with a byte order mark", "UTF-8 without it")
            content = content[3:]
        if b"\r" in content:
            self._note("has carriage returns", "lines that end with a line feed only (LF)")
            content = content.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        return content

    def _lines(self, path: Path) -> Iterator[tuple[int, list[str]]]:
        """The cells of each line; none spans lines, so that a row number is a line number."""
        lines = self._content(path).split(b"\n")
        if lines[-1]:
            self._note("is cut off: no end of line", "a line feed", len(lines))
        else:
            del lines[-1]
        for number, line in enumerate(lines, 1):
            if not line:
                self._note("is blank", "a row of cells", number)
            elif b"\x00" in line:
                self._note("holds a NUL byte", "text without NUL", number)
            else:
                try:
                    yield number, next(csv.reader([line.decode("utf-8")], strict=True))
                except UnicodeDecodeError:
                    self._note("is not UTF-8", "UTF-8 text", number)
                except csv.Error as error:
                    expected = "cells parted by commas, quotes closed on the same line and doubled"
                    fault, shown = f"is not a CSV row: {error}", line.decode("utf-8")
                    self._note(fault, f"{expected} inside", number, value=shown)

    def _read(self, path: Path) -> None:
        """Fill the table from its file, collecting problems of shape and type."""
        lines = self._lines(path)
        number, header = next(lines, (0, []))
        if number != 1:  # there is no header, or it could not be read: both are reported by now
            return
        self._check_header(header)
        self.columns = tuple(name for name in header if name in self.fields)
        for number, cells in lines:
            row = Row(number, dict(zip(header, cells, strict=False)))
            self.rows.append(row)
            if len(cells) != len(header):
                self._note(f"has {len(cells)} cells", f"{len(header)} cells", number)
                continue
            for name in self.columns:
                self._read_cell(row, self.fields[name])
        if not self.rows and not self.problems:
            self._note("has a header only", "at least one row")

    def _check_header(self, header: list[str]) -> None:
        wanted = list(self.fields)
        for name, count in Counter(header).items():
            if name not in self.fields:
                self._note("is an extra column", f"only {', '.join(wanted)}", 1, column=name)
            elif count > 1:
                self._note(f"stands {count} times", "each column once", 1, column=name)
        for name in wanted:
            if name not in header:
                self._note("is a missing column", ", ".join(wanted), 1, column=name)
        if header != wanted and sorted(header) == sorted(wanted):
            found = ",".join(header)
            self._note("are columns out of order", ",".join(wanted), 1, column=found)

    def _read_cell(self, row: Row, f: Field) -> None:
        """Type one cell into ``row.value``; an empty, undated or refused cell has no value."""
        text = row.text[f.name]
        try:
            if text:
                value = f.read(text)
                if value is not None:
                    row.value[f.name] = value
            elif f.constraints.get("required"):
                raise Refused("is missing", f"a {f.kind or f.type} value")
        except Refused as refused:
            self.problems.append(self.problem(row, f.name, *refused.args))

    def _check_unique(self) -> None:
        """Nothing twice: primary key (the whole row where there is none), ``unique`` columns."""
        keys = [_names(self.spec["schema"].get("primaryKey", []))]
        keys += [[name] for name, f in self.fields.items() if f.constraints.get("unique")]
        for columns in dict.fromkeys(map(tuple, keys)):
            seen: dict[tuple[str, ...], int] = {}
            for row in self.rows:
                key = tuple(row.text.get(column, "") for column in columns or row.text)
                if columns and not all(key):
                    continue
                earlier = seen.setdefault(key, row.number)
                if earlier != row.number and columns:
                    fault = f"stands already in row {earlier}"
                    self.problems.append(self.problem(row, columns, fault, "each value once"))
                elif earlier != row.number:
                    self._note(f"repeats row {earlier}", "each row once", row.number)

    @cached_property
    def frame(self) -> pd.DataFrame:
        """The table, which must be sound, as a DataFrame; a caller who changes it takes a copy."""
        import pandas as pd

        columns: dict[str, pd.Series] = {}
        for name, f in self.fields.items():
            texts = [row.text[name] if name in row.value else pd.NA for row in self.rows]
            if f.kind == "partial-date":
                periods = [text if text is pd.NA else pd.Period(text) for text in texts]
                columns[name] = pd.Series(periods, dtype=object)
            elif f.kind == "category":
                vocabulary = [str(word) for word in f.constraints["enum"]]
                columns[name] = pd.Series(pd.Categorical(texts, categories=vocabulary))
            elif f.type == "boolean":
                values = [row.value.get(name, pd.NA) for row in self.rows]
                columns[name] = pd.Series(values, dtype="boolean")
            else:
                columns[name] = pd.Series(texts, dtype="string").astype(f.form.dtype)
        return pd.DataFrame(columns)


class Package:
    """The data package under a root folder and the claims; each table is read once."""

    def __init__(self, root: Path = ROOT) -> None:
        self.root = Path(root)
        self.problems: list[Problem] = []
        self.evidence_date: date | None = None
        self.resources: dict[str, dict[str, Any]] = {CLAIMS["name"]: CLAIMS}
        self._tables: dict[str, Table] = {}
        try:
            meta = json.loads(limited(self.root / DESCRIPTOR).decode("utf-8"))
            given = list(meta["resources"])
        except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
            fault = f"cannot be read: {error!r}"
            self.problems.append(_flaw(None, None, fault, "a JSON file in UTF-8 with resources"))
            return
        try:
            day = Field({"name": "evidence_date", "type": "date"})
            self.evidence_date = day.read(str(meta.get("evidence_date"))).first
        except Refused as refused:
            given_day, expected = meta.get("evidence_date"), "YYYY-MM-DD, the close of evidence"
            self.problems.append(_flaw("evidence_date", given_day, refused.args[0], expected))
        for resource in given:
            flaws = list(_flaws(resource, self.resources))
            if not flaws:
                file = f"book/data/{resource['path']}"
                self.resources[resource["name"]] = resource | {"file": file}
            self.problems += flaws
        self.problems += self._undescribed([each for each in given if isinstance(each, dict)])

    def _undescribed(self, given: list[dict[str, Any]]) -> Iterator[Problem]:
        """Tables, files and ends of foreign keys that the descriptor leaves out."""
        names = {str(resource.get("name")) for resource in given}
        for name in [one for one in CORE if one not in names]:
            yield _flaw(name, None, "is not described", f"a resource {name}")
        for link in [
            each for each in (self.root / "book" / "data").rglob("*") if each.is_symlink()
        ]:
            # The build copies this folder: a link would publish what it leads to.
            shown = link.relative_to(self.root).as_posix()
            yield Problem(shown, "is not a plain file", "a file, not a link or a folder")
        paths = {str(resource.get("path")) for resource in given}
        for file in sorted((self.root / "book" / "data").glob("*.csv")):
            if file.name not in paths:
                shown, expected = f"book/data/{file.name}", "a resource in datapackage.json"
                yield Problem(shown, "is not described", expected)
        for name, spec in self.resources.items():
            for _, other, key in foreign_keys(spec):
                target = self.resources.get(other)  # None if it is flawed: that is reported
                if other not in names or (target and key not in _columns(target)):
                    where, expected = f"{name}.foreignKeys", "a column of a resource"
                    yield _flaw(where, f"{other}.{key}", "is not described", expected)

    def table(self, name: str) -> Table:
        """One table, with its problems of shape, type and own keys; KeyError if unknown."""
        if name not in self._tables:
            self._tables[name] = Table(self.resources[name], self.root)
        return self._tables[name]

    def tables(self) -> list[Table]:
        """The claims and all tables of the descriptor, in its order."""
        return [self.table(name) for name in self.resources]

    def rows(self, name: str) -> list[Row]:
        """The rows of a table; none if it cannot be read, which is reported elsewhere."""
        return self.table(name).rows if name in self.resources else []

    def with_columns(self, *columns: str) -> list[Table]:
        """The tables that have all these columns."""
        return [table for table in self.tables() if table.has(*columns)]


def _names(one_or_more: str | list[str]) -> list[str]:
    return [one_or_more] if isinstance(one_or_more, str) else one_or_more


def foreign_keys(spec: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """(own column, table, its column) for each foreign key; ValueError if it has several."""
    for key in spec["schema"].get("foreignKeys", []):
        reference = key["reference"]
        (own,), (theirs,) = _names(key["fields"]), _names(reference["fields"])
        # An empty or absent resource name means the table itself.
        yield own, reference.get("resource") or spec["name"], theirs


def _columns(resource: dict[str, Any]) -> list[str]:
    return [spec["name"] for spec in resource["schema"]["fields"]]


def _flaw(where: str | None, value: Any, fault: str, expected: str) -> Problem:
    """A problem of the descriptor."""
    shown = None if value is None else str(value)
    return Problem(DESCRIPTOR, fault, expected, column=where, value=shown)


def _flaws(resource: Any, earlier: Container[str]) -> Iterator[Problem]:
    """What would make the check of a table fail, or pass in silence."""
    name = resource.get("name") if isinstance(resource, dict) else None
    try:
        if resource["name"] in earlier:
            yield _flaw(name, None, "stands twice", "each resource once")
        # Only plain names: a descriptor must not reach out of its folder.
        if not re.fullmatch(r"[\w-]+\.csv", path := resource["path"]):
            expected = "a path such as facts.csv"
            yield _flaw(f"{name}.path", path, "is not a file of the package", expected)
        for key in ("title", "description"):
            if not resource.get(key):
                yield _flaw(f"{name}.{key}", None, "is missing", f"a {key} for readers")
        columns = _columns(resource)
        if not columns or len(set(columns)) != len(columns):
            shown = ", ".join(columns)
            yield _flaw(f"{name}.schema", shown, "has no sound fields", "each column once")
        for column in CORE.get(name, ()):
            if column not in columns:
                yield _flaw(f"{name}.{column}", None, "is not described", "this column")
        for spec in resource["schema"]["fields"]:
            needed = spec["name"] in CORE.get(name, ()) and spec["name"] not in OPTIONAL
            if needed and not spec.get("constraints", {}).get("required"):
                yield _flaw(f"{name}.{spec['name']}", None, "may be empty", "required: true")
        primary = _names(resource["schema"].get("primaryKey", []))
        foreign = [own for own, _, _ in foreign_keys(resource)]
        for column in [*primary, *foreign]:
            if column not in columns:
                key = "primaryKey" if column in primary else "foreignKeys"
                yield _flaw(f"{name}.{key}", column, "is not a column", ", ".join(columns))
        for column in ("place", "fact", "source"):
            if column in columns and column not in foreign:
                fault, expected = "is not checked against its table", "a foreign key"
                yield _flaw(f"{name}.{column}", None, fault, expected)
        for spec in resource["schema"]["fields"]:
            yield from _flaws_of_field(f"{name}.{spec['name']}", spec)
    except (AttributeError, KeyError, TypeError, ValueError, re.error) as error:
        fault = f"cannot be understood: {error!r}"
        yield _flaw(f"{name}.schema", None, fault, "a table schema")


def _flaws_of_field(where: str, spec: dict[str, Any]) -> Iterator[Problem]:
    """What this loader cannot read in a column, or what its name promises and it leaves out."""
    name, kind, type_ = spec["name"], spec.get("kind"), spec.get("type")
    constraints = spec.get("constraints", {})
    if type_ not in TYPES:
        yield _flaw(where, type_, "is not a known type", ", ".join(TYPES))
    if kind and kind not in KINDS:
        yield _flaw(where, kind, "is not a known kind", ", ".join(sorted(KINDS)))
    if kind and type_ != "string":
        yield _flaw(where, type_, f"does not go with kind {kind}", "string")
    if kind == "category" and not constraints.get("enum"):
        yield _flaw(where, None, "is a category without enum", "the vocabulary")
    re.compile(constraints.get("pattern", ""))  # re.error is caught where this is called
    for bound in ("minimum", "maximum"):
        limit = constraints.get(bound, 0)
        is_number = type_ in ("integer", "number") and isinstance(limit, int | float)
        if bound in constraints and not is_number:
            yield _flaw(where, limit, f"is not a {bound} of type {type_}", "a number")
    for unknown in sorted(constraints.keys() - {*CONSTRAINTS}):
        yield _flaw(where, unknown, "is not a known constraint", ", ".join(CONSTRAINTS))
    needed = {"claim": "claims", "claims": "claims", "sources": "sources"}.get(name)
    if needed and kind != needed:
        yield _flaw(where, kind, "is not checked against its table", f"kind {needed}")
    if re.search("(^|_)url$", name) and kind != "url":
        yield _flaw(where, kind, "is not checked as a link", "kind url")
    dated = type_ in ("date", "year") or kind == "partial-date"
    if name in ("date", "opened", "closed") and not dated:
        yield _flaw(where, kind, "is not checked as a date", "kind partial-date or type date")
