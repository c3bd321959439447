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


# Names of regions that settings are likely to have, by their code (UN M49) in CLDR.
_REGIONS = {
    "world": "001",
    "africa": "002",
    "south america": "005",
    "central america": "013",
    "north america": "021",
    "caribbean": "029",
    "asia": "142",
    "europe": "150",
    "latin america": "419",
    "oceania": "009",
}


def place(name: str, language: Language) -> str:
    """A region or country in a language, from its English name or ISO 3166 code; any other name as it is."""
    from babel import Locale, UnknownLocaleError

    code = _REGIONS.get(name.lower(), name.upper() if len(name) == 2 else "")
    try:
        found = str(Locale.parse(language.folder).territories.get(code, name))
    except (ValueError, UnknownLocaleError):
        found = str(Locale("en").territories.get(code, name))
    return found[:1].upper() + found[1:]


def language_name(tag: str, language: Language) -> str:
    """A language's name in a language: `es` is `espagnol` in French; the tag where nobody knows."""
    from babel import Locale, UnknownLocaleError

    try:
        return Locale.parse(tag.replace("-", "_")).get_display_name(language.folder) or tag
    except (ValueError, UnknownLocaleError):
        return tag
