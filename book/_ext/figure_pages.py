"""Sphinx extension: a permanent page for each figure, and one to embed elsewhere.

Figures are read from the chapters' stored documents, so that a build in which only
some chapters changed writes the pages of all. ``figures/NAME.html`` has the figure
with all that someone needs to reuse it; ``figures/NAME.embed.html`` is what an iframe
on another site shows. The page ``reference/figures`` lists them.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Any

from docutils import nodes
from markupsafe import Markup
from selectolax.lexbor import LexborNode
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from explainer import citing, evidence
from explainer.evidence import Chapter
from explainer.figure import TEMPLATES
from html_tree import alt_of, element, part, title_of
from html_tree import figures as figures_in
from light_site import move_out, policy, versioned, write

INDEX = "book/reference/figures"

EMBED_SCRIPT = (
    "var t=new URLSearchParams(location.search).get('theme');"
    "if(t==='dark'||t==='light')document.documentElement.dataset.theme=t"
)
"""Lets the embedding site choose a theme; without it the figure follows the reader's system."""

EMBED_LINK = "Data, licence and sources: "
"""Begins the link of an embedded figure to its page; the book's title follows."""

DRAWN = '[style^="--shape"]'
"""The two drawings of a chart, each of which states its width and height."""

TABLE_HEIGHT, MAP_HEIGHT = 560, 640
"""Height in CSS pixels of a frame with a table to read, which scrolls, or with a map."""


@dataclass(frozen=True)
class Figure:
    """A figure as its chapter shows it, with links that hold one folder below the root."""

    name: str
    node: LexborNode = field(repr=False)
    chapter: Chapter

    @property
    def title(self) -> str:
        return title_of(self.node)

    @property
    def alt(self) -> str:
        return alt_of(self.node)

    @property
    def picture(self) -> Markup:
        return Markup(self.node.css_first(".figure-picture").inner_html)

    @property
    def source(self) -> Markup:
        """Caveat and source line."""
        return Markup(self.node.css_first(".figure-source").inner_html)

    @property
    def kind(self) -> str:
        if self.node.css_first(".map"):
            return "map"
        return "chart" if self.node.css_first(DRAWN) else "table"

    @property
    def body(self) -> Markup:
        """The figure under its own page's heading, which takes the place of its title."""
        untitled = self.node.clone()
        untitled.css_first("figcaption").decompose()
        untitled.attrs["aria-labelledby"] = "title"
        return Markup(untitled.html)

    def height(self, width: int) -> int:
        """The height in CSS pixels that the embedded figure needs at this width.

        Text is estimated from its length; the picture makes up for the rest.
        """
        inner = width - 24
        source = self.node.css_first(".figure-source")
        caveat = source.css_first(".figure-caveat")
        words = caveat.text() if caveat else ""
        small = [words, source.text().removeprefix(words), EMBED_LINK + citing.BOOK]
        text = 23 * _lines(self.title, inner, 9.2) + 55
        text += 19 * sum(_lines(part, inner, 6.8) for part in small)
        if self.kind == "map":
            return MAP_HEIGHT + text
        if self.kind == "table":
            return TABLE_HEIGHT + text
        drawing = self.node.css_first(f".figure-{'narrow' if width < 480 else 'wide'}")
        wide, tall = drawing.attrs["style"].removeprefix("--shape:").split("/")
        return text + math.ceil(inner * float(tall) / float(wide))


def _lines(text: str, width: float, letter: float) -> int:
    """How many lines a text takes, with letters of this mean width in CSS pixels."""
    return math.ceil(len(text) * letter / width)


# --- what the chapters hold --------------------------------------------------------------


def name_of(figure: LexborNode) -> str:
    """The name of a figure, which its anchor holds."""
    return figure.id.removeprefix("fig-")


def collect(app: Sphinx, doctree: nodes.document) -> None:
    """Note the names and titles of a chapter's figures when it is read."""
    found = {name_of(figure): title_of(figure) for figure in figures_in(doctree)}
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
        for node in figures_in(app.env.get_doctree(chapter.docname)):
            move_out(node.parser, Path(app.outdir), "../")
            yield Figure(name_of(node), node, chapter)


# --- in the chapters ---------------------------------------------------------------------


def mark_code(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Give the code that drew a figure an address, ``#code-NAME``."""
    containers = list(doctree.findall(nodes.container))
    for cell in [each for each in containers if "cell" in each["classes"]]:
        names = [name_of(figure) for figure in figures_in(cell)]
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
    page = part(context["body"])
    for figure in page.css("figure.figure"):
        address = f"{context['root']}figures/{name_of(figure)}.html"
        link = element(page, "a", "Share, cite, embed", href=address)
        words = f" the figure: {title_of(figure)}"
        link.insert_child(element(page, "span", words, class_="hidden"))
        downloads = figure.css_first(".figure-downloads")
        downloads.insert_child(" ")
        downloads.insert_child(link)
    context["body"] = page.html


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
