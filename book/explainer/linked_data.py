"""The book for machines: what its pages are, in the words of schema.org (JSON-LD).

Each function gives one object. ``address`` turns a place in the site, such as
``reference/claims.html#c11``, into an address: absolute if the site's own is known,
else relative to the page, which is how a reader of JSON-LD takes it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from explainer import citing, data, evidence
from explainer.evidence import Chapter, Claim

Thing = dict[str, Any]
Address = Callable[[str], str]

HOME = "index.html"
LEDGER = "reference/claims.html"
DATA = "reference/data.html"
GLOSSARY = "reference/glossary.html"

RATINGS = {"supported": 5, "mostly supported": 4, "mixed": 3, "contradicted": 1}
"""Verdicts on the usual scale of fact-checks, 1 to 5. A judgement that no record settles
and a claim without a record have no number: any would say more than we know."""


def page(title: str, description: str, place: str, address: Address) -> Thing:
    """A page that is none of the others."""
    return _object(
        "WebPage",
        url=address(place),
        name=title,
        description=description,
        inLanguage="en",
        isPartOf=_book_reference(address),
    )


def book(description: str, address: Address) -> Thing:
    """The whole book, with its chapters."""
    return _work(
        "Book",
        HOME,
        address,
        name=citing.BOOK,
        description=description,
        dateModified=data.evidence_date(),
        about=article(),
        hasPart=[
            _object(
                "Chapter",
                **{"@id": address(place(each))},
                url=address(place(each)),
                name=each.title,
                position=each.number,
            )
            for each in evidence.current().chapters.values()
        ],
    )


def chapter(of: Chapter, address: Address) -> Thing:
    """One chapter."""
    return _work(
        "Chapter",
        place(of),
        address,
        name=of.title,
        description=of.description,
        position=of.number,
        dateModified=modified(of),
        isPartOf=_book_reference(address),
        about=article(),
    )


def claim_reviews(address: Address) -> list[Thing]:
    """The verdict on each claim, as fact-checkers publish theirs."""
    return [_claim_review(claim, address) for claim in evidence.current().claims.values()]


def _claim_review(claim: Claim, address: Address) -> Thing:
    verdict = claim.verdict
    rating = _object("Rating", alternateName=verdict.verdict)
    if verdict.verdict in RATINGS:
        rating |= {"ratingValue": RATINGS[verdict.verdict], "bestRating": 5, "worstRating": 1}
    url = address(f"{LEDGER}#{claim.id.lower()}")
    return _object(
        "ClaimReview",
        **{"@id": url},
        url=url,
        claimReviewed=claim.text,
        itemReviewed=_object("Claim", appearance=article(), author=article()["author"]),
        author=_author() | {"url": address(HOME)},
        datePublished=verdict.date,
        reviewRating=rating,
    )


def catalogue(address: Address) -> Thing:
    """The data package and each of its tables."""
    about = data.about()
    return _work(
        "Dataset",
        DATA,
        address,
        name=about["title"],
        description=about["description"],
        version=about["version"],
        dateModified=data.evidence_date(),
        distribution=[_download("data/datapackage.json", "application/json", address)],
        hasPart=[
            _object(
                "Dataset",
                url=address(f"{DATA}#table-{table['name']}"),
                name=table["title"],
                description=" ".join(filter(None, [table["description"], table["caveat"]])),
                license=citing.LICENCE_URL,
                creator=_author(),
                distribution=[_download(f"data/{table['path']}", "text/csv", address)],
            )
            for table in data.descriptors()
        ],
    )


def glossary(title: str, description: str, address: Address) -> Thing:
    """The terms of the book."""
    return _work(
        "DefinedTermSet",
        GLOSSARY,
        address,
        name=title,
        description=description,
        hasDefinedTerm=[
            _object(
                "DefinedTerm",
                url=address(f"{GLOSSARY}#{term.id}"),
                name=term.term,
                description=term.definition,
            )
            for term in evidence.current().terms.values()
        ],
    )


def article() -> Thing:
    """The article that the book checks."""
    record = citing.article()
    year, month, day = record["issued"]["date-parts"][0]
    return _object(
        "NewsArticle",
        url=record["URL"],
        headline=record["title"],
        author=[
            _object("Person", name=f"{author['given']} {author['family']}")
            for author in record["author"]
        ],
        publisher=_object("Organization", name=record["publisher"]),
        datePublished=f"{year}-{month:02}-{day:02}",
    )


def modified(of: Chapter) -> str:
    """The newest day of a chapter's verdicts and corrections."""
    found = evidence.current()
    days = [found.claims[claim].verdict.date for claim in of.claims]
    days += [each.date for each in found.corrections if each.page == of.id]
    return max(days)


def place(of: Chapter) -> str:
    """Where in the site a chapter is."""
    return f"{of.id}.html"


# --- what they share ---------------------------------------------------------------------


def _object(kind: str, **properties: Any) -> Thing:
    return {"@type": kind} | {name: value for name, value in properties.items() if value}


def _work(kind: str, where: str, address: Address, **properties: Any) -> Thing:
    """A work of the book's contributors under its licence."""
    return _object(
        kind,
        **{"@id": address(where)},
        url=address(where),
        inLanguage="en",
        author=_author(),
        license=citing.LICENCE_URL,
        datePublished=data.about()["created"],
        isAccessibleForFree=True,
        **properties,
    )


def _author() -> Thing:
    return _object("Organization", name=citing.AUTHOR)


def _book_reference(address: Address) -> Thing:
    return _object("Book", **{"@id": address(HOME)}, name=citing.BOOK, url=address(HOME))


def _download(file: str, encoding: str, address: Address) -> Thing:
    return _object("DataDownload", contentUrl=address(file), encodingFormat=encoding)
