"""Chapter 2: whom Russia's lists name as terrorist, whom they leave out, and who lists Hamas."""

from __future__ import annotations

import re

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from pandas import DataFrame

from explainer import data, evidence, maps, style
from explainer.derived import number
from explainer.style import Size
from explainer.words import spoken, spoken_month

ATTACK = pd.Timestamp("2023-10-07")

EU_WHOLE = pd.Timestamp("2003-09-12")
"""Since when the EU lists the whole movement; its members share this date in the table."""


# ------------------------------------------------------------------ who lists Hamas: the map

CLASSES = {
    "own": maps.Fill("blue", "whole movement, by own decision"),
    "eu": maps.Fill("pale_blue", "whole movement, through the EU list"),
    "since": maps.Fill("orange", "whole movement, only since October 2023", hatch="|||"),
    "disputed": maps.Fill("ochre", "listed; whole or wing: sources differ", hatch="xxx"),
    "other": maps.Fill("purple", "ban or listing that is not counted", alpha=0.55, hatch="\\\\\\"),
    "not listed": maps.Fill("slate", "examples of states not listing it", alpha=0.5, hatch="///"),
}
"""How the map shows each kind of decision, and what the legend says."""

LABELLED = {
    "USA": (39.5, -98.0, "USA\n"),
    "CAN": (57.5, -113.0, "Canada\n"),
    "AUS": (-34.0, 88.0, "Australia "),
    "NZL": (-48.3, 111.0, "New Zealand "),
    "ARG": (-46.0, -32.0, "Argentina "),
    "PRY": (-30.0, -14.0, "Paraguay "),
    "ECU": (-1.5, -105.0, "Ecuador "),
    "JPN": (30.0, 158.0, "Japan\n"),
    "ISR": (4.0, 63.0, "Israel\n"),
    "GBR": (57.0, -32.0, "UK "),
    "CHE": (38.0, -34.0, "Switzerland\n"),
    "RUS": (63.0, 100.0, "Russia:\n"),
}
"""Where (lat, lon) the label of a state stands, and its name with what parts it from the year."""

LABELLED_ON_PHONE = {
    "USA": (27.0, -150.0, "USA\n"),
    "ARG": (-38.0, -22.0, "Argentina\n"),
    "AUS": (-38.0, 85.0, "Australia\n"),
    "ISR": (-2.0, 62.0, "Israel\n"),
    "JPN": (14.0, 157.0, "Japan\n"),
    "RUS": (62.0, 100.0, "Russia"),
}
"""The same for a phone, where few labels have room."""

POINTED = {
    "ISR": (30.6, 34.8),
    "AUS": (-28.0, 116.0),
    "GBR": (54.0, -2.5),
    "CHE": (46.8, 8.2),
    "PRY": (-23.4, -58.4),
    "ARG": (-42.0, -66.0),
    "ECU": (-1.4, -78.5),
    "NZL": (-45.0, 168.5),
    "JPN": (36.5, 138.5),
}
"""What (lat, lon) a label beside a state points to."""

ON_HATCH = ("RUS",)
"""Labels that stand inside their state, on its hatching."""

DOTTED = ("ISR", "CHE")
"""States that the end of a leader would hide: each has a dot, and the leader ends beside it."""

POINTED_ON_PHONE = {
    "USA": (38.0, -120.0),
}
"""What other labels point to on a phone, where they stand in the sea."""


def _class(row: pd.Series) -> str | None:
    """The class of the map for a row; ``None`` for history and for states without a decision."""
    if row["current"]:
        if row["scope"] == "disputed":
            return "disputed"
        if style.middle(row["since"]) > ATTACK:
            return "since"
        return "eu" if row["status"] == "listed via EU" else "own"
    if row["status"] in ("replaced", "no decision found"):
        return None
    return "not listed" if row["status"] == "not listed" else "other"


def _decisions() -> DataFrame:
    rows = data.load("hamas-designations")
    rows = rows.astype({"scope": "string", "status": "string"})
    return rows.assign(shown=rows.apply(_class, axis=1))


def listings() -> DataFrame:
    """States on the map, with the class that each is shown in."""
    rows = _decisions()
    return rows[rows["iso3"].notna() & rows["shown"].notna()]


