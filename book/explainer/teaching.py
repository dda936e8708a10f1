"""The teacher's pack: questions, and the small tables of the lessons, from the book's data."""

from __future__ import annotations

import re
from dataclasses import dataclass
from string import ascii_uppercase

from pandas import DataFrame, Series, isna

from explainer import data, evidence
from explainer.chapters.global_south import VOTES
from explainer.evidence import Chapter, Source
from explainer.words import MONTHS, VETOERS, spoken

ASSEMBLY_TEXTS = ("ES-11/6", "ES-10/21", "ES-11/7")
"""The texts that pupils tally: on Ukraine in 2023, on Gaza in 2023, on Ukraine in 2025."""

COUNCIL_DRAFTS = (
    "S/2023/772",
    "S/2023/773",
    "S/2023/792",
    "S/2023/795",
    "S/RES/2712",
    "S/2023/970",
)
"""Security Council drafts of October to December 2023 of which all ways to end occur."""

SUBJECTS = {"ukraine": "Ukraine", "palestine": "Gaza"}
"""The topics of the tallied texts, as the heads of the columns name them."""

SPONSORS = {"USA": "United States", "UAE": "United Arab Emirates"}
"""Who tabled a draft, where the table unsc-votes has letters."""


@dataclass(frozen=True)
class Question:
    """A question on a chapter; ``question`` and ``answer`` are Markdown with roles."""

    id: str
    level: str
    asks: str
    minutes: int
    claims: tuple[str, ...]
    question: str
    answer: str


@dataclass(frozen=True)
class Text:
    """A text before the General Assembly, with how the group and all states voted.

    ``head`` names it in a column; ``group`` and ``world`` count states by what they did,
    in the order of ``VOTES``.
    """

    id: str
    head: str
    date: str
    subject: str
    group: dict[str, int]
    world: dict[str, int]
    sources: tuple[Source, ...]


@dataclass(frozen=True)
class Draft:
    """A draft before the Security Council and how it ended; sheets name it by its letter."""

    letter: str
    id: str
    date: str
    sponsor: str
    yes: int
    no: int
    abstained: int
    russia: str
    usa: str
    outcome: str
    remark: str


def questions(chapter: Chapter) -> list[Question]:
    """The questions on a chapter, in their order."""
    rows = data.load("questions").query("chapter == @chapter.id").sort_values("order")
    return [
        Question(
            id=row["id"],
            level=row["level"],
            asks=row["asks"],
            minutes=int(row["minutes"]),
            claims=tuple(row["claims"].split()),
            question=row["question"],
            answer=row["answer"],
        )
        for row in rows.to_dict("records")
    ]


def assembly() -> dict:
    """How the states of the Arab League voted on :data:`ASSEMBLY_TEXTS`, to be tallied.

    ``states`` holds (name, votes as words), ``texts`` a :class:`Text` each; ``most`` is the
    text with most yes votes of the group. ``changes`` holds, for the two texts on Ukraine,
    (vote on the first, vote on the second, names) wherever the two differ, the yes first.
    """
    groups = data.load("country-groups")
    members = groups.loc[groups["arab_league"], "iso3"]
    calls = data.load("roll-calls")
    calls = calls[calls["resolution"].isin(ASSEMBLY_TEXTS)]
    calls = calls.assign(vote=calls["vote"].astype("string").map(VOTES))
    group = calls[calls["iso3"].isin(members)]
    about = data.load("resolutions").set_index("resolution")

    def tally(votes: Series) -> dict[str, int]:
        counts = votes.value_counts()
        return {word: int(counts.get(word, 0)) for word in VOTES.values()}

    texts = [
        Text(
            id=name,
            head=f"{SUBJECTS[about.loc[name, 'topic']]} {about.loc[name, 'date'].year}",
            date=spoken(about.loc[name, "date"], full=True),
            subject=about.loc[name, "subject"],
            group=tally(group.loc[group["resolution"] == name, "vote"]),
            world=tally(calls.loc[calls["resolution"] == name, "vote"]),
            sources=tuple(_sources(calls[calls["resolution"] == name])),
        )
        for name in ASSEMBLY_TEXTS
    ]
    table = group.pivot(index="country", columns="resolution", values="vote")[list(ASSEMBLY_TEXTS)]
    first, _, last = ASSEMBLY_TEXTS
    moved = table[table[first] != table[last]].groupby([first, last]).groups
    return {
        "states": [(state, list(votes)) for state, votes in zip(table.index, table.to_numpy())],
        "texts": texts,
        "most": max(texts, key=lambda text: text.group["yes"]),
        "changes": [
            (was, became, list(moved[was, became]))
            for was in VOTES.values()
            for became in VOTES.values()
            if (was, became) in moved
        ],
    }


def council() -> dict:
    """:data:`COUNCIL_DRAFTS` with votes and outcome, and their ``sources``."""
    rows = data.load("unsc-votes").set_index("document", drop=False).loc[list(COUNCIL_DRAFTS)]
    drafts = [_draft(letter, row) for letter, row in zip(ascii_uppercase, rows.to_dict("records"))]
    return {"drafts": drafts, "sources": _sources(rows)}


def _draft(letter: str, row: dict) -> Draft:
    vetoed = row["vetoed_by"]
    if row["adopted"]:
        outcome = "passed"
    elif isinstance(vetoed, str):
        outcome = f"stopped by a veto: {VETOERS[vetoed]}"
    else:
        outcome = "failed: too few in favour"
    return Draft(
        letter=letter,
        id=row["document"],
        date=spoken(row["date"]),
        sponsor=SPONSORS.get(row["sponsor"], row["sponsor"]),
        yes=int(row["yes"]),
        no=int(row["no"]),
        abstained=int(row["abstain"]),
        russia=VOTES[row["russia_vote"]],
        usa=VOTES[row["us_vote"]],
        outcome=outcome,
        remark="" if isna(row["read_note"]) else row["read_note"],
    )


def named(ids: list[str]) -> list[tuple[str, str]]:
    """Name and a few words on each person or term; raises ``KeyError`` for an unknown id.

    The words end at a semicolon: what follows in the glossary may answer a question.
    """
    found = evidence.current()
    entries = []
    for one in ids:
        if person := found.people.get(one):
            name, words = person.name, person.role
        else:
            term = found.terms[one]
            name, words = term.term, term.definition
            if term.other_forms:
                name = f"{name} ({term.other_forms.replace(';', ',')})"
        entries.append((name, words.partition(";")[0].rstrip(".")))
    return entries


def in_words(date: str) -> str:
    """A partial ISO date as prose has it; other words stay as they are.

    >>> in_words("2023-10-27"), in_words("2023-10"), in_words("undated")
    ('27 October 2023', 'October 2023', 'undated')
    """
    if not (match := re.fullmatch(r"(\d{4})-(\d\d)(?:-(\d\d))?", date)):
        return date
    year, month, day = match.groups()
    rest = f"{MONTHS[int(month) - 1]} {year}"
    return f"{int(day)} {rest}" if day else rest


def guidance() -> list[tuple[str, tuple[Source, ...]]]:
    """Each piece of published advice on painful subjects, with its sources."""
    return [
        (row["advice"], tuple(evidence.current().sources[one] for one in row["sources"].split()))
        for row in data.load("teaching-guidance").to_dict("records")
    ]


def _sources(rows: DataFrame) -> list[Source]:
    known = evidence.current().sources
    return [known[name] for name in data.sources_of(rows)["id"]]
