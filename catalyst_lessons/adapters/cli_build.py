"""`catalyst build`, `serve` and `stage`: from sources to a site."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

_STRICT = click.option("--strict", is_flag=True, help="Fail if there is an error among the findings, or a warning.")


@click.command()
@_STRICT
@click.option("--site-dir", type=click.Path(path_type=Path), default=None, help="Where the site goes.  [default: site]")
@click.pass_obj
def build(folder: Path, strict: bool, site_dir: Path | None) -> int:
    """Run what is not in the run cache and build the site in all languages, with MkDocs."""
    return _mkdocs(
        folder,
        "build",
        *(["--strict"] if strict else []),
        *(["--site-dir", str(site_dir.resolve())] if site_dir else []),
    )


@click.command()
@_STRICT
@click.option("--address", default="127.0.0.1:8000", show_default=True, help="Address and port to serve on.")
@click.pass_obj
def serve(folder: Path, strict: bool, address: str) -> int:
    """Build the site, serve it, and build again whenever a source or a catalog is saved."""
    return _mkdocs(folder, "serve", "--livereload", "--dev-addr", address, *(["--strict"] if strict else []))


@click.command()
@click.argument("directory", type=click.Path(path_type=Path, file_okay=False))
@click.option("--check", is_flag=True, help="Write nothing; exit with 1 if something would change.")
@click.pass_obj
def stage(folder: Path, directory: Path, check: bool) -> int:
    """Write the staging tree to DIRECTORY: plain Markdown, notebooks and assets, with a settings file.

    MkDocs, ProperDocs and Zensical build it (`cd DIRECTORY && zensical build`).
    """
    from catalyst_lessons.adapters.staged_settings import settings_for
    from catalyst_lessons.files.site import tree_changes, write_tree
    from catalyst_lessons.project import Project
    from catalyst_lessons.project.site import stage_site, staged_contents

    project = Project.open(folder)
    settings = {"mkdocs.yml": settings_for(project).encode()}
    if check:
        trees = ((directory, settings), (directory / "docs", staged_contents(project).contents))
        changed = [folder / path for folder, contents in trees for path in tree_changes(folder, contents)]
        for path in changed:
            click.echo(f"would change {path}")
        return 1 if changed else 0
    write_tree(directory, settings)
    staged = stage_site(project, directory / "docs", on_done=_tell)
    for finding in staged.findings:
        click.echo(str(finding), err=True)
    click.echo(f"staged {len(staged.stamps)} pages in {directory}")
    return 1 if any(finding.severity == "error" for finding in staged.findings) else 0


def _tell(run: object) -> None:
    click.echo(f"ran {getattr(run, 'path', run)}", err=True) if not getattr(run, "cached", False) else None


def _mkdocs(folder: Path, *arguments: str) -> int:
    """MkDocs in this process, from the curriculum's folder, as `mkdocs` itself would run."""
    from catalyst_lessons.project import Project

    root = Project.open(folder).root
    os.chdir(root)
    # Material announces MkDocs 2 on every build; the plugin's versions are pinned below it.
    os.environ.setdefault("NO_MKDOCS_2_WARNING", "1")
    from mkdocs.__main__ import cli

    try:
        cli.main(args=list(arguments), prog_name="mkdocs", standalone_mode=False)
    except click.ClickException as error:
        error.show(sys.stderr)
        return 1
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else 1
    return 0


COMMANDS = (build, serve, stage)
