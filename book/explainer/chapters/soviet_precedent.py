"""Chapter 6: Soviet ties with Palestinian groups and their limits, and how Hamas differs."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass

import pandas as pd
from markupsafe import Markup
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from pandas import DataFrame

from explainer import charts, data, evidence, style
from explainer.derived import number
from explainer.evidence import joined, numbers_in, sources_of_facts
from explainer.figure import Framed
from explainer.style import Size
from explainer.words import spoken, spoken_month


def _says(fact: str, source: str) -> str:
    """What one source of a fact says, in our words.

    Raises ``KeyError`` if the fact does not cite the source.
    """
    for citation in evidence.current().facts[fact].citations:
        if citation.source.id == source:
            return citation.says
    raise KeyError(f"fact {fact} does not cite {source}")


# ------------------------------------------------------------------ timeline

CONTACT, ARMS, STATUS = "contact or talks", "arms or training", "recognition or status"
ATTACK, LIMIT, DETENTE = "attack", "condemnation or limit", "detente"

COLUMNS = {
    CONTACT: (style.BLUE, "o", "contact or talks"),
    ARMS: (style.ORANGE, "^", "arms or training (hollow: second-hand)"),
    STATUS: (style.TEAL, "s", "recognition or status"),
    ATTACK: (style.PURPLE, "X", "attack or hijacking"),
    LIMIT: (style.OCHRE, "D", "limit or reservation (hollow: aimed at Israel)"),
}
"""Kinds of event in the order of their columns: colour, marker, words of the legend."""

SECOND_HAND = {
    "1970-03": "files summarised by a journalist",
    "1972-04-21": "catalogue entry, document not seen",
    "1974-12": "press report",
    "1979-07-24": "press report",
    "1980": "Israeli military sources in a press report",
}
"""How each entry on arms or training is known; none rests on an official text that we read."""

CARRIED = {
    "1968-07": (
        "Egyptian accounts say the Soviets were wary of Arafat",
        "arafat-first-moscow-1968",
    ),
    "1970-02": (
        "no direct aid so far; to be received by a non-governmental committee",
        "arafat-1970-no-direct-aid-before",
    ),
    "1974-04-23": (
        "the KGB claimed a negative attitude to terror in principle",
        "andropov-letter-april-1974",
    ),
    "1974-07-30": (
        "the hosts said at length that they did not support the destruction of Israel",
        "arafat-1974-visit-limits",
    ),
}
"""Limits or reservations that belong to a contact, and the fact that records them."""

SHOWN = {"1968-07": "Summer 1968", "1974-07-30": "Jul–Aug 1974"}
"""Dates in words where sources differ on the day, or where talks ran over several days."""

SHORT = {
    "1967": "USSR breaks off relations with Israel after the war of June 1967",
    "1968": "KGB begins secret contact with Haddad of the PFLP",
    "1968-07": "Nasser brings Arafat to Moscow; hosts are wary",
    "1970-02": "Arafat in Moscow; press: no direct aid so far",
    "1970-03": "KGB ship hands over arms near Aden, receiver not named",
    "1970-08": "PFLP abducts a US academic; KGB complicit, one book says",
    "1970-09-06": "PFLP hijacks several airliners, two flown to Jordan",
    "1972-04-21": "Romanian telegram on shipments to the PLO",
    "1972-05-26": "Détente: SALT I and ABM Treaty signed in Moscow",
    "1972-05-30": "Lod airport, Japanese Red Army for the PFLP: 26 killed",
    "1972-09-05": "Munich Olympics, Black September: 11 athletes killed",
    "1972-09-26": "Gromyko at the UN: acts such as Munich cannot be condoned",
    "1974-04-23": "Andropov on Haddad’s plans; KGB: against terror in principle",
    "1974-05-15": "Maalot school, DFLP: 31 dead, 25 of them hostages",
    "1974-07-30": "Arafat in Moscow: office agreed, destruction of Israel rejected",
    "1974-12": "Press: direct arms pipeline to the PLO through Latakia, Syria",
    "1975-08-01": "Détente: Helsinki Final Act signed by 35 states",
    "1976": "PLO office opens in Moscow",
    "1976-06-27": "Entebbe hijacking, by Haddad’s wing and a German group",
    "1976-07": "USSR condemns the Israeli rescue at Entebbe",
    "1978-03": "Arafat meets Brezhnev, Kosygin and Gromyko in Moscow",
    "1978-03-11": "Coastal Road, Fatah: 38 civilians killed",
    "1979-07-24": "Press: hundreds train in the USSR, some at Simferopol",
    "1980": "Tanks reach the PLO from Eastern Europe, Israeli sources say",
    "1981-10-20": "PLO office is told it gets diplomatic status",
    "1988-04-09": "Gorbachev tells Arafat that Israel must be recognised",
    "1988-11-18": "USSR recognises the proclamation of a Palestinian state",
    "1990-01-10": "Moscow lets the PLO mission become an embassy",
    "1991-10": "USSR and Israel restore relations",
}
"""The events of the table soviet-timeline, shortened for the picture, by date."""

AGAINST_ISRAEL = "1976-07"
"""The one condemnation in the table that is aimed at Israel and limits no Palestinian group."""


def events() -> DataFrame:
    """Dated events without assessments of later writers, oldest first as in the table.

    ``limit`` is the limit that goes with an event of another kind, ``known`` how an entry on arms
    is known; ``date`` is the partial ISO date.

    Raises ``ValueError`` if the table and the short texts have parted.
    """
    rows = data.load("soviet-timeline")
    rows = rows.assign(date=rows["date"].map(str), kind=rows["kind"].astype("string"))
    rows = rows[rows["kind"] != "assessment"].reset_index(drop=True)
    if set(rows["date"]) != set(SHORT):
        raise ValueError(f"dates without text or event: {set(rows['date']) ^ set(SHORT)}")
    if set(rows.loc[rows["kind"] == ARMS, "date"]) != set(SECOND_HAND):
        raise ValueError("an entry on arms has no word on how it is known")
    return rows.assign(
        limit=[CARRIED[day][0] if day in CARRIED else "" for day in rows["date"]],
        known=[SECOND_HAND.get(day, "") for day in rows["date"]],
        sources=[
            joined([ids, sources_of_facts([CARRIED[day][1]])]) if day in CARRIED else ids
            for day, ids in zip(rows["date"], rows["sources"], strict=True)
        ],
    )


def timeline_table() -> dict[str, DataFrame]:
    """The rows drawn, and the assessments of the table that are not drawn."""
    rows = events()
    rows = rows.assign(date=rows["date"].replace(SHOWN))
    names = {"limit": "limit that goes with it", "known": "evidence on arms"}
    order = ["date", "kind", "event", "parties", *names, "sources"]
    assessments = data.load("soviet-timeline").query("kind == 'assessment'")
    return {
        "Drawn": rows[order].rename(columns=names),
        "Later assessments, not drawn": assessments,
    }


def _kind(kind: str) -> DataFrame:
    """The events of one kind."""
    rows = events()
    return rows[rows["kind"] == kind]


def _between_markers() -> DataFrame:
    """Contacts and entries on arms between the two markers of détente."""
    rows = events()
    start, end = rows.index[rows["kind"] == DETENTE]
    rows = rows.loc[start:end]
    return rows[rows["kind"].isin([CONTACT, ARMS])]


def timeline_title() -> str:
    """The finding of :func:`timeline_chart`."""
    contacts = _kind(CONTACT)
    return (
        "Soviet–Palestinian ties ran through détente, with limits to "
        f"{(contacts['limit'] != '').sum()} of {len(contacts)} contacts; all {len(SECOND_HAND)} "
        "entries on arms or training are second-hand"
    )


def _when(day: str, size: Size) -> str:
    """A partial date in words; phones do without the day."""
    if day in SHOWN:
        return SHOWN[day] if size == "wide" else SHOWN[day].replace(" ", "\n")
    return spoken(pd.Period(day)) if size == "wide" else spoken_month(pd.Period(day))


def timeline_chart(size: Size) -> Figure:
    """One row per event in order of time; the column of its mark is its kind, or its limit."""
    rows = events()
    wide = size == "wide"
    texts = [
        SHORT[day] if wide else textwrap.fill(SHORT[day], 29, break_on_hyphens=False)
        for day in rows["date"]
    ]
    first, more = (1.0, 0.62) if wide else (1.15, 0.66)
    heights = [first + more * text.count("\n") for text in texts]
    ends = pd.Series(heights).cumsum()
    middles = ends - pd.Series(heights) / 2
    figure, ax = style.canvas(size, wide=7.4, narrow=12.0)
    style.bare(ax)
    top, bottom = rows.index[rows["kind"] == DETENTE]
    ax.axhspan(ends[top] - heights[top], ends[bottom], facecolor=(style.PALE_BLUE, 0.4))
    places = {kind: column for column, kind in enumerate(COLUMNS)}
    for column in places.values():
        ax.vlines(column, 0, ends.iloc[-1], color=style.GRID, linewidth=0.8, zorder=0.5)
    for row, text, middle in zip(rows.itertuples(), texts, middles, strict=True):
        bold = "bold" if row.kind == DETENTE else "normal"
        ax.text(
            -0.75,
            middle,
            _when(row.date, size),
            ha="right",
            va="center",
            fontsize=8,
            linespacing=1.1,
        )
        ax.text(
            4.75, middle, text, va="center", fontsize=8.5 if wide else 8, fontweight=bold,
            linespacing=1.1,
        )  # fmt: skip
        marks = [] if row.kind == DETENTE else [row.kind]
        if row.limit:
            # The thin line says that both marks belong to one event.
            ax.hlines(middle, places[row.kind], places[LIMIT], color=style.LINE, linewidth=0.8)
            marks.append(LIMIT)
        for kind in marks:
            colour, marker, _ = COLUMNS[kind]
            hollow = row.date in SECOND_HAND or row.date == AGAINST_ISRAEL
            ax.plot(
                places[kind], middle, marker, color=colour, markersize=6.5, markeredgewidth=1.4,
                markerfacecolor=style.PAPER if hollow else colour,
            )  # fmt: skip
    ax.set_ylim(ends.iloc[-1] + 0.2, -0.2)
    ax.set_xlim(*((-4.6, 22.5) if wide else (-5.2, 17.6)))
    figure.legend(
        handles=[
            style.key(
                marker, colour, words,
                markerfacecolor=style.PAPER if kind == ARMS else colour, markeredgewidth=1.4,
            )
            for kind, (colour, marker, words) in COLUMNS.items()
        ]
        + [Patch(facecolor=(style.PALE_BLUE, 0.4), label="between the two détente markers")],
        loc="outside upper left",
        ncols=2 if wide else 1,
        fontsize=8,
        handletextpad=0.4,
    )  # fmt: skip
    return figure


# ------------------------------------------------------------------ deaths in factional fighting


@dataclass(frozen=True)
class Count:
    """One published count of people killed; its numbers must stand in what the source says."""

    part: str
    counter: str
    period: str
    deaths: int
    fact: str
    source: str
    civilians: int | None = None
    at_least: bool = False


BEFORE, BATTLE, YEAR = "Before the June battle", "The battle of June 2007", "The whole of 2007"
_EARLIER = (
    "hamas-fatah-2006-2007-toll",
    "reliefweb-2007-06-06-factional-battles-kill-616-palestinians",
)
_JUNE = "june-2007-tolls-compared"

COUNTS = (
    Count(BEFORE, "Palestinian rights commission", "2006", 345, *_EARLIER),
    Count(BEFORE, "Palestinian rights commission", "January to May 2007", 271, *_EARLIER),
    Count(
        BATTLE, "UN office OCHA", "June 2007", 188, _JUNE,
        "united-nations-2007-06-humanitarian-monitor-no-14",
    ),
    Count(
        BATTLE, "PCHR", "7 to 14 June 2007", 161, _JUNE,
        "electronic-intifada-2007-infighting-claimed-lives-161", civilians=41,
    ),
    Count(
        BATTLE, "Al Mezan", "10 to 17 June 2007", 160, _JUNE,
        "reliefweb-2007-06-casualties-toll-rises-opt", civilians=45,
    ),
    Count(
        BATTLE, "B’Tselem", "June 2007", 160, _JUNE,
        "btselem-severe-human-rights-violations-inter-palestinian",
    ),
    Count(
        BATTLE, "Red Cross (via Wikipedia)", "week to 15 June 2007", 118, _JUNE,
        "wikipedia-battle-gaza-2007", at_least=True,
    ),
    Count(
        YEAR, "B’Tselem", "2007", 353, _JUNE,
        "btselem-severe-human-rights-violations-inter-palestinian", at_least=True,
    ),
)  # fmt: skip
"""Counts by counter and period. They overlap and must not be added up."""


def tolls() -> DataFrame:
    """One row per count.

    Raises ``ValueError`` if a number does not stand in the citation that it is taken from.
    """
    for count in COUNTS:
        known = numbers_in(_says(count.fact, count.source))
        for value in (count.deaths, count.civilians):
            if value is not None and value not in known:
                raise ValueError(f"{count.counter}: {value} is not in the citation")
    return DataFrame(
        {
            "part": [count.part for count in COUNTS],
            "counted by": [count.counter for count in COUNTS],
            "period": [count.period for count in COUNTS],
            "killed": pd.array([count.deaths for count in COUNTS], dtype="Int64"),
            "of them civilians": pd.array([count.civilians for count in COUNTS], dtype="Int64"),
            "at least": [count.at_least for count in COUNTS],
            "sources": [count.source for count in COUNTS],
        }
    )


def tolls_title() -> str:
    """The finding of :func:`tolls_chart`."""
    facts = evidence.current().facts
    earlier = facts["hamas-fatah-2006-2007-toll"].values[0]
    june = facts["june-2007-tolls-compared"].values
    return (
        f"Palestinian factional fighting: {earlier:.0f} dead from January 2006 to May 2007, then "
        f"{min(june):.0f} to {max(june):.0f} in June 2007 by four counts"
    )


def tolls_chart(size: Size) -> Figure:
    """A bar per count in three groups; the hatched part of a bar is civilians."""
    wide = size == "wide"
    figure, ax = style.canvas(size, wide=4.3, narrow=5.8)
    style.quiet(ax, grid="x")
    ax.spines["left"].set_visible(False)
    level, part = 0.0, ""
    step = 1.0 if wide else 1.5
    for count in COUNTS:
        if count.part != part:
            level += 0.15 if part and wide else 0.0
            part = count.part
            ax.text(0, level, part, fontweight="bold", fontsize=9, va="center")
            level += 0.85 if wide else 1.25
        colour = style.PALE_BLUE if count.at_least else style.BLUE
        rest = count.deaths - (count.civilians or 0)
        ax.barh(
            level, rest, height=0.56, color=colour, edgecolor=style.BLUE, linewidth=0.8,
            linestyle="--" if count.at_least else "-",
        )  # fmt: skip
        if count.civilians:
            ax.barh(
                level, count.civilians, left=rest, height=0.56, color=style.ORANGE, hatch="////",
                edgecolor=style.PAPER, linewidth=0.4,
            )  # fmt: skip
        value = f"at least {count.deaths}" if count.at_least else f"{count.deaths}"
        if count.civilians:
            value += f", {count.civilians} of them civilians"
        ax.text(count.deaths + 5, level, value, fontsize=8.5 if wide else 8, va="center")
        if wide:
            ax.text(
                -6, level, f"{count.counter}, {count.period}", ha="right", va="center", fontsize=8.5
            )
        else:
            ax.text(0, level - 0.36, f"{count.counter}, {count.period}", va="bottom", fontsize=8)
        level += step
    ax.set_ylim(level - step + 0.7, -0.7)
    ax.set_yticks([])
    ax.set_xlim(0, 430 if wide else 480)
    ax.set_xticks([0, 100, 200, 300])
    ax.set_xlabel("people killed")
    return figure


# ------------------------------------------------------------------ roots and ideology

GROUPS = ("Hamas", "Fatah", "PFLP", "DFLP")
NOT_RECORDED = "Not recorded"


def _seats(name: str) -> str:
    """Seats of a list in the election of 2006."""
    rows = data.load("election-2006")
    return f"{rows.loc[rows['list'] == name, 'seats_total'].item()} of {rows['seats_total'].sum()}"


def comparison() -> DataFrame:
    """What the facts of this book record on four groups; a gap is called so, not filled."""
    seats = data.load("election-2006")["sources"].iloc[0]
    rows = [
        (
            "Roots and outlook",
            "Islamist; the Muslim Brotherhood in Palestine, by its covenant of 1988; its document "
            "of 2017 was debated as dropping that link",
            "Secular nationalist; for a democratic, secular state",
            "Marxism-Leninism",
            "Marxism-Leninism",
            sources_of_facts(["ideology-contrast"]),
        ),
        (
            "Ties with Soviet Moscow",
            NOT_RECORDED,
            "Its leader Arafat received from 1968; members in courses near Simferopol, by a press "
            "report of 1979",
            "Secret KGB contact with Haddad from 1968; members in courses near Simferopol, by a "
            "press report of 1979",
            NOT_RECORDED,
            joined(
                [
                    sources_of_facts(["arafat-first-moscow-1968", "kgb-haddad-contact-1968"]),
                    "jta-1979-07-24-ussr-training-palestinian-terrorists",
                ]
            ),
        ),
        (
            "An attack named in this book",
            "7 October 2023 in Israel: about 1,200 killed, nearly 250 people taken hostage",
            "Coastal Road, 1978: 38 civilians killed, 13 of them children",
            "Lod airport, 1972, by the Japanese Red Army on its behalf: 26 killed",
            "Maalot, 1974: 25 hostages killed, 22 of them children",
            sources_of_facts(["deaths-7-october", "attacks-during-detente"]),
        ),
        (
            "Seats won in the election of 2006",
            _seats("Change and Reform (Hamas)"),
            _seats("Fatah"),
            _seats("Martyr Abu Ali Mustafa (PFLP)"),
            NOT_RECORDED,
            seats,
        ),
    ]
    return DataFrame(rows, columns=["aspect", *GROUPS, "sources"])


def _cell(words: str) -> Markup:
    """A table cell; gaps are set apart by italics."""
    return Markup("<td><em>{}</em></td>" if words == NOT_RECORDED else "<td>{}</td>").format(words)


def comparison_figure(*, name: str, title: str, alt: str, caveat: str) -> Framed:
    """The comparison as a table to read: groups side by side, on phones below each other."""
    rows = comparison()
    head = charts.repeated('<th scope="col">{}</th>', ("Aspect", *GROUPS))
    lines, blocks = Markup(""), Markup("")
    for row in rows.to_dict("records"):
        aspect = row["aspect"]
        cells = Markup("").join(_cell(row[group]) for group in GROUPS)
        lines += Markup('<tr><th scope="row">{}</th>{}</tr>').format(aspect, cells)
        blocks += Markup('<tbody><tr><th colspan="2" scope="rowgroup">{}</th></tr>').format(aspect)
        for group in GROUPS:
            blocks += Markup('<tr><th scope="row">{}</th>{}</tr>').format(group, _cell(row[group]))
        blocks += Markup("</tbody>")
    body = Markup(
        '<div class="figure-wide"><table class="reading"><thead><tr>{}</tr></thead>'
        "<tbody>{}</tbody></table></div>"
        '<div class="figure-narrow"><table class="reading-stack">{}</table></div>'
    ).format(head, lines, blocks)
    return charts.show_table(
        body, name=name, title=title, alt=alt, caveat=caveat, tables={"Groups": rows}
    )


# ------------------------------------------------------------------ numbers of the prose


@number(
    "soviet-contacts",
    "Contacts or talks in the table soviet-timeline that came with a limit or reservation, by the "
    "facts on each; and all contacts or talks of the table.",
    "soviet-timeline",
    rows=lambda: _kind(CONTACT),
)
def _contacts() -> tuple[float, ...]:
    rows = _kind(CONTACT)
    return int((rows["limit"] != "").sum()), len(rows)


@number(
    "soviet-arms-entries",
    "Entries of the kind arms or training in the table soviet-timeline.",
    "soviet-timeline",
    rows=lambda: _kind(ARMS),
)
def _arms() -> int:
    return len(_kind(ARMS))


@number(
    "soviet-within-detente",
    "Contacts and entries on arms in the table soviet-timeline from 26 May 1972 to 1 August 1975.",
    "soviet-timeline",
    rows=_between_markers,
)
def _within() -> int:
    return len(_between_markers())


MAALOT = ("attacks-during-detente", "calendarz-massacre-de-maalot")
COASTAL_ROAD = ("attacks-during-detente", "israel-ministry-defense-coastal-road-massacre")


@number(
    "soviet-maalot",
    "Hostages killed at Maalot on 15 May 1974, how many of them were children, and all dead, as "
    "the source of the fact attacks-during-detente gives them.",
    "citations",
    rows=lambda: DataFrame({"sources": [MAALOT[1]]}),
)
def _maalot() -> tuple[float, ...]:
    return tuple(numbers_in(_says(*MAALOT)))


@number(
    "soviet-coastal-road",
    "Attackers, civilians killed and children among them in the Coastal Road attack of "
    "11 March 1978, as the source of the fact attacks-during-detente gives them.",
    "citations",
    rows=lambda: DataFrame({"sources": [COASTAL_ROAD[1]]}),
)
def _coastal_road() -> tuple[float, ...]:
    return tuple(numbers_in(_says(*COASTAL_ROAD)))


@number(
    "soviet-june-civilians",
    "Dead and civilians among them in the fighting of June 2007, by the two counters that tell "
    "civilians apart: PCHR (7 to 14 June) and Al Mezan (10 to 17 June).",
    "citations",
    rows=lambda: tolls().query("`of them civilians`.notna()"),
)
def _june_civilians() -> tuple[float, ...]:
    rows = tolls().query("`of them civilians`.notna()")
    return tuple(float(value) for value in rows[["killed", "of them civilians"]].to_numpy().flat)
