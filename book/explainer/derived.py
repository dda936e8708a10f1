"""Numbers of the prose that no single row holds: counts, shares, sums, distances.

Each is declared once, as a named function of the tables, and the prose names it
with the ``fact`` role. A derived number has a statement that says what was
counted and how, so that a reader can count again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pandas
from pandas import DataFrame

from explainer import data

Numbers = float | tuple[float, ...]


@dataclass(frozen=True)
class Derived:
    """A derived number (or a few that belong together) and where it comes from."""

    name: str
    statement: str
    tables: tuple[str, ...]
    rows: Callable[[], DataFrame | None]
    function: Callable[[], Numbers]

    def values(self) -> tuple[float, ...]:
        """The number or numbers, computed now."""
        result = self.function()
        return tuple(map(float, result)) if isinstance(result, tuple) else (float(result),)

    def sources(self) -> DataFrame:
        """The sources of the rows counted; none if the rows are our own (claims, facts)."""
        rows = self.rows()
        if rows is None:
            return data.load("sources").iloc[:0]
        return data.sources_of(rows)


REGISTRY: dict[str, Derived] = {}


def number(
    name: str,
    statement: str,
    *tables: str,
    rows: Callable[[], DataFrame | None] | None = None,
) -> Callable[[Callable[[], Numbers]], Callable[[], Numbers]]:
    """Declare the function below as the derived number ``name``.

    ``tables`` are the tables it is counted from; ``rows`` narrows its sources to
    the rows that were used (all rows of the first table if not given).

    Raises ``ValueError`` if the name is taken.
    """

    def register(function: Callable[[], Numbers]) -> Callable[[], Numbers]:
        if name in REGISTRY:
            raise ValueError(f"derived number {name} is declared twice")
        REGISTRY[name] = Derived(
            name, statement, tables, rows or (lambda: _sourced(tables)), function
        )
        return function

    return register


def _sourced(tables: tuple[str, ...]) -> DataFrame | None:
    frames = [data.load(table) for table in tables]
    sourced = [frame[["sources"]] for frame in frames if "sources" in frame]
    return pandas.concat(sourced) if sourced else None


@number("claims-total", "Number of claims of the article that the book checks.")
def _claims_total() -> int:
    return len(data.claims())


@number("facts-total", "Number of facts recorded in the table facts.", "facts")
def _facts_total() -> int:
    return len(data.load("facts"))


@number("sources-total", "Number of sources recorded in the table sources.", "sources")
def _sources_total() -> int:
    return len(data.load("sources"))
