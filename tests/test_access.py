"""The site for every reader: any size of text, any theme, keyboard, paper, no script."""

from __future__ import annotations

import base64
import hashlib
import re
import shutil
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Frame, Page
from test_site import ACCESSIBLE, CHAPTERS, DESKTOP, OPEN_MAPS, PAGES, PHONE

from explainer import style
from explainer.languages import tagged

MEASURE = (Path(__file__).parent / "measure.js").read_text("utf-8")
QUIET = ["--fig-grid", "--fig-land", "--fig-water", "--fig-paper"]
FOREIGN = re.compile("[\u0400-\u052f\u0590-\u05ff\u0600-\u06ff]")
MAPS = [
    "attacks-russia",
    "central-asia-map",
    "contacts-map",
    "russian-houses",
    "russian-sites",
]
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}


def reader(browser: Browser, url: str, **how: object) -> Page:
    """A page with the measuring tools in it and in its frames; violations go to ``faults``."""
    how.setdefault("viewport", DESKTOP)
    page = browser.new_page(**how)
    page.faults = []
    page.on(
        "console", lambda line: line.type == "error" and page.faults.append(f"console: {line.text}")
    )
    page.on("pageerror", lambda error: page.faults.append(f"script: {error}"))
    if how.get("java_script_enabled", True):
        page.add_init_script(MEASURE)
    page.goto(url, wait_until="load")
    return page


def lay_out(page: Page) -> None:
    """Lists whole: what is not in view yet has neither places nor text for the browser."""
    visible = "all => all.forEach((item) => { item.style.contentVisibility = 'visible'; })"
    page.locator(".long > *, .key").evaluate_all(visible)


def map_frames(page: Page) -> list[Frame]:
    """The documents of the page's maps, opened and drawn."""
    page.evaluate(OPEN_MAPS)
    frames = []
    for frame in page.locator("iframe.map-frame").all():
        frame.scroll_into_view_if_needed()
        document = frame.element_handle().content_frame()
        document.locator(".map-mark, .map-area").first.wait_for(state="attached")
        frames.append(document)
    return frames


# --- Content-Security-Policy ------------------------------------------------------------------


