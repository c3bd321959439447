"""The fast path: an engine whose child has the real ipykernel classes and no sockets. Only its *passed* counts."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import resource
import socket
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from catalyst_lessons.core.model import Json, Lesson
from catalyst_lessons.files.kernels.environment import OwnFolders, environment
from catalyst_lessons.files.kernels.execution import Execution, Limits, Stop
from catalyst_lessons.files.kernels.forking.imports import only_ordinary
from catalyst_lessons.files.kernels.forking.parents import NotReady, Parent
from catalyst_lessons.files.kernels.forking.reports import execution_of
from catalyst_lessons.files.kernels.lending import lend

END = 5.0
"""Seconds that a guard may take to clean up."""
CHUNK = 1 << 20
SPARE_PROCESSES = 4096
"""What RLIMIT_NPROC gets on top: it counts the threads of every process of the user. The guard counts exactly."""


async def execute(lesson: Lesson, folder: Path, limits: Limits, *, parent: Parent) -> Execution:
    """Runs the code cells in a child of this parent; a stop other than `None` is a reason to look again.

    Nothing is left behind: no process, no file, also when the task is cancelled.
    """
    reason = only_ordinary(lesson)
    if reason:
        return Execution(stop=Stop("unproved", message=reason))
    try:
        with lend(OwnFolders, "run") as own:
            return await _execute(lesson, request_of(lesson, folder, limits, scratch=own.place), parent)
    except (NotReady, OSError, ValueError) as error:
        # Also a report of another shape than ours: it comes from the notebook's process.
        return Execution(stop=Stop("unproved", message=f"{type(error).__name__}: {error}"))


def request_of(lesson: Lesson, folder: Path, limits: Limits, *, scratch: Path) -> dict[str, Any]:
    """What the child has to know."""
    cells = [
        {"index": index, "id": cell.id, "source": cell.source, "tags": list(cell.tags)}
        for index, cell in enumerate(lesson.code_cells)
        if cell.source.strip() and not cell.has("skip-execution")
    ]
    launcher = Path(os.__file__).parent / "site-packages" / "ipykernel_launcher.py"
    return {
        "kind": "cells",
        "cells": cells,
        "argv": [str(launcher), "-f", str(scratch / "kernel.json"), "--HistoryManager.hist_file=:memory:"],
        "output": limits.output * 2**20,
        "cell_seconds": limits.cell_seconds,
        "notebook_seconds": limits.notebook_seconds,
        **confinement(folder, limits, env=environment(scratch)),
    }


def confinement(folder: Path, limits: Limits, *, env: Mapping[str, str]) -> dict[str, Any]:
    """The part of a request that says where and within what limits."""
    # ipykernel chooses this one unless the environment has another, and then figures would not be shown.
    return {
        "env": {"MPLBACKEND": "module://matplotlib_inline.backend_inline", **env},
        "folder": str(folder),
        "network": limits.network,
        "processes": limits.processes,
        "limits": {
            **sizes(limits),
            "cpu": int(limits.notebook_seconds * (os.cpu_count() or 1)) + 60,
        },
    }


def sizes(limits: Limits) -> dict[str, int]:
    """The limits that every kernel has, in the units of setrlimit."""
    return {
        "memory": limits.memory * 2**20,
        "disk": limits.disk * 2**20,
        "open_files": limits.open_files,
        "processes": _processes(limits.processes),
    }


def _processes(most: int) -> int:
    allowed = resource.getrlimit(resource.RLIMIT_NPROC)[0]
    wanted = most + SPARE_PROCESSES if most else 0
    return wanted if allowed == resource.RLIM_INFINITY else min(wanted, allowed)


async def _execute(lesson: Lesson, request: dict[str, Any], parent: Parent) -> Execution:
    await parent.wait()
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
    with ours:
        try:
            control = parent.fork(request, theirs.fileno())
        finally:
            theirs.close()
        with control:
            for one in (ours, control):
                one.setblocking(False)
            # JSON writes a control character in six bytes.
            reading = asyncio.ensure_future(_read(ours, most=request["output"] * 6 + 16 * CHUNK))
            try:
                end = await _end(control)
                report = await asyncio.wait_for(reading, END)
            except asyncio.CancelledError:
                await _cancel(control)
                raise
            finally:
                reading.cancel()
                with contextlib.suppress(asyncio.CancelledError, OSError, TimeoutError):
                    await reading
    return execution_of(report, end, lesson)


async def _end(control: socket.socket) -> Json:
    """What the guard has to say when all is over.

    Raises:
        NotReady: the guard is gone.
    """
    loop = asyncio.get_running_loop()
    while True:
        data = await loop.sock_recv(control, CHUNK)
        if not data:
            raise NotReady("the guard of the run is gone")
        message = json.loads(data)
        if "status" in message:
            return message


async def _cancel(control: socket.socket) -> None:
    """Ends the run, and waits until nothing of it is left."""
    with contextlib.suppress(OSError, NotReady, TimeoutError, ValueError):
        control.shutdown(socket.SHUT_WR)
        await asyncio.wait_for(asyncio.shield(_end(control)), END)


async def _read(sock: socket.socket, *, most: int) -> bytes:
    """What the child reports; nothing if that is more than it may be."""
    loop = asyncio.get_running_loop()
    pieces, size = [], 0
    while data := await loop.sock_recv(sock, CHUNK):
        size += len(data)
        if size <= most:
            pieces.append(data)
    return b"".join(pieces) if size <= most else b""