def _since(iso3: str) -> str:
    """Since when a state lists the whole movement and, if that was earlier, the military wing."""
    rows = _decisions().query("iso3 == @iso3")
    whole = rows[rows["current"]]
    if whole.empty:
        return "not listing it"
    wing = rows[rows["status"] == "replaced"]
    before = f"\n(wing {wing['since'].iloc[0].year})" if len(wing) else ""
    return f"{whole['since'].iloc[0].year}{before}"


def listing_tables() -> dict[str, DataFrame]:
    """The rows on the map, and those of the table that are not on it."""
    rows = _decisions().assign(shown=lambda each: each["shown"].map(
        {key: fill.label for key, fill in CLASSES.items()}
    ))  # fmt: skip
    drawn = rows.index.isin(listings().index)
    columns = ["jurisdiction", "since", "until", "scope", "status", "note", "sources"]
    return {
        "On the map": rows.loc[drawn, ["shown", *columns]].drop(columns="until"),
        "Not on the map: earlier decisions, bodies that are no states, no decision found": rows.loc[
            ~drawn, columns
        ],
    }


def listings_map(size: Size) -> Figure:
    """The world in November 2026; labels give the year from which the whole movement is listed."""
    rows = listings().set_index("iso3")
    figure, ax = maps.canvas(size, "world")
    handles = maps.choropleth(
        ax, "world", rows["shown"], CLASSES, missing="no listing found (we made no census)"
    )
    phone = size == "narrow"
    pointed = POINTED | POINTED_ON_PHONE if phone else POINTED
    for iso3, (lat, lon, name) in (LABELLED_ON_PHONE if phone else LABELLED).items():
        x, y = maps.equal_earth(lon, lat)
        inside = iso3 not in (*pointed, *ON_HATCH)
        since = _since(iso3)
        if phone:
            # No room for the wing's year, nor for what the hatching says.
            since = "" if iso3 in ON_HATCH else since.partition("\n")[0]
        ax.text(
            x, y, name + since, ha="center", va="center", fontsize=8,
            linespacing=1.0, zorder=6, color=style.PAPER if inside else style.INK,
            # A ground, so that the pointer ends at the text and hatching does not cross it.
            bbox=None if inside
            else style.ground(0.8, style.PAPER if iso3 in ON_HATCH else style.WATER),
        )  # fmt: skip
        if iso3 in pointed:
            to_lat, to_lon = pointed[iso3]
            _lead(ax, (x, y), maps.equal_earth(to_lon, to_lat), iso3 in DOTTED)
    for iso3 in DOTTED:
        lat, lon = POINTED[iso3]
        colour = style.COLOURS[CLASSES[rows.at[iso3, "shown"]].colour][0]
        for wider, edge in ((1.6, style.PAPER), (0.0, style.INK)):
            ax.plot(
                *maps.equal_earth(lon, lat), "o", color=colour, markeredgecolor=edge,
                markersize=(2.6 if phone else 3.6) + wider, markeredgewidth=0.5, zorder=4.5,
            )  # fmt: skip
    maps.draw_legend(ax, handles)
    return figure


def _lead(ax: Axes, label: tuple[float, float], to: tuple[float, float], dotted: bool) -> None:
    """The leader from a label to its state, or to the rim of the state's dot."""
    ax.annotate(
        "", to, xytext=label, zorder=5,
        arrowprops={"arrowstyle": "-", "color": style.INK, "linewidth": 0.8, "shrinkA": 0,
                    "shrinkB": 3 if dotted else 0},
    )  # fmt: skip


# ------------------------------------------------------------------ who lists Hamas: the count

SCOPES = {
    "whole": ("whole movement", style.BLUE, ""),
    "military wing": ("military wing only", style.PALE_BLUE, "////"),
    "disputed": ("whole or wing: sources differ (Japan)", style.OCHRE, "xxxx"),
}
"""Legend text, colour and hatch by scope, from the bottom of the chart up."""

END = pd.Timestamp(data.evidence_date())
"""The day until which the record was looked at."""


