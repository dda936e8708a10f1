"""Chapter 9: Russia's presidents between Israel and its neighbours, and Israel on Ukraine."""

from __future__ import annotations

import textwrap
from itertools import accumulate
from typing import NamedTuple

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle
from pandas import DataFrame

from explainer import charts, data, evidence, style
from explainer.derived import number
from explainer.style import Size
from explainer.words import spoken

INVASION = pd.Timestamp("2022-02-24")
WAR = pd.Timestamp("2023-10-07")
ARCHIVE_END = pd.Timestamp("2026-03-12")
"""After this day the archive behind the tables of meetings and calls has nothing."""

PARTNERS = {
    "Israel": "Israel",
    "Iran": "Iran",
    "Syria": "Syria",
    "Palestinian Authority / State of Palestine": "Palestinians",
    "Türkiye": "Türkiye",
    "Egypt": "Egypt",
    "Saudi Arabia": "Saudi Arabia",
    "United Arab Emirates": "Emirates",
}
"""Names of the table leader-meetings and those short enough for a chart."""


# ------------------------------------------------------------------ meetings


def _all_meetings() -> DataFrame:
    """Every row of leader-meetings, with the short name, the year, and whether it is counted.

    A visit whose text does not say who received the guest is not counted.
    """
    rows = data.load("leader-meetings")
    return rows.assign(
        partner=rows["country"].astype("string").map(PARTNERS),
        year=rows["date"].dt.year,
        counted=rows["russian_side"].isin(["Putin", "Medvedev"]),
    )


def counted_meetings() -> DataFrame:
    """The meetings counted in this chapter, oldest first."""
    rows = _all_meetings()
    return rows[rows["counted"]]


PLACE_KNOWN = {"source": "the source", "recalled": "recalled, not read"}
"""What a row of leader-meetings says on where its city is from, in words."""


def _reader(rows: DataFrame) -> DataFrame:
    """The columns of a meeting that a reader of the table wants, in that order."""
    rows = rows.assign(known=rows["city_basis"].astype("string").map(PLACE_KNOWN))
    names = {
        "date": "date",
        "partner": "met leader of",
        "leader": "leader",
        "russian_side": "Russian president",
        "city": "place",
        "known": "place known from",
        "format": "occasion",
        "evidence": "evidence",
        "note": "note",
        "sources": "sources",
    }
    return rows[list(names)].rename(columns=names)


def meetings_tables() -> dict[str, DataFrame]:
    """What a reader sees of the meetings: the counted, and the one left out."""
    rows = _all_meetings()
    return {
        "Meetings counted": _reader(rows[rows["counted"]]),
        "Listed, not counted": _reader(rows[~rows["counted"]]),
    }


def _count(partner: str, year: int, after: bool) -> int:
    """Meetings with a partner in a year; 2023 is told apart at 7 October."""
    rows = counted_meetings()
    rows = rows[(rows["partner"] == partner) & (rows["year"] == year)]
    return int(((rows["date"] >= WAR) == after).sum()) if year == WAR.year else len(rows)


