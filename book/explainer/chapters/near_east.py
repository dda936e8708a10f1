"""Chapter 8: attacks in Russia, distances to the Middle East, Libya in 2011, Syria vetoes."""

from __future__ import annotations

import textwrap
from dataclasses import replace

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.legend_handler import HandlerTuple
from matplotlib.patches import Patch
from pandas import DataFrame, Series

from explainer import data, evidence, maps, style
from explainer.derived import number
from explainer.style import Size
from explainer.words import day_and_month, spoken

COUNTED_FROM = 10
"""The table of attacks is not exhaustive below this many dead, so only larger ones are summed."""

INSURGENCY = "North Caucasus insurgency"
DISPUTED_1999 = "disputed authorship (courts: Islamist commanders)"
ISLAMIC_STATE = "Islamic State, affiliate or self-declared supporters"
UNCONFIRMED = "Islamist militants, Islamic State link unconfirmed"
SYRIA_GROUP = "Syria-based jihadist group"
COLLAPSE = "disputed cause"
RIOT = "riot, not a terrorist attack"


# ------------------------------------------------------------------ attacks: map

VIEW: maps.Box = (27.5, 36.8, 61.0, 60.6)
"""European Russia and the Caucasus; every row of the table inside Russia lies in it."""

LOOK = maps.Look(
    by="category",
    symbols={
        INSURGENCY: maps.Symbol("circle", "blue"),
        DISPUTED_1999: maps.Symbol("diamond", "orange", "bombings of 1999, authorship disputed"),
        ISLAMIC_STATE: maps.Symbol("triangle", "purple", "Islamic State, branch or supporters"),
        UNCONFIRMED: maps.Symbol("wedge", "purple", "Islamists, Islamic State link unconfirmed"),
        SYRIA_GROUP: maps.Symbol("star", "purple", "group set up in Syria, per investigators"),
        "far right": maps.Symbol("pentagon", "ochre"),
        "other or unestablished": maps.Symbol("square", "slate", "attacker not established"),
        "war in Ukraine (Russian official label: terrorist act)": maps.Symbol(
            "cross", "orange", "war in Ukraine (official label: terrorist act)"
        ),
        COLLAPSE: maps.Symbol("square", "teal", "cause disputed: officially a gas explosion"),
        RIOT: maps.Symbol("cross", "muted", "riot, not a terrorist attack"),
    },
    town="label",
    size="killed",
    size_label="size: killed ({most}; smallest: up to about 55)",
)

PRINTED = {
    "Crocus City Hall attack": "Crocus City Hall",
    "Airport riot against passengers from Tel Aviv": "riot, Makhachkala",
    "Attacks on churches, synagogues and police": "Derbent and Makhachkala",
}
"""Events of the text whose name on the map is no town's, or would be taken for another's."""

PLACED: dict[Size, dict] = {
    "wide": {"by_hand": {"Beslan": (-59, 6)}},
    "narrow": {
        "scale": 0.8,
        "by_hand": {
            "Beslan": (-44, 0.5),
            "Crocus\nCity Hall": (-28, 0),
            "near Uglovka": (36, 6),
            "near Gluboky": (-40, 3),
            "Volgodonsk": (-46, 3.5),
            "Rostov-on-Don": (-42, -3.5),
            "riot, Makhachkala": (29, -10),
        },
    },
}
"""What :func:`maps.draw_places` needs beside the rows, by size of the picture."""

CROWDED: maps.Box = (41.0, 41.0, 49.0, 45.5)
"""The Caucasus, where a name beside every symbol could be read as its neighbour's."""

NAMED_THERE = 100
"""An event in ``CROWDED`` that is not in ``PRINTED`` is named from this many dead."""


def _range(low: int, high: int, best: int) -> str:
    """The number killed, with the span of counts where sources differ."""
    return f"{best}" if low == high else f"{best} (counts from {low} to {high})"


def _label(event: Series) -> object:
    """What is printed beside an event on the map: its own name, its town, or nothing."""
    west, south, east, north = CROWDED
    crowded = west < event["lon"] < east and south < event["lat"] < north
    unnamed = crowded and event["killed"] < NAMED_THERE
    return PRINTED.get(event["name"], pd.NA if unnamed else event["city"])


def _attacks() -> DataFrame:
    """All events of the table; texts as plain strings, with the number killed in words."""
    rows = data.load("attacks")
    rows["category"] = rows["category"].astype("string")
    rows["deaths"] = [
        _range(*counts)
        for counts in zip(rows["killed_low"], rows["killed_high"], rows["killed"], strict=True)
    ]
    return rows


