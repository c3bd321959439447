"""Launch links: the addresses themselves (golden), what is refused, and that links read back are the same."""

from __future__ import annotations

import os
import shlex
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalyst_lessons.core.errors import UsageError
from catalyst_lessons.core.launching.links import (
    INTERFACES,
    Hub,
    Interface,
    LaunchLink,
    binder_link,
    check_hub_url,
    clone_line,
    hub_link,
    parse_link,
    parse_repository,
)

GOLDEN = Path(__file__).parents[1] / "golden" / "launch" / "links.txt"
HUB = Hub("hub", "Hub", "https://hub.example.org")
PREFIXED = Hub("prefixed", "Prefixed", "https://example.org/jupyter/")
SHARED = Hub("shared", "Shared", "https://hub.example.org", parent_path="courses/2026")
GITHUB = parse_repository("https://github.com/example/lessons.git")
GITLAB = parse_repository("https://gitlab.com/group/sub/lessons")
CODEBERG = parse_repository("https://codeberg.org/example/lessons.git")
PLAIN = "es/lessons/01-uno.ipynb"
HARD = "es/lección 1/a+b & c#d%20?.ipynb"

CASES: dict[str, LaunchLink] = {
    "plain": hub_link(HUB, GITHUB, branch="notebooks", path=PLAIN),
    "hard path": hub_link(HUB, GITHUB, branch="notebooks", path=HARD),
    "folder": hub_link(HUB, GITHUB, branch="notebooks", path="es/lessons/"),
    "top folder": hub_link(HUB, GITHUB, branch="notebooks", path=""),
    "path prefix": hub_link(PREFIXED, GITLAB, branch="notebooks", path=PLAIN),
    "parent path": hub_link(SHARED, GITHUB, branch="notebooks", path=PLAIN),
    "target path": hub_link(HUB, GITHUB, branch="notebooks", path=PLAIN, target_path="curso 2/es"),
    "branch with slash": hub_link(HUB, GITHUB, branch="feature/slash", path=PLAIN),
    **{f"as {name}": hub_link(HUB, GITHUB, branch="notebooks", path=PLAIN, interface=name) for name in INTERFACES},
    "notebooks, no notebook": hub_link(HUB, GITHUB, branch="b", path="es/data.csv", interface="notebooks"),
    "local": hub_link(Hub.at("http://127.0.0.1:8000"), parse_repository("file:///srv/r.git"), branch="b", path=PLAIN),
    "binder github": binder_link(GITHUB, branch="notebooks", path=PLAIN),
    "binder gitlab": binder_link(GITLAB, branch="feature/slash", path=PLAIN),
    "binder gitea": binder_link(CODEBERG, branch="notebooks", path=HARD),
    "binder folder": binder_link(GITHUB, branch="notebooks", path=""),
}


def test_links_are_the_golden_ones() -> None:
    now = "".join(f"{name}\n    {link.url}\n" for name, link in CASES.items())
    if os.environ.get("UPDATE_GOLDEN"):
        GOLDEN.write_text(now, encoding="utf-8")
    assert now == GOLDEN.read_text(encoding="utf-8")


def test_the_link_of_the_measured_case_is_the_one_that_opened() -> None:
    """A real hub and browser opened this address, and no other encoding of it, for a name with `#`."""
    link = hub_link(HUB, GITHUB, branch="main", path="dir/a+b & c#d.ipynb")
    assert "urlpath=lab%2Ftree%2Flessons%2Fdir%2Fa%252Bb%2520%2526%2520c%2523d.ipynb" in link.url


@pytest.mark.parametrize("link", [link for link in CASES.values() if link.kind == "hub"], ids=lambda link: link.url)
def test_a_hub_link_opens_a_file_in_the_folder_it_clones_into(link: LaunchLink) -> None:
    query = {name: values[0] for name, values in parse_qs(urlsplit(link.url).query).items()}
    assert query["targetPath"].removesuffix(".git") == link.target_path
    assert (query["branch"], query["repo"]) == (link.branch, link.repository.url)
    assert not query["urlpath"].startswith("/")
    if link.interface != "rstudio":
        assert f"/{query['targetPath']}/" in f"/{unquote(query['urlpath'])}/"


