"""The evidence as the book's pages need it: claims with verdicts, facts with sources.

Everything here is read from ``seeds/claims.csv`` and ``book/data`` through
:mod:`explainer.data`; nothing is stated in code.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import pairwise
from typing import Any, TypeVar

import pandas
from pandas import DataFrame

from explainer import chapters, data, derived
from explainer.words import MONTHS

VERDICTS = data.VERDICTS
"""The verdicts, from most to least borne out, and what each means."""

READ = {
    "seen": "we read the source's own text, as a rule its beginning",
    "relay": "we read it through another outlet; the first publisher is named, without a link",
    "recalled": "known but not read again; never the ground of a verdict",
}

THREADS = {
    "october-response": "Moscow and the war in Gaza",
    "hamas-contacts": "Contacts with Hamas",
    "terrorism-policy": "Lists, Chechnya, bases, Syria",
    "terror-exposure": "Attacks and threats",
    "money-arms-history": "Money, weapons, Soviet years",
    "cultural-centers": "Cultural centres",
    "regional-balance": "Israel and its neighbours",
    "global-south": "Votes and the Global South",
}
"""The threads of the timeline: the subjects of the facts."""

T = TypeVar("T")

_STRENGTH = {"high": 0, "medium": 1, "low": 2}
_TIER = {"primary": 0, "established": 1, "secondary": 2}


@dataclass(frozen=True)
class Source:
    """A publication that a fact or a figure rests on."""

    id: str
    publisher: str
    title: str
    date: str
    url: str
    language: str
    tier: str
    state_media: str
    read: str

    @property
    def key(self) -> str:
        """Tells two mentions of the same page, or of the same unlinked publisher."""
        return self.url or self.publisher

    @property
    def label(self) -> str:
        """The publisher, and why there is no link if there is none."""
        if self.url:
            return self.publisher
        return f"{self.publisher} ({'relayed' if self.read == 'relay' else 'not linked'})"


def told_apart(sources: Iterable[Source]) -> list[tuple[Source, str]]:
    """Each page once, with a name that no other of them has.

    Pages of one publisher are told apart by their dates, or by numbers if these do not suffice.
    """
    once = list({source.key: source for source in sources}.values())
    by_publisher: dict[str, list[str]] = {}
    for source in once:
        date = "" if source.date == "not stated" else source.date
        by_publisher.setdefault(source.label, []).append(date)
    named = []
    for source in once:
        dates = by_publisher[source.label]
        number = sum(one.label == source.label for one, _ in named) + 1
        dated = all(dates) and len(set(dates)) == len(dates)
        which = f" ({dates[number - 1] if dated else number})" if len(dates) > 1 else ""
        named.append((source, source.label + which))
    return named


@dataclass(frozen=True)
class Citation:
    """What one source says on one fact, in our words."""

    source: Source
    says: str


@dataclass(frozen=True)
class Fact:
    """One statement of the record. ``numbers`` are those a text may quote from it."""

    id: str
    topic: str
    kind: str
    claims: tuple[str, ...]
    date: str
    statement: str
    bearing: str
    confidence: str
    unit: str
    note: str
    values: tuple[float, ...]
    citations: tuple[Citation, ...]

    @property
    def sources(self) -> tuple[Source, ...]:
        return tuple(citation.source for citation in self.citations)

    @property
    def strength(self) -> tuple:
        """Sort key, strongest first: confidence, best tier, number of publishers."""
        tier = min((_TIER[source.tier] for source in self.sources), default=9)
        publishers = len({source.publisher for source in self.sources})
        return (_STRENGTH[self.confidence], tier, -publishers, self.date, self.id)


@dataclass(frozen=True)
class Verdict:
    """What we made of a claim on a day, and why."""

    date: str
    reading: int
    verdict: str
    why: str
    since_2023: str
    also: str


@dataclass(frozen=True)
class Correction:
    """Something the book said that it says otherwise now.

    ``page`` is a page's file in the folder ``book`` without its ending; ``commit`` the
    change in the source history, empty if there is none or if a verdict has changed.
    """

    id: str
    date: str
    page: str
    claims: tuple[str, ...]
    was: str
    now: str
    noticed_by: str
    sources: tuple[Source, ...]
    commit: str


@dataclass(frozen=True)
class Chapter:
    """A chapter of the book; ``claims`` have their section in it, ``also`` are touched."""

    id: str
    number: int
    title: str
    short: str
    description: str
    claims: tuple[str, ...]
    also: tuple[str, ...]

    @property
    def docname(self) -> str:
        return f"book/{self.id}"


@dataclass(frozen=True)
class Claim:
    """A claim of the article in our words, and all that bears on it."""

    id: str
    paragraph: int
    text: str
    verdicts: tuple[Verdict, ...]
    facts: tuple[Fact, ...]
    searches: tuple[dict, ...]
    chapter: Chapter | None

    @property
    def verdict(self) -> Verdict:
        """The newest verdict."""
        return self.verdicts[-1]

    def strongest(self, *bearings: str, limit: int = 3) -> list[Fact]:
        """The facts with one of these bearings, strongest first."""
        chosen = [fact for fact in self.facts if fact.bearing in bearings]
        return sorted(chosen, key=lambda fact: fact.strength)[:limit]

    @property
    def sources(self) -> list[Source]:
        """Every source of the claim's facts, once, in order of first use."""
        return list(dict.fromkeys(s for fact in self.facts for s in fact.sources))


