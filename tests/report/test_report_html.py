"""The HTML report: against its golden file, in no need of anything, and closed to what notebooks write."""

from __future__ import annotations

import os
import re
from html.parser import HTMLParser
from pathlib import Path

from catalyst_lessons.core.model import Location
from catalyst_lessons.core.report import Finding, Report, Run
from catalyst_lessons.core.report.html import render_html

from .test_report_formats import HOSTILE, REPORT

GOLDEN = Path(__file__).parents[1] / "golden" / "report" / "report.html"
SOURCE = "\n".join(f"line {n} <b>" for n in range(1, 60))
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
    page = render_html(REPORT, title="Small curriculum", text_of=lambda _: SOURCE)
    if os.environ.get("UPDATE_GOLDEN"):
        GOLDEN.write_text(page, encoding="utf-8")
    assert page == GOLDEN.read_text(encoding="utf-8")


def test_it_needs_nothing_from_anywhere_and_runs_nothing() -> None:
    page = render_html(REPORT, text_of=lambda _: SOURCE)
    tags = Tags(page)
    assert tags.open == []
    assert tags.tags.isdisjoint({"script", "link", "img", "iframe", "a", "base", "object"})
    assert not re.search(r"url\(|@import|https?://(?!a\.org)", page)
    assert "default-src 'none'" in page
    assert "prefers-color-scheme: dark" in page


def test_hostile_text_stays_text() -> None:
    plain = Tags(render_html(REPORT, text_of=lambda _: SOURCE))
    for attack in ATTACKS:
        run = Run(
            f"a{attack}",
            "failed",
            location=Location(f"a{attack}", 2),
            cell=1,
            error=attack,
            message=attack,
            excerpt=attack,
        )
        finding = Finding("L150", attack, Location(f"b{attack}", 3), attack)
        page = render_html(Report((run,), (finding,)), title=attack, text_of=lambda _, text=attack: f"{text}\n{text}")
        tags = Tags(page)
        assert tags.open == []
        assert tags.tags <= plain.tags
        assert tags.attributes <= plain.attributes
        assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\ud800-\udfff]", page)
        page.encode("utf-8")


def test_the_failing_line_stands_among_its_neighbors() -> None:
    page = render_html(REPORT, text_of=lambda path: SOURCE if path == "lessons/03-files.py" else "")
    assert "<b>41  line 41 &lt;b&gt;</b>" in page
    assert "37  line 37" in page and "45  line 45" in page
    assert "36  line 36" not in page and "46  line 46" not in page


def test_a_source_that_is_gone_or_shorter_shows_none() -> None:
    for text in ("", "one line"):
        page = render_html(REPORT, text_of=lambda _, text=text: text)
        assert "<b>" not in page


def test_an_empty_report_is_a_page() -> None:
    assert "no notebook was run" in Tags(render_html(Report())).text
