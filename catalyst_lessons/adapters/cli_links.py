"""`catalyst links`: every launch link of the curriculum; `links make` builds one for anybody."""

from __future__ import annotations

import click


@click.group(invoke_without_command=True)
@click.option("--check", "checked", is_flag=True, help="Exit with 1 if a link leads nowhere.")
@click.pass_context
def links(context: click.Context, checked: bool) -> int | None:
    """List every launch link of the curriculum."""
    if context.invoked_subcommand:
        return None
    from catalyst_lessons.project import Project
    from catalyst_lessons.project.launching import launch_table, missing_targets
    from catalyst_lessons.project.published_links import check_published, check_written

    project = Project.open(context.obj)
    rows = launch_table(project)
    if not rows:
        click.echo(
            "no launch links: no repository is known\n    hint: set `catalyst-lessons: repository:` in mkdocs.yml",
            err=True,
        )
        return 1 if checked else 0
    for row in rows:
        click.echo(f"{row.language.tag}\t{row.link.kind}\t{row.lesson.path}\t{row.link.url}")
    checks = (missing_targets(project, rows), check_published(project, rows), check_written(project)) if checked else ()
    found = [finding for findings in checks for finding in findings]
    for finding in found:
        click.echo(str(finding), err=True)
    return 1 if any(finding.severity == "error" for finding in found) else 0


@links.command()
@click.option("--hub", required=True, metavar="URL", help="The hub's address, with its path prefix if it has one.")
@click.option("--repository", required=True, metavar="URL", help="What the hub pulls: an address git can clone.")
@click.option("--path", required=True, help="The file or folder to open, from the top of the repository.")
@click.option("--branch", default="main", show_default=True, help="The branch to pull.")
@click.option(
    "--target-path",
    default=None,
    help="The folder of the clone on the hub.  [default: the repository's name]",
)
@click.option(
    "--interface",
    type=click.Choice(["lab", "notebooks", "tree", "doc", "rstudio"]),
    default="lab",
    show_default=True,
    help="What opens it.",
)
def make(hub: str, repository: str, path: str, branch: str, target_path: str | None, interface: str) -> int:
    """Build one launch link (nbgitpuller); no curriculum is needed."""
    from typing import cast

    from catalyst_lessons.core.launching.hubs import Hub, Interface
    from catalyst_lessons.core.launching.links import hub_link, parse_repository

    link = hub_link(
        Hub.at(hub),
        parse_repository(repository),
        branch=branch,
        path=path,
        target_path=target_path,
        interface=cast("Interface", interface),
    )
    click.echo(link.url)
    return 0


COMMANDS = (links,)
