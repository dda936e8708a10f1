"""The book in other places: zip, EPUB, PDF, published site, and notebooks elsewhere."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import nbformat
import pikepdf
import pytest
import yaml
from lxml import etree
from PIL import Image
from playwright.sync_api import Browser
from serving import served
from test_site import CHAPTERS, DESKTOP, OPEN_MAPS, PHONE, opened

import run_it
from explainer import citing, data, evidence

ROOT = Path(__file__).resolve().parents[1]
SITE = ROOT / "_build" / "html"
sys.path.insert(0, str(ROOT / ".ci" / "editions"))

import epub  # noqa: E402
import offline  # noqa: E402

XHTML = "{http://www.w3.org/1999/xhtml}"
EPUBCHECK = Path("/usr/share/java/epubcheck.jar")


@pytest.fixture(scope="session")
def downloads() -> Path:
    """All editions of the built site; `make test` has made them before."""
    made = subprocess.run(
        [sys.executable, ".ci/editions", "zip", "epub", "pdf"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert made.returncode == 0, made.stdout + made.stderr
    return ROOT / "_build" / "downloads"


# --- zip and site ------------------------------------------------------------------------


def test_zip_is_the_whole_site_and_opens_from_a_disk(
    browser: Browser, downloads: Path, tmp_path: Path
) -> None:
    with zipfile.ZipFile(downloads / f"{offline.FOLDER}.zip") as archive:
        names = archive.namelist()
        archive.extractall(tmp_path / "a folder, unzipped")
    assert names == sorted(names)
    unzipped = tmp_path / "a folder, unzipped" / offline.FOLDER
    for path in filter(Path.is_file, SITE.rglob("*")):
        assert (unzipped / path.relative_to(SITE)).read_bytes() == path.read_bytes()
    offline.pack(SITE, tmp_path / "again.zip")
    assert (tmp_path / "again.zip").read_bytes() == (
        downloads / f"{offline.FOLDER}.zip"
    ).read_bytes()

    page = opened(browser, (unzipped / "index.html").as_uri(), PHONE)
    with page.expect_navigation():
        page.locator("a[rel=next]").last.click()
    assert page.evaluate(OPEN_MAPS) >= 0
    page.goto((unzipped / next(name for name in CHAPTERS if "cultural" in name)).as_uri())
    page.evaluate(OPEN_MAPS)
    page.frame_locator("iframe.map-frame").first.locator("[role=button]").first.wait_for()
    assert page.faults == []
    page.close()


def test_site_works_at_the_root_of_a_domain(browser: Browser, downloads: Path) -> None:
    """As on a custom domain; below a sub-path and from a disk other tests open it."""
    with served(SITE) as address:
        for name in ("", CHAPTERS[6], "reference/claims.html", "reference/take-along.html"):
            page = opened(browser, address + name, DESKTOP)
            if page.evaluate(OPEN_MAPS):
                page.wait_for_timeout(800)
            assert page.faults == []
            page.close()


def test_published_site_offers_every_edition_with_its_size(downloads: Path, tmp_path: Path) -> None:
    """The plain site promises no file that it does not have."""
    page = "reference/take-along.html"
    offline.publish(SITE, downloads, tmp_path / "site")
    links = re.findall(
        r'<a href="([^"]*downloads/[^"]+)" download>[^<]+</a>, ([\d.]+) MB',
        (tmp_path / "site" / page).read_text("utf-8"),
    )
    assert len(links) == len(offline.EDITIONS)
    for link, size in links:
        file = (tmp_path / "site" / "reference" / link).resolve()
        assert round(file.stat().st_size / 1e6, 1) == float(size)
    assert "downloads/" not in (SITE / page).read_text("utf-8").replace("_build/downloads", "")
    assert {path.name for path in (tmp_path / "site").iterdir()} == {
        "downloads",
        *(path.name for path in SITE.iterdir()),
    }


# --- EPUB --------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def unpacked(downloads: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("epub")
    with zipfile.ZipFile(downloads / f"{offline.FOLDER}.epub") as archive:
        assert archive.infolist()[0].filename == "mimetype"
        archive.extractall(folder)
    return folder / "EPUB"


def test_epub_passes_epubcheck(downloads: Path) -> None:
    if not (EPUBCHECK.exists() and shutil.which("java")):
        pytest.skip("epubcheck is not installed (Debian, Ubuntu: apt install epubcheck)")
    checked = subprocess.run(
        ["java", "-jar", EPUBCHECK, downloads / f"{offline.FOLDER}.epub"],
        capture_output=True,
        text=True,
    )
    report = checked.stdout + checked.stderr
    assert "0 fatals / 0 errors / 0 warnings" in report, report[-3000:]


def test_epub_is_complete_and_needs_nothing_from_outside(unpacked: Path) -> None:
    documents = {
        path.name: etree.parse(path).getroot() for path in sorted(unpacked.glob("*.xhtml"))
    }
    anchors = {name: set(root.xpath("//@id")) for name, root in documents.items()}
    for name, root in documents.items():
        for image in root.iter(f"{XHTML}img"):
            assert (unpacked / image.get("src")).is_file()
            assert len(image.get("alt")) > 40
        for link in root.iter(f"{XHTML}a"):
            target, _, anchor = link.get("href").partition("#")
            if not re.match("(https?|mailto):", target):
                assert not anchor or anchor in anchors[target or name], link.get("href")
                assert not target or target in documents
        assert not list(root.iter(*(f"{XHTML}{tag}" for tag in ("script", "form", "iframe"))))
    for chapter in CHAPTERS:
        site = set(
            re.findall(r'<figure class="figure" id="([\w-]+)"', (SITE / chapter).read_text("utf-8"))
        )
        name = chapter.replace(".html", ".xhtml")
        assert site <= anchors[name]
        # Each figure is a picture or a table to read, and its rows are at the end.
        assert {f"table-{figure}" for figure in site} <= anchors[f"tables-{name}"]
    assert {f"fact-{name}" for name in evidence.current().facts} <= anchors["facts.xhtml"]
    assert {claim.lower() for claim in evidence.current().claims} <= anchors["claims.xhtml"]
    for picture in unpacked.glob("pictures/*.svg"):
        assert "var(" not in picture.read_text("utf-8")
    # On a dark shelf the cover's dark words need a ground.
    with Image.open(unpacked / "cover.png") as cover:
        assert cover.convert("RGBA").getextrema()[3] == (255, 255)


def test_epub_says_what_it_is_and_is_the_same_each_time(
    downloads: Path, unpacked: Path, tmp_path: Path
) -> None:
    package = (unpacked / "package.opf").read_text("utf-8")
    for text in (citing.BOOK, data.evidence_date(), citing.LICENCE_URL, epub.IDENTIFIER):
        assert text in package
    epub.write(SITE, tmp_path / "again.epub")
    assert (tmp_path / "again.epub").read_bytes() == (
        downloads / f"{offline.FOLDER}.epub"
    ).read_bytes()


def test_epub_fits_a_small_screen(browser: Browser, unpacked: Path) -> None:
    page = browser.new_page(viewport={"width": 420, "height": 600})
    for path in sorted(unpacked.glob("*.xhtml")):
        page.goto(path.as_uri())
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path.name
    page.close()


# --- PDF ---------------------------------------------------------------------------------


def test_pdf_has_contents_bookmarks_and_working_links(downloads: Path) -> None:
    with pikepdf.open(downloads / f"{offline.FOLDER}.pdf") as pdf:
        assert len(pdf.pages) > 100
        assert {round(float(side)) for page in pdf.pages for side in page.mediabox[2:]} == {
            595,
            842,
        }
        with pdf.open_outline() as outline:
            titles = [item.title for item in outline.root]
        assert len([title for title in titles if re.match(r"\d+ ", title)]) == len(CHAPTERS)
        assert {"Introduction", "Timeline", "People", "Glossary"} <= set(titles)
        known = {str(name) for name in pdf.Root.Dests}
        assert {f"/claims--{claim.lower()}" for claim in evidence.current().claims} <= known
        inside, outside = [], []
        for page in pdf.pages:
            for mark in page.get("/Annots", []):
                if "/A" in mark and "/URI" in mark.A:
                    outside.append(str(mark.A.URI))
                elif "/Dest" in mark:
                    inside.append(str(mark.Dest))
        assert len(inside) > 1000
        assert set(inside) <= known
        assert len(outside) > 500
        assert all(re.match("https?:", address) for address in outside)


def test_pdf_is_tagged_and_says_what_it_is(downloads: Path) -> None:
    with pikepdf.open(downloads / f"{offline.FOLDER}.pdf") as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang) == "en"
        assert str(pdf.docinfo["/Title"]) == citing.BOOK
        # The day of the evidence, not of printing.
        day = data.evidence_date().replace("-", "")
        assert str(pdf.docinfo["/CreationDate"]).startswith(f"D:{day}")


# --- running chapters --------------------------------------------------------------------


@pytest.mark.parametrize("name", CHAPTERS)
def test_every_chapter_offers_its_notebook(name: str) -> None:
    page = (SITE / name).read_text("utf-8")
    link = re.search(r'href="(notebooks/[\w-]+\.ipynb)" download', page)[1]
    copy = SITE / link
    assert copy.read_bytes() == (ROOT / "book" / copy.name).read_bytes()
    assert not any(cell.get("outputs") for cell in nbformat.read(copy, as_version=4).cells)


def test_services_open_the_chapter_that_the_repository_has() -> None:
    for chapter in evidence.current().chapters.values():
        binder, colab = run_it.services(chapter, "https://github.com/OWNER/NAME")
        path = re.fullmatch(r"https://mybinder\.org/v2/gh/OWNER/NAME/HEAD\?labpath=(.+)", binder[1])
        assert (ROOT / path[1]).is_file()
        assert colab[1].endswith(f"/github/OWNER/NAME/blob/main/{path[1]}")
        assert run_it.services(chapter, "") == []
    assert run_it.colab_needs().count("=") >= 2


def test_binder_takes_a_python_that_the_lock_is_made_for() -> None:
    version = (ROOT / ".binder" / "runtime.txt").read_text("utf-8").strip()
    assert re.fullmatch(r"python-3\.1[123]", version)
    assert "-r ../requirements.txt" in (ROOT / ".binder" / "requirements.txt").read_text("utf-8")


# --- publishing --------------------------------------------------------------------------


def test_publishing_is_pinned_and_may_do_no_more_than_it_must() -> None:
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / "publish.yml").read_text("utf-8"))
    assert workflow["permissions"] == {}
    build, deploy = workflow["jobs"]["build"], workflow["jobs"]["deploy"]
    assert set(build["permissions"].values()) == {"read"}
    assert deploy["permissions"] == {"pages": "write", "id-token": "write"}
    actions = [step["uses"] for job in (build, deploy) for step in job["steps"] if "uses" in step]
    assert all(re.search("@[0-9a-f]{40}$", action) for action in actions)
    assert "pull_request" in json.dumps(deploy["if"])
