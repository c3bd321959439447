"""The engine of ordinary kernels, and the one door to nbclient, nbformat and jupyter_client."""

from __future__ import annotations

import asyncio
import re
import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import asdict, replace
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

import nbformat
from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.kernelspec import NATIVE_KERNEL_NAME, KernelSpec, KernelSpecManager, NoSuchKernel
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning.factory import KernelProvisionerFactory
from nbclient import NotebookClient
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat import NotebookNode

from catalyst_lessons.core.model import Json, Kernel, Lesson
from catalyst_lessons.files.kernels.environment import environment, own_folders
from catalyst_lessons.files.kernels.execution import Execution, Limits, Stop
from catalyst_lessons.files.kernels.places import room, temporary_folder
from catalyst_lessons.files.kernels.stopping import size_of, stop_of

PROVISIONERS = "catalyst_lessons.files.kernels.forking.provisioner"
LOCAL = "local-provisioner"
"""The name of jupyter_client's own."""

STARTS = 2
"""A kernel that dies while it starts gets another try: it happens on busy machines (jupyter_client#487)."""
INTERRUPT_STEPS = 20
"""How many tenths of a second a cell that ran out of time has to say where it was."""
SOCKET_PATH = 100
"""Longest path of a Unix socket that every system takes (`sun_path` has 104 to 108 bytes)."""
PEAK = re.compile(r"^VmHWM:\s*(\d+) kB$", re.MULTILINE)
"""Peak resident set size (proc_pid_status(5)); a process begins anew with it when it becomes another program."""


class _NotReady(Exception):
    """The kernel did not start; what jupyter_client says of it, and the kernel's last words."""

    def __init__(self, message: str, status: int | None) -> None:
        super().__init__(message)
        self.status = status


async def execute(lesson: Lesson, folder: Path, limits: Limits, *, forked: bool = False) -> Execution:
    """Runs the code cells in one fresh kernel in that folder, to the first one that stops it.

    With `forked` the kernel is forked from a warm parent; that is for notebooks of our own Python on Linux. Nothing is
    left behind: no process, no file, also when the task is cancelled.
    """
    for attempt in range(1, STARTS + 1):
        try:
            return await _execute(lesson, folder, limits, forked=forked)
        except NoSuchKernel:
            return Execution(stop=_no_kernel(lesson.kernel))
        except _NotReady as error:
            if attempt == STARTS:
                return Execution(stop=Stop("died", message=str(error), status=error.status))
    raise AssertionError("a loop over at least one start returns")


async def _execute(lesson: Lesson, folder: Path, limits: Limits, *, forked: bool) -> Execution:
    # On Linux in a short path of its own: the sockets stand there too.
    with room(), temporary_folder("kernel") as scratch:
        own_folders(scratch)
        manager = _manager(lesson.kernel, scratch, limits, forked=forked)
        client: AsyncKernelClient | None = None
        try:
            with open(scratch / "log", "wb") as log:
                await _start(manager, cwd=str(folder), env=environment(scratch), stdout=log, stderr=log)
            client = manager.client()
            await _ready(manager, client, limits, log=scratch / "log")
            execution = await _Notebook(lesson, manager=manager, client=client, limits=limits).run()
            return replace(execution, memory=_peak_memory(manager))
        finally:
            if client is not None:
                client.stop_channels()
            await _end(manager)


def _manager(kernel: Kernel, scratch: Path, limits: Limits, *, forked: bool) -> AsyncKernelManager:
    specs = _Specs()
    specs.limits, specs.forked = limits, forked
    name = kernel.name or NATIVE_KERNEL_NAME
    try:
        specs.get_kernel_spec(name)
    except NoSuchKernel:
        # Notebooks name the environment they were written in (`conda-env-ds-py`, `Python [Root]`): any Python
        # will do.
        if kernel.language.lower() not in ("python", "python3", "ipython", ""):
            raise
        name = NATIVE_KERNEL_NAME
    manager = AsyncKernelManager(kernel_name=name, kernel_spec_manager=specs)
    manager.connection_file = str(scratch / "kernel.json")
    if sys.platform == "linux" and len(str(scratch)) < SOCKET_PATH - 10:
        # No ports: they can be taken by another kernel between the choice and the use (jupyter_client#487).
        manager.transport = "ipc"
        manager.ip = str(scratch / "s")
    return manager