def events_in_russia() -> DataFrame:
    """Every event of the table inside Russia, with its position, oldest first."""
    rows = maps.located(_attacks().query("not abroad"))
    # "Region" here means near a named town or crash village; shading all of Russia would say less.
    rows["precision"] = rows["precision"].replace({"region": "city"})
    rows["when"] = [spoken(day, full=True) for day in rows["date"]]
    rows["label"] = rows.apply(_label, axis="columns")
    return rows


def listed(rows: DataFrame) -> DataFrame:
    """Columns of events that a reader of the table wants."""
    names = {
        "date": "date",
        "name": "event",
        "city": "place",
        "region": "region",
        "killed": "killed",
        "killed_low": "lowest count",
        "killed_high": "highest count",
        "category": "category",
        "attributed_to": "attributed to",
        "claimed_by": "claimed by",
        "note": "note",
        "sources": "sources",
    }
    return rows[list(names)].rename(columns=names)


def map_title() -> str:
    """The finding of the map."""
    rows = events_in_russia()
    return (
        f"Attacks in Russia since 1995, with cases in dispute: {len(rows)} events, "
        f"{(rows['category'] == INSURGENCY).sum()} of them North Caucasus insurgency"
    )


def map_rest() -> str:
    """What the map shows beyond the attacks of :func:`large_attacks`, as a sentence."""
    rows = events_in_russia()
    rest = rows[~rows.index.isin(large_attacks().index)]
    few = rest[~rest["category"].isin([RIOT, COLLAPSE])]
    return (
        f"{len(rest)} of the {len(rows)} events are not in the chart of deaths: {len(few)} with "
        "fewer than ten dead, a riot, and a collapse whose cause is disputed."
    )


def _look(rows: DataFrame) -> maps.Look:
    """``LOOK`` with the deadliest event, which may find no room for its name, in the legend."""
    most = rows.loc[rows["killed"].idxmax()]
    words = LOOK.size_label.format(most=f"{most['city']}: {most['killed']}")
    return replace(LOOK, size_label=words)


def attacks_map() -> maps.BookMap:
    """The events of :func:`events_in_russia` on the interactive map."""
    rows = events_in_russia()
    m = maps.base_map("central-asia", VIEW)
    maps.add_places(
        m,
        rows,
        _look(rows),
        facts={
            "Date": "when",
            "Killed": "deaths",
            "Category": "category",
            "Attributed to": "attributed_to",
            "Claimed by": "claimed_by",
        },
        statement="note",
    )
    return m


def attacks_twin(size: Size) -> Figure:
    """The same map for print."""
    figure, ax = maps.canvas(size, "central-asia", VIEW)
    maps.draw_base(ax, "central-asia", VIEW)
    rows = events_in_russia()
    if size == "narrow":
        # The rim of the picture is too near for the whole name in one line.
        rows["label"] = rows["label"].replace({"Crocus City Hall": "Crocus\nCity Hall"})
    maps.draw_legend(ax, maps.draw_places(ax, rows, _look(rows), **PLACED[size]))
    return figure


# ------------------------------------------------------------------ attacks: deaths by year

GROUPS = {
    INSURGENCY: INSURGENCY,
    DISPUTED_1999: "bombings of September 1999, authorship disputed",
    ISLAMIC_STATE: "Islamic State or Syria-based, one link unconfirmed",
    UNCONFIRMED: "Islamic State or Syria-based, one link unconfirmed",
    SYRIA_GROUP: "Islamic State or Syria-based, one link unconfirmed",
    "far right": "far right, or attacker not established",
    "other or unestablished": "far right, or attacker not established",
}
"""Categories of the table, put together for the chart."""

FILLS = dict(
    zip(
        dict.fromkeys(GROUPS.values()),
        ((style.BLUE, ""), (style.ORANGE, "////"), (style.PURPLE, "----"), (style.SLATE, "xxxx")),
        strict=True,
    )
)


def large_attacks() -> DataFrame:
    """Attacks in Russia with ten or more dead, without riots and disputed causes."""
    rows = _attacks()
    rows = rows[~rows["abroad"] & (rows["killed"] >= COUNTED_FROM) & rows["category"].isin(GROUPS)]
    return rows.assign(group=rows["category"].map(GROUPS), year=rows["date"].dt.year)


