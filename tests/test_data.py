"""The data door: good tables come in typed, bad ones are refused to the cell.

The tests stand on a tiny package of invented rows, so that each mistake can be made
alone; the real package is checked at the end, by this loader and by frictionless.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from explainer import data, tables

CLAIMS = """\
id,paragraph,order,claim
C01,1,1,A first claim.
C02,2,2,A second claim.
"""

FILES = {
    "sources": """\
id,publisher,title,date,url,tier,read
agency-2015-opening,Agency,"Opening, as seen",2015-12,https://agency.example/a?b=1,established,seen
un-2023-vote,United Nations,Record of the vote,2023-10-27,https://un.example/record,primary,seen
paper-2016-report,Paper,A report,undated,,secondary,relay
""",
    "facts": """\
id,claims,date,statement,value,value_low,value_high,unit,place,confidence
opening,C01,2015-12,A centre opened.,60,50,70,people,centre,medium
share,C01 C02,undated,A share was named.,45.5,,,percent,,low
""",
    "citations": """\
fact,source,says
opening,agency-2015-opening,It opened.
opening,paper-2016-report,It had opened.
share,un-2023-vote,The share.
""",
    "places": """\
id,name,territory,lat,lon,precision
centre,The centre,Squareland,31.5,34.5,city
""",
    "people": """\
id,name,facts,sources
founder,A. Founder,opening,
witness,B. Witness,,un-2023-vote
""",
    "verdicts": """\
claim,date,verdict,why
C01,2026-11-23,mixed,One part stands.
C02,2026-11-23,supported,The record says so.
""",
    "do-not-link": "host,reason\nmirror.example,mirror\nscraper.example,scraper\n",
    "sites": """\
id,place,opened,closed,killed,killed_low,killed_high,sources
base,centre,2001-10-07,2005-11,5,4,6,agency-2015-opening un-2023-vote
""",
    "votes": """\
