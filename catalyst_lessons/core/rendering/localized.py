"""Numbers, shares and lists as each language writes them (Unicode CLDR, through Babel)."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from catalyst_lessons.core.model import Language

# "y" becomes "e" before the sound (Real Academia Española, "y2"); ICU knows that, Babel does not.
_SOUNDS_LIKE_I = re.compile(r"h?[ií](?![aeo])", re.I)


def listed(items: Sequence[str], language: Language) -> str:
    """Items one after the other: `Ana, Bo y Chidi` in Spanish, `Ana وBo وChidi` in Arabic."""
    from babel import UnknownLocaleError
    from babel.lists import format_list

    try:
        joined = format_list(list(items), locale=language.folder)
    except (ValueError, UnknownLocaleError):
        return ", ".join(items)
    before = joined[: len(joined) - len(items[-1])] if items else ""
    if language.tag.split("-")[0] == "es" and before.endswith(" y ") and _SOUNDS_LIKE_I.match(items[-1]):
        return f"{before[:-2]}e {items[-1]}"
    return joined


def percent(share: float, language: Language) -> str:
    """A share from 0 to 1 in whole percent; only what is all of it is 100 %."""
    from babel import UnknownLocaleError
    from babel.numbers import format_percent

    rounded = math.floor(share * 100) / 100
    try:
        return format_percent(rounded, locale=language.folder)
    except (ValueError, UnknownLocaleError):
        return f"{rounded:.0%}"


def number(count: int, language: Language) -> str:
    """A whole number with the language's digits and separators."""
    from babel import UnknownLocaleError
    from babel.numbers import format_decimal

    try:
        return format_decimal(count, locale=language.folder)
    except (ValueError, UnknownLocaleError):
        return str(count)
