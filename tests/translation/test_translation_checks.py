"""Each rule sees its fault, and only the fault."""

from __future__ import annotations

import pytest

from catalyst_lessons.core.model import Location
from catalyst_lessons.core.translation import Catalog, Message
from catalyst_lessons.core.translation.checks import RULES, check_catalog, problems, refused
from tests.translation.translation_cases import catalog, lesson

FAULTS = [
    ("T201", "error", "Use `len(x)` now.", "Usa `largo(x)` ya."),
    ("T201", "error", "Use it now.", "Usa `eso` ya."),
    ("T201", "error", "`a` and `a`", "`a` y otra vez"),
    ("T202", "error", "The area $a^2$ is", "El área $a^3$ es"),
    ("T202", "error", "So \\(x\\) is", "Así es"),
    ("T203", "error", "See [it](02-x.md#here).", "Mira [eso](02-x.md#aqui)."),
    ("T203", "error", "See [it](https://a.org/x).", "Mira [eso](https://b.org/x)."),
    ("T203", "error", "See [it](https://a.org/x).", "Mira [eso](https://a.org@b.org/x)."),
    ("T203", "error", "See [it](https://a.org/x).", "Mira [eso](http://a.org/x)."),
    ("T203", "error", "See [it](https://a.org/x).", "Mira [eso](//a.org/x)."),
    ("T203", "error", "See it.", "Mira [eso](https://b.org)."),
    ("T203", "error", "See it.", "Mira https://b.org ya."),
    ("T203", "error", "See it.", "Mira www.b.org ya."),
    ("T203", "error", "See it.", "Mira <x@b.org> ya."),
    ("T203", "error", "See it.", "Mira ![eso](eso.png)."),
    ("T203", "error", "See [it](a.md) and [that](b.md).", "Mira [eso](a.md)."),
    ("T204", "warning", "See [it](https://a.org/en/x).", "Mira [eso](https://a.org/es/x)."),
    ("T205", "error", "See [it](a.md).", "Mira [eso](javascript:alert(1))."),
    ("T205", "error", "See [it](a.md).", "Mira [eso](JAVA&#115;cript:alert(1))."),
    ("T205", "error", "See [it](a.md).", "Mira [eso](<java\tscript:alert(1)>)."),
    ("T205", "error", "See [it](a.md).", "Mira [eso](data:text/html,x)."),
    ("T205", "error", "See [it][l].", "Mira [eso][l]. javascript:alert(1)"),
    ("T206", "error", "Press it.", "Pulsa <b>eso</b>."),
    ("T206", "error", "Press it.", "Pulsa eso <img src=x onerror=alert(1)"),
    ("T206", "error", "Press <kbd>A</kbd>.", 'Pulsa <kbd onclick="x()">A</kbd>.'),
    ("T206", "error", "Press <kbd>A</kbd>.", "Pulsa A."),
    ("T206", "error", "Press it.", "Pulsa <!-- eso -->."),
    ("T207", "error", "Press it.", "Pulsa {{ eso }}."),
    ("T207", "error", "Hi {{ name }}.", "Hola {{ nombre }}."),
    ("T207", "error", "Press it.", "Pulsa {% include 'x' %}."),
    ("T207", "error", "Press it.", 'Pulsa --8<-- "eso"'),
    ("T208", "error", "See {ref}`it <here>`.", "Mira {ref}`eso <aqui>`."),
    ("T208", "error", "See {term}`loop`.", "Mira {term}`bucle`."),
    ("T208", "error", "See it.", "Mira {raw}`eso`."),
    ("T209", "error", "An [x](y.md){.cls}", "Un [x](y.md)"),
    ("T209", "error", "An x", "Un x {: onclick=alert(1) }"),
    ("T209", "error", "An x", "Un x {#eso}"),
    ("T210", "error", "A text[^1].", "Un texto[^2]."),
    ("T210", "error", "See [it][label].", "Mira [eso][etiqueta]."),
    ("T210", "error", "See it.", "Mira [eso][label]."),
    ("T210", "warning", "See [it] and [that].", "Mira eso y [lo otro]."),
    ("T211", "warning", "A *big* **word**", "Una *gran* palabra"),
    ("T211", "warning", "A **big** word", "Una ** gran** palabra"),
    ("T212", "error", "A text", "# Un texto"),
    ("T212", "error", "A text", "#Un texto"),
    ("T212", "error", "A text", "- Un texto"),
    ("T212", "error", "A text", "1. Un texto"),
    ("T212", "error", "A text", "> Un texto"),
    ("T212", "error", "A text", "```"),
    ("T212", "error", "A text", "---"),
    ("T212", "error", "A text", "!!! note"),
    ("T212", "error", "A text", "::: note"),
    ("T212", "error", "A text", "[eso]: a.md"),
    ("T212", "error", "A text", "[^1]: eso"),
    ("T212", "error", "A text", "*[eso]: lo otro"),
    ("T212", "error", "A text", ": eso"),
    ("T212", "error", "A\ntext", "Un\n- texto"),
    ("T212", "error", "A\ntext", "Un\n!!! note"),
    ("T213", "error", "A text", "Un\ntexto"),
    ("T213", "error", "A text", "Un\n\ntexto"),
    ("T213", "error", "A text", "Un\u2028texto"),
    ("T213", "error", "A text", "Un\rtexto"),
    ("T214", "error", "A cell", "Una | celda"),
    ("T214", "error", "A \\| cell", "Una \\\\| celda"),
    ("T215", "warning", "In 2026 there were 12.", "En 2025 había 12."),
    ("T216", "info", "Is it?", "Lo es."),
    ("T217", "info", "There are four words.", "There are four words."),
    ("T218", "error", "A text", "Un \u202etexto"),
    ("T218", "error", "A text", "Un \x02texto\x03"),
]


