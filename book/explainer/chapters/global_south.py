"""Chapter 10: votes at the United Nations, opinion polls and rival readings of Russia's aims."""

from __future__ import annotations

import pandas as pd
from markupsafe import Markup
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle
from pandas import DataFrame, Series

from explainer import charts, data, maps, style
from explainer.derived import number
from explainer.figure import Framed
from explainer.style import Size
from explainer.words import spoken, spoken_month

UKRAINE, GAZA = "ES-11/1", "ES-10/21"
"""The two texts compared: March 2022 on the invasion, October 2023 on the truce in Gaza."""

VOTES = {"Y": "yes", "A": "abstained", "N": "no", "X": "did not vote"}
"""Votes in the order in which the pictures show them."""

# ------------------------------------------------------------------ two votes, state by state

PAIRS = {
    ("Y", "Y"): "both",
    ("A", "Y"): "truce only",
    ("N", "Y"): "truce, against Ukraine's text",
    ("Y", "A"): "Ukraine only",
    ("Y", "N"): "Ukraine, against the truce",
}
OTHER = "other"
"""Votes on Ukraine and on Gaza that the map tells apart; what remains is :data:`OTHER`."""

FILLS = {
    "both": maps.Fill("blue", "deplored the invasion, backed the truce"),
    "truce only": maps.Fill("ochre", "abstained on Ukraine, backed the truce", hatch="////"),
    "truce, against Ukraine's text": maps.Fill(
        "orange", "no on Ukraine, backed the truce", hatch="xxxx"
    ),
    "Ukraine only": maps.Fill("pale_blue", "deplored the invasion, abstained on the truce"),
    "Ukraine, against the truce": maps.Fill(
        "purple", "deplored the invasion, no to the truce", hatch="\\\\\\\\"
    ),
    OTHER: maps.Fill("slate", "did not vote once or twice, or abstained on both", hatch="----"),
}


def two_votes() -> DataFrame:
    """One row per UN member: its vote on Ukraine, its vote on Gaza, and the class of the pair."""
    calls = data.load("roll-calls")
    calls = calls.assign(vote=calls["vote"].astype("string"))
    ukraine, gaza = (
        calls[calls["resolution"] == name].set_index("iso3") for name in (UKRAINE, GAZA)
    )
    gaza = gaza.loc[ukraine.index]
    return DataFrame(
        {
            "country": ukraine["country"],
            "on Ukraine, 2 March 2022": ukraine["vote"].map(VOTES),
            "on Gaza, 27 October 2023": gaza["vote"].map(VOTES),
            "class": [
                PAIRS.get(pair, OTHER) for pair in zip(ukraine["vote"], gaza["vote"], strict=True)
            ],
            "sources": ukraine["sources"] + " " + gaza["sources"],
        }
    )


def states() -> DataFrame:
    """The rows of the world map, by class and name."""
    order = {name: rank for rank, name in enumerate(FILLS)}
    rows = two_votes().reset_index(names="code")
    return rows.sort_values(
        ["class", "country"], key=lambda column: column.map(order).fillna(column)
    )


def world_map(size: Size) -> Figure:
    """Every state by its two votes."""
    figure, ax = maps.canvas(size, "world")
    handles = maps.choropleth(
        ax, "world", two_votes()["class"], FILLS, missing="no vote: territory or observer"
    )
    maps.draw_legend(ax, handles)
    return figure


def matrix() -> DataFrame:
    """Number and names of states for each pair of votes that occurs."""
    rows = two_votes()
    pair = ["on Ukraine, 2 March 2022", "on Gaza, 27 October 2023"]
    cells = rows.groupby(pair, sort=False)["country"].agg(
        states="size", names=lambda names: ", ".join(sorted(names))
    )
    order = [(first, second) for first in VOTES.values() for second in VOTES.values()]
    cells = cells.reindex([key for key in order if key in cells.index]).reset_index()
    return cells.assign(sources=rows["sources"].iloc[0])