class _Specs(KernelSpecManager):
    """The kernels of this machine, of which `python3` is always the Python that runs us.

    A `python3` that someone registered for another environment would have other packages than the ones
    installed here.
    """

    limits = Limits()
    forked = False

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        spec = super().get_kernel_spec(kernel_name) if kernel_name != NATIVE_KERNEL_NAME else _native()
        if sys.platform != "linux":
            return spec
        theirs = spec.metadata.get("kernel_provisioner", {}).get("provisioner_name", LOCAL)
        # A kernel on another machine is not ours to start, unless it has to be cut off from all others.
        if theirs == LOCAL or not self.limits.network:
            ours = _provisioner(self.limits, forked=self.forked)
            spec.metadata = {**spec.metadata, "kernel_provisioner": ours}
        return spec


def _native() -> KernelSpec:
    from ipykernel.kernelspec import get_kernel_dict

    return KernelSpec(**get_kernel_dict())


def _provisioner(limits: Limits, *, forked: bool) -> Json:
    """What the kernel spec says of our provisioner, which is known also where the package is not installed."""
    kind = "forking" if forked else "keeping"
    name = f"catalyst-{kind}-provisioner"
    value = f"{PROVISIONERS}:{kind.title()}Provisioner"
    factory = KernelProvisionerFactory.instance()
    factory.provisioners[name] = EntryPoint(name, value, KernelProvisionerFactory.GROUP_NAME)
    return {"provisioner_name": name, "config": {"limits": asdict(limits)}}


def _no_kernel(kernel: Kernel) -> Stop:
    found = ", ".join(sorted(KernelSpecManager().find_kernel_specs()))
    return Stop(
        "unavailable",
        error="NoSuchKernel",
        message=f"no kernel named {kernel.name!r} is installed; found: {found}",
    )


async def _start(manager: AsyncKernelManager, **options: Any) -> None:
    command = manager.kernel_spec.argv if manager.kernel_spec else []
    extra = ["--HistoryManager.hist_file=:memory:"] if "ipykernel_launcher" in command else []
    try:
        await manager.start_kernel(extra_arguments=extra, **options)
    except OSError as error:
        raise _NotReady(str(error), None) from error


async def _ready(manager: AsyncKernelManager, client: AsyncKernelClient, limits: Limits, *, log: Path) -> None:
    # No heartbeat: the kernel's process says whether it lives, and the thread of the heartbeat cannot be ended once a
    # notebook has written to its socket.
    client.start_channels(hb=False)
    client.allow_stdin = False
    try:
        await client.wait_for_ready(timeout=limits.start_seconds)
    except RuntimeError as error:
        last = log.read_text(errors="replace").strip().split("\n")[-1]
        raise _NotReady(last or str(error), await _status(manager)) from error


async def _status(manager: AsyncKernelManager) -> int | None:
    """The exit status of the kernel, or `None` while it lives."""
    return await manager.provisioner.poll() if manager.provisioner else None


def _peak_memory(manager: AsyncKernelManager) -> int | None:
    """The most memory that the kernel's process had resident at a time, in MiB; `None` once it has died, and where
    there is no /proc."""
    try:
        status = Path(f"/proc/{getattr(manager.provisioner, 'pid', None)}/status").read_text(errors="replace")
    except OSError:
        return None
    # A process that has ended and was not waited for has no such line.
    found = PEAK.search(status)
    return round(int(found[1]) / 1024) if found else None


async def _end(manager: AsyncKernelManager) -> None:
    process = getattr(manager.provisioner, "process", None)
    try:
        if manager.has_kernel:
            await manager.shutdown_kernel(now=True)
    finally:
        # Also if we are cancelled a second time.
        if process is not None:
            process.kill()


