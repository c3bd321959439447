"""Whether anything was written in folders, as the system tells it (inotify, Linux): no file has to be looked at.

A folder of a thousand notebooks is asked about a thousand times.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import sys
from collections.abc import Iterable

# inotify(7): IN_MODIFY, IN_ATTRIB, IN_CLOSE_WRITE, IN_MOVED_FROM, IN_MOVED_TO, IN_CREATE, IN_DELETE, IN_DELETE_SELF,
# IN_MOVE_SELF. What is written through a mapping is heard of when the file, open for writing, is closed.
WRITTEN = 0x2 | 0x4 | 0x8 | 0x40 | 0x80 | 0x100 | 0x200 | 0x400 | 0x800


class Watch:
    """Hears of what is written in folders, not in those inside them, from now on."""

    def __init__(self, folders: Iterable[str]) -> None:
        """Begins.

        Raises:
            OSError: there is no inotify here, or its user has too many watches already.
        """
        self._seen = False
        self._fd = -1
        if sys.platform != "linux":
            raise OSError("no inotify")
        libc = ctypes.CDLL(None, use_errno=True)
        self._fd = _checked(libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC))
        for folder in folders:
            _checked(libc.inotify_add_watch(self._fd, os.fsencode(folder), WRITTEN))

    def has_seen(self) -> bool:
        """Whether anything was written since it began."""
        if not self._seen:
            with contextlib.suppress(BlockingIOError):
                self._seen = bool(os.read(self._fd, 4096))
        return self._seen

    def __del__(self) -> None:
        if self._fd >= 0:
            os.close(self._fd)


def watch(folders: Iterable[str]) -> Watch | None:
    """A watch of these folders, None where there can be none."""
    try:
        return Watch(folders)
    except OSError:
        return None


def _checked(result: int) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return result
