"""Front matter: every value with its line, every problem at once."""

from __future__ import annotations

import pytest

from catalyst_lessons.core.front_yaml import read_yaml
from catalyst_lessons.core.frontmatter import KEYS, from_json, front_matter_of, language_tag
from catalyst_lessons.core.model import FrontMatter, Phrase

WHOLE = """\
title: "Bucles: otra vez"
language: es
questions:
- ¿Cómo repito un paso?
- "¿Qué es esto: un bucle?"
objectives:
- Escribir un bucle.
keypoints: Un bucle repite.
prerequisites: [Variables]
teaching: 20
exercises: "10"
authors: [Ana Díaz, {name: Wanjiru M.}]
license: CC-BY-4.0
level: Beginner
data:
- data/a.csv
date: 2026-11-22
lesson: lessons/02-x.py
venue: Bogotá
jupyter:
  kernelspec: {name: python3}
"""


def parse(text: str, first_line: int = 1) -> tuple[FrontMatter, str, list[str]]:
    entries, findings = read_yaml(text, path="a.py", first_line=first_line)
    assert entries is not None
    front, language, more = front_matter_of(entries, path="a.py")
    return front, language, [str(finding) for finding in findings + more]


def test_everything_is_read_with_its_line() -> None:
    front, language, findings = parse(WHOLE, first_line=2)
    assert (language, findings) == ("es", [])
    assert front.title == Phrase("Bucles: otra vez", "es", 2)
    assert front.questions == (
        Phrase("¿Cómo repito un paso?", "es", 5),
        Phrase("¿Qué es esto: un bucle?", "es", 6),
    )
    assert front.objectives == (Phrase("Escribir un bucle.", "es", 8),)
    assert front.keypoints == (Phrase("Un bucle repite.", "es", 9),)
    assert front.prerequisites == (Phrase("Variables", "es", 10),)
    assert (front.teaching, front.exercises, front.minutes) == (20, 10, 30)
    assert front.authors == ("Ana Díaz", "Wanjiru M.")
    assert (front.license, front.level, front.date) == ("CC-BY-4.0", "beginner", "2026-11-22")
    assert (front.data, front.lesson) == (("data/a.csv",), "lessons/02-x.py")
    assert dict(front.other) == {"venue": "Bogotá"}
    assert front.lines["title"] == 2 and front.lines["data"] == 16 and set(front.lines) == set(KEYS)


def test_all_problems_are_told_at_once() -> None:
    _, language, findings = parse(
        "titel: Loops\nlanguage: spanish\nteaching: 10 min\nexercises: -5\nquestions:\n- Why: because\n- ok\n"
        "level: begginer\ndate: tomorrow\ndate: 22.11.2026\nauthors: [[x]]\nlicense: [a, b]\n"
    )
    assert language == "en"
    assert findings == [
        "a.py:10: L105 warning: `date` stands twice in the front matter, first in line 9; the last one counts\n"
        "    hint: keep one of them",
        "a.py:1: L102 warning: `titel` is not a key we know\n    hint: did you mean `title`?",
        "a.py:2: L104 `spanish` is not a language tag (BCP 47)\n"
        "    hint: write the short tag, such as `language: es`, `language: sw` or `language: pt-BR`",
        "a.py:6: L103 `questions` takes a list of texts; found a mapping in it\n"
        '    hint: put each text in double quotes where it holds ": ", and begin it with "- "',
        "a.py:3: L103 `teaching` takes a whole number of minutes; found `10 min`\n"
        "    hint: write the minutes alone, such as `teaching: 20`",
        "a.py:4: L103 `exercises` takes a whole number of minutes; found `-5`\n"
        "    hint: write the minutes alone, such as `exercises: 20`",
        "a.py:11: L103 `authors` takes a list of texts; found a list in it\n"
        '    hint: put each text in double quotes where it holds ": ", and begin it with "- "',
        "a.py:12: L103 `license` takes one text; found a list\n"
        '    hint: write one text, in double quotes where it holds ": ", such as `license: "..."`',
        "a.py:8: L106 warning: `level` is one of beginner, intermediate, advanced; found `begginer`\n"
        "    hint: write `level: beginner`",
        "a.py:10: L107 warning: `date` is not a date in the form year-month-day; found `22.11.2026`\n"
        "    hint: write it as in `date: 2026-11-22`",
    ]


@pytest.mark.parametrize(
    ("text", "line", "hint"),
    [
        ("title: a\nx: b: c\n", 3, "put text that holds"),
        ("title: [a\n", 3, "put text that holds"),
        ("title:\n\t- a\n", 3, "YAML is indented with spaces"),
        ("title: @home\n", 2, "put text that holds"),
        ("a: *nowhere\n", 2, "put text that holds"),
        ("title: &m [*m]\n", 2, "put text that holds"),
    ],
)
def test_what_is_not_yaml_is_told_with_its_line(text: str, line: int, hint: str) -> None:
    front, _, (finding,) = parse(text, first_line=2)
    assert finding.startswith(f"a.py:{line}: L101 the front matter is not valid YAML: ")
    assert hint in finding
    assert front == FrontMatter()


@pytest.mark.parametrize("text", ["just text", "- a"])
def test_text_that_is_no_mapping_has_no_entries(text: str) -> None:
    assert read_yaml(text, path="a.py") == (None, ())


@pytest.mark.parametrize("text", ["", "# only a comment", "title:", "title: ''\nquestions: []", "questions:\n-\n- ''"])
def test_nothing_said_is_nothing_wrong(text: str) -> None:
    front, language, findings = parse(text)
    assert (front.title.text, front.questions, language, findings) == ("", (), "en", [])


