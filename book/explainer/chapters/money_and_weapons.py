"""Chapter 5: the sums named for crypto and Palestinian groups, and what is known of the arms."""

from __future__ import annotations

import textwrap
from typing import NamedTuple

import pandas as pd
from markupsafe import Markup
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator
from pandas import DataFrame, Period, Series

from explainer import charts, data, evidence, style
from explainer.derived import number
from explainer.figure import Framed
from explainer.style import Size
from explainer.words import spoken

ARTICLE = "moscow-times-2023-10-30-why-russia-hamas-are-growing"


def _agrees(text: str, fact: str) -> str:
    """The text, if its numbers and dates are those of the fact: the rule of the prose.

    Raises ``ValueError`` otherwise.
    """
    if fault := evidence.disagreement(text, evidence.current().facts[fact]):
        raise ValueError(f"{fact}: {text!r} {fault}")
    return text


# ------------------------------------------------------------------ the sums

NO_FIGURE = "no figure in the texts found"


class Sum(NamedTuple):
    """A row of crypto-estimates, found by ``date``, ``group`` and ``kind`` (measure_group).

    ``measures`` is the heading under which it stands, ``what`` and ``who`` are its two lines
    of text. A row with ``open_ended`` has an amount in the table that is only a ceiling for a
    part of unknown size: it is drawn as a gap.
    """

    measures: str
    date: str
    group: str
    kind: str
    what: str
    who: str
    open_ended: bool = False


GARANTEX = "Sent through Garantex"
WALLETS = "Received by wallets, whoever owned them"
GAP_FACT = "wsj-nov-garantex-gaza-exchanges"
"""The one row that is no row of crypto-estimates: a link reported without any amount."""

SUMS = (
    Sum(GARANTEX, "2023-10-13", "Palestinian Islamic Jihad via Garantex", "received by wallets",
        "to Islamic Jihad: “a portion”", "WSJ citing Elliptic, 13 Oct 2023", True),
    Sum("One transfer, into Garantex", "2023-10", "Palestinian Islamic Jihad and Garantex",
        "single transfer", "from an Islamic Jihad wallet, in USDT",
        "ForkLog, a news site, Oct 2023"),
    Sum(WALLETS, "2023-10-10", "Palestinian Islamic Jihad", "received by wallets",
        "tied to Islamic Jihad, Aug 2021–Jun 2023", "WSJ citing Elliptic, 10 Oct 2023"),
    Sum(WALLETS, "2023-10-10", "Hamas", "received by wallets",
        "of Gaza exchanges, Aug 2021–Jun 2023", "WSJ citing the firm BitOK, 10 Oct 2023"),
    Sum(WALLETS, "2024-03-28", "Gaza Now", "received by wallets",
        "of pro-Hamas Gaza Now, to Mar 2024", "Chainalysis, 28 Mar 2024"),
    Sum("Two unlike sums, added up", "2023-10-17", "Hamas and PIJ together",
        "sum of unlike figures", "apparently $93m + $41m, called “raised”",
        "US lawmakers’ letter, 17 Oct 2023"),
    Sum("Through-flow of one firm, all customers", "2023-10-18",
        "unnamed suspected service provider", "through-flow of a service",
        "an unnamed provider, in 7.5 months", "Chainalysis, 18 Oct 2023"),
    Sum("Through-flow of one firm, all customers", "2023-10-18",
        "Buy Cash, Gaza (all customers, several groups)", "through-flow of a service",
        "Buy Cash in Gaza, since 2015", "Elliptic, 18 Oct 2023"),
    Sum("From one provider to one wallet", "2023-10-18", "known terror-affiliated wallet",
        "through-flow of a service", "out of that provider’s $82 million",
        "Chainalysis, 18 Oct 2023"),
    Sum("Exchanged between two groups", "2023-10-27", "PIJ and Hezbollah",
        "exchanged between groups", "Islamic Jihad and Hezbollah, since 2021",
        "WSJ correction, 27 Oct 2023"),
    Sum("Raised from donors in public", "2021-07-08", "Hamas (al-Qassam Brigades)", "donations",
        "Hamas’s Bitcoin appeal, to May 2021", "Elliptic, 8 Jul 2021"),
    Sum("Raised from donors in public", "2023-10-25", "Gaza Now (pro-Hamas outlet)", "donations",
        "Gaza Now, 7–25 Oct 2023", "Elliptic, 25 Oct 2023"),
    Sum("Seized, or ordered seized", "2022-01-02", "Gaza exchange tied to Hamas", "seized",
        "from a Gaza exchange (order)", "Israel’s Defence Ministry, Jan 2022"),
    Sum("Seized, or ordered seized", "2025-03-27", "Hamas", "seized",
        "a US seizure tied to Hamas", "US Justice Department, 27 Mar 2025"),
)  # fmt: skip


