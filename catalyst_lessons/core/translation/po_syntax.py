"""Whether a text is a PO file, told by line before polib, which is too forgiving, reads it."""

from __future__ import annotations

import re

from catalyst_lessons.core.errors import CatalogError
from catalyst_lessons.core.model import Location

# One line of a PO file that holds a string, as GNU gettext's manual (The Format of PO Files) has it.
_STRING_LINE = re.compile(
    r"""(?:\#~?\|?\s*)?(?P<keyword>msgctxt|msgid_plural|msgid|msgstr(?:\[\d+\])?)?\s*"""
    r""""(?P<text>(?:[^"\\]|\\.)*)"\s*"""
)
_BAD_ESCAPE = re.compile(r"(?<!\\)(?:\\\\)*\\([^\\\"ntrvbf])")
_CHARSET = re.compile(rb"charset=([A-Za-z0-9_.:-]+)")


def decode_po(content: bytes, path: str) -> tuple[str, str]:
    """The text, and the charset polib is to read it with.

    Raises:
        CatalogError: the header names no charset we know, or the bytes are not in it.
    """
    named = _CHARSET.search(content[:4000])
    charset = named[1].decode("ascii") if named else "utf-8"
    hint = "save the catalog as UTF-8, and let its header say charset=UTF-8"
    if charset.upper() in ("CHARSET", "UTF-8", "UTF8"):
        charset = "utf-8"
    try:
        return content.decode(charset).removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}"), charset
    except LookupError:
        line = content[: named.start()].count(b"\n") + 1 if named else 0
        raise broken_po(path, line, f"unknown charset {charset!r}", hint) from None
    except UnicodeError as error:  # most are UnicodeDecodeErrors, which know the place
        line = content[: getattr(error, "start", 0)].count(b"\n") + 1
        raise broken_po(path, line, f"expected {charset}, found bytes that are not", hint) from None


def check_po(text: str, path: str) -> list[int]:
    """The lines on which a `msgid` stands, in order.

    polib cuts the last character off an unfinished string and takes an escape it does not know for text, so
    each line is looked at here first.

    Raises:
        CatalogError: a line is neither blank, comment nor string, or its string is broken.
    """
    lines = []
    for number, line in enumerate(re.split(r"\r\n|\n|\r", text), start=1):
        content = line.strip()
        if content in ("", "#~", "#|") or re.match(r"#(?![~|])", content):
            continue
        if content.startswith(("<<<<<<<", "=======", ">>>>>>>")):
            hint = "keep one side and remove the marks"
            raise broken_po(path, number, "expected an entry, found a merge conflict", hint)
        string = _STRING_LINE.fullmatch(content)
        if string is None:
            raise broken_po(path, number, f"expected a comment or a quoted string, found {content[:60]!r}")
        if escape := _BAD_ESCAPE.search(string["text"]):
            hint = f"write \\\\{escape[1]} for a backslash"
            raise broken_po(path, number, f"unknown escape \\{escape[1]}", hint)
        if string["keyword"] == "msgid" and not content.startswith(("#|", "#~|")):
            lines.append(number)
    return lines


def broken_po(path: str, line: int, message: str, hint: str = "") -> CatalogError:
    """The error that a catalog cannot be read, with the usual hint where there is none."""
    hint = hint or (
        'each string stands in one pair of double quotes, with \\" for a quote inside it; `msgfmt -c` names every slip'
    )
    return CatalogError(message, location=Location(path, line), code="T230", hint=hint)