def test_words_that_yaml_takes_for_something_else_stay_words() -> None:
    front, language, findings = parse("language: no\ntitle: 007\nauthors: [yes, 1e3]\nlevel: advanced\n")
    assert (language, front.title.text, front.authors, findings) == ("no", "007", ("yes", "1e3"), [])


@pytest.mark.parametrize("value", ["10", "'10'", "010"])
def test_minutes(value: str) -> None:
    front, _, findings = parse(f"teaching: {value}")
    assert (front.teaching, findings) == (10, [])


@pytest.mark.parametrize("value", ["10 min", "7.5", "1:30", "yes", "[10]", "{a: 1}", "-1", "ten", "1_0", "999999"])
def test_what_is_no_whole_number_of_minutes(value: str) -> None:
    front, _, (finding,) = parse(f"\nteaching: {value}")
    assert front.teaching is None
    assert finding.startswith("a.py:2: L103 `teaching` takes a whole number of minutes")


@pytest.mark.parametrize(
    ("key", "near"),
    [("objective", "objectives"), ("Title", "title"), ("excercises", "exercises"), ("licence", "license")],
)
def test_keys_that_are_nearly_ours_are_told(key: str, near: str) -> None:
    front, _, (finding,) = parse(f"{key}: x")
    assert finding == f"a.py:1: L102 warning: `{key}` is not a key we know\n    hint: did you mean `{near}`?"
    assert front.other[key] == "x"


@pytest.mark.parametrize(
    "key",
    [
        *("subtitle", "short_title", "abstract", "keywords", "label", "output", "venue", "description"),
        *("start", "source", "orphan", "tags", "exports", "bibliography", "params"),
    ],
)
def test_keys_of_other_systems_are_kept_in_peace(key: str) -> None:
    front, _, findings = parse(f"{key}: x")
    assert (dict(front.other), findings) == ({key: "x"}, [])


def test_keys_that_others_call_differently() -> None:
    front, language, findings = parse("lang: pt_br\nauthor: Ana\ntitle: Laços\n")
    assert (language, front.authors, front.title.language, findings) == ("pt-BR", ("Ana",), "pt-BR", [])
    front, language, _ = parse("lang: pt\nlanguage: es\n")
    assert (language, dict(front.other)) == ("es", {"lang": "pt"})


def test_a_carpentries_header_is_fine_as_it_is() -> None:
    front, _, findings = parse(
        'title: "For Loops"\nteaching: 10 # in minutes\nexercises: 15\nquestions:\n- "How?"\nobjectives: [x]\n'
        "start: yes\nsource: Rmd\nroot: ..\n"
    )
    assert (front.minutes, findings) == (25, [])


def test_values_of_other_programs_are_kept_as_text() -> None:
    front, _, findings = parse("x: !r Sys.Date()\ny: !expr [a, b]\nz: 2026-11-22\nt: !!python/object:os.system x\n")
    assert dict(front.other) == {"x": "Sys.Date()", "y": ["a", "b"], "z": "2026-11-22", "t": "x"}
    assert findings == []


def test_odd_separators_do_not_move_lines() -> None:
    front, _, findings = parse("venue: a\u2028b\x0c\x85c\ntitle: Loops\n")
    assert (front.title.line, findings) == (2, [])


def test_aliases_within_aliases_are_no_endless_tree() -> None:
    bomb = "a: &a [x, x]\n" + "".join(
        f"{b}: &{b} [*{a}, *{a}, *{a}, *{a}]\n" for a, b in zip("abcdefghijk", "bcdefghijkl", strict=True)
    )
    front, _, findings = parse(bomb + "questions: *l\n")
    assert front.questions == ()
    assert {finding.split()[1] for finding in findings} == {"L101"}


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        *(
            ("es", "es"),
            ("pt-BR", "pt-BR"),
            ("pt_br", "pt-BR"),
            ("ZH-hant-tw", "zh-Hant-TW"),
            ("es-419", "es-419"),
        ),
        *(("sw", "sw"), ("quz", "quz"), ("sl-rozaj", "sl-rozaj"), ("en-x-kids", "en-x-kids"), (" es ", "es")),
        *(("english", ""), ("", ""), ("e", ""), ("es-", ""), ("es-MEX", ""), ("español", ""), ("pt BR", "")),
    ],
)
def test_language_tags(text: str, tag: str) -> None:
    assert language_tag(text) == tag


def test_front_matter_of_a_json_mapping() -> None:
    entries = {
        "title": from_json("Loops", 4),
        "teaching": from_json(10, 5),
        "authors": from_json(["Ana", None], 6),
    }
    front, _, findings = front_matter_of(entries, path="a.ipynb", language="es")
    assert (front.title, front.teaching, front.authors) == (Phrase("Loops", "es", 4), 10, ("Ana",))
    assert (dict(front.lines), findings) == ({"title": 4, "teaching": 5, "authors": 6}, ())


ALIASES = "a: &a [x, x, x, x, x, x, x, x]\n" + "".join(
    f"{b}: &{b} [{', '.join([f'*{a}'] * 8)}]\n" for a, b in zip("abcdefghi", "bcdefghij", strict=True)
)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("title: A\nx: !!bool maybe", 1),
        ("title: A\nx: !!int ''", 1),
        ("title: A\nx: !!float ''", 1),
        ("title: A\nx: &x [*x]", 2),
        (ALIASES, 1),
    ],
)
def test_values_that_yaml_cannot_make_are_a_finding(text, line):
    entries, findings = read_yaml(text, path="a.md")
    assert entries == {}
    assert [(finding.code, finding.location.line) for finding in findings] == [("L101", line)]


def test_an_alias_used_again_is_fine():
    front, _, findings = parse("questions: &q [How, Why]\nobjectives: *q")
    assert findings == [] and [phrase.text for phrase in front.objectives] == ["How", "Why"]
