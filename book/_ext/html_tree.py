"""The HTML of pages and figures as a tree, read as browsers read it, drawings included."""

from __future__ import annotations

from collections.abc import Iterator

from docutils import nodes
from selectolax.lexbor import LexborHTMLParser, LexborNode


def part(markup: str) -> LexborHTMLParser:
    """A part of a page; its attribute ``html`` is the markup with all changes."""
    return LexborHTMLParser(markup, is_fragment=True)


def element(tree: LexborHTMLParser, tag: str, text: str = "", **attributes: str) -> LexborNode:
    """A new element; ``class_`` stands for ``class``, ``aria_label`` for ``aria-label``."""
    made = tree.create_node(tag)
    for name, value in attributes.items():
        made.attrs[name.rstrip("_").replace("_", "-")] = value
    if text:
        made.insert_child(text)
    return made


def above(node: LexborNode) -> Iterator[LexborNode]:
    """The elements that hold a node, from the inside out."""
    while (node := node.parent) is not None:
        yield node


def classes(node: LexborNode) -> list[str]:
    """The classes of an element."""
    return (node.attributes.get("class") or "").split()


def figures(doctree: nodes.Node) -> Iterator[LexborNode]:
    """The figures that the cells of a page, or of a part of it, have put out."""
    for raw in doctree.findall(nodes.raw):
        if "html" in raw.get("format", "") and '<figure class="figure"' in raw.astext():
            yield from part(raw.astext()).css("figure.figure")


def title_of(figure: LexborNode) -> str:
    """The finding that a figure has as its title, as text."""
    return figure.css_first("figcaption").text().strip()


def alt_of(figure: LexborNode) -> str:
    """What a figure says to those who cannot see it."""
    return figure.css_first("[role=img][aria-label], [role=group][aria-label]").attrs["aria-label"]