class _Notebook(NotebookClient):
    """One notebook in a kernel that is not nbclient's to stop."""

    def __init__(
        self, lesson: Lesson, *, manager: AsyncKernelManager, client: AsyncKernelClient, limits: Limits
    ) -> None:
        super().__init__(
            _notebook(lesson),
            km=manager,
            allow_errors=True,
            iopub_timeout=30,
            timeout_func=self._seconds,
            on_cell_executed=self._executed,
        )
        self.kc = client
        self.lesson = lesson
        self.limits = limits
        self.deadline = time.monotonic() + limits.notebook_seconds
        self.reply: dict[str, Any] = {}
        self.counts: dict[int, int] = {}
        self.seconds: dict[int, float] = {}
        self.output_left = limits.output * 2**20
        self.listening: asyncio.Task[Any] | None = None
        self.forgiven: set[tuple[str, str]] = set()

    async def run(self) -> Execution:
        """What came of the cells, to the first one that stops it."""
        try:
            return await self._run_cells()
        finally:
            # nbclient goes on listening to a cell that it gave up.
            if self.listening is not None:
                self.listening.cancel()

    async def _run_cells(self) -> Execution:
        outputs: dict[str, tuple[Json, ...]] = {}
        stop = None
        for index, (node, cell) in enumerate(zip(self.nb.cells, self.lesson.code_cells, strict=True)):
            if cell.has("skip-execution") or not cell.source.strip():
                continue
            stop = await self._run_cell(node, index)
            outputs[cell.id] = tuple(_joined(node.outputs))
            if stop is not None:
                break
        return Execution(outputs, self.counts, stop, self.seconds)

    async def _run_cell(self, node: NotebookNode, index: int) -> Stop | None:
        try:
            await self._timed(node, index)
        except CellTimeoutError:
            message = self._overrun()
            self.counts[max(self.counts, default=0) + 1] = index
            return Stop("timeout", index, message=message, traceback=await self._interrupted(node))
        except DeadKernelError:
            return await self._death(index)
        except nbformat.ValidationError as error:
            return Stop("raised", index, error=type(error).__name__, message=str(error).split("\n")[0])
        self.counts[self.reply.get("execution_count") or 0] = index
        tags = node.metadata.tags
        return stop_of(self.reply, node.outputs, index=index, tags=tags, forgiven=self.forgiven)

    async def _timed(self, node: NotebookNode, index: int) -> None:
        began = time.monotonic()
        try:
            await self.async_execute_cell(node, index)
        finally:
            self.seconds[index] = time.monotonic() - began

    async def _interrupted(self, node: NotebookNode) -> str:
        """The traceback of the cell that runs, which tells the line it was at; "" if it does not let itself
        be stopped."""
        # nbclient still takes in what the cell puts out, so that the KeyboardInterrupt ends up there.
        if isinstance(self.km, AsyncKernelManager):
            await self.km.interrupt_kernel()
        for _ in range(INTERRUPT_STEPS):
            for output in node.outputs:
                if output.output_type == "error":
                    return "\n".join(output.traceback)
            await asyncio.sleep(0.1)
        return ""

    async def _death(self, index: int) -> Stop:
        if self.output_left < 0:
            return Stop("flood", index)
        status = await _status_of(self.km)
        if status is None:
            # nbclient takes the cancelling of its task for the death of the kernel.
            raise asyncio.CancelledError
        if getattr(getattr(self.km, "provisioner", None), "why", "") == "crowd":
            return Stop("crowd", index)
        return Stop("died", index, status=status)

    def _executed(self, *, cell: NotebookNode, cell_index: int, execute_reply: dict[str, Any]) -> None:
        self.reply = execute_reply["content"]

    def _seconds(self, cell: NotebookNode) -> float:
        # Never 0, which is no limit to nbclient.
        return max(0.01, min(self.limits.cell_seconds, self.deadline - time.monotonic()))

    def _overrun(self) -> str:
        if time.monotonic() < self.deadline:
            return f"the cell did not end within {self.limits.cell_seconds:g} s"
        return f"the notebook did not end within {self.limits.notebook_seconds:g} s, and this is where it was"

    def process_message(self, msg: dict[str, Any], cell: NotebookNode, cell_index: int) -> NotebookNode | None:
        """Takes one message in. A notebook may send what it likes: front ends drop what they do not understand."""
        try:
            return super().process_message(msg, cell, cell_index)
        except (LookupError, TypeError, AttributeError):
            return None

    def output(self, outs: Any, msg: dict[str, Any], display_id: str | None, cell_index: int) -> NotebookNode | None:
        """Takes one output in, and gives up on a notebook that prints without end."""
        self.output_left -= size_of(msg["content"])
        if self.output_left >= 0:
            return super().output(outs, msg, display_id, cell_index)
        if self.task_poll_for_reply is not None:
            self.task_poll_for_reply.cancel()
        return None


async def _status_of(manager: Any) -> int | None:
    return await _status(manager) if isinstance(manager, AsyncKernelManager) else None


def _notebook(lesson: Lesson) -> NotebookNode:
    nodes: list[Json] = [
        {"cell_type": "code", "source": cell.source, "metadata": {"tags": list(cell.tags)}, "outputs": []}
        for cell in lesson.code_cells
    ]
    return nbformat.from_dict({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": nodes})  # type: ignore[no-untyped-call,no-any-return]


def _joined(outputs: Iterable[Any]) -> Iterator[Json]:
    """The outputs as plain values, with what was printed in pieces to one stream in one piece."""
    last: dict[str, Json] = {}
    for output in outputs:
        if output["output_type"] == "stream" and output["name"] == last.get("name"):
            last["text"] += output["text"]
            continue
        if last:
            yield last
        last = _value(output)
    if last:
        yield last


def _value(node: Any) -> Any:
    if isinstance(node, dict):
        return {key: _value(value) for key, value in node.items()}
    return [_value(value) for value in node] if isinstance(node, list) else node
