"""Chapter 1: what Russian officials said after 7 October 2023, and the Russian citizens harmed."""

from __future__ import annotations

import re
import textwrap
from typing import NamedTuple

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.dates import DayLocator
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from pandas import DataFrame, Series, Timestamp

from explainer import data, style
from explainer.derived import number
from explainer.evidence import cited_facts, joined
from explainer.style import Size
from explainer.words import VETOERS, day_and_month, spoken

ATTACK = Timestamp("2023-10-07")
ARTICLE = Timestamp("2023-10-30")

KREMLIN = "Kremlin (Putin, Peskov)"
MINISTRY = "Foreign Ministry"
UN = "UN mission and Russian drafts"
EMBASSY = "Embassy in Israel"

LOOKS: dict[str, tuple[str, str]] = {
    KREMLIN: (style.ORANGE, "o"),
    MINISTRY: (style.BLUE, "s"),
    UN: (style.PURPLE, "^"),
    EMBASSY: (style.TEAL, "D"),
}
"""Colour and marker of who spoke."""

RUNGS = {
    1: ("Concern", "voices concern, asks for calm or a ceasefire"),
    2: ("Sorrow or appeal", "gives condolences, or asks that civilians be spared"),
    3: ("“Unacceptable”", "calls the killing or the hostage-taking unacceptable, or cruel"),
    4: ("“Condemn”", "condemns attacks, hostage-taking or violence against civilians"),
    5: ("Terrorism in general", "condemns terrorism or terrorist acts as such"),
    6: ("The attack as terrorism", "uses “terrorism” or “terrorist” of what was done on 7 October"),
}
"""The ladder: short name and plain meaning of each rung. The scale is ours."""

LADDER_CAVEAT = (
    "Our own scale; we often read only a paraphrase or a part. "
    + "; ".join(f"{rung}: {meaning}" for rung, (_, meaning) in RUNGS.items())
    + ". Left out: words on other matters. A selection, not a log. "
    "Dotted lines (on wide screens only): other events of that month."
)

NAMED = "yes"
UNNAMED = "not in the words read"


class Rating(NamedTuple):
    """Our reading of one statement.

    ``fact`` is empty where ``date`` and ``actor`` name a row of statements-october-2023;
    otherwise the statement is a fact that the table lacks. ``label`` and ``side`` say what
    stands beside the mark in the wide drawing, and where.
    """

    date: str
    actor: str
    speaker: str
    rung: int
    named: str
    reason: str
    label: str
    side: str
    fact: str = ""


