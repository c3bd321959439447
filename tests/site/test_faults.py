"""Bad input is the normal case: each fault gets a clear message with its place, and the rest is told as well."""

from __future__ import annotations

import json
from pathlib import Path

from tests.curricula import settings
from tests.site.conftest import THEME, run_tool, write_site
from tests.site.test_generators import CATALOG, FILES

SIX_MISTAKES = """site_name: Six mistakes
site_url: https://lessons.example.org/
plugins:
  - i18n:
      docs_structure: suffix
      languages:
        - locale: en
          name: English
          default: true
        - locale: spanish
          name: Español
  - catalyst-lessons:
      brnch: notebooks
      cell_timeout: soon
      hub: showcse
      start: "9 o'clock"
"""
BROKEN_NOTEBOOK = '{"cells": [{"cell_type": "code", "source": "x = 1"\n'
FAILING = """# ---
# title: Failing
# ---

# %% [markdown]
# Some words.

# %%
numbers = [1, 2]

# %%
def third(values):
    return values[2]


third(numbers)
"""


def test_six_mistakes_are_six_findings_with_lines(tmp_path: Path) -> None:
    write_site(tmp_path, {**FILES, "mkdocs.yml": SIX_MISTAKES})
    checked = run_tool("catalyst", "check", "--no-run", "--format", "json", cwd=tmp_path)
    assert checked.returncode == 1
    found = {(f["line"], f["code"]) for f in json.loads(checked.stdout)["findings"] if f["path"] == "mkdocs.yml"}
    assert {line for line, _ in found} == {5, 10, 13, 14, 15, 16}
    text = run_tool("catalyst", "check", "--no-run", cwd=tmp_path).stdout
    assert 'did you mean "branch"' in text
    assert 'did you mean "showcase"' in text


def test_every_fault_is_told_and_the_rest_as_well(tmp_path: Path) -> None:
    faults = {
        "lessons/02-broken.ipynb": BROKEN_NOTEBOOK,
        "lessons/03-data.md": FILES["lessons/01-counting.md"].replace("license:", "data: [data/gone.csv]\nlicense:"),
        "lessons/04-language.md": FILES["lessons/01-counting.md"].replace("language: en", "language: tlh"),
        "locales/es/LC_MESSAGES/lessons/03-data.po": CATALOG + '\nmsgid "Unclosed\nmsgstr ""\n',
    }
    write_site(tmp_path, {**FILES, **faults})
    checked = run_tool("catalyst", "check", "--format", "json", cwd=tmp_path)
    assert checked.returncode == 1
    findings = json.loads(checked.stdout)["findings"]
    errors = {finding["path"]: finding for finding in findings if finding["severity"] == "error"}
    assert set(errors) == set(faults)
    assert "not valid JSON" in errors["lessons/02-broken.ipynb"]["message"]
    assert "data/gone.csv" in errors["lessons/03-data.md"]["message"]
    assert "tlh" in errors["lessons/04-language.md"]["message"]
    assert errors["locales/es/LC_MESSAGES/lessons/03-data.po"]["line"] == 10
    assert all(finding["line"] > 0 and finding["hint"] for finding in errors.values())


def test_the_site_is_built_around_a_broken_notebook(tmp_path: Path) -> None:
    write_site(tmp_path, {**FILES, "lessons/02-broken.ipynb": BROKEN_NOTEBOOK})
    built = run_tool("catalyst", "build", cwd=tmp_path)
    assert built.returncode == 0
    assert "lessons/02-broken.ipynb:" in built.stderr
    assert (tmp_path / "site" / "es" / "lessons" / "01-counting" / "index.html").is_file()
    strict = run_tool("catalyst", "build", "--strict", cwd=tmp_path)
    assert strict.returncode == 1


def test_a_failing_cell_is_named_by_its_line_in_the_source(tmp_path: Path) -> None:
    write_site(tmp_path, {**FILES, "lessons/02-failing.py": FAILING})
    checked = run_tool("catalyst", "check", "lessons/02-failing.py", "--format", "github", cwd=tmp_path)
    assert checked.returncode == 1
    line = FAILING.split("\n").index("    return values[2]") + 1
    assert f"file=lessons/02-failing.py,line={line}" in checked.stdout
    text = run_tool("catalyst", "check", "lessons/02-failing.py", cwd=tmp_path).stdout
    assert f"lessons/02-failing.py:{line}: failed IndexError: list index out of range" in text


def test_a_notebook_outside_any_curriculum_is_run_where_it_stands(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "numbers.csv").write_text("1\n2\n")
    (folder / "good.py").write_text(
        "# %%\nassert len(open('numbers.csv').readlines()) == 2\nopen('out.txt', 'w').close()\n"
    )
    (folder / "bad.md").write_text("Text\n\n```python\n1 / 0\n```\n")
    checked = run_tool("catalyst", "check", str(folder), "--format", "json", cwd=tmp_path)
    runs = {Path(run["path"]).name: run for run in json.loads(checked.stdout)["runs"]}
    assert runs["good.py"]["outcome"] == "passed"
    assert (runs["bad.md"]["outcome"], runs["bad.md"]["error"], runs["bad.md"]["location"]["line"]) == (
        "failed",
        "ZeroDivisionError",
        4,
    )
    assert not (folder / "out.txt").exists()
    assert sorted(path.name for path in folder.iterdir()) == ["bad.md", "good.py", "numbers.csv"]


def test_wrong_use_says_what_to_type(tmp_path: Path) -> None:
    nowhere = run_tool("catalyst", "check", cwd=tmp_path)
    assert (nowhere.returncode, "mkdocs.yml" in nowhere.stderr, "hint:" in nowhere.stderr) == (2, True, True)
    (tmp_path / "mkdocs.yml").write_text("site_name: [\n")
    broken = run_tool("catalyst", "build", cwd=tmp_path)
    assert broken.returncode == 2
    assert "mkdocs.yml:2" in broken.stderr or "mkdocs.yml:1" in broken.stderr
    unknown = run_tool("catalyst", "chekc", cwd=tmp_path)
    assert unknown.returncode == 2
    link = run_tool(
        "catalyst", "links", "make", "--hub", "http://hub.example.org", "--repository", "https://github.com/a/b",
        "--path", "x.ipynb", cwd=tmp_path,
    )  # fmt: skip
    assert (link.returncode, "https://hub.example.org" in link.stderr) == (2, True)


def test_a_curriculum_without_a_repository_has_downloads_and_says_why(tmp_path: Path) -> None:
    plain = settings(options='repository: ""') + THEME
    write_site(tmp_path, {**FILES, "mkdocs.yml": plain})
    nothing = {"GITHUB_ACTIONS": "", "GITHUB_REPOSITORY": "", "GITHUB_SERVER_URL": "", "GITHUB_REF_NAME": ""}
    built = run_tool("catalyst", "build", "--strict", cwd=tmp_path, **nothing)
    assert built.returncode == 0, built.stderr
    page = (tmp_path / "site" / "lessons" / "01-counting" / "index.html").read_text()
    assert 'data-launch="download"' in page
    assert 'data-launch="hub"' not in page
    checked = run_tool("catalyst", "check", "--no-run", cwd=tmp_path, **nothing)
    assert "H401" in checked.stdout