def deaths_title() -> str:
    """The finding of :func:`deaths_chart`."""
    rows = large_attacks()
    own = rows[rows["category"] == INSURGENCY]
    return (
        f"{len(own)} of {len(rows)} large attacks in Russia since 1995, and "
        f"{own['killed'].sum():,} of {rows['killed'].sum():,} dead, belong to the North Caucasus "
        "insurgency"
    )


NAMED_YEARS = {
    1999: "apartment\nbombings",
    2002: "Moscow\ntheatre",
    2004: "Beslan\nschool",
    2024: "Crocus\nCity Hall",
}
"""What made the deadliest years: the largest attack, or the four bombings of 1999."""


def _made_by(rows: DataFrame, year: int) -> int:
    """How many of a year's dead fall to the event named in ``NAMED_YEARS``."""
    rows = rows[rows["year"] == year]
    disputed = rows[rows["category"] == DISPUTED_1999]
    return int(rows["killed"].max() if disputed.empty else disputed["killed"].sum())


def deaths_chart(size: Size) -> Figure:
    """One stacked bar per year; a thin line spans the sums of the lowest and highest counts."""
    rows = large_attacks()
    wide = size == "wide"
    figure, ax = style.canvas(size, wide=4.4, narrow=5.0)
    style.quiet(ax)
    table = rows.pivot_table(
        index="year", columns="group", values="killed", aggfunc="sum", fill_value=0
    ).astype(float)
    bottom = pd.Series(0.0, index=table.index)
    for group, (colour, hatch) in FILLS.items():
        ax.bar(
            table.index, table[group], bottom=bottom, width=0.74, color=colour, hatch=hatch,
            edgecolor=style.PAPER, linewidth=0.4, label=group,
        )  # fmt: skip
        bottom += table[group]
    spans = rows.groupby("year")[["killed_low", "killed_high"]].sum()
    spans = spans[spans["killed_low"] < spans["killed_high"]]
    ax.vlines(
        spans.index, spans["killed_low"], spans["killed_high"], color=style.INK, linewidth=1,
        path_effects=style.rim(2.6),
    )  # fmt: skip
    tops = rows.groupby("year")["killed_high"].sum()
    for year, words in NAMED_YEARS.items():
        text = f"{bottom[year]:.0f}"
        if wide:
            text += f", of them\n{_made_by(rows, year)}: {words}"
        # Labels of the early peaks end near their bar: beside it stands the next one.
        shift = {1999: 2, 2002: 20}.get(year) if wide else None
        ax.annotate(
            text, (year, tops[year]), xytext=(shift or 0, 3), textcoords="offset points",
            ha="right" if shift else "center", va="bottom", fontsize=8, bbox=style.ground(1),
        )  # fmt: skip
    ax.text(
        2018.6, 60, "2015 to 2023:\none attack with ten\nor more dead" if wide
        else "2015–2023:\none attack", ha="center", va="bottom", fontsize=8, color=style.MUTED,
    )  # fmt: skip
    ax.set_ylim(0, 720)
    ax.set_xlim(1994.2 if wide else 1993.2, 2026)
    ax.set_xticks(range(1995, 2026, 5))
    ax.set_ylabel("people killed in the year")
    figure.legend(loc="outside lower left", ncols=2 if wide else 1, fontsize=8)
    return figure


# ------------------------------------------------------------------ cases tied to the Middle East

NAMED, DECLARED, OPEN = "named", "declared", "open"

CASES: dict[str, tuple[str, str, str]] = {
    "Metrojet 9268 airliner bombing": (
        "Metrojet airliner, over Sinai", NAMED, "claimed by Islamic State; FSB: a home-made bomb"
    ),
    "Assassination of Ambassador Andrei Karlov": (
        "Russia’s ambassador, Ankara", OPEN, "gunman spoke of Aleppo; no group established"
    ),
    "Metro bombing": (
        "St Petersburg metro", NAMED, "group set up in Syria, per investigators"
    ),
    "Church shooting": ("Church in Kizlyar, Dagestan", NAMED, "claimed by Islamic State"),
    "Apartment block collapse": (
        "Apartment block, Magnitogorsk", OPEN, "Islamic State claimed it; Russia: probably gas"
    ),
    "Russian embassy bombing": (
        "Russian embassy, Kabul", NAMED, "claimed by Islamic State’s Khorasan branch"
    ),
    "Crocus City Hall attack": (
        "Crocus City Hall, near Moscow", NAMED, "claimed by Islamic State; court: Khorasan cells"
    ),
    "Remand prison hostage-taking": (
        "Prison in Rostov", DECLARED, "inmates declared allegiance to Islamic State"
    ),
    "Attacks on churches, synagogues and police": (
        "Derbent and Makhachkala", OPEN, "no claim; a Khorasan outlet praised it"
    ),
    "Prison colony IK-19 hostage-taking": (
        "Prison colony, Surovikino", DECLARED, "inmates declared allegiance to Islamic State"
    ),
}  # fmt: skip
"""Event of the table: short name, how firm the link is, and what the link is."""

