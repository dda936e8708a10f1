"""The whole site as one zip, and the site with everything that can be taken along."""

from __future__ import annotations

import html
import shutil
import zipfile
from pathlib import Path

TIME = (1980, 1, 1, 0, 0, 0)
"""The time of every file in our archives: the earliest that a zip can hold."""

FOLDER = "why-russia-and-hamas"
"""What the archive unpacks to, and the name of all editions."""

EDITIONS = {
    ".zip": ("The whole site", "unzip it, open index.html: works with no network"),
    ".epub": ("EPUB", "for e-readers and phones; maps and charts as pictures"),
    ".pdf": ("PDF", "A4, to print or annotate; maps and charts as pictures"),
}
"""Name and use of each edition, in the order in which the site offers them."""

MARK = '<div id="editions">'
"""Where the page "Take it along" begins to say how editions are made (``take-along.html``)."""


def add(archive: zipfile.ZipFile, name: str, content: bytes, *, stored: bool = False) -> None:
    """Add a file in a way that gives the same bytes on every machine and day."""
    entry = zipfile.ZipInfo(name, TIME)
    entry.create_system = 3  # else the system that packs leaves its mark
    entry.external_attr = 0o644 << 16
    entry.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
    archive.writestr(entry, content, compresslevel=None if stored else 9)


def pack(site: Path, target: Path) -> None:
    """Write the site, file by file in order of names, into one zip."""
    names = sorted(path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file())
    with zipfile.ZipFile(target, "w") as archive:
        for name in names:
            add(archive, f"{FOLDER}/{name}", (site / name).read_bytes())


def publish(site: Path, downloads: Path, target: Path) -> None:
    """Write the site to ``target`` with the editions in ``downloads/``, and links to them.

    The plain site stays as it is: it promises no file that it does not hold.
    """
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(site, target)
    (target / "downloads").mkdir()
    items = []
    for suffix, (title, use) in EDITIONS.items():
        file = downloads / f"{FOLDER}{suffix}"
        shutil.copyfile(file, target / "downloads" / file.name)
        items.append(
            f'<li><a href="../downloads/{file.name}" download>{html.escape(title)}</a>, '
            f"{size(file.stat().st_size)}: {html.escape(use)}</li>"
        )
    page = target / "reference" / "take-along.html"
    text = page.read_text("utf-8")
    before, mark, rest = text.partition(MARK)
    if not mark:
        raise ValueError(f"{page} has no place for the editions")
    after = rest.partition("</div>")[2]
    page.write_text(f"{before}<ul>{''.join(items)}</ul>{after}", "utf-8", newline="\n")


def size(count: int) -> str:
    """A number of bytes as readers know it, such as ``3.4 MB``."""
    return f"{count / 1e6:.1f} MB"