def _spans() -> DataFrame:
    """One row per state and scope in force: from when, until when (empty: still)."""
    rows = data.load("hamas-designations")
    rows = rows[rows["iso3"].notna() & (rows["current"] | (rows["status"] == "replaced"))]
    rows = rows.assign(start=rows["since"].map(style.middle), scope=rows["scope"].astype("string"))
    # Members of the EU in 2003 were bound by its list of 2001, which named the military wing only.
    listed = data.load("hamas-designations").set_index("jurisdiction")
    wing = listed.loc["European Union"].query("scope == 'military wing'").iloc[0]
    early = rows[(rows["status"] == "listed via EU") & (rows["start"] == EU_WHOLE)]
    early = early.assign(
        start=style.middle(wing["since"]),
        since=wing["since"],
        scope="military wing",
        sources=wing["sources"],
    )
    rows = pd.concat([rows, early]).sort_values(["iso3", "start"], ignore_index=True)
    rows["end"] = rows.groupby("iso3")["start"].shift(-1)
    return rows[["jurisdiction", "iso3", "scope", "start", "end", "since", "sources"]]


def counts() -> DataFrame:
    """States that list Hamas after each day on which the number or a scope changed."""
    spans = _spans()
    found = []
    for day in sorted(spans["start"].unique()):
        new = spans[spans["start"] == day]
        live = spans[(spans["start"] <= day) & (spans["end"].isna() | (spans["end"] > day))]
        scopes = live["scope"].value_counts()
        names = list(new["jurisdiction"])
        found.append(
            {
                "day": day,
                # A year known without its day is drawn in the middle of that year.
                "from": spoken(new["since"].iloc[0]),
                "states that are new or widen their listing": ", ".join(names),
                **{scope: int(scopes.get(scope, 0)) for scope in SCOPES},
                "total": len(live),
                "sources": evidence.joined(new["sources"]),
            }
        )
    return DataFrame(found)


def counts_table() -> DataFrame:
    """What a reader sees of :func:`counts`."""
    return counts().drop(columns="day")


def count_on(day: pd.Timestamp) -> int:
    """States with a listing in force on a day."""
    rows = counts()
    return int(rows[rows["day"] <= day]["total"].iloc[-1])


def counts_chart(size: Size) -> Figure:
    """Stacked steps by scope, with the days that made the steps."""
    rows = counts()
    figure, ax = style.canvas(size, wide=3.8, narrow=4.6)
    style.quiet(ax)
    days = [*rows["day"], END]
    layers = [[*rows[scope], rows[scope].iloc[-1]] for scope in SCOPES]
    bands = ax.stackplot(days, *layers, step="post", colors=[look[1] for look in SCOPES.values()])
    for band, (_, _, hatch) in zip(bands, SCOPES.values(), strict=True):
        band.set(hatch=hatch, edgecolor=style.PAPER, linewidth=0.3)
    top = count_on(ATTACK)
    for low, high, colour in ((0, top, style.PAPER), (top, 47, style.MUTED)):
        ax.vlines(ATTACK, low, high, color=colour, linewidth=1, linestyle=(0, (3, 2)))
    ax.annotate(
        "7 October 2023", (ATTACK, 44.5), xytext=(-4, 0), textcoords="offset points", ha="right",
        va="center", fontsize=8, color=style.MUTED,
    )  # fmt: skip
    # What a note says, its height, from where (shares of its box) it leads to which steps.
    notes = (
        ("Israel 1989,\nUSA 1997", 6.5, (0.5, 0), (("1989-09-15", 1), ("1997-10-08", 2))),
        ("Dec 2001: EU list,\nmilitary wing", 14, (1, 0.3), (("2001-12-27", 9),)),
        ("Sept 2003: EU list,\nwhole movement", 22.5, (1, 0.3), (("2003-09-12", 15),)),
        (
            "2004, 2007, 2013:\nEU enlarged", 36, (1, 0.5),
            (("2004-05-01", 30), ("2007-01-01", 32), ("2013-07-01", 34)),
        ),
    )  # fmt: skip
    # On a phone the longest one just fits left of the steps.
    left = pd.Timestamp("1990-01-01" if size == "wide" else "1988-10-01")
    for text, height, start, steps in notes:
        note = ax.text(
            left, height, text, ha="left", va="center",
            fontsize=8.5 if size == "wide" else 8, linespacing=1.05, bbox=style.ground(0.6),
        )  # fmt: skip
        for day, level in steps:
            ax.annotate(
                "", (pd.Timestamp(day), level), xytext=start, textcoords=note,
                arrowprops={"arrowstyle": "-", "color": style.MUTED, "linewidth": 0.8,
                            "shrinkA": 3, "shrinkB": 0},
            )  # fmt: skip
            ax.plot(
                pd.Timestamp(day), level, "o", color=style.INK, markersize=4,
                markeredgecolor=style.PAPER, markeredgewidth=0.7,
            )  # fmt: skip
    for day, aside in ((ATTACK, -3), (END, 0)):
        ax.annotate(
            f"{count_on(day)}", (day, count_on(day)), xytext=(aside, 3),
            textcoords="offset points", ha="right", va="bottom", fontsize=10, fontweight="bold",
            bbox=style.ground(0.6),
        )  # fmt: skip
    ax.set_ylim(0, 47)
    ax.set_ylabel("states")
    ax.set_xlim(pd.Timestamp("1988-06-01"), pd.Timestamp("2027-03-01"))
    ax.set_xticks([pd.Timestamp(f"{year}-01-01") for year in range(1990, 2026, 5)])
    ax.set_xticklabels(
        [str(year) if size == "wide" or year % 10 == 0 else "" for year in range(1990, 2026, 5)]
    )
    figure.legend(
        handles=[
            Patch(facecolor=colour, hatch=hatch, edgecolor=style.PAPER, linewidth=0.3, label=label)
            for label, colour, hatch in SCOPES.values()
        ],
        loc="outside lower left",
        ncols=3 if size == "wide" else 1,
        fontsize=8,
        columnspacing=1.2,
    )
    return figure


