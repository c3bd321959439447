"""One report in every format against its golden file, and what each format must never do."""

from __future__ import annotations

import json
import os
import re
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest

from catalyst_lessons.core.model import Location
from catalyst_lessons.core.report import CellTime, Finding, Report, Run, Scene
from catalyst_lessons.core.report.formats import FORMATS, render, summary, visible

GOLDEN = Path(__file__).parents[1] / "golden" / "report"
ENDINGS = {"text": "txt", "github": "github.txt", "json": "json", "markdown": "md", "junit": "xml"}

REPORT = Report(
    runs=(
        Run(
            "lessons/01-loops.md",
            "passed",
            language="en",
            seconds=1.23456,
            location=None,
            cells=(CellTime(1, 12, 0.004, "import time"), CellTime(2, 20, 1.125, "time.sleep(1) # `|` <b>")),
            memory=61,
        ),
        Run(
            "lessons/02-lists.py",
            "passed",
            language="es",
            seconds=0.4,
            cached=True,
            cells=(CellTime(1, 9, 0.25, "words = []"),),
        ),
        Run(
            "lessons/03-files.py",
            "failed",
            language="es",
            seconds=2.5,
            location=Location("lessons/03-files.py", 41),
            cell=4,
            error="FileNotFoundError",
            message="[Errno 2] No such file or directory: 'datos.csv'",
            excerpt="----> 17 open(name)",
            cells=(CellTime(1, 17, 0.001, "def read(name):"), CellTime(4, 37, 2.0, "name = 'datos.csv'")),
            memory=412,
            scene=Scene(
                code=((40, "name = 'datos.csv'"), (41, "read(name) if 1 < 2 else None"), (42, "print('read')")),
                failing=1,
                printed="reading <datos>",
                traceback="Cell In[4], line 2\nCell In[1], line 1, in read(name)\nFileNotFoundError: …",
            ),
        ),
        Run("exercises/count.py", "errored", "solution", error="DeadKernelError", message="Kernel died\nout of memory"),
        Run("lessons/04-r.Rmd", "skipped", message="no kernel for R"),
    ),
    findings=(
        Finding("L150", "there is no `x.md` to link to", Location("lessons/01-loops.md", 9), "did you mean `y.md`?"),
        Finding("A610", "`# Again` is a second title", Location("lessons/01-loops.md", 4), severity="warning"),
        Finding("L155", "`http://a.org` is not secure", Location("lessons/01-loops.md", 9), "try https", "info"),
        Finding("C530", "there is no folder `lessons`: 100%, so far", Location("mkdocs.yml")),
    ),
)
HOSTILE = (
    "\x1b[31mred\x1b[0m \x1b]0;title\x07bell \x07 \x9b31m \u202egnp.exe \ud800 \x00 \x7f\r\n"
    "new % line ]]> <b> | `` @team"
)


@pytest.mark.parametrize("form", FORMATS)
def test_a_report_is_printed_as_its_golden_file_has_it(form: str) -> None:
    golden = GOLDEN / f"report.{ENDINGS[form]}"
    now = render(REPORT, form)
    if os.environ.get("UPDATE_GOLDEN"):
        golden.write_text(now, encoding="utf-8")
    assert now == golden.read_text(encoding="utf-8")


@pytest.mark.parametrize("form", FORMATS)
def test_no_text_of_a_notebook_reaches_the_terminal_as_a_command(form: str) -> None:
    run = Run(f"a{HOSTILE}.py", "failed", error=HOSTILE, message=HOSTILE, excerpt=HOSTILE, cell=1)
    finding = Finding("L150", HOSTILE, Location(f"b{HOSTILE}.md", 3), HOSTILE)
    told = render(Report((run,), (finding,)), form)
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2028\ud800-\udfff]", told)
    assert told.endswith("\n")
    told.encode("utf-8")


@pytest.mark.parametrize("form", FORMATS)
def test_an_empty_report_says_so(form: str) -> None:
    assert render(Report(), form).strip()
    assert summary(Report()) == "no findings; no notebook was run"


def test_a_format_nobody_knows_is_no_format() -> None:
    with pytest.raises(KeyError):
        render(Report(), "yaml")


# Text


def test_text_groups_by_file_and_orders_runs_and_findings_by_line() -> None:
    run = replace(REPORT.runs[2], path="lessons/01-loops.md", location=Location("lessons/01-loops.md", 6))
    told = render(Report((run,), REPORT.findings), "text")
    lines = [line.split()[0] for line in told.splitlines() if line and not line.startswith(" ")]
    first = "lessons/01-loops.md"
    assert lines[:5] == [f"{first}:4:", f"{first}:6:", f"{first}:9:", f"{first}:9:", "mkdocs.yml:"]
    assert "\n\nmkdocs.yml: C530" in told


