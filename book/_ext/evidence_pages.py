"""Sphinx extension: prose bound to data.

Roles check the typed text against the evidence and link to it; every page ends
with the facts and sources it used; directives print the ledger and the other
pages that are generated from data. Whatever does not agree is collected with
page, cell or line, and stops the build.
"""

from __future__ import annotations

import re
import shutil
from functools import cache
from pathlib import Path
from typing import Any

from babel import Locale
from docutils import nodes
from markupsafe import Markup, escape
from pandas import Timestamp
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.errors import ExtensionError
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective, SphinxRole

import figure_pages
import html_tree
import table_pages
from explainer import data, evidence, words
from explainer.figure import TEMPLATES
from light_site import versioned
from machine_readable import sharing

logger = logging.getLogger(__name__)

LEDGER = "book/reference/claims"
PEOPLE = "book/reference/people"
GLOSSARY = "book/reference/glossary"
WORDS_PER_MINUTE = 200
"""A cautious reading speed for readers whose first language is not English."""

LONGEST_LIST = 300
"""More sources than this are not listed again at a page's end: its facts name them."""


_ID = re.compile(r"\b[a-z0-9]+(?:-[a-z0-9]+)+\b")


class evidence_link(nodes.reference):
    """A link from prose to a piece of evidence; ``kind`` and ``key`` say which."""


class evidence_html(nodes.General, nodes.Element):
    """HTML made from a template when the page is written, so that links are right.

    ``template`` names it; ``values`` are what it needs beyond :func:`context`.
    """


# --- roles -------------------------------------------------------------------------------


class EvidenceRole(SphinxRole):
    """Common part of the roles: ``{role}`text <key>` `` or ``{role}`key` ``."""

    kind = ""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        match = re.fullmatch(r"(?s)(.*?)\s*<([^<>]+)>", self.text)
        typed, key = (match[1], match[2]) if match else (None, self.text.strip())
        problem, shown = self.resolve(typed, key)
        if problem:
            report(self.env, self.get_location(), f"{{{self.kind}}}`{self.text}`: {problem}")
            return [nodes.inline("", typed or key)], []
        link = evidence_link("", shown, kind=self.kind, key=key, internal=True)
        link["classes"] = ["evidence", self.kind]
        return [link], []

    def resolve(self, typed: str | None, key: str) -> tuple[str | None, str]:
        """A problem (or ``None``) and the text to show."""
        raise NotImplementedError


class FactRole(EvidenceRole):
    """``{fact}`20 <id>` ``: text that must agree with the fact or derived number ``id``."""

    kind = "fact"

    def resolve(self, typed: str | None, key: str) -> tuple[str | None, str]:
        if typed is None:
            return "a fact needs the text that readers see: {fact}`text <id>`", key
        fact = find_fact(key)
        if fact is None:
            return f"no fact or derived number has the id {key!r}", typed
        if not fact.citations and key in evidence.current().facts:
            return f"the fact {key!r} has no source", typed
        wrong = evidence.disagreement(typed, fact)
        return (wrong and f"the text {wrong} ({key})"), typed


class ClaimRole(EvidenceRole):
    """``{claim}`C11` ``: a link to the ledger, shown with the verdict."""

    kind = "claim"

    def resolve(self, typed: str | None, key: str) -> tuple[str | None, str]:
        known = key in evidence.current().claims
        return (None if known else f"no claim has the id {key!r}"), typed or key


class PersonRole(EvidenceRole):
    """``{person}`Lavrov <lavrov>` ``: a link to who is who."""

    kind = "person"

    def resolve(self, typed: str | None, key: str) -> tuple[str | None, str]:
        person = evidence.current().people.get(key)
        if person is None:
            return f"no person has the id {key!r}", typed or key
        return None, typed or person.name


class TermRole(EvidenceRole):
    """``{term}`veto` `` or ``{term}`text <id>` ``: a link to the glossary."""

    kind = "term"

    def resolve(self, typed: str | None, key: str) -> tuple[str | None, str]:
        term = evidence.current().terms.get(key)
        if term is None:
            return f"no glossary term has the id {key!r}", typed or key
        return None, typed or term.term


def find_fact(key: str) -> evidence.Fact | None:
    """A fact of the table, or a derived number, by id."""
    try:
        return evidence.current().facts.get(key) or evidence.derived_fact(key)
    except KeyError:
        return None


def report(env: BuildEnvironment, location: Any, message: str) -> None:
    """Log an error and remember it: the build stops once all pages were read."""
    place = str(location)
    if match := re.fullmatch(r"(.*\.ipynb):(\d{5,})", place):
        # MyST-NB numbers a notebook's lines as cell * 10000 + line.
        cell, line = divmod(int(match[2]), 10_000)
        place = f"{match[1]}, cell {cell}, line {line}"
    errors = getattr(env, "evidence_errors", {})
    errors.setdefault(env.docname, []).append(f"{place}: {message}")
    env.evidence_errors = errors


