"""Sphinx extension: a permanent page for each figure, and one to embed elsewhere.

Figures are read from the chapters' stored documents, so that a build in which only
some chapters changed writes the pages of all. ``figures/NAME.html`` has the figure
with all that someone needs to reuse it; ``figures/NAME.embed.html`` is what an iframe
on another site shows. The page ``reference/figures`` lists them.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape, unescape
from pathlib import Path
from typing import Any

from docutils import nodes
from markupsafe import Markup
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from explainer import citing, evidence
from explainer.evidence import Chapter
from explainer.figure import TEMPLATES
from light_site import move_out, policy, versioned, write

INDEX = "book/reference/figures"

EMBED_SCRIPT = (
    "var t=new URLSearchParams(location.search).get('theme');"
    "if(t==='dark'||t==='light')document.documentElement.dataset.theme=t"
)
"""Lets the embedding site choose a theme; without it the figure follows the reader's system."""

EMBED_LINK = "Data, licence and sources: "
"""Begins the link of an embedded figure to its page; the book's title follows."""

TABLE_HEIGHT, MAP_HEIGHT = 560, 640
"""Height in CSS pixels of a frame with a table to read, which scrolls, or with a map."""

_FIGURE = re.compile(r'<figure class="figure" id="fig-([\w-]+)".*?</figure>', re.DOTALL)
_TITLE = re.compile(r'<figcaption class="figure-title">(.*?)</figcaption>\n?', re.DOTALL)
_ALT = re.compile(r'role="(?:img|group)" aria-label="([^"]*)"')
_PICTURE = re.compile(
    r'<div class="figure-picture">(.*)</div>\n<p class="figure-source">', re.DOTALL
)
_SOURCE = re.compile(r'<p class="figure-source">(.*?)</p>', re.DOTALL)
_DRAWN = re.compile(r'<div class="figure-(wide|narrow)" style="--shape:([\d.]+)/([\d.]+)">')
_DOWNLOADS = re.compile(
    r'(<figure class="figure" id="fig-([\w-]+)".*?<p class="figure-downloads">.*?)</p>', re.DOTALL
)


@dataclass(frozen=True)
class Figure:
    """A figure as its chapter shows it, with links that hold one folder below the root."""

    name: str
    html: str
    chapter: Chapter

    @property
    def title(self) -> str:
        return unescape(_TITLE.search(self.html)[1])

    @property
    def alt(self) -> str:
        return unescape(_ALT.search(self.html)[1])

    @property
    def picture(self) -> Markup:
        return Markup(_PICTURE.search(self.html)[1])

    @property
    def source(self) -> Markup:
        """Caveat and source line."""
        return Markup(_SOURCE.search(self.html)[1])

    @property
    def kind(self) -> str:
        if '<div class="map">' in self.html:
            return "map"
        return "chart" if _DRAWN.search(self.html) else "table"

    @property
    def body(self) -> Markup:
        """The figure under its own page's heading, which takes the place of its title."""
        untitled = _TITLE.sub("", self.html, count=1)
        return Markup(untitled.replace("<figure ", '<figure aria-labelledby="title" ', 1))

    def height(self, width: int) -> int:
        """The height in CSS pixels that the embedded figure needs at this width.

        Text is estimated from its length; the picture makes up for the rest.
        """
        inner = width - 24
        small = [*self.source.split("</span>"), EMBED_LINK + citing.BOOK]
        text = 23 * _lines(self.title, inner, 9.2) + 55
        text += 19 * sum(_lines(part, inner, 6.8) for part in small)
        if self.kind == "map":
            return MAP_HEIGHT + text
        if self.kind == "table":
            return TABLE_HEIGHT + text
        shapes = {size: (float(w), float(h)) for size, w, h in _DRAWN.findall(self.html)}
        wide, tall = shapes["narrow" if width < 480 else "wide"]
        return text + math.ceil(inner * tall / wide)


def _lines(html: str, width: float, letter: float) -> int:
    """How many lines a text takes, with letters of this mean width in CSS pixels."""
    return math.ceil(len(re.sub(r"<[^>]+>", "", html)) * letter / width)


# --- what the chapters hold --------------------------------------------------------------


def _html_of(doctree: nodes.document) -> Iterator[str]:
    """The HTML outputs of a page's cells that hold a figure."""
    for raw in doctree.findall(nodes.raw):
        if "html" in raw.get("format", "") and '<figure class="figure"' in raw.astext():
            yield raw.astext()


def collect(app: Sphinx, doctree: nodes.document) -> None:
    """Note the names and titles of a chapter's figures when it is read."""
    found = {
        match[1]: unescape(_TITLE.search(match[0])[1])
        for html in _html_of(doctree)
        for match in _FIGURE.finditer(html)
    }
    _titles(app.env)[app.env.docname] = found


def _titles(env: BuildEnvironment) -> dict[str, dict[str, str]]:
    """Title of each figure by page and name."""
    if not hasattr(env, "figure_titles"):
        env.figure_titles = {}
    return env.figure_titles


