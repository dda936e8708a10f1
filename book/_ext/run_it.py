"""Sphinx extension: where a chapter can be run.

Beside the site's pages stands each chapter's notebook to download. If the address
of the source is known (``book_repository``), chapters also link to two services
that run notebooks; nothing is asked of them before a reader follows a link.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from sphinx.application import Sphinx

from explainer.evidence import Chapter
from explainer.figure import TEMPLATES

BOOK = Path(__file__).resolve().parents[1]
COLAB_NEEDS = ("folium", "xstatic-leaflet")
"""What the chapters import and Colab's own Python does not have, or not in our version."""


def services(chapter: Chapter, repository: str) -> list[tuple[str, str]]:
    """Name and address of each service that opens the chapter, for a source on GitHub."""
    place = urlsplit(repository)
    if place.netloc != "github.com":
        return []
    source = place.path.strip("/")
    notebook = f"{chapter.docname}.ipynb"
    return [
        ("Binder", f"https://mybinder.org/v2/gh/{source}/HEAD?labpath={notebook}"),
        ("Colab", f"https://colab.research.google.com/github/{source}/blob/main/{notebook}"),
    ]


def colab_needs() -> str:
    """Our versions of the packages that Colab lacks, as words for pip."""
    wanted = [
        line
        for line in (BOOK.parent / "requirements.in").read_text("utf-8").splitlines()
        if line.startswith(COLAB_NEEDS)
    ]
    return " ".join(f'"{line}"' for line in wanted)


def copy_notebooks(app: Sphinx, error: Exception | None) -> None:
    """Put the chapters' notebooks beside the pages; they are kept without outputs."""
    if error or app.builder.name != "html":
        return
    target = Path(app.outdir, "notebooks")
    target.mkdir(exist_ok=True)
    for path in sorted(BOOK.glob("[0-9]*.ipynb")):
        shutil.copyfile(path, target / path.name)


def setup(app: Sphinx) -> dict[str, Any]:
    """Hand the templates what they need, and copy the notebooks at the end."""

    def templates(app: Sphinx) -> None:
        repository = getattr(app.config, "book_repository", "").rstrip("/")
        TEMPLATES.globals.update(
            repository=repository,
            services=lambda chapter: services(chapter, repository),
            colab_needs=colab_needs,
        )

    app.connect("builder-inited", templates)
    app.connect("build-finished", copy_notebooks)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
