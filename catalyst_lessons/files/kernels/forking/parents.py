"""Warm parents as their user sees them: started when first wanted, shared by what runs in the same `warm()` block."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

from catalyst_lessons.files.kernels.environment import environment, font_folders, own_folders
from catalyst_lessons.files.kernels.forking.keeper import GOODBYE
from catalyst_lessons.files.kernels.forking.planning import Imports
from catalyst_lessons.files.kernels.places import new_folder, remove, the_room

START = """import sys
sys.path[:] = [path for path in sys.path if path]
sys.path.insert(0, {root!r})
from catalyst_lessons.files.kernels.forking import zygote, child, guard, sockets
sys.path.remove({root!r})
zygote.main()"""
IMPORT_SECONDS = 120.0
"""After which an import is left to the notebook, whose time is limited: it may wait for something that never comes."""
MOST = 12
"""Parents at one time: each holds the memory of what it has imported."""
Kind = Literal["cells", "kernels"]
"""What is forked from a first parent: runs of cells, or ordinary kernels with their sockets."""
Key = tuple[tuple[str, str], ...]


class NotReady(Exception):
    """A warm parent cannot be had, or is gone."""


class Parent:
    """One warm parent, at the other end of a socket."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        self.is_gone = False
        self._lock = threading.Lock()
        self._state: dict[str, Any] | None = None

    async def wait(self) -> None:
        """Returns when it has imported everything.

        Raises:
            NotReady: it cannot be forked, or did not start.
        """
        if self._state is None:
            await asyncio.to_thread(self.wait_here)
        if not self._state or not self._state["ready"]:
            raise NotReady((self._state or {}).get("reason", "the warm parent did not start"))

    def wait_here(self) -> None:
        """The same for a caller that may block."""
        with self._lock:
            if self._state is None:
                try:
                    self.sock.settimeout(IMPORT_SECONDS)
                    self._state = json.loads(self.sock.recv(1 << 16) or b"{}")
                    self.sock.settimeout(None)
                except OSError:
                    self._state = {}

    def fork(self, request: dict[str, Any], *fds: int) -> socket.socket:
        """Starts a run: gives the socket on which its guard tells how it goes; closing it ends the run.

        Raises:
            NotReady: the parent is gone.
        """
        payload = os.memfd_create("request")
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        try:
            with os.fdopen(os.dup(payload), "wb") as file:
                file.write(json.dumps(request).encode())
            os.lseek(payload, 0, os.SEEK_SET)
            socket.send_fds(self.sock, [b"{}"], [theirs.fileno(), payload, *fds])
        except OSError as error:
            ours.close()
            self.is_gone = True
            raise NotReady(f"the warm parent is gone: {error}") from error
        finally:
            theirs.close()
            os.close(payload)
        return ours

    def group(self, names: Imports) -> Parent:
        """A parent forked from this one, that imports these modules too.

        Raises:
            NotReady: this one is gone.
        """
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        try:
            socket.send_fds(self.sock, [json.dumps({"imports": names}).encode()], [theirs.fileno()])
        except OSError as error:
            ours.close()
            raise NotReady(f"the warm parent is gone: {error}") from error
        finally:
            theirs.close()
        return Parent(ours)

    def close(self) -> None:
        """Asks for no more; the parent ends with its last run."""
        with contextlib.suppress(OSError):
            self.sock.send(GOODBYE)
            self.sock.shutdown(socket.SHUT_RDWR)
        self.sock.close()


def wait_or_kill(process: subprocess.Popen[bytes]) -> None:
    """Returns when a process that was asked to end has ended."""
    try:
        process.wait(3)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


class Parents:
    """The first parent of one kind and environment, and those forked from it."""

    def __init__(self, kind: Kind) -> None:
        self.scratch = new_folder("parent")
        own_folders(self.scratch)
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        root = str(Path(__file__).resolve().parents[4])
        words = [kind, theirs.fileno(), self.scratch, the_room() or self.scratch, *font_folders()]
        command = [sys.executable, "-c", START.format(root=root), *map(str, words)]
        # A session of its own: Ctrl-C in a terminal is for us, who end the runs.
        self.process = subprocess.Popen(
            command,
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            env={**environment(self.scratch), "MPLBACKEND": "module://matplotlib_inline.backend_inline"},
            cwd=self.scratch,
            start_new_session=True,
        )
        theirs.close()
        self.base = Parent(ours)
        self._groups: dict[frozenset[str], Parent] = {frozenset(): self.base}
        self._lock = threading.Lock()

    def is_alive(self) -> bool:
        """Whether the first parent is there."""
        return self.process.poll() is None

    def with_imports(self, names: Imports, *, planned: Collection[Imports] = ()) -> Parent:
        """The parent that has imported these and no more, started if need be from the one nearest to it.

        Of the `planned` ones, those that have imported less are started before it, so that nothing is imported twice.

        Raises:
            NotReady: the first parent is gone.
        """
        with self._lock:
            below = [one for one in planned if set(one) < set(names)]
            for one in sorted(below, key=len):
                self._group(one)
            return self._group(names)

    def _group(self, names: Imports) -> Parent:
        wanted = frozenset(names)
        # The system may have ended them, for want of memory.
        for gone in [known for known, parent in self._groups.items() if known and parent.is_gone]:
            self._groups.pop(gone).close()
        if wanted not in self._groups:
            nearest = self._groups[max((known for known in self._groups if known < wanted), key=len)]
            if len(self._groups) >= MOST:
                return nearest
            self._groups[wanted] = nearest.group(names)
        return self._groups[wanted]

    def close(self) -> None:
        """Ends them all, and what still runs."""
        for parent in self._groups.values():
            parent.close()
        wait_or_kill(self.process)
        remove(self.scratch)


_lock = threading.RLock()
_open: dict[Key, Parents] = {}
_users = 0


@contextmanager
def warm() -> Iterator[None]:
    """Keeps the warm parents that are started inside until its end; blocks may stand in one another."""
    global _users
    with _lock:
        _users += 1
    try:
        yield
    finally:
        with _lock:
            _users -= 1
            if not _users:
                close_all()


def close_all() -> None:
    """Ends all warm parents of this process."""
    with _lock:
        while _open:
            _open.popitem()[1].close()


def parents(kind: Kind = "cells") -> Parents:
    """The parents of this kind for the environment as it is now, started if there are none.

    Raises:
        NotReady: they cannot be started.
    """
    key = ((kind, str(os.getpid())), *sorted(environment(Path("/")).items()))
    with _lock:
        if key not in _open or not _open[key].is_alive():
            if key in _open:
                _open.pop(key).close()
            try:
                _open[key] = Parents(kind)
            except OSError as error:
                raise NotReady(str(error)) from error
        return _open[key]