RATINGS: tuple[Rating, ...] = (
    Rating("2023-10-07", "Russian Foreign Ministry (Zakharova)", MINISTRY, 1, UNNAMED,
           "Concern and a call to both sides for a ceasefire; no condemnation in the reports read.",
           "Zakharova", "below"),
    Rating("2023-10-08", "Vasily Nebenzia (UN ambassador)", UN, 4, "no",
           "Says “we condemn”, of all attacks on civilians.", "Nebenzia", "right"),
    Rating("2023-10-09", "Dmitry Peskov (Kremlin spokesman)", KREMLIN, 1, UNNAMED,
           "“Extremely concerned”; nothing stronger in the words read.", "Peskov", "right"),
    Rating("2023-10-09", "Sergei Lavrov, with Arab League secretary general Aboul Gheit in Moscow",
           MINISTRY, 3, UNNAMED,
           "Calls killing civilians on either side and taking hostages unacceptable.",
           "Lavrov", "right"),
    Rating("2023-10-10", "Vladimir Putin, with Iraqi PM al-Sudani in the Kremlin", KREMLIN, 2,
           UNNAMED, "Asks all parties to bring harm to civilians to zero.", "Putin", "left"),
    Rating("2023-10-10", "Mikhail Bogdanov, to Israeli ambassador Ben Zvi", MINISTRY, 2, UNNAMED,
           "Condolences for all the dead and a call for a ceasefire.", "Bogdanov", "left"),
    Rating("2023-10-11", "Vladimir Putin, Russian Energy Week", KREMLIN, 2, UNNAMED,
           "Calls events terrible and asks that women and children be spared.", "Putin", "right"),
    Rating("2023-10-11", "Dmitry Peskov (Kremlin spokesman)", KREMLIN, 6, UNNAMED,
           "Says that such acts can only be called terrorism and must be condemned.",
           "Peskov", "left"),
    Rating("2023-10-11", "Anatoly Viktorov (ambassador in Israel)", EMBASSY, 6, NAMED,
           "Wants the terrorist methods of Hamas militants condemned.", "Viktorov", "right"),
    Rating("2023-10-12", "Russian Foreign Ministry", MINISTRY, 4, UNNAMED,
           "Condemns hostage-taking, in one sentence with the blockade of Gaza.",
           "Ministry", "under"),
    Rating("2023-10-13", "Vladimir Putin, CIS summit in Bishkek", KREMLIN, 3, UNNAMED,
           "Calls the attack on Israel unprecedented in cruelty; the verb “condemn” is the "
           "agencies’.", "Putin", "under"),
    Rating("2023-10-13", "Vasily Nebenzia, UN", UN, 5, "no",
           "The draft condemns terrorism and names nobody; voted down on 16 October.",
           "UN draft", "left"),
    Rating("2023-10-16", "Vladimir Putin", KREMLIN, 3, UNNAMED,
           "Calls any violence against civilians unacceptable, in four calls.", "Putin", "right"),
    Rating("2023-10-16", "Vladimir Putin, call with Netanyahu", KREMLIN, 4, UNNAMED,
           "Condemns any actions that make victims of civilians, per the Kremlin.",
           "Putin", "right"),
    Rating("2023-10-17", "Anatoly Viktorov (ambassador in Israel)", EMBASSY, 5, UNNAMED,
           "Says that Russia has always condemned terrorist acts; Hamas is named as a contact.",
           "Viktorov", "right", "viktorov-contacts-not-support-2023-10-17"),
    Rating("2023-10-24", "Dmitry Peskov", KREMLIN, 5, UNNAMED,
           "Condemns terrorism in all its manifestations.", "Peskov", "left"),
    Rating("2023-10-25", "Vladimir Putin, with religious leaders", KREMLIN, 2, UNNAMED,
           "Condolences to families; “terrorism” stands only in the warning against collective "
           "punishment.", "Putin", "left"),
    Rating("2023-10-25", "UN Security Council", UN, 4, NAMED,
           "The second Russian draft condemns the attacks by Hamas; “terrorist” is not in the "
           "wording reported.", "UN draft", "left"),
    Rating("2023-10-27", "Embassy of Russia in Israel", EMBASSY, 6, UNNAMED,
           "Condemns terrorist methods, giving the killings and the hostage-taking as examples.",
           "Embassy", "under right"),
    Rating("2023-10-28", "Sergei Lavrov", MINISTRY, 5, UNNAMED,
           "Says that Russia condemns terrorism; only a short radio text was read.",
           "Lavrov", "under"),
    Rating("2023-10-30", "Vladimir Putin, meeting after Makhachkala", KREMLIN, 6, UNNAMED,
           "Says that the crisis began with a terrorist attack on Israel; “by Hamas militants” "
           "stands in RT’s paraphrase.", "Putin", "right"),
)  # fmt: skip
"""Every statement of 7 to 31 October 2023 on the attack or on violence against civilians.

Rule: the highest rung whose words the statement contains.
"""

EVENTS: tuple[tuple[str, str], ...] = (
    ("hamas-thanks-putin-2023-10-14", "Hamas praises Putin’s position"),
    ("hamas-in-moscow", "Hamas delegation in Moscow"),
    ("israel-summons-ambassador", "Israel summons the ambassador"),
)
"""Facts marked along the top of the timeline."""


# ------------------------------------------------------------------ the ladder of wording