def meetings_grid(size: Size) -> Figure:
    """Years against partners: a square with the number of meetings found; a dot for none."""
    slots = charts.years_parted(range(2001, ARCHIVE_END.year + 1), WAR)
    partners = list(PARTNERS.values())
    wide = size == "wide"
    figure, ax = style.canvas(size, wide=3.7, narrow=7.4)
    style.quiet(ax, grid="none")
    for across, (_, year, after) in enumerate(slots):
        for down, partner in enumerate(partners):
            at = (across, down) if wide else (down, across)
            count = _count(partner, year, after)
            if not count:
                ax.plot(*at, "o", color=style.GRID, markersize=2.5)
                continue
            few = count < 3
            fill = {False: (style.PALE_BLUE, style.BLUE), True: (style.PALE_ORANGE, style.ORANGE)}
            ax.add_patch(
                Rectangle((at[0] - 0.44, at[1] - 0.44), 0.88, 0.88, color=fill[after][not few])
            )
            ax.text(
                *at, str(count), ha="center", va="center_baseline", fontsize=8.5,
                color=style.INK if few else style.PAPER,
            )  # fmt: skip
    cut = next(i for i, slot in enumerate(slots) if slot.after) - 0.5
    labels = [slot.label for slot in slots]
    if wide:
        ax.axvline(cut, color=style.INK, linewidth=1.2)
        ax.set_xlim(-0.6, len(slots) - 0.4)
        ax.set_ylim(len(partners) - 0.4, -0.6)
        ax.set_xticks(range(len(slots)), labels, rotation=90, fontsize=8)
        ax.set_yticks(range(len(partners)), partners)
        ax.text(cut, -0.7, "7 October 2023 ", ha="center", va="bottom", fontsize=8.5)
    else:
        ax.axhline(cut, color=style.INK, linewidth=1.2)
        ax.set_ylim(len(slots) - 0.4, -0.6)
        ax.set_xlim(-0.6, len(partners) - 0.4)
        ax.set_yticks(range(len(slots)), labels, fontsize=8)
        ax.set_xticks(range(len(partners)), partners, rotation=90, fontsize=8.5)
        ax.xaxis.tick_top()
    ax.spines[:].set_visible(False)
    return figure


PERIODS = {
    "January 2017 to\n23 February 2022": (pd.Timestamp("2017-01-01"), INVASION),
    "24 February 2022 to\n6 October 2023": (INVASION, WAR),
    "7 October 2023 to\n12 March 2026": (WAR, ARCHIVE_END + pd.Timedelta(days=1)),
}
"""First day and first day after. The first starts where yearly coverage is fairly even."""

SUMMIT = "summit or sidelines"


def _between(period: tuple[pd.Timestamp, pd.Timestamp]) -> DataFrame:
    start, end = period
    rows = counted_meetings()
    return rows[(rows["date"] >= start) & (rows["date"] < end)]


def _years(period: tuple[pd.Timestamp, pd.Timestamp]) -> float:
    """Length of a period in years."""
    return (period[1] - period[0]).days / 365.25


def rate_table() -> dict[str, DataFrame]:
    """The meetings behind :func:`meetings_rate`, one table for each period."""
    return {
        label.replace("\n", " "): _reader(_between(period)) for label, period in PERIODS.items()
    }


def meetings_rate(size: Size) -> Figure:
    """Meetings found per year in three periods: visits solid, summits and sidelines hatched."""
    shape = {"ncols": 3} if size == "wide" else {"nrows": 3}
    figure, panels = style.canvas(size, wide=3.6, narrow=7.2, sharex=True, sharey=True, **shape)
    partners = list(PARTNERS.values())
    for ax, (label, period) in zip(panels, PERIODS.items(), strict=True):
        style.quiet(ax, grid="x")
        rows = _between(period)
        for down, partner in enumerate(partners):
            own = rows[rows["partner"] == partner]
            summits = (own["format_group"] == SUMMIT).sum() / _years(period)
            visits = len(own) / _years(period) - summits
            ax.barh(down, visits, height=0.66, color=style.BLUE)
            ax.barh(
                down, summits, left=visits, height=0.66, facecolor=style.PALE_BLUE,
                edgecolor=style.BLUE, hatch="////", linewidth=0.8,
            )  # fmt: skip
            text = f"{visits + summits:.1f} ({len(own)})" if len(own) else "none found"
            ax.text(
                visits + summits + 0.08, down, text, va="center", fontsize=8,
                color=style.INK if len(own) else style.MUTED,
            )  # fmt: skip
        ax.set_title(label, fontsize=9)
        ax.set_yticks(range(len(partners)), partners)
        ax.set_ylim(len(partners) - 0.4, -0.6)
    panels[0].set_xlim(0, 5.2)
    # No mark at 5: it would touch the 0 of the next panel.
    panels[0].set_xticks(range(5))
    for ax in panels if size == "wide" else panels[-1:]:
        ax.set_xlabel("meetings found per year (number found)" if size == "narrow" else "per year")
    figure.legend(
        handles=[
            Patch(color=style.BLUE, label="visit to or by the president"),
            Patch(
                facecolor=style.PALE_BLUE, edgecolor=style.BLUE, hatch="////",
                label="at a summit or on its sidelines",
            ),
        ],
        loc="outside lower left",
        ncols=2 if size == "wide" else 1,
        fontsize=8.5,
    )  # fmt: skip
    return figure


