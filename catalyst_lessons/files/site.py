"""Trees of generated files: written only where bytes changed, stale ones removed, nothing of anybody else's touched."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from catalyst_lessons.core.errors import UsageError
from catalyst_lessons.files.writing import write_bytes

MANIFEST = ".catalyst-manifest.json"
"""The file in a generated tree that lists what we wrote: only that is ever removed again."""


def write_tree(
    folder: Path, contents: Mapping[str, bytes], *, sources: Mapping[str, str] | None = None, ours: bool = False
) -> tuple[str, ...]:
    """Bring a folder to these contents and return the paths that changed.

    Files that an earlier call wrote and that are no longer wanted are removed; other files are left alone. `sources`
    says for each path which source it came from, for the manifest. `ours` says that the folder is ours alone.

    Raises:
        UsageError: a file of somebody else's stands where one of these belongs; nothing was written.
    """
    if not ours:
        _refuse_foreign(folder, contents)
    changed = tree_changes(folder, contents)
    manifest = {path: (sources or {}).get(path, "") for path in sorted(contents)}
    if changed:
        # What a call that is interrupted wrote is still ours to remove.
        _write_manifest(folder, dict.fromkeys(_written_before(folder), "") | manifest)
    # A file may have to make way for a folder of its name, or the other way round.
    for path in changed:
        if path not in contents:
            _remove(folder, path)
    for path in changed:
        if path in contents:
            write_bytes(folder / path, contents[path])
    _write_manifest(folder, manifest)
    return changed


def _refuse_foreign(folder: Path, contents: Mapping[str, bytes]) -> None:
    before = frozenset(_written_before(folder))
    foreign = [path for path, content in contents.items() if path not in before and _read(folder / path) != content]
    foreign = sorted(path for path in foreign if (folder / path).is_file())
    if foreign:
        named = ", ".join(foreign[:3]) + (f" and {len(foreign) - 3} more" if len(foreign) > 3 else "")
        hint = "name an empty folder, or one that this command made; if these may go, delete them first"
        raise UsageError(f"files in {folder} that are not ours would be written over: {named}", hint=hint)


def _write_manifest(folder: Path, manifest: Mapping[str, str]) -> None:
    content = (json.dumps(manifest, indent=1, ensure_ascii=False) + "\n").encode()
    if _read(folder / MANIFEST) != content:
        write_bytes(folder / MANIFEST, content)


def tree_changes(folder: Path, contents: Mapping[str, bytes]) -> tuple[str, ...]:
    """The paths that `write_tree` would write or remove, sorted; nothing is written."""
    stale = {path for path in _written_before(folder) if path not in contents and _is_ours(folder, path)}
    changed = {path for path, content in contents.items() if _read(folder / path) != content}
    return tuple(sorted(stale | changed))


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return None


def _written_before(folder: Path) -> tuple[str, ...]:
    try:
        listed = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return ()
    return tuple(listed) if isinstance(listed, dict) else ()


def _is_ours(folder: Path, path: str) -> bool:
    """Whether a path of the manifest is a file in the folder, by whatever way it leads there."""
    file = folder / path
    return (file.is_file() or file.is_symlink()) and file.parent.resolve().is_relative_to(folder.resolve())


def _remove(folder: Path, path: str) -> None:
    (folder / path).unlink(missing_ok=True)
    for parent in (folder / path).parents:
        if parent == folder or any(parent.iterdir()):
            return
        parent.rmdir()
