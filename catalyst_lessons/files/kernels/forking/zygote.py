"""The warm parent: it has imported what kernels import first, and forks a guard for each run. It runs nobody's code.

Run as `python -c "…zygote.main()" DESCRIPTOR`: requests come as datagrams on that socket, with their descriptors.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import select
import shutil
import signal
import socket
import sys
import tempfile
from typing import Any, NoReturn

from catalyst_lessons.files.kernels.forking import sandbox
from catalyst_lessons.files.kernels.forking.child import Cells, settle
from catalyst_lessons.files.kernels.forking.guard import Guard

IDLE_THREADS = frozenset({"jemalloc_bg_thd"})
"""Threads that do nothing and that a fork may do without (pyarrow's allocator)."""


class Zygote:
    """A warm parent: the first one, or one forked from it that has imported more."""

    def __init__(self, sock: socket.socket, kernel: Any, *, scratch: str = "") -> None:
        self.sock, self.kernel, self.scratch = sock, kernel, scratch
        self.below: dict[int, int] = {}
        self.poll = select.poll()
        self.poll.register(sock.fileno(), select.POLLIN)

    def serve(self) -> NoReturn:
        """Takes requests until the other side closes and the last run has ended."""
        sandbox.adopt_orphans()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        listening = True
        while listening or self.below:
            for fd, _ in self.poll.poll():
                if fd in self.below:
                    self._one_less(fd)
                elif not self._take():
                    listening = False
                    self.poll.unregister(self.sock.fileno())
                    # Whoever still imports; guards and parents that serve end by themselves, with their last run.
                    for pid in self.below.values():
                        os.kill(pid, signal.SIGTERM)
        sandbox.end_all()
        if self.scratch:
            shutil.rmtree(self.scratch, ignore_errors=True)
        os._exit(0)

    def _one_less(self, pidfd: int) -> None:
        pid = self.below.pop(pidfd)
        self.poll.unregister(pidfd)
        os.close(pidfd)
        os.waitpid(pid, 0)
        # A guard cleans up itself: what comes to us is what was left by one that was killed.
        sandbox.end_all(spare=frozenset(self.below.values()))

    def _take(self) -> bool:
        try:
            data, fds, _, _ = socket.recv_fds(self.sock, 1 << 16, 8)
        except OSError:
            return False
        if not data:
            return False
        request = json.loads(data)
        pid = os.fork()
        if pid == 0:
            try:
                self._become(request, fds)
            except BaseException:  # noqa: BLE001
                import traceback

                traceback.print_exc()
            finally:
                os._exit(1)
        for fd in fds:
            os.close(fd)
        pidfd = os.pidfd_open(pid)
        self.below[pidfd] = pid
        self.poll.register(pidfd, select.POLLIN)
        return True

    def _become(self, request: dict[str, Any], fds: list[int]) -> NoReturn:
        self.sock.close()
        for pidfd in self.below:
            os.close(pidfd)
        control = socket.socket(fileno=fds[0])
        if "imports" in request:
            _be_group(control, self.kernel, request["imports"])
        with os.fdopen(fds[1], "rb") as file:
            wanted = json.loads(file.read())
        guard = Guard(wanted, control)
        if wanted["kind"] == "kernel":
            guard.run(lambda guard: _be_kernel(guard, fds[2], fds[3]))
        guard.run(lambda guard: _run_cells(guard, self.kernel, fds[2]))


def _be_group(sock: socket.socket, kernel: Any, names: list[str]) -> NoReturn:
    sandbox.die_with_parent()
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    if kernel is None:
        # Not in the first parent: ordinary kernels are forked from that one, and have to make their own.
        from catalyst_lessons.files.kernels.forking.socketless import WARM, Socketless

        _import(WARM)
        kernel = Socketless()
    reason = import_ahead(names)
    try:
        sock.send(json.dumps({"ready": not reason, "reason": reason}).encode())
    except OSError:
        # Nobody wants it any more.
        os._exit(0)
    if reason:
        os._exit(0)
    Zygote(sock, kernel).serve()


def _run_cells(guard: Guard, kernel: Any, report: int) -> NoReturn:
    log = os.open(os.devnull, os.O_WRONLY)
    settle(guard.request, keep={report, guard.told, guard.dump, *guard.captured, log}, into=guard.captured)
    cells = Cells(guard.request, kernel, report=report, events=guard.told)
    cells.run(captured=guard.captured, dump=guard.dump, log=log)


def _be_kernel(guard: Guard, stdout: int, stderr: int) -> NoReturn:
    """In the child: an ordinary kernel with its sockets, started as `python -m ipykernel_launcher` would."""
    from catalyst_lessons.files.kernels.forking.sockets import serve_kernel

    settle(guard.request, keep={guard.told, guard.dump}, into=(stdout, stderr))
    serve_kernel(guard.request["argv"], on_ready=lambda: _ready(guard.told))


def _ready(fd: int) -> None:
    os.write(fd, b"ready\n")
    os.close(fd)


def _import(names: tuple[str, ...]) -> None:
    for name in names:
        importlib.import_module(name)


def import_ahead(names: list[str]) -> str:
    """Imports these modules; why no fork may be made afterwards, "" if all is well.

    An import that fails or prints something has to do so in the notebook, and a process with threads or sockets of a
    library cannot be forked safely.
    """
    sockets = _sockets()
    with _captured() as printed, _own_folder():
        for name in names:
            try:
                importlib.import_module(name)
            except BaseException as error:  # noqa: BLE001
                return f"{name} cannot be imported: {error!r}"
        if "matplotlib.pyplot" in sys.modules:
            _draw_once()
        if "matplotlib.font_manager" in sys.modules:
            _keep_fonts()
    if printed():
        return "the import prints something"
    threads = _threads() - IDLE_THREADS
    if len(threads) > 1 or _sockets() != sockets:
        return f"the import leaves threads or sockets: {sorted(threads)}"
    gc.collect()
    gc.freeze()
    return ""


def _draw_once() -> None:
    """Draws a figure for nobody, beside pyplot: what Matplotlib loads and looks up for a first one (fonts, the writer
    of PNG) takes it as long as the drawing. Only caches know of it."""
    import io

    with contextlib.suppress(Exception):
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure

        figure = Figure(figsize=(3, 2))
        axes: Any = figure.subplots()
        axes.plot([1, 2], label="a")
        axes.set_title("a")
        axes.legend()
        FigureCanvasAgg(figure).print_figure(io.BytesIO(), format="png", bbox_inches="tight")
        importlib.import_module("matplotlib_inline.config")
        if "pandas" in sys.modules:
            importlib.import_module("pandas.plotting._matplotlib")


@contextlib.contextmanager
def _captured() -> Any:
    into = os.memfd_create("imports")
    kept = os.dup(1), os.dup(2)
    for fd in (1, 2):
        os.dup2(into, fd)
    try:
        yield lambda: os.fstat(into).st_size
    finally:
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
        for fd, copy in zip((1, 2), kept, strict=True):
            os.dup2(copy, fd)
            os.close(copy)


@contextlib.contextmanager
def _own_folder() -> Any:
    """A folder for what libraries write at their first import; gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="catalyst-imports-", ignore_cleanup_errors=True) as folder:
        os.environ["MPLCONFIGDIR"] = folder
        for place in FONTS:
            _copy_fonts(place, folder)
        yield


FONTS: list[str] = []
"""Folders where a list of fonts may be; the first is ours to write to."""


def _keep_fonts() -> None:
    if FONTS and not any(os.path.isdir(place) and os.listdir(place) for place in FONTS):
        os.makedirs(FONTS[0], exist_ok=True)
        _copy_fonts(os.environ["MPLCONFIGDIR"], FONTS[0])


def _copy_fonts(source: str, target: str) -> None:
    with contextlib.suppress(OSError):
        for name in os.listdir(source):
            if name.startswith("fontlist-"):
                shutil.copyfile(os.path.join(source, name), os.path.join(target, name))


def _threads() -> set[str]:
    """The threads of this process by name; ours counts by its number, so that two of one name are two."""
    found = set()
    for thread in os.listdir("/proc/self/task"):
        with open(f"/proc/self/task/{thread}/comm", encoding="utf-8", errors="replace") as file:
            name = file.read().strip()
        found.add(name if name in IDLE_THREADS else f"{name} {thread}")
    return found


def _sockets() -> set[str]:
    found = set()
    for fd in os.listdir("/proc/self/fd"):
        with contextlib.suppress(OSError):
            found.add(os.readlink(f"/proc/self/fd/{fd}"))
    return {name for name in found if name.startswith("socket:")}


def main() -> NoReturn:
    """Imports what every kernel imports, then serves."""
    sock = socket.socket(fileno=int(sys.argv[1]))
    scratch, FONTS[:] = sys.argv[2], sys.argv[3:]
    sys.argv[:] = ["zygote"]
    from catalyst_lessons.files.kernels.forking import sockets

    _import(sockets.WARM)
    reason = import_ahead([])
    sock.send(json.dumps({"ready": not reason, "reason": reason}).encode())
    if reason:
        os._exit(1)
    Zygote(sock, None, scratch=scratch).serve()