# ------------------------------------------------------------------ fighters

SHORT = {
    "Alexander Bortnikov (FSB director)": "Bortnikov (FSB)",
    "Sergei Smirnov (FSB first deputy director)": "Smirnov (FSB)",
    (
        "Andrei Novikov (CIS Anti-Terrorism Centre; first name and post recalled)"
    ): "Novikov (CIS centre)",
    "Vladimir Kolokoltsev (interior minister)": "Kolokoltsev (MVD)",
    "FSB (Smirnov)": "Smirnov (FSB)",
    "FSB data, same report": "FSB data*",
    "Vladimir Putin": "Putin",
    "Yevgeny Sysoyev (FSB deputy director)": "Sysoyev (FSB)",
    "CSIS": "CSIS*",
}
"""Names short enough to stand beside a dot; counters that are not named here keep their name."""

COUNTERS = {
    "official": ("o", style.BLUE, "Russian official"),
    "research group": ("D", style.ORANGE, "research group"),
    "press or intelligence": ("^", style.PURPLE, "news agency"),
}
"""Marker, colour and legend text by who counted."""

ALONE = "From Russia alone"
TOGETHER = "From Russia and other ex-Soviet states together"
AREAS = {
    "from Russia, fighting": ALONE,
    "from Russia and other ex-Soviet states, fighting": TOGETHER,
    "Russia": ALONE,
    "Former Soviet Union (all)": TOGETHER,
    "Russia and five Central Asian states": TOGETHER,
}
"""The panel for each area of the two tables; other areas are listed, not drawn."""

_QUALIFIER = re.compile(r"(at least|more than|up to|about|nearly|upper estimate)\b")

_OTHERS = "some experts"
"""Stands in the scope of a row whose upper number its speaker attributed to others."""


def _fighters() -> DataFrame:
    """Officials' statements and others' estimates in one table, in order of date."""
    said = data.load("fighters-claims").rename(columns={"speaker": "who", "counted": "area"})
    said = said.assign(kind="official")
    counted = data.load("foreign-fighters").rename(columns={"counted_by": "who"})
    kind = counted["counter_kind"].astype("string").replace("Russian official", "official")
    # Officials' numbers of the second table repeat those of the first, but for one.
    repeated = (kind == "official") & counted["number_low"].isin(said["number_low"])
    counted = counted.assign(kind=kind, scope=counted["area"])[~repeated]
    rows = pd.concat([said.astype({"area": "string"}), counted], ignore_index=True)
    rows = rows.assign(panel=rows["area"].map(AREAS), at=rows["date"].map(style.middle))
    rows = rows.sort_values("at", kind="stable")
    columns = ["date", "who", "kind", "number_low", "number_high", "scope", "note"]
    return rows[["panel", *columns, "at", "sources"]]


