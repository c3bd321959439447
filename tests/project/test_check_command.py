"""`catalyst check` with its options, from the command line to what is printed and written."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from curricula import write_curriculum

from catalyst_lessons.adapters.cli import run as catalyst

HEAD = '# ---\n# title: "{title}"\n# ---\n\n'
WORK = "# %%\ndef double(x):\n    ### BEGIN SOLUTION\n    return x * 2\n    ### END SOLUTION\n\n"
WEAK = "# %% tags=[\"check\"]\nassert double(2) is not None, 'return something'\n"
STRONG = "# %% tags=[\"check\"]\nassert double(3) == 6, 'double(3) is 6'\n"
LESSON = "# %%\nx = 1\n\n# %%\ny = {}\ny['missing']\n"
DICE = "# %%\nimport random\nobject()\n\n# %%\nrandom.random()\n"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to be in."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)
    return tmp_path


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    code = catalyst(["check", *arguments])
    return code, capsys.readouterr().out


def of_code(output: str, code: str) -> list[dict[str, Any]]:
    return [finding for finding in json.loads(output)["findings"] if finding["code"] == code]


def test_a_check_that_notices_nothing_is_told_with_the_change_and_its_line(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = {"exercises/weak.py": HEAD.format(title="Weak") + WORK + WEAK}
    files["exercises/strong.py"] = HEAD.format(title="Strong") + WORK + STRONG
    files["exercises/bash.py"] = HEAD.format(title="Bash") + WORK.replace("def double(x):\n", "if True:\n").replace(
        "return x * 2", "print('two')"
    )
    write_curriculum(here, {"lessons/a.md": "---\ntitle: A\n---\n\nHello.\n", **files})
    _, output = told(capsys, "exercises", "--mutate", "--format", "json", "--no-cache")
    survivors = of_code(output, "X350")
    assert {(one["path"], one["line"], one["severity"]) for one in survivors} == {("exercises/weak.py", 8, "warning")}
    assert [one["message"].split(": ")[1] for one in survivors] == [
        "`2` became `1`",
        "`2` became `3`",
        "`x * 2` became `x + 2`",
    ]
    assert [one["path"] for one in of_code(output, "X351")] == ["exercises/bash.py"]
    assert len(json.loads(output)["runs"]) == 3, "mutants are no runs of the curriculum"
    _, output = told(capsys, "exercises", "--mutate", "--mutants", "2", "--format", "json")
    assert len(of_code(output, "X350")) == 1


def test_a_notebook_that_gives_something_else_the_second_time(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "dice.py").write_text(DICE)
    (here / "same.py").write_text("# %%\nprint(object(), 1 + 1)\n")
    code, output = told(capsys, "dice.py", "same.py", "--twice", "--format", "json")
    (finding,) = of_code(output, "X352")
    assert (finding["path"].endswith("dice.py"), finding["line"], finding["severity"]) == (True, 6, "warning")
    assert "run again, this cell gives `0." in finding["message"]
    assert code == 0
    assert not (here / ".catalyst").exists()


def test_the_json_object_is_the_promised_one(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_curriculum(here, {"lessons/bad.py": HEAD.format(title="Bad") + LESSON})
    code, output = told(capsys, "--format", "json")
    assert code == 1
    report = json.loads(output)
    assert list(report) == ["ok", "runs", "findings"]
    (run,) = report["runs"]
    seconds = run.pop("seconds")
    assert isinstance(seconds, float)
    assert seconds > 0
    memory, cells = run.pop("memory"), run.pop("cells")
    assert memory is None if sys.platform != "linux" else 10 < memory < 1000
    assert list(cells) == ["6", "9"]
    assert all(0 <= took < seconds for took in cells.values())
    assert run == {
        "path": "lessons/bad.py",
        "language": "en",
        "form": "lesson",
        "outcome": "failed",
        "cached": False,
        "location": {"path": "lessons/bad.py", "line": 10},
        "error": "KeyError",
        "message": "'missing'",
    }
    assert all(list(one) == ["code", "severity", "path", "line", "message", "hint"] for one in report["findings"])


def test_github_is_told_paths_from_the_top_of_the_repository(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    subprocess.run(["git", "init", "--quiet", "."], cwd=here, check=True)
    write_curriculum(here / "courses/one", {"lessons/bad.py": HEAD.format(title="Bad") + LESSON})
    code = catalyst(["--project", "courses/one", "check", "--format", "github"])
    output = capsys.readouterr().out
    assert code == 1
    assert "::error file=courses/one/lessons/bad.py,line=10,title=" in output
    assert "file=lessons" not in output
    code = catalyst(["--project", "courses/one", "check"])
    assert "\nlessons/bad.py:10: failed" in f"\n{capsys.readouterr().out}"


def test_the_html_page_shows_the_failing_line_in_its_place(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_curriculum(here, {"lessons/bad.py": HEAD.format(title="Bad") + LESSON})
    told(capsys, "--html", "report/page.html")
    page = (here / "report/page.html").read_text(encoding="utf-8")
    assert "<b><i>10</i>  y[&#x27;missing&#x27;]</b>" in page
    (here / "alone").mkdir()
    (here / "alone/bad.py").write_text(LESSON)
    told(capsys, "alone/bad.py", "--html", "alone.html")
    assert "<b><i>6</i>  y[&#x27;missing&#x27;]</b>" in (here / "alone.html").read_text(encoding="utf-8")


def test_lone_notebooks_are_called_as_they_are_from_the_working_folder(
    here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for folder in ("plain", "plain/año 1", "plain/año 1/sub"):
        (here / folder).mkdir()
        (here / folder / "bad one.py").write_text(LESSON)
    (here / "plain/año 1/broken.ipynb").write_text("{")
    names = ["plain/año 1/bad one.py", "plain/año 1/sub/bad one.py", "plain/bad one.py"]
    assert catalyst(["check", "plain", "plain/bad one.py", "--format", "json"]) == 1
    output, progress = capsys.readouterr()
    assert sorted(run["location"]["path"] for run in json.loads(output)["runs"]) == names
    assert [one["path"] for one in json.loads(output)["findings"]] == ["plain/año 1/broken.ipynb"]
    assert all(f"failed   {name} (" in progress for name in names)
    monkeypatch.chdir(here / "plain/año 1")
    assert "\nsub/bad one.py:6: failed" in told(capsys, ".")[1]
    assert f"\n{(here / 'plain/bad one.py').as_posix()}:6: failed" in "\n" + told(capsys, "../bad one.py")[1]
    subprocess.run(["git", "init", "--quiet", "."], cwd=here, check=True)
    assert "file=plain/año 1/sub/bad one.py,line=6," in told(capsys, "sub", "--format", "github")[1]
    assert "\nsub/bad one.py:6: failed" in f"\n{told(capsys, 'sub')[1]}"


def test_why_a_notebook_is_not_run_is_told(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "text.md").write_text("# Text\n\n```text\nno code\n```\n")
    catalyst(["check", "text.md"])
    assert "skipped  text.md (lesson, 0.0 s): no code to run\n" in capsys.readouterr().err


def test_lone_notebooks_are_shared_out(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in "abc":
        (here / f"{name}.py").write_text("# %%\n1\n")
    shards = (told(capsys, ".", "--format", "json", "--shard", shard)[1] for shard in ("1/2", "2/2"))
    one, two = ({run["path"] for run in json.loads(output)["runs"]} for output in shards)
    assert one and two
    assert sorted([*one, *two]) == ["a.py", "b.py", "c.py"]


def test_a_shard_that_is_none_is_wrong_use(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_curriculum(here, {"lessons/a.py": HEAD.format(title="A") + "# %%\n1\n"})
    assert catalyst(["check", "--shard", "3/2"]) == 2
    assert "hint: write 2/5" in capsys.readouterr().err


def notebook(source: str, *tags: str, **metadata: str) -> str:
    error = {"output_type": "error", "ename": "ValueError", "evalue": "stored", "traceback": []}
    cell = {"cell_type": "code", "execution_count": 1, "id": "one", "source": source, "outputs": [error]}
    cells = [{**cell, "metadata": {"tags": list(tags), **metadata}}]
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}, indent=1)


def test_expected_errors(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    texts = {
        "stored": notebook("int('x')"),
        "other": notebook("1 / 0"),
        "tagged": notebook("int('x')", "raises-exception"),
        "right": notebook("int('x')", "raises-exception", raises="ValueError"),
        "wrong": notebook("1 / 0", "raises-exception", raises="ValueError"),
        "silent": notebook("1", "raises-exception", raises="ValueError"),
    }
    for name, text in texts.items():
        (here / f"{name}.ipynb").write_text(text)
    code, output = told(capsys, ".", "--format", "json")
    runs = {Path(run["path"]).stem: run for run in json.loads(output)["runs"]}
    assert code == 1
    assert {name: (run["outcome"], run["error"]) for name, run in runs.items()} == {
        "stored": ("failed", "ValueError"),
        "other": ("failed", "ZeroDivisionError"),
        "tagged": ("passed", ""),
        "right": ("passed", ""),
        "wrong": ("failed", "ZeroDivisionError"),
        "silent": ("failed", "DidNotRaise"),
    }
    assert runs["wrong"]["message"] == "division by zero (the cell is to raise ValueError)"
    assert runs["wrong"]["location"]["line"] > 1
    (hint,) = of_code(output, "X345")
    assert Path(hint["path"]).stem == "stored"
    assert hint["severity"] == "info"


def test_a_name_that_no_file_can_have_is_a_file_that_is_not_there(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = f"---\ntitle: A\n---\n\n![A map]({'x' * 300}.png) and [a table](a%00b.csv).\n"
    write_curriculum(here, {"lessons/a.md": text})
    _, output = told(capsys, "--no-run", "--format", "json")
    assert [one["line"] for one in of_code(output, "L150")] == [5, 5]


def test_ordinary_kernels_are_started_without_grammars_of_addresses(here: Path) -> None:
    (here / "a.py").write_text("# %%\n1\n")
    command = [sys.executable, "-X", "importtime", "-m", "catalyst_lessons", "check", "a.py", "--engine", "jupyter"]
    loaded = subprocess.run(command, capture_output=True, text=True, check=True).stderr
    assert "nbclient" in loaded
    assert "lark" not in loaded