def _record(rating: Rating, table: DataFrame) -> tuple[str, str]:
    """Statement and sources of a rated statement.

    Raises ``KeyError`` if the table has no such row, or more than one.
    """
    if rating.fact:
        fact = cited_facts([rating.fact]).iloc[0]
        return fact["statement"], fact["sources"]
    found = table[(table["date"] == rating.date) & (table["actor"] == rating.actor)]
    if len(found) != 1:
        raise KeyError(f"{len(found)} statements by {rating.actor} on {rating.date}, expected one")
    return found.iloc[0]["statement"], found.iloc[0]["sources"]


def statements() -> DataFrame:
    """The rated statements in order, with the rung and our reason for it."""
    table = data.load("statements-october-2023")
    rows = []
    for rating in RATINGS:
        statement, sources = _record(rating, table)
        rows.append(
            {
                "date": Timestamp(rating.date),
                "who": rating.actor,
                "group": rating.speaker,
                "rung": rating.rung,
                "rung in words": RUNGS[rating.rung][0],
                "names Hamas as attacker": rating.named,
                "what was said": statement,
                "why this rung": rating.reason,
                "sources": sources,
            }
        )
    return DataFrame(rows)


def events() -> DataFrame:
    """What else happened: the dated facts named along the top of the timeline."""
    facts = cited_facts(fact for fact, _ in EVENTS)
    rows = DataFrame(
        {
            "date": [day.start_time for day in facts["date"]],
            "event": [label for _, label in EVENTS],
            "statement": facts["statement"].to_list(),
            "sources": facts["sources"].to_list(),
        }
    )
    return rows.sort_values("date", ignore_index=True)


GROUND = style.ground(0.6)
"""Behind words that would otherwise be crossed by a line."""


def ladder(size: Size) -> Figure:
    """Wide: days across, rungs up. Narrow: a list in order of days, rungs across."""
    return _ladder_wide() if size == "wide" else _ladder_narrow()


def _mark(ax: Axes, x: object, y: object, row: Series) -> None:
    """One statement; a ring marks the ones that name Hamas as the attacker."""
    colour, marker = LOOKS[row["group"]]
    ax.plot([x], [y], marker=marker, markersize=7.5, color=colour, linestyle="none", zorder=3)
    if row["names Hamas as attacker"] == NAMED:
        ax.plot(
            [x], [y], marker="o", markersize=15, markerfacecolor="none",
            markeredgecolor=style.INK, markeredgewidth=1.3, linestyle="none", zorder=2,
        )  # fmt: skip


def _keys() -> list[Line2D]:
    """Legend: who spoke, and the ring."""
    keys = [
        style.key(marker, colour, speaker, markersize=7.5)
        for speaker, (colour, marker) in LOOKS.items()
    ]
    ring = Line2D(
        [], [], marker="o", markersize=12, markerfacecolor="none", markeredgecolor=style.INK,
        markeredgewidth=1.3, linestyle="none", label="ring: names Hamas as the attacker",
    )  # fmt: skip
    return [*keys, ring]


def _heights(rows: DataFrame) -> Series:
    """Height of each mark: its rung, moved apart where one rung has two marks on a day."""
    shared = rows.groupby(["date", "rung"])["rung"].transform("size")
    place = rows.groupby(["date", "rung"]).cumcount()
    return rows["rung"] + (place - (shared - 1) / 2) * 0.42


