"""`make links` against a server of this machine, whose links live, die, move and dawdle."""

from __future__ import annotations

import http.server
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import links
import pytest


class Web(http.server.BaseHTTPRequestHandler):
    """Answers by the path's first word."""

    def do_HEAD(self) -> None:
        word = self.path.split("/")[1].split("?")[0]
        self.server.asked.append((self.command, self.path, time.perf_counter()))
        if word == "slow":
            time.sleep(5)
        codes = {"good": 200, "slow": 200, "gone": 410, "missing": 404, "robots": 403, "old": 301}
        code = codes.get(word, 200)
        if word == "headless":
            code = 405 if self.command == "HEAD" else 200
        self.send_response(code)
        if word == "old":
            self.send_header("Location", "/good/new")
        self.end_headers()

    do_GET = do_HEAD

    def log_message(self, *arguments: object) -> None:
        pass


@pytest.fixture
def web() -> Iterator[http.server.ThreadingHTTPServer]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Web) as server:
        server.asked = []
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def sources(folder: Path, urls: dict[str, str]) -> Path:
    rows = "".join(f"{name},{url}\n" for name, url in urls.items())
    file = folder / "sources.csv"
    file.write_text("id,url\nnone,\n" + rows, encoding="utf-8")
    return file


def test_dead_links_are_named_with_their_source(
    web: http.server.ThreadingHTTPServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    base = f"http://127.0.0.1:{web.server_port}"
    paths = ["good/a?b=1", "good/ü", "gone", "missing", "robots", "old", "headless", "slow"]
    urls = {path.split("/")[0] + str(at): f"{base}/{path}" for at, path in enumerate(paths)}
    urls["closed"] = "http://127.0.0.1:1/"
    status = links.main([], sources(tmp_path, urls), timeout=2, pause=0.1)
    lines = capsys.readouterr().out.splitlines()
    said = {line.split(": ")[0].split()[-1]: line for line in lines[:-1]}
    assert status == 1
    assert said.keys() == {"gone2", "missing3", "robots4", "old5", "slow7", "closed"}
    assert said["gone2"].startswith("dead")
    assert said["gone2"].endswith("(410)")
    assert said["missing3"].startswith("dead")
    assert said["robots4"].startswith("turned away")
    assert said["old5"].endswith(f"(to {base}/good/new)")
    assert said["slow7"].startswith("no answer")
    assert said["closed"].startswith("no answer")
    assert lines[-1] == "9 addresses: 3 alive, 1 moved, 1 turned away, 2 no answer, 2 dead"
    # HEAD first, and the page itself only where that was refused.
    assert ("HEAD", "/headless") in [asked[:2] for asked in web.asked]
    assert ("GET", "/headless") in [asked[:2] for asked in web.asked]
    assert ("GET", "/good/a?b=1") not in [asked[:2] for asked in web.asked]


def test_a_host_is_asked_politely_and_hosts_are_asked_at_once(
    web: http.server.ThreadingHTTPServer,
) -> None:
    port = web.server_port
    same = [(str(at), f"http://127.0.0.1:{port}/good/{at}") for at in range(3)]
    answers = list(links.ask_all([*same, ("x", f"http://localhost:{port}/good/x")], pause=0.3))
    assert {answer.state for answer in answers} == {links.ALIVE}
    times = [at for _, path, at in web.asked if not path.endswith("x")]
    assert all(later - earlier > 0.28 for earlier, later in zip(times, times[1:]))
    other = next(at for _, path, at in web.asked if path.endswith("x"))
    assert other < times[-1]


def test_without_a_network_it_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = sources(tmp_path, {"a": "http://127.0.0.1:1/", "b": "http://127.0.0.1:1/b"})
    assert links.main(["b"], file, timeout=0.5, pause=0) == 2
    assert "None answered: is there a network?" in capsys.readouterr().out


def test_every_address_of_the_book_is_asked() -> None:
    found = links.addresses()
    assert len(found) > 1000
    assert all(name and url.startswith("http") for name, url in found)