resolution,date,yes,no,abstain,not_voting,russia_vote,sources
A/RES/ES-10/21,2023-10-27,120,14,45,14,Y,un-2023-vote
S/2023/772,2023-10-16,5,4,6,,Y,un-2023-vote
""",
    "roll-calls": "iso3,resolution,date,vote,sources\n"
    + "".join(
        f"{'RUS' if n == 0 else f'X{n:02}'},ES-10/21,2023-10-27,"
        f"{'Y' if n < 120 else 'N' if n < 134 else 'A' if n < 179 else 'X'},un-2023-vote\n"
        for n in range(193)
    ),
}

SQUARE = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "properties": {"name": "Squareland"},
            "geometry": {
                "type": "Polygon",
                "coordinates": [[[34, 31], [35, 31], [35, 32], [34, 32], [34, 31]]],
            },
        }
    ],
}

ID = {"required": True, "pattern": "[a-zA-Z0-9-]{1,60}"}
FIELDS: dict[str, dict[str, Any]] = {
    "sources.id": {"constraints": ID | {"unique": True}},
    "sources.publisher": {"constraints": {"required": True}},
    "sources.date": {"kind": "partial-date", "constraints": {"required": True}},
    "sources.url": {"kind": "url", "constraints": {"unique": True}},
    "sources.tier": {
        "kind": "category",
        "constraints": {"required": True, "enum": ["primary", "established", "secondary"]},
    },
    "sources.read": {
        "kind": "category",
        "constraints": {"required": True, "enum": ["seen", "relay", "recalled"]},
    },
    "facts.id": {"constraints": ID},
    "people.facts": {"kind": "facts"},
    "facts.claims": {"kind": "claims", "constraints": {"required": True}},
    "facts.date": {"kind": "partial-date", "constraints": {"required": True}},
    "facts.statement": {"constraints": {"required": True}},
    "facts.value": {"type": "number"},
    "facts.value_low": {"type": "number"},
    "facts.value_high": {"type": "number"},
    "facts.confidence": {"kind": "category", "constraints": {"enum": ["high", "medium", "low"]}},
    "places.id": {"constraints": ID},
    "places.lat": {"type": "number", "unit": "degrees"},
    "places.lon": {"type": "number", "unit": "degrees"},
    "places.precision": {
        "kind": "category",
        "constraints": {"enum": ["building", "street", "city", "region"]},
    },
    "verdicts.claim": {"kind": "claims", "constraints": {"required": True}},
    "verdicts.date": {"type": "date", "constraints": {"required": True}},
    "do-not-link.host": {"constraints": {"unique": True, "pattern": r"[a-z0-9.-]+"}},
    "sites.opened": {"kind": "partial-date"},
    "sites.closed": {"kind": "partial-date"},
    "sites.killed": {"type": "integer", "constraints": {"minimum": 0, "maximum": 1000}},
    "sites.killed_low": {"type": "integer"},
    "sites.killed_high": {"type": "integer"},
    "votes.date": {"type": "date"},
    **{f"votes.{n}": {"type": "integer"} for n in ("yes", "no", "abstain", "not_voting")},
    "roll-calls.iso3": {"constraints": {"required": True}},
    "roll-calls.resolution": {"constraints": {"required": True}},
    "roll-calls.date": {"type": "date"},
    "roll-calls.vote": {"kind": "category", "constraints": {"required": True, "enum": [*"YNAX"]}},
}
PRIMARY = {
    "facts": "id",
    "places": ["id"],
    "citations": ["fact", "source"],
    "verdicts": ["claim", "date"],
    "roll-calls": ["iso3", "resolution"],
}
FOREIGN = {
    "citations": [("fact", "facts"), ("source", "sources")],
    "facts": [("place", "places")],
    "sites": [("place", "places")],
}


def describe() -> dict[str, Any]:
    """The descriptor of the tiny package."""
    resources = []
    for name, text in FILES.items():
        fields = []
        for column in text.split("\n", 1)[0].split(","):
            more = dict(FIELDS.get(f"{name}.{column}", {}))
            if column in tables.CORE.get(name, ()) and column not in tables.OPTIONAL:
                more["constraints"] = more.get("constraints", {}) | {"required": True}
            kind = {"kind": "sources"} if column == "sources" else {}
            fields.append({"name": column, "type": "string"} | kind | more)
        keys = [
            {"fields": own, "reference": {"resource": other, "fields": "id"}}
            for own, other in FOREIGN.get(name, [])
        ]
        schema = {"fields": fields, "primaryKey": PRIMARY.get(name, []), "foreignKeys": keys}
        resources.append(
            {"name": name, "path": f"{name}.csv", "title": name, "description": name}
            | {"modified": "2026-11-23", "schema": schema}
        )
    return {"name": "tiny", "evidence_date": "2026-11-23", "resources": resources}


def write(root: Path, files: dict[str, str], package: dict[str, Any]) -> Path:
    """Write the tiny package below ``root``."""
    folder = root / "book" / "data"
    (folder / "geo").mkdir(parents=True, exist_ok=True)
    (root / "seeds").mkdir(exist_ok=True)
    (root / "seeds" / "claims.csv").write_bytes(CLAIMS.encode())
    for name, text in files.items():
        (folder / f"{name}.csv").write_bytes(text.encode())
    (folder / "geo" / "base.geojson").write_text(json.dumps(SQUARE), encoding="utf-8")
    (folder / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")
    return root


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A good tiny package."""
    return write(tmp_path, FILES, describe())


def said(root: Path) -> list[str]:
    """Every problem of the package as it is printed."""
    return [str(problem) for problem in data.validate(root)]


def test_a_good_package_is_read_and_typed(root: Path) -> None:
    summary = data.check(root)
    assert summary == (11, 213)

    facts = data.load("facts", root)
    assert [str(facts[name].dtype) for name in ("statement", "value", "confidence")] == [
        "string",
        "Float64",
        "category",
    ]
    assert facts["date"][0] == pd.Period("2015-12", freq="M")
    assert facts["date"][1] is pd.NA
    assert facts["place"].isna().tolist() == [False, True]
    assert facts["confidence"].cat.categories.tolist() == ["high", "medium", "low"]
    assert data.load("sites", root)["killed"].dtype == "Int64"
    assert str(data.load("votes", root)["date"].dtype) == "datetime64[ns]"
    assert data.claims(root)["id"].tolist() == ["C01", "C02"]
    assert list(data.load_all(root)) == list(FILES)

    about = data.descriptor("places", root)
    assert (about["title"], about["caveat"], about["units"]["lat"]) == ("places", "", "degrees")
    assert data.evidence_date(root) == "2026-11-23"
    assert data.path("facts", root) == root / "book" / "data" / "facts.csv"


