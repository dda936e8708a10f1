"""Sphinx extension: the site in ``_build`` is always a whole one, from one build.

A build writes all pages into an empty folder beside the site, and that takes the site's
place at the very end. So a build that fails or is killed leaves the last good site, and
no page or figure of an earlier book stays behind. A second build waits for the first.
"""

from __future__ import annotations

import shutil
from typing import Any

from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.errors import SphinxError
from sphinx.util import logging

import disk

logger = logging.getLogger(__name__)


class DiskError(SphinxError):
    """The disk refused something; said in one line."""

    category = "Nothing was built, the last site stays as it was"


class Site:
    """The folder of the site, and the one beside it that a build writes to."""

    lock: disk.Lock | None = None

    def begin(self, app: Sphinx, config: Config) -> None:
        """Wait for other builds, then let Sphinx write beside the site."""
        self.folder = app.outdir
        self.beside = app.outdir.with_name(f".{app.outdir.name}-next")
        if Site.lock is not None:
            Site.lock.give_back()  # left by a build of this process that failed at its start
        waiting = "Another build of this book is running; waiting for it to end ..."
        try:
            Site.lock = disk.Lock(self.folder.with_name(".lock"), lambda: logger.info(waiting))
            Site.lock.take()
            disk.put_back(self.folder)
            shutil.rmtree(self.beside, ignore_errors=True)
            self.beside.mkdir()
        except OSError as error:
            self.refuse(error)
            raise
        app.outdir = self.beside

    def end(self, app: Sphinx, error: Exception | None) -> None:
        """Show the new site if it was built well; else leave the last one."""
        if app.outdir != self.beside:
            return  # told a second time, of a failure of its own
        app.outdir = self.folder
        try:
            if error is None and not (app._warncount and app.keep_going):
                disk.publish(self.beside, self.folder)
        except OSError as refused:
            self.refuse(refused)
            raise
        finally:
            shutil.rmtree(self.beside, ignore_errors=True)
            Site.lock.give_back()
        self.refuse(error)

    def refuse(self, error: Exception | None) -> None:
        """Say in one line what the disk refused, if that is what went wrong."""
        if words := disk.refusal(error, self.folder.parent):
            raise DiskError(words) from error


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the events: the first of all at the start, the last at the end."""
    site = Site()
    app.connect("config-inited", site.begin, priority=1)
    app.connect("build-finished", site.end, priority=900)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
