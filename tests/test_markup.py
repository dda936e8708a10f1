"""Markup in a cell is text everywhere: pages, figures, maps, popups, JSON, downloads.

A copy of the book is built whose cells carry what an attacker would write. Nothing of
it may become an element, an attribute, a script or a formula, for a parser and for a
real browser, and all of it must be there to read.
"""

from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import nbformat
import pytest
import yaml
from playwright.sync_api import Browser

from explainer.words import curly

ROOT = Path(__file__).resolve().parents[1]
ATTACK = "\"'--><xss-probe><img src=x onerror=hacked=1><script>hacked=1</script>{{7*7}}${7*7}"
REMARK = "$x^2$ <b>javascript:hacked=1</b>"
ADDRESS = "https://probe.example/?'onclick=hacked=1//&lt;&amp;"
POISONED = {
    # The tables that pages are made from, and their columns of free text.
    "book/data/sources.csv": ("publisher", "title", "state_media"),
    "book/data/facts.csv": ("statement", "note"),
    "book/data/citations.csv": ("says",),
    "book/data/people.csv": ("name", "other_names", "role", "affiliation", "note"),
    "book/data/glossary.csv": ("term", "other_forms", "definition"),
    "book/data/verdicts.csv": ("why", "since_2023", "also"),
    "book/data/searches.csv": ("tried", "result"),
    "book/data/chapters.csv": ("title", "short", "description"),
    "book/data/paragraphs.csv": ("summary",),
    "book/data/cultural-sites.csv": ("name", "operator", "status_2023_note"),
    "seeds/claims.csv": ("claim",),
}
PAGES = ["claims", "reading", "timeline", "facts", "people", "glossary", "sources", "data"]
IN_BROWSER = {"index", "claims", "timeline", "people", "probe", "probe-map"}
FIGURES = """
import pandas as pd
from explainer import charts, data, maps, style

rows = data.load("cultural-sites").head(6).assign(kind="any")
attack = rows["name"].iloc[0]
look = maps.Look(by="kind", symbols={"any": maps.Symbol("circle", "blue", attack)}, town="city")

def draw(size):
    figure, ax = style.canvas(size, wide=3, narrow=3)
    ax.barh(list(rows["name"]), range(len(rows)))
    ax.set_title(attack)
    return figure

def twin(size):
    figure, ax = style.canvas(size, wide=5, narrow=5)
    maps.draw_base(ax, "levant")
    maps.draw_legend(ax, maps.draw_places(ax, rows, look))
    return figure
"""
CHART = 'charts.show(draw, name="probe-chart", title=attack, alt=attack, caveat=attack, data=rows)'
MAP = """
m = maps.base_map("levant")
maps.add_places(m, rows, look, facts={attack: "operator"}, statement="status_2023_note")
maps.show(m, name="probe-map", title=attack, alt=attack, data=rows, twin=twin)
"""