def test_sources_are_found_in_order_of_first_use(root: Path) -> None:
    facts = data.load("facts", root)
    assert data.sources_of(facts[::-1], root)["id"].tolist() == [
        "un-2023-vote",
        "agency-2015-opening",
        "paper-2016-report",
    ]
    assert data.sources_of(data.load("votes", root), root)["id"].tolist() == ["un-2023-vote"]
    with pytest.raises(data.DataError, match='"no-such" is unknown'):
        data.sources_of(pd.DataFrame({"sources": ["un-2023-vote no-such"]}), root)
    with pytest.raises(ValueError, match="name no source"):
        data.sources_of(pd.DataFrame({"year": [2001]}), root)


def test_an_edited_cell_is_seen_and_a_returned_table_is_the_callers_own(root: Path) -> None:
    scribbled = data.load("facts", root)
    scribbled.loc[0, "statement"] = "scribbled over"
    assert data.load("facts", root)["statement"][0] == "A centre opened."
    file = data.path("facts", root)
    file.write_text(file.read_text().replace("A centre opened.", "A centre had opened."))
    assert data.load("facts", root)["statement"][0] == "A centre had opened."


CENTRE = "The centre,Squareland,31.5,34.5,city"
LONG = "A" * 301
CELLS = [
    # Types, vocabularies, required cells, keys.
    (
        "facts",
        "opening,C01,2015-12,",
        "opening,C01,2015-13,",
        'facts.csv, row 2, column date: "2015-13" is not a partial date '
        "(expected YYYY, YYYY-MM, YYYY-MM-DD or undated)",
    ),
    (
        "facts",
        "2015-12",
        "2015-02-30",
        'facts.csv, row 2, column date: "2015-02-30" is not a partial date '
        "(expected YYYY, YYYY-MM, YYYY-MM-DD or undated)",
    ),
    (
        "votes",
        "2023-10-16",
        "2023-10",
        'votes.csv, row 3, column date: "2023-10" is not a date (expected YYYY-MM-DD)',
    ),
    (
        "sites",
        ",5,4,6,",
        ",five,4,6,",
        'sites.csv, row 2, column killed: "five" is not an integer '
        "(expected digits only, such as 1500)",
    ),
    (
        "sites",
        ",5,4,6,",
        ",5000,,,",
        'sites.csv, row 2, column killed: "5000" is too large (expected at most 1000)',
    ),
    (
        "facts",
        "45.5",
        "1e3",
        'facts.csv, row 3, column value: "1e3" is not a number '
        "(expected a decimal number such as 31.53)",
    ),
    (
        "sources",
        "established",
        "famous",
        'sources.csv, row 2, column tier: "famous" is not in the vocabulary '
        "(expected one of: primary, established, secondary)",
    ),
    (
        "sources",
        ",Agency,",
        ",,",
        "sources.csv, row 2, column publisher: is missing (expected a string value)",
    ),
    (
        "facts",
        "A centre opened.",
        "A centre opened. ",
        'facts.csv, row 2, column statement: "A centre opened. " has space at an end '
        "(expected no space at either end)",
    ),
    (
        "facts",
        "A centre",
        "A\u202ecentre",
        'facts.csv, row 2, column statement: "A\\u202ecentre opened." '
        "holds an invisible or broken character (expected readable text)",
    ),
    (
        "facts",
        "A centre opened.",
        "=HYPERLINK(1)",
        'facts.csv, row 2, column statement: "=HYPERLINK(1)" begins like a spreadsheet formula '
        "(expected text that begins with none of = + - @)",
    ),
    (
        "people",
        "A. Founder",
        "A. FÃ¶nder",
        'people.csv, row 2, column name: "A. FÃ¶nder" was read in a wrong encoding once '
        "(expected perhaps A. Fönder)",
    ),
    (
        "facts",
        "A centre opened.",
        "A" * 200_000,
        f'facts.csv, row 2: "opening,C01,2015-12,{"A" * 57}..." is not a CSV row: '
        "field larger than field limit (131072) (expected cells parted by commas, "
        "quotes closed on the same line and doubled inside)",
    ),
    (
        "sites",
        "agency-2015-opening un",
        "agency-2015-opening  un",
        'sites.csv, row 2, column sources: "agency-2015-opening  un-2023-vote" '
        "is not a list of ids (expected different ids with one space between them)",
    ),
    (
        "facts",
        "share,C01 C02,",
        "share,C01 C29,",
        'facts.csv, row 3, column claims: "C29" is unknown (expected an id in claims.csv)',
    ),
    (
        "facts",
        "people,centre,",
        "people,center,",
        'facts.csv, row 2, column place: "center" is unknown '
        "(expected a value of id in places.csv)",
    ),
    (
        "citations",
        "share,un-2023-vote",
        "share,un-2023-votes",
        'citations.csv, row 4, column source: "un-2023-votes" is unknown '
        "(expected a value of id in sources.csv)",
    ),
    (
        "sites",
        "agency-2015-opening un",
        "no-such un",
        'sites.csv, row 2, column sources: "no-such" is unknown (expected an id in sources.csv)',
    ),
    (
        "people",
        "founder,A. Founder,opening,",
        "founder,A. Founder,opened,",
        'people.csv, row 2, column facts: "opened" is unknown (expected an id in facts.csv)',
    ),
    (
        "people",
        ",,un-2023-vote",
        ",,",
        "people.csv, row 3, column facts: is missing "
        "(expected a fact that the person has a part in, or a source)",
    ),
    (
        "sources",
        "https://un.example/record",
        "https://agency.example/a?b=1",
        'sources.csv, row 3, column url: "https://agency.example/a?b=1" stands already in row 2 '
        "(expected each value once)",
    ),
    (
        "citations",
        "opening,paper-2016-report,",
        "opening,agency-2015-opening,",
        'citations.csv, row 3, column fact + source: "opening + agency-2015-opening" '
        "stands already in row 2 (expected each value once)",
    ),
    (
        "votes",
        "S/2023/772",
        "A/RES/ES-10/21,2023-10-27,120,14,45,14,Y,un-2023-vote\nS/2023/772",
        "votes.csv, row 3: repeats row 2 (expected each row once)",
    ),
    # What a column type cannot say.
    (
        "facts",
        "undated",
        "2026-12",
        'facts.csv, row 3, column date: "2026-12" is after the evidence date '
        "(expected 2026-11-23 or earlier)",
    ),
    (
        "sources",
        "2023-10-27",
        "2026-11-24",
        'sources.csv, row 3, column date: "2026-11-24" is after the evidence date '
        "(expected 2026-11-23 or earlier)",
    ),
    (
        "sites",
        "2005-11",
        "2001-09",
        'sites.csv, row 2, column closed: "2001-09" is before opened '
        "(expected 2001-10-07 or later)",
    ),
    (
        "sites",
        ",5,4,6,",
        ",3,4,6,",
        'sites.csv, row 2, column killed: "3" is below killed_low (expected at least 4)',
    ),
    (
        "sites",
        ",5,4,6,",
        ",7,4,6,",
        'sites.csv, row 2, column killed: "7" is above killed_high (expected at most 6)',
    ),
    (
        "sites",
        ",5,4,6,",
        ",,-4,6,",
        'sites.csv, row 2, column killed_low: "-4" is negative (expected 0 or more)',
    ),
    (
        "facts",
        ",60,50,70,",
        ",,71,70,",
        'facts.csv, row 2, column value_low: "71" is above value_high (expected at most 70)',
    ),
    (
        "facts",
        "45.5",
        "100.5",
        'facts.csv, row 3, column value: "100.5" is not a share (expected 0 to 100 percent)',
    ),
    (
        "facts",
        "A centre opened.",
        LONG,
        f'facts.csv, row 2, column statement: "{"A" * 77}..." has 301 characters '
        "(expected at most 300 characters)",
    ),
    (
        "places",
        "31.5,34.5",
        "91,34.5",
        'places.csv, row 2, column lat: "91" is out of range (expected -90 to 90)',
    ),
    (
        "places",
        "31.5,34.5",
        "34.5,31.5",
        'places.csv, row 2, column lat + lon: "34.5 + 31.5" lies 360 km outside '
        "(expected a point within 15 km of Squareland)",
    ),
    (
        "places",
        "31.5,34.5",
        "31.5,",
        "places.csv, row 2, column lon: is missing (expected both latitude and longitude)",
    ),
    (
        "places",
        "34.5,city",
        "34.5,",
        "places.csv, row 2, column precision: is missing (expected a category value)",
    ),
    (
        "places",
        "Squareland",
        "Atlantis",
        'places.csv, row 2, column territory: "Atlantis" is not on the base map '
        "(expected a name used in book/data/geo)",
    ),
    (
        "places",
        "city\n",
        f"city\nunused,{CENTRE}\n",
        'places.csv, row 3, column id: "unused" is used by no row '
        "(expected a fact or chart row there)",
    ),
    (
        "votes",
        "5,4,6,",
        "5,4,5,",
        'votes.csv, row 3, column yes + no + abstain: "5 + 4 + 5" makes 14 (expected 15 members)',
    ),
    (
        "votes",
        "45,14,Y",
        "45,13,Y",
        'votes.csv, row 2, column yes + no + abstain + not_voting: "120 + 14 + 45 + 13" '
        "makes 192 (expected 193 members)",
    ),
    (
        "votes",
        "120,14,45",
        "121,14,44",
        'votes.csv, row 2, column yes: "121" differs from the roll call '
        "(expected 120 as in roll-calls.csv)",
    ),
    (
        "votes",
        "14,Y",
        "14,N",
        'votes.csv, row 2, column russia_vote: "N" differs from the roll call '
        "(expected Y as in roll-calls.csv)",
    ),
    (
        "roll-calls",
        "RUS,ES-10/21",
        "RUS,ES-10/2",
        'roll-calls.csv, row 2, column resolution: "ES-10/2" has no totals '
        "(expected a row with yes, no, abstain)",
    ),
    (
        "verdicts",
        "mixed",
        "half true",
        'verdicts.csv, row 2, column verdict: "half true" is not a verdict (expected one of: '
        "supported, mostly supported, mixed, contradicted, unverified, interpretation)",
    ),
    (
        "verdicts",
        "One part stands.",
        "",
        "verdicts.csv, row 2, column why: is missing (expected a string value)",
    ),
    (
        "citations",
        "share,un-2023-vote,The share.\n",
        "",
        'facts.csv, row 3, column id: "share" has no source (expected a row in citations.csv)',
    ),
    (
        "sources",
        "United Nations,Record of the vote,2023-10-27,https://un.example/record",
        "copy (author not named),Record of the vote,2023-10-27,",
        'facts.csv, row 3, column id: "share" has no source that can be found '
        "(expected a source with an address or a named publisher)",
    ),
    (
        "citations",
        "opening,paper-2016-report,It had opened.\n",
        "",
        'sources.csv, row 4, column id: "paper-2016-report" is used by no row '
        "(expected a citation or a chart row)",
    ),
    (
        "sources",
        "undated,,",
        "undated,https://paper.example/,",
        'sources.csv, row 4, column url: "https://paper.example/" is linked though relay '
        "(expected an empty cell unless read is seen)",
    ),
    (
        "sources",
        "https://agency.example/a?b=1",
        "https://www.mirror.example/a",
        'sources.csv, row 2, column url: "https://www.mirror.example/a" '
        "is on the do-not-link list (expected another host)",
    ),
    (
        "sources",
        "https://agency.example/a?b=1",
        "https://archive.example/2015/http://MIRROR.example./a",
        'sources.csv, row 2, column url: "http://MIRROR.example./a" '
        "is on the do-not-link list (expected another host)",
    ),
    (
        "citations",
        "The share.",
        "The share (https://scraper.example/x).",
        'citations.csv, row 4, column says: "https://scraper.example/x" '
        "is on the do-not-link list (expected another host)",
    ),
    # The shape of a row.
    (
        "facts",
        "A centre opened.,",
        "A centre, opened.,",
        "facts.csv, row 2: has 11 cells (expected 10 cells)",
    ),
    (
        "citations",
        ",It opened.",
        ',"It opened.',
        'citations.csv, row 2: "opening,agency-2015-opening,\\"It opened." is not a CSV row: '
        "unexpected end of data (expected cells parted by commas, "
        "quotes closed on the same line and doubled inside)",
    ),
    ("facts", "\nshare", "\n\nshare", "facts.csv, row 3: is blank (expected a row of cells)"),
    (
        "places",
        "precision\n",
        "precision,note\n",
        "places.csv, row 1, column note: is an extra column "
        "(expected only id, name, territory, lat, lon, precision)",
    ),
    (
        "places",
        "name,territory",
        "name,teritory",
        "places.csv, row 1, column territory: is a missing column "
        "(expected id, name, territory, lat, lon, precision)",
    ),
    (
        "do-not-link",
        "host,reason",
        "reason,host",
        "do-not-link.csv, row 1, column reason,host: are columns out of order "
        "(expected host,reason)",
    ),
]


