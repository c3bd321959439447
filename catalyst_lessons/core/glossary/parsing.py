"""The glossary file (Glosario's format, carpentries/glosario): terms and definitions by language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from catalyst_lessons.core.model import Json, Location, Term
from catalyst_lessons.core.report import Finding
from catalyst_lessons.core.yaml_reading import UNREADABLE, placed_yaml, problem_of

KEEP = "do-not-translate"


def parse_glossary(text: str, *, path: str) -> tuple[tuple[Term, ...], tuple[Finding, ...]]:
    """The terms of a glossary file, and a finding for each entry that cannot be used.

    An entry is a mapping with a `slug` and, by language tag, a mapping with `term` and `def`; slips in other keys are
    passed over, since Glosario itself has some. Ours are `do-not-translate: true` for an entry, and `also:` for a
    language: other words that are as good.
    """
    try:
        entries, node = placed_yaml(text)
    except UNREADABLE as error:
        problem, line = problem_of(error, text)
        place = Location(path, line + 1)
        return (), (Finding("L130", f"the glossary is not YAML: {problem}", place, "check the indentation here"),)
    if not isinstance(entries or [], list):
        return (), (
            Finding(
                "L130", "the glossary is not a list of entries", Location(path, 1), "begin each entry with `- slug:`"
            ),
        )
    lines = [child.start_mark.line + 1 for child in getattr(node, "value", ())]
    terms: dict[str, Term] = {}
    findings: list[Finding] = []
    for entry, line in zip(entries or [], lines, strict=False):
        found = _term(entry, line)
        if isinstance(found, Term) and found.slug in terms:
            message = f"the slug `{found.slug}` stands twice, first in line {terms[found.slug].line}"
            findings.append(Finding("L131", message, Location(path, line), "give each entry a slug of its own"))
        elif isinstance(found, Term):
            terms[found.slug] = found
        else:
            findings.append(
                Finding("L131", found, Location(path, line), "write `slug:` and, for a language, `term:` and `def:`")
            )
    return tuple(terms.values()), tuple(findings)


def _term(entry: Json, line: int) -> Term | str:
    if not isinstance(entry, Mapping) or not isinstance(entry.get("slug"), str):
        return "a glossary entry has no slug"
    named = dict(_named(entry))
    if not named:
        return f"the entry `{entry['slug']}` has a term in no language"
    terms = {tag: str(value["term"]) for tag, value in named.items()}
    definitions = {tag: str(value.get("def") or "") for tag, value in named.items()}
    also = {tag: _others(value) for tag, value in named.items() if _others(value)}
    return Term(entry["slug"], terms, definitions, line, also, entry.get(KEEP) is True)


def _others(value: Mapping[str, Json]) -> tuple[str, ...]:
    """Other words that a language has for the term: Glosario's `acronym`, and our `also`."""
    found = value.get("also") or ()
    named = [found] if isinstance(found, str) else found if isinstance(found, Sequence) else ()
    return tuple(str(one) for one in (*named, value.get("acronym")) if isinstance(one, str) and one.strip())


def _named(entry: Mapping[str, Json]) -> Iterator[tuple[str, Mapping[str, Json]]]:
    for tag, value in entry.items():
        if isinstance(value, Mapping) and value.get("term"):
            yield str(tag).replace("_", "-"), value