LINKS = {
    NAMED: (style.PURPLE, "", "o", "claimed, or named by court or investigators"),
    DECLARED: (style.OCHRE, "////", "^", "attackers declared allegiance"),
    OPEN: (style.SLATE, "xxxx", "s", "link unconfirmed or disputed"),
}


def linked_cases() -> DataFrame:
    """Events with some link to Syria, Islamic State or its Khorasan branch, abroad included."""
    rows = _attacks()
    late = rows["date"] >= pd.Timestamp("2015-09-30")
    rows = rows[late & rows["name"].isin(CASES)]
    return rows.assign(
        link=[CASES[name][1] for name in rows["name"]],
        short=[CASES[name][0] for name in rows["name"]],
        how=[CASES[name][2] for name in rows["name"]],
    )


def linked_table() -> DataFrame:
    """The columns of :func:`linked_cases` that a reader wants."""
    rows = linked_cases()
    return listed(rows).assign(link=[LINKS[link][3] for link in rows["link"]])


def linked_title() -> str:
    """The finding of :func:`linked_chart`."""
    rows = linked_cases()
    abroad = rows[rows["abroad"]]
    return (
        f"Russia since 2015: {len(rows)} attacks and other cases have a link, firm or weak, to "
        f"Syria or Islamic State; {len(abroad)}, with {abroad['killed'].sum()} dead, lay abroad"
    )


def linked_chart(size: Size) -> Figure:
    """One bar per case with its name and link above it, oldest at the top."""
    rows = linked_cases()
    figure, ax = style.canvas(size, wide=5.6, narrow=6.6)
    style.quiet(ax, grid="x")
    # Room for the symbols on the left of the axis.
    edge = 10 if size == "wide" else 22
    for level, row in enumerate(rows.itertuples()):
        colour, hatch, marker, _ = LINKS[row.link]
        ax.barh(
            level, row.killed, height=0.26, color=colour, hatch=hatch, edgecolor=style.PAPER,
            linewidth=0.4,
        )  # fmt: skip
        ax.hlines(
            level, row.killed_low, row.killed_high, color=style.INK, linewidth=1,
            path_effects=style.rim(2.6),
        )  # fmt: skip
        ax.plot(-0.5 * edge, level, marker, color=colour, markersize=6)
        ax.annotate(
            row.deaths, (max(row.killed, row.killed_high), level), xytext=(6, 0),
            textcoords="offset points", va="center", fontsize=8,
        )  # fmt: skip
        head = f"{row.short}, {row.date.year}"
        text = f"{head}: {row.how}" if size == "wide" else f"{head}\n{row.how}"
        ax.text(0, level - 0.22, text, fontsize=8, va="bottom", linespacing=1.15)
    ax.set_ylim(len(rows) - 0.5, -1.0 if size == "narrow" else -0.8)
    ax.set_yticks([])
    ax.spines["left"].set_visible(False)
    ax.set_xlim(-edge, 262 if size == "wide" else 300)
    ax.set_xlabel("people killed")
    figure.legend(
        handles=[
            (
                style.key(marker, colour, label, markersize=6),
                Patch(facecolor=colour, hatch=hatch, edgecolor=style.PAPER, linewidth=0.4),
            )
            for colour, hatch, marker, label in LINKS.values()
        ],
        labels=[label for *_, label in LINKS.values()],
        handler_map={tuple: HandlerTuple(ndivide=None, pad=0.4)},
        loc="outside lower left",
        ncols=3 if size == "wide" else 1,
        fontsize=8,
        handlelength=2.6,
        handletextpad=0.5,
        columnspacing=1.0,
    )
    return figure


# ------------------------------------------------------------------ official and other series

