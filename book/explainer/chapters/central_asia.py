"""Figures and counts of the chapter on foreign forces in Central Asia after 2001."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator
from pandas import DataFrame, Series

from explainer import data, evidence, maps, style
from explainer.derived import number
from explainer.maps.twin import project
from explainer.style import Size
from explainer.words import spoken

YEARS = range(2001, 2027)
"""The years of the slider: from the attacks of 11 September to the book's evidence."""
TWIN_YEARS = (2002, 2005, 2012, 2026)

COALITION = ("United States and coalition", "Germany", "France")
"""User groups whose sites served the war in Afghanistan."""
COLOUR = {
    "United States and coalition": "blue",
    "Germany": "ochre",
    "France": "teal",
    "Russia": "orange",
    "India": "purple",
}
USER = {"United States and coalition": "US and coalition"}
"""Shorter names of user groups."""

NAMES_ON_MAP = {
    "k2": "K2 (Khanabad)",
    "manas": "Manas (Bishkek)",
    "lugovaya": "Lugovaya",
    "hairaton-bridge": "Hairaton",
    "ayni": "Ayni",
}
"""Places that the map calls by the name in the text, not by their town alone."""

NOT_SHOWN = ("offered or inspected", "planned, not built")
"""Uses that never became use: such a site is shown in the year of the offer only."""

SYMBOLS = {
    "US and coalition: base": maps.Symbol("square", "blue"),
    "Germany: base": maps.Symbol("pentagon", "ochre"),
    "France: base": maps.Symbol("diamond", "teal"),
    "Russia: base": maps.Symbol("circle", "orange"),
    "India: base": maps.Symbol("star", "purple"),
    "US and coalition: transit": maps.Symbol(
        "triangle", "blue", "US and coalition: transit or refuelling"
    ),
    "US and coalition: emergency or overflight only": maps.Symbol(
        "wedge", "blue", "US and coalition: emergency landings"
    ),
    "US and coalition: offered or inspected": maps.Symbol(
        "cross", "slate", "US and coalition: offered, never a base"
    ),
    "Russia: planned, not built": maps.Symbol("cross", "orange", "Russia: planned, never built"),
}
LOOK = maps.Look(
    symbols=SYMBOLS,
    by="Kind",
    name="Site",
    town="Town",
    hollow="No report",
    hollow_label="outline: no end date and no report found",
    size="Largest head count",
    size_label="larger: more people, by the largest head count",
    since="Shown from",
    until="Shown to",
)

ROUTES = {
    "north": ("ink", "northern line, through Russia"),
    "south": ("teal", "southern line, over the Caspian Sea"),
    "kkt": ("ochre", "eastern line, through Tajikistan"),
    "ulyanovsk": ("purple", "way out through Ulyanovsk"),
}
"""Colour and legend text of each supply route.

Where a colour is also that of a country, no base of that country stands on the route.
"""


SHORT_NAMES = {
    "Karshi-Khanabad air base (K2, Camp Stronghold Freedom)": "K2",
    "Manas (Ganci) air base, from 2009 Transit Center at Manas": "Manas",
    "Dushanbe airport, US refuelling stop": "Dushanbe, US refuelling",
    "Termez-Hairaton bridge, land gate of the northern supply route": "Hairaton bridge",
    "Almaty airport, emergency landing right": "Almaty, emergencies",
    "Ashgabat airport, US refuelling team": "Ashgabat, refuelling",
    "Ulyanovsk-Vostochny airport, NATO transit point": "Ulyanovsk, transit",
    "Termez strategic air transport base": "Termez",
    "French air detachment at Dushanbe airport": "Dushanbe, French base",
    "Kant air base (999th)": "Kant",
    "201st military base, Dushanbe garrison": "201st base, Dushanbe",
    "201st military base, Bokhtar (Qurghonteppa) garrison": "201st base, Bokhtar",
    "201st military base, Kulob garrison (149th regiment)": "201st base, Kulob",
    "Okno space surveillance node": "Okno, Nurek",
    "Chaldovar naval communications centre": "Chaldovar, signals",
    "Karakol naval test site (Issyk-Kul)": "Karakol, test site",
    "Mailuu-Suu radio-seismic laboratory": "Mailuu-Suu, seismic",
    "Ayni (Gissar) air base": "Ayni",
    "Farkhor military hospital and airstrip": "Farkhor",
}
"""Names of sites that were used, short enough for an axis on a phone."""