def _ladder_wide() -> Figure:
    rows = statements()
    figure, ax = style.canvas("wide", wide=5.0, narrow=5.0)
    for (_, row), height, rating in zip(rows.iterrows(), _heights(rows), RATINGS, strict=True):
        _mark(ax, row["date"], height, row)
        gap = 11 if row["names Hamas as attacker"] == NAMED else 7
        offset, ha, va = {
            "right": ((gap, 0), "left", "center"),
            "left": ((-gap, 0), "right", "center"),
            "below": ((-4, -7), "left", "top"),
            "under": ((0, -7), "center", "top"),
            "under right": ((6, -7), "center", "top"),
        }[rating.side]
        ax.annotate(
            rating.label, (row["date"], height), xytext=offset, textcoords="offset points",
            ha=ha, va=va, fontsize=8.5, color=style.INK, bbox=GROUND,
        )  # fmt: skip
    marks = [*zip(events()["date"], events()["event"]), (ARTICLE, "the article appears")]
    for line, (day, label) in enumerate(marks):
        # The later, the higher: no line reaches the words of a later one.
        top = 7.75 - 0.36 * (len(marks) - 1 - max(1, line))
        ax.plot([day, day], [0.45, top], color=style.LINE, linewidth=0.9, linestyle=":", zorder=1)
        ax.text(
            day - pd.Timedelta(hours=5), top, f"{day.day} Oct: {label}", ha="right", va="center",
            fontsize=8.5, color=style.MUTED, bbox=GROUND,
        )  # fmt: skip
    ax.set_ylim(0.35, 7.95)
    ax.set_xlim(ATTACK - pd.Timedelta(hours=14), Timestamp("2023-10-31 20:00"))
    ax.set_yticks(
        list(RUNGS), [textwrap.fill(f"{rung} {name}", 16) for rung, (name, _) in RUNGS.items()]
    )
    ax.xaxis.set_major_locator(DayLocator(bymonthday=(7, 10, 13, 16, 19, 22, 25, 28, 31)))
    ax.xaxis.set_major_formatter(_days)
    style.quiet(ax)
    ax.tick_params(axis="y", labelcolor=style.INK)
    figure.legend(handles=_keys(), loc="outside lower left", ncols=3, fontsize=8.5)
    return figure


def _days(value: float, _: int) -> str:
    """An axis label such as ``7 Oct``."""
    return day_and_month(pd.Timestamp(value, unit="D"))


NARROW_NAMES = {
    "Vasily Nebenzia, UN": "Russian UN draft",
    "UN Security Council": "Russian UN draft",
    "Embassy of Russia in Israel": "Embassy in Israel",
    "Vladimir Putin": "Putin (four calls)",
    "Vladimir Putin, call with Netanyahu": "Putin to Netanyahu",
}
"""By actor, what the list for phones says where the label of the wide drawing is too short."""


def _ladder_narrow() -> Figure:
    rows = statements()
    figure, ax = style.canvas("narrow", wide=6.9, narrow=6.9)
    for y, (_, row) in enumerate(rows.iterrows()):
        _mark(ax, row["rung"], y, row)
    ax.set_yticks(
        range(len(rows)),
        [
            f"{NARROW_NAMES.get(rating.actor, rating.label)}, {row['date'].day} Oct"
            for (_, row), rating in zip(rows.iterrows(), RATINGS, strict=True)
        ],
        fontsize=8,
    )
    ax.set_xticks(
        list(RUNGS), [f"{rung} {name}" for rung, (name, _) in RUNGS.items()],
        rotation=90, fontsize=8, va="bottom",
    )  # fmt: skip
    ax.xaxis.tick_top()
    ax.set_xlim(0.4, 6.6)
    ax.set_ylim(len(rows) - 0.4, -0.6)
    style.quiet(ax, grid="both")
    ax.spines["bottom"].set_visible(False)
    ax.tick_params(labelcolor=style.INK)
    figure.legend(handles=_keys(), loc="outside lower left", ncols=1, fontsize=8)
    return figure


# ------------------------------------------------------------------ killed and missing

EMBASSY_COUNT = "Russian embassy or Foreign Ministry"
ISRAEL_COUNT = "Israeli Foreign Ministry"


def casualties() -> DataFrame:
    """Dated counts of Russian citizens killed and missing, October 2023, with who counted."""
    table = data.load("russian-casualties")
    kept = table[table["plot"] & (table["killed"].notna() | table["missing"].notna())]
    names = {
        "date": "date",
        "counter": "counted by",
        "killed": "killed",
        "missing": "missing",
        "note": "note",
        "sources": "sources",
    }
    return kept[list(names)].rename(columns=names).reset_index(drop=True)


