"""Kernel provisioners for `jupyter_client`: ordinary kernels that are guarded; started as usual by the keeper, or
ipykernels that are forked from a warm parent.

nbconvert, nbmake, papermill and whatever else uses jupyter_client take the second with
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
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
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
        while self.returncode is None and self._has_news(timeout):
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

    def _has_news(self, timeout: float) -> bool:
        poll = select.poll()
        poll.register(self.control, select.POLLIN)
        return bool(poll.poll(timeout * 1000))

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
        if self.poll() is None and self.pid:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """Ends it, and with it whatever it started."""
        if self.poll() is None:
            with suppress(OSError):
                self.control.shutdown(socket.SHUT_WR)

    def terminate(self) -> None:
        """Asks it to end."""
        self.send_signal(signal.SIGTERM)


class GuardedProvisioner(LocalProvisioner):
    """Kernels that another process of ours starts, guards and ends."""

    limits = Dict(help="the limits of a kernel, as `Limits` has them; none by default")
    process: Any = None

    @property
    def why(self) -> str:
        """Why the guard ended the kernel, "" if it did not."""
        return getattr(self.process, "why", "") or self._why

    _why = ""

    async def poll(self) -> int | None:
        """The exit status, None while it runs."""
        return self.process.poll() if isinstance(self.process, ForkedKernel) else await super().poll()

    async def send_signal(self, signum: int) -> None:
        """Sends it a signal, while it runs: later its number may be that of another process."""
        if await self.poll() is None:
            await super().send_signal(signum)

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

    async def _keep(self, cmd: list[str], kwargs: dict[str, Any]) -> Any:
        """Has the keeper of our room start the kernel.

        Raises:
            OSError: it cannot.
        """
        from catalyst_lessons.files.kernels.forking.fast import sizes
        from catalyst_lessons.files.kernels.forking.kept import keeper
        from catalyst_lessons.files.kernels.forking.parents import NotReady

        limits = Limits(**self.limits)
        request = {
            "argv": cmd,
            "env": kwargs["env"],
            "folder": kwargs["cwd"],
            "network": limits.network,
            "processes": limits.processes,
            "limits": sizes(limits),
        }
        try:
            with _descriptors(kwargs) as outputs:
                self.process = ForkedKernel(keeper().fork(request, *outputs))
        except NotReady as error:
            raise OSError(str(error)) from error
        return await self._begun(lambda process: bool(process.pid))

    async def _begun(self, begun: Callable[[ForkedKernel], bool]) -> Any:
        """Returns what jupyter_client wants when the kernel is as far as that.

        Raises:
            OSError: it has not begun.
        """
        process, deadline = self.process, time.monotonic() + START_SECONDS
        while process.poll() is None and not begun(process) and time.monotonic() < deadline:
            await asyncio.sleep(0.002)
        if not process.pid:
            process.kill()
            raise OSError("the kernel's process was not started")
        self.pid = self.pgid = process.pid
        return self.connection_info


class KeepingProvisioner(GuardedProvisioner):
    """Ordinary kernels of any language, as a check starts them: nothing of them outlives it."""

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
        """Has the keeper start the kernel.

        Raises:
            OSError: it cannot.
        """
        return await self._keep(cmd, kwargs)


class ForkingProvisioner(GuardedProvisioner):
    """Kernels from a warm parent that has imported ipykernel, and nothing of what the notebook may import."""

    _parents: ExitStack | None = None

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
        """Forks the kernel, or has it started as usual where that cannot be done."""
        from catalyst_lessons.files.kernels.forking.parents import NotReady

        if _can_fork(cmd):
            with suppress(NotReady, OSError):
                self.process = self._fork(cmd, kwargs)
                # A client that connects before the sockets are bound waits a tenth of a second.
                return await self._begun(lambda process: process.ready)
        # With limits it is a check that wants it, which has a keeper.
        return await self._keep(cmd, kwargs) if self.limits else await super().launch_kernel(cmd, **kwargs)

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
        base = parents("kernels").base
        base.wait_here()
        with _descriptors(kwargs) as outputs:
            return ForkedKernel(base.fork(request, *outputs))

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


@contextmanager
def _descriptors(kwargs: dict[str, Any]) -> Iterator[list[int]]:
    """Where the kernel's output goes: nowhere by default."""
    with open(os.devnull, "wb") as null:
        yield [_descriptor(kwargs.get(name), default=null.fileno()) for name in ("stdout", "stderr")]


def _descriptor(stream: Any, *, default: int) -> int:
    """The descriptor of a file that was handed over as `subprocess` takes it."""
    if stream is None or stream in (subprocess.DEVNULL, subprocess.PIPE, subprocess.STDOUT):
        return default
    return stream if isinstance(stream, int) else int(stream.fileno())
