"""Generated trees on disk: only what changed is written, only what is ours is removed."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from catalyst_lessons.core.errors import UsageError
from catalyst_lessons.files import site
from catalyst_lessons.files.site import MANIFEST, tree_changes, write_tree
from catalyst_lessons.files.writing import write_bytes

TREE = {"a.md": b"a", "sub/b.md": b"b\r\n\xff"}


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name != MANIFEST
    }


def test_tree_is_written_as_it_is(tmp_path):
    assert write_tree(tmp_path, TREE, sources={"a.md": "lessons/a.py"}) == ("a.md", "sub/b.md")
    assert files(tmp_path) == TREE
    assert json.loads((tmp_path / MANIFEST).read_text()) == {"a.md": "lessons/a.py", "sub/b.md": ""}


def test_writing_twice_touches_nothing(tmp_path):
    write_tree(tmp_path, TREE)
    for path in tmp_path.rglob("*"):
        os.utime(path, (1, 1))
    assert write_tree(tmp_path, TREE) == ()
    assert {path.stat().st_mtime for path in tmp_path.rglob("*")} == {1}


def test_only_what_changed_is_written(tmp_path):
    write_tree(tmp_path, TREE)
    os.utime(tmp_path / "a.md", (1, 1))
    assert write_tree(tmp_path, {**TREE, "sub/b.md": b"new"}) == ("sub/b.md",)
    assert (tmp_path / "a.md").stat().st_mtime == 1


def test_stale_files_go_and_foreign_ones_stay(tmp_path):
    write_tree(tmp_path, {**TREE, "old/deep/c.md": b"c"})
    (tmp_path / "sub/mine.txt").write_text("mine")
    assert write_tree(tmp_path, {"a.md": b"a"}) == ("old/deep/c.md", "sub/b.md")
    assert files(tmp_path) == {"a.md": b"a", "sub/mine.txt": b"mine"}
    assert not (tmp_path / "old").exists()


def test_nothing_is_written_when_only_asked(tmp_path):
    assert tree_changes(tmp_path / "new", TREE) == ("a.md", "sub/b.md")
    assert not (tmp_path / "new").exists()


def test_file_makes_way_for_a_folder_and_back(tmp_path):
    write_tree(tmp_path, {"x": b"file"})
    write_tree(tmp_path, {"x/y": b"inside"})
    assert files(tmp_path) == {"x/y": b"inside"}
    write_tree(tmp_path, {"x": b"file"})
    assert files(tmp_path) == {"x": b"file"}


def test_interrupted_write_leaves_the_old_file(tmp_path, monkeypatch):
    write_tree(tmp_path, TREE)

    def broken(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("os.replace", broken)
    with pytest.raises(KeyboardInterrupt):
        write_bytes(tmp_path / "a.md", b"half")
    assert files(tmp_path) == TREE


def test_what_an_interrupted_call_wrote_can_be_removed_later(tmp_path, monkeypatch):
    real = site.write_bytes

    def until_the_second(path: Path, content: bytes) -> None:
        if path.name == "b.md":
            raise KeyboardInterrupt
        real(path, content)

    monkeypatch.setattr(site, "write_bytes", until_the_second)
    with pytest.raises(KeyboardInterrupt):
        write_tree(tmp_path, TREE)
    monkeypatch.undo()
    assert files(tmp_path) == {"a.md": b"a"}
    write_tree(tmp_path, {"c.md": b"c"})
    assert files(tmp_path) == {"c.md": b"c"}


@pytest.mark.parametrize(
    "path", ["../outside.txt", "sub/../../outside.txt", "{absolute}", "link/outside.txt", "", ".", "sub"]
)
def test_tampered_manifest_removes_nothing_outside(tmp_path, path):
    folder, outside = tmp_path / "tree", tmp_path / "outside.txt"
    outside.write_text("precious")
    write_tree(folder, TREE)
    (folder / "link").symlink_to(tmp_path)
    manifest = {**dict.fromkeys(TREE, ""), path.replace("{absolute}", str(outside)): ""}
    (folder / MANIFEST).write_text(json.dumps(manifest))
    assert write_tree(folder, TREE) == ()
    assert outside.read_text() == "precious" and (folder / "sub/b.md").exists()


def test_stale_link_goes_and_what_it_leads_to_stays(tmp_path):
    folder, outside = tmp_path / "tree", tmp_path / "outside.txt"
    outside.write_text("precious")
    write_tree(folder, TREE)
    (folder / "a.md").unlink()
    (folder / "a.md").symlink_to(outside)
    assert write_tree(folder, {}) == ("a.md", "sub/b.md")
    assert outside.read_text() == "precious" and files(folder) == {}


@pytest.mark.parametrize("manifest", ["", "{", "5", "null", '["a.md"]', "\udcff"])
def test_broken_manifest_counts_as_none(tmp_path, manifest):
    (tmp_path / "a.md").write_text("foreign")
    (tmp_path / MANIFEST).write_bytes(manifest.encode(errors="surrogateescape"))
    assert write_tree(tmp_path, {"b.md": b"b"}) == ("b.md",)
    assert files(tmp_path) == {"a.md": b"foreign", "b.md": b"b"}


def test_no_file_of_somebody_else_is_written_over(tmp_path):
    (tmp_path / "README.md").write_text("theirs")
    with pytest.raises(UsageError, match=r"not ours would be written over: README\.md"):
        write_tree(tmp_path, {"README.md": b"ours", "a.md": b"a"})
    assert files(tmp_path) == {"README.md": b"theirs"}
    write_tree(tmp_path, {"README.md": b"theirs", "a.md": b"a"})
    write_tree(tmp_path, {"README.md": b"ours", "a.md": b"a"})
    assert files(tmp_path) == {"README.md": b"ours", "a.md": b"a"}


def test_in_a_folder_of_ours_alone_everything_may_be_written_over(tmp_path):
    (tmp_path / "a.md").write_text("left by a call whose manifest is gone")
    write_tree(tmp_path, {"a.md": b"a"}, ours=True)
    assert files(tmp_path) == {"a.md": b"a"}


def test_a_file_keeps_its_rights_and_a_new_one_gets_the_usual_ones(tmp_path):
    (tmp_path / "mine.po").write_text("old")
    (tmp_path / "mine.po").chmod(0o660)
    before = os.umask(0o002)
    try:
        write_bytes(tmp_path / "mine.po", b"new")
        write_bytes(tmp_path / "folder" / "new.html", b"new")
    finally:
        os.umask(before)
    assert (tmp_path / "mine.po").stat().st_mode & 0o777 == 0o660
    assert (tmp_path / "folder" / "new.html").stat().st_mode & 0o777 == 0o664


def test_a_name_as_long_as_names_can_be(tmp_path):
    write_bytes(tmp_path / ("a" * 252 + ".po"), b"x")
    assert (tmp_path / ("a" * 252 + ".po")).read_bytes() == b"x"