@pytest.mark.parametrize("name", [name for name in CASES if name != "as rstudio"])
def test_a_link_read_back_is_the_same_link(name: str) -> None:
    parent = SHARED.parent_path if name == "parent path" else ""
    assert parse_link(CASES[name].url, parent_path=parent) == CASES[name]


segments = st.text(st.characters(exclude_categories=("Cc", "Cs"), exclude_characters="/\\"), min_size=1).filter(
    lambda text: text not in (".", "..")
)
paths = st.lists(segments, max_size=4).map("/".join).filter(lambda path: path[1:3] != ":/")
targets = (
    st.lists(segments, min_size=1, max_size=2)
    .map("/".join)
    .filter(lambda path: path[0] not in "-~" and path[1:3] != ":/")
)


@given(
    path=paths,
    target=targets,
    parent=paths,
    interface=st.sampled_from([name for name in INTERFACES if name != "rstudio"]),
    branch=st.sampled_from(["notebooks", "feature/x", "läufe"]),
    url=st.sampled_from([GITHUB.url, GITLAB.url, CODEBERG.url, "https://git.example.org:3000/a/b/c.git"]),
)
def test_any_link_read_back_names_the_same_parts(
    path: str, target: str, parent: str, interface: Interface, branch: str, url: str
) -> None:
    repository = parse_repository(url)
    hub = replace(PREFIXED, parent_path=parent)
    link = hub_link(hub, repository, branch=branch, path=path, target_path=target, interface=interface)
    assert parse_link(link.url, parent_path=parent) == link
    assert (link.path, link.branch, link.repository, link.target_path) == (path, branch, repository, target)
    binder = binder_link(repository, branch=branch, path=path, interface=interface)
    assert parse_link(binder.url) == binder
    assert (binder.path, binder.branch, binder.repository.path) == (path, branch, repository.path)


@pytest.mark.parametrize(
    ("query", "path", "target"),
    [
        (
            "repo=https://github.com/o/r&branch=main&urlpath=lab/tree/r/es/lección uno.ipynb",
            "es/lección uno.ipynb",
            "r",
        ),
        ("repo=https://github.com/o/r&urlPath=tree/r/a+b.ipynb?autodecode", "a b.ipynb", "r"),
        ("repo=https://github.com/o/r.git&urlpath=lab%2Ftree%2Fr.git%2Fx.ipynb", "x.ipynb", "r.git"),
        ("repo=https://github.com/o/r/&targetpath=c&urlpath=notebooks/c/x.ipynb", "x.ipynb", "c"),
        ("repo=https://github.com/o/r", "", "r"),
    ],
)
def test_links_made_elsewhere_are_read_as_nbgitpuller_reads_them(query: str, path: str, target: str) -> None:
    for front in ("/hub/user-redirect", "/user-redirect", "/jupyter/hub/user-redirect"):
        link = parse_link(f"https://hub.example.org{front}/git-pull?{query}")
        assert (link.path, link.target_path) == (path, target)


def test_the_known_bug_of_other_link_makers_is_told() -> None:
    """nbgitpuller's own link generator writes the repository's name into urlpath whatever targetPath says."""
    url = "https://hub.example.org/hub/user-redirect/git-pull?repo=https://github.com/o/r&targetPath=c"
    with pytest.raises(UsageError, match='clones into "c" and opens "r/x'):
        parse_link(f"{url}&urlpath=lab/tree/r/x.ipynb")