def _find(table: DataFrame, entry: Sum) -> Series:
    """The table's row of an entry.

    Raises ``KeyError`` if there is none, or more than one.
    """
    found = table[
        (table["date"].map(str) == entry.date)
        & (table["group"] == entry.group)
        & (table["measure_group"] == entry.kind)
    ]
    if len(found) != 1:
        raise KeyError(f"{len(found)} rows for {entry.group} on {entry.date}, expected one")
    return found.iloc[0]


def sums() -> DataFrame:
    """The sums drawn, under headings that say what each measures; US dollars.

    One of "at least" and "at most" is empty where the source gives a bound only, both are empty
    where it gives no figure. "In the mix-up" marks the five sums set against each other in
    October 2023 (``plot`` in the table).
    """
    table = data.load("crypto-estimates")
    out = []
    for entry in SUMS:
        row = _find(table, entry)
        out.append(
            {
                "measures": entry.measures,
                "what": entry.what,
                "who counted, when": entry.who,
                "at least": pd.NA if entry.open_ended else row["amount_low_usd"],
                "at most": pd.NA if entry.open_ended else row["amount_high_usd"],
                "period": row["period"],
                "in the mix-up": "yes" if row["plot"] else "no",
                "exactly": row["what_is_measured"],
                "sources": row["sources"],
            }
        )
    gap = evidence.cited_facts([GAP_FACT]).iloc[0]
    out.insert(
        1,
        {
            "measures": GARANTEX,
            "what": "to Gaza exchanges tied to Hamas",
            "who counted, when": f"WSJ, {spoken(gap['date'])}",
            "at least": pd.NA,
            "at most": pd.NA,
            "period": pd.NA,
            "in the mix-up": "no",
            "exactly": gap["statement"],
            "sources": gap["sources"],
        },
    )
    return DataFrame(out).astype({"at least": "Int64", "at most": "Int64"})


def _money(dollars: float) -> str:
    """Dollars as the book writes them on an axis: $450,000, $93 million."""
    if dollars >= 1e9:
        return f"${dollars / 1e9:g} billion"
    return f"${dollars / 1e6:g} million" if dollars >= 1e6 else f"${dollars:,.0f}"


def _bound(row: Series) -> tuple[str, float, str]:
    """Marker, position and label of a sum: a point, or a wedge towards where the sum may lie."""
    low, high = row["at least"], row["at most"]
    if pd.isna(low):
        return "<", float(high), f"up to {_money(high)}"
    if pd.isna(high):
        return ">", float(low), f"over {_money(low)}"
    return "o", float(low), _money(low)


GROUND = style.ground(0.8)
"""Behind words that would otherwise be crossed by a grid line."""

LEAST, MOST = 1e3, 3e9
"""Ends of the axis of sums in dollars; the room on the right is for the labels."""


def _sum_axis(ax: Axes) -> None:
    """A log scale from a thousand to a billion dollars, labelled at every second step."""
    ax.set_xscale("log")
    ax.set_xlim(LEAST, MOST)
    ax.xaxis.set_major_locator(LogLocator(base=10, numticks=8))
    ax.xaxis.set_minor_locator(NullLocator())
    # No label at the left end: it would stick out into the column of words.
    names = {1e4: "$10,000", 1e6: "$1 million", 1e8: "$100 million"}
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: names.get(round(value), "")))
    style.quiet(ax, grid="x")
    ax.set_yticks([])
    ax.spines["left"].set_visible(False)
    ax.set_xlabel("US dollars; each line is ten times the one before", fontsize=8.5)


