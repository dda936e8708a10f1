"""Chapter 7: Russian cultural centres in Gaza, the West Bank and around them."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.dates import DateFormatter, MonthLocator, YearLocator
from matplotlib.figure import Figure
from pandas import DataFrame

from explainer import data, evidence, maps, style
from explainer.derived import number
from explainer.style import Size
from explainer.words import spoken

WAR = pd.Timestamp("2023-10-07")

HOLY_LAND = ("Gaza Strip", "West Bank", "East Jerusalem", "West Jerusalem, Israel", "Israel")
"""Territories of the first map, as places.csv names them."""

SEEN_SINCE = ("working", "mothballed", "destroyed")
"""Latest states that rest on a text from after 7 October 2023; "disputed" ones are older."""

DRAFT = "gaza-russian-speakers-centre"
"""The site known from one self-published draft; by its symbol it is told from Kalinka."""

SYMBOLS = {
    "state cultural centre": maps.Symbol(
        "circle", "blue", "Russian state cultural centre (Russian House)"
    ),
    "foundation": maps.Symbol("diamond", "orange", "Putin Center (Palestinian foundation)"),
    "partner or community centre": maps.Symbol("triangle", "purple", "partner or community centre"),
    DRAFT: maps.Symbol("star", "purple", "centre for Russian speakers (one draft says so)"),
    "school": maps.Symbol("square", "teal", "school"),
    "church site": maps.Symbol("cross", "slate", "church site"),
    "street or museum": maps.Symbol("wedge", "ochre", "street name or museum"),
    "diplomatic post": maps.Symbol("pentagon", "muted", "diplomatic post"),
}

POPUP = {
    "Kind": "kind",
    "Run by": "operator",
    "Opened": "opened",
    "October 2023": "october_2023",
    "Latest known": "latest",
}


# ------------------------------------------------------------------ sites


def _spoken(day: object) -> str:
    """A partial date in words; empty for none."""
    return "" if pd.isna(day) else spoken(day, full=True)


def _opened(day: object, note: object) -> str:
    """Opening date and note in one phrase; the note alone if it says the year itself."""
    if pd.isna(note):
        return _spoken(day)
    if pd.isna(day) or str(day.year) in note:
        return str(note)
    return f"{_spoken(day)} ({note})"


def _with_first_fact(rows: DataFrame) -> DataFrame:
    """Add ``statement`` and ``confidence`` of each site's first fact, and that fact's sources."""
    facts = evidence.cited_facts()
    statements, confidences, sources = [], [], []
    for ids, own in zip(rows["facts"], rows["sources"], strict=True):
        first = None if pd.isna(ids) else ids.split()[0]
        statements.append(facts.at[first, "statement"] if first else pd.NA)
        confidences.append(str(facts.at[first, "confidence"]) if first else pd.NA)
        sources.append(evidence.joined([own, facts.at[first, "sources"]]) if first else own)
    return rows.assign(statement=statements, confidence=confidences, sources=sources)


def _all_sites() -> DataFrame:
    """Every site of the table with its position and the texts that its popup shows."""
    rows = _with_first_fact(maps.located(data.load("cultural-sites")))
    return rows.assign(
        date=rows["opened"],
        opened=[_opened(*pair) for pair in zip(rows["opened"], rows["opened_note"], strict=True)],
        october_2023=rows["status_2023_note"].fillna(rows["status_2023"].astype("string")),
        latest=rows["status_latest_note"].fillna(rows["status_latest"].astype("string")),
        group=rows["group"].astype("string"),
        state=rows["status_latest"].astype("string"),
        no_recent_text=~rows["status_latest"].isin(SEEN_SINCE),
        # Its name is printed on the map, where the full one has no room.
        label=rows["name"].replace({"Kalinka education and arts centre": "Kalinka"}),
        symbol=rows["group"].astype("string").mask(rows["id"] == DRAFT, DRAFT),
        # The town in the table's words, with the one site that the map's title names.
        printed=rows["city"]
        .mask(rows["id"] == "putin-center", "Putin Center, Bethlehem")
        .replace({"Bethany (al-Eizariya)": "Bethany"}),
    )


def sites() -> DataFrame:
    """Sites in Gaza, the West Bank, Jerusalem and Israel, one row each."""
    rows = _all_sites()
    return rows[rows["territory"].isin(HOLY_LAND)]


def houses() -> DataFrame:
    """Russian Houses, with the partner house in Nabatieh, from Alexandria to Tehran."""
    rows = _all_sites()
    rows = rows[(rows["group"] == "state cultural centre") | (rows["id"] == "nabatieh-house")]
    # Most share one name: the town tells them apart for those who hear the map read out.
    rows = rows.assign(label=rows["name"] + ", " + rows["city"])
    return _on_one_line(rows, *PAIR)


def _on_one_line(rows: DataFrame, *towns: str) -> DataFrame:
    """Print the names of towns whose symbols touch in one line beside all of these."""
    return rows.assign(printed=rows["printed"].mask(rows["city"].isin(towns), ", ".join(towns)))


def listed(rows: DataFrame) -> DataFrame:
    """The columns of sites that a reader of the table wants, in that order."""
    names = {
        "name": "site",
        "group": "group",
        "kind": "kind",
        "city": "place",
        "precision": "position known to",
        "operator": "run by",
        "opened": "opened",
        "october_2023": "October 2023",
        "latest": "latest known",
        "confidence": "confidence",
        "sources": "sources",
    }
    return rows[list(names)].rename(columns=names)


SITES_LOOK = maps.Look(
    by="symbol",
    symbols=SYMBOLS,
    name="label",
    town="printed",
    hollow="no_recent_text",
    hollow_label="outline: no text on its state after 7 October 2023",
)

PAIR = ("Jerusalem", "Bethlehem")
"""Towns of the second map so near each other that neither name finds room beside its symbol."""

HOUSES_VIEW = (26.0, 26.5, 53.0, 37.2)
"""West, south, east, north: with room beside Alexandria and Cairo for their names."""

HOUSES_VIEW_NARROW = (23.0, *HOUSES_VIEW[1:])
"""On a phone: with room in the west for the names of Alexandria and Tel Aviv."""

HOUSES_LOOK = maps.Look(
    by="state",
    symbols={
        "working": maps.Symbol("circle", "blue", "working, at the latest date found"),
        "mothballed": maps.Symbol("square", "ochre", "mothballed"),
        "destroyed": maps.Symbol("cross", "orange", "destroyed"),
        "not found": maps.Symbol("diamond", "slate", "no text found on its state"),
    },
    name="label",
    town="printed",
)


SITES_PLACED: dict[Size, dict] = {
    "wide": {},
    "narrow": {"scale": 0.8, "by_hand": {"Jerusalem": (-42.5, -9), "Putin\nCenter": (21.5, -5.5)}},
}
"""What :func:`maps.draw_places` needs beside the rows, by size of the picture."""

HOUSES_PLACED: dict[Size, dict] = {
    "wide": {},
    "narrow": {"scale": 0.8, "by_hand": {"Tel Aviv": (-24, 2.5), "Cairo": (-17.5, -1.5)}},
}
"""The same for the second map."""


def sites_map() -> maps.BookMap:
    """The sites of :func:`sites` on the interactive map."""
    m = maps.base_map("levant")
    maps.add_places(
        m, sites(), SITES_LOOK, facts=POPUP, statement="statement", confidence="confidence"
    )
    return m


def sites_twin(size: Size) -> Figure:
    """The same map for print."""
    figure, ax = maps.canvas(size, "levant")
    maps.draw_base(ax, "levant")
    rows = sites()
    if size == "narrow":
        # The whole name would cross the border of the West Bank.
        rows["printed"] = rows["printed"].replace({"Putin Center, Bethlehem": "Putin\nCenter"})
    maps.draw_legend(ax, maps.draw_places(ax, rows, SITES_LOOK, **SITES_PLACED[size]))
    return figure


def houses_map() -> maps.BookMap:
    """The houses of :func:`houses` on the interactive map."""
    m = maps.base_map("near-east", HOUSES_VIEW)
    maps.add_places(
        m, houses(), HOUSES_LOOK, facts=POPUP, statement="statement", confidence="confidence"
    )
    return m


def houses_twin(size: Size) -> Figure:
    """The same map for print."""
    view = HOUSES_VIEW if size == "wide" else HOUSES_VIEW_NARROW
    figure, ax = maps.canvas(size, "near-east", view)
    # Below "Jerusalem, Bethlehem" the name of the country would look like its second line.
    maps.draw_base(ax, "near-east", view, without=("Israel",))
    maps.draw_legend(ax, maps.draw_places(ax, houses(), HOUSES_LOOK, **HOUSES_PLACED[size]))
    return figure


# ------------------------------------------------------------------ openings

SHORT = {
    "russian-house-tel-aviv": "Russian House, Tel Aviv",
    "jericho-museum": "Russian museum, Jericho",
    "gaza-consular-post": "consular post, Gaza City",
    "medvedev-street": "Medvedev Street, Jericho",
    "russian-house-bethlehem": "Russian House, Bethlehem",
    "putin-street": "Putin Street, Bethlehem",
    "bethlehem-school": "school, Bethlehem",
    "kalinka": "Kalinka reopens, Gaza",
    "putin-center": "Putin Center, Bethlehem",
    "yesenin-centre": "Russian language centre, Jericho",
    "gaza-russian-speakers-centre": "Russian speakers’ centre, Gaza*",
    "sergei-courtyard": "Russian House, Jerusalem",
}
"""Names short enough to stand beside their dot on a phone."""

MARKERS = {
    "state cultural centre": ("o", style.BLUE, "Russian state centre"),
    "foundation": ("D", style.ORANGE, "foundation"),
    "partner or community centre": ("^", style.PURPLE, "partner or community"),
    DRAFT: ("*", style.PURPLE, "centre named in one draft"),
    "school": ("s", style.TEAL, "school"),
    "street or museum": ("v", style.OCHRE, "street or museum"),
    "diplomatic post": ("p", style.MUTED, "diplomatic post"),
}
"""Marker, colour and legend text, like the symbols of the map."""


def openings() -> DataFrame:
    """Dated openings of :func:`sites` by date; church sites, which are older, are left out."""
    rows = sites()
    rows = rows[rows["date"].notna() & (rows["group"] != "church site")]
    rows = rows.assign(at=rows["date"].map(style.middle)).sort_values("at", kind="stable")
    return rows[["id", "name", "city", "group", "opened", "operator", "symbol", "at", "sources"]]


def openings_table() -> DataFrame:
    """What a reader sees of :func:`openings`."""
    rows = openings().drop(columns=["id", "symbol", "at"])
    return rows.rename(columns={"name": "site", "city": "place"})


def openings_chart(size: Size) -> Figure:
    """One dot per opening, first at the top, named beside it."""
    rows = openings()
    figure, ax = style.canvas(size, wide=4.4, narrow=5.2)
    style.quiet(ax, grid="x")
    late = pd.Timestamp("2014-09-30")
    for level, row in enumerate(rows.itertuples()):
        marker, colour, _ = MARKERS[row.symbol]
        ax.plot(
            row.at, level, marker, color=colour, markersize=11 if marker == "*" else 8,
            markeredgecolor=style.PAPER,
        )  # fmt: skip
        left = row.at > late
        ax.annotate(
            SHORT[row.id],
            (row.at, level),
            xytext=(-8 if left else 8, 0),
            textcoords="offset points",
            ha="right" if left else "left",
            va="center",
            fontsize=8.5 if size == "wide" else 8,
        )
    last = len(rows) - 1
    ax.vlines(WAR, -0.8, last - 0.5, color=style.MUTED, linewidth=1, linestyle=(0, (3, 2)))
    ax.annotate(
        "7 October\n2023", (WAR, 0), xytext=(-6, 0), textcoords="offset points", ha="right",
        va="center", fontsize=8, color=style.MUTED,
    )  # fmt: skip
    before = rows["at"].iloc[last - 1]
    ax.text(
        before + (WAR - before) / 2, last - 2.5,
        "no opening\nfound from\nApril 2018 to\nautumn 2025",
        ha="center", va="center", fontsize=8, color=style.MUTED,
    )  # fmt: skip
    ax.set_ylim(len(rows) - 0.4, -0.8)
    ax.set_yticks([])
    ax.set_xlim(pd.Timestamp("2006-06-01"), pd.Timestamp("2027-01-01"))
    ax.xaxis.set_major_locator(YearLocator(2 if size == "wide" else 4))
    ax.spines["left"].set_visible(False)
    ax.set_xlabel("year of opening")
    present = rows["symbol"].unique()
    figure.legend(
        handles=[
            style.key(marker, colour, label)
            for symbol, (marker, colour, label) in MARKERS.items()
            if symbol in present
        ],
        loc="outside lower left",
        ncols=3 if size == "wide" else 2,
        fontsize=8,
        handletextpad=0.3,
        columnspacing=1.2,
    )
    return figure


# ------------------------------------------------------------------ study places

MEASURES = {
    "studying in all": ("s", style.PURPLE, "studying in Russia, all"),
    "studying on a state scholarship": ("^", style.OCHRE, "studying on a state scholarship"),
    "offered in the year": ("o", style.BLUE, "state places offered (2026: students announced)"),
    "arriving in the year": ("D", style.ORANGE, "students arriving that year"),
}
"""Marker, colour and legend text; the first two measures share a panel, the last two another."""


def _scholarships(drawn: bool) -> DataFrame:
    rows = data.load("scholarships")
    rows = rows[rows["plot"] == drawn]
    keep = ["period", "figure", "figure_low", "figure_high"] if not drawn else ["year", "figure"]
    return rows[[*keep, "qualifier", "measure_group", "measure", "speaker", "note", "sources"]]


def scholarships() -> DataFrame:
    """Dated statements on study places for Palestinians that are drawn."""
    return _scholarships(drawn=True)


def scholarships_not_drawn() -> DataFrame:
    """The weak row that the table keeps and the chart leaves out."""
    return _scholarships(drawn=False).drop(columns="figure")


def _marked(figure: float, qualifier: str) -> str:
    """A number with the sign of its qualifier, so that a minimum does not look exact."""
    sign = {"more than": ">", "about": "c. ", "roughly": "c. "}.get(qualifier, "")
    return f"{sign}{figure:,}"


def _gap_years(rows: DataFrame) -> list[int]:
    """Years between first and last in which no statement of any measure was found."""
    known = set(rows["year"])
    return [year for year in range(min(known), max(known)) if year not in known]


def _runs(rows: DataFrame, over_gaps: bool) -> list[DataFrame]:
    """Rows of one measure parted where the number changes and, unless ``over_gaps``, at gaps."""
    rows = rows.sort_values("year")
    new = (rows["figure"].diff() != 0) | (not over_gaps and rows["year"].diff() != 1)
    return [run for _, run in rows.groupby(new.fillna(True).cumsum())]


def scholarships_chart(size: Size) -> Figure:
    """Two panels of dots that no line joins; years without a figure are hatched."""
    rows = scholarships()
    figure, panels = style.canvas(
        size, wide=4.6, narrow=5.2, nrows=2, sharex=True, height_ratios=(3, 2)
    )
    names = list(MEASURES)
    shares = (
        (panels[0], names[:2], "At one time", 620),
        (panels[1], names[2:], "In one year", 260),
    )
    for ax, measures, head, top in shares:
        style.quiet(ax)
        for year in _gap_years(rows):
            ax.axvspan(
                year - 0.5, year + 0.5, facecolor="none", edgecolor=(style.LINE, 0.5), hatch="///",
                linewidth=0, zorder=0,
            )  # fmt: skip
        for measure in measures:
            marker, colour, _ = MEASURES[measure]
            below = measure == "offered in the year"
            # On a phone labels two years apart would run into each other.
            for run in _runs(rows[rows["measure_group"] == measure], size == "narrow"):
                ax.plot(run["year"], run["figure"], marker, color=colour, markersize=8)
                gaps = (run["year"].diff() > 1).any()
                each = "" if len(run) == 1 else " each time" if gaps else " each year"
                ax.annotate(
                    f"{_marked(run['figure'].iloc[0], run['qualifier'].iloc[0])}{each}",
                    (run["year"].mean(), run["figure"].iloc[0]),
                    xytext=(0, -7 if below else 7),
                    textcoords="offset points",
                    ha="center",
                    va="top" if below else "bottom",
                    fontsize=8.5 if size == "wide" else 8,
                )
        ax.set_title(head, fontsize=9)
        ax.set_ylim(0, top)
        ax.set_ylabel("people")
    panels[0].text(
        2021.5, 320, "2018 to 2025:\nno figure found", ha="center", va="center", fontsize=8.5,
        color=style.MUTED, bbox=style.ground(3),
    )  # fmt: skip
    panels[1].set_xlim(2008.6, 2026.9)
    panels[1].set_xticks(range(2010, 2027, 2 if size == "wide" else 4))
    figure.legend(
        handles=[style.key(marker, colour, label) for marker, colour, label in MEASURES.values()],
        loc="outside lower left",
        ncols=2 if size == "wide" else 1,
        fontsize=8.5,
        handletextpad=0.3,
    )
    return figure


# ------------------------------------------------------------------ Russians in Gaza

COMMUNITY = {
    "women": ("^", style.PURPLE, "women"),
    "citizens": ("s", style.OCHRE, "citizens"),
    "citizens and relatives": ("o", style.BLUE, "citizens and relatives"),
}
WORDED = {"Bereg journalists": "Russians, spouses and children"}
"""Whom a count covers, in its source's words, where these differ from the table's group."""

COUNTERS = {
    "EMERCOM": "(emergencies ministry:\nflown to Moscow)",
    "Russian foreign ministry": "(foreign ministry)",
    "Alexander Kurenkov, EMERCOM": "(emergencies\nministry)",
    "Gocha Buachidze, envoy to the PA": "(envoy)",
}
"""Who counted those taken out, in the chart's words."""

