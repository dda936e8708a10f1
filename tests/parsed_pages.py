"""The built pages as a parser reads them: anchors, links, and what a page loads."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

HERE = "https://this.site.example/book/"
"""Stands for the site's address while links are resolved."""


class Page(HTMLParser):
    """One page: ids of its elements, addresses of its links and of the files it loads."""

    def __init__(self, site: Path, name: str) -> None:
        super().__init__()
        self.name = name
        self.ids: set[str] = set()
        self.links: list[str] = []
        self.files: list[str] = []
        self.feed((site / name).read_text(encoding="utf-8"))
        self.close()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        values = dict(attributes)
        if values.get("id"):
            self.ids.add(values["id"])
        if tag == "a" and values.get("href") is not None:
            self.links.append(urljoin(HERE + self.name, values["href"]))
        for attribute in ("src", "data-src", "href"):
            loads = tag != "a" and values.get("rel") != "canonical"
            if loads and values.get(attribute) and not values[attribute].startswith("data:"):
                self.files.append(urljoin(HERE + self.name, values[attribute]))


def pages_of(site: Path) -> dict[str, Page]:
    """Every page of the site but the documents of maps, which stand inside pages.

    Nor ``404.html``, to which no page leads and whose links have a root of their own.
    """
    names = (path.relative_to(site).as_posix() for path in sorted(site.rglob("*.html")))
    return {name: Page(site, name) for name in names if not name.startswith(("maps/", "404"))}


def place(address: str) -> tuple[str, str] | None:
    """File and anchor that an address of this site means; None for another site's."""
    if not address.startswith(HERE):
        return None
    parts = urlsplit(address.removeprefix(HERE))
    name = unquote(parts.path)
    return (f"{name}index.html" if name.endswith("/") or not name else name), unquote(
        parts.fragment
    )
