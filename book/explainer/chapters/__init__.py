"""Drawing functions and derived numbers, one module a chapter."""

from __future__ import annotations

import importlib
import pkgutil


def load_all() -> None:
    """Import every chapter's module, so that its derived numbers are declared."""
    for module in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{module.name}")
