"""Hubs: the JupyterHub of a community, what it can do, and the few we know of."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urlsplit

from catalyst_lessons.core.errors import UsageError
from catalyst_lessons.core.repositories import has_control_characters, is_local, without_credentials

Interface = Literal["lab", "notebooks", "tree", "doc", "rstudio"]
HubStatus = Literal["live", "retired"]

INTERFACES: tuple[Interface, ...] = ("lab", "notebooks", "tree", "doc", "rstudio")
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
    front = HUB_PAGE.sub("", f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}".rstrip("/"))
    if parts.query or parts.fragment or "@" in parts.netloc or HUB_PAGE.search(parts.path.rstrip("/")):
        raise UsageError(f'"{shown}" is not the address of a hub\'s front page alone', hint=f"write {front}")
    return front


@dataclass(frozen=True, slots=True)
class Hub:
    """The JupyterHub of a community.

    `name` is one text, or a text by language tag. `since` says when the status was last known to be so
    (`2026-02`). `nbgitpuller` tells whether a launch link works there at all. `parent_path` is the hub's
    NBGITPULLER_PARENTPATH: the folder below which it puts every clone. `members_only` hubs let in only those
    who were invited.
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

    def name_in(self, language: str) -> str:
        """Its name in this language, else in its main form (`pt` for `pt-BR`), else the first one given."""
        if isinstance(self.name, str):
            return self.name or self.id
        for tag in (language, language.partition("-")[0]):
            if tag in self.name:
                return self.name[tag]
        return next(iter(self.name.values()), self.id)


BINDER = "https://mybinder.org"
"""The public BinderHub: free, no account, slow to start."""

# The Catalyst Project's hubs were switched off in February 2026, so none of them is here.
KNOWN_HUBS = (
    Hub(
        "showcase",
        "2i2c Showcase",
        "https://showcase.2i2c.cloud",
        since="2026-08",
        members_only=True,
    ),
)
