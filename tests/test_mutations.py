"""Good tables spoiled at random: each is refused to the row, or means what is written.

Three ways of spoiling: any text in any cell, any bytes at any place, and the mistakes
that people and their tools make. The last must always be refused, so that one that
passes is a hole in the rules; of the others nothing may be lost or changed in silence.
The tests try the same examples in every run. To try others, and count them::

    PYTHONPATH=book python tests/test_mutations.py 3000
"""

from __future__ import annotations

import csv
import io
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_data import FILES, describe, write

from explainer import data, rules, tables

EXAMPLES = 300
GRIDS = {name: list(csv.reader(text.splitlines())) for name, text in FILES.items()}
SPOILED_ROWS = 3
"""Header and first rows of each table; those after them are of the same kind."""
CELLS = [
    (name, row, column)
    for name, grid in GRIDS.items()
    for row, cells in enumerate(grid[:SPOILED_ROWS])
    for column in range(len(cells))
]
PIECES = st.one_of(
    st.text(max_size=12),
    st.sampled_from(["", " ", '"', ",", "\n", "\r", "\0", "-1", "1e9", "NaN", "01", "1_000"]),
    st.sampled_from(["undated", "C01", "centre", "base", "2023-02-29", "2040", "\u0663", "<b>"]),
)


class Outcome(NamedTuple):
    """What the check made of a spoiled table; ``missed`` says what it should have seen."""

    word: str
    missed: str = ""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A good tiny package."""
    return write(tmp_path, FILES, describe())


def check(root: Path, name: str, content: bytes) -> tuple[tables.Package, list[data.Problem]]:
    """The package read with one file's bytes replaced; the good file is put back."""
    file = root / "book" / "data" / f"{name}.csv"
    file.write_bytes(content)
    package = tables.Package(root)
    problems = rules.problems(package)
    file.write_bytes(FILES[name].encode())
    return package, problems


