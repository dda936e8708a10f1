"""Chapter 11: the forecast scored, what came after October 2023, what time changed."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass

import pandas as pd
from markupsafe import Markup
from matplotlib.figure import Figure
from pandas import DataFrame

from explainer import charts, data, style
from explainer.chapters.balance import VOTES
from explainer.derived import number
from explainer.evidence import cited_facts, sources_of_facts
from explainer.figure import Framed
from explainer.style import Size
from explainer.words import VETOERS, day_and_month, spoken


def _dates(ids: str) -> str:
    """Months of the first and the last of these facts (ids parted by spaces)."""
    days = cited_facts(ids.split())["date"].map(_start)
    first, last = f"{days.min():%B %Y}", f"{days.max():%B %Y}"
    return first if first == last else f"{first} to {last}"


def _start(day: pd.Period) -> pd.Timestamp:
    """The first moment of a partial date."""
    return day.start_time


# ------------------------------------------------------------------ the forecast

AS_FORECAST = "● as forecast"
BEYOND = "◆ more than words"
ELSEWHERE = "◇ yes, but not to Hamas"
NO_PROOF = "◐ alleged, no proof found"
NOT_FOUND = "○ no record found"


@dataclass(frozen=True)
class Test:
    """One thing the forecast implies, what was found, and the facts (ids) that say so."""

    question: str
    result: str
    found: str
    facts: str


TESTS = (
    Test(
        "Did Russian weapons go to Hamas after October 2023?",
        NOT_FOUND,
        "Experts and the Associated Press saw no proof of supplies by a state. Russian-made arms "
        "were among those found; how they came to Gaza is not known.",
        "al-jazeera-no-proof ap-january-2024-arsenal idf-display-october-2024",
    ),
    Test(
        "Did Hamas ask for weapons?",
        AS_FORECAST,
        "Abu Marzouk said in June and in October 2024 that it did not. That is Hamas’s own word.",
        "hamas-asks-no-military-aid-2024 abu-marzouk-no-arms-2024-10",
    ),
    Test(
        "Was there military help before the article?",
        NO_PROOF,
        "A Hamas official spoke of a licence for ammunition; a Ukrainian centre said that Wagner "
        "men had trained Hamas. Both spoke before the article, so neither shows more help "
        "after it.",
        "baraka-licence-claim-2023 nrc-wagner-claim-2023",
    ),
    Test(
        "Did the Russian state pay Hamas?",
        NOT_FOUND,
        "Reports concern Garantex, a private crypto exchange. In November 2023 one said that Gaza "
        "money changers whom Israel links with Hamas had got funds from it, without an amount.",
        "wsj-nov-garantex-gaza-exchanges treasury-nelson-feb-2024",
    ),
    Test(
        "Did Russia send other help to Gaza?",
        ELSEWHERE,
        "About 800 tonnes of relief goods by October 2024, by Russia’s count, handed to the "
        "Egyptian Red Crescent.",
        "russian-gaza-relief-2024",
    ),
    Test(
        "Did Russia offer money for Gaza?",
        ELSEWHERE,
        "$1 billion from assets frozen in the United States, offered to the Board of Peace in "
        "January 2026; unfreezing needs US consent. No payment was found.",
        "board-of-peace-offer",
    ),
    Test(
        "Did the contacts bring anything but words?",
        BEYOND,
        "Hamas freed three Russian-Israelis outside the exchange lists in November 2023, crediting "
        "Putin. For Trufanov, freed in 2025, Israel’s envoy denied that Russian efforts were the "
        "reason.",
        "hostages-freed-nov-2023 trufanov-release-2025 trufanov-kremlin-2025",
    ),
    Test(
        "Did the rank of the talks rise?",
        AS_FORECAST,
        "Not by what was found. The foreign minister appeared once, at a meeting of many factions. "
        "No meeting with Putin was found, and no meeting at all after June 2025.",
        "putin-no-personal-contact intra-palestinian-meeting-2024 moscow-visit-2025-06",
    ),
    Test(
        "Did warm words go on?",
        AS_FORECAST,
        "Yes, both ways: Hamas thanked Russia, and Putin thanked Hamas in April 2025.",
        "haniyeh-congratulates-putin-2024 putin-thanks-hamas-2025 hamas-thanks-russia-2025-10",
    ),
)
"""What the forecast ("no more material help, rhetoric only") implies, one question each."""


def tests() -> DataFrame:
    """The forecast's implications with what was found, its dates and its sources."""
    return DataFrame(
        {
            "question": [test.question for test in TESTS],
            "result": [test.result for test in TESTS],
            "found": [test.found for test in TESTS],
            "dates of the facts": [_dates(test.facts) for test in TESTS],
            "sources": [sources_of_facts(test.facts.split()) for test in TESTS],
        }
    )


