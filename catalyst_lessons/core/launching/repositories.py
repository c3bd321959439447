"""Repositories: where the notebooks are cloned from, and the paths and branches inside them."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal
from urllib.parse import SplitResult, quote, urlsplit

from catalyst_lessons.core.errors import UsageError

Forge = Literal["github", "gitlab", "gitea", ""]

LOCAL_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})
# `git@host:org/repo.git`: a user, a host of more than one letter (`C:` is a drive), a path.
SCP_FORM = re.compile(r"(?:[^@/\s]+@)?(?P<host>[\w.-]{2,}):(?!//)(?P<path>[^\\\s]+)")
# The page of a folder or file: GitLab; GitHub and older GitLab; Gitea and Forgejo.
FOLDER_PAGE = re.compile(r"^(/[^/]+/[^/]+(?:/[^/]+)*?)/(?:-/|(?:tree|blob|edit|raw)/.|src/(?:branch|commit|tag)/).*$")
# Hosts where a repository is always owner/name, so that anything longer is a page of it.
OWNER_AND_NAME = frozenset({"github.com", "bitbucket.org", "codeberg.org", "gitea.com"})
# Where these hosts take ssh on the port of https.
SSH_OVER_HTTPS = re.compile(r"^(?:alt)?ssh\.(?=(?:github\.com|gitlab\.com|bitbucket\.org)$)")
# git-check-ref-format(1), the part that people run into.
NOT_IN_BRANCH = re.compile(r"[\x00-\x20\x7f~^:?*\[\\]|\.\.|@\{|//|/\.|\.lock(?:/|$)|\.$|/$|^/|^-|^\.|^@$")
FULL_COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}", re.IGNORECASE)
# Shorter ones need a digit and a letter, so that `20260115` and `facade` stay names of branches.
SHORT_COMMIT = re.compile(r"(?=.*\d)(?=.*[a-f])[0-9a-f]{7,39}", re.IGNORECASE)


def without_credentials(url: str) -> str:
    """The address without user name, password, token and query: what may be shown of one that is no good."""
    return re.sub(r"(\w[\w+.-]*://)?\S*@", r"\1", re.sub(r"[?#].*", "", url, flags=re.DOTALL))


def is_local(url: str) -> bool:
    """Whether the address leads to this computer."""
    return (urlsplit(url).hostname or "") in LOCAL_HOSTS


def has_control_characters(text: str) -> bool:
    """Whether the text has line breaks, other control characters or lone surrogates: no address can."""
    return any(unicodedata.category(character) in ("Cc", "Cs") for character in text)


def check_path(path: str, *, what: str = "path") -> str:
    """The path with no slash at its end, once it is sure to stay inside its folder.

    Raises:
        UsageError: it is absolute, has a backslash, an empty segment, `.` or `..`, or control characters.
    """
    if path.startswith("/") or re.match(r"[A-Za-z]:[\\/]", path):
        hint = f'write "{path.lstrip("/")}"' if path.startswith("/") else "write it from the folder it is in"
        raise UsageError(f'the {what} "{path}" is absolute, expected a relative one', hint=hint)
    if "\\" in path:
        raise UsageError(f'the {what} "{path}" has a backslash', hint=f'write "{path.replace(chr(92), "/")}"')
    if has_control_characters(path):
        raise UsageError(f"the {what} {path!a} has control characters", hint="rename the file or folder")
    path = path.removesuffix("/")
    if path and any(segment in ("", ".", "..") for segment in path.split("/")):
        raise UsageError(
            f'the {what} "{path}" has an empty, "." or ".." segment',
            hint="name the folders from the top, as in es/lessons/01-loops.ipynb",
        )
    return path


def check_target_path(path: str) -> str:
    """The path of a clone's folder on a hub, once it can stand in a launch link and in a line for a terminal.

    Raises:
        UsageError: it is empty, leads out, or begins like an option of git or another person's home folder.
    """
    path = check_path(path, what="target path")
    if not path or path.startswith(("-", "~")):
        raise UsageError(f'"{path}" cannot be the folder of a clone', hint='name a folder, as in "lessons"')
    return path


def check_branch(branch: str) -> str:
    """The name of the branch, once nbgitpuller and git can take it.

    Raises:
        UsageError: it is empty, no name git allows, or a commit: nbgitpuller says "Branch does not exist".
    """
    if not branch:
        raise UsageError("the branch is empty", hint='name the branch the notebooks are on, as in "notebooks"')
    if branch.startswith("refs/heads/"):
        short = branch.removeprefix("refs/heads/")
        raise UsageError(f'"{branch}" is not the short name of a branch', hint=f'write "{short}"')
    if NOT_IN_BRANCH.search(branch) or has_control_characters(branch):
        hint = f'write "{re.sub(r"[^A-Za-z0-9._/-]+", "-", branch).strip("-./")}"'
        raise UsageError(f'"{branch}" cannot be the name of a branch', hint=hint)
    if FULL_COMMIT.fullmatch(branch) or SHORT_COMMIT.fullmatch(branch):
        raise UsageError(
            f'"{branch}" looks like a commit, expected a branch',
            hint='a launch link pulls a branch that grows, as in "notebooks"',
        )
    return branch


def parse_repository(url: str) -> Repository:
    """The repository at this address, which may be what `git remote get-url origin` printed.

    An ssh address becomes the https one of the same repository, because a learner has no key. Credentials are
    dropped, always. `.git` is kept: nbgitpuller takes the address as it is.

    Raises:
        UsageError: git cannot clone from it, or it is the page of a folder (`/tree/main/...`).
    """
    url = url.strip()
    parts = split_address(url)
    path = parts.path.rstrip("/")
    host = parts.netloc.rpartition("@")[2].lower()
    if parts.scheme in ("ssh", "git", "git+ssh"):
        host = SSH_OVER_HTTPS.sub("", re.sub(r":\d+$", "", host))
    scheme = parts.scheme if parts.scheme in ("http", "file") else "https"
    address = f"{scheme}://{host}{path}"
    check_address(parts, address, path)
    return Repository(address, host, path.strip("/").removesuffix(".git"))


def split_address(url: str) -> SplitResult:
    """The parts of an address that git clones from; the `git@host:path` form is read as ssh.

    Raises:
        UsageError: it is no such address.
    """
    shown = without_credentials(url)
    if not url or has_control_characters(url) or " " in url:
        raise UsageError(f'"{shown}" is not the address of a repository', hint=REPOSITORY_HINT)
    scp = SCP_FORM.fullmatch(url) if "://" not in url else None
    try:
        parts = urlsplit(f"ssh://{scp['host']}/{scp['path'].lstrip('/')}" if scp else url)
        parts.port  # noqa: B018  (reading it is what checks it)
    except ValueError:
        # Not the error's own text: it quotes what may be a part of a password.
        raise UsageError(f'"{shown}" is not an address', hint=REPOSITORY_HINT) from None
    if parts.scheme not in ("https", "http", "ssh", "git", "git+ssh", "file"):
        bare = re.fullmatch(r"[\w-]+(\.[\w-]+)+/[^\s]+", shown)
        hint = f"write https://{shown}" if bare else REPOSITORY_HINT
        raise UsageError(f'"{shown}" is not an address git can clone from', hint=hint)
    return parts


def check_address(parts: SplitResult, address: str, path: str) -> None:
    """Nothing, if this is the address of a whole repository.

    Raises:
        UsageError: it is the address of something else.
    """
    host = parts.hostname or ""
    if (not host and parts.scheme != "file") or not path or ".." in path.split("/") or "@" in path:
        raise UsageError(f'"{without_credentials(address)}" names no repository', hint=REPOSITORY_HINT)
    if parts.scheme == "ssh" and "." not in host and host not in LOCAL_HOSTS:
        raise UsageError(f'"{host}" is a name from your own ssh settings, not a host', hint=REPOSITORY_HINT)
    whole = whole_repository(host, path)
    if whole != path:
        hint = f"write {address.removesuffix(path)}{whole} and name the branch apart"
        raise UsageError(f'"{address}" is a page of a repository, not the repository', hint=hint)
    if parts.query or parts.fragment:
        raise UsageError(f'the address of "{address}" goes on with "?" or "#"', hint=f"write {address}")
    if host in OWNER_AND_NAME and path.count("/") != 2:
        raise UsageError(f'"{address}" names no repository', hint=REPOSITORY_HINT)


def whole_repository(host: str, path: str) -> str:
    """The path of the repository that this page belongs to; the path itself if it is no page of one."""
    if host in OWNER_AND_NAME:
        return "/".join(path.split("/")[:3])
    page = FOLDER_PAGE.match(path) if host else None
    return page[1] if page else path


def forge_of(host: str) -> Forge:
    """The software behind a host, as far as its name tells."""
    name = host.partition(":")[0]
    if name in ("codeberg.org", "gitea.com") or re.match(r"(gitea|forgejo)\b", name):
        return "gitea"
    if re.match(r"gitlab\b", name):
        return "gitlab"
    return "github" if re.match(r"github\b", name) and not name.endswith(".github.io") else ""


REPOSITORY_HINT = "write the address git clones from, as in https://github.com/your-organization/your-lessons"

# How each forge names the page where a file is edited.
EDIT_PAGES = {"github": "edit", "gitlab": "-/edit", "gitea": "_edit"}


@dataclass(frozen=True, slots=True)
class Repository:
    """What a hub pulls, as `parse_repository` makes it.

    `url` has no credentials and no slash at its end; `path` has neither `.git` nor slashes around it
    (`group/subgroup/lessons`); `host` has the port, if any.
    """

    url: str
    host: str
    path: str

    @property
    def name(self) -> str:
        """The last segment of its path: where its clone lies unless told otherwise."""
        return self.path.rpartition("/")[2]

    @property
    def forge(self) -> Forge:
        """The software it is hosted with, "" where its host does not tell."""
        return forge_of(self.host)

    @property
    def page(self) -> str:
        """The address of its home page, which is also a clone address without `.git`."""
        return self.url.removesuffix(".git")

    def edit_url(self, source_branch: str, path: str) -> str:
        """The page where a reader can propose a change to this file; "" where we cannot name it."""
        if not self.forge or not source_branch:
            return ""
        return f"{self.page}/{EDIT_PAGES[self.forge]}/{quote(source_branch)}/{quote(check_path(path))}"
