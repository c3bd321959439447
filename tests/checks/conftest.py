"""Small curricula for the tests of the rules, read as a project reads them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from catalyst_lessons.core.checks import check_curriculum, check_lesson
from catalyst_lessons.core.model import Curriculum, Lesson, Role
from catalyst_lessons.core.report import Finding, in_order
from catalyst_lessons.files.sources import is_source, read_source

Check = Callable[[Mapping[str, str]], tuple[Finding, ...]]


def role_of(path: str) -> Role:
    if path.startswith("lessons/pages/"):
        return "page"
    return "exercise" if path.startswith("exercises/") else "lesson"


def check_all(root: Path, files: Mapping[str, str]) -> tuple[Finding, ...]:
    """What both checks say of a curriculum that has these files, by path."""
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    sources = [
        read_source(root, path, role=role_of(path)).lesson for path in files if is_source(path) and "/data/" not in path
    ]
    by_role: dict[Role, tuple[Lesson, ...]] = {
        role: tuple(source for source in sources if source.role == role) for role in ("lesson", "exercise", "page")
    }
    curriculum = Curriculum("Test", by_role["lesson"], by_role["exercise"], by_role["page"])
    own = (finding for source in sources for finding in check_lesson(source))
    return in_order((*own, *check_curriculum(curriculum, exists=lambda path: (root / path).exists())))


@pytest.fixture
def check(tmp_path: Path) -> Check:
    return lambda files: check_all(tmp_path, files)
