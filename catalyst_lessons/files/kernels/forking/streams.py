"""`sys.stdout` and `sys.stderr` of a run: ipykernel's, but that they keep what is written, and read the descriptors."""

from __future__ import annotations

import asyncio
import codecs
import contextvars
import io
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from ipykernel.iostream import OutStream

from catalyst_lessons.files.kernels.forking.messages import Outputs

PAUSE = 0.0005
"""Seconds without a write after which something else (a child process) may have written to the descriptor."""
MANY = 500
"""Texts that are kept before they are handed over."""
TORRENT = 0.02
"""Seconds in which so many of them come from a loop that does little but print."""
STARTS = frozenset({"os.exec", "os.fork", "os.forkpty", "os.posix_spawn", "os.spawn", "os.system", "subprocess.Popen"})
"""Audit events of processes that start (the table of audit events in Python's library reference)."""
_write, _pread, _monotonic = os.write, os.pread, time.monotonic


class Stream(OutStream):
    """One of the two. `captured` is the file behind descriptor 1 or 2; `log` is what `fileno()` answers.

    As in ipykernel, what is written to that is not shown.
    """

    def __init__(self, name: str, outputs: Outputs, *, session: Any, captured: int, log: int) -> None:
        # Not ipykernel's own: that starts threads.
        self.session, self.name, self.outputs = session, name, outputs
        self.topic = b"stream." + name.encode()
        self.pub_thread = outputs
        self.echo = self._exc = self._fid = None
        self._isatty = self._should_watch = False
        self._local = threading.local()
        self._parent_header = contextvars.ContextVar("parent_header")
        self._parent_header_global: dict[str, Any] = {}
        self._parent_header.set({})
        self._original_stdstream_copy = log
        # `os.getpid` at each write would take longer than the writing.
        self._is_copy = False
        os.register_at_fork(after_in_child=self._be_copy)
        self._master_pid = os.getpid()
        self._captured, self._seen = captured, 0
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._lock = threading.RLock()
        self._pieces: list[str] = []
        self._owner = ""
        self._last = self._began = 0.0
        self._listens = False
        basin: Any = _Torrent(self._take_torrent)
        self._torrent = io.TextIOWrapper(basin, "utf-8", "surrogatepass", newline="")
        # Four times as much at a time as it would take.
        self._torrent._CHUNK_SIZE = 1 << 15  # type: ignore[attr-defined]

    def write(self, string: str) -> int:
        """Keeps the text; that of a forked process comes through the descriptor."""
        if not isinstance(string, str):
            raise TypeError(f"write() argument must be str, not {type(string)}")
        if self.pub_thread is None:
            raise ValueError("I/O operation on closed file")
        if self._is_copy:
            _write(self._captured, string.encode("utf-8", "replace"))
            return len(string)
        now = _monotonic()
        if now - self._last > PAUSE:
            self._look_around()
        self._last = now
        owner = self.parent_header.get("msg_id", "")
        if owner != self._owner:
            self._change_owner(owner)
        self._pieces.append(string)
        if len(self._pieces) > MANY:
            self._hand_over()
            if now - self._began < TORRENT and _is_alone():
                self._begin_torrent()
            self._began = now
        return len(string)

    def flush(self) -> None:
        """Hands over what was written so far."""
        if not self._is_copy:
            self._look_around()
            self._hand_over()

    _flush = flush

    def close(self) -> None:
        """Ends the stream."""
        self._end_torrent()
        self.pub_thread = None

    def _be_copy(self) -> None:
        """In a process that the notebook forks: what was written before is the other one's."""
        self._is_copy = True
        self._end_torrent()

    def _look_around(self) -> None:
        self._end_torrent()
        self._read_descriptor()

    def _begin_torrent(self) -> None:
        """Lets C code take what is written, thousands of bytes at a time: half the cost of printing."""
        if not self._listens:
            self._listens = True
            sys.addaudithook(self._hear)
        vars(self)["write"] = self._torrent.write
        # Whoever has kept our own `write` ends it.
        self._last = 0.0

    def _hear(self, event: str, _: Any) -> None:
        """What a process writes that is started now comes after what was written until now."""
        if event in STARTS:
            self._end_torrent()

    def _end_torrent(self) -> None:
        vars(self).pop("write", None)
        # Also later: somebody may have kept its `write`.
        self._torrent.flush()

    def _take_torrent(self, text: str) -> None:
        if self._is_copy:
            return
        self._change_owner(self.parent_header.get("msg_id", ""))
        self._pieces.append(text)
        self._hand_over()
        now = _monotonic()
        if now - self._began > TORRENT:
            vars(self).pop("write", None)
        self._began = now

    def _read_descriptor(self) -> None:
        data = _pread(self._captured, 1 << 20, self._seen)
        if not data:
            return
        with self._lock:
            self._hand_over()
            # As in ipykernel, whose thread reads it: it belongs to the cell that runs.
            self._owner = self._parent_header_global.get("msg_id", "")
            while data:
                self._seen += len(data)
                self._pieces.append(self._decoder.decode(data))
                self._hand_over()
                data = _pread(self._captured, 1 << 20, self._seen)

    def _change_owner(self, owner: str) -> None:
        """What is written next belongs to this message's cell."""
        if owner != self._owner:
            self._hand_over()
            self._owner = owner

    def _hand_over(self) -> None:
        with self._lock:
            text, self._pieces = "".join(self._pieces), []
        if not text:
            return
        message: Any = {
            "header": {"msg_type": "stream"},
            "msg_type": "stream",
            "content": {"name": self.name, "text": text},
        }
        for hook in self._hooks:
            message = hook(message)
            if message is None:
                return
        self.outputs.stream(self.name, message["content"]["text"], self._owner)


class _Torrent(io.BufferedIOBase):
    """Where a text file's bytes go: to a function, as text."""

    def __init__(self, take: Callable[[str], None]) -> None:
        self._take = take

    def writable(self) -> bool:
        """As a file for writing."""
        return True

    def write(self, data: Any) -> int:
        """Passes it on."""
        self._take(bytes(data).decode("utf-8", "surrogatepass"))
        return len(data)


def _is_alone() -> bool:
    """Whether nobody else could print just now, for another cell perhaps: no thread and no task."""
    try:
        return threading.active_count() == len(asyncio.all_tasks()) == 1
    except RuntimeError:
        # No event loop runs here.
        return False


# What `type(sys.stdout)` shows is the same as in an ordinary kernel.
Stream.__name__ = Stream.__qualname__ = "OutStream"
Stream.__module__ = OutStream.__module__


@contextmanager
def no_debugger() -> Iterator[None]:
    """Lets ipykernel believe that debugpy is not installed: 60 ms, and a thread that a warm parent must not have."""
    missing = "debugpy" not in sys.modules
    if missing:
        sys.modules["debugpy"] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        if missing:
            sys.modules.pop("debugpy", None)