def forecast_title() -> str:
    """The finding of :func:`forecast_figure`."""
    return (
        f"The article's forecast in {len(TESTS)} questions: no public proof of Russian help to "
        "Hamas was found, but hostages came free"
    )


FOUND = Markup('<strong>{}.</strong> {} <span class="reading-aside">Facts dated {}.</span>')
"""The answer to a question of :data:`TESTS`."""


def forecast_figure(*, name: str, title: str, alt: str, caveat: str) -> Framed:
    """The questions as a table to read, in the book's frame."""
    rows = tests()
    cells = (
        (row["question"], FOUND.format(row["result"], row["found"], row["dates of the facts"]))
        for row in rows.to_dict("records")
    )
    body = charts.table(("Question", "What was found"), cells, first=34)
    return charts.show_table(
        body, name=name, title=title, alt=alt, caveat=caveat, tables={"Questions": rows}
    )


# ------------------------------------------------------------------ votes in the Council


def council() -> DataFrame:
    """Draft resolutions on Israel and Gaza put to a vote, amendments left out, oldest first."""
    rows = data.load("unsc-votes").astype({"kind": "string", "sponsor": "string"})
    rows = rows[rows["kind"] == "draft resolution"].sort_values("date", kind="stable")
    vetoed = rows["vetoed_by"].astype("string")
    outcome = [
        "adopted" if passed else "too few votes" if pd.isna(by) else f"veto: {VETOERS[by]}"
        for passed, by in zip(rows["adopted"], vetoed, strict=True)
    ]
    return DataFrame(
        {
            "date": rows["date"],
            "text": rows["document"],
            "sponsor": rows["sponsor"].replace({"E10": "elected ten", "USA": "US"}),
            "Russia": [VOTES[vote].word for vote in rows["russia_vote"]],
            "United States": [VOTES[vote].word for vote in rows["us_vote"]],
            "outcome": outcome,
            "yes": rows["yes"],
            "no": rows["no"],
            "abstained": rows["abstain"],
            "remark": rows["read_note"],
            "sources": rows["sources"],
        }
    )


def council_title() -> str:
    """The finding of :func:`council_chart`."""
    rows = council()
    same = (rows["Russia"] == rows["United States"]).sum()
    return (
        f"Russia and the United States voted alike on {same} of {len(rows)} Security Council "
        "drafts on Israel and Gaza"
    )


