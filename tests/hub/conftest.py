"""A curriculum in a git repository of its own, with a remote."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from curricula import write_curriculum
from hub.loopback import AUTHOR, git

LESSON = """\
---
title: Rain
authors: [Ana]
data: [data/rain.csv]
jupyter: {kernelspec: {name: python3, language: python, display_name: Python 3}}
---

How much rain falls in a week?

```python
import math

print(math.pi)
```
"""

FILES = {
    "lessons/01-rain.md": LESSON,
    "lessons/02-wind.md": LESSON.replace("Rain", "Wind").replace("rain falls", "wind blows"),
    "lessons/data/rain.csv": "day,mm\n1,4\n",
    "LICENSE-LESSONS.md": "# CC BY 4.0\n",
    ".gitignore": ".catalyst/\n",
}


@pytest.fixture(autouse=True)
def somebody(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who commits, and nothing of the person's own git settings or of CI."""
    for name, value in AUTHOR.items():
        monkeypatch.setenv(name, value)
    for name in [name for name in os.environ if name.startswith(("GITHUB_", "CI_", "GITLAB_", "READTHEDOCS"))]:
        monkeypatch.delenv(name)
    monkeypatch.delenv("CATALYST_HUB_TOKEN", raising=False)


@pytest.fixture
def remote(tmp_path: Path) -> Path:
    """An empty bare repository."""
    folder = tmp_path / "remotes" / "rain-lessons.git"
    folder.mkdir(parents=True)
    git(folder, "init", "-q", "--bare", "-b", "main")
    return folder


@pytest.fixture
def curriculum(tmp_path: Path, remote: Path) -> Path:
    """A curriculum that is committed and pushed."""
    folder = write_curriculum(tmp_path / "curriculum", FILES)
    git(folder, "init", "-q", "-b", "main")
    git(folder, "remote", "add", "origin", str(remote))
    git(folder, "add", "--all")
    git(folder, "commit", "-q", "-m", "Lessons")
    git(folder, "push", "-q", "origin", "main")
    return folder
