"""The forked process in which a notebook runs: it is put in its place, then the cells are run, then it reports."""

from __future__ import annotations

import asyncio
import contextlib
import faulthandler
import json
import os
import resource
import signal
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, NoReturn

from catalyst_lessons.files.kernels.execution import Stop
from catalyst_lessons.files.kernels.forking import sandbox
from catalyst_lessons.files.kernels.forking.messages import Outputs
from catalyst_lessons.files.kernels.stopping import stop_of

Request = Mapping[str, Any]
# Notebooks replace these; what we call after them is what was there before.
_exit, _getpid, _write, _clock, _usage = os._exit, os.getpid, os.write, time.monotonic, resource.getrusage
_encode = json.JSONEncoder(default=str, allow_nan=False).encode
HIGHEST = 65536
"""Above the descriptors that a process of ours may have open."""


def settle(request: Request, *, keep: set[int], into: tuple[int, int]) -> None:
    """Puts this fresh process in its place: session, descriptors, environment, folder, limits.

    Raises:
        OSError: the folder is not there, or the network cannot be cut off.
    """
    # What a run's processes leave behind stays below it while it lives.
    sandbox.adopt_orphans()
    os.setsid()
    for target, source in enumerate((os.open(os.devnull, os.O_RDONLY), *into)):
        os.dup2(source, target)
    _close_others(keep)
    _change_environment(request["env"])
    time.tzset()
    os.chdir(request["folder"])
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGCHLD):
        signal.signal(number, signal.SIG_DFL)
    if not request["network"] and not sandbox.cut_network():
        raise OSError("the network cannot be cut off here")
    sandbox.limit(request["limits"])
    sandbox.confine()
    _forget_places()


def _change_environment(wanted: Mapping[str, str]) -> None:
    """The parent's is nearly the same: what is not written need not be copied."""
    for name in [name for name in os.environ if name not in wanted]:
        del os.environ[name]
    for name, value in wanted.items():
        if os.environ.get(name) != value:
            os.environ[name] = value


def hide_ourselves() -> None:
    """Takes our modules out of `sys.modules`, where a notebook would find them; they go on working."""
    ours = [name for name in sys.modules if name.split(".")[0] == "catalyst_lessons"]
    _HIDDEN.extend(sys.modules.pop(name) for name in ours)


_HIDDEN: list[Any] = []


def _close_others(keep: set[int]) -> None:
    low = 3
    for fd in sorted(keep):
        os.closerange(low, fd)
        low = fd + 1
    os.closerange(low, min(HIGHEST, max(low, resource.getrlimit(resource.RLIMIT_NOFILE)[0])))


def _forget_places() -> None:
    """What the parent's imports know of folders and of chance is this process's own affair."""
    tempfile.tempdir = None
    if "multiprocessing.process" in sys.modules:
        # Where processes that are spawned look for modules.
        sys.modules["multiprocessing.process"].ORIGINAL_DIR = os.getcwd()  # type: ignore[attr-defined]
    if "matplotlib" in sys.modules:
        matplotlib = sys.modules["matplotlib"]
        for function in ("get_configdir", "get_cachedir"):
            with contextlib.suppress(AttributeError):
                getattr(matplotlib, function).cache_clear()
    if "numpy.random" in sys.modules:
        # A number does as well as the system's whole entropy, which takes NumPy half a millisecond to mix.
        sys.modules["numpy.random"].seed(int.from_bytes(os.urandom(4)))
    # Where ipykernel puts it: after the standard library.
    sys.path[:] = [path for path in sys.path if path]
    folders = (n for n, path in enumerate(sys.path) if os.path.basename(path) in ("site-packages", "dist-packages"))
    if not sys.flags.safe_path:
        sys.path.insert(next(folders, len(sys.path)), "")