@pytest.mark.parametrize(
    ("table", "good", "bad", "message"), CELLS, ids=[f"{c[0]}-{c[2][:30]!r}" for c in CELLS]
)
def test_a_bad_cell_is_named(root: Path, table: str, good: str, bad: str, message: str) -> None:
    assert FILES[table].count(good) >= 1
    write(root, {table: FILES[table].replace(good, bad, 1)}, describe())
    assert f"book/data/{message}" in said(root)


@pytest.mark.parametrize(
    "address",
    [
        "agency.example/a",
        "ftp://agency.example/a",
        "javascript:alert(1)",
        "https://agency.example/a b",
        "https://user:word@agency.example/",
        "https:///a",
        "https://agency",
        "https://127.0.0.1/",
        "https://agency.example:port/",
        "https://[agency.example/",
    ],
)
def test_a_malformed_address_is_refused(root: Path, address: str) -> None:
    good = "https://agency.example/a?b=1"
    write(root, {"sources": FILES["sources"].replace(good, address)}, describe())
    assert said(root) == [
        f'book/data/sources.csv, row 2, column url: "{address}" is not a web address '
        "(expected one http(s) address with a host name, without spaces or user name)"
    ]


FILE_FAULTS: list[tuple[Callable[[bytes], bytes], str]] = [
    (lambda raw: b"", "is empty (expected a header and at least one row)"),
    (lambda raw: raw.split(b"\n")[0] + b"\n", "has a header only (expected at least one row)"),
    (
        lambda raw: b"\xef\xbb\xbf" + raw,
        "starts with a byte order mark (expected UTF-8 without it)",
    ),
    (lambda raw: raw[:-12], "row 4: has 2 cells (expected 3 cells)"),
    (lambda raw: raw[:-1], "row 4: is cut off: no end of line (expected a line feed)"),
    (lambda raw: raw.replace(b"It opened", b"It\0opened"), "row 2: holds a NUL byte"),
    (lambda raw: raw.replace(b"It opened", b"\xc9t\xe9"), "row 2: is not UTF-8"),
    (lambda raw: raw.decode().encode("utf-16"), "is in UTF-16 or UTF-32 (expected UTF-8)"),
    (lambda raw: raw.decode().encode("utf-32"), "is in UTF-16 or UTF-32 (expected UTF-8)"),
    (lambda raw: raw.decode().encode("utf-16-le"), "row 1: holds a NUL byte (expected text"),
    (lambda raw: raw.replace(b"It opened", "Türkei".encode("latin-1")), "row 2: is not UTF-8"),
    (lambda raw: raw.replace(b"\n", b"\r\n"), "has carriage returns (expected lines that end"),
]