@dataclass(frozen=True)
class Person:
    """Who somebody is, as the sources describe them."""

    id: str
    name: str
    other_names: str
    role: str
    note: str
    sources: tuple[Source, ...]

    @property
    def sort_key(self) -> str:
        """The family name, with the particle that belongs to it, then the rest.

        >>> Person("", "Musa Abu Marzouk", "", "", "", ()).sort_key
        'abu marzouk musa'
        """
        *given, family = self.name.split()
        if given and given[-1] in ("Abu", "Aboul", "Ben", "Bin"):
            family = f"{given.pop()} {family}"
        family = family.removeprefix("al-").removeprefix("el-")
        return _plain(" ".join([family, *given]))


@dataclass(frozen=True)
class Term:
    """What a word means in this book."""

    id: str
    term: str
    other_forms: str
    definition: str
    sources: tuple[Source, ...]

    @property
    def sort_key(self) -> str:
        """The term as an index sorts it."""
        return _plain(self.term)


def _plain(name: str) -> str:
    """In small letters without accents, which part no letters of an index: Š stands under S."""
    letters = unicodedata.normalize("NFKD", name.lower())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def _text(value: object) -> str:
    return "" if value is None or pandas.isna(value) else str(value)


def _ids(value: object) -> tuple[str, ...]:
    return tuple(_text(value).split())


def _from_row(kind: type[T], row: dict, **made: Any) -> T:
    """An object whose fields are the row's cells of the same name, as text, or ``made``."""
    cells = {name: _text(row[name]) for name in kind.__dataclass_fields__ if name not in made}
    return kind(**cells, **made)


