"""What the preflight notebook runs where a learner works: Python, memory, disk and packages. Standard library alone."""

from __future__ import annotations

import importlib
import importlib.metadata
import os
import re
import shutil
import sys

GB = 1024**3


def memory_limit() -> int:
    """The bytes of memory that are ours: what the hub says, else what the container or the computer has."""
    found = [os.environ.get("MEM_LIMIT", "")]
    for path in ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"):
        if os.path.exists(path):
            with open(path) as file:
                found.append(file.read().strip())
    if hasattr(os, "sysconf"):
        found.append(str(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")))
    return min((int(text) for text in found if re.fullmatch(r"\d+", text) and int(text)), default=0)


def numbers(version: str) -> list[int]:
    """The leading numbers of a version: 2.2.3rc1 is 2, 2, 3."""
    match = re.match(r"\d+(\.\d+)*", version)
    return [int(part) for part in match[0].split(".")] if match else []


def version_of(module: str, distribution: str) -> str:
    """The version of a package, "?" if it does not say, "" if it cannot be imported."""
    try:
        loaded = importlib.import_module(module)
    except Exception:  # noqa: BLE001  a package that breaks on import is as bad as none
        return ""
    try:
        return importlib.metadata.version(distribution)
    except importlib.metadata.PackageNotFoundError:
        return str(getattr(loaded, "__version__", "?"))


def look(needs: dict[str, tuple[str, str]]) -> dict[str, object]:
    """What is here. `needs` has the module and the oldest version by package."""
    return {
        "python": f"{sys.version_info[0]}.{sys.version_info[1]}",
        "memory": memory_limit(),
        "disk": shutil.disk_usage(os.path.expanduser("~")).free,
        "packages": {name: version_of(module, name) for name, (module, _) in needs.items()},
    }


def preflight(needs: dict[str, tuple[str, str]], memory: float, words: dict[str, str]) -> str:
    """The sentences for the learner and the line for the trainer; `memory` is in GB."""
    told = []
    has = round(memory_limit() / GB, 1)
    scarce = 0 < has < memory
    if scarce:
        told.append(words["memory"].format(found=has, needed=memory))
    parts = [f"{sys.version_info[0]}.{sys.version_info[1]}", f"{has:.1f}GB" + "!" * scarce]
    for name, (module, oldest) in needs.items():
        found = version_of(module, name)
        old = found not in ("", "?") and numbers(found) < numbers(oldest)
        if not found:
            told.append(words["missing"].format(name=name))
        elif old:
            told.append(words["old"].format(name=name, found=found, needed=oldest))
        parts.append(name + (".".join(found.split(".")[:2]) or "-") + "!" * old)
    line = " ".join(["NO" if told else "OK", *parts])
    return "\n".join([*told, words["bad" if told else "good"], "", line])
