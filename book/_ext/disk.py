"""What a build does with a disk: locks, whole files and folders, plain words for refusals.

Standard library only, since ``.ci/tasks.py`` uses it before anything is installed.
"""

from __future__ import annotations

import errno
import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import IO

if os.name == "nt":
    import msvcrt
else:
    import fcntl

REFUSALS = {
    errno.ENOSPC: "the disk is full; make room and build again",
    errno.EDQUOT: "your share of the disk is used up; make room and build again",
    errno.EROFS: "this disk can only be read; build in a copy elsewhere",
    errno.EACCES: "you may not write here; change the permission or build in a copy of your own",
    errno.EPERM: "you may not write here; change the permission or build in a copy of your own",
}


def refusal(error: BaseException | None, folder: Path) -> str | None:
    """One line on what the disk refused, or ``None`` if the error has another reason.

    ``folder`` is named where the error names no file.
    """
    seen = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        if isinstance(error, OSError) and error.errno in REFUSALS:
            return f"{error.filename or folder}: {REFUSALS[error.errno]}"
        error = error.__cause__ or error.__context__
    return None


class Lock:
    """A lock between processes that the system itself gives back when its holder dies."""

    def __init__(self, path: Path, on_wait: Callable[[], object]) -> None:
        """``on_wait`` is called once if another process holds the lock."""
        self.path = path
        self.on_wait = on_wait
        self.file: IO[bytes] | None = None

    def take(self) -> None:
        """Wait until no other process holds the lock, and hold it."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.file = self.path.open("ab")
        told = False
        while not self._try():
            if not told:
                self.on_wait()
            told = True
            time.sleep(0.2)

    def _try(self) -> bool:
        try:
            if os.name == "nt":
                self.file.seek(0)
                msvcrt.locking(self.file.fileno(), msvcrt.LK_NBLCK, 1)
            else:
                fcntl.flock(self.file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno not in (errno.EACCES, errno.EAGAIN, errno.EDEADLK):
                raise
            return False
        return True

    def give_back(self) -> None:
        """Let others have the lock."""
        if self.file is not None:
            self.file.close()
            self.file = None

    def __enter__(self) -> None:
        self.take()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.give_back()


def write_whole(path: Path, text: str) -> None:
    """Write a file so that nobody ever finds half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        half.write_text(text, encoding="utf-8", newline="\n")
        half.replace(path)
    finally:
        half.unlink(missing_ok=True)


def put_back(folder: Path) -> None:
    """Undo a :func:`publish` that was killed or failed halfway."""
    old = _old(folder)
    if folder.exists() and not any(folder.iterdir()):
        folder.rmdir()
    if old.exists() and not folder.exists():
        old.rename(folder)


def publish(new: Path, folder: Path) -> None:
    """Put the folder ``new`` in the place of ``folder``, which stays if that fails."""
    old = _old(folder)
    shutil.rmtree(old, ignore_errors=True)
    if folder.exists():
        folder.rename(old)
    try:
        new.rename(folder)
    except OSError:
        put_back(folder)
        raise
    shutil.rmtree(old, ignore_errors=True)


def _old(folder: Path) -> Path:
    return folder.with_name(f".{folder.name}-before")