@pytest.mark.parametrize(
    "url",
    [
        "https://hub.example.org/hub/home",
        "https://hub.example.org/hub/user-redirect/git-pull",
        "https://hub.example.org/hub/user-redirect/git-pull?repo=https://github.com/o/r&urlpath=/lab/tree/r/x.ipynb",
        "https://mybinder.org/v2/gh/example/lessons",
        "https://[bad/",
        "",
    ],
)
def test_what_is_no_launch_link_is_told(url: str) -> None:
    with pytest.raises(UsageError) as told:
        parse_link(url)
    assert told.value.hint


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"path": "/es/x.ipynb"}, "is absolute"),
        ({"path": "../x.ipynb"}, '".." segment'),
        ({"path": "es//x.ipynb"}, "empty"),
        ({"path": "es\\x.ipynb"}, "backslash"),
        ({"path": "es/x\n.ipynb"}, "control characters"),
        ({"path": "es/\ud800.ipynb"}, "control characters"),
        ({"branch": ""}, "branch is empty"),
        ({"branch": "my branch"}, "cannot be the name of a branch"),
        ({"branch": "0123456789abcdef0123456789abcdef01234567"}, "looks like a commit"),
        ({"branch": "../x"}, "cannot be the name of a branch"),
        ({"target_path": "../x"}, '".." segment'),
        ({"target_path": "-rf"}, "cannot be the folder of a clone"),
        ({"interface": "retro"}, 'unknown interface "retro"'),
        ({"hub": replace(HUB, url="http://hub.example.org")}, "is not https"),
        ({"hub": replace(HUB, status="retired", since="2026-02")}, r"retired \(since 2026-02\)"),
        ({"hub": replace(HUB, nbgitpuller=False)}, "no nbgitpuller"),
    ],
)
def test_a_link_that_would_not_open_is_not_built(changed: dict[str, object], said: str) -> None:
    given = {"hub": HUB, "repository": GITHUB, "branch": "notebooks", "path": PLAIN} | changed
    with pytest.raises(UsageError, match=said) as told:
        hub_link(given.pop("hub"), given.pop("repository"), **given)  # type: ignore[arg-type]
    assert told.value.hint


def test_binder_is_not_asked_for_what_it_cannot_reach() -> None:
    for url in ("file:///srv/r.git", "http://localhost:3000/a/b"):
        with pytest.raises(UsageError, match="Binder cannot reach"):
            binder_link(parse_repository(url), branch="notebooks", path=PLAIN)


@pytest.mark.parametrize(
    ("url", "front"),
    [
        ("https://hub.example.org", "https://hub.example.org"),
        ("https://hub.example.org/", "https://hub.example.org"),
        ("https://example.org/jupyter/", "https://example.org/jupyter"),
        ("http://localhost:8000/", "http://localhost:8000"),
        ("http://[::1]:8000", "http://[::1]:8000"),
    ],
)
def test_the_address_of_a_hub(url: str, front: str) -> None:
    assert check_hub_url(url) == front


@pytest.mark.parametrize(
    ("url", "hint"),
    [
        ("http://hub.example.org", "write https://hub.example.org"),
        ("hub.example.org", "write https://hub.example.org"),
        ("https://example.org/jupyter/hub/spawn?next=x", "write https://example.org/jupyter"),
        ("https://example.org/jupyter/user/ana/lab/tree/x", "write https://example.org/jupyter"),
        ("https://ana:secret@hub.example.org/", "write https://hub.example.org"),
        ("http://localhost.evil.example/", "write https://localhost.evil.example/"),
        ("https://hub.example.org:port/", "front page"),
        ("ftp://hub.example.org", "front page"),
        ("javascript:alert(1)", "front page"),
        ("https://hub.example.org/a b", "front page"),
        ("", "front page"),
    ],
)
def test_what_is_no_address_of_a_hub_is_told(url: str, hint: str) -> None:
    with pytest.raises(UsageError) as told:
        check_hub_url(url)
    assert hint in told.value.hint
    assert "secret" not in str(told.value)


def test_the_line_for_a_terminal_survives_a_shell() -> None:
    line = clone_line(GITHUB, branch="notebooks", target_path="my course; rm -rf ~")
    assert shlex.split(line) == [
        *("git", "clone", "--depth", "1", "--branch", "notebooks"),
        *("https://github.com/example/lessons.git", "my course; rm -rf ~"),
    ]
    assert clone_line(GITHUB, branch="notebooks").endswith("https://github.com/example/lessons.git lessons")


def test_a_hub_has_a_name_in_every_language() -> None:
    hub = replace(HUB, name={"es": "Nodo", "pt": "Polo"})
    assert [hub.name_in(tag) for tag in ("es", "pt-BR", "fr")] == ["Nodo", "Polo", "Nodo"]
    assert HUB.name_in("fr") == "Hub"
