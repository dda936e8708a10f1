"""What a page weighs: budgets of bytes, requests and movement, as a browser meets them."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, CDPSession, Page
from serving import Quiet, served
from test_site import CHAPTERS, DESKTOP, OPEN_MAPS, PAGES, PHONE

TEXT, CHARTS, MAP = 90_000, 180_000, 260_000
"""Bytes transferred: a page of text, one with charts, one whose map is open."""

LONG_LISTS = [
    "teach/answers.html",
    *(f"reference/{name}.html" for name in ("claims", "data", "timeline")),
]
"""Pages whose items are laid out when they come near, unless a reader arrives among them."""

REQUESTS = 15
SHIFT = 0.01

WATCH_SHIFTS = """
window.shifted = 0;
new PerformanceObserver(list => list.getEntries().forEach(entry => { shifted += entry.value; }))
  .observe({ type: "layout-shift", buffered: true });
"""


# The page of search loads its index at once: it is search in use.
WEIGHED = [*PAGES, "404.html"]


@pytest.fixture(scope="session")
def compressed(site: Path) -> Iterator[str]:
    """The site's address on a host that compresses, as hosts of static sites do."""

    class Compressing(Quiet):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            path = Path(self.translate_path(self.path))
            if not path.is_file():
                return self.send_error(404)
            body = path.read_bytes()
            kind = self.guess_type(path)
            self.send_response(200)
            self.send_header("Content-Type", kind)
            if kind.startswith("text/") or kind.endswith(("javascript", "json", "xml")):
                body = gzip.compress(body, 6)
                self.send_header("Content-Encoding", "gzip")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    with served(site, Compressing) as root:
        yield root


class Scales:
    """Counts what a page asks for and what comes over the wire."""

    def __init__(self, page: Page) -> None:
        self.requests = 0
        self.bytes = 0
        session: CDPSession = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.on("Network.requestWillBeSent", self.asked)
        session.on("Network.loadingFinished", self.came)

    def asked(self, event: dict) -> None:
        self.requests += not event["request"]["url"].startswith("data:")

    def came(self, event: dict) -> None:
        self.bytes += int(event["encodedDataLength"])


@pytest.mark.parametrize("name", WEIGHED)
def test_page_keeps_its_budget(browser: Browser, compressed: str, name: str) -> None:
    """A phone gets the page within its budget of bytes and requests, and nothing moves."""
    page = browser.new_page(viewport=PHONE)
    page.add_init_script(WATCH_SHIFTS)
    scales = Scales(page)
    page.goto(compressed + name, wait_until="networkidle")
    has_figures = page.locator("figure.figure").count() > 0
    assert scales.bytes <= (CHARTS if has_figures else TEXT)
    assert scales.requests <= REQUESTS
    assert page.evaluate("shifted") <= SHIFT
    if page.evaluate(OPEN_MAPS):
        page.wait_for_load_state("networkidle")
        assert scales.bytes <= MAP
    page.close()


def shift_on_arrival(browser: Browser, place: str, viewport: dict) -> float:
    """How much moves when a page is opened at this heading, which must be in the window."""
    page = browser.new_page(viewport=viewport)
    page.add_init_script(WATCH_SHIFTS)
    page.goto(place, wait_until="networkidle")
    heading = page.locator("#" + place.partition("#")[2])
    assert heading.bounding_box()["y"] < viewport["height"]
    shift = page.evaluate("shifted")
    page.close()
    return shift


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("name", [*CHAPTERS, *LONG_LISTS])
def test_nothing_moves_on_arrival_at_a_section(
    browser: Browser, compressed: str, name: str, viewport: dict
) -> None:
    """A link to a heading in the middle or at the end leads to a page at rest."""
    page = browser.new_page(viewport=viewport)
    page.goto(compressed + name)
    places = page.locator("a.anchor").evaluate_all("all => all.map((link) => link.hash)")
    page.close()
    for place in (places[len(places) // 2], places[-1]):
        # A busy machine may paint while the page still comes in: the quietest of three counts.
        address = compressed + name + place
        assert min(shift_on_arrival(browser, address, viewport) for _ in range(3)) <= SHIFT
