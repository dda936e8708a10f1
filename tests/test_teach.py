"""The teacher's pack: questions, lessons, and chapters that fit one sheet of paper."""

from __future__ import annotations

import doctest
import re
from collections import Counter
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from test_evidence import BOOK, LINK, NAMES, ROLE
from test_site import DESKTOP, PHONE, opened

from explainer import evidence, teaching

CHAPTERS = list(evidence.current().chapters.values())
LESSONS = ("reading-a-claim", "what-a-roll-call-shows")
OF_TEACHING = re.compile(
    r"\b\d+(?: to \d+)? minutes\b|\b\d+ to \d+ years old\b|\bA4\b|\bCC BY 4\.0|\bpage \d\b"
)
"""Numbers that plan a lesson and say nothing about the world."""


def bare_numbers(text: str) -> list[str]:
    """Numbers that no role binds to a fact; dates, years, claims and chapters are free."""
    prose = NAMES.sub(" ", LINK.sub(" ", ROLE.sub(" ", OF_TEACHING.sub(" ", text))))
    prose = evidence.YEAR.sub(" ", evidence.DATE.sub(" ", prose))
    return re.findall(r"\S*\d\S*", prose)


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: chapter.id)
def test_questions_cover_a_chapter(chapter: evidence.Chapter) -> None:
    """Five or six of all levels; one on limits, one on what would change; numbers bound."""
    asked = teaching.questions(chapter)
    assert 5 <= len(asked) <= 6
    assert {question.level for question in asked} == {"recall", "compare", "judge"}
    asks = Counter(question.asks for question in asked)
    assert asks["limits"] == 1
    assert asks["change"] == 1
    for question in asked:
        assert question.id.startswith(chapter.id[:2])
        assert bare_numbers(question.question) == []
        assert bare_numbers(question.answer) == []


@pytest.mark.parametrize("name", [*LESSONS, "index", "questions", "answers", "summaries"])
def test_no_number_without_a_fact(name: str) -> None:
    text = (BOOK / "teach" / f"{name}.md").read_text(encoding="utf-8")
    text = re.sub(r"(?m)^\| \d+ \||^\d+\. |[Ss]heet \d|[Ss]heet-\d", " ", text)
    assert bare_numbers(text) == []


@pytest.mark.parametrize("name", LESSONS)
def test_a_lesson_fills_its_time(name: str) -> None:
    text = (BOOK / "teach" / f"{name}.md").read_text(encoding="utf-8")
    assert 45 <= sum(map(int, re.findall(r"(?m)^\| (\d+) \|", text))) <= 50


def test_tallies_match_the_published_totals() -> None:
    """What pupils count is what the key says, and the key is what the record says."""
    votes = teaching.assembly()
    for column, text in enumerate(votes["texts"]):
        counted = Counter(row[column] for _, row in votes["states"])
        assert {word: counted[word] for word in text.group} == text.group
        assert sum(text.world.values()) == 193
    first, last = votes["texts"][0], votes["texts"][-1]
    lost = sum(len(names) for was, _, names in votes["changes"] if was == "yes")
    won = sum(len(names) for _, became, names in votes["changes"] if became == "yes")
    assert first.group["yes"] - lost + won == last.group["yes"]
    ends = {draft.outcome.partition(":")[0] for draft in teaching.council()["drafts"]}
    assert ends == {"passed", "failed", "stopped by a veto"}


def test_examples_in_the_docstrings_hold() -> None:
    result = doctest.testmod(teaching)
    assert result.attempted
    assert not result.failed


def test_a_sheet_does_not_give_away_its_answer(site: Path) -> None:
    """Drafts have letters on the sheet: the symbol of a resolution says that it passed."""
    page = (site / "teach" / "what-a-roll-call-shows.html").read_text(encoding="utf-8")
    sheet, notes = page.split('id="notes-with-answers"')
    for draft in teaching.council()["drafts"]:
        assert draft.id not in sheet
        assert draft.id in notes


def sheets(browser: Browser, url: str) -> int:
    """On how many sheets of A4 a page prints."""
    page = browser.new_page()
    page.goto(url)
    printed = page.pdf(format="A4")
    page.close()
    return len(re.findall(rb"/Type\s*/Page\b", printed))


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: chapter.id)
def test_a_summary_is_one_sheet(
    browser: Browser,
    address: str,
    chapter: evidence.Chapter,
) -> None:
    """One sheet of A4, with answer, claims, five facts, a figure; nothing too wide on a phone."""
    url = f"{address}teach/{chapter.id}.html"
    page = opened(browser, url, PHONE, "dark")
    assert page.faults == []
    assert page.locator("h1").inner_text().endswith(chapter.title)
    assert len(page.locator(".brief").inner_text()) > 150
    assert page.locator(".one-page .verdict").count() == len(chapter.claims)
    assert page.locator(".one-page section:has-text('Five facts') li").count() == 5
    assert page.locator(".summary-figure svg:visible").count() >= 1
    assert page.locator(".one-page section").last.locator("li").count() >= 3
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.close()
    assert sheets(browser, url) == 1


def test_worksheets_print_without_answers_and_the_key_with_them(
    browser: Browser,
    address: str,
) -> None:
    """Each chapter on a sheet of its own after the introduction, as the pack says."""
    page = opened(browser, f"{address}teach/questions.html", DESKTOP)
    answer = page.locator("details.answer").first
    assert not answer.locator("p").first.is_visible()
    answer.locator("summary").click()
    assert answer.locator("p").first.is_visible()
    page.emulate_media(media="print")
    assert page.locator(".answer:visible").count() == 0
    page.close()
    assert sheets(browser, f"{address}teach/questions.html") == 1 + len(CHAPTERS)
    page = opened(browser, f"{address}teach/answers.html", DESKTOP)
    page.emulate_media(media="print")
    total = sum(len(teaching.questions(chapter)) for chapter in CHAPTERS)
    assert page.locator(".answer:visible").count() == total
    page.close()
