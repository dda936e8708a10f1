"""Ask a public service whether locked packages have known weaknesses (`make audit`).

Needs a network, and pip-audit in an environment of its own.
"""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

NOTHING_KNOWN, WEAK, NOT_ASKED = 0, 1, 2
"""What the exit status of `make audit` says."""


class NotAskedError(Exception):
    """The service could not be asked, which is not good news; the message says why."""


def report(tool: Path, locks: list[Path]) -> int:
    """Audit the locks with the pip-audit at ``tool`` and print what is known.

    Returns:
        One of NOTHING_KNOWN, WEAK and NOT_ASKED.
    """
    try:
        answers = [package for lock in locks for package in ask(tool, lock)]
        known = weaknesses(answers)
    except NotAskedError as error:
        print(f"The packages were NOT audited: {error}")
        return NOT_ASKED
    print("\n".join([*known, f"{len(answers)} locked packages audited, {len(known)} remarks."]))
    return WEAK if known else NOTHING_KNOWN


def ask(tool: Path, lock: Path) -> list[dict]:
    """What pip-audit says of each package of a lock.

    Raises:
        NotAskedError: it could not finish.
    """
    command = [str(tool), "--requirement", str(lock), "--require-hashes", "--disable-pip"]
    command += ["--format", "json", "--progress-spinner", "off"]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8")
    try:
        return json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError, TypeError):
        raise NotAskedError(done.stderr.strip() or "pip-audit gave no answer.") from None


def weaknesses(answers: list[dict]) -> list[str]:
    """A line for each known weakness, and for each package that the service does not know.

    Raises:
        NotAskedError: it knows none of them, as where a mirror stands in for the service:
            pip-audit itself would call that "no known vulnerabilities".
    """
    if all("skip_reason" in package for package in answers):
        first = answers[0]["skip_reason"] if answers else "no packages"
        raise NotAskedError(f"the service knows none of them ({first}, and so on).")
    found = []
    for package in answers:
        if "skip_reason" in package:
            found.append(f"{package['name']}: not audited: {package['skip_reason']}")
        for weakness in package.get("vulns", []):
            mended = ", ".join(weakness["fix_versions"]) or "none yet"
            found.append(
                f"{package['name']} {package['version']}: {weakness['id']}, mended in {mended}"
            )
    return list(dict.fromkeys(found))
