"""What readers take away: figures on other sites, tables, the package, filtered lists."""

from __future__ import annotations

import gzip
import html
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from serving import served
from test_site import CHAPTERS, DESKTOP, PHONE, opened

import table_pages
from explainer import data, evidence

BUDGET = 90_000
"""Bytes of a text page with its stylesheet and script, compressed."""


@pytest.fixture(scope="session")
def figures(site: Path) -> dict[str, str]:
    """The chapter of each figure by its name."""
    found = {}
    for chapter in CHAPTERS:
        text = (site / chapter).read_text("utf-8")
        names = re.findall(r'<figure class="figure" id="fig-([\w-]+)"', text)
        found |= dict.fromkeys(names, chapter)
    return found


@pytest.fixture(scope="session")
def snippets(site: Path, figures: dict[str, str]) -> dict[str, str]:
    """The line of HTML that each figure's page offers for embedding."""
    found = {}
    for name in figures:
        text = (site / f"figures/{name}.html").read_text("utf-8")
        found[name] = html.unescape(re.search(r'id="snippet">(&lt;iframe.*?)</code>', text)[1])
    return found


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """A folder, and its address as another site: another port is another origin."""
    with served(tmp_path) as root:
        yield tmp_path, root


def host(folder: Path, snippets: list[str], root: str, width: str = "auto") -> str:
    """Write a page of another site with these figures; its name."""
    frames = "\n".join(snippets).replace('src="', f'src="{root}').replace('loading="lazy"', "")
    (folder / "host.html").write_text(
        '<!doctype html><link rel="icon" href="data:,"><title>Another site</title>'
        '<meta name="viewport" content="width=device-width">'
        f'<body style="margin:0"><main style="width:{width}">{frames}</main>',
        encoding="utf-8",
    )
    return "host.html"


# --- figures -----------------------------------------------------------------------------


def test_each_figure_has_a_page_with_all_that_reuse_needs(
    site: Path,
    figures: dict[str, str],
    snippets: dict[str, str],
) -> None:
    assert len(figures) > 45
    for name, chapter in figures.items():
        page = (site / f"figures/{name}.html").read_text("utf-8")
        text = html.unescape(re.sub(r"<[^>]+>", "", page))
        title = html.unescape(re.search(r'<h1 id="title">(.*?)</h1>', page)[1])
        assert page.count(f'id="fig-{name}"') == 1
        assert len(title) > 20
        for part in ("Source", "In words", "CC BY 4.0", "In: Why Russia and Hamas", "Download:"):
            assert part in text, (name, part)
        for link in re.findall(r'<a download href="\.\./([^"]+)"', page):
            assert (site / link).is_file()
        assert html.escape(title) in html.escape(html.unescape(snippets[name]))
        assert f'href="../{chapter}#code-{name}"' in page
        in_chapter = (site / chapter).read_text("utf-8")
        assert f'id="code-{name}"' in in_chapter
        assert f'href="figures/{name}.html"' in in_chapter
    listed = (site / "reference/figures.html").read_text("utf-8")
    assert re.findall(r'href="\.\./figures/([\w-]+)\.html"', listed) == list(figures)


@pytest.mark.parametrize("name", ["deaths-by-year", "russian-sites", "contacts-map"])
def test_figure_pages_are_whole(browser: Browser, address: str, name: str) -> None:
    for viewport in (DESKTOP, PHONE):
        page = opened(browser, f"{address}figures/{name}.html", viewport)
        assert page.faults == []
        assert page.locator(".figure-picture").is_visible()
        assert page.locator("nav.contents a").count() > 15
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        page.close()


def test_code_of_a_figure_opens_from_its_page(browser: Browser, address: str) -> None:
    page = opened(browser, f"{address}figures/deaths-by-year.html", DESKTOP)
    page.get_by_role("link", name="The code that drew it").click()
    code = page.locator("#code-deaths-by-year")
    code.wait_for(state="visible")
    assert "deaths_chart" in code.inner_text()
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_figures_show_on_another_site(
    browser: Browser,
    address: str,
    elsewhere: tuple[Path, str],
    snippets: dict[str, str],
    scheme: str,
) -> None:
    """Chart, table to read and map: no error, in the reader's light or dark, or a fixed theme."""
    folder, other = elsewhere
    chosen = [snippets[name] for name in ("deaths-by-year", "russian-sites")]
    chosen.append(chosen[0].replace(".embed.html", ".embed.html?theme=dark"))
    name = host(folder, chosen, address)
    page = browser.new_page(viewport=PHONE, color_scheme=scheme)
    faults = []
    page.on("console", lambda line: line.type in ("error", "warning") and faults.append(line.text))
    page.goto(other + name, wait_until="load")
    page.wait_for_timeout(500)
    frames = page.main_frame.child_frames
    assert len(frames) == 3
    paper = "getComputedStyle(document.body).backgroundColor"
    colours = [re.findall(r"\d+", frame.evaluate(paper))[:3] for frame in frames]
    bright = [sum(map(int, colour)) > 384 for colour in colours]
    assert bright == [scheme == "light", scheme == "light", False]
    assert frames[0].locator("svg").first.evaluate("svg => svg.getBoundingClientRect().width") == 0
    assert frames[0].locator("svg").nth(1).is_visible()
    frames[1].child_frames[0].locator("[role=button]").first.wait_for()
    link = frames[0].get_by_role("link", name=re.compile("Data, licence"))
    assert link.get_attribute("target") == "_blank"
    assert faults == []
    page.close()