def matrix_title() -> str:
    """The finding of :func:`matrix_chart`."""
    votes = two_votes()
    kinds = votes["class"].value_counts()
    deplored = int((votes.iloc[:, 1] == "yes").sum())
    return (
        f"{kinds['both']} of the {deplored} states that deplored the invasion of Ukraine backed "
        f"the Gaza truce; so did {kinds['truce only']} that had abstained"
    )


def matrix_chart(size: Size) -> Figure:
    """Rows: the vote on Ukraine. Columns: the vote on Gaza. A tile's area is its number."""
    cells = matrix()
    figure, ax = style.canvas(size, wide=4.3, narrow=3.5)
    style.quiet(ax, grid="none")
    words = list(VOTES.values())
    most = cells["states"].max()
    for ukraine, gaza, count in cells[cells.columns[:3]].itertuples(index=False):
        column, row = words.index(gaza), words.index(ukraine)
        side = 0.94 * (count / most) ** 0.5
        with_russia = gaza == "yes"
        ax.add_patch(
            Rectangle(
                (column - side / 2, row - side / 2), side, side,
                facecolor=style.PALE_ORANGE if with_russia else style.PALE_BLUE,
                edgecolor=style.ORANGE if with_russia else style.BLUE,
                linewidth=1,
            )
        )  # fmt: skip
        beside = side < 0.3
        ax.text(
            column + (side / 2 + 0.05 if beside else 0), row, str(count),
            ha="left" if beside else "center", va="center",
            fontsize=11 if size == "wide" else 9.5, fontweight="bold",
        )  # fmt: skip
    for row, word in enumerate(words):
        for column, other in enumerate(words):
            if not ((cells.iloc[:, 0] == word) & (cells.iloc[:, 1] == other)).any():
                ax.text(column, row, "0", ha="center", va="center", color=style.MUTED, fontsize=9)
    votes = two_votes()
    totals = [[int((votes[name] == word).sum()) for word in words] for name in votes.columns[1:3]]
    ax.set_xticks(range(4), [f"{w}\n{n}" for w, n in zip(words, totals[1], strict=True)])
    ax.set_yticks(range(4), [f"{w}\n{n}" for w, n in zip(words, totals[0], strict=True)])
    ax.tick_params(labelsize=9 if size == "wide" else 8, labelcolor=style.INK)
    ax.xaxis.tick_top()
    ax.xaxis.set_label_position("top")
    ax.set_xlabel("Gaza truce, 27 October 2023 (Russia: yes)", fontsize=8.5, labelpad=10)
    ax.set_ylabel("Ukraine, 2 March 2022 (Russia: no)", fontsize=8.5)
    ax.set_xlim(-0.55, 3.55)
    ax.set_ylim(3.55, -0.55)
    ax.set_aspect("auto" if size == "wide" else "equal")
    for line in (0.5, 1.5, 2.5):
        ax.axhline(line, color=style.GRID, linewidth=0.7, zorder=0)
        ax.axvline(line, color=style.GRID, linewidth=0.7, zorder=0)
    return figure


# ------------------------------------------------------------------ Ukraine, by group of states

MAIN = {
    "ES-11/1": "Mar 2022",
    "ES-11/4": "Oct 2022",
    "ES-11/6": "Feb 2023",
    "ES-11/7": "Feb 2025",
    "ES-11/10": "Feb 2026",
}
"""Texts on the invasion itself, by the date at which they are drawn."""

YEARLY = {
    "76/179": "Dec 2021",
    "77/229": "Dec 2022",
    "78/221": "Dec 2023",
    "79/184": "Dec 2024",
}
"""The yearly text on human rights in territory that Russia occupies."""

GROUPS = {
    "All UN members": None,
    "Africa": "african_union",
    "Latin America, Caribbean": "latin_america_caribbean",
    "Arab League": "arab_league",
}

SERIES = {"the invasion": MAIN, "rights in occupied areas": YEARLY}

BARS = {
    "yes": (style.BLUE, ""),
    "abstained": (style.PALE_BLUE, "////"),
    "no": (style.ORANGE, "xxxx"),
    "did not vote": (style.PAPER, ""),
}
"""Fill and hatch of each part of a bar."""