class Evidence:
    """All of the evidence, loaded when first asked for."""

    @cached_property
    def evidence_date(self) -> str:
        """The day until which the record was looked at."""
        return data.evidence_date()

    @cached_property
    def sources(self) -> dict[str, Source]:
        rows = data.load("sources").to_dict("records")
        return {row["id"]: _from_row(Source, row) for row in rows}

    @cached_property
    def facts(self) -> dict[str, Fact]:
        citations: dict[str, list[Citation]] = {}
        for row in data.load("citations").to_dict("records"):
            citation = Citation(self.sources[row["source"]], _text(row["says"]))
            citations.setdefault(row["fact"], []).append(citation)
        return {
            row["id"]: _from_row(
                Fact,
                row,
                claims=_ids(row["claims"]),
                date=_text(row["date"]) or "undated",
                values=tuple(
                    float(row[column])
                    for column in ("value", "value_low", "value_high")
                    if not pandas.isna(row[column])
                ),
                citations=tuple(citations.get(row["id"], ())),
            )
            for row in data.load("facts").to_dict("records")
        }

    @cached_property
    def cited_facts(self) -> DataFrame:
        """The table facts by id, with the ids of each one's sources in the cell ``sources``."""
        cited = data.load("citations").groupby("fact", sort=False)["source"].agg(" ".join)
        facts = data.load("facts").set_index("id")
        return facts.assign(sources=cited.reindex(facts.index))

    @cached_property
    def chapters(self) -> dict[str, Chapter]:
        return {
            row["id"]: _from_row(
                Chapter,
                row,
                number=int(row["number"]),
                claims=_ids(row["claims"]),
                also=_ids(row["also"]),
            )
            for row in data.load("chapters").to_dict("records")
        }

    @cached_property
    def claims(self) -> dict[str, Claim]:
        verdicts: dict[str, list[Verdict]] = {}
        for row in data.load("verdicts").to_dict("records"):
            day = _text(row["date"])[:10]
            verdict = _from_row(Verdict, row, date=day, reading=int(row["reading"]))
            verdicts.setdefault(row["claim"], []).append(verdict)
        facts: dict[str, list[Fact]] = {}
        for fact in self.facts.values():
            for claim in fact.claims:
                facts.setdefault(claim, []).append(fact)
        searches: dict[str, list[dict]] = {}
        for row in data.load("searches").to_dict("records"):
            cleaned = {key: _text(value) for key, value in row.items()}
            for claim in _ids(row["claims"]):
                searches.setdefault(claim, []).append(cleaned)
        chapters = {
            claim: chapter for chapter in self.chapters.values() for claim in chapter.claims
        }
        return {
            row["id"]: Claim(
                id=row["id"],
                paragraph=int(row["paragraph"]),
                text=row["claim"],
                verdicts=tuple(
                    sorted(verdicts[row["id"]], key=lambda each: (each.date, each.reading))
                ),
                facts=tuple(sorted(facts.get(row["id"], ()), key=lambda each: each.date)),
                searches=tuple(searches.get(row["id"], ())),
                chapter=chapters.get(row["id"]),
            )
            for row in data.claims().to_dict("records")
        }

    @cached_property
    def people(self) -> dict[str, Person]:
        rows = data.load("people").to_dict("records")
        return {row["id"]: _from_row(Person, row, sources=self._sources_of(row)) for row in rows}

    @cached_property
    def terms(self) -> dict[str, Term]:
        rows = data.load("glossary").to_dict("records")
        return {row["id"]: _from_row(Term, row, sources=self._sources_of(row)) for row in rows}

    @cached_property
    def corrections(self) -> list[Correction]:
        """The rows of the table and the changes of verdicts, newest first."""
        found = [
            _from_row(
                Correction,
                row,
                date=_text(row["date"])[:10],
                claims=_ids(row["claims"]),
                sources=self._sources_of(row),
            )
            for row in data.load("corrections").to_dict("records")
        ]
        for claim in self.claims.values():
            for old, new in pairwise(claim.verdicts):
                was, now = f"The verdict was “{old.verdict}”. ", f"The verdict is “{new.verdict}”. "
                if old.verdict == new.verdict:
                    was = now = f"The verdict “{new.verdict}” stands; its reason: "
                found.append(
                    Correction(
                        id=f"{claim.id.lower()}-{new.date}-{new.reading}",
                        date=new.date,
                        page=claim.chapter.id if claim.chapter else "reference/claims",
                        claims=(claim.id,),
                        was=was + old.why,
                        now=now + new.why,
                        noticed_by="second reader" if new.reading > 1 else "contributor",
                        sources=(),
                        commit="",
                    )
                )
        return sorted(found, key=lambda each: (each.date, each.id), reverse=True)

    def _sources_of(self, row: dict) -> tuple[Source, ...]:
        """The row's own sources, then those of the facts it names."""
        ids = list(_ids(row.get("sources")))
        for fact in _ids(row.get("facts")):
            ids += [source.id for source in self.facts[fact].sources]
        return tuple(self.sources[name] for name in dict.fromkeys(ids))

    def claims_json(self) -> str:
        """The ledger as JSON: stable keys, sorted claims; documented on the data page."""

        def fact(item: Fact) -> dict:
            return {
                "id": item.id,
                "date": item.date,
                "statement": item.statement,
                "bearing": item.bearing,
                "confidence": item.confidence,
                "sources": [source.id for source in item.sources],
            }

        return (
            json.dumps(
                {
                    "evidence_date": self.evidence_date,
                    "claims": [
                        {
                            "id": claim.id,
                            "paragraph": claim.paragraph,
                            "claim": claim.text,
                            "verdict": claim.verdict.verdict,
                            "why": claim.verdict.why,
                            "since_2023": claim.verdict.since_2023,
                            "history": [
                                {"date": each.date, "verdict": each.verdict}
                                for each in claim.verdicts
                            ],
                            "chapter": claim.chapter and claim.chapter.id,
                            "facts": [fact(item) for item in claim.facts],
                        }
                        for claim in self.claims.values()
                    ],
                },
                ensure_ascii=False,
                indent=1,
            )
            + "\n"
        )


# --- typed text against data -------------------------------------------------------------

_WORDS = {
    word: number
    for number, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve".split()
    )
}
_SCALE = {"thousand": 1e3, "million": 1e6, "billion": 1e9, "m": 1e6, "bn": 1e9, "k": 1e3}
DATE = re.compile(
    r"\b(?:(?P<day>\d{1,2})(?:st|nd|rd|th)? )?(?P<month>" + "|".join(MONTHS) + r")"
    r"(?: (?P<year>\d{4}))?\b"
)
YEAR = re.compile(r"(?<![\d,.$])(?:19|20)\d\d(?!\d|[,.]\d)")
_NUMBER = re.compile(
    r"(?<![\w.])(\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
    r"(?:[\s-]?(thousand|million|billion|bn|m|k)\b)?"
)
_WORD_NUMBER = re.compile(
    r"\b(" + "|".join(_WORDS) + r")\b(?:[\s-](thousand|million|billion)\b)?", re.IGNORECASE
)