# ------------------------------------------------------------------ calls


def calls() -> DataFrame:
    """Calls found between a Russian president and an Israeli prime minister."""
    return data.load("israel-calls")


def calls_tables() -> dict[str, DataFrame]:
    """The calls drawn, and the counts of others they are measured against."""
    others = evidence.cited_facts(
        ["calls-and-meetings-2020", "calls-2022-first-month", "calls-2025"]
    )
    counts = others[["date", "statement", "value", "sources"]]
    names = {"israeli_side": "prime minister of Israel", "russian_side": "Russian president"}
    return {
        "Calls found": calls().rename(columns=names),
        "Counts by others": counts.rename(columns={"value": "calls counted"}),
    }


def calls_chart(size: Size) -> Figure:
    """One dot per call found, stacked by year; hollow dots up to a higher count by others."""
    found = calls()["date"].dt.year.value_counts()
    wide = size == "wide"
    figure, ax = style.canvas(size, wide=3.2, narrow=4.0)
    style.quiet(ax, grid="none")
    others = evidence.cited_facts(["calls-and-meetings-2020", "calls-2022-first-month"])["value"]
    counted = dict(zip((2020, 2022), others.astype(int), strict=True))
    dot = 7.5 if wide else 5
    for year in range(2000, ARCHIVE_END.year + 1):
        have = int(found.get(year, 0))
        for level in range(have + 1, counted.get(year, 0) + 1):
            ax.plot(year, level, "o", color=style.BLUE, fillstyle="none", markersize=dot)
        # No call of 2023 before 7 October was found, so a year lies wholly on one side.
        marker, colour = ("D", style.ORANGE) if year >= WAR.year else ("o", style.BLUE)
        for level in range(1, have + 1):
            ax.plot(year, level, marker, color=colour, markersize=dot - (marker == "D"))
        if not have:
            ax.plot(year, 0.35, "o", color=style.LINE, markersize=1.8)
    ax.annotate(
        "2020: 7, by the ambassador’s count" if wide else "2020: 7, by the\nambassador", (2020, 7),
        xytext=(-8, 0), textcoords="offset points", ha="right", va="center", fontsize=8,
    )  # fmt: skip
    ax.annotate(
        "2022: 7 in one month alone, by RIA Novosti’s count" if wide
        else "2022: 7 in one month, by RIA",
        (2022, 7), xytext=(0, 16), textcoords="offset points", ha="right", va="bottom", fontsize=8,
        arrowprops={"arrowstyle": "-", "color": style.LINE, "relpos": (1, 0), "shrinkB": 5},
    )  # fmt: skip
    ax.text(
        2023.9, 2.5, "none found", rotation=90, ha="center", va="bottom", fontsize=8,
        color=style.MUTED,
    )  # fmt: skip
    # The year 2023 is drawn from half a year before its mark to half a year after.
    attack = WAR.year - 0.3
    ax.axvline(attack, color=style.MUTED, linewidth=1, linestyle=(0, (3, 2)))
    ax.text(
        attack + (0.2 if wide else 0.6), 8.9, "after 7\nOctober 2023", va="top", fontsize=8,
        color=style.MUTED,
    )  # fmt: skip
    ax.set_ylim(0, 9)
    ax.set_yticks(range(0, 9, 2))
    ax.set_ylabel("calls")
    ax.set_xlim(1999.3, 2027 if wide else 2030)
    ax.set_xticks(range(2000, 2027, 2 if wide else 5))
    figure.legend(
        handles=[
            style.key("o", style.BLUE, "call found"),
            style.key("D", style.ORANGE, "call found, after 7 October 2023"),
            style.key("o", style.BLUE, "further call, counted by others", fillstyle="none"),
        ],
        loc="outside lower left", ncols=3 if wide else 1, fontsize=8.5, handletextpad=0.2,
    )  # fmt: skip
    return figure


# ------------------------------------------------------------------ trade

