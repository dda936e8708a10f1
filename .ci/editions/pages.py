"""The pages of the built site as parts of a book to take along.

The site is read, not the notebooks: what stands in EPUB and PDF is what the site
says, and nothing runs twice. What only a website can do (filters, buttons,
interactive maps, code to unfold) is left out, and every link is sorted into one
that stays within the book and one that leaves it.
"""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import lxml.html
import yaml
from lxml.html import HtmlElement

ROOT = Path(__file__).resolve().parents[2]
REFERENCE = ("claims", "reading", "timeline", "people", "glossary", "corrections", "methods")
"""The pages of the reference part that every edition has."""

ONLY_LINKS = ("teach/summaries.html",)
"""Pages that list other pages, which the editions leave to the site."""

WEB_ONLY = (
    "script style noscript template form button input select output iframe dialog nav "
    ".figure-downloads .share .web-only .hide [hidden]"
)
"""What a book cannot use; ``.hide`` is the code of a figure, folded on the site."""

_SVG = re.compile(r"<svg\b.*?</svg>", re.DOTALL)


@dataclass
class Part:
    """A page of the site. ``address`` is its place on the site, such as ``reference/claims.html``.

    ``pictures`` are the page's SVG drawings; in ``article``, each is an empty
    ``<img data-picture="N">``.
    """

    address: str
    group: str | None
    title: str
    article: HtmlElement
    pictures: list[str]

    @property
    def name(self) -> str:
        """A short name that is fit for a file and an anchor, and no other part's."""
        path = self.address.removesuffix(".html").removeprefix("reference/")
        return path.replace("/", "-")

    @property
    def is_chapter(self) -> bool:
        return bool(re.match(r"\d\d-", self.name))

    @property
    def entry(self) -> str:
        """The part's line in a table of contents."""
        if self.name == "index":
            return "Introduction"
        return f"{int(self.name[:2])} {self.title}" if self.is_chapter else self.title

    def sections(self) -> list[tuple[str, str]]:
        """Anchor and heading of the second-level sections."""
        return [
            (section.get("id"), heading_of(section))
            for section in self.article.xpath("./section/section[@id]")
            if section.find("h2") is not None
        ]


def read(site: Path, reference: Iterable[str] = REFERENCE) -> list[Part]:
    """The introduction, all chapters, and the named pages of the reference part."""
    contents = yaml.safe_load((ROOT / "_toc.yml").read_text("utf-8"))
    found = [part_of(site, "index.html", None)]
    for group in contents["parts"]:
        for page in group["chapters"]:
            address = page["file"].removeprefix("book/") + ".html"
            name = posixpath.basename(page["file"])
            if address in ONLY_LINKS:
                continue
            if not address.startswith("reference/") or name in reference:
                found.append(part_of(site, address, group["caption"]))
    sort_links(found)
    return found


def part_of(site: Path, address: str, group: str | None) -> Part:
    """One page, its furniture taken out."""
    pictures: list[str] = []

    def keep(match: re.Match) -> str:
        pictures.append(match[0])
        return f'<img data-picture="{len(pictures) - 1}">'

    text = _SVG.sub(keep, (site / address).read_text("utf-8"))
    article = lxml.html.document_fromstring(text).find(".//article")
    for selector in WEB_ONLY.split():
        for element in select(article, selector):
            element.drop_tree()
    if address.startswith("teach/"):
        # Its facts are those of the chapters.
        for end in select(article, ".page-end"):
            end.drop_tree()
    for cell in [*select(article, ".cell"), *select(article, ".cell_input")]:
        if not cell.text_content().strip() and cell.find(".//img") is None:
            cell.drop_tree()
    return Part(address, group, heading_of(article.find("section")), article, pictures)


def heading_of(section: HtmlElement) -> str:
    """The text of the first heading."""
    heading = next(section.iter("h1", "h2"))
    return " ".join(heading.text_content().split())


def select(element: HtmlElement, selector: str) -> list[HtmlElement]:
    """Elements below ``element``: ``tag``, ``.class`` or ``[attribute]``."""
    if selector.startswith("."):
        return element.xpath(
            ".//*[contains(concat(' ', normalize-space(@class), ' '), $name)]",
            name=f" {selector[1:]} ",
        )
    if selector.startswith("["):
        return element.xpath(f".//*[@{selector[1:-1]}]")
    return list(element.iter(selector))


# --- links -------------------------------------------------------------------------------


def sort_links(parts: list[Part]) -> None:
    """Mark links within the book with ``data-part`` and ``data-anchor``; mend the others.

    A record of a fact that has no page in this book leads to the first chapter that
    tells it. A link to a page that only the site has leads there if the site's
    address is known (``BOOK_URL``), and is plain text if not.
    """
    by_address = {part.address: part for part in parts}
    held = {part.address: set(part.article.xpath(".//@id")) for part in parts}
    told: dict[str, str] = {}
    for part in parts:
        for element in part.article.xpath(".//*[starts-with(@id, 'fact-')]"):
            told.setdefault(element.get("id"), part.address)
    for part, link in links(parts):
        href = urlsplit(link.get("href"))
        link.attrib.pop("download", None)
        if href.scheme:
            continue
        here = posixpath.dirname(part.address)
        target = posixpath.normpath(posixpath.join(here, href.path)) if href.path else ""
        target = "index.html" if target == "." else target or part.address
        anchor = href.fragment
        if anchor in told and anchor not in held.get(target, ()):
            target = told[anchor]
        if target in by_address and (not anchor or anchor in held[target]):
            link.set("data-part", by_address[target].name)
            link.set("data-anchor", anchor)
        elif public := address():
            link.set("href", public + target + (anchor and f"#{anchor}"))
        else:
            link.drop_tag()


def links(parts: Iterable[Part]) -> Iterator[tuple[Part, HtmlElement]]:
    """All links of the parts."""
    for part in parts:
        for link in list(part.article.iter("a")):
            if link.get("href") is not None:
                yield part, link


def address() -> str:
    """The public address of the site, or nothing if it is not known (``BOOK_URL``)."""
    return os.environ.get("BOOK_URL", "")
