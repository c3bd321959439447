"""A report as one HTML page: no script, nothing from the network, light and dark, failing lines in their place."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from html import escape

from catalyst_lessons.core.model import Location
from catalyst_lessons.core.report.formats import summary, visible
from catalyst_lessons.core.report.values import Finding, Report, Run, in_order

CONTEXT = 4
"""Source lines shown before and after a failing one."""
SLOWEST = 10

STYLE = """
:root { color-scheme: light dark; --line: #8884; --bad: #b3261e; --warn: #8a5300; --good: #1b6e3c; --shade: #8881; }
@media (prefers-color-scheme: dark) { :root { --bad: #ff8a80; --warn: #ffc46b; --good: #7fdba0; } }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 64rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; width: 100%; }
caption { text-align: start; font-weight: 600; padding: .5rem 0; }
th, td { text-align: start; padding: .25rem .75rem .25rem 0; border-bottom: 1px solid var(--line); }
th, td { vertical-align: top; overflow-wrap: anywhere; }
td.n, th.n { text-align: end; font-variant-numeric: tabular-nums; overflow-wrap: normal; }
pre { font: .875rem/1.5 ui-monospace, monospace; background: var(--shade); padding: .75rem; overflow-x: auto; }
pre b, .error, .failed, .errored { color: var(--bad); }
.warning { color: var(--warn); }
.passed { color: var(--good); }
.hint { opacity: .8; }
article { border-top: 1px solid var(--line); margin-top: 1.5rem; }
"""


def render_html(report: Report, *, title: str = "Lessons", text_of: Callable[[str], str] = lambda _: "") -> str:
    """The report as an HTML document: summary, failures with their source lines, findings by file, slowest notebooks.

    `text_of` gives the text of a source by its path, "" where there is none.
    """
    sections = (_failures(report.runs, text_of), _findings(report.findings), _slowest(report.runs), _runs(report.runs))
    sign = "✅" if report.ok else "❌"
    head = (
        '<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        # Whatever a notebook managed to get in here: it may load and run nothing.
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">",
        f"<title>{sign} {_text(title)}</title>",
        f"<style>{STYLE}</style>",
    )
    body = (
        f"<h1>{sign} {_text(title)}</h1>",
        f"<p>{_text(summary(report))}.</p>",
        *(part for part in sections if part),
    )
    lines = ("<!DOCTYPE html>", '<html lang="en">', *head, "<body>", *body, "</body>", "</html>")
    return "\n".join(lines) + "\n"


def _failures(runs: Iterable[Run], text_of: Callable[[str], str]) -> str:
    articles = [_failure(run, text_of) for run in runs if not run.good]
    return "\n".join(("<h2>Notebooks that do not pass</h2>", *articles)) if articles else ""


def _failure(run: Run, text_of: Callable[[str], str]) -> str:
    place = run.location or Location(run.path)
    cell = f", code cell {run.cell}" if run.cell else ""
    why = ": ".join(part for part in (run.error, run.message.strip()) if part)
    parts = [
        f"<h3>{_text(str(place))}</h3>",
        f'<p><strong class="{run.outcome}">{run.outcome}</strong> ({_text(run.form)}{cell})</p>',
        f"<pre>{_text(why)}</pre>" if why else "",
        _source(text_of(place.path), place.line) if place.line else "",
        f"<p>Last line of the traceback:</p>\n<pre>{_text(run.excerpt.strip())}</pre>" if run.excerpt.strip() else "",
    ]
    return "\n".join(("<article>", *(part for part in parts if part), "</article>"))


def _source(text: str, line: int) -> str:
    """The lines around a line, that one marked."""
    lines = text.split("\n")
    if not 0 < line <= len(lines):
        return ""
    first, last = max(1, line - CONTEXT), min(len(lines), line + CONTEXT)
    width = len(str(last))
    shown = (f"{number:>{width}}  {_text(lines[number - 1])}" for number in range(first, last + 1))
    marked = (f"<b>{row}</b>" if number == line else row for number, row in enumerate(shown, start=first))
    return "<pre>" + "\n".join(marked) + "</pre>"


def _findings(findings: Iterable[Finding]) -> str:
    by_file: dict[str, list[Finding]] = {}
    for finding in in_order(findings):
        by_file.setdefault(finding.location.path, []).append(finding)
    blocks = [_file(path, found) for path, found in by_file.items()]
    return "\n".join(("<h2>Findings</h2>", *blocks)) if blocks else ""


def _file(path: str, findings: Iterable[Finding]) -> str:
    rows = (
        (
            f'<td class="n">{finding.location.line or ""}</td>',
            f'<td class="{finding.severity}">{finding.severity}</td>',
            f"<td>{_text(finding.code)}</td>",
            f"<td>{_text(finding.message)}{_hint(finding)}</td>",
        )
        for finding in findings
    )
    return _table(_text(path), ('<th class="n">line</th>', "<th>severity</th>", "<th>code</th>", "<th></th>"), rows)


def _hint(finding: Finding) -> str:
    return f'<br><span class="hint">{_text(finding.hint)}</span>' if finding.hint else ""


def _slowest(runs: Iterable[Run]) -> str:
    timed = sorted((run for run in runs if run.seconds), key=lambda run: (-run.seconds, run.path, run.form))
    if len(timed) < 2:
        return ""
    return _table("Slowest notebooks", _RUN_HEAD, map(_row, timed[:SLOWEST]))


def _runs(runs: Iterable[Run]) -> str:
    rows = [_row(run) for run in runs]
    return _table("All notebooks", _RUN_HEAD, rows) if rows else ""


_RUN_HEAD = ("<th>notebook</th>", "<th>form</th>", "<th>outcome</th>", '<th class="n">seconds</th>')


def _row(run: Run) -> tuple[str, ...]:
    cached = " (from the run cache)" if run.cached else ""
    return (
        f"<td>{_text(run.path)}</td>",
        f"<td>{_text(run.form)}</td>",
        f'<td class="{run.outcome}">{run.outcome}{cached}</td>',
        f'<td class="n">{run.seconds:.1f}</td>',
    )


def _table(caption: str, head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    lines = (f"<tr>{''.join(cells)}</tr>" for cells in rows)
    top = f"<thead><tr>{''.join(head)}</tr></thead>"
    return "\n".join(("<table>", f"<caption>{caption}</caption>", top, "<tbody>", *lines, "</tbody>", "</table>"))


def _text(text: str) -> str:
    return escape(visible(text))
