"""Launch links: the one place where addresses that open a notebook on a hub, Binder or Colab are built and read."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from typing import Literal
from urllib.parse import parse_qs, quote, unquote, urlsplit

from catalyst_lessons.core.errors import UsageError
from catalyst_lessons.core.launching.hubs import BINDER, INTERFACES, Hub, Interface, check_hub_url
from catalyst_lessons.core.launching.repositories import (
    Repository,
    check_branch,
    check_path,
    check_target_path,
    is_local,
    parse_repository,
)

__all__ = [
    "BINDER",
    "INTERFACES",
    "Hub",
    "Interface",
    "LaunchLink",
    "Repository",
    "binder_link",
    "check_hub_url",
    "clone_line",
    "colab_link",
    "hub_link",
    "parse_link",
    "parse_repository",
]

LinkKind = Literal["hub", "binder", "colab"]

# What stands before the path of a file in a user's server; RStudio opens no file from a link.
PREFIXES: dict[Interface, str] = {
    "lab": "lab/tree",
    "doc": "doc/tree",
    "notebooks": "notebooks",
    "tree": "tree",
    "rstudio": "rstudio",
}
GIT_PULL = re.compile(r"^(?P<hub>.*?)/(?:hub/user-redirect|user-redirect|user/[^/]+)/git-pull$")
BINDER_PATH = re.compile(r"^(?P<hub>.*?)/v2/(?P<provider>gh|gl|git)/(?P<rest>.+)$")
COLAB = "https://colab.research.google.com"
COLAB_PATH = re.compile(r"^/github/(?P<repository>[^/]+/[^/]+)/blob/(?P<branch>[^/]+)/(?P<path>.+)$")
LINK_HINT = "expected https://HUB/hub/user-redirect/git-pull?repo=... or https://mybinder.org/v2/..."
BINDER_PREFIXES = {"github.com": "gh", "gitlab.com": "gl"}


@dataclass(frozen=True, slots=True)
class LaunchLink:
    """An address that opens `path` of `repository` at `branch`, and what it is made of.

    `url` is not escaped for HTML. `target_path` is the folder of the clone on a hub, "" elsewhere. `hub` is
    the address of the hub, BinderHub or Colab, `interface` what opens there.
    """

    kind: LinkKind
    url: str
    path: str
    branch: str
    repository: Repository
    target_path: str = ""
    interface: Interface = "lab"
    hub: str = ""


def hub_link(
    hub: Hub,
    repository: Repository,
    *,
    branch: str,
    path: str,
    target_path: str | None = None,
    interface: Interface | None = None,
) -> LaunchLink:
    """The nbgitpuller link that clones or updates the repository on the hub and opens the path in it.

    `path` is relative to the repository and "" for its top folder. `target_path` is where the clone lies, the
    repository's name unless told; it always stands in the link, because nbgitpuller's own default keeps
    `.git` and the link would then name a folder that is not there.

    Raises:
        UsageError: the hub is retired or has no nbgitpuller, or one of the parts cannot stand in a link.
    """
    check_hub(hub)
    base = check_hub_url(hub.url)
    path, branch = check_path(path), check_branch(branch)
    target = check_target_path(target_path or repository.name)
    opens = interface_for(interface or hub.interface, path)
    # With NBGITPULLER_PARENTPATH the clone lies below that folder, and urlpath is not adapted by nbgitpuller.
    place = (check_path(hub.parent_path, what="parent path"), target, path)
    values = {
        "repo": repository.url,
        "branch": branch,
        "targetPath": target,
        "urlpath": server_path(opens, "/".join(part for part in place if part)),
    }
    query = "&".join(f"{name}={quote(value, safe='')}" for name, value in values.items())
    url = f"{base}/hub/user-redirect/git-pull?{query}"
    return LaunchLink("hub", url, path, branch, repository, target, opens, base)


def binder_link(
    repository: Repository, *, branch: str, path: str, interface: Interface = "lab", binder: str = BINDER
) -> LaunchLink:
    """The link that builds the branch on Binder and opens the path, which is relative to the repository.

    Raises:
        UsageError: Binder cannot reach the repository, or one of the parts cannot stand in a link.
    """
    if repository.url.startswith("file:") or is_local(repository.url):
        raise UsageError(f'Binder cannot reach "{repository.url}"', hint="publish the repository, or set binder: false")
    base = check_hub_url(binder)
    path, branch = check_path(path), check_branch(branch)
    opens = interface_for(interface, path)
    provider = BINDER_PREFIXES.get(repository.host, "git")
    if provider != "git":
        repository = parse_repository(repository.page)
    spec = {"gh": repository.path, "gl": quote(repository.path, safe="")}.get(provider, quote(repository.url, safe=""))
    inner = quote(server_path(opens, path), safe="")
    url = f"{base}/v2/{provider}/{spec}/{quote(branch)}?urlpath={inner}"
    return LaunchLink("binder", url, path, branch, repository, "", opens, base)


def colab_link(repository: Repository, *, branch: str, path: str) -> LaunchLink:
    """The link that opens one notebook of a repository on GitHub in Google Colab, without the files beside it.

    Raises:
        UsageError: the repository is not on GitHub, or Colab could not tell the branch from the path.
    """
    path, branch = check_path(path), check_branch(branch)
    if repository.host != "github.com" or not path.endswith(".ipynb"):
        raise UsageError("Colab opens notebooks on GitHub alone", hint="set colab: false")
    if "/" in branch:
        raise UsageError(f'Colab cannot open the branch "{branch}"', hint="name a branch without a slash")
    url = f"{COLAB}/github/{repository.path}/blob/{quote(branch)}/{quote(path)}"
    return LaunchLink("colab", url, path, branch, parse_repository(repository.page), hub=COLAB)


def clone_line(repository: Repository, *, branch: str, target_path: str | None = None) -> str:
    """The command for a terminal that does what a launch link does, for hubs without nbgitpuller.

    Raises:
        UsageError: the branch or the folder cannot stand in it.
    """
    target = check_target_path(target_path or repository.name)
    return shlex.join(("git", "clone", "--depth", "1", "--branch", check_branch(branch), repository.url, target))


def parse_link(url: str, *, parent_path: str = "") -> LaunchLink:
    """What a hub, Binder or Colab link is made of, as nbgitpuller and BinderHub read it; the branch may be "".

    `parent_path` is that of the hub the link leads to.

    Raises:
        UsageError: it is no such link, or it opens a file outside the folder it clones into.
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        raise UsageError(f'"{url}" is not an address', hint=LINK_HINT) from None
    query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    origin = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
    if match := GIT_PULL.match(parts.path):
        return parse_hub_link(url, query, hub=origin + match["hub"], parent_path=parent_path)
    if origin == COLAB and (match := COLAB_PATH.match(parts.path)):
        repository = parse_repository(f"https://github.com/{match['repository']}")
        path, branch = unquote(match["path"]), unquote(match["branch"])
        return LaunchLink("colab", url, path, branch, repository, hub=COLAB)
    if match := BINDER_PATH.match(parts.path):
        repository, branch = binder_source(match["provider"], match["rest"])
        inner = query.get("urlpath") or f"lab/tree/{quote(query.get('labpath', query.get('filepath', '')))}"
        interface, path = read_server_path(inner)
        return LaunchLink("binder", url, path, branch, repository, "", interface, origin + match["hub"])
    raise UsageError(f'"{url}" is neither an nbgitpuller link nor a Binder link', hint=LINK_HINT)


