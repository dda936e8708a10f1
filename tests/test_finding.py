"""Finding things: search, outline, breadcrumbs, permanent anchors and the missing page."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from serving import Quiet, served
from test_site import ACCESSIBLE, CHAPTERS, DESKTOP, PAGES, PHONE, opened

from html_tree import part
from light_site import keep_together

ROOT = Path(__file__).resolve().parents[1]
PUBLISHED = ROOT / "tests" / "anchors.txt"
CHAPTER = next(name for name in CHAPTERS if name.startswith("04"))
RESULTS = ".results li > a"


def barriers(page: Page) -> list[str]:
    """What axe finds on the page as it is shown now."""
    found = Axe().run(page, options={"runOnly": ACCESSIBLE, "resultTypes": ["violations"]})
    return [
        f"{each['id']}: {each['nodes'][0]['html'][:200]}" for each in found.response["violations"]
    ]


def search(page: Page, words: str) -> list[str]:
    """Type into the open search and give the addresses of the results."""
    page.locator("input[name=q]:visible").last.fill(words)
    page.locator(".search-form output", has_text=re.compile("result|found|these")).wait_for()
    return [link.get_attribute("href") for link in page.locator(RESULTS).all()]


def test_search_weighs_nothing_until_it_is_used(browser: Browser, address: str) -> None:
    page = browser.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address + CHAPTER)
    assert not [url for url in asked if "search" in url]
    with page.expect_request(lambda request: "search/index.js?v=" in request.url):
        page.locator("a.search-open").focus()
    page.close()


FINDS = {
    "C14": "reference/claims.html#c14",
    "claim 7": "reference/claims.html#c07",
    "Did Putin congratulate Hamas": "#did-putin-congratulate-hamas-in-2006",
    "garantex": "reference/glossary.html#garantex",
    "meshaal": "reference/people.html#mashal",
    "Машаль": "reference/people.html#mashal",
    "haniye": "reference/people.html#haniyeh",
    "lavrof": "reference/people.html#lavrov",
    "detente": "reference/glossary.html#detente",
    "why is hamas not on the terrorist list": "#hamas-who-lists-it-and-why-russia-does-not",
    "vetoes on syria": "reference/data.html#table-syria-vetoes",
    "Russian Houses from Egypt": "#fig-",
}


def test_search_finds(browser: Browser, address: str) -> None:
    """A claim's number, a question, a name in any spelling, a typing error: near the top."""
    page = opened(browser, address + CHAPTER, PHONE)
    page.keyboard.press("Control+k")
    page.locator("dialog[open]").wait_for()
    found = {words: search(page, words)[:5] for words in FINDS}
    wrong = {
        words: found[words]
        for words, expected in FINDS.items()
        if not any(expected in url for url in found[words])
    }
    assert wrong == {}
    assert page.faults == []
    page.close()


