"""Builds of a small book: what is executed again, and what a failed or killed build leaves."""

from __future__ import annotations

import errno
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).resolve().parents[1]
BUILD = [sys.executable, ".ci/run_jupyter_book.py", "build", "."]
MAKE = (
    "import sys; sys.path.insert(0, '.ci'); import tasks;"
    "tasks.tool = lambda *_: sys.executable; tasks.build()"
)
"""What `make book` does, with the Python of the tests instead of one in `.venv`."""

TOC = """\
format: jb-book
root: book/intro
chapters:
  - file: book/90-table
  - file: book/91-module
"""
TABLE = 'from explainer import data\nprint(data.load("people")["note"].iloc[0])'
MODULE = "from explainer import citing\nprint(citing.AUTHOR)"

REFUSING_DISK = """
import os, sys

code, folder = os.environ["DISK_REFUSES"].split(":", 1)

def hook(event, arguments):
    if event == "os.mkdir" or (event == "open" and arguments[2] & (os.O_WRONLY | os.O_RDWR)):
        if isinstance(arguments[0], (str, os.PathLike)):
            path = os.path.abspath(os.fspath(arguments[0]))
            if path.startswith(folder):
                raise OSError(int(code), os.strerror(int(code)), path)

sys.addaudithook(hook)
"""
"""Loaded by Python before anything else: a disk that refuses what is written to a folder."""


def environment(book: Path, **more: str) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(book / "book"), "PYTHONUTF8": "1", **more}


def build(book: Path, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        BUILD, cwd=book, env=environment(book, **more), capture_output=True, encoding="utf-8"
    )


def executed(done: subprocess.CompletedProcess[str]) -> list[str]:
    """Names of the notebooks that a build which went well says it executed."""
    assert done.returncode == 0, done.stdout + done.stderr
    start = "executing book/"
    return [line.removeprefix(start) for line in done.stdout.splitlines() if start in line]


def site(book: Path) -> dict[str, bytes]:
    folder = book / "_build" / "html"
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def write_notebook(path: Path, title: str, code: str) -> None:
    cells = [
        nbformat.v4.new_markdown_cell(f"# {title}\n\nProse.", id="prose"),
        nbformat.v4.new_code_cell(code, id="code"),
    ]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=kernel), path)


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8", newline="\n")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A book of two small notebooks in this project's clothes, built once."""
    book = tmp_path_factory.mktemp("builds") / "built"
    made = shutil.ignore_patterns("_build", ".venv", ".git", "tests", "__pycache__", ".*cache")
    shutil.copytree(ROOT, book, ignore=made)
    for page in (book / "book").glob("[0-9]*.ipynb"):
        page.unlink()
    (book / "_toc.yml").write_text(TOC, encoding="utf-8")
    (book / "book" / "intro.md").write_text("# A small book\n\nProse.\n", encoding="utf-8")
    write_notebook(book / "book" / "90-table.ipynb", "A table", TABLE)
    write_notebook(book / "book" / "91-module.ipynb", "A module", MODULE)
    assert sorted(executed(build(book))) == ["90-table.ipynb", "91-module.ipynb"]
    return book


@pytest.fixture
def book(built: Path, tmp_path: Path) -> Path:
    """A copy of that book, with its last build, to be changed."""
    return shutil.copytree(built, tmp_path / "book", symlinks=True)


def test_what_changes_is_shown_and_only_what_rests_on_it_is_executed(book: Path) -> None:
    pages = book / "book"
    before = site(book)
    assert executed(build(book)) == []
    assert site(book) == before, "another folder shows"

    table = pages / "data" / "people.csv"
    note = json.loads((book / "_build/executed/book/90-table.json").read_text("utf-8"))
    shown = note["outputs"][0][1][0]["text"].strip()
    replace(table, shown, shown[:40] + "; changed cell")
    assert executed(build(book)) == ["90-table.ipynb"]
    assert b"; changed cell" in site(book)["90-table.html"]

    with (pages / "explainer" / "citing.py").open("a", encoding="utf-8") as module:
        module.write('\nAUTHOR = "A changed line"\n')
    assert executed(build(book)) == ["91-module.ipynb"]
    assert b"A changed line" in site(book)["91-module.html"]

    # Older than the site, as after unpacking an archive: contents count, not dates.
    replace(pages / "91-module.ipynb", "Prose.", "Changed prose.")
    os.utime(pages / "91-module.ipynb", (1e9, 1e9))
    assert executed(build(book)) == []
    assert b"Changed prose." in site(book)["91-module.html"]

    done = subprocess.run([sys.executable, "-c", MAKE], cwd=book, capture_output=True, text=True)
    assert done.stdout == "Nothing has changed since the last build.\n", done.stderr

    # What is no longer in the book is no longer in the site.
    replace(book / "_toc.yml", "  - file: book/90-table\n", "")
    assert executed(build(book)) == []
    assert "90-table.html" not in site(book)


