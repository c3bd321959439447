"""Each rule: the text that breaks it is found with that rule's code on the right line, its clean twin is not."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pytest

from catalyst_lessons.core.checks import RULES
from catalyst_lessons.core.report import Finding

Check = Callable[[Mapping[str, str]], tuple[Finding, ...]]

HEAD = """\
---
title: Loops
objectives: [Repeat a step.]
questions: [Why repeat a step]
keypoints: [A loop repeats.]
teaching: 20
exercises: 10
authors: [Ana]
license: CC-BY-4.0
---

"""
FIRST = HEAD.count("\n") + 1
EXERCISE = """\
# ---
# title: Count
# objectives: [Count.]
# exercises: 10
# authors: [Ana]
# license: CC-BY-4.0
# ---

# %% [markdown]
# Count the cases.

"""
CHECKED = '# %%\ncases = 3\n\n# %% tags=["check"]\nassert cases == 3, "Count again."\n'


@dataclass(frozen=True)
class Case:
    """A rule's code, the body of a lesson that breaks it in line `line` of the body, and a body that does not."""

    code: str
    wrong: str
    right: str
    line: int = 1
    language: str = "en"


def in_md(code: str) -> str:
    return f"```python\n{code}\n```"


BODIES = [
    # left-overs, in four languages
    Case("L142", "Lorem ipsum dolor sit amet.", "Tomatoes grow in rows."),
    Case("L142", "One.\n\nYour text here.", "One.\n\nYour text appears here, below the cell.", 3),
    Case("L142", "Replace this text.", "Replace this line by a loop of your own."),
    Case("L142", "Escribe aquí la introducción.", "Escribe aquí tu respuesta.", language="es"),
    Case("L142", "Texto de ejemplo.", "El texto del ejemplo es corto.", language="es"),
    Case("L142", "Escreva aqui.", "Escreva aqui a sua resposta: `x = `", language="pt"),
    Case("L142", "Votre texte ici", "Votre texte apparaît ici.", language="fr"),
    Case("L142", "## Challenge 1: Can you do it?", "## Challenge 1: count the cases"),
    Case("L142", "- Demonstrate how to include pieces of code, figures, and nested challenge blocks", "- Draw figures"),
    Case("L142", '!!! note "Lorem ipsum"\n\n    Text.', '!!! note "Latin"\n\n    Designers write `lorem ipsum`.'),
    Case("L142", "## [TODO: the first step]", "Write `[TODO: what is left]` where something is left."),
    Case("L142", in_md("x = 1\n# [TODO: your own code]"), in_md("todo = [TODO]\n# todo: slow"), 3),
    Case("L142", "[TODO: el primer paso]", "Todo: primero esto.", language="es"),
    Case("L142", "Lorem ipsum", in_md('print("Lorem ipsum")')),
    Case("L143", "TODO: write about lists.", "Write `TODO` in a comment."),
    Case("L143", "A list (FIXME) of things.", in_md("# FIXME: slow\nx = 1")),
    Case("L143", "- [ ] TODO", "- [ ] Done with the first part"),
    Case("L143", "TODO: explicar las listas.", "TODO EL MUNDO puede aprender.", language="es"),
    Case("L143", "TODO: explicar as listas.", "TODO DIA há casos novos.", language="pt"),
    # links
    Case("L150", "See [lists](02-lists.md).", "See [loops](01-loops.md) and [the data](data/cases.csv)."),
    Case("L150", "![Map of Nairobi](map.png)", "![Map of Nairobi](https://example.org/map.png)"),
    Case("L150", "```{figure} map.png\n:alt: Map of Nairobi\n```", "```{figure} data/cases.csv\n:alt: The cases\n```"),
    Case("L150", "See [lists][here].\n\n[here]: lists.md", "See [lists][here].\n\n[here]: https://example.org", 3),
    Case("L150", "See [lists](02-lists.md).", "Write `[lists](02-lists.md)`."),
    Case("L150", "A picture, <img src='x.png' alt='A map'>.", "The formula $E[X](t)$ has brackets."),
    Case("L151", "[Down](#the-end)\n\n## The end of it", "[Down](#the-end)\n\n## The end"),
    Case("L151", "[Down](#end)\n\n## The end", "[Down](#end)\n\n## The end {#end}"),
    Case("L151", "[Down](01-loops.md#end)\n\n## The end", "[Down](01-loops.md#the-end)\n\n## The end"),
    Case("L151", "[Down](#end)", '[Down](#end)\n\n<a id="end"></a>'),
    Case("L151", "[Down](#end)", "[Down](#end)\n\n(end)=\n## Another"),
    Case("L151", "[Down](#termina)\n\n## Cómo termina", "[Down](#como-termina)\n\n## Cómo termina"),
    Case("L151", "[Down](#end)\n\nThe end\n-------", "[Down](#the-end)\n\nThe end\n-------"),
    Case("L152", "See [lists]().", "See [lists](https://example.org/)."),
    Case("L152", "Back to [the top](#).", "Back to [loops](#loops).\n\n## Loops"),
    Case("L153", "The [cases](/home/ana/cases.csv).", "The [cases](data/cases.csv)."),
    Case("L153", "The [cases](file:///C:/cases.csv).", "A path such as `file:///C:/cases.csv`."),
    Case("L153", r"The [cases](<C:\Users\Ana\cases.csv>).", "The [cases](data/cases.csv)."),
    Case("L154", "See [loops](/lessons/01-loops.md).", "See [loops](01-loops.md)."),
    Case("L155", "See [Python](http://python.org).", "See [Python](https://python.org)."),
    Case("L155", "See [Python](http://python.org).", "Open [your server](http://localhost:8888)."),
    Case("L156", "The [cases](../../cases.csv).", "The [cases](../lessons/data/cases.csv)."),
    Case("A604", "Click [here](https://python.org).", "Get [Python](https://python.org) here."),
    Case("A604", "Install it ([**click here**!](https://python.org))", "See [where to click](https://python.org)."),
    Case("A604", "Haz clic [aquí](https://python.org).", "Aquí está [Python](https://python.org).", language="es"),
    Case("A604", "Clique [aqui](https://python.org).", "Aqui está o [Python](https://python.org).", language="pt"),
    Case("A604", "Cliquez [ici](https://python.org).", "Voici [Python](https://python.org).", language="fr"),
    Case("A605", "[](https://python.org)", "[`print`](https://python.org)"),
    Case("A605", "[ ](https://python.org)", "[![Python's logo](https://python.org/x.png)](https://python.org)"),
    # pictures
    Case("A601", "![](https://example.org/map.png)", "![Map of Nairobi](https://example.org/map.png)"),
    Case("A601", "![](https://example.org/m.png)", "![](https://example.org/m.png){alt='Map of Nairobi'}"),
    Case("A601", '<img src="https://example.org/m.png">', '<img src="https://example.org/m.png" alt="A map">'),
    Case("A601", '<img src="https://example.org/m.png">', '<img alt="" src="https://example.org/m.png">'),
    Case("A601", "```{figure} data/m.png\nA map\n```", "```{figure} data/m.png\n:alt: A map of Nairobi\n\nA map\n```"),
    Case("A602", "![map.png](https://example.org/map.png)", "![Map of Nairobi](https://example.org/map.png)"),
    Case("A602", "![rain_map](https://example.org/rain_map.png)", "![Rain map](https://example.org/rain_map.png)"),
    Case("A602", "![Figure 2](https://example.org/x.png)", "![Figure 2: rain by month](https://example.org/x.png)"),
    # headings
    Case("A610", "# Loops again", "## Loops again"),
    Case("A610", "One.\n\n# Loops again", in_md("# Loops again"), 3),
    Case("A611", "### Loops", "## Loops"),
    Case("A611", "## Loops\n\n#### While", "## Loops\n\n### While\n\n## Lists", 3),
    Case("A611", "## Loops\n\n#### While", "## Loops\n\n### While\n\n```md\n###### Code\n```", 3),
    Case("A612", "One.\n\n## \n\nTwo.", "One.\n\n## Two\n\nTwo.", 3),
    Case("A613", "## **Loops**", "## **While** and **for**"),
    Case("A614", "## Loops\n\nOne.\n\n## Loops", "## Loops\n\nOne.\n\n### Loops", 5),
    Case("L166", "See {doc}`02-lists`.", "See [lists](02-lists.md) and {math}`x`, {kbd}`S`."),
    Case("L166", "One.\n\nSee {ref}`lists <a-list>`.", "See `{ref}` and ``{doc}`02-lists` `` and {sub}`2`.", 3),
    Case("L167", "So $\\SI{3}{\\meter}$.", "So $3\\,\\text{m}$, `$\\SI{3}$` and US$5 or $6."),
    Case("L167", "One.\n\n$$\n\\frac{1}{\n$$", "$$\n\\begin{align}\na &= b \\\\\nc &= d\n\\end{align}\n$$", 3),
    # callouts
    Case("L160", '!!! warnin "Hot"\n\n    It burns.', '!!! warning "Hot"\n\n    It burns.'),
    Case("L160", "::: solutoin\nIt is 3.\n:::", "::: solution\nIt is 3.\n:::"),
    Case("L160", ":::{excercise} Count\nIt.\n:::", ":::{exercise} Count\nIt.\n:::"),
    Case("L160", "```{warnin}\nIt burns.\n```", "```{bash}\nls\n```"),
    Case("L161", "One.\n\n::: challenge\nCount.", "One.\n\n::: challenge\nCount.\n:::", 3),
    Case("L161", ":::: challenge\n::: solution\nIt is 3.\n:::", ":::: challenge\n::: solution\nIt is 3.\n:::\n::::"),
    Case("L161", "::: challenge\n\n" + in_md("x = 1") + "\n\n:::", "::: challenge\nA.\n:::\n\n" + in_md("x = 1")),
    Case("L162", '!!! note "Hot"\n\nIt burns.', '!!! note "Hot"\n\n    It burns.'),
    Case("L162", "::: note\n:::", "::: note\nIt burns.\n:::"),
    Case("L163", "One.\n\n:::\n\nTwo.", "::: note\nOne.\n:::\n\nTwo.", 3),
    Case("L164", "One.\n\n```text\nTwo.", "One.\n\n```text\nTwo.\n```", 3),
    Case("L164", "One.\n\n<!-- Two.\n\nThree.", "One.\n\n<!-- Two. -->\n\nThree.", 3),
    Case("L165", "!!! note Hot water\n\n    It burns.", '!!! note "Hot water"\n\n    It burns.'),
    Case("L165", "!!! note “Hot water”\n\n    It burns.", "!!! note inline end\n\n    It burns."),
    # cells
    Case(
        "L170", '```python tags=["raise-exception"]\n1 / 0\n```', '```python tags=["raises-exception"]\n1 / 0\n```', 2
    ),
    Case("L170", '```python tags=["hide-imput"]\nx = 1\n```', '```python tags=["hide_input"]\nx = 1\n```', 2),
    Case("L172", "~~~python\nx = 1\n~~~", "```python\nx = 1\n```"),
    Case("L171", '```python tags=["my-color"]\nx = 1\n```', '```python tags=["parameters"]\nx = 1\n```', 2),
    Case("X320", in_md("x = 1\nprint(x"), in_md("x = 1\nprint(x)"), 3),
    Case("X320", in_md("if x = 1:\n    pass"), '```python tags=["raises-exception"]\nif x = 1:\n    pass\n```', 2),
    Case("X320", in_md("for x in 3"), '```python tags=["skip-execution"]\nfor x in 3\n```', 2),
    Case(
        "X320", in_md("%time x = 1\ny = = 2"), in_md("%time x = 1\n!ls\nfiles = !ls\nx = %pwd\nlen?\npip install x"), 3
    ),
    Case("X320", in_md("%%time\nx = = 1"), in_md("%%bash\nls | wc -l"), 3),
    Case("X320", in_md("if True:\nx"), in_md('total = (7\n    % 3)\nawait f()\nt = "\\d"'), 3),
    Case("X321", in_md('x = open("/home/ana/cases.csv")'), in_md('x = open("data/cases.csv")'), 2),
    Case("X321", in_md("x = 'C:\\\\Users\\\\ana'"), in_md('home = "home/ana"\nx = "a: b"'), 2),
]


