"""What the tests of sources share: sources written on the spot."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from catalyst_lessons.files.sources import Source, read_source

Read = Callable[..., Source]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Writes a source (text or bytes) and reads it: `read("lesson.py", "# %%")`."""

    def written(name: str, content: str | bytes, *, language: str = "en") -> Source:
        raw = content.encode("utf-8") if isinstance(content, str) else content
        (tmp_path / name).write_bytes(raw)
        return read_source(tmp_path, name, language=language)

    return written
