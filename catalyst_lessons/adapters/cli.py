"""The command line: one program, `catalyst`. Heavy libraries are imported by the commands that need them."""

from __future__ import annotations

import atexit
import gc
import io
import os
import sys
import threading
import traceback
from pathlib import Path
from typing import Any, NoReturn

import click

from catalyst_lessons import __version__
from catalyst_lessons.core.errors import CatalystError, told_by_system

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
        cli_new,
        cli_notebooks,
        cli_translate,
    )

    for module in (cli_build, cli_check, cli_glossary, cli_hub, cli_links, cli_new, cli_notebooks, cli_translate):
        for command in module.COMMANDS:
            catalyst.add_command(command)


def main(arguments: list[str] | None = None) -> NoReturn:
    """Run the program and exit with its code; errors are printed as `path:line: message` with a hint."""
    # Most of what a command makes lives to its end: to look through all of it again and again finds little.
    gc.set_threshold(100_000, 20, 20)
    _leave(run(arguments))


def _leave(code: int) -> NoReturn:
    """Ends as Python does, but does not take apart all that was imported: for the system it is one piece."""
    threading._shutdown()  # type: ignore[attr-defined]
    atexit._run_exitfuncs()
    for stream in filter(None, (sys.stdout, sys.stderr)):
        try:
            stream.flush()
        except BrokenPipeError:
            pass
        except (OSError, ValueError):
            code = code or WRONG_USE
    os._exit(code)


def run(arguments: list[str] | None = None) -> int:
    """Run the program and return its exit code."""
    _load_commands()
    _print_what_can_be_printed()
    try:
        result: Any = catalyst.main(args=arguments, standalone_mode=False)
        return result if isinstance(result, int) else 0
    except (click.exceptions.Abort, KeyboardInterrupt):
        click.echo("stopped", err=True)
        return INTERRUPTED
    except click.ClickException as error:
        error.show()
        return WRONG_USE
    except CatalystError as error:
        click.echo(str(error), err=True)
        return WRONG_USE
    except BrokenPipeError:
        return 0
    except Exception as error:  # noqa: BLE001  the last line of defense: say whose fault it is, with the traceback
        if told := told_by_system(error) if isinstance(error, OSError) else None:
            click.echo(str(told), err=True)
            return WRONG_USE
        traceback.print_exc()
        click.echo("\nThis is a bug in catalyst-lessons. Please report it with the lines above.", err=True)
        return OUR_BUG


def _print_what_can_be_printed() -> None:
    """Have letters that the output's encoding lacks printed as `?`: Windows and old locales know no `✓`."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")


if __name__ == "__main__":
    main()