def check_hub(hub: Hub) -> None:
    """Nothing, if launch links can work on this hub.

    Raises:
        UsageError: it is retired, or has no nbgitpuller and would answer 404.
    """
    if not hub.live:
        since = f" (since {hub.since})" if hub.since else ""
        raise UsageError(f'the hub "{hub.id}" is retired{since}', hint="choose a hub that is live, or Binder")
    if not hub.nbgitpuller:
        raise UsageError(
            f'the hub "{hub.id}" has no nbgitpuller and answers launch links with 404',
            hint="offer the git clone line for a terminal, or ask for nbgitpuller in the hub's image",
        )


def interface_for(interface: Interface, path: str) -> Interface:
    """What opens this path: Notebook 7 has its own address for notebooks, and `tree` for everything else."""
    if interface not in PREFIXES:
        raise UsageError(f'unknown interface "{interface}"', hint=f"one of {', '.join(INTERFACES)}")
    return "tree" if interface == "notebooks" and not path.endswith(".ipynb") else interface


def server_path(interface: Interface, path: str) -> str:
    """The address of the path below a user's server, with no slash before it: that would give 404.

    Each segment is percent-encoded here, and the whole once more as the value in a query, because the browser
    goes to what is left after one decoding: a bare `#` would end the path there.
    """
    if interface == "rstudio":
        return "rstudio/"
    if not path:
        return PREFIXES[interface].partition("/")[0]
    return "/".join((PREFIXES[interface], *(quote(segment, safe="") for segment in path.split("/"))))