SERIES = {
    "GTD": "Researchers (GTD): attacks",
    "FSB: violent crimes of a terrorist nature": "FSB: violent terrorist crimes",
    "Interior Ministry: terrorist acts": "Police: “terrorist acts” registered",
    "Interior Ministry: crimes of a terrorist nature": "Police: all crimes of a terrorist nature",
}
"""Data set and the heading of its panel."""

FIRST_YEAR = 2003
"""The first year with a police figure; older years are left out so that panels compare."""


def series() -> DataFrame:
    """Yearly counts of the four series since 2003.

    Two figures for 2011 and 2012 that stand with the FSB's are left out: they come from another
    body and may not be the same count.
    """
    rows = data.load("terror-annual")
    rows["dataset"] = rows["dataset"].astype("string")
    other_body = rows["note"].str.startswith("NAC").fillna(False)
    rows = rows[rows["dataset"].isin(SERIES) & (rows["year"] >= FIRST_YEAR) & ~other_body]
    return rows.drop(columns="killed").rename(columns={"attacks": "count"})


def _count(dataset: str, year: int) -> int:
    """One value of :func:`series`."""
    rows = series()
    return int(rows.loc[(rows["dataset"] == dataset) & (rows["year"] == year), "count"].item())


def series_title() -> str:
    """The finding of :func:`series_chart`."""
    fsb = _count("FSB: violent crimes of a terrorist nature", 2020)
    police = _count("Interior Ministry: terrorist acts", 2024)
    return (
        f"Different counts in Russia: violent terrorist crimes (FSB) fell to {fsb} in 2020, "
        f"“terrorist acts” (police) rose to {police:,} in 2024"
    )


def series_chart(size: Size) -> Figure:
    """A panel per series, each with its own scale from zero; hatched bars are part of a year."""
    rows = series()
    wide = size == "wide"
    shape = {"nrows": 2, "ncols": 2} if wide else {"nrows": 4}
    figure, panels = style.canvas(size, wide=4.8, narrow=7.9, sharex=True, **shape)
    figure.get_layout_engine().set(hspace=0.08 if wide else 0.1)
    for ax, (dataset, head) in zip(panels.flat, SERIES.items(), strict=True):
        style.quiet(ax)
        part = rows[rows["dataset"] == dataset]
        whole = part[~part["partial_year"]]
        rest = part[part["partial_year"]]
        ax.bar(whole["year"], whole["count"].astype(float), width=0.7, color=style.BLUE)
        ax.bar(
            rest["year"], rest["count"].astype(float), width=0.7, facecolor="none",
            edgecolor=style.BLUE, hatch="////", linewidth=1,
        )  # fmt: skip
        named = whole if dataset != "GTD" else whole[whole["year"].isin([2010, 2020])]
        for row in pd.concat([named, rest]).itertuples():
            # Neighbouring bars of like height would print over each other.
            if dataset.startswith("Interior") and row.year in (2015, 2017, 2022, 2021, 2014):
                continue
            beside = dataset.startswith("Interior") and row.year in (2023, 2024)
            ax.annotate(
                f"{row.count:,}", (row.year, row.count), xytext=(4 if beside else 0, 2),
                textcoords="offset points", ha="right" if beside else "center", va="bottom",
                fontsize=8,
            )  # fmt: skip
        ax.yaxis.set_major_formatter("{x:,.0f}")
        ax.set_title(head, fontsize=9)
        ax.set_ylim(0, float(part["count"].max()) * 1.25)
        ax.set_xlim(2002.2, 2026)
        ax.set_xticks([2005, 2010, 2015, 2020, 2025])
        ax.tick_params(labelbottom=True)
    notes = ("ends in 2020", "only 2010 and\n2020 found", "2019 to 2021:\nat most 50", "")
    spots = ((2023.2, 0.2), (2015, 0.35), (2018, 0.3), (0, 0))
    for ax, words, (x, y) in zip(panels.flat, notes, spots, strict=True):
        if words:
            ax.text(
                x, y, words, transform=ax.get_xaxis_transform(), ha="center", va="center",
                fontsize=8, color=style.MUTED,
            )  # fmt: skip
    return figure


# ------------------------------------------------------------------ distances

BORDER = "Russia (nearest border point, Caucasus)"
NAMES = {"Turkey": "Türkiye", "Palestine": "Palestinian territories", BORDER: "Russia’s border"}
RUSSIAN = (BORDER, "Sochi", "Grozny", "Makhachkala", "Moscow")


OFF_SCALE = "Washington"
"""Far beyond the others: in the table only."""