@pytest.mark.parametrize("width", [390, 720])
def test_embedded_figures_fit_their_frames(
    browser: Browser,
    address: str,
    elsewhere: tuple[Path, str],
    snippets: dict[str, str],
    width: int,
) -> None:
    """No frame scrolls, and the picture keeps nearly all of the width: its letters stay legible."""
    folder, other = elsewhere
    name = host(folder, list(snippets.values()), address, f"{width}px")
    page = browser.new_page(viewport={"width": 390 if width == 390 else 1280, "height": 900})
    page.goto(other + name, wait_until="load")
    wrong = []
    for frame in page.main_frame.child_frames:
        if "embed" not in frame.url:
            continue
        fits = frame.evaluate(
            """() => {
              const picture = document.querySelector('.figure-picture');
              const svg = [...picture.querySelectorAll('svg')].find(each => each.clientWidth);
              const box = svg && svg.viewBox.baseVal;
              const width = box && picture.clientHeight * box.width / box.height;
              return {
                scrolls: document.documentElement.scrollHeight > innerHeight + 1,
                shown: box ? width / picture.clientWidth : 1,
              };
            }"""
        )
        if fits["scrolls"] or not 0.93 < fits["shown"] < 1.5:
            wrong.append((frame.url.rsplit("/", 1)[1], fits))
    assert wrong == []
    page.close()


# --- data --------------------------------------------------------------------------------


def test_package_unpacked_is_valid(site: Path, tmp_path: Path) -> None:
    from frictionless import validate

    packed = site / table_pages.PACKAGE
    with zipfile.ZipFile(packed) as archive:
        archive.extractall(tmp_path)
        assert archive.namelist() == sorted(archive.namelist())
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert (tmp_path / "LICENSE").is_file()
    report = validate(str(tmp_path / "datapackage.json"))
    assert report.valid, report.flatten(["message"])
    table_pages.package.cache_clear()
    assert table_pages.package() == packed.read_bytes()
    size = table_pages.spoken_size(packed.stat().st_size)
    assert size in (site / "reference/data.html").read_text("utf-8")


def test_data_page_says_what_each_table_is(site: Path) -> None:
    page = (site / "reference/data.html").read_text("utf-8")
    for table in data.descriptors():
        part = page.split(f'id="table-{table["name"]}"')[1].split("</section>")[0]
        text = html.unescape(re.sub(r"<[^>]+>", "", part))
        assert f"{len(data.load(table['name'])):,} rows" in text
        assert f"last changed {table['modified']}" in text
        assert "CC BY\N{NO-BREAK SPACE}4.0" in text
        assert all(column in text for column in table["titles"])
        assert all(unit in text for unit in table["units"].values())
        assert (site / f"data/{table['name']}.csv").is_file()
        assert (site / f"data/{table['name']}.html").is_file()


def test_table_sorts_and_filters_from_the_keyboard(browser: Browser, address: str) -> None:
    """Order and search stand in the address; numbers sort as numbers."""
    page = opened(browser, f"{address}data/attacks.html", DESKTOP)
    head = page.get_by_role("columnheader", name="killed", exact=True)
    head.get_by_role("button").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(head).to_have_attribute("aria-sort", "descending")
    column = head.evaluate("head => head.cellIndex")
    cells = page.locator(f"tbody td:nth-child({column + 1})").all_inner_texts()
    numbers = [int(cell.replace(",", "")) for cell in cells if cell]
    assert numbers == sorted(numbers, reverse=True)
    page.get_by_label("Search in the rows").fill("beslan")
    page.wait_for_url("**q=beslan*")
    assert page.locator("tbody tr").count() < 5
    again = opened(browser, page.url, DESKTOP)
    assert again.locator("tbody").inner_text() == page.locator("tbody").inner_text()
    assert page.faults == again.faults == []
    page.close()
    again.close()


def test_long_table_is_searched_whole(browser: Browser, site: Path) -> None:
    """From disk too: rows that the page does not hold are found, and pages turn."""
    page = browser.new_page(viewport=DESKTOP)
    page.goto((site / "data/roll-calls.html").as_uri())
    total = f"{len(data.load('roll-calls')):,}"
    output = page.locator("output")
    assert output.inner_text() == f"Rows 1 to 50 of {total}"
    page.get_by_role("button", name="Next 50").click()
    expect(output).to_have_text(f"Rows 51 to 100 of {total}")
    page.get_by_label("Search in the rows").fill("ZWE")
    found = (data.load("roll-calls")["iso3"] == "ZWE").sum()
    expect(output).to_have_text(f"{found} of {total} rows shown")
    assert page.locator("tbody tr").count() == found
    page.close()


