"""A server on a hub for the time of a check: started, used and always stopped again."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from catalyst_lessons.core.errors import CatalystError
from catalyst_lessons.files.hub.asking import Answer, Door

STOP_SECONDS = 60.0


class HubError(CatalystError):
    """The hub said no; `trouble` is the word for it in `core.hub_report.Inside`."""

    def __init__(self, trouble: str, reason: str) -> None:
        super().__init__(reason)
        self.trouble = trouble


@dataclass(slots=True)
class Server:
    """A person's server on a hub; `stopped` is set when we have tried to stop it."""

    door: Door
    user: str
    path: str
    temporary: bool = False
    running_before: bool = False
    seconds: float = 0.0
    stopped: bool | None = None

    @property
    def api(self) -> str:
        """Where the hub's own API has this person."""
        return f"/hub/api/users/{quote(self.user, safe='')}"


@dataclass(frozen=True, slots=True)
class Pull:
    """Whether nbgitpuller is there, why it could not pull ("" if it could), and how long it took."""

    there: bool
    reason: str = ""
    seconds: float = 0.0


@contextmanager
def a_server(door: Door, *, seconds: float) -> Iterator[Server]:
    """A running server of the token's owner, or of a person made for this where the token is a service's.

    Raises:
        HubError: the token is no good, or no server starts within these seconds; nothing is left running.
    """
    server = whose(door)
    try:
        if not server.running_before:
            start(server, seconds=seconds)
        yield server
    finally:
        if not server.running_before:
            stop(server)


def whose(door: Door) -> Server:
    """The server that this token lets us use, not started yet.

    Raises:
        HubError: the hub does not accept the token, or it may not do this.
    """
    answer = door.ask("/hub/api/user")
    told = answer.json
    if answer.status != 200 or not isinstance(told, dict):
        raise HubError("token" if answer.status in (401, 403) else "scopes", answer.reason)
    name = str(told.get("name", ""))
    if told.get("kind") == "service":
        return someone_new(door)
    running = bool(told.get("server"))
    return Server(door, name, f"/user/{quote(name, safe='@')}", running_before=running)


def someone_new(door: Door) -> Server:
    """A person made for this check, who is deleted at its end.

    Raises:
        HubError: the token may not make one.
    """
    name = f"catalyst-check-{secrets.token_hex(4)}"
    made = door.ask(f"/hub/api/users/{name}", "POST")
    if made.status != 201:
        raise HubError("scopes", made.reason)
    return Server(door, name, f"/user/{name}", temporary=True)


def start(server: Server, *, seconds: float) -> None:
    """Starts the server and waits until the hub says that it is ready.

    Raises:
        HubError: it does not start, or not in time.
    """
    began = time.monotonic()
    asked = server.door.ask(f"{server.api}/server", "POST", seconds=seconds)
    if asked.status not in (201, 202):
        raise HubError("scopes" if asked.status == 403 else "start", asked.reason)
    if asked.status == 202:
        wait(server, until=began + seconds)
    server.seconds = time.monotonic() - began


def wait(server: Server, *, until: float) -> None:
    """Follows the progress of a start until the server is ready; `until` is a time of the monotonic clock.

    Raises:
        HubError: it failed, or it was not ready in time.
    """
    while (left := until - time.monotonic()) > 0:
        events = server.door.events(f"{server.api}/server/progress", seconds=left)
        event = next((event for event in events if is_end(event)), None)
        if isinstance(event, dict) and event.get("failed"):
            raise HubError("start", str(event.get("message", ""))[:300])
        if isinstance(event, dict):
            return
        # A stream that ended early, or a proxy in between that gave up: ask again.
        if isinstance(event, Answer) and event.status not in (0, 502, 503, 504):
            raise HubError("scopes" if event.status == 403 else "start", event.reason)
        time.sleep(min(1.0, left))
    raise HubError("start", "it was not ready in time")


def is_end(event: object) -> bool:
    """Whether an event of the progress stream is the last one."""
    return isinstance(event, Answer) or (isinstance(event, dict) and bool(event.get("ready") or event.get("failed")))


def stop(server: Server) -> None:
    """Stops the server and waits until it is gone; a person who was made for this is deleted too."""
    until = time.monotonic() + STOP_SECONDS
    answer = server.door.ask(f"{server.api}/server", "DELETE", seconds=STOP_SECONDS)
    # 202: it is stopping. 404 and 400: there is none, or it is still pending.
    while answer.status in (202, 400) and time.monotonic() < until:
        time.sleep(0.5)
        if answer.status == 400 and not is_there(server):
            break
        answer = server.door.ask(f"{server.api}/server", "DELETE", seconds=STOP_SECONDS)
    gone = not is_there(server)
    if server.temporary:
        gone = server.door.ask(server.api, "DELETE").status in (204, 404) and gone
    server.stopped = gone


def is_there(server: Server) -> bool:
    """Whether the hub still knows a server of this person; yes if it does not say."""
    told = server.door.ask(server.api).json
    return not isinstance(told, dict) or bool(told.get("servers") or told.get("server") or told.get("pending"))


def pull(server: Server, *, repository: str, branch: str, target_path: str, seconds: float) -> Pull:
    """Has nbgitpuller bring the notebooks to the server.

    Its API knows the folder only as `targetpath`; its page takes `targetPath` too.
    """
    query = urlencode({"repo": repository, "branch": branch, "targetpath": target_path})
    began = time.monotonic()
    events = server.door.events(f"{server.path}/git-pull/api?{query}", seconds=seconds)
    last = next((event for event in events if is_last(event)), None)
    took = time.monotonic() - began
    if isinstance(last, Answer):
        return Pull(last.status != 404, last.reason, took)
    if last is None:
        return Pull(there=True, reason="it did not finish in time", seconds=took)
    if last.get("phase") == "finished":
        return Pull(there=True, seconds=took)
    return Pull(there=True, reason=str(last.get("message", "")).strip()[:300] or "it failed", seconds=took)


def is_last(event: object) -> bool:
    """Whether an event of nbgitpuller's stream is its last one."""
    return isinstance(event, Answer) or (isinstance(event, dict) and event.get("phase") in ("finished", "error"))


def has_nbgitpuller(server: Server) -> bool:
    """Whether the server knows the address of nbgitpuller's API, which says 400 when it is not told what to pull."""
    return server.door.ask(f"{server.path}/git-pull/api").status not in (0, 404)


def has_file(server: Server, path: str) -> bool:
    """Whether a file is on the server, by its path from the server's top folder."""
    return server.door.ask(f"{server.path}/api/contents/{quote(path)}?content=0").status == 200


def kernels(server: Server) -> tuple[str, ...] | None:
    """The names of the kernels, None if the server does not say."""
    told = server.door.ask(f"{server.path}/api/kernelspecs").json
    listed = told.get("kernelspecs") if isinstance(told, dict) else None
    return tuple(sorted(listed)) if isinstance(listed, dict) else None