@pytest.mark.parametrize("case", BODIES, ids=lambda case: f"{case.code}-{case.wrong.strip()[:24]!r}")
def test_a_body_that_breaks_a_rule_is_found_where_it_does(check: Check, case: Case) -> None:
    files = {"lessons/data/cases.csv": "day,cases\n", "lessons/data/m.png": ""}
    head = HEAD.replace("title:", f"language: {case.language}\ntitle:")
    broken = [one for one in check({**files, "lessons/01-loops.md": f"{head}{case.wrong}\n"}) if one.code == case.code]
    clean = check({**files, "lessons/01-loops.md": f"{head}{case.right}\n"})
    assert [one.location.line for one in broken[:1]] == [FIRST + case.line]
    assert case.code not in [one.code for one in clean]
    assert all(one.hint for one in broken)


LESSON = f"{HEAD}Loops.\n"
CHALLENGE = '!!! challenge "Count (8 minutes)"\n\n    Count.\n\n'
FRONTS = [
    ("L140", LESSON.replace("title: Loops\n", ""), LESSON.replace("title: Loops\n", "").replace("Loops.", "# Loops")),
    ("L140", LESSON.replace("title: Loops", 'title: ""'), LESSON),
    ("L141", LESSON.replace("license: CC-BY-4.0\n", ""), LESSON),
    ("L141", LESSON.replace("[Repeat a step.]", "[]"), LESSON.replace("teaching: 20", "teaching: 0")),
    ("L141", LESSON.replace("questions: [Why repeat a step]\n", ""),
     LESSON.replace("questions: [Why repeat a step]\n", "") + "\n::: questions\n- How?\n:::\n"),
    ("L142", LESSON.replace("Repeat a step.", "Replace this"), LESSON.replace("Repeat a step.", "`for`")),
    ("L142", LESSON.replace("A loop repeats.", '"..."'), LESSON),
    ("L142", LESSON.replace("[Ana]", "[Your name]"), LESSON),
    ("L143", LESSON.replace("A loop repeats.", "FIXME"), LESSON),
    ("L144", LESSON.replace(": 20", ": 10").replace("exercises: 10", "exercises: 2"), LESSON.replace(": 20", ": 10")),
    ("L145", LESSON + CHALLENGE + CHALLENGE, LESSON + CHALLENGE),
    ("L145", LESSON + ("::: challenge\n## Count\n\nCount them (about 6 min).\n:::\n\n" * 2),
     LESSON + ("::: challenge\n## Count\n\nNobody should sit for more than 60 minutes.\n:::\n\n" * 2)),
    ("L145", LESSON + ":::{exercise} Contar (15 minutos)\nCuenta.\n:::\n",
     LESSON + ":::{note} A talk (15 minutes)\nOne.\n:::\n"),
    ("L145", LESSON + "## Exercise 1 (15 min)\n", LESSON + "## Lists (15 min)\n"),
    ("L145", LESSON + ("::: challenge\n## One (6 min)\nA.\n::: solution\nNone (90 minutes).\n:::\n:::\n" * 2),
     LESSON + "::: challenge\n## One (6 min)\nA.\n::: solution\nNone (90 minutes).\n:::\n:::\n"),
    ("L146", LESSON.replace(": 20", ": 0"), LESSON.replace(": 20", ": 600")),
    ("L146", LESSON.replace(": 10\n", ": 1000\n"), LESSON),
    ("L157", LESSON.replace("---\n\n", "data: [data/x.csv]\n---\n\n"),
     LESSON.replace("---\n\n", "data: [data/cases.csv]\n---\n\n")),
    ("L158", LESSON.replace("---\n\n", "data: [/home/ana/x.csv]\n---\n\n"), LESSON),
    ("L158", LESSON.replace("---\n\n", "data: [../../x.csv]\n---\n\n"), LESSON),
    ("L158", LESSON.replace("---\n\n", 'data: ["https://example.org/x.csv"]\n---\n\n'), LESSON),
]  # fmt: skip


