"""Loaded by Python itself in the kernels of the build: note each file that is read.

The names go to the file that ``BOOK_READS`` names, one a line. A name that was looked
for in vain counts as well: the file may be there the next time.
"""

import os
import re
import sys

_COMPILED = re.compile(r"__pycache__[/\\]([^/\\.]+)\.[^/\\]*$")


def _note(log: str, root: str) -> None:
    seen = set()
    out = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)

    def hook(event: str, arguments: tuple) -> None:
        if event not in ("open", "os.listdir", "os.scandir"):
            return
        name = arguments[0]
        if name is None:
            name = "."
        if isinstance(name, bytes):
            name = os.fsdecode(name)
        if not isinstance(name, str):
            if isinstance(name, int):
                return
            name = os.fspath(name)
        # A compiled module stands for its source, which Python has compared with it.
        name = os.path.abspath(_COMPILED.sub(r"\1.py", name))  # noqa: PTH100
        if name.startswith(root) and name not in seen:
            seen.add(name)
            os.write(out, f"{name}\n".encode())

    sys.addaudithook(hook)


if "BOOK_READS" in os.environ:
    _note(os.environ["BOOK_READS"], os.environ["BOOK_ROOT"])
