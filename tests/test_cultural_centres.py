"""What the map of Russian sites says about places that are not known exactly."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from explainer import maps
from explainer.chapters import cultural_centres


@pytest.mark.parametrize(
    ("site", "opened"),
    [
        ("russian-house-bethlehem", "26 June 2012"),
        ("putin-street", "26 June 2012 (named)"),
        ("putin-center", "opened 11 May 2017; handover 2016, accounts differ"),
        ("bethany-school", "not found"),
    ],
)
def test_date_and_note_of_an_opening_make_one_phrase(site: str, opened: str) -> None:
    rows = cultural_centres.sites().set_index("id")
    assert rows.at[site, "opened"] == opened


def test_a_disputed_title_of_2020_is_no_news_since_october_2023() -> None:
    rows = cultural_centres.sites().set_index("id")
    assert rows.at["hebron-abrahams-oak", "no_recent_text"]
    assert not rows.at["russian-house-bethlehem", "no_recent_text"]


def test_equal_study_places_of_following_years_are_labelled_once() -> None:
    figure = cultural_centres.scholarships_chart("narrow")
    labels = [text.get_text() for text in figure.axes[1].texts]
    assert sorted(labels) == ["150", "150 each year", ">100", "c. 200"]


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    """The chapter's map in a browser."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.set_content(maps.document(cultural_centres.sites_map(), name="map", title="A map"))
    page.wait_for_selector(".map-mark")
    yield page
    page.close()


@pytest.mark.browser
def test_kalinka_is_an_area_and_the_other_sites_are_symbols(page: Page) -> None:
    symbols = page.eval_on_selector_all(".map-mark", "all => all.map(one => one.ariaLabel)")
    assert len(symbols) == len(cultural_centres.sites()) - 1
    assert not any("Kalinka" in name for name in symbols)
    assert page.locator(".map-area").count() == 1
    assert "somewhere in the Gaza Strip" in page.inner_text(".map-area")
    assert page.locator("path.area").is_visible()


@pytest.mark.browser
def test_kalinka_s_popup_opens_from_the_keyboard_and_names_its_source(page: Page) -> None:
    page.focus(".map-area[aria-label=Kalinka]")
    page.keyboard.press("Enter")
    popup = page.locator("[role=dialog]")
    assert "somewhere in: Gaza Strip" in popup.inner_text()
    assert "not found (last dated text May 2016)" in popup.inner_text()
    assert popup.locator("a[href^='https://news.un.org/']").count() == 1
    page.keyboard.press("Escape")
    popup.wait_for(state="detached")


@pytest.mark.browser
def test_the_legend_names_every_kind_on_the_map(page: Page) -> None:
    legend = page.inner_text("ul[aria-label=Legend]")
    for group in cultural_centres.sites()["group"].unique():
        assert cultural_centres.SYMBOLS[group].label in legend
    assert maps.PRECISION_LABELS["region"] in legend
