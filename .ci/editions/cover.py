"""The cover: the book's title over its 28 verdicts, drawn from the ledger."""

from __future__ import annotations

import base64
import io
import textwrap

import matplotlib
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle, Rectangle, Wedge
from matplotlib.transforms import Affine2D
from pandas import Timestamp

from explainer import citing, data, evidence, style, words

INCHES, DOTS_PER_INCH = (6.0, 9.0), 200
"""The cover has 1,200 by 1,800 dots, enough for shops and shelves of e-readers."""

LOOKS = {
    "supported": (style.BLUE, 1.0),
    "mostly supported": (style.BLUE, 0.75),
    "mixed": (style.OCHRE, 0.5),
    "contradicted": (style.ORANGE, 0.0),
    "unverified": (style.SLATE, 0.0),
    "interpretation": (style.PURPLE, 0.0),
}
"""Colour and filled share of each verdict's mark, as in the site's stylesheet."""


def draw() -> Figure:
    """The cover as a Matplotlib figure; a unit of its axes is an inch."""
    figure = Figure(figsize=INCHES, facecolor=style.PAPER)
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
        mark(axes, claim.verdict.verdict, x, y)
        axes.text(x, y - 0.27, claim.id, size=8, color=style.MUTED, ha="center", va="top")
    day = words.spoken(Timestamp(data.evidence_date()), full=True)
    axes.text(0.75, 0.75, f"{citing.AUTHOR}\nEvidence up to {day}", size=11, linespacing=1.6)
    return figure


def mark(axes: Axes, verdict: str, x: float, y: float) -> None:
    """The mark of one verdict around a point: its shape says it without colour, too."""
    colour, share = LOOKS[verdict]
    look = {"edgecolor": colour, "linewidth": 1.6, "facecolor": "none"}
    if verdict in ("contradicted", "interpretation"):
        square = Rectangle((x - 0.16, y - 0.16), 0.32, 0.32, **look)
        if verdict == "contradicted":
            square.set_transform(Affine2D().rotate_deg_around(x, y, 45) + axes.transData)
        else:
            square.set_hatch("/////")
        axes.add_patch(square)
        return
    dashes = (0, (2, 1.5)) if verdict == "unverified" else "solid"
    axes.add_patch(Circle((x, y), 0.18, linestyle=dashes, **look))
    if share:
        axes.add_patch(Wedge((x, y), 0.18, 90 - 360 * share, 90, color=colour, linewidth=0))


def png() -> bytes:
    """The cover as PNG; the same bytes for the same data."""
    buffer = io.BytesIO()
    with matplotlib.rc_context(style.RC):
        draw().savefig(buffer, format="png", dpi=DOTS_PER_INCH, metadata={"Software": None})
    return buffer.getvalue()


def data_uri() -> str:
    """The cover as an address that holds the picture itself."""
    return f"data:image/png;base64,{base64.b64encode(png()).decode()}"
