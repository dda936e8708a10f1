"""The tables of ``book/data``: load one, find what it rests on, check them all.

Files are read by :mod:`explainer.tables` and held to :mod:`explainer.rules`. Bad data
are refused with file, row (as in the file, the header is row 1), column, value and what
was expected, all at once.
"""

from __future__ import annotations

import json
import os
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from explainer import rules
from explainer.rules import VERDICTS as VERDICTS
from explainer.tables import CLAIMS, DESCRIPTOR, ROOT, Package, Problem
from explainer.tables import DATA as DATA

if TYPE_CHECKING:
    import pandas as pd


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


def _package(root: Path) -> Package:
    """The package as its files are now: read again only if one of them has changed."""
    seeds, folder = (root / CLAIMS["file"]).parent, root / "book" / "data"
    # Asked for with every table, so with as few questions to the disk as possible.
    found = [
        (entry.path, entry.stat().st_mtime_ns, entry.stat().st_size)
        for place in (seeds, folder)
        if place.is_dir()
        for entry in os.scandir(place)
        if entry.name.endswith((".csv", ".json"))
    ]
    return _package_at(root, tuple(sorted(found)))


@lru_cache(maxsize=2)
def _package_at(root: Path, stamps: tuple[tuple[str, int, int], ...]) -> Package:
    return Package(root)


def _names(book: Package) -> list[str]:
    """The tables that the descriptor names, without the seeds."""
    return [name for name in book.resources if name != CLAIMS["name"]]


def load(name: str, root: Path = ROOT) -> pd.DataFrame:
    """One table of the package, typed; a copy that the caller may change.

    Strings are ``string``, integers ``Int64``, numbers ``Float64``, categories
    ``category`` in the order of the vocabulary, dates ``datetime64[ns]``, partial dates
    :class:`pandas.Period` of a year, month or day. Empty cells and ``undated`` are NA.
    Units stand in ``descriptor(name)["units"]``. Raises :class:`DataError` with all of the
    table's problems of shape and type, and KeyError for a name that is not in the package.
    """
    book = _package(root)
    if name not in book.resources and not book.problems:
        raise KeyError(f"no table {name!r} in {DESCRIPTOR}")
    problems = book.table(name).problems if name in book.resources else book.problems
    if problems:
        raise DataError(problems)
    return book.table(name).frame.copy()


def claims(root: Path = ROOT) -> pd.DataFrame:
    """The article's claims: id, paragraph, order, claim. Raises like :func:`load`."""
    return load(CLAIMS["name"], root)


def load_all(root: Path = ROOT) -> dict[str, pd.DataFrame]:
    """Every table by name; raises :class:`DataError` with the shape problems of all of them."""
    book = _package(root)
    problems = book.problems + [p for name in _names(book) for p in book.table(name).problems]
    if problems:
        raise DataError(problems)
    return {name: book.table(name).frame.copy() for name in _names(book)}


def descriptor(name: str, root: Path = ROOT) -> dict[str, Any]:
    """What readers should know of a table.

    Keys: ``name``, ``path``, ``title``, ``description``, ``caveat`` (empty if none),
    ``modified`` (day of the last change, YYYY-MM-DD), and by column ``titles``,
    ``descriptions`` and ``units``. Raises KeyError for an unknown name.
    """
    return _described(_package(root), name)


def _described(book: Package, name: str) -> dict[str, Any]:
    spec = book.resources[name]
    fields = spec["schema"]["fields"]
    keys = ("name", "path", "title", "description", "caveat", "modified")
    about = {key: spec.get(key, "") for key in keys}
    return about | {
        "titles": {f["name"]: f.get("title", f["name"]) for f in fields},
        "descriptions": {f["name"]: _meaning(f) for f in fields},
        "units": {f["name"]: f["unit"] for f in fields if f.get("unit")},
    }


def _meaning(field: dict[str, Any]) -> str:
    """What a column holds; of a closed list, all that it may hold."""
    values = field.get("constraints", {}).get("enum", [])
    listed = f"One of: {'; '.join(map(str, values))}." if values else ""
    title, description = field.get("title", ""), field.get("description", "")
    # A title that only repeats the column's name, or begins the description, says nothing.
    told = title.lower().replace(" ", "_") == field["name"]
    told |= description.lower().startswith(title.lower())
    lead = "" if description and told else f"{title.rstrip('.')}."
    return " ".join(filter(None, [lead, description, listed]))


def descriptors(root: Path = ROOT) -> list[dict[str, Any]]:
    """:func:`descriptor` of every table, in the order of the package."""
    book = _package(root)
    return [_described(book, name) for name in _names(book)]


def path(name: str, root: Path = ROOT) -> Path:
    """The file of a table; raises KeyError for a name that is not in the package."""
    return root / _package(root).resources[name]["file"]


def evidence_date(root: Path = ROOT) -> str:
    """The day on which the evidence was closed, YYYY-MM-DD; DataError if it is not given."""
    book = _package(root)
    if book.evidence_date is None:
        raise DataError(book.problems)
    return book.evidence_date.isoformat()


def about(root: Path = ROOT) -> dict[str, str]:
    """The package's ``name``, ``title``, ``description``, ``version`` and day ``created``.

    Raises KeyError if the descriptor lacks one of them.
    """
    meta = json.loads((root / DESCRIPTOR).read_text(encoding="utf-8"))
    keys = ("name", "title", "description", "version", "created")
    return {key: meta[key] for key in keys} | {"created": meta["created"][:10]}


def sources_of(rows: pd.DataFrame, root: Path = ROOT) -> pd.DataFrame:
    """The rows of sources.csv that these rows rest on, each once, in order of first use.

    They are found through the column ``sources`` (ids), ``source`` (one id), ``fact``, or,
    for rows of facts.csv, through the citations of their ``id``. Raises
    :class:`DataError` if an id is unknown and ValueError if the rows name no source at all.
    """
    if "sources" in rows:
        ids = [one for text in rows["sources"].dropna() for one in text.split()]
    elif "source" in rows:
        ids = list(rows["source"].dropna())
    elif (column := "fact" if "fact" in rows else "id") in rows:
        cited: dict[str, list[str]] = {}
        for fact, source in load("citations", root)[["fact", "source"]].itertuples(index=False):
            cited.setdefault(fact, []).append(source)
        ids = [one for fact in rows[column].dropna() for one in cited.get(fact, [])]
    else:
        raise ValueError("rows without a column sources, source, fact or id name no source")
    order = list(dict.fromkeys(ids))
    known = load("sources", root).set_index("id", drop=False)
    unknown = sorted(set(order) - set(known.index))
    if unknown:
        where, expected = "rows given", "an id in sources.csv"
        raise DataError(
            [Problem(where, "is unknown", expected, None, "sources", one) for one in unknown]
        )
    return known.loc[order].reset_index(drop=True)


def validate(root: Path = ROOT) -> list[Problem]:
    """Every problem of the whole package and of the claims; an empty list if there is none."""
    return rules.problems(Package(root))


def check(root: Path = ROOT) -> Summary:
    """Read and check everything; raises :class:`DataError` that lists every problem at once."""
    book = _package(root)
    problems = rules.problems(book)
    if problems:
        raise DataError(problems)
    tables = book.tables()
    return Summary(len(tables), sum(len(table.rows) for table in tables))
