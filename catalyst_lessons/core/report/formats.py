"""A report as text, GitHub annotations, JSON, Markdown or JUnit XML, and its closing line."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping

from catalyst_lessons.core.model import Json, Location
from catalyst_lessons.core.report.values import Finding, Outcome, Report, Run, in_order

# Colors and cursor movements of a terminal (ECMA-48 control sequences): what notebooks print in tracebacks.
_TERMINAL = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)")
# Control characters, marks that change the direction of what follows, odd line ends, and what UTF-8 or XML cannot hold.
_UNSAFE = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
_LEVELS: Mapping[str, str] = {"error": "error", "warning": "warning", "info": "notice"}
SLOWEST = 5
"""Cells that a summary names."""
_CODE_SPAN = re.compile(r"(?<!`)(`{1,32})(?!`).+?(?<!`)\1(?!`)")


def render(report: Report, form: str) -> str:
    """The report in one of FORMATS; it ends with a line end, and holds no control character but line ends and tabs.

    Raises:
        KeyError: there is no such format.
    """
    return _RENDERERS[form](report)


def summary(report: Report) -> str:
    """The closing line: how many findings, how many notebooks ran, and what came of them."""
    return f"{_findings_in_words(report.findings)}; {_runs_in_words(report.runs)}"


def visible(text: str) -> str:
    r"""The text without terminal colors, and with what could hide or move other text written out (`\x1b`, `\u202e`)."""
    text = _TERMINAL.sub("", text.replace("\r\n", "\n"))
    return _UNSAFE.sub(lambda found: found[0].encode("unicode_escape", "surrogatepass").decode("ascii"), text)


# Text ----------------------------------------------------------------------------------------------------------------


def _text(report: Report) -> str:
    groups = []
    for path in _paths(report):
        entries = [(finding.location.line, finding_text(finding)) for finding in _of(report.findings, path)]
        entries += [(place_of(run).line, _run_text(run)) for run in report.runs if run.path == path and not run.good]
        groups.append("\n".join(text for _, text in sorted(entries, key=lambda entry: entry[0])))
    return "\n\n".join([*groups, summary(report)]) + "\n"


def finding_text(finding: Finding) -> str:
    """A finding with its place and hint, on lines of text."""
    mark = "" if finding.severity == "error" else f"{finding.severity}: "
    lines = [f"{visible(str(finding.location))}: {finding.code} {mark}{_indented(finding.message)}"]
    if finding.hint:
        lines.append(f"    hint: {_indented(finding.hint)}")
    return "\n".join(lines)


def _run_text(run: Run) -> str:
    lines = [f"{visible(str(place_of(run)))}: {_indented(verdict(run))}"]
    if run.cell:
        lines.append(f"    in code cell {run.cell}")
    lines += [f"    | {line}" for line in visible(run.excerpt).strip("\n").split("\n") if run.excerpt.strip()]
    return "\n".join(lines)


def _indented(text: str) -> str:
    """The text with its further lines set below its first one."""
    return visible(text).strip().replace("\n", "\n        ")


# GitHub --------------------------------------------------------------------------------------------------------------


def _github(report: Report) -> str:
    """Workflow commands, which GitHub shows beside the lines they name."""
    commands = [_finding_command(finding) for finding in in_order(report.findings)]
    commands += [_run_command(run) for run in _bad(report.runs)]
    return "".join(f"{line}\n" for line in (*commands, summary(report)))


def _finding_command(finding: Finding) -> str:
    message = finding.message + (f"\nhint: {finding.hint}" if finding.hint else "")
    return _command(_LEVELS[finding.severity], finding.location, title=finding.code, message=message)


def _run_command(run: Run) -> str:
    parts = (verdict(run), f"in code cell {run.cell}" if run.cell else "", run.excerpt)
    message = "\n".join(part for part in parts if part.strip())
    return _command("error", place_of(run), title=f"{run.path} {run.outcome}", message=message)


def _command(level: str, place: Location, *, title: str, message: str) -> str:
    fields = {"file": place.path, "line": str(place.line) if place.line else "", "title": title}
    written = ",".join(f"{key}={_command_field(value)}" for key, value in fields.items() if value)
    return f"::{level} {written}::{_command_message(message)}"


def _command_message(text: str) -> str:
    # Escapes as in escapeData of actions/toolkit (packages/core/src/command.ts).
    return visible(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _command_field(text: str) -> str:
    # Escapes as in escapeProperty, same file.
    return _command_message(text).replace(":", "%3A").replace(",", "%2C")


# JSON ----------------------------------------------------------------------------------------------------------------


def _json(report: Report) -> str:
    told = {
        "ok": report.ok,
        "runs": [_run_object(run) for run in report.runs],
        "findings": [_finding_object(finding) for finding in report.findings],
    }
    # Escaped as ASCII, so that no text of a lesson can disturb a terminal, and lone surrogates are no trouble.
    return json.dumps(told, indent=2).replace("\x7f", "\\u007f") + "\n"


def _run_object(run: Run) -> dict[str, Json]:
    place = run.location
    return {
        "path": run.path,
        "language": run.language,
        "form": run.form,
        "outcome": run.outcome,
        "seconds": round(run.seconds, 3),
        "cached": run.cached,
        "memory": run.memory,
        "cells": _cells_object(run),
        "location": {"path": place.path, "line": place.line} if place else None,
        "error": run.error,
        "message": run.message,
    }


def _cells_object(run: Run) -> dict[str, Json]:
    """Seconds by source line; cells of a notebook that stands on one line of JSON are told together."""
    seconds: dict[str, float] = {}
    for cell in run.cells:
        seconds[str(cell.line)] = round(seconds.get(str(cell.line), 0.0) + cell.seconds, 3)
    return dict(seconds)


def _finding_object(finding: Finding) -> dict[str, Json]:
    return {
        "code": finding.code,
        "severity": finding.severity,
        "path": finding.location.path,
        "line": finding.location.line,
        "message": finding.message,
        "hint": finding.hint,
    }


# Markdown ------------------------------------------------------------------------------------------------------------


def _markdown(report: Report) -> str:
    """A table of the runs and a list of the findings, for a job summary or a comment."""
    sign = "✅" if report.ok else "❌"
    parts = [f"## {sign} Lessons", f"{summary(report)}."]
    if report.runs:
        parts.append(_runs_table(report.runs))
    parts += [_run_details(run) for run in _bad(report.runs)]
    parts += _slowest_cells(report)
    for path in _paths(report):
        found = "\n".join(_finding_item(finding) for finding in _of(report.findings, path))
        parts += [f"### {_as_code(path)}", found] if found else []
    return "\n\n".join(parts) + "\n"


def _runs_table(runs: Iterable[Run]) -> str:
    rows = [("notebook", "form", "language", "outcome", "seconds"), ("---", "---", "---", "---", "---:")]
    for run in runs:
        outcome = f"**{run.outcome}**" if not run.good else run.outcome
        rows.append((_as_code(run.path), run.form, visible(run.language), outcome, _seconds(run)))
    return "\n".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |" for row in rows)


def _slowest_cells(report: Report) -> Iterator[str]:
    """A list that opens when somebody wants it."""
    rows = [
        f"- {_as_code(f'{run.path}:{cell.line}')} {cell.seconds:.1f} s{' (from the run cache)' if run.cached else ''}"
        + (f": {_as_code(cell.code)}" if cell.code.strip() else "")
        for run, cell in report.slowest_cells(SLOWEST)
    ]
    if rows:
        yield "\n\n".join(("<details><summary>Slowest cells</summary>", "\n".join(rows), "</details>"))


def _run_details(run: Run) -> str:
    heading = f"### {_as_code(str(place_of(run)))}"
    cell = f"In code cell {run.cell}:" if run.cell else ""
    shown = visible("\n".join(part.strip("\n") for part in (verdict(run), run.excerpt) if part.strip()))
    marks = "`" * (max((len(found) for found in re.findall(r"`{3,}", shown)), default=2) + 1)
    return "\n\n".join(part for part in (heading, cell, f"{marks}text\n{shown}\n{marks}") if part)


def _finding_item(finding: Finding) -> str:
    line = f"line {finding.location.line}: " if finding.location.line else ""
    hint = f" *{_as_prose(finding.hint)}*" if finding.hint else ""
    return f"- **{finding.severity}** {finding.code}, {line}{_as_prose(finding.message)}.{hint}"


def _as_code(text: str) -> str:
    text = " ".join(visible(text).split())
    marks = "`" * (max((len(found) for found in re.findall(r"`+", text)), default=0) + 1)
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{marks}{pad}{text}{pad}{marks}"


def _as_prose(text: str) -> str:
    """A message on one line: its code spans stay, and nothing else in it is taken for Markdown or HTML."""
    text = " ".join(visible(text).split())
    pieces, at = [], 0
    for found in _CODE_SPAN.finditer(text):
        pieces += [_escaped(text[at : found.start()]), found[0]]
        at = found.end()
    return "".join((*pieces, _escaped(text[at:])))


def _escaped(text: str) -> str:
    return re.sub(r"([\\`*_\[\]<>|~#@])", r"\\\1", text)


# JUnit ---------------------------------------------------------------------------------------------------------------


def _junit(report: Report) -> str:
    # What writes XML takes a while to load, and few want it.
    from catalyst_lessons.core.report.junit import render_junit

    return render_junit(report)


_RENDERERS: Mapping[str, Callable[[Report], str]] = {
    "text": _text,
    "github": _github,
    "json": _json,
    "markdown": _markdown,
    "junit": _junit,
}
FORMATS = tuple(_RENDERERS)


# What they share -----------------------------------------------------------------------------------------------------


def _paths(report: Report) -> tuple[str, ...]:
    """The files that something is said about, by name."""
    told = {finding.location.path for finding in report.findings} | {run.path for run in _bad(report.runs)}
    return tuple(sorted(told))


def _of(findings: Iterable[Finding], path: str) -> tuple[Finding, ...]:
    return in_order(finding for finding in findings if finding.location.path == path)


def _bad(runs: Iterable[Run]) -> Iterator[Run]:
    return (run for run in runs if not run.good)


def place_of(run: Run) -> Location:
    """The line where a run failed, else the source."""
    return run.location or Location(run.path)


def verdict(run: Run) -> str:
    """The outcome and why: `failed (solution) NameError: name 'x' is not defined`."""
    form = f"({run.form})" if run.form != "lesson" else ""
    why = ": ".join(part for part in (run.error, run.message.strip()) if part)
    return " ".join(part for part in (run.outcome, form, why) if part)


def _seconds(run: Run) -> str:
    return "cached" if run.cached else f"{run.seconds:.1f}"


def _findings_in_words(findings: Iterable[Finding]) -> str:
    counts = Counter(finding.severity for finding in findings)
    words = ((counts["error"], "error"), (counts["warning"], "warning"), (counts["info"], "remark"))
    return ", ".join(_count(number, word) for number, word in words if number) or "no findings"


def _runs_in_words(runs: tuple[Run, ...]) -> str:
    if not runs:
        return "no notebook was run"
    order: tuple[Outcome, ...] = ("passed", "failed", "errored", "skipped")
    counts = Counter(run.outcome for run in runs)
    told = ", ".join(f"{counts[outcome]} {outcome}" for outcome in order if counts[outcome])
    cached = sum(run.cached for run in runs)
    return f"{_count(len(runs), 'notebook')}: {told}" + (f" ({cached} from the run cache)" if cached else "")


def _count(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"