REPORTERS = {
    "Israel": ("o", style.BLUE, "Israeli minister or council"),
    "Russia": ("s", style.ORANGE, "Russian ambassador"),
    "press": ("^", style.PURPLE, "press, reporter not named"),
}


def _reporter(name: str) -> str:
    """The key of REPORTERS for the reporter of a row."""
    if name.startswith("Russia"):
        return "Russia"
    return "press" if name == "not stated" or "not named" in name else "Israel"


def trade() -> DataFrame:
    """Statements that give a turnover, with who reported it, in billion US dollars."""
    rows = data.load("trade-statements")
    rows = rows[rows["turnover_usd"].notna()]
    return rows.assign(
        group=rows["reporter"].map(_reporter),
        billions=rows["turnover_usd"] / 1e9,
        word=rows["qualifier"].astype("string"),
    )


def trade_tables() -> dict[str, DataFrame]:
    """Statements drawn and those without a turnover."""
    names = {
        "turnover_usd": "turnover, US dollars",
        "exports_usd": "Israel's exports, US dollars",
        "imports_usd": "Israel's imports, US dollars",
    }
    rows = data.load("trade-statements").drop(columns=["year", "half"]).rename(columns=names)
    turnover, *parts = names.values()
    whole = rows[turnover].notna()
    return {
        "Statements drawn": rows[whole].drop(columns=parts),
        "Listed, not drawn": rows[~whole],
    }


def trade_chart(size: Size) -> Figure:
    """One mark per statement, never joined; hollow for half a year."""
    wide = size == "wide"
    figure, ax = style.canvas(size, wide=3.0, narrow=3.8)
    style.quiet(ax)
    signs = {"about": "about ", "just over": "just over ", "more than": "more than ",
             "close to": "close to ", "derived": ""}  # fmt: skip
    aside = {
        "2002": (8, 0, "left"),
        "2016-H1": (-8, 0, "right"),
        "2017-H1": (8, 0, "left"),
        "2018": (-2, 8, "right"),
        "2019": (2, 8, "left"),
    }
    for row in trade().itertuples():
        marker, colour, _ = REPORTERS[row.group]
        half = not pd.isna(row.half)
        ax.plot(
            row.year, row.billions, marker, color=colour, markersize=8,
            fillstyle="none" if half else "full",
        )  # fmt: skip
        dx, dy, side = aside.get(row.period, (0, 8, "center"))
        sign = signs[row.word] if wide or row.word != "more than" else "> "
        text = f"{sign}{row.billions:g}" + ("\n(half-year)" if half and wide else "")
        ax.annotate(
            text, (row.year, row.billions), xytext=(dx, dy), textcoords="offset points",
            ha=side, va="bottom" if dy else "center", fontsize=8,
        )  # fmt: skip
    ax.set_ylim(0, 6.2)
    ax.set_xlim(2000.5, 2027.5)
    ax.set_xticks(range(2002, 2027, 4 if wide else 8))
    ax.set_ylabel("billion US dollars")
    handles = [style.key(marker, colour, label) for marker, colour, label in REPORTERS.values()]
    hollow = style.key("o", style.BLUE, "half a year, derived", fillstyle="none")
    figure.legend(
        handles=[*handles, hollow], loc="outside lower left", ncols=4 if wide else 1,
        fontsize=8, handletextpad=0.2, columnspacing=1,
    )  # fmt: skip
    return figure


# ------------------------------------------------------------------ Israel on Ukraine: votes


class Vote(NamedTuple):
    """How a vote is told and drawn: its word, and marker, colour and filling of its sign."""

    word: str
    marker: str
    colour: str
    filling: str = "full"

    def key(self) -> Line2D:
        """Its entry in a legend."""
        return style.key(self.marker, self.colour, self.word, fillstyle=self.filling)


VOTES = {
    "Y": Vote("yes", "o", style.BLUE),
    "N": Vote("no", "s", style.ORANGE),
    "A": Vote("abstained", "o", style.SLATE, "none"),
    "X": Vote("not voting", "x", style.SLATE),
}
"""The signs of votes here and in chapter 11, so that no sign means two things."""