@pytest.mark.parametrize(("spoil", "message"), FILE_FAULTS)
def test_a_broken_file_is_named(root: Path, spoil: Callable[[bytes], bytes], message: str) -> None:
    file = root / "book" / "data" / "citations.csv"
    file.write_bytes(spoil(file.read_bytes()))
    problems = said(root)
    assert any(p.startswith("book/data/citations.csv") and message in p for p in problems), problems


@pytest.mark.parametrize("name", ["facts.csv", "datapackage.json", "geo/base.geojson"])
def test_a_huge_file_is_refused_before_it_is_read(root: Path, name: str) -> None:
    file = root / "book" / "data" / name
    with file.open("ab") as stream:
        stream.truncate(100_000_000)
    tracemalloc.start()
    problems = said(root)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert any(name in p and "100,000,000 bytes" in p for p in problems), problems
    assert peak < 5_000_000


@pytest.mark.skipif(sys.platform == "win32", reason="links need special rights there")
@pytest.mark.parametrize("name", ["facts.csv", "datapackage.json", "geo/base.geojson"])
def test_a_link_in_place_of_a_file_is_refused(root: Path, name: str) -> None:
    """It could lead to what must not be published, or to a device that never ends."""
    file = root / "book" / "data" / name
    file.unlink()
    file.symlink_to("/dev/zero")
    assert any(name in p and "is not a plain file" in p for p in said(root)), said(root)


