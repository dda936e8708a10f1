"""Make editions of the built site: ``python .ci/editions zip epub pdf site lite``.

An edition that was made from the same site by the same code is kept. ``site`` is the
site with all of them; ``lite`` is made from notebooks and data, not from the site.
"""

from __future__ import annotations

import hashlib
import importlib
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SITE = ROOT / "_build" / "html"
DOWNLOADS = ROOT / "_build" / "downloads"
PUBLISHED = ROOT / "_build" / "site"
LITE = ROOT / "_build" / "lite"
MADE_FROM = DOWNLOADS / "made-from.json"
sys.path.insert(0, str(ROOT / "book"))

MAKERS: dict[str, tuple[str, str]] = {
    "epub": ("epub", "write"),
    "pdf": ("pdf", "write"),
    "zip": ("offline", "pack"),
}
"""Module and function that make each edition from the site."""


def digest() -> str:
    """A digest of all that an edition is made from."""
    whole = hashlib.sha256(os.environ.get("BOOK_URL", "").encode())
    for folder in (SITE, Path(__file__).parent):
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            if "__pycache__" not in path.parts:
                whole.update(f"{path.relative_to(folder).as_posix()}\0".encode())
                whole.update(hashlib.sha256(path.read_bytes()).digest())
    return whole.hexdigest()


def make(kind: str) -> Path:
    """Make one edition if it is not there yet, and return its file."""
    import offline

    target = DOWNLOADS / f"{offline.FOLDER}.{kind}"
    DOWNLOADS.mkdir(parents=True, exist_ok=True)
    made = json.loads(MADE_FROM.read_text("utf-8")) if MADE_FROM.exists() else {}
    now = digest()
    if made.get(kind) != now or not target.exists():
        module, function = MAKERS[kind]
        maker: Callable[[Path, Path], None] = getattr(importlib.import_module(module), function)
        maker(SITE, target)
        MADE_FROM.write_text(json.dumps({**made, kind: now}))
    print(f"{target.relative_to(ROOT)}: {offline.size(target.stat().st_size)}")
    return target


def main(kinds: list[str]) -> int:
    """Make what is named on the command line."""
    import offline

    if kinds == ["lite"]:
        import lite

        lite.write(LITE)
        print(f"Serve {LITE.relative_to(ROOT)} over HTTP; it does not open from a disk.")
        return 0
    if not (SITE / "index.html").exists():
        print("There is no site to take along yet: run `make book` first.", file=sys.stderr)
        return 1
    for kind in MAKERS if "site" in kinds else kinds:
        make(kind)
    if "site" in kinds:
        offline.publish(SITE, DOWNLOADS, PUBLISHED)
        print(f"Open {(PUBLISHED / 'index.html').relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
