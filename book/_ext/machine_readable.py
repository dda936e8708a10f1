"""Sphinx extension: what other programs read, and how readers cite, share and correct.

Two addresses may be known or not: the site's own (``book_url``, from the environment
variable BOOK_URL) and the source's (``book_repository``, from BOOK_REPOSITORY). What
needs an address that is not known is left out or says what to do instead: nothing
is invented, and links within the site stay relative.

Every page gets its description in schema.org's words, for link previews, and a block to
share, cite and correct it. The site gets ``cite/``, ``cards/``, ``feed.xml``,
``robots.txt`` and, if its address is known, ``sitemap.xml``.
"""

from __future__ import annotations

import html
import json
import os
import re
import shutil
from collections import Counter
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode
from xml.etree import ElementTree

from docutils import nodes
from markupsafe import Markup
from pandas import Timestamp
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.environment import BuildEnvironment
from sphinx.errors import ConfigError, ExtensionError

from explainer import bibliography, cards, citing, data, evidence, feed, linked_data, words
from explainer.figure import TEMPLATES
from explainer.tables import ROOT

HOME = "book/intro"
CORRECTIONS = "book/reference/corrections"
FORM = "error.yml"
"""The issue form for errors, in ``.github/ISSUE_TEMPLATE``; the links fill in its fields."""

_HOST = r"[a-z0-9-]+(\.[a-z0-9-]+)*(:\d{1,5})?"
_BOOK_URL = re.compile(rf"https?://{_HOST}(/[\w.~%-]+)*/", re.IGNORECASE)
_REPOSITORY = re.compile(rf"https?://{_HOST}/[\w.-]+/[\w.-]+", re.IGNORECASE)
_CANONICAL = re.compile(r'<link rel="canonical" href="([^"]+)">')
_SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"


# --- addresses ---------------------------------------------------------------------------


def check_addresses(app: Sphinx, config: Config) -> None:
    """Bring both addresses into one form; refuse what cannot be one."""
    if config.book_url:
        config.book_url = config.book_url.rstrip("/") + "/"
        if not _BOOK_URL.fullmatch(config.book_url):
            raise ConfigError(
                f"BOOK_URL is {config.book_url!r}; it must be the public address of the site's "
                "folder, such as https://example.org/book/, without ? or #."
            )
    if config.book_repository:
        config.book_repository = config.book_repository.rstrip("/").removesuffix(".git")
        if not _REPOSITORY.fullmatch(config.book_repository):
            raise ConfigError(
                f"BOOK_REPOSITORY is {config.book_repository!r}; it must be the web address of "
                "the source repository, such as https://github.com/OWNER/NAME."
            )


def public(app: Sphinx, place: str) -> str:
    """The public address of a place in the site, "" if the site's own is not known."""
    return app.config.book_url and app.config.book_url + re.sub(r"^index\.html", "", place)


def address_from(app: Sphinx, pagename: str, place: str) -> str:
    """The address of a place in the site: absolute if possible, else relative to the page."""
    up = "../" * app.builder.get_target_uri(pagename).count("/")
    return public(app, place) or up + place


def report_address(app: Sphinx, pagename: str, title: str, claim: str = "") -> str:
    """Where an error is reported: a form that knows the page, or how to do without one."""
    if not app.config.book_repository:
        return app.builder.get_relative_uri(pagename, CORRECTIONS) + "#report-an-error"
    place = app.builder.get_target_uri(pagename) + (f"#{claim.lower()}" if claim else "")
    fields = {
        "template": FORM,
        "title": f"Error: {claim or title}",
        "page": public(app, place) or place,
        "claim": claim,
    }
    filled = urlencode({name: value for name, value in fields.items() if value}, quote_via=quote)
    return f"{app.config.book_repository}/issues/new?{filled}"


# --- pages -------------------------------------------------------------------------------


def sharing(app: Sphinx, docname: str) -> dict[str, Any]:
    """What the templates need to let readers cite and correct a page and its claims."""

    def cite_claim(claim: str) -> str:
        place = f"{app.builder.get_target_uri(docname)}#{claim.lower()}"
        return citing.cite(f"Claim {claim}", public(app, place))

    return {
        "on_the_site": app.builder.name == "html",
        "repository": app.config.book_repository,
        "report_url": lambda claim="": report_address(
            app, docname, app.env.titles[docname].astext(), claim
        ),
        "cite_claim": cite_claim,
        "page_title": lambda page: page_title(app, page),
    }


def page_title(app: Sphinx, page: str) -> str:
    """The title of a page, or its name where it is left out of the table of contents."""
    title = app.env.titles.get(f"book/{page}")
    return title.astext() if title else page


def check_pages(app: Sphinx, env: BuildEnvironment) -> None:
    """A correction names a chapter or another page, be it in the table of contents or not."""
    found = evidence.current()
    for each in found.corrections:
        page = Path(app.srcdir, "book", f"{each.page}.md")
        if each.page not in found.chapters and not page.exists():
            raise ExtensionError(f"correction {each.id}: the book has no page {each.page!r}")


