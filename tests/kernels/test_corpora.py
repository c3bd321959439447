"""Lessons that others wrote, against what plain nbclient makes of them (`CATALYST_CORPORA` names their
folder)."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import yaml

from catalyst_lessons.files.kernels.execution import Limits
from catalyst_lessons.files.kernels.runner import run
from catalyst_lessons.files.sources import read_source

CORPORA = os.environ.get("CATALYST_CORPORA", "")
ENTRIES = yaml.safe_load(Path(CORPORA, "lessons.yaml").read_text(encoding="utf-8")) if CORPORA else []


@pytest.mark.slow
@pytest.mark.skipif(not CORPORA, reason="CATALYST_CORPORA is not set")
@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry["file"])
def test_the_verdict_is_the_one_known(entry: dict[str, str]) -> None:
    lesson = read_source(Path(CORPORA), entry["file"]).lesson
    found = run(Path(CORPORA), lesson, limits=Limits(cell_seconds=300))
    verdict = "passes" if found.outcome == "passed" else f"fails-with: {found.error}"
    assert verdict == entry["verdict"], found
    if found.error:
        assert found.message == entry["message"]
        assert found.location is not None
        assert found.location.line > 0
