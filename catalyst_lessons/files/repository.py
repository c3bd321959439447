"""The repository a curriculum lives in: asked from the CI service it is built by, else from git."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from catalyst_lessons.core.errors import UsageError
from catalyst_lessons.core.model import Json

GIT_SECONDS = 5.0
# Set inside a git hook, where they would make git answer for another folder than the one we ask about.
HOOK_VARIABLES = frozenset({"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"})


def find_repository(root: Path, environ: Mapping[str, str]) -> tuple[str, str]:
    """The https address of the repository without credentials, and the sources' branch; "" if unknown.

    For a pull request from a fork both are those of the fork, so that a preview opens what it shows.
    """
    for ask in (ask_github, ask_gitlab, ask_read_the_docs, ask_netlify):
        url, branch = ask(environ)
        if url:
            return clean(url), branch
    url = ask_git(root, environ, "remote", "get-url", "origin")
    return clean(url), ask_git(root, environ, "symbolic-ref", "--short", "-q", "HEAD")


def is_preview(environ: Mapping[str, str]) -> bool:
    """Whether CI builds a pull request, or merge request, whose branch it knows."""
    names = ("GITHUB_HEAD_REF", "CI_MERGE_REQUEST_SOURCE_PROJECT_URL")
    return any(environ.get(name) for name in names) or (
        bool(environ.get("NETLIFY")) and environ.get("PULL_REQUEST") == "true"
    )


def find_folder(root: Path, environ: Mapping[str, str]) -> str:
    """The curriculum's folder inside its repository, "" at the top or without git: where edit links begin."""
    return ask_git(root, environ, "rev-parse", "--show-prefix").strip("/")


def is_tracked(folder: Path, name: str) -> bool:
    """Whether the repository around a folder has files of this name in it, in whatever case; False without one.

    True also where git finds a repository and cannot answer: a stranger may have made it so.
    """
    git = shutil.which("git")
    if git is None:
        return False
    # Also in a container that runs as somebody else, and not from a repository that is a folder of the work tree.
    safe = ("safe.directory=*", "safe.bareRepository=explicit", "core.fsmonitor=false")
    options = [word for setting in safe for word in ("-c", setting)]
    ours = {variable: value for variable, value in os.environ.items() if variable not in HOOK_VARIABLES}
    try:
        done = subprocess.run(
            [git, *options, "ls-files", "-z", "--", f":(icase){name}"],
            cwd=folder,
            env={**ours, "LC_ALL": "C"},
            capture_output=True,
            timeout=GIT_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return True
    return bool(done.stdout) if done.returncode == 0 else b"not a git repository" not in done.stderr


def clean(url: str) -> str:
    """The address as a launch link can have it; "" for one that only works on this computer."""
    from catalyst_lessons.core.launching.repositories import parse_repository

    try:
        repository = parse_repository(url)
    except UsageError:
        return ""
    return "" if repository.url.startswith("file:") else repository.url


def ask_github(environ: Mapping[str, str]) -> tuple[str, str]:
    """What GitHub Actions says, or Gitea's and Forgejo's, which set the same variables.

    See "Variables reference" of GitHub Actions. The event file alone knows the fork of a pull request.
    """
    server, name = environ.get("GITHUB_SERVER_URL", ""), environ.get("GITHUB_REPOSITORY", "")
    if not server or not name:
        return "", ""
    url = f"{server.rstrip('/')}/{name}"
    event = read_event(environ.get("GITHUB_EVENT_PATH", ""))
    if environ.get("GITHUB_HEAD_REF"):
        fork = part(event, "pull_request", "head", "repo", "clone_url")
        return fork.removesuffix(".git") or url, environ["GITHUB_HEAD_REF"]
    if environ.get("GITHUB_REF_TYPE") == "tag":
        return url, part(event, "repository", "default_branch")
    return url, environ.get("GITHUB_REF_NAME", "")


def ask_gitlab(environ: Mapping[str, str]) -> tuple[str, str]:
    """What GitLab CI says. See "Predefined CI/CD variables reference"."""
    if environ.get("CI_MERGE_REQUEST_SOURCE_PROJECT_URL"):
        branch = environ.get("CI_MERGE_REQUEST_SOURCE_BRANCH_NAME", "")
        return environ["CI_MERGE_REQUEST_SOURCE_PROJECT_URL"], branch
    branch = environ.get("CI_DEFAULT_BRANCH" if environ.get("CI_COMMIT_TAG") else "CI_COMMIT_REF_NAME", "")
    return environ.get("CI_PROJECT_URL", ""), branch


def ask_read_the_docs(environ: Mapping[str, str]) -> tuple[str, str]:
    """What Read the Docs says; for a pull request it has the number instead of the branch."""
    branch = environ.get("READTHEDOCS_GIT_IDENTIFIER", "")
    on_branch = environ.get("READTHEDOCS_VERSION_TYPE", "branch") == "branch"
    return environ.get("READTHEDOCS_GIT_CLONE_URL", ""), branch if on_branch else ""


def ask_netlify(environ: Mapping[str, str]) -> tuple[str, str]:
    """What Netlify says: HEAD is the branch itself, also for a pull request."""
    if not environ.get("NETLIFY"):
        return "", ""
    return environ.get("REPOSITORY_URL", ""), environ.get("HEAD", "")


def read_event(path: str) -> Json:
    """The event a GitHub workflow was started by; empty if there is none to read."""
    try:
        return json.loads(Path(path).read_text(encoding="utf-8")) if path else {}
    except (OSError, ValueError):
        return {}


def part(event: Json, *names: str) -> str:
    """The text at the end of these names; "" where one is missing, as the repository of a deleted fork is."""
    for name in names:
        event = event.get(name) if isinstance(event, dict) else None
    return event if isinstance(event, str) else ""


def ask_git(root: Path, environ: Mapping[str, str], *arguments: str) -> str:
    """What git prints on one line for this folder; "" without git, a repository or an answer."""
    git = shutil.which("git", path=environ.get("PATH"))
    if git is None:
        return ""
    kept = {name: value for name, value in environ.items() if name not in HOOK_VARIABLES}
    try:
        answer = subprocess.run(
            [git, "-C", str(root), *arguments],
            env={**kept, "LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="replace",
            timeout=GIT_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return answer.stdout.strip() if answer.returncode == 0 else ""
