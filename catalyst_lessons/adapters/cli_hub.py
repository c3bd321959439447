"""`catalyst hub`: look at a hub before a workshop, and write to those who run it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from catalyst_lessons.adapters.cli_options import format_option

if TYPE_CHECKING:
    from catalyst_lessons.project import Project

LANGUAGE_HELP = "The language of the text, as in `es`.  [default: the site's default language]"


@click.group()
def hub() -> None:
    """Whether a hub is ready for a workshop."""


@hub.command("check")
@click.argument("target", metavar="HUB")
@format_option("text", "json", "markdown")
@click.option("--language", default="", metavar="TAG", help=LANGUAGE_HELP)
@click.option(
    "--timeout",
    type=click.FloatRange(1),
    default=300.0,
    show_default=True,
    metavar="SECONDS",
    help="How long a server may take to start, and the notebooks to be pulled.",
)
@click.pass_obj
def check(folder: Path, target: str, form: str, language: str, timeout: float) -> int:
    """Look at HUB, an address or the id of a hub in the settings, from outside.

    With a token of the hub in the environment variable CATALYST_HUB_TOKEN, also start a server there, pull the
    notebooks, look at its memory, disk and packages, and stop it again. Exits with 1 if the hub is not ready.
    """
    import os

    from catalyst_lessons.core.launching.hub_report import is_ready, judge
    from catalyst_lessons.core.rendering.hub_page import render_hub
    from catalyst_lessons.project.hub_checking import TOKEN, Wanted, find_hub, look_at, wanted_by
    from catalyst_lessons.project.translations import words_in

    project = _project(folder)
    tag = _language(project, language)
    found = find_hub(project, target)
    token = os.environ.get(TOKEN, "").strip()
    wanted = wanted_by(project, found) if project and token and found.live else Wanted()
    facts = look_at(found, wanted, token=token, language=tag, seconds=timeout)
    click.echo(render_hub(facts, form, words_in(tag)), nl=False)
    return 0 if is_ready(judge(facts)) else 1


@hub.command()
@click.option("--dates", required=True, metavar="TEXT", help="When, as in `12 to 14 March 2027, 9:00 to 13:00 UTC`.")
@click.option("--people", required=True, type=click.IntRange(1), metavar="N", help="How many, at the same time.")
@click.option("--hub", "target", default="", metavar="HUB", help="The hub.  [default: the one of the first button]")
@click.option("--language", default="", metavar="TAG", help=LANGUAGE_HELP)
@click.pass_obj
def request(folder: Path, dates: str, people: int, target: str, language: str) -> int:
    """Print a request to those who run the hub: dates, people, memory, packages and a link to try."""
    from catalyst_lessons.core.rendering.hub_request import render_request
    from catalyst_lessons.project import Project
    from catalyst_lessons.project.hub_checking import find_hub
    from catalyst_lessons.project.requesting import workshop_of
    from catalyst_lessons.project.translations import words_in

    project = Project.open(folder)
    tag = _language(project, language)
    chosen = target or project.settings.hub
    found = find_hub(project, chosen) if chosen else None
    workshop = workshop_of(project, found, dates=dates, people=people, language=tag)
    click.echo(render_request(workshop, words_in(tag)), nl=False)
    return 0


def _project(folder: Path) -> Project | None:
    """The curriculum, or None: the address of a hub can be looked at without one."""
    from catalyst_lessons.core.errors import NoSettingsError
    from catalyst_lessons.project import Project

    try:
        return Project.open(folder)
    except NoSettingsError:
        return None


def _language(project: Project | None, language: str) -> str:
    return language or (project.settings.default_language if project else "en")


COMMANDS = (hub,)
