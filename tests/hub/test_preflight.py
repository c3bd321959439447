"""The preflight notebook that participants run, and the request to those who run a hub."""

from __future__ import annotations

import contextlib
import io
import json
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest

from catalyst_lessons.adapters import cli
from catalyst_lessons.core.launching.publishing import Needs, imports_of, needs_of, requirements
from catalyst_lessons.core.model import Cell, Kernel, Language, Lesson
from catalyst_lessons.core.rendering.hub_request import Workshop, render_request
from catalyst_lessons.core.rendering.preflight import render_preflight
from catalyst_lessons.project import Project
from catalyst_lessons.project.publishing import whole_tree
from catalyst_lessons.project.translations import THEME, words_in

SOURCE = (THEME / "preflight.py").read_text(encoding="utf-8")
GOOD = Needs({"PyYAML": "5"}, {"PyYAML": "yaml"})
BAD = Needs({"PyYAML": "99.1"}, {"PyYAML": "yaml"}, ("no_such_module",))


def notebook(needs: Needs, *, memory: int = 100, tag: str = "en") -> dict[str, object]:
    text = render_preflight(
        SOURCE, needs, memory=memory, language=Language.of(tag), words=words_in(tag), curriculum="Rain"
    )
    nbformat.validate(nbformat.reads(text, as_version=4))
    return dict(json.loads(text))


def run(document: dict[str, object]) -> str:
    """What the notebook prints where its code cells run one after the other."""
    printed, names = io.StringIO(), {"__name__": "__main__"}
    with contextlib.redirect_stdout(printed):
        for cell in cells(document):
            if cell["cell_type"] == "code":
                exec("".join(cell["source"]), names)  # type: ignore[arg-type]  # noqa: S102
    return printed.getvalue()


def cells(document: dict[str, object]) -> Iterator[dict[str, list[str] | str]]:
    yield from document["cells"]  # type: ignore[misc]


def test_a_good_place_says_ok_on_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MEM_LIMIT", str(2 * 1024**3))
    told = run(notebook(GOOD)).strip().split("\n")
    assert told[0] == "All is well. Copy the next line and send it to your trainer:"
    import platform

    import yaml

    python = ".".join(platform.python_version_tuple()[:2])
    assert told[-1] == f"OK {python} 2.0GB PyYAML{'.'.join(yaml.__version__.split('.')[:2])}"


