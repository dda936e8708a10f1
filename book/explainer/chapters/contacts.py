"""Chapter 4: meetings and calls between Russia and Hamas, and the Palestinian vote of 2006."""

from __future__ import annotations

import pandas as pd
from IPython.display import HTML
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from pandas import DataFrame

from explainer import data, evidence, maps, style
from explainer.charts import YearSlot, years_parted
from explainer.derived import number
from explainer.maps.twin import project
from explainer.style import Size
from explainer.words import spoken

ATTACK = pd.Timestamp("2023-10-07")

YEARS = range(2006, 2027)
"""From the first meeting found to the year of the book's evidence."""

LEVELS = {
    "head of state": "a president",
    "foreign minister": "the foreign minister",
    "deputy foreign minister": "a deputy foreign minister",
    "other": "someone not named",
}
"""Who represented Russia: the table's word and ours, from the highest down."""

SYMBOLS = {
    "head of state": maps.Symbol("star", "purple", "with a president (Medvedev, 2010)"),
    "foreign minister": maps.Symbol("circle", "blue", "with the foreign minister"),
    "deputy foreign minister": maps.Symbol("diamond", "orange", "with a deputy foreign minister"),
    "other": maps.Symbol("cross", "slate", "Russian side not named"),
}
"""The same symbols on the chart and on the map."""

MARKERS = {"star": "*", "circle": "o", "diamond": "D", "cross": "P"}
"""Matplotlib's names for the shapes of ``SYMBOLS``."""

LOOK = maps.Look(
    symbols=SYMBOLS,
    by="Level",
    name="Where and with whom",
    town="Label",
    size="Meetings",
    size_label="larger: more meetings",
)

MAP_VIEW = (20.0, 22.0, 72.0, 60.0)
"""West, south, east, north: Moscow in the north, Doha in the south."""


LANDS = {
    "Russia": (56.5, 54.9),
    "Ukraine": (31.5, 49.3),
    "Türkiye": (34.5, 39.0),
    "Iran": (57.0, 32.5),
    "Saudi Arabia": (43.4, 27.5),
    "Egypt": (29.0, 27.0),
    "Kazakhstan": (63.5, 48.5),
    "Black Sea": (34.5, 43.4),
}
"""Names of lands and seas on the static map, with east and north in degrees."""

CITIES: dict[Size, dict[str, tuple[str, float, float]]] = {
    "wide": {
        "Moscow": ("left", 15, 12),
        "Damascus": ("right", -20, 0),
        "Doha": ("right", -23, -5.5),
    },
    "narrow": {
        "Moscow": ("left", 15, 12),
        "Damascus": ("left", 23.5, -1.5),
        "Doha": ("left", -66.5, 5.5),
    },
}
"""Where the static map has the names of the cities: the side of the words that is set to a point,
and how far this is right of and above the city, in points, as the marks are measured. No ground
is set behind the words, since it would wipe out borders."""


# ------------------------------------------------------------------ meetings and calls


def contacts() -> DataFrame:
    """Every meeting and call of the table, oldest first, with year, rank and side of 7 October.

    ``after``: on or after 7 October 2023. A date without a day counts by its last day, so the
    meeting of October 2023, which Russia placed after the attack, is after it.
    """
    rows = data.load("contacts")
    return rows.assign(
        year=[day.year for day in rows["date"]],
        after=[day.end_time >= ATTACK for day in rows["date"]],
        rank=rows["level"].astype("string").map(list(LEVELS).index),
        by_phone=rows["mode"] == "phone",
    ).sort_values("date", key=lambda days: days.map(lambda day: day.start_time), kind="stable")


def meetings() -> DataFrame:
    """The rows of :func:`contacts` in which people met in person."""
    rows = contacts()
    return rows[~rows["by_phone"]]


def calls() -> DataFrame:
    """The rows of :func:`contacts` by telephone."""
    rows = contacts()
    return rows[rows["by_phone"]]


def _reader(rows: DataFrame) -> DataFrame:
    """The columns that a reader of the table wants, in that order."""
    names = {
        "date": "date",
        "level": "level",
        "city": "city",
        "russian_side": "Russian side",
        "hamas_side": "Hamas side",
        "topic": "topic",
        "confidence": "confidence",
        "note": "note",
        "sources": "sources",
    }
    return rows[[name for name in names if rows[name].notna().any()]].rename(columns=names)


def contacts_tables() -> dict[str, DataFrame]:
    """What a reader sees: meetings and calls apart."""
    return {"Meetings in person": _reader(meetings()), "Telephone calls": _reader(calls())}


