"""`catalyst translate`: the catalogs that translators work in."""

from __future__ import annotations

from pathlib import Path

import click


@click.group()
def translate() -> None:
    """Catalogs (gettext PO), one for each lesson and language."""


@translate.command()
@click.option("--check", is_flag=True, help="Write nothing; exit with 1 if a catalog is not up to date.")
@click.pass_obj
def update(folder: Path, check: bool) -> int:
    """Bring every catalog in line with its source: new messages in, changed ones fuzzy, old ones kept at the end."""
    from catalyst_lessons.project import Project
    from catalyst_lessons.project.translating import update_catalogs

    project = Project.open(folder)
    changed, findings = update_catalogs(project, write=not check)
    for finding in (*project.reading.findings, *findings):
        click.echo(str(finding), err=True)
    for path in changed:
        click.echo(f"{'would change' if check else 'updated'} {path}")
    return 1 if findings or (check and changed) else 0


@translate.command()
@click.pass_obj
def status(folder: Path) -> int:
    """How far each lesson is in each language: translated, fuzzy, untranslated and refused messages."""
    from catalyst_lessons.project import Project
    from catalyst_lessons.project.translating import status as status_of

    rows, findings = status_of(Project.open(folder))
    for row in rows:
        count = row.coverage
        done = f"{count.translated} translated, {count.fuzzy} fuzzy"
        open_ = f"{count.untranslated} untranslated, {count.refused} refused"
        click.echo(f"{row.language.tag}\t{count.ratio:4.0%}\t{row.lesson.path}\t{done}, {open_}")
    for finding in findings:
        click.echo(str(finding), err=True)
    return 1 if findings else 0


@translate.command()
@click.pass_obj
def check(folder: Path) -> int:
    """Find translations that break a link, code, a formula or the structure; those are not published."""
    from catalyst_lessons.project import Project
    from catalyst_lessons.project.translating import check_translations

    findings = check_translations(Project.open(folder))
    for finding in findings:
        click.echo(str(finding))
    return 1 if any(finding.severity == "error" for finding in findings) else 0


COMMANDS = (translate,)