@pytest.mark.parametrize("text", ["{", "[" * 100_000, "[1]", '{"resources": ["x"]}', "\xff"])
def test_a_broken_descriptor_is_named(root: Path, text: str) -> None:
    (root / data.DESCRIPTOR).write_text(text, encoding="latin-1")
    assert any(p.startswith(data.DESCRIPTOR) for p in said(root)), said(root)


def change(path: str, value: Any) -> Callable[[dict[str, Any]], None]:
    """A change of the descriptor at ``resource/key`` or ``resource/column/key``."""

    def apply(package: dict[str, Any]) -> None:
        *steps, key = path.split("/")
        target: Any = package
        for step in steps:
            among = target["schema"]["fields"] if "schema" in target else target["resources"]
            target = next(item for item in among if item["name"] == step)
        target[key] = value

    return apply


DESCRIPTORS = [
    (change("evidence_date", None), "column evidence_date: is not a date"),
    (change("facts/path", "../facts.csv"), 'column facts.path: "../facts.csv" is not a file of'),
    (change("facts/title", ""), "column facts.title: is missing (expected a title for readers)"),
    (change("facts/unit/type", "text"), 'column facts.unit: "text" is not a known type'),
    (change("facts/unit/kind", "units"), 'column facts.unit: "units" is not a known kind'),
    (change("facts/unit/constraints", {"min": 1}), '"min" is not a known constraint'),
    (change("facts/unit/kind", "category"), "column facts.unit: is a category without enum"),
    (change("facts/claims/kind", None), "column facts.claims: is not checked against its table"),
    (
        change("facts/unit/constraints", {"minimum": 1}),
        'facts.unit: "1" is not a minimum of type string',
    ),
    (change("facts/date/kind", None), "column facts.date: is not checked as a date"),
    (change("facts/unit/constraints", {"pattern": "["}), "column facts.schema: cannot be underst"),
    (
        change("verdicts/why/constraints", {}),
        "verdicts.why: may be empty (expected required: true)",
    ),
    (change("facts/place/name", "lieu"), 'facts.foreignKeys: "place" is not a column'),
    (change("sources/id/name", "key"), "sources.id: is not described (expected this column)"),
    (change("facts/modified", "2026-11-24"), '2026-11-24" is not the day of a change (expected'),
    (change("facts/modified", ""), "column facts.modified: is not the day of a change (expected"),
    (lambda package: package["resources"].pop(0), "column sources: is not described"),
]


