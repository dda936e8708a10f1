"""The teacher's pack: questions, and the small tables of the lessons, from the book's data."""

from __future__ import annotations

from dataclasses import dataclass

from pandas import DataFrame, Series

from explainer import data, evidence
from explainer.chapters.global_south import VOTES
from explainer.evidence import Chapter, Source
from explainer.words import VETOERS, spoken

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

    ``group`` and ``world`` count states by what they did, in the order of ``VOTES``.
    """

    id: str
    date: str
    subject: str
    group: dict[str, int]
    world: dict[str, int]


@dataclass(frozen=True)
class Draft:
    """A draft before the Security Council and how it ended."""

    id: str
    date: str
    sponsor: str
    yes: int
    no: int
    abstained: int
    russia: str
    usa: str
    outcome: str


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

    ``states`` holds (name, votes as words), ``texts`` a :class:`Text` each, ``sources``
    what the single votes rest on.
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
            date=spoken(about.loc[name, "date"], full=True),
            subject=about.loc[name, "subject"],
            group=tally(group.loc[group["resolution"] == name, "vote"]),
            world=tally(calls.loc[calls["resolution"] == name, "vote"]),
        )
        for name in ASSEMBLY_TEXTS
    ]
    table = group.pivot(index="country", columns="resolution", values="vote")[list(ASSEMBLY_TEXTS)]
    return {
        "states": [(state, list(votes)) for state, votes in zip(table.index, table.to_numpy())],
        "texts": texts,
        "sources": _sources(calls),
    }


def council() -> dict:
    """:data:`COUNCIL_DRAFTS` with votes and outcome, and their ``sources``."""
    rows = data.load("unsc-votes").set_index("document", drop=False).loc[list(COUNCIL_DRAFTS)]
    return {"drafts": [_draft(row) for row in rows.to_dict("records")], "sources": _sources(rows)}


def _draft(row: dict) -> Draft:
    vetoed = row["vetoed_by"]
    if row["adopted"]:
        outcome = "passed"
    elif isinstance(vetoed, str):
        outcome = f"stopped by a veto: {VETOERS[vetoed]}"
    else:
        outcome = "failed: too few in favour"
    return Draft(
        id=row["document"],
        date=spoken(row["date"], full=True),
        sponsor=row["sponsor"],
        yes=int(row["yes"]),
        no=int(row["no"]),
        abstained=int(row["abstain"]),
        russia=VOTES[row["russia_vote"]],
        usa=VOTES[row["us_vote"]],
        outcome=outcome,
    )


def guidance() -> list[tuple[str, tuple[Source, ...]]]:
    """Each piece of published advice on painful subjects, with its sources."""
    return [
        (row["advice"], tuple(evidence.current().sources[one] for one in row["sources"].split()))
        for row in data.load("teaching-guidance").to_dict("records")
    ]


def _sources(rows: DataFrame) -> list[Source]:
    known = evidence.current().sources
    return [known[name] for name in data.sources_of(rows)["id"]]
