"""Working copies: what is in them, what is not, and that the sources stay as they are."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from catalyst_lessons.files.kernels import workspace
from catalyst_lessons.files.kernels.workspace import working_copy


def tree(root: Path) -> dict[str, str]:
    return {str(p.relative_to(root)): p.read_text() for p in sorted(root.rglob("*")) if p.is_file()}


def test_relative_paths_lead_where_they_lead_at_home(project: Path) -> None:
    with working_copy(project, "lessons/a.py") as folder:
        assert (folder / "data/x.csv").read_text() == "a\n1\n"
        assert (folder / "../datasets/y.csv").read_text() == "b\n2\n"
        assert (folder / "../lessons/data/x.csv").exists()
        assert (folder / "../mkdocs.yml").exists()
        assert folder.name == "lessons"
        assert folder.parent.name == "curso"


def test_version_control_environments_and_caches_are_left_out(project: Path) -> None:
    with working_copy(project, "lessons/a.py") as folder:
        names = {path.name for path in folder.iterdir()}
        assert names == {"a.py", "data", "model.py", "deeper.py"}
        assert not (folder.parent / ".git").exists()


def spoil(project: Path) -> Path:
    """Writes all over a working copy, fails, and tells where the copy was."""
    try:
        with working_copy(project, "lessons/a.py", copied={"datasets"}) as folder:
            (folder / "data/x.csv").write_text("spoiled")
            (folder / "new.txt").write_text("new")
            (folder / "../datasets/y.csv").write_text("spoiled")
            (folder / "../beside.txt").write_text("new")
            (folder / "closed").mkdir(mode=0o000)
            raise ZeroDivisionError
    except ZeroDivisionError:
        return folder


def test_it_is_gone_afterwards_and_the_source_is_as_it_was(project: Path) -> None:
    before = tree(project)
    place = spoil(project)
    assert tree(project) == before
    assert not place.parent.parent.exists()


def test_a_deep_source_and_one_outside_any_project(project: Path, tmp_path: Path) -> None:
    deep = project / "lessons/part/one"
    deep.mkdir(parents=True)
    with working_copy(project, "lessons/part/one/x.py") as folder:
        assert (folder / "../../data/x.csv").exists()
        assert (folder / "../../../datasets/y.csv").exists()
    with working_copy(tmp_path / "elsewhere", str(project / "lessons/a.py")) as folder:
        assert (folder / "../datasets/y.csv").exists()
    with working_copy(project, "a.py") as folder:
        assert (folder / "lessons/data/x.csv").exists()
        assert (folder / "../curso/mkdocs.yml").exists()


def test_links_are_followed_and_circles_end(project: Path) -> None:
    (project / "lessons/linked").symlink_to(project / "datasets")
    (project / "lessons/circle").symlink_to(project / "lessons")
    (project / "lessons/dangling").symlink_to(project / "nothing")
    with working_copy(project, "lessons/a.py") as folder:
        assert (folder / "linked/y.csv").read_text() == "b\n2\n"
        assert not (folder / "linked").is_symlink()
        assert not (folder / "circle").exists()


def test_large_files_are_linked(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workspace, "LARGE_FILE", 3)
    with working_copy(project, "lessons/a.py") as folder:
        assert (folder / "data/x.csv").is_symlink()
        assert not (folder / "a.py").is_symlink()
    monkeypatch.setattr(workspace, "MANY_FILES", 0)
    with working_copy(project, "lessons/a.py") as folder:
        assert (folder / "data").is_symlink()
    assert (project / "lessons/data/x.csv").exists()


def test_a_built_site_is_left_out_and_a_folder_of_that_name_is_not(project: Path) -> None:
    (project / "site").mkdir()
    (project / "site/index.html").write_text("x")
    with working_copy(project, "a.py") as folder:
        assert (folder / "site").exists()
    (project / "site/sitemap.xml").write_text("x")
    with working_copy(project, "a.py") as folder:
        assert not (folder / "site").exists()


def test_a_folder_we_may_not_read_fails_in_the_notebook(project: Path) -> None:
    for path in ("lessons/volume", "volume"):
        (project / path).mkdir(mode=0o000)
    if os.access(project / "volume", os.R_OK):
        pytest.skip("root may read everything")
    with working_copy(project, "lessons/a.py") as folder:
        assert (folder / "data/x.csv").exists()
        for place in (folder / "volume", folder.parent / "volume"):
            with pytest.raises(PermissionError):
                os.listdir(place)


def test_a_file_we_may_not_read_fails_in_the_notebook(project: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may read everything")
    (project / "lessons/secret.txt").touch(mode=0o000)
    with working_copy(project, "lessons/a.py") as folder, pytest.raises(PermissionError):
        (folder / "secret.txt").read_text()
