"""The real ipykernel classes around a session that keeps its messages: made in the parent, used once in a child."""

from __future__ import annotations

import datetime
import importlib
import logging
import os
import signal
import sys
import threading
from contextlib import nullcontext
from types import SimpleNamespace
from typing import Any

from catalyst_lessons.files.kernels.forking.messages import Outputs
from catalyst_lessons.files.kernels.forking.streams import Stream, no_debugger

with no_debugger():
    importlib.import_module("ipykernel.debugger")

from ipykernel.ipkernel import IPythonKernel
from ipykernel.kernelapp import IPKernelApp
from IPython.core.profiledir import ProfileDir
from jupyter_client.session import Session
from tornado.ioloop import IOLoop
from traitlets import observe
from traitlets.config import Config


class KeepingSession(Session):
    """A session that hands each message to `outputs` instead of a socket.

    It is packed as for one: what is no JSON fails there, in the cell, and what changes afterwards was sent already.
    """

    outputs: Any = None

    def send(self, stream: Any, msg_or_type: Any, *arguments: Any, **options: Any) -> Any:
        """Sends it to itself."""
        itself: Any = self
        return super().send(itself, msg_or_type, *arguments, **options)

    def send_multipart(self, parts: list[Any], **_: Any) -> None:
        """Keeps the message, as a socket would take it."""
        if self.outputs is not None:
            body: Any = self.feed_identities(parts)[1]
            header, parent, _, content = body[1:5]
            owner = self.unpack(parent).get("msg_id", "")
            self.outputs.take(self.unpack(header)["msg_type"], self.unpack(content), owner)


class _Kernel(IPythonKernel):
    _execute_sleep = 0

    def _abort_queues(self, *_: Any, **__: Any) -> None:
        """There is no queue."""

    def _publish_status(self, *_: Any, **__: Any) -> None:
        """Nobody waits for it."""

    def _publish_execute_input(self, *_: Any, **__: Any) -> None:
        """Nobody waits for it."""


_Kernel.__name__ = _Kernel.__qualname__ = "IPythonKernel"
_Kernel.__module__ = IPythonKernel.__module__


class _Profile(ProfileDir):
    """One whose folders are not made: nobody looks there, and whoever writes there is confirmed in another kernel."""

    @observe("location")
    def _location_changed(self, change: Any) -> None:
        for name in ("security", "log", "startup", "pid", "static"):
            setattr(self, f"{name}_dir", os.path.join(change["new"], name))

    def _mkdir(self, path: str, mode: int | None = None) -> bool:
        return False


_Profile.__name__ = _Profile.__qualname__ = "ProfileDir"
_Profile.__module__ = ProfileDir.__module__


class Socketless:
    """The kernel of a run."""

    def __init__(self) -> None:
        os.environ.setdefault("MPLBACKEND", "module://matplotlib_inline.backend_inline")
        config = Config()
        config.HistoryManager.hist_file = ":memory:"
        config.HistoryManager.enabled = False
        # Libraries look for this key to know a notebook (tqdm, plotly).
        config.IPKernelApp.connection_file = ""
        self.session = KeepingSession(key=b"")
        threads = SimpleNamespace(parent_thread=threading.main_thread())
        log = logging.getLogger("catalyst_lessons.kernel")
        log.addHandler(logging.NullHandler())
        log.propagate = False
        # Never initialized: `%matplotlib` and libraries ask it for its kernel.
        app: Any = IPKernelApp.instance(config=config, log=log)
        self.kernel: Any = _Kernel.instance(
            parent=app, log=log, session=self.session, iopub_socket=None, shell_channel_thread=threads, user_ns=None
        )
        app.kernel = self.kernel
        app.shell = self.kernel.shell
        shell: Any = self.kernel.shell
        self.shell, self.profile = shell, _Profile()
        shell.displayhook.get_execution_count = lambda: self.kernel.execution_count
        if hasattr(shell, "_tee"):
            # IPython 9 keeps what is printed for its history, at twice the cost of printing; there is no history here.
            shell._tee = lambda channel: nullcontext()
        self._prepare_logging()

    def begin(self, outputs: Outputs, *, captured: tuple[int, int], log: int, folder: str) -> None:
        """In the child: the streams, the event loop, the folder of IPython."""
        self.session.outputs, self.outputs = outputs, outputs
        # Of a process that the notebook forks it takes no messages, as in an ordinary kernel.
        self.session.pid = os.getpid()
        sys.stdout = Stream("stdout", outputs, session=self.session, captured=captured[0], log=log)
        sys.stderr = Stream("stderr", outputs, session=self.session, captured=captured[1], log=log)
        self.kernel.io_loop = IOLoop.current()
        # What ipykernel and the debugger set in an ordinary kernel: the environment is a new one.
        self.shell.init_environment()
        os.environ.setdefault("PYDEVD_USE_FRAME_EVAL", "NO")
        os.environ["JPY_PARENT_PID"] = str(os.getppid())
        self.shell.ipython_dir = folder
        self.profile.location = os.path.join(folder, "profile_default")
        self.shell.profile_dir = self.profile

    async def run(self, code: str, cell: str, number: int) -> Any:
        """One cell: the reply, as ipykernel gives it."""
        header = {
            "msg_id": f"{self.session.session}_{number}",
            "msg_type": "execute_request",
            "username": self.session.username,
            "session": self.session.session,
            "date": datetime.datetime.now(datetime.UTC),
            "version": "5.4",
        }
        content = {
            "code": code,
            "silent": False,
            "store_history": True,
            "user_expressions": {},
            "allow_stdin": False,
            "stop_on_error": False,
        }
        parent = {"header": header, "msg_id": header["msg_id"], "msg_type": "execute_request", "content": content}
        parent |= {"parent_header": {}, "metadata": {}, "buffers": []}
        self.outputs.begin(cell, str(header["msg_id"]))
        self.kernel.set_parent([b"run"], parent)
        previous = signal.signal(signal.SIGINT, signal.default_int_handler)
        try:
            await self.kernel.execute_request(None, [b"run"], parent)
        finally:
            signal.signal(signal.SIGINT, previous)
            for stream in (sys.stdout, sys.stderr):
                if stream is not None:
                    stream.flush()
        return self.outputs.reply

    def _prepare_logging(self) -> None:
        # As ipykernel's application does, lest tornado make a handler of the root logger.
        handler = logging.StreamHandler()
        handler.setFormatter(logging.Formatter(logging.BASIC_FORMAT))
        logging.getLogger("tornado").addHandler(handler)


WARM = (
    "asyncio",
    "concurrent.futures.thread",
    "sqlite3",
    "comm",
    "bdb",
    "IPython.core.completer",
    "IPython.core.logger",
    "IPython.core.pylabtools",
    "IPython.core.ultratb",
)
"""What an ordinary kernel has imported by the time it starts, or at its first cell."""