def to_damascus() -> DataFrame:
    """Distances to Damascus, and from Moscow to Paris for comparison, shortest first."""
    rows = data.load("distances")
    kept = (rows["to"] == "Damascus") | ((rows["from"] == "Moscow") & (rows["to"] == "Paris"))
    return rows.loc[kept, ["from", "to", "km", "method", "sources"]].sort_values("km")


def from_border() -> DataFrame:
    """Shortest distances from Russia's Caucasus border to the borders of the region."""
    rows = data.load("distances")
    kept = (rows["from"] == BORDER) & rows["to"].str.endswith("(nearest border point)")
    return rows.loc[kept, ["from", "to", "km", "method", "sources"]].sort_values("km")


def distance_tables() -> dict[str, DataFrame]:
    """The rows of both panels, and those too far off to be drawn."""
    return {"To Damascus": to_damascus(), "From Russia’s border": from_border()}


def distances_title() -> str:
    """The finding of :func:`distances_chart`."""
    km = to_damascus().set_index(["from", "to"])["km"]
    return (
        f"Near for the Caucasus, not for Moscow: Damascus is {km['Grozny', 'Damascus']:,} km from "
        f"Grozny, but {km['Moscow', 'Damascus']:,} km from Moscow, about the distance from Moscow "
        "to Paris"
    )


LONGEST_BAR = 4_300
"""End of the scale that both panels of :func:`distances_chart` share, in km."""


def _bars(
    ax: Axes, names: list[str], km: list[int], marks: list[bool], levels: list[float], head: str
) -> None:
    """Horizontal bars with their numbers; marked ones are full, others are hatched."""
    style.quiet(ax, grid="none")
    for level, value, mark in zip(levels, km, marks, strict=True):
        ax.barh(
            level, value, height=0.62, edgecolor=style.BLUE if mark else style.SLATE,
            facecolor=style.BLUE if mark else "none", hatch="" if mark else "////", linewidth=0.8,
        )  # fmt: skip
        ax.annotate(
            f"{value:,} km", (value, level), xytext=(4, 0), textcoords="offset points",
            va="center", fontsize=8,
        )  # fmt: skip
    ax.set_yticks(levels, names, fontsize=8.5, color=style.INK)
    ax.set_ylim(max(levels) + 0.5, -0.6)
    ax.set_xlim(0, LONGEST_BAR)
    ax.set_xticks([])
    ax.set_title(head, fontsize=9)


def distances_chart(size: Size) -> Figure:
    """Left or above: how far Damascus is. Right or below: from Russia's border to each state.

    Both have the same scale. The way from Moscow to Paris stands apart, under its own heading.
    """
    shape = {"ncols": 2} if size == "wide" else {"nrows": 2}
    figure, (cities, states) = style.canvas(size, wide=3.8, narrow=6.8, **shape)
    figure.get_layout_engine().set(hspace=0.08, wspace=0.1)
    rows = to_damascus()
    drawn = rows[(rows["to"] == "Damascus") & (rows["from"] != OFF_SCALE)]
    paris = rows.loc[rows["to"] == "Paris", "km"].item()
    levels = [float(level) for level in range(len(drawn))]
    apart = levels[-1] + 2
    _bars(
        cities,
        [*(NAMES.get(start, start) for start in drawn["from"]), "Moscow"],
        [*drawn["km"].tolist(), paris],
        [*drawn["from"].isin(RUSSIAN), False],
        [*levels, apart],
        "To Damascus from …",
    )
    cities.text(
        0, apart - 0.55, "Compare: to Paris from …", fontsize=9, fontweight="bold",
        va="bottom", bbox=style.ground(2),
    )  # fmt: skip
    rows = from_border()
    states_named = [end.partition(" (")[0] for end in rows["to"]]
    _bars(
        states,
        [
            textwrap.fill(NAMES.get(name, name), 14 if size == "wide" else 26)
            for name in states_named
        ],
        rows["km"].tolist(),
        [True] * len(rows),
        [float(level) for level in range(len(rows))],
        "From Russia’s border to …",
    )
    return figure


# ------------------------------------------------------------------ Libya 2011

ALONG, PASS, OBJECT = "goes along", "lets pass", "warns, objects"