class Markup(HTMLParser):
    """What a page is made of: elements, attributes that act, and the text between."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.faults: list[str] = []
        self.text: list[str] = []
        self.within = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.within = tag
        values = dict(attributes)
        if tag == "xss-probe" or values.get("src") == "x":
            self.faults.append(self.get_starttag_text() or tag)
        for name, value in attributes:
            acts = name.startswith("on") or not name.replace("-", "").replace(":", "").isalnum()
            runs = name in ("href", "src", "action") and (value or "").strip().lower().startswith(
                ("javascript:", "vbscript:", "data:text")
            )
            if acts or runs:
                self.faults.append(self.get_starttag_text() or tag)

    def handle_data(self, text: str) -> None:
        if self.within == "script" and text.strip().startswith("hacked"):
            self.faults.append(text)
        self.text.append(text)

    def handle_endtag(self, tag: str) -> None:
        self.within = ""


def poison(file: Path, columns: tuple[str, ...]) -> None:
    """Put the attack behind every filled cell of these columns."""
    with file.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, rows[0].keys(), lineterminator="\n")
        writer.writeheader()
        for number, row in enumerate(rows):
            for column in columns:
                if row[column] and row[column] != "not stated":
                    row[column] += f" {ATTACK}" if number % 2 else f" {REMARK}{ATTACK}"
            if file.name == "facts.csv":
                row["statement"] = f"{row['statement'][:150]} {ATTACK}"
            if file.name == "sources.csv" and row["url"]:
                row["url"] = f"{ADDRESS}{number}"
            writer.writerow(row)


@pytest.fixture
def poisoned(tmp_path: Path) -> Path:
    """The site of a small copy of the book with poisoned cells."""
    book = tmp_path / "book"
    leave = shutil.ignore_patterns("*.ipynb", "__pycache__")
    shutil.copytree(ROOT / "book", book, ignore=leave)
    shutil.copytree(ROOT / "seeds", tmp_path / "seeds")
    for name in ("_config.yml", "CITATION.cff", "LICENSE-CONTENT", "requirements.txt"):
        shutil.copy(ROOT / name, tmp_path)
    for name, columns in POISONED.items():
        poison(tmp_path / name, columns)
    cells = [nbformat.v4.new_markdown_cell("# Probe\n\nFigures.")]
    cells += [nbformat.v4.new_code_cell(code.strip()) for code in (FIGURES, CHART, MAP)]
    kernel = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=kernel), book / "probe.ipynb")
    (book / "intro.md").write_text(
        "# Probe\n\n```{evidence} verdict-strip\n```\n\n```{evidence} chapters\n```\n\n"
        "{person}`lavrov` {term}`kalinka` {claim}`C01`\n",
        encoding="utf-8",
    )
    files = [{"file": name} for name in ("book/probe", *(f"book/reference/{p}" for p in PAGES))]
    toc = {"format": "jb-book", "root": "book/intro", "parts": [{"chapters": files}]}
    (tmp_path / "_toc.yml").write_text(yaml.safe_dump(toc), encoding="utf-8")
    build = subprocess.run(
        [Path(sys.executable).with_name("jupyter-book"), "build", "."],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(book), "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert build.returncode == 0, (build.stdout + build.stderr)[-3000:]
    return tmp_path / "_build" / "html"


def test_markup_in_any_cell_is_shown_as_text(poisoned: Path, browser: Browser) -> None:
    pages = sorted(poisoned.rglob("*.html"))
    assert {path.stem for path in pages} >= {*PAGES, "index", "probe", "probe-map"}
    for path in pages:
        parsed = Markup(path.read_text(encoding="utf-8"))
        assert parsed.faults == [], path.name
        # The data page names the tables; each has a page of its own, such as data/people.html.
        if path.stem in {*PAGES, "probe"} - {"data"}:
            shown = "".join(parsed.text)
            assert ATTACK in shown or curly(ATTACK) in shown, path.name

    ledger = json.loads((poisoned / "reference" / "claims.json").read_text(encoding="utf-8"))
    assert all(ATTACK in claim["claim"] for claim in ledger["claims"])
    for path in [*poisoned.rglob("*.json"), *poisoned.rglob("*.geojson")]:
        json.loads(path.read_text(encoding="utf-8"))
    for path in [*poisoned.rglob("*.svg"), *poisoned.rglob("*.xml")]:
        tags = {element.tag for element in ElementTree.parse(path).iter()}
        assert not any("xss-probe" in str(tag) for tag in tags), path.name

    for path in [path for path in pages if path.stem in IN_BROWSER]:
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        faults: list[str] = []
        page.on("pageerror", lambda error, found=faults: found.append(str(error)))
        page.on("request", lambda request, found=faults: found.append(request.url))
        page.goto(path.as_uri())
        if page.locator(".map-mark").count():
            page.locator(".map-mark").first.focus()
            page.keyboard.press("Enter")
            assert ATTACK in page.locator(".leaflet-popup-content").inner_text()
        for link in page.locator("a.evidence").all()[:3]:
            link.click()
        assert page.evaluate("typeof hacked") == "undefined", path.name
        assert page.locator("xss-probe, img[src=x], [onerror], [onclick]").count() == 0, path.name
        assert not [fault for fault in faults if not fault.startswith(("file:", "data:"))]
        page.close()