BESIDE = {"no": (106, "no"), "did not vote": (122, "did not\nvote")}
"""Parts that are often narrower than their number: where, right of a bar that ends at 100, the
number stands instead, and the head of that column of numbers."""


def ukraine_votes() -> DataFrame:
    """Yes, abstention, no and absence by text and group; the 2026 text has world totals only."""
    calls = data.load("roll-calls")
    calls = calls.assign(vote=calls["vote"].astype("string").map(VOTES))
    groups = data.load("country-groups").set_index("iso3")
    texts = data.load("resolutions").set_index("resolution")
    rows = []
    for series, names in SERIES.items():
        for group, column in GROUPS.items():
            members = groups.index if column is None else groups.index[groups[column]]
            for name, label in names.items():
                text = texts.loc[name]
                votes = calls[(calls["resolution"] == name) & calls["iso3"].isin(members)]
                counts = votes["vote"].value_counts()
                if votes.empty:
                    if column is not None:
                        continue
                    counts = Series(
                        {"yes": text["yes"], "abstained": text["abstain"], "no": text["no"]}
                    )
                    counts["did not vote"] = len(members) - counts.sum()
                rows.append(
                    {
                        "texts on": series,
                        "resolution": name,
                        "date": text["date"],
                        "label": label,
                        "subject": text["subject"],
                        "group": group,
                        "members": len(members),
                        **{word: int(counts.get(word, 0)) for word in VOTES.values()},
                        "sources": text["sources"]
                        if column is None
                        else f"{text['sources']} {groups['sources'].iloc[0]}",
                    }
                )
    return DataFrame(rows)


def ukraine_table() -> DataFrame:
    """What a reader sees of :func:`ukraine_votes`."""
    return ukraine_votes().drop(columns="label")


def _bars(ax: Axes, rows: DataFrame, labels: list[str]) -> None:
    """One bar per text, in percent of the group's members, with the counts in and beside it."""
    style.quiet(ax, grid="none")
    known = rows.set_index("label")
    for level, label in enumerate(labels):
        if label not in known.index:
            ax.text(
                1, level, "votes by state not found", va="center", fontsize=8, color=style.MUTED
            )
            continue
        left = 0.0
        for word, (colour, hatch) in BARS.items():
            count = int(known.at[label, word])
            share = 100 * count / int(known.at[label, "members"])
            ax.barh(
                level, share, left=left, height=0.78, color=colour, hatch=hatch,
                edgecolor=style.LINE if word == "did not vote" else style.PAPER, linewidth=0.6,
            )  # fmt: skip
            if word in BESIDE or count:
                ax.text(
                    BESIDE[word][0] if word in BESIDE else left + share / 2, level, str(count),
                    ha="center", va="center", fontsize=8,
                    color=style.PAPER if word == "yes" else style.INK,
                    bbox=style.ground(1) if hatch and word not in BESIDE else None,
                )  # fmt: skip
            left += share
    ax.set_xlim(0, 130)
    ax.set_xticks([])
    ax.set_yticks(range(len(labels)), labels, fontsize=8)
    ax.set_ylim(len(labels) - 0.5, -0.5)


