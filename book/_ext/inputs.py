"""What the site is made from: digests of files, variables, Python and packages.

Contents count, not times: a file that an archive or a checkout gave an older date is
seen as changed, and one that was only touched is not. Standard library only, since
``.ci/tasks.py`` uses it before anything is installed.
"""

from __future__ import annotations

import hashlib
import os
import platform
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

FOLDERS = ("book", "seeds")
FILES = (
    "_config.yml",
    "_toc.yml",
    "requirements.txt",
    "CITATION.cff",
    "LICENSE",
    "LICENSE-CONTENT",
)
VARIABLES = ("BOOK_URL", "BOOK_REPOSITORY", "SOURCE_DATE_EPOCH")

_MADE_BY_TOOLS = {"__pycache__", ".ipynb_checkpoints", ".virtual_documents"}


def digest(path: Path) -> str | None:
    """SHA-256 of a file's content, of the names in a folder, or ``None`` if it is neither.

    Of a folder only the names count that a program may look for: not pages, not what
    tools leave behind.
    """
    if path.is_dir():
        found = (entry.relative_to(ROOT).as_posix() for entry in path.iterdir())
        names = sorted(
            name
            for name in found
            if not name.rpartition("/")[2].startswith((".", "__pycache__")) and not is_page(name)
        )
        return hashlib.sha256("\0".join(names).encode()).hexdigest()
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return None


def is_page(name: str) -> bool:
    """Whether a path in the project is that of a page, whose text no other page shows."""
    return name.endswith((".md", ".ipynb")) and not name.startswith("book/data/")


def files() -> dict[str, str | None]:
    """Digest of each file that the site is made from, by its path in the project."""
    return {path.relative_to(ROOT).as_posix(): digest(path) for path in _paths()}


def _paths() -> Iterator[Path]:
    yield from (ROOT / name for name in FILES if (ROOT / name).exists())
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*")):
            if not _MADE_BY_TOOLS.intersection(path.parts) and path.is_file():
                yield path


def variables() -> dict[str, str]:
    """The environment variables that show in the site."""
    return {f"${name}": os.environ.get(name, "") for name in VARIABLES}


def python() -> dict[str, str]:
    """The version of Python."""
    return {"python": platform.python_version()}


def packages() -> dict[str, str]:
    """A digest of the names and versions of all packages that can be imported."""
    # A version stands in the name of a folder: nothing need be opened.
    installed = sorted(
        {
            entry.name
            for folder in sys.path
            if Path(folder).is_dir()
            for entry in Path(folder).glob("*.dist-info")
        }
    )
    return {"packages": hashlib.sha256("\0".join(installed).encode()).hexdigest()}
