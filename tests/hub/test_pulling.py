"""What a learner's copy goes through: published changes, pulled by nbgitpuller itself."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from hub.loopback import git
from hub.test_publishing import BRANCH, change, publish_from, rewrite

pytestmark = pytest.mark.slow

EDITED = "es/lessons/01-rain.ipynb"


PULL = """
import sys
from nbgitpuller.pull import GitPuller
url, folder, branch = sys.argv[1:]
list(GitPuller(url, folder, branch=branch, depth=1).pull())
"""


def pull(remote: Path, copy: Path) -> None:
    """What a click on a launch button does: depth 1, and a merge with what the learner changed."""
    # In a process of its own: it leaves pipes open, which our tests take for an error.
    command = [sys.executable, "-c", PULL, f"file://{remote}", str(copy), BRANCH]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-1000:]


def edit(notebook: Path) -> None:
    """A learner runs the first code cell, and adds one."""
    document = json.loads(notebook.read_text())
    code = next(cell for cell in document["cells"] if cell["cell_type"] == "code")
    code |= {"execution_count": 1, "outputs": [{"name": "stdout", "output_type": "stream", "text": ["3.14\n"]}]}
    document["cells"].append({**code, "id": "mine", "source": ["my_own = 1"]})
    notebook.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n")


def sources(notebook: Path) -> str:
    """The text of all cells; the file must be a notebook still."""
    return "\n".join("".join(cell["source"]) for cell in json.loads(notebook.read_text())["cells"])


@pytest.fixture
def copy(curriculum: Path, remote: Path, tmp_path: Path) -> Path:
    """A learner's copy of what was published first, with one edited notebook."""
    publish_from(curriculum)
    folder = tmp_path / "learner" / "rain-lessons"
    pull(remote, folder)
    edit(folder / EDITED)
    return folder


def test_an_edited_notebook_keeps_the_edit_and_gets_the_change(curriculum: Path, remote: Path, copy: Path) -> None:
    change(curriculum)
    (curriculum / "lessons/04-sun.md").write_text("---\ntitle: Sun\n---\n\nHow long?\n")
    publish_from(curriculum)
    pull(remote, copy)
    told = sources(copy / EDITED)
    assert "my_own = 1" in told and "in a month" in told and "in a week" not in told
    assert "How long?" in sources(copy / "es/lessons/04-sun.ipynb")
    assert "in a month" in sources(copy / "en/lessons/01-rain.ipynb")


def test_the_learner_wins_where_both_changed_a_line(curriculum: Path, remote: Path, copy: Path) -> None:
    text = (copy / EDITED).read_text()
    (copy / EDITED).write_text(text.replace("in a week", "in my town"))
    change(curriculum)
    publish_from(curriculum)
    pull(remote, copy)
    assert "in my town" in sources(copy / EDITED)


def test_a_file_the_learner_deleted_comes_back(curriculum: Path, remote: Path, copy: Path) -> None:
    (copy / "es/lessons/02-wind.ipynb").unlink()
    pull(remote, copy)
    assert (copy / "es/lessons/02-wind.ipynb").exists()


def test_a_deleted_lesson_stays_with_who_edited_it_and_goes_elsewhere(
    curriculum: Path, remote: Path, copy: Path
) -> None:
    (curriculum / "lessons/01-rain.md").unlink()
    publish_from(curriculum)
    pull(remote, copy)
    assert "my_own = 1" in sources(copy / EDITED)
    assert not (copy / "en/lessons/01-rain.ipynb").exists()
    change(curriculum, "lessons/02-wind.md")
    publish_from(curriculum)
    pull(remote, copy)
    assert "in a month" in sources(copy / "es/lessons/02-wind.ipynb")
    assert "my_own = 1" in sources(copy / EDITED)


def test_the_edit_moves_with_a_moved_lesson(curriculum: Path, remote: Path, copy: Path) -> None:
    (curriculum / "lessons/01-rain.md").rename(curriculum / "lessons/05-rain.md")
    publish_from(curriculum)
    pull(remote, copy)
    kept = [path for path in (copy / EDITED, copy / "es/lessons/05-rain.ipynb") if path.exists()]
    assert any("my_own = 1" in sources(path) for path in kept)
    assert (copy / "en/lessons/05-rain.ipynb").exists()


def test_a_file_of_the_learners_with_a_new_name_is_put_aside(curriculum: Path, remote: Path, copy: Path) -> None:
    (copy / "es/lessons/04-sun.ipynb").write_text("my own notes")
    (curriculum / "lessons/04-sun.md").write_text("---\ntitle: Sun\n---\n\nHow long?\n")
    publish_from(curriculum)
    pull(remote, copy)
    assert "How long?" in sources(copy / "es/lessons/04-sun.ipynb")
    aside = (copy / "es/lessons").glob("04-sun__*.ipynb")
    assert [path.read_text() for path in aside] == ["my own notes"]


def test_a_mended_branch_reaches_every_copy_again(curriculum: Path, remote: Path, copy: Path, tmp_path: Path) -> None:
    change(curriculum)
    publish_from(curriculum)
    pull(remote, copy)
    edited = sources(copy / EDITED)
    rewrite(remote, tmp_path)
    assert [finding.code for finding in publish_from(curriculum).findings] == ["H413"]
    from catalyst_lessons.adapters import cli

    change(curriculum, old="in a month", new="in a year")
    assert cli.run(["--project", str(curriculum), "notebooks", "publish", "--mend", "--push"]) == 0
    pull(remote, copy)
    assert "in a year" in sources(copy / "en/lessons/01-rain.ipynb")
    assert sources(copy / EDITED) == edited.replace("in a month", "in a year")


def test_checkpoints_do_not_disturb(curriculum: Path, remote: Path, copy: Path) -> None:
    (copy / "es/lessons/.ipynb_checkpoints").mkdir()
    (copy / "es/lessons/.ipynb_checkpoints/01-rain-checkpoint.ipynb").write_text("{}")
    assert ".ipynb_checkpoints" not in git(copy, "status", "--porcelain")
