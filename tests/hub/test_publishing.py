"""The notebook branch: commits are added and nothing else changes; a rewritten history is found."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest
from hub.conftest import LESSON
from hub.loopback import git

from catalyst_lessons.adapters import cli
from catalyst_lessons.core.errors import UsageError
from catalyst_lessons.project import Project
from catalyst_lessons.project.publishing import Published, notebook_branch, publish

BRANCH = "notebooks"


def publish_from(folder: Path, *, push: bool = True, check: bool = False) -> Published:
    project = Project.open(folder)
    return publish(project, notebook_branch(project), push=push, check=check)


def change(folder: Path, path: str = "lessons/01-rain.md", *, old: str = "in a week", new: str = "in a month") -> None:
    text = (folder / path).read_text()
    assert old in text
    (folder / path).write_text(text.replace(old, new))


def test_a_commit_is_added_and_pushed(curriculum: Path, remote: Path) -> None:
    first = publish_from(curriculum)
    change(curriculum)
    second = publish_from(curriculum)
    assert second.changed == ("en/lessons/01-rain.ipynb", "es/lessons/01-rain.ipynb")
    assert git(remote, "rev-parse", BRANCH) == second.commit
    assert git(remote, "rev-list", BRANCH).split() == [second.commit, first.commit]
    assert f"Source-Commit: {git(curriculum, 'rev-parse', 'HEAD')}" in git(remote, "log", "-1", "--format=%B", BRANCH)
    assert "not committed" in git(remote, "log", "-1", "--format=%B", BRANCH)
    assert "in a month" in git(remote, "show", f"{BRANCH}:es/lessons/01-rain.ipynb")


def test_what_stands_on_the_branch(curriculum: Path) -> None:
    publish_from(curriculum, push=False)
    assert git(curriculum, "ls-tree", "-r", "--name-only", BRANCH).split("\n") == [
        ".catalyst-manifest.json",
        ".gitignore",
        "LICENSE-LESSONS.md",
        "README.md",
        "en/README.md",
        "en/lessons/01-rain.ipynb",
        "en/lessons/02-wind.ipynb",
        "en/lessons/data/rain.csv",
        "en/preflight.ipynb",
        "es/README.md",
        "es/lessons/01-rain.ipynb",
        "es/lessons/02-wind.ipynb",
        "es/lessons/data/rain.csv",
        "es/preflight.ipynb",
        "requirements.txt",
        "runtime.txt",
    ]
    assert "Ana" in git(curriculum, "show", f"{BRANCH}:es/README.md")
    assert "Traerlos" not in git(curriculum, "show", f"{BRANCH}:en/README.md")
    assert ".ipynb_checkpoints/" in git(curriculum, "show", f"{BRANCH}:.gitignore")


def test_nothing_but_the_branch_changes(curriculum: Path) -> None:
    (curriculum / "lessons" / "draft.txt").write_text("not committed")
    change(curriculum, "LICENSE-LESSONS.md", old="4.0", new="4.0!")
    git(curriculum, "add", "LICENSE-LESSONS.md")

    def state() -> tuple[str, str, str]:
        return (
            git(curriculum, "status", "--porcelain"),
            git(curriculum, "rev-parse", "HEAD"),
            git(curriculum, "stash", "list"),
        )

    before = state()
    publish_from(curriculum)
    assert state() == before


def test_no_commit_without_a_change(curriculum: Path) -> None:
    first = publish_from(curriculum)
    again = publish_from(curriculum)
    assert (again.changed, again.commit) == ((), first.commit)


def test_bytes_do_not_depend_on_gits_settings(curriculum: Path) -> None:
    first = publish_from(curriculum)
    git(curriculum, "config", "core.autocrlf", "true")
    assert publish_from(curriculum).commit == first.commit


def test_check_writes_nothing(curriculum: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["--project", str(curriculum), "notebooks", "publish", "--check"]) == 1
    assert "would change notebooks:es/lessons/01-rain.ipynb" in capsys.readouterr().out
    assert BRANCH not in git(curriculum, "branch", "--list")
    publish_from(curriculum)
    assert cli.run(["--project", str(curriculum), "notebooks", "publish", "--check"]) == 0


def test_a_fresh_shallow_clone_goes_on_with_the_remotes_branch(curriculum: Path, remote: Path, tmp_path: Path) -> None:
    first = publish_from(curriculum)
    change(curriculum)
    git(curriculum, "commit", "-qam", "Change")
    git(curriculum, "push", "-q", "origin", "main")
    clone = tmp_path / "ci"
    git(tmp_path, "clone", "-q", "--depth", "1", "--single-branch", f"file://{remote}", str(clone))
    second = publish_from(clone)
    assert git(remote, "rev-list", BRANCH).split() == [second.commit, first.commit]


def test_moved_and_deleted_sources_leave_the_branch_and_its_history(curriculum: Path) -> None:
    first = publish_from(curriculum)
    (curriculum / "lessons/01-rain.md").rename(curriculum / "lessons/03-rain.md")
    (curriculum / "lessons/02-wind.md").unlink()
    publish_from(curriculum)
    paths = git(curriculum, "ls-tree", "-r", "--name-only", BRANCH).split("\n")
    assert "es/lessons/03-rain.ipynb" in paths
    assert not {"es/lessons/01-rain.ipynb", "es/lessons/02-wind.ipynb"} & set(paths)
    assert "es/lessons/02-wind.ipynb" in git(curriculum, "ls-tree", "-r", "--name-only", first.commit)


def test_what_others_put_on_the_branch_stays(curriculum: Path, remote: Path, tmp_path: Path) -> None:
    publish_from(curriculum)
    theirs = tmp_path / "theirs"
    git(tmp_path, "clone", "-q", "-b", BRANCH, str(remote), str(theirs))
    (theirs / "apt.txt").write_text("tree\n")
    git(theirs, "rm", "-q", "--cached", ".catalyst-manifest.json", "requirements.txt")
    (theirs / ".catalyst-manifest.json").write_text(
        json.dumps({"runtime.txt": "", "en/lessons/02-wind.ipynb": "lessons/02-wind.md"})
    )
    (theirs / "requirements.txt").write_text("pandas==2.2.0\n")
    git(theirs, "add", "--all")
    git(theirs, "commit", "-qm", "Packages")
    git(theirs, "push", "-q", "origin", BRANCH)
    change(curriculum)
    publish_from(curriculum)
    assert git(remote, "show", f"{BRANCH}:apt.txt") == "tree"
    assert git(remote, "show", f"{BRANCH}:requirements.txt") == "pandas==2.2.0"
    assert "in a month" in git(remote, "show", f"{BRANCH}:en/lessons/01-rain.ipynb")


def test_a_branch_that_is_checked_out_is_left_alone(curriculum: Path, tmp_path: Path) -> None:
    publish_from(curriculum)
    git(curriculum, "worktree", "add", "-q", str(tmp_path / "beside"), BRANCH)
    change(curriculum)
    with pytest.raises(UsageError, match="is checked out in"):
        publish_from(curriculum)


def test_a_race_is_lost_without_force(curriculum: Path, remote: Path, tmp_path: Path) -> None:
    """Somebody publishes between our fetch and our push."""
    publish_from(curriculum)
    other = tmp_path / "other"
    git(tmp_path, "clone", "-q", "-b", BRANCH, str(remote), str(other))
    (other / "note.txt").write_text("here first\n")
    git(other, "add", "note.txt")
    git(other, "commit", "-qm", "First")
    change(curriculum)
    ours = publish_from(curriculum, push=False)
    git(other, "push", "-q", "origin", BRANCH)
    branch = notebook_branch(Project.open(curriculum))
    with pytest.raises(UsageError) as raised:
        branch.push(ours.commit)
    assert raised.value.code == "H413" and "never force it" in raised.value.hint
    assert git(remote, "show", f"{BRANCH}:note.txt") == "here first"


def rewrite(remote: Path, tmp_path: Path) -> None:
    """What nobody should do: the tip is made anew and forced."""
    clone = tmp_path / "rewriter"
    git(tmp_path, "clone", "-q", "-b", BRANCH, str(remote), str(clone))
    git(clone, "commit", "-q", "--amend", "-m", "Tidier")
    git(clone, "push", "-q", "--force", "origin", BRANCH)


def test_a_rewritten_branch_is_found_from_here_and_from_a_fresh_clone(
    curriculum: Path, remote: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    published = publish_from(curriculum)
    rewrite(remote, tmp_path)
    change(curriculum)
    git(tmp_path, "clone", "-q", "--single-branch", str(remote), str(tmp_path / "ci"))
    for folder in (curriculum, tmp_path / "ci"):
        found = publish_from(folder)
        assert [finding.code for finding in found.findings] == ["H413"] and not found.ok
        assert published.commit[:12] in found.findings[0].message
    assert cli.run(["--project", str(curriculum), "links", "--check"]) == 1
    assert "H413" in capsys.readouterr().err


def test_a_rewritten_branch_is_mended_without_force(curriculum: Path, remote: Path, tmp_path: Path) -> None:
    published = publish_from(curriculum)
    rewrite(remote, tmp_path)
    amended = git(remote, "rev-parse", BRANCH)
    git(tmp_path, "clone", "-q", "--single-branch", str(remote), str(tmp_path / "ci"))
    change(tmp_path / "ci")
    command = ["--project", str(tmp_path / "ci"), "notebooks", "publish", "--mend", "--push"]
    assert cli.run(command) == 0
    assert set(git(remote, "log", "-1", "--format=%P", BRANCH).split()) == {amended, published.commit}
    assert publish_from(tmp_path / "ci").ok
    change(curriculum, old="in a week", new="in a year")
    assert publish_from(curriculum).ok


def test_git_without_a_name_is_told_what_to_type(curriculum: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL"):
        monkeypatch.setenv(name, "")
    git(curriculum, "config", "user.useConfigOnly", "true")
    with pytest.raises(UsageError, match="who you are") as raised:
        publish_from(curriculum)
    assert "git config user.name" in raised.value.hint


def test_a_folder_without_git_is_told(curriculum: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    os.rename(curriculum / ".git", tmp_path / "gone")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    with pytest.raises(UsageError, match="no git repository"):
        publish_from(curriculum)


def test_links_are_checked_against_the_branch(curriculum: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = ["--project", str(curriculum), "links", "--check"]
    assert cli.run(command) == 0
    assert "H412" in capsys.readouterr().err
    publish_from(curriculum)
    assert cli.run(command) == 0
    assert capsys.readouterr().err == ""
    (curriculum / "lessons/04-sun.md").write_text(LESSON.replace("Rain", "Sun"))
    assert cli.run(command) == 1
    assert "H411 the launch links open en/lessons/04-sun.ipynb" in capsys.readouterr().err


LINK = "/hub/user-redirect/git-pull?repo=https%3A%2F%2Fgithub.com%2Fexample%2Flessons"
GOOD = "&branch=notebooks&targetPath=lessons&urlpath=lab%2Ftree%2Flessons%2Fes%2Flessons%2F01-rain.ipynb"


@pytest.mark.parametrize(
    ("link", "code"),
    [
        (f"https://hub.example.org{LINK}{GOOD}", ""),
        (f"http://hub.example.org{LINK}{GOOD}", "H414"),
        (f"https://hub.example.org{LINK}{GOOD}".replace("urlpath=lab", "urlpath=%2Flab"), "H414"),
        (f"https://hub.example.org{LINK}.git{GOOD}".replace("targetPath=lessons&", ""), "H414"),
        (f"https://old.example.org{LINK}{GOOD}", "H416"),
        (f"https://hub.example.org{LINK}{GOOD}".replace("branch=notebooks", "branch=main"), "H417"),
        (f"https://hub.example.org{LINK}{GOOD}".replace("01-rain", "09-rain"), "H410"),
    ],
    ids=["good", "http hub", "leading slash", "name.git", "retired hub", "wrong branch", "missing notebook"],
)
def test_links_in_prose_are_checked(curriculum: Path, capsys: pytest.CaptureFixture[str], link: str, code: str) -> None:
    hubs = "hubs:\n  - {id: old, url: https://old.example.org, status: retired}\n"
    text = (curriculum / "mkdocs.yml").read_text()
    (curriculum / "mkdocs.yml").write_text(text + "".join(f"      {line}\n" for line in hubs.splitlines()))
    publish_from(curriculum)
    change(curriculum, "lessons/02-wind.md", old="How much", new=f"[Open]({link}) How much")
    assert cli.run(["--project", str(curriculum), "links", "--check"]) == (1 if code else 0)
    told = capsys.readouterr().err
    assert told.startswith(f"lessons/02-wind.md:8: {code} ") if code else told == ""


def test_a_remote_that_cannot_be_reached_is_told_with_gits_reason_not_its_advice(curriculum: Path) -> None:
    git(curriculum, "remote", "set-url", "origin", str(curriculum / "gone.git"))
    with pytest.raises(UsageError) as raised:
        publish_from(curriculum)
    assert "gone.git' does not appear to be a git repository; Could not read from remote" in raised.value.message
    assert "Please make sure" not in raised.value.message
    assert "\n" not in raised.value.message


def test_names_of_others_that_are_no_utf8_stay(curriculum: Path) -> None:
    first = publish_from(curriculum, push=False).commit
    blob = git(curriculum, "rev-parse", f"{first}:README.md")
    listed = git(curriculum, "ls-tree", "-r", "-z", first).encode() + f"100644 blob {blob}\tan".encode() + b"\xe9.txt\0"
    made = subprocess.run(
        ["git", "-C", str(curriculum), "mktree", "-z"],
        input=b"\0".join(line for line in listed.split(b"\0") if b"/" not in line),
        capture_output=True,
        check=True,
    )
    tree = made.stdout.decode().strip()
    git(curriculum, "update-ref", f"refs/heads/{BRANCH}", git(curriculum, "commit-tree", tree, "-p", first, "-m", "x"))
    change(curriculum)
    after = publish_from(curriculum, push=False).commit
    assert f"100644 blob {blob}\tan\\351.txt" in git(curriculum, "ls-tree", after).replace('"', "")


def test_a_repository_that_git_does_not_trust_is_told(curriculum: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    with pytest.raises(UsageError, match="git does not trust the repository") as told:
        publish_from(curriculum)
    assert "safe.directory" in told.value.hint


def test_links_to_what_is_secret_are_not_published(curriculum: Path, tmp_path: Path) -> None:
    (tmp_path / "id_key").write_text("SECRET")
    (curriculum / "binder").mkdir()
    (curriculum / "binder" / "requirements.txt").symlink_to("../requirements-all.txt")
    (curriculum / "requirements-all.txt").write_text("pandas\n")
    (curriculum / "binder" / "apt.txt").symlink_to(tmp_path / "id_key")
    (curriculum / "binder" / "start").symlink_to("../.git/config")
    (curriculum / "LICENSE-LESSONS.md").unlink()
    (curriculum / "LICENSE-LESSONS.md").symlink_to(tmp_path / "id_key")
    publish_from(curriculum, push=False)
    there = git(curriculum, "ls-tree", "-r", "--name-only", BRANCH).split("\n")
    assert [path for path in there if path.startswith(("binder/", "LICENSE"))] == ["binder/requirements.txt"]
    assert git(curriculum, "show", f"{BRANCH}:binder/requirements.txt") == "pandas"
