"""What keeps one process of a run in its place: limits, signals, Landlock, the network (Linux only)."""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import os
import resource
import signal
import socket
import struct
import sys
import time
from collections.abc import Callable, Mapping
from typing import NoReturn

PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER, PR_SET_NO_NEW_PRIVS = 1, 36, 38
CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000
LANDLOCK_CREATE_RULESET, LANDLOCK_RESTRICT_SELF = 444, 446
LANDLOCK_MAKE_BLOCK_DEVICE = 1 << 11
LANDLOCK_SCOPE_SIGNAL = 1 << 1
SIOCGIFFLAGS, SIOCSIFFLAGS, IFF_UP = 0x8913, 0x8914, 0x1
RLIMITS = {
    # Private memory, not address space: libraries reserve far more of that than they use.
    "memory": resource.RLIMIT_DATA,
    "disk": resource.RLIMIT_FSIZE,
    "open_files": resource.RLIMIT_NOFILE,
    "processes": resource.RLIMIT_NPROC,
    "cpu": resource.RLIMIT_CPU,
}
TICK = 0.1
"""Seconds between looks at what a run does: how many processes it has, how much it has written."""
_libc = ctypes.CDLL(None, use_errno=True)


def die_with_parent() -> None:
    """Lets the system kill this process when the one that forked it ends."""
    _libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def start(body: Callable[[], NoReturn]) -> int:
    """Starts a process that calls `body`: its number.

    Raises:
        OSError: there is no room for another process.
    """
    pid = os.fork()
    if pid == 0:
        try:
            body()
        except BaseException:  # noqa: BLE001
            import traceback

            traceback.print_exc()
        finally:
            os._exit(1)
    return pid


def fork(body: Callable[[], NoReturn]) -> tuple[int, int]:
    """Starts a process that calls `body` and dies with this one: its number, and a descriptor of it.

    Raises:
        OSError: there is no room for another process or descriptor.
    """
    parent = os.getpid()

    def bound() -> NoReturn:
        die_with_parent()
        if os.getppid() == parent:
            body()
        os._exit(1)

    pid = start(bound)
    try:
        return pid, os.pidfd_open(pid)
    except OSError:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        raise


def adopt_orphans() -> None:
    """Makes this process the parent of descendants whose own parent ends: whatever session they are in."""
    _libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def confine() -> bool:
    """Cuts this process off from those that are not its descendants; False where the system has no Landlock.

    It can no longer read their environment and memory (Linux 5.13), nor send them signals (6.12), also as root.
    Files stay as they are: the one right that is taken away is to make block devices.
    """
    abi = _libc.syscall(LANDLOCK_CREATE_RULESET, None, 0, 1)
    if abi < 1:
        return False
    scoped = LANDLOCK_SCOPE_SIGNAL if abi >= 6 else 0
    attributes = struct.pack("QQQ", LANDLOCK_MAKE_BLOCK_DEVICE, 0, scoped)[: 24 if abi >= 6 else 8]
    ruleset = _libc.syscall(LANDLOCK_CREATE_RULESET, attributes, len(attributes), 0)
    if ruleset < 0:
        return False
    _libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    done = _libc.syscall(LANDLOCK_RESTRICT_SELF, ruleset, 0)
    os.close(ruleset)
    return bool(done == 0)


def cut_network() -> bool:
    """Leaves this process with a loopback interface of its own and nothing else; False where that is not allowed.

    Call it while there is one thread: user namespaces want that.
    """
    user, group = os.geteuid(), os.getegid()
    if _libc.unshare(CLONE_NEWUSER | CLONE_NEWNET) == 0:
        with contextlib.suppress(OSError):
            _write("/proc/self/setgroups", "deny")
            _write("/proc/self/uid_map", f"{user} {user} 1")
            _write("/proc/self/gid_map", f"{group} {group} 1")
    elif _libc.unshare(CLONE_NEWNET) != 0:
        return False
    with contextlib.suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as plug:
        request = struct.pack("16sH14s", b"lo", 0, b"")
        flags = struct.unpack("16sH14s", fcntl.ioctl(plug, SIOCGIFFLAGS, request))[1]
        fcntl.ioctl(plug, SIOCSIFFLAGS, struct.pack("16sH14s", b"lo", flags | IFF_UP, b""))
    return True


def limit(wanted: Mapping[str, int]) -> None:
    """Sets the limits of `RLIMITS` that are wanted, in the units of setrlimit; 0 is no limit."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for name, value in wanted.items():
        if value:
            hard = resource.getrlimit(RLIMITS[name])[1]
            value = value if hard == resource.RLIM_INFINITY else min(value, hard)
            with contextlib.suppress(OSError, ValueError):
                resource.setrlimit(RLIMITS[name], (value, value))


def first_to_go() -> None:
    """When memory runs out, the system ends this process, and those that it forks, before the ones around them."""
    with contextlib.suppress(OSError):
        _write("/proc/self/oom_score_adj", "900")


def children(pid: int) -> list[int]:
    """The children of a process, of all its threads."""
    found: list[int] = []
    with contextlib.suppress(OSError):
        for thread in os.listdir(f"/proc/{pid}/task"):
            with open(f"/proc/{pid}/task/{thread}/children", encoding="ascii") as file:
                found += map(int, file.read().split())
    return found


def descendants(pid: int, *, most: int = 100_000) -> list[int]:
    """The processes below a process, nearest first, at most so many."""
    found: list[int] = []
    waiting = [pid]
    while waiting and len(found) < most:
        below = children(waiting.pop())
        found += below
        waiting += below
    return found


def is_crowded(pid: int, most: int) -> bool:
    """Whether there are more processes below a process than that; 0 is no limit."""
    return bool(most) and len(descendants(pid, most=most + 1)) > most


def end_all(*, spare: frozenset[int] = frozenset(), patience: float = 1.0) -> None:
    """Kills every descendant of this process but those in `spare` and theirs, until none is left.

    After so many seconds what is left has been killed, and waits for a disk or a network: nobody waits for that.
    """
    deadline = time.monotonic() + patience
    while own := [child for child in children(os.getpid()) if child not in spare]:
        family = [*own, *(pid for child in own for pid in descendants(child))]
        # First stopped, so that none of them forks while the others end.
        for number in (signal.SIGSTOP, signal.SIGKILL):
            for pid in family:
                with contextlib.suppress(OSError):
                    os.kill(pid, number)
        while own and time.monotonic() < deadline:
            own = [pid for pid in own if not _has_ended(pid)]
            if own:
                time.sleep(0.0005)
        if time.monotonic() > deadline:
            return


def _has_ended(child: int) -> bool:
    """Whether this child has ended; it is then gone for good."""
    try:
        return os.waitpid(child, os.WNOHANG)[0] == child
    except ChildProcessError:
        return True


def _write(path: str, text: str) -> None:
    with open(path, "w", encoding="ascii") as file:
        file.write(text)


if __name__ == "__main__":
    # Whether the network can be cut off here.
    sys.exit(not cut_network())
