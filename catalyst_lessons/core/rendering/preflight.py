"""The notebook by which a participant sees before a workshop whether their hub is ready."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from catalyst_lessons.core.launching.publishing import Needs
from catalyst_lessons.core.model import Json, Language
from catalyst_lessons.core.rendering.words import Words

# The learner reads what it does, not how it is checked.
_COMMENT = re.compile(r"  # (?:type: ignore|noqa)[^\n]*")


def preflight_code(source: str) -> str:
    """The code of the first cell, from the text of `theme/preflight.py`."""
    _, future, body = source.partition("from __future__ import annotations\n")
    return _COMMENT.sub("", future + body).strip()


def wanted(needs: Needs) -> dict[str, tuple[str, str]]:
    """Module and oldest version by package, also for what is imported and not installed here."""
    known = {name: (needs.modules[name], version) for name, version in needs.versions.items()}
    return known | {module: (module, "") for module in needs.unknown}


def gigabytes(mebibytes: int) -> float:
    """Memory as the preflight notebook compares it."""
    return round(mebibytes / 1024, 1)


def render_preflight(
    source: str, needs: Needs, *, memory: int, language: Language, words: Words, curriculum: str
) -> str:
    """The notebook as nbformat 4.5 JSON; `memory` is what a notebook may use, in MiB."""
    messages = {
        "good": words("All is well. Copy the next line and send it to your trainer:"),
        "bad": words("Something is not as the lessons need it. Copy the next line and send it to your trainer:"),
        "missing": words("{name} is not installed."),
        "old": words("{name} is version {found}; the lessons need {needed} or newer."),
        "memory": words("There are {found} GB of memory; the lessons need {needed} GB."),
    }
    call = f"print(preflight(\n    {_literal(wanted(needs))},\n    {gigabytes(memory)},\n    {_literal(messages)},\n))"
    steps = words("Click the cell below and press Shift and Enter. It looks at this computer and changes nothing.")
    cells = [
        _cell("markdown", "preflight-title", f"# {words('Is everything ready?')}\n\n{curriculum}\n\n{steps}"),
        # One cell, so that one key press is all.
        _cell("code", "preflight", f"{preflight_code(source)}\n\n\n{call}"),
    ]
    document = {
        "cells": cells,
        "metadata": {
            "catalyst": {"curriculum": curriculum, "form": "preflight", "language": language.tag},
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
            "title": words("Is everything ready?"),
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _literal(values: Mapping[str, object]) -> str:
    rows = "".join(f"        {key!r}: {value!r},\n" for key, value in values.items())
    return f"{{\n{rows}    }}" if rows else "{}"


def _cell(kind: str, name: str, source: str) -> dict[str, Json]:
    cell: dict[str, Json] = {"cell_type": kind, "id": name, "metadata": {}}
    cell["source"] = source.splitlines(keepends=True)
    if kind == "code":
        cell |= {"execution_count": None, "metadata": {"jupyter": {"source_hidden": True}}, "outputs": []}
    return cell