def test_a_build_that_fails_or_is_killed_leaves_the_last_site(book: Path) -> None:
    before = site(book)
    table = book / "book" / "data" / "people.csv"
    notebook = book / "book" / "91-module.ipynb"

    good = table.read_text("utf-8")
    table.write_text(good + "broken row\n", encoding="utf-8")
    done = build(book)
    assert done.returncode != 0
    assert "people.csv, row" in done.stderr
    assert "Traceback" not in done.stderr
    assert site(book) == before
    table.write_text(good, encoding="utf-8")

    write_notebook(notebook, "A module", "1 / 0")
    done = build(book)
    assert done.returncode != 0
    assert "91-module.ipynb" in done.stderr
    assert "ZeroDivisionError: division by zero" in done.stderr
    assert site(book) == before

    write_notebook(notebook, "A module", "import time; time.sleep(600)")
    command = {"cwd": book, "env": environment(book), "encoding": "utf-8"}
    with subprocess.Popen(BUILD, stdout=subprocess.PIPE, **command) as running:
        assert any("executing book/91" in line for line in running.stdout)
        running.kill()
    assert site(book) == before

    # What a kill can leave: half a page, half an execution. No cleaning is needed.
    (book / "_build" / ".html-next").mkdir(exist_ok=True)
    (book / "_build" / ".html-next" / "index.html").write_text("<html>half")
    (book / "_build" / "executed" / "book" / "90-table.json").write_text('{"code": "')
    (book / "_build" / "html").rename(book / "_build" / ".html-before")
    write_notebook(notebook, "A module", MODULE)
    assert executed(build(book)) == ["90-table.ipynb"]
    assert site(book) == before


def test_the_second_of_two_builds_waits_for_the_first(book: Path) -> None:
    replace(book / "book" / "intro.md", "Prose.", "Changed prose.")
    both = [
        subprocess.Popen(
            BUILD, cwd=book, env=environment(book), stdout=subprocess.PIPE, encoding="utf-8"
        )
        for _ in range(2)
    ]
    said = [each.communicate()[0] for each in both]
    assert [each.returncode for each in both] == [0, 0]
    assert sum("Another build of this book is running" in output for output in said) == 1
    assert b"Changed prose." in site(book)["index.html"]
    assert sorted(path.name for path in (book / "_build").glob(".html*")) == []


@pytest.mark.parametrize(
    ("error", "folder", "words"),
    [
        (errno.ENOSPC, "_build/.html-next", "the disk is full"),
        (errno.EROFS, "_build", "this disk can only be read"),
    ],
)
def test_what_the_disk_refuses_is_said_in_a_line(
    book: Path, tmp_path: Path, error: int, folder: str, words: str
) -> None:
    before = site(book)
    (tmp_path / "sitecustomize.py").write_text(REFUSING_DISK, encoding="utf-8")
    done = build(
        book,
        PYTHONPATH=os.pathsep.join([str(tmp_path), str(book / "book")]),
        DISK_REFUSES=f"{error}:{book / folder}",
    )
    assert done.returncode != 0
    assert [line for line in done.stderr.splitlines() if words in line]
    assert "Traceback" not in done.stderr
    assert site(book) == before


def test_no_setting_of_the_machine_shows(book: Path) -> None:
    before = site(book)
    shutil.rmtree(book / "_build")
    done = build(
        book,
        PYTHONHASHSEED="7",
        LC_ALL="C",
        PYTHONUTF8="0",
        TZ="Pacific/Kiritimati",
        SOURCE_DATE_EPOCH="1000000000",
    )
    assert len(executed(done)) == 2
    assert site(book) == before


def test_the_first_difference_of_two_sites_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT / ".ci"))
    from reproduce import first_difference

    one = {"a.html": b"same", "b.html": b"one\ntwo\nthree"}
    assert first_difference(one, dict(one)) is None
    said = first_difference(one, one | {"b.html": b"one\ntwo\ntree"})
    assert said.startswith("First in b.html, byte 9, line 3:")
    assert first_difference(one, {"a.html": b"same"}) == "Only the first has b.html."
