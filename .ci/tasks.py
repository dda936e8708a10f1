"""The work behind `make`: set up, build, test and serve the book.

Every target of the Makefile is one command here, so that the same steps run
where there is no make (Windows: `py .ci/tasks.py book`). Standard library
only: this file runs before anything is installed. It starts no shell.
"""

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

OLDEST, NEWEST = (3, 11), (3, 13)
if not OLDEST <= sys.version_info[:2] <= NEWEST:
    # Placed before anything that an older Python could not run.
    sys.exit(
        "This book needs Python {}.{} to {}.{}; this is Python {} ({}).\n"
        "Install one of them and name it: make PYTHON=python3.13 ...".format(
            *OLDEST, *NEWEST, platform.python_version(), sys.executable
        )
    )

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "book" / "_ext"))
import bench as benchmark  # noqa: E402
import copies  # noqa: E402
import reproduce as reproduction  # noqa: E402

import disk  # noqa: E402  These two are shared with the extensions of the book.
import inputs  # noqa: E402

VENV = ROOT / ".venv"
BUILD = ROOT / "_build"
SITE = BUILD / "html"
BOOK_LOCK = ROOT / "requirements.txt"
TEST_LOCK = ROOT / "tests" / "requirements.txt"
AUDIT_LOCK = ROOT / ".ci" / "requirements.txt"

# What the site in its place was made from; its extension `fresh_pages` writes it.
MADE_FROM = BUILD / ".doctrees" / "made-from-html.json"

# Makes the locks (`make lock`); used from a throw-away environment.
UV = "uv==0.13.9"

# The shell draws no window around a page: tests take half the time in it.
SHELL = "chromium-headless-shell"
BROWSERS = (
    SHELL,
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
)
MAC_BROWSERS = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
WINDOWS_BROWSERS = (
    r"Google\Chrome\Application\chrome.exe",
    r"Chromium\Application\chrome.exe",
    r"Microsoft\Edge\Application\msedge.exe",
)


class Refusal(Exception):
    """A task cannot be done; the message tells the user what to do instead."""


# --- Running things ---------------------------------------------------------


def tool(name: str, folder: Path = VENV) -> Path:
    """Return where a program of a virtual environment stands, there or not."""
    if os.name == "nt":
        return folder / "Scripts" / f"{name}.exe"
    return folder / "bin" / name


def environment() -> dict[str, str]:
    """Return this process's environment, with the book's package importable.

    UTF-8 mode is on because some systems would otherwise read our files in a
    legacy encoding.
    """
    env = dict(os.environ, PYTHONUTF8="1")
    paths = [str(ROOT / "book"), *filter(None, [env.get("PYTHONPATH")])]
    env["PYTHONPATH"] = os.pathsep.join(paths)
    return env


def run(command: list[str | Path], env: dict[str, str] | None = None) -> int:
    """Run a command from the project's folder and return its exit status."""
    sys.stdout.flush()
    return subprocess.run([str(part) for part in command], cwd=ROOT, env=env).returncode


def one_at_a_time() -> disk.Lock:
    """Return the lock that keeps two tasks from building or installing at once."""
    waiting = "Another task is at work in this folder; waiting for it to end ..."
    return disk.Lock(BUILD / ".tasks-lock", lambda: print(waiting, flush=True))


# --- The virtual environment ------------------------------------------------


