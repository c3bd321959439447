"""The table of rules: every code used is listed once, means one rule, and belongs to nobody else."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import catalyst_lessons
from catalyst_lessons.core import checks
from catalyst_lessons.core.checks import RULES

PACKAGE = Path(catalyst_lessons.__file__).parent
CODE = re.compile(r'"([LTXHCA][1-6]\d\d)"')


def codes_in(path: Path) -> list[str]:
    return CODE.findall(path.read_text(encoding="utf-8"))


def test_every_code_in_the_rules_is_listed_and_stands_for_one_rule() -> None:
    used = Counter(code for path in Path(checks.__file__).parent.glob("*.py") for code in codes_in(path))
    assert set(used) == {rule.code for rule in RULES}
    assert not [code for code, count in used.items() if count > 1]
    assert len({rule.title for rule in RULES}) == len(RULES)


def test_no_other_module_uses_a_code_of_the_rules() -> None:
    ours = {rule.code for rule in RULES}
    folder = Path(checks.__file__).parent
    others = {
        f"{path.relative_to(PACKAGE)}: {code}"
        for path in PACKAGE.rglob("*.py")
        if folder not in path.parents
        for code in codes_in(path)
        if code in ours
    }
    assert not others


def test_the_family_of_a_code_says_what_it_is_about() -> None:
    assert {rule.code[:2] for rule in RULES} <= {"L1", "X3", "A6"}
    assert [rule.code for rule in RULES] == sorted(rule.code for rule in RULES)


def test_every_rule_is_explained_in_one_line() -> None:
    for rule in RULES:
        assert re.fullmatch(r"[A-Z][^\n]+\.", rule.explanation), rule
        assert re.fullmatch(r"[A-Z][^\n]+[^.]", rule.title), rule
