"""Sphinx extension: ``404.html``, which hosts show in place of every missing address.

The page is shown at addresses of any depth, so its links cannot be relative to them.
They start from the path of ``BOOK_URL`` if that is set, else from the host's root; a
script then looks which folder of the address the book really lies in.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from sphinx.application import Sphinx

from explainer import style
from light_site import START_SCRIPT, policy

ROOT_SCRIPT = (
    "(async()=>{if(location.protocol==='file:')return;let root='';"
    "for(const part of location.pathname.split('/').slice(0,-1)){root+=part+'/';"
    "try{if((await fetch(root+'search/start.js',{method:'HEAD'})).ok){"
    "document.querySelector('base').href=root;return}}catch{}}})()"
)
"""Takes the first folder of the address that holds this book as the root of all links."""


RULES = """
body{margin:0 auto;max-width:45rem;padding:1rem 1.25rem 3rem;font:1.125rem/1.62 Georgia,serif;
background:var(--fig-paper);color:var(--fig-ink)}
a{color:inherit;text-underline-offset:.18em}:focus-visible{outline:3px solid}
li{padding:.15rem 0}h2{font-size:1.1rem}
"""
"""The few rules of style that the page carries, since it may not know where the others lie."""


def missing_page(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """The page and what its template needs."""
    address = urlsplit(getattr(app.config, "book_url", ""))
    rules = style.css_variables() + RULES
    allowed = policy(START_SCRIPT, ROOT_SCRIPT, styles=[rules])
    context = {
        "title": "Page not found",
        "base": address.path or "/",
        "root_script": ROOT_SCRIPT,
        "missing_policy": allowed.replace("base-uri 'none'", "base-uri 'self'"),
        "missing_style": rules,
    }
    yield "404", context, "404.html"


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the page."""
    app.connect("html-collect-pages", missing_page)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