STEPS: dict[str, tuple[str, str]] = {
    "medvedev-vladikavkaz-2011": (OBJECT, "Medvedev warns that fanatics could come to power"),
    "unsc-1970-unanimous": (ALONG, "votes for sanctions and referral to the ICC"),
    "russia-joins-libya-sanctions": (ALONG, "formally joins the sanctions"),
    "unsc-1973-abstention": (PASS, "abstains on the no-fly zone"),
    "putin-crusade": (OBJECT, "Putin likens the resolution to a call to a crusade"),
    "medvedev-rebukes-crusade": (ALONG, "Medvedev calls such words inadmissible"),
    "medvedev-gaddafi-must-go": (ALONG, "joins the G8 in saying Gaddafi must go"),
    "medvedev-decree-libya-2011": (ALONG, "decree carries out resolution 1973"),
    "russia-recognises-ntc-2011": (ALONG, "recognises the new rulers"),
    "first-syria-veto": (OBJECT, "first veto on Syria"),
}
"""Fact: which way it points, in our reading, and what Russia did."""

ELSEWHERE = {"medvedev-vladikavkaz-2011", "first-syria-veto"}
"""Steps that are not about Libya: on Arab states in general, and on Syria."""

DIRECTIONS = {ALONG: ("o", style.BLUE), PASS: ("D", style.OCHRE), OBJECT: ("^", style.ORANGE)}


def libya_steps() -> DataFrame:
    """Russia's steps on Libya in 2011 and its first veto on Syria, by date, from the facts."""
    facts = evidence.cited_facts(STEPS)
    return DataFrame(
        {
            "date": [day.strftime("%Y-%m-%d") for day in facts["date"]],
            "step": [STEPS[key][1] for key in facts.index],
            "direction": [STEPS[key][0] for key in facts.index],
            "statement": facts["statement"].tolist(),
            "sources": facts["sources"].tolist(),
        }
    )


def libya_title() -> str:
    """The finding of :func:`libya_chart`."""
    ways = [way for fact, (way, _) in STEPS.items() if fact not in ELSEWHERE]
    return (
        f"Libya 2011: in {ways.count(ALONG)} of {len(ways)} steps Moscow went along with pressure "
        "on Gaddafi; its first veto on Syria followed in October"
    )


def libya_chart(size: Size) -> Figure:
    """A row per step; the column of its mark says which way it points."""
    rows = libya_steps()
    wide = size == "wide"
    figure, ax = style.canvas(size, wide=4.0, narrow=4.6)
    style.bare(ax)
    columns = {name: k * (1.0 if wide else 0.62) for k, name in enumerate(DIRECTIONS)}
    for name, x in columns.items():
        ax.vlines(x, -0.5, len(rows) - 0.5, color=style.GRID, linewidth=0.8, zorder=0)
        if wide:
            ax.text(
                x, -0.65, textwrap.fill(name, 8), ha="center", va="bottom", fontsize=8,
                fontweight="bold",
            )  # fmt: skip
    for level, row in enumerate(rows.itertuples()):
        marker, colour = DIRECTIONS[row.direction]
        ax.plot(columns[row.direction], level, marker, color=colour, markersize=9)
        day = day_and_month(pd.Timestamp(row.date))
        ax.text(-0.6, level, day, ha="right", va="center", fontsize=8.5)
        ax.text(
            columns[OBJECT] + (0.6 if wide else 0.4), level,
            row.step if wide else textwrap.fill(row.step, 30), va="center",
            fontsize=8.5 if wide else 8,
        )  # fmt: skip
    ax.set_ylim(len(rows) - 0.4, -1.7 if wide else -0.6)
    ax.set_xlim(*((-1.5, 8.2) if wide else (-1.75, 6.3)))
    if not wide:
        # No room for heads of columns: a legend names the marks.
        figure.legend(
            handles=[
                style.key(marker, colour, name, markersize=8)
                for name, (marker, colour) in DIRECTIONS.items()
            ],
            loc="outside upper left", ncols=3, fontsize=8, handletextpad=0.2, columnspacing=1.2,
        )  # fmt: skip
    return figure


# ------------------------------------------------------------------ Syria vetoes


def vetoes() -> DataFrame:
    """Russia's vetoes on Syria, one row each, with who joined it."""
    rows = data.load("syria-vetoes")
    names = {
        "date": "date",
        "draft": "draft",
        "with_china": "with China",
        "yes": "for",
        "no": "against",
        "abstain": "abstained",
        "subject": "subject",
        "russian_reason": "reason given by Russia",
        "draft_read": "draft number seen or recalled",
        "votes_read": "count seen or recalled",
        "note": "note",
        "sources": "sources",
    }
    return rows[list(names)].rename(columns=names)


