"""The warm parent: it has imported what kernels import first, forks the runs and guards them. It runs nobody's code.

Run as `python -c "…zygote.main()" KIND DESCRIPTOR SCRATCH ROOM FONTS…`: requests come as datagrams on that socket, with
their descriptors. Of the two kinds, "cells" has made the kernel that its runs use, "kernels" leaves that to each run.
At its end it removes the scratch folder, and the room too if nobody else is left to do it.
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
import time
from pathlib import Path
from typing import Any, NoReturn

from catalyst_lessons.files.kernels.forking import sandbox
from catalyst_lessons.files.kernels.forking.child import Cells, hide_ourselves, settle
from catalyst_lessons.files.kernels.forking.guard import Guard
from catalyst_lessons.files.kernels.forking.keeper import GOODBYE
from catalyst_lessons.files.kernels.forking.warming import warm_up
from catalyst_lessons.files.kernels.places import remove

IDLE_THREADS = frozenset({"jemalloc_bg_thd"})
"""Threads that do nothing and that a fork may do without (pyarrow's allocator)."""


class Zygote:
    """A warm parent: a first one, or one forked from that which has imported more.

    It adopts what its runs leave behind. A run adopts its own orphans while it lives (see `settle`), so that whatever
    comes here, and is neither a run nor another parent, is left from a run that has ended.
    """

    def __init__(self, sock: socket.socket, kernel: Any, *, places: tuple[str, ...] = ()) -> None:
        self.sock, self.kernel, self.places = sock, kernel, places
        self.above = os.getppid()
        self.groups: dict[int, int] = {}
        self.runs: list[Guard] = []
        self.listening, self.dismissed = True, False
        self.poll = select.poll()
        self.poll.register(sock.fileno(), select.POLLIN)

    def serve(self) -> NoReturn:
        """Takes requests until the other side closes and the last run has ended."""
        sandbox.adopt_orphans()
        # And with it every run: their parents hold nothing that cannot be made again.
        sandbox.first_to_go()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        try:
            while self.listening or self.groups or self.runs:
                self._turn()
        finally:
            sandbox.end_all()
        if self.places:
            self._clean_up(*self.places)
        os._exit(0)

    def _clean_up(self, own: str, room: str) -> None:
        remove(Path(own))
        if not self.dismissed:
            # Its sockets close before the one who started us has ended, who then cleans up nothing.
            while os.getppid() == self.above:
                time.sleep(0.01)
            remove(Path(room))

    def _turn(self) -> None:
        """Waits until there is something to do, and does it."""
        ready = {fd for fd, _ in self.poll.poll(self._patience())}
        for run in [run for run in self.runs if run.is_over(ready)]:
            self._end(run)
        for pidfd in ready & self.groups.keys():
            self._one_group_less(pidfd)
        if self.listening and self.sock.fileno() in ready and not self._take():
            self._stop_listening()

    def _patience(self) -> float | None:
        """Milliseconds until somebody has to be looked at, None without end."""
        return max(1.0, min(run.patience() for run in self.runs) * 1000) if self.runs else None

    def _stop_listening(self) -> None:
        self.listening = False
        self.poll.unregister(self.sock.fileno())
        # Whoever still imports; parents that serve end by themselves, with their last run.
        for pid in self.groups.values():
            os.kill(pid, signal.SIGTERM)

    def _end(self, run: Guard) -> None:
        self.runs.remove(run)
        status = run.end()
        self._end_strays()
        run.report(status)

    def _one_group_less(self, pidfd: int) -> None:
        pid = self.groups.pop(pidfd)
        self.poll.unregister(pidfd)
        os.close(pidfd)
        os.waitpid(pid, 0)
        self._end_strays()

    def _end_strays(self) -> None:
        sandbox.end_all(spare=frozenset(self.groups.values()) | {run.child for run in self.runs})

    def _take(self) -> bool:
        """Takes one request; whether there was one."""
        try:
            data, fds, _, _ = self._receive()
        except OSError:
            return False
        self.dismissed = data == GOODBYE
        if not data or self.dismissed:
            return False
        # What cannot be done (no more processes, memory, descriptors) is heard of when the descriptors are closed. It
        # ends nobody's run.
        with contextlib.suppress(Exception):
            self._answer(json.loads(data), *fds)
        for fd in fds:
            os.close(fd)
        return True

    def _receive(self) -> Any:
        try:
            return socket.recv_fds(self.sock, 1 << 16, 8)
        except ConnectionResetError:
            # The other side has closed without reading all of ours; what it said before that is still to be read.
            return socket.recv_fds(self.sock, 1 << 16, 8)

    def _answer(self, request: Any, control: int, *fds: int) -> None:
        if "imports" in request:
            self._fork_group(control, request["imports"])
        else:
            self._fork_run(control, *fds)

    def _fork_group(self, control: int, names: list[str]) -> None:
        def be_group() -> NoReturn:
            self._forget_others()
            _be_group(socket.socket(fileno=control), self.kernel, names)

        pid, pidfd = sandbox.fork(be_group)
        self.groups[pidfd] = pid
        self.poll.register(pidfd, select.POLLIN)

    def _fork_run(self, control: int, payload: int, *fds: int) -> None:
        with os.fdopen(payload, "rb", closefd=False) as file:
            request = json.loads(file.read())
        guard = Guard(request, socket.socket(fileno=os.dup(control)))
        try:
            if request["kind"] == "kernel":
                guard.start(lambda guard: _be_kernel(guard, fds[0], fds[1]), self.poll)
            else:
                guard.start(lambda guard: _run_cells(guard, self.kernel, fds[0]), self.poll)
        except BaseException:
            guard.close()
            raise
        self.runs.append(guard)

    def _forget_others(self) -> None:
        """In a new parent: the descriptors of the old one."""
        self.sock.close()
        for pidfd in self.groups:
            os.close(pidfd)
        for run in self.runs:
            run.close()


def _be_group(sock: socket.socket, kernel: Any, names: list[str]) -> NoReturn:
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    _say_ready(sock, import_ahead(names, kernel))
    Zygote(sock, kernel).serve()


def _say_ready(sock: socket.socket, reason: str) -> None:
    """Tells whoever waits for it that all is imported, or why this process ends."""
    # Where nobody waits any more, serving ends at once.
    with contextlib.suppress(OSError):
        sock.send(json.dumps({"ready": not reason, "reason": reason}).encode())
    if reason:
        os._exit(0)


def _run_cells(guard: Guard, kernel: Any, report: int) -> NoReturn:
    log = os.open(os.devnull, os.O_WRONLY)
    gc.enable()
    request = {**guard.request, "env": {**SET_BY_IMPORTS, **guard.request["env"]}}
    settle(request, keep={report, guard.events, guard.dump, *guard.captured, log}, into=guard.captured)
    cells = Cells(request, kernel, report=report, events=guard.events)
    cells.run(captured=guard.captured, dump=guard.dump, log=log)


def _be_kernel(guard: Guard, stdout: int, stderr: int) -> NoReturn:
    """In the child: an ordinary kernel with its sockets, started as `python -m ipykernel_launcher` would."""
    from catalyst_lessons.files.kernels.forking.sockets import serve_kernel

    control = guard.control.fileno()
    gc.enable()
    settle(guard.request, keep={control}, into=(stdout, stderr))
    hide_ourselves()
    serve_kernel(guard.request["argv"], on_ready=lambda: _ready(control))


def _ready(control: int) -> None:
    """Tells the one who wants the kernel that its sockets are bound."""
    os.write(control, b'{"ready": true}')
    os.close(control)


def _import(names: tuple[str, ...]) -> None:
    for name in names:
        importlib.import_module(name)


def import_ahead(names: list[str], kernel: Any = None) -> str:
    """Imports these modules, and warms them up for this kernel; why no fork may be made afterwards, "" if all is well.

    An import that fails or prints something has to do so in the notebook, and a process with threads or sockets of a
    library cannot be forked safely.
    """
    sockets = _sockets()
    # Python's own modules write nothing when they are imported.
    all_python = all(name.partition(".")[0] in sys.stdlib_module_names for name in names)
    with _captured() as printed, contextlib.nullcontext() if all_python else _own_folder():
        before = dict(os.environ)
        with kernel.shell.builtin_trap if kernel is not None else contextlib.nullcontext():
            for name in names:
                try:
                    _import_as_a_cell_does(name)
                except BaseException as error:  # noqa: BLE001
                    return f"{name} cannot be imported: {error!r}"
        SET_BY_IMPORTS.update(os.environ.items() - before.items())
        if kernel is not None:
            warm_up(kernel.shell)
        if "matplotlib.font_manager" in sys.modules:
            _keep_fonts()
    if printed():
        return "the import prints something"
    threads = _threads() - IDLE_THREADS
    if len(threads) > 1 or _sockets() != sockets:
        return f"the import leaves threads or sockets: {sorted(threads)}"
    # What is there lives as long as this process: no collection in a run has to look at it, and so to copy its pages.
    gc.freeze()
    return ""


SET_BY_IMPORTS: dict[str, str] = {}
"""Variables that the imports have set, as scikit-learn does: the notebook would have them too."""


def _import_as_a_cell_does(name: str) -> None:
    """Imports a module from where a notebook would: it may ask for `get_ipython` (pandas does, to know a terminal), and
    warns whoever is `__main__`."""
    exec(f"import {name}", {"__name__": "__main__"})  # noqa: S102


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
    # Until there is a run: what is imported stays.
    gc.disable()
    kind, sock = sys.argv[1], socket.socket(fileno=int(sys.argv[2]))
    places, FONTS[:] = (sys.argv[3], sys.argv[4]), sys.argv[5:]
    sys.argv[:] = ["zygote"]
    from catalyst_lessons.files.kernels.forking import sockets

    _import(sockets.WARM)
    kernel = _make_kernel() if kind == "cells" else None
    _say_ready(sock, import_ahead([], kernel))
    Zygote(sock, kernel, places=places).serve()


def _make_kernel() -> Any:
    """The kernel that every run of cells uses, made once."""
    from catalyst_lessons.files.kernels.forking.socketless import WARM, Socketless

    _import(WARM)
    kernel = Socketless()
    # As ipykernel's streams call it: pandas keeps the name.
    streams: tuple[Any, ...] = (sys.stdout, sys.stderr)
    for stream in streams:
        stream.reconfigure(encoding="UTF-8")
    # Here and not in each run: it touches all there is.
    hide_ourselves()
    return kernel
