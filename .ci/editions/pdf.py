"""The book as PDF: the site's pages as one document, printed by Chromium on A4.

One document, not one per page, so that links between chapters, bookmarks and the
tags for screen readers come from the browser itself and need no mending. It is
printed again until the numbers in its contents are those of its pages.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from html import escape
from pathlib import Path

import cover
import lxml.html
import pages
import pikepdf
from lxml.html import HtmlElement, builder
from pages import Part, select
from playwright.sync_api import Page, sync_playwright

from explainer import citing, data

HERE = Path(__file__).parent

PRINTS = 4
"""How often the book is printed at most; two times do unless its numbers move a page."""


def write(site: Path, target: Path) -> None:
    """Print the PDF from the site."""
    parts = pages.read(site)
    pictures = join(parts)
    sheet = (site / "_static" / "site.css").read_text("utf-8") + (HERE / "pdf.css").read_text(
        "utf-8"
    )
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM") or shutil.which("chromium"),
            args=["--no-sandbox", "--disable-gpu"],
        )
        page = browser.new_page(java_script_enabled=False, color_scheme="light")
        page.set_default_timeout(300_000)  # one long page on a slow machine
        printed = Path(folder, "printed.pdf")
        numbers: dict[str, int] = {}
        for _ in range(PRINTS):
            print_out(page, document(parts, pictures, sheet, numbers), printed)
            before, numbers = numbers, page_numbers(printed)
            if numbers == before:
                break
        else:
            raise ValueError("the pages moved each time that their numbers were written")
        browser.close()
        finish(printed, target, parts)


# --- one document ------------------------------------------------------------------------


def join(parts: list[Part]) -> dict[str, str]:
    """Make all anchors unique in the book, and links lead to them; return all pictures."""
    pictures = {}
    for part in parts:
        for element in part.article.xpath(".//*[@id]"):
            element.set("id", f"{part.name}--{element.get('id')}")
        for link in part.article.iter("a"):
            if name := link.attrib.pop("data-part", None):
                anchor = link.attrib.pop("data-anchor")
                link.set("href", f"#{name}--{anchor}" if anchor else f"#{name}")
        for drawn in part.article.xpath(".//img[@data-picture]"):
            number = drawn.get("data-picture")
            drawn.set("data-picture", f"{part.name}-{number}")
            pictures[f"{part.name}-{number}"] = part.pictures[int(number)]
        for selector in (".figure-narrow", ".figure-table"):
            for element in select(part.article, selector):
                element.drop_tree()
        shorten(part)
        for fold in part.article.iter("details"):
            fold.set("open", "")
    return pictures


def shorten(part: Part) -> None:
    """Leave out lists that the book has elsewhere, or that only link to other sites."""
    for section in select(part.article, ".page-end"):
        # The facts stay, which name and link their sources; claims, people and terms have
        # parts of their own.
        for fold in section.findall("details")[1:]:
            fold.drop_tree()
    for heading in part.article.xpath("//details/h3[starts-with(., 'Sources (')]"):
        heading.getnext().drop_tree()
        heading.drop_tree()


def document(
    parts: list[Part], pictures: dict[str, str], sheet: str, numbers: dict[str, int]
) -> str:
    """The whole book as one page of HTML; ``numbers`` are the pages of anchors, if known."""
    body = builder.BODY(title_page(), about(), contents(parts, numbers))
    for part in parts:
        body.append(builder.E.section({"class": "part", "id": part.name}, *list(part.article)))
    text = lxml.html.tostring(body, encoding="unicode")
    for part in parts:
        part.article.extend(list(body.get_element_by_id(part.name)))
    text = re.sub(r'<img[^>]*data-picture="([\w-]+)"[^>]*>', lambda match: pictures[match[1]], text)
    return (
        '<!DOCTYPE html><html lang="en" data-theme="light"><head><meta charset="utf-8">'
        f"<title>{escape(citing.BOOK)}</title><style>{sheet}</style></head>{text}</html>"
    )


def title_page() -> HtmlElement:
    """The cover, drawn; its words are read out once, as the picture's description."""
    return builder.E.section(builder.IMG(src=cover.data_uri(), alt=citing.BOOK), {"class": "cover"})


