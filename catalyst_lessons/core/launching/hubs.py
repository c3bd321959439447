"""Hubs: the JupyterHub of a community, where it is, and what it can do."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urlsplit

from catalyst_lessons.core.errors import UsageError
from catalyst_lessons.core.launching.repositories import has_control_characters, is_local, without_credentials

Interface = Literal["lab", "notebooks", "tree", "doc", "rstudio"]
HubStatus = Literal["live", "retired"]
Software = Literal["jupyterhub", "binderhub"]

INTERFACES: tuple[Interface, ...] = ("lab", "notebooks", "tree", "doc", "rstudio")
BINDER = "https://mybinder.org"
"""The public BinderHub: free, no account, slow to start."""

HUB_HINT = "write the address of the hub's front page, as in https://hub.example.org"
# Pages of a running hub that people copy from the address bar instead of the hub's own address.
HUB_PAGE = re.compile(r"/(?:hub|user|user-redirect)(?:/.*)?$")


def check_hub_url(url: str) -> str:
    """The hub's address with no slash at its end; a path prefix (`https://example.org/jupyter`) stays.

    Raises:
        UsageError: it is not https (plain http is for this computer only), or not a hub's front page.
    """
    shown = without_credentials(url)
    try:
        parts = urlsplit(url)
        host = parts.netloc and parts.hostname and (parts.port or True)
    except ValueError:
        raise UsageError(f'"{shown}" is not an address', hint=HUB_HINT) from None
    if not host or has_control_characters(url) or " " in url or parts.scheme not in ("https", "http"):
        bare = re.fullmatch(r"[\w-]+(\.[\w-]+)+(/\S*)?", shown)
        raise UsageError(f'"{shown}" is not the address of a hub', hint=f"write https://{shown}" if bare else HUB_HINT)
    if parts.scheme == "http" and not is_local(url):
        raise UsageError(f'the hub "{shown}" is not https', hint=f"write https{shown.removeprefix('http')}")
    front = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{HUB_PAGE.sub('', parts.path).rstrip('/')}"
    if parts.query or parts.fragment or "@" in parts.netloc or HUB_PAGE.search(parts.path.rstrip("/")):
        raise UsageError(f'"{shown}" is not the address of a hub\'s front page alone', hint=f"write {front}")
    return front


def text_in(texts: str | Mapping[str, str], language: str) -> str:
    """The text in this language, else in its main form (`pt` for `pt-BR`), else the first one given."""
    if isinstance(texts, str):
        return texts
    for tag in (language, language.partition("-")[0]):
        if tag in texts:
            return texts[tag]
    return next(iter(texts.values()), "")


@dataclass(frozen=True, slots=True)
class Hub:
    """The JupyterHub of a community, or a BinderHub.

    `name` and `join` (who may join, and how) are one text, or a text by language tag. `since` says when the status
    was last known to be so (`2026-02`). `nbgitpuller` tells whether a launch link works there at all. `parent_path`
    is the hub's NBGITPULLER_PARENTPATH: the folder below which it puts every clone. `members_only` hubs let in only
    those who were invited. `region` is a name in English, or one of the community's own; `country` an ISO 3166 code
    or a name. `memory` is in GB and `cpu` in processors for one person, 0 if unknown; `profile` is the one to choose
    when the hub asks. `contact` is an e-mail address, a web address, or a text.
    """

    id: str
    name: str | Mapping[str, str] = field(hash=False)
    url: str
    status: HubStatus = "live"
    since: str = ""
    nbgitpuller: bool = True
    interface: Interface = "lab"
    parent_path: str = ""
    region: str = ""
    members_only: bool = False
    software: Software = "jupyterhub"
    country: str = ""
    languages: tuple[str, ...] = ()
    join: str | Mapping[str, str] = field(default="", hash=False)
    memory: int = 0
    cpu: int = 0
    profile: str = ""
    contact: str = ""

    @classmethod
    def at(cls, url: str) -> Hub:
        """A hub of which only the address is known.

        Raises:
            UsageError: it is not the address of a hub.
        """
        front = check_hub_url(url)
        host = urlsplit(front).netloc
        return cls(host, host, front)

    @property
    def live(self) -> bool:
        """Whether it can still be used."""
        return self.status == "live"

    @property
    def launches(self) -> bool:
        """Whether a launch link works there."""
        return self.live and (self.nbgitpuller or self.software == "binderhub")

    def name_in(self, language: str) -> str:
        """Its name in this language, else in its main form (`pt` for `pt-BR`), else the first one given."""
        return text_in(self.name, language) or self.id
