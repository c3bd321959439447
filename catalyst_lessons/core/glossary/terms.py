"""The glossary's terms in running text: where they stand, and whether translations use the agreed ones."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from catalyst_lessons.core.model import Lesson, Location, Term
from catalyst_lessons.core.report import Finding
from catalyst_lessons.core.translation.inline import scan_inline
from catalyst_lessons.core.translation.messages import Catalog
from catalyst_lessons.core.translation.segments import extract

# Endings that words of European languages take and lose: a word of the glossary is known by what is before them.
_LOSES = ((8, 3), (6, 2), (4, 1))
_SHORTEST = 3
"""Words shorter than this (de, of, d') may be missing from a translated term."""

_EXPLAINED = re.compile(r"(?<!\s)\s*\([^()]*\)")


def term_in(term: Term, tag: str) -> str:
    """The term in a language: by its tag (`pt-BR`), else by its main language (`pt`), else ""."""
    return term.terms.get(tag) or term.terms.get(tag.split("-")[0]) or ""


@lru_cache(maxsize=8192)
def whole(name: str) -> re.Pattern[str]:
    """Finds a term as whole words in any case, in the singular and with a plural's `s`."""
    words = r"[\s\u00a0]+".join(map(re.escape, name.split()))
    return re.compile(rf"(?<![\w-]){words}(?:e?s)?(?![\w-])", re.I)


def check_terms(lesson: Lesson, catalog: Catalog, terms: Sequence[Term]) -> Iterator[Finding]:
    """A finding for each translation without the agreed term, or with a translation of what is not to be translated.

    Careful rather than complete: a term counts as used if the beginnings of its words are there in any order.
    """
    agreed = _agreed(terms, lesson.language, catalog.language)
    for key in dict.fromkeys(segment.key for segment in extract(lesson)) if agreed else ():
        message = catalog.messages.get(key)
        if message is None or not message.usable:
            continue
        place = Location(catalog.path, message.line)
        translation = _words(message.translation)
        for term, found in _terms_in(_words(message.source), agreed):
            forms = (found,) if term.keep else _forms(term, catalog.language)
            if not _kept(found, translation) and not any(_used(form, translation) for form in forms):
                yield _finding(term, found, forms, place)


def _finding(term: Term, found: str, forms: Sequence[str], place: Location) -> Finding:
    if term.keep:
        hint = "copy it as it is: the glossary says that it is not translated"
        return Finding("T241", f'"{found}" is missing', place, hint, "warning")
    expected = " or ".join(f'"{form}"' for form in forms)
    hint = f"use the term of the glossary, or add yours to its entry `{term.slug}` under `also:`"
    return Finding("T240", f'expected {expected} for "{found}", found no form of it', place, hint, "warning")


def _agreed(terms: Iterable[Term], source: str, target: str) -> tuple[tuple[Term, str], ...]:
    """The terms that both languages have, longest first: a "DNA sequence" is not a "sequence"."""
    both = [(term, term_in(term, source)) for term in terms if term.keep or term_in(term, target)]
    named = [(term, form) for term, name in both if name for form in (name, *_also(term, source))]
    shortened = ((term, bare_name(form).strip()) for term, form in named)
    return tuple(sorted((pair for pair in shortened if pair[1]), key=lambda pair: -len(pair[1])))


def bare_name(form: str) -> str:
    """A form of a term without what it has in parentheses, which explains it."""
    return _EXPLAINED.sub("", form)


def _terms_in(text: str, terms: Iterable[tuple[Term, str]]) -> Iterator[tuple[Term, str]]:
    """The terms of a text, each once, as it is written there."""
    seen = set()
    for term, name in terms:
        found, text = whole(name).search(text), whole(name).sub("\0", text)
        if found and term.slug not in seen:
            seen.add(term.slug)
            yield term, found[0]


def _kept(found: str, translation: str) -> bool:
    """Whether a name stands in the translation as it is: *Restart Kernel*, Jupyter Notebooks, PATH."""
    return found[0].isupper() and re.search(rf"(?<!\w){re.escape(found)}(?!\w)", translation) is not None


def _forms(term: Term, tag: str) -> tuple[str, ...]:
    """What a translation may say for a term."""
    return (bare_name(term_in(term, tag)), *_also(term, tag))


def _also(term: Term, tag: str) -> tuple[str, ...]:
    return term.also.get(tag) or term.also.get(tag.split("-")[0]) or ()


def _used(form: str, translation: str) -> bool:
    text = _bare(translation)
    stems = [_stem(word) for word in re.findall(r"\w+", _bare(form)) if len(word) >= _SHORTEST]
    return all(re.search(rf"(?<!\w){re.escape(stem)}", text) for stem in stems or [_bare(form)])


def _stem(word: str) -> str:
    return word[: len(word) - next((cut for length, cut in _LOSES if len(word) >= length), 0)]


@lru_cache(maxsize=4096)
def _bare(text: str) -> str:
    """In lower case and without accents, which inflection may move: `sesión`, `sesiones`."""
    return "".join(one for one in unicodedata.normalize("NFD", text.casefold()) if not unicodedata.combining(one))


def _words(text: str) -> str:
    return scan_inline(text).words