def fighters() -> DataFrame:
    """The numbers that are drawn: people said to be fighting, by where they came from."""
    rows = _fighters()
    return rows[rows["panel"].notna()]


def fighters_tables() -> dict[str, DataFrame]:
    """The rows drawn, by panel, and those that count something else."""
    rows = _fighters()
    tables = {panel: rows[rows["panel"] == panel] for panel in (ALONE, TOGETHER)}
    tables["Listed, not drawn: killed, upper bounds, single other states"] = rows[
        rows["panel"].isna()
    ]
    return {head: table.drop(columns=["panel", "at"]) for head, table in tables.items()}


def _told(row: object) -> str:
    """A number or range as it was given, with its qualifier; long ones in two lines."""
    if _OTHERS in row.scope:
        return f"{row.number_low:,}; others\nnear {row.number_high:,}"
    if row.number_high > row.number_low:
        return f"{row.number_low:,}–{row.number_high:,}"
    found = _QUALIFIER.match("" if pd.isna(row.note) else row.note)
    word = {"upper estimate": "up to"}.get(found[1], found[1]) if found else ""
    return f"{word} {row.number_low:,}".strip()


def fighters_chart(size: Size) -> Figure:
    """Two panels of dots and ranges, one line of text each; nothing joins them."""
    rows = fighters()
    groups = [rows[rows["panel"] == panel] for panel in (ALONE, TOGETHER)]
    figure, panels = style.canvas(
        size, wide=5.6, narrow=8.4, nrows=2, sharex=True,
        height_ratios=[len(group) for group in groups],
    )  # fmt: skip
    for ax, head, group in zip(panels, (ALONE, TOGETHER), groups, strict=True):
        style.quiet(ax, grid="x")
        labels = []
        for level, row in enumerate(group.itertuples()):
            marker, colour, _ = COUNTERS[row.kind]
            others = _OTHERS in row.scope
            ax.plot(
                [row.number_low, row.number_high], [level, level], color=colour,
                linewidth=1 if others else 3, linestyle=":" if others else "-",
            )  # fmt: skip
            ax.plot(
                row.number_high, level, marker, color=colour, markersize=7,
                markerfacecolor=style.PAPER if others else colour,
            )  # fmt: skip
            # The lowest number stands so near to zero that the axis would cut its mark.
            ax.plot(
                row.number_low, level, marker, color=colour, markersize=7, clip_on=False, zorder=3,
            )  # fmt: skip
            right = row.number_high < 7_400
            ax.annotate(
                _told(row),
                (row.number_high if right else row.number_low, level),
                xytext=(8 if right else -8, 0),
                textcoords="offset points",
                ha="left" if right else "right", va="center", fontsize=8, bbox=style.ground(0.6),
            )  # fmt: skip
            who = SHORT.get(row.who, row.who)
            day = spoken_month(row.date)
            labels.append(f"{who}, {day}" if size == "wide" else f"{who}\n{day}")
        ax.set_yticks(range(len(group)), labels, fontsize=8, linespacing=1.1)
        ax.set_ylim(len(group) - 0.4, -0.6)
        ax.set_title(head if size == "wide" else head.replace("other ", "other\n"), fontsize=9)
    panels[1].set_xlim(0, 10_700)
    step = 2_000 if size == "wide" else 5_000
    panels[1].set_xticks(range(0, 10_001, step), [f"{n:,}" for n in range(0, 10_001, step)])
    panels[1].set_xlabel("people")
    figure.legend(
        handles=[
            *(style.key(marker, colour, label) for marker, colour, label in COUNTERS.values()),
            Line2D([], [], color=style.BLUE, linewidth=3, marker="o", label="range"),
            style.key("o", style.BLUE, "attributed to others", markerfacecolor=style.PAPER),
        ],
        loc="outside lower left",
        ncols=5 if size == "wide" else 2,
        fontsize=8,
        handletextpad=0.6,
        columnspacing=1.8,
    )
    return figure


