"""Command line: ``python -m explainer check`` reads and checks every table.

Exit code 0 when all is well, 1 when the data have problems (all are listed),
2 when the command is not understood.
"""

from __future__ import annotations

import sys
import time

from explainer import data


def main(arguments: list[str]) -> int:
    """Run one command and return its exit code."""
    if arguments != ["check"]:
        print("usage: python -m explainer check", file=sys.stderr)
        return 2
    # A terminal that cannot show a letter shows its code point instead of failing.
    sys.stdout.reconfigure(errors="backslashreplace")
    started = time.perf_counter()
    try:
        summary = data.check()
    except data.DataError as error:
        print(error)
        return 1
    seconds = time.perf_counter() - started
    read = f"{summary.tables} tables, {summary.rows:,} rows"
    print(f"book/data: {read}, no problem found ({seconds:.1f} s)")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