def test_colors_go_and_other_controls_are_written_out() -> None:
    assert visible("\x1b[1;31mNameError\x1b[0m\tx\ny") == "NameError\tx\ny"
    assert visible("a\x07b\u202ec\x1bd") == "a\\x07b\\u202ec\\x1bd"


@pytest.mark.parametrize(
    ("report", "words"),
    [
        (Report(REPORT.runs[:1]), "no findings; 1 notebook: 1 passed"),
        (Report(REPORT.runs[:2]), "no findings; 2 notebooks: 2 passed (1 from the run cache)"),
        (Report((), REPORT.findings[:1] * 1), "1 error; no notebook was run"),
        (
            REPORT,
            "2 errors, 1 warning, 1 remark; "
            "5 notebooks: 2 passed, 1 failed, 1 errored, 1 skipped (1 from the run cache)",
        ),
    ],
)
def test_the_closing_line_counts(report: Report, words: str) -> None:
    assert summary(report) == words


# GitHub


def test_every_finding_and_failed_run_is_one_github_command() -> None:
    finding = Finding("L1", "50%\r\nof: a, b", Location("a,b:c.md", 3), "try\nthis")
    told = render(Report((), (finding,)), "github").splitlines()
    assert told[0] == "::error file=a%2Cb%3Ac.md,line=3,title=L1::50%25%0Aof: a, b%0Ahint: try%0Athis"
    commands = [line for line in render(REPORT, "github").splitlines() if line.startswith("::")]
    assert [line.split()[0] for line in commands].count("::error") == 4
    assert [line.split()[0] for line in commands].count("::notice") == 1
    assert len(commands) == 6


def test_a_message_cannot_forge_a_github_command() -> None:
    finding = Finding("L1", "one\n::set-output name=x::y", Location("a.md\n::error::z", 1))
    told = render(Report((), (finding,)), "github").splitlines()
    assert len([line for line in told if line.startswith("::")]) == 1


# JSON


def test_json_is_one_object_with_the_promised_keys_and_no_others() -> None:
    told = json.loads(render(REPORT, "json"))
    assert list(told) == ["ok", "runs", "findings"]
    assert told["ok"] is False
    keys = [
        "path",
        "language",
        "form",
        "outcome",
        "seconds",
        "cached",
        "memory",
        "cells",
        "location",
        "error",
        "message",
    ]
    assert all(list(run) == keys for run in told["runs"])
    assert all(list(one) == ["code", "severity", "path", "line", "message", "hint"] for one in told["findings"])
    assert told["runs"][2]["location"] == {"path": "lessons/03-files.py", "line": 41}
    assert told["runs"][0]["location"] is None
    assert told["runs"][0]["seconds"] == 1.235
    assert told["runs"][0]["memory"] == 61
    assert told["runs"][0]["cells"] == {"12": 0.004, "20": 1.125}
    assert (told["runs"][1]["memory"], told["runs"][3]["cells"]) == (None, {})


def test_cells_of_one_source_line_are_told_together() -> None:
    run = Run("a.ipynb", "passed", cells=(CellTime(1, 1, 0.1), CellTime(2, 1, 0.2), CellTime(3, 2, 0.4)))
    (told,) = json.loads(render(Report((run,)), "json"))["runs"]
    assert told["cells"] == {"1": 0.3, "2": 0.4}


def test_json_gives_a_message_back_unchanged() -> None:
    finding = Finding("L1", HOSTILE, Location("ñ.md", 1))
    assert json.loads(render(Report((), (finding,)), "json"))["findings"][0]["message"] == HOSTILE


# Markdown


def test_markdown_cannot_be_broken_by_a_message() -> None:
    run = Run("a|b.py", "failed", message="```\n# title\n@team", excerpt="````")
    finding = Finding("L1", "see <img src=x> @team `a|b` [x](y)", Location("a.md", 2))
    told = render(Report((run,), (finding,)), "markdown")
    assert "`a\\|b.py`" in told
    assert "`````text\nfailed ```\n# title\n@team\n````\n`````" in told
    assert "see \\<img src=x\\> \\@team `a|b` \\[x\\](y)." in told