@pytest.mark.parametrize(("code", "wrong", "right"), FRONTS)
def test_front_matter_that_breaks_a_rule_is_found(check: Check, code: str, wrong: str, right: str) -> None:
    files = {"lessons/data/cases.csv": "day,cases\n"}
    assert code in [one.code for one in check({**files, "lessons/01-loops.md": wrong})]
    assert code not in [one.code for one in check({**files, "lessons/01-loops.md": right})]


EXERCISES = [
    ("L159", EXERCISE.replace("# title", "# lesson: lessons/1-loops.md\n# title") + CHECKED,
     EXERCISE.replace("# title", "# lesson: lessons/01-loops.md\n# title") + CHECKED),
    ("X310", EXERCISE + "# %%\ncases = 3\n", EXERCISE + CHECKED),
    ("L146", EXERCISE.replace(": 10", ": 0") + CHECKED, EXERCISE + CHECKED),
    ("L141", EXERCISE.replace("# authors: [Ana]\n", "") + CHECKED, EXERCISE + CHECKED),
]  # fmt: skip


@pytest.mark.parametrize(("code", "wrong", "right"), EXERCISES)
def test_an_exercise_that_breaks_a_rule_is_found(check: Check, code: str, wrong: str, right: str) -> None:
    assert code in [one.code for one in check({"lessons/01-loops.md": LESSON, "exercises/count.py": wrong})]
    assert not check({"lessons/01-loops.md": LESSON, "exercises/count.py": right})


