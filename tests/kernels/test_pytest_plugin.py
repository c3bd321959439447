"""`pytest --catalyst` in a small curriculum."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

MKDOCS = """\
site_name: Curso
site_url: https://example.org/
theme: material
plugins:
  - i18n:
      languages:
        - {locale: en, default: true, name: English}
  - catalyst-lessons
"""
HEADER = "# ---\n# title: A title\n# ---\n\n"
WORK = "# %%\ndef one():\n    ### BEGIN SOLUTION\n    return 1\n    ### END SOLUTION\n\n"
SOURCES = {
    "mkdocs.yml": MKDOCS,
    "lessons/01-good.py": HEADER + "# %%\nx = 1\n",
    "lessons/02-bad.py": HEADER + "# %%\nx = 1\n\n# %%\ny = {}\ny['missing']\n",
    "lessons/03-broken.ipynb": "{",
    "lessons/04-skipped.py": HEADER + "# Only prose.\n",
    "exercises/good.py": HEADER + WORK + "# %% tags=[\"check\"]\nassert one() == 1, 'one() gives 1'\n",
    "exercises/empty.py": HEADER + WORK + '# %% tags=["check"]\nassert one\n',
}


@pytest.fixture(scope="module")
def curriculum(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("curso")
    for path, text in SOURCES.items():
        (root / path).parent.mkdir(exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    return root


def run_pytest(root: Path, *arguments: str) -> str:
    # By name, and only by that: the same whether the package is installed or not.
    command = [sys.executable, "-m", "pytest", "-p", "catalyst_lessons.adapters.pytest_plugin", "-rA", "-v"]
    environment = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONPATH": str(Path(__file__).parents[2])}
    done = subprocess.run([*command, *arguments], cwd=root, env=environment, capture_output=True, text=True)
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def output(curriculum: Path) -> str:
    return run_pytest(curriculum, "--catalyst", "--continue-on-collection-errors")


def test_every_form_is_a_test(output: str) -> None:
    for passed in ("01-good.py::lesson", "exercises/good.py::solution", "exercises/good.py::starter"):
        assert any("PASSED" in line and passed in line for line in output.splitlines()), output
    assert "lessons/04-skipped.py::lesson SKIPPED" in output


def test_a_failure_tells_place_cell_and_line(output: str) -> None:
    expected = "lessons/02-bad.py:10: failed (code cell 2)\n----> 10 y['missing']\nKeyError: 'missing'\n"
    assert expected in output
    assert "runtest" not in output


def test_a_starter_whose_check_passes_is_a_failure(output: str) -> None:
    assert "exercises/empty.py:12: X302 the checks pass without the solution" in output
    assert "FAILED exercises/empty.py::starter" in output


def test_a_source_that_cannot_be_read_is_an_error(output: str) -> None:
    assert "ERROR lessons/03-broken.ipynb" in output


def test_what_is_no_notebook_is_no_test(curriculum: Path, tmp_path: Path) -> None:
    """Findings of a glossary or of a hand-written translation are for `catalyst check` to tell."""
    shutil.copytree(curriculum / "lessons", tmp_path / "lessons", ignore=shutil.ignore_patterns("*bad*", "*broken*"))
    (tmp_path / "mkdocs.yml").write_text(MKDOCS.replace("English}", "English}\n        - {locale: es, name: Español}"))
    (tmp_path / "glossary.yml").write_text("- [")
    (tmp_path / "lessons/01-good.es.md").write_text("---\ntitle: Uno\nno colon\n---\n\nHola.\n")
    told = run_pytest(tmp_path, "--catalyst")
    assert "1 passed, 1 skipped" in told and "ERROR" not in told, told


def test_broken_settings_are_told_without_a_traceback(tmp_path: Path) -> None:
    (tmp_path / "mkdocs.yml").write_text("site_name: [\n")
    told = run_pytest(tmp_path, "--catalyst")
    assert "mkdocs.yml:2: C501 not YAML" in told
    assert "Traceback" not in told and "pytest_plugin.py" not in told.replace("pytest_plugin.py -", "")


def test_a_lesson_named_on_the_command_line_is_not_imported(curriculum: Path) -> None:
    output = run_pytest(curriculum, "--catalyst", "lessons/02-bad.py")
    assert "1 failed" in output
    assert "error" not in output.splitlines()[-1]


def test_without_the_option_nothing_happens(curriculum: Path) -> None:
    assert "no tests ran" in run_pytest(curriculum)


def test_the_plugin_is_light_to_load() -> None:
    program = "import sys, catalyst_lessons.adapters.pytest_plugin; print([m for m in sys.modules if 'catalyst' in m])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    loaded = ["catalyst_lessons", "catalyst_lessons.adapters", "catalyst_lessons.adapters.pytest_plugin"]
    assert done.stdout.strip() == str(loaded)


@pytest.mark.skipif(sys.platform != "linux", reason="warm parents are forked on Linux")
def test_what_several_notebooks_import_is_imported_once(tmp_path: Path) -> None:
    for name, head in (("a", "import numpy"), ("b", "import numpy"), ("c", "")):
        path = tmp_path / "curso" / "lessons" / f"{name}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{HEADER}# %%\n{head}\nimport os\nopen('{tmp_path / name}', 'w').write(str(os.getppid()))\n")
    (tmp_path / "curso" / "mkdocs.yml").write_text(MKDOCS)
    assert "3 passed" in run_pytest(tmp_path / "curso", "--catalyst")
    first, second, other = ((tmp_path / name).read_text() for name in "abc")
    assert first == second != other