def forget(app: Sphinx, env: BuildEnvironment, docname: str) -> None:
    """The figures of a page go when it is read again."""
    _titles(env).pop(docname, None)


def merge(app: Sphinx, env: BuildEnvironment, docnames: set, other: BuildEnvironment) -> None:
    """Bring together what was noted of pages that were read in parallel."""
    _titles(env).update({name: _titles(other)[name] for name in docnames if name in _titles(other)})


def list_again(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """The list of figures is written again when a figure has come, gone or changed its title."""
    listed = getattr(env, "figures_listed", None)
    env.figures_listed = {name: dict(titles) for name, titles in _titles(env).items()}
    return [] if listed == env.figures_listed or INDEX not in env.all_docs else [INDEX]


def by_chapter(env: BuildEnvironment) -> list[tuple[Chapter, list[tuple[str, str]]]]:
    """Name and title of each figure, by chapter in the book's order."""
    titles = _titles(env)
    return [
        (chapter, list(titles[chapter.docname].items()))
        for chapter in evidence.current().chapters.values()
        if titles.get(chapter.docname)
    ]


def figures(app: Sphinx) -> Iterator[Figure]:
    """Every figure of the book, in its order."""
    for chapter, _ in by_chapter(app.env):
        for html in _html_of(app.env.get_doctree(chapter.docname)):
            for match in _FIGURE.finditer(move_out(html, Path(app.outdir), "../")):
                yield Figure(match[1], match[0], chapter)


# --- in the chapters ---------------------------------------------------------------------


def mark_code(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Give the code that drew a figure an address, ``#code-NAME``."""
    containers = list(doctree.findall(nodes.container))
    for cell in [each for each in containers if "cell" in each["classes"]]:
        names = [name for html in _html_of(cell) for name in _FIGURE.findall(html)]
        parts = cell.findall(nodes.container)
        code = next((part for part in parts if "cell_input" in part["classes"]), None)
        if names and code is not None:
            code["ids"] += [f"code-{name}" for name in names]


def link_to_pages(
    app: Sphinx, pagename: str, templatename: str, context: dict, doctree: nodes.document | None
) -> None:
    """In a chapter, a link from each figure to its own page, beside the downloads."""
    if doctree is None or app.builder.name != "html":
        return
    context["body"] = _DOWNLOADS.sub(
        lambda match: (
            f'{match[1]} <a href="{context["root"]}figures/{match[2]}.html">Share, cite, embed'
            f'<span class="hidden"> the figure: {_TITLE.search(match[1])[1]}</span></a></p>'
        ),
        context["body"],
    )


# --- pages of their own ------------------------------------------------------------------


def pages(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """The page of each figure, for Sphinx to put into the theme; writes what is embedded."""
    if app.builder.name != "html":
        return
    site = getattr(app.config, "book_url", "")
    repository = getattr(app.config, "book_repository", "").rstrip("/")
    for figure in figures(app):
        page = f"figures/{figure.name}"
        chapter = app.builder.get_target_uri(figure.chapter.docname)
        about = {
            "figure": figure,
            "site": site,
            "snippet": snippet(figure, site),
            "link": EMBED_LINK + citing.BOOK,
            "licence": citing.LICENCE,
            "licence_url": citing.LICENCE_URL,
            "chapter_url": f"../{chapter}",
            "notebook_url": repository and f"{repository}/blob/HEAD/{figure.chapter.docname}.ipynb",
            "stylesheet": f"../_static/{versioned('embed.css')}",
            "policy": policy(EMBED_SCRIPT),
            "script": Markup(EMBED_SCRIPT),
        }
        embedded = TEMPLATES.get_template("figure-embed.html").render(**about)
        write(Path(app.outdir, f"{page}.embed.html"), embedded.encode())
        body = TEMPLATES.get_template("figure-page.html").render(**about)
        context = {"title": escape(figure.title), "body": body, "description": figure.alt}
        yield page, context, "page.html"


def snippet(figure: Figure, site: str) -> str:
    """A line of HTML that shows the figure on another site.

    Its height is right on a phone and, through CSS, in a wide column.
    """
    phone, column = figure.height(390), figure.height(720)
    # Far below zero or far above every height, so that clamp() takes one end or the other.
    side = "480px - 100vw" if phone > column else "100vw - 480px"
    height = f"clamp({min(phone, column)}px, ({side}) * 9999, {max(phone, column)}px)"
    return (
        f'<iframe src="{site}figures/{figure.name}.embed.html" title="{escape(figure.title)}" '
        f'width="100%" height="{phone}" style="border:0;height:{height}" '
        'loading="lazy"></iframe>'
    )


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the events."""
    app.connect("doctree-read", collect)
    app.connect("env-purge-doc", forget)
    app.connect("env-merge-info", merge)
    app.connect("env-updated", list_again)
    app.connect("doctree-resolved", mark_code)
    # After light_site, which moves downloads into files.
    app.connect("html-page-context", link_to_pages, priority=600)
    app.connect("html-collect-pages", pages)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
