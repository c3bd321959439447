"""A report as one HTML page: no script, nothing from the network, light and dark, failing lines in their place."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from catalyst_lessons.core.model import Location
from catalyst_lessons.core.report.formats import summary, visible
from catalyst_lessons.core.report.values import SHORTEST, CellTime, Finding, Report, Run, Scene, in_order

SLOWEST = 10
"""Notebooks that are shown as the slowest, where there are more than these."""
SLOWEST_CELLS = 20

STYLE = """
:root { color-scheme: light dark; --line: #8886; --shade: #8881; --quiet: #595f69; --bar: #4a7fd455; }
:root { --bad: #b3261e; --badly: #b3261e1c; --warn: #8a5300; --good: #1b6e3c; }
@media (prefers-color-scheme: dark) {
  :root { --bad: #ff8a80; --badly: #ff8a8026; --warn: #ffc46b; --good: #7fdba0; --quiet: #a8afba; --bar: #6ea0f055; }
}
* { box-sizing: border-box; }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 64rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 .5rem; }
h2 { font-size: 1.25rem; margin: 2.5rem 0 .5rem; }
h3 { font-size: 1rem; margin: 0; }
h1, h3, p { overflow-wrap: anywhere; }
dl { display: flex; flex-wrap: wrap; gap: .75rem; margin: 1.25rem 0; padding: 0; }
dl div { background: var(--shade); border-radius: .5rem; flex: 1 1 9rem; padding: .5rem .75rem; min-width: 0; }
dt, .quiet { color: var(--quiet); font-size: .875rem; }
dd { margin: 0; font-size: 1.25rem; font-weight: 600; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
dd small { display: block; font-size: .8125rem; font-weight: 400; }
code, pre { font: .875rem/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
code { overflow-wrap: anywhere; }
pre { background: var(--shade); border-radius: .375rem; margin: .5rem 0; padding: .75rem; overflow-x: auto; }
pre.text { white-space: pre-wrap; overflow-wrap: anywhere; }
pre.why { background: none; font-weight: 600; margin: .25rem 0; padding: 0; }
pre.code { padding-inline: 0; }
pre.code span, pre.code b { display: inline-block; min-width: 100%; padding-inline: .75rem; }
pre.code b { background: var(--badly); box-shadow: inset .25rem 0 var(--bad); }
pre i { color: var(--quiet); font-style: normal; user-select: none; }
.error, .failed, .errored { color: var(--bad); }
.warning { color: var(--warn); }
.passed { color: var(--good); }
article { border: 1px solid var(--line); border-inline-start: .25rem solid var(--bad); border-radius: .375rem; }
article { margin: 1rem 0; padding: .75rem 1rem; }
article p { margin: .25rem 0 0; }
summary { cursor: pointer; margin-top: .5rem; }
table { border-collapse: collapse; width: 100%; margin-top: 1rem; }
caption { text-align: start; font-weight: 600; padding: .25rem 0; overflow-wrap: anywhere; }
th { color: var(--quiet); font-size: .875rem; font-weight: 400; }
th, td { text-align: start; padding: .375rem .75rem .375rem 0; border-bottom: 1px solid var(--line); }
th, td { vertical-align: top; overflow-wrap: anywhere; }
th:last-child, td:last-child { padding-inline-end: 0; }
td.n, th.n { text-align: end; font-variant-numeric: tabular-nums; overflow-wrap: normal; white-space: nowrap; }
td.word, th.word { overflow-wrap: normal; white-space: nowrap; width: 1%; }
td.bar { min-width: 8rem; }
td code { display: block; }
td .quiet { display: block; }
td.bar { background: linear-gradient(to left, var(--bar) var(--part), transparent 0) no-repeat bottom / 100% .25rem; }
@media (max-width: 40rem) {
  body { padding-inline: .75rem; }
  article { padding-inline: .75rem; }
  th, td { padding-inline-end: .5rem; }
  td.word { white-space: normal; }
  td.bar { min-width: 4rem; }
}
@media print {
  :root { color-scheme: light; --bad: #b3261e; --warn: #8a5300; --good: #1b6e3c; --quiet: #595f69; }
  body { max-width: none; padding: 0; font-size: 10pt; }
  pre { white-space: pre-wrap; overflow-wrap: anywhere; border: 1px solid var(--line); }
  pre.why { border: 0; }
  h2, h3, caption, thead { break-after: avoid; }
  tr, dl, pre { break-inside: avoid; }
  details::details-content { content-visibility: visible; display: block; }
}
"""


def render_html(report: Report, *, title: str = "Lessons") -> str:
    """The report as an HTML document: summary, failures with their code, findings by file, slowest cells, notebooks."""
    sections = (
        _failures(report.runs),
        _findings(report.findings),
        _slowest_cells(report),
        _slowest(report.runs),
        _runs(report.runs),
    )
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
        _numbers(report.runs),
        *(part for part in sections if part),
    )
    lines = ("<!DOCTYPE html>", '<html lang="en">', *head, "<body>", "<main>", *body, "</main>", "</body>", "</html>")
    return "\n".join(line for line in lines if line) + "\n"


def _numbers(runs: tuple[Run, ...]) -> str:
    """The totals, as far as they are known: time of the runs that were made, and the most memory of one."""
    made = [run for run in runs if run.seconds and not run.cached]
    told = []
    if made:
        count = "1 run" if len(made) == 1 else f"{len(made)} runs"
        told.append(("Time of the runs, added up", f"{sum(run.seconds for run in made):.1f} s", f"{count} made now"))
        longest = max(made, key=lambda run: run.seconds)
        told.append(("Longest run", f"{longest.seconds:.1f} s", longest.path))
    known = [run for run in runs if run.memory is not None]
    if known:
        largest = max(known, key=lambda run: run.memory or 0)
        told.append(("Most memory of a run", f"{largest.memory} MiB", largest.path))
    tiles = (f"<div><dt>{name}</dt><dd>{value}<small>{_text(more)}</small></dd></div>" for name, value, more in told)
    return "\n".join(("<dl>", *tiles, "</dl>")) if told else ""


# Failures ------------------------------------------------------------------------------------------------------------


def _failures(runs: Iterable[Run]) -> str:
    articles = [_failure(run) for run in runs if not run.good]
    return "\n".join(("<h2>Notebooks that do not pass</h2>", *articles)) if articles else ""


def _failure(run: Run) -> str:
    why = ": ".join(part for part in (run.error, run.message.strip()) if part)
    parts = [
        f"<h3><code>{_text(str(run.location or Location(run.path)))}</code></h3>",
        f'<p><strong class="{run.outcome}">{run.outcome}</strong> <span class="quiet">{_facts(run)}</span></p>',
        _pre(why, "text why"),
        _code(run.scene) if run.scene else "",
        _elsewhere(run),
        *_said(run.scene or Scene()),
    ]
    return "\n".join(("<article>", *(part for part in parts if part), "</article>"))


def _facts(run: Run) -> str:
    """In words: `solution, code cell 3, 1.2 s in this cell, peak 80 MiB`."""
    seconds = next((cell.seconds for cell in run.cells if cell.number == run.cell), 0.0)
    facts = (
        run.form if run.form != "lesson" else "",
        f"code cell {run.cell}" if run.cell else "",
        f"{seconds:.1f} s in this cell" if seconds >= SHORTEST else "",
        f"peak {run.memory} MiB" if run.memory is not None else "",
    )
    return ", ".join(_text(fact) for fact in facts if fact)


def _code(scene: Scene) -> str:
    """The lines of the cell around the failing one, which is marked."""
    width = max((len(str(line)) for line, _ in scene.code), default=0)
    rows = []
    for number, (line, text) in enumerate(scene.code):
        tag = "b" if number == scene.failing else "span"
        rows.append(f"<{tag}><i>{line:>{width}}</i>  {_text(text)}</{tag}>")
    # It scrolls where lines are long, and has to do so without a mouse too.
    return '<pre class="code" tabindex="0">' + "\n".join(rows) + "</pre>" if rows else ""


def _elsewhere(run: Run) -> str:
    """The last line of the traceback, unless that is the failing one."""
    excerpt = run.excerpt.strip()
    failing = run.scene.code[run.scene.failing] if run.scene and run.scene.code else None
    if not excerpt or (failing and excerpt == f"----> {failing[0]} {failing[1].strip()}"):
        return ""
    return f'<p class="quiet">Last line of the traceback in the notebook</p>\n{_pre(excerpt)}'


def _said(scene: Scene) -> Iterable[str]:
    if scene.printed.strip():
        yield f'<p class="quiet">What the cell had put out</p>\n{_pre(scene.printed)}'
    if scene.traceback.strip():
        yield f"<details><summary>Traceback</summary>\n{_pre(scene.traceback.strip())}\n</details>"


def _pre(text: str, kind: str = "text") -> str:
    return f'<pre class="{kind}">{_text(text)}</pre>' if text.strip() else ""


# Findings ------------------------------------------------------------------------------------------------------------


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
            f'<td class="word {finding.severity}"><strong>{finding.severity}</strong> {_text(finding.code)}</td>',
            f"<td>{_text(finding.message)}{_hint(finding)}</td>",
        )
        for finding in findings
    )
    head = ('<th class="n">line</th>', '<th class="word">severity</th>', "<th>what is wrong, and what to do</th>")
    return _table(f"<code>{_text(path)}</code>", head, rows)


def _hint(finding: Finding) -> str:
    return f'<span class="quiet">{_text(finding.hint)}</span>' if finding.hint else ""


# Time and memory -----------------------------------------------------------------------------------------------------


def _slowest_cells(report: Report) -> str:
    slowest = report.slowest_cells(SLOWEST_CELLS)
    if not slowest:
        return ""
    most = slowest[0][1].seconds
    rows = ((_cell(run, cell), _seconds(cell.seconds, most)) for run, cell in slowest)
    return "<h2>Slowest cells</h2>\n" + _table("", ("<th>cell</th>", '<th class="n">seconds</th>'), rows)


def _cell(run: Run, cell: CellTime) -> str:
    code = f"<code>{_text(cell.code)}</code>" if cell.code.strip() else ""
    return f'<td>{code}<span class="quiet">{_text(f"{run.path}:{cell.line}")}{_marks(run)}</span></td>'


def _marks(run: Run) -> str:
    marks = ([run.form] if run.form != "lesson" else []) + (["from the run cache"] if run.cached else [])
    return _text(f" ({', '.join(marks)})") if marks else ""


def _slowest(runs: tuple[Run, ...]) -> str:
    if len(runs) <= SLOWEST:
        return ""
    timed = sorted((run for run in runs if run.seconds), key=lambda run: (-run.seconds, run.path, run.form))
    return "<h2>Slowest notebooks</h2>\n" + _run_table(timed[:SLOWEST]) if timed else ""


def _runs(runs: tuple[Run, ...]) -> str:
    return "<h2>All notebooks</h2>\n" + _run_table(runs) if runs else ""


def _run_table(runs: Iterable[Run]) -> str:
    runs = tuple(runs)
    most = max((run.seconds for run in runs), default=0)
    head = ("<th>notebook</th>", '<th class="word">outcome</th>', '<th class="n">seconds</th>')
    return _table("", (*head, '<th class="n">peak MiB</th>'), [_row(run, most) for run in runs])


def _row(run: Run, most: float) -> tuple[str, ...]:
    marks = f'<span class="quiet">{_marks(run).strip()}</span>' if _marks(run) else ""
    return (
        f"<td>{_text(run.path)}{marks}</td>",
        f'<td class="word {run.outcome}">{run.outcome}</td>',
        _seconds(run.seconds, most),
        f'<td class="n">{"" if run.memory is None else run.memory}</td>',
    )


def _seconds(seconds: float, most: float) -> str:
    part = round(100 * seconds / most) if most else 0
    return f'<td class="n bar" style="--part: {part}%">{seconds:.1f}</td>'


def _table(caption: str, head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    lines = (f"<tr>{''.join(cells)}</tr>" for cells in rows)
    top = f"<thead><tr>{''.join(head)}</tr></thead>"
    named = f"<caption>{caption}</caption>" if caption else ""
    parts = ("<table>", named, top, "<tbody>", *lines, "</tbody>", "</table>")
    return "\n".join(part for part in parts if part)


def _text(text: str) -> str:
    return escape(visible(text))