def council_chart(size: Size) -> Figure:
    """A row per draft: who tabled it, how Russia and the US voted, what became of it."""
    rows = council()
    wide = size == "wide"
    figure, ax = style.canvas(size, wide=4.9, narrow=4.9)
    style.bare(ax)
    signs = {vote.word: vote for vote in VOTES.values()}
    tabled, first, second, end = (1.7, 4.2, 5.5, 6.3) if wide else (1.75, 4.2, 5.15, 5.7)
    heads = ((0, "Date", "left"), (tabled, "Tabled by", "left"), (first, "Russia", "center"))
    for x, words, side in (*heads, (second, "US", "center"), (end, "Outcome", "left")):
        ax.text(x, -0.9, words, ha=side, va="bottom", fontsize=8, fontweight="bold")
    letters = 8.5 if wide else 8
    for level, row in enumerate(rows.to_dict("records")):
        ax.axhline(level + 0.5, color=style.GRID, linewidth=0.7)
        day = row["date"]
        date = spoken(day) if wide else f"{day.day} {day:%b %y}"
        outcome = row["outcome"].replace("United States", "US")
        if wide:
            outcome += f", {row['yes']} to {row['no']}, {row['abstained']} abstained"
        for x, words in ((0, date), (tabled, row["sponsor"]), (end, outcome)):
            ax.text(x, level, words, va="center", fontsize=letters)
        for x, word in ((first, row["Russia"]), (second, row["United States"])):
            vote = signs[word]
            ax.plot(x, level, vote.marker, color=vote.colour, fillstyle=vote.filling, markersize=8)
    ax.set_ylim(len(rows) - 0.4, -1.9)
    ax.set_xlim(-0.1, 11.2 if wide else 8.6)
    cast = {*rows["Russia"], *rows["United States"]}
    figure.legend(
        handles=[vote.key() for word, vote in signs.items() if word in cast],
        loc="outside lower left",
        ncols=len(cast),
        fontsize=8.5,
        handletextpad=0.2,
        columnspacing=1.2,
    )  # fmt: skip
    return figure


# ------------------------------------------------------------------ timeline

THREADS = {
    "Hamas, hostages": ("o", style.BLUE),
    "Gaza diplomacy": ("D", style.ORANGE),
    "Israel and Iran": ("^", style.PURPLE),
    "Syria": ("s", style.TEAL),
    "Violence in Russia": ("X", style.INK),
    "Terror lists, Taliban": ("v", style.OCHRE),
}
"""Marker and colour by thread, in the order of the columns."""

HAMAS, GAZA, ISRAEL, SYRIA, ATTACKS, LISTS = THREADS

MEETING = "Latest meeting of Russia and Hamas found"
SUMMIT = "Gaza summit in Egypt, Moscow not invited"

EVENTS = {
    "makhachkala-riot-not-terror": (ATTACKS, "Riot at Makhachkala airport; nobody killed"),
    "hostages-freed-nov-2023": (HAMAS, "Hamas has freed three Russian-Israelis"),
    "mediator-offer": (GAZA, "Putin suggests that Moscow mediate"),
    "netanyahu-disapproval-dec-2023": (ISRAEL, "Netanyahu tells Putin he disapproves of Iran ties"),
    "intra-palestinian-meeting-2024": (HAMAS, "Palestinian factions meet in Moscow"),
    "crocus-attack": (ATTACKS, "Crocus City Hall: 149 killed"),
    "attacks-summer-2024": (ATTACKS, "Dagestan: gunmen kill 22, by some counts 20"),
    "haniyeh-condemned": (HAMAS, "Moscow condemns the killing of Haniyeh in Tehran"),
    "moscow-visit-2024-10-brics": (HAMAS, "Hamas in Moscow during the BRICS summit"),
    "assad-fall-asylum": (SYRIA, "Assad loses power; asylum in Russia, its media say"),
    "iran-treaty-2025": (ISRAEL, "Russia and Iran sign a treaty"),
    "trufanov-release-2025": (HAMAS, "The hostage Trufanov is freed"),
    "unga-votes-israel": (ISRAEL, "Israel votes no with Russia on a Ukraine text"),
    "putin-thanks-hamas-2025": (HAMAS, "Putin thanks Hamas for freeing Trufanov"),
    "taliban-suspended-2025": (LISTS, "Ban on the Taliban suspended"),
    "june-2025-war-russia": (ISRAEL, "Moscow condemns Israel’s strikes on Iran, offers mediation"),
    "moscow-visit-2025-06": (HAMAS, MEETING),
    "taliban-recognised-2025": (LISTS, "Russia recognises the Taliban government"),
    "new-york-declaration": (GAZA, "New York Declaration: Russia votes yes"),
    "russian-arab-summit-postponed": (GAZA, "Russian-Arab summit put off"),
    "deaths-gaza-2025-10-09": (GAZA, "Ceasefire near; Gaza health ministry: 67,194 killed"),
    "sharm-el-sheikh-without-russia": (GAZA, SUMMIT),
    "herkin-2025": (HAMAS, "The hostage Herkin is freed under the US plan"),
    "unsc-2803": (GAZA, "Resolution 2803: Russia abstains"),
    "fbk-terrorist-2025": (LISTS, "US-registered Anti-Corruption Foundation ruled terrorist"),
    "board-of-peace-offer": (GAZA, "Putin offers $1 billion to the Board of Peace"),
    "bases-after-assad": (SYRIA, "Putin has received al-Sharaa twice; two bases kept"),
    "board-of-peace-undecided-2026": (GAZA, "No Russian position yet on joining the Board"),
    "february-2026-war-russia": (ISRAEL, "Russia condemns the US-Israeli attack on Iran"),
    "crocus-verdict-ukraine": (ATTACKS, "Crocus verdict: 15 life terms"),
    "taliban-military-agreement-2026": (LISTS, "Military agreement with the Taliban reported"),
}
"""Thread and short words of each fact on the timeline."""

