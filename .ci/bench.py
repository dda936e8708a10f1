"""`make bench`: how long builds take, next to a stock Jupyter Book of the same pages."""

import csv
import json
import os
import re
import shutil
import tempfile
from pathlib import Path

import copies

AS_MAKE_BOOK = "import sys; sys.path.insert(0, '.ci'); import tasks; {patch}; tasks.build()"

# Extensions that make the site what it is, or builds quick; the pages can do without.
OF_OUR_SITE = (
    "fresh_notebooks",
    "fresh_pages",
    "whole_site",
    "light_site",
    "figure_pages",
    "table_pages",
    "language_tags",
    "missing_page",
    "search_index",
)

ROWS = (
    # name, what it is measured against, the most that it may be of that
    ("cold", "stock", 0.8),
    ("nothing changed", "cold", 1 / 5),
    ("nothing changed, plain jupyter-book", "cold", 1 / 5),
    ("prose of one chapter", "cold", 1 / 4),
    ("a cell of one table", "cold", 1),
    ("ten times the facts", "cold", 10),
    ("twice the chapters", "cold", 2),
)


def bench(book: Path, python: Path, jupyter_book: Path, arguments: list[str]) -> int:
    """Measure builds in temporary copies and print a table.

    Args:
        book: The book's folder.
        python: Python of its environment.
        jupyter_book: The program of that environment.
        arguments: `quick` leaves out the two copies that are many times as large.

    Returns:
        0 if every build was as quick as it should be, 1 if not.
    """
    patch = f"tasks.tool = lambda *_: {str(python)!r}"
    make = [python, "-c", AS_MAKE_BOOK.format(patch=patch)]
    plain = [jupyter_book, "build", "."]
    took: dict[str, copies.Build] = {}

    def measure(name: str, folder: Path, command: list) -> None:
        took[name] = copies.build(folder, command)
        print(f"{name}: {took[name].seconds:.1f} s", flush=True)

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        measure("stock", stock(copies.copy(book, folder / "stock")), plain)
        ours = copies.copy(book, folder / "ours")
        measure("cold", ours, make)
        measure("nothing changed", ours, make)
        measure("nothing changed, plain jupyter-book", ours, plain)
        chapter = sorted((ours / "book").glob("[0-9]*.ipynb"))[2]
        _replace(chapter, "## What would change this verdict", "## What would change the verdict")
        measure("prose of one chapter", ours, make)
        _change_a_note(ours / "book" / "data" / "base-personnel.csv")
        measure("a cell of one table", ours, make)
        if "quick" not in arguments:
            measure("ten times the facts", more_facts(copies.copy(book, folder / "facts")), make)
            measure("twice the chapters", more_chapters(copies.copy(book, folder / "more")), plain)

    print(f"\n{_cores()} core(s)" + "".join(f", load {load:.1f}" for load in _load()))
    print(f"{'':38}{'seconds':>8}{'work':>8}{'ratio':>8}  of      at most")
    print(f"{'stock':38}{took['stock'].seconds:8.1f}{took['stock'].work:8.1f}")
    slow = False
    for name, against, most in ROWS:
        if name in took:
            ratio = took[name].seconds / took[against].seconds
            slow |= ratio > most
            print(
                f"{name:38}{took[name].seconds:8.1f}{took[name].work:8.1f}{ratio:8.2f}"
                f"  {against:6}  {most:.2f}{'  TOO SLOW' if ratio > most else ''}"
            )
    print("Seconds on the clock; work is the time of all processors together.")
    return int(slow)


def stock(book: Path) -> Path:
    """Make a copy build as Jupyter Book does by itself: its theme, one notebook after another.

    Of our extensions only those stay that know what the pages are written with.
    """
    path = book / "_config.yml"
    text = path.read_text(encoding="utf-8")
    text = re.sub(r'execute_notebooks: "off".*', "execute_notebooks: force", text)
    text = re.sub(rf"    ({'|'.join(OF_OUR_SITE)}): .*\n", "", text)
    # Our list of extensions (on several lines) and the settings of our theme.
    text = re.sub(r"    extensions:.*\n(      .*\n)*", "", text)
    text = re.sub(r"    (html_(?!context)\w+|nitpicky):.*\n", "", text)
    path.write_text(text, encoding="utf-8")
    return book


def more_facts(book: Path) -> Path:
    """Give a copy every fact and its citations ten times, under ids of their own."""
    for table, column in (("facts", "id"), ("citations", "fact")):
        path = book / "book" / "data" / f"{table}.csv"
        with path.open(encoding="utf-8", newline="") as file:
            head, *rows = csv.reader(file)
        at = head.index(column)
        again = [
            [*row[:at], f"{row[at]}-{number}", *row[at + 1 :]]
            for number in range(2, 11)
            for row in rows
        ]
        with path.open("a", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows(again)
    return book


def more_chapters(book: Path) -> Path:
    """Give a copy every chapter twice."""
    toc = book / "_toc.yml"
    text = toc.read_text(encoding="utf-8")
    for chapter in sorted((book / "book").glob("[0-9]*.ipynb")):
        again = chapter.with_stem(f"{chapter.stem}-again")
        shutil.copyfile(chapter, again)
        line = f"      - file: book/{chapter.stem}\n"
        text = text.replace(line, line + line.replace(chapter.stem, again.stem))
    toc.write_text(text, encoding="utf-8")
    return book


def _change_a_note(table: Path) -> None:
    """Add a word to the note of a table's first row."""
    with table.open(encoding="utf-8", newline="") as file:
        head, first, *rows = csv.reader(file)
    at = head.index("note")
    first[at] = f"{first[at]} (checked)".strip()
    with table.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([head, first, *rows])


def _replace(notebook: Path, old: str, new: str) -> None:
    text = notebook.read_text(encoding="utf-8")
    assert old in text, f"{notebook.name} has no {old!r}"
    json.loads(text := text.replace(old, new, 1))
    notebook.write_text(text, encoding="utf-8")


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()


def _load() -> list[float]:
    return [os.getloadavg()[0]] if hasattr(os, "getloadavg") else []
