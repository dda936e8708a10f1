"""Sphinx extension: the teacher's pack, made from the same evidence as the chapters.

Worksheets and their key come from the table ``questions``, whose text is checked like the
prose of a chapter. A summary takes the answer in brief, a figure and what would change the
verdict from the chapter itself, so that nothing is written twice.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from markupsafe import escape
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.util.docutils import SphinxDirective

import html_tree
from evidence_pages import (
    GLOSSARY,
    LEDGER,
    PEOPLE,
    context,
    evidence_html,
    evidence_link,
    find_fact,
)
from explainer import citing, evidence, teaching
from explainer.evidence import Chapter
from explainer.figure import TEMPLATES
from explainer.teaching import Question
from explainer.words import curly

FOLDER = "book/teach"
KEY = f"{FOLDER}/answers"


PUBLISHERS = 8
"""So many are named under an answer; of more, the number is."""


class chapter_summary(nodes.General, nodes.Element):
    """One chapter on one sheet; filled from the chapter when the page is written."""


class chapter_changes(nodes.General, nodes.Element):
    """What would change a verdict, as its chapter says; filled when the page is written."""


# --- questions ---------------------------------------------------------------------------


class QuestionsDirective(SphinxDirective):
    """All questions by chapter: ``{questions}`` folds answers, ``{questions} key`` shows them."""

    optional_arguments = 1

    def run(self) -> list[nodes.Node]:
        if self.arguments not in ([], ["key"]):
            raise self.error("the only argument is: key")
        return [self.sheet(chapter) for chapter in evidence.current().chapters.values()]

    def sheet(self, chapter: Chapter) -> nodes.section:
        """The questions on a chapter, on a sheet of their own when printed."""
        key = bool(self.arguments)
        asked = teaching.questions(chapter)
        section = nodes.section(ids=[f"chapter-{chapter.number}"], classes=["sheet"])
        section += nodes.title("", f"{chapter.number} {chapter.title}")
        minutes = sum(question.minutes for question in asked)
        section += nodes.paragraph(
            "", f"{len(asked)} questions, about {minutes} minutes", classes=["meta"]
        )
        named = sorted({claim for question in asked for claim in question.claims})
        claims = nodes.bullet_list(classes=["asked"])
        for claim in named:
            words = curly(evidence.current().claims[claim].text)
            claims += nodes.list_item("", nodes.paragraph("", f"{claim}: {words}"))
        section += claims
        listed = nodes.enumerated_list(
            enumtype="arabic", classes=["questions", "key" if key else "worksheet"]
        )
        for question in asked:
            listed += self.item(question, folded=not key)
        section += listed
        return section

    def item(self, question: Question, *, folded: bool) -> nodes.list_item:
        """A question with its model answer and the publishers that the answer rests on."""
        about = f"{question.level} · {question.minutes} minutes · {', '.join(question.claims)}"
        answer = self.parse_text_to_nodes(question.answer)
        publishers = dict.fromkeys(
            source.publisher
            for part in answer
            for link in part.findall(evidence_link)
            if link["kind"] == "fact" and (fact := find_fact(link["key"]))
            for source in fact.sources
        )
        if publishers:
            named = "; ".join(list(publishers)[:PUBLISHERS])
            if (rest := len(publishers) - PUBLISHERS) > 0:
                named += f"; and {rest} more"
            answer.append(nodes.paragraph("", f"Rests on: {named}.", classes=["meta"]))
        before, after = '<div class="answer">', "</div>"
        if folded:
            before = '<details class="answer"><summary>Model answer</summary>'
            after = "</details>"
        return nodes.list_item(
            "",
            *self.parse_text_to_nodes(question.question),
            nodes.paragraph("", about, classes=["meta"]),
            nodes.raw("", before, format="html"),
            *answer,
            nodes.raw("", after, format="html"),
            ids=[f"q-{question.id}"],
        )


# --- parts of lessons --------------------------------------------------------------------


def _known(ids: list[str], known: dict[str, Any]) -> list[str]:
    """The ids, which must be known; raises ``KeyError`` with the first that is not."""
    for one in ids:
        known[one]
    return ids


PARTS: dict[str, Callable[[list[str]], dict[str, Any]]] = {
    "cards": lambda ids: {"cards": _known(ids, evidence.current().facts)},
    "claims": lambda ids: {"chosen": _known(ids, evidence.current().claims)},
    "verdicts": lambda ids: {"chosen": _known(ids, evidence.current().claims)},
    "assembly": lambda _: teaching.assembly(),
    "names": lambda ids: {"entries": teaching.named(ids)},
    "tally": lambda _: teaching.assembly(),
    "tally-key": lambda _: teaching.assembly(),
    "council": lambda _: teaching.council(),
    "outcomes": lambda _: teaching.council(),
    "guidance": lambda _: {"advice": teaching.guidance()},
    "chapters": lambda _: {"folder": FOLDER},
}
"""The generated parts, and what the template of each needs."""


class TeachingDirective(SphinxDirective):
    """A part of a lesson that a template makes from the evidence: ``{teaching} cards ID ...``."""

    required_arguments = 1
    optional_arguments = 1
    final_argument_whitespace = True

    def run(self) -> list[nodes.Node]:
        name, *ids = " ".join(self.arguments).split()
        if name not in PARTS:
            raise self.error(f"no part {name!r}; there are {', '.join(sorted(PARTS))}")
        try:
            return [evidence_html(template=f"teach-{name}", values=PARTS[name](ids))]
        except KeyError as unknown:
            raise self.error(f"{name}: {unknown} is unknown") from None


class ChangesDirective(SphinxDirective):
    """``{changes} CHAPTER``: what would change its verdict, only lines that match ``:lines:``."""

    required_arguments = 1
    option_spec: ClassVar[dict[str, Any]] = {"lines": directives.unchanged_required}

    def run(self) -> list[nodes.Node]:
        if self.arguments[0] not in evidence.current().chapters:
            raise self.error(f"no chapter {self.arguments[0]!r}")
        lines = self.options.get("lines", "")
        return [chapter_changes(chapter=self.arguments[0], lines=lines)]


# --- summaries ---------------------------------------------------------------------------


class SummaryDirective(SphinxDirective):
    """``{summary} CHAPTER`` with the ``:figure:`` and the ``:facts:`` that stand for it."""

    required_arguments = 1
    option_spec: ClassVar[dict[str, Any]] = {
        "figure": directives.unchanged_required,
        "facts": directives.unchanged_required,
        "wide": directives.flag,
    }

    def run(self) -> list[nodes.Node]:
        chapter = evidence.current().chapters.get(self.arguments[0])
        if chapter is None:
            raise self.error(f"no chapter {self.arguments[0]!r}")
        facts = self.options.get("facts", "").split()
        for one in facts:
            if one not in evidence.current().facts:
                raise self.error(f"no fact {one!r}")
        return [
            chapter_summary(
                chapter=chapter.id,
                figure=self.options["figure"],
                facts=facts,
                wide="wide" in self.options,
            )
        ]


def figure_of(doctree: nodes.document, name: str) -> dict[str, str]:
    """Title, picture and source line of a chapter's figure, as HTML.

    Raises ``KeyError`` if the chapter has no such figure.
    """
    for figure in html_tree.figures(doctree):
        if figure.id == f"fig-{name}":
            parts = {
                "title": "figcaption",
                "picture": ".figure-picture",
                "source": ".figure-source",
            }
            return {part: figure.css_first(place).inner_html for part, place in parts.items()}
    raise KeyError(name)


def fill_summaries(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Put into each summary what the chapter says, with links that lead back to it."""
    for part in list(doctree.findall(chapter_summary)):
        chapter = evidence.current().chapters[part["chapter"]]
        source = app.env.get_doctree(chapter.docname)
        brief = next(iter(source.findall(nodes.admonition)))
        change = what_would_change(source)

        def html(*parts: nodes.Node, facts: str = chapter.docname) -> str:
            copies = [each.deepcopy() for each in parts if not isinstance(each, nodes.title)]
            for copy in copies:
                lead_elsewhere(app, copy, docname, facts)
            return "".join(app.builder.render_partial(each)["fragment"] for each in copies)

        rendered = TEMPLATES.get_template("teach-summary.html").render(
            **context(app, docname),
            chapter=chapter,
            brief=html(*brief.children),
            change=html(*change.children),
            figure=figure_of(source, part["figure"]),
            wide=part["wide"],
            facts=sorted(
                (evidence.current().facts[one] for one in part["facts"]),
                key=lambda fact: fact.date,
            ),
            citation=citing.cite(
                f"Chapter {chapter.number}: {chapter.title}", address(app, chapter)
            ),
        )
        part.replace_self(nodes.raw("", rendered, format="html"))


