"""Sphinx extension: a page for each table of the data package, and the package as one file.

``data/NAME.html`` shows a table to sort and to filter. Of a long table the page holds the
first rows; ``data/NAME.rows.js`` holds the others and is loaded when a reader sorts, filters
or turns the page (a script, because pages opened from disk may not read other files).
"""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from markupsafe import Markup, escape
from pandas import DataFrame
from pandas.api.types import is_bool_dtype, is_numeric_dtype
from sphinx.application import Sphinx

from explainer import citing, data
from explainer.figure import TEMPLATES
from light_site import versioned, write

PACKAGE = "data/package.zip"
ROWS_ON_PAGE = 50
STATEMENT = 60
"""Mean length, in letters, from which a column's cells are sentences rather than labels."""

LICENCE_FILE = data.DATA.parents[1] / "LICENSE-CONTENT"

LINKS = {
    "source": "../reference/{page}.html#source-{id}",
    "fact": "../reference/facts.html#fact-{id}",
    "claim": "../reference/claims.html#{id}",
}
"""Where an id in a column of this name (or its plural) leads."""


@cache
def package() -> bytes:
    """The data package as a zip: the same bytes for the same tables."""
    files = {path.relative_to(data.DATA).as_posix(): path for path in package_files()}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, path in sorted((files | {"LICENSE": LICENCE_FILE}).items()):
            entry = zipfile.ZipInfo(name)  # dated 1980, as zip files without a date are
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3  # not the system of the build
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, path.read_bytes())
    return buffer.getvalue()


def package_files() -> list[Path]:
    """The descriptor, its tables and the base maps."""
    wanted = {".csv", ".json", ".geojson"}
    return sorted(path for path in data.DATA.rglob("*") if path.suffix in wanted)


def spoken_size(size: int) -> str:
    """A file's size for readers.

    >>> spoken_size(48_300), spoken_size(1_234_567)
    ('48 kB', '1.2 MB')
    """
    return f"{size / 1e6:.1f} MB" if size >= 1e6 else f"{round(size / 1e3)} kB"


def pages(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """The page of each table, for Sphinx to put into the theme; writes rows and package."""
    if app.builder.name != "html":
        return
    out = Path(app.outdir)
    write(out / PACKAGE, package())
    tiers = data.load("sources").set_index("id")["tier"].to_dict()
    for table in data.descriptors():
        name = table["name"]
        columns = {
            column: is_numeric_dtype(values) and not is_bool_dtype(values)
            for column, values in in_reading_order(data.load(name)).items()
        }
        rows = list(html_rows(data.path(name), columns, tiers))
        if len(rows) > ROWS_ON_PAGE:
            rest = json.dumps("\n".join(rows[ROWS_ON_PAGE:]), ensure_ascii=False)
            write(out / f"data/{name}.rows.js", f"addRows({rest});\n".encode())
        body = TEMPLATES.get_template("table-page.html").render(
            table=table,
            columns=columns.items(),
            rows=Markup("\n".join(rows[:ROWS_ON_PAGE])),
            total=len(rows),
            on_page=ROWS_ON_PAGE,
            script=f"../_static/{versioned('table.js')}",
            licence=citing.LICENCE,
            licence_url=citing.LICENCE_URL,
        )
        context = {"title": escape(table["title"]), "body": body}
        context["description"] = f"{table['description']} {len(rows)} rows to sort and filter."
        yield f"data/{name}", context, "page.html"


def in_reading_order(table: DataFrame) -> DataFrame:
    """The table with a column of statements far to the right moved to the second place.

    So the first screen says what a row is about.
    """
    first, *others = table.columns
    lengths = {
        column: table[column].astype("string").str.len().mean()
        for column in others
        # Remarks may be empty, statements not.
        if column.removesuffix("s") not in LINKS and table[column].notna().all()
    }
    longest = max(lengths, key=lengths.get, default=None)
    if longest in (None, *others[:3]) or lengths[longest] < STATEMENT:
        return table
    return table[[first, longest, *(column for column in others if column != longest)]]


def html_rows(file: Path, columns: dict[str, bool], tiers: dict[str, str]) -> Iterator[str]:
    """The rows of a table as HTML; ids and addresses are links.

    ``columns`` are those shown, in their order, and whether they hold numbers.
    """
    with file.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            yield "<tr>" + "".join(
                f"<td{' class=number' if is_number else ''}>{cell(column, row[column], tiers)}"
                for column, is_number in columns.items()
            )


_ROLE = re.compile(r"\{[a-z]+\}`([^`<]*[^`<\s])\s*(?:<[^`>]*>)?`")


def cell(column: str, text: str, tiers: dict[str, str]) -> str:
    """One cell; of words that are bound to evidence only the words."""
    kind = column.removesuffix("s")
    if text.startswith(("https://", "http://")):
        return f'<a href="{escape(text)}">{escape(text)}</a>'
    if kind in LINKS:
        return " ".join(
            f'<a href="{address(kind, key, tiers)}">{escape(key)}</a>' for key in text.split()
        )
    return str(escape(_ROLE.sub(r"\1", text)))


def address(kind: str, key: str, tiers: dict[str, str]) -> str:
    """Where a piece of evidence stands, as seen from a table's page."""
    page = "sources-secondary" if tiers.get(key) == "secondary" else "sources"
    return LINKS[kind].format(page=page, id=key.lower() if kind == "claim" else key)


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the event."""
    app.connect("html-collect-pages", pages)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
