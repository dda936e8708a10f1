"""The book as EPUB 3: the site's pages as XHTML, figures as SVG pictures.

An e-reader knows no CSS variables, no scripts and little width. So pictures have
their light colours and are the ones drawn for phones, what is folded on the site
lies open, and the tables behind the figures stand at the end, wide ones as records.
"""

from __future__ import annotations

import re
import uuid
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape
from pathlib import Path

import cover
import offline
import pages
from lxml import etree
from lxml.html import HtmlElement, builder, html_to_xhtml
from pages import Part, select

from explainer import citing, data

HERE = Path(__file__).parent
OPS = "http://www.idpf.org/2007/ops"
TYPE = f"{{{OPS}}}type"
XHTML = "http://www.w3.org/1999/xhtml"
IDENTIFIER = uuid.uuid5(uuid.NAMESPACE_URL, citing.BOOK).urn
"""The same for every edition of the book, so that a new one takes the place of the old."""

WIDEST_TABLE = 4
"""Tables with more columns are set as records, one line for each filled cell."""

DROPPED = ("style", "tabindex", "aria-expanded", "aria-label", "role", "download")

CONTAINER = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">'
    '<rootfiles><rootfile full-path="EPUB/package.opf" '
    'media-type="application/oebps-package+xml"/></rootfiles></container>\n'
)


@dataclass
class Page:
    """A document of the EPUB and its entries in the table of contents."""

    name: str
    title: str
    group: str | None
    content: bytes
    sections: list[tuple[str, str]] = field(default_factory=list)


def write(site: Path, target: Path) -> None:
    """Make the EPUB from the site."""
    parts = pages.read(site, (*pages.REFERENCE, "facts", "sources", "sources-secondary"))
    pictures: dict[str, bytes] = {}
    documents = [Page("about", "About this edition", None, about())]
    annexes = []
    for part in parts:
        tables = take_tables(part)
        if tables:
            annexes.append(annex(part, tables))
        place_pictures(part, pictures)
        documents.append(document(part))
    documents += annexes
    files = {
        "cover.xhtml": xhtml("Cover", cover_page(), "cover"),
        "nav.xhtml": navigation(documents),
        **{f"{page.name}.xhtml": page.content for page in documents},
        **{f"pictures/{name}": content for name, content in pictures.items()},
        "cover.png": cover.png(),
        "book.css": (HERE / "epub.css").read_bytes(),
    }
    with zipfile.ZipFile(target, "w") as archive:
        # Readers tell an EPUB by this file in this place, not compressed.
        offline.add(archive, "mimetype", b"application/epub+zip", stored=True)
        offline.add(archive, "META-INF/container.xml", CONTAINER.encode())
        offline.add(archive, "EPUB/package.opf", package(list(files), documents))
        for name, content in files.items():
            offline.add(archive, f"EPUB/{name}", content)


# --- pages -------------------------------------------------------------------------------


def document(part: Part) -> Page:
    """A page of the site as a document."""
    plain(part.article)
    for link in part.article.iter("a"):
        if name := link.attrib.pop("data-part", None):
            anchor = link.attrib.pop("data-anchor")
            link.set("href", f"{name}.xhtml" + (anchor and f"#{anchor}"))
            if "fact" in link.get("class", "").split():
                link.set(TYPE, "noteref")
    for section in select(part.article, ".page-end"):
        section.set(TYPE, "endnotes")
    sections = part.sections() if part.is_chapter else []
    kind = "chapter" if part.is_chapter else "bodymatter"
    content = xhtml(part.title, list(part.article), kind)
    return Page(part.name, part.entry, part.group, content, sections)


def plain(article: HtmlElement) -> None:
    """Open what is folded and drop what only a browser understands."""
    for element in list(article.iter(etree.Comment)):
        element.drop_tree()
    for element in article.iter("details", "summary"):
        element.tag, name = ("div", "unfolded") if element.tag == "details" else ("p", "unfold")
        element.attrib.pop("open", None)
        element.set("class", f"{element.get('class', '')} {name}".strip())
    for element in article.iter():
        for name in list(element.attrib):
            if name in DROPPED or (name.startswith("data-") and element.tag != "a"):
                del element.attrib[name]