OUTLIER = 2_000
"""More than this is no figure that the others could be measured against; it is named, not drawn."""


def _gaza() -> DataFrame:
    rows = data.load("gaza-community")
    return rows.assign(
        at=rows["date"].map(style.middle),
        date=rows["date"].map(_spoken),
        population=rows["population"].astype("string"),
        qualifier=rows["qualifier"].astype("string"),
    )


def community() -> DataFrame:
    """Figures for how many lived in Gaza: those drawn, outlier included."""
    rows = _gaza()
    waiting = rows["measure"].str.contains("waiting")
    return rows[rows["population"].isin(COMMUNITY) & rows["figure"].notna() & ~waiting]


def evacuated() -> DataFrame:
    """Running totals of people taken out of Gaza."""
    rows = _gaza()
    return rows[rows["population"] == "evacuated"]


def gaza_tables() -> dict[str, DataFrame]:
    """The rows of both panels and those that have no number to draw or measure something else."""
    rows = _gaza()
    shown = {"Living in Gaza": community(), "Taken out of Gaza": evacuated()}
    rest = rows.drop(index=[i for one in shown.values() for i in one.index])
    return {
        heading: table.drop(columns="at")
        for heading, table in {**shown, "Listed, not drawn": rest}.items()
    }


UNDER = {"xytext": (0, -7), "ha": "center", "va": "top"}
LEFT = {"xytext": (-8, 0), "ha": "right", "va": "center"}
RIGHT = {"xytext": (8, 0), "ha": "left", "va": "center"}
BESIDE = {"women": UNDER, "citizens": RIGHT, "citizens and relatives": LEFT}
"""Where a count stands from its dot: the late ones are near the right edge."""