def _slots() -> list[YearSlot]:
    """The columns of the chart."""
    return years_parted(YEARS, ATTACK)


def _empty_years() -> list[tuple[int, int]]:
    """First and last slot of each run of years without a contact."""
    known, slots = set(contacts()["year"]), _slots()
    runs: list[tuple[int, int]] = []
    for at, (_, year, _) in enumerate(slots):
        if year in known:
            continue
        if runs and runs[-1][1] == at - 1:
            runs[-1] = (runs[-1][0], at)
        else:
            runs.append((at, at))
    return runs


def _dot(ax: Axes, across: float, up: float, level: str, low: bool, size: float) -> None:
    """One contact; an outline if the report is of low confidence."""
    symbol = SYMBOLS[level]
    colour = style.COLOURS[symbol.colour][0]
    ax.plot(
        across, up, MARKERS[symbol.shape], markeredgecolor=colour, markeredgewidth=1.4,
        markersize=size * {"star": 1.5, "diamond": 0.85}.get(symbol.shape, 1.0),
        markerfacecolor=style.PAPER if low else colour, linestyle="none",
    )  # fmt: skip


CALLS_AT = {"wide": -0.5, "narrow": 6.6}
"""Where the calls of a year begin, in steps of one contact."""


def contacts_chart(size: Size) -> Figure:
    """A mark per meeting, stacked by year, highest rank first; calls stand apart.

    On a phone the years run downwards.
    """
    wide = size == "wide"
    slots = _slots()
    figure, ax = style.canvas(size, wide=4.5, narrow=7.6)
    style.quiet(ax, grid="none")
    ax.spines[:].set_visible(False)
    step = -1 if wide else 1
    for at, (_, year, after) in enumerate(slots):
        for rows, start, way in ((meetings(), 1.0, 1), (calls(), CALLS_AT[size], step)):
            here = rows[(rows["year"] == year) & (rows["after"] == after)]
            here = here.sort_values("rank", kind="stable")
            for k, row in enumerate(here.itertuples()):
                up = start + way * k
                across, up = (at, up) if wide else (up, at)
                _dot(ax, across, up, row.level, row.confidence == "low", 10 if wide else 9)
    cut = next(at for at, slot in enumerate(slots) if slot.after) - 0.5
    none = {"color": style.MUTED, "fontsize": 8, "ha": "center", "va": "center"}
    band = {"facecolor": style.LAND, "edgecolor": "none", "zorder": 0}
    if wide:
        _wide_frame(ax, slots, cut)
        for first, last in _empty_years():
            ax.axvspan(first - 0.4, last + 0.4, **band)
            rotation = 90 if first == last else 0
            ax.text((first + last) / 2, 2, "none found", rotation=rotation, **none)
    else:
        _narrow_frame(ax, slots, cut)
        for first, last in _empty_years():
            ax.axhspan(first - 0.4, last + 0.4, **band)
            ax.text(1.9, (first + last) / 2, "none found", **none)
    handles = [
        style.key(
            MARKERS[symbol.shape], style.COLOURS[symbol.colour][0], symbol.label,
            markersize=11 if symbol.shape == "star" else 8,
        )
        for symbol in SYMBOLS.values()
    ]  # fmt: skip
    handles.append(
        style.key(
            "o", style.SLATE, "outline: report of low confidence", markersize=8,
            markerfacecolor=style.PAPER, markeredgewidth=1.4,
        )
    )  # fmt: skip
    figure.legend(handles=handles, loc="outside lower left", ncols=2 if wide else 1, fontsize=8.5)
    return figure


def _wide_frame(ax: Axes, slots: list[YearSlot], cut: float) -> None:
    """Axes, the line of 7 October and the notes of the wide chart."""
    last = len(slots) - 0.4
    ax.set(xlim=(-0.6, last), ylim=(-2.0, 6.6))
    ax.set_xticks(range(len(slots)), [slot.label for slot in slots])
    ax.tick_params(axis="x", rotation=90, labelsize=8)
    ax.set_yticks([*range(1, 6), CALLS_AT["wide"]], [*map(str, range(1, 6)), "calls"])
    ax.set_ylabel("meetings in a year", y=0.6)
    ax.axhline(0.3, color=style.LINE, linewidth=0.8)
    ax.axvline(cut, color=style.INK, linewidth=1.2)
    ax.text(cut - 0.25, 6.25, "before 7 October 2023", ha="right", fontsize=8.5)
    ax.text(cut + 0.25, 6.25, "after", fontsize=8.5)


