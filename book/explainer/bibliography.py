"""The book, its chapters and all sources for reference managers: BibTeX, RIS, CSL-JSON.

Every record is made once, as a CSL-JSON item, and written in three formats. The writers
are small enough to be here: pybtex, which the book's tools bring along, escapes the
addresses of web pages and leaves dollar signs alone, and both spoil the records.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from typing import Any

from explainer import citing, data, evidence
from explainer.evidence import Source

Item = dict[str, Any]
Address = Callable[[str], str]
"""From a place in the site, such as ``04-contacts.html``, to its address; "" if unknown."""

UNTITLED = "page (title not recorded)"

_BIBTEX = {
    "book": "book",
    "chapter": "incollection",
    "webpage": "online",
    "article-newspaper": "article",
}
_RIS = {"book": "BOOK", "chapter": "CHAP", "webpage": "ELEC", "article-newspaper": "NEWS"}
_LATEX = {
    **{sign: f"\\{sign}" for sign in "&%$#_{}"},
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "\\": r"\textbackslash{}",
}


def book(address: Address) -> Item:
    """The book itself."""
    about = data.about()
    return _filled(
        id="explainer",
        type="book",
        title=citing.BOOK,
        author=[{"literal": citing.AUTHOR}],
        issued=_date(about["created"]),
        version=about["version"],
        language="en",
        URL=address("index.html"),
        note=f"Evidence of {data.evidence_date()}. {citing.LICENCE}",
    )


def chapter(of: evidence.Chapter, address: Address) -> Item:
    """A chapter of the book."""
    whole = book(address)
    del whole["title"]
    return _filled(
        **whole
        | {
            "id": f"explainer-{of.id}",
            "type": "chapter",
            "title": of.title,
            "container-title": citing.BOOK,
            "chapter-number": str(of.number),
            "URL": address(f"{of.id}.html"),
        }
    )


def article() -> Item:
    """The article that the book checks, without what the seeds say of its text."""
    record = {name: value for name, value in citing.article().items() if name != "custom"}
    return record | {"type": "article-newspaper"}


def source(of: Source) -> Item:
    """A source: without an author, since the tables name publishers only."""
    media = f"state media, {of.state_media}" if of.state_media else ""
    return _filled(
        id=of.id,
        type="webpage",
        title=of.title if of.title != "not stated" else f"{of.publisher}: {UNTITLED}",
        publisher=of.publisher,
        issued=_date(of.date),
        language=of.language if of.language != "und" else "",
        URL=of.url,
        note="; ".join(filter(None, [of.tier, f"read: {of.read}", media])),
    )


def files(address: Address) -> dict[str, str]:
    """The files of the folder ``cite`` by name: book, each chapter, article and sources."""
    found = evidence.current()
    records = {"book": [book(address)]}
    records |= {each.id: [chapter(each, address)] for each in found.chapters.values()}
    records["sources"] = [article(), *map(source, found.sources.values())]
    writers = {"bib": bibtex, "ris": ris, "csl.json": csl_json}
    return {
        f"{name}.{ending}": write(items)
        for name, items in records.items()
        for ending, write in writers.items()
    }


# --- formats -----------------------------------------------------------------------------


def csl_json(items: Iterable[Item]) -> str:
    """The items as they are."""
    return json.dumps(list(items), ensure_ascii=False, indent=1) + "\n"


def bibtex(items: Iterable[Item]) -> str:
    """BibTeX in UTF-8, with the types and fields of BibLaTeX where BibTeX has none."""

    def entry(item: Item) -> str:
        within = "booktitle" if item["type"] == "chapter" else "journal"
        text = {
            "title": "{" + escape(item["title"]) + "}",
            "author": " and ".join(
                name if comma else "{" + escape(name) + "}" for name, comma in _authors(item)
            ),
            within: escape(item.get("container-title", "")),
            "chapter": item.get("chapter-number", ""),
            "organization": "{" + escape(item["publisher"]) + "}" if "publisher" in item else "",
            "year": _iso(item)[:4],
            "date": _iso(item),
            "version": item.get("version", ""),
            "language": item.get("language", ""),
            "note": escape(item.get("note", "")),
            # Read to the letter by BibLaTeX and by Zotero: nothing is escaped in it.
            "url": item.get("URL", ""),
        }
        lines = [f"  {name} = {{{value}}}," for name, value in text.items() if value]
        return "\n".join([f"@{_BIBTEX[item['type']]}{{{item['id']},", *lines, "}", ""])

    return "\n".join(entry(item) for item in items)


def ris(items: Iterable[Item]) -> str:
    """RIS: a tag, two spaces, a hyphen and a value a line; ``ER`` ends a record."""

    def record(item: Item) -> str:
        iso = _iso(item)
        pairs = [
            ("TY", _RIS[item["type"]]),
            ("ID", item["id"]),
            *(("AU", name) for name, _ in _authors(item)),
            ("TI", item["title"]),
            ("T2", item.get("container-title")),
            ("PB", item.get("publisher")),
            ("PY", iso[:4]),
            # Year, month, day and a remark, parted by slashes; each may be empty.
            ("DA", "/".join([*iso.split("-"), "", "", ""][:4]) if iso else ""),
            ("ET", item.get("version")),
            ("LA", item.get("language")),
            ("N1", item.get("note")),
            # A semicolon parts two addresses in this format.
            ("UR", item.get("URL", "").replace(";", "%3B")),
        ]
        lines = [f"{tag}  - {value}" for tag, value in pairs if value]
        return "\r\n".join([*lines, "ER  - ", "", ""])

    return "".join(record(item) for item in items)


def escape(text: str) -> str:
    r"""Text in which LaTeX's own signs stand for themselves.

    >>> print(escape("Taylor & Francis, $94 million, un_votes"))
    Taylor \& Francis, \$94 million, un\_votes
    """
    return "".join(_LATEX.get(sign, sign) for sign in text)


def _filled(**fields: Any) -> Item:
    return {name: value for name, value in fields.items() if value}


def _date(iso: str) -> dict[str, list[list[int]]] | None:
    """A partial ISO date in CSL's form; nothing if it is not known."""
    if not re.match(r"\d{4}", iso):
        return None
    return {"date-parts": [[int(part) for part in iso.split("-")]]}


def _iso(item: Item) -> str:
    """The item's partial ISO date, or ""."""
    parts = item["issued"]["date-parts"][0] if "issued" in item else []
    return "-".join(f"{part:04d}" if at == 0 else f"{part:02d}" for at, part in enumerate(parts))


def _authors(item: Item) -> list[tuple[str, bool]]:
    """Each author, and whether the name has the form "family, given"."""
    return [
        (author["literal"], False)
        if "literal" in author
        else (f"{author['family']}, {author['given']}", True)
        for author in item.get("author", [])
    ]