SUBJECTS = {
    "68/262": "Crimea referendum",
    "76/179": "human rights in Crimea",
    "ES-11/1": "aggression against Ukraine",
    "ES-11/2": "humanitarian consequences",
    "ES-11/3": "Russia out of rights council",
    "ES-11/4": "annexations",
    "ES-11/5": "reparations",
    "77/229": "human rights in Crimea",
    "ES-11/6": "principles of peace",
    "78/221": "rights in occupied areas",
    "78/316": "nuclear plant safety",
    "79/184": "rights in occupied areas",
    "ES-11/7": "Ukraine’s and Europe’s text",
    "ES-11/8": "US text, amended",
}
"""Subjects of the resolutions in a few words."""
VOTERS = {"ISR": "Israel", "USA": "United States", "RUS": "Russia"}


def ukraine_votes() -> DataFrame:
    """Recorded votes of Israel, the United States and Russia on texts about Ukraine."""
    rows = data.load("roll-calls")
    rows = rows[(rows["topic"] == "ukraine") & rows["iso3"].isin(VOTERS)]
    subjects = data.load("resolutions").set_index("resolution")["subject"]
    wide = rows.assign(vote=rows["vote"].astype("string")).pivot(
        index=["date", "resolution", "sources"], columns="iso3", values="vote"
    )
    table = wide.reset_index().sort_values(["date", "resolution"], ignore_index=True)
    table["subject"] = table["resolution"].map(subjects)
    return table[["date", "resolution", "subject", *VOTERS, "sources"]]


def votes_table() -> DataFrame:
    """What a reader sees of :func:`ukraine_votes`, votes in words."""
    rows = ukraine_votes()
    for code, name in VOTERS.items():
        rows[name] = rows.pop(code).map(lambda vote: VOTES[vote].word)
    return rows[["date", "resolution", "subject", *VOTERS.values(), "sources"]]


def votes_chart(size: Size) -> Figure:
    """A row per vote, a column per state; each cell a mark and a word."""
    rows = ukraine_votes()
    wide = size == "wide"
    figure, ax = style.canvas(size, wide=4.4, narrow=5.6)
    style.quiet(ax, grid="none")
    for down, row in enumerate(rows.itertuples()):
        for across, code in enumerate(VOTERS):
            vote = VOTES[getattr(row, code)]
            ax.plot(
                across, down, vote.marker, color=vote.colour, fillstyle=vote.filling, markersize=8
            )
            if wide or vote.word == "no":
                ax.annotate(
                    vote.word, (across, down), xytext=(10, 0), textcoords="offset points",
                    va="center", fontsize=8.5 if wide else 8,
                )  # fmt: skip
    days = rows["date"].map(spoken)
    short = rows["resolution"].map(SUBJECTS)
    labels = [f"{day}{', ' if wide else chr(10)}{text}" for day, text in zip(days, short)]
    ax.set_yticks(range(len(rows)), labels, fontsize=8.5 if wide else 8, color=style.INK)
    ax.set_ylim(len(rows) - 0.4, -0.6)
    ax.set_xlim(-0.35, 2.75)
    names = ["Israel", "United States" if wide else "United\nStates", "Russia"]
    ax.set_xticks(range(len(VOTERS)), names, fontsize=9, color=style.INK)
    ax.xaxis.tick_top()
    ax.spines[:].set_visible(False)
    if not wide:
        figure.legend(
            handles=[vote.key() for vote in VOTES.values()],
            loc="outside lower left", ncols=2, fontsize=8, handletextpad=0.2,
        )  # fmt: skip
    return figure


# ------------------------------------------------------------------ Israel on Ukraine: acts

APART, WITH, DISPUTED = "apart", "with", "disputed"
LANES = {
    APART: ("o", style.BLUE, "declined, or kept ties with Moscow"),
    WITH: ("^", style.ORANGE, "sided with Kyiv or aided it"),
    DISPUTED: ("D", style.PURPLE, "accounts differ"),
}
"""Marker, colour and meaning, from left to right."""

