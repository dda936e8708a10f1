"""The code runs alike on Linux, macOS and Windows: no shell, named encodings, fixed line ends."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
CODE = sorted(
    path
    for folder in ("book", ".ci")
    for path in (ROOT / folder).rglob("*.py")
    if "__pycache__" not in path.parts
)
SHELLS = {"os.system", "os.popen", "subprocess.getoutput", "subprocess.getstatusoutput"}


def calls(path: Path) -> Iterator[tuple[ast.Call, str]]:
    """Every call of a module, with what it calls as written (``path.open``)."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            yield node, ast.unparse(node.func)


def mode_of(call: ast.Call, place: int) -> str:
    """The mode of an ``open``: text for reading if it names none."""
    given = next((word.value for word in call.keywords if word.arg == "mode"), None)
    if given is None and len(call.args) > place:
        given = call.args[place]
    return str(given.value) if isinstance(given, ast.Constant) else "r"


def opens_text(call: ast.Call, name: str) -> tuple[bool, bool]:
    """Whether a call reads or writes text, and whether it writes."""
    last = name.rpartition(".")[2]
    if last == "open" and not name.startswith(("os.", "pikepdf.", "Image.")):
        mode = mode_of(call, 1 if name in ("open", "io.open") else 0)
        return "b" not in mode, any(letter in mode for letter in "wax+")
    return last in ("read_text", "write_text"), last == "write_text"


@pytest.mark.parametrize("path", CODE, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_code_depends_on_no_system(path: Path) -> None:
    """What Windows would do otherwise: code page, CRLF, cmd.exe."""
    faults = []
    for call, name in calls(path):
        words = {word.arg: word.value for word in call.keywords}
        if name in SHELLS or ("shell" in words and ast.unparse(words["shell"]) != "False"):
            faults.append(f"line {call.lineno}: {name} starts a shell")
        text, writes = opens_text(call, name)
        in_place = name.endswith("read_text") or name.endswith("write_text")
        named = "encoding" in words or (in_place and len(call.args) > writes)
        # JSON on one line is ASCII and has no line ends.
        is_json = bool(call.args) and ast.unparse(call.args[0]).startswith("json.dumps(")
        if text and not named and not is_json:
            faults.append(f"line {call.lineno}: {name} names no encoding")
        if text and writes and "newline" not in words and not is_json and ".ci" not in path.parts:
            faults.append(f"line {call.lineno}: {name} names no line end")
        if name.startswith("subprocess.") and "text" in words and "encoding" not in words:
            faults.append(f"line {call.lineno}: {name} reads text in an unnamed encoding")
    assert faults == []


def test_a_checkout_has_the_same_bytes_everywhere() -> None:
    """git gives every text file line feeds, also where a user asks for CRLF."""
    names = ["book/data/facts.csv", "book/intro.md", "tests/conftest.py", "Makefile", ".ci/run"]
    names += ["book/01-after-7-october.ipynb", "book/data/geo/world.geojson", "requirements.txt"]
    done = subprocess.run(
        ["git", "check-attr", "eol", "--", *names], cwd=ROOT, capture_output=True, encoding="utf-8"
    )
    if done.returncode != 0:
        pytest.skip("not a git checkout")
    assert done.stdout.splitlines() == [f"{name}: eol: lf" for name in names]


def test_no_two_files_differ_only_in_case_and_all_names_work_on_windows() -> None:
    done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True)
    if done.returncode != 0:
        pytest.skip("not a git checkout")
    names = done.stdout.decode("utf-8").split("\0")
    assert len({name.lower() for name in names}) == len(names)
    assert not [name for name in names if set(name) & set('<>:"|?*\\') or name.endswith((".", " "))]
    assert max(map(len, names)) < 150
