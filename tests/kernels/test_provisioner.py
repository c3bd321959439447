"""Our kernel provisioner in other people's tools."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from jupyter_client.provisioning.factory import KernelProvisionerFactory
from nbclient import NotebookClient

from catalyst_lessons.files.kernels.forking.provisioner import ForkedKernel, ForkingProvisioner, _can_fork
from catalyst_lessons.files.kernels.steps import warm_parents

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="forking is Linux's")
NAME = "catalyst-forking-provisioner"


@pytest.fixture
def chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    from importlib.metadata import EntryPoint

    factory = KernelProvisionerFactory.instance()
    value = f"{ForkingProvisioner.__module__}:{ForkingProvisioner.__name__}"
    monkeypatch.setitem(factory.provisioners, NAME, EntryPoint(NAME, value, factory.GROUP_NAME))
    monkeypatch.setattr(factory, "default_provisioner_name", NAME)


def notebook(*cells: str) -> nbformat.NotebookNode:
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(one) for one in cells])


@pytest.mark.usefixtures("chosen")
def test_nbclient_runs_a_forked_kernel(tmp_path: Path) -> None:
    code = ("import os, sys", "open(f'/proc/{os.getppid()}/cmdline').read()", "%matplotlib inline\nos.getcwd()")
    with warm_parents():
        client = NotebookClient(notebook(*code), resources={"metadata": {"path": str(tmp_path)}})
        client.execute()
        assert "zygote" in client.nb.cells[1].outputs[0].data["text/plain"]
        assert str(tmp_path) in client.nb.cells[2].outputs[0].data["text/plain"]


@pytest.mark.usefixtures("chosen")
def test_a_kernel_can_be_started_again_and_interrupted() -> None:
    from jupyter_client.manager import KernelManager

    with warm_parents():
        manager = KernelManager()
        manager.start_kernel()
        process = manager.provisioner.process  # type: ignore[union-attr]
        assert isinstance(process, ForkedKernel)
        client = manager.blocking_client()
        client.start_channels()
        client.wait_for_ready(timeout=30)
        manager.interrupt_kernel()
        manager.restart_kernel(now=True)
        client.wait_for_ready(timeout=30)
        assert manager.is_alive()
        manager.shutdown_kernel(now=True)
        client.stop_channels()
        assert not Path(f"/proc/{process.pid}").exists()


@pytest.mark.slow
def test_nbconvert_takes_it_by_its_entry_point(tmp_path: Path) -> None:
    path = tmp_path / "a.ipynb"
    nbformat.write(notebook("open(f'/proc/{__import__(\"os\").getppid()}/cmdline').read()"), path)
    command = [sys.executable, "-m", "nbconvert", "--execute", "--to", "notebook", "--stdout", str(path)]
    done = subprocess.run(
        command,
        env={**os.environ, "JUPYTER_DEFAULT_PROVISIONER_NAME": NAME},
        capture_output=True,
        text=True,
        check=False,
    )
    if "zygote" not in done.stdout and NAME not in _installed():
        pytest.skip("catalyst-lessons is not installed with its entry points")
    assert "zygote" in json.dumps(json.loads(done.stdout)["cells"][0]["outputs"]), done.stderr


def _installed() -> set[str]:
    from importlib.metadata import entry_points

    return {one.name for one in entry_points(group="jupyter_client.kernel_provisioners")}


def test_what_it_does_not_fork() -> None:
    python = sys.executable
    assert _can_fork([python, "-m", "ipykernel_launcher", "-f", "x"])
    assert _can_fork([python, "-Xfrozen_modules=off", "-m", "ipykernel_launcher", "-f", "x"])
    assert not _can_fork([python, "-O", "-m", "ipykernel_launcher"])
    assert not _can_fork(["/usr/bin/other-python", "-m", "ipykernel_launcher"])
    assert not _can_fork(["R", "--slave", "-e", "IRkernel::main()"])