def _draw_sum(ax: Axes, y: float, row: Series) -> None:
    """One sum with its label, or a hatched gap where no figure was found."""
    if pd.isna(row["at least"]) and pd.isna(row["at most"]):
        ax.barh(
            [y], [1e9 - LEAST], left=LEAST, height=0.5, facecolor="none", hatch="////",
            edgecolor=style.GRID, linewidth=0.7, zorder=1,
        )  # fmt: skip
        ax.text(
            1e6, y, NO_FIGURE, ha="center", va="center", fontsize=8.5, color=style.INK,
            bbox=GROUND,
        )  # fmt: skip
        return
    marker, at, label = _bound(row)
    mixed = row["in the mix-up"] == "yes"
    colour = style.ORANGE if mixed else style.BLUE
    ax.plot(
        [at], [y], marker=marker, markersize=8.5, linestyle="none", color=colour,
        markerfacecolor=colour if mixed else style.PAPER, markeredgewidth=1.5, zorder=3,
    )  # fmt: skip
    # Sums far to the right have their label on the left, inside the axis.
    right = at < 2e6
    ax.annotate(
        label, (at, y), xytext=(9 if right else -9, 0), textcoords="offset points",
        ha="left" if right else "right", va="center", fontsize=8.5, color=style.INK,
        fontweight="bold" if mixed else "normal",
        bbox=GROUND,
    )  # fmt: skip


def _sum_keys() -> list[Line2D]:
    """Legend: what the markers and the two colours mean."""
    return [
        style.key(
            "o", style.ORANGE, "one of the five sums mixed up in October 2023", markersize=8
        ),
        style.key(
            "o", style.BLUE, "other sums, for comparison", markersize=8,
            markerfacecolor=style.PAPER, markeredgewidth=1.5,
        ),
        style.key("<", style.SLATE, "up to this sum", markersize=8, markerfacecolor=style.PAPER),
        style.key(">", style.SLATE, "over this sum", markersize=8, markerfacecolor=style.PAPER),
    ]  # fmt: skip


def sums_chart(size: Size) -> Figure:
    """Dots on a log scale under headings of what is measured; nothing joins them."""
    return _sums_wide() if size == "wide" else _sums_narrow()


def _sums_wide() -> Figure:
    """Heading, two lines of text and the dot side by side."""
    rows = sums()
    figure, (words, ax) = style.canvas(
        "wide", wide=7.6, narrow=7.6, ncols=2, sharey=True, width_ratios=[1.42, 1]
    )
    figure.get_layout_engine().set(w_pad=0, wspace=0)
    y = 0.0
    for measures, group in rows.groupby("measures", sort=False):
        if y:
            for each in (words, ax):
                each.axhline(y - 0.5, color=style.LINE, linewidth=0.6, zorder=1)
        words.text(
            0, y, textwrap.fill(str(measures), 20), va="center", fontsize=8.5, fontweight="bold"
        )
        for _, row in group.iterrows():
            words.text(0.4, y - 0.19, row["what"], va="center", fontsize=8.5)
            words.text(
                0.4, y + 0.21, row["who counted, when"], va="center", fontsize=8,
                color=style.MUTED,
            )  # fmt: skip
            _draw_sum(ax, y, row)
            y += 1
    words.set_xlim(0, 1)
    words.axis("off")
    _sum_axis(ax)
    ax.set_ylim(y - 0.4, -0.6)
    figure.legend(handles=_sum_keys(), loc="outside lower left", ncols=2, fontsize=8.5)
    return figure


