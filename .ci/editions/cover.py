"""The cover: the book's title over its 28 verdicts, drawn from the ledger."""

from __future__ import annotations

import base64
import io
import textwrap

import matplotlib
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from pandas import Timestamp

from explainer import citing, data, evidence, marks, style, words

INCHES, DOTS_PER_INCH = (6.0, 9.0), 200
"""The cover has 1,200 by 1,800 dots, enough for shops and shelves of e-readers."""


def draw() -> Figure:
    """The cover as a Matplotlib figure; a unit of its axes is an inch."""
    figure = Figure(figsize=INCHES)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(0, INCHES[0]), ylim=(0, INCHES[1]))
    axes.axis("off")
    axes.add_patch(Rectangle((0, 0), 0.22, INCHES[1], color=style.BLUE))
    title, _, subtitle = citing.BOOK.partition(": ")
    lines = textwrap.wrap(title, 18)
    axes.text(0.75, 8.25, "\n".join(lines), size=29, weight="bold", va="top", linespacing=1.2)
    below = 8.0 - 0.5 * len(lines)
    axes.text(0.75, below, subtitle, size=17, color=style.MUTED, va="top")
    for index, claim in enumerate(evidence.current().claims.values()):
        row, column = divmod(index, 7)
        x, y = 1.05 + column * 0.68, 4.7 - row * 0.86
        for patch in marks.verdict_mark(claim.verdict.verdict, x, y, 0.18, 1.6):
            axes.add_patch(patch)
        axes.text(x, y - 0.27, claim.id, size=8, color=style.MUTED, ha="center", va="top")
    day = words.spoken(Timestamp(data.evidence_date()), full=True)
    axes.text(0.75, 0.75, f"{citing.AUTHOR}\nEvidence up to {day}", size=11, linespacing=1.6)
    return figure


def png() -> bytes:
    """The cover as PNG; the same bytes for the same data."""
    buffer = io.BytesIO()
    with matplotlib.rc_context(style.RC):
        # Charts have no ground of their own; shelves and e-readers may be dark.
        draw().savefig(
            buffer,
            format="png",
            dpi=DOTS_PER_INCH,
            facecolor=style.PAPER,
            metadata={"Software": None},
        )
    return buffer.getvalue()


def data_uri() -> str:
    """The cover as an address that holds the picture itself."""
    return f"data:image/png;base64,{base64.b64encode(png()).decode()}"
