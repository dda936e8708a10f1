"""Prose bound to data: what the roles accept, refuse and say."""

from __future__ import annotations

import doctest
import functools
import json
import re
import shutil
from pathlib import Path
from types import ModuleType

import nbformat
import pytest
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.util.docutils import docutils_namespace

from explainer import data, evidence, words

BOOK = data.ROOT / "book"
FACT = evidence.Fact(
    id="example",
    topic="",
    kind="figure",
    claims=("C01",),
    date="2005-07-29",
    statement="By 1 August 2005 some 1,300 of 2.5 million people in two towns had left.",
    bearing="supports",
    confidence="high",
    unit="people",
    note="",
    values=(1500.0,),
    citations=(),
)


@pytest.mark.parametrize(
    "typed",
    [
        "1,500",
        "about 1,300 people",
        "2.5 million",
        "two towns",
        "29 July 2005",
        "in July 2005",
        "on 1 August",
        "in 2005",
        "had left",
    ],
)
def test_text_that_agrees(typed: str) -> None:
    assert evidence.disagreement(typed, FACT) is None


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("1,501", "says 1,501, the data say 1,500, 1,300, 2,500,000, 2"),
        ("2.5 billion", "says 2,500,000,000, the data say 1,500, 1,300, 2,500,000, 2"),
        ("three towns", "says 3, the data say 1,500, 1,300, 2,500,000, 2"),
        ("30 July 2005", "says 2005-07-30, the data say 2005-07-29, 2005-08-01"),
        ("in 2006", "says 2006, the data say 2005-07-29, 2005-08-01"),
        ("2 August", "says --08-02, the data say 2005-07-29, 2005-08-01"),
    ],
)
def test_text_that_disagrees_says_both_sides(typed: str, said: str) -> None:
    assert evidence.disagreement(typed, FACT) == said


def test_pages_of_one_publisher_have_names_of_their_own() -> None:
    def page(publisher: str, date: str, url: str) -> evidence.Source:
        return evidence.Source("", publisher, "", date, url, "en", "primary", "", "seen")

    given = [
        page("JTA", "1970-02-12", "https://jta.example/1"),
        page("UN", "not stated", "https://un.example/1"),
        page("JTA", "1970", "https://jta.example/2"),
        page("JTA", "1970", "https://jta.example/2"),
        page("UN", "2011", "https://un.example/2"),
        page("TASS", "2023", ""),
    ]
    names = [name for _, name in evidence.told_apart(given)]
    assert names == ["JTA (1970-02-12)", "UN (1)", "JTA (1970)", "UN (2)", "TASS (not linked)"]


@pytest.mark.parametrize("module", [evidence, words], ids=lambda module: module.__name__)
def test_examples_in_the_docstrings_hold(module: ModuleType) -> None:
    result = doctest.testmod(module)
    assert result.attempted
    assert not result.failed


def build(folder: Path, page: str) -> Sphinx:
    """Build one Markdown page with the evidence roles."""
    source = folder / "source"
    source.mkdir(exist_ok=True)
    (source / "page.md").write_text(page, encoding="utf-8")
    with docutils_namespace():
        app = Sphinx(
            source,
            None,
            folder / "html",
            folder / "doctrees",
            "html",
            confoverrides={
                "extensions": ["myst_parser", "evidence_pages"],
                "root_doc": "page",
                "nitpicky": False,
            },
            status=None,
            warning=None,
        )
        app.build()
    return app


@pytest.mark.parametrize(
    ("role", "said"),
    [
        ("{fact}`999 <claims-total>`", "the text says 999, the data say 28 (claims-total)"),
        ("{fact}`28 <no-such-fact>`", "no fact or derived number has the id 'no-such-fact'"),
        ("{fact}`claims-total`", "a fact needs the text that readers see"),
        ("{claim}`C99`", "no claim has the id 'C99'"),
        ("{person}`Nobody <nobody>`", "no person has the id 'nobody'"),
        ("{term}`nothing`", "no glossary term has the id 'nothing'"),
    ],
)
def test_a_wrong_role_stops_the_build(tmp_path: Path, role: str, said: str) -> None:
    page = f"# Title\n\nFine: {{fact}}`28 <claims-total>`.\n\nWrong: {role}.\n"
    with pytest.raises(ExtensionError) as error:
        build(tmp_path, page)
    message = str(error.value)
    assert "1 place(s)" in message
    assert re.search(r"page\.md:5: ", message), message
    assert said in message


