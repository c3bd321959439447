"""`./dev`: a virtual environment that was moved or only half made is made anew, one that is fine is left alone."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def dev(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The script in a copy of a project that has nothing yet; what it would install is only noted."""
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    loader = SourceFileLoader("dev_script", str(ROOT / "dev"))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("dev_script", loader))
    loader.exec_module(module)
    module.installed = []
    module.install_uv = lambda: None
    module.install = module.installed.append
    return settle(module, tmp_path / "my löns" / "a")


def settle(module: ModuleType, folder: Path) -> ModuleType:
    folder.mkdir(parents=True, exist_ok=True)
    module.VENV = folder / ".venv"
    module.BIN = module.VENV / module.BIN.name
    return module


def half_made(folder: Path) -> None:
    """What is there when somebody presses Ctrl-C while pip is put in."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)


@pytest.fixture
def made(dev: ModuleType, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """The options of each environment that is made; pip is a word in a file, as getting it takes seconds."""
    calls: list[tuple[str, ...]] = []

    def make(*options: str) -> None:
        calls.append(options)
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", *options, str(dev.VENV)], check=True)
        (dev.BIN / "pip").write_text("pip")

    monkeypatch.setattr(dev, "make_venv", make)
    return calls


def test_an_environment_is_made_once(dev: ModuleType, made: list[tuple[str, ...]]) -> None:
    dev.set_up("lessons")
    dev.set_up("lessons")
    assert (made, dev.installed) == ([()], ["lessons"])


def test_one_that_was_interrupted_is_made_whole(dev: ModuleType, made: list[tuple[str, ...]]) -> None:
    half_made(dev.VENV)
    dev.set_up("lessons")
    assert (made, dev.installed) == ([()], ["lessons"])


def test_one_that_was_moved_is_made_anew(dev: ModuleType, made: list[tuple[str, ...]]) -> None:
    dev.set_up("lessons")
    (dev.VENV / "old").write_text("from before")
    elsewhere = dev.VENV.parent.rename(dev.VENV.parent.parent / "b")
    settle(dev, elsewhere)
    dev.set_up("lessons")
    assert (made, dev.installed) == ([(), ("--clear",)], ["lessons", "lessons"])
    assert not (dev.VENV / "old").exists()
    dev.set_up("lessons")
    assert len(made) == 2


def test_one_of_another_program_is_left_alone(dev: ModuleType, made: list[tuple[str, ...]]) -> None:
    half_made(dev.VENV)
    (dev.VENV / "pyvenv.cfg").write_text("home = /usr/bin\nuv = 0.9\n")
    (dev.BIN / "pip").write_text("pip")
    dev.set_up("lessons")
    assert (made, dev.installed) == ([], ["lessons"])