def hostage_counts() -> DataFrame:
    """Dated figures of Russian citizens held, which measure unlike things and are not drawn."""
    table = data.load("russian-casualties")
    kept = table[table["hostages"].notna() | table["hostages_low"].notna()]
    names = {
        "date": "date",
        "counter": "counted by",
        "hostages": "held",
        "hostages_low": "at least",
        "hostages_high": "at most",
        "hostage_kind": "kind of figure",
        "note": "note",
        "sources": "sources",
    }
    return kept[list(names)].rename(columns=names).reset_index(drop=True)


def article_count() -> DataFrame:
    """The number of dead that the article gives, with the embassy reports it rests on."""
    fact = cited_facts(["russians-killed-16"]).iloc[0]
    return DataFrame(
        [
            {
                "date": ARTICLE,
                "counted by": "the article, from the embassy's figure of mid-October",
                "killed": int(fact["value"]),
                "sources": fact["sources"],
            }
        ]
    )


def last_killed() -> tuple[int, int]:
    """The last count of dead by the Russian side, and Israel's; never to be added."""
    counts = casualties().dropna(subset="killed").groupby("counted by", observed=True)["killed"]
    last = counts.last()
    return int(last[EMBASSY_COUNT]), int(last[ISRAEL_COUNT])


def casualties_chart(size: Size) -> Figure:
    """Killed as steps of the embassy's count, missing as dots; Israel's count stands apart."""
    wide = size == "wide"
    figure, (killed, missing) = style.canvas(
        size, wide=4.9, narrow=5.6, nrows=2, sharex=True, height_ratios=(2.1, 1)
    )
    rows = casualties()
    for ax, measure in ((killed, "killed"), (missing, "missing")):
        known = rows[rows[measure].notna()]
        embassy = known[known["counted by"] == EMBASSY_COUNT]
        israel = known[known["counted by"] == ISRAEL_COUNT]
        days, counts = embassy["date"], embassy[measure].astype(float)
        if measure == "killed":
            ax.step(days, counts, where="post", color=style.BLUE, linewidth=1.6)
        ax.plot(
            days, counts, marker="o", markersize=6, linestyle="none", color=style.BLUE,
            label=EMBASSY_COUNT,
        )  # fmt: skip
        ax.plot(
            israel["date"], israel[measure].astype(float), marker="D", markersize=7,
            linestyle="none", color=style.ORANGE, label=ISRAEL_COUNT,
        )  # fmt: skip
        _print_counts(ax, known, measure, wide)
        ax.set_title(f"{measure.capitalize()}, people", fontsize=9.5)
        ax.set_ylim(0, 26 if measure == "killed" else 15)
        ax.set_yticks(range(0, 26, 5) if measure == "killed" else range(0, 15, 5))
        style.quiet(ax)
    article = article_count().iloc[0]
    killed.plot(
        [article["date"]], [article["killed"]], marker="X", markersize=8, linestyle="none",
        color=style.SLATE, label="the article",
    )  # fmt: skip
    killed.annotate(
        f"{article['killed']} in the article", (article["date"], article["killed"]),
        xytext=(0, -8), textcoords="offset points", ha="right" if not wide else "center", va="top",
        fontsize=8.5, color=style.INK, bbox=GROUND,
    )  # fmt: skip
    # Room on the left, so that the first day stands clear of the zero.
    missing.set_xlim(Timestamp("2023-10-05 06:00"), Timestamp("2023-11-01 12:00"))
    missing.tick_params(axis="x", pad=6)
    missing.xaxis.set_major_locator(
        DayLocator(bymonthday=(7, 10, 13, 16, 19, 22, 25, 28, 31) if wide else (7, 14, 21, 28))
    )
    missing.xaxis.set_major_formatter(_days)
    figure.legend(
        *killed.get_legend_handles_labels(),
        loc="outside lower left", ncols=3 if wide else 1, fontsize=8.5 if wide else 8,
    )  # fmt: skip
    return figure