def vetoes_title() -> str:
    """The finding of :func:`vetoes_chart`."""
    rows = vetoes()
    first, last = rows["date"].dt.year.agg(["min", "max"])
    return (
        f"{len(rows)} Russian vetoes on Syria from {first} to {last}, "
        f"{rows['with China'].sum()} together with China"
    )


def vetoes_chart(size: Size) -> Figure:
    """Vetoes by year, stacked: with China below, alone above."""
    rows = vetoes()
    figure, ax = style.canvas(size, wide=3.2, narrow=3.8)
    style.quiet(ax, grid="none")
    ax.spines["left"].set_visible(False)
    counts = rows.groupby([rows["date"].dt.year, "with China"]).size().unstack(fill_value=0)
    years = range(int(counts.index.min()), int(counts.index.max()) + 1)
    counts = counts.reindex(years, fill_value=0).astype(float)
    looks = {True: (style.BLUE, ""), False: (style.ORANGE, "////")}
    bottom = pd.Series(0.0, index=counts.index)
    for together, (colour, hatch) in looks.items():
        ax.bar(
            counts.index, counts[together], bottom=bottom, width=0.74, color=colour, hatch=hatch,
            edgecolor=style.PAPER, linewidth=0.4,
        )  # fmt: skip
        bottom += counts[together]
    for year, total in bottom.items():
        ax.annotate(
            f"{total:.0f}", (year, total), xytext=(0, 3), textcoords="offset points",
            ha="center", va="bottom", fontsize=8.5, color=style.INK if total else style.MUTED,
        )  # fmt: skip
    ax.set_ylim(0, 5.8)
    ax.set_yticks([])
    ax.set_ylabel("vetoes in the year")
    ax.set_xticks(list(years) if size == "wide" else list(years)[::2])
    totals = rows["with China"].value_counts()
    figure.legend(
        handles=[
            Patch(
                facecolor=colour, hatch=hatch, edgecolor=style.PAPER,
                label=f"{'with China' if together else 'without China'} ({totals[together]})",
            )
            for together, (colour, hatch) in looks.items()
        ],
        loc="outside lower left",
        ncols=2,
        fontsize=8,
    )  # fmt: skip
    return figure


# ------------------------------------------------------------------ numbers of the prose


def _of(*categories: str) -> DataFrame:
    rows = large_attacks()
    return rows[rows["category"].isin(categories)]


@number(
    "near-attacks-ranges",
    "Attacks in Russia with ten or more dead since 1995 in the table attacks, without riots and "
    "disputed causes; people killed by the best, lowest and highest counts.",
    "attacks",
    rows=large_attacks,
)
def _large() -> tuple[float, ...]:
    rows = large_attacks()
    return (len(rows), *(int(rows[name].sum()) for name in ("killed", "killed_low", "killed_high")))


@number(
    "near-insurgency",
    "Of all those attacks, the ones in the category North Caucasus insurgency, and the people "
    "killed in them.",
    "attacks",
    rows=lambda: _of(INSURGENCY),
)
def _insurgency() -> tuple[float, ...]:
    rows = _of(INSURGENCY)
    return len(rows), len(large_attacks()), int(rows["killed"].sum())


@number(
    "near-insurgency-share",
    "Share of the dead of those attacks that fall to the category North Caucasus insurgency, in "
    "percent, rounded.",
    "attacks",
    rows=large_attacks,
)
def _insurgency_share() -> int:
    return round(100 * _of(INSURGENCY)["killed"].sum() / large_attacks()["killed"].sum())


@number(
    "near-islamic-state",
    "Of those attacks, the ones tied to Islamic State (one of them unconfirmed) or to a group "
    "based in Syria; the people killed.",
    "attacks",
    rows=lambda: _of(ISLAMIC_STATE, UNCONFIRMED, SYRIA_GROUP),
)
def _islamic_state() -> tuple[float, ...]:
    rows = _of(ISLAMIC_STATE, UNCONFIRMED, SYRIA_GROUP)
    return len(rows), int(rows["killed"].sum())


@number(
    "near-police-2025",
    "Terrorist acts registered by Russian police in January to September 2025, rounded in the "
    "source.",
    "terror-annual",
    rows=lambda: series().query("partial_year and dataset == 'Interior Ministry: terrorist acts'"),
)
def _police_2025() -> int:
    rows = series().query("partial_year and dataset == 'Interior Ministry: terrorist acts'")
    return int(rows["count"].iloc[0])
