"""Sphinx extension: a page is read again when anything that it shows may have changed.

Sphinx compares only the dates of the pages themselves. Here contents are compared: an
edited page is read again, and all of them are after any other change, since a page may
draw on every table, module and setting. Notebooks are not executed again for that
(``fresh_notebooks``). A build that failed or gave a warning counts for nothing.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

import disk
import inputs

_now: dict[str, str | None] = {}


def stamp(app: Sphinx) -> Path:
    """The file that says what the pages were last made from."""
    return Path(app.doctreedir) / f"made-from-{app.builder.name}.json"


def to_read(app: Sphinx, env: BuildEnvironment, added: set, changed: set, removed: set) -> set[str]:
    """The pages that must be read again."""
    _now.clear()
    everything = (inputs.files, inputs.variables, inputs.python, inputs.packages)
    for part in everything:
        _now.update(part())
    try:
        before = json.loads(stamp(app).read_text("utf-8"))
    except (OSError, ValueError):
        before = {}
    stamp(app).unlink(missing_ok=True)
    different = {name for name, _ in before.items() ^ _now.items()}
    if not before or not all(map(inputs.is_page, different)):
        return env.found_docs
    sources = {
        docname: Path(env.doc2path(docname)).relative_to(inputs.ROOT).as_posix()
        for docname in env.found_docs
    }
    return {docname for docname, source in sources.items() if source in different}


def remember(app: Sphinx, error: Exception | None) -> None:
    """Note what the site was made from, once it is in its place."""
    if error is None and not app._warncount:
        disk.write_whole(stamp(app), json.dumps(_now, indent=1))


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the events."""
    app.connect("env-get-outdated", to_read)
    app.connect("build-finished", remember, priority=910)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
