"""Addresses of repositories as people and git write them, and the pages where files are edited."""

from __future__ import annotations

import pytest

from catalyst_lessons.core.errors import UsageError
from catalyst_lessons.core.launching.repositories import parse_repository


@pytest.mark.parametrize(
    ("url", "clean", "path", "forge"),
    [
        ("https://github.com/o/r", "https://github.com/o/r", "o/r", "github"),
        ("https://github.com/o/r.git", "https://github.com/o/r.git", "o/r", "github"),
        ("https://GitHub.com/o/r/", "https://github.com/o/r", "o/r", "github"),
        ("git@github.com:o/r.git", "https://github.com/o/r.git", "o/r", "github"),
        ("ssh://git@ssh.github.com:443/o/r.git", "https://github.com/o/r.git", "o/r", "github"),
        ("git://git.example.org/o/r", "https://git.example.org/o/r", "o/r", ""),
        ("https://x-access-token:ghp_s3cret@github.com/o/r", "https://github.com/o/r", "o/r", "github"),
        ("https://oauth2:gl@pat@gitlab.com/g/s/r.git", "https://gitlab.com/g/s/r.git", "g/s/r", "gitlab"),
        ("git@gitlab.example.org:g/s/t/r.git", "https://gitlab.example.org/g/s/t/r.git", "g/s/t/r", "gitlab"),
        ("ssh://git@forgejo.example.org:2222/o/r.git", "https://forgejo.example.org/o/r.git", "o/r", "gitea"),
        ("https://codeberg.org/o/r", "https://codeberg.org/o/r", "o/r", "gitea"),
        ("https://git.example.org:3000/o/r", "https://git.example.org:3000/o/r", "o/r", ""),
        ("https://git.sr.ht/~ana/r", "https://git.sr.ht/~ana/r", "~ana/r", ""),
        (
            "https://gitlab.com/biology/tree/phylo",
            "https://gitlab.com/biology/tree/phylo",
            "biology/tree/phylo",
            "gitlab",
        ),
        ("http://localhost:3000/o/r.git", "http://localhost:3000/o/r.git", "o/r", ""),
        ("file:///srv/git/r.git", "file:///srv/git/r.git", "srv/git/r", ""),
    ],
)
def test_a_repository_is_read(url: str, clean: str, path: str, forge: str) -> None:
    repository = parse_repository(url)
    assert (repository.url, repository.path, repository.forge) == (clean, path, forge)
    assert repository.name == path.rpartition("/")[2]
    assert parse_repository(repository.url) == repository


@pytest.mark.parametrize(
    ("url", "hint"),
    [
        ("https://github.com/o/r/tree/main/lessons", "write https://github.com/o/r and"),
        ("https://github.com/o/r/pull/7", "write https://github.com/o/r and"),
        ("https://gitlab.com/g/s/r/-/tree/main", "write https://gitlab.com/g/s/r and"),
        ("https://codeberg.org/o/r/src/branch/main/x", "write https://codeberg.org/o/r and"),
        ("https://git.example.org/o/r/src/branch/main", "write https://git.example.org/o/r and"),
        ("https://github.com/o/r?tab=readme", "write https://github.com/o/r"),
        ("https://github.com/o/r#readme", "write https://github.com/o/r"),
        ("github.com/o/r", "write https://github.com/o/r"),
        ("https://github.com/o", "git clones from"),
        ("https://github.com/", "git clones from"),
        ("https:///o/r", "git clones from"),
        ("git@work:o/r.git", "git clones from"),
        ("C:\\lessons", "git clones from"),
        ("C:/lessons", "git clones from"),
        ("/srv/git/r.git", "git clones from"),
        ("../r", "git clones from"),
        ("https://github.com/o/../r", "git clones from"),
        ("ext::sh -c id", "git clones from"),
        ("javascript://github.com/o/r", "git clones from"),
        ("https://github.com/o/r\nx", "git clones from"),
        ("", "git clones from"),
    ],
)
def test_what_git_cannot_clone_is_told(url: str, hint: str) -> None:
    with pytest.raises(UsageError) as told:
        parse_repository(url)
    assert hint in told.value.hint


@pytest.mark.parametrize(
    "url",
    [
        "https://ana:s3cret@github.com/o",
        "https://ana:s3cret@github.com/o/r/tree/main",
        "https://ana:s3/cret@github.com/o/r",
        "https://ana:12/s3cret@github.com/o/r",
        "htps://ana:s3cret@github.com/o/r",
        "see https://ana:s3cret@github.com/o/r",
        "https://github.com/o/r?private_token=s3cret",
        "ana:s3cret@github",
    ],
)
def test_no_message_repeats_a_secret(url: str) -> None:
    with pytest.raises(UsageError) as told:
        parse_repository(url)
    assert not any(part in str(told.value) for part in ("s3", "cret"))


@pytest.mark.parametrize(
    ("url", "page"),
    [
        ("https://github.com/o/r.git", "https://github.com/o/r/edit/main/lessons/a%20b.py"),
        ("git@gitlab.com:g/s/r.git", "https://gitlab.com/g/s/r/-/edit/main/lessons/a%20b.py"),
        ("https://codeberg.org/o/r", "https://codeberg.org/o/r/_edit/main/lessons/a%20b.py"),
        ("https://git.example.org/o/r", ""),
    ],
)
def test_the_page_where_a_file_is_edited(url: str, page: str) -> None:
    assert parse_repository(url).edit_url("main", "lessons/a b.py") == page
    assert parse_repository(url).edit_url("", "lessons/a b.py") == ""
