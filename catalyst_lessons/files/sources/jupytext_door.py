"""The one place that imports Jupytext: late, as that costs half a second, and untyped, as it has no types."""

from __future__ import annotations

from importlib import import_module
from typing import Any


def jupytext_part(name: str) -> Any:
    """The module of this name within Jupytext; tests hold what we make of it against `jupytext.reads`."""
    return import_module(f"jupytext.{name}")