def what_would_change(source: nodes.document) -> nodes.section:
    """The section of a chapter on what would change its verdict."""
    return next(
        section
        for section in source.findall(nodes.section)
        if section.next_node(nodes.title).astext().startswith("What would change")
    )


def fill_changes(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Put into a lesson the lines of a chapter on what would change a verdict.

    Raises ``ExtensionError`` if none matches any more.
    """
    for part in list(doctree.findall(chapter_changes)):
        chapter = evidence.current().chapters[part["chapter"]]
        section = what_would_change(app.env.get_doctree(chapter.docname))
        lines = [
            item.deepcopy()
            for item in section.findall(nodes.list_item)
            if re.search(part["lines"], item.astext())
        ]
        if not lines:
            raise ExtensionError(f"{docname}: no line of {chapter.id} matches {part['lines']!r}")
        for line in lines:
            lead_elsewhere(app, line, docname, chapter.docname)
        part.replace_self(nodes.bullet_list("", *lines))


def frame_tables(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Let tables of a lesson that are too wide for a screen scroll by themselves."""
    if not docname.startswith(f"{FOLDER}/"):
        return
    for number, table in enumerate(list(doctree.findall(nodes.table)), start=1):
        section = table.parent
        while not isinstance(section, nodes.section):
            section = section.parent
        label = escape(f"Table {number}: {section.next_node(nodes.title).astext()}")
        before = f'<div class="scroll whole" role="region" tabindex="0" aria-label="{label}">'
        at = table.parent.index(table)
        table.parent.insert(at + 1, nodes.raw("", "</div>", format="html"))
        table.parent.insert(at, nodes.raw("", before, format="html"))


def lead_elsewhere(app: Sphinx, part: nodes.Node, docname: str, facts: str) -> None:
    """Let the evidence named in a part of the page ``docname`` be shown on other pages.

    ``facts`` is the page at whose end the facts stand.
    """
    pages = {"fact": facts, "claim": LEDGER, "person": PEOPLE, "term": GLOSSARY}
    for link in list(part.findall(evidence_link)):
        kind, key = link["kind"], link["key"]
        anchor = f"fact-{key}" if kind == "fact" else key.lower()
        uri = f"{app.builder.get_relative_uri(docname, pages[kind])}#{anchor}"
        link.replace_self(nodes.reference("", link.astext(), refuri=uri, internal=True))


def lighten_worksheets(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Let folded answers name facts on the page of the key, which has them anyway."""
    for listed in doctree.findall(nodes.enumerated_list):
        if "worksheet" in listed["classes"]:
            lead_elsewhere(app, listed, docname, KEY)


def address(app: Sphinx, chapter: Chapter) -> str:
    """Where the chapter can be read; empty if the site's address is not known."""
    base = getattr(app.config, "book_url", "")
    return base and base + app.builder.get_target_uri(chapter.docname)


def point_to_the_pack(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """End a chapter with the way to its summary and its questions."""
    chapter = evidence.current().chapters.get(docname.removeprefix("book/"))
    if chapter is None or f"{FOLDER}/{chapter.id}" not in app.env.all_docs:
        return
    html = TEMPLATES.get_template("teach-pointer.html").render(
        **context(app, docname), chapter=chapter, folder=FOLDER
    )
    top = next(iter(doctree.findall(nodes.section)))
    ends = [child for child in top.children if "page-end" in child.get("classes", ())]
    at = top.index(ends[0]) if ends else len(top)
    top.insert(at, nodes.raw("", html, format="html"))


def describe(app: Sphinx) -> None:
    """Descriptions of the summaries for search engines."""
    descriptions = app.config.html_context.setdefault("descriptions", {})
    for chapter in evidence.current().chapters.values():
        descriptions[f"{FOLDER}/{chapter.id}"] = (
            f"Chapter {chapter.number} on one printable page: {chapter.description}"
        )


def setup(app: Sphinx) -> dict[str, Any]:
    """Register directives and events; those of ``evidence_pages`` must come first."""
    app.setup_extension("evidence_pages")
    TEMPLATES.filters["in_words"] = teaching.in_words
    app.add_node(chapter_summary)
    app.add_node(chapter_changes)
    app.add_directive("questions", QuestionsDirective)
    app.add_directive("teaching", TeachingDirective)
    app.add_directive("changes", ChangesDirective)
    app.add_directive("summary", SummaryDirective)
    app.connect("builder-inited", describe)
    # Before evidence_pages lists at the end of a page what the page names.
    app.connect("doctree-resolved", lighten_worksheets, priority=400)
    app.connect("doctree-resolved", fill_summaries)
    app.connect("doctree-resolved", fill_changes)
    app.connect("doctree-resolved", frame_tables)
    app.connect("doctree-resolved", point_to_the_pack)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
