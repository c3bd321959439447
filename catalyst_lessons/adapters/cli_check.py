"""`catalyst check`: the rules, then every notebook."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from catalyst_lessons.core.report import Report
    from catalyst_lessons.project.checking import Options


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--no-run", is_flag=True, help="Only the rules; run no notebook.")
@click.option("--no-cache", is_flag=True, help="Run everything, whatever the run cache knows.")
@click.option("--jobs", type=click.IntRange(1), default=None, help="Notebooks at a time.  [default: one per core]")
@click.option(
    "--timeout",
    type=click.FloatRange(0.1),
    default=None,
    metavar="SECONDS",
    help="Seconds a cell may take.  [default: the settings, else 120]",
)
@click.option(
    "--memory",
    type=click.IntRange(0),
    default=None,
    metavar="MIB",
    help="MiB of memory a notebook may take; 0 for no limit.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "github", "json", "markdown"]),
    default="text",
    show_default=True,
    help="How the result is printed.",
)
@click.option("--junit", type=click.Path(path_type=Path, dir_okay=False), default=None, help="Also write a JUnit file.")
@click.pass_obj
def check(
    folder: Path,
    paths: tuple[Path, ...],
    no_run: bool,
    no_cache: bool,
    jobs: int | None,
    timeout: float | None,
    memory: int | None,
    form: str,
    junit: Path | None,
) -> int:
    """Check the curriculum, or the notebooks at PATHS, which need not belong to one.

    First the rules (front matter, links, images, headings, translations), then every notebook in a fresh kernel, in a
    copy of its folder. Exits with 0 if all is well, 1 if there is a finding or a notebook fails.
    """
    from catalyst_lessons.core.report_formats import render
    from catalyst_lessons.files.site import write_bytes
    from catalyst_lessons.project.checking import Options

    options = Options(not no_run, not no_cache, jobs or os.cpu_count() or 1, timeout, memory)
    report = _report(folder, paths, options)
    click.echo(render(report, form), nl=False)
    if junit:
        write_bytes(junit, render(report, "junit").encode())
    return 0 if report.ok else 1


def _report(folder: Path, paths: tuple[Path, ...], options: Options) -> Report:
    from catalyst_lessons.adapters.progress import progress
    from catalyst_lessons.core.errors import SettingsError
    from catalyst_lessons.project import Project
    from catalyst_lessons.project.checking import check_files, check_project

    try:
        project = Project.open(folder if not paths or str(folder) != "." else _folder_of(paths[0]))
        inside = [path.resolve().relative_to(project.root).as_posix() for path in paths]
        inside = [] if inside == ["."] else inside
        ours = all(project.has(path) for path in inside)
    except (SettingsError, ValueError):
        if not paths:
            raise
        ours = False
    with progress("Running notebooks") as done:
        if ours:
            return check_project(project, options, only=inside, on_done=done)
        return check_files(paths, options, on_done=done)


def _folder_of(path: Path) -> Path:
    return path if path.is_dir() else path.parent


COMMANDS = (check,)