def _sums_narrow() -> Figure:
    """Heading, text and dot below each other."""
    rows = sums()
    figure, ax = style.canvas("narrow", wide=12.9, narrow=12.9)
    y = 0.0
    for measures, group in rows.groupby("measures", sort=False):
        if y:
            ax.axhline(y - 0.15, color=style.LINE, linewidth=0.6, zorder=1)
        y += 0.3
        ax.text(LEAST, y, str(measures), va="center", fontsize=8.5, fontweight="bold", bbox=GROUND)
        y += 0.52
        for _, row in group.iterrows():
            ax.text(LEAST, y, row["what"], va="center", fontsize=8, bbox=GROUND)
            ax.text(
                LEAST, y + 0.4, row["who counted, when"], va="center", fontsize=8,
                color=style.MUTED, bbox=GROUND,
            )  # fmt: skip
            _draw_sum(ax, y + 0.86, row)
            y += 1.62
    _sum_axis(ax)
    ax.set_ylim(y - 0.1, -0.1)
    figure.legend(handles=_sum_keys(), loc="outside lower left", ncols=1, fontsize=8)
    return figure


# ------------------------------------------------------------------ from report to takedown

REPORT = "report"
SPREAD = "repeated, added up or mixed up"
DOUBT = "doubted or corrected"
STEP = "orders, sanctions and closings"

LANES = {
    REPORT: (style.ORANGE, "o"),
    SPREAD: (style.PURPLE, "^"),
    DOUBT: (style.BLUE, "s"),
    STEP: (style.TEAL, "D"),
}
"""Colour and marker of each kind of event; which kind an event has is our reading."""


class Event(NamedTuple):
    """Something that happened to the claim: its words are checked against ``fact``.

    ``source`` is named where only one source of the fact, or no fact, tells of it; the date
    must then be the source's.
    """

    day: str
    lane: str
    words: str
    fact: str = ""
    source: str = ""


EVENTS = (
    Event("2023-07-04", STEP, "Israel orders 26 wallets tied to Islamic Jihad seized; Elliptic "
          "counts over $93.7 million in them, the group’s share unclear",
          "nbctf-pij-order-4-july-2023"),
    Event("2023-10-10", REPORT, "WSJ: wallets tied to Islamic Jihad received up to $93 million",
          "wsj-10-oct-93m-pij"),
    Event("2023-10-10", REPORT, "WSJ: $41 million for Hamas, later explained as what wallets of "
          "Gaza money exchanges received", "wsj-10-oct-41m-hamas-bitok"),
    Event("2023-10-13", REPORT, "WSJ: a portion of the $93 million came through Garantex; "
          "no figure", "wsj-garantex-13-oct-wording"),
    Event("2023-10-15", SPREAD, "UNIAN, a Ukrainian agency, retells it as money for Hamas",
          "trade-press-conflation", "unian-2023-10-15-financing-hamas-was-partly-through-russian"),
    Event("2023-10-17", SPREAD, "US lawmakers: Hamas and Islamic Jihad raised over $130 million",
          "lawmakers-letter-130m"),
    Event("2023-10-18", STEP, "US sanctions on the Gaza firm Buy Cash and on ten Hamas members "
          "and facilitators", "ofac-buy-cash-18-oct"),
    Event("2023-10-18", DOUBT, "Chainalysis warns of overestimates: of $82 million through one "
          "provider, $450,000 went to a terror-affiliated wallet", "chainalysis-82m-450k"),
    Event("2023-10-25", DOUBT, "Elliptic: no evidence that fundraising came near $130 million",
          "elliptic-25-oct-rebuttal"),
    Event("2023-10-27", DOUBT, "WSJ corrects: Islamic Jihad and Hezbollah may have exchanged up "
          "to $12 million", "wsj-correction-27-oct"),
    Event("2023-10-28", SPREAD, "Trade press: $12 million as a reduction of $93 million, $450,000 "
          "as part of it", "trade-press-conflation"),
    Event("2023-10-30", SPREAD, "The article: Hamas received millions through a Moscow exchange",
          source=ARTICLE),
    Event("2023-11-13", REPORT, "WSJ: Gaza exchanges that Israel ties to Hamas got funds from "
          "Garantex; no amount", "wsj-nov-garantex-gaza-exchanges"),
    Event("2024-02-14", DOUBT, "US Treasury: the numbers describe wallets, not sums for the "
          "groups", "treasury-nelson-feb-2024"),
    Event("2025-02-24", STEP, "EU lists Garantex", "garantex-eu-takedown-grinex"),
    Event("2025-03-06", STEP, "US, Germany and Finland take its sites and servers, "
          "freeze over $26 million", "garantex-eu-takedown-grinex"),
    Event("2025-08-14", STEP, "US sanctions on its successor, Grinex", "grinex-2025-2026"),
    Event("2026-04", STEP, "Grinex halts after reporting a theft of about $13.7 million",
          "grinex-2025-2026"),
)  # fmt: skip