# --- explorers ---------------------------------------------------------------------------


def shown(page: Page) -> list[str]:
    """Ids of the items that the filter left, once it has run."""
    page.wait_for_timeout(300)
    return page.evaluate(
        "[...document.querySelectorAll('.notes > li')].filter(li => !li.hidden).map(li => li.id)"
    )


def test_facts_are_explored_from_the_keyboard(browser: Browser, address: str) -> None:
    """Each field narrows the list to what the data say; the address keeps what was chosen."""
    facts = evidence.current().facts.values()
    page = opened(browser, f"{address}reference/facts.html", DESKTOP)
    start = page.locator("output").inner_text()
    assert start == f"{len(facts)} of {len(facts)} shown"
    page.get_by_label("Search").focus()
    for keys in ("", "C0", "f", "c", "h"):  # search; claim, kind, bearing, confidence
        page.keyboard.type(keys)
        page.keyboard.press("Tab")
    wished = {
        label: page.get_by_label(label).input_value()
        for label in ("Claim", "Kind", "Bearing", "Confidence")
    }
    assert all(wished.values()), wished
    expected = {
        f"fact-{fact.id}"
        for fact in facts
        if wished["Claim"] in fact.claims
        and (fact.kind, fact.bearing, fact.confidence)
        == (wished["Kind"], wished["Bearing"], wished["Confidence"])
    }
    assert set(shown(page)) == expected
    again = opened(browser, page.url, PHONE)
    assert set(shown(again)) == expected
    again.close()
    page.get_by_role("button", name="Show all").press("Enter")
    assert len(shown(page)) == len(facts)
    assert "?" not in page.url
    page.get_by_label("Source").fill("ria novosti")
    assert set(shown(page)) == {
        f"fact-{fact.id}"
        for fact in facts
        if any("ria novosti" in source.label.lower() for source in fact.sources)
    }
    assert page.locator("#publishers option").count() > 100
    assert page.faults == []
    page.close()


def test_link_to_a_fact_is_stronger_than_a_filter(browser: Browser, address: str) -> None:
    name = next(iter(evidence.current().facts))
    page = opened(browser, f"{address}reference/facts.html?q=nosuchword#fact-{name}", PHONE)
    expect(page.locator(f"#fact-{name}")).to_be_in_viewport()
    page.close()


def test_far_fact_is_reached_by_its_anchor(browser: Browser, address: str) -> None:
    """Items that are laid out late do not make an anchor miss."""
    facts = [fact for fact in evidence.current().facts.values() if fact.date != "undated"]
    last = max(facts, key=lambda fact: fact.date)
    page = opened(browser, f"{address}reference/facts.html#fact-{last.id}", PHONE)
    page.wait_for_timeout(500)
    expect(page.locator(f"#fact-{last.id}")).to_be_in_viewport()
    page.close()


def test_five_thousand_facts_stay_quick(
    browser: Browser,
    site: Path,
    tmp_path: Path,
) -> None:
    """Six letters and all that follows cost 2 s of processor time at most, in small parts.

    Processor time, because other work on the machine does not change it.
    """
    page_html = (site / "reference/facts.html").read_text("utf-8")
    before, rest = page_html.split('<ul class="notes long">')
    items, after = rest.split("</ul>", 1)
    copies = -(-5000 // items.count("<li id="))
    many = "".join(
        items.replace(' id="fact-', f' id="copy-{number}-').replace("<p>", f"<p>{number}: ")
        for number in range(copies)
    )
    (tmp_path / "reference").mkdir()
    (tmp_path / "_static").symlink_to(site / "_static")
    copied = f'{before}<ul class="notes long">{many}</ul>{after}'
    (tmp_path / "reference/facts.html").write_text(copied, encoding="utf-8")
    page = browser.new_page(viewport=PHONE)
    devtools = page.context.new_cdp_session(page)
    devtools.send("Performance.enable", {"timeDomain": "threadTicks"})

    def spent() -> float:
        """Processor time of the page so far, in seconds."""
        metrics = devtools.send("Performance.getMetrics")["metrics"]
        return next(each["value"] for each in metrics if each["name"] == "TaskDuration")

    page.goto((tmp_path / "reference/facts.html").as_uri())
    total = page.locator(".notes > li").count()
    assert total >= 5000
    page.get_by_label("Search").focus()
    page.wait_for_timeout(2500)
    start = spent()
    page.keyboard.type("moscow", delay=30)
    expect(page.locator("output")).not_to_have_text(f"{total} of {total} shown")
    page.wait_for_timeout(1500)
    assert spent() - start <= 2
    page.close()


@pytest.mark.parametrize("name", ["facts", "sources", "sources-secondary", "data", "figures"])
def test_lists_are_light(site: Path, name: str) -> None:
    files = [f"reference/{name}.html", "_static/site.css", "_static/site.js"]
    weight = sum(len(gzip.compress((site / file).read_bytes(), 9)) for file in files)
    assert weight <= BUDGET, f"{weight:,} bytes"