class Cells:
    """The cells of one notebook in this process. The report goes to `report`, each cell's start to `events`."""

    def __init__(self, request: Request, kernel: Any, *, report: int, events: int) -> None:
        self.request, self.kernel, self.report, self.events = request, kernel, report, events
        self.owner = _getpid()
        self.index = -1
        self.outputs = Outputs(request["output"], self.flooded)
        self.counts: dict[int, int] = {}
        self.seconds: dict[int, float] = {}

    def run(self, *, captured: tuple[int, int], dump: int, log: int) -> NoReturn:
        """Runs them, reports, and leaves without anything that would run at exit, as a killed kernel does."""
        stop: Stop | None
        try:
            # The stack goes there when a cell takes too long: also from inside C code.
            faulthandler.register(signal.SIGUSR1, file=dump, all_threads=False)
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            folder = self.request["env"]["IPYTHONDIR"]
            sys.argv[:] = self.request["argv"]
            # ipykernel asks for it before the first cell runs; to find it by trial would write to the folder.
            tempfile.tempdir = self.request["env"]["TMPDIR"]
            loop = asyncio.new_event_loop()
            asyncio.set_event_loop(loop)
            stop = loop.run_until_complete(self._run(captured, log, folder))
        except BaseException as error:  # noqa: BLE001
            stop = Stop("unproved", self.index, error=type(error).__name__, message=repr(error)[:500])
        self.end(stop)

    async def _run(self, captured: tuple[int, int], log: int, folder: str) -> Stop | None:
        self.kernel.begin(self.outputs, captured=captured, log=log, folder=folder)
        self._tell_file_names()
        forgiven: set[tuple[str, str]] = set()
        for number, cell in enumerate(self.request["cells"]):
            self.index = cell["index"]
            began = _clock()
            _write(self.events, b"c %d %.3f\n" % (self.index, began))
            reply = await self.kernel.run(cell["source"], cell["id"], number)
            self.seconds[self.index] = _clock() - began
            self.counts[reply.get("execution_count") or 0] = self.index
            if self.outputs.unsure or not reply:
                return Stop("unproved", self.index, message=self.outputs.unsure or "no reply")
            outputs = self.outputs.cells[cell["id"]]
            stop = stop_of(reply, outputs, index=self.index, tags=cell["tags"], forgiven=forgiven)
            if stop is not None:
                return stop
            # Tasks in the background go on between cells.
            await asyncio.sleep(0.005 if len(asyncio.all_tasks()) > 1 else 0)
        return None

    def _tell_file_names(self) -> None:
        """Lets the guard know under which file name IPython compiles which cell."""
        compiler = self.kernel.shell.compile
        get_code_name = compiler.get_code_name

        def told(raw_code: str, code: str, number: int) -> str:
            name: str = get_code_name(raw_code, code, number)
            if _getpid() == self.owner:
                _write(self.events, f"f {number} {name}\n".encode())
            return name

        compiler.get_code_name = told

    def flooded(self) -> NoReturn:
        """More output than the notebook may have."""
        self.end(Stop("flood", self.index))

    def end(self, stop: Stop | None) -> NoReturn:
        """Reports and leaves. A process that the notebook forked, and that got here too, has nothing to report."""
        if _getpid() == self.owner:
            with contextlib.suppress(BaseException):
                self._send(stop)
        _exit(0)

    def _send(self, stop: Stop | None) -> None:
        """The report as `reports` reads it: how many bytes it has; JSON on one line; what was printed, as it is."""
        texts: list[bytes] = []
        if stop is None:
            report: dict[str, Any] = {"outputs": self.outputs.finished(texts), "counts": list(self.counts.items())}
            # In KiB. It outlives exec, but a fork begins anew with what it has resident, as VmHWM in /proc/self/status
            # does: measured, the two are the same here, and this one takes a tenth of the time and opens no file.
            report |= {"seconds": list(self.seconds.items()), "memory": _usage(resource.RUSAGE_SELF).ru_maxrss}
        else:
            report = {"stop": asdict(stop), "counts": list(self.counts.items())}
        parts = (_encode(report).encode("ascii"), b"\n", *texts)
        for part in (b"%d\n" % sum(map(len, parts)), *parts):
            data = memoryview(part)
            while data:
                data = data[_write(self.report, data[: 1 << 20]) :]