# ------------------------------------------------------------------ Russia's register

_GROUNDS = re.compile(r"([\d,]+) as terrorists, ([\d,]+) as extremists")


def totals() -> DataFrame:
    """People on the register, by the counters whose numbers measure the same."""
    rows = data.load("rosfin-register")
    rows = rows[(rows["kind"] == "total") & rows["plot"]]
    return rows[["date", "individuals", "counted_by", "note", "sources"]]


def added() -> DataFrame:
    """People added a year; ``terrorists`` and ``extremists`` where the counter tells them apart."""
    rows = data.load("rosfin-register")
    rows = rows[(rows["kind"] == "added") & rows["plot"]]
    split = [_GROUNDS.search("" if pd.isna(note) else note) for note in rows["note"]]
    for place, ground in ((1, "terrorists"), (2, "extremists")):
        rows[ground] = [int(one[place].replace(",", "")) if one else None for one in split]
    rows = rows.astype({"terrorists": "Int64", "extremists": "Int64"})
    columns = ["period", "individuals", "terrorists", "extremists", "qualifier", "counted_by"]
    return rows[[*columns, "note", "sources"]]


def register_tables() -> dict[str, DataFrame]:
    """The rows of both panels and those by other counters."""
    rows = data.load("rosfin-register")
    other = rows[~rows["plot"]].drop(columns=["plot", "period"])
    return {
        "People on the register": totals(),
        "People added in a year": added(),
        "Listed, not drawn: other counters and Rosfinmonitoring’s own figures": other,
    }


def _bar(ax: Axes, row: object) -> None:
    """One year of :func:`register_chart`: split by ground, or whole where no split was found."""
    year = int(row.period)
    if pd.isna(row.terrorists):
        other = row.qualifier != "exact"
        ax.bar(
            year, row.individuals, 0.72, color="none" if other else (style.SLATE, 0.55),
            edgecolor=style.SLATE, hatch="||||" if other else "",
        )  # fmt: skip
    else:
        ax.bar(year, row.terrorists, 0.72, color=style.ORANGE)
        ax.bar(
            year, row.extremists, 0.72, bottom=row.terrorists, color=style.PALE_BLUE, hatch="////",
            edgecolor=style.PAPER, linewidth=0,
        )  # fmt: skip
        ax.text(
            year, row.terrorists / 2, f"{row.terrorists:,}", ha="center", va="center", fontsize=8,
            color=style.PAPER,
        )  # fmt: skip
    about = "" if row.qualifier == "exact" else "c. "
    ax.text(year, row.individuals + 70, f"{about}{row.individuals:,}", ha="center", fontsize=8)