def ukraine_chart(size: Size) -> Figure:
    """Small multiples: a row for each group, a column for each series (stacked on a phone)."""
    rows = ukraine_votes()
    wide = size == "wide"
    order = [(group, series) for group in GROUPS for series in SERIES]
    if not wide:
        order = [(group, series) for series in SERIES for group in GROUPS]
    figure, panels = style.canvas(
        size, wide=7.0, narrow=11.4,
        nrows=len(GROUPS) if wide else len(order), ncols=2 if wide else 1,
        **({} if wide else {"height_ratios": [len(SERIES[series]) for _, series in order]}),
    )  # fmt: skip
    # Else the last number of the left half and a date of the right half read as one.
    figure.get_layout_engine().set(wspace=0.1)
    for ax, (group, series) in zip(panels.flat, order, strict=True):
        chosen = rows[(rows["group"] == group) & (rows["texts on"] == series)]
        labels = list(SERIES[series].values())
        _bars(ax, chosen, labels)
        ax.set_title(f"{group} ({chosen['members'].iloc[0]})", fontsize=9, loc="left")
        if group == next(iter(GROUPS)):
            # An empty line keeps the second half apart from the first on a phone.
            gap = "" if wide or ax is panels.flat[0] else "\n"
            ax.annotate(
                f"{gap}Texts on {series}", (0, 1), xycoords="axes fraction", xytext=(0, 24),
                textcoords="offset points", fontsize=11.5, fontweight="bold",
            )  # fmt: skip
            for x, head in BESIDE.values():
                ax.annotate(
                    head, (x, 1), xycoords=("data", "axes fraction"), xytext=(0, 3),
                    textcoords="offset points", ha="center", fontsize=8, linespacing=1,
                )  # fmt: skip
    figure.legend(
        handles=[
            Patch(
                facecolor=colour, hatch=hatch, linewidth=0.6, label=word,
                edgecolor=style.LINE if word == "did not vote" else style.PAPER,
            )
            for word, (colour, hatch) in BARS.items()
        ],
        loc="outside lower left",
        ncols=4 if wide else 2,
        fontsize=8.5,
    )  # fmt: skip
    return figure


# ------------------------------------------------------------------ agreement with Russia

LINES = {
    "arab_league": ("Arab League", style.ORANGE, "o", "-"),
    "african_union": ("Africa", style.BLUE, "s", "--"),
    "latin_america_caribbean": ("Latin America, Caribbean", style.PURPLE, "^", "-."),
    "united_states": ("United States", style.SLATE, "D", ":"),
}
"""Name, colour, marker and dash of each line."""

MEASURES = {
    "agree_with_russia_pct": "All recorded votes",
    "agree_contested_only_pct": "Contested votes only",
}

INVASION, WAR = 76, 78
"""Sessions of the Assembly in which Russia invaded Ukraine and in which the Gaza war began."""

FIRST_YEAR = 1945
"""Session n begins in September of this year plus n."""


def agreement() -> DataFrame:
    """Agreement with Russia by group and session, in percent."""
    rows = data.load("russia-agreement")
    rows = rows.assign(group=rows["group"].astype("string"))
    rows = rows[rows["group"].isin(LINES)]
    years = rows["window_start"].dt.year
    return DataFrame(
        {
            "group": rows["group"].map({key: look[0] for key, look in LINES.items()}),
            "session": rows["ga_session"],
            "years": [f"{year}/{(year + 1) % 100:02d}" for year in years],
            "agreement, percent": rows["agree_with_russia_pct"],
            "recorded votes": rows["n_russia_votes"],
            "agreement on contested votes, percent": rows["agree_contested_only_pct"],
            "contested votes": rows["n_contested_votes"],
            "states": rows["countries_in_mean"],
            "sources": rows["sources"],
        }
    )


def agreement_chart(size: Size) -> Figure:
    """Two panels of lines, the invasion and the Gaza war marked."""
    rows = agreement()
    wide = size == "wide"
    figure, panels = style.canvas(
        size, wide=4.0, narrow=6.6,
        **({"ncols": 2, "sharey": True} if wide else {"nrows": 2, "sharex": True}),
    )  # fmt: skip
    columns = ("agreement, percent", "agreement on contested votes, percent")
    for ax, column, head in zip(panels, columns, MEASURES.values(), strict=True):
        style.quiet(ax)
        for name, colour, marker, dash in LINES.values():
            line = rows[rows["group"] == name]
            values = line[column].astype(float)
            ax.plot(line["session"], values, dash, color=colour, marker=marker, markersize=4.5)
        for session, word in ((INVASION, "invasion of\nUkraine"), (WAR, "Gaza\nwar")):
            ax.axvline(session, color=style.MUTED, linewidth=0.9, linestyle=(0, (3, 2)), zorder=0)
            ax.text(
                session - 0.15, 1.5, word, fontsize=8, color=style.MUTED, ha="right", va="bottom"
            )
        ax.set_title(head, fontsize=9)
        ax.set_ylim(0, 80)
        sessions = sorted(rows["session"].unique())
        ax.set_xticks(sessions[::2], [str(FIRST_YEAR + each) for each in sessions[::2]])
        ax.tick_params(labelbottom=True)
        if wide or ax is panels[-1]:
            ax.set_xlabel("session that began in September")
        if not wide or ax is panels[0]:
            ax.set_ylabel("votes like Russia’s, percent")
    figure.legend(
        handles=[
            Line2D([], [], color=colour, marker=marker, linestyle=dash, label=label)
            for label, colour, marker, dash in LINES.values()
        ],
        loc="outside lower left",
        ncols=4 if wide else 2,
        fontsize=8.5,
    )
    return figure


