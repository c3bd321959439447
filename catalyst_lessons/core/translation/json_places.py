"""Where each value of a JSON text stands, so that one can be replaced and the rest stays byte for byte."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from catalyst_lessons.core.model import NOTHING

_SPACE = re.compile(r"[ \t\r\n]*")
_DECODER = json.JSONDecoder()


@dataclass(frozen=True, slots=True)
class Placed:
    """A JSON value, from `start` to `end` of its text: a text, or what stands in an object or a list."""

    start: int
    end: int
    text: str | None = None
    fields: Mapping[str, Placed] = field(default=NOTHING)
    items: tuple[Placed, ...] = ()

    def at(self, *path: str) -> Placed | None:
        """The value under these keys, None where there is none."""
        found: Placed | None = self
        for key in path:
            found = found.fields.get(key) if found else None
        return found

    @property
    def whole(self) -> str | None:
        """The text of a string, or of a list of strings put together, as notebooks have it."""
        texts = [item.text for item in self.items] if self.items else [self.text]
        return None if None in texts else "".join(text or "" for text in texts)


def place_json(text: str) -> Placed:
    """The value of a JSON text with its places.

    Raises:
        ValueError: the text is not JSON.
    """
    found = _value(text, _skip(text, 0))
    if _skip(text, found.end) != len(text):
        raise ValueError("there is more after the end")
    return found


def _value(text: str, at: int) -> Placed:
    if text.startswith("{", at):
        return _object(text, at)
    if text.startswith("[", at):
        return _list(text, at)
    value, end = _DECODER.raw_decode(text, at)
    return Placed(at, end, value if isinstance(value, str) else None)


def _object(text: str, start: int) -> Placed:
    fields: dict[str, Placed] = {}
    at = _skip(text, start + 1)
    while not text.startswith("}", at):
        key, at = _DECODER.raw_decode(text, at)
        fields[str(key)] = value = _value(text, _skip(text, _skip(text, at) + 1))
        at = _next(text, value.end)
    return Placed(start, at + 1, fields=fields)


def _list(text: str, start: int) -> Placed:
    items: list[Placed] = []
    at = _skip(text, start + 1)
    while not text.startswith("]", at):
        items.append(_value(text, at))
        at = _next(text, items[-1].end)
    return Placed(start, at + 1, items=tuple(items))


def _next(text: str, at: int) -> int:
    """Where the next value or the closing bracket is."""
    at = _skip(text, at)
    if at >= len(text):
        raise ValueError("the end is missing")
    return _skip(text, at + 1) if text[at] == "," else at


def _skip(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at
