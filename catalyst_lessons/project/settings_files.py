"""Which file has our settings: MkDocs can be given another than `mkdocs.yml`, and one may inherit from the next."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from catalyst_lessons.core.settings import inherited
from catalyst_lessons.project.layout import SETTINGS


def settings_text(root: Path, name: str, *, environ: Mapping[str, str]) -> tuple[str, str]:
    """The path and the text of the settings: those of the file with this name, or of the one it has its plugins from.

    `mkdocs.yml` itself is always the one: a trainer finds all settings there.

    Raises:
        SettingsError: it is not YAML.
    """
    path, text = name, _text(root / name)
    for _ in range(_CHAIN):
        other = "" if path == SETTINGS else inherited(text, path=path, environ=environ)
        further = Path(os.path.relpath((root / path).parent / other, root)).as_posix()
        if not other or not (root / further).is_file():
            break
        path, text = further, _text(root / further)
    return path, text


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8-sig", errors="replace")


_CHAIN = 9
"""How many files may inherit from one another; MkDocs itself stops at a ring with an error of Python's."""