def _dot(ax: Axes, row: tuple, marker: str, colour: str, words: str, place: dict) -> None:
    """One dot of :func:`gaza_chart` with its number and ``words``, ``place`` of the dot."""
    ax.plot(row.at, row.figure, marker, color=colour, markersize=8)
    ax.annotate(
        f"{_marked(row.figure, row.qualifier)} {words}",
        (row.at, row.figure),
        textcoords="offset points",
        fontsize=8,
        bbox=style.ground(1),
        **place,
    )


def gaza_chart(size: Size) -> Figure:
    """Left or above: who lived there, by who was counted. Right or below: who was taken out."""
    shape = {"ncols": 2, "width_ratios": (3, 2)} if size == "wide" else {"nrows": 2}
    figure, (living, leaving) = style.canvas(size, wide=3.9, narrow=6.5, **shape)
    if size == "narrow":
        figure.get_layout_engine().set(hspace=0.09)
    for ax in (living, leaving):
        style.quiet(ax)
        ax.set_ylim(0, 1550)
        ax.yaxis.set_major_formatter("{x:,.0f}")
        ax.set_ylabel("people")
    for row in community().itertuples():
        marker, colour, words = COMMUNITY[row.population]
        if row.figure > OUTLIER:
            living.annotate(
                f"↑ {_marked(row.figure, row.qualifier)} women, off the scale:\n"
                "one report, no source named",
                (row.at, 1540), ha="left", va="top", fontsize=8, color=style.MUTED,
                bbox=style.ground(1),
            )  # fmt: skip
            continue
        words = WORDED.get(row.counted_by, words)
        _dot(living, row, marker, colour, words, BESIDE[row.population])
    living.set_xlim(pd.Timestamp("2007-01-01"), pd.Timestamp("2026-09-01"))
    living.xaxis.set_major_locator(YearLocator(4))
    living.set_title("Living in Gaza", fontsize=9)
    for row, place in zip(evacuated().itertuples(), (RIGHT, RIGHT, UNDER, UNDER), strict=True):
        _dot(leaving, row, "D", style.ORANGE, COUNTERS[row.counted_by], place)
    leaving.set_title("Taken out of Gaza, running total", fontsize=9)
    leaving.set_xlim(pd.Timestamp("2023-10-24"), pd.Timestamp("2024-02-29"))
    leaving.xaxis.set_major_locator(MonthLocator())
    leaving.xaxis.set_major_formatter(DateFormatter("%b\n%Y"))
    return figure


# ------------------------------------------------------------------ numbers of the prose


@number(
    "cultural-sites-mapped",
    "Sites in Gaza, the West Bank, Jerusalem and Israel in the table cultural-sites.",
    "cultural-sites",
    rows=sites,
)
def _sites_mapped() -> int:
    return len(sites())


@number(
    "cultural-sites-seen-since",
    "Of those sites, the ones whose state after 7 October 2023 is known from a text found.",
    "cultural-sites",
    rows=lambda: sites().query("not no_recent_text"),
)
def _seen_since() -> int:
    return int((~sites()["no_recent_text"]).sum())
