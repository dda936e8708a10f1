"""What other programs read, and how readers cite, share and correct."""

from __future__ import annotations

import contextlib
import csv
import json
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree

import feedparser
import pytest
import rispy
import yaml
from PIL import Image
from playwright.sync_api import Browser, expect
from pybtex.database import parse_file
from pyld import jsonld
from schema_org import registry
from sphinx.errors import ConfigError

import machine_readable
from explainer import bibliography, cards, citing, data, evidence
from explainer.figure import TEMPLATES

ROOT = Path(__file__).resolve().parents[1]
TOC = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
CONFIG = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
DOCUMENTS = [TOC["root"], *(page["file"] for part in TOC["parts"] for page in part["chapters"])]
PAGES = [
    "index.html" if document == "book/intro" else document.removeprefix("book/") + ".html"
    for document in DOCUMENTS
]
FORMS = ROOT / ".github" / "ISSUE_TEMPLATE"
URL, REPOSITORY = "https://example.org/a/book/", "https://github.com/someone/book"
SCHEMA = "https://schema.org/"


def meta(page: str) -> dict[str, str]:
    """What the head of a page says, by name or property."""
    pairs = re.findall(r'<meta (?:name|property)="([\w:-]+)" content="([^"]*)">', page)
    assert len(pairs) == len(dict(pairs)), "said twice"
    return dict(pairs)


