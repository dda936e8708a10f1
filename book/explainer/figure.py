"""The frame around every chart and map: finding, picture, sources, table, downloads.

A figure is one self-contained piece of HTML: in JupyterLab its downloads are
``data:`` links and its maps whole documents, so it works with no network. The
site build moves those into files of their own (``_ext/light_site.py``).
"""

from __future__ import annotations

import base64
import mimetypes
from dataclasses import dataclass, field
from pathlib import Path

import jinja2
import pandas
from markupsafe import Markup
from pandas import DataFrame

from explainer import data, evidence
from explainer.evidence import Source
from explainer.words import compared, curly

TEMPLATES = jinja2.Environment(
    loader=jinja2.FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
    undefined=jinja2.StrictUndefined,
)
TEMPLATES.filters["curly"] = curly
TEMPLATES.globals |= {"compared": compared, "told_apart": evidence.told_apart}

NOTEBOOK_STYLE = (
    "<style>.figure .figure-narrow,.figure .map-twin,.figure .hidden{display:none}"
    ".figure{margin:0;max-width:52em}.figure-title{font-weight:bold;margin:.5em 0}"
    ".figure .scroll{max-height:24em;overflow:auto}.figure svg{max-width:100%}"
    ".figure .reading{table-layout:fixed;width:100%}.figure .entry-label{display:block}"
    ".figure-source,.figure-downloads{font-size:90%;opacity:.85}</style>"
)
"""Enough for JupyterLab, which has not the site's stylesheet; the site build drops it."""

NAMED_IN_SOURCE_LINE = 6
"""More publishers than this are counted, not named: the table names them all."""


@dataclass(frozen=True)
class Framed:
    """A finished figure; Jupyter and the site show its HTML."""

    name: str
    html: str = field(repr=False)

    def _repr_html_(self) -> str:
        return NOTEBOOK_STYLE + self.html


def frame(
    *,
    name: str,
    title: str,
    alt: str,
    picture: str,
    tables: dict[str, DataFrame],
    downloads: dict[str, bytes],
    caveat: str | None = None,
) -> Framed:
    """Wrap ``picture`` (HTML, in which ``{alt}`` stands for the escaped alt text).

    ``tables`` are the rows drawn, by heading; each must have a ``sources`` column.
    ``downloads`` are files by name; the tables are added to them as CSV.

    Raises ``ValueError`` if title or alt are missing, a table is empty, or a row
    has no source.
    """
    if not title.strip() or not alt.strip():
        raise ValueError(f"figure {name}: a figure needs a title and an alt text")
    for heading, table in tables.items():
        if table.empty:
            raise ValueError(f"figure {name}, table {heading}: no rows")
        if "sources" not in table or table["sources"].isna().any():
            raise ValueError(f"figure {name}, table {heading}: a row without sources")
    files = [
        (
            "CSV" if len(tables) == 1 else f"CSV: {heading}",
            f"{name}.csv" if len(tables) == 1 else f"{name}-{number}.csv",
            table.to_csv(index=False, lineterminator="\n").encode(),
        )
        for number, (heading, table) in enumerate(tables.items(), start=1)
    ]
    files += [
        (filename.rpartition(".")[2].upper(), filename, content)
        for filename, content in downloads.items()
    ]
    sources = pandas.concat([data.sources_of(table) for table in tables.values()])
    sources = sources.drop_duplicates("id")
    publishers = list(dict.fromkeys(sources["publisher"]))
    html = TEMPLATES.get_template("figure.html").render(
        name=name,
        title=curly(title),
        picture=Markup(picture.replace("{alt}", str(Markup.escape(curly(alt))))),
        caveat=curly(caveat) if caveat else None,
        publishers=publishers[:NAMED_IN_SOURCE_LINE],
        more=max(0, len(publishers) - NAMED_IN_SOURCE_LINE),
        source_ids=" ".join(sources["id"]),
        rows=sum(len(table) for table in tables.values()),
        tables={
            heading: _cells(table, evidence.current().sources) for heading, table in tables.items()
        },
        downloads=[
            (label, filename, _data_uri(filename, content)) for label, filename, content in files
        ],
    )
    return Framed(name, html)


def _cells(table: DataFrame, sources: dict[str, Source]) -> dict:
    """Headings, cell texts and linked sources of a table, ready for the template."""
    columns = [column for column in table.columns if column != "sources"]
    return {
        "columns": [str(column).replace("_", " ") for column in columns],
        "numeric": [pandas.api.types.is_numeric_dtype(table[column]) for column in columns],
        "rows": [
            {
                "cells": [text(row[column]) for column in columns],
                "sources": [sources[name] for name in row["sources"].split()],
            }
            for row in table.to_dict("records")
        ],
    }


def text(value: object) -> str:
    """A cell as readers see it: no ``NaN``, whole numbers without ``.0``, thousands parted."""
    if value is None or pandas.isna(value):
        return ""
    if isinstance(value, pandas.Timestamp):
        return value.date().isoformat()
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, int):
        return f"{value:,}" if abs(value) >= 10_000 else str(value)
    return str(value)


def _data_uri(filename: str, content: bytes) -> str:
    kind = mimetypes.guess_type(filename)[0] or "application/octet-stream"
    return f"data:{kind};base64,{base64.b64encode(content).decode()}"
