"""Show a chart: the finding as its title, drawn for a wide column and for a phone."""

from __future__ import annotations

from pandas import DataFrame

from explainer.figure import Framed, frame
from explainer.style import Draw, png, svg


def picture(draw: Draw, name: str) -> str:
    """Both drawings as inline SVG; the page's stylesheet shows the one that fits."""
    return "".join(
        f'<div class="figure-{size}">{svg(draw, size, name)}</div>' for size in ("wide", "narrow")
    )


def show(
    draw: Draw,
    *,
    name: str,
    title: str,
    alt: str,
    data: DataFrame | dict[str, DataFrame],
    caveat: str | None = None,
) -> Framed:
    """A chart in the book's frame.

    ``draw(size)`` returns the Matplotlib figure for "wide" or "narrow". ``name`` is
    unique in the book and becomes the anchor ``#fig-NAME``. ``title`` says what the
    chart shows, ``alt`` says it to those who cannot see it, ``data`` holds exactly
    the rows drawn, each with its ``sources``; ``caveat`` says what to beware of.
    """
    tables = data if isinstance(data, dict) else {"Data": data}
    return frame(
        name=name,
        title=title,
        alt=alt,
        caveat=caveat,
        tables=tables,
        picture=f'<div role="img" aria-label="{{alt}}">{picture(draw, name)}</div>',
        downloads={
            f"{name}.svg": svg(draw, "wide", f"{name}-file").encode(),
            f"{name}.png": png(draw),
        },
    )
