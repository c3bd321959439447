"""A look at a hub: from outside, and with a token from inside, with the notebooks and packages of a curriculum."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import Any

from catalyst_lessons.core.errors import UsageError
from catalyst_lessons.core.launching.hub_report import HubFacts, Inside
from catalyst_lessons.core.launching.hubs import Hub
from catalyst_lessons.core.launching.links import LaunchLink
from catalyst_lessons.core.launching.publishing import Needs
from catalyst_lessons.core.rendering.preflight import preflight_code, wanted
from catalyst_lessons.files.hub.asking import Door
from catalyst_lessons.files.hub.kernels import run_code
from catalyst_lessons.files.hub.outside import look_outside
from catalyst_lessons.files.hub.servers import (
    HubError,
    Server,
    a_server,
    has_file,
    has_nbgitpuller,
    kernels,
    pull,
)
from catalyst_lessons.project.known_hubs import known_hubs
from catalyst_lessons.project.launching import launch_table
from catalyst_lessons.project.project import Project
from catalyst_lessons.project.publishing import lesson_needs
from catalyst_lessons.project.translations import THEME

TOKEN = "CATALYST_HUB_TOKEN"  # noqa: S105  the name of the variable, not what is in it
MARK = "catalyst-preflight "


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a curriculum wants of a hub; without a curriculum there is nothing to pull and nothing to import."""

    needs: Needs = field(default_factory=lambda: Needs({}, {}))
    memory: int = 0
    kernels: tuple[str, ...] = ()
    repository: str = ""
    branch: str = ""
    target_path: str = ""
    paths: tuple[str, ...] = ()


def find_hub(project: Project | None, target: str) -> Hub:
    """The hub with this id, of the curriculum's or those everybody knows, or at this address.

    Raises:
        UsageError: there is none with this id, or it is no address.
    """
    settings = project.settings if project else None
    hubs = (*settings.hubs, *settings.retired_hubs, *known_hubs()) if settings else known_hubs()
    for hub in hubs:
        if target in (hub.id, hub.url) or f"{hub.url}/" == target:
            return hub
    if "://" in target or "." in target:
        return Hub.at(target)
    names = ", ".join(dict.fromkeys(hub.id for hub in hubs if hub.live and hub.software == "jupyterhub"))
    raise UsageError(f'there is no hub "{target}"', hint=f"one of {names}, or the hub's address")


def wanted_by(project: Project, hub: Hub) -> Wanted:
    """What the curriculum wants of this hub."""
    sources = project.curriculum.lessons + project.curriculum.exercises
    links = [row.link for row in launch_table(project) if row.link.kind == "hub"]
    target = project.target_path
    return Wanted(
        lesson_needs(project),
        memory=project.settings.memory * 1024**2,
        kernels=tuple(sorted({lesson.kernel.name for lesson in sources if lesson.code_cells})),
        repository=project.repository.url if project.repository else "",
        branch=project.branch,
        target_path=target,
        paths=_places(links, hub, target),
    )


def _places(links: list[LaunchLink], hub: Hub, target: str) -> tuple[str, ...]:
    """Where the notebooks of the links lie on the hub."""
    paths = sorted({link.path for link in links})
    return tuple("/".join(part for part in (hub.parent_path, target, path) if part) for path in paths)


def look_at(hub: Hub, want: Wanted, *, token: str = "", language: str = "en", seconds: float = 300.0) -> HubFacts:
    """All that can be found out about a hub; one that is retired is not asked.

    Raises:
        UsageError: the token cannot be one.
    """
    facts = HubFacts(
        hub.id,
        hub.name_in(language),
        hub.url,
        hub.since,
        versions=want.needs.versions,
        memory=want.memory,
        kernels=want.kernels,
    )
    if not hub.live:
        return facts
    door = Door(hub.url, token)
    facts = replace(facts, outside=look_outside(hub.url))
    if not token or facts.outside is None or facts.outside.state != "up":
        return facts
    return replace(facts, inside=look_inside(door, want, seconds=seconds))


def look_inside(door: Door, want: Wanted, *, seconds: float) -> Inside:
    """What a server on the hub is like; it is stopped again, whatever happens."""
    seen = Inside()
    server: Server | None = None
    try:
        with a_server(door, seconds=seconds) as server:
            seen = Inside(user=server.user, seconds=server.seconds, running_before=server.running_before)
            seen = _pulling(server, want, seen, seconds=seconds)
            seen = replace(seen, kernels=kernels(server))
            seen = _computer(server, want, seen)
    except HubError as error:
        seen = replace(seen, trouble=error.trouble, reason=error.message)
    stopped = None if server is None or server.running_before else server.stopped
    return replace(seen, stopped=stopped)


def _pulling(server: Server, want: Wanted, seen: Inside, *, seconds: float) -> Inside:
    """With what nbgitpuller did, and the notebooks that links open and that are not there afterwards."""
    if not want.repository:
        return replace(seen, nbgitpuller=has_nbgitpuller(server))
    done = pull(server, repository=want.repository, branch=want.branch, target_path=want.target_path, seconds=seconds)
    if not done.there or done.reason:
        return replace(seen, nbgitpuller=done.there, pulled=False if done.there else None, pull_reason=done.reason)
    absent = tuple(path for path in want.paths if not has_file(server, path))
    return replace(seen, nbgitpuller=True, pulled=True, pull_seconds=done.seconds, absent=absent)


def _computer(server: Server, want: Wanted, seen: Inside) -> Inside:
    """With what the preflight notebook's own code finds in a kernel there.

    Raises:
        HubError: it cannot be run.
    """
    code = preflight_code((THEME / "preflight.py").read_text(encoding="utf-8"))
    ask = f"import json\nprint({MARK!r} + json.dumps(look({wanted(want.needs)!r})))"
    printed = run_code(server, (code, ask))
    line = next((line for line in printed.splitlines() if line.startswith(MARK)), "")
    try:
        here: dict[str, Any] = json.loads(line.removeprefix(MARK))
    except ValueError:
        raise HubError("kernel", "the kernel did not answer as expected") from None
    return replace(seen, python=here["python"], memory=here["memory"], disk=here["disk"], packages=here["packages"])
