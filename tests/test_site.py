"""The built site in a real browser, as readers meet it."""

from __future__ import annotations

import csv
import html
import os
import re
from pathlib import Path

import pytest
import yaml
from axe_playwright_python.sync_playwright import Axe
from parsed_pages import pages_of, place
from playwright.sync_api import Browser, Page

from explainer import evidence

ROOT = Path(__file__).resolve().parents[1]
TOC = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
DOCUMENTS = [TOC["root"], *(page["file"] for part in TOC["parts"] for page in part["chapters"])]
PAGES = [
    "index.html" if document == "book/intro" else document.removeprefix("book/") + ".html"
    for document in DOCUMENTS
]
CHAPTERS = [page for page in PAGES if re.match(r"\d\d-", page)]
ACCESSIBLE = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OPEN_MAPS = """() => {
  const buttons = [...document.querySelectorAll('button.map-open')];
  buttons.forEach(button => button.click());
  return buttons.length;
}"""
OWN_LINKS = (
    "https://datapackage.org",
    "https://creativecommons.org/licenses/by/4.0/",
    *filter(None, map(os.environ.get, ("BOOK_URL", "BOOK_REPOSITORY"))),
)
"""Where links go that are no sources: the form of our data, our licence, our own addresses."""
DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}


def opened(browser: Browser, url: str, viewport: dict, scheme: str = "light") -> Page:
    """A page with what went wrong on it in ``page.faults``."""
    page = browser.new_page(viewport=viewport, color_scheme=scheme)
    page.faults = []
    host = url.split("/")[2]
    page.on(
        "console", lambda line: line.type == "error" and page.faults.append(f"console: {line.text}")
    )
    page.on("pageerror", lambda error: page.faults.append(f"script: {error}"))
    page.on("requestfailed", lambda request: page.faults.append(f"failed: {request.url}"))
    page.on(
        "request",
        lambda request: (
            request.url.split("/")[2:3] != [host]
            and not request.url.startswith("data:")
            and page.faults.append(f"outside: {request.url}")
        ),
    )
    page.on(
        "response",
        lambda answer: (
            answer.status >= 400 and page.faults.append(f"{answer.status}: {answer.url}")
        ),
    )
    page.goto(url, wait_until="load")
    return page


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("name", PAGES)
def test_page_is_whole(
    browser: Browser, address: str, name: str, viewport: dict, scheme: str
) -> None:
    """No error, nothing from outside or too wide, no barrier for readers; maps included."""
    page = opened(browser, address + name, viewport, scheme)
    if page.evaluate(OPEN_MAPS):
        page.wait_for_timeout(800)
    assert page.faults == []
    assert page.title()
    assert len(page.locator("main").inner_text()) > 300
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.locator("meta[name=description]").get_attribute("content")
    assert page.locator("h1").count() == 1
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map(node => node.id)")
    assert len(ids) == len(set(ids)), "an id stands twice"
    found = Axe().run(page, options={"runOnly": ACCESSIBLE, "resultTypes": ["violations"]})
    assert not [
        f"{barrier['id']}: {barrier['nodes'][0]['html'][:200]}"
        for barrier in found.response["violations"]
    ]
    page.close()


def test_links_lead_somewhere_and_to_every_page(site: Path) -> None:
    """Each link and file of a page is there, with its anchor; from the front page one gets to all.

    Outside links lead to sources, or to what this book is made with.
    """
    pages = pages_of(site)
    sources = {source.url for source in evidence.current().sources.values()}
    broken, foreign = [], set()
    for page in pages.values():
        for address in [*page.links, *page.files]:
            if (found := place(address)) is None:
                foreign |= {address} - sources
                continue
            name, anchor = found
            known = pages[name].ids if name in pages else {anchor}
            if not (site / name).is_file() or (anchor and anchor not in known):
                broken.append(f"{page.name}: {address}")
    assert not broken
    assert not [one for one in foreign if not one.startswith(OWN_LINKS)]

    reached, ahead = set(), ["index.html"]
    while ahead:
        name = ahead.pop()
        if name in pages and name not in reached:
            reached.add(name)
            ahead += [found[0] for link in pages[name].links if (found := place(link))]
    assert pages.keys() - reached <= {"404.html"}, "no link leads to these pages"


def test_a_dead_link_is_still_a_citation(site: Path) -> None:
    """Publisher, title and date stand beside each linked source."""
    pages = (site / "reference" / f"{name}.html" for name in ("sources", "sources-secondary"))
    page = "".join(each.read_text(encoding="utf-8") for each in pages)
    entries = dict(re.findall(r'(?s)<li id="source-([^"]+)"[^>]*>(.*?)</li>', page))
    for source in evidence.current().sources.values():
        entry = html.unescape(re.sub("</?span[^>]*>", "", entries[source.id]))
        assert entry.startswith(source.publisher)
        assert source.title in entry or source.title == "not stated"
        assert source.date in entry or source.date in ("", "not stated")


def test_no_download_runs_in_a_spreadsheet(site: Path) -> None:
    """A cell that begins with = + - @ would be a formula there; numbers may be negative."""
    for path in sorted(site.rglob("*.csv")):
        with path.open(encoding="utf-8", newline="") as stream:
            for number, row in enumerate(csv.reader(stream), start=1):
                for cell in row:
                    is_number = re.fullmatch(r"-?\d+(\.\d+)?(e-?\d+)?", cell)
                    assert is_number or cell[:1] not in (*"=+-@\t\r",), f"{path}, row {number}"