def _narrow_frame(ax: Axes, slots: list[YearSlot], cut: float) -> None:
    """Axes, the line of 7 October and the notes of the chart for phones."""
    ax.set(xlim=(0.3, 8.4), ylim=(len(slots) - 0.4, -1.4))
    ax.set_yticks(range(len(slots)), [slot.label for slot in slots], fontsize=8)
    ax.set_xticks(range(1, 6))
    ax.xaxis.tick_top()
    ax.text(0.5, -1.0, "meetings in a year", fontsize=8.5, color=style.MUTED, va="center")
    ax.text(CALLS_AT["narrow"] - 0.3, -1.0, "calls", fontsize=8.5, color=style.MUTED, va="center")
    ax.axvline(6.0, color=style.GRID, linewidth=0.8)
    ax.axhline(cut, color=style.INK, linewidth=1.2)


CONTACTS_CAVEAT = (
    "At least: one mark per meeting or call that was found, by the highest Russian present. "
    "Nothing was found for 2012 to 2014 and for 2026, which does not mean that nothing took "
    "place. Deputy ministers' contacts are undercounted. Which years have more may depend on "
    "what was stored and searched. In 2024 the foreign minister opened a meeting of many factions, "
    "and a deputy minister met Hamas on the same visit: two marks."
)


# ------------------------------------------------------------------ where they met


def map_rows() -> DataFrame:
    """One row per city and level: number of meetings, and their dates."""
    rows = meetings()
    out = []
    for (city, rank), part in rows.groupby(["city", "rank"], sort=False):
        level = list(LEVELS)[rank]
        there = rows[rows["city"] == city]
        out.append(
            {
                "Where and with whom": f"{city}: with {LEVELS[level]}",
                "City": city,
                "Country": part["country"].iloc[0],
                "Level": level,
                "Meetings": len(part),
                "Years": ", ".join(
                    f"{year} (×{count})" if count > 1 else str(year)
                    for year, count in part["year"].value_counts(sort=False).items()
                ),
                "Dates": "; ".join(spoken(day) for day in part["date"]),
                "Label": f"{city}, {part['country'].iloc[0]}: {len(there)} "
                f"({there['year'].min()}–{there['year'].max()})",
                "rank": rank,
                "place": part["place"].iloc[0],
                "sources": evidence.joined(part["sources"]),
            }
        )
    return DataFrame(out).sort_values(["City", "rank"]).reset_index(drop=True)


def map_table() -> DataFrame:
    """The rows of the map as a reader wants them."""
    rows = map_rows().sort_values(["Meetings"], ascending=False, kind="stable")
    return rows[["City", "Country", "Level", "Meetings", "Dates", "sources"]]


def places_map() -> maps.BookMap:
    """The map of all meetings in person; a popup has the years.

    A symbol stands for many meetings, so their dates and sources would fill the map: they are
    left to the table. On the world map there is room north of Moscow for its popups.
    """
    m = maps.base_map("world", MAP_VIEW)
    rows = map_rows().drop(columns="sources")
    maps.add_places(m, rows, LOOK, facts={"Meetings": "Meetings", "Years": "Years"})
    return m


def places_map_twin(size: Size) -> Figure:
    """The same places on a closer base map, which names the countries."""
    figure, ax = maps.canvas(size, "central-asia", MAP_VIEW)
    maps.draw_base(ax, "central-asia", MAP_VIEW)
    rows = map_rows()
    handles = maps.draw_places(ax, rows, LOOK, labels=False)
    for name, (east, north) in LANDS.items():
        # On a phone, Doha's words fill the room between the seas.
        if size == "narrow" and name == "Saudi Arabia":
            continue
        at = project("central-asia", east, north)
        ax.text(
            *at, name, ha="center", va="center", fontsize=8, color=style.MUTED, zorder=2.6,
            fontstyle="italic" if name.endswith("Sea") else "normal",
        ).set_in_layout(False)  # fmt: skip
    for row in maps.located(rows).groupby("City").first().itertuples():
        side, right, up = CITIES[size][row.Index]
        label = row.Label if size == "wide" else row.Label.replace(" (", "\n(")
        ax.annotate(
            label, project("central-asia", row.lon, row.lat), xytext=(right, up),
            textcoords="offset points", ha=side, va="center", fontsize=8, zorder=2.7,
        ).set_in_layout(False)  # fmt: skip
    maps.draw_legend(ax, handles)
    return figure


