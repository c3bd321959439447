"""Formulas as MathML, and dollars that are none."""

from __future__ import annotations

import pytest

from catalyst_lessons.core.rendering.maths import with_mathml
from tests.rendering.readers import to_html, to_soup, unbalanced


@pytest.mark.parametrize(
    "text",
    [
        "It costs $5 and $6.",
        "Between $5/$6 and US$7.",
        "Run `$x$` or ``a $x$ `b` ``.",
        "```sh\necho $HOME and $PATH$\n```",
        "    echo $x$",
        "Escaped \\$x\\$ stays.",
        "A lone $ sign, and another $ there.",
        "No dollars.",
    ],
)
def test_dollars_that_are_no_formula_stay(text):
    assert with_mathml(text) == text


@pytest.mark.parametrize(
    "text", ["a $x_1^2$ b", "**$x$**", "| $x$ | y |\n|---|---|\n| 1 | 2 |", "- $x$.", "($x$)", "$x$, $y$"]
)
def test_inline_formula_is_mathml(text):
    page = to_soup(with_mathml(text))
    assert page.math["display"] == "inline" and page.math["xmlns"]
    assert "$" not in page.get_text()


@pytest.mark.parametrize(
    "text",
    [
        "$$\n\\frac{a}{b}\n$$",
        "$$\\frac{a}{b}$$",
        "\\[\n\\frac{a}{b}\n\\]",
        "\\begin{equation}\n\\frac{a}{b}\n\\end{equation}",
        "\\begin{align}\n\\frac{a}{b} &= c \\\\\n d &= e\n\\end{align}",
    ],
)
def test_formula_on_its_own_lines_is_a_block(text):
    page = to_soup(f"Before.\n\n{with_mathml(text)}\n\nAfter.")
    assert page.select_one("div.math math")["display"] == "block"
    assert page.find("mfrac")
    assert not any(mark in page.get_text() for mark in ("$", "\\", "&"))


@pytest.mark.parametrize(
    "tex",
    ["\\nosuchcommand{x}", "\\frac{", "\\text{<script>x</script>}", "\\text{a<b}", "\\href{javascript:x}{y}", "a & b"],
)
def test_tex_that_cannot_be_trusted_stays_as_it_was_written(tex):
    page = to_soup(with_mathml(f"See ${tex}$."))
    assert page.select_one(".math code").get_text() == tex
    assert not page.find(["script", "math"]) and not page.find(href=True)


def test_comparison_is_escaped():
    text = with_mathml("$a < b$")
    assert to_soup(text).math.get_text() == "a<b"
    assert unbalanced(to_html(text)) == []


def test_formula_in_a_callout_stays_in_it():
    page = to_soup(with_mathml('!!! note "N"\n    Text $x$.\n\n    $$\n    y\n    $$\n'))
    assert len(page.select(".note math")) == 2


def test_line_ends_of_windows_stay():
    assert with_mathml("a $x$\r\nb\r\n").count("\r\n") == 2


def test_names_with_an_underscore_in_a_formula_have_no_backslash():
    made = to_soup(with_mathml(r"$\text{transistor\_count} = 5\,\text{\%}$"))
    assert "transistor_count" in made.text
    assert "\\" not in made.text


def test_two_dollars_among_words_are_a_formula_too():
    made = with_mathml("So $$ x = 1 $$ holds, and $$y$$; `$$z$$` and $$ alone stay.")
    assert made.count("<math") == 2
    assert made.endswith("; `$$z$$` and $$ alone stay.")
