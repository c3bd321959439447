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
    from catalyst_lessons.project.publishing import whole_tree

    project = Project.open(folder)
    tree = whole_tree(project)
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


@notebooks.command()
@click.option(
    "--branch", default="", metavar="NAME", help="The branch to add to.  [default: the settings, else notebooks]"
)
@click.option("--push", is_flag=True, help="Also bring the branch to the remote `origin`; never by force.")
@click.option("--check", is_flag=True, help="Write nothing; exit with 1 if there is something to publish.")
@click.option("--mend", is_flag=True, help="Join a history that was rewritten (H413) with what learners have.")
@click.pass_obj
def publish(folder: Path, branch: str, push: bool, check: bool, mend: bool) -> int:
    """Add today's notebooks to the branch that hubs and Binder pull, as one new commit.

    The work tree and the index stay as they are. If nothing changed, no commit is made. History is only ever added to:
    learners' copies break when it is rewritten.
    """
    from catalyst_lessons.project import Project
    from catalyst_lessons.project.publishing import notebook_branch
    from catalyst_lessons.project.publishing import publish as publish_notebooks

    project = Project.open(folder)
    target = notebook_branch(project, branch)
    done = publish_notebooks(project, target, push=push and not check, check=check, mend=mend)
    for finding in done.findings:
        click.echo(str(finding), err=True)
    if check:
        for path in done.changed:
            click.echo(f"would change {target.name}:{path}")
        return 1 if done.changed or not done.ok else 0
    if not done.ok:
        return 1
    told = f"{len(done.changed)} files changed" if done.changed else "nothing changed, no new commit"
    click.echo(f"{target.name} at {done.commit[:12]}: {told}{', pushed' if done.pushed else ''}")
    return 0


COMMANDS = (notebooks,)