def _print_counts(ax: Axes, known: DataFrame, measure: str, wide: bool) -> None:
    """Print each count once above its mark; a count that is repeated later stays bare.

    On a phone a long number gives way to the left where the mark of the next day stands higher.
    """
    last: int | None = None
    for row in known.to_dict("records"):
        count = int(row[measure])
        if count == last:
            continue
        last = count
        # The two reports of 10 October share a day: the lower one has its number at its side.
        beside = count < known.loc[known["date"] == row["date"], measure].max()
        next_day = known.loc[known["date"] == row["date"] + pd.Timedelta(days=1), measure]
        offset, ha, va = (0, 6), "center", "bottom"
        if beside:
            offset, ha, va = (7, 0), "left", "center"
        elif not wide and count > 9 and (next_day > count).any():
            offset = (-4, 6)
        ax.annotate(
            str(count), (row["date"], count), xytext=offset, textcoords="offset points",
            ha=ha, va=va, fontsize=9, color=style.INK, bbox=GROUND,
        )  # fmt: skip


# ------------------------------------------------------------------ releases

CHANNELS = {
    "outside the exchange lists": (style.ORANGE, "o", "freed outside the exchange lists"),
    "rescued by the army": (style.SLATE, "s", "rescued by the Israeli army"),
    "ceasefire deal": (style.BLUE, "D", "freed under the ceasefire of early 2025"),
    "US plan of 2025": (style.TEAL, "^", "freed under the US plan of 2025"),
}
"""Colour, marker and legend text of how a person came free."""

FOOTNOTES = {
    "Maxim Herkin (Kharkin)": "not a Russian citizen when held",
}


def releases() -> DataFrame:
    """Hostages with Russian ties who came free, with days counted from 7 October 2023."""
    table = data.load("hostage-releases")
    return DataFrame(
        {
            "name": table["name"],
            "date": table["date"],
            "days since 7 October 2023": (table["date"] - ATTACK).dt.days,
            "citizenship": table["citizenship"],
            "how": table["how"],
            "channel": table["channel"].astype("string"),
            "sources": table["sources"],
        }
    )


def releases_in_words() -> str:
    """Every release in one sentence, for the alternative text of the chart."""
    rows = releases().to_dict("records")
    parts = (f"{row['name']}, {spoken(row['date'], full=True)}, {row['channel']}" for row in rows)
    return "; ".join(parts) + "."


def releases_chart(size: Size) -> Figure:
    """One line per person from 7 October 2023 to the day of release."""
    wide = size == "wide"
    rows = releases()
    figure, ax = style.canvas(size, wide=3.7, narrow=5.0)
    for y, row in enumerate(rows.to_dict("records")):
        colour, marker, _ = CHANNELS[row["channel"]]
        ax.plot(
            [ATTACK, row["date"]], [y, y], color=colour, linewidth=2.2, zorder=2,
        )  # fmt: skip
        ax.plot(
            [row["date"]], [y], marker=marker, markersize=8.5, linestyle="none", color=colour,
            zorder=3,
        )  # fmt: skip
        note = FOOTNOTES.get(row["name"])
        label = re.sub(r" \(\w+\)", "", row["name"]) + (f" ({note})" if note else "")
        ax.annotate(
            label, (ATTACK, y - 0.24), xytext=(4, 0), textcoords="offset points", ha="left",
            va="bottom", fontsize=8.5, color=style.INK, bbox=GROUND,
        )  # fmt: skip
        # The last line reaches the edge: its date stands below it.
        last = y == len(rows) - 1
        ax.annotate(
            f"{spoken(row['date'])}, day {row['days since 7 October 2023']}",
            (row["date"], y), xytext=(4, -7) if last else (9, 0), textcoords="offset points",
            ha="right" if last else "left", va="top" if last else "center", fontsize=8.5,
            color=style.MUTED, bbox=GROUND,
        )  # fmt: skip
    ax.set_ylim(len(rows) - 0.25, -0.85)
    ax.set_yticks([])
    ax.set_xlim(ATTACK, Timestamp("2025-11-15"))
    later = [Timestamp(day) for day in ("2024-07", "2025-01", "2025-07")]
    ax.set_xticks([ATTACK, *later], ["7 Oct 2023", *(day.strftime("%b %Y") for day in later)])
    ax.get_xticklabels()[0].set_ha("left")
    style.quiet(ax, grid="x")
    used = [CHANNELS[channel] for channel in dict.fromkeys(rows["channel"])]
    figure.legend(
        handles=[
            Line2D([], [], color=colour, marker=marker, markersize=8, label=label)
            for colour, marker, label in used
        ],
        loc="outside lower left", ncols=2 if wide else 1, fontsize=8.5 if wide else 8,
    )  # fmt: skip
    return figure