# ------------------------------------------------------------------ the election of 2006

GROUPS = {
    "Change and Reform (Hamas)": "Hamas list",
    "Fatah": "Fatah",
    "Independents (district candidates)": "independents",
}
"""Lists that have a part of their own in the chart; the rest are other lists."""

PARTS = {
    "Hamas list": (style.BLUE, ""),
    "Fatah": (style.ORANGE, ""),
    "other lists": (style.SLATE, "///"),
    "independents": (style.PURPLE, "..."),
}
"""Colour and hatch of each part, in the order drawn."""

MEASURES = {
    "national_votes": "{} votes for the national lists",
    "seats_national": "{} seats filled from the lists",
    "seats_district": "{} seats filled in the districts",
    "seats_total": "all {} seats",
}
"""Columns of election-2006 and what they measure, in the order drawn."""


def election() -> DataFrame:
    """The result by list, with readable names."""
    return data.load("election-2006").rename(
        columns={
            "seats_national": "seats from the lists",
            "seats_district": "seats from the districts",
            "seats_total": "all seats",
            "national_votes": "list votes",
            "national_vote_share": "share of list votes (%)",
        }
    )


def _election_parts() -> DataFrame:
    """The measures (rows) by part (columns), in votes and seats."""
    rows = data.load("election-2006")
    part = rows["list"].map(GROUPS).fillna("other lists")
    return rows[list(MEASURES)].groupby(part).sum().T[list(PARTS)].astype(float)


def election_chart(size: Size) -> Figure:
    """Four bars of equal length: votes, seats from lists, seats from districts, all seats."""
    wide = size == "wide"
    parts = _election_parts()
    figure, ax = style.canvas(size, wide=3.4, narrow=4.4)
    style.quiet(ax, grid="none")
    ax.spines["left"].set_visible(False)
    for down, (measure, words) in enumerate(MEASURES.items()):
        total, left = parts.loc[measure].sum(), 0.0
        votes = measure == "national_votes"
        for name, (colour, hatch) in PARTS.items():
            value = parts.at[measure, name]
            width = 100 * value / total
            if not value:
                continue
            ax.barh(
                down, width, left=left, height=0.5, color=colour, hatch=hatch,
                edgecolor=style.PAPER, linewidth=1,
            )  # fmt: skip
            text = f"{width:.2f}%" if votes else f"{value:.0f}"
            # The small parts have no room for a number, so it stands below them.
            if hatch:
                ax.text(left + width / 2, down + 0.36, text, ha="center", va="center", fontsize=8)
            else:
                end = name == "Fatah"
                ax.text(
                    left + (width - 1.5 if end else 1.5), down, text, fontsize=9.5,
                    ha="right" if end else "left", va="center_baseline", color=style.PAPER,
                    weight="bold",
                )  # fmt: skip
            left += width
        ax.plot([50, 50], [down - 0.25, down + 0.25], "--", color=style.PAPER, linewidth=1.4)
        ax.text(0, down - 0.38, words.format(f"{total:,.0f}"), fontsize=9, va="center")
    ax.set(xlim=(0, 100.5), ylim=(3.55, -0.55), yticks=[])
    ax.set_xticks([0, 50, 100], ["0%", "half", "100%"])
    handles = [
        Patch(facecolor=colour, hatch=hatch, edgecolor=style.PAPER, label=name)
        for name, (colour, hatch) in PARTS.items()
    ]
    figure.legend(handles=handles, loc="outside lower left", ncols=4 if wide else 2, fontsize=8.5)
    return figure


ELECTION_CAVEAT = (
    "In most districts voters had several votes, for candidates and not for lists, so "
    "district votes cannot be added to list votes and are left out. Shares of list votes are "
    "recomputed from the votes. The seats are those of the Central Elections Commission; votes "
    "and the split of seats come from an encyclopedia table that cites it."
)


# ------------------------------------------------------------------ how we looked

LANGUAGES = {"en": "English", "ru": "Russian", "ar": "Arabic", "he": "Hebrew"}

SOUGHT = {"C11": "2007", "C10": "2006"}
"""The year that a claim is about, as the table of queries names it."""


def queries(claim: str) -> DataFrame:
    """The queries recorded for a claim of this chapter."""
    rows = data.load("searches")
    return rows[(rows["claims"] == claim) & (rows["kind"] == "query")]


