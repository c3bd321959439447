"""`catalyst translate apply` and `import`: single files, with no curriculum around them."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from catalyst_lessons.core.translation.importing import Imported

_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command()
@click.argument("source", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--catalog", type=_FILE, default=None, metavar="PO", help="The catalog to translate with.")
@click.option("--pseudo", is_flag=True, help="Accents on every letter instead of a catalog, to try the page out.")
@click.option("--comments", is_flag=True, help="Translate the comments in Python code as well.")
@click.option("--output", type=_FILE, default=None, metavar="FILE", help="Where it goes.  [default: printed]")
@click.option("--check", is_flag=True, help="Write nothing; exit with 1 if the file at --output would change.")
def apply(source: Path, catalog: Path | None, pseudo: bool, comments: bool, output: Path | None, check: bool) -> int:
    """Translate one SOURCE with one catalog: Markdown, a script in Jupytext's formats, MyST, R Markdown or .ipynb.

    What the catalog does not translate, or translates in a way that breaks something, stays as it is. Every byte that
    is no translated prose stays, too.
    """
    from catalyst_lessons.files.writing import write_bytes
    from catalyst_lessons.project.applying import apply_file

    if (catalog is None) is not pseudo:
        raise click.UsageError("give either --catalog PO or --pseudo")
    result = apply_file(source, catalog, comments=comments)
    for finding in result.findings:
        if finding.severity == "error":
            click.echo(str(finding), err=True)
    for segment in result.applied.unplaced:
        click.echo(f"{segment.location}: this {segment.kind} was not found in the file, and stays as it is", err=True)
    changed = output is not None and (not output.is_file() or output.read_bytes() != result.content)
    if output is None:
        if not check:
            sys.stdout.buffer.write(result.content)
    elif changed and not check:
        write_bytes(output, result.content)
    sys.stdout.flush()
    click.echo(f"{result.coverage.translated} of {result.coverage.total} texts translated", err=True)
    return 1 if check and changed else 0


@click.command("import")
@click.argument("translated", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option(
    "--source",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    required=True,
    help="What it is the translation of.",
)
@click.option("--language", "tag", default=None, metavar="TAG", help="Its language.  [default: what the PO file says]")
@click.option(
    "--output",
    type=_FILE,
    default=None,
    metavar="PO",
    help="The catalog to fill.  [default: the curriculum's, or one beside the source]",
)
@click.option("--no-blocks", is_flag=True, help="Only messages; no blocks as they were published, for `apply`.")
@click.option("--check", is_flag=True, help="Write nothing; exit with 1 if the catalog would change.")
def import_translation(
    translated: Path, source: Path, tag: str | None, output: Path | None, no_blocks: bool, check: bool
) -> int:
    """Make a catalog of a translation that is there: a TRANSLATED page beside its source, or another program's PO file.

    Messages that the catalog has stay. What could not be matched is listed, and stays untranslated; what was matched
    without certainty is fuzzy.
    """
    from catalyst_lessons.core.frontmatter import language_tag
    from catalyst_lessons.core.model import Language
    from catalyst_lessons.project.applying import catalog_for, import_file, language_of

    if tag and not language_tag(tag):
        raise click.BadParameter(f"`{tag}` is no language tag such as es or pt-BR", param_hint="--language")
    # A translator's file may say anything: only a tag may become the name of a folder.
    tag = language_tag(tag or language_of(translated, source))
    if not tag:
        raise click.UsageError("the file does not say its language: give --language TAG")
    language = Language.of(tag)
    output = output or catalog_for(source, language)
    found, changed = import_file(translated, source, output, language=language, blocks=not no_blocks, write=not check)
    click.echo(f"{'would change' if check and changed else 'wrote' if changed else 'no change in'} {output}")
    _report(found)
    return 1 if check and changed else 0


def _report(found: Imported) -> None:
    unsure = sum(message.fuzzy for message in found.messages.values())
    click.echo(f"{len(found.messages)} messages ({unsure} fuzzy), {len(found.blocks)} blocks as published")
    for message in found.refused:
        click.echo(f"not published before it is mended: {_short(message.source)}")
    for segment in found.missing:
        click.echo(f"{segment.location}: no translation found: {_short(segment.text)}")
    for text in found.unused:
        click.echo(f"not used: {_short(text)}")


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= 70 else f"{flat[:69]}…"