def test_every_rule_has_a_fault_that_shows_it() -> None:
    shown = {case.code for case in BODIES} | {code for code, *_ in FRONTS + EXERCISES}
    outputs = {"A603"}
    assert shown | outputs == {rule.code for rule in RULES}


def test_a_page_needs_a_title_alone(check: Check) -> None:
    assert not check({"lessons/pages/setup.md": "---\ntitle: Setup\n---\n\nInstall nothing.\n"})
    assert [one.code for one in check({"lessons/pages/setup.md": "Install nothing.\n"})] == ["L140"]


@pytest.mark.parametrize(
    ("path", "text", "hint"),
    [
        ("lessons/a.ipynb", '{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 4}', "of the kind Raw"),
        ("lessons/a.py", "# %%\n1\n", "each line as a comment"),
        ("lessons/a.md", "Text.\n", "between the two `---` lines at the top of the file"),
    ],
)
def test_hints_say_where_the_front_matter_of_such_a_file_stands(check: Check, path: str, text: str, hint: str) -> None:
    assert {one.code: one.hint.endswith(hint) for one in check({path: text})} == {"L140": True, "L141": True}
    body = "# %% [markdown]\n# # Title\n" if path.endswith(".py") else text
    assert all(hint in one.hint for one in check({path: body}))


