"""Ask every outside address of the book whether it still answers (`make links`).

Needs a network. A dead link is still a citation, since its publisher, title and date
stand in sources.csv: this finds the rows whose address should be looked at. An answer
that only turns robots away (401, 403, 429, 5xx) says nothing about the page.

    make links                     every address of sources.csv
    make links ARGS="tass un-"     only those whose source id contains one of the words
"""

from __future__ import annotations

import csv
import sys
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPException
from pathlib import Path
from typing import NamedTuple
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlsplit
from urllib.request import Request, urlopen

SOURCES = Path(__file__).resolve().parents[1] / "book" / "data" / "sources.csv"
AGENT = "link check of a book of sources; asks each page once"
TIMEOUT = 20.0
"""Seconds that a page may take to answer."""
PAUSE = 1.0
"""Seconds between two questions to the same host."""
HOSTS_AT_ONCE = 12

ALIVE, MOVED, TURNED_AWAY, NO_ANSWER, DEAD = "alive", "moved", "turned away", "no answer", "dead"
GONE = {404, 410, 451}


class Answer(NamedTuple):
    """What an address said: one of the five words above, and why."""

    source: str
    url: str
    state: str
    detail: str = ""

    def __str__(self) -> str:
        return f"{self.state:<11} {self.source}: {self.url} ({self.detail})"


def ask(source: str, url: str, timeout: float = TIMEOUT) -> Answer:
    """Ask one address for its head and, if it refuses that, for the page."""
    # An address may hold letters that a request line may not.
    target = quote(url, safe=":/?#[]@!$&'()*+,;=%~")
    answer = Answer(source, url, NO_ANSWER)
    for method in ("HEAD", "GET"):
        try:
            request = Request(target, method=method, headers={"User-Agent": AGENT})
            with urlopen(request, timeout=timeout) as response:
                at = response.geturl()
            if at.rstrip("/") == target.rstrip("/"):
                return Answer(source, url, ALIVE, str(response.status))
            return Answer(source, url, MOVED, f"to {at}")
        except HTTPError as error:
            state = DEAD if error.code in GONE else TURNED_AWAY
            answer = Answer(source, url, state, str(error.code))
        except (URLError, HTTPException, OSError, ValueError) as error:
            reason = getattr(error, "reason", error)
            answer = Answer(source, url, NO_ANSWER, str(reason) or type(reason).__name__)
            if isinstance(reason, TimeoutError):
                break
    return answer


def ask_host(
    addresses: list[tuple[str, str]], timeout: float = TIMEOUT, pause: float = PAUSE
) -> list[Answer]:
    """Ask the addresses of one host, one after the other."""
    answers = []
    for number, (source, url) in enumerate(addresses):
        if number:
            time.sleep(pause)
        answers.append(ask(source, url, timeout))
    return answers


def ask_all(
    addresses: Iterable[tuple[str, str]], timeout: float = TIMEOUT, pause: float = PAUSE
) -> Iterator[Answer]:
    """Ask all addresses, several hosts at once; answers come in the order of hosts.

    Args:
        addresses: Id and address of each source.
        timeout: Seconds that a page may take.
        pause: Seconds between two questions to one host.
    """
    hosts: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for source, url in addresses:
        hosts[urlsplit(url).netloc.lower()].append((source, url))
    with ThreadPoolExecutor(HOSTS_AT_ONCE) as pool:
        for answers in pool.map(lambda each: ask_host(each, timeout, pause), hosts.values()):
            yield from answers


def addresses(file: Path = SOURCES) -> list[tuple[str, str]]:
    """Id and address of every source that has one."""
    with file.open(encoding="utf-8", newline="") as stream:
        return [(row["id"], row["url"]) for row in csv.DictReader(stream) if row["url"]]


def main(words: list[str], file: Path = SOURCES, **limits: float) -> int:
    """Print every address that is not simply alive.

    Returns:
        0 if no address is dead, 1 if some are, 2 if none answered at all.
    """
    wanted = [
        (source, url)
        for source, url in addresses(file)
        if not words or any(word in source for word in words)
    ]
    states: dict[str, int] = dict.fromkeys((ALIVE, MOVED, TURNED_AWAY, NO_ANSWER, DEAD), 0)
    for answer in ask_all(wanted, **limits):
        states[answer.state] += 1
        if answer.state != ALIVE:
            print(answer, flush=True)
    print(f"{len(wanted)} addresses: " + ", ".join(f"{n} {state}" for state, n in states.items()))
    if states[NO_ANSWER] == len(wanted):
        print("None answered: is there a network?")
        return 2
    return 1 if states[DEAD] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
