"""Options that several commands have, said once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click


def format_option(*forms: str, what: str = "The result") -> Callable[[Any], Any]:
    """`--format` with these forms, the first of them the default; `what` comes in that form."""
    return click.option(
        "--format",
        "form",
        type=click.Choice(forms),
        default=forms[0],
        show_default=True,
        help=f"{what} in this form.",
    )
