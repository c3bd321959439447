"""Temporary folders whose owner was killed with all that would have cleaned up behind it (Linux only).

They are known by a lock that the system takes back from whoever ends, however it does.
"""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

LOCK = ".owner"
BOOT = Path("/proc/sys/kernel/random/boot_id")
"""Another one for each start of a machine: on a shared disk, the locks of other machines may not be seen."""


def own(folder: Path) -> int:
    """Takes a new folder for this process: a descriptor that holds its lock until it is closed here and in whatever was
    forked from here; -1 where that cannot be done.
    """
    if sys.platform != "linux":
        return -1
    import fcntl

    fd, new = -1, folder / f"{LOCK}.new"
    try:
        boot = BOOT.read_bytes()
        fd = os.open(new, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        os.write(fd, boot)
        # It gets its name when it is held: one that nobody holds is of an owner that is gone.
        os.rename(new, folder / LOCK)
    except OSError:
        release(fd)
        return -1
    return fd


def release(lock: int) -> None:
    """Gives a lock back."""
    if lock >= 0:
        os.close(lock)


def abandoned(parent: Path, prefix: str) -> Iterator[Path]:
    """The folders of ours whose owner is gone, each held so that nobody else removes it at the same time."""
    if sys.platform != "linux":
        return
    with suppress(OSError), os.scandir(parent) as entries:
        for entry in entries:
            if entry.name.startswith(prefix) and (lock := _taken(entry.path)) >= 0:
                try:
                    yield Path(entry.path)
                finally:
                    release(lock)


def _taken(folder: str) -> int:
    """The lock of a folder that has lost its owner, -1 if it has one, or never had."""
    import fcntl

    fd = -1
    try:
        # First, as most have none. Not through a link, and without waiting where it is a pipe.
        fd = os.open(f"{folder}/{LOCK}", os.O_RDWR | os.O_NOFOLLOW | os.O_NONBLOCK)
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        # Without a link to it, it went with its folder while we waited.
        if _is_ours(os.lstat(folder)) and os.fstat(fd).st_nlink and os.read(fd, 100) == BOOT.read_bytes():
            return fd
    except OSError:
        pass
    release(fd)
    return -1


def _is_ours(status: os.stat_result) -> bool:
    return stat.S_ISDIR(status.st_mode) and status.st_uid == os.geteuid()
