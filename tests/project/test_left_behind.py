"""Files that are there when a notebook is checked, and missing where learners open it."""

from __future__ import annotations

from pathlib import Path

from curricula import write_curriculum

from catalyst_lessons.project import Project
from catalyst_lessons.project.checking import Options, check_project

HEAD = "# ---\n# title: A\n# {data}\n# ---\n\n# %% [markdown]\n# ![A picture](images/p.png)\n\n"
CODE = "# %%\nimport json\nimport my_tools\nfrom pack.part import (\n    x,\n)\n\n# %%\n"
CODE += "open('data/a.csv'), open('images/p.png')\n"
CODE += "row['data'], open('data/gone.csv'), open('../cases/b.csv'), open('/etc/hostname')\n"
FILES = {
    "lessons/my_tools.py": "VALUE = 1\n",
    "lessons/pack/__init__.py": "",
    "lessons/pack/part.py": "x = 1\n",
    "lessons/data/a.csv": "1\n",
    "lessons/data/other.csv": "1\n",
    "lessons/images/p.png": "",
    "cases/b.csv": "1\n",
}


def told(folder: Path, data: str) -> list[tuple[str, str]]:
    write_curriculum(folder, {**FILES, "lessons/a.py": HEAD.format(data=data) + CODE})
    report = check_project(Project.open(folder, environ={}), Options(run=False))
    found = [one for one in report.findings if one.code == "X322"]
    assert all(one.severity == "warning" for one in found)
    return [(str(one.location), one.message.split("`")[1]) for one in found]


def test_what_the_code_reads_and_the_front_matter_does_not_name(tmp_path: Path) -> None:
    assert told(tmp_path, "license: CC-BY-4.0") == [
        ("lessons/a.py:11", "my_tools.py"),
        ("lessons/a.py:12", "pack/__init__.py"),
        ("lessons/a.py:12", "pack/part.py"),
        ("lessons/a.py:17", "data/a.csv"),
        ("lessons/a.py:18", "../cases/b.csv"),
    ]


def test_what_is_declared_travels(tmp_path: Path) -> None:
    data = "data: [my_tools.py, pack/__init__.py, pack/part.py, data/a.csv, ../cases/b.csv]"
    assert told(tmp_path, data) == []
    assert told(tmp_path / "two", data.replace(", data/a.csv", "")) == [("lessons/a.py:17", "data/a.csv")]