ARTICLE = pd.Timestamp("2023-10-30")
"""The day of the copy that this book reads."""


def timeline() -> DataFrame:
    """Events from the riot of October 2023 on, by date, from the facts."""
    facts = cited_facts(EVENTS)
    rows = DataFrame(
        {
            "date": [day.strftime("%Y-%m-%d") for day in facts["date"]],
            "thread": [EVENTS[name][0] for name in facts.index],
            "event": [EVENTS[name][1] for name in facts.index],
            "statement": facts["statement"].tolist(),
            "sources": facts["sources"].tolist(),
        }
    )
    return rows.sort_values("date", kind="stable")


def timeline_title() -> str:
    """The finding of :func:`timeline_chart`."""
    rows = timeline().set_index("event")["date"].map(pd.Timestamp)
    latest, summit = rows[MEETING], rows[SUMMIT]
    return (
        f"{len(rows)} events since October 2023: last meeting with Hamas found in {latest:%B %Y}; "
        f"Gaza summit of {summit:%B %Y} met without Moscow"
    )


def timeline_in_words() -> str:
    """Every event in one sentence, for the alternative text of the chart."""
    rows = timeline()
    days = [spoken(pd.Timestamp(day), full=True) for day in rows["date"]]
    return " ".join(f"{day}: {event}." for day, event in zip(days, rows["event"], strict=True))


def timeline_chart(size: Size) -> Figure:
    """A list read downwards: date, the thread's column, the event; years as headings."""
    rows = timeline()
    wide = size == "wide"
    letters = 60 if wide else 29
    right = 26.5 if wide else 17.4
    columns = {name: k for k, name in enumerate(THREADS)}
    # Heights are counted in lines of text, so that wrapped events get the room they need.
    line = 0.215 if wide else 0.17
    y, year, told = 0.0, "", False
    placed: list[tuple[float, str, dict | None]] = []
    for row in rows.to_dict("records"):
        if row["date"][:4] != year:
            year = row["date"][:4]
            y += 0.3
            placed.append((y, year, None))
            y += 1.1
        if not told and pd.Timestamp(row["date"]) > ARTICLE:
            placed.append((y, f"{day_and_month(ARTICLE)}: the article is republished", None))
            y, told = y + 1.15, True
        words = textwrap.fill(row["event"], letters, break_on_hyphens=False)
        lines = words.count("\n") + 1
        placed.append((y + (lines - 1) / 2, words, row))
        y += lines + (0.15 if wide else 0.3)
    head = 6.0 if wide else 7.6
    figure, ax = style.canvas(size, wide=(y + head) * line, narrow=(y + head) * line)
    style.bare(ax)
    for name, k in columns.items():
        ax.vlines(k, -0.4, y - 0.4, color=style.GRID, linewidth=0.8, zorder=0)
        ax.text(k, -0.8, name, rotation=90, ha="center", va="bottom", fontsize=8)
    for level, words, row in placed:
        if row is None and words.isdigit():
            ax.text(-0.7, level, words, ha="right", va="center", fontsize=9.5, fontweight="bold")
            ax.plot([-0.4, right], [level, level], color=style.LINE, linewidth=0.8, zorder=0)
            continue
        if row is None:
            ax.text(5.8, level, words, va="center", fontsize=8, color=style.MUTED, style="italic")
            continue
        day = day_and_month(pd.Timestamp(row["date"]))
        marker, colour = THREADS[row["thread"]]
        ax.plot(columns[row["thread"]], level, marker, color=colour, markersize=7.5)
        ax.text(-0.7, level, day, ha="right", va="center", fontsize=8.2)
        ax.text(5.8, level, words, va="center", fontsize=8.8 if wide else 8)
    ax.set_ylim(y, -head)
    ax.set_xlim(-3.6, right)
    return figure


