"""Sphinx extension: every page marks the words that are not English."""

from __future__ import annotations

from typing import Any

from sphinx.application import Sphinx

from explainer.languages import tagged


def mark_languages(app: Sphinx, pagename: str, templatename: str, context: dict, _: Any) -> None:
    """Mark the finished body of a page, whatever part of it came from where."""
    if "body" in context and app.builder.format == "html":
        context["body"] = tagged(context["body"])


def setup(app: Sphinx) -> dict[str, Any]:
    """Run after the extensions that still add to the page."""
    app.connect("html-page-context", mark_languages, priority=900)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