ACTS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("68/262", "absent from the UN vote on Crimea", (APART,)),
    ("ES-11/1", "votes for the UN text deploring the invasion", (WITH,)),
    ("last-meeting-bennett", "Bennett meets Putin in Moscow, offers to mediate", (APART,)),
    ("israel-no-sanctions-2022", "does not join sanctions; Lapid: no route around them either",
     (APART, WITH)),
    ("ES-11/3", "votes to suspend Russia from the rights council", (WITH,)),
    ("israel-no-weapons-2022", "Gantz: no weapon systems, but defensive aid and alert help",
     (APART, WITH)),
    ("ES-11/5", "abstains at the UN on reparations", (APART,)),
    ("anti-drone-licences-2023", "licenses exports of anti-drone systems, Axios reports", (WITH,)),
    ("patriot-interceptors-2025",
     "US moves about 90 interceptors from Israel, Axios reports; Israel says returned to US",
     (DISPUTED,)),
    ("ES-11/7", "votes no with Russia and the US on Ukraine’s and Europe’s UN text", (APART,)),
    ("flights-el-al", "El Al flies to Moscow again", (APART,)),
    ("patriot-denial-2025", "its envoy in Kyiv says Patriots were sent; ministry denies it",
     (DISPUTED,)),
    ("patriot-zelensky-2025",
     "Zelensky: Israeli Patriot battery at work; Israeli officials: the US supplied it",
     (DISPUTED,)),
    ("netanyahu-vital-interests-2025", "Netanyahu: contacts with Putin serve vital interests",
     (APART,)),
    ("israel-russia-2026-channel", "new ambassador aims at a Netanyahu visit to Russia", (APART,)),
)  # fmt: skip
"""Fact or resolution, our words for the chart, and on which side it is drawn."""


def acts() -> DataFrame:
    """What Israel did and did not do about Ukraine, dated, with source and side."""
    facts = evidence.cited_facts(name for name, _, _ in ACTS if name not in SUBJECTS)
    votes = ukraine_votes().set_index("resolution")
    rows = []
    for name, words, sides in ACTS:
        if name in SUBJECTS:
            vote = votes.loc[name]
            word = VOTES[vote["ISR"]].word
            record = f"UN General Assembly {name}, {vote['subject']}: Israel {word}"
            day, sources = pd.Period(vote["date"], "D"), vote["sources"]
        else:
            fact = facts.loc[name]
            record, day, sources = fact["statement"], fact["date"], fact["sources"]
        rows.append((day, words, sides, record, sources))
    return DataFrame(rows, columns=["date", "act", "sides", "record", "sources"])


def acts_table() -> DataFrame:
    """What a reader sees of :func:`acts`."""
    rows = acts()
    sides = rows["sides"].map(lambda each: "; ".join(LANES[side][2] for side in each))
    return rows.assign(date=rows["date"].astype(str), sides=sides)


def acts_chart(size: Size) -> Figure:
    """A row per act, oldest first; its mark stands in the lane of its side."""
    rows = acts()
    wide = size == "wide"
    figure, ax = style.canvas(size, wide=5.0, narrow=7.2)
    style.quiet(ax, grid="none")
    dates = [spoken(day) for day in rows["date"]]
    texts = [act[0].upper() + act[1:] for act in rows["act"]]
    if wide:
        texts = [textwrap.fill(text, 88) for text in texts]
    else:
        texts = [textwrap.fill(f"{date}: {text}", 40) for date, text in zip(dates, texts)]
    # A row is as high as its lines of text and one more.
    ends = list(accumulate(text.count("\n") + 2 for text in texts))
    levels = [(start + end) / 2 for start, end in zip([0, *ends], ends)]
    for level, end, text, sides in zip(levels, ends, texts, rows["sides"], strict=True):
        ax.axhline(end, color=style.GRID, linewidth=0.6)
        for across, (side, (marker, colour, _)) in enumerate(LANES.items()):
            if side in sides:
                ax.plot(across, level, marker, color=colour, markersize=8 if wide else 7)
        ax.text(2.8, level, text, va="center", fontsize=8.5 if wide else 8, linespacing=1.1)
    ax.set_yticks(levels if wide else [], dates if wide else [], fontsize=8.5, color=style.INK)
    ax.set_xticks([])
    ax.set_xlim(-0.8, 24 if wide else 14)
    ax.set_ylim(ends[-1] + 0.2, -0.2)
    ax.spines[:].set_visible(False)
    figure.legend(
        handles=[
            style.key(marker, colour, label) for marker, colour, label in LANES.values()
        ],
        loc="outside upper left", ncols=3 if wide else 1, fontsize=8.5, handletextpad=0.2,
    )  # fmt: skip
    return figure