@pytest.mark.parametrize(("spoil", "message"), DESCRIPTORS, ids=[d[1] for d in DESCRIPTORS])
def test_a_descriptor_that_would_let_errors_pass_is_refused(
    root: Path, spoil: Callable[[dict[str, Any]], None], message: str
) -> None:
    package = describe()
    spoil(package)
    write(root, {}, package)
    assert any(p.startswith(data.DESCRIPTOR) and message in p for p in said(root)), said(root)


def test_what_is_not_there_is_not_passed_over(root: Path) -> None:
    folder = root / "book" / "data"
    shutil.rmtree(folder / "geo")
    (folder / "extra.csv").write_text("id\n1\n")
    (folder / "verdicts.csv").unlink()
    assert said(root) == [
        "book/data/extra.csv: is not described (expected a resource in datapackage.json)",
        "book/data/geo: has no outlines (expected the base map's *.geojson)",
        "book/data/verdicts.csv: cannot be read: No such file or directory "
        "(expected a readable file)",
    ]
    (folder / "datapackage.json").write_text("{")
    with pytest.raises(data.DataError):
        data.load("facts", root)


def test_a_claim_without_verdict_is_named(root: Path) -> None:
    verdicts = FILES["verdicts"].replace("C02", "C01").replace("2026-11-23,s", "2026-11-22,s")
    write(root, {"verdicts": verdicts}, describe())
    assert said(root) == [
        'seeds/claims.csv, row 3, column id: "C02" has no verdict (expected a row in verdicts.csv)'
    ]