# ------------------------------------------------------------------ polls

ARAB_VIEWS = "Very or somewhat favourable view of Russia"
GAZA_ROLE = (
    "Rates the position of the country on the Gaza war as good or very good"
    " (average of 16 Arab countries)"
)
BEST_ABLE = "Which power is best equipped to help resolve the war between Israel and Hamas"
APPROVAL = "Approves of the job performance of the leadership of Russia (median across countries)"
APPROVAL_OTHERS = (
    "Approves of the job performance of the leadership of the named country"
    " (median across countries)"
)


def _polls(*questions: str) -> DataFrame:
    rows = data.load("polls")
    rows = rows[rows["question"].isin(questions)]
    return rows.assign(
        fieldwork=[
            _between(start, end)
            for start, end in zip(rows["date_start"], rows["date_end"], strict=True)
        ],
        value_type=rows["value_type"].astype("string"),
    )


def _between(start: object, end: object) -> str:
    """Fieldwork as month and year, or as a range of months."""
    first = spoken_month(start)
    if pd.isna(end) or spoken_month(end) == first:
        return first
    last = spoken_month(end)
    if start.year == end.year:
        first = start.strftime("%b")
    return f"{first}–{last}"


def arab_views() -> DataFrame:
    """Arab Barometer: favourable views of Russia, two waves."""
    return _polls(ARAB_VIEWS)


def gaza_role() -> DataFrame:
    """Arab Center: whose position on the Gaza war was rated good."""
    return _polls(GAZA_ROLE)


def best_able() -> DataFrame:
    """Al-Monitor and Premise: who could best help to resolve the war."""
    return _polls(BEST_ABLE)


def african_approval() -> DataFrame:
    """Gallup: approval of leaderships, median of African countries."""
    rows = _polls(APPROVAL, APPROVAL_OTHERS)
    return rows[rows["country"] == "Africa (median)"]


def poll_tables() -> dict[str, DataFrame]:
    """The rows of each panel under the question asked."""
    columns = [
        "pollster", "country", "fieldwork", "question", "about", "value", "value_type", "note",
        "sources",
    ]  # fmt: skip
    tables = {
        "Position on the Gaza war rated good": gaza_role(),
        "Favourable view of Russia": arab_views(),
        "Best equipped to help resolve the war": best_able(),
        "Approval of leaderships in Africa": african_approval(),
    }
    return {heading: rows[columns] for heading, rows in tables.items()}


SHORT = {"United States": "US", "Palestinian territories": "Palestinians"}

POWERS = {
    "Russia": ("D", style.ORANGE),
    "China": ("^", style.SLATE),
    "United States": ("s", style.SLATE),
}
"""Marker and colour of a power, the same in every panel; the others have a dot."""


def _percent_axis(ax: Axes, title: str) -> None:
    style.quiet(ax, grid="x")
    # Right of 100 there is room for what stands beside a mark.
    ax.set_xlim(0, 125)
    ax.set_xticks([0, 25, 50, 75, 100], ["0", "25", "50", "75", "100 %"], fontsize=8)
    ax.set_title(title, fontsize=8.5)


def _powers(ax: Axes, rows: DataFrame, title: str, at_least: str = "") -> None:
    """A mark for each power, largest first."""
    rows = rows.sort_values("value", ascending=False)
    for level, row in enumerate(rows.itertuples()):
        russia = row.about == "Russia"
        marker, colour = POWERS.get(row.about, ("o", style.SLATE))
        ax.plot(row.value, level, marker, color=colour, markersize=7)
        sign = ">" if row.about == at_least else ""
        ax.annotate(
            f"{sign}{row.value:g}", (row.value, level), xytext=(7, 0), textcoords="offset points",
            va="center", fontsize=8, fontweight="bold" if russia else "normal",
        )  # fmt: skip
    ax.set_yticks(
        range(len(rows)), [SHORT.get(about, about) for about in rows["about"]], fontsize=8.5
    )
    ax.set_ylim(len(rows) - 0.4, -0.6)
    _percent_axis(ax, title)


