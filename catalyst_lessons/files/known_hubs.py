"""The file of this package with the hubs we know of."""

from __future__ import annotations

from pathlib import Path

FILE = Path(__file__).parent.parent / "hubs.yml"


def read_known_hubs() -> str:
    """The text of `hubs.yml`."""
    return FILE.read_text(encoding="utf-8")
