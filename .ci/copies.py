"""Copies of the book in temporary folders, built there for `make reproduce` and `make bench`."""

import os
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

MADE = shutil.ignore_patterns("_build", ".venv", ".git", "__pycache__", ".*_cache", "_build.log")


class Build(NamedTuple):
    """How long a build took, on the clock and on all processors together, in seconds."""

    seconds: float
    work: float
    said: str


class Failed(Exception):
    """A build that should have gone well; the message is what it said."""


def copy(book: Path, folder: Path) -> Path:
    """Copy the sources of a book, without anything made from them."""
    return shutil.copytree(book, folder, ignore=MADE)


def build(
    book: Path,
    command: list[str | Path],
    before: Callable[[], None] | None = None,
    **variables: str,
) -> Build:
    """Run a command that builds the book in its folder.

    Args:
        book: The book's folder.
        command: Program and arguments.
        before: Called in the new process before the program starts (not on Windows).
        variables: Environment variables besides those of this process.

    Raises:
        Failed: the command did not go well.
    """
    env = dict(os.environ, PYTHONPATH=str(book / "book"), PYTHONUTF8="1") | variables
    start, work = time.perf_counter(), _work_of_children()
    done = subprocess.run(
        [str(part) for part in command],
        cwd=book,
        env=env,
        preexec_fn=before,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    )
    if done.returncode != 0:
        raise Failed(done.stdout[-3000:])
    return Build(time.perf_counter() - start, _work_of_children() - work, done.stdout)


def _work_of_children() -> float:
    times = os.times()
    return times.children_user + times.children_system


def files(folder: Path) -> dict[str, bytes]:
    """All files of a folder by their path in it."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
