"""The command line: one program, `catalyst`. Heavy libraries are imported by the commands that need them."""

from __future__ import annotations

import sys
import traceback
from pathlib import Path
from typing import Any

import click

from catalyst_lessons import __version__
from catalyst_lessons.core.errors import CatalystError

FINDINGS, WRONG_USE, OUR_BUG, INTERRUPTED = 1, 2, 3, 130
"""Exit codes besides 0: findings or failed notebooks; wrong use or settings; a bug of ours; stopped by Ctrl-C."""


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="catalyst")
@click.option(
    "--project",
    "folder",
    type=click.Path(path_type=Path),
    default=".",
    help="The curriculum's folder.  [default: found upward from here]",
)
@click.pass_context
def catalyst(context: click.Context, folder: Path) -> None:
    """Train-the-trainer curricula: pages in every language, launch buttons, and exercises that run."""
    context.obj = folder


def _load_commands() -> None:
    """Put the commands into the group; each module imports what it needs when its command runs."""
    from catalyst_lessons.adapters import (
        cli_build,
        cli_check,
        cli_glossary,
        cli_hub,
        cli_links,
        cli_notebooks,
        cli_translate,
    )

    for module in (cli_build, cli_check, cli_glossary, cli_hub, cli_links, cli_notebooks, cli_translate):
        for command in module.COMMANDS:
            catalyst.add_command(command)


def main(arguments: list[str] | None = None) -> None:
    """Run the program and exit with its code; errors are printed as `path:line: message` with a hint."""
    sys.exit(run(arguments))


def run(arguments: list[str] | None = None) -> int:
    """Run the program and return its exit code."""
    _load_commands()
    try:
        result: Any = catalyst.main(args=arguments, standalone_mode=False)
        return result if isinstance(result, int) else 0
    except click.exceptions.Abort:
        return INTERRUPTED
    except KeyboardInterrupt:
        click.echo("\nstopped", err=True)
        return INTERRUPTED
    except click.ClickException as error:
        error.show()
        return WRONG_USE
    except CatalystError as error:
        click.echo(str(error), err=True)
        return WRONG_USE
    except BrokenPipeError:
        return 0
    except OSError as error:
        # A disk that is full or not ours to write to is nobody's bug; what names no file may well be one of ours.
        return _told(error) if error.filename is not None else _bug()
    except Exception:  # noqa: BLE001  the last line of defense: say whose fault it is, with the traceback
        return _bug()


def _told(error: OSError) -> int:
    """The exit code, once it is said which file cannot be read or written, and why."""
    click.echo(f"{error.filename2 or error.filename}: cannot be read or written: {error.strerror}", err=True)
    click.echo("    hint: see whether the file and its folder are there, are yours, and have room", err=True)
    return WRONG_USE


def _bug() -> int:
    traceback.print_exc()
    click.echo("\nThis is a bug in catalyst-lessons. Please report it with the lines above.", err=True)
    return OUR_BUG


if __name__ == "__main__":
    main()
