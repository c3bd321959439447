"""The hubs that everybody knows: read once from the file of this package."""

from __future__ import annotations

from functools import cache

from catalyst_lessons.core.launching.hubs import Hub
from catalyst_lessons.core.settings.hubs import parse_known_hubs
from catalyst_lessons.files.known_hubs import FILE, read_known_hubs


@cache
def known_hubs() -> tuple[Hub, ...]:
    """The hubs of `hubs.yml`, those that are retired included."""
    return parse_known_hubs(read_known_hubs(), path=FILE.name)
