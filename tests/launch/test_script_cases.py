"""The cases that the script of the launch menu has to agree on, checked with our own functions."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from catalyst_lessons.core.errors import UsageError
from catalyst_lessons.core.launching.links import Hub, check_hub_url, hub_link, parse_link, parse_repository

GOLDEN = Path(__file__).parents[1] / "golden" / "launch"
CASES = json.loads((GOLDEN / "script.json").read_text("utf-8"))


def url_of(case: dict) -> str:
    hub = Hub("hub", "Hub", case["hub"]["url"], interface=case["hub"]["interface"], parent_path=case["hub"]["parent"])
    it = case["it"]
    repository = parse_repository(it["repository"])
    return hub_link(hub, repository, branch=it["branch"], path=it["path"], target_path=it["target"]).url


def test_links_of_the_cases_are_the_golden_ones() -> None:
    """`script-links.txt` has what both Python and the script make of `script.json`."""
    now = "".join(f"{case['name']}\n    {url_of(case)}\n" for case in CASES["links"])
    golden = GOLDEN / "script-links.txt"
    if os.environ.get("UPDATE_GOLDEN"):
        golden.write_text(now, encoding="utf-8")
    assert now == golden.read_text(encoding="utf-8")


@pytest.mark.parametrize("case", CASES["links"], ids=lambda case: case["name"])
def test_every_case_reads_back(case: dict) -> None:
    link = parse_link(url_of(case), parent_path=case["hub"]["parent"])
    assert (link.target_path, link.branch) == (case["it"]["target"], case["it"]["branch"])
    assert link.path == ("" if link.interface == "rstudio" else case["it"]["path"])


@pytest.mark.parametrize(("typed", "front"), CASES["fronts"])
def test_addresses_of_hubs(typed: str, front: str) -> None:
    """Settings take a front page alone; of a page of a hub, the hint has the front page a reader would get."""
    if front and front == typed.rstrip("/"):
        assert check_hub_url(typed) == front
        return
    with pytest.raises(UsageError) as refused:
        check_hub_url(typed)
    assert not front or refused.value.hint == f"write {front}"
