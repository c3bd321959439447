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
c.JupyterHub.admin_access = False
c.ConfigurableHTTPProxy.api_url = {proxy!r}
c.ConfigurableHTTPProxy.command = [{command!r}]
c.JupyterHub.authenticator_class = "dummy"
c.DummyAuthenticator.password = {password!r}
c.Authenticator.allow_all = True
c.JupyterHub.spawner_class = "simple"
c.SimpleLocalProcessSpawner.home_dir_template = {homes!r}
c.Spawner.cmd = [{python!r}, "-m", "jupyterhub.singleuser"]
# Nobody is asked about news, and nothing outside is looked up.
c.Spawner.args = ["--allow-root", "--LabApp.news_url=", "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate"]
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
    """What `jupyter server extension enable` or `disable` leaves in a person's Jupyter folder."""
    folder.mkdir()
    extensions = {"ServerApp": {"jpserver_extensions": {"nbgitpuller": nbgitpuller}}}
    (folder / "jupyter_server_config.json").write_text(json.dumps(extensions))
    return folder


def end(processes: list[psutil.Process]) -> list[str]:
    """End what is still running of these; what it was."""
    left = [process for process in processes if process.is_running() and process.status() != psutil.STATUS_ZOMBIE]
    told = [f"{process.pid} {process.name()}" for process in left]
    for process in left:
        process.kill()
    psutil.wait_procs(left, timeout=10)
    return told


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

    def ask_to_stop(self) -> list[psutil.Process]:
        """Tell the hub to stop itself, its proxy and all servers; every process that belongs to it."""
        if self.process.poll() is not None:
            return []
        family = psutil.Process(self.process.pid).children(recursive=True)
        self.process.terminate()
        return family

    def stop(self, family: list[psutil.Process]) -> list[str]:
        """Wait until it has stopped; what was left of its processes, and was ended."""
        try:
            self.process.wait(STOPPING)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        _, alive = psutil.wait_procs(family, timeout=5)
        return end(alive)