def events() -> DataFrame:
    """The events in order, with the record that each rests on.

    Raises ``ValueError`` if a date or a number in an event's words is not in its record.
    """
    facts = evidence.cited_facts()
    dates = data.load("sources").set_index("id")["date"]
    says = data.load("citations").set_index(["fact", "source"])["says"]
    claim = data.claims().set_index("id").at["C14", "claim"]
    out = []
    for event in EVENTS:
        day = Period(event.day, freq="M" if len(event.day) == 7 else "D")
        if event.source and str(dates[event.source]) != event.day:
            raise ValueError(f"{event.source} is not of {event.day}")
        if event.fact and not event.source:
            _agrees(spoken(day, full=True), event.fact)
        if event.fact:
            _agrees(event.words, event.fact)
        statement = claim
        if event.fact:
            statement = facts.at[event.fact, "statement"]
            if event.source:
                statement = says[(event.fact, event.source)]
        out.append(
            {
                "date": day,
                "event": event.words,
                "kind": event.lane,
                "record": statement,
                "fact": event.fact or pd.NA,
                "sources": event.source or facts.at[event.fact, "sources"],
            }
        )
    return DataFrame(out)


def events_chart(size: Size) -> Figure:
    """One line per event, in order; its column and marker say of which kind it is."""
    rows = events()
    wide = size == "wide"
    figure, ax = style.canvas(size, wide=6.4, narrow=10.3)
    texts = [
        textwrap.fill(text, 80 if wide else 30, break_on_hyphens=False) for text in rows["event"]
    ]
    columns = dict(zip(LANES, (1.0, 1.2, 1.4, 1.6) if wide else (0.98, 1.16, 1.34, 1.52)))
    for x in columns.values():
        ax.axvline(x, color=style.GRID, linewidth=1, zorder=0)
    top, year = 0.0, None
    for row, text in zip(rows.itertuples(index=False), texts, strict=True):
        height = 1.0 + (0.4 if wide else 0.55) * text.count("\n")
        y = top + height / 2
        if year not in (None, row.date.year):
            ax.axhline(top, color=style.LINE, linewidth=0.6, linestyle=":", zorder=0)
        year = row.date.year
        colour, marker = LANES[row.kind]
        ax.plot(
            [columns[row.kind]], [y], marker=marker, markersize=7.5, linestyle="none",
            color=colour, zorder=3,
        )  # fmt: skip
        ax.text(0, y, spoken(row.date), va="center", fontsize=8.5 if wide else 8, color=style.MUTED)
        label = ax.text(
            columns[STEP] + 0.16, y, text, va="center", fontsize=8.5 if wide else 8,
            linespacing=1.1,
        )  # fmt: skip
        # Else the layout makes room for its bounds, and the rules of the years end early.
        label.set_in_layout(False)
        top += height
    ax.set_xlim(0, 7.2 if wide else 3.75)
    ax.set_ylim(top + 0.1, -0.1)
    ax.axis("off")
    figure.legend(
        handles=[
            style.key(marker, colour, kind, markersize=7)
            for kind, (colour, marker) in LANES.items()
        ],
        loc="outside lower left", ncols=2 if wide else 1, fontsize=8.5 if wide else 8,
    )  # fmt: skip
    return figure


# ------------------------------------------------------------------ arms


