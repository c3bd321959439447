"""The keeper as its user sees it: started with the first ordinary kernel of a room, gone after the room."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
from pathlib import Path

from catalyst_lessons.files.kernels.environment import environment
from catalyst_lessons.files.kernels.forking.parents import NotReady, Parent, wait_or_kill
from catalyst_lessons.files.kernels.places import call_without_room, the_room

START = """import sys
sys.path.append({root!r})
from catalyst_lessons.files.kernels.forking import keeper
keeper.main()"""


class Keeper(Parent):
    """One keeper, at the other end of a socket: it forks without having imported anything."""

    def __init__(self, room: Path) -> None:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        super().__init__(ours)
        self.room = room
        root = str(Path(__file__).resolve().parents[4])
        words = map(str, (theirs.fileno(), os.getpid(), room))
        # A session of its own: Ctrl-C in a terminal is for us, who end the runs.
        self.process = subprocess.Popen(
            [sys.executable, "-I", "-S", "-c", START.format(root=root), *words],
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            env=environment(room),
            cwd="/",
            start_new_session=True,
        )
        theirs.close()

    def is_alive(self) -> bool:
        """Whether it can start kernels."""
        return not self.is_gone and self.process.poll() is None

    def close(self) -> None:
        """Tells it that nothing is left to do; it ends at once."""
        super().close()
        wait_or_kill(self.process)


_lock = threading.Lock()
_known: Keeper | None = None


def keeper() -> Keeper:
    """The keeper of the room as it is now, started if there is none.

    Raises:
        NotReady: it cannot be started, or there is no room.
    """
    global _known
    room = the_room()
    if room is None:
        raise NotReady("there is no temporary folder for the kernels")
    with _lock:
        if _known is None or _known.room != room or not _known.is_alive():
            try:
                _known = Keeper(room)
            except OSError as error:
                raise NotReady(str(error)) from error
            call_without_room(_known.close)
        return _known
