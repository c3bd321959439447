"""What a warm parent knows of one run that it forked: it watches the run's time, output and processes."""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import socket
import time
from collections.abc import Callable, Collection
from typing import Any, NoReturn

from catalyst_lessons.files.kernels.forking import sandbox
from catalyst_lessons.files.kernels.forking.child import Request

LAST_WORDS = 0.05
"""Seconds that a cell which takes too long has to write its stack, before it is interrupted."""
GRACE = 1.0
"""Seconds that a cell has to end after it was interrupted."""
DUMP = 8192
"""Bytes of a stack dump that are passed on."""
EVENTS = 65536
"""Bytes of what a run writes of its cells that are read at one time."""


class Guard:
    """One run. `control` is the socket to the one who wants the run: it hears of the end; its closing is one.

    The run is asked for its stack when its time is over, then interrupted, then killed.
    """

    def __init__(self, request: Request, control: socket.socket) -> None:
        self.request, self.control = request, control
        self.events = os.memfd_create("events")
        self.captured = (os.memfd_create("stdout"), os.memfd_create("stderr"))
        for fd in self.captured:
            os.set_inheritable(fd, True)
        self.dump = os.memfd_create("stack")
        self.child = self.pidfd = -1
        self.why = ""
        self.cell = -1
        self.files: dict[str, int] = {}
        self.deadline = self.notebook_deadline = float("inf")
        self.dumped = self.interrupted = False
        self.poll = select.poll()
        self._looked = time.monotonic()
        self._read = 0
        self._rest = b""

    def start(self, body: Callable[[Guard], NoReturn], poll: select.poll) -> None:
        """Forks the run, whose process calls `body`; what is to be heard of it is added to `poll`."""
        seconds = self.request.get("notebook_seconds", 0)
        self.notebook_deadline = time.monotonic() + seconds if seconds else float("inf")
        self.child, self.pidfd = sandbox.fork(lambda: body(self))
        self._tell({"pid": self.child})
        self.poll = poll
        for fd in (self.pidfd, self.control.fileno()):
            poll.register(fd, select.POLLIN)

    def is_over(self, ready: Collection[int]) -> bool:
        """Takes in what these descriptors have to say, and the time; whether the run has ended.

        One that is to end is killed, and waited for as all are: the system may take its time.
        """
        if self.pidfd in ready:
            return True
        if self.why:
            return False
        if self.control.fileno() in ready and not self._hear():
            self.why = "cancelled"
            # It would be heard of again and again.
            self.poll.unregister(self.control.fileno())
        now = time.monotonic()
        if now - self._looked > sandbox.TICK:
            self._looked = now
            self._read_events()
            self._look()
        if now > self._next_deadline():
            self._too_late(now)
        if self.why:
            with contextlib.suppress(OSError):
                os.kill(self.child, signal.SIGKILL)
        return False

    def patience(self) -> float:
        """Seconds until the run has to be looked at again."""
        return sandbox.TICK if self.why else min(sandbox.TICK, self._next_deadline() - time.monotonic())

    def end(self) -> int:
        """The exit status of the run's process, which has ended, as `subprocess` has it."""
        for fd in (self.pidfd, self.control.fileno()):
            with contextlib.suppress(KeyError):
                self.poll.unregister(fd)
        return os.waitstatus_to_exitcode(os.waitpid(self.child, 0)[1])

    def report(self, status: int) -> None:
        """Tells how the run ended, when nothing of it is left."""
        self._read_events()
        if self.dumped:
            # Also if the cell then went on and all went well: an interrupted `sleep` in C just returns.
            self.why = "timeout"
        stack = os.pread(self.dump, DUMP, 0).decode("utf-8", "replace") if self.dumped else ""
        files = {name: number for name, number in self.files.items() if name in stack}
        self._tell({"status": status, "why": self.why, "cell": self.cell, "stack": stack, "files": files})
        self.close()

    def close(self) -> None:
        """Gives back its descriptors."""
        for fd in (self.pidfd, self.events, *self.captured, self.dump):
            if fd >= 0:
                os.close(fd)
        self.control.close()

    def _next_deadline(self) -> float:
        return min(self.deadline, self.notebook_deadline)

    def _too_late(self, now: float) -> None:
        number, wait = (signal.SIGINT, GRACE) if self.dumped else (signal.SIGUSR1, LAST_WORDS)
        if self.interrupted:
            self.why = "timeout"
            return
        with contextlib.suppress(OSError):
            os.kill(self.child, number)
        self.interrupted, self.dumped = self.dumped, True
        self.deadline = self.notebook_deadline = now + wait

    def _look(self) -> None:
        if sandbox.is_crowded(self.child, self.request.get("processes", 0)):
            self.why = "crowd"
        written = max(os.fstat(fd).st_size for fd in self.captured)
        if written > self.request.get("output", written):
            self.why = "flood"

    def _read_events(self) -> None:
        """Takes in what the run wrote: anything, as it is the notebook's process that does."""
        data = os.pread(self.events, EVENTS, self._read)
        self._read += len(data)
        *lines, rest = (self._rest + data).split(b"\n")
        self._rest = rest[-EVENTS:]
        for line in lines:
            with contextlib.suppress(ValueError, UnicodeDecodeError):
                self._take_event(line.decode())

    def _take_event(self, line: str) -> None:
        kind, _, rest = line.partition(" ")
        if kind == "c" and not self.dumped:
            number, _, began = rest.partition(" ")
            self.cell = int(number)
            # Not after now, whatever the notebook says ("nan" too): only its own time can be cut.
            now = time.monotonic()
            self.deadline = (float(began) if float(began) < now else now) + self.request.get(
                "cell_seconds", float("inf")
            )
        elif kind == "f" and len(self.files) < 10_000:
            number, _, name = rest.partition(" ")
            self.files[name] = int(number)

    def _hear(self) -> bool:
        """Whether the one who wants the run is still there."""
        try:
            return bool(self.control.recv(64))
        except OSError:
            return False

    def _tell(self, message: dict[str, Any]) -> None:
        with contextlib.suppress(OSError):
            self.control.send(json.dumps(message).encode())