class Look(NamedTuple):
    """A report on the weapons themselves, or on pictures of them.

    ``russian`` says whether the text found names Russian-made items.
    """

    fact: str
    who: str
    origin: str
    route: str
    russian: str


class Word(NamedTuple):
    """What someone claimed, denied or judged, and what was shown for it."""

    fact: str
    who: str
    said: str
    shown: str


NAMED, NOT_NAMED = "yes", "no"

LOOKS = (
    Look("kornet-2011-school-bus", "Israel, on the missile that hit a school bus near Gaza",
         "A Kornet missile, made in Russia.",
         "Sold to Syria, then smuggled to Hamas, Israel said. Moscow had rejected such claims "
         "after the 2006 war.", NAMED),
    Look("ap-f7-north-korea", "The news agency AP, with arms experts of Small Arms Survey and ARES",
         "F-7 rocket-propelled grenades from North Korea, probably used on 7 October. Pyongyang "
         "denied it.",
         "Not in the text recorded; the outlet that relays AP says in its headline: through Iran.",
         NOT_NAMED),
    Look("idf-breakdown-26-oct", "An Israeli military official, anonymous, on recovered weapons",
         "Iran five to ten percent, North Korea ten percent, the rest Gaza. No Russian share "
         "named. A rough spoken estimate.",
         "Not stated.", NOT_NAMED),
    Look("ap-january-2024-arsenal", "AP, on over 150 videos and photos, with ARES",
         "Iran, China, Russia and North Korea. ARES: most are of Russian, Chinese or Iranian "
         "origin.",
         "AP could not show whether governments supplied them or the black market did.", NAMED),
    Look("nyt-israeli-munitions-2024", "The New York Times, citing officials",
         "Much of the explosive: Israel.",
         "Unexploded Israeli munitions and stolen Israeli stock.", NOT_NAMED),
    Look("idf-display-october-2024", "Israel’s army, showing what it seized; AP on the display",
         "About 70,000 items. AP noted some made in North Korea, Iran and Russia.",
         "Not stated: the country of manufacture only.", NAMED),
)  # fmt: skip

WORDS = (
    Word("baraka-kalashnikov-licence", "Ali Baraka, Hamas official, to the broadcaster RT",
         "Hamas has a Russian licence to make Kalashnikov bullets in Gaza.",
         "No document; we found no confirmation, from Moscow or from arms researchers."),
    Word("gur-trophy-weapons-claim", "Ukraine’s military intelligence (GUR)",
         "Russia handed Hamas US- and EU-made weapons captured in Ukraine.",
         "No weapon types and no proof in the texts seen. A party to the war with Russia."),
    Word("nrc-wagner-claim-2023", "A centre under Ukraine’s Special Operations Forces",
         "Men of the Russian company Wagner trained Hamas in Africa.",
         "No proof shown. A party to the war with Russia."),
    Word("israel-ambassadors-no-data", "Israel’s ambassadors in Moscow and Kyiv",
         "No data that Western weapons given to Ukraine had reached Hamas.",
         "Their word. It bears on weapons given to Ukraine only."),
    Word("us-no-sign-of-russian-role", "The White House (John Kirby)",
         "No sign that Russia was directly involved in the attack.",
         "His word. It bears on the attack, not on every arms channel."),
    Word("zakharova-denies-arms-2023-10-14", "The Russian Foreign Ministry (Zakharova)",
         "That Russia supplied Hamas or helped to make arms in Gaza is speculation.",
         "The accused party’s word."),
    Word("elkin-some-weapons-from-russia", "Zeev Elkin, Israeli member of parliament",
         "Some weapons came from Russia; unclear how, intentionally or through intermediaries.",
         "No proof; not an intelligence finding."),
    Word("al-jazeera-no-proof", "Experts asked by Al Jazeera",
         "No concrete proof of Russian supplies. Nikolay Mitrokhin: none of sizeable ones so far; "
         "some might emerge.", "Their judgement."),
    Word("abu-marzouk-no-request-2024", "Musa Abu Marzouk, Hamas, in Moscow",
         "Hamas does not ask Russia for military aid; Gaza makes its own close-combat arms.",
         "A party’s word."),
    Word("abu-marzouk-no-arms-2024-10", "Musa Abu Marzouk, Hamas, after talks in Moscow",
         "Hamas awaits political and humanitarian support, not arms.", "A party’s word."),
)  # fmt: skip

