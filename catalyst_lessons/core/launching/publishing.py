"""What a new commit of the notebook branch holds, and what the notebooks need where they run."""

from __future__ import annotations

import ast
import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from catalyst_lessons.core.errors import UsageError
from catalyst_lessons.core.ipython import python_tree
from catalyst_lessons.core.model import Json, Lesson

MANIFEST = ".catalyst-manifest.json"
"""The file on the notebook branch that lists what we wrote: only that is ever removed again."""

REQUIREMENTS = "requirements.txt"
RUNTIME = "runtime.txt"
REQUIREMENT = re.compile(r"(?P<name>[A-Za-z0-9][\w.-]*)>=(?P<version>\d+(?:\.\d+)*)")


@dataclass(frozen=True, slots=True)
class Needs:
    """What the lessons import: the oldest version that is good by distribution; modules nobody here has installed.

    `modules` has the module that is imported by distribution, which often has another name.
    """

    versions: Mapping[str, str]
    modules: Mapping[str, str]
    unknown: tuple[str, ...] = ()


def imports_of(lessons: Iterable[Lesson]) -> tuple[str, ...]:
    """The top modules that the code of Python notebooks imports, without Python's own; sorted."""
    found = {
        name
        for lesson in lessons
        if lesson.kernel.language == "python"
        for cell in lesson.code_cells
        for name in imported(cell.source)
    }
    return tuple(sorted(found - sys.stdlib_module_names - {"__future__"}))


def imported(source: str) -> Iterator[str]:
    """The top modules a cell imports; none if it is no Python at all."""
    tree = python_tree(source)
    for node in ast.walk(tree) if isinstance(tree, ast.Module) else ():
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]


def needs_of(
    modules: Iterable[str],
    *,
    distributions: Mapping[str, Iterable[str]],
    versions: Mapping[str, str],
    own: Iterable[str] = (),
    declared: str = "",
    before: str = "",
) -> Needs:
    """What these modules come from, and the oldest version that is good.

    `distributions` are installed ones by module, `versions` theirs. `own` are modules that lie beside the notebooks.
    `declared` is text in which the curriculum says `name>=version` itself; `before` was published last.
    """
    earlier, said = bounds_in(before), bounds_in(declared)
    bounds: dict[str, str] = {}
    names: dict[str, str] = {}
    unknown = []
    for module in (module for module in modules if module not in set(own)):
        name = next(iter(sorted(distributions.get(module, ()))), "")
        if not name:
            unknown.append(module)
            continue
        bounds[name] = said.get(normal(name)) or loose(versions.get(name, ""), earlier.get(normal(name), ""))
        names[name] = module
    return Needs(dict(sorted(bounds.items())), names, tuple(unknown))


def bounds_in(text: str) -> dict[str, str]:
    """The versions in `name>=version`, wherever that stands in a text, by name."""
    return {normal(match["name"]): match["version"] for match in REQUIREMENT.finditer(text)}


def loose(installed: str, earlier: str) -> str:
    """The bound for an installed version: its first number (two for 0.x), or the earlier bound if that still holds.

    Two computers with versions that differ a little must publish the same bytes.
    """
    if earlier and numbers(earlier) <= numbers(installed):
        return earlier
    found = numbers(installed)
    return ".".join(str(number) for number in found[: 1 if found[:1] > (0,) else 2])


def numbers(version: str) -> tuple[int, ...]:
    """The leading numbers of a version, for comparison: `2.2.3rc1` is 2, 2, 3."""
    match = re.match(r"\d+(?:\.\d+)*", version)
    return tuple(int(part) for part in match[0].split(".")) if match else ()


def normal(name: str) -> str:
    """The name of a distribution as PEP 503 compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def requirements(needs: Needs) -> str:
    """The `requirements.txt` for Binder and for those who build a hub's image."""
    lines = [f"{name}>={version}" if version else name for name, version in needs.versions.items()]
    return "".join(f"{line}\n" for line in sorted(lines, key=str.lower))


@dataclass(frozen=True, slots=True)
class Entry:
    """A file in a git tree: its mode as git writes it, and the name of its content."""

    mode: str
    blob: str


def kept_files(before: Mapping[str, Entry], manifest: str, wanted: Iterable[str]) -> dict[str, Entry]:
    """The files of the branch that stay because others put them there and nothing of ours has their place."""
    ours, folders = set(wanted), set()
    for path in ours:
        parts = path.split("/")
        folders |= {"/".join(parts[:depth]) for depth in range(1, len(parts))}
    listed = set(manifest_paths(manifest)) | {MANIFEST}
    return {
        path: entry
        for path, entry in before.items()
        if path not in ours | listed | folders and not any(path.startswith(f"{name}/") for name in ours)
    }


def manifest_paths(manifest: str) -> tuple[str, ...]:
    """The paths a manifest lists; none if it cannot be read."""
    try:
        listed: Json = json.loads(manifest) if manifest else {}
    except ValueError:
        return ()
    return tuple(str(path) for path in listed) if isinstance(listed, dict) else ()


def manifest_of(sources: Mapping[str, str]) -> bytes:
    """The manifest of these paths, each with the source it was made from."""
    return (json.dumps(dict(sorted(sources.items())), indent=1, ensure_ascii=False) + "\n").encode()


def without_shadowed(wanted: Mapping[str, bytes], before: Iterable[str], *, manifest: str) -> dict[str, bytes]:
    """The files at the top of the tree that nobody else has written there already (a `requirements.txt` of theirs)."""
    theirs = set(before) - set(manifest_paths(manifest))
    return {path: content for path, content in wanted.items() if path not in theirs}


def check_collisions(paths: Iterable[str]) -> None:
    """Nothing, if no two paths are one on a disk that takes capitals and small letters for the same.

    Raises:
        UsageError: a hub would write one file over another.
    """
    seen: dict[str, str] = {}
    for path in sorted(paths):
        other = seen.setdefault(path.casefold(), path)
        if other != path:
            raise UsageError(f'"{path}" and "{other}" are one file on some computers', hint="rename one of the sources")
