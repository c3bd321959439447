"""Lessons and findings as plain JSON values and back, so that they can be kept."""

from __future__ import annotations

from collections.abc import Iterable

from catalyst_lessons.core.model import Cell, FrontMatter, Json, Kernel, Lesson, Location, Phrase
from catalyst_lessons.core.report import Finding


def lesson_to_json(lesson: Lesson) -> Json:
    """The lesson as lists, mappings, strings and numbers; `lesson_from_json` gives it back."""
    kernel = lesson.kernel
    return {
        "path": lesson.path,
        "cells": [[c.kind, c.source, c.id, c.lines, c.tags, dict(c.metadata)] for c in lesson.cells],
        "front": _front_to_json(lesson.front),
        "language": lesson.language,
        "role": lesson.role,
        "format": lesson.format,
        "kernel": [kernel.name, kernel.language, kernel.display_name],
    }


def lesson_from_json(value: Json) -> Lesson:
    """The lesson that `lesson_to_json` was given.

    Raises:
        KeyError, TypeError, ValueError, AttributeError: it is none.
    """
    cells = tuple(
        Cell(kind, source, name, tuple(lines), tuple(tags), metadata)
        for kind, source, name, lines, tags, metadata in value["cells"]
    )
    front = _front_from_json(value["front"])
    kernel = Kernel(*value["kernel"])
    return Lesson(value["path"], cells, front, value["language"], value["role"], value["format"], kernel)


def findings_to_json(findings: Iterable[Finding]) -> Json:
    """The findings as a list."""
    return [[f.code, f.message, f.location.path, f.location.line, f.hint, f.severity] for f in findings]


def findings_from_json(value: Json) -> tuple[Finding, ...]:
    """The findings that `findings_to_json` was given."""
    return tuple(
        Finding(code, message, Location(path, line), hint, severity)
        for code, message, path, line, hint, severity in value
    )


_PHRASES = ("questions", "objectives", "keypoints", "prerequisites")
_TUPLES = ("authors", "data")


def _front_to_json(front: FrontMatter) -> Json:
    plain = {name: getattr(front, name) for name in FrontMatter.__slots__}
    phrases = {name: [_phrase(one) for one in getattr(front, name)] for name in _PHRASES}
    return {
        **plain,
        **phrases,
        "title": _phrase(front.title),
        "lines": dict(front.lines),
        "other": dict(front.other),
    }


def _front_from_json(value: Json) -> FrontMatter:
    phrases = {name: tuple(Phrase(*one) for one in value[name]) for name in _PHRASES}
    tuples = {name: tuple(value[name]) for name in _TUPLES}
    return FrontMatter(**{**value, **phrases, **tuples, "title": Phrase(*value["title"])})


def _phrase(phrase: Phrase) -> Json:
    return [phrase.text, phrase.language, phrase.line]
