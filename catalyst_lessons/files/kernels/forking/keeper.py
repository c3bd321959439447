"""The program that starts the ordinary kernels of a check, and leaves nothing of them when the check is killed.

Run as `python -I -S -c "…keeper.main()" DESCRIPTOR OWNER ROOM`: the commands come as datagrams on that socket, with
their descriptors. Each is started by a process of its own, its watcher, which becomes the parent of whatever the kernel
leaves behind: in whichever session, with whatever environment. Linux only; of the standard library, and quick to start.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import socket
import sys
import time
from typing import Any, NoReturn

from catalyst_lessons.files.kernels.forking import sandbox

GOODBYE = b"goodbye"
"""What the owner says when it wants no more and cleans up itself: who closes without it was killed."""
LOOK = 0.1
"""Seconds between looks for the owner, where the system does not tell of its end (before Linux 5.3)."""
OURS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
# Those that a Python changes, which a program that it starts would inherit.
CHANGED = (*OURS, signal.SIGCHLD, signal.SIGPIPE, signal.SIGXFSZ)


class Events:
    """What this process waits for: the end of its children, and what comes on these descriptors."""

    def __init__(self, *fds: int) -> None:
        self.poll = select.poll()
        self.ended, wake = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
        for fd in (self.ended, *fds):
            if fd >= 0:
                self.poll.register(fd, select.POLLIN)

    def wait(self, seconds: float | None = None) -> tuple[set[int], dict[int, int]]:
        """The descriptors that have something to say, and the children that have ended with their exit status; after
        so many seconds there may be none."""
        ready = {fd for fd, _ in self.poll.poll(None if seconds is None else seconds * 1000)}
        with contextlib.suppress(BlockingIOError):
            os.read(self.ended, 4096)
        return ready, _ended()

    def forget(self, *fds: int) -> None:
        """Waits no longer for these."""
        for fd in fds:
            with contextlib.suppress(KeyError, ValueError, OSError):
                self.poll.unregister(fd)


class Owner:
    """The process that wants the kernels. Whoever forked it may hold its sockets open, so their closing is not all."""

    def __init__(self, pid: int) -> None:
        self.pid, self.fd = pid, -1
        with contextlib.suppress(OSError):
            self.fd = os.pidfd_open(pid)

    def is_gone(self) -> bool:
        """Whether it has ended; for its child alone to ask."""
        return os.getppid() != self.pid

    def outlive(self) -> None:
        """Returns when it has ended."""
        while not self.is_gone():
            if self.fd >= 0:
                select.select([self.fd], [], [], LOOK)
            else:
                time.sleep(LOOK)


class Keeper:
    """Starts kernels, each below a watcher, until its owner wants no more or is gone."""

    def __init__(self, sock: socket.socket, owner: Owner) -> None:
        self.sock, self.owner = sock, owner
        self.events = Events(sock.fileno(), owner.fd)
        self.watchers: set[int] = set()
        self.listening, self.dismissed = True, False

    def serve(self) -> bool:
        """Returns when nothing is left of the last kernel: whether the owner said goodbye."""
        while self.listening or self.watchers:
            ready, ended = self.events.wait()
            if ended:
                self.watchers -= ended.keys()
                # Left by a watcher that somebody killed.
                sandbox.end_all(spare=frozenset(self.watchers))
            if self.listening and (self.owner.is_gone() or (self.sock.fileno() in ready and not self._take())):
                self.listening = False
                self.events.forget(self.sock.fileno(), self.owner.fd)
        sandbox.end_all()
        return self.dismissed

    def _take(self) -> bool:
        """Takes one request; whether there was one."""
        try:
            data, fds, _, _ = socket.recv_fds(self.sock, 1 << 16, 8)
        except OSError:
            return False
        for fd in fds:
            # No notebook speaks for its watcher. (`recv_fds` takes flags that say so, and forgets them.)
            os.set_inheritable(fd, False)
        self.dismissed = data == GOODBYE
        if not data or self.dismissed:
            return False
        # What cannot be done (no more processes, memory, descriptors) is heard of when the descriptors are closed. It
        # ends nobody's kernel.
        with contextlib.suppress(Exception):
            self._start(*fds)
        for fd in fds:
            os.close(fd)
        return True

    def _start(self, control: int, payload: int, *outputs: int) -> None:
        with os.fdopen(payload, "rb", closefd=False) as file:
            request = json.loads(file.read())

        def watch() -> NoReturn:
            self.sock.close()
            _watch(request, socket.socket(fileno=control), outputs, self.owner)

        self.watchers.add(sandbox.start(watch))


def _watch(request: Any, control: socket.socket, outputs: tuple[int, ...], owner: Owner) -> NoReturn:
    """Starts one kernel, tells of its start and its end, and ends it when nobody wants it any more."""
    sandbox.adopt_orphans()
    events = Events(control.fileno(), owner.fd)
    kernel = sandbox.start(lambda: _become(request, outputs))
    for fd in outputs:
        os.close(fd)
    _tell(control, {"pid": kernel})
    most, crowded, status = request["processes"], False, None
    while status is None:
        ready, ended = events.wait(sandbox.TICK if most else None)
        status = ended.get(kernel)
        # Not of one that has ended, whose number may be another process's by now.
        crowded = status is None and sandbox.is_crowded(kernel, most)
        # Nothing is ever said to us but by the closing of the socket.
        if crowded or (status is None and ready & {control.fileno(), owner.fd}):
            status = -signal.SIGKILL
    sandbox.end_all()
    _tell(control, {"status": status, "why": "crowd" if crowded else ""})
    os._exit(0)


def _become(request: Any, outputs: tuple[int, ...]) -> NoReturn:
    """In the child: puts this process in its place, then becomes the kernel.

    Raises:
        OSError: the folder or the program is not there, or the network cannot be cut off.
    """
    watcher = os.getppid()
    os.setsid()
    for target, source in enumerate((os.open(os.devnull, os.O_RDONLY), *outputs)):
        os.dup2(source, target)
    for number in CHANGED:
        signal.signal(number, signal.SIG_DFL)
    os.chdir(request["folder"])
    if not request["network"] and not sandbox.cut_network():
        raise OSError("the network cannot be cut off here")
    # What is left of us when the watcher is killed.
    sandbox.die_with_parent()
    if os.getppid() != watcher:
        os._exit(1)
    sandbox.first_to_go()
    sandbox.limit(request["limits"])
    sandbox.confine()
    # ipykernel ends when its parent is another one than this.
    env = {**request["env"], "JPY_PARENT_PID": str(watcher)}
    os.execvpe(request["argv"][0], request["argv"], env)  # noqa: S606


def _ended() -> dict[int, int]:
    """The children that have ended, with their exit status as `subprocess` has it; they are then gone for good."""
    found: dict[int, int] = {}
    with contextlib.suppress(ChildProcessError):
        while (ended := os.waitpid(-1, os.WNOHANG))[0]:
            found[ended[0]] = os.waitstatus_to_exitcode(ended[1])
    return found


def _tell(control: socket.socket, message: dict[str, Any]) -> None:
    with contextlib.suppress(OSError):
        control.send(json.dumps(message).encode())


def main() -> NoReturn:
    """Serves, and removes the room if its owner has ended and could not."""
    sock, owner, room = int(sys.argv[1]), Owner(int(sys.argv[2])), sys.argv[3]
    os.set_inheritable(sock, False)
    for number in OURS:
        signal.signal(number, signal.SIG_IGN)
    sandbox.adopt_orphans()
    if not Keeper(socket.socket(fileno=sock), owner).serve():
        # Ctrl-C twice, and it may go on without its room: what is in it is somebody's until the end.
        owner.outlive()
        from pathlib import Path

        from catalyst_lessons.files.kernels.places import remove

        remove(Path(room))
    os._exit(0)
