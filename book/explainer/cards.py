"""The pictures that stand beside a link to a page: its title, its verdicts, the book's name."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path
from typing import Any

import matplotlib
import numpy
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.patches import Rectangle
from matplotlib.textpath import TextPath
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from explainer import marks, style

WIDTH, HEIGHT = 1200, 630
"""Pixels: the size that networks show whole."""

COLOURS = 48
"""So few keep a card under 30 kB; it has text and flat marks only."""

_DPI = 100
_LEFT, _RIGHT = 80, WIDTH - 80
_TITLE: dict[str, Any] = {"size": 38, "family": "DejaVu Serif", "weight": "bold"}


def write(path: Path, over: str, title: str, verdicts: list[tuple[str, str]], under: str) -> None:
    """Draw the card into ``path``, unless the picture there was made from the same words.

    ``over`` stands above the title, ``under`` at the foot; ``verdicts`` are pairs of a
    label, such as a claim's id or a count, and a verdict.
    """
    words = repr((over, title, verdicts, under, matplotlib.__version__))
    code = b"".join(Path(file).read_bytes() for file in (__file__, marks.__file__))
    made_from = hashlib.sha256(words.encode() + code).hexdigest()
    if path.exists():
        with Image.open(path) as card:
            if card.info.get("made-from") == made_from:
                return
    note = PngInfo()
    note.add_text("made-from", made_from)
    content = io.BytesIO()
    picture = _picture(_draw(over, title, verdicts, under))
    picture.save(content, format="png", pnginfo=note, optimize=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.getvalue())


def _picture(figure: Figure) -> Image.Image:
    """The figure as a picture of few colours."""
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    whole = Image.fromarray(numpy.asarray(canvas.buffer_rgba())).convert("RGB")
    return whole.quantize(COLOURS, dither=Image.Dither.NONE)


def _draw(over: str, title: str, verdicts: list[tuple[str, str]], under: str) -> Figure:
    with matplotlib.rc_context(style.RC):
        figure = Figure(figsize=(WIDTH / _DPI, HEIGHT / _DPI), dpi=_DPI, facecolor=style.PAPER)
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set(xlim=(0, WIDTH), ylim=(HEIGHT, 0))
        axes.axis("off")
        axes.add_patch(Rectangle((0, 0), 18, HEIGHT, color=style.BLUE))
        axes.text(_LEFT, 95, over, size=22, color=style.MUTED, va="baseline")
        lines = _wrapped(title)
        for number, line in enumerate(lines):
            axes.text(_LEFT, 185 + number * 72, line, va="baseline", **_TITLE)
        x, y = float(_LEFT), 185.0 + len(lines) * 72
        for label, verdict in verdicts:
            words = f"{label} {verdict}"
            width = 40 + _width(words, size=19)
            if x + width > _RIGHT:
                x, y = _LEFT, y + 54
            for mark in marks.verdict_mark(verdict, x + 15, y, 13, 2.4, y_points_down=True):
                axes.add_patch(mark)
            axes.text(x + 40, y, words, size=19, va="center_baseline")
            x += width + 36
        axes.plot([_LEFT, _RIGHT], [548, 548], color=style.GRID, linewidth=2)
        axes.text(_LEFT, 590, under, size=18, color=style.MUTED, va="baseline")
        return figure


def _width(words: str, **font: Any) -> float:
    """How many pixels a line of text takes."""
    points = TextPath((0, 0), words, prop=FontProperties(**font)).get_extents().width
    return points * _DPI / 72


def _wrapped(title: str) -> list[str]:
    """The title in as few lines as fit, of about the same length."""
    words = {word: _width(word, **_TITLE) for word in title.split()}
    space = _width("n n", **_TITLE) - _width("nn", **_TITLE)

    def lines(room: float) -> list[str]:
        found, left = [""], room
        for word in title.split():
            if found[-1] and words[word] + space > left:
                found, left = [*found, ""], room
            found[-1] = f"{found[-1]} {word}".strip()
            left -= words[word] + space
        return found

    room = _RIGHT - _LEFT
    fewest = len(lines(room))
    return lines(next(less for less in range(200, room + 1, 20) if len(lines(less)) == fewest))