def read_server_path(address: str) -> tuple[Interface, str]:
    """The interface and the decoded path of what `server_path` gave, or a person wrote.

    Raises:
        UsageError: no file or folder is named.
    """
    address = re.split(r"[?#]", address)[0].rstrip("/")
    for interface, prefix in PREFIXES.items():
        if (interface == "rstudio" and address == prefix) or address == prefix.partition("/")[0]:
            return interface, ""
        if interface != "rstudio" and f"{address}/".startswith(f"{prefix}/"):
            encoded = address[len(prefix) + 1 :].split("/")
            return interface, "/".join(unquote(segment) for segment in encoded)
    raise UsageError(
        f'"{address}" opens no file or folder', hint="urlpath begins with lab/tree/, without a slash before"
    )


def parse_hub_link(url: str, query: dict[str, str], *, hub: str, parent_path: str) -> LaunchLink:
    """An nbgitpuller link, read with nbgitpuller's defaults.

    Raises:
        UsageError: it has no repository, or opens a file outside the folder it clones into.
    """
    repository = parse_repository(query.get("repo", ""))
    # nbgitpuller's default is the last segment of the address as it is, `.git` included.
    target = query.get("targetPath", query.get("targetpath", "")) or repository.url.rpartition("/")[2]
    branch = query.get("branch", "")
    inner = query.get("urlpath", query.get("urlPath", ""))
    folder = "/".join(part for part in (parent_path, target.strip("/")) if part)
    interface, place = read_server_path(inner or f"tree/{quote(folder)}")
    if interface != "rstudio" and not f"{place}/".startswith(f"{folder}/"):
        raise UsageError(
            f'the link clones into "{folder}" and opens "{place}"',
            hint=f'urlpath has to go on with "{folder}/"',
        )
    return LaunchLink("hub", url, place[len(folder) + 1 :], branch, repository, target.strip("/"), interface, hub)


def binder_source(provider: str, rest: str) -> tuple[Repository, str]:
    """The repository and the branch in the path of a Binder link.

    Raises:
        UsageError: there is no repository in it.
    """
    segments = rest.split("/", 2 if provider == "gh" else 1)
    if len(segments) < (3 if provider == "gh" else 2):
        raise UsageError(f'"{rest}" names no repository and branch', hint="as in /v2/gh/organization/lessons/notebooks")
    *source, branch = (unquote(segment) for segment in segments)
    hosts = {"gh": "https://github.com/", "gl": "https://gitlab.com/", "git": ""}
    return parse_repository(hosts[provider] + "/".join(source)), branch