def _views(ax: Axes) -> None:
    """Arab Barometer: the dot of 2023-24 and, where a change was reported, that of 2021-22."""
    rows = arab_views()
    late = rows[rows["value_type"] == "reported"].sort_values("value", ascending=False)
    early = rows[rows["value_type"] == "derived"].set_index("country")["value"]
    for level, row in enumerate(late.itertuples()):
        if row.country in early:
            before = float(early[row.country])
            ax.plot(
                before, level, "o", markerfacecolor=style.PAPER, markeredgecolor=style.ORANGE,
                markersize=6.5,
            )  # fmt: skip
            ax.annotate(
                f"{before:g}", (before, level), xytext=(-7, 0), textcoords="offset points",
                va="center", ha="right", fontsize=8,
            )  # fmt: skip
        ax.plot(row.value, level, "D", color=style.ORANGE, markersize=7)
        ax.annotate(
            f"{row.value:g} · {row.fieldwork}", (row.value, level), xytext=(7, 0),
            textcoords="offset points", va="center", fontsize=8,
        )  # fmt: skip
    ax.set_yticks(
        range(len(late)), [SHORT.get(name, name) for name in late["country"]], fontsize=8.5
    )
    ax.set_ylim(len(late) - 0.4, -0.6)
    _percent_axis(ax, "Favourable view of Russia\nArab Barometer; hollow dots: 2021–22")


def _approval(ax: Axes) -> None:
    """Gallup in Africa, a row for each year; of two marks side by side one stands higher."""
    rows = african_approval()
    rows = rows.assign(year=[day.year for day in rows["date_start"]])
    years = sorted(rows["year"].unique())
    beside = {"xytext": (7, 0), "ha": "left", "va": "center"}
    before = {"xytext": (-7, 0), "ha": "right", "va": "center"}
    for level, year in enumerate(years):
        group = rows[rows["year"] == year]
        others = group.loc[group["about"] != "Russia", "value"]
        for row in group.itertuples():
            marker, colour = POWERS[row.about]
            russia = row.about == "Russia"
            at = level if russia else level - 0.22 if row.value == others.max() else level + 0.22
            ax.plot(row.value, at, marker, color=colour, markersize=7)
            ax.annotate(
                f"{SHORT.get(row.about, row.about)} {row.value:g}", (row.value, at),
                textcoords="offset points", fontsize=8, fontweight="bold" if russia else "normal",
                **(before if russia and len(others) else beside),
            )  # fmt: skip
    ax.set_yticks(range(len(years)), [str(year) for year in years], fontsize=8.5)
    ax.set_ylim(len(years) - 0.4, -0.6)
    _percent_axis(ax, "Approval of leaderships\nGallup, median of African countries")


def polls_chart(size: Size) -> Figure:
    """Four panels, one for each question: they do not share an axis."""
    wide = size == "wide"
    figure, panels = style.canvas(
        size, wide=5.6, narrow=9.4,
        **(
            {"nrows": 2, "ncols": 2, "height_ratios": (7, 5)}
            if wide
            else {"nrows": 4, "height_ratios": (5, 7, 3, 5)}
        ),
    )  # fmt: skip
    figure.get_layout_engine().set(h_pad=0.1)
    role, views, able, approval = panels.flat
    _powers(
        role, gaza_role(),
        "Position on the Gaza war rated good\n16 Arab countries, Dec 2023–Jan 2024",
    )  # fmt: skip
    _views(views)
    _powers(
        able, best_able(),
        "Best equipped to help resolve the war\nAl-Monitor/Premise, 4 countries, Mar 2024",
        at_least="United States",
    )  # fmt: skip
    _approval(approval)
    return figure