def register_chart(size: Size) -> Figure:
    """Left or above: people on the register. Right or below: people added a year, by ground."""
    shape = {"ncols": 2, "width_ratios": (2, 3)} if size == "wide" else {"nrows": 2}
    figure, (stock, flow) = style.canvas(size, wide=3.9, narrow=6.4, **shape)
    if size == "wide":
        # The last date on the left must stand clear of the numbers of the right axis.
        figure.get_layout_engine().set(wspace=0.06)
    for ax in (stock, flow):
        # Every bar and dot carries its number, so that grid lines would only cross them.
        style.quiet(ax)
        ax.grid(False)
    for row in totals().itertuples():
        day = style.middle(row.date)
        novaya = row.counted_by.startswith("Novaya")
        stock.vlines(day, 0, row.individuals, color=style.LINE, linewidth=1.2)
        stock.plot(day, row.individuals, "o" if novaya else "s", color=style.BLUE, markersize=8)
        # Over its mark the first would be read together with the numbers of the axis.
        beside = row.Index == totals().index[0]
        stock.annotate(
            f"{row.individuals:,}\n{spoken(row.date.asfreq('M'))}",
            (day, row.individuals),
            xytext=(8, 0) if beside else (0, 8), textcoords="offset points",
            ha="left" if beside else "center", va="center" if beside else "bottom", fontsize=8,
        )  # fmt: skip
    stock.set_title("People on the register\n(both grounds together)", fontsize=9)
    stock.set_ylim(0, 23_500)
    stock.set_yticks(range(0, 20_001, 5_000), [f"{n:,}" for n in range(0, 20_001, 5_000)])
    stock.set_xlim(pd.Timestamp("2017-06-01"), pd.Timestamp("2026-12-31"))
    stock.set_xticks([pd.Timestamp(f"{year}-01-01") for year in (2018, 2020, 2022, 2024, 2026)])
    stock.set_xticklabels(["2018", "", "2022", "", "2026"])
    for row in added().itertuples():
        _bar(flow, row)
    flow.set_title("People added in a year", fontsize=9)
    flow.set_ylim(0, 4_600)
    flow.set_yticks(range(0, 4_001, 1_000), [f"{n:,}" for n in range(0, 4_001, 1_000)])
    flow.set_xticks([int(period) for period in added()["period"]])
    figure.legend(
        handles=[
            style.key("s", style.BLUE, "total by Volkov"),
            style.key("o", style.BLUE, "total by Novaya Gazeta Europe"),
            Patch(facecolor=style.ORANGE, label="as terrorists"),
            Patch(
                facecolor=style.PALE_BLUE, hatch="////", edgecolor=style.PAPER, linewidth=0,
                label="as extremists",
            ),
            Patch(
                facecolor=(style.SLATE, 0.55), edgecolor=style.SLATE, label="split not found"
            ),
            Patch(
                facecolor="none", hatch="||||", edgecolor=style.SLATE,
                label="another counter, rounded; split not found",
            ),
        ],
        loc="outside lower left",
        ncols=3 if size == "wide" else 1,
        fontsize=8,
        columnspacing=1.2,
    )  # fmt: skip
    return figure


# ------------------------------------------------------------------ the Taliban

STEPS = {
    # fact: (what it is, short text)
    "russia-list-2003": ("law", "on the first\nterrorist list"),
    "taliban-moscow-2018": ("meeting", "at a conference\nin Moscow"),
    "taliban-moscow-2021": ("meeting", "received by\nLavrov"),
    "taliban-suspended-2025": ("law", "ban suspended"),
    "taliban-recognised-2025": ("law", "recognised\nas government"),
    "taliban-military-agreement-2026": ("meeting", "military-technical\nagreement reported"),
}
"""The dated facts of the line, as legal acts of Russia or as meetings."""


def taliban() -> DataFrame:
    """The six dated facts of the line."""
    facts = evidence.cited_facts(STEPS)
    return DataFrame(
        {
            "date": facts["date"],
            "kind": [kind for kind, _ in STEPS.values()],
            "what": facts["statement"],
            "confidence": facts["confidence"].astype("string"),
            "sources": facts["sources"],
        }
    )


def taliban_table() -> DataFrame:
    """What a reader sees of :func:`taliban`."""
    return taliban().reset_index(drop=True)


