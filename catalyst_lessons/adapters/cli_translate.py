"""`catalyst translate`: the catalogs that translators work in."""

from __future__ import annotations

from pathlib import Path

import click

from catalyst_lessons.adapters.cli_options import format_option
from catalyst_lessons.adapters.cli_translate_files import apply, import_translation


@click.group()
def translate() -> None:
    """Catalogs (gettext PO), one for each lesson and language."""


translate.add_command(apply)
translate.add_command(import_translation)


@translate.command()
@click.option(
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    default=None,
    metavar="DIR",
    help="Where the templates go.  [default: templates/ in the folder of the catalogs]",
)
@click.option("--check", is_flag=True, help="Write nothing; exit with 1 if a template is not up to date.")
@click.pass_obj
def extract(folder: Path, output: Path | None, check: bool) -> int:
    """Write a template (POT) for each source, for programs that begin a language with one.

    `update` needs no templates: it makes the catalogs of all languages itself.
    """
    from catalyst_lessons.project import Project
    from catalyst_lessons.project.updating import write_templates

    project = Project.open(folder)
    target = output or project.locales / "templates"
    changed = write_templates(project, target, write=not check)
    for path in changed:
        click.echo(f"{'would change' if check else 'wrote'} {path}")
    return 1 if check and changed else 0


def _bring_up_to_date(folder: Path, *, check: bool, rematch: bool) -> int:
    from catalyst_lessons.project import Project
    from catalyst_lessons.project.translating import update_catalogs

    project = Project.open(folder)
    changed, findings = update_catalogs(project, write=not check, rematch=rematch)
    for finding in (*project.reading.findings, *findings):
        click.echo(str(finding), err=True)
    for path in changed:
        click.echo(f"{'would change' if check else 'updated'} {path}")
    return 1 if any(one.severity == "error" for one in findings) or (check and changed) else 0


@translate.command()
@click.option("--check", is_flag=True, help="Write nothing; exit with 1 if a catalog is not up to date.")
@click.pass_obj
def update(folder: Path, check: bool) -> int:
    """Bring every catalog in line with its source.

    New messages come in, with the translation that another lesson has for the same text; changed ones become fuzzy; old
    ones stay at the end. The catalog of a renamed lesson moves along.
    """
    return _bring_up_to_date(folder, check=check, rematch=False)


@translate.command()
@click.option("--check", is_flag=True, help="Write nothing; exit with 1 if a catalog would change.")
@click.pass_obj
def normalize(folder: Path, check: bool) -> int:
    """Bring catalogs along that an earlier version made, or another program.

    Texts that differ in marks and white space alone keep their translation; the rest is as `update` has it.
    """
    return _bring_up_to_date(folder, check=check, rematch=True)


@translate.command()
@format_option("text", "json", "markdown", what="The table")
@click.option(
    "--badge",
    type=click.Path(path_type=Path, dir_okay=False),
    default=None,
    metavar="FILE",
    help="Also write a badge for each language, as shields.io reads it; {language} in FILE is its tag.",
)
@click.pass_obj
def status(folder: Path, form: str, badge: Path | None) -> int:
    """How far each lesson is in each language: messages by state, words left, when it was changed last, and by whom."""
    from catalyst_lessons.core.translation.status_formats import FORMATS, badges
    from catalyst_lessons.files.writing import write_bytes
    from catalyst_lessons.project import Project
    from catalyst_lessons.project.translating import status as status_of
    from catalyst_lessons.project.translating import status_lines

    rows, findings = status_of(Project.open(folder))
    lines = status_lines(rows)
    click.echo(FORMATS[form](lines), nl=False)
    for tag, text in badges(lines).items() if badge else ():
        name = str(badge)
        path = name.replace("{language}", tag) if "{language}" in name else _beside(name, tag)
        write_bytes(Path(path), text.encode())
    for finding in findings:
        click.echo(str(finding), err=True)
    return 1 if findings else 0


def _beside(name: str, tag: str) -> str:
    """The name of a language's own badge file: `badge.json` becomes `badge-es.json`."""
    path = Path(name)
    return str(path.with_name(f"{path.stem}-{tag}{path.suffix}"))


@translate.command()
@format_option("text", "github", "json", what="The findings")
@click.option("--language", "tags", multiple=True, metavar="TAG", help="Only this language; may be given again.")
@click.pass_obj
def check(folder: Path, form: str, tags: tuple[str, ...]) -> int:
    """Find translations that break a link, code, a formula or the structure; those are not published."""
    from catalyst_lessons.core.report import Report
    from catalyst_lessons.core.report.formats import render
    from catalyst_lessons.project import Project
    from catalyst_lessons.project.translating import check_translations, in_languages

    project = Project.open(folder)
    findings = in_languages(project, check_translations(project), tags)
    if form == "text":
        for finding in findings:
            click.echo(str(finding))
    else:
        click.echo(render(Report((), findings), form), nl=False)
    return 1 if any(finding.severity == "error" for finding in findings) else 0


COMMANDS = (translate,)
