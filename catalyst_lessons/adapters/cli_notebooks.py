"""`catalyst notebooks`: the notebook tree that hubs pull."""

from __future__ import annotations

from pathlib import Path

import click


@click.group()
def notebooks() -> None:
    """Notebooks in every language, without outputs and solutions."""


@notebooks.command()
@click.argument("directory", type=click.Path(path_type=Path, file_okay=False))
@click.option("--check", is_flag=True, help="Write nothing; exit with 1 if something would change.")
@click.pass_obj
def write(folder: Path, directory: Path, check: bool) -> int:
    """Write every lesson and exercise as a notebook in each language to DIRECTORY, data files beside them."""
    from catalyst_lessons.files.site import tree_changes, write_tree
    from catalyst_lessons.project import Project
    from catalyst_lessons.project.notebooks import notebook_tree

    project = Project.open(folder)
    tree = notebook_tree(project)
    problems = [*project.reading.findings, *tree.findings]
    for finding in problems:
        click.echo(str(finding), err=True)
    if check:
        changed = tree_changes(directory, tree.contents)
        for path in changed:
            click.echo(f"would change {directory / path}")
        return 1 if changed else 0
    changed = write_tree(directory, tree.contents, sources=tree.sources)
    count = sum(path.endswith(".ipynb") for path in tree.contents)
    click.echo(f"{count} notebooks in {directory}, {len(changed)} files changed")
    return 1 if any(finding.severity == "error" for finding in problems) else 0


COMMANDS = (notebooks,)