def test_all_problems_are_listed_at_once(root: Path) -> None:
    write(
        root,
        {
            "facts": FILES["facts"].replace("2015-12", "2015-13").replace("45.5", "half"),
            "places": FILES["places"].replace("31.5", "131.5"),
            "votes": FILES["votes"].replace("5,4,6", "5,4,7"),
        },
        describe(),
    )
    with pytest.raises(data.DataError) as caught:
        data.check(root)
    assert [(p.file, p.row, p.column, p.value) for p in caught.value.problems] == [
        ("book/data/facts.csv", 2, "date", "2015-13"),
        ("book/data/facts.csv", 3, "value", "half"),
        ("book/data/places.csv", 2, "lat", "131.5"),
        ("book/data/votes.csv", 3, "yes + no + abstain", "5 + 4 + 7"),
    ]
    assert str(caught.value).startswith("4 problems in the data:\nbook/data/facts.csv, row 2")
    # One table is refused for its own faults only, and also all at once.
    with pytest.raises(data.DataError, match=r"^2 problems"):
        data.load("facts", root)
    assert len(data.load("sources", root)) == 3


def test_markup_and_formulas_are_text(root: Path) -> None:
    text = '<script>alert("x")</script> & =1+1 {{ 7*7 }}'
    cell = '"' + text.replace('"', '""') + '"'
    write(root, {"facts": FILES["facts"].replace("A centre opened.", cell)}, describe())
    assert said(root) == []
    assert data.load("facts", root)["statement"][0] == text


def test_the_real_package_is_sound_here_and_for_frictionless() -> None:
    """Outsiders' tools agree with ours: same files, same rows, no error in either."""
    from frictionless import Package, system, validate

    summary = data.check()
    with system.use_context(trusted=False):
        package = Package(str(data.ROOT / data.DESCRIPTOR))
        report = validate(str(data.ROOT / data.DESCRIPTOR))
    problems = [(task.name, *error) for task in report.tasks for error in task.flatten(["message"])]
    assert report.valid, problems + [error.message for error in report.errors]
    names = [resource.name for resource in package.resources if resource.format == "csv"]
    assert names == [about["name"] for about in data.descriptors()]
    rows = sum(task.stats["rows"] for task in report.tasks if task.name in names)
    assert rows + len(data.claims()) == summary.rows


def test_the_command_lists_problems_and_fails(root: Path) -> None:
    """`python -m explainer check` prints what is wrong and exits with 1, else with 0."""
    package = root / "book" / "explainer"
    package.mkdir()
    for module in ("__init__.py", "__main__.py", "data.py", "rules.py", "tables.py"):
        shutil.copy(Path(data.__file__).parent / module, package / module)

    def run() -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "explainer", "check"]
        return subprocess.run(
            command, cwd=root / "book", capture_output=True, text=True, check=False
        )

    good = run()
    said_well = "book/data: 11 tables, 213 rows, no problem found ("
    assert (good.returncode, good.stdout[: len(said_well)]) == (0, said_well)
    facts = FILES["facts"].replace("2015-12", "2015-13").replace("45.5", "145.5")
    write(root, {"facts": facts}, describe())
    bad = run()
    assert bad.returncode == 1
    assert bad.stdout.splitlines() == [
        "2 problems in the data:",
        'book/data/facts.csv, row 2, column date: "2015-13" is not a partial date '
        "(expected YYYY, YYYY-MM, YYYY-MM-DD or undated)",
        'book/data/facts.csv, row 3, column value: "145.5" is not a share '
        "(expected 0 to 100 percent)",
    ]