# ------------------------------------------------------------------ what time changed

CLOSER = "▲ closer to the article’s words"
FARTHER = "▼ farther from them"
BOTH = "◆ points both ways"
CHANGED = "■ the situation itself changed"


@dataclass(frozen=True)
class Change:
    """What later facts (ids) did to a claim: our reading of their direction, in short words."""

    direction: str
    topic: str
    what: str
    facts: str


CHANGES = {
    "C07": Change(
        CLOSER,
        "opponents as terrorists",
        "Navalny’s groups had been banned as extremist. The US-registered Anti-Corruption "
        "Foundation was ruled terrorist only in November 2025.",
        "navalny-listed-2022 fbk-terrorist-2025",
    ),
    "C09": Change(
        CLOSER,
        "Hamas not listed",
        "More states listed Hamas as a whole; no Russian step was found.",
        "listings-after-article",
    ),
    "C12": Change(
        CLOSER,
        "Hamas thanks Putin",
        "Congratulations in 2024 and thanks in 2025, to Russia among others.",
        "haniyeh-congratulates-putin-2024 trufanov-release-2025 hamas-thanks-russia-2025-10",
    ),
    "C13": Change(
        CLOSER,
        "arms unproven",
        "Later reviews of arms found did not show who had supplied them.",
        "ap-january-2024-arsenal idf-display-october-2024",
    ),
    "C17": Change(
        CLOSER,
        "neocolonial system",
        "The language went on: a report on the World Majority, a Global South session in Kazan.",
        "world-majority-report-2023 brics-kazan-2024",
    ),
    "C02": Change(
        FARTHER,
        "no condemnation",
        "From December 2023 Lavrov called 7 October a terrorist attack by Hamas. That Russia "
        "condemned it at once is his later account.",
        "lavrov-later-condemnations",
    ),
    "C11": Change(
        FARTHER,
        "Putin and Mashal",
        "In 2024 an Israeli news service said that Putin avoids public contact with Hamas.",
        "putin-no-personal-contact",
    ),
    "C01": Change(
        BOTH,
        "closer to Hamas",
        "Putin thanked Hamas; Russia also voted for a text that calls on it to disarm.",
        "putin-thanks-hamas-2025 new-york-declaration",
    ),
    "C03": Change(
        BOTH,
        "friend of the Global South",
        "Fewer states backed texts on Ukraine in 2025, when the United States voted no as well; "
        "in 2026 it was more again.",
        "unga-ukraine-world-totals unga-2025-us-israel-with-russia",
    ),
    "C14": Change(
        BOTH,
        "crypto money",
        "A report said that Gaza money changers whom Israel links with Hamas had got funds from "
        "Garantex, a Moscow crypto exchange, but gave no amount; a US official said that sums "
        "reported were those of wallets, not what went to Islamic Jihad and Hamas.",
        "wsj-nov-garantex-gaza-exchanges treasury-nelson-feb-2024",
    ),
    "C19": Change(
        BOTH,
        "peacemaker",
        "Moscow hosted the factions in 2024; the Gaza summit of 2025 met without it.",
        "intra-palestinian-meeting-2024 sharm-el-sheikh-without-russia unsc-2803",
    ),
    "C22": Change(
        BOTH,
        "fear of terrorism",
        "Islamic State claimed the Crocus attack. Putin denied that Russia can be a target of "
        "Islamic fundamentalists; the FSB chief tied Gaza and Syria to the threat.",
        "crocus-attack putin-cannot-be-target bortnikov-gaza-syria-2025",
    ),
    "C26": Change(
        BOTH,
        "Israel and Kyiv",
        "Patriot missiles went from Israel to Ukraine, by reports; Israel says that it returned "
        "them to Washington. Israel voted no with Russia at the UN.",
        "patriot-interceptors-2025 patriot-zelensky-2025 unga-votes-israel",
    ),
    "C27": Change(
        BOTH,
        "rhetoric only",
        "No material help to Hamas was found, but hostages came free after contacts.",
        "hostages-freed-nov-2023 abu-marzouk-no-arms-2024-10",
    ),
    "C28": Change(
        BOTH,
        "an opportunity",
        "In a poll of 16 Arab countries opinion on Russia’s position was split; the Russian-Arab "
        "summit was put off.",
        "arab-center-gaza-war-poll russian-arab-summit-postponed board-of-peace-undecided-2026",
    ),
    "C08": Change(
        CHANGED,
        "the Taliban",
        "Russia suspended its ban on them and recognised their government, both in 2025.",
        "taliban-suspended-2025 taliban-recognised-2025",
    ),
    "C18": Change(
        CHANGED,
        "cultural centres",
        "Most Russians left Gaza. Bethlehem’s Russian House worked again by 2025; on Kalinka "
        "nothing was found.",
        "evacuation-from-gaza russians-left-in-gaza-2025 bethlehem-house-working-2025",
    ),
    "C24": Change(
        CHANGED,
        "regime change",
        "Assad lost power in 2024; Putin received his successor.",
        "assad-fall-asylum bases-after-assad",
    ),
    "C25": Change(
        CHANGED,
        "ties with all sides",
        "Damascus is no longer the partner described. No meeting of Putin with Israel’s leaders "
        "was found; calls were, in late 2023 and again from May 2025 to January 2026.",
        "assad-fall-asylum meetings-since-7oct netanyahu-disapproval-dec-2023 calls-2025",
    ),
}
"""Claims on which later facts bear, grouped by direction."""


