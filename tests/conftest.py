"""Make the package and the Sphinx extensions importable, as the build does."""

import sys
from pathlib import Path

BOOK = Path(__file__).resolve().parents[1] / "book"
for folder in (BOOK, BOOK / "_ext"):
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))
