"""What a look at a hub from outside and from inside found, and what that means for the lessons."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from catalyst_lessons.core.launching.publishing import numbers
from catalyst_lessons.core.model import NOTHING

Mark = Literal["good", "bad", "unsure", "fact"]
State = Literal["up", "starting", "elsewhere", "no-hub", "no-answer"]

GIB = 1024**3
SLOW_START = 120.0
"""Seconds after which learners who start together think that nothing happens."""
LITTLE_DISK = 0.2
"""GiB of free disk below which notebooks and their data may not fit."""


@dataclass(frozen=True, slots=True)
class Outside:
    """What anybody can see of a hub.

    `trouble` says why nothing answered: `no-host`, `refused`, `timeout`, `tls-expired`, `tls-name`, `tls-untrusted`,
    `tls` or `broken`. `elsewhere` is the address at which a hub answered instead. `login` is the status with which a
    launch link was answered, 302 where it leads on to the log-in page. `cors` says whether a lesson page may ask.
    """

    state: State
    version: str = ""
    trouble: str = ""
    elsewhere: str = ""
    login: int = 0
    cors: bool = False


@dataclass(frozen=True, slots=True)
class Inside:
    """What a person with a server sees of it. What was not tried is None, or 0 where it is a number.

    `trouble` is where it ended early: `token`, `scopes`, `start` or `kernel`; `reason` is the hub's own word for it,
    `pull_reason` nbgitpuller's. `seconds` and `pull_seconds` are wall time; `memory` and `disk` are bytes.
    `absent` are notebooks that links open and that were not pulled.
    `packages` has versions by name, "" for one that cannot be imported.
    """

    trouble: str = ""
    reason: str = ""
    user: str = ""
    seconds: float = 0.0
    running_before: bool = False
    nbgitpuller: bool | None = None
    pulled: bool | None = None
    pull_seconds: float = 0.0
    pull_reason: str = ""
    absent: tuple[str, ...] = ()
    kernels: tuple[str, ...] | None = None
    python: str = ""
    memory: int = 0
    disk: int = 0
    packages: Mapping[str, str] = field(default=NOTHING, hash=False)
    stopped: bool | None = None


@dataclass(frozen=True, slots=True)
class HubFacts:
    """A hub and all that was found: `outside` is None for a hub that is retired, and was therefore not asked.

    `versions` are the oldest good ones by package; `memory` is what a notebook may use, in bytes; `kernels` are those
    the lessons ask for.
    """

    id: str
    name: str
    url: str
    since: str = ""
    outside: Outside | None = None
    inside: Inside | None = None
    versions: Mapping[str, str] = field(default=NOTHING, hash=False)
    memory: int = 0
    kernels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing to tell: the key of its sentence, how it looks, its finding code if it is bad, what stands in it."""

    key: str
    mark: Mark = "good"
    code: str = ""
    values: Mapping[str, str] = field(default=NOTHING, hash=False)


def judge(facts: HubFacts) -> tuple[Remark, ...]:
    """What there is to say about a hub, in the order in which a learner would meet it."""
    if facts.outside is None:
        return (Remark("retired", "bad", "H424", {"since": facts.since or "?"}),)
    remarks = [*_outside(facts.outside, facts.url)]
    if facts.inside is not None:
        remarks += _inside(facts.inside, facts)
    elif facts.outside.state == "up":
        remarks.append(Remark("need-token", "unsure"))
    return tuple(remarks)


def is_ready(remarks: tuple[Remark, ...]) -> bool:
    """Whether nothing bad was found."""
    return not any(remark.mark == "bad" for remark in remarks)


def _outside(seen: Outside, url: str) -> Iterator[Remark]:
    if seen.state == "no-answer":
        code = "H421" if seen.trouble.startswith("tls") else "H420"
        yield Remark(seen.trouble or "broken", "bad", code, {"url": url})
    elif seen.state == "elsewhere":
        yield Remark("elsewhere", "bad", "H422", {"address": seen.elsewhere})
    elif seen.state == "no-hub":
        yield Remark("no-hub", "bad", "H422", {"url": url})
    elif seen.state == "starting":
        yield Remark("starting", "bad", "H423")
    else:
        yield Remark("up", values={"version": seen.version})
        if seen.login in (301, 302, 303, 307):
            yield Remark("links")
        else:
            yield Remark("no-links", "bad", "H425", {"status": str(seen.login)})
        yield Remark("cors" if seen.cors else "no-cors", "fact")


def _inside(seen: Inside, facts: HubFacts) -> Iterator[Remark]:
    if seen.trouble in ("token", "scopes"):
        yield Remark(seen.trouble, "bad", "H426", {"reason": seen.reason})
        return
    if seen.trouble == "start":
        yield Remark("no-start", "bad", "H427", {"reason": seen.reason})
    elif seen.running_before:
        yield Remark("running", "fact", values={"user": seen.user})
    elif seen.seconds:
        slow = seen.seconds > SLOW_START
        yield Remark("slow" if slow else "started", "unsure" if slow else "good", values=_seconds(seen.seconds))
    yield from _pulling(seen)
    yield from _computer(seen, facts)
    if seen.stopped is not None:
        stopped = Remark("stopped", values={"user": seen.user})
        yield stopped if seen.stopped else Remark("not-stopped", "bad", "H435", {"user": seen.user})


def _pulling(seen: Inside) -> Iterator[Remark]:
    if seen.nbgitpuller is False:
        yield Remark("no-nbgitpuller", "bad", "H428")
    elif seen.nbgitpuller and seen.pulled is None:
        yield Remark("nbgitpuller")
    if seen.pulled:
        yield Remark("pulled", values=_seconds(seen.pull_seconds))
    elif seen.pulled is False:
        yield Remark("not-pulled", "bad", "H429", {"reason": seen.pull_reason})
    for path in seen.absent:
        yield Remark("absent", "bad", "H430", {"path": path})


def _computer(seen: Inside, facts: HubFacts) -> Iterator[Remark]:
    """Kernels, memory, disk and packages, as far as a kernel ran."""
    if seen.kernels is not None:
        for name in facts.kernels:
            if name not in seen.kernels:
                yield Remark("no-kernel", "bad", "H434", {"name": name})
    if seen.trouble == "kernel":
        yield Remark("kernel-failed", "bad", "H434", {"reason": seen.reason})
    if not seen.python:
        return
    yield Remark("python", "fact", values={"version": seen.python})
    if seen.memory:
        short = seen.memory < facts.memory
        values = {"found": gib(seen.memory), "needed": gib(facts.memory)}
        yield Remark("little-memory", "unsure", "H432", values) if short else Remark("memory", values=values)
    if seen.disk:
        short = seen.disk < LITTLE_DISK * GIB
        values = {"found": gib(seen.disk)}
        yield Remark("little-disk", "unsure", "H433", values) if short else Remark("disk", values=values)
    for name, found in seen.packages.items():
        yield _package(name, found, facts.versions.get(name, ""))


def _package(name: str, found: str, needed: str) -> Remark:
    values = {"name": name, "found": found, "needed": needed}
    if not found:
        return Remark("missing", "bad", "H431", values)
    if found != "?" and numbers(found) < numbers(needed):
        return Remark("old", "bad", "H431", values)
    return Remark("package", values=values)


def gib(size: int) -> str:
    """A size in bytes as a person reads it."""
    return f"{size / GIB:.1f}"


def _seconds(seconds: float) -> dict[str, str]:
    return {"seconds": f"{seconds:.0f}" if seconds >= 10 else f"{seconds:.1f}"}