def searches_table() -> HTML:
    """What was tried for the two claims, query by query, as a table that scrolls."""
    rows = pd.concat([queries(claim).assign(sought=words) for claim, words in SOUGHT.items()])
    table = DataFrame(
        {
            "About": rows["sought"],
            "Language": rows["language"].map(LANGUAGES),
            "Tried": rows["tried"],
        }
    )
    with pd.option_context("display.max_colwidth", None):
        markup = table.to_html(index=False, border=0, justify="left")
    markup = markup.replace("<th>", '<th scope="col">').replace("<td>", '<td dir="auto">')
    numbers = rows["sought"].value_counts()
    caption = ", ".join(f"{numbers[year]} on {year}" for year in SOUGHT.values())
    return HTML(
        '<p id="searches-caption" style="margin: 1.5em 0 0.5em"><strong>What was searched for, '
        f"query by query</strong>: {len(rows)} queries, {caption}. The table scrolls.</p>"
        '<div class="scroll" role="region" tabindex="0" style="margin-bottom: 1.5em" '
        f'aria-labelledby="searches-caption">{markup}</div>'
    )


# ------------------------------------------------------------------ numbers of the prose


@number(
    "contacts-levels",
    "Meetings in person in the table contacts with a Russian head of state, with the foreign "
    "minister, with a deputy foreign minister.",
    "contacts",
    rows=meetings,
)
def _levels() -> tuple[float, ...]:
    counts = meetings()["level"].value_counts()
    return tuple(float(counts[level]) for level in list(LEVELS)[:3])


@number(
    "contacts-cities",
    "Meetings in person in the table contacts in Moscow, in Doha, in Damascus.",
    "contacts",
    rows=meetings,
)
def _cities() -> tuple[float, ...]:
    counts = meetings()["city"].value_counts()
    return tuple(float(counts[city]) for city in ("Moscow", "Doha", "Damascus"))


def _since_attack() -> DataFrame:
    rows = meetings()
    return rows[rows["after"]]


@number(
    "contacts-since-attack",
    "Meetings in person in the table contacts from 7 October 2023 on: those with a deputy "
    "foreign minister, and all.",
    "contacts",
    rows=_since_attack,
)
def _since_attack_numbers() -> tuple[float, ...]:
    rows = _since_attack()
    return (float((rows["level"] == "deputy foreign minister").sum()), float(len(rows)))


YEARS_COMPARED = range(2020, 2026)
"""The years whose meetings the prose counts one by one."""


def _compared() -> DataFrame:
    rows = meetings()
    return rows[rows["year"].isin(YEARS_COMPARED)]


@number(
    "contacts-by-year",
    "Meetings in person in the table contacts in 2020, 2021, 2022, 2023, 2024 and 2025; and those "
    "of 2023 from 7 October on.",
    "contacts",
    rows=_compared,
)
def _by_year() -> tuple[float, ...]:
    rows = _compared()
    after = rows[rows["after"] & (rows["year"] == ATTACK.year)]
    return (*(float((rows["year"] == year).sum()) for year in YEARS_COMPARED), float(len(after)))


@number(
    "contacts-list-seats",
    "Seats filled from the national lists in 2006: the Hamas list, Fatah, all; from the table "
    "election-2006.",
    "election-2006",
)
def _list_seats() -> tuple[float, ...]:
    row = _election_parts().loc["seats_national"]
    return (row["Hamas list"], row["Fatah"], row.sum())


@number(
    "contacts-district-seats",
    "Seats filled in the districts in 2006: the Hamas list, Fatah, all; from the table "
    "election-2006.",
    "election-2006",
)
def _district_seats() -> tuple[float, ...]:
    row = _election_parts().loc["seats_district"]
    return (row["Hamas list"], row["Fatah"], row.sum())


@number(
    "contacts-all-seats-share",
    "The Hamas list's share of all seats in 2006 in per cent, from the table election-2006.",
    "election-2006",
)
def _seat_share() -> float:
    row = _election_parts().loc["seats_total"]
    return round(100 * row["Hamas list"] / row.sum(), 1)


@number(
    "contacts-queries-2006",
    "Queries recorded for a congratulation in 2006 in the table searches.",
    "searches",
    rows=lambda: None,
)
def _queries_2006() -> int:
    return len(queries("C10"))


@number(
    "contacts-queries-2007",
    "Queries recorded for Putin and Mashal in 2007 in the table searches, and their languages.",
    "searches",
    rows=lambda: None,
)
def _queries_2007() -> tuple[float, ...]:
    rows = queries("C11")
    return (float(len(rows)), float(rows["language"].nunique()))