def test_links_between_sources_may_name_the_page_or_an_overview(check: Check) -> None:
    page = (
        "---\ntitle: Start\n---\n\n[Loops](../01-loops.html), [words](glossary.md), [the top](../01-loops.md#loops)\n"
    )
    said = check({"lessons/pages/index.md": page, "lessons/01-loops.py": "# %% [markdown]\n# # Loops\n#\n# ## Loops\n"})
    assert not [one for one in said if one.location.path.endswith("index.md")]


def test_hints_name_what_was_probably_meant(check: Check) -> None:
    body = "[A](02-list.md) [B](lessons/data/cases.csv)\n\n[C](02-lists.md#slicin)\n\n!!! warnin\n\n    Hot.\n"
    files = {"lessons/data/cases.csv": "", "lessons/02-lists.md": f"{HEAD}## Slicing\n"}
    hints = [one.hint for one in check({**files, "lessons/01-loops.md": HEAD + body})]
    assert hints == [
        "did you mean `02-lists.md`?",
        "paths begin at the folder of this file: write `data/cases.csv`",
        "did you mean `#slicing`?",
        "did you mean `warning`?",
    ]


def test_one_finding_names_all_missing_keys(check: Check) -> None:
    (one,) = check({"lessons/01-loops.md": "---\ntitle: Loops\nobjectives: []\n---\n\nLoops.\n"})
    keys = "`objectives`, `questions`, `keypoints`, `teaching`, `exercises`, `authors` and `license`"
    assert (one.code, one.severity, one.location.line) == ("L141", "warning", 3)
    assert keys in one.message


def test_minutes_are_told_with_both_numbers(check: Check) -> None:
    (one,) = check({"lessons/01-loops.md": LESSON + CHALLENGE * 2})
    assert "16 minutes" in one.message
    assert "`exercises` says 10" in one.message
    assert one.location.line == 7
