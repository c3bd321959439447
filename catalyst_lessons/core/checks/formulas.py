"""Rules for formulas: each is one that the site can show."""

from __future__ import annotations

from collections.abc import Iterator

from catalyst_lessons.core.checks.rule import Rule
from catalyst_lessons.core.checks.view import View
from catalyst_lessons.core.prose import one_line
from catalyst_lessons.core.rendering.maths import formulas_in, is_readable
from catalyst_lessons.core.report import Finding

NOT_READABLE = Rule(
    "L167",
    "A formula cannot be read",
    "warning",
    "The page shows its TeX instead; JupyterLab, which knows more commands, may show it as it is meant.",
)
RULES = (NOT_READABLE,)

_SHOWN = 40


def formulas_are_readable(view: View) -> Iterator[Finding]:
    """Formulas whose TeX cannot become MathML."""
    for cell, node in view.nodes:
        for number, tex in formulas_in(node):
            if not is_readable(tex):
                shown = one_line(tex)
                shown = f"{shown[:_SHOWN]}…" if len(shown) > _SHOWN else shown
                message = f"the formula `{shown}` cannot be read, so the page shows its TeX"
                hint = "look for a brace or an \\end{…} that is missing, or a command of a package such as siunitx"
                yield NOT_READABLE.at(view.at(cell.line_of(number)), message, hint=hint)


CHECKS = (formulas_are_readable,)