class Document(HTMLParser):
    """What a policy has to cover, and the text with the language that it stands in."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.policy = ""
        self.inline: list[tuple[str, str]] = []
        self.handlers: list[str] = []
        self.loads: list[str] = []
        self.untagged: list[str] = []
        self._open: list[tuple[str, dict]] = []
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list) -> None:
        """Note what the element loads and whether it runs anything."""
        given = {key: value or "" for key, value in attrs}
        if given.get("http-equiv", "").lower() == "content-security-policy":
            assert not self.inline, "the policy comes after a script"
            assert not self.loads, "the policy comes after a file"
            self.policy = given["content"]
        self.handlers += [f"{tag} {key}" for key in given if key.startswith("on")]
        self.handlers += [value for value in given.values() if value.startswith("javascript:")]
        if tag in ("script", "link", "img", "iframe", "source", "video", "audio"):
            address = given.get("src") or given.get("data-src") or given.get("href")
            if address and given.get("rel") not in ("canonical", "license", "alternate"):
                self.loads.append(address)
        if tag not in VOID:
            self._open.append((tag, given))

    def handle_endtag(self, tag: str) -> None:
        """Close the innermost element of this name."""
        for index in range(len(self._open) - 1, -1, -1):
            if self._open[index][0] == tag:
                del self._open[index:]
                return

    def handle_data(self, data: str) -> None:
        """Sort text into scripts, styles and words."""
        inside = [tag for tag, _ in self._open]
        if inside and inside[-1] in ("script", "style"):
            if "src" not in self._open[-1][1] and self._open[-1][1].get("type") != (
                "application/ld+json"
            ):
                self.inline.append((inside[-1], data))
        elif FOREIGN.search(data) and not {"svg", "title"} & set(inside):
            language = [given["lang"] for _, given in self._open if "lang" in given][-1]
            if language == "en":
                self.untagged.append(data.strip())


def documents(site: Path) -> Iterator[tuple[str, Document]]:
    for path in sorted(site.rglob("*.html")):
        yield path.relative_to(site).as_posix(), Document(path.read_text("utf-8"))


def test_every_document_has_a_strict_policy(site: Path) -> None:
    """No script or style sheet that the policy does not name, no handler, no other host."""
    for name, document in documents(site):
        rules = dict(rule.strip().split(" ", 1) for rule in document.policy.split(";"))
        assert rules["default-src"] == "'none'", name
        assert "unsafe" not in rules["script-src"].replace("'wasm-unsafe-eval'", ""), name
        assert "unsafe" not in rules["style-src-elem"], name
        assert not re.search(r"[\w*]+:(?!\s|;|$)|\*", document.policy.replace("data:", "")), name
        for kind, content in document.inline:
            digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
            rule = rules["script-src" if kind == "script" else "style-src-elem"]
            assert f"'sha256-{digest}'" in rule, f"{name}: {kind} {content[:60]}"
        assert document.handlers == [], name
        assert [each for each in document.loads if re.match(r"(https?:)?//", each)] == [], name


@pytest.mark.parametrize("name", PAGES)
def test_policy_lets_the_site_work(browser: Browser, address: str, name: str) -> None:
    """Theme, cards, filters, maps and their sliders break no rule of the policy."""
    page = reader(browser, address + name)
    page.evaluate(
        """() => addEventListener("securitypolicyviolation", (event) =>
          console.error(`violation: ${event.violatedDirective} ${event.blockedURI}`))"""
    )
    page.locator("button.theme").click()
    for link in page.locator("a.evidence[aria-expanded]").all()[:2]:
        link.dispatch_event("click")
        page.keyboard.press("Escape")
    for control in page.locator("form.filter input[type=search]").all():
        control.fill("hamas")
    for document in map_frames(page):
        document.locator(".map-mark, .map-area").first.focus()
        page.keyboard.press("Enter")
        document.locator(".leaflet-popup-content").wait_for()
        page.keyboard.press("Escape")
        for slider in document.locator("input[type=range]").all():
            slider.focus()
            page.keyboard.press("End")
    assert page.faults == []
    page.close()


def test_site_works_from_a_folder_with_any_name(
    browser: Browser, site: Path, tmp_path: Path
) -> None:
    """Unzipped to a folder with a space and letters of another script, with no server."""
    folder = tmp_path / "Моя книга é"
    name = next(page for page in CHAPTERS if "cultural" in page)
    for part in (name, "_static", "maps"):
        copy = shutil.copytree if (site / part).is_dir() else shutil.copy
        folder.mkdir(exist_ok=True)
        copy(site / part, folder / part)
    page = reader(browser, (folder / name).as_uri(), viewport=PHONE)
    for document in map_frames(page):
        assert document.evaluate("document.documentElement.dataset.theme") == "light"
    page.locator("button.theme").click()
    for document in map_frames(page):
        document.locator("html[data-theme=dark]").wait_for()
    assert page.faults == []
    page.close()


# --- Maps -------------------------------------------------------------------------------------


def test_all_maps_are_tested(site: Path) -> None:
    assert sorted(path.stem for path in (site / "maps").glob("*.html")) == MAPS


@pytest.mark.parametrize("name", MAPS)
def test_map_documents_have_no_barriers(browser: Browser, address: str, name: str) -> None:
    """Axe finds nothing in a map, closed and with a place open, in any theme and size."""
    for scheme in ("light", "dark"):
        for viewport in (DESKTOP, PHONE):
            page = reader(
                browser,
                f"{address}maps/{name}.html",
                viewport=viewport,
                color_scheme=scheme,
                reduced_motion="reduce",
            )
            for step in ("closed", "open"):
                if step == "open":
                    page.locator(".map-mark:not(.away), .map-area:not(.away)").first.focus()
                    page.keyboard.press("Enter")
                    page.locator(".leaflet-popup-content").wait_for()
                # Where marks stand is what a map says: WCAG 2.2 (2.5.8) exempts their spacing. Each
                # is 24 px wide (test_maps), and the table has the same places.
                options = {
                    "runOnly": ACCESSIBLE,
                    "resultTypes": ["violations"],
                    "rules": {"target-size": {"enabled": False}},
                }
                found = Axe().run(page, options=options).response["violations"]
                assert not [
                    f"{scheme} {step} {each['id']}: {each['nodes'][0]['html'][:200]}"
                    for each in found
                ]
            for control in page.locator("input, select, button").all():
                assert control.evaluate("e => e.labels?.length || e.ariaLabel || e.textContent")
            page.close()


@pytest.mark.parametrize("name", MAPS)
def test_every_place_can_be_read_from_the_keyboard(
    browser: Browser, address: str, site: Path, name: str
) -> None:
    """Tab reaches each place, Enter tells it, Escape goes back; the table has it as well."""
    chapter = next(page for page in CHAPTERS if f"maps/{name}.html" in (site / page).read_text())
    page = reader(browser, address + chapter, reduced_motion="reduce")
    table = page.locator(f"#fig-{name} .figure-table").text_content()
    document = next(frame for frame in map_frames(page) if f"/{name}.html" in frame.url)
    slider = document.locator("input[type=range]")
    if slider.count():
        slider.focus()
        page.keyboard.press("End")
    shown = document.locator(".map-mark:not(.away), .map-area:not(.away)")
    names = shown.evaluate_all("marks => marks.map(mark => mark.ariaLabel)")
    told = []
    document.locator(".folium-map").focus()
    while True:
        page.keyboard.press("Tab")
        if not document.evaluate(
            "document.activeElement.matches('.map-mark, .map-area, .leaflet-bar a')"
        ):
            break
        place = document.evaluate("document.activeElement.ariaLabel")
        if not document.evaluate("document.activeElement.matches('.map-mark, .map-area')"):
            continue
        page.keyboard.press("Enter")
        popup = document.locator(".leaflet-popup-content")
        popup.wait_for()
        assert place in popup.inner_text()
        page.keyboard.press("Escape")
        popup.wait_for(state="detached")
        assert document.evaluate("document.activeElement.ariaLabel") == place
        told.append(place)
    assert sorted(told) == sorted(names)
    everywhere = document.locator(".map-mark, .map-area").evaluate_all(
        "marks => marks.map(mark => mark.ariaLabel)"
    )
    # A mark may name its town or kind as well, which the table has in columns of their own.
    assert [each for each in everywhere if re.split(", |: ", each)[0] not in table] == []
    page.close()


# --- Keyboard and motion ----------------------------------------------------------------------


@pytest.mark.parametrize("name", PAGES)
def test_focus_can_be_seen(browser: Browser, address: str, name: str) -> None:
    """Whatever can have the focus shows an outline when it has it, in both themes."""
    page = reader(browser, address + name, reduced_motion="reduce")
    page.evaluate("document.querySelectorAll('details').forEach((part) => { part.open = true; })")
    frames = [page, *map_frames(page)]
    for _ in ("light", "dark"):
        for document in frames:
            page.keyboard.press("Tab")
            assert document.evaluate("measure.unseenFocus()") == []
        page.locator("button.theme").click()
    page.close()


@pytest.mark.parametrize("name", CHAPTERS)
def test_tab_goes_through_the_page_and_out(browser: Browser, address: str, name: str) -> None:
    """No trap: Tab passes all that can have the focus, maps included, and comes to the end."""
    page = reader(browser, address + name, reduced_motion="reduce")
    map_frames(page)
    last = page.evaluate("measure.focusable().length")
    page.evaluate(
        """() => {
          window.passed = new Set();
          document.addEventListener("focusin", (event) => passed.add(event.target));
          document.body.tabIndex = -1; document.body.focus();
        }"""
    )
    for _ in range(last * 2 + 400):
        page.keyboard.press("Tab")
        if page.evaluate("passed.has(measure.focusable().at(-1))"):
            break
    missed = page.evaluate("measure.focusable().length - passed.size")
    assert missed <= page.locator("iframe").count(), "Tab passes by something"
    page.close()


@pytest.mark.parametrize("name", PAGES)
def test_nothing_moves_for_who_wants_it_still(browser: Browser, address: str, name: str) -> None:
    page = reader(browser, address + name, reduced_motion="reduce")
    for document in [page, *map_frames(page)]:
        assert document.evaluate("measure.moving()") == []
        if document is not page:
            assert document.evaluate(
                """() => {
                  const map = Object.values(window).find((each) => each instanceof L.Map);
                  const before = map.getCenter();
                  map.panBy([40, 0]);
                  const at_once = !map.getCenter().equals(before);
                  const kinds = ["zoomAnimation", "fadeAnimation", "markerZoomAnimation"];
                  return at_once && !kinds.some((kind) => map.options[kind]);
                }"""
            )
    page.close()


# --- Colours ----------------------------------------------------------------------------------


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_palette_can_be_told_from_the_page(theme: int) -> None:
    """Colours of words reach 4.5:1 on the page, those of marks 3:1 on all that marks lie on."""

    def luminance(colour: str) -> float:
        parts = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
        parts = [x / 12.92 if x <= 0.04045 else ((x + 0.055) / 1.055) ** 2.4 for x in parts]
        return sum(share * part for share, part in zip((0.2126, 0.7152, 0.0722), parts))

    def contrast(one: str, other: str) -> float:
        dark, light = sorted(luminance(style.COLOURS[name][theme]) for name in (one, other))
        return (light + 0.05) / (dark + 0.05)

    words = ("ink", "muted", "blue", "orange", "purple", "ochre", "teal", "slate")
    assert [name for name in words if contrast(name, "paper") < 4.5] == []
    for ground in ("paper", "land", "water"):
        assert [name for name in (*words, "line") if contrast(name, ground) < 3] == [], ground
    for ground in ("land", "water", "pale_blue", "pale_orange"):
        assert contrast("ink", ground) >= 4.5, ground


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("name", CHAPTERS)
def test_charts_can_be_read_in_both_themes(
    browser: Browser, address: str, name: str, viewport: dict
) -> None:
    """Each word and mark against what lies under it; all colours from the palette."""
    page = reader(browser, address + name, viewport=viewport, color_scheme="light")
    for _ in ("light", "dark"):
        assert page.evaluate("measure.faintWords()") == []
        assert page.evaluate("quiet => measure.faintMarks(quiet)", QUIET) == []
        page.locator("button.theme").click()
    assert page.evaluate("measure.strayColours()") == []
    page.close()


# --- Room and languages -----------------------------------------------------------------------


@pytest.mark.parametrize("name", PAGES)
def test_text_can_be_enlarged(browser: Browser, address: str, name: str) -> None:
    """At 320 px, and with letters of double size, nothing is cut, covered or out of the window."""
    page = reader(browser, address + name)
    page.evaluate("document.querySelectorAll('details').forEach((part) => { part.open = true; })")
    lay_out(page)
    for width, size in ((320, 100), (640, 100), (1280, 200), (640, 200)):
        page.set_viewport_size({"width": width, "height": 800})
        page.evaluate("size => { document.documentElement.style.fontSize = `${size}%`; }", size)
        assert page.evaluate("measure.crowded()") == [], f"{width} px, {size} %"
    page.close()


def test_words_of_other_scripts_have_their_language(site: Path) -> None:
    """Cyrillic, Arabic and Hebrew in every document of the site, map popups included."""
    for name, document in documents(site):
        assert document.untagged == [], name
        for kind, script in document.inline:
            if kind == "script" and "bookMap.places" in script:
                text = script.encode().decode("unicode_escape").encode("latin1", "ignore").decode()
                assert Document(f'<html lang="en">{text}').untagged == [], name
    with_arabic = (site / "reference" / "claims.html").read_text("utf-8")
    assert re.search(r'<span lang="ar" dir="rtl">[\u0600-\u06ff]', with_arabic)
    assert re.search(r'<span lang="he" dir="rtl">[\u0590-\u05ff]', with_arabic)


@pytest.mark.parametrize(
    ("html", "wanted"),
    [
        ("<p>also Путин, Машаль</p>", '<p>also <span lang="ru">Путин, Машаль</span></p>'),
        ('<a hreflang="uk">МЗС</a> МИД', '<a hreflang="uk"><span lang="uk">МЗС</span></a> '
         '<span lang="ru">МИД</span>'),
        ("וفد", '<span lang="he" dir="rtl">ו</span><span lang="ar" dir="rtl">فد</span>'),
        ("حماس 2026 (x)", '<span lang="ar" dir="rtl">حماس 2026</span> (x)'),
        ("the Blizhny Vostok", 'the <span lang="ru-Latn">Blizhny Vostok</span>'),
        ('<i lang="sr">Лавров <i>a</i> Хамас</i>', '<i lang="sr">Лавров <i>a</i> Хамас</i>'),
        ('<svg><text>МИД</text></svg><a title="МИД">x</a>',
         '<svg><text>МИД</text></svg><a title="МИД">x</a>'),
    ],
)  # fmt: skip
def test_words_are_tagged(html: str, wanted: str) -> None:
    assert tagged(html) == wanted
    assert tagged(wanted) == wanted


# --- Theme, paper, no script ------------------------------------------------------------------


@pytest.mark.parametrize("name", CHAPTERS)
def test_theme_switch_reaches_all_charts_and_maps(
    browser: Browser, address: str, name: str
) -> None:
    """The button changes every drawing and every open map at once, and back."""
    page = reader(browser, address + name, color_scheme="light")
    frames = map_frames(page)
    inks = """() => [...document.querySelectorAll(".figure-wide svg text")]
      .map((text) => getComputedStyle(text).fill)"""
    before = page.evaluate(inks)
    for theme in ("dark", "light"):
        page.locator("button.theme").click()
        after = page.evaluate(inks)
        assert all((a != b) == (theme == "dark") for a, b in zip(before, after))
        for document in frames:
            document.locator(f"html[data-theme={theme}]").wait_for(timeout=1000)
    page.close()


@pytest.mark.parametrize("name", PAGES)
def test_printed_page_is_a_clean_article(browser: Browser, address: str, name: str) -> None:
    """Black on white in the dark theme too; all unfolded, no controls, nothing beside the sheet."""
    page = reader(browser, address + name, viewport={"width": 672, "height": 900})
    page.locator("button.theme").click()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    map_frames(page)
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.evaluate("measure.notBlack()") == []
    assert page.evaluate("measure.faintWords()") == []
    controls = "button, input, select, iframe, nav, .figure-downloads, .skip, details.hide"
    assert not [each for each in page.locator(controls).all() if each.is_visible()]
    assert all(twin.is_visible() for twin in page.locator(".map-twin").all())
    assert page.evaluate(
        "[...document.querySelectorAll('details:not(.hide)')].every((part) => part.open)"
    )
    # Tables of many columns have sheets of their own, which lie across: 297 mm less margins.
    assert page.evaluate(
        """[...document.querySelectorAll(".scroll")]
          .filter((box) => getComputedStyle(box.closest("details") || box).page === "wide")
          .every((box) => {
            box.style.overflowX = "auto";
            return box.firstElementChild.offsetWidth <= 1001;
          })"""
    )
    boxes = page.locator(".scroll")
    assert boxes.evaluate_all(
        "all => all.every((box) => getComputedStyle(box).maxHeight === 'none')"
    )
    assert page.evaluate("measure.crowded()") == []
    address_printed = "link => getComputedStyle(link, '::after').content"
    for link in page.locator("[id^=source-] a[href^=http]").all()[:3]:
        assert link.get_attribute("href") in link.evaluate(address_printed)
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert not page.locator(".page-end details[open]").count()
    page.close()


@pytest.mark.parametrize("name", PAGES)
def test_without_script_the_page_is_whole(browser: Browser, address: str, name: str) -> None:
    """Text, drawings, tables, contents and verdicts are there; no control that does nothing."""
    with_script = reader(browser, address + name)
    with_script.evaluate("document.querySelectorAll('form').forEach((form) => form.remove())")
    lay_out(with_script)
    words = with_script.locator("article").inner_text()
    with_script.close()
    page = reader(browser, address + name, java_script_enabled=False)
    lay_out(page)
    seen = page.locator("article").inner_text()
    assert len(seen) >= 0.95 * len(words)
    assert page.locator("nav.contents a").first.is_visible()
    for verdict in page.locator("article .verdict").all():
        assert verdict.is_visible() or verdict.evaluate("node => !!node.closest('details')")
    for figure in page.locator("figure.figure").all():
        assert figure.locator(".figure-picture").is_visible()
        assert figure.locator(".figure-table summary").is_visible()
        assert figure.locator("tbody tr").count()
    for twin in page.locator(".map-twin").all():
        assert twin.is_visible()
    assert not [each for each in page.locator("button, form, iframe").all() if each.is_visible()]
    assert not page.locator("[hidden]").count()
    # On paper the parts that no script can unfold are unfolded all the same.
    page.emulate_media(media="print")
    # Sheets for a class are printed without the answers and without the list of facts.
    left_out = ".share, .answer, .page-end" if name.startswith("teach/") else ".share"
    assert not page.evaluate(
        """left_out => [...document.querySelectorAll("main details:not(.hide) > :not(summary)")]
          .filter((part) => !part.closest(left_out))
          .filter((part) => !part.checkVisibility() || !part.getBoundingClientRect().height)
          .map((part) => part.textContent.trim().slice(0, 60))""",
        left_out,
    )
    page.close()
