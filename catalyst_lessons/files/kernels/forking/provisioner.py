"""A kernel provisioner for `jupyter_client`: ordinary ipykernels, forked from a warm parent instead of started.

nbconvert, nbmake, papermill and whatever else uses jupyter_client take it with
`JUPYTER_DEFAULT_PROVISIONER_NAME=catalyst-forking-provisioner`. What it does not know (other languages, other
Pythons, other systems than Linux) it leaves to jupyter_client's own.
"""

from __future__ import annotations

import asyncio
import json
import os
import select
import signal
import socket
import subprocess
import sys
import time
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from traitlets import Dict

from catalyst_lessons.files.kernels.execution import Limits

START_SECONDS = 30
"""Seconds until a forked kernel has bound its sockets: it takes a tenth of one."""
LAUNCHER = "ipykernel_launcher"


class ForkedKernel:
    """As much of `subprocess.Popen` as jupyter_client uses: a kernel whose guard tells us of its end."""

    stdin = stdout = stderr = None

    def __init__(self, control: socket.socket) -> None:
        self.control = control
        self.pid = 0
        self.returncode: int | None = None
        self.ready = False
        self.why = ""

    def listen(self, timeout: float) -> None:
        """Takes in what the guard says within so many seconds."""
        while self.returncode is None and select.select([self.control], [], [], timeout)[0]:
            try:
                data = self.control.recv(1 << 20)
            except OSError:
                data = b""
            message: Any = json.loads(data) if data else {"status": -signal.SIGKILL}
            self.pid = message.get("pid", self.pid)
            self.ready = self.ready or "ready" in message
            self.returncode, self.why = message.get("status"), message.get("why", "")
            if "status" in message:
                self.control.close()
            timeout = 0

    def poll(self) -> int | None:
        """The exit status, None while it runs."""
        self.listen(0)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Waits for the end.

        Raises:
            TimeoutExpired: it goes on.
        """
        deadline = time.monotonic() + (timeout if timeout is not None else 1e9)
        while self.poll() is None:
            if time.monotonic() > deadline:
                raise subprocess.TimeoutExpired(LAUNCHER, timeout or 0)
            self.listen(0.05)
        return self.returncode or 0

    def send_signal(self, number: int) -> None:
        """Sends it a signal, while it runs."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """Ends it, and with it whatever it started."""
        if self.poll() is None:
            with suppress(OSError):
                self.control.shutdown(socket.SHUT_WR)

    def terminate(self) -> None:
        """Asks it to end."""
        self.send_signal(signal.SIGTERM)


class ForkingProvisioner(LocalProvisioner):
    """Kernels from a warm parent that has imported ipykernel, and nothing of what the notebook may import."""

    limits = Dict(help="the limits of a kernel, as `Limits` has them; none by default")
    process: Any = None
    _parents: ExitStack | None = None

    @property
    def why(self) -> str:
        """Why the guard ended the kernel, "" if it did not."""
        return getattr(self.process, "why", "") or self._why

    _why = ""

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
        """Forks the kernel, or has it started as usual where that cannot be done."""
        if not _can_fork(cmd):
            return await super().launch_kernel(cmd, **kwargs)
        from catalyst_lessons.files.kernels.forking.parents import NotReady

        try:
            self.process = self._fork(cmd, kwargs)
        except (NotReady, OSError):
            return await super().launch_kernel(cmd, **kwargs)
        await self._bound(self.process)
        self.pid = self.pgid = self.process.pid
        return self.connection_info

    def _fork(self, cmd: list[str], kwargs: dict[str, Any]) -> ForkedKernel:
        from catalyst_lessons.files.kernels.forking.fast import confinement
        from catalyst_lessons.files.kernels.forking.parents import parents, warm

        self._parents = ExitStack()
        self._parents.enter_context(warm())
        limits = Limits(**self.limits) if self.limits else Limits(disk=0, processes=0, open_files=0)
        folder = Path(kwargs.get("cwd") or os.getcwd())
        env = {name: value for name, value in (kwargs.get("env") or os.environ).items() if name != "MPLBACKEND"}
        launcher = cmd[cmd.index("-m") + 1 :]
        request = {
            "kind": "kernel",
            "argv": [f"{LAUNCHER}.py", *launcher[1:]],
            **confinement(folder, limits, env=env),
        }
        if not self.limits:
            request["limits"] = {}
        base = parents().base
        base.wait_here()
        with ExitStack() as files:
            null = files.enter_context(open(os.devnull, "wb"))
            outputs = [_descriptor(kwargs.get(name), default=null.fileno()) for name in ("stdout", "stderr")]
            return ForkedKernel(base.fork(request, *outputs))

    async def _bound(self, process: ForkedKernel) -> None:
        """Returns when the kernel's sockets are bound: a client that connects before that waits a tenth of a second."""
        deadline = time.monotonic() + START_SECONDS
        while not process.ready and process.poll() is None and time.monotonic() < deadline:
            await asyncio.sleep(0.002)

    async def poll(self) -> int | None:
        """The exit status, None while it runs."""
        return self.process.poll() if isinstance(self.process, ForkedKernel) else await super().poll()

    async def kill(self, restart: bool = False) -> None:
        """Ends it."""
        if isinstance(self.process, ForkedKernel):
            self.process.kill()
        else:
            await super().kill(restart=restart)

    async def wait(self) -> int | None:
        """Waits for the end, without the tenths of a second that jupyter_client sleeps."""
        if not isinstance(self.process, ForkedKernel):
            return await super().wait()
        while self.process.poll() is None:
            await asyncio.sleep(0.005)
        code, self._why, self.process = self.process.returncode, self.process.why, None
        return code

    async def cleanup(self, restart: bool = False) -> None:
        """Gives the warm parents back."""
        await super().cleanup(restart=restart)
        if self._parents is not None and not restart:
            self._parents.close()
            self._parents = None


def _can_fork(cmd: list[str]) -> bool:
    """Whether it is `python [-Xfrozen_modules=off] -m ipykernel_launcher …` of the Python that runs us."""
    if sys.platform != "linux" or LAUNCHER not in cmd or os.path.realpath(cmd[0]) != os.path.realpath(sys.executable):
        return False
    at = cmd.index(LAUNCHER)
    return cmd[at - 1] == "-m" and all(word == "-Xfrozen_modules=off" for word in cmd[1 : at - 1])


def _descriptor(stream: Any, *, default: int) -> int:
    """The descriptor of a file that was handed over as `subprocess` takes it."""
    if stream is None or stream in (subprocess.DEVNULL, subprocess.PIPE, subprocess.STDOUT):
        return default
    return stream if isinstance(stream, int) else int(stream.fileno())
