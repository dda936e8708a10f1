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
        if event not in ("open", "os.listdir", "os.scandir") or isinstance(arguments[0], int):
            return
        name = os.fsdecode("." if arguments[0] is None else arguments[0])
        # A compiled module stands for its source, which Python has compared with it.
        here = os.path.abspath(_COMPILED.sub(r"\1.py", name))  # noqa: PTH100
        if here in seen:
            return
        seen.add(here)
        # Where a link leads matters as well as the link itself.
        for path in {here, os.path.realpath(here)}:
            if os.path.normcase(path).startswith(root):
                os.write(out, os.fsencode(path) + b"\n")

    sys.addaudithook(hook)


if "BOOK_READS" in os.environ:
    _note(os.environ["BOOK_READS"], os.path.normcase(os.environ["BOOK_ROOT"]))