# ------------------------------------------------------------------ numbers of the prose


def _with(partner: str, period: tuple[pd.Timestamp, pd.Timestamp] | None = None) -> DataFrame:
    rows = counted_meetings() if period is None else _between(period)
    return rows[rows["partner"] == partner]


CALM, INVADED, SINCE = PERIODS.values()


@number(
    "balance-meetings",
    "Meetings of Russia's presidents with leaders of eight partners in the table leader-meetings, "
    "2001 to 12 March 2026; a visit that does not say who received the guest is left out.",
    "leader-meetings",
    rows=counted_meetings,
)
def _meetings() -> int:
    return len(counted_meetings())


@number(
    "balance-meetings-israel",
    "Of those meetings, the ones with a president or prime minister of Israel.",
    "leader-meetings",
    rows=lambda: _with("Israel"),
)
def _meetings_israel() -> int:
    return len(_with("Israel"))


@number(
    "balance-meetings-turkiye",
    "Of those meetings, the ones with a president or prime minister of Türkiye.",
    "leader-meetings",
    rows=lambda: _with("Türkiye"),
)
def _meetings_turkiye() -> int:
    return len(_with("Türkiye"))


@number(
    "balance-israel-2017-2022",
    "Meetings with leaders of Israel from January 2017 to 23 February 2022, and how many that is "
    "per year, to one decimal place.",
    "leader-meetings",
    rows=lambda: _with("Israel", CALM),
)
def _israel_calm() -> tuple[float, ...]:
    count = len(_with("Israel", CALM))
    return count, round(count / _years(CALM), 1)


@number(
    "balance-israel-invaded",
    "Meetings with leaders of Israel from 24 February 2022 to 6 October 2023.",
    "leader-meetings",
    rows=lambda: _with("Israel", INVADED),
)
def _israel_invaded() -> int:
    return len(_with("Israel", INVADED))


@number(
    "balance-others-since",
    "Meetings from 7 October 2023 to 12 March 2026 with leaders of the partners other than Israel.",
    "leader-meetings",
    rows=lambda: _between(SINCE),
)
def _others_since() -> int:
    rows = _between(SINCE)
    return int((rows["partner"] != "Israel").sum())


@number(
    "balance-summits-since",
    "Of the meetings from 7 October 2023 to 12 March 2026, those at a summit or on its sidelines.",
    "leader-meetings",
    rows=lambda: _between(SINCE),
)
def _summits_since() -> int:
    return int((_between(SINCE)["format_group"] == SUMMIT).sum())


@number(
    "balance-turkiye-summits-since",
    "Meetings with Türkiye's president from 7 October 2023 to 12 March 2026, and how many of them "
    "were at a summit or on its sidelines.",
    "leader-meetings",
    rows=lambda: _with("Türkiye", SINCE),
)
def _turkiye_summits() -> tuple[float, ...]:
    rows = _with("Türkiye", SINCE)
    return len(rows), int((rows["format_group"] == SUMMIT).sum())


@number(
    "balance-votes",
    "Recorded General Assembly votes on Ukraine in the table roll-calls, 2014 to February 2025.",
    "roll-calls",
    rows=ukraine_votes,
)
def _votes() -> int:
    return len(ukraine_votes())


@number(
    "balance-votes-yes",
    "Of those votes, the ones in which Israel voted yes.",
    "roll-calls",
    rows=ukraine_votes,
)
def _votes_yes() -> int:
    return int((ukraine_votes()["ISR"] == "Y").sum())


@number(
    "balance-votes-abstained",
    "Of those votes, the ones in which Israel abstained.",
    "roll-calls",
    rows=ukraine_votes,
)
def _votes_abstained() -> int:
    return int((ukraine_votes()["ISR"] == "A").sum())
