"""A real JupyterHub on loopback: Node's proxy, a server for each person, one password for all."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil
from hub.loopback import AUTHOR

PASSWORD = "open sesame"  # noqa: S105  a hub on loopback, for the time of a test
PROXY = "configurable-http-proxy"
STARTING = 120.0
STOPPING = 40.0

SETTINGS = """
c = get_config()  # noqa
c.JupyterHub.bind_url = {front!r}
c.JupyterHub.hub_bind_url = {hub!r}
c.ConfigurableHTTPProxy.api_url = {proxy!r}
c.ConfigurableHTTPProxy.command = [{command!r}]
c.JupyterHub.authenticator_class = "dummy"
c.DummyAuthenticator.password = {password!r}
c.Authenticator.allow_all = True
c.JupyterHub.spawner_class = "simple"
c.SimpleLocalProcessSpawner.home_dir_template = {homes!r}
c.Spawner.cmd = [{python!r}, "-m", "jupyterhub.singleuser"]
c.Spawner.args = ["--allow-root"]
c.Spawner.environment = {environment!r}
c.Spawner.default_url = "/lab"
c.Spawner.http_timeout = c.Spawner.start_timeout = 120
"""


def what_is_missing() -> str:
    """Why no hub can be started here, "" if nothing is missing."""
    for module in ("jupyterhub", "jupyterlab", "nbgitpuller"):
        if not importlib.util.find_spec(module):
            return f"no {module}: `./dev test` installs it"
    return "" if proxy_program() else f"no {PROXY}: `./dev test` installs it with npm"


def proxy_program() -> str:
    """Where JupyterHub's proxy is: where `./dev test` puts it, else on the path."""
    ours = Path(sys.prefix, "hub", "node_modules", ".bin")
    return shutil.which(PROXY, path=str(ours)) or shutil.which(PROXY) or ""


def free_ports(count: int) -> list[int]:
    """Ports of loopback that nobody listens at."""
    listeners = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [listener.getsockname()[1] for listener in listeners]
    for listener in listeners:
        listener.close()
    return ports


def start_hub(folder: Path, *, prefix: str = "", nbgitpuller: bool = True) -> RealHub:
    """A hub that is starting; its files and the homes of its people are below the folder."""
    folder.mkdir(parents=True)
    front, hub, proxy = (f"http://127.0.0.1:{port}" for port in free_ports(3))
    environment = {**AUTHOR, "JUPYTER_CONFIG_DIR": str(write_config(folder / "config", nbgitpuller=nbgitpuller))}
    settings = SETTINGS.format(
        front=f"{front}{prefix}/",
        hub=hub,
        proxy=proxy,
        command=proxy_program(),
        password=PASSWORD,
        homes=str(folder / "home" / "{username}"),
        python=sys.executable,
        environment=environment,
    )
    (folder / "jupyterhub_config.py").write_text(settings)
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    with (folder / "hub.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "jupyterhub", "-f", "jupyterhub_config.py"],
            cwd=folder,
            env={**os.environ, "PATH": path},
            stdout=log,
            stderr=log,
        )
    return RealHub(f"{front}{prefix}", folder, process)


def write_config(folder: Path, *, nbgitpuller: bool) -> Path:
    """A Jupyter folder as `jupyter server extension enable` or `disable` leaves it; nothing outside is looked up."""
    folder.mkdir()
    settings = {
        "ServerApp": {"jpserver_extensions": {"nbgitpuller": nbgitpuller}},
        "LabApp": {"news_url": None, "check_for_updates_class": "jupyterlab.NeverCheckForUpdate"},
    }
    (folder / "jupyter_server_config.json").write_text(json.dumps(settings))
    return folder


def processes_in(folder: Path) -> list[psutil.Process]:
    """What runs in a folder: a hub, its proxy, the servers of its people, and their kernels."""
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            if Path(process.cwd()).is_relative_to(folder):
                found.append(process)
    return found


@dataclass(frozen=True)
class RealHub:
    """A hub: the address of its front page, and the process that we started."""

    url: str
    folder: Path
    process: subprocess.Popen[bytes]

    def wait(self) -> None:
        """Until it answers.

        Raises:
            RuntimeError: it ended, or has not answered for a long time.
        """
        until = time.monotonic() + STARTING
        while time.monotonic() < until and self.process.poll() is None:
            try:
                with urllib.request.urlopen(f"{self.url}/hub/api", timeout=5):  # noqa: S310  loopback
                    return
            except OSError:
                time.sleep(0.2)
        raise RuntimeError(f"the hub did not start:\n{self.log()}")

    def log(self, lines: int = 40) -> str:
        """The last lines it wrote."""
        return "\n".join((self.folder / "hub.log").read_text(errors="replace").splitlines()[-lines:])

    def ask_to_stop(self) -> None:
        """Tell the hub to stop all servers, its proxy and itself."""
        if self.process.poll() is None:
            self.process.terminate()

    def stop(self) -> list[str]:
        """Wait until it has stopped; what was left of its processes, and was ended."""
        try:
            self.process.wait(STOPPING)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        _, left = psutil.wait_procs(processes_in(self.folder), timeout=5)
        for process in left:
            process.kill()
        psutil.wait_procs(left, timeout=5)
        return [str(process) for process in left]
