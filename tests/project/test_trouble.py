"""What a computer, a slip of the fingers or a stranger's file puts in a command's way: nothing is lost."""

from __future__ import annotations

import errno
import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from catalyst_lessons.adapters import cli
from catalyst_lessons.core.errors import told_by_system
from tests.curricula import LESSON, settings, write_curriculum

FILES = {"lessons/01.md": LESSON, "README.md": "Mine\n"}


@pytest.fixture
def curriculum(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = write_curriculum(tmp_path / "mine", FILES)
    monkeypatch.chdir(folder)
    return folder


# Nothing of somebody else's is written over -------------------------------------------------------------------------


@pytest.mark.parametrize("command", [["stage", "."], ["notebooks", "write", "."]])
def test_the_curriculum_itself_is_not_written_over(
    command: list[str], curriculum: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.run(command) == 2
    assert "not ours would be written over" in capsys.readouterr().err
    assert (curriculum / "mkdocs.yml").read_text() == settings()
    assert (curriculum / "README.md").read_text() == "Mine\n"
    assert sorted(path.name for path in curriculum.iterdir() if path.name != ".catalyst") == [
        "README.md",
        "lessons",
        "mkdocs.yml",
    ]


def test_stage_writes_over_what_it_wrote(curriculum: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["stage", "out"]) == 0
    assert cli.run(["stage", "--check", "out"]) == 0
    # The settings of the tree alone change with this.
    changed = settings().replace("lessons.example.org", "other.example.org")
    (curriculum / "mkdocs.yml").write_text(changed)
    assert cli.run(["stage", "--check", "out"]) == 1
    assert f"would change {Path('out/mkdocs.yml')}" in capsys.readouterr().out
    assert cli.run(["stage", "out"]) == 0
    assert "other.example.org" in (curriculum / "out/mkdocs.yml").read_text()
    assert cli.run(["stage", "--check", "out"]) == 0


# What the system says -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "command",
    [
        ["stage", "README.md/x"],
        ["notebooks", "write", "README.md/x"],
        ["check", "--no-run", "--junit", "README.md/x.xml"],
        ["translate", "extract", "--output", "README.md/x"],
        ["translate", "status", "--badge", "README.md/x.json"],
        [
            "translate",
            "import",
            "lessons/01.md",
            "--source",
            "lessons/01.md",
            "--language",
            "es",
            "--output",
            "README.md/x",
        ],
    ],
    ids=lambda command: command[0],
)
def test_a_place_that_cannot_be_written_to(
    command: list[str], curriculum: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.run(command) == 2
    told = capsys.readouterr().err
    assert "README.md" in told and "a file stands where a folder is needed" in told and "hint: " in told
    assert "Traceback" not in told


def test_which_errors_of_the_system_are_told() -> None:
    denied = told_by_system(PermissionError(errno.EACCES, os.strerror(errno.EACCES), "/a b/c"))
    assert str(denied).startswith("/a b/c: we may not read or write this\n    hint: ")
    assert str(told_by_system(OSError(errno.ENOSPC, "full"))).startswith("the disk is full\n")
    assert told_by_system(OSError(errno.EACCES, "no file")) is None
    assert told_by_system(ConnectionResetError(errno.ECONNRESET, "a bug of ours", "x")) is None


def test_the_mkdocs_plugin_tells_them_too(curriculum: Path) -> None:
    from mkdocs.config.base import load_config
    from mkdocs.exceptions import PluginError

    (curriculum / ".catalyst").mkdir()
    (curriculum / ".catalyst/staging").write_text("no folder")
    config = load_config(str(curriculum / "mkdocs.yml"), docs_dir=str(curriculum / "lessons"))
    config.plugins.on_startup(command="build", dirty=False)
    with pytest.raises(PluginError, match="a file stands where a folder is needed"):
        config.plugins.on_config(config)


def test_letters_that_the_output_cannot_show(curriculum: Path) -> None:
    (curriculum / "mkdocs.yml").write_text(settings(options="hub: 'né ✓'\n"), encoding="utf-8")
    # What Windows has where output goes to a file.
    environ = {**os.environ, "PYTHONIOENCODING": "cp1252"}
    command = [sys.executable, "-m", "catalyst_lessons", "check", "--no-run"]
    done = subprocess.run(command, env=environ, capture_output=True, check=False)
    assert done.returncode == 1, done.stderr
    assert '"né ?"' in done.stdout.decode("cp1252")


def test_ctrl_c_is_told(monkeypatch: pytest.MonkeyPatch, curriculum: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("catalyst_lessons.project.Project.open", stop)
    assert cli.run(["check"]) == 130
    assert capsys.readouterr().err.endswith("stopped\n")


# Settings -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "command", [["check", "lessons/01.md", "--no-run"], ["hub", "check", "https://127.0.0.1:1"]], ids=["check", "hub"]
)
def test_broken_settings_are_not_taken_for_none(
    command: list[str], curriculum: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (curriculum / "mkdocs.yml").write_text("site_name: [\n")
    assert cli.run(command) == 2
    assert "mkdocs.yml:2: C501 not YAML" in capsys.readouterr().err


def test_a_project_that_is_not_there_is_not_passed_over(
    curriculum: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert cli.run(["--project", str(tmp_path / "typo"), "check", "lessons/01.md", "--no-run"]) == 2
    assert "there is no mkdocs.yml" in capsys.readouterr().err


# A stranger's catalog -----------------------------------------------------------------------------------------------


def test_the_language_of_a_catalog_is_no_way_out_of_the_project(
    curriculum: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    head = 'msgid ""\nmsgstr ""\n"Language: ../../../out\\n"\n"Content-Type: text/plain; charset=UTF-8\\n"\n'
    (curriculum / "theirs.po").write_text(head + '\nmsgid "Good morning."\nmsgstr "Buenos días."\n', encoding="utf-8")
    errors = io.StringIO()
    monkeypatch.setattr("sys.stderr", errors)
    assert cli.run(["translate", "import", "theirs.po", "--source", "lessons/01.md"]) == 2
    assert "give --language TAG" in errors.getvalue()
    command = ["translate", "import", "theirs.po", "--source", "lessons/01.md", "--language", "../../../out"]
    assert cli.run(command) == 2
    assert "no language tag" in errors.getvalue()
    assert not (curriculum.parent / "out").exists() and not (curriculum.parent.parent / "out").exists()


# Options that say nothing to each other ------------------------------------------------------------------------------


def test_what_a_hub_would_pass_over_is_told(curriculum: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    errors = io.StringIO()
    monkeypatch.setattr("sys.stderr", errors)
    assert cli.run(["check", "--hub", "showcase", "--shard", "1/2", "--no-run", "--format", "json"]) == 2
    assert "--shard, --no-run would change nothing there" in " ".join(errors.getvalue().split())


ENDING = """import atexit, sys, threading, time
from catalyst_lessons.adapters import cli
atexit.register(print, "at exit")
threading.Thread(target=lambda: (time.sleep(0.2), print("thread"))).start()
cli.run = lambda arguments: {run}
cli.main()
"""


@pytest.mark.parametrize(
    ("run", "code", "printed"),
    [
        ("0", 0, "thread\nat exit\n"),
        ("print('found', end='') or 1", 1, "foundthread\nat exit\n"),
        ("sys.exit(5)", 5, "thread\nat exit\n"),
    ],
)
def test_the_end_is_as_python_ends(run: str, code: int, printed: str) -> None:
    done = subprocess.run([sys.executable, "-c", ENDING.format(run=run)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (code, printed, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
def test_what_cannot_be_written_at_the_end_is_no_success() -> None:
    code = "import sys\nfrom catalyst_lessons.adapters import cli\ncli.run = lambda _: print('x') or 0\ncli.main()"
    environ = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    with open("/dev/full", "wb") as full:
        done = subprocess.run([sys.executable, "-c", code], env=environ, stdout=full, check=False)
    # As where the system says so earlier.
    assert done.returncode == cli.WRONG_USE
