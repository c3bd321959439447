"""The hubs of a curriculum: those its settings describe, and the known one they choose; and reading the known ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from catalyst_lessons.core.errors import SettingsError
from catalyst_lessons.core.launching.hubs import Hub
from catalyst_lessons.core.model import NOTHING
from catalyst_lessons.core.report import Finding
from catalyst_lessons.core.settings.options import HUB_OPTIONS, OPTIONS
from catalyst_lessons.core.settings.values import (
    Found,
    check_names,
    check_required,
    closest,
    read_options,
    read_value,
    suggestion,
)
from catalyst_lessons.core.settings.yaml_marks import Entry, read_yaml

HUB = next(option for option in OPTIONS if option.name == "hub")
# Words that `hub:` and the learner's own choice use for something else than a hub.
TAKEN_IDS = frozenset({"none", "binder", "other"})
LIST_HINT = "write a list, each item with `- id: my-hub` and `url: https://hub.example.org`"


@dataclass(frozen=True, slots=True)
class Hubs:
    """The hubs of a curriculum, `live` and `retired`; `first` is the id of the one offered first, or ""."""

    live: tuple[Hub, ...] = ()
    retired: tuple[Hub, ...] = ()
    first: str = ""
    lines: Mapping[str, int] = field(default=NOTHING, hash=False)


def parse_known_hubs(text: str, *, path: str) -> tuple[Hub, ...]:
    """The hubs of a file that has nothing but `hubs:`, with the fields that settings have.

    Raises:
        SettingsError: something is wrong in it.
    """
    root, found = read_yaml(text, path=path)
    described = describe_hubs(root.fields.get("hubs"), found, ())
    for finding in found[:1]:
        raise SettingsError(finding.message, location=finding.location, hint=finding.hint, code=finding.code)
    return tuple(hub for hub, _ in described.values())


def read_hubs(block: Entry, found: Found, known_hubs: Sequence[Hub]) -> Hubs:
    """The hubs under `hubs:` that can be used, and the known one if `hub:` names it."""
    described = describe_hubs(block.fields.get("hubs"), found, known_hubs)
    known = {hub.id: hub for hub in known_hubs if hub.id not in described}
    entry = block.fields.get("hub")
    chosen = read_value(HUB, entry, found)
    if chosen in known and known[chosen].software == "jupyterhub":
        described[chosen] = (known[chosen], 0)
    hubs = [hub for hub, _ in described.values()]
    live = [hub for hub in hubs if hub.live]
    first = "".join(hub.id for hub in live[:1])
    if entry and chosen:
        first = choose(chosen, entry, hubs, found, known=known)
    return Hubs(
        live=tuple(sorted(live, key=lambda hub: hub.id != first)),
        retired=tuple(hub for hub in hubs if not hub.live),
        first=first,
        lines={f"hubs.{name}": line for name, (_, line) in described.items() if line},
    )


def choose(chosen: str, entry: Entry, hubs: list[Hub], found: Found, *, known: Mapping[str, Hub]) -> str:
    """The id of the hub offered first; the first live one, and a finding, if `hub:` names none to offer."""
    by_id = {hub.id: hub for hub in hubs}
    if chosen == "none":
        return ""
    if chosen in by_id and by_id[chosen].live:
        return chosen
    live = [hub.id for hub in hubs if hub.live]
    if chosen in by_id:
        since = f" (since {by_id[chosen].since})" if by_id[chosen].since else ""
        message = f'hub: "{chosen}" is retired{since} and is not offered'
        names = ", ".join((*live, "none"))
        found.append(Finding("C521", message, entry.location, f"choose another one: {names}"))
    elif chosen == "binder" or chosen in known:
        found.append(Finding("C518", "hub: Binder is no hub", entry.location, "write `hub: none` and `binder: true`"))
    else:
        offered = [hub.id for hub in (*hubs, *known.values()) if hub.live and hub.software == "jupyterhub"]
        message = f"hub: there is no hub {entry.shown}"
        # One that is retired is named when it was meant, and never proposed.
        near = closest(chosen, [*by_id, *known])
        hint = suggestion(near or chosen, [near] if near else [*offered, "none"])
        found.append(Finding("C518", message, entry.location, hint))
    return next(iter(live), "")


def describe_hubs(entry: Entry | None, found: Found, known_hubs: Sequence[Hub]) -> dict[str, tuple[Hub, int]]:
    """The hubs of the list `hubs:` by id, each with its line."""
    if entry is None or entry.kind == "nothing":
        return {}
    if entry.kind != "list":
        found.append(Finding("C507", f"hubs: expected a list, found {entry.shown}", entry.location, LIST_HINT))
        return {}
    described: dict[str, tuple[Hub, int]] = {}
    for item in entry.items:
        hub = describe_hub(item, found, known_hubs)
        if hub and hub.id in described:
            message = f'the hub "{hub.id}" stands twice, first on line {described[hub.id][1]}'
            found.append(Finding("C520", message, item.location, "give each hub an id of its own"))
        elif hub:
            described[hub.id] = (hub, item.location.line)
    return described


def describe_hub(item: Entry, found: Found, known_hubs: Sequence[Hub]) -> Hub | None:
    """One hub of the list, completed from the known hub with that id; nothing if it cannot be used."""
    if item.kind != "mapping":
        found.append(Finding("C507", f"hubs: expected a mapping, found {item.shown}", item.location, LIST_HINT))
        return None
    check_names(HUB_OPTIONS, item, found, elsewhere=NOTHING)
    values = read_options(HUB_OPTIONS, item, found)
    known = next((hub for hub in known_hubs if hub.id == values["id"]), None)
    check_required(HUB_OPTIONS[:1] if known else HUB_OPTIONS, item, found, what="a hub")
    if values["id"] in TAKEN_IDS:
        message = f'id: "{values["id"]}" has a meaning of its own'
        found.append(Finding("C520", message, item.fields["id"].location, "choose another id"))
        return None
    if known and "url" not in item.fields:
        given = {name: value for name, value in values.items() if name in item.fields}
        return replace(known, **given)
    return Hub(**values | {"name": values["name"] or values["id"]}) if values["id"] and values["url"] else None