# ------------------------------------------------------------------ four texts in the Council

TEXTS: dict[str, tuple[str, str, str]] = {
    "S/2023/772": ("Russian draft", "no", "unsc-16-oct"),
    "S/2023/773": ("Brazilian draft", "yes", "unsc-18-oct"),
    "S/2023/792": ("US draft", "yes", "unsc-25-oct-us-draft"),
    "S/2023/795": ("Russian draft", "yes", "unsc-25-oct-russian-draft"),
}
"""Drafts of October 2023: short name, whether they condemned Hamas by name, and the fact."""

SPOKEN = {"Y": "in favour", "N": "against", "A": "abstained"}
NEEDED = 9


def council() -> DataFrame:
    """The four drafts that the Security Council voted on in October 2023."""
    table = data.load("unsc-votes").set_index("document").loc[list(TEXTS)]
    facts = cited_facts(fact for _, _, fact in TEXTS.values())
    return DataFrame(
        {
            "date": table["date"].to_list(),
            "draft": [name for name, _, _ in TEXTS.values()],
            "condemns Hamas by name": [named for _, named, _ in TEXTS.values()],
            "in favour": table["yes"].to_list(),
            "against": table["no"].to_list(),
            "abstained": table["abstain"].to_list(),
            "vote of Russia": [SPOKEN[vote] for vote in table["russia_vote"]],
            "vote of the United States": [SPOKEN[vote] for vote in table["us_vote"]],
            "vetoed by": table["vetoed_by"].map(VETOERS).fillna("").to_list(),
            "what it said": facts["statement"].to_list(),
            "sources": [
                joined(cells) for cells in zip(table["sources"], facts["sources"], strict=True)
            ],
        }
    )


def council_in_words() -> str:
    """Every vote in one sentence, for the alternative text of the chart."""
    return " ".join(
        f"{row['date'].day} October, {row['draft']}: {row['in favour']} in favour, "
        f"{row['abstained']} abstained, {row['against']} against; Russia {row['vote of Russia']}."
        for row in council().to_dict("records")
    )