def as_csv(grid: list[list[str]]) -> bytes:
    """A grid of cells as a file; what cannot be UTF-8 becomes a question mark."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(grid)
    return text.getvalue().encode("utf-8", "replace")


# --- any text, any bytes ------------------------------------------------------------------


def any_text(root: Path, place: tuple[str, int, int], piece: str, append: bool) -> Outcome:
    """Put any text into a cell."""
    name, row, column = place
    grid = [list(cells) for cells in GRIDS[name]]
    old = grid[row][column]
    grid[row][column] = old + piece if append else piece
    package, problems = check(root, name, as_csv(grid))

    def is_precise(problem: data.Problem) -> bool:
        """It names the changed row (or column), or a row that relied on the old value."""
        if problem.file == f"book/data/{name}.csv":
            return row == 0 or problem.row in (row + 1, None)
        # A single vote and a printed total contradict each other: the total is named.
        return (problem.value or "-") in old or (name, column) == ("roll-calls", 3)

    if problems:
        found = any(map(is_precise, problems))
        return Outcome("refused", "" if found else f"the row, in {problems}")
    table = package.table(name)
    same = [list(line.text.values()) for line in table.rows] == grid[1:]
    whole = same and len(table.frame) == len(grid) - 1
    return Outcome("read as written", "" if whole else "the rows as they are written")


def any_bytes(root: Path, name: str, at: float, cut: int, put: bytes) -> Outcome:
    """Cut bytes out of a file and put others in."""
    good = FILES[name].encode()
    start = int(at * len(good))
    content = good[:start] + put + good[start + cut :]
    package, problems = check(root, name, content)
    if problems:
        told = all(p.file and p.expected and p.fault for p in problems)
        return Outcome("refused", "" if told else f"a full message, in {problems}")
    read = list(csv.reader(io.StringIO(content.decode(), newline="")))
    same = [list(line.text.values()) for line in package.table(name).rows] == read[1:]
    whole = same and read[0] == GRIDS[name][0]
    return Outcome("read as written", "" if whole else "the rows as they are written")


ANY_TEXT = {"place": st.sampled_from(CELLS), "piece": PIECES, "append": st.booleans()}
ANY_BYTES = {
    "name": st.sampled_from(sorted(FILES)),
    "at": st.floats(0, 1),
    "cut": st.integers(0, 9),
    "put": st.binary(max_size=3),
}


# --- mistakes -----------------------------------------------------------------------------

Mistake = Callable[[list[list[str]], int, int, random.Random], bytes | None]
"""Spoils a grid at a row and column; None where the mistake cannot be made there."""
MISTAKES: dict[str, Mistake] = {}


def mistake(make: Mistake) -> Mistake:
    """Enter a mistake in the list; its name says what was done."""
    MISTAKES[make.__name__.replace("_", " ")] = make
    return make


def in_cell(change: Callable[[str, random.Random], str]) -> Mistake:
    """A mistake that only changes the text of a cell."""

    def make(grid: list[list[str]], row: int, column: int, chance: random.Random) -> bytes | None:
        old = grid[row][column]
        grid[row][column] = change(old, chance)
        return as_csv(grid) if grid[row][column] != old else None

    return make


def inserted(*pieces: str) -> Callable[[str, random.Random], str]:
    """Put one of the pieces anywhere into a text."""

    def change(text: str, chance: random.Random) -> str:
        at = chance.randrange(len(text) + 1)
        return text[:at] + chance.choice(pieces) + text[at:]

    return change


@mistake
def cell_lost(grid: list[list[str]], row: int, column: int, chance: random.Random) -> bytes:
    del grid[row][column]
    return as_csv(grid)


@mistake
def cell_too_many(grid: list[list[str]], row: int, column: int, chance: random.Random) -> bytes:
    grid[row].insert(column, chance.choice(["", "x", grid[row][column]]))
    return as_csv(grid)


@mistake
def column_lost(grid: list[list[str]], row: int, column: int, chance: random.Random) -> bytes:
    return as_csv([cells[:column] + cells[column + 1 :] for cells in grid])


@mistake
def column_twice(grid: list[list[str]], row: int, column: int, chance: random.Random) -> bytes:
    return as_csv([[*cells, cells[column]] for cells in grid])


@mistake
def columns_moved(grid: list[list[str]], row: int, column: int, chance: random.Random) -> bytes:
    return as_csv([cells[1:] + cells[:1] for cells in grid])


@mistake
def row_twice(grid: list[list[str]], row: int, column: int, chance: random.Random) -> bytes | None:
    return as_csv([*grid[: row + 1], *grid[row:]]) if row else None


@mistake
def blank_line(grid: list[list[str]], row: int, column: int, chance: random.Random) -> bytes:
    return as_csv(grid[:row]) + b"\n" + as_csv(grid[row:])


@mistake
def cut_off(grid: list[list[str]], row: int, column: int, chance: random.Random) -> bytes:
    content = as_csv(grid)
    ends = [at for at in range(1, len(content)) if content[at - 1 : at] != b"\n"]
    return content[: chance.choice(ends)]


@mistake
def quote_left_open(
    grid: list[list[str]], row: int, column: int, chance: random.Random
) -> bytes | None:
    lines = as_csv(grid).split(b"\n")
    lines[row] = b'"' + lines[row]
    return b"\n".join(lines)


@mistake
def saved_elsewhere(grid: list[list[str]], row: int, column: int, chance: random.Random) -> bytes:
    grid[row][column] += " Türkei"
    text = as_csv(grid).decode()
    spoil = chance.choice(["cp1252", "utf-16", "utf-16-be", "utf-32", "utf-8-sig", "crlf", "twice"])
    if spoil == "crlf":
        return text.replace("\n", "\r\n").encode()
    if spoil == "twice":
        return text.encode().decode("cp1252").encode()
    return text.encode(spoil)


@mistake
def space_at_an_end(
    grid: list[list[str]], row: int, column: int, chance: random.Random
) -> bytes | None:
    text = grid[row][column]
    grid[row][column] = chance.choice([f" {text}", f"{text} ", f"\u00a0{text}"])
    return as_csv(grid)


MISTAKES["unreadable character"] = in_cell(
    inserted("\0", "\r", "\n", "\t", "\x1b", "\x85", "\ufeff", "\ufffd", "\u202e", "\u2066")
)
MISTAKES["link to a banned host"] = in_cell(
    inserted(" http://mirror.example ", "(https://www.Scraper.example/x?y=1)")
)
MISTAKES["formula"] = in_cell(
    lambda text, chance: chance.choice("=+-@") + (text if text[:1].isalpha() else "cmd|' /C'!A1")
)


def only(columns: str, change: Callable[[str, random.Random], str]) -> Mistake:
    """A mistake that is one in these columns only (``table.column``), where they are filled."""

    def make(grid: list[list[str]], row: int, column: int, chance: random.Random) -> bytes | None:
        table = next(name for name in GRIDS if GRIDS[name][0] == grid[0])
        at = f"{table}.{grid[0][column]}"
        if not row or at not in columns.split() or not grid[row][column]:
            return None
        grid[row][column] = change(grid[row][column], chance)
        return as_csv(grid)

    return make


DATES = "sources.date facts.date verdicts.date sites.opened sites.closed votes.date roll-calls.date"
NUMBERS = "facts.value facts.value_low places.lat sites.killed votes.yes votes.no votes.abstain"
MISTAKES["unknown id"] = only(
    "facts.claims facts.place citations.fact citations.source verdicts.claim sites.place "
    "sites.sources votes.sources roll-calls.sources people.facts people.sources "
    "roll-calls.resolution",
    lambda text, chance: text[: (at := chance.randrange(len(text)))] + "q" + text[at + 1 :],
)
MISTAKES["word of another vocabulary"] = only(
    "sources.tier sources.read facts.confidence places.precision places.territory "
    "verdicts.verdict roll-calls.vote",
    lambda text, chance: chance.choice(["certain", "maybe", text.upper() + "?", text + "s"]),
)
MISTAKES["required cell emptied"] = only(
    "sources.id sources.publisher sources.date sources.tier sources.read facts.id facts.claims "
    "facts.date facts.statement places.lat places.lon places.precision citations.fact "
    "citations.source verdicts.claim verdicts.date verdicts.why do-not-link.host "
    "roll-calls.iso3 roll-calls.vote",
    lambda text, chance: "",
)
MISTAKES["no such date"] = only(
    DATES,
    lambda text, chance: chance.choice(
        ["10/7/2023", "7 October 2023", "2023-13-01", "2023-02-30", "2023-2-3", "23-10-07", "soon"]
    ),
)
MISTAKES["date after the evidence"] = only(
    DATES, lambda text, chance: f"{chance.randint(2027, 2999)}-{chance.randint(1, 12):02}-01"
)
MISTAKES["no number"] = only(
    NUMBERS,
    lambda text, chance: chance.choice(
        ["1,500", f"{text} people", "1e3", "0x1f", "\u0661\u0662", "1.5.2", "nan", "-", "--1"]
    ),
)
MISTAKES["vote miscounted"] = only(
    "votes.yes votes.no votes.abstain votes.not_voting",
    lambda text, chance: str(int(text) + chance.randint(1, 50)),
)
MISTAKES["outside its range or territory"] = only(
    "facts.value_low sites.killed_low places.lat places.lon",
    lambda text, chance: str(chance.randint(100, 100_000)),
)
MISTAKES["closed before opened"] = only(
    "sites.closed", lambda text, chance: f"{chance.randint(1000, 2000)}-05"
)
MISTAKES["statement too long"] = only(
    "facts.statement", lambda text, chance: text + " again" * chance.randint(60, 300)
)
MISTAKES["no web address"] = only(
    "sources.url",
    lambda text, chance: chance.choice(
        ["javascript:alert(1)", "data:text/html,x", "//agency.example/", "agency.example", "#top"]
    ),
)


def any_mistake(root: Path, kind: str, place: tuple[str, int, int], seed: int) -> Outcome:
    """Make one mistake; any that is not refused with its file was missed."""
    name, row, column = place
    content = MISTAKES[kind]([list(cells) for cells in GRIDS[name]], row, column, _chance(seed))
    if content is None or content == FILES[name].encode():
        return Outcome("not a mistake there")
    _, problems = check(root, name, content)
    # A wrong vote contradicts the printed total, in another table.
    files = {f"book/data/{name}.csv"} | {"book/data/votes.csv"} & {p.file for p in problems}
    named = [p for p in problems if p.file in files]
    return Outcome("refused", "" if named else f"{kind} at {place} ({seed}): {problems}")


def _chance(seed: int) -> random.Random:
    return random.Random(seed)


ANY_MISTAKE = {
    "kind": st.sampled_from(sorted(MISTAKES)),
    "place": st.sampled_from(CELLS),
    "seed": st.integers(0, 999),
}

WAYS: list[tuple[Callable[..., Outcome], dict[str, st.SearchStrategy]]] = [
    (any_text, ANY_TEXT),
    (any_bytes, ANY_BYTES),
    (any_mistake, ANY_MISTAKE),
]


def search(
    root: Path, way: Callable[..., Outcome], strategies: dict, number: int, derandomize: bool
) -> Counter[str]:
    """Spoil the package so many times in one way; how often each outcome was met."""
    met: Counter[str] = Counter()

    @settings(
        max_examples=number,
        deadline=None,
        derandomize=derandomize,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(**strategies)
    def attempt(**arguments: object) -> None:
        outcome = way(root, **arguments)
        met[outcome.word] += 1
        assert not outcome.missed

    attempt()
    return met


@pytest.mark.parametrize(("way", "strategies"), WAYS, ids=[way.__name__ for way, _ in WAYS])
def test_spoiled_tables_are_refused_or_read_as_written(
    root: Path, way: Callable[..., Outcome], strategies: dict
) -> None:
    met = search(root, way, strategies, EXAMPLES, derandomize=True)
    assert met["refused"] > EXAMPLES / 5


@pytest.mark.parametrize("kind", sorted(MISTAKES))
def test_each_mistake_is_refused_wherever_it_can_be_made(root: Path, kind: str) -> None:
    outcomes = [any_mistake(root, kind, place, seed) for seed, place in enumerate(CELLS)]
    assert [outcome.missed for outcome in outcomes if outcome.missed] == []
    assert any(outcome.word == "refused" for outcome in outcomes)


if __name__ == "__main__":
    for way, strategies in WAYS:
        with tempfile.TemporaryDirectory() as folder:
            good = write(Path(folder), FILES, describe())
            met = search(good, way, strategies, int(sys.argv[1]), derandomize=False)
        words = ", ".join(f"{number:,} {word}" for word, number in sorted(met.items()))
        print(f"{way.__doc__} {met.total():,} tried: {words}; none missed.")