def install(*locks: Path) -> None:
    """Bring `.venv` to the state of the given lock files; do nothing if it is there.

    Raises:
        Refusal: this Python cannot make virtual environments, or pip failed.
    """
    # The folder counts too: an environment does not survive being moved.
    made_with = VENV / "made-with.txt"
    state = f"{platform.python_version()}\n{sys.base_prefix}\n{VENV}\n"
    # There while pip is at work: what an interrupted pip leaves cannot be trusted.
    at_work = VENV / "pip-at-work.txt"
    with one_at_a_time():
        if (
            at_work.exists()
            or not tool("python").exists()
            or not made_with.exists()
            or made_with.read_text(encoding="utf-8") != state
        ):
            make_venv()
            made_with.write_text(state, encoding="utf-8")

        for lock in locks:
            stamp = VENV / f"installed-{lock.parent.name if lock.parent != ROOT else 'book'}.txt"
            digest = inputs.digest(lock)
            if stamp.exists() and stamp.read_text(encoding="utf-8") == digest:
                continue
            name = lock.relative_to(ROOT).as_posix()
            print(f"Installing {name} (the first time takes a few minutes) ...")
            at_work.touch()
            pip = [tool("python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
            status = run([*pip, "--no-input", "--require-hashes", "-r", lock])
            at_work.unlink()
            if status != 0:
                raise Refusal(f"pip could not install {name}; its own message stands above.")
            stamp.write_text(digest, encoding="utf-8")


@contextmanager
def apart(lock: Path) -> Iterator[Path]:
    """Make an environment of its own with the packages of a lock; it is gone afterwards.

    Raises:
        Refusal: pip failed.
    """
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        pip = [tool("python", Path(folder)), "-m", "pip", "install", "--quiet", "--no-input"]
        if run([*pip, "--disable-pip-version-check", "--require-hashes", "-r", lock]) != 0:
            raise Refusal(f"pip could not install {lock.relative_to(ROOT).as_posix()}; see above.")
        yield Path(folder)


def make_venv() -> None:
    """Make an empty `.venv` with pip in it, replacing what is there.

    Raises:
        Refusal: the parts of Python that this needs are not installed.
    """
    try:
        import ensurepip  # noqa: F401  Debian packs it apart from Python.
    except ImportError as error:
        raise Refusal(
            "This Python cannot make virtual environments: install python3-venv\n"
            "(Debian, Ubuntu: sudo apt install python3-venv) and run the command again."
        ) from error
    print(f"Making .venv with Python {platform.python_version()} ...")
    venv.create(VENV, clear=True, with_pip=True, symlinks=os.name != "nt")


# --- The book ---------------------------------------------------------------


def is_up_to_date() -> bool:
    """Return whether the site was made, without a warning, from all that is there now."""
    now = inputs.files() | inputs.variables() | inputs.python()
    try:
        made_from = json.loads(MADE_FROM.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    # The packages are those of the lock, which is one of the files.
    made_from.pop("packages", None)
    return made_from == now and (SITE / "index.html").exists()


def build() -> None:
    """Build the site into `_build/html`, unless it is up to date.

    Raises:
        Refusal: the build failed or gave a warning; it says so above.
    """
    with one_at_a_time():
        if is_up_to_date():
            print("Nothing has changed since the last build.")
            return
        runner = ROOT / ".ci" / "run_jupyter_book.py"
        command = [tool("python"), runner, "build", ".", "-W", "--keep-going"]
        if run(command, environment()) != 0:
            last = "; the last site stays as it was" if SITE.exists() else ""
            raise Refusal(f"The book was not built{last}. The reasons stand above.")


# --- The browser ------------------------------------------------------------


def find_browser() -> str | None:
    """Return the path of an installed Chromium or Chrome, or None."""
    named = os.environ.get("CHROMIUM")
    if named:
        if not shutil.which(named):
            raise Refusal(f"CHROMIUM names {named}, which is not a program on this machine.")
        return shutil.which(named)
    if sys.platform == "darwin":
        return next((path for path in MAC_BROWSERS if Path(path).exists()), None)
    if os.name == "nt":
        folders = map(os.environ.get, ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA"))
        paths = [
            Path(folder, name) for folder in filter(None, folders) for name in WINDOWS_BROWSERS
        ]
        return next((str(path) for path in paths if path.exists()), None)
    for path in filter(None, map(shutil.which, BROWSERS)):
        # On Ubuntu the name may belong to a stub that only offers a download.
        if subprocess.run([path, "--version"], capture_output=True).returncode == 0:
            return path
    return None


def browser() -> str | None:
    """Find Chromium for the tests, or install it.

    Returns:
        Its path, or None if playwright brought its own.

    Raises:
        Refusal: there is none, and none could be installed.
    """
    found = find_browser()
    if found:
        return found
    apt = shutil.which("apt-get")
    if apt and os.name == "posix" and os.geteuid() == 0:
        env = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
        run([apt, "update", "--quiet"], env)
        for package in (SHELL, "chromium"):
            run([apt, "install", "--quiet", "--yes", package], env)
            found = find_browser()
            if found:
                return found
    if run([tool("playwright"), "install", "chromium"]) == 0:
        return None
    raise Refusal(
        "The tests open the site in Chromium, and none was found or could be installed.\n"
        "Install Chromium or Chrome, or name one: make test CHROMIUM=/path/to/chromium"
    )


# --- Tasks ------------------------------------------------------------------


def book(_: argparse.Namespace) -> int:
    """Build the site into _build/html, setting up what is missing."""
    install(BOOK_LOCK)
    build()
    print(f"Open {(SITE / 'index.html').relative_to(ROOT)}")
    return 0


def editions(*kinds: str) -> int:
    """Build the site and make editions of it; the tools for that are the tests' tools."""
    install(BOOK_LOCK, TEST_LOCK)
    env = environment()
    if {"pdf", "site"} & set(kinds) and (chromium := browser()):
        env["CHROMIUM"] = chromium
    build()
    return run([tool("python"), ROOT / ".ci" / "editions", *kinds], env)


def zip_(_: argparse.Namespace) -> int:
    """Pack the site into one zip for reading offline, in _build/downloads."""
    return editions("zip")


def epub(_: argparse.Namespace) -> int:
    """Make the EPUB, in _build/downloads."""
    return editions("epub")


def pdf(_: argparse.Namespace) -> int:
    """Print the PDF with Chromium, into _build/downloads."""
    return editions("pdf")


def lite(_: argparse.Namespace) -> int:
    """Build the chapters as JupyterLite, which runs in the browser alone, in _build/lite."""
    install(BOOK_LOCK, TEST_LOCK)
    return run([tool("python"), ROOT / ".ci" / "editions", "lite"], environment())


def site(_: argparse.Namespace) -> int:
    """Put the site with its zip, EPUB and PDF into _build/site, as it is published."""
    return editions("site")


def test(options: argparse.Namespace) -> int:
    """Build the site and run all checks and tests, in a real browser too."""
    install(BOOK_LOCK, TEST_LOCK)
    env = environment()
    chromium = browser()
    if chromium:
        env["CHROMIUM"] = chromium
    if editions("zip", "epub", "pdf") != 0:
        raise Refusal("An edition of the site was not made; the reasons stand above.")
    styled = lint(options)
    tested = run([tool("python"), "-m", "pytest", "-n", "auto", *options.arguments], env)
    if styled != 0:
        print("The style check failed, whatever the tests say: see `make lint`.", file=sys.stderr)
    return tested or styled


def lint(_: argparse.Namespace) -> int:
    """Check style and formatting of the Python code and the notebooks."""
    install(BOOK_LOCK, TEST_LOCK)
    checked = run([tool("ruff"), "check", "--quiet", "."])
    return run([tool("ruff"), "format", "--check", "--quiet", "."]) or checked


def check(_: argparse.Namespace) -> int:
    """Check the data only, in a few seconds."""
    install(BOOK_LOCK)
    return run([tool("python"), "-m", "explainer", "check"], environment())


def reproduce(_: argparse.Namespace) -> int:
    """Build twice under different circumstances: the same bytes, or the first difference."""
    install(BOOK_LOCK)
    return reproduction.reproduce(ROOT, tool("python"), tool("jupyter-book"))


def bench(options: argparse.Namespace) -> int:
    """Measure builds next to a stock Jupyter Book; some twenty minutes."""
    install(BOOK_LOCK)
    return benchmark.bench(ROOT, tool("python"), tool("jupyter-book"), options.arguments)


def lab(options: argparse.Namespace) -> int:
    """Open the chapters in JupyterLab."""
    install(BOOK_LOCK)
    command = [tool("jupyter-lab"), "--ServerApp.root_dir", ROOT / "book"]
    # Without these, JupyterLab asks outside hosts for news, updates, extensions.
    command += ["--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate"]
    command += ["--LabApp.news_url=None", "--LabApp.extension_manager=readonly"]
    return run([*command, *options.arguments], environment())


def serve(options: argparse.Namespace) -> int:
    """Show the built site on this machine."""
    if not (SITE / "index.html").exists():
        raise Refusal("There is no site to show yet: run `make book` first.")
    port = options.arguments or ["8000"]
    print(f"The site is at http://127.0.0.1:{port[0]}/ until you press Ctrl-C.")
    command = [sys.executable, "-m", "http.server", "--bind", "127.0.0.1"]
    return run([*command, "--directory", SITE, *port])


def lock(options: argparse.Namespace) -> int:
    """Make every requirements.txt anew from its requirements.in."""
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        python = tool("python", Path(folder))
        if run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", UV]) != 0:
            raise Refusal(f"pip could not install {UV}, which makes the locks.")
        uv = [tool("uv", Path(folder)), "pip", "compile", "--quiet", "--no-header"]
        uv += ["--universal", "--python-version", "{}.{}".format(*OLDEST)]
        # One version of each package for all Pythons: the same site from each.
        uv += ["--fork-strategy", "fewest", "--generate-hashes", "--no-emit-index-url"]
        # The tests' lock keeps to the book's, so the book's comes first.
        for target in (BOOK_LOCK, TEST_LOCK, AUDIT_LOCK):
            name = target.relative_to(ROOT)
            source = name.with_suffix(".in")
            if run([*uv, *options.arguments, source, "--output-file", name]) != 0:
                raise Refusal(f"{source.as_posix()} has no solution; the reasons stand above.")
            pins = target.read_text(encoding="utf-8")
            header = f"# Made from {source.as_posix()} by `make lock`; not edited by hand.\n"
            target.write_text(header + pins, encoding="utf-8", newline="\n")
    return 0


def audit(_: argparse.Namespace) -> int:
    """Ask a public service for known weaknesses of the locked packages; needs a network."""
    from audit import report

    with apart(AUDIT_LOCK) as folder:
        return report(tool("pip-audit", folder), [BOOK_LOCK, TEST_LOCK, AUDIT_LOCK])


def licences(_: argparse.Namespace) -> int:
    """Make LICENCES.md anew from what the locked packages say of themselves."""
    with apart(AUDIT_LOCK) as folder:
        run([tool("python", folder), ".ci/licences.py", "--quiet"])
    install(BOOK_LOCK, TEST_LOCK)
    return run([tool("python"), ".ci/licences.py"])


def links(options: argparse.Namespace) -> int:
    """Ask every outside address of the book whether it still answers; needs a network."""
    install(BOOK_LOCK)
    return run([tool("python"), ".ci/links.py", *options.arguments], environment())


def clean(_: argparse.Namespace) -> int:
    """Remove the built site and all caches, but not .venv."""
    for name in ("_build", ".pytest_cache", ".ruff_cache", ".hypothesis"):
        shutil.rmtree(ROOT / name, ignore_errors=True)
    for top in ("book", "tests", ".ci"):
        for pattern in ("__pycache__", ".ipynb_checkpoints"):
            for folder in list((ROOT / top).rglob(pattern)):
                shutil.rmtree(folder, ignore_errors=True)
    return 0


EDITIONS = (zip_, epub, pdf, lite, site)
TASKS = (
    book,
    *EDITIONS,
    test,
    lint,
    check,
    reproduce,
    bench,
    lab,
    serve,
    lock,
    audit,
    licences,
    links,
    clean,
)


def main() -> int:
    """Run the task named on the command line and return its exit status."""
    parser = argparse.ArgumentParser(description="Set up, build, test and serve the book.")
    names = parser.add_subparsers(metavar="TASK", required=True)
    for task in TASKS:
        name = names.add_parser(task.__name__.rstrip("_"), help=task.__doc__)
        name.set_defaults(task=task)
    # What follows the task's name is handed to the tool behind it.
    options, options.arguments = parser.parse_known_args()
    try:
        return options.task(options)
    except Refusal as refusal:
        print(f"\n{refusal}", file=sys.stderr)
        return 1
    except copies.Failed as failed:
        print(f"\n{failed}", file=sys.stderr)
        return 1
    except OSError as error:
        words = disk.refusal(error, ROOT)
        if words is None:
            raise
        print(f"\n{words}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