def changes() -> DataFrame:
    """The claims of :data:`CHANGES` with their verdict of today and the sources of the facts."""
    verdicts = data.load("verdicts").astype({"verdict": "string"})
    newest = verdicts.groupby("claim")["verdict"].last()
    return DataFrame(
        {
            "claim": list(CHANGES),
            "about": [change.topic for change in CHANGES.values()],
            "direction": [change.direction for change in CHANGES.values()],
            "since October 2023": [change.what for change in CHANGES.values()],
            "verdict": [newest[claim] for claim in CHANGES],
            "sources": [sources_of_facts(change.facts.split()) for change in CHANGES.values()],
        }
    )


UNCHANGED = {
    "C04": "the war in Chechnya",
    "C05": "troops in Central Asia",
    "C06": "fighters in Syria",
    "C10": "the congratulation of 2006",
    "C15": "the Soviet precedent",
    "C16": "Hamas and Fatah",
    "C20": "“vivid example”",
    "C21": "“destructive policy”",
    "C23": "the name Near East",
}
"""Claims on which no later fact was found that bears on them."""


def unchanged() -> dict[str, str]:
    """:data:`UNCHANGED`; raises ``ValueError`` if a claim is in neither table or in both."""
    if sorted([*CHANGES, *UNCHANGED]) != sorted(data.claims()["id"]):
        raise ValueError("CHANGES and UNCHANGED must together hold each claim once")
    return UNCHANGED


def changes_title() -> str:
    """The finding of :func:`changes_figure`."""
    counts = changes()["direction"].value_counts()
    return (
        f"Later facts bear on {counts.sum()} of the article's {len(data.claims())} claims: on "
        f"{counts[BOTH]} they point both ways, on {counts[CHANGED]} the situation changed"
    )


