"""The glossary for translation platforms: CSV, one row for each term, and TBX (ISO 30042, the TBX-Basic dialect)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from xml.sax.saxutils import escape, quoteattr

from catalyst_lessons.core.glossary.terms import term_in
from catalyst_lessons.core.model import Language, Term
from catalyst_lessons.core.rendering.html import plain


def to_csv(terms: Iterable[Term], languages: Sequence[Language]) -> str:
    """A term and a description for each language, in columns as Crowdin names them."""
    rows = [
        ["Concept", "Translatable", *(f"{what} [{one.tag}]" for one in languages for what in ("Term", "Description"))]
    ]
    for term in terms:
        cells = ((_name(term, one.tag), _definition(term, one.tag)) for one in languages)
        rows.append([term.slug, "no" if term.keep else "yes", *(cell for pair in cells for cell in pair)])
    return _written(rows)


def to_bilingual_csv(terms: Iterable[Term], source: Language, target: Language) -> str:
    """The columns that Weblate reads: source, target, and an explanation."""
    rows = [["source", "target", "developer_comments"]]
    for term in terms:
        name = _name(term, source.tag)
        if name and _name(term, target.tag):
            rows.append([name, _name(term, target.tag), _definition(term, source.tag)])
    return _written(rows)


def to_tbx(terms: Iterable[Term], languages: Sequence[Language], *, title: str) -> str:
    """Every term in every language, with its definition; what is not to be translated says so."""
    entries = "\n".join(_entry(term, languages) for term in terms)
    first = quoteattr(languages[0].tag if languages else "en")
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<!DOCTYPE martif SYSTEM "TBXBasiccoreStructV02.dtd">\n'
        f'<martif type="TBX-Basic" xml:lang={first}>\n'
        f"<martifHeader><fileDesc><sourceDesc><p>{escape(title)}</p></sourceDesc></fileDesc></martifHeader>\n"
        f"<text><body>\n{entries}\n</body></text>\n</martif>\n"
    )


def _entry(term: Term, languages: Sequence[Language]) -> str:
    sets = "".join(_language_set(term, one.tag) for one in languages if _name(term, one.tag))
    note = "<note>do not translate</note>" if term.keep else ""
    return f"<termEntry id={quoteattr(term.slug)}>{note}{sets}</termEntry>"


def _language_set(term: Term, tag: str) -> str:
    definition = _definition(term, tag)
    described = f'<descrip type="definition">{escape(definition)}</descrip>' if definition else ""
    names = (_name(term, tag), *term.also.get(tag, ()))
    found = "".join(f"<tig><term>{escape(name)}</term></tig>" for name in names)
    return f"<langSet xml:lang={quoteattr(tag)}>{described}{found}</langSet>"


def _name(term: Term, tag: str) -> str:
    """The term in a language; one that is not translated is the same everywhere."""
    return term_in(term, tag) or (next(iter(term.terms.values()), "") if term.keep else "")


def _definition(term: Term, tag: str) -> str:
    return plain(term.definitions.get(tag) or term.definitions.get(tag.split("-")[0]) or "")


def _written(rows: Iterable[Sequence[str]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()