@pytest.mark.parametrize("name", CHAPTERS)
def test_figures_are_complete(browser: Browser, address: str, site: Path, name: str) -> None:
    """Each figure has a title, alt text, a source, a table with rows, and files to download."""
    page = opened(browser, address + name, DESKTOP)
    figures = page.locator("figure.figure").all()
    assert figures
    for figure in figures:
        assert len(figure.locator(".figure-title").inner_text()) > 20
        for picture in figure.locator("[role=img]").all():
            assert len(picture.get_attribute("aria-label")) > 60
        assert "Source" in figure.locator(".figure-source").inner_text()
        assert figure.locator("tbody tr").count() > 0
        for link in figure.locator(".figure-downloads a").all():
            assert (site / link.get_attribute("href")).stat().st_size > 100
    page.close()


@pytest.mark.parametrize("name", CHAPTERS)
def test_figures_have_text_a_phone_can_show(browser: Browser, address: str, name: str) -> None:
    """No label of a chart is smaller than 10 px on a phone, and one drawing is shown."""
    page = opened(browser, address + name, PHONE)
    small = page.evaluate(
        """[...document.querySelectorAll('.figure-narrow svg')].flatMap(svg => {
          const scale = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
          return [...svg.querySelectorAll('text')]
            .map(text => [text.textContent, parseFloat(getComputedStyle(text).fontSize) * scale])
            .filter(([, size]) => scale > 0 && size < 10)
            .map(([label, size]) => `${label}: ${size.toFixed(1)} px`)
        })"""
    )
    assert small == []
    assert not page.locator(".figure-wide svg").first.is_visible()
    page.close()


@pytest.mark.parametrize("name", CHAPTERS)
def test_facts_open_from_the_keyboard(browser: Browser, address: str, name: str) -> None:
    """Enter on a fact shows its statement, confidence and source; Escape gives focus back."""
    page = opened(browser, address + name, PHONE)
    fact = page.locator("a.fact").first
    fact.focus()
    page.keyboard.press("Enter")
    card = page.locator("#card")
    assert card.is_visible()
    assert re.search("confidence (high|medium|low)|counted by us", card.inner_text())
    box = card.bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= PHONE["width"]
    page.keyboard.press("Escape")
    assert not card.is_visible()
    assert page.evaluate("document.activeElement.classList.contains('fact')")
    page.close()


def test_without_javascript_everything_is_there(browser: Browser, address: str) -> None:
    """Text, pictures of maps, tables, verdicts and facts need no script."""
    context = browser.new_context(java_script_enabled=False, viewport=DESKTOP)
    page = context.new_page()
    for name in CHAPTERS:
        page.goto(address + name)
        for twin in page.locator(".map-twin").all():
            assert twin.is_visible()
        assert page.locator("figure.figure svg").first.is_visible()
        assert page.locator(".verdict").first.is_visible()
        target = page.locator("a.fact").first.get_attribute("href")
        assert page.locator(target).is_visible()
    page.goto(address + "reference/claims.html")
    assert page.locator(".claim-card").count() == 28
    assert all(card.is_visible() for card in page.locator(".claim-card").all())
    context.close()


def test_ledger_filters_and_has_permanent_links(browser: Browser, address: str) -> None:
    page = opened(browser, address + "reference/claims.html#c18", DESKTOP)
    card = page.locator("#c18")
    assert card.is_visible()
    assert "Kalinka" in card.inner_text()
    shown = page.locator(".claim-card:visible")
    page.get_by_label("Verdict").select_option("mixed")
    assert 0 < shown.count() < 28
    assert all(
        "mixed" in text for text in shown.locator("p > .verdict:first-child").all_text_contents()
    )
    page.get_by_label("Verdict").select_option("")
    page.get_by_label("Search").fill("garantex")
    assert "C14" in " ".join(shown.all_text_contents())
    assert page.locator("output").inner_text() == f"{shown.count()} of 28 shown"
    page.close()


def test_front_page_shows_every_verdict(browser: Browser, address: str) -> None:
    page = opened(browser, address, PHONE)
    squares = page.locator(".strip a")
    assert squares.count() == 28
    squares.nth(17).click()
    assert page.url.endswith("reference/claims.html#c18")
    page.close()


def test_theme_switch_reaches_charts_and_maps(browser: Browser, address: str) -> None:
    """The button changes page, charts and open maps at once, and the choice is kept."""
    name = next(page for page in CHAPTERS if "cultural" in page)
    page = opened(browser, address + name, DESKTOP)
    ink = "getComputedStyle(document.querySelector('figure svg text')).fill"
    frame = page.locator("iframe.map-frame").first
    frame.scroll_into_view_if_needed()
    page.wait_for_timeout(800)
    before = page.evaluate(ink)
    page.locator("button.theme").click()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    assert page.evaluate(ink) != before
    map_page = frame.element_handle().content_frame()
    assert map_page.evaluate("document.documentElement.dataset.theme") == "dark"
    page.reload()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    page.close()


def test_every_fact_is_listed_and_every_figure_has_its_own_name(site: Path) -> None:
    listed = (site / "reference" / "facts.html").read_text(encoding="utf-8")
    assert all(f'id="fact-{name}"' in listed for name in evidence.current().facts)
    figures = [
        name
        for chapter in CHAPTERS
        for name in re.findall(
            r'<figure class="figure" id="fig-([\w-]+)"', (site / chapter).read_text("utf-8")
        )
    ]
    assert len(figures) >= 35
    assert len(figures) == len(set(figures))


def test_site_opens_from_disk(browser: Browser, site: Path) -> None:
    """Unzipped anywhere, with no server: script, style, links and maps work."""
    name = next(page for page in CHAPTERS if "cultural" in page)
    page = opened(browser, (site / name).as_uri(), PHONE)
    page.evaluate(OPEN_MAPS)
    page.frame_locator("iframe.map-frame").first.locator("[role=button]").first.wait_for()
    page.locator("a.claim").first.click()
    assert page.locator("#card").is_visible()
    page.close()