def council_chart(size: Size) -> Figure:
    """One bar of fifteen votes per draft, with what it named and how Russia voted."""
    wide = size == "wide"
    rows = council()
    figure, ax = style.canvas(size, wide=3.5, narrow=4.6)
    parts = (
        ("in favour", style.BLUE, "", style.PAPER),
        ("abstained", style.PALE_BLUE, "", style.INK),
        ("against", style.PALE_ORANGE, "////", style.INK),
    )
    for y, row in enumerate(rows.to_dict("records")):
        left = 0
        for part, colour, hatch, text in parts:
            ax.barh(
                y, row[part], left=left, height=0.46, color=colour, hatch=hatch,
                edgecolor=style.PAPER if not hatch else style.LINE, linewidth=0.8,
            )  # fmt: skip
            ax.text(
                left + 0.35, y, row[part], ha="left", va="center", fontsize=9,
                color=text,
                bbox=style.ground(1.2, colour) if hatch else None,
            )  # fmt: skip
            left += row[part]
        named = row["condemns Hamas by name"] == "yes"
        head = (
            f"{row['date'].day} Oct, {row['draft']}: "
            f"{'condemns Hamas by name' if named else 'does not name Hamas'}"
        )
        vote = f"Russia: {row['vote of Russia']}"
        if row["vetoed by"]:
            vote += " (veto)" if "Russia" in row["vetoed by"] else "; US veto"
        head = f"{head}. {vote}"
        ax.text(
            0, y - 0.3, head if wide else textwrap.fill(head, 42), ha="left", va="bottom",
            fontsize=8.8 if wide else 8, color=style.INK,
        )  # fmt: skip
    ax.vlines(
        [NEEDED] * len(rows), [y - 0.27 for y in range(len(rows))],
        [y + 0.27 for y in range(len(rows))], color=style.INK, linewidth=1.6, zorder=4,
        path_effects=style.rim(3.6),
    )  # fmt: skip
    ax.set_ylim(len(rows) - 0.55, -0.75 if wide else -0.8)
    ax.set_xlim(0, 15)
    ax.set_yticks([])
    ax.set_xticks([0, 3, 6, 9, 12, 15])
    ax.set_xlabel(f"Votes of the 15 members (upright line: {NEEDED} needed)")
    style.quiet(ax, grid="none")
    # The bars start together; a line there would touch the words above them.
    ax.spines["left"].set_visible(False)
    figure.legend(
        handles=[
            Patch(facecolor=colour, hatch=hatch, edgecolor=style.LINE, label=part)
            for part, colour, hatch, _ in parts
        ],
        loc="outside lower left", ncols=3, fontsize=8.5 if wide else 8,
    )  # fmt: skip
    return figure


# ------------------------------------------------------------------ numbers of the prose


@number(
    "october-statements-rated",
    "Russian official statements and drafts of 7 to 31 October 2023 placed on the ladder of "
    "wording in chapter 1, by the rule given there.",
    "statements-october-2023",
    rows=statements,
)
def _rated() -> int:
    return len(statements())


def _naming() -> DataFrame:
    rows = statements()
    return rows[rows["names Hamas as attacker"] == NAMED]


@number(
    "october-statements-naming-hamas",
    "Statements and drafts on that ladder that name Hamas as the attacker in the words read: the "
    "ambassador in Israel on 11 October and the second Russian draft on 25 October 2023.",
    "statements-october-2023",
    rows=_naming,
)
def _naming_count() -> int:
    return len(_naming())


def _by_kremlin() -> DataFrame:
    rows = statements()
    return rows[rows["group"] == KREMLIN]


@number(
    "october-kremlin-statements",
    "Statements by Putin or his spokesman on that ladder; none of them names Hamas as the "
    "attacker in the words read.",
    "statements-october-2023",
    rows=_by_kremlin,
)
def _kremlin_count() -> int:
    return len(_by_kremlin())


def _embassy_counts() -> DataFrame:
    rows = casualties()
    return rows[(rows["counted by"] == EMBASSY_COUNT) & rows["killed"].notna()]


@number(
    "october-killed-first",
    "Russian citizens killed in the first count of the table russian-casualties, of 9 October "
    "2023.",
    "russian-casualties",
    rows=lambda: _embassy_counts().iloc[:1],
)
def _first_count() -> int:
    return int(_embassy_counts()["killed"].iloc[0])


@number(
    "october-killed-19",
    "Russian citizens killed in the embassy's count of 19 October 2023, in the table "
    "russian-casualties.",
    "russian-casualties",
    rows=lambda: _embassy_counts()[_embassy_counts()["date"] == "2023-10-19"],
)
def _count_of_19_october() -> int:
    return int(_embassy_counts().set_index("date").loc["2023-10-19", "killed"])


@number(
    "october-hostage-figures",
    "Lowest and highest figure of Russian citizens held hostage, in the table russian-casualties; "
    "the figures measure unlike things.",
    "russian-casualties",
    rows=hostage_counts,
)
def _hostage_range() -> tuple[float, ...]:
    held = hostage_counts()["held"].dropna()
    return (float(held.min()), float(held.max()))
