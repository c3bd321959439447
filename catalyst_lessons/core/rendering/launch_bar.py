"""The launch bar of a page: a plain list of links that work, and what the reader's own choice of a hub is made of."""

from __future__ import annotations

import json
from dataclasses import dataclass

from catalyst_lessons.core.launching.hubs import Hub
from catalyst_lessons.core.launching.links import LaunchLink
from catalyst_lessons.core.launching.offers import Published
from catalyst_lessons.core.model import Language
from catalyst_lessons.core.rendering import html
from catalyst_lessons.core.rendering.cells import folded
from catalyst_lessons.core.rendering.dates import localized_month
from catalyst_lessons.core.rendering.words import Words


@dataclass(frozen=True, slots=True)
class Launch:
    """What the launch bar of one page offers: the buttons in order, the notebook's address, and the `git` line.

    `hubs` are the hubs of the curriculum, those included that get no button, which is explained. `notebook` is what
    the reader's own hub would open, None if nobody knows where it is published.
    """

    links: tuple[LaunchLink, ...] = ()
    hubs: tuple[Hub, ...] = ()
    notebook: Published | None = None
    download: str = ""
    clone: str = ""


def launch_bar(launch: Launch, words: Words, language: Language) -> str:
    """The launch bar as Markdown. Without JavaScript it is all there is, and all of it works."""
    buttons = [_button(launch, link, words, language) for link in launch.links]
    if launch.download:
        label = words("Download the notebook")
        buttons.append(f'[{label}]({launch.download}){{ .md-button data-launch="download" download="" }}')
    closed = (_closed(hub, words, language) for hub in launch.hubs if not hub.launches)
    blocks = ("\n".join(buttons), *(f"{text}\n{{: .catalyst-closed }}" for text in closed), _clone(launch, words))
    body = "\n\n".join(block for block in blocks if block)
    name = html.text(words("Work in your own notebook"))
    choice = f' data-launch-settings="{_settings(launch, words, language)}"' if launch.notebook else ""
    return f'<nav class="catalyst-launch" aria-label="{name}" data-launch-bar{choice} markdown="1">\n\n{body}\n\n</nav>'


def _button(launch: Launch, link: LaunchLink, words: Words, language: Language) -> str:
    primary = " .md-button--primary" if link is launch.links[0] else ""
    return f'[{_label(launch, link, words, language)}]({link.url}){{ .md-button{primary} data-launch="{link.kind}" }}'


def _label(launch: Launch, link: LaunchLink, words: Words, language: Language) -> str:
    if link.kind == "colab":
        return words("Open in Colab")
    hub = next((hub for hub in launch.hubs if hub.url.rstrip("/") == link.hub), None)
    if hub is None:
        return words("Open in Binder")
    return words("Open in {hub}").replace("{hub}", html.text(hub.name_in(language.tag)))


def _closed(hub: Hub, words: Words, language: Language) -> str:
    """Why a hub has no button, and what to do instead."""
    if hub.live:
        text = words("{hub} opens no notebooks from a link. Use the line for git below, in a terminal there.")
    elif hub.since:
        text = words("{hub} was switched off ({date}). Use another of the ways here.")
    else:
        text = words("{hub} was switched off. Use another of the ways here.")
    date = html.text(localized_month(hub.since, language)) if hub.since else ""
    return text.replace("{date}", date).replace("{hub}", html.text(hub.name_in(language.tag)))


def _clone(launch: Launch, words: Words) -> str:
    return folded(words("Copy with git"), f"```sh\n{launch.clone}\n```", kind="catalyst-clone") if launch.clone else ""


def _settings(launch: Launch, words: Words, language: Language) -> str:
    """What `launch.js` makes the button of the reader's own hub from, as an attribute."""
    notebook = launch.notebook
    if notebook is None:
        return ""
    hubs = [hub for hub in launch.hubs if hub.launches and hub.software == "jupyterhub"]
    settings = {
        "repository": notebook.repository.url,
        "branch": notebook.branch,
        "path": notebook.path,
        "target": notebook.target_path,
        "hubs": [
            {
                "id": hub.id,
                "name": hub.name_in(language.tag),
                "url": hub.url.rstrip("/"),
                "interface": hub.interface,
                "parent": hub.parent_path,
            }
            for hub in hubs
        ],
        "closed": [hub.url.rstrip("/") for hub in launch.hubs if not hub.launches],
        "words": _menu_words(words),
    }
    return html.text(json.dumps(settings, ensure_ascii=False, separators=(",", ":")))


def _menu_words(words: Words) -> dict[str, str]:
    return {
        "choose": words("Choose your hub"),
        "mine": words("My hub"),
        "proposed": words("As these lessons propose"),
        "other": words("Another one: I type its address"),
        "address": words("Address of my hub"),
        "use": words("Use this hub"),
        "note": words("Your choice stays in this browser and holds for all lessons. The hub needs nbgitpuller."),
        "open": words("Open in {hub}"),
        "remember": words("Remember this hub"),
        "remembered": words("{hub} is remembered in this browser."),
        "forgotten": words("No hub is remembered."),
        "visiting": words("The link you followed chose {hub} for this visit."),
        "gone": words("The hub you had chosen is not offered any more."),
        "bad": words("This is not the address of a hub. It begins with https://"),
        "asking": words("Asking {hub} …"),
        "answers": words("It answers."),
        "unknown": words("It could not be asked from here, and may work all the same."),
    }
