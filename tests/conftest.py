"""What the tests share: importable extensions as in the build, one browser, the built site."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright
from serving import Quiet, served

ROOT = Path(__file__).resolve().parents[1]
BOOK = ROOT / "book"
SITE = ROOT / "_build" / "html"
for folder in (BOOK, BOOK / "_ext", ROOT / ".ci"):
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


@pytest.fixture(scope="session")
def site() -> Path:
    """The site, built strictly: a single warning fails every test here."""
    build = subprocess.run(
        [sys.executable, ".ci/tasks.py", "book"],
        cwd=ROOT,
        env=os.environ | {"PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    output = build.stdout + build.stderr
    assert build.returncode == 0, output[-3000:]
    return SITE


@pytest.fixture(scope="session")
def address(site: Path) -> Iterator[str]:
    """The site's address on this machine, below a sub-path as on a project page."""

    class Below(Quiet):
        def translate_path(self, path: str) -> str:
            return super().translate_path(path.removeprefix("/book"))

    with served(site, Below) as root:
        yield f"{root}book/"