def test_search_by_keyboard(browser: Browser, address: str) -> None:
    """Open, type, walk through the results, leave; and go straight to a claim."""
    page = opened(browser, address + CHAPTER, DESKTOP)
    page.locator("a.search-open").focus()
    page.keyboard.press("Enter")
    page.locator("dialog[open]").wait_for()
    search(page, "kalinka")
    assert page.locator(".results mark").first.inner_text().lower() == "kalinka"
    assert page.locator(".results .verdict").count()
    assert barriers(page) == []
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    links = page.locator(RESULTS)
    assert links.nth(1).evaluate("node => node === document.activeElement")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Escape")
    assert page.locator("dialog[open]").count() == 0
    assert page.evaluate("document.activeElement.className") == "search-open"
    page.keyboard.press("Control+k")
    search(page, "C14")
    page.keyboard.press("Enter")
    page.wait_for_url("**/reference/claims.html#c14")
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_page_of_search(browser: Browser, address: str, viewport: dict, scheme: str) -> None:
    """A search can be linked to, shows its results in full and is free of barriers."""
    page = opened(browser, address + "search.html?q=putin", viewport, scheme)
    page.locator(RESULTS).first.wait_for()
    assert barriers(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    more = page.get_by_role("button", name=re.compile("Show all")).first
    before = page.locator(RESULTS).count()
    more.click()
    assert page.locator(RESULTS).count() > before
    search(page, "detente")
    assert page.url.endswith("?q=detente")
    assert page.faults == []
    page.close()


def test_search_from_disk_and_without_script(browser: Browser, site: Path) -> None:
    page = opened(browser, (site / CHAPTER).as_uri(), DESKTOP)
    page.locator("a.search-open").click()
    page.locator("dialog[open]").wait_for()
    search(page, "C18")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("file:///**/reference/claims.html#c18")
    page.close()
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((site / CHAPTER).as_uri())
    page.locator("a.search-open").click()
    page.wait_for_url("file:///**/search.html")
    page.locator(".search-page a", has_text="ledger").click()
    page.wait_for_url("file:///**/reference/claims.html")
    context.close()


def indexed(site: Path) -> dict:
    """What the index holds."""
    text = (site / "search" / "index.js").read_text(encoding="utf-8")
    return json.loads(text.removeprefix("searchIn(").rstrip().removesuffix(")"))


def anchors(path: Path) -> set[str]:
    """The ids of a page, and "" for its top."""
    return {"", *re.findall(r'\bid="([^"]+)"', path.read_text(encoding="utf-8"))}


def test_index_leads_to_what_is_there(site: Path) -> None:
    """Every page, claim, figure and fact is in the index, and each address exists."""
    content = indexed(site)
    pages = [page for page, _ in content["pages"]]
    assert set(PAGES) <= {page or "index.html" for page in pages}
    found = {page: anchors(site / page) for page in pages}
    lost = [record for record in content["records"] if record[2] not in found[pages[record[1]]]]
    assert lost == []
    kinds = [record[0] for record in content["records"]]
    assert kinds.count("claim") == 28
    assert min(kinds.count(kind) for kind in ("section", "figure", "fact", "person", "term")) > 30


def test_published_anchors_still_exist(site: Path) -> None:
    """Nobody's deep link breaks: a heading may be reworded, its old anchor stays.

    Put the old id back with a line ``(old-id)=`` above the heading. New anchors are
    added with the line that the failing test prints.
    """
    published = PUBLISHED.read_text(encoding="utf-8").split()
    lost = [
        place
        for place in published
        if place.partition("#")[2] not in anchors(site / place.partition("#")[0])
    ]
    assert lost == []
    there = {
        f"{name}#{anchor}"
        for name in CHAPTERS
        for anchor in re.findall(
            r'<(?:section|figure)[^>]* id="([^"]+)"', (site / name).read_text(encoding="utf-8")
        )
    }
    assert sorted(there - set(published)) == [], "add these to tests/anchors.txt"


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("name", CHAPTERS)
def test_ways_through_a_chapter(browser: Browser, address: str, name: str, viewport: dict) -> None:
    """Outline, breadcrumbs where the menu is closed, neighbours, and a link at each heading."""
    page = opened(browser, address + name, viewport)
    page.emulate_media(reduced_motion="reduce")  # scrolling is done at once
    trail = page.get_by_role("navigation", name="Breadcrumb")
    assert trail.is_visible() == (viewport is PHONE)
    outline = page.get_by_role("navigation", name="On this page")
    target = outline.locator("a").nth(1)
    if not target.is_visible():
        outline.locator("summary").click()
    target.click()
    heading = page.locator(page.evaluate("location.hash")).locator("h2").first
    assert abs(heading.bounding_box()["y"]) < viewport["height"]
    assert page.get_by_role("navigation", name="Previous and next page").locator("a").count()
    assert "Link to this" not in " ".join(page.locator("h2, h3").all_inner_texts())
    assert not page.locator("article section[id] > :is(h2, h3, h4):not(:has(a))").count()
    links = page.locator("a.anchor")
    assert links.count() >= page.locator("figure.figure").count() + 2
    links.first.focus()
    assert float(links.first.evaluate("node => getComputedStyle(node).opacity")) == 1
    page.close()


@pytest.mark.parametrize(
    ("name", "parent"),
    [
        ("figures/russian-houses.html", "reference/figures.html"),
        ("data/facts.html", "reference/data.html"),
        ("teach/04-contacts.html", "teach/summaries.html"),
    ],
)
def test_pages_below_a_listed_one_say_where_they_are(
    browser: Browser, address: str, name: str, parent: str
) -> None:
    """Menu and breadcrumbs name the page above, and lead to it."""
    page = opened(browser, address + name, PHONE)
    above = page.locator("nav.contents a[aria-current=true]")
    assert f"../{parent}".endswith(above.get_attribute("href"))
    assert not page.locator("nav.contents a[aria-current=page]").count()
    page.get_by_role("navigation", name="Breadcrumb").get_by_role("link").last.click()
    page.wait_for_url(f"**/{parent}")
    page.close()


def test_dates_and_votes_stay_on_one_line() -> None:
    """Not in drawings and code, nor what has one hyphen only and is no date."""
    tree = part(
        "<p>2023-10-07 &amp; <b>120-14-45</b> in 2023-10, S-300 1-2</p>"
        '<svg><text>2023-10-07</text></svg><code class="x">2023-10-07</code>'
    )
    keep_together(tree)
    assert [each.text() for each in tree.css(".together")] == ["2023-10-07", "120-14-45", "2023-10"]
    assert tree.css_first("p").text() == "2023-10-07 & 120-14-45 in 2023-10, S-300 1-2"


@pytest.mark.parametrize("name", ["claims", "figures", "glossary", "people", "timeline"])
def test_long_lists_have_an_outline(browser: Browser, address: str, name: str) -> None:
    """Each of its lines leads to a part of the list, also to one that a filter has hidden."""
    page = opened(browser, address + f"reference/{name}.html", DESKTOP)
    links = page.get_by_role("navigation", name="On this page").locator("a")
    hashes = links.evaluate_all("all => all.map((link) => link.hash)")
    assert len(set(hashes)) == len(hashes) > 5
    assert all(page.locator(anchor).count() == 1 for anchor in hashes)
    if page.locator("form.filter").count():
        page.get_by_label("Search").fill("no item has this")
        expect(page.locator(hashes[-2])).to_be_hidden()
    links.nth(len(hashes) - 2).click()
    expect(page.locator(hashes[-2])).to_be_in_viewport()
    page.close()


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize(
    "name", ["figures/russian-sites", "data/facts", "reference/methods", "teach/index", "search"]
)
def test_the_page_ends_above_its_footer(
    browser: Browser, address: str, name: str, viewport: dict
) -> None:
    page = opened(browser, address + f"{name}.html", viewport)
    # In one step: a map that opens by itself changes the height of the page meanwhile.
    ends = page.locator("main > *, footer").evaluate_all(
        "all => all.map((part) => part.getBoundingClientRect())"
        ".map((box, at) => at < all.length - 1 ? box.bottom : box.top)"
    )
    assert max(ends[:-1]) <= ends[-1]
    page.close()


@pytest.fixture(params=["/", "/book/", "/some/where/"])
def host(request: pytest.FixtureRequest, site: Path) -> Iterator[str]:
    """A host that shows ``404.html`` for a missing address, with the book in some folder."""
    base = request.param

    class Host(Quiet):
        def translate_path(self, path: str) -> str:
            inside = path.startswith(base)
            return super().translate_path("/" + path.removeprefix(base) if inside else "/none")

        def send_error(self, code: int, *_: object) -> None:
            body = (site / "404.html").read_bytes()
            self.send_response(code)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if self.command == "GET":
                self.wfile.write(body)

    with served(site, Host) as root:
        yield root.removesuffix("/") + base


@pytest.mark.parametrize("missing", ["no-such-page.html", "reference/deep/no/such.html"])
def test_missing_page_leads_back(browser: Browser, host: str, missing: str) -> None:
    """At any depth and under any folder, the links of the missing page reach the book."""
    page = browser.new_page(viewport=PHONE)
    page.goto(host + missing)
    page.locator(f"base[href='{urlsplit(host).path}']").wait_for(state="attached")
    assert barriers(page) == []
    page.get_by_role("link", name="introduction").click()
    page.wait_for_url(host + "index.html")
    assert page.locator("article").is_visible()
    page.close()


def test_library_is_what_its_readme_says() -> None:
    folder = ROOT / "book" / "_static" / "vendor" / "minisearch"
    digest = hashlib.sha256((folder / "minisearch.js").read_bytes()).hexdigest()
    assert digest in (folder / "README.md").read_text(encoding="utf-8")
