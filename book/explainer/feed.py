"""The Atom feed of changed verdicts and corrections."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID, uuid5
from xml.etree import ElementTree

from explainer import citing, data, evidence
from explainer.evidence import Correction

SPACE = UUID("8f6d3a52-0c1e-4b7f-9a35-5d1c0e6b2f47")
"""The ids of feed and entries are made in it, so that they outlive any address."""

_ATOM = "http://www.w3.org/2005/Atom"


def atom(titles: dict[str, str], address: Callable[[str], str], self_address: str) -> bytes:
    """The feed; ``titles`` are those of the pages, by their file without its ending.

    ``address`` gives a page's address, relative to the feed if the site's own is unknown;
    ``self_address`` is the feed's own, "" if unknown.
    """
    corrections = evidence.current().corrections
    days = [data.about()["created"], *(each.date for each in corrections)]
    feed = ElementTree.Element("feed", {"xmlns": _ATOM, "xml:lang": "en"})
    _text(feed, "title", f"{citing.BOOK}: changed verdicts and corrections")
    _text(feed, "id", _id("feed"))
    _text(feed, "updated", _moment(max(days)))
    _text(feed, "rights", f"{citing.LICENCE}, {citing.LICENCE_URL}")
    _text(ElementTree.SubElement(feed, "author"), "name", citing.AUTHOR)
    _link(feed, "alternate", address("reference/corrections.html"))
    if self_address:
        _link(feed, "self", self_address)
    for each in corrections:
        entry = ElementTree.SubElement(feed, "entry")
        _text(entry, "title", heading(each, titles))
        _text(entry, "id", _id(each.id))
        _text(entry, "updated", _moment(each.date))
        _link(entry, "alternate", address(f"reference/corrections.html#{each.id}"))
        _text(entry, "content", f"Before: {each.was} Now: {each.now}")
    ElementTree.indent(feed, " ")
    return ElementTree.tostring(feed, encoding="utf-8", xml_declaration=True) + b"\n"


def heading(of: Correction, titles: dict[str, str]) -> str:
    """What a correction is about, such as "C11: How close are Moscow and Hamas?"."""
    title = titles.get(of.page, of.page)
    return f"{', '.join(of.claims)}: {title}" if of.claims else title


def _text(parent: ElementTree.Element, name: str, text: str) -> None:
    ElementTree.SubElement(parent, name).text = text


def _link(parent: ElementTree.Element, relation: str, address: str) -> None:
    ElementTree.SubElement(parent, "link", {"rel": relation, "href": address})


def _moment(day: str) -> str:
    """A day as Atom wants it; the tables know no hours."""
    return f"{day}T00:00:00Z"


def _id(key: str) -> str:
    return f"urn:uuid:{uuid5(SPACE, key)}"