MAP_CAVEAT = (
    "The map opens on Central Asia; Ulyanovsk and the far ends of the routes lie north-west of "
    "it. Sites offered or planned are shown in the year of the offer only. No end date was "
    "found for refuelling at Ashgabat and Dushanbe, landing rights at Almaty, and the bridge at "
    "Hairaton: after the newest report on them they are outlines. Opening dates of four small "
    "Russian sites were not found; they are shown in all years. A symbol's size is the largest "
    "head count found, not that of the year; ceilings, plans, and press reports that an "
    "official figure of the same year contradicts do not count. The count of the 201st base in "
    "Dushanbe covers all its garrisons. Routes: the source names countries, not all towns, so "
    "the lines are rough; start year and means of transport are from memory; they are drawn "
    "until Russia cancelled transit in 2015."
)
TIMELINE_CAVEAT = (
    "Bars with an arrow on the left began before 2000 or have no known start. Where only the "
    "year of a start is known (US refuelling at Dushanbe, Hairaton, Ayni), that year is an empty "
    "dashed box: it does not mean January. Where no end date of a US site was found, the bar ends "
    "with the year of the newest report. Russian sites count as open when no end was reported; the "
    "newest texts on the four small ones (Okno, Chaldovar, Karakol, Mailuu-Suu) are from 2013 and "
    "2015. Farkhor: a Pakistani report of 2025 says India still holds it. Ayni: some reports say "
    "2004 for the start and early 2023 for the end. Sites that were only offered, inspected or "
    "planned are left out. Ulyanovsk is in Russia."
)
PERSONNEL_CAVEAT = (
    "Figures of unlike kind; contradictions are kept side by side and no line joins them. A "
    "ceiling or a plan is no head count. Shaded years without a mark are years without a "
    "figure. The estimate for Kant covers all of Kyrgyzstan. The figures of November 2005 for "
    "the French base add up those who left and the about 150 who stayed. Sites with a single "
    "figure (Ashgabat 7, Ayni up to 200, an inspection at Kulob 42, a plan for Osh 500) are on the "
    "page Data, in the table “Personnel at the sites in Central Asia”."
)
PENTAGON_CAVEAT = (
    "The reports for 2001 to 2007 seem to leave out the forces at K2 and Manas; from 2008 to 2014 "
    "the numbers for Kyrgyzstan seem to include people in transit. They do not show base strength. "
    "Until 2007 they give active duty only, from 2008 also reserve and civilians. The two "
    "panels have different scales. A missing row for 2003 and 2004 may mean nobody or no report."
)


# ------------------------------------------------------------------ tables


def sites() -> DataFrame:
    """The table of sites as it is."""
    return data.load("central-asia-sites")


def _year(value: object) -> int | None:
    """The year of a Period, None for an empty cell."""
    return None if pd.isna(value) else value.year  # type: ignore[attr-defined]


def _last_report(site: Series) -> int:
    """The year of the newest source on a site: its own sources and those of its facts."""
    ids = set(site["sources"].split())
    if not pd.isna(site["facts"]):
        ids |= set(evidence.sources_of_facts(site["facts"].split()).split())
    known = data.load("sources")
    return max(when.year for when in known.loc[known["id"].isin(ids), "date"] if not pd.isna(when))


def head_counts() -> DataFrame:
    """Figures of ``base-personnel`` that count people who were there.

    Ceilings and plans count nobody. A press report gives way to an official figure on the same
    site in the same year.
    """
    figures = data.load("base-personnel")
    counted = figures[~figures["kind"].isin(["ceiling", "planned"])]
    official = {
        (row.site, row.date.year) for row in counted.itertuples() if row.kind == "official figure"
    }
    return counted[
        [
            row.kind == "official figure" or (row.site, row.date.year) not in official
            for row in counted.itertuples()
        ]
    ]


def _people(site: str) -> str:
    """All figures on one site in words, with the year and the kind of figure."""
    figures = data.load("base-personnel")
    found = sorted(
        figures[figures["site"] == site].itertuples(), key=lambda row: row.date.start_time
    )
    return "; ".join(f"{row.personnel:,} ({row.date.year}, {row.kind})" for row in found)


def map_rows() -> DataFrame:
    """One row per site and span of years in which it is shown alike.

    A site whose end was not found has two rows: up to the newest report on it, and, marked as
    ``No report``, from then on. Sites that were only offered or planned stand in the year of
    the offer.
    """
    largest = head_counts().groupby("site")["personnel"].max()
    counted = data.load("base-personnel").groupby("site")["sources"].agg(" ".join)
    out = []
    for _, site in sites().iterrows():
        opened, closed = _year(site["opened"]), _year(site["closed"])
        spans: list[tuple[int | None, int | None, bool]] = [(opened, closed, False)]
        if site["use"] in NOT_SHOWN:
            spans = [(opened, opened, False)]
        elif closed is None and site["status"] != "open":
            last = _last_report(site)
            spans = [(opened, last, False), (last + 1, None, True)]
        user = USER.get(site["user_group"], site["user_group"])
        for since, until, unreported in spans:
            out.append(
                {
                    "Site": site["name"],
                    "Town": NAMES_ON_MAP.get(site["place"], site["city"]),
                    "Country": site["country"],
                    "User": site["user"],
                    "Kind": f"{user}: {site['use']}",
                    "Role": site["role"],
                    "Opened": _in_words(site["opened"], site["opened_note"]),
                    "Closed": _in_words(site["closed"], site["closed_note"]),
                    "Shown from": since,
                    "Shown to": until,
                    "No report": unreported,
                    "Largest head count": largest.get(site["id"], pd.NA),
                    "People": _people(site["id"]),
                    "Remarks": site["note"],
                    "place": site["place"],
                    "sources": evidence.joined([site["sources"], counted.get(site["id"], "")]),
                }
            )
    return DataFrame(out).astype(
        {"Shown from": "Int64", "Shown to": "Int64", "Largest head count": "Int64"}
    )


def _shown(row: Series, year: int) -> bool:
    """Whether the map shows a row of :func:`map_rows` in a year."""
    since, until = row["Shown from"], row["Shown to"]
    return (pd.isna(since) or since <= year) and (pd.isna(until) or until >= year)


def _in_words(when: object, note: object) -> str:
    """A date with its remark; either may be missing."""
    known = [] if pd.isna(when) else [spoken(when)]  # type: ignore[arg-type]
    known += [] if pd.isna(note) else [str(note)]
    return f"{known[0]} ({known[1]})" if len(known) == 2 else "".join(known)


def routes() -> DataFrame:
    """Nodes of the supply routes, in order, with their coordinates."""
    return maps.located(data.load("supply-routes"))


