"""Show a chart: the finding as its title, drawn for a wide column and for a phone.

Where words say more than marks, a figure is a table to read (:func:`show_table`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from markupsafe import Markup
from pandas import DataFrame, Timedelta, Timestamp

from explainer.figure import Framed, frame
from explainer.style import Draw, png, svg
from explainer.words import day_and_month


def picture(draw: Draw, name: str) -> str:
    """Both drawings as inline SVG; the page's stylesheet shows the one that fits.

    Each states its shape, so that browsers can leave room for it and draw it when it comes near.
    """
    drawn = {size: svg(draw, size, name) for size in ("wide", "narrow")}
    return "".join(
        f'<div class="figure-{size}" style="--shape:{shape(markup)}">{markup}</div>'
        for size, markup in drawn.items()
    )


def shape(markup: str) -> str:
    """Width to height of an SVG, as CSS writes an aspect ratio."""
    width, height = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', markup).groups()
    return f"{width}/{height}"


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
            f"{name}.svg": svg(draw, "wide", name).encode(),
            f"{name}.png": png(draw),
        },
    )


def show_table(
    body: Markup,
    *,
    name: str,
    title: str,
    alt: str,
    tables: dict[str, DataFrame],
    caveat: str | None = None,
) -> Framed:
    """A table to read in the book's frame, which adds the full rows and their download.

    ``body`` is put together with :func:`table` and :func:`folded`; the other arguments are
    those of :func:`show`.
    """
    return frame(
        name=name,
        title=title,
        alt=alt,
        caveat=caveat,
        picture=f'<div role="group" aria-label="{{alt}}">{body}</div>',
        tables=tables,
        downloads={},
    )


def table(heads: Iterable[str], rows: Iterable[Iterable[str]], *, first: int) -> Markup:
    """Rows of text or markup under column headings.

    ``first`` is the width of the first column in percent.
    """
    return Markup(
        '<table class="reading" style="--first:{}%"><thead><tr>{}</tr></thead>'
        "<tbody>{}</tbody></table>"
    ).format(
        first,
        repeated('<th scope="col">{}</th>', heads),
        Markup("").join(
            Markup("<tr>{}</tr>").format(repeated("<td>{}</td>", cells)) for cells in rows
        ),
    )


def folded(heading: str, body: Markup, *, count: int, unfolded: bool) -> Markup:
    """A part that the reader can fold, with the number of its rows beside the heading."""
    return Markup("<details{}><summary>{} ({})</summary>{}</details>").format(
        Markup(" open") if unfolded else "", heading, count, body
    )


def repeated(template: str, values: Iterable[str]) -> Markup:
    """The values, each escaped and set into ``template``, one after the other."""
    return Markup("").join(Markup(template).format(value) for value in values)


class YearSlot(NamedTuple):
    """A year on an axis of years, or one of the two parts of the year that is split."""

    label: str
    year: int
    after: bool


def years_parted(years: Iterable[int], day: Timestamp) -> list[YearSlot]:
    """A slot for each year; that of ``day`` has two, up to the day before and from it on."""
    slots = []
    for year in years:
        if year == day.year:
            eve = day_and_month(day - Timedelta(days=1))
            slots.append(YearSlot(f"{year} to {eve}", year, False))
            slots.append(YearSlot(f"{year} from {day_and_month(day)}", year, True))
        else:
            slots.append(YearSlot(str(year), year, year > day.year))
    return slots
