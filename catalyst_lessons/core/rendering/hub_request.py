"""What a trainer writes to those who run a hub before a workshop, in their language."""

from __future__ import annotations

import re
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
        _filled(words("Subject: workshop on your hub, {dates}"), dates=workshop.dates),
        words("Hello,"),
        _filled(
            words("we plan a workshop with the lessons “{title}” and would like to use your hub{hub}."),
            title=workshop.title,
            hub=f" ({workshop.hub})" if workshop.hub else "",
        ),
        "\n".join(
            (
                f"- {_filled(words('Dates: {dates}'), dates=workshop.dates)}",
                f"- {_filled(words('People at the same time: {people}'), people=str(workshop.people))}",
                f"- {_filled(words('Memory for each person: {memory} GB'), memory=f'{each:.1f}')}",
                f"- {_filled(words('Memory together: {memory} GB'), memory=f'{together:.1f}')}",
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


def _filled(sentence: str, **values: str) -> str:
    """The sentence with these values. Not `format`: a translation may have other braces, and reach into a value."""
    return re.sub(r"\{(\w+)\}", lambda found: values.get(found[1], found[0]), sentence)


def _packages(workshop: Workshop, words: Words) -> str:
    if not workshop.packages:
        return ""
    rows = "\n".join(f"- {package}" for package in workshop.packages)
    return f"{words('The lessons need these Python packages:')}\n\n{rows}"


def _clone(workshop: Workshop, words: Words) -> str:
    if not workshop.clone:
        return ""
    return f"{words('Without it, learners type this in a terminal:')}\n\n    {workshop.clone}"