def test_a_bad_place_says_what_is_missing_in_the_learners_language(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MEM_LIMIT", str(1024**3))
    told = run(notebook(BAD, memory=2048, tag="es"))
    assert "Hay 1.0 GB de memoria; las lecciones necesitan 2.0 GB." in told
    assert "no_such_module no está instalado." in told
    assert "las lecciones necesitan 99.1 o más nueva." in told
    line = told.strip().rpartition("\n")[2]
    assert line.startswith("NO ") and " 1.0GB! " in line and "no_such_module-" in line and line.count("!") == 2
    assert "installed" not in told


@pytest.mark.parametrize("tag", ["en", "es", "pt", "fr"])
def test_every_language_has_its_own_words(tag: str) -> None:
    first = "".join(next(cells(notebook(GOOD, tag=tag)))["source"])
    assert first.startswith(f"# {words_in(tag)('Is everything ready?')}")
    assert (tag == "en") == ("Click the cell" in first)


def test_nothing_but_the_standard_library_is_imported_and_checkers_are_not_spoken_to() -> None:
    lesson = Lesson("preflight.py", (Cell("code", "".join(list(cells(notebook(GOOD)))[1]["source"]), "x"),))
    assert imports_of([lesson]) == ()
    assert "noqa" not in lesson.cells[0].source


def lesson_with(source: str, kernel: Kernel | None = None) -> Lesson:
    return Lesson("x.md", (Cell("code", source, "a"),), kernel=kernel or Kernel())


def test_imports_are_found_in_any_cell() -> None:
    code = "%matplotlib inline\nimport os, numpy as np\n!pip list\nfrom Bio.SeqUtils import x\nfrom . import y\ndf?"
    assert imports_of([lesson_with(code), lesson_with("this is no Python")]) == ("Bio", "numpy")
    assert imports_of([lesson_with("import numpy", Kernel("ir", "R"))]) == ()


@pytest.mark.parametrize(
    "code",
    [
        "import pandas as pd  # which version?",
        "if True:\n    %matplotlib inline\nimport pandas",
        "files = !ls\nimport pandas",
        "pip install pandas\nimport pandas",
        "%%time\nimport pandas",
    ],
)
def test_imports_are_found_beside_what_is_ipythons(code: str) -> None:
    assert imports_of([lesson_with(code)]) == ("pandas",)


def test_imports_of_another_language_are_none() -> None:
    assert imports_of([lesson_with("%%bash\nimport pandas")]) == ()


def test_a_request_takes_other_braces_of_a_translation_for_text() -> None:
    told = render_request(Workshop("T", "3 May", 2, 1024), lambda text: text.replace("{dates}", "{dates.x} {fechas}"))
    assert "{dates.x} {fechas}" in told


def test_requirements_are_loose_and_stay_where_they_hold() -> None:
    def lines(version: str, *, before: str = "", declared: str = "") -> str:
        needs = needs_of(
            ("Bio", "helper", "nothing"),
            distributions={"Bio": ["biopython"]},
            versions={"biopython": version},
            own=("helper",),
            before=before,
            declared=declared,
        )
        assert needs.unknown == ("nothing",)
        return requirements(needs)

    assert lines("1.88") == "biopython>=1\n"
    assert lines("0.12.3") == "biopython>=0.12\n"
    assert lines("2.0", before="Biopython>=1.85\n") == "biopython>=1.85\n"
    assert lines("1.80", before="biopython>=1.85\n") == "biopython>=1\n"
    assert lines("1.88", declared='"biopython>=1.83"') == "biopython>=1.83\n"


def test_a_module_nobody_has_is_told(curriculum: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = curriculum / "lessons/01-rain.md"
    path.write_text(path.read_text().replace("import math", "import math, no_such_module, yaml"))
    tree = whole_tree(Project.open(curriculum))
    assert tree.contents["requirements.txt"].startswith(b"PyYAML>=")
    assert cli.run(["--project", str(curriculum), "notebooks", "publish", "--check"]) == 1
    assert 'H415 warning: the lessons import "no_such_module"' in capsys.readouterr().err


def test_an_environment_of_ones_own_takes_the_place_of_ours(curriculum: Path) -> None:
    (curriculum / "binder").mkdir()
    (curriculum / "binder/environment.yml").write_text("dependencies: [python=3.12]\n")
    contents = whole_tree(Project.open(curriculum)).contents
    assert contents["binder/environment.yml"] == b"dependencies: [python=3.12]\n"
    assert "requirements.txt" not in contents


@pytest.mark.parametrize(
    ("tag", "subject", "memory"),
    [
        ("en", "Subject: workshop on your hub, 3 May", "Memory together: 60.0 GB"),
        ("es", "Asunto: taller en su hub, 3 May", "Memoria en total: 60.0 GB"),
        ("pt", "Assunto: oficina no hub de vocês, 3 May", "Memória no total: 60.0 GB"),
        ("fr", "Objet : atelier sur votre hub, 3 May", "Mémoire au total : 60.0 Go"),
    ],
)
def test_the_request(curriculum: Path, capsys: pytest.CaptureFixture[str], tag: str, subject: str, memory: str) -> None:
    text = (curriculum / "mkdocs.yml").read_text()
    (curriculum / "mkdocs.yml").write_text(text + "      hubs: [{id: mine, url: 'https://hub.example.org'}]\n")
    command = ["hub", "request", "--dates", "3 May", "--people", "30", "--language", tag]
    assert cli.run(["--project", str(curriculum), *command]) == 0
    told = capsys.readouterr().out
    assert told.startswith(subject) and memory in told and "{" not in told
    folder = tag if tag == "es" else "en"
    assert f"urlpath=lab%2Ftree%2Flessons%2F{folder}%2Fpreflight.ipynb" in told
    assert "git clone --depth 1 --branch notebooks https://github.com/example/lessons lessons" in told