# ------------------------------------------------------------------ rival explanations

FAMILIES = {
    "Standing, not chaos": (
        "for C03",
        "for C03 (predates the war)",
        "for the no-chaos half of C03",
        "partly for C03, adds a domestic motive",
    ),
    "Disorder and distraction": (
        "against C03",
        "qualifies C03: effects of chaos, not a plan for it",
        "qualifies C03",
    ),
    "Other motives": (
        "rival explanation: Iran and anti-US alignment",
        "rival explanation: ideology",
        "rival explanation: bilateral",
        "both for and beyond C03",
        "rival audience: Washington and Russians rather than the South",
    ),
    "Status as a theory": ("for the status reading of C19", "caution on C19", "qualifies C19"),
    "What came of it": (
        "against C28 as a working strategy",
        "against C28 as an outcome",
        "qualifies the failure reading",
    ),
}
"""Families of readings, by the words with which the table says what each bears on."""

ARTICLE = "Milan Czerny; Dan Storyev"
"""The proponents of the reading that is the article's own."""


def explanations() -> DataFrame:
    """Every reading found, by family and date.

    Raises ``ValueError`` if the table holds a bearing that no family names.
    """
    rows = data.load("rival-explanations")
    family = {bearing: name for name, bearings in FAMILIES.items() for bearing in bearings}
    if odd := sorted(set(rows["bearing"]) - set(family)):
        raise ValueError(f"bearings without a family: {', '.join(odd)}")
    order = {name: rank for rank, name in enumerate(FAMILIES)}
    rows = rows.assign(
        family=rows["bearing"].map(family),
        date=[_said(day, note) for day, note in zip(rows["date"], rows["date_note"], strict=True)],
    )
    rows = rows.sort_values("family", key=lambda names: names.map(order), kind="stable")
    keep = ["family", "explanation", "proponent", "publisher", "date", "evidence", "bearing"]
    names = {"evidence": "what is said", "bearing": "bearing on claim"}
    return rows[[*keep, "sources"]].rename(columns=names)


def _said(day: object, note: object) -> str:
    """A date as exact as it is known, with the remark on how it was fixed."""
    words = "undated"
    if not pd.isna(day):
        words = spoken(day, full=True)
    return words if pd.isna(note) else f"{words} ({note})"


READING, WHO = Markup("<strong>{}.</strong> {}"), Markup("<strong>{}</strong>, {}, {}")
"""The two cells of a reading: what is said, and who said it where and when."""


def explanations_figure(*, name: str, title: str, alt: str, caveat: str) -> Framed:
    """The readings as tables to read, one for each family, in the book's frame.

    The families that the article sets against each other are open, the others unfold. The
    frame adds the full table with every column and its download.
    """
    rows = explanations()
    opened = list(FAMILIES)[:2]
    parts = []
    for family, group in rows.groupby("family", sort=False):
        cells = (
            (
                READING.format(row["explanation"], row["what is said"]),
                WHO.format(row["proponent"], row["publisher"], row["date"]),
            )
            for row in group.to_dict("records")
        )
        table = charts.table(("Reading, and what is said", "Who, where, when"), cells, first=58)
        parts.append(charts.folded(family, table, count=len(group), unfolded=family in opened))
    body = Markup("").join(parts)
    return charts.show_table(
        body, name=name, title=title, alt=alt, caveat=caveat, tables={"Readings": rows}
    )


# ------------------------------------------------------------------ numbers of the prose


def _both_votes_sources() -> DataFrame:
    calls = data.load("roll-calls")
    return calls[calls["resolution"].isin([UKRAINE, GAZA])]


def _pair(ukraine: str, gaza: str) -> DataFrame:
    rows = two_votes()
    return rows[(rows.iloc[:, 1] == ukraine) & (rows.iloc[:, 2] == gaza)]


@number(
    "south-deplored-then-abstained",
    "States that voted for ES-11/1 on Ukraine and abstained on ES-10/21 on Gaza.",
    "roll-calls",
    rows=_both_votes_sources,
)
def _deplored_then_abstained() -> int:
    return len(_pair("yes", "abstained"))


