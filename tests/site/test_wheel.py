"""The wheel, built and installed into an empty environment: everything the plugin needs is inside."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.site.conftest import FORK_CI, ROOT, write_site
from tests.site.test_generators import FILES, check_site

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("dist")
    subprocess.run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(target)], cwd=ROOT, check=True)
    return next(target.glob("*.whl"))


def test_templates_words_and_styles_are_in_the_wheel(wheel: Path) -> None:
    inside = set(zipfile.ZipFile(wheel).namelist())
    for folder in ("theme", "scaffold"):
        files = [path for path in (ROOT / "catalyst_lessons" / folder).rglob("*") if path.is_file()]
        wanted = {path.relative_to(ROOT).as_posix() for path in files if path.suffix != ".pyc"}
        assert wanted <= inside
        assert len(wanted) > 10
    assert not [name for name in inside if name.startswith(("tests/", "lessons/", "locales/"))]


def test_an_empty_environment_builds_a_site_with_it(wheel: Path, tmp_path: Path) -> None:
    venv = tmp_path / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(venv)], check=True)
    uv = Path(sys.executable).parent / "uv"
    environ = {**os.environ, **FORK_CI, "VIRTUAL_ENV": str(venv)}
    environ.pop("PYTHONPATH", None)
    install = [str(uv), "pip", "install", "--quiet", "--constraints", str(ROOT / "constraints.txt"), str(wheel)]
    subprocess.run(install, check=True, env=environ)
    folder = write_site(tmp_path / "elsewhere", FILES)
    program = venv / "bin" / "mkdocs"
    built = subprocess.run(
        [str(program), "build", "--strict"], cwd=folder, env=environ, capture_output=True, text=True, check=False
    )
    assert built.returncode == 0, built.stderr
    check_site(folder / "site")
    checked = subprocess.run(
        [str(venv / "bin" / "catalyst"), "check"], cwd=folder, env=environ, capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr
    begin = [str(venv / "bin" / "catalyst"), "new", "curriculum", "begun", "--language", "es"]
    subprocess.run(begin, cwd=tmp_path, env=environ, check=True)
    assert "el nombre de esta lección" in (tmp_path / "begun/lessons/01-first-lesson.md").read_text("utf-8")