def page_context(
    app: Sphinx, pagename: str, templatename: str, context: dict, doctree: nodes.document | None
) -> None:
    """What the theme's head and foot say of the page, also of one that no document made."""
    if app.builder.name != "html" or templatename != "page.html":
        return
    if "description" not in context:
        return  # another theme than ours: `make bench` measures one
    place = app.builder.get_target_uri(pagename)
    title = citing.BOOK if pagename == HOME else Markup(context["title"]).striptags()
    chapter = chapter_of(pagename)
    things = describe(app, pagename, title, context["description"])
    linked = {"@context": "https://schema.org"}
    linked |= things[0] if len(things) == 1 else {"@graph": things}
    part = "" if pagename == HOME else title
    context["preview"] = {
        "title": title,
        "type": "article" if chapter else "website",
        "modified": linked_data.modified(chapter) if chapter else "",
        "url": public(app, place),
        "image": public(app, f"cards/{chapter.id if chapter else 'book'}.png"),
        # "<" would end the script if a text ever held a tag.
        "linked_data": json.dumps(linked, ensure_ascii=False).replace("<", "\\u003c"),
    }
    context["share"] = (
        TEMPLATES.get_template("share.html")
        .module.share(
            what="",
            anchor="",
            citation=citing.cite(part, public(app, place)),
            report=report_address(app, pagename, title),
            files=f"{context['root']}cite/{chapter.id if chapter else 'book'}",
        )
        .strip()
    )


def describe(app: Sphinx, pagename: str, title: str, description: str) -> list[linked_data.Thing]:
    """The page in schema.org's words."""

    def address(place: str) -> str:
        return address_from(app, pagename, place)

    place = app.builder.get_target_uri(pagename)
    if chapter := chapter_of(pagename):
        return [linked_data.chapter(chapter, address)]
    page = linked_data.page(title, description, place, address)
    if place == linked_data.HOME:
        return [linked_data.book(description, address)]
    if place == linked_data.LEDGER:
        return [page, *linked_data.claim_reviews(address)]
    if place == linked_data.DATA:
        return [linked_data.catalogue(address)]
    if place == linked_data.GLOSSARY:
        return [linked_data.glossary(title, description, address)]
    return [page]


def chapter_of(pagename: str) -> evidence.Chapter | None:
    """The chapter that a page is, if it is one."""
    return evidence.current().chapters.get(pagename.removeprefix("book/"))


# --- files -------------------------------------------------------------------------------


def write_files(app: Sphinx, error: Exception | None) -> None:
    """Put the files for other programs beside the pages."""
    if error or app.builder.name != "html":
        return
    out = Path(app.outdir)
    contents: dict[str, str | bytes] = {
        f"cite/{name}": content
        for name, content in bibliography.files(lambda place: public(app, place)).items()
    }
    contents["cite/CITATION.cff"] = citation_file(app)
    titles = {name.removeprefix("book/"): title.astext() for name, title in app.env.titles.items()}
    contents["feed.xml"] = feed.atom(
        titles, lambda place: public(app, place) or place, public(app, "feed.xml")
    )
    contents["robots.txt"] = "User-agent: *\nAllow: /\n"
    if app.config.book_url:
        contents["robots.txt"] += f"Sitemap: {public(app, 'sitemap.xml')}\n"
        contents["sitemap.xml"] = site_map(out)
    else:
        (out / "sitemap.xml").unlink(missing_ok=True)
    for name, content in contents.items():
        path = out / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    # Kept between builds, which begin with an empty site: a card is drawn once.
    (out / "cards").mkdir(exist_ok=True)
    for card in draw_cards(Path(app.doctreedir) / "cards"):
        shutil.copyfile(card, out / "cards" / card.name)


def site_map(out: Path) -> bytes:
    """Every page that names its address, with the day of its last change if the data know it."""
    chapters = {f"{each.id}.html": each for each in evidence.current().chapters.values()}
    urls = ElementTree.Element("urlset", {"xmlns": _SITEMAP})
    for path in sorted(out.rglob("*.html")):
        if not (address := _CANONICAL.search(path.read_text(encoding="utf-8"))):
            continue
        url = ElementTree.SubElement(urls, "url")
        ElementTree.SubElement(url, "loc").text = html.unescape(address[1])
        if chapter := chapters.get(path.relative_to(out).as_posix()):
            ElementTree.SubElement(url, "lastmod").text = linked_data.modified(chapter)
    ElementTree.indent(urls, " ")
    return ElementTree.tostring(urls, encoding="utf-8", xml_declaration=True) + b"\n"


def citation_file(app: Sphinx) -> str:
    """CITATION.cff with the addresses that this site knows."""
    known = {"url": app.config.book_url, "repository-code": app.config.book_repository}
    return (ROOT / "CITATION.cff").read_text(encoding="utf-8") + "".join(
        f'{key}: "{address}"\n' for key, address in known.items() if address
    )


def draw_cards(folder: Path) -> list[Path]:
    """The pictures of link previews: one for each chapter, one for all other pages."""
    found = evidence.current()
    drawn = [folder / f"{name}.png" for name in ("book", *found.chapters)]
    for chapter in found.chapters.values():
        verdicts = [(claim, found.claims[claim].verdict.verdict) for claim in chapter.claims]
        over = f"Chapter {chapter.number}"
        cards.write(folder / f"{chapter.id}.png", over, chapter.title, verdicts, citing.BOOK)
    counts = Counter(claim.verdict.verdict for claim in found.claims.values())
    cards.write(
        folder / "book.png",
        f"{len(found.claims)} claims, each checked against the record",
        citing.BOOK,
        [(str(counts[verdict]), verdict) for verdict in evidence.VERDICTS if counts[verdict]],
        f"Evidence of {words.spoken(Timestamp(data.evidence_date()), full=True)}",
    )
    return drawn


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the two addresses and what is made with them."""
    app.add_config_value("book_url", os.environ.get("BOOK_URL", ""), "html", str)
    app.add_config_value("book_repository", os.environ.get("BOOK_REPOSITORY", ""), "html", str)
    app.connect("config-inited", check_addresses)
    app.connect("env-check-consistency", check_pages)
    # After light_site, which says where the site's root is and what the page is about.
    app.connect("html-page-context", page_context, priority=600)
    app.connect("build-finished", write_files)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
