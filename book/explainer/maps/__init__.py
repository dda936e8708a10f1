"""The book's maps: one base map for folium and for Matplotlib, symbols that tell their precision.

An interactive map is a :class:`folium.Map` on the project's own GeoJSON: no tiles, no outside
host. Leaflet comes from the package ``xstatic-leaflet`` and is written into the map's document,
so the same cell works in JupyterLab with no network. Every interactive map has a static twin,
drawn by Matplotlib from the same rows with the same symbols::

    look = maps.Look(by="kind", symbols={"school": maps.Symbol("square", "blue")}, town="city")

    m = maps.base_map("levant")
    maps.add_places(m, rows, look, facts={"Operator": "operator"}, statement="note")

    def twin(size):
        figure, ax = style.canvas(size, wide=5, narrow=5)
        maps.draw_base(ax, "levant")
        maps.draw_legend(ax, maps.draw_places(ax, rows, look))
        return figure

    maps.show(m, name="sites", title="...", alt="...", data=rows, twin=twin)

What symbols mean, on both maps:

* precision ``building`` or ``street``: a symbol at the place itself;
* ``city``: the symbol has a soft ring: the town is known, the spot in it is not;
* ``region``: the territory is shaded and named; there is no symbol on any spot.

Symbols that would cover each other are pushed apart on the screen, by fixed steps and with no
chance involved, and a thin line leads to the true point (:func:`separate`).
"""

from __future__ import annotations

import html

from pandas import DataFrame

from explainer import charts, style
from explainer.figure import Framed, frame
from explainer.maps.base import (
    BOUNDARIES,
    DASHES,
    PRECISION_LABELS,
    REGIONS,
    SHAPES,
    Look,
    Symbol,
    located,
    separate,
    year_of,
)
from explainer.maps.twin import (
    Fill,
    canvas,
    choropleth,
    draw_base,
    draw_legend,
    draw_lines,
    draw_places,
    equal_earth,
    graded,
)
from explainer.maps.web import (
    BookMap,
    add_lines,
    add_places,
    base_map,
    document,
    time_slider,
)

__all__ = [
    "BOUNDARIES",
    "DASHES",
    "PRECISION_LABELS",
    "REGIONS",
    "SHAPES",
    "BookMap",
    "Fill",
    "Look",
    "Symbol",
    "add_lines",
    "add_places",
    "base_map",
    "canvas",
    "choropleth",
    "document",
    "draw_base",
    "draw_legend",
    "draw_lines",
    "draw_places",
    "equal_earth",
    "graded",
    "located",
    "separate",
    "show",
    "time_slider",
    "year_of",
]


def show(
    m: BookMap,
    *,
    name: str,
    title: str,
    alt: str,
    data: DataFrame | dict[str, DataFrame],
    twin: style.Draw,
    caveat: str | None = None,
    height: int = 620,
) -> Framed:
    """A map in the book's frame: interactive, with its static twin, table and downloads.

    ``twin(size)`` draws the same rows with Matplotlib for "wide" or "narrow"; readers without
    JavaScript and printed pages get it. ``data`` holds exactly the rows drawn, each with its
    ``sources``. ``height`` in CSS pixels is used until the map tells the page how much it needs.
    """
    tables = data if isinstance(data, dict) else {"Data": data}
    page = html.escape(document(m, name=name, title=title))
    drawn = charts.picture(twin, name)
    picture = (
        '<div class="map">'
        f'<div class="map-twin" role="img" aria-label="{{alt}}">{drawn}</div>'
        f'<iframe class="map-frame" title="Interactive map: {html.escape(title)}" loading="lazy" '
        f'style="width: 100%" height="{height}" srcdoc="{page}"></iframe></div>'
    )
    return frame(
        name=name,
        title=title,
        alt=alt,
        caveat=caveat,
        tables=tables,
        picture=picture,
        downloads={
            f"{name}.svg": style.svg(twin, "wide", name).encode(),
            f"{name}.png": style.png(twin),
        },
    )
