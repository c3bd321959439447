"""`sys.stdout` and `sys.stderr` of a run: ipykernel's, but that they keep what is written, and read the descriptors."""

from __future__ import annotations

import codecs
import contextvars
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ipykernel.iostream import OutStream

from catalyst_lessons.files.kernels.forking.messages import Outputs

PAUSE = 0.0005
"""Seconds without a write after which something else (a child process) may have written to the descriptor."""
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
        self._last = 0.0

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
            self._read_descriptor()
        self._last = now
        owner = self.parent_header.get("msg_id", "")
        if owner != self._owner:
            self._hand_over()
            self._owner = owner
        self._pieces.append(string)
        if len(self._pieces) > 10_000:
            self._hand_over()
        return len(string)

    def flush(self) -> None:
        """Hands over what was written so far."""
        if not self._is_copy:
            self._read_descriptor()
            self._hand_over()

    _flush = flush

    def close(self) -> None:
        """Ends the stream."""
        self.pub_thread = None

    def _be_copy(self) -> None:
        """In a process that the notebook forks."""
        self._is_copy = True

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


# What `type(sys.stdout)` shows is the same as in an ordinary kernel.
Stream.__name__ = Stream.__qualname__ = "OutStream"
Stream.__module__ = OutStream.__module__


@contextmanager
def no_debugger() -> Iterator[None]:
    """Lets ipykernel believe that debugpy is not installed: 60 ms, and a thread that a warm parent must not have."""
    import sys

    missing = "debugpy" not in sys.modules
    if missing:
        sys.modules["debugpy"] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        if missing:
            sys.modules.pop("debugpy", None)