@number(
    "south-deplored-then-against",
    "States that voted for ES-11/1 on Ukraine and against ES-10/21 on Gaza.",
    "roll-calls",
    rows=_both_votes_sources,
)
def _deplored_then_against() -> int:
    return len(_pair("yes", "no"))


@number(
    "south-others-deplored",
    "States that voted for ES-11/1 on Ukraine among those that did not vote for ES-10/21 on Gaza.",
    "roll-calls",
    rows=_both_votes_sources,
)
def _others_deplored() -> tuple[int, int]:
    votes = two_votes()
    others = votes[votes.iloc[:, 2] != "yes"]
    return int((others.iloc[:, 1] == "yes").sum()), len(others)


@number(
    "south-g77-of-both",
    "States that voted for both texts and belong to the Group of 77 and China.",
    "roll-calls",
    "country-groups",
    rows=lambda: pd.concat([_both_votes_sources(), data.load("country-groups")])[["sources"]],
)
def _g77_of_both() -> int:
    groups = data.load("country-groups").set_index("iso3")["g77_and_china"]
    return int(groups.loc[_pair("yes", "yes").index].sum())


def _agreement(group: str, session: int) -> DataFrame:
    rows = data.load("russia-agreement")
    return rows[(rows["group"] == group) & (rows["ga_session"] == session)]


@number(
    "south-africa-agreement",
    "Mean agreement of African states with Russia in recorded Assembly votes, in percent, in the"
    " sessions of 2021/22, 2022/23, 2023/24 and 2024/25.",
    "russia-agreement",
)
def _africa_agreement() -> tuple[float, ...]:
    return tuple(
        float(_agreement("african_union", session)["agree_with_russia_pct"].iloc[0])
        for session in (76, 77, 78, 79)
    )


def _ukraine_cell(group: str, resolution: str, word: str) -> int:
    rows = ukraine_votes()
    return int(rows[(rows["group"] == group) & (rows["resolution"] == resolution)][word].iloc[0])


def _main_texts() -> DataFrame:
    rows = ukraine_votes()
    return rows[rows["resolution"].isin(["ES-11/6", "ES-11/7"])]


@number(
    "south-africa-yes",
    "African states that voted for the texts on Ukraine of February 2023 (ES-11/6) and of"
    " February 2025 (ES-11/7).",
    "roll-calls",
    "country-groups",
    rows=_main_texts,
)
def _africa_yes() -> tuple[int, int]:
    return tuple(_ukraine_cell("Africa", name, "yes") for name in ("ES-11/6", "ES-11/7"))


@number(
    "south-africa-no",
    "African states that voted against the texts on Ukraine of February 2023 (ES-11/6) and of"
    " February 2025 (ES-11/7).",
    "roll-calls",
    "country-groups",
    rows=_main_texts,
)
def _africa_no() -> tuple[int, int]:
    return tuple(_ukraine_cell("Africa", name, "no") for name in ("ES-11/6", "ES-11/7"))


@number(
    "south-explanations",
    "Readings of Russia's aims or results in the table rival-explanations.",
    "rival-explanations",
)
def _explanations() -> int:
    return len(data.load("rival-explanations"))


@number(
    "south-explanations-standing-others",
    "Readings for standing, not chaos, other than the article's own, and how many of them are "
    "older than the war in Gaza.",
    "rival-explanations",
)
def _standing_others() -> tuple[int, int]:
    rows = data.load("rival-explanations")
    rows = rows[rows["bearing"].isin(FAMILIES["Standing, not chaos"])]
    others = rows[rows["proponent"] != ARTICLE]
    older = others["bearing"].str.contains("predates") | others["date_note"].str.contains(
        "before 2023", na=False
    )
    return len(others), int(older.sum())


@number(
    "south-explanations-standing-disorder",
    "Readings in the two families that the article sets against each other: standing, not chaos;"
    " and disorder and distraction.",
    "rival-explanations",
)
def _standing_disorder() -> tuple[int, int]:
    counts = explanations()["family"].value_counts()
    standing, disorder = list(FAMILIES)[:2]
    return int(counts[standing]), int(counts[disorder])