def test_all_wrong_roles_are_named_at_once_and_not_forgotten(tmp_path: Path) -> None:
    page = "# Title\n\n{fact}`999 <claims-total>`\n\n{claim}`C99`\n"
    for _ in range(2):
        with pytest.raises(ExtensionError, match=r"2 place\(s\)"):
            build(tmp_path, page)
    build(tmp_path, "# Title\n\nNothing wrong any more.\n")


def test_bad_data_stop_the_build_with_every_problem(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for folder in ("book/data", "seeds"):
        shutil.copytree(data.ROOT / folder, tmp_path / folder)
    file = tmp_path / "book" / "data" / "places.csv"
    rows = file.read_bytes().replace(b",city,", b",town,").replace(b"Israel,3", b"Israel,9")
    file.write_bytes(rows)
    monkeypatch.setattr(data, "check", functools.partial(data.check, tmp_path))
    with pytest.raises(ExtensionError, match="the data do not hold") as error:
        build(tmp_path, "# Title\n")
    message = str(error.value)
    assert 'places.csv, row 4, column precision: "town" is not in the vocabulary' in message
    assert "column lat" in message
    assert not (tmp_path / "html" / "page.html").exists()


def test_claims_json_has_every_claim_and_only_known_sources() -> None:
    ledger = json.loads(evidence.current().claims_json())
    assert [claim["id"] for claim in ledger["claims"]] == [f"C{n:02d}" for n in range(1, 29)]
    known = set(evidence.current().sources)
    for claim in ledger["claims"]:
        assert claim["verdict"] in evidence.VERDICTS
        assert claim["history"][-1]["verdict"] == claim["verdict"]
        for fact in claim["facts"]:
            assert claim["id"] in evidence.current().facts[fact["id"]].claims
            assert fact["sources"]
            assert set(fact["sources"]) <= known


NOTEBOOKS = sorted(BOOK.glob("[0-9]*.ipynb"))
ROLE = re.compile(r"\{\w+\}`[^`]*`")
LINK = re.compile(r"\]\([^)]*\)|<https?://[^>]*>|\{[^}]*\}|`[^`]*`")
NAMES = re.compile(
    r"\b[Cc]hapters? \d+\b|\bC\d\d\b|\b9/11\b|\b201st\b|\b[A-Za-z]+-?\d[\w/-]*"
    r"|\b[Rr]esolutions? \d+(?:, \d+)*(?: and \d+)?"
)
"""Claims, chapters, and things whose name has a number: K2, ES-10/21, resolution 2803."""


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_no_number_in_prose_without_a_role(path: Path) -> None:
    """Numbers stand in roles; dates, years, claim and chapter numbers are free."""
    notebook = nbformat.read(path, as_version=4)
    bare = []
    for number, cell in enumerate(notebook.cells, start=1):
        if cell.cell_type != "markdown":
            continue
        prose = NAMES.sub(" ", LINK.sub(" ", ROLE.sub(" ", cell.source)))
        prose = evidence.YEAR.sub(" ", evidence.DATE.sub(" ", prose))
        bare += [f"cell {number}: {found}" for found in re.findall(r"\S*\d\S*", prose)]
    assert not bare


def test_every_claim_has_its_section_in_exactly_one_chapter() -> None:
    found = evidence.current()
    homes = [claim for chapter in found.chapters.values() for claim in chapter.claims]
    assert sorted(homes) == sorted(found.claims)
    for chapter in found.chapters.values():
        notebook = nbformat.read(BOOK / f"{chapter.id}.ipynb", as_version=4)
        prose = [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]
        assert prose[0].startswith(f"# {chapter.title}\n")
        for claim in (*chapter.claims, *chapter.also):
            assert f"{{claim}}`{claim}`" in "\n".join(prose)
        assert "## What would change" in "\n".join(prose)
