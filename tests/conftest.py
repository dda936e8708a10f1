"""What the tests share: importable extensions as in the build, and one browser."""

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

BOOK = Path(__file__).resolve().parents[1] / "book"
for folder in (BOOK, BOOK / "_ext", BOOK.parent / ".ci"):
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The machine's Chromium if there is one, else the one that Playwright installed."""
    system = os.environ.get("CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=system, args=["--no-sandbox", "--disable-gpu"]
        )
        yield chromium
        chromium.close()
