"""Where the repository is found: what each CI service says, and git itself."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from catalyst_lessons.files.repository import find_folder, find_repository, is_preview

GITHUB = {
    "GITHUB_ACTIONS": "true",
    "GITHUB_SERVER_URL": "https://github.com",
    "GITHUB_REPOSITORY": "upstream/lessons",
    "GITHUB_REF_NAME": "main",
    "GITHUB_REF_TYPE": "branch",
}
GITLAB = {
    "GITLAB_CI": "true",
    "CI_PROJECT_URL": "https://gitlab.com/g/s/lessons",
    "CI_COMMIT_REF_NAME": "main",
    "CI_DEFAULT_BRANCH": "trunk",
}
PATH = {"PATH": os.environ["PATH"]}


@pytest.mark.parametrize(
    ("environ", "found"),
    [
        (GITHUB, ("https://github.com/upstream/lessons", "main")),
        (
            GITHUB | {"GITHUB_SERVER_URL": "https://codeberg.org", "GITEA_ACTIONS": "true"},
            ("https://codeberg.org/upstream/lessons", "main"),
        ),
        (GITLAB, ("https://gitlab.com/g/s/lessons", "main")),
        (
            GITLAB | {"CI_COMMIT_TAG": "v1", "CI_COMMIT_REF_NAME": "v1"},
            ("https://gitlab.com/g/s/lessons", "trunk"),
        ),
        (
            GITLAB
            | {
                "CI_MERGE_REQUEST_SOURCE_PROJECT_URL": "https://gitlab.com/fork/lessons",
                "CI_MERGE_REQUEST_SOURCE_BRANCH_NAME": "fix",
            },
            ("https://gitlab.com/fork/lessons", "fix"),
        ),
        (
            {"READTHEDOCS_GIT_CLONE_URL": "git@github.com:o/r.git", "READTHEDOCS_GIT_IDENTIFIER": "main"},
            ("https://github.com/o/r.git", "main"),
        ),
        (
            {
                "READTHEDOCS_GIT_CLONE_URL": "https://github.com/o/r",
                "READTHEDOCS_GIT_IDENTIFIER": "17",
                "READTHEDOCS_VERSION_TYPE": "external",
            },
            ("https://github.com/o/r", ""),
        ),
        (
            {
                "NETLIFY": "true",
                "REPOSITORY_URL": "https://x:t0ken@github.com/o/r",
                "HEAD": "fix",
                "BRANCH": "pull/1/head",
            },
            ("https://github.com/o/r", "fix"),
        ),
        ({"REPOSITORY_URL": "https://elsewhere.example.org/o/r"}, ("", "")),
    ],
)
def test_what_a_service_says(tmp_path: Path, environ: dict[str, str], found: tuple[str, str]) -> None:
    assert find_repository(tmp_path, environ) == found


def event(folder: Path, head_repository: object) -> dict[str, str]:
    path = folder / "event.json"
    pull = {"head": {"ref": "fix", "repo": head_repository}}
    path.write_text(json.dumps({"pull_request": pull, "repository": {"default_branch": "trunk"}}), encoding="utf-8")
    return {"GITHUB_EVENT_PATH": str(path)}


def test_a_pull_request_from_a_fork_is_the_forks(tmp_path: Path) -> None:
    asked = GITHUB | {"GITHUB_HEAD_REF": "fix", "GITHUB_REF_NAME": "7/merge"}
    fork = event(tmp_path, {"clone_url": "https://github.com/fork/lessons.git"})
    assert find_repository(tmp_path, asked | fork) == ("https://github.com/fork/lessons", "fix")


@pytest.mark.parametrize("content", ['{"pull_request": {"head": {"repo": null}}}', "[]", "not json", None])
def test_an_event_without_the_fork_leaves_the_repository_of_the_run(tmp_path: Path, content: str | None) -> None:
    path = tmp_path / "event.json"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    asked = GITHUB | {"GITHUB_HEAD_REF": "fix", "GITHUB_EVENT_PATH": str(path)}
    assert find_repository(tmp_path, asked) == ("https://github.com/upstream/lessons", "fix")


def test_a_build_of_a_tag_edits_the_default_branch(tmp_path: Path) -> None:
    asked = GITHUB | {"GITHUB_REF_TYPE": "tag", "GITHUB_REF_NAME": "v1"}
    assert find_repository(tmp_path, asked | event(tmp_path, None))[1] == "trunk"


def git(folder: Path, *arguments: str) -> None:
    subprocess.run(["git", "-C", str(folder), *arguments], check=True, capture_output=True)


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    git(tmp_path, "init", "-q", "-b", "trunk")
    return tmp_path


@pytest.mark.parametrize(
    ("origin", "url"),
    [
        ("git@github.com:o/r.git", "https://github.com/o/r.git"),
        ("https://ana:s3cret@gitlab.com/g/r.git", "https://gitlab.com/g/r.git"),
        ("/srv/git/r.git", ""),
        ("file:///srv/git/r.git", ""),
    ],
)
def test_what_git_says(clone: Path, origin: str, url: str) -> None:
    git(clone, "remote", "add", "origin", origin)
    (clone / "curricula" / "one").mkdir(parents=True)
    assert find_repository(clone / "curricula" / "one", PATH) == (url, "trunk")
    assert find_folder(clone / "curricula" / "one", PATH) == "curricula/one"
    assert find_folder(clone, PATH) == ""


def test_inside_a_git_hook_it_is_still_this_folder_that_counts(clone: Path) -> None:
    git(clone, "remote", "add", "origin", "https://github.com/o/r")
    hook = {"GIT_DIR": "/nowhere/.git", "GIT_INDEX_FILE": "/nowhere/index"}
    assert find_repository(clone, PATH | hook) == ("https://github.com/o/r", "trunk")


def test_without_git_or_repository_nothing_is_known(tmp_path: Path, clone: Path) -> None:
    assert find_repository(clone, PATH) == ("", "trunk")
    assert find_repository(clone, {"PATH": str(tmp_path / "nothing")}) == ("", "")
    assert find_repository(Path("/"), PATH) == ("", "")
    assert find_repository(tmp_path / "missing", PATH) == ("", "")


@pytest.mark.parametrize(
    ("environ", "preview"),
    [
        (GITHUB, False),
        (GITHUB | {"GITHUB_HEAD_REF": "fix"}, True),
        (GITLAB, False),
        (GITLAB | {"CI_MERGE_REQUEST_SOURCE_PROJECT_URL": "https://gitlab.com/ana/lessons"}, True),
        ({"NETLIFY": "true", "PULL_REQUEST": "true"}, True),
        ({"NETLIFY": "true", "PULL_REQUEST": "false"}, False),
        ({"PULL_REQUEST": "true"}, False),
        ({"READTHEDOCS": "True", "READTHEDOCS_VERSION_TYPE": "external"}, False),
        ({}, False),
    ],
)
def test_a_pull_request_whose_branch_is_known_is_a_preview(environ: dict[str, str], preview: bool) -> None:
    assert is_preview(environ) == preview
