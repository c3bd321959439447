"""The process between the warm parent and one run: it watches the run's time, output and processes, and cleans up."""

from __future__ import annotations

import contextlib
import json
import os
import select
import shutil
import signal
import socket
import time
from collections.abc import Callable
from typing import Any, NoReturn

from catalyst_lessons.files.kernels.forking import sandbox
from catalyst_lessons.files.kernels.forking.child import Request

TICK = 0.1
"""Seconds between looks at how many processes there are and how much was written."""
GRACE = 1.0
"""Seconds that a cell has to end after it was interrupted."""
DUMP = 8192
"""Bytes of a stack dump that are passed on."""


class Guard:
    """One run. `control` is the socket to the one who wants the run: it hears of the end; its closing is one."""

    def __init__(self, request: Request, control: socket.socket) -> None:
        self.request, self.control = request, control
        self.events, self.told = os.pipe()
        self.captured = (os.memfd_create("stdout"), os.memfd_create("stderr"))
        for fd in self.captured:
            os.set_inheritable(fd, True)
        self.dump = os.memfd_create("stack")
        self.child = 0
        self.why = ""
        self.cell = -1
        self.files: dict[str, int] = {}
        self.deadline = self.notebook_deadline = float("inf")
        self.interrupted = False
        self._rest = b""

    def run(self, body: Callable[[Guard], NoReturn]) -> NoReturn:
        """Forks the run, whose process calls `body`, watches it, and ends with everything it left."""
        sandbox.die_with_parent()
        sandbox.adopt_orphans()
        os.setsid()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGUSR1):
            signal.signal(number, signal.SIG_IGN)
        seconds = self.request.get("notebook_seconds", 0)
        self.notebook_deadline = time.monotonic() + seconds if seconds else float("inf")
        self.child = os.fork()
        if self.child == 0:
            with contextlib.suppress(BaseException):
                body(self)
            os._exit(1)
        self._tell({"pid": self.child})
        status = self._watch(os.pidfd_open(self.child))
        if self.interrupted:
            # Also if the cell then went on and all went well: an interrupted `sleep` in C just returns.
            self.why = "timeout"
        sandbox.end_all()
        if self.why == "cancelled":
            # Perhaps because the one who wanted the run was killed, and cleans up nothing.
            for place in self.request.get("places", ()):
                shutil.rmtree(place, ignore_errors=True)
        stack = os.pread(self.dump, DUMP, 0).decode("utf-8", "replace") if self.interrupted else ""
        files = {name: number for name, number in self.files.items() if name in stack}
        self._tell({"status": status, "why": self.why, "cell": self.cell, "stack": stack, "files": files})
        os._exit(0)

    def _watch(self, child: int) -> int:
        os.set_blocking(self.events, False)
        os.close(self.told)
        poll = select.poll()
        for fd in (child, self.events, self.control.fileno()):
            poll.register(fd, select.POLLIN)
        looked = time.monotonic()
        while not self.why:
            now = time.monotonic()
            ready = {fd for fd, _ in poll.poll(max(1, min(TICK, self._next_deadline() - now) * 1000))}
            if self.events in ready and not self._read_events():
                poll.unregister(self.events)
            if child in ready:
                break
            if self.control.fileno() in ready and not self._hear():
                self.why = "cancelled"
            now = time.monotonic()
            if now > self._next_deadline():
                self._too_late(now)
            elif now - looked > TICK:
                looked = now
                self._look()
        with contextlib.suppress(OSError):
            os.kill(self.child, signal.SIGKILL)
        return os.waitstatus_to_exitcode(os.waitpid(self.child, 0)[1])

    def _next_deadline(self) -> float:
        return min(self.deadline, self.notebook_deadline)

    def _too_late(self, now: float) -> None:
        if self.interrupted:
            self.why = "timeout"
            return
        with contextlib.suppress(OSError):
            os.kill(self.child, signal.SIGUSR1)
            time.sleep(0.05)
            os.kill(self.child, signal.SIGINT)
        self.interrupted = True
        self.deadline = self.notebook_deadline = now + GRACE

    def _look(self) -> None:
        most = self.request.get("processes", 0)
        if most and len(sandbox.descendants(self.child, most=most + 1)) > most:
            self.why = "crowd"
        written = max(os.fstat(fd).st_size for fd in self.captured)
        if written > self.request.get("output", written):
            self.why = "flood"

    def _read_events(self) -> bool:
        try:
            data = os.read(self.events, 65536)
        except BlockingIOError:
            return True
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            # Anything may be written there: it is the notebook's process that does.
            with contextlib.suppress(ValueError, UnicodeDecodeError):
                self._take_event(line.decode())
        return bool(data)

    def _take_event(self, line: str) -> None:
        kind, _, rest = line.partition(" ")
        if kind == "c" and not self.interrupted:
            self.cell = int(rest)
            self.deadline = time.monotonic() + self.request.get("cell_seconds", float("inf"))
        elif kind == "f" and len(self.files) < 10_000:
            number, _, name = rest.partition(" ")
            self.files[name] = int(number)
        elif kind == "ready":
            self._tell({"ready": True})

    def _hear(self) -> bool:
        """Whether the one who wants the run is still there."""
        try:
            return bool(self.control.recv(64))
        except OSError:
            return False

    def _tell(self, message: dict[str, Any]) -> None:
        with contextlib.suppress(OSError):
            self.control.send(json.dumps(message).encode())
