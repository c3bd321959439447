"""What a trainer writes to those who run a hub before a workshop, in their language."""

from __future__ import annotations

from dataclasses import dataclass

from catalyst_lessons.core.rendering.words import Words


@dataclass(frozen=True, slots=True)
class Workshop:
    """What the hub has to carry: `memory` is what one person needs, in MiB; `packages` are as pip names them."""

    title: str
    dates: str
    people: int
    memory: int
    packages: tuple[str, ...] = ()
    link: str = ""
    clone: str = ""
    hub: str = ""


def render_request(workshop: Workshop, words: Words) -> str:
    """The text of the request, ready to be sent."""
    each, together = workshop.memory / 1024, workshop.memory * workshop.people / 1024
    lines = [
        words("Subject: workshop on your hub, {dates}").format(dates=workshop.dates),
        words("Hello,"),
        words("we plan a workshop with the lessons “{title}” and would like to use your hub{hub}.").format(
            title=workshop.title, hub=f" ({workshop.hub})" if workshop.hub else ""
        ),
        "\n".join(
            (
                f"- {words('Dates: {dates}').format(dates=workshop.dates)}",
                f"- {words('People at the same time: {people}').format(people=workshop.people)}",
                f"- {words('Memory for each person: {memory} GB').format(memory=f'{each:.1f}')}",
                f"- {words('Memory together: {memory} GB').format(memory=f'{together:.1f}')}",
            )
        ),
        _packages(workshop, words),
        words(
            "Learners open the notebooks with a link that needs nbgitpuller in the hub's image. Is it there? "
            "If not, can it be installed?"
        ),
        workshop.link,
        _clone(workshop, words),
        words(
            "Could servers be kept ready before the beginning, and stay up during a break of 30 minutes? May learners "
            "keep their files after the workshop, and for how long?"
        ),
        words("Thank you very much!"),
    ]
    return "\n\n".join(line for line in lines if line) + "\n"


def _packages(workshop: Workshop, words: Words) -> str:
    if not workshop.packages:
        return ""
    rows = "\n".join(f"- {package}" for package in workshop.packages)
    return f"{words('The lessons need these Python packages:')}\n\n{rows}"


def _clone(workshop: Workshop, words: Words) -> str:
    if not workshop.clone:
        return ""
    return f"{words('Without it, learners type this in a terminal:')}\n\n    {workshop.clone}"
