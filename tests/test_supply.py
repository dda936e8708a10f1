"""What the book takes from others: locked, allowed, looked after, with least rights."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from importlib import metadata
from pathlib import Path
from typing import Any

import audit
import licences
import pytest
import yaml

ROOT = Path(__file__).resolve().parents[1]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.y*ml"))
WRITES = {
    # job: what it may write, beside reading; and why.
    "weekly.yml/report": {"issues"},  # opens or refreshes one issue
    "publish.yml/deploy": {"pages", "id-token"},  # hands the built site to GitHub Pages
}
SECRET = re.compile(r"\$\{\{[^}]*\bsecrets\b")


# --- licences -----------------------------------------------------------------------------


def test_every_locked_package_is_listed_with_a_compatible_licence() -> None:
    listed = licences.listed()
    locked = {name for lock in licences.LOCKS.values() for name in licences.locked(lock)}
    assert len(locked) > 100
    assert listed.keys() == locked, "run `make licences`"
    assert not {n: found for n, found in listed.items() if not licences.is_compatible(n, found)}


def test_the_list_says_what_the_installed_packages_say() -> None:
    listed = licences.listed()
    for lock in (licences.LOCKS["book"], licences.LOCKS["tests"]):
        for name in licences.locked(lock):
            assert licences.licence_of(name) in (listed[name], None), name


@pytest.mark.parametrize(
    ("licence", "fits"),
    [
        ("MIT", True),
        ("Apache-2.0 OR BSD-2-Clause", True),
        ("Artistic-1.0 OR GPL", True),
        ("BSD AND GPL", False),
        ("AGPL-3.0-only", False),
        ("not stated", False),
    ],
)
def test_a_licence_off_the_list_is_noticed(licence: str, fits: bool) -> None:
    assert licences.is_compatible("any", licence) == fits


# --- locks --------------------------------------------------------------------------------


@pytest.mark.parametrize("lock", licences.LOCKS.values(), ids=licences.LOCKS)
def test_locks_hold_one_version_and_hashes_of_each_package(lock: Path) -> None:
    text = lock.read_text(encoding="utf-8")
    pins = re.findall(
        r"(?m)^(\S+)==(\S+)[^\\\n]*\\\n((?:    --hash=sha256:[0-9a-f]{64}.*\n)+)", text
    )
    assert len(pins) == len(licences.locked(lock)) == len({name for name, _, _ in pins})
    assert not re.search(r"(?m)^\s*(-i|--index|--extra|--find|-e|git\+|https?:)", text)


def test_what_runs_here_is_what_is_locked() -> None:
    for lock in (licences.LOCKS["book"], licences.LOCKS["tests"]):
        text = lock.read_text(encoding="utf-8")
        for name, version in re.findall(r"(?m)^([\w.-]+)==([^\s;]+)", text):
            try:
                assert metadata.version(name) == version, name
            except metadata.PackageNotFoundError:
                continue  # for another system


# --- the audit ----------------------------------------------------------------------------

SOUND = {"name": "sound", "version": "1", "vulns": []}
WEAK = {"name": "weak", "version": "2", "vulns": [{"id": "PYSEC-1", "fix_versions": ["3"]}]}
UNKNOWN = {"name": "odd", "skip_reason": "not found"}


def said_by(folder: Path, answer: str, status: int = 0) -> Path:
    """A stand-in for pip-audit that says this and ends so."""
    tool = folder / "pip-audit"
    tool.write_text(
        f"#!{sys.executable}\nimport sys\nprint({answer!r})\n"
        f"print('no route to the service', file=sys.stderr)\nsys.exit({status})\n",
        encoding="utf-8",
    )
    tool.chmod(0o755)
    return tool


@pytest.mark.skipif(sys.platform == "win32", reason="the stand-in is a script with a shebang")
@pytest.mark.parametrize(
    ("packages", "status", "said"),
    [
        ([SOUND], audit.NOTHING_KNOWN, "1 locked packages audited, 0 remarks."),
        ([SOUND, WEAK], audit.WEAK, "weak 2: PYSEC-1, mended in 3"),
        ([SOUND, UNKNOWN], audit.WEAK, "odd: not audited: not found"),
        ([UNKNOWN], audit.NOT_ASKED, "NOT audited: the service knows none of them"),
        (None, audit.NOT_ASKED, "NOT audited: no route to the service"),
    ],
)
def test_the_audit_never_takes_silence_for_good_news(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    packages: list[dict] | None,
    status: int,
    said: str,
) -> None:
    answer = json.dumps({"dependencies": packages}) if packages else ""
    assert audit.report(said_by(tmp_path, answer, 1), [Path("lock")]) == status
    assert said in capsys.readouterr().out


# --- workflows ----------------------------------------------------------------------------


def jobs() -> list[tuple[str, str, dict[str, Any], dict[str, Any]]]:
    """File, name, job and workflow of every job of every workflow."""
    found = []
    for path in WORKFLOWS:
        workflow = yaml.safe_load(path.read_text(encoding="utf-8"))
        found += [(path.name, name, job, workflow) for name, job in workflow["jobs"].items()]
    return found


JOBS = pytest.mark.parametrize(
    ("file", "name", "job", "workflow"), jobs(), ids=[f"{job[0]}/{job[1]}" for job in jobs()]
)


@JOBS
def test_a_job_may_do_no_more_than_it_must(
    file: str, name: str, job: dict[str, Any], workflow: dict[str, Any]
) -> None:
    assert set(workflow["permissions"].values()) <= {"read"}, "rights belong to single jobs"
    rights = job.get("permissions", {})
    writes = {right for right, level in rights.items() if level == "write"}
    assert writes <= WRITES.get(f"{file}/{name}", set())
    assert job["timeout-minutes"] <= 60
    for step in job["steps"]:
        if step.get("uses", "").startswith("actions/checkout@"):
            assert step["with"]["persist-credentials"] is False
        # A job that may write runs no code of the repository, which a pull request could change.
        if "issues" in writes:
            assert "uses" not in step


@JOBS
def test_every_action_is_named_by_its_commit(
    file: str, name: str, job: dict[str, Any], workflow: dict[str, Any]
) -> None:
    for step in job["steps"]:
        if "uses" in step:
            assert re.fullmatch(r"[\w.-]+/[\w./-]+@[0-9a-f]{40}", step["uses"])
        # What others can choose (titles, branches) never becomes part of a script.
        assert "${{" not in step.get("run", "")


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_a_workflow_needs_no_secret_and_says_which_release_a_commit_is(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not SECRET.search(text)
    assert "pull_request_target" not in text
    for line in re.findall(r"(?m)^.*\buses:.*$", text):
        assert re.search(r"@[0-9a-f]{40} # v\d+(\.\d+)*$", line), line


def test_the_continuous_integration_covers_all_systems_and_versions() -> None:
    text = (ROOT / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8")
    matrix = yaml.safe_load(text)["jobs"]["test"]["strategy"]["matrix"]
    assert {system.split("-")[0] for system in matrix["system"]} == {"ubuntu", "macos", "windows"}
    assert matrix["python"] == ["3.11", "3.12", "3.13"]


@pytest.mark.skipif(sys.platform == "win32", reason="its bash may be of another system")
def test_no_script_of_a_workflow_is_broken() -> None:
    """bash reads each script without running it."""
    for file, name, job, _ in jobs():
        for step in job["steps"]:
            if "run" in step:
                done = subprocess.run(["bash", "-n"], input=step["run"], text=True)
                assert done.returncode == 0, f"{file}/{name}"