HEADS = {
    "who reported": "Who reported",
    "where made": "Where made",
    "by what route": "By what route",
    "who spoke": "Who spoke",
    "what was said": "What was said",
    "what was shown": "What was shown for it",
}
"""Columns that readers see in the figure, with their headings."""


def looks() -> DataFrame:
    """The reports on the weapons or on pictures of them, by date."""
    facts = evidence.cited_facts()
    return DataFrame(
        [
            {
                "date": spoken(facts.at[look.fact, "date"]),
                "who reported": _agrees(look.who, look.fact),
                "where made": _agrees(look.origin, look.fact),
                "by what route": _agrees(look.route, look.fact),
                "names Russian-made items": look.russian,
                "record": facts.at[look.fact, "statement"],
                "fact": look.fact,
                "sources": facts.at[look.fact, "sources"],
            }
            for look in LOOKS
        ]
    )


def words() -> DataFrame:
    """Claims, denials and judgements, by date."""
    facts = evidence.cited_facts()
    return DataFrame(
        [
            {
                "date": spoken(facts.at[word.fact, "date"]),
                "who spoke": _agrees(word.who, word.fact),
                "what was said": _agrees(word.said, word.fact),
                "what was shown": _agrees(word.shown, word.fact),
                "record": facts.at[word.fact, "statement"],
                "fact": word.fact,
                "sources": facts.at[word.fact, "sources"],
            }
            for word in WORDS
        ]
    )


CELL = Markup('<div role="cell"><span class="entry-label">{}</span>{}</div>')


def _entries(rows: DataFrame) -> Markup:
    """The rows as entries of three labelled cells; the first cell carries the date.

    The cells stand side by side where there is room, below each other on a phone.
    """
    first, *rest = [column for column in rows.columns if column in HEADS]
    lines = []
    for row in rows.to_dict("records"):
        head = Markup("<strong>{}</strong>").format(row[first])
        cells = CELL.format(row["date"], head)
        for column in rest:
            cells += CELL.format(HEADS[column], row[column])
        lines.append(cells)
    return Markup('<div role="table">{}</div>').format(
        charts.repeated('<div role="row" class="entry">{}</div>', lines)
    )


def arms_figure(*, name: str, title: str, alt: str, caveat: str) -> Framed:
    """Two lists to read: reports on the weapons, and who said what; the second unfolds.

    The frame adds both full tables with the recorded statements, and their downloads.
    """
    tables = {"Reports on the weapons": looks(), "What was claimed, denied or judged": words()}
    parts = [
        charts.folded(
            heading, _entries(rows), count=len(rows), unfolded=heading.startswith("Reports")
        )
        for heading, rows in tables.items()
    ]
    body = Markup("").join(parts)
    return charts.show_table(body, name=name, title=title, alt=alt, caveat=caveat, tables=tables)


# ------------------------------------------------------------------ numbers of the prose


@number(
    "money-sums-mixed",
    "Sums that were set against each other in October 2023 although they measure different "
    "things: rows of crypto-estimates marked to be drawn.",
    "crypto-estimates",
    rows=lambda: sums()[sums()["in the mix-up"] == "yes"],
)
def _mixed() -> int:
    return int((sums()["in the mix-up"] == "yes").sum())


@number(
    "money-arms-looks",
    "Reports found, from 2011 to 2024, on weapons of Hamas or on pictures of them, as listed in "
    "the figure of this chapter.",
    "facts",
    rows=looks,
)
def _looks() -> int:
    return len(looks())


@number(
    "money-arms-russian-made",
    "Reports among these that name Russian-made items.",
    "facts",
    rows=lambda: looks()[looks()["names Russian-made items"] == NAMED],
)
def _russian_made() -> int:
    return int((looks()["names Russian-made items"] == NAMED).sum())
