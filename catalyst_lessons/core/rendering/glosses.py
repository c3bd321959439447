"""Words of the glossary on a page: the first of each is a link to its entry, with the definition at hand."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from catalyst_lessons.core.glossary.terms import bare_name, term_in, whole
from catalyst_lessons.core.model import Language, Term
from catalyst_lessons.core.rendering import html
from catalyst_lessons.core.translation.inline import ATTRIBUTES, AUTOLINK, BARE_ADDRESS, CODE, MATH, TAG, TEMPLATE
from catalyst_lessons.core.translation.splicing import Edit, spliced
from catalyst_lessons.core.translation.stretches import stretches

# Not in headings and titles, which readers find their way by, and not in tables, where links crowd.
_GLOSSED = frozenset({"paragraph", "list item", "quote"})
_BRACKETED = re.compile(
    r"(?<!\\)(?:\\\\)*!?\[(?:[^\[\]\\]|\\.|\[[^\[\]]*\])*\](?:\([^()]*(?:\([^()]*\)[^()]*)*\)|\[[^\[\]]*\])?"
)
_FOREIGN = re.compile(r"<span lang=.*", re.S)
_MASKED = (CODE, MATH, TEMPLATE, AUTOLINK, _FOREIGN, _BRACKETED, TAG, ATTRIBUTES, BARE_ADDRESS)


@dataclass(frozen=True, slots=True)
class Gloss:
    """A word of the glossary in a page's language, its definition as plain text, and the address of its entry."""

    name: str
    definition: str
    address: str


def with_glosses(text: str, wanted: Sequence[Gloss]) -> str:
    """The Markdown of a page with a link on the first occurrence of each word."""
    left = list(wanted)
    found: list[tuple[int, int, Gloss]] = []
    for stretch in stretches(text) if wanted else ():
        if stretch.kind in _GLOSSED:
            for start, end, gloss in _first(_masked(text[stretch.start : stretch.end]), left):
                found.append((stretch.start + start, stretch.start + end, gloss))
                left.remove(gloss)
    found.sort(key=lambda one: one[0])
    return spliced(text, [Edit(start, end, _linked(text[start:end], gloss)) for start, end, gloss in found])[0]


def _first(prose: str, wanted: Sequence[Gloss]) -> Iterator[tuple[int, int, Gloss]]:
    for gloss in tuple(wanted):
        if match := whole(gloss.name).search(prose):
            prose = f"{prose[: match.start()]}{_GONE * len(match[0])}{prose[match.end() :]}"
            yield match.start(), match.end(), gloss


def glosses(terms: Iterable[Term], language: Language, *, address: str) -> tuple[Gloss, ...]:
    """The glosses of a language, longest word first; `address` is that of the glossary as seen from the page.

    Only terms that have a definition in the language are among them.
    """
    found = []
    for term in terms:
        definition = term.definitions.get(language.tag) or term.definitions.get(language.tag.split("-")[0]) or ""
        name = bare_name(term_in(term, language.tag)).strip()
        if name and definition:
            found.append(Gloss(name, html.plain(definition), f"{address}#{term.slug}"))
    return tuple(sorted(found, key=lambda gloss: -len(gloss.name)))


_GONE = "\0"


def _masked(text: str) -> str:
    """The text with everything that is no plain prose blanked out, each letter in its place."""
    for pattern in _MASKED:
        text = pattern.sub(lambda match: _GONE * len(match[0]), text)
    return text


def _linked(words: str, gloss: Gloss) -> str:
    # As entities, nothing in the definition ends the title or is markup.
    return f'[{words}]({gloss.address} "{html.text(gloss.definition)}"){{.catalyst-term}}'