def linked(page: str) -> dict[str, Any]:
    """The page's JSON-LD."""
    (script,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    return json.loads(script)


def things(page: str) -> list[dict[str, Any]]:
    found = linked(page)
    return found.get("@graph", [found])


@pytest.fixture(scope="module")
def published(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site as for publishing, with both addresses known; no notebook runs again for that."""
    folder = tmp_path_factory.mktemp("published") / "book"
    made = shutil.ignore_patterns(".*", "_build", "__pycache__", "tests")
    shutil.copytree(ROOT, folder, ignore=made)
    shutil.copytree(ROOT / ".ci", folder / ".ci")
    shutil.copytree(site.parent / "executed", folder / "_build" / "executed")
    known = {"BOOK_URL": URL, "BOOK_REPOSITORY": REPOSITORY, "PYTHONUTF8": "1"}
    build = subprocess.run(
        [sys.executable, ".ci/run_jupyter_book.py", "build", "."],
        cwd=folder,
        env=os.environ | known | {"PYTHONPATH": str(folder / "book")},
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert build.returncode == 0, build.stderr[-3000:]
    return folder / "_build" / "html"


# --- linked data -------------------------------------------------------------------------


def scalars(value: Any) -> Counter:
    """Every text and number of JSON-LD, whatever holds it; keywords left out."""
    if isinstance(value, dict):
        inner = [scalars(v) for k, v in value.items() if k not in ("@context", "@type")]
        return sum(inner, Counter())
    if isinstance(value, list):
        return sum(map(scalars, value), Counter())
    return Counter([str(value)])


def faults(node: dict[str, Any]) -> list[str]:
    """What the vocabulary does not allow in an object and in what it holds."""
    kind = node["@type"]
    if kind not in registry.CLASS_METADATA:
        return [f"{kind} is no type"]
    found = []
    own = set(registry.ancestry(kind)) | {kind}
    for name, values in node.items():
        if name.startswith("@"):
            continue
        known = registry.PROPERTY_BY_SCHEMA.get(name)
        if known is None:
            found.append(f"{name} is no property")
            continue
        if not own & set(known.domains):
            found.append(f"{kind} has no {name}")
        for value in values if isinstance(values, list) else [values]:
            if isinstance(value, dict):
                is_a = set(registry.ancestry(value["@type"])) | {value["@type"]}
                if not is_a & set(known.ranges):
                    found.append(f"{kind}.{name} is no {value['@type']}")
                found += faults(value)
            elif isinstance(value, bool):
                found += [] if "Boolean" in known.ranges else [f"{kind}.{name}: truth value"]
            elif isinstance(value, int):
                fits = {"Integer", "Number"} & set(known.ranges)
                found += [] if fits else [f"{kind}.{name}: number"]
            elif not {"Text", "URL", "Date", "DateTime"} & set(known.ranges):
                # A work may be named by its address (license: CreativeWork or URL).
                found.append(f"{kind}.{name}: text")
    return found


@pytest.mark.parametrize("name", PAGES)
def test_linked_data_holds_to_the_vocabulary(site: Path, name: str) -> None:
    """Types, properties, where they may stand and what they may hold; a parser loses nothing."""
    page = linked((site / name).read_text("utf-8"))
    assert page["@context"] == "https://schema.org"
    for thing in page.get("@graph", [page]):
        assert faults({k: v for k, v in thing.items() if k != "@context"}) == []
    known = page | {"@context": {"@vocab": SCHEMA}}
    expanded = jsonld.expand(known, {"base": URL + name})
    lost = scalars(page) - scalars(expanded)
    # Relative ids become whole addresses: those are the only texts that change.
    assert all(re.match(r"(\.\./)*[\w/.-]+\.html(#[\w-]+)?$", text) for text in lost), lost


def test_each_claim_is_reviewed_and_only_what_a_record_settles_is_rated(site: Path) -> None:
    page, *reviews = things((site / "reference" / "claims.html").read_text("utf-8"))
    assert page["@type"] == "WebPage"
    claims = evidence.current().claims
    assert [review["claimReviewed"] for review in reviews] == [c.text for c in claims.values()]
    values = {}
    for review, claim in zip(reviews, claims.values(), strict=True):
        assert review["@type"] == "ClaimReview"
        assert review["datePublished"] == claim.verdict.date
        assert review["url"].endswith(f"claims.html#{claim.id.lower()}")
        made = review["itemReviewed"]["appearance"]
        assert made["url"] == citing.article()["URL"]
        assert [person["name"] for person in made["author"]] == ["Milan Czerny", "Dan Storyev"]
        assert review["author"]["name"] == citing.AUTHOR
        rating = review["reviewRating"]
        assert rating["alternateName"] == claim.verdict.verdict
        values[claim.verdict.verdict] = rating.get("ratingValue")
        assert ("bestRating" in rating) == ("ratingValue" in rating)
    assert values["interpretation"] is None
    assert values["unverified"] is None
    assert values["supported"] > values["mostly supported"] > values["mixed"] > 1


def test_pages_say_what_they_are(site: Path) -> None:
    (book,) = things((site / "index.html").read_text("utf-8"))
    chapters = evidence.current().chapters
    assert book["@type"] == "Book"
    assert [part["name"] for part in book["hasPart"]] == [c.title for c in chapters.values()]
    for chapter in chapters.values():
        (found,) = things((site / f"{chapter.id}.html").read_text("utf-8"))
        assert found["@type"] == "Chapter"
        assert found["position"] == chapter.number
        assert found["isPartOf"]["name"] == citing.BOOK
        assert found["license"] == citing.LICENCE_URL
        assert found["dateModified"] >= found["datePublished"]
    (package,) = things((site / "reference" / "data.html").read_text("utf-8"))
    files = [table["distribution"][0]["contentUrl"] for table in package["hasPart"]]
    assert len(files) == len(data.descriptors())
    assert all((site / "reference" / file).is_file() for file in files)
    (terms,) = things((site / "reference" / "glossary.html").read_text("utf-8"))
    assert len(terms["hasDefinedTerm"]) == len(evidence.current().terms)


# --- addresses known and unknown ---------------------------------------------------------


@pytest.mark.parametrize("name", PAGES)
def test_nothing_is_invented_where_no_address_is_known(site: Path, name: str) -> None:
    page = (site / name).read_text("utf-8")
    head = meta(page)
    assert head["og:title"]
    assert head["og:description"] == head["description"]
    assert head["og:type"] in ("article", "website")
    assert head["og:locale"] == "en_GB"
    assert head["twitter:card"] == "summary"
    assert not {"og:image", "og:url"} & set(head)
    assert 'rel="canonical"' not in page
    assert not (site / "sitemap.xml").exists()
    assert "Sitemap" not in (site / "robots.txt").read_text("utf-8")
    assert "/issues/new" not in page
    link = re.search(r'href="([^"]*)">Report an error', page)[1]
    target, anchor = link.split("#")
    target = (site / name).parent / target if target else site / name
    assert f'id="{anchor}"' in target.read_text("utf-8")


@pytest.mark.parametrize("name", PAGES)
def test_known_addresses_stand_everywhere(published: Path, name: str) -> None:
    """Canonical link, preview picture and citation give the public address of the page."""
    page = (published / name).read_text("utf-8")
    head = meta(page)
    address = URL + name.removeprefix("index.html")
    assert f'<link rel="canonical" href="{address}">' in page
    assert head["og:url"] == address
    assert head["twitter:card"] == "summary_large_image"
    assert head["og:image"].startswith(URL + "cards/")
    with Image.open(published / head["og:image"].removeprefix(URL)) as card:
        assert card.size == (int(head["og:image:width"]), int(head["og:image:height"]))
    assert address in re.search(r'<p class="citation">(.*?)</p>', page[page.rindex("<main") :])[1]
    assert all(url.startswith("https://") for url in found_in(things(page), "url"))


def found_in(value: Any, name: str) -> list[str]:
    """Every value of a property, at any depth."""
    if isinstance(value, list):
        return [text for each in value for text in found_in(each, name)]
    if isinstance(value, dict):
        own = [value[name]] if name in value else []
        return own + [text for each in value.values() for text in found_in(each, name)]
    return []


def test_sitemap_names_each_page_once(published: Path) -> None:
    root = ElementTree.parse(published / "sitemap.xml").getroot()
    places = [loc.text for loc in root.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")]
    assert {URL + name.removeprefix("index.html") for name in PAGES} <= set(places)
    assert len(set(places)) == len(places)
    for place in places:
        page = published / (place.removeprefix(URL) or "index.html")
        assert f'<link rel="canonical" href="{place}">' in page.read_text("utf-8")
    assert f"Sitemap: {URL}sitemap.xml" in (published / "robots.txt").read_text("utf-8")


def test_reports_open_a_form_that_knows_where_the_reader_was(published: Path) -> None:
    """Each parameter is a field of the form; page and claim are filled in."""
    form = yaml.safe_load((FORMS / machine_readable.FORM).read_text("utf-8"))
    fields = {field["id"] for field in form["body"] if "id" in field}
    links = re.findall(
        rf'href="{REPOSITORY}/issues/new\?([^"]+)">Report an error',
        (published / "reference" / "claims.html").read_text("utf-8"),
    )
    queries = [parse_qs(link.replace("&amp;", "&"), strict_parsing=True) for link in links]
    assert all(set(query) - {"template", "title"} <= fields for query in queries)
    assert all(query["template"] == [machine_readable.FORM] for query in queries)
    about = {query["claim"][0]: query["page"][0] for query in queries if "claim" in query}
    claims = evidence.current().claims
    assert about == {claim: f"{URL}reference/claims.html#{claim.lower()}" for claim in claims}
    assert any(query["page"] == [f"{URL}reference/claims.html"] for query in queries)


@pytest.mark.parametrize(
    ("book_url", "book_repository", "says"),
    [
        ("example.org/book", "", "BOOK_URL is 'example.org/book/'"),
        ("https://example.org/?a=1", "", "BOOK_URL"),
        ("javascript:alert(1)", "", "BOOK_URL"),
        ('https://example.org/"><script>', "", "BOOK_URL"),
        ("", "https://github.com/OWNER", "BOOK_REPOSITORY"),
        ("", "git@github.com:OWNER/NAME.git", "BOOK_REPOSITORY"),
    ],
)
def test_a_wrong_address_stops_the_build(book_url: str, book_repository: str, says: str) -> None:
    config = SimpleNamespace(book_url=book_url, book_repository=book_repository)
    with pytest.raises(ConfigError, match=re.escape(says)):
        machine_readable.check_addresses(None, config)


def test_addresses_are_brought_into_one_form() -> None:
    config = SimpleNamespace(book_url=URL.rstrip("/"), book_repository=f"{REPOSITORY}.git")
    machine_readable.check_addresses(None, config)
    assert (config.book_url, config.book_repository) == (URL, REPOSITORY)


# --- citations ---------------------------------------------------------------------------


def test_reference_managers_read_every_source(site: Path) -> None:
    """BibTeX, RIS and CSL-JSON hold the same records, with signs and partial dates intact."""
    sources = evidence.current().sources
    items = {item["id"]: item for item in json.loads((site / "cite/sources.csl.json").read_text())}
    article = citing.article()["id"]
    assert set(items) == {article, *sources}
    assert items[article]["author"] == citing.article()["author"]
    bib = parse_file(str(site / "cite" / "sources.bib"), "bibtex").entries
    records = rispy.loads((site / "cite" / "sources.ris").read_text("utf-8"))
    ris = {record["id"]: record for record in records}
    assert set(bib) == set(ris) == set(items)
    for key, source in sources.items():
        item, entry, record = items[key], bib[key], ris[key]
        assert source.title in (item["title"], "not stated")
        title = entry.fields["title"].strip("{}")
        assert re.sub(r"\\([&%$#_{}])", r"\1", title) == item["title"] == record["title"]
        assert record["publisher"] == item["publisher"] == source.publisher
        assert item.get("URL", "") == entry.fields.get("url", "") == source.url
        assert record.get("urls", [""]) == [source.url.replace(";", "%3B")]
        dated = re.fullmatch(r"[\d-]+", source.date)
        assert entry.fields.get("date", "") == (source.date if dated else "")
        parts = item["issued"]["date-parts"][0] if dated else []
        assert parts == [int(part) for part in source.date.split("-") if dated]
        spoken = "" if source.language == "und" else source.language
        assert item.get("language", "") == record.get("language", "") == spoken


def test_signs_of_latex_stand_for_themselves() -> None:
    assert bibliography.escape("50% & $1_a #2 {x} ~ ^ \\") == (
        r"50\% \& \$1\_a \#2 \{x\} \textasciitilde{} \textasciicircum{} \textbackslash{}"
    )
    assert bibliography.escape("Ближний Восток, Šćepanović") == "Ближний Восток, Šćepanović"


def test_the_book_is_cited_alike_everywhere(site: Path) -> None:
    """CITATION.cff, settings, package, pages and files agree, and name nobody."""
    cff = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    about = data.about()
    assert cff["title"] == CONFIG["title"] == citing.BOOK
    assert [author["name"] for author in cff["authors"]] == [CONFIG["author"]] == [citing.AUTHOR]
    assert "CC-BY-4.0" in cff["license"]
    assert citing.LICENCE in CONFIG["copyright"]
    assert (cff["version"], cff["date-released"]) == (about["version"], about["created"])
    (reference,) = cff["references"]
    assert reference["url"] == citing.article()["URL"]
    for name in ("book", *evidence.current().chapters):
        (entry,) = parse_file(str(site / "cite" / f"{name}.bib"), "bibtex").entries.values()
        (record,) = rispy.loads((site / "cite" / f"{name}.ris").read_text("utf-8"))
        assert entry.fields["title"].strip("{}") == record["title"]
        assert entry.persons["author"][0].last_names == [f"{{{citing.AUTHOR}}}"]
        assert record["authors"] == [citing.AUTHOR]
        page = site / ("index.html" if name == "book" else f"{name}.html")
        assert f'href="cite/{name}.ris"' in page.read_text("utf-8")


@pytest.mark.parametrize(
    ("schema", "files"),
    [
        ("citation-file-format", [ROOT / "CITATION.cff"]),
        ("github-issue-forms", [FORMS / "error.yml", FORMS / "source.yml"]),
        ("github-issue-config", [FORMS / "config.yml"]),
    ],
)
def test_files_for_github_hold_to_their_schemas(schema: str, files: list[Path]) -> None:
    tool = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", f"vendor.{schema}"]
    check = subprocess.run([*tool, *map(str, files)], capture_output=True, text=True)
    assert check.returncode == 0, check.stdout


def test_citation_file_of_a_published_site_has_its_addresses(published: Path) -> None:
    path = published / "cite" / "CITATION.cff"
    cff = yaml.safe_load(path.read_text("utf-8"))
    assert (cff["url"], cff["repository-code"]) == (URL, REPOSITORY)
    test_files_for_github_hold_to_their_schemas("citation-file-format", [path])


# --- corrections -------------------------------------------------------------------------


def address_of(page: str) -> str:
    """The file of a page that a correction names; the introduction is the site's first."""
    return "index.html" if page == "intro" else f"{page}.html"


def test_corrections_stand_where_they_belong(site: Path) -> None:
    """Each is in the log, on its page and at its claims; changed verdicts among them."""
    found = evidence.current()
    log = (site / "reference" / "corrections.html").read_text("utf-8")
    ledger = (site / "reference" / "claims.html").read_text("utf-8")
    with (ROOT / "book/data/corrections.csv").open(encoding="utf-8", newline="") as file:
        rows = [row["id"] for row in csv.DictReader(file)]
    changes = [
        f"{c.id.lower()}-{v.date}-{v.reading}"
        for c in found.claims.values()
        for v in c.verdicts[1:]
    ]
    assert "c11-2026-11-23-2" in changes
    assert sorted(each.id for each in found.corrections) == sorted([*rows, *changes])
    for each in found.corrections:
        assert f'id="{each.id}"' in log
        page = (site / address_of(each.page)).read_text("utf-8")
        assert 'id="page-corrections"' in page
        for claim in each.claims:
            card = ledger[ledger.index(f'id="{claim.lower()}"') :].split("</section>")[0]
            assert f"corrections.html#{each.id}" in card


def test_a_page_without_corrections_is_silent_and_an_empty_log_reads_well(site: Path) -> None:
    pages = {address_of(each.page) for each in evidence.current().corrections}
    for name in PAGES:
        page = (site / name).read_text("utf-8")
        assert ('id="page-corrections"' in page) == (name in pages)
    empty = TEMPLATES.get_template("corrections.html").render(page_corrections=[])
    assert "Nothing has been corrected so far" in empty
    assert "<ul" not in empty


def test_feed_is_sound_and_its_ids_outlive_addresses(site: Path, published: Path) -> None:
    here, there = (feedparser.parse(str(folder / "feed.xml")) for folder in (site, published))
    for feed in (here, there):
        assert not feed.bozo, feed.bozo_exception
        assert feed.version == "atom10"
        assert feed.feed.title
        assert feed.feed.author == citing.AUTHOR
        assert len(feed.entries) == len(evidence.current().corrections)
        ids = [feed.feed.id, *(entry.id for entry in feed.entries)]
        assert len(set(ids)) == len(ids)
        assert all(one.startswith("urn:uuid:") for one in ids)
        assert feed.feed.updated == max(entry.updated for entry in feed.entries)
        assert all(entry.content[0].value and entry.title for entry in feed.entries)
    assert [entry.id for entry in here.entries] == [entry.id for entry in there.entries]
    anchors = {urlsplit(entry.link).fragment for entry in there.entries}
    log = (site / "reference" / "corrections.html").read_text("utf-8")
    assert all(f'id="{anchor}"' in log for anchor in anchors)
    assert {link.href for link in there.feed.links if link.rel == "self"} == {URL + "feed.xml"}
    for name in PAGES:
        link = re.search(
            r'rel="alternate" type="application/atom\+xml"[^>]*href="([^"]+)"',
            (site / name).read_text("utf-8"),
        )[1]
        assert ((site / name).parent / link).resolve() == (site / "feed.xml").resolve()


# --- pictures ----------------------------------------------------------------------------


def test_pictures_of_previews_are_small_and_drawn_once(site: Path, tmp_path: Path) -> None:
    found = sorted((site / "cards").glob("*.png"))
    names = {path.stem for path in found}
    assert names == {"book", *evidence.current().chapters}
    for path in found:
        assert path.stat().st_size < 60_000
        with Image.open(path) as card:
            assert card.size == (1200, 630)
    of = next(iter(evidence.current().chapters.values()))
    verdicts = [(claim, evidence.current().claims[claim].verdict.verdict) for claim in of.claims]
    again = tmp_path / f"{of.id}.png"
    words = (f"Chapter {of.number}", of.title, verdicts, citing.BOOK)
    cards.write(again, *words)
    assert again.read_bytes() == (site / "cards" / again.name).read_bytes()
    os.utime(again, (1, 1))
    cards.write(again, *words)
    assert again.stat().st_mtime == 1, "drawn again though nothing has changed"
    cards.write(again, "Chapter 99", *words[1:])
    assert again.stat().st_mtime > 1


# --- in the browser ----------------------------------------------------------------------


@contextlib.contextmanager
def page_at(browser: Browser, url: str, **options: Any) -> Any:
    context = browser.new_context(viewport={"width": 390, "height": 844}, **options)
    page = context.new_page()
    page.faults = []
    page.on("console", lambda line: line.type == "error" and page.faults.append(line.text))
    page.on("pageerror", lambda error: page.faults.append(str(error)))
    page.goto(url)
    yield page
    context.close()


def test_link_and_citation_are_copied(browser: Browser, address: str) -> None:
    """The buttons fill the clipboard, say so, and keep the focus; the policy is content."""
    granted = ["clipboard-read", "clipboard-write"]
    with page_at(browser, address + "reference/claims.html", permissions=granted) as page:
        card = page.locator("#c18")
        card.get_by_role("button", name="Copy link in C18").click()
        expect(card.get_by_role("status")).to_have_text("Copied the link.")
        copied = "navigator.clipboard.readText()"
        assert page.evaluate(copied) == f"{address}reference/claims.html#c18"
        card.get_by_role("button", name="Copy citation in C18").press("Enter")
        expect(card.get_by_role("status")).to_have_text("Copied the citation.")
        assert page.evaluate(copied) == citing.cite("Claim C18")
        assert page.evaluate("document.activeElement.textContent").startswith("Copy citation")
        page.locator("main > .share").get_by_role("button", name="Copy link").click()
        assert page.evaluate(copied) == f"{address}reference/claims.html"
        assert page.faults == []


def test_copying_works_from_a_disk_and_where_it_is_refused(browser: Browser, site: Path) -> None:
    with page_at(browser, (site / "04-contacts.html").as_uri()) as page:
        share = page.locator("main > .share")
        page.evaluate("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
        share.get_by_role("button", name="Copy citation").click()
        expect(share.get_by_role("status")).to_have_text("Copied the citation.")
        page.evaluate("document.execCommand = () => false")
        share.get_by_role("button", name="Copy citation").click()
        shown = citing.cite("How close are Moscow and Hamas?")
        expect(share.get_by_role("status")).to_have_text(shown)
        assert page.evaluate("getSelection().toString()") == shown
        assert page.faults == []


def test_without_script_the_citation_can_be_read(browser: Browser, address: str) -> None:
    with page_at(browser, address + "04-contacts.html", java_script_enabled=False) as page:
        share = page.locator("main > .share")
        assert share.get_by_role("button").count() == 0
        share.locator("summary").click()
        assert share.locator(".citation").is_visible()


def test_the_ledger_is_searched_by_its_own_words(browser: Browser, address: str) -> None:
    """A citation names the whole book; that does not make every claim a hit."""
    with page_at(browser, address + "reference/claims.html") as page:
        page.get_by_label("Search").fill("contributors")
        expect(page.locator(".claim-card:visible")).to_have_count(0)


def test_nothing_is_kept_but_the_choice_of_theme(browser: Browser, address: str) -> None:
    with page_at(browser, address) as page:
        stored = "Object.keys(localStorage).concat(Object.keys(sessionStorage))"
        assert page.evaluate(stored) == []
        page.locator("button.theme").click()
        page.locator(".share button").first.click()
        assert page.evaluate(stored) == ["theme"]
        assert page.context.cookies() == []
        assert "No cookies, no analytics" in page.locator("footer").inner_text()
