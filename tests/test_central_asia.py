"""Which foreign sites the map of Central Asia shows in which year, and as what."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from explainer import maps
from explainer.chapters import central_asia

K2, MANAS = "Karshi-Khanabad", "Manas"
FRANCE, GERMANY = "French air detachment", "Termez strategic"


@pytest.mark.parametrize(
    ("year", "names"),
    [
        (2001, {K2, MANAS, FRANCE}),
        (2002, {K2, MANAS, FRANCE, GERMANY}),
        (2005, {K2, MANAS, FRANCE, GERMANY}),
        (2006, {MANAS, FRANCE, GERMANY}),
        (2012, {MANAS, FRANCE, GERMANY}),
        (2015, {GERMANY}),
        (2026, set()),
    ],
)
def test_bases_of_the_coalition(year: int, names: set[str]) -> None:
    found = central_asia.in_use(year)["name"]
    assert len(found) == len(names)
    assert all(any(name.startswith(start) for name in found) for start in names)


def test_russian_bases_stay() -> None:
    """Only Kulob was given up; Kant came in 2003."""
    before = set(central_asia.in_use(2002, ["Russia"])["id"])
    after = set(central_asia.in_use(2026, ["Russia"])["id"])
    assert before - after == {"201-kulob"}
    assert after - before == {"kant-russia"}


def test_an_offer_is_shown_in_its_year_only() -> None:
    rows = central_asia.map_rows()
    offers = rows[rows["Kind"].str.contains("offered|planned")]
    assert len(offers) == 6
    assert (offers["Shown from"] == offers["Shown to"]).all()


def test_an_unknown_end_is_marked_and_a_known_one_kept() -> None:
    rows = central_asia.map_rows().set_index("Site")
    team = rows.loc["Ashgabat airport, US refuelling team"]
    assert list(team["No report"]) == [False, True]
    assert team["Shown to"].iloc[0] + 1 == team["Shown from"].iloc[1]
    assert team["Shown to"].isna().tolist() == [False, True]
    assert rows.loc["Termez strategic air transport base", "Shown to"] == 2015


def test_ceilings_plans_and_contradicted_reports_are_no_head_counts() -> None:
    largest = central_asia.head_counts().groupby("site")["personnel"].max()
    # 1,500 is a ceiling and 1,300 a newspaper's figure of the year of the official 800.
    assert largest["k2-karshi-khanabad"] == 800
    # 3,000 was first a plan, then a newspaper's figure against the official 1,200.
    assert largest["manas-ganci"] == 1900
    assert "osh-planned" not in largest


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    """The chapter's map in a browser."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.set_content(maps.document(central_asia.sites_map(), name="map", title="A map"))
    page.wait_for_selector(".map-mark")
    yield page
    page.close()


@pytest.mark.browser
@pytest.mark.parametrize(("year", "bases"), [(2002, 4), (2005, 4), (2012, 3), (2026, 0)])
def test_the_slider_shows_the_bases_of_the_year(page: Page, year: int, bases: int) -> None:
    page.focus("input[type=range]")
    page.keyboard.press("Home")
    for _ in range(year - 2001):
        page.keyboard.press("ArrowRight")
    shown = page.eval_on_selector_all(
        ".map-mark", "marks => marks.filter(m => m.offsetParent !== null).map(m => m.ariaLabel)"
    )
    coalition = {K2, MANAS, FRANCE, GERMANY}
    assert sum(name.startswith(start) for name in shown for start in coalition) == bases
    assert f"{bases} bases of the US, Germany and France." in page.inner_text("output")
    routes = page.locator(".folium-map path.route").first
    assert routes.is_visible() == (year == 2012)