@pytest.mark.parametrize(("code", "severity", "source", "translation"), FAULTS)
def test_a_fault_is_seen(code: str, severity: str, source: str, translation: str) -> None:
    found = problems(source, translation)
    assert (code, severity) in {(problem.code, problem.severity) for problem in found}
    assert refused(source, translation) is (severity == "error")
    assert all(problem.code in RULES and problem.message for problem in found)


@pytest.mark.parametrize(
    ("language", "source", "translation", "mark"),
    [
        ("ar", "Is it?", "هل هو?", "؟"),
        ("am", "It is.", "ነው.", "።"),
        ("fr", "Is it?", "Est-ce ça?", "no-break space"),
    ],
)
def test_punctuation_is_that_of_the_language(language: str, source: str, translation: str, mark: str) -> None:
    found = [problem for problem in problems(source, translation, language=language) if problem.code == "T219"]
    assert [problem.severity for problem in found] == ["info"]
    assert mark in found[0].hint


def test_every_rule_has_a_planted_fault() -> None:
    assert {code for code, *_ in FAULTS} | {"T219"} == set(RULES)


@pytest.mark.parametrize(
    ("language", "source", "translation"),
    [
        ("es", "Use `len(x)` in **bold** and *so* on.", "Y **así** con `len(x)`, *etcétera*."),
        ("es", "What does $a + b$ cost: $5 or $10?", "¿Cuánto cuesta $a + b$: $5 o $10?"),
        ("es", "See [the docs](https://en.wikipedia.org/wiki/DNA).", "Vea [esto](https://en.wikipedia.org/wiki/DNA)."),
        ("es", "See {ref}`it <here>`, {abbr}`DNA (acid)`.", "Vea {ref}`eso <here>`, {abbr}`ADN (ácido)`."),
        ("es", "See [the docs][] and [x][y].", "Vea [los textos][the docs] y [equis][y]."),
        ("es", "See [the docs].", "Vea [los textos]."),
        ("es", "A [^1] b [^2]", "B [^2] a [^1]"),
        ("es", "1. First", "1. Primero"),
        ("es", "12,000 in 3.5 hours", "12.000 en 3,5 horas"),
        ("ar", "Is it 12?", "هل هو ١٢؟"),
        ("am", "It is.", "ነው።"),
        ("fr", "Is it? Yes: it is!", "Est-ce ça\u202f? Oui\u00a0: ça l'est\u202f!"),
        ("es", "Roses,\nviolets", "Rosas,\nvioletas"),
        ("es", "Roses,\nviolets", "Rosas y violetas"),
        ("es", 'An ![a plot](p.png){alt="A plot" .wide}', 'Un ![gráfico](p.png){alt="Un gráfico" .wide}'),
        ("es", 'Press <abbr title="a key">A</abbr>', 'Pulse <abbr title="una tecla">A</abbr>'),
        ("es", "a < b and `c<d>`", "a < b y `c<d>`"),
        ("es", "Go to <https://a.org> or https://b.org.", "Vaya a https://b.org o <https://a.org>."),
        ("es", "A \\| B", "A \\| B"),
        ("es", "Not yet translated", ""),
    ],
)
def test_a_good_translation_has_no_problems(language: str, source: str, translation: str) -> None:
    assert problems(source, translation, language=language) == ()


def test_another_language_of_wikipedia_is_the_same_site() -> None:
    found = problems("[DNA](https://en.wikipedia.org/wiki/DNA)", "[ADN](https://es.wikipedia.org/wiki/ADN)")
    assert [problem.code for problem in found] == ["T204"]


def test_a_message_says_what_was_expected_and_found() -> None:
    (problem,) = problems("Use `len`.", "Usa `largo`.")
    assert problem.message == "inline code: expected 'len', found 'largo'"
    assert problem.hint == "copy it with its backticks"


def test_a_link_to_another_host_is_named_also_where_a_link_is_missing() -> None:
    (found, *_) = problems("See [it](02-x.md).", "Mira [eso](https://b.org/x).")
    assert (found.code, "02-x.md" in found.message, "b.org" in found.message) == ("T203", True, True)


def test_findings_lead_to_the_catalog_line_of_what_the_lesson_uses() -> None:
    cat = catalog({"Gone": "`x`", "Use `len`.": "Usa `largo`.", "Fine": "Bien"})
    findings = check_catalog(lesson("Use `len`.\n\nUse `len`.\n\nFine"), cat)
    assert [(f.code, f.location, f.severity) for f in findings] == [("T201", Location("es.po", 4), "error")]


def test_a_fuzzy_message_is_not_looked_at() -> None:
    cat = catalog({"Use `len`.": ""})
    assert check_catalog(lesson("Use `len`."), cat) == ()


def test_a_message_with_a_context_is_looked_at_too() -> None:
    source = "<!-- i18n:context: verb -->\n\nSee `a`."
    broken = Catalog("es", "es.po", {"verb\4See `a`.": Message("See `a`.", "Mira `b`.", line=7)})
    assert [(one.code, one.location.line) for one in check_catalog(lesson(source), broken)] == [("T201", 7)]