def _route_years() -> dict[str, tuple[int | None, int | None]]:
    """First and last year of each route: the land gate at Hairaton, the permission of Ulyanovsk.

    Russia cancelled all transit in 2015. No end was found for the southern line, which does not
    cross Russia; it is drawn as long as the others.
    """
    by_id = sites().set_index("id")
    start = _year(by_id.loc["hairaton-bridge", "opened"])
    allowed = _year(by_id.loc["ulyanovsk-transit", "opened"])
    cancelled = _year(by_id.loc["ulyanovsk-transit", "closed"])
    return {route: (allowed if route == "ulyanovsk" else start, cancelled) for route in ROUTES}


def in_use(year: int, groups: Iterable[str] = COALITION) -> DataFrame:
    """The bases of these user groups that were open at some time in a year."""
    table = sites()
    bases = table[(table["use"] == "base") & table["user_group"].isin(list(groups))]
    return bases[
        [
            (pd.isna(row.opened) or row.opened.year <= year)
            and (pd.isna(row.closed) or row.closed.year >= year)
            for row in bases.itertuples()
        ]
    ]


# ------------------------------------------------------------------ the map


def _notes() -> dict[int, str]:
    """What the table says began and ended in each year, for the line under the slider."""
    table = sites()
    used = table[~table["use"].isin(NOT_SHOWN)]
    notes = {}
    for year in YEARS:
        parts = []
        for word, column in (("Opened", "opened"), ("Closed", "closed")):
            found = [
                SHORT_NAMES[row["name"]] for _, row in used.iterrows() if _year(row[column]) == year
            ]
            if found:
                parts.append(f"{word}: {'; '.join(dict.fromkeys(found))}.")
        bases = len(in_use(year))
        parts.append(f"{bases} base{'' if bases == 1 else 's'} of the US, Germany and France.")
        notes[year] = " ".join(parts)
    return notes


def sites_map() -> maps.BookMap:
    """The map with its slider, opening in 2002."""
    m = maps.base_map("central-asia")
    rows = map_rows()
    # Most remarks repeat the figures; popups should fit on the map.
    rows["Remarks"] = rows["Remarks"].where(rows["People"] == "")
    maps.add_places(
        m,
        rows,
        LOOK,
        facts={
            "User": "User",
            "Role": "Role",
            "Opened": "Opened",
            "Closed": "Closed",
            "People": "People",
        },
        statement="Remarks",
    )
    maps.add_lines(
        m,
        routes(),
        layer="Supply routes to Afghanistan (2009 to 2015)",
        colours={route: colour for route, (colour, _) in ROUTES.items()},
        labels={route: label for route, (_, label) in ROUTES.items()},
        years=_route_years(),
    )
    maps.time_slider(m, YEARS, start=TWIN_YEARS[0], notes=_notes())
    return m


TWIN_VIEW = (56.9, 35.4, 80.7, 44.6)
"""West, south, east, north: closer than the interactive map, to all sites but Ulyanovsk."""

Label = tuple[str, float, float]
"""How a name is set to its point (left, center, right), and the point: east, north in degrees."""

COUNTRIES: dict[str, Label] = {
    "Kazakhstan": ("center", 63.2, 44.2),
    "Uzbekistan": ("center", 64.0, 42.6),
    "Turkmenistan": ("center", 59.6, 38.7),
    "Tajikistan": ("center", 72.9, 39.05),
    "Afghanistan": ("center", 65.6, 35.8),
}
_ALWAYS: dict[str, Label] = {
    "Almaty": ("left", 77.5, 43.45),
    "Ashgabat": ("left", 58.9, 37.95),
    "Karakol": ("center", 78.3, 41.75),
    "Mailuu-Suu": ("left", 73.2, 41.2),
}
_TO_2005: dict[str, Label] = {
    "K2 (Khanabad)": ("right", 66.4, 39.5),
    "Termez": ("right", 66.3, 37.0),
    "Dushanbe": ("center", 68.3, 40.45),
    "Ayni": ("right", 67.1, 38.0),
    "Nurek": ("left", 71.0, 38.4),
    "Kulob": ("left", 71.6, 37.5),
    "Bokhtar": ("right", 68.9, 36.35),
    "Farkhor": ("left", 70.4, 36.65),
}
_FROM_2005: dict[str, Label] = {
    "Chaldovar": ("right", 72.7, 42.75),
    "Kant": ("left", 75.6, 42.5),
}
TOWNS: dict[int, dict[str, Label]] = {
    2002: {
        "Shymkent": ("center", 69.4, 41.8),
        "Lugovaya": ("right", 71.7, 43.15),
        "Manas (Bishkek)": ("center", 74.8, 44.0),
        "Chaldovar": ("center", 74.8, 41.95),
        **_TO_2005,
    },
    2005: {"Manas (Bishkek)": ("right", 73.7, 43.65), **_TO_2005, **_FROM_2005},
    2012: {
        "Manas (Bishkek)": ("right", 73.7, 43.6),
        **_FROM_2005,
        "Termez": ("right", 66.1, 37.2),
        "Hairaton": ("right", 67.0, 36.55),
        "Dushanbe": ("center", 68.9, 40.45),
        "Ayni": ("center", 65.7, 39.95),
        "Nurek": ("left", 71.4, 38.4),
        "Kulob": ("left", 71.0, 37.3),
        "Bokhtar": ("center", 69.9, 36.35),
    },
    2026: {
        **_FROM_2005,
        "Kant": ("center", 75.0, 43.5),
        "Hairaton": ("right", 66.9, 37.1),
        "Dushanbe": ("center", 68.2, 39.85),
        "Nurek": ("left", 70.5, 37.95),
        "Bokhtar": ("center", 68.8, 36.6),
    },
}
"""Where each panel of the static map has the names: symbols near each other move with the year."""
LED: dict[int, dict[str, tuple[float, float]]] = {2012: {"Ayni": (67.85, 37.75)}}
"""By year, names without room at their symbol: where (east, north) a line leads from the name."""
LINES: dict[str, Label] = {
    "northern": ("left", 66.2, 44.15),
    "southern": ("left", 57.2, 41.8),
    "eastern": ("left", 75.1, 44.25),
    "way out": ("right", 60.3, 43.4),
}
"""Where the static map has the short name of each route."""