def xhtml(title: str, content: list[HtmlElement], kind: str) -> bytes:
    """A whole document; ``kind`` says what part of a book it is (``epub:type``)."""
    body = builder.BODY(*content)
    body.set(TYPE, kind)
    page = builder.HTML(
        builder.HEAD(
            builder.META(charset="utf-8"),
            builder.TITLE(title),
            builder.LINK(rel="stylesheet", type="text/css", href="book.css"),
        ),
        body,
    )
    html_to_xhtml(page)
    root = etree.Element(f"{{{XHTML}}}html", nsmap={None: XHTML, "epub": OPS})
    root.set("lang", "en")
    root.set("{http://www.w3.org/XML/1998/namespace}lang", "en")
    root.extend(list(page))
    etree.cleanup_namespaces(root, keep_ns_prefixes=["epub"])
    return etree.tostring(root, xml_declaration=True, encoding="utf-8", doctype="<!DOCTYPE html>")


def cover_page() -> list[HtmlElement]:
    """The cover as a page of its own."""
    return [builder.IMG({"class": "cover", "src": "cover.png", "alt": citing.BOOK})]


def about() -> bytes:
    """What this edition holds, its licence and how to cite it."""
    texts = [
        "This is the whole book as it stood when its evidence was closed: the chapters, the "
        "ledger of claims and all facts and sources. Maps and charts are pictures here, and "
        "the tables behind them stand at the end. The website has the same maps to move and "
        "zoom, and every table to download.",
        f"To cite it: {citing.cite('', pages.address())}.",
        f"Text, figures and data may be reused with credit: {citing.LICENCE} ",
    ]
    paragraphs = [builder.P(text) for text in texts]
    paragraphs[-1].append(builder.A(citing.LICENCE_URL, href=citing.LICENCE_URL))
    title = builder.H1("About this edition")
    return xhtml("About this edition", [builder.SECTION(title, *paragraphs)], "preface")


# --- figures -----------------------------------------------------------------------------


def place_pictures(part: Part, pictures: dict[str, bytes]) -> None:
    """Put each drawing into a file of its own, named after its figure."""
    for frame in part.article.xpath(".//*[@role='img'][.//img/@data-picture]"):
        drawn = frame.xpath(".//*[@class='figure-narrow']//img") or frame.xpath(".//img")
        figure = next(frame.iterancestors("figure"))
        name = f"{figure.get('id').removeprefix('fig-')}.svg"
        if name in pictures:
            raise ValueError(f"two pictures in figure {name}")
        pictures[name] = standalone(part.pictures[int(drawn[0].get("data-picture"))])
        image = builder.IMG(src=f"pictures/{name}", alt=frame.get("aria-label"))
        frame.getparent().replace(frame, image)
    for image in part.article.xpath(".//img[@data-picture]"):
        image.drop_tree()


def standalone(svg: str) -> bytes:
    """A drawing with its light colours and a size, and as old readers know SVG."""
    svg = re.sub(r"var\(--[\w-]+,\s*([^()]+)\)", r"\1", svg)
    root = etree.fromstring(svg.encode())
    for name in ("aria-hidden", "focusable"):
        root.attrib.pop(name, None)
    for element in list(root.iter()):
        if element.tag.endswith("}path") and not element.get("d"):
            # Matplotlib leaves these where a mark has no outline.
            element.getparent().remove(element)
        if "href" in element.attrib:
            element.set("{http://www.w3.org/1999/xlink}href", element.attrib.pop("href"))
    _, _, width, height = root.get("viewBox").split()
    root.set("width", width)
    root.set("height", height)
    return etree.tostring(root, xml_declaration=True, encoding="utf-8")


# --- tables behind the figures -----------------------------------------------------------


def take_tables(part: Part) -> list[tuple[str, HtmlElement]]:
    """Cut the table out of each figure, leaving a link; return figures' titles and tables."""
    found = []
    for fold in select(part.article, ".figure-table"):
        figure = next(fold.iterancestors("figure"))
        anchor = f"table-{figure.get('id')}"
        rows = len(fold.xpath(".//tbody/tr"))
        link = builder.A(
            f"Table ({rows} row{'s' if rows != 1 else ''})",
            href=f"{annex_name(part)}.xhtml#{anchor}",
        )
        fold.getparent().replace(fold, builder.P({"class": "figure-source"}, link))
        fold.remove(fold.find("summary"))
        heading = builder.H2(select(figure, ".figure-title")[0].text_content())
        section = builder.SECTION(heading, id=anchor)
        back = builder.A("Back to the figure", href=f"{part.name}.xhtml#{figure.get('id')}")
        section.append(builder.P(back))
        for table in fold.iter("table"):
            section.extend(records(table))
        found.append(section)
    return found


def records(table: HtmlElement) -> Iterator[HtmlElement]:
    """A narrow table as it is; a wide one as its rows, each a heading and its cells."""
    heads = [head.text_content() for head in table.xpath("./thead/tr/th")]
    if len(heads) <= WIDEST_TABLE:
        yield table
        return
    for caption in table.iter("caption"):
        yield builder.H3(caption.text_content())
    for row in table.xpath("./tbody/tr"):
        record = builder.DIV({"class": "record"})
        for head, cell in zip(heads, list(row)):
            if cell.text_content().strip():
                line = builder.P(builder.B(f"{head}: "))
                line[0].tail = cell.text
                line.extend(list(cell))
                record.append(line)
        yield record


