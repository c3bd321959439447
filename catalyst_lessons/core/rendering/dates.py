"""Dates as each language writes them (Unicode CLDR, through Babel)."""

from __future__ import annotations

import datetime

from catalyst_lessons.core.model import Language


def localized_date(iso: str, language: Language) -> str:
    """An ISO date in the long form of a language: `2026-11-22` is `22 de noviembre de 2026` in Spanish.

    What is not an ISO date comes back as it is; a language without CLDR data gets the ISO form.
    """
    from babel import UnknownLocaleError
    from babel.dates import format_date

    try:
        return format_date(datetime.date.fromisoformat(iso), format="long", locale=language.folder)
    except (ValueError, UnknownLocaleError):
        return iso


def localized_month(iso: str, language: Language) -> str:
    """A month in the long form of a language: `2026-02` is `febrero de 2026` in Spanish. A whole date is one."""
    from babel import UnknownLocaleError
    from babel.dates import format_skeleton

    try:
        month = datetime.date.fromisoformat(f"{iso}-01")
        return format_skeleton("yMMMM", month, locale=language.folder)
    except (ValueError, UnknownLocaleError, KeyError):
        return localized_date(iso, language)