def about() -> HtmlElement:
    """What this edition holds, its licence and how to cite it."""
    where = pages.address()
    site = builder.A(where, href=where) if where else "the book’s website"
    return builder.E.section(
        {"class": "part"},
        builder.H1("About this edition"),
        builder.P(
            "This is the book as it stood when its evidence was closed: the chapters with the "
            "facts they rest on, the ledger of claims, the timeline, people, glossary and "
            "methods. Maps and charts are pictures here."
        ),
        builder.P(
            "Left to the website: the tables behind the figures, the list of all facts apart "
            "from the chapters, the list of all sources, and the data. They are at ",
            site,
            ".",
        ),
        builder.P(f"To cite it: {citing.cite('', where)}."),
        builder.P(
            "Text, figures and data may be reused with credit: ",
            builder.A(citing.LICENCE, href=citing.LICENCE_URL),
            ".",
        ),
    )


def contents(parts: list[Part], numbers: dict[str, int]) -> HtmlElement:
    """The table of contents with the numbers of pages."""

    def line(anchor: str, title: str) -> HtmlElement:
        number = builder.SPAN({"class": "page-number"}, str(numbers.get(anchor, "000")))
        return builder.LI(builder.A(builder.SPAN(title), number, href=f"#{anchor}"))

    top = builder.UL()
    group = None
    for part in parts:
        if part.group != group:
            group = part.group
            top.append(builder.LI({"class": "group"}, group))
        entry = line(part.name, part.entry)
        if part.is_chapter:
            entry.append(builder.UL(*(line(anchor, title) for anchor, title in part.sections())))
        top.append(entry)
    return builder.E.section({"class": "part toc"}, builder.H1("Contents"), top)


def print_out(page: Page, text: str, target: Path) -> None:
    """Print a page of HTML with Chromium."""
    source = target.with_suffix(".html")
    source.write_text(text, "utf-8")
    page.goto(source.as_uri(), wait_until="load")
    page.pdf(path=target, prefer_css_page_size=True, print_background=True, tagged=True)


# --- the printed file --------------------------------------------------------------------


def page_numbers(file: Path) -> dict[str, int]:
    """On which page, counted from 1, each anchor of the document stands."""
    with pikepdf.open(file) as pdf:
        order = {page.objgen: number for number, page in enumerate(pdf.pages, start=1)}
        return {
            str(name).removeprefix("/"): order[target[0].objgen]
            for name, target in pdf.Root.Dests.items()
        }


def bookmarks(parts: list[Part], pdf: pikepdf.Pdf) -> list[pikepdf.OutlineItem]:
    """The table of contents as bookmarks. Those of Chromium lose the space at a line's end."""

    def bookmark(anchor: str, title: str) -> pikepdf.OutlineItem:
        return pikepdf.OutlineItem(title, pdf.Root.Dests[f"/{anchor}"])

    items = []
    for part in parts:
        item = bookmark(part.name, part.entry)
        if part.is_chapter:
            item.children += [bookmark(anchor, title) for anchor, title in part.sections()]
        item.is_closed = True
        items.append(item)
    return items


def finish(source: Path, target: Path, parts: list[Part]) -> None:
    """Give the file its title, date and bookmarks, and take out the time of printing."""
    day = data.evidence_date()
    with pikepdf.open(source) as pdf:
        with pdf.open_metadata(set_pikepdf_as_editor=False) as metadata:
            metadata["dc:title"] = citing.BOOK
            metadata["dc:creator"] = [citing.AUTHOR]
            metadata["dc:language"] = ["en"]
            metadata["dc:rights"] = f"{citing.LICENCE}, {citing.LICENCE_URL}"
            metadata["xmp:CreateDate"] = metadata["xmp:ModifyDate"] = f"{day}T00:00:00Z"
        pdf.docinfo["/Title"] = citing.BOOK
        pdf.docinfo["/Author"] = citing.AUTHOR
        pdf.docinfo["/CreationDate"] = pdf.docinfo["/ModDate"] = f"D:{day.replace('-', '')}000000Z"
        pdf.Root.Lang = pikepdf.String("en")
        with pdf.open_outline() as outline:
            outline.root += bookmarks(parts, pdf)
        pdf.save(
            target,
            deterministic_id=True,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
            recompress_flate=True,
        )