def annex_name(part: Part) -> str:
    """The name of the document with a chapter's tables."""
    return f"tables-{part.name}"


def annex(part: Part, sections: list[HtmlElement]) -> Page:
    """The tables of one chapter as a document."""
    title = f"Tables of chapter {int(part.name[:2])}" if part.is_chapter else "Tables"
    holder = builder.SECTION(builder.H1(title), *sections)
    plain(holder)
    return Page(annex_name(part), title, "Tables", xhtml(title, [holder], "appendix"))


# --- the package -------------------------------------------------------------------------


def navigation(documents: list[Page]) -> bytes:
    """The table of contents that readers show beside the book, and as its first page."""

    def entry(page: Page) -> HtmlElement:
        item = builder.LI(builder.A(page.title, href=f"{page.name}.xhtml"))
        if page.sections:
            links = [
                builder.LI(builder.A(title, href=f"{page.name}.xhtml#{anchor}"))
                for anchor, title in page.sections
            ]
            item.append(builder.OL(*links))
        return item

    contents = builder.OL()
    group = None
    for page in documents:
        if page.group != group:
            group = page.group
            inner = builder.OL()
            contents.append(builder.LI(builder.SPAN(group), inner))
        (inner if group else contents).append(entry(page))
    toc = builder.E.nav(builder.H1("Contents"), contents, id="toc")
    toc.set(TYPE, "toc")
    marks = builder.E.nav(builder.H2("Landmarks"), builder.OL(), id="landmarks", hidden="hidden")
    marks.set(TYPE, "landmarks")
    for kind, name, title in (
        ("cover", "cover.xhtml", "Cover"),
        ("toc", "nav.xhtml", "Contents"),
        ("bodymatter", "index.xhtml", "Introduction"),
    ):
        link = builder.A(title, href=name)
        link.set(TYPE, kind)
        marks.find("ol").append(builder.LI(link))
    return xhtml("Contents", [toc, marks], "frontmatter")


MEDIA = {
    ".xhtml": "application/xhtml+xml",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".css": "text/css",
}


def package(files: list[str], documents: list[Page]) -> bytes:
    """The description of the book: metadata, files, and the order in which to read."""
    day = data.evidence_date()
    metadata = {
        "dc:title": citing.BOOK,
        "dc:creator": citing.AUTHOR,
        "dc:language": "en",
        "dc:date": day,
        "dc:rights": f"{citing.LICENCE}, {citing.LICENCE_URL}",
        "dc:source": pages.address(),
    }
    access = {
        "accessMode": ("textual", "visual"),
        "accessModeSufficient": ("textual",),
        "accessibilityFeature": (
            "alternativeText",
            "structuralNavigation",
            "tableOfContents",
            "readingOrder",
        ),
        "accessibilityHazard": ("none",),
        "accessibilitySummary": (
            "Every picture has a description and, at the end of the book, the table it was "
            "drawn from. No meaning rests on colour alone.",
        ),
    }
    properties = {"nav.xhtml": "nav", "cover.png": "cover-image"}
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<package xmlns="http://www.idpf.org/2007/opf" version="3.0" '
        'unique-identifier="book" xml:lang="en">',
        '<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">',
        f'<dc:identifier id="book">{IDENTIFIER}</dc:identifier>',
        *(f"<{name}>{escape(value)}</{name}>" for name, value in metadata.items() if value),
        f'<meta property="dcterms:modified">{day}T00:00:00Z</meta>',
        *(
            f'<meta property="schema:{name}">{escape(value)}</meta>'
            for name, values in access.items()
            for value in values
        ),
        '<meta name="cover" content="f-cover.png"/>',
        "</metadata>",
        "<manifest>",
        *(
            f'<item id="{file_id(name)}" href="{name}" media-type="{MEDIA[Path(name).suffix]}"'
            + (f' properties="{properties[name]}"' if name in properties else "")
            + "/>"
            for name in files
        ),
        "</manifest>",
        "<spine>",
        *(
            f'<itemref idref="{file_id(f"{name}.xhtml")}"/>'
            for name in ("cover", "nav", *(page.name for page in documents))
        ),
        "</spine>",
        "</package>",
    ]
    return "\n".join([*lines, ""]).encode()


def file_id(name: str) -> str:
    """An id for a file of the package."""
    return f"f-{name.replace('/', '-')}"