def numbers_in(text: str) -> list[float]:
    """Every number of a text, dates and years left out.

    >>> numbers_in("on 7 October 2023 about 1,200 of 2.5 million, or two")
    [1200.0, 2500000.0, 2.0]
    """
    rest = YEAR.sub(" ", DATE.sub(" ", text))
    found = [
        float(digits.replace(",", "")) * _SCALE.get(scale, 1)
        for digits, scale in _NUMBER.findall(rest)
    ]
    found += [
        float(_WORDS[word.lower()] * _SCALE.get(scale, 1))
        for word, scale in _WORD_NUMBER.findall(rest)
    ]
    return found


def dates_in(text: str) -> list[str]:
    """Every calendar date and year of a text, as partial ISO dates.

    A day and month without a year give ``--MM-DD``.

    >>> dates_in("on 24 September 2001, in July 2005, and 2014")
    ['2001-09-24', '2005-07', '2014']
    """
    found = []
    for match in DATE.finditer(text):
        month = f"{MONTHS.index(match['month']) + 1:02d}"
        iso = f"{match['year'] or '-'}-{month}"
        if match["day"]:
            iso += f"-{int(match['day']):02d}"
        found.append(iso)
    return found + YEAR.findall(DATE.sub(" ", text))


def disagreement(text: str, fact: Fact) -> str | None:
    """What a typed text says that its fact does not; ``None`` if they agree.

    Each number must be the fact's value, an end of its range, or stand in its
    statement; each date must be the fact's date or stand in its statement.
    """
    known = [*fact.values, *numbers_in(fact.statement)]
    for number in numbers_in(text):
        if not any(abs(number - value) <= 1e-9 * max(1, abs(value)) for value in known):
            values = ", ".join(f"{value:,.10g}" for value in dict.fromkeys(known)) or "no number"
            return f"says {number:,.10g}, the data say {values}"
    dates = [fact.date, *dates_in(fact.statement)]
    for day in dates_in(text):
        if not any(_is_within(known_day, day, fact.date[:4]) for known_day in dates):
            return f"says {day}, the data say {', '.join(dict.fromkeys(dates))}"
    return None


def _is_within(known: str, typed: str, year: str) -> bool:
    """Whether the date ``known`` lies within ``typed``, which may be less exact.

    A known day without a year is taken to be of ``year``.
    """
    if typed.startswith("--"):
        day = known.removeprefix("--") if known.startswith("--") else known[5:]
        return day.startswith(typed[2:])
    return known.replace("--", f"{year}-", 1).startswith(typed)


def _tables_in_words(tables: tuple[str, ...]) -> str:
    """What a number is counted from; none of the book's tables means the list of claims."""
    if not tables:
        return "the article's list of claims"
    return f"the table{'s' if len(tables) > 1 else ''} {', '.join(tables)}"


@cache
def derived_fact(name: str) -> Fact:
    """A derived number as a fact: its statement, its value, the sources of its rows.

    Raises ``KeyError`` for an unknown name.
    """
    chapters.load_all()
    number = derived.REGISTRY[name]
    evidence = current()
    values = number.values()
    return Fact(
        id=name,
        topic="",
        kind="derived",
        claims=(),
        date=evidence.evidence_date,
        statement=number.statement,
        bearing="context",
        confidence="high",
        unit="",
        note=f"Counted from {_tables_in_words(number.tables)}.",
        values=values,
        citations=tuple(
            Citation(evidence.sources[row["id"]], "") for row in number.sources().to_dict("records")
        ),
    )


def cited_facts(ids: Iterable[str] | None = None) -> DataFrame:
    """Rows of the table facts by id, each with the ids of its sources in the cell ``sources``.

    In the order of ``ids``; all facts if none are named.

    Raises ``KeyError`` for an unknown fact.
    """
    facts = current().cited_facts
    return facts.copy() if ids is None else facts.loc[list(ids)]


def sources_of_facts(ids: Iterable[str]) -> str:
    """Ids of the sources of these facts, each once, as one cell of a table.

    Raises ``KeyError`` for an unknown fact.
    """
    return joined(cited_facts(ids)["sources"])


def joined(cells: Iterable[str]) -> str:
    """Source ids of several cells as one cell, each id once, in order of first use."""
    return " ".join(dict.fromkeys(" ".join(cells).split()))


@cache
def current() -> Evidence:
    """The evidence of this process, read once."""
    return Evidence()
