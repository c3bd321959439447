"""`catalyst check`: the rules, then every notebook."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from catalyst_lessons.adapters.cli_options import format_option

if TYPE_CHECKING:
    from catalyst_lessons.core.report import Report
    from catalyst_lessons.project import Project
    from catalyst_lessons.project.proving import Options
    from catalyst_lessons.project.running import Done


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
@click.option("--mutate", is_flag=True, help="Also change the solutions here and there; their checks must notice.")
@click.option(
    "--mutants", type=click.IntRange(1), default=20, show_default=True, help="Changes of each solution that are tried."
)
@click.option("--twice", is_flag=True, help="Also run again what passed, and tell what comes out differently.")
@click.option("--shard", default="", metavar="I/N", help="Only the I-th of N shares, for as many jobs side by side.")
@click.option(
    "--dask", default="", metavar="ADDRESS", help="Run on the Dask cluster at this address; `local` starts one here."
)
@click.option(
    "--hub", default="", metavar="HUB", help="Run the notebooks on this hub, with the token in CATALYST_HUB_TOKEN."
)
@click.option(
    "--engine",
    type=click.Choice(["fast", "jupyter"]),
    default=None,
    help="`jupyter` starts an ordinary kernel for every notebook.  [default: fast, on Linux]",
)
@click.option(
    "--audit", default="", metavar="PERCENT", help="Run this share of the passes again in ordinary kernels, or `all`."
)
@click.option(
    "--network",
    type=click.Choice(["on", "off"]),
    default="on",
    show_default=True,
    help="`off` leaves notebooks without a network (Linux, where the system allows it).",
)
@format_option("text", "github", "json", "markdown")
@click.option("--junit", type=click.Path(path_type=Path, dir_okay=False), default=None, help="Also write a JUnit file.")
@click.option("--html", type=click.Path(path_type=Path, dir_okay=False), default=None, help="Also write an HTML page.")
@click.pass_obj
def check(
    folder: Path, /, paths: tuple[Path, ...], form: str, junit: Path | None, html: Path | None, **chosen: Any
) -> int:
    """Check the curriculum, or the notebooks at PATHS, which need not belong to one.

    First the rules (front matter, links, images, headings, translations), then every notebook in a fresh kernel, in a
    copy of its folder. Exits with 0 if all is well, 1 if there is a finding or a notebook fails.
    """
    from catalyst_lessons.adapters.progress import progress
    from catalyst_lessons.core.report.formats import render
    from catalyst_lessons.files.writing import write_bytes

    # Ordinary kernels come with jsonschema, which would make grammars of all kinds of addresses where this is installed
    # (jsonschema#1428): a second, for nothing that is looked at here.
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
    if chosen["hub"]:
        _refuse_on_hub(click.get_current_context(), chosen)
    options = _options(chosen)
    project, inside = _project(folder, paths)
    with progress("Running notebooks") as done:
        if chosen["hub"]:
            report = _on_hub(project, chosen["hub"], inside, done)
        elif project:
            from catalyst_lessons.project.checking import check_project

            report = check_project(project, options, only=inside, on_done=done)
        else:
            from catalyst_lessons.project.lone_files import check_files

            report = check_files(paths, options, on_done=done)
    click.echo(render(_told(report, project) if form == "github" else report, form), nl=False)
    if junit:
        write_bytes(junit, render(report, "junit").encode())
    if html:
        write_bytes(html, _page(report, project))
    return 0 if report.ok else 1


def _told(report: Report, project: Project | None) -> Report:
    """As GitHub wants it: with paths from the top of the repository, in which we may stand in one folder of many."""
    if project is None:
        from catalyst_lessons.project import lone_files

        return lone_files.in_repository(report)
    from catalyst_lessons.project import checking

    return checking.in_repository(project, report)


def _refuse_on_hub(context: click.Context, chosen: dict[str, Any]) -> None:
    """Nothing, if no option was given that says how notebooks are run here.

    Raises:
        UsageError: one was, and would say nothing to the hub.
    """
    given = [name for name in chosen if context.get_parameter_source(name) is ParameterSource.COMMANDLINE]
    others = ", ".join(f"--{name.replace('_', '-')}" for name in given if name != "hub")
    if others:
        raise click.UsageError(f"--hub runs the notebooks on the hub; {others} would change nothing there")


def _on_hub(project: Project | None, target: str, inside: list[str], done: Done) -> Report:
    from catalyst_lessons.core.errors import UsageError
    from catalyst_lessons.project.hub_checking import TOKEN, find_hub
    from catalyst_lessons.project.hub_running import check_on_hub

    if project is None:
        raise UsageError("only notebooks of a curriculum can be run on a hub", hint="leave --hub or the paths out")
    token = os.environ.get(TOKEN, "")
    return check_on_hub(project, find_hub(project, target), token=token, only=inside, on_done=done)


def _options(chosen: dict[str, Any]) -> Options:
    from catalyst_lessons.core.sharding import Shard
    from catalyst_lessons.project.proving import Options

    return Options(
        run=not chosen["no_run"],
        cache=not chosen["no_cache"],
        jobs=chosen["jobs"] or os.cpu_count() or 1,
        seconds=chosen["timeout"],
        memory=chosen["memory"],
        mutants=chosen["mutants"] if chosen["mutate"] else 0,
        twice=chosen["twice"],
        shard=Shard.of(chosen["shard"]) if chosen["shard"] else None,
        dask=chosen["dask"],
        engine=chosen["engine"],
        audit=_percent(chosen["audit"]),
        network=chosen["network"] == "on",
    )


def _percent(text: str) -> int:
    """A whole number of percent, with or without its sign; `all` is all.

    Raises:
        BadParameter: it is none of these.
    """
    number = {"": "0", "all": "100"}.get(text, text.removesuffix("%"))
    if not number.isdigit() or int(number) > 100:
        raise click.BadParameter("a number from 0 to 100, or `all`", param_hint="--audit")
    return int(number)


def _project(folder: Path, paths: tuple[Path, ...]) -> tuple[Project | None, list[str]]:
    """The curriculum that the paths belong to, and their places in it; None if they belong to none."""
    from catalyst_lessons.project.layout import find_root

    named = str(folder) != "."
    start = folder if not paths or named else _folder_of(paths[0])
    root = find_root(start)
    beside = paths and not named and root is None
    if beside or (root and not all(path.resolve().is_relative_to(root) for path in paths)):
        return None, []
    # What a curriculum needs takes a tenth of a second to load.
    from catalyst_lessons.project import Project

    project = Project.open(start)
    inside = [path.resolve().relative_to(project.root).as_posix() for path in paths]
    inside = [] if inside == ["."] else inside
    return (project if all(project.has(path) for path in inside) else None), inside


def _page(report: Report, project: Project | None) -> bytes:
    from catalyst_lessons.core.report.html import render_html

    title = project.settings.title if project else "Notebooks"
    return render_html(report, title=title).encode()


def _folder_of(path: Path) -> Path:
    return path if path.is_dir() else path.parent


COMMANDS = (check,)
