"""Dates, votes and quotation marks in words, the same in every chapter.

A date is a :class:`pandas.Period` of a day, month or year (how the tables keep dates
known only so far) or a :class:`pandas.Timestamp`, which is taken as a day.
"""

from __future__ import annotations

import re
from difflib import SequenceMatcher

from markupsafe import Markup
from pandas import Period, Timestamp

Day = Period | Timestamp

MONTHS = (
    "January February March April May June July August September October November December"
).split()
"""The months in English, whatever language the machine speaks."""

VETOERS = {"USA": "United States", "RUS CHN": "Russia, China"}
"""Who cast a veto in the Security Council, as the table unsc-votes writes it and in words."""


_OPENING_QUOTE = re.compile(r"""(^|[\s([\u2014\u201c\u2018])(["'])""")


def curly(text: str) -> str:
    r"""A text of a table with typographic quotation marks and apostrophes, as prose has them.

    >>> curly("Putin's \"vivid example\" (of 'failure')")
    'Putin’s “vivid example” (of ‘failure’)'
    """
    opened = _OPENING_QUOTE.sub(lambda match: match[1] + {'"': "“", "'": "‘"}[match[2]], text)
    return opened.replace('"', "”").replace("'", "’")


MOSTLY_ALIKE = 0.6
"""From this share of common words on, the other ones of two texts are worth marking."""


def compared(was: str, now: str) -> tuple[Markup, Markup]:
    """Both texts as HTML; the words in which they differ are marked if most are the same.

    >>> compared("feared in 2015 and 2017, by poll", "feared in 2011 and 2017, by poll")[1]
    Markup('feared in <mark>2011</mark> and 2017, by poll')
    """
    before, after = was.split(), now.split()
    match = SequenceMatcher(None, before, after, autojunk=False)
    if match.ratio() < MOSTLY_ALIKE:
        return Markup.escape(was), Markup.escape(now)

    def side(words: list[str], spans: list[tuple[str, int, int]]) -> Markup:
        parts = [(kind, " ".join(words[start:end])) for kind, start, end in spans if end > start]
        marked = Markup("<mark>{}</mark>")
        return Markup(" ").join(
            text if kind == "equal" else marked.format(text) for kind, text in parts
        )

    steps = match.get_opcodes()
    return (
        side(before, [(kind, start, end) for kind, start, end, _, _ in steps]),
        side(after, [(kind, start, end) for kind, _, _, start, end in steps]),
    )


def _known_to(day: Day) -> str:
    """``D``, ``M`` or ``Y``: how exactly a date is known."""
    return day.freqstr[0] if isinstance(day, Period) else "D"


def _short(day: Day) -> str:
    return MONTHS[day.month - 1][:3]


def spoken(day: Day, *, full: bool = False) -> str:
    """A date as exact as it is known; ``full`` writes the month's name out.

    >>> spoken(Period("2025-03-06", "D")), spoken(Period("2025-03", "M"))
    ('6 Mar 2025', 'Mar 2025')
    """
    month = MONTHS[day.month - 1] if full else _short(day)
    parts = {"D": f"{day.day} {month} ", "M": f"{month} ", "Y": ""}
    return f"{parts[_known_to(day)]}{day.year}"


def spoken_month(day: Day) -> str:
    """A date no finer than its month.

    >>> spoken_month(Period("2025-03-06", "D")), spoken_month(Period("2025", "Y"))
    ('Mar 2025', '2025')
    """
    return str(day.year) if _known_to(day) == "Y" else f"{_short(day)} {day.year}"


def day_and_month(day: Day) -> str:
    """A day of a year that stands nearby.

    >>> day_and_month(Period("2025-03-06", "D"))
    '6 Mar'
    """
    return f"{day.day} {_short(day)}"
