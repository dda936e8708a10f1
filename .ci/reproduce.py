"""`make reproduce`: two builds of the same sources give the same bytes, or the first difference."""

import locale
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

import copies

TURKISH = "tr_TR.UTF-8"  # where "i" and "I" are not the same letter


def reproduce(book: Path, python: Path, jupyter_book: Path) -> int:
    """Build the book twice under different circumstances and compare the sites.

    Returns:
        0 if they are the same, 1 if not; it prints which.
    """
    turkish = _has_locale(TURKISH)
    print(f"Locale {TURKISH}: {'used' if turkish else 'not on this machine, so C.UTF-8 is used'}")
    with tempfile.TemporaryDirectory() as folder:
        first = copies.copy(book, Path(folder, "a"))
        second = copies.copy(book, Path(folder, "another folder", "b"))
        print("1. one core, locale C, far east, as `make book` does ...", flush=True)
        runner = [python, ".ci/run_jupyter_book.py", "build", ".", "-W", "--keep-going"]
        took = copies.build(
            first,
            runner,
            _one_core(),
            PYTHONHASHSEED="1",
            LC_ALL="C",
            TZ="Pacific/Kiritimati",
            SOURCE_DATE_EPOCH="0",
        )
        print(f"   {took.seconds:.0f} s")
        print("2. all cores, another locale, far west, as plain `jupyter-book build .` ...")
        took = copies.build(
            second,
            [jupyter_book, "build", "."],
            PYTHONHASHSEED="2",
            LC_ALL=TURKISH if turkish else "C.UTF-8",
            TZ="Pacific/Pago_Pago",
            SOURCE_DATE_EPOCH="2000000000",
        )
        print(f"   {took.seconds:.0f} s")
        difference = first_difference(
            copies.files(first / "_build" / "html"), copies.files(second / "_build" / "html")
        )
        number = len(copies.files(first / "_build" / "html"))
    if difference:
        print(f"The two sites differ. {difference}")
        return 1
    print(f"Both sites have the same {number} files with the same bytes.")
    return 0


def first_difference(one: dict[str, bytes], other: dict[str, bytes]) -> str | None:
    """Say where two sets of files first differ; None if they are the same."""
    for name in sorted(one.keys() ^ other.keys()):
        return f"Only the {'first' if name in one else 'second'} has {name}."
    for name, content in one.items():
        if content != other[name]:
            pairs = zip(content, other[name], strict=False)
            shorter = min(len(content), len(other[name]))
            at = next((i for i, (a, b) in enumerate(pairs) if a != b), shorter)
            line = content.count(b"\n", 0, at) + 1
            around = [each[max(0, at - 60) : at + 60] for each in (content, other[name])]
            return f"First in {name}, byte {at}, line {line}:\n  {around[0]!r}\n  {around[1]!r}"
    return None


def _has_locale(name: str) -> bool:
    before = locale.setlocale(locale.LC_ALL)
    try:
        locale.setlocale(locale.LC_ALL, name)
    except locale.Error:
        return False
    locale.setlocale(locale.LC_ALL, before)
    return True


def _one_core() -> Callable[[], None] | None:
    if not hasattr(os, "sched_setaffinity"):
        return None  # macOS and Windows: all cores, twice
    core = min(os.sched_getaffinity(0))
    return lambda: os.sched_setaffinity(0, {core})
