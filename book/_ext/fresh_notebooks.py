"""Sphinx extension: each notebook is executed when, and only when, its output may differ.

An execution is kept in ``_build/executed`` with the digests of its code cells and of
all that its kernel read: tables, modules, templates, styles, the names in folders it
listed. It is used again only while all of them are the same, under the same Python and
packages. What is stale is executed on all cores at once. MyST-NB, which is set not to
execute anything, then reads the notebooks as if they had been saved with their outputs.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import re
import tempfile
import traceback
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbformat import NotebookNode
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.errors import ExtensionError
from sphinx.util import logging

import disk
import inputs

logger = logging.getLogger(__name__)

EXECUTED = inputs.ROOT / "_build" / "executed"
RECORDER = Path(__file__).with_name("kernel")

_COLOUR = re.compile(r"\x1b\[[\d;]*m")

_SAME_EVERYWHERE = {
    "LC_ALL": "C.UTF-8",
    "LANGUAGE": "en",
    "TZ": "UTC",
    "PYTHONHASHSEED": "0",
    "PYTHONUTF8": "1",
}
"""A kernel's surroundings: nothing of the machine shows in a figure."""


def code_cells(notebook: NotebookNode) -> list[NotebookNode]:
    """The cells that a kernel executes."""
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def code_digest(notebook: NotebookNode) -> str:
    """Digest of what a kernel is told: prose and looks of the cells do not count."""
    told = [[cell.source, cell.metadata.get("tags", [])] for cell in code_cells(notebook)]
    kernel = notebook.metadata.get("kernelspec", {}).get("name")
    under = [inputs.python(), inputs.packages(), _SAME_EVERYWHERE]
    return hashlib.sha256(json.dumps([told, kernel, under]).encode()).hexdigest()


# --- what is kept ------------------------------------------------------------------------


def record_of(path: Path) -> Path:
    """Where the execution of a notebook is kept."""
    return EXECUTED / path.relative_to(inputs.ROOT).with_suffix(".json")


def load(
    path: Path, notebook: NotebookNode, digests: dict[str, str | None]
) -> dict[str, Any] | None:
    """The kept execution of a notebook, or ``None`` if there is none that still holds.

    ``digests`` are those of the files as they are now; missing ones are added.
    """
    try:
        record = json.loads(record_of(path).read_text("utf-8"))
        if record["code"] != code_digest(notebook):
            return None
        for name, digest in record["read"].items():
            if name not in digests:
                digests[name] = inputs.digest(inputs.ROOT / name)
            if digests[name] != digest:
                return None
        return record if len(record["outputs"]) == len(code_cells(notebook)) else None
    except (OSError, ValueError, KeyError, TypeError):
        return None  # none yet, or not one that this version wrote


def keep(
    path: Path, notebook: NotebookNode, read: list[str], digests: dict[str, str | None]
) -> dict[str, Any]:
    """Keep the execution of a notebook and return it; ``digests`` are from before it."""
    record = {
        "code": code_digest(notebook),
        "read": {name: digests.get(name, inputs.digest(inputs.ROOT / name)) for name in read},
        "language_info": notebook.metadata.get("language_info", {}),
        "outputs": [[cell.execution_count, cell.outputs] for cell in code_cells(notebook)],
    }
    disk.write_whole(record_of(path), json.dumps(record, ensure_ascii=False))
    return record


# --- executing ---------------------------------------------------------------------------


async def execute(path: Path, notebook: NotebookNode, timeout: int) -> list[str]:
    """Execute a notebook in place; return the files and folders of the project that it read.

    Raises what :class:`nbclient.NotebookClient` raises, most often ``CellExecutionError``.
    """
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder, "reads.txt")
        python_path = [str(RECORDER), os.environ.get("PYTHONPATH", "")]
        env = {
            # The day and the address of the site are no matter of a figure's.
            **{name: value for name, value in os.environ.items() if name not in inputs.VARIABLES},
            **_SAME_EVERYWHERE,
            "PYTHONPATH": os.pathsep.join(filter(None, python_path)),
            # No start-up file or history of the user's own.
            "IPYTHONDIR": folder,
            "BOOK_READS": str(log),
            "BOOK_ROOT": str(inputs.ROOT) + os.sep,
        }
        client = NotebookClient(
            notebook, timeout=timeout, resources={"metadata": {"path": str(path.parent)}}
        )
        await client.async_execute(env=env)
        read = {
            Path(name).relative_to(inputs.ROOT)
            for name in log.read_text("utf-8").splitlines()
            if Path(name) != path
        }
    outside = {".venv", "_build", ".git", ".ipynb_checkpoints"}
    return sorted(
        name.as_posix()
        for name in read
        if name.parts and name.parts[0] not in outside and "__pycache__" not in name.parts
    )


def cores() -> int:
    """The number of cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


async def execute_all(
    stale: dict[Path, NotebookNode], digests: dict[str, str | None], timeout: int
) -> dict[Path, str]:
    """Execute notebooks, as many at once as there are cores; return what went wrong, by path.

    ``digests`` are those of the files before any notebook was executed.
    """
    free = asyncio.Semaphore(cores())
    failed = {}

    async def one(path: Path, notebook: NotebookNode) -> None:
        async with free:
            logger.info("executing %s", path.relative_to(inputs.ROOT).as_posix())
            try:
                read = await execute(path, notebook, timeout)
            except CellExecutionError as error:
                failed[path] = _COLOUR.sub("", str(error))
            except Exception as error:
                if disk.refusal(error, EXECUTED):
                    raise
                failed[path] = traceback.format_exc()
            else:
                _executions[path] = keep(path, notebook, read, digests)

    await asyncio.gather(*(one(path, notebook) for path, notebook in stale.items()))
    return failed


# --- events ------------------------------------------------------------------------------


_executions: dict[Path, dict[str, Any]] = {}
"""The executions that this build shows, by the notebook's path."""


def execute_stale(app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
    """Execute those notebooks among the pages to read whose kept execution does not hold."""
    digests = inputs.files()
    _executions.clear()
    stale = {}
    for path in (Path(env.doc2path(docname)) for docname in docnames):
        if path.suffix == ".ipynb":
            notebook = nbformat.read(path, as_version=4)
            if kept := load(path, notebook, digests):
                _executions[path] = kept
            else:
                stale[path] = notebook
    logger.info("notebooks: %d to execute, %d kept", len(stale), len(_executions))
    if not stale:
        return
    # Another kind of loop than asyncio's own on Windows, where ZeroMQ cannot use that.
    with asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as runner:
        failed = runner.run(execute_all(stale, digests, app.config.nb_execution_timeout))
    if failed:
        reports = [f"{path.name}:\n{report}" for path, report in sorted(failed.items())]
        raise ExtensionError(f"{len(failed)} notebook(s) failed:\n\n" + "\n".join(reports))


def show_outputs(app: Sphinx, docname: str, source: list[str]) -> None:
    """Give MyST-NB the notebook with the outputs that were kept."""
    path = Path(app.env.doc2path(docname))
    if path.suffix != ".ipynb":
        return
    notebook = nbformat.reads(source[0], as_version=4)
    record = _executions[path]
    if record["code"] != code_digest(notebook):
        raise ExtensionError(f"{path.name} was edited during the build: build again")
    notebook.metadata["language_info"] = record["language_info"]
    for cell, (count, outputs) in zip(code_cells(notebook), record["outputs"], strict=True):
        cell.execution_count, cell.outputs = count, nbformat.from_dict(outputs)
    source[0] = nbformat.writes(notebook)


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the events."""
    app.connect("env-before-read-docs", execute_stale)
    app.connect("source-read", show_outputs)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
