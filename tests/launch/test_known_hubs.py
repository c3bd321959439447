"""The hubs of the package: complete, honest about what was switched off, and never a live button for it."""

from __future__ import annotations

import pytest

from catalyst_lessons.core.errors import SettingsError, UsageError
from catalyst_lessons.core.launching.hubs import BINDER, Hub, check_hub_url
from catalyst_lessons.core.launching.links import hub_link, parse_repository
from catalyst_lessons.core.settings.hubs import parse_known_hubs
from catalyst_lessons.project.known_hubs import known_hubs

REPOSITORY = parse_repository("https://github.com/example/lessons")


def test_the_hubs_of_the_catalyst_project_are_all_there_and_retired() -> None:
    retired = [hub for hub in known_hubs() if not hub.live]
    by_region = {region: sum(hub.region == region for hub in retired) for region in ("Latin America", "Africa")}
    assert by_region == {"Latin America": 12, "Africa": 10}
    assert {hub.since for hub in retired} == {"2026-02"}
    assert len({hub.url for hub in known_hubs()}) == len({hub.id for hub in known_hubs()}) == 24


@pytest.mark.parametrize("hub", known_hubs(), ids=lambda hub: hub.id)
def test_a_known_hub_can_be_used_or_says_why_not(hub: Hub) -> None:
    assert check_hub_url(hub.url) == hub.url
    if hub.live:
        assert hub.launches and hub.join
        return
    with pytest.raises(UsageError, match="is retired \\(since 2026-02\\)"):
        hub_link(hub, REPOSITORY, branch="notebooks", path="es/a.ipynb")


def test_binder_is_among_them() -> None:
    assert [hub.url for hub in known_hubs() if hub.software == "binderhub"] == [BINDER]


def test_a_mistake_in_the_file_stops_with_its_line() -> None:
    with pytest.raises(SettingsError, match="not https") as caught:
        parse_known_hubs("hubs:\n  - id: x\n    url: http://hub.example.org\n", path="hubs.yml")
    assert str(caught.value.location) == "hubs.yml:3"
