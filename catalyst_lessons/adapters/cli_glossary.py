"""`catalyst glossary`: the agreed terms, for translation platforms."""

from __future__ import annotations

from pathlib import Path

import click


@click.group()
def glossary() -> None:
    """The agreed terms of the curriculum."""


@glossary.command()
@click.option("--format", "form", type=click.Choice(["csv", "tbx"]), required=True, help="What the platform reads.")
@click.option("--language", help="Only source and target, in CSV: what Weblate reads.  [default: all languages]")
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="The file.  [default: print it]")
@click.pass_obj
def export(folder: Path, form: str, language: str | None, output: Path | None) -> int:
    """Write the terms as CSV or TBX, for the glossaries of Weblate and Crowdin."""
    from catalyst_lessons.files.writing import write_bytes
    from catalyst_lessons.project import Project
    from catalyst_lessons.project.glossary import exported

    project = Project.open(folder)
    for finding in project.reading.findings:
        click.echo(str(finding), err=True)
    text = exported(project, form, language=language or "")
    if output:
        write_bytes(output, text.encode())
        click.echo(f"wrote {output}", err=True)
    else:
        click.echo(text, nl=False)
    return 0


COMMANDS = (glossary,)