# --- directives --------------------------------------------------------------------------


class TemplateDirective(SphinxDirective):
    """A part of a page that a template makes from the evidence: ``{evidence} name``."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        name = self.arguments[0]
        if name not in PARTS:
            raise self.error(f"no part {name!r}; there are {', '.join(PARTS)}")
        return [evidence_html(template=name)]


PARTS = (
    "chapters",
    "corrections",
    "data",
    "facts",
    "figures",
    "glossary",
    "ledger",
    "people",
    "read-meanings",
    "reading",
    "report",
    "run-it",
    "sources",
    "sources-secondary",
    "timeline",
    "verdict-meanings",
    "verdict-strip",
)
"""The generated parts; each has a template of its name."""


def context(app: Sphinx, docname: str) -> dict[str, Any]:
    """What the templates may use."""

    def doc_url(target: str) -> str:
        return app.builder.get_relative_uri(docname, target)

    found = evidence.current()
    root = doc_url("book/intro").removesuffix("index.html")
    return {
        "evidence": found,
        "claims": list(found.claims.values()),
        "verdict_words": evidence.VERDICTS,
        "read_words": evidence.READ,
        "language": language,
        "paragraphs": data.load("paragraphs").to_dict("records"),
        "threads": evidence.THREADS,
        "timeline": [
            {"year": fact.date[:4], "fact": fact}
            # What is known by the month only stands after the days of that month.
            for fact in sorted(found.facts.values(), key=lambda each: each.date.ljust(10, "~"))
            if fact.kind in ("event", "designation") and fact.date != "undated"
        ],
        "tables": data.descriptors(),
        "page_url": doc_url,
        "asset": lambda name: f"{root}_static/{versioned(name)}",
        "root": root,
        "ledger_url": doc_url(LEDGER),
        "has_page": lambda chapter: chapter is not None and chapter.docname in app.env.all_docs,
        "rows": lambda name: len(data.load(name)),
        "vocabulary": lambda name, column: list(data.load(name)[column].cat.categories),
        "figures_by_chapter": figure_pages.by_chapter(app.env),
        "spoken": lambda day: words.spoken(Timestamp(day), full=True),
        "package_size": table_pages.spoken_size(len(table_pages.package())),
    } | sharing(app, docname)


@cache
def language(code: str) -> str:
    """The English name of a language, such as "Arabic" for ``ar``."""
    return Locale.parse(code, sep="-").get_language_name("en") or code


# --- events ------------------------------------------------------------------------------


def check_data(app: Sphinx) -> None:
    """Refuse to build on data that do not hold."""
    try:
        data.check()
    except data.DataError as error:
        raise ExtensionError(f"the data do not hold:\n{error}") from None


def forget(app: Sphinx, env: BuildEnvironment, docname: str) -> None:
    """The errors of a page go when it is read again."""
    getattr(env, "evidence_errors", {}).pop(docname, None)


def merge(app: Sphinx, env: BuildEnvironment, docnames: set, other: BuildEnvironment) -> None:
    """Bring together the errors of pages that were read in parallel."""
    errors = getattr(env, "evidence_errors", {})
    errors.update(getattr(other, "evidence_errors", {}))
    env.evidence_errors = errors


def stop_on_errors(app: Sphinx, env: BuildEnvironment) -> None:
    """All disagreements of prose and data at once, then no site."""
    errors = [line for lines in getattr(env, "evidence_errors", {}).values() for line in lines]
    if errors:
        raise ExtensionError(
            f"{len(errors)} place(s) where text and data disagree:\n" + "\n".join(errors)
        )


def resolve_links(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Give each evidence link its address, and end the page with what it used."""
    used: dict[str, list[str]] = {"fact": [], "claim": [], "person": [], "term": []}
    for link in doctree.findall(evidence_link):
        kind, key = link["kind"], link["key"]
        if key not in used[kind]:
            used[kind].append(key)
        if kind == "fact":
            link["refuri"] = f"#fact-{key}"
        else:
            page = {"claim": LEDGER, "person": PEOPLE, "term": GLOSSARY}[kind]
            link["refuri"] = app.builder.get_relative_uri(docname, page) + f"#{key.lower()}"
        if kind == "claim":
            verdict = evidence.current().claims[key].verdict.verdict
            link.append(nodes.raw("", " " + badge(verdict), format="html"))
    sources = list(
        dict.fromkeys(
            source
            for figure in html_tree.figures(doctree)
            for source in figure.attrs["data-sources"].split()
        )
    )
    chapter = chapter_of(docname)
    if chapter:
        title = next(iter(doctree.findall(nodes.title)))
        head = TEMPLATES.get_template("chapter-head.html").render(
            **context(app, docname), chapter=chapter, minutes=minutes(doctree)
        )
        title.parent.insert(title.parent.index(title) + 1, nodes.raw("", head, format="html"))
        for claim in (*chapter.claims, *chapter.also):
            if claim not in used["claim"]:
                used["claim"].append(claim)
    for part in list(doctree.findall(evidence_html)):
        template = TEMPLATES.get_template(f"{part['template']}.html")
        html = template.render(**context(app, docname), **part.get("values", {}))
        part.replace_self(nodes.raw("", html, format="html"))
    if used["fact"] or sources or used["person"] or used["term"]:
        doctree_end(app, doctree, docname, used, sources)
    page = docname.removeprefix("book/")
    corrected = [each for each in evidence.current().corrections if each.page == page]
    if corrected:
        html = TEMPLATES.get_template("corrections.html").render(
            **context(app, docname), page_corrections=corrected
        )
        end_with(doctree, "page-corrections", "Corrections", html)


