"""`catalyst new`: curricula, lessons, exercises and languages to begin with."""

from __future__ import annotations

from pathlib import Path
from shlex import quote

import click

_PATH = click.Path(path_type=Path)


@click.group()
def new() -> None:
    """Begin a curriculum, a lesson, an exercise or a language.

    What is yours to write is marked `[TODO: ...]`. The check fails, and names each mark, until it is gone.
    """


@new.command()
@click.argument("directory", type=_PATH)
@click.option("--language", "tag", default="en", show_default=True, metavar="TAG", help="What you write lessons in.")
def curriculum(directory: Path, tag: str) -> int:
    """Write a small curriculum into DIRECTORY, which is new or empty: settings, a lesson, an exercise, CI."""
    from catalyst_lessons.project.scaffolding import new_curriculum

    for path in new_curriculum(directory, tag=tag):
        click.echo(f"wrote {directory / path}")
    click.echo(
        f"next: `cd {quote(str(directory))}`; `catalyst check --no-run` names what to write, `catalyst serve` shows it"
    )
    return 0


@new.command()
@click.argument("path", type=_PATH)
@click.option("--myst", is_flag=True, help="Write a .md file in MyST Markdown.")
@click.pass_obj
def lesson(folder: Path, path: Path, myst: bool) -> int:
    """Write a lesson at PATH: .md (Markdown), .py (a script in cells) or .ipynb (a notebook)."""
    from catalyst_lessons.project import Project
    from catalyst_lessons.project.scaffolding import new_source

    _tell(new_source(Project.open(folder), path, "lesson", myst=myst))
    return 0


@new.command()
@click.argument("path", type=_PATH)
@click.option(
    "--lesson", "belongs", default="", metavar="PATH", help="The lesson it belongs to, from the project's top."
)
@click.option("--myst", is_flag=True, help="Write a .md file in MyST Markdown.")
@click.pass_obj
def exercise(folder: Path, path: Path, belongs: str, myst: bool) -> int:
    """Write an exercise at PATH, with a solution, a check and a hint: .md, .py or .ipynb."""
    from catalyst_lessons.project import Project
    from catalyst_lessons.project.scaffolding import new_source

    _tell(new_source(Project.open(folder), path, "exercise", lesson=belongs, myst=myst))
    return 0


@new.command()
@click.argument("tag")
@click.option("--name", default="", help="The language's own name for itself.  [default: what Unicode CLDR says]")
@click.pass_obj
def language(folder: Path, tag: str, name: str) -> int:
    """Add the language TAG, such as es or pt-BR, to mkdocs.yml, and make its catalogs."""
    from catalyst_lessons.project import Project
    from catalyst_lessons.project.adding_languages import add_language

    added, paths, findings = add_language(Project.open(folder), tag, name=name)
    click.echo(f"added {added.name} ({added.tag}) to mkdocs.yml")
    for path in paths:
        click.echo(f"wrote {path}")
    for finding in findings:
        click.echo(str(finding), err=True)
    click.echo(
        "next: translate the .po files, for example with Poedit; `catalyst translate status` tells how far they are"
    )
    return 1 if any(finding.severity == "error" for finding in findings) else 0


def _tell(path: str) -> None:
    click.echo(f"wrote {path}")
    click.echo(
        "next: write your own text in place of each `[TODO: ...]`; `catalyst check --no-run` names those that are left"
    )


COMMANDS = (new,)