ABOUT = Markup("<strong>{}</strong> {}")
SINCE = Markup('{} <span class="reading-aside">Verdict:\u00a0{}.</span>')
"""The two cells of a claim of :data:`CHANGES`."""


def changes_figure(*, name: str, title: str, alt: str, caveat: str) -> Framed:
    """One table for each direction, then the claims without a later fact."""
    rows = changes()
    parts = []
    for direction, group in rows.groupby("direction", sort=False):
        cells = (
            (
                ABOUT.format(row["claim"], row["about"]),
                SINCE.format(row["since October 2023"], row["verdict"]),
            )
            for row in group.to_dict("records")
        )
        table = charts.table(("Claim", "Since October 2023"), cells, first=34)
        parts.append(
            Markup('<p class="reading-head">{} ({})</p>{}').format(direction, len(group), table)
        )
    head = f"○ no later fact found that bears on the claim ({len(unchanged())})"
    rest = "; ".join(f"{claim} {topic}" for claim, topic in unchanged().items())
    table = charts.table(("Claims",), [[f"{rest}."]], first=100)
    parts.append(Markup('<p class="reading-head">{}</p>{}').format(head, table))
    body = Markup("").join(parts)
    return charts.show_table(
        body, name=name, title=title, alt=alt, caveat=caveat, tables={"Claims": rows}
    )


# ------------------------------------------------------------------ numbers of the prose


def _meetings() -> DataFrame:
    """In-person meetings of Russian officials with Hamas found after the article."""
    rows = data.load("contacts").astype({"mode": "string", "level": "string"})
    later = rows["date"].map(_start) > ARTICLE
    return rows[later & (rows["mode"] == "in person")]


def _deputy_meetings() -> DataFrame:
    """Those of the meetings in which a deputy foreign minister spoke for Russia."""
    return _meetings().query("level == 'deputy foreign minister'")


@number(
    "after-meetings",
    "In-person meetings of Russian officials with Hamas found after 30 October 2023.",
    "contacts",
    rows=_meetings,
)
def _meetings_since() -> int:
    return len(_meetings())


@number(
    "after-meetings-deputy",
    "Of those meetings, the ones in which a deputy foreign minister is the highest Russian named.",
    "contacts",
    rows=_deputy_meetings,
)
def _meetings_deputy() -> int:
    return len(_deputy_meetings())


@number(
    "after-claims-bearing",
    "Claims on which facts later than the article bear, by our reading, and claims in all.",
    "facts",
    rows=changes,
)
def _claims_bearing() -> tuple[float, ...]:
    return len(CHANGES), len(data.claims())


@number(
    "after-claims-unchanged",
    "Claims on which no later fact was found that bears on them (figure claims-since-2023).",
    "facts",
    rows=lambda: None,
)
def _claims_unchanged() -> int:
    return len(unchanged())


@number(
    "after-claims-closer",
    "Claims that later facts bring closer to the article's words, by our reading.",
    "facts",
    rows=lambda: changes().query("direction == @CLOSER"),
)
def _claims_closer() -> int:
    return int((changes()["direction"] == CLOSER).sum())


@number(
    "after-claims-farther",
    "Claims that later facts move away from the article's words, by our reading.",
    "facts",
    rows=lambda: changes().query("direction == @FARTHER"),
)
def _claims_farther() -> int:
    return int((changes()["direction"] == FARTHER).sum())


@number(
    "after-claims-both-ways",
    "Claims on which later facts point both ways, by our reading.",
    "facts",
    rows=lambda: changes().query("direction == @BOTH"),
)
def _claims_both_ways() -> int:
    return int((changes()["direction"] == BOTH).sum())


@number(
    "after-claims-situation",
    "Claims whose subject itself changed after the article, by our reading.",
    "facts",
    rows=lambda: changes().query("direction == @CHANGED"),
)
def _claims_situation() -> int:
    return int((changes()["direction"] == CHANGED).sum())