def _name(ax: Axes, text: str, label: Label, colour: str = style.INK) -> None:
    """A name on the static map, on land of its own, so that no border looks like an accent.

    It covers routes but no symbol.
    """
    side, lon, lat = label
    ax.text(
        *project("central-asia", lon, lat), text, ha=side, va="center", fontsize=8,
        color=colour, zorder=2.6, bbox=style.ground(0.6, style.LAND),
    ).set_in_layout(False)  # fmt: skip


def sites_map_twin(size: Size) -> Figure:
    """Four years of the map side by side, on a phone one below the other."""
    columns = 2 if size == "wide" else 1
    figure, axes = maps.canvas(size, "central-asia", TWIN_VIEW, rows=4 // columns, columns=columns)
    rows, lines = map_rows(), routes()
    rows = rows[[any(_shown(row, year) for year in TWIN_YEARS) for _, row in rows.iterrows()]]
    handles: dict[str, object] = {}
    for ax, year in zip(axes.flat, TWIN_YEARS):
        maps.draw_base(ax, "central-asia", TWIN_VIEW)
        ax.set_title(f"{year}: {len(in_use(year))} US and allied bases", fontsize=9.5, loc="left")
        drawn = maps.draw_lines(
            ax,
            lines,
            colours={route: colour for route, (colour, _) in ROUTES.items()},
            labels={route: label for route, (_, label) in ROUTES.items()},
            years=_route_years(),
            year=year,
        )
        places = maps.draw_places(ax, rows, LOOK, year=year, labels=False, scale=0.68)
        handles |= {handle.get_label(): handle for handle in places + drawn}
        for country, label in COUNTRIES.items():
            _name(ax, country, label, style.MUTED)
        for town, label in (_ALWAYS | TOWNS[year]).items():
            _name(ax, town, label)
        for town, (lon, lat) in LED.get(year, {}).items():
            _, name_lon, name_lat = TOWNS[year][town]
            ax.plot(
                *project("central-asia", [name_lon, lon], [name_lat, lat]),
                color=style.MUTED, linewidth=0.6, zorder=2.5,
            )  # fmt: skip
        for text, label in LINES.items() if drawn else ():
            _name(ax, text, label)
    # The one ferry leg lies outside this view.
    del handles["by ferry"]
    maps.draw_legend(axes.flat[-1], list(handles.values()))
    return figure


# ------------------------------------------------------------------ bases in time


def timeline_rows() -> DataFrame:
    """Sites that were used, grouped by user and in order of opening, with readable names."""
    table = sites()
    used = table[~table["use"].isin(NOT_SHOWN)]
    out = DataFrame(
        {
            "Site": used["name"],
            "Town": used["city"],
            "Country": used["country"],
            "User": used["user_group"],
            "Use": used["use"],
            "Opened": used["opened"],
            "Closed": used["closed"],
            "Remark on the end": used["closed_note"],
            "Last report": [
                _last_report(site) if _end_unknown(site) else pd.NA for _, site in used.iterrows()
            ],
            "sources": used["sources"],
        }
    )
    order = list(COLOUR)
    rank = [
        (order.index(user), use != "base", _start(opened))
        for user, use, opened in zip(out["User"], out["Use"], out["Opened"])
    ]
    return out.iloc[sorted(range(len(out)), key=rank.__getitem__)]


def _end_unknown(site: Series) -> bool:
    return bool(pd.isna(site["closed"]) and site["status"] != "open")


AXIS_START, AXIS_END = 2000.0, 2026.9


def _start(when: object) -> float:
    """The start of a Period as a decimal year; unknown or early ones begin at the left end."""
    if pd.isna(when):
        return AXIS_START
    return max(AXIS_START, _decimal(when.start_time))  # type: ignore[attr-defined]


def _decimal(when: pd.Timestamp) -> float:
    return when.year + (when.day_of_year - 1) / 365.25


def bases_timeline(size: Size) -> Figure:
    """Bars from opening to closing: bases full, other uses hatched, unknown ends dotted.

    A year of which only the year is known as a start is a dashed box before the bar.
    """
    rows = timeline_rows()
    figure, ax = style.canvas(size, wide=6.6, narrow=7.0)
    y, ticks, names = 0.0, [], []
    user = None
    for _, row in rows.iterrows():
        if row["User"] != user:
            user = row["User"]
            y += 0.55 if ticks else 0.0
            ax.annotate(
                USER.get(user, user), (AXIS_START, y), xytext=(5, 0), textcoords="offset points",
                fontsize=8.5, fontweight="bold", color=style.COLOURS[COLOUR[user]][0], va="center",
            )  # fmt: skip
            y += 0.95
        _bar(ax, y, row, size)
        ticks.append(y)
        names.append(SHORT_NAMES[row["Site"]])
        y += 1
    ax.set_yticks(ticks, names, color=style.INK, fontsize=8)
    ax.set_ylim(y - 0.3, -0.7)
    ax.set_xlim(AXIS_START, AXIS_END)
    ax.set_xticks(range(2001, 2027, 5 if size == "wide" else 10))
    style.quiet(ax, grid="x")
    figure.legend(
        handles=[
            Patch(facecolor=style.SLATE, label="base"),
            Patch(
                facecolor=style.PAPER, edgecolor=style.SLATE, hatch="////",
                label="transit, refuelling, emergency: no base",
            ),
            Patch(
                facecolor=style.PAPER, edgecolor=style.SLATE, linestyle=(0, (2.5, 1.5)),
                label="began in this year, day not known",
            ),
            Line2D([], [], color=style.SLATE, linestyle=":", label="no end date found"),
            style.key("<", style.SLATE, "earlier, or start not found"),
            style.key(">", style.SLATE, "open in 2026"),
        ],
        loc="outside lower left",
        ncols=2 if size == "wide" else 1,
        fontsize=8,
    )  # fmt: skip
    return figure


def _bar(ax: Axes, y: float, row: Series, size: Size) -> None:
    colour = style.COLOURS[COLOUR[row["User"]]][0]
    base = row["Use"] == "base"
    start, unknown_end = _start(row["Opened"]), not pd.isna(row["Last report"])
    closed = not pd.isna(row["Closed"])
    inset = 0.35 if size == "wide" else 0.8
    if closed:
        end = _decimal(row["Closed"].end_time)
    else:
        end = float(row["Last report"]) + 1 if unknown_end else AXIS_END
    if start > AXIS_START and row["Opened"].freqstr.startswith("Y"):
        # Only the year is known: the bar proper begins when it is over.
        ax.barh(
            y, 1, left=start, height=0.62, linewidth=0.9, linestyle=(0, (2.5, 1.5)),
            edgecolor=colour, facecolor=style.PAPER,
        )  # fmt: skip
        start += 1
    ax.barh(
        y, end - start, left=start, height=0.62, linewidth=0.8, edgecolor=colour,
        facecolor=colour if base else style.PAPER, hatch=None if base else "////",
    )  # fmt: skip
    if start == AXIS_START:
        ax.plot([start + inset], [y], marker="<", markersize=4, color=style.PAPER)
    if unknown_end:
        ax.plot([end, AXIS_END], [y, y], color=colour, linestyle=":", linewidth=1.3)
    elif not closed:
        ax.plot([AXIS_END - inset], [y], marker=">", markersize=4, color=style.PAPER)
    else:
        text = spoken(row["Closed"]) if size == "wide" else str(row["Closed"].year)
        beside = end < AXIS_END - 6
        ax.text(
            end + (0.25 if beside else -0.25), y, f"to {text}", va="center", fontsize=8,
            ha="left" if beside else "right", color=style.MUTED if beside else style.PAPER,
            bbox=style.ground(0.5) if beside else None,
        )  # fmt: skip


# ------------------------------------------------------------------ people


PANELS = {
    "k2-karshi-khanabad": "K2 (United States)",
    "manas-ganci": "Manas (US and coalition)",
    "dushanbe-france": "Dushanbe airport (France)",
    "termez-germany": "Termez (Germany)",
    "kant-russia": "Kant (Russia)",
    "201-dushanbe": "201st base, all garrisons (Russia)",
}
KIND_MARKS = {
    "ceiling": ("_", True, "ceiling in an agreement: nobody counted"),
    "planned": ("x", True, "plan: nobody counted"),
    "official figure": ("o", True, "official head count"),
    "reported": ("o", False, "head count in a press report"),
    "estimate": ("D", False, "estimate"),
}
"""Marker, filled or not, and legend text of each kind of figure."""


def personnel() -> DataFrame:
    """The figures on the six sites that have two or more."""
    figures = data.load("base-personnel")
    rows = figures[figures["site"].isin(list(PANELS))]
    return DataFrame(
        {
            "Site": rows["site"].map(PANELS),
            "Date": rows["date"],
            "People": rows["personnel"],
            "Low": rows["personnel_low"],
            "Kind": rows["kind"],
            "Remark": rows["note"],
            "sources": rows["sources"],
        }
    ).sort_values(["Site", "Date"], key=_sortable)


def _sortable(column: Series) -> Series:
    """Sites in the order of the panels, dates of unlike precision by their first day."""
    if column.name == "Site":
        return column.map(list(PANELS.values()).index)
    return column.map(lambda when: when.start_time)


def personnel_by_year(size: Size) -> Figure:
    """One panel per site, each with its own scale; the years in which it was open are shaded."""
    columns = 2 if size == "wide" else 1
    figure, axes = style.canvas(
        size, wide=6.6, narrow=10.6, nrows=6 // columns, ncols=columns, sharex=True
    )
    # The years of a row must not be read as part of the title below them.
    figure.get_layout_engine().set(h_pad=0.1)
    rows, by_id = personnel(), sites().set_index("id")
    for ax, (site, title) in zip(axes.flat, PANELS.items()):
        part = rows[rows["Site"] == title]
        opened, closed = by_id.loc[site, ["opened", "closed"]]
        ax.axvspan(
            _start(opened),
            AXIS_END if pd.isna(closed) else _decimal(closed.end_time),
            facecolor=style.LAND,
            edgecolor="none",
            zorder=0,
        )
        ax.set_xlim(AXIS_START, AXIS_END)
        ax.set_ylim(0, float(part["People"].max()) * 1.38)
        ax.set_xticks(range(2001, 2027, 5))
        ax.set_title(title, fontsize=9)
        ax.yaxis.set_major_locator(MaxNLocator(nbins=3, steps=[1, 2, 2.5, 5, 10]))
        ax.yaxis.set_major_formatter("{x:,.0f}")
        ax.tick_params(labelbottom=True)
        style.quiet(ax)
    figure.supylabel("People, each panel with its own scale", fontsize=9, color=style.MUTED)
    figure.legend(
        handles=[
            *(_kind_handle(kind) for kind in KIND_MARKS),
            style.key(
                "|", style.BLUE, "down from a mark: range", markersize=9, markeredgewidth=1.3
            ),
            Patch(
                facecolor=style.LAND,
                edgecolor=style.LINE,
                linewidth=0.6,
                label="years in which the site was open",
            ),
        ],
        loc="outside lower left",
        ncols=2 if size == "wide" else 1,
        fontsize=8,
    )
    # Labels last: where they fit depends on the final size of the panels.
    figure.draw_without_rendering()
    for ax, title in zip(axes.flat, PANELS.values()):
        _mark_figures(ax, rows[rows["Site"] == title])
    return figure


def _kind_handle(kind: str) -> Line2D:
    marker, filled, label = KIND_MARKS[kind]
    return style.key(
        marker, style.BLUE, label, markersize=10 if marker == "_" else 6.5,
        markerfacecolor=style.BLUE if filled else style.PAPER,
        markeredgewidth=2 if marker in "_x" else 1.3,
    )  # fmt: skip


def _clear(
    box: tuple[float, float, float, float], others: list[tuple[float, float, float, float]]
) -> bool:
    """Whether a box (left, bottom, right, top) overlaps none of the others."""
    return all(box[2] < b[0] or box[0] > b[2] or box[3] < b[1] or box[1] > b[3] for b in others)


def _mark_figures(ax: Axes, rows: DataFrame) -> None:
    """Markers, ranges as lines, and each value once, beside its marker where there is room."""
    seen: set[tuple[int, int]] = set()
    marks: list[tuple[float, float, float, float]] = []
    values: list[tuple[float, float, float, float]] = []
    points = []
    per_pixel = 72 / ax.figure.dpi
    for row in rows.itertuples():
        x, y = _decimal(row.Date.start_time), int(row.People)
        handle = _kind_handle(row.Kind)
        ax.plot(
            [x], [y], marker=handle.get_marker(), markersize=handle.get_markersize(),
            color=style.BLUE, markerfacecolor=handle.get_markerfacecolor(),
            markeredgewidth=handle.get_markeredgewidth(), linestyle="none", zorder=4,
            clip_on=False,
        )  # fmt: skip
        text = f"{y:,}"
        if not pd.isna(row.Low):
            ax.plot([x, x], [int(row.Low), y], color=style.BLUE, linewidth=1.3, zorder=3)
            text = f"{row.Low:,}–{text}"
        px, py = ax.transData.transform((x, y)) * per_pixel
        marks.append((px - 4, py - 4, px + 4, py + 4))
        if (y, row.Date.year) not in seen:
            seen.add((y, row.Date.year))
            points.append((px, py, x, y, text))
    inside = ax.get_window_extent().extents * per_pixel
    for px, py, x, y, text in points:
        width, height = 5.0 * len(text), 9.0
        for dx, dy in (
            (-width / 2, 6), (7, -height / 2), (-width / 2, -6 - height),
            (-7 - width, -height / 2), (5, 3), (5, -3 - height),
        ):  # fmt: skip
            box = (px + dx, py + dy, px + dx + width, py + dy + height)
            # Two values in one line need a gap, or they are read as one.
            wide = (box[0] - 4, box[1], box[2] + 4, box[3])
            free = _clear(box, marks) and _clear(wide, values)
            if free and box[0] > inside[0] and box[2] < inside[2] and box[1] > inside[1]:
                break
        values.append(box)
        ax.annotate(
            text, (x, y), xytext=(dx + width / 2, dy + height / 2), textcoords="offset points",
            ha="center", va="center", fontsize=8, color=style.INK, zorder=5,
        )  # fmt: skip


# ------------------------------------------------------------------ the Pentagon's tables


BLIND = {"Uzbekistan": "k2-karshi-khanabad", "Kyrgyzstan": "manas-ganci"}
"""Countries of the two US bases, and the base in each."""


def pentagon() -> DataFrame:
    """September reports on Uzbekistan and Kyrgyzstan while the US bases were open there or later.

    The total is the grand total where the report gives one, else active duty.
    """
    table = data.load("us-troops-central-asia")
    rows = table[
        table["country"].isin(list(BLIND)) & table["date"].map(lambda when: when.month == 9)
    ]
    return DataFrame(
        {
            "Country": rows["country"],
            "Date": rows["date"],
            "Pentagon table": rows["grand_total"].fillna(rows["active_duty"]),
            "Counts": rows["grand_total"]
            .isna()
            .map({True: "active duty only", False: "with reserve and civilians"}),
            "sources": rows["sources"],
        }
    )


def bases_counted() -> DataFrame:
    """Head counts and the ceiling at K2 and Manas, for comparison with the Pentagon's tables."""
    rows = personnel()
    kinds = ["ceiling", "official figure", "reported"]
    chosen = [PANELS[site] for site in BLIND.values()]
    return rows[rows["Site"].isin(chosen) & rows["Kind"].isin(kinds)]


def pentagon_blind_spot(size: Size) -> Figure:
    """September figures as bars, figures on the base in the same country as markers."""
    wide = size == "wide"
    figure, axes = style.canvas(
        size, wide=3.9, narrow=6.6, nrows=1 if wide else 2, ncols=2 if wide else 1
    )
    table, counted = pentagon(), bases_counted()
    for ax, (country, site) in zip(axes.flat, BLIND.items()):
        part = table[table["Country"] == country]
        years = [when.year for when in part["Date"]]
        values = [int(value) for value in part["Pentagon table"]]
        ax.bar(years, values, width=0.7, color=style.SLATE, zorder=2)
        base = counted[counted["Site"] == PANELS[site]]
        for row in base.itertuples():
            handle = _kind_handle(row.Kind)
            at = [_decimal(row.Date.start_time)], [int(row.People)]
            # A rim, so that a mark is seen on a bar.
            ax.plot(*at, marker="o", markersize=10, color=style.PAPER, zorder=3)
            ax.plot(
                *at, linestyle="none",
                marker=handle.get_marker(), color=style.BLUE, zorder=4,
                markersize=handle.get_markersize(), markeredgewidth=handle.get_markeredgewidth(),
                markerfacecolor=handle.get_markerfacecolor(),
            )  # fmt: skip
        top = max([*values, *map(int, base["People"])])
        ax.set_ylim(0, top * 1.25)
        ax.yaxis.set_major_locator(MaxNLocator(nbins=5))
        ax.set_xlim(1999.3, 2015.9)
        ax.set_xticks(range(2000, 2016, 5))
        ax.yaxis.set_major_formatter("{x:,.0f}")
        ax.set_title(f"{country} and its US base", fontsize=9)
        ax.set_ylabel("People" if ax is axes.flat[0] or not wide else "")
        _label_bars(ax, country, dict(zip(years, values)), top)
        _label_marks(ax, base, before=min(_large(dict(zip(years, values))), default=2016))
        style.quiet(ax)
    figure.legend(
        handles=[
            Patch(facecolor=style.SLATE, label="Pentagon table, September, whole country"),
            *(_kind_handle(kind) for kind in ("ceiling", "official figure", "reported")),
        ],
        loc="outside lower left",
        ncols=2 if wide else 1,
        fontsize=8,
    )
    return figure


SMALL_BARS_AT = {"Uzbekistan": (2011.0, 0.45), "Kyrgyzstan": (2003.4, 0.6)}
"""Where each panel has room for a remark: year, share of the height."""


def _large(values: dict[int, int]) -> dict[int, int]:
    """The bars that can be seen as bars."""
    return {year: value for year, value in values.items() if value > 500}


def _label_marks(ax: Axes, figures: DataFrame, before: int) -> None:
    """Print the figures on a base above their marks, up to the year when bars take the room."""
    days = {(row.Date.year, int(row.People)): row.Date for row in figures.itertuples()}
    for (year, people), day in days.items():
        if year < before:
            ax.annotate(
                f"{people:,}", (_decimal(day.start_time), people), xytext=(0, 7),
                textcoords="offset points", ha="center", fontsize=8, color=style.BLUE, zorder=2,
                bbox=style.ground(0.5),
            )  # fmt: skip


def _label_bars(ax: Axes, country: str, values: dict[int, int], top: float) -> None:
    """Print large values on their bars, and in words what is too small for a bar to be seen."""
    large = _large(values)
    for year, value in large.items():
        ax.text(
            year, value + top * 0.015, f"{value:,}", ha="center", va="bottom", fontsize=8,
            color=style.INK, rotation=90, zorder=5, bbox=style.ground(0.5),
        )  # fmt: skip
    until = min(large, default=2006)
    small = {year: value for year, value in values.items() if year < until}
    absent = [str(year) for year in range(2001, until) if year not in small]
    text = (
        f"Pentagon table:\n{min(small.values())} to {max(small.values())} people"
        f"\nin {min(small)}–{max(small)}"
    )
    if absent:
        text += f"\n(no row for {', '.join(absent)})"
    x, y = SMALL_BARS_AT[country]
    ax.text(
        x, y, text, ha="center", va="center", fontsize=8, color=style.INK,
        transform=ax.get_xaxis_transform(), bbox=style.ground(1),
    )  # fmt: skip


# ------------------------------------------------------------------ turning points


HELPS, LIMITS, OTHER = "Moscow helps or accepts", "Moscow limits or objects", "other steps"
LANES = {
    HELPS: ("blue", "o"),
    LIMITS: ("orange", "s"),
    OTHER: ("slate", "D"),
}
TURNS: tuple[tuple[str, str, str], ...] = (
    ("putin-address-2001-09-24", HELPS, "Putin offers help and does not bar US use of airfields"),
    ("limits-of-2001-offer", LIMITS, "Limits: no US warplanes over Russia, aid flights only"),
    ("k2-base", OTHER, "US–Uzbek agreement on K2"),
    ("putin-backs-strikes-2001-10", HELPS, "Putin backs the strikes on Afghanistan"),
    ("manas-base", OTHER, "US base at Manas"),
    ("kant-base", OTHER, "Russia opens its own base at Kant, near Manas"),
    ("andijan-2005", OTHER, "Andijan: protesters shot, Uzbek–US break follows"),
    ("sco-astana-2005", LIMITS, "Astana: the SCO, with Putin, asks for an end date"),
    (
        "manas-order-2009",
        OTHER,
        "Kyrgyzstan orders Manas closed as Russia promises aid; relents in June",
    ),
    (
        "russia-us-air-transit-2009",
        HELPS,
        "Russia lets US troops and weapons fly across its territory",
    ),
    ("ulyanovsk-2012", HELPS, "Russia allows NATO transit through Ulyanovsk (ended in 2015)"),
    (
        "manas-closure-2014",
        LIMITS,
        "Manas closes, after long Russian pressure (Harriman Institute)",
    ),
    ("ryabkov-us-troops-2021", LIMITS, "Moscow calls a US return unacceptable"),
)
"""Fact, lane and label of each turning point; dates and sources come from the facts."""


def turning_points() -> DataFrame:
    """The turning points with their dates, full statements and sources, in order."""
    facts = evidence.cited_facts(fact for fact, _, _ in TURNS)
    rows = DataFrame(
        {
            "Date": facts["date"].to_list(),
            "Event": [label for _, _, label in TURNS],
            "Whose move": [lane for _, lane, _ in TURNS],
            "Statement": facts["statement"].to_list(),
            "sources": facts["sources"].to_list(),
        }
    )
    return rows.sort_values("Date", key=lambda dates: dates.map(lambda when: when.start_time))


def turning_points_chart(size: Size) -> Figure:
    """One line per event, in order; its column and marker say whose move it was."""
    rows = turning_points()
    wide = size == "wide"
    figure, ax = style.canvas(size, wide=4.9, narrow=7.3)
    columns = dict(zip(LANES, (1.0, 1.45, 1.9) if wide else (1.5, 1.8, 2.1)))
    text_at = 2.3 if wide else 2.4
    for x in columns.values():
        ax.axvline(x, color=style.GRID, linewidth=1, zorder=0)
    for y, row in enumerate(rows.itertuples(index=False)):
        when, event, lane = row[0], row[1], row[2]
        colour, marker = LANES[lane]
        ax.plot(
            [columns[lane]], [y], marker=marker, markersize=8, linestyle="none",
            color=style.COLOURS[colour][0], zorder=3,
        )  # fmt: skip
        ax.text(0, y, spoken(when), va="center", fontsize=8 if not wide else 9, color=style.MUTED)
        ax.text(
            text_at, y, textwrap.fill(event, 72 if wide else 31), va="center",
            fontsize=9 if wide else 8, color=style.INK,
        )  # fmt: skip
    ax.set_xlim(0, 7.2 if wide else 5.4)
    ax.set_ylim(len(rows) - 0.4, -0.6)
    ax.axis("off")
    figure.legend(
        handles=[
            style.key(marker, style.COLOURS[colour][0], lane, markersize=8)
            for lane, (colour, marker) in LANES.items()
        ],
        loc="outside lower left",
        ncols=3 if wide else 1,
        fontsize=8.5 if wide else 8,
    )  # fmt: skip
    return figure


# ------------------------------------------------------------------ numbers of the prose


def _figures_of(site: str, day: str, kind: str) -> DataFrame:
    """Rows of ``base-personnel`` on a site, a date (as in the table) and a kind of figure."""
    table = data.load("base-personnel")
    return table[
        (table["site"] == site) & (table["date"].map(str) == day) & (table["kind"] == kind)
    ]


def _declare_bases(year: int) -> None:
    """Derived number: bases of the US, Germany and France open in a year."""

    @number(
        f"ca-coalition-bases-{year}",
        f"Bases of the United States, Germany and France in Central Asia that were open at some "
        f"time in {year}, in the table central-asia-sites (transit points and sites that were "
        "only offered do not count).",
        "central-asia-sites",
        rows=lambda: _coalition_bases(),
    )
    def _count() -> int:
        return len(in_use(year))


def _coalition_bases() -> DataFrame:
    table = sites()
    return table[(table["use"] == "base") & table["user_group"].isin(COALITION)]


for _one in TWIN_YEARS:
    _declare_bases(_one)


@number(
    "ca-russian-sites-2026",
    "Russian military sites in Kyrgyzstan and Tajikistan listed as open in the table "
    "central-asia-sites, of all sizes, garrisons of the 201st base one by one.",
    "central-asia-sites",
    rows=lambda: in_use(2026, ["Russia"]),
)
def _russian_sites() -> int:
    return len(in_use(2026, ["Russia"]))


@number(
    "ca-offered-not-used",
    "Airfields offered to the United States or inspected by it in 2001 and 2002 that did not "
    "become a base, in the table central-asia-sites.",
    "central-asia-sites",
    rows=lambda: _offered(),
)
def _offered_count() -> int:
    return len(_offered())


def _offered() -> DataFrame:
    table = sites()
    return table[table["use"] == "offered or inspected"]


@number(
    "ca-k2-official-2005",
    "US personnel at K2 on 1 August 2005 by an official figure, in the table base-personnel.",
    "base-personnel",
    rows=lambda: _figures_of("k2-karshi-khanabad", "2005-08-01", "official figure"),
)
def _k2_official() -> int:
    return int(
        _figures_of("k2-karshi-khanabad", "2005-08-01", "official figure")["personnel"].iloc[0]
    )


@number(
    "ca-k2-reported-2005",
    "US personnel at K2 in July 2005 by a press report, in the table base-personnel.",
    "base-personnel",
    rows=lambda: _figures_of("k2-karshi-khanabad", "2005-07", "reported"),
)
def _k2_reported() -> int:
    return int(_figures_of("k2-karshi-khanabad", "2005-07", "reported")["personnel"].iloc[0])


@number(
    "ca-manas-2005",
    "People at Manas in July 2005: the official figure and that of a party newspaper, in the "
    "table base-personnel.",
    "base-personnel",
    rows=lambda: pd.concat(
        [
            _figures_of("manas-ganci", "2005-07-05", "official figure"),
            _figures_of("manas-ganci", "2005-07", "reported"),
        ]
    ),
)
def _manas_2005() -> tuple[float, ...]:
    official = _figures_of("manas-ganci", "2005-07-05", "official figure")
    reported = _figures_of("manas-ganci", "2005-07", "reported")
    return (float(official["personnel"].iloc[0]), float(reported["personnel"].iloc[0]))
