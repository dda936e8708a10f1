"""JupyterLite: the chapters, run by the reader's browser alone, as a site of its own.

Data, package and notebooks are in it, and so are the pure Python packages that
Pyodide does not carry. Python itself, pandas and Matplotlib come from Pyodide's
CDN, which is asked only once a reader has opened a chapter from the start page.
"""

from __future__ import annotations

import importlib.metadata
import json
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import jinja2
import nbformat
import offline
from jupyterlite_pyodide_kernel.constants import (
    DISABLE_PYPI_FALLBACK,
    PYODIDE_KERNEL_PLUGIN_ID,
    PYODIDE_VERSION,
)

from explainer import evidence

ROOT = Path(__file__).resolve().parents[2]
BOOK = ROOT / "book"
CARRIED = ("branca", "folium", "xstatic-leaflet")
"""What the chapters import and Pyodide does not have."""

FIRST_CELL = "%pip install --quiet pandas matplotlib folium xstatic-leaflet"


def write(target: Path) -> None:
    """Build JupyterLite into the folder ``target``."""
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        contents = work / "contents"
        copy_book(contents)
        (work / "wheels").mkdir()
        wheels = [wheel(name, work / "wheels") for name in CARRIED]
        settings = {PYODIDE_KERNEL_PLUGIN_ID: {DISABLE_PYPI_FALLBACK: True}}
        config = {
            "jupyter-lite-schema-version": 0,
            "jupyter-config-data": {
                "appName": "The claims and the record",
                "litePluginSettings": settings,
            },
        }
        (work / "jupyter-lite.json").write_text(json.dumps(config), "utf-8")
        command = [sys.executable, "-m", "jupyterlite_core.app", "build", "--apps", "lab"]
        command += ["--contents", contents, "--output-dir", target, "--no-sourcemaps"]
        for path in wheels:
            command += ["--piplite-wheels", path]
        shutil.rmtree(target, ignore_errors=True)
        done = subprocess.run(command, cwd=work, capture_output=True, encoding="utf-8")
        if done.returncode != 0:
            raise RuntimeError(f"JupyterLite was not built:\n{done.stdout}{done.stderr}"[-3000:])
    page = jinja2.Template((Path(__file__).parent / "lite.html").read_text("utf-8")).render(
        chapters=evidence.current().chapters.values(), pyodide=PYODIDE_VERSION
    )
    (target / "index.html").write_text(page, "utf-8", newline="\n")


def copy_book(target: Path) -> None:
    """The chapters with one more cell at their top, and what they import and read."""
    for name in ("data", "explainer"):
        shutil.copytree(BOOK / name, target / name, ignore=shutil.ignore_patterns("__pycache__"))
    for path in sorted(BOOK.glob("[0-9]*.ipynb")):
        notebook = nbformat.read(path, as_version=4)
        notebook.cells.insert(0, nbformat.v4.new_code_cell(FIRST_CELL, id="packages"))
        notebook.metadata.kernelspec = {"name": "python", "display_name": "Python (Pyodide)"}
        nbformat.write(notebook, target / path.name)


def wheel(name: str, folder: Path) -> Path:
    """An installed pure Python package as a wheel, so that the versions are the locked ones."""
    package = importlib.metadata.distribution(name)
    target = folder / f"{name.replace('-', '_')}-{package.version}-py3-none-any.whl"
    with zipfile.ZipFile(target, "w") as archive:
        for file in sorted(package.files, key=str):
            path = Path(package.locate_file(file))
            outside = file.parts[0] == ".."
            if not outside and file.suffix not in (".pyc", ".pth") and path.is_file():
                offline.add(archive, file.as_posix(), path.read_bytes())
    return target