def test_markdown_names_the_slowest_cells_and_marks_those_of_the_run_cache() -> None:
    told = render(REPORT, "markdown")
    _, _, rest = told.partition("<details><summary>Slowest cells</summary>\n\n")
    rows = rest.partition("\n\n</details>")[0].split("\n")
    assert rows == [
        "- `lessons/03-files.py:37` 2.0 s: `name = 'datos.csv'`",
        "- `lessons/01-loops.md:20` 1.1 s: ``time.sleep(1) # `|` <b>``",
        "- `lessons/02-lists.py:9` 0.2 s (from the run cache): `words = []`",
    ]
    many = Run("a.md", "passed", cells=tuple(CellTime(n, n, n / 10) for n in range(1, 10)))
    assert render(Report((many,)), "markdown").count("- `a.md:") == 5
    quick = Run("a.md", "passed", cells=(CellTime(1, 1, 0.09),))
    assert "<details>" not in render(Report((quick,)), "markdown")


def test_the_slowest_cells_come_first_and_all_runs_are_asked() -> None:
    found = REPORT.slowest_cells(2)
    assert [(run.path, cell.line) for run, cell in found] == [("lessons/03-files.py", 37), ("lessons/01-loops.md", 20)]


def test_cells_get_the_lines_of_today() -> None:
    run = Run("a.md", "passed", cells=(CellTime(1, 5, 0.1), CellTime(3, 9, 0.2), CellTime(4, 11, 0.3)))
    assert [cell.line for cell in run.with_lines((15, 17, 19)).cells] == [15, 19, 0]


def test_so_do_what_failed_and_what_is_shown_of_it() -> None:
    cells = (CellTime(1, 5, 0.1), CellTime(2, 9, 0.2))
    run = Run("a.md", "failed", cell=2, cells=cells, location=Location("a.md", 10), excerpt="----> 6 mean([])")
    moved = run.with_lines((7, 14))
    assert moved.location == Location("a.md", 15)
    assert moved.excerpt == "----> 8 mean([])"
    assert Run("a.md", "failed", excerpt="no arrow").with_lines((7,)).excerpt == "no arrow"


# JUnit


def test_junit_counts_agree_with_its_cases() -> None:
    root = ElementTree.fromstring(render(REPORT, "junit"))  # noqa: S314 - we wrote it ourselves
    assert root.tag == "testsuites"
    for suite in root:
        assert int(suite.get("tests", "")) == len(suite.findall("testcase"))
        for key, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            assert int(suite.get(key, "")) == len(suite.findall(f"testcase/{tag}"))
    assert (root.get("tests"), root.get("failures"), root.get("errors")) == ("9", "3", "1")
    assert all(case.get("name") and case.get("classname") and case.get("time") for case in root.iter("testcase"))
    assert not any(case.find("failure") is not None for case in root.iter("testcase") if "A610" in case.get("name", ""))


# junit-10.xsd of Jenkins' xUnit plugin: what may stand in what, and with which attributes. GitLab reads `file` besides.
JENKINS = {
    "testsuites": ({"testsuite"}, {"name", "time", "tests", "failures", "errors"}),
    "testsuite": ({"testcase"}, {"name", "tests", "failures", "errors", "skipped", "time"}),
    "testcase": ({"failure", "error", "skipped", "system-out"}, {"name", "classname", "time", "file"}),
    "failure": (set(), {"message", "type"}),
    "error": (set(), {"message", "type"}),
    "skipped": (set(), {"message"}),
    "system-out": (set(), set()),
}


def test_junit_is_what_jenkins_takes() -> None:
    root = ElementTree.fromstring(render(REPORT, "junit"))  # noqa: S314 - we wrote it ourselves
    for element in root.iter():
        children, attributes = JENKINS[element.tag]
        assert {child.tag for child in element} <= children
        assert set(element.attrib) <= attributes
        assert re.fullmatch(r"\d+\.\d{3}", element.get("time", "0.000"))
    names = [(case.get("classname"), case.get("name")) for case in root.iter("testcase")]
    assert len(set(names)) == len(names), "GitLab takes two cases of one name for one"


def test_paths_can_be_told_from_a_folder_above() -> None:
    told = render(REPORT.under("courses/one"), "github")
    assert "::error file=courses/one/lessons/03-files.py,line=41," in told
    assert "::warning file=courses/one/lessons/01-loops.md,line=4," in told
    assert REPORT.under("") == REPORT


def test_junit_of_hostile_text_is_xml() -> None:
    finding = Finding("L1", HOSTILE, Location(f"{HOSTILE}.md", 1), HOSTILE)
    root = ElementTree.fromstring(render(Report((), (finding,)), "junit"))  # noqa: S314 - we wrote it ourselves
    assert root.find("testsuite/testcase/failure") is not None
