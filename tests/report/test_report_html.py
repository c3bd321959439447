"""The HTML report: against its golden file, in no need of anything, and closed to what notebooks write."""

from __future__ import annotations

import os
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

from catalyst_lessons.core.model import Location
from catalyst_lessons.core.report import CellTime, Finding, Report, Run, Scene
from catalyst_lessons.core.report.html import render_html

from .test_report_formats import HOSTILE, REPORT

GOLDEN = Path(__file__).parents[1] / "golden" / "report" / "report.html"
ATTACKS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "</pre></style></title><iframe src=//evil.example>",
    "&lt;script&gt; &amp; <!-- ]]> --",
    HOSTILE,
)


class Tags(HTMLParser):
    """The elements and attributes of a page, and whether each element that opens also closes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.open: list[str] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes.update(name for name, _ in attrs)
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_page_is_as_its_golden_file_has_it() -> None:
    page = render_html(REPORT, title="Small curriculum")
    if os.environ.get("UPDATE_GOLDEN"):
        GOLDEN.write_text(page, encoding="utf-8")
    assert page == GOLDEN.read_text(encoding="utf-8")


def test_it_needs_nothing_from_anywhere_and_runs_nothing() -> None:
    page = render_html(REPORT)
    tags = Tags(page)
    assert tags.open == []
    assert tags.tags.isdisjoint({"script", "link", "img", "iframe", "a", "base", "object"})
    assert not re.search(r"url\(|@import|https?://(?!a\.org)", page)
    assert "default-src 'none'" in page
    assert "prefers-color-scheme: dark" in page


def test_hostile_text_stays_text() -> None:
    plain = Tags(render_html(REPORT))
    for attack in ATTACKS:
        run = Run(
            f"a{attack}",
            "failed",
            location=Location(f"a{attack}", 2),
            cell=1,
            error=attack,
            message=attack,
            excerpt=attack,
            cells=(CellTime(1, 2, 3.0, attack),),
            memory=1,
            scene=Scene(((2, attack), (3, attack)), 0, printed=attack, traceback=attack),
        )
        finding = Finding("L150", attack, Location(f"b{attack}", 3), attack)
        page = render_html(Report((run,), (finding,)), title=attack)
        tags = Tags(page)
        assert tags.open == []
        assert tags.tags <= plain.tags
        assert tags.attributes <= plain.attributes
        assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\ud800-\udfff]", page)
        page.encode("utf-8")


def article(page: str) -> str:
    """The first failure of a page."""
    return page.partition("<article>")[2].partition("</article>")[0]


def test_the_failing_line_stands_among_its_neighbors() -> None:
    told = article(render_html(REPORT))
    assert "<b><i>41</i>  read(name) if 1 &lt; 2 else None</b>" in told
    assert "<span><i>40</i>  name" in told and "<span><i>42</i>  print" in told
    assert told.count("<b>") == 1


def test_a_failure_tells_what_the_cell_printed_and_where_the_traceback_ends() -> None:
    told = Tags(article(render_html(REPORT))).text
    assert "code cell 4, 2.0 s in this cell, peak 412 MiB" in told
    assert "reading <datos>" in told and "----> 17 open(name)" in told
    assert told.index("Traceback") < told.index("Cell In[1], line 1, in read(name)")


def test_the_last_line_of_the_traceback_is_not_told_twice() -> None:
    run = replace(REPORT.runs[2], excerpt="----> 41 read(name) if 1 < 2 else None")
    assert "Last line of the traceback" not in render_html(Report((run,)))


def test_a_failure_without_a_place_is_told_without_code() -> None:
    told = article(render_html(Report((Run("a.md", "errored", error="DeadKernelError", message="it died"),))))
    assert "DeadKernelError: it died" in told and "<b>" not in told and "details" not in told


def cells_of(page: str) -> list[list[str]]:
    """The rows of the table of the slowest cells, by the text of their cells."""
    table = page.partition("<h2>Slowest cells</h2>")[2].partition("</table>")[0]
    rows = re.findall(r"<tr>(.*?)</tr>", table.partition("<tbody>")[2])
    return [[Tags(cell).text for cell in re.findall(r"<td[^>]*>.*?</td>", row)] for row in rows]


def test_the_slowest_cells_of_all_runs_are_told_with_their_lines() -> None:
    assert cells_of(render_html(REPORT)) == [
        ["name = 'datos.csv'lessons/03-files.py:37", "2.0"],
        ["time.sleep(1) # `|` <b>lessons/01-loops.md:20", "1.1"],
        ["words = []lessons/02-lists.py:9 (from the run cache)", "0.2"],
    ]
    many = tuple(Run(f"{n}.md", "passed", cells=(CellTime(1, 3, n / 10),)) for n in range(30))
    rows = cells_of(render_html(Report(many)))
    assert [row[0] for row in rows] == [f"{n}.md:3" for n in range(29, 9, -1)]
    assert "Slowest cells" not in render_html(Report((many[0],)))


def test_peak_memory_is_told_for_each_run_and_for_the_largest() -> None:
    page = render_html(REPORT)
    assert "<dd>412 MiB<small>lessons/03-files.py</small></dd>" in page
    assert '<td class="n">61</td>' in page and '<td class="n">412</td>' in page
    assert "Most memory" not in render_html(Report((Run("a.md", "passed", seconds=1.0),)))


def test_slowest_notebooks_are_told_apart_where_there_are_many() -> None:
    runs = tuple(Run(f"{n}.md", "passed", seconds=n / 10) for n in range(1, 13))
    told = render_html(Report(runs)).partition("Slowest notebooks")[2].partition("All notebooks")[0]
    assert re.findall(r"<td>(\d+)\.md", told) == [str(n) for n in range(12, 2, -1)]
    assert "Slowest notebooks" not in render_html(Report(runs[:10]))


def test_an_empty_report_is_a_page() -> None:
    assert "no notebook was run" in Tags(render_html(Report())).text
