"""Blocks as published that would make other code of a source: no translator may change what runs."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from catalyst_lessons.core.errors import CatalystError
from catalyst_lessons.core.model import Lesson, Location
from catalyst_lessons.core.report import Finding
from catalyst_lessons.core.translation.applying import apply_catalog
from catalyst_lessons.core.translation.code_comments import same_script
from catalyst_lessons.core.translation.messages import Catalog

_HINT = "translate the prose around the code, block by block; code is the same in every language"


def without_other_code(
    text: str, lesson: Lesson, catalog: Catalog, *, read: Callable[[str], Lesson]
) -> tuple[Catalog, tuple[Finding, ...]]:
    """The catalog without the blocks that change code, and a finding for each of those.

    The proof is the source with the blocks put in place, read again: code cells, their tags and options, and the
    kernel must be those of the source. A script must stay the same program besides: it may also be run as it is.
    """

    def keeps(names: Iterable[str]) -> bool:
        blocks = {name: catalog.blocks[name] for name in names}
        changed = apply_catalog(text, lesson, Catalog(catalog.language, catalog.path, blocks=blocks)).text
        try:
            same = changed == text or _code(read(changed)) == _code(lesson)
            return same and (not _is_script(lesson) or same_script(text, changed, python=lesson.format[:3] == "py:"))
        except CatalystError:
            return False

    if keeps(catalog.blocks):
        return catalog, ()
    kept = [name for name in catalog.blocks if keeps([name])]
    kept = kept if keeps(kept) else []
    refused = [name for name in catalog.blocks if name not in kept]
    findings = tuple(_finding(name, text, lesson, catalog) for name in refused)
    return replace(catalog, blocks={name: catalog.blocks[name] for name in kept}), findings


def _is_script(lesson: Lesson) -> bool:
    return not lesson.format.startswith(("md:", "markdown:", "Rmd:", "ipynb"))


def _code(lesson: Lesson) -> tuple[object, ...]:
    return lesson.kernel, tuple((cell.source, cell.tags, dict(cell.metadata)) for cell in lesson.code_cells)


def _finding(name: str, text: str, lesson: Lesson, catalog: Catalog) -> Finding:
    """Where the block stands in the catalog, and where in the source."""
    at = text.replace("\r\n", "\n").find(name)
    line = text.replace("\r\n", "\n").count("\n", 0, max(at, 0)) + 1
    message = f"the block as published for line {line} of {lesson.path} would change code, and is left out"
    return Finding("T224", message, Location(catalog.path, catalog.blocks[name].line), _HINT)
