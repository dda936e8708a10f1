"""The chapters as notebooks: they run alone, from top to bottom, with no network."""

from __future__ import annotations

import importlib
import inspect
import os
import re
from pathlib import Path

import matplotlib
import nbformat
import pytest
from nbclient import NotebookClient

from explainer import style

BOOK = Path(__file__).resolve().parents[1] / "book"
NOTEBOOKS = sorted(BOOK.glob("[0-9]*.ipynb"))

NO_NETWORK = """
import socket

def refuse(*arguments, **options):
    raise OSError("this notebook asked for the network")

socket.getaddrinfo = refuse
socket.create_connection = refuse
"""
"""Loaded by Python before anything else in the kernel, whose own wires do not use these."""


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebook_runs_offline_and_shows_its_figures(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sitecustomize.py").write_text(NO_NETWORK, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), str(BOOK)]))
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        assert not cell.get("outputs"), "outputs are not stripped"
    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(BOOK)}}).execute()
    shown = [
        output.data["text/html"]
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if "text/html" in output.get("data", {})
    ]
    names = [name for html in shown for name in re.findall(r'<figure [^>]*id="fig-([^"]+)"', html)]
    assert names
    assert len(names) == len(set(names))
    for html in shown:
        # What a figure needs stands in it: nothing is asked of another host.
        assert not re.search(r'<(?:script|link|img|iframe)[^>]*(?:src|href)="https?:', html)


def test_a_notebook_without_network_is_refused_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The guard of the test above does guard."""
    (tmp_path / "sitecustomize.py").write_text(NO_NETWORK, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    cell = nbformat.v4.new_code_cell("import urllib.request as r; r.urlopen('http://example.org')")
    notebook = nbformat.v4.new_notebook(cells=[cell])
    with pytest.raises(Exception, match="asked for the network"):
        NotebookClient(notebook, timeout=60).execute()


@pytest.mark.parametrize("size", ["wide", "narrow"])
@pytest.mark.parametrize("chapter", [path.stem[3:].replace("-", "_") for path in NOTEBOOKS])
def test_no_legend_is_wider_than_its_picture(chapter: str, size: str) -> None:
    module = importlib.import_module(f"explainer.chapters.{chapter}")
    drawings = [
        draw
        for _, draw in inspect.getmembers(module, inspect.isfunction)
        if draw.__module__ == module.__name__ and [*inspect.signature(draw).parameters] == ["size"]
    ]
    assert drawings
    for draw in drawings:
        with matplotlib.rc_context(style.RC):
            figure = draw(size)
            figure.draw_without_rendering()
            for legend in figure.legends:
                box = legend.get_window_extent()
                assert 0 <= box.x0 < box.x1 <= figure.bbox.width, f"{draw.__name__}: {box}"