def taliban_chart(size: Size) -> Figure:
    """One line: ban, suspension and recognition as bars, acts of law above it, meetings below."""
    rows = taliban()
    at = rows["date"].map(style.middle)
    figure, ax = style.canvas(size, wide=3.0, narrow=3.9)
    style.quiet(ax)
    ax.grid(False)
    start, lifted, known = (
        at["russia-list-2003"], at["taliban-suspended-2025"], at["taliban-recognised-2025"],
    )  # fmt: skip
    ax.barh(0, lifted - start, 0.5, left=start, color=style.SLATE, alpha=0.6, hatch="///",
            edgecolor=style.PAPER, linewidth=0)  # fmt: skip
    ax.barh(0, known - lifted, 0.5, left=lifted, facecolor=style.PAPER, edgecolor=style.SLATE)
    ax.barh(0, END - known, 0.5, left=known, color=style.TEAL)
    ax.text(
        pd.Timestamp("2011-01-01"), 0, "banned as terrorist", ha="center", va="center",
        fontsize=8.5, bbox=style.ground(1.5),
    )  # fmt: skip
    heights = {
        "russia-list-2003": 1.0,
        "taliban-suspended-2025": 1.0,
        "taliban-recognised-2025": 2.3,
        "taliban-moscow-2018": -1.0,
        "taliban-moscow-2021": -2.3,
        "taliban-military-agreement-2026": -3.6,
    }
    for fact, row in rows.iterrows():
        day, height = at[fact], heights[fact]
        late = fact != "russia-list-2003"
        edge = 0.25 if height > 0 else -0.25
        ax.plot([day, day], [edge, height], color=style.LINE, linewidth=1, zorder=1)
        law = row["kind"] == "law"
        ax.plot(
            day, height, "D" if law else "o", color=style.ORANGE if law else style.BLUE,
            markersize=7, zorder=3,
        )  # fmt: skip
        ax.annotate(
            f"{spoken(row['date'])}\n{STEPS[fact][1]}",
            (day, height),
            xytext=(-8 if late else 8, 0), textcoords="offset points",
            ha="right" if late else "left", va="center", fontsize=8, linespacing=1.05,
        )  # fmt: skip
    ax.set_ylim(-4.5, 3.2)
    ax.set_yticks([])
    ax.set_xlim(pd.Timestamp("2002-01-01"), pd.Timestamp("2027-06-01"))
    ax.set_xticks([pd.Timestamp(f"{year}-01-01") for year in range(2005, 2026, 5)])
    ax.set_xticklabels([str(year) for year in range(2005, 2026, 5)])
    figure.legend(
        handles=[
            style.key("D", style.ORANGE, "act of the Russian state"),
            style.key("o", style.BLUE, "meeting or agreement in Moscow"),
            Patch(
                facecolor=(style.SLATE, 0.6), hatch="///", edgecolor=style.PAPER, linewidth=0,
                label="banned as terrorist",
            ),
            Patch(facecolor=style.PAPER, edgecolor=style.SLATE, label="ban suspended"),
            Patch(facecolor=style.TEAL, label="recognised as government"),
        ],
        loc="outside lower left",
        ncols=3 if size == "wide" else 1,
        fontsize=8,
        handletextpad=0.3,
    )  # fmt: skip
    return figure


# ------------------------------------------------------------------ numbers of the prose


@number(
    "lists-hamas-whole-2026",
    "States that list all of Hamas at the date of the evidence, EU members included, "
    "in the table hamas-designations.",
    "hamas-designations",
    rows=listings,
)
def _whole_2026() -> int:
    return int(counts()["whole"].iloc[-1])


@number(
    "lists-fsb-2020",
    "Organisations on Russia's federal terrorist list in June 2020, the latest number found, "
    "in the table fsb-list.",
    "fsb-list",
)
def _fsb_2020() -> int:
    return int(data.load("fsb-list")["organisations"].iloc[-1])


def _officials_2015() -> DataFrame:
    rows = fighters()
    return rows[
        (rows["panel"] == ALONE) & (rows["kind"] == "official") & (rows["at"].dt.year == 2015)
    ]


@number(
    "lists-fighters-officials-2015",
    "Lowest and highest number of Russians with militants or with Islamic State that Russian "
    "officials gave in 2015, in the table fighters-claims; what one of them attributed to "
    "“some experts” is left out.",
    "fighters-claims",
    rows=_officials_2015,
)
def _fighters_2015() -> tuple[float, ...]:
    given = _officials_2015()["number_low"]
    return float(given.min()), float(given.max())


@number(
    "lists-added-2023-terrorists",
    "People added to the register as terrorists in 2023, as counted by Verstka, "
    "in the table rosfin-register.",
    "rosfin-register",
    rows=lambda: added().query("period == '2023'"),
)
def _added_2023() -> int:
    return int(added().set_index("period").at["2023", "terrorists"])


@number(
    "lists-taliban-years",
    "Full years between the listing of the Taliban (14 February 2003) and the suspension of "
    "the ban (17 April 2025).",
    "facts",
    rows=lambda: taliban().loc[["russia-list-2003", "taliban-suspended-2025"]],
)
def taliban_years() -> int:
    """Full years that the Taliban stood on Russia's list."""
    at = taliban()["date"].map(style.middle)
    return int((at["taliban-suspended-2025"] - at["russia-list-2003"]).days / 365.25)
