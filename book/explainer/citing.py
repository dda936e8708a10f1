"""How to cite the book and its parts: one wording for pages, figures and data."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from pandas import Timestamp

from explainer import data, words
from explainer.tables import ROOT

BOOK = "Why Russia and Hamas Are Growing Closer: the claims and the record"
AUTHOR = "The explainer's contributors"
LICENCE = "CC BY 4.0"
LICENCE_URL = "https://creativecommons.org/licenses/by/4.0/"


def cite(part: str = "", address: str = "") -> str:
    """A citation of the book, or of a part of it, as one line of text.

    ``part`` is the title of a page, figure or table, ``address`` where it can be read.
    """
    evidence = f"evidence of {words.spoken(Timestamp(data.evidence_date()), full=True)}"
    where = f"In: {BOOK}" if part else BOOK
    sentences = [AUTHOR, part, f"{where} ({evidence})", LICENCE, address]
    # The title of a chapter is a question, which ends a sentence by itself.
    return ". ".join(sentence for sentence in sentences if sentence).replace("?. ", "? ")


@cache
def article() -> dict[str, Any]:
    """The record of the article that the book checks, in CSL-JSON."""
    return json.loads((ROOT / "seeds" / "article.json").read_text(encoding="utf-8"))[0]
