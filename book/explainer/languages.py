"""Words of other languages, marked so that screen readers and browsers treat them right.

The book is in English. Words in Cyrillic, Arabic and Hebrew letters are found by their
script; words and titles that are written in Latin letters are named in :data:`PHRASES`.
"""

from __future__ import annotations

import re
from functools import partial

CYRILLIC = frozenset("ru uk sr be bg mk kk ky tg".split())
"""Languages that a text in Cyrillic letters can be in; Russian where nothing says otherwise."""

PHRASES: dict[str, str] = {
    # Russian words that the text writes in Latin letters
    "Blizhny Vostok": "ru-Latn",
    "Moskovsky protsess": "ru-Latn",
    "Poslednyaya nadezhda rezhima": "ru-Latn",
    # titles of sources
    "Birzha Garantex oprovergaet uchastie v finansirovanii palestinskikh boevikov": "ru-Latn",
    "Kak WSJ vydumali istoriyu pro russkuyu kriptu dlya HAMAS": "ru-Latn",
    "U Izrailya net dannykh, chto peredannoe Ukraine oruzhie okazalos v rukakh HAMAS": "ru-Latn",
    "Dienstschluss im Lufttransportstützpunkt Termez": "de",
    "El arsenal de Hamas": "es",
    "Erklæring fra EU-formannskapet om oppdatert terrorliste": "no",
    "ISRAELE: cosi Hamas usa le cripto per ricevere": "it",
    "Lebenslang für IS-Anschlag bei Moskau": "de",
    "Massacre de Maalot": "fr",
    "Proche-Orient": "fr",
    "Ritrovata bandiera dell ISIS su un miliziano di Hamas": "it",
    "Rosja w sprawie A321: to jednak był zamach": "pl",
    "Vicino Oriente": "it",
    "Wsj, milioni dollari in criptovalute ai militanti di Hamas": "it",
}
"""Words and titles of other languages in Latin letters, with their language."""

_LETTERS = {
    "cyrillic": "\u0400-\u052f",
    "he": "\u0590-\u05ff",
    "ar": "\u0600-\u06ff\u0750-\u077f",
}
_GAP = r"(?:[\s\d.,:;!?()«»“”„’'\"–…-]|&(?:#\d+|quot|nbsp);)+"
"""What may stand between two words of a run; never a letter of another script."""

_PHRASE = re.compile(
    rf"(?P<phrase>\b(?:{'|'.join(re.escape(p) for p in sorted(PHRASES, reverse=True))})\b)"
)
_RUN = re.compile(
    "|".join(
        [
            *(
                rf"(?P<{name}>[{letters}]+(?:{_GAP}[{letters}]+)*(?:[\s.,]+\d+)*)"
                for name, letters in _LETTERS.items()
            ),
            _PHRASE.pattern,
        ]
    )
)
_TAG = re.compile(r"(<!--.*?-->|<[^>]*>)", re.DOTALL)
_OPENING = re.compile(r"<([a-zA-Z][\w-]*)([^>]*)>")
_OPAQUE = frozenset("script style svg title textarea select".split())
"""Elements whose text takes no marks; pictures have their words in an English alt text."""


def tagged(html: str) -> str:
    """The same HTML, each run of another language in an element with ``lang`` and ``dir``.

    Text that already stands in an element with ``lang`` is left alone. Words in Cyrillic
    within a link take the language of the page it leads to (``hreflang``), else Russian.
    """
    # Most texts are plain English, which a look at their letters tells quicker than the pattern.
    has_phrase = _PHRASE.search(html) is not None
    if html.isascii() and not has_phrase:
        return html
    done: list[str] = []
    closed_by, depth, linked = "", 0, ""
    for index, part in enumerate(_TAG.split(html)):
        if index % 2 == 0:
            is_english = part.isascii() and not has_phrase
            done.append(part if closed_by or is_english else _RUN.sub(partial(_mark, linked), part))
            continue
        done.append(part)
        opening = _OPENING.fullmatch(part)
        name = opening[1].lower() if opening else part[2:-1].strip().lower()
        if closed_by:
            if name == closed_by:
                depth += 1 if opening else -1
            if depth == 0:
                closed_by = ""
        elif opening and (name in _OPAQUE or " lang=" in opening[2]):
            closed_by, depth = name, 1
        elif name == "a":
            target = opening and re.search(r'hreflang="([\w-]+)"', opening[2])
            linked = target[1] if target else ""
    return "".join(done)


def _mark(linked: str, run: re.Match[str]) -> str:
    kind, text = run.lastgroup, run.group()
    if kind == "phrase":
        return f'<span lang="{PHRASES[text]}">{text}</span>'
    if kind == "cyrillic":
        return f'<span lang="{linked if linked in CYRILLIC else "ru"}">{text}</span>'
    return f'<span lang="{kind}" dir="rtl">{text}</span>'