def doctree_end(
    app: Sphinx,
    doctree: nodes.document,
    docname: str,
    used: dict[str, list[str]],
    figure_sources: list[str],
) -> None:
    """Append the section "Facts and sources of this page"."""
    found = evidence.current()
    facts = [find_fact(key) for key in used["fact"]]
    sources = {source.id: source for fact in facts for source in fact.sources}
    sources |= {name: found.sources[name] for name in figure_sources}
    html = TEMPLATES.get_template("page-end.html").render(
        **context(app, docname),
        facts=facts,
        page_claims=[found.claims[key] for key in used["claim"]],
        people=[found.people[key] for key in used["person"]],
        terms=[found.terms[key] for key in used["term"]],
        sources=sorted(sources.values(), key=lambda each: (each.publisher.lower(), each.date)),
        list_sources=len(sources) <= LONGEST_LIST,
        people_url=app.builder.get_relative_uri(docname, PEOPLE),
        glossary_url=app.builder.get_relative_uri(docname, GLOSSARY),
    )
    end_with(doctree, "page-sources", "Facts and sources of this page", html)


def end_with(doctree: nodes.document, anchor: str, title: str, html: str) -> None:
    """Append a section to the page."""
    section = nodes.section(ids=[anchor], classes=["page-end"])
    section += nodes.title("", title)
    section += nodes.raw("", html, format="html")
    next(iter(doctree.findall(nodes.section))).append(section)


def chapter_of(docname: str) -> evidence.Chapter | None:
    """The chapter that a page is, if it is one."""
    return evidence.current().chapters.get(docname.removeprefix("book/"))


def minutes(doctree: nodes.document) -> int:
    """Reading time of the prose in whole minutes."""
    words = sum(len(paragraph.astext().split()) for paragraph in doctree.findall(nodes.paragraph))
    return max(1, round(words / WORDS_PER_MINUTE))


def noted(text: str, facts_url: str) -> Markup:
    """A fact's note as HTML: where it names another fact by its id, a link to that one."""

    def link(name: re.Match[str]) -> str:
        if name.group() not in evidence.current().facts:
            return name.group()
        return f'<a href="{facts_url}#fact-{name.group()}">{name.group()}</a>'

    return Markup(_ID.sub(link, str(escape(words.curly(text)))))


def badge(verdict: str) -> str:
    """A verdict as a small label: a shape and the word, never colour alone."""
    return f'<span class="verdict verdict-{verdict.replace(" ", "-")}">{verdict}</span>'


def write_files(app: Sphinx, error: Exception | None) -> None:
    """Put the data and ``claims.json`` beside the pages."""
    if error or app.builder.format != "html":
        return
    out = Path(app.outdir)
    (out / "reference").mkdir(exist_ok=True)
    (out / "reference" / "claims.json").write_text(
        evidence.current().claims_json(), encoding="utf-8", newline="\n"
    )
    target = out / "data"
    for path in sorted(data.DATA.rglob("*")):
        if path.suffix in {".csv", ".json", ".geojson"}:
            copy = target / path.relative_to(data.DATA)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copy)


def setup(app: Sphinx) -> dict[str, Any]:
    """Register roles, directives and events."""
    TEMPLATES.globals["badge"] = lambda verdict: Markup(badge(verdict))
    TEMPLATES.globals["noted"] = noted
    TEMPLATES.globals["code"] = lambda words: Markup(
        re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(words)))
    )
    app.add_node(
        evidence_link,
        html=(
            lambda self, node: self.visit_reference(node),
            lambda self, node: self.depart_reference(node),
        ),
    )
    app.add_node(evidence_html)
    for role in (FactRole, ClaimRole, PersonRole):
        app.add_role(role.kind, role())
    # Sphinx looks for roles in its standard domain first, and that has a `term` too.
    app.add_role_to_domain("std", TermRole.kind, TermRole(), override=True)
    app.add_directive("evidence", TemplateDirective)
    app.connect("builder-inited", check_data)
    app.connect("env-purge-doc", forget)
    app.connect("env-merge-info", merge)
    app.connect("env-check-consistency", stop_on_errors)
    app.connect("doctree-resolved", resolve_links)
    app.connect("build-finished", write_files)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
