"""Sphinx extension: the static index that the search box reads, and the page of search.

One record for each section of a page, claim, figure, fact, person, term, table and
source. The index is a script that hands its records to ``_static/js/search.js``, so that
search works from ``file://`` too. Pages name only ``search/start.js``, which names the
other files with their content hashes: a page need not be written again because a fact
on another page has changed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

import html_tree
from explainer import data, evidence

STATIC = Path(__file__).resolve().parents[1] / "_static"
LIBRARY = STATIC / "vendor" / "minisearch" / "minisearch.js"
INTERFACE = STATIC / "js" / "search.js"
REFERENCE = "book/reference/"
LESSONS = "book/teach/"


class Record(NamedTuple):
    """One thing that can be found.

    ``also`` is searched like the title and shown beside it: a verdict, other names, a
    date, a publisher. The place is a page's document name and an anchor ("" for its top).
    """

    kind: str
    page: str
    anchor: str
    title: str
    text: str = ""
    also: str = ""


def records(env: BuildEnvironment) -> Iterator[Record]:
    """Everything that can be found, in the order of the book."""
    found = evidence.current()
    for claim in found.claims.values():
        text = f"{claim.verdict.why} {claim.verdict.since_2023}".strip()
        yield Record(
            "claim",
            f"{REFERENCE}claims",
            claim.id.lower(),
            f"{claim.id} {claim.text}",
            text,
            claim.verdict.verdict,
        )
    for docname in sorted(env.found_docs):
        doctree = env.get_doctree(docname)
        yield from sections(docname, doctree)
        yield from figures(docname, doctree)
    for fact in found.facts.values():
        yield Record("fact", f"{REFERENCE}facts", f"fact-{fact.id}", fact.statement, "", fact.date)
    for person in found.people.values():
        yield Record(
            "person",
            f"{REFERENCE}people",
            person.id,
            person.name,
            person.role,
            person.other_names,
        )
    for term in found.terms.values():
        yield Record(
            "term", f"{REFERENCE}glossary", term.id, term.term, term.definition, term.other_forms
        )
    for table in data.descriptors():
        yield Record(
            "table",
            f"{REFERENCE}data",
            f"table-{table['name']}",
            table["title"],
            table["description"],
            table["name"],
        )
    for source in found.sources.values():
        title = source.title if source.title != "not stated" else "title not recorded"
        date = "" if source.date == "not stated" else source.date
        yield Record(
            "source",
            f"{REFERENCE}{'sources-secondary' if source.tier == 'secondary' else 'sources'}",
            f"source-{source.id}",
            title,
            "",
            ", ".join(filter(None, [source.publisher, date])),
        )


def sections(docname: str, doctree: nodes.document) -> Iterator[Record]:
    """The sections of a page, each with the prose that stands directly in it.

    What is made for lessons repeats the chapters' titles and is a kind of its own.
    """
    kind = "lesson" if docname.startswith(LESSONS) else "section"
    for section in doctree.findall(nodes.section):
        title = section.next_node(nodes.title).astext()
        own = [
            child
            for child in section.children
            if not isinstance(child, nodes.section | nodes.title)
        ]
        prose = [
            " ".join(node.astext().split())
            for child in own
            for node in child.findall(lambda node: isinstance(node, nodes.paragraph | nodes.term))
        ]
        top = isinstance(section.parent, nodes.document)
        yield Record(kind, docname, "" if top else section["ids"][0], title, " ".join(prose))


def figures(docname: str, doctree: nodes.document) -> Iterator[Record]:
    """The charts and maps of a page by title and alt text."""
    for figure in html_tree.figures(doctree):
        title, alt = html_tree.title_of(figure), html_tree.alt_of(figure)
        yield Record("figure", docname, figure.id, title, alt)


def spellings() -> dict[str, list[str]]:
    """Words for which a reader's text may have another form, from people and glossary.

    A single word ("Meshaal", "IOPS") leads to the form that the book uses and to the
    other forms; names of as many words are compared word by word.
    """
    found: dict[str, set[str]] = {}

    def same(one: str, other: str) -> None:
        if one.lower() != other.lower():
            found.setdefault(one.lower(), set()).add(other.lower())
            found.setdefault(other.lower(), set()).add(one.lower())

    for person in evidence.current().people.values():
        words = person.name.split()
        for name in filter(None, map(str.strip, person.other_names.split(";"))):
            other = name.split()
            if len(other) == 1:
                same(words[-1], other[0])
            elif len(other) == len(words):
                for one, two in zip(words, other, strict=True):
                    same(one, two)
    for term in evidence.current().terms.values():
        forms = [term.term, *filter(None, map(str.strip, term.other_forms.split(";")))]
        for form in forms:
            if " " not in form and len(forms) > 1:
                others = {other.lower() for other in forms if other != form}
                found.setdefault(form.lower(), set()).update(others)
    return {word: sorted(others) for word, others in sorted(found.items())}


def index(app: Sphinx) -> str:
    """The index as a script; the names of pages stand once and are numbered."""
    # A smaller book leaves out pages, and with them what stands there.
    listed = [record for record in records(app.env) if record.page in app.env.all_docs]
    pages = list(dict.fromkeys(record.page for record in listed))
    number = {page: position for position, page in enumerate(pages)}
    short_titles = app.config.html_context["short_titles"]
    content = {
        "pages": [
            [
                app.builder.get_target_uri(page),
                short_titles.get(page, app.env.titles[page].astext()),
            ]
            for page in pages
        ],
        "records": [[record.kind, number[record.page], *record[2:]] for record in listed],
        "spellings": spellings(),
    }
    return f"searchIn({json.dumps(content, ensure_ascii=False, separators=(',', ':'))})\n"


def write_index(app: Sphinx, error: Exception | None) -> None:
    """Put the index, the library and the interface of search beside the pages."""
    if error or app.builder.format != "html":
        return
    folder = Path(app.outdir, "search")
    folder.mkdir(exist_ok=True)
    files = {
        "search.js": INTERFACE.read_bytes(),
        "minisearch.js": LIBRARY.read_bytes(),
        "index.js": index(app).encode(),
    }
    addresses = []
    for name, content in files.items():
        (folder / name).write_bytes(content)
        addresses.append(f"{name}?v={hashlib.sha256(content).hexdigest()[:8]}")
    (folder / "start.js").write_text(
        f"for(const name of {json.dumps(addresses)}){{"
        'const script=document.createElement("script");'
        "script.async=false;"
        "script.src=new URL(name,document.currentScript.src).href;"
        "document.head.append(script)}\n",
        encoding="utf-8",
        newline="\n",
    )


def search_page(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """The page that a search can be linked to, ``search.html?q=...``."""
    yield "search", {"title": "Search"}, "search.html"


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the page of search and the writing of the index."""
    app.connect("html-collect-pages", search_page)
    app.connect("build-finished", write_index)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
