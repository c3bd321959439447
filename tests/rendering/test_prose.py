"""Prose on one line keeps the spaces that must not break."""

from __future__ import annotations

import pytest

from catalyst_lessons.core.prose import one_line
from catalyst_lessons.core.rendering import html


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  one\n  two\t three ", "one two three"),
        ("Lire l'ADN\u00a0: FASTA", "Lire l'ADN\u00a0: FASTA"),
        ("a\u2028b\x85c", "a b c"),
        ("«\u202foui\u202f»", "«\u202foui\u202f»"),
        ("", ""),
    ],
)
def test_one_line(text: str, expected: str) -> None:
    assert one_line(text) == expected


def test_a_title_keeps_them() -> None:
    assert html.plain("Lire **l'ADN**\u00a0: FASTA") == "Lire l'ADN\u00a0: FASTA"
