"""The directory of hubs: text first, by region, with who may join; those that were switched off come last, folded."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from catalyst_lessons.core.headings import slug, with_id
from catalyst_lessons.core.launching.hubs import Hub, text_in
from catalyst_lessons.core.model import Language
from catalyst_lessons.core.rendering import html
from catalyst_lessons.core.rendering.cells import folded
from catalyst_lessons.core.rendering.dates import localized_month
from catalyst_lessons.core.rendering.localized import language_name, listed, number, place
from catalyst_lessons.core.rendering.overviews import Overview

WORLD = "world"


def hubs_page(hubs: Iterable[Hub], view: Overview, *, lesson: str = "") -> str:
    """The page. `lesson` is the address of the first lesson, where a hub can be chosen for all of them."""
    words, known = view.words, list(hubs)
    intro = words("A hub is a computer that a community shares: you work on it with a browser, and install nothing.")
    change = words("No hub is for ever. Ask those who run it before a workshop.")
    live = [hub for hub in known if hub.live]
    blocks = [f"{intro} {change}"]
    for region in _regions(live):
        blocks.append(f"## {with_id(html.text(_region(region, view)), f'region-{slug(region) or 0}')}")
        blocks += [_hub(hub, view, lesson) for hub in live if _where(hub) == region]
    if not live:
        blocks.append(words("There is no hub here yet."))
    return view.page("Hubs", *blocks, _history([hub for hub in known if not hub.live], view))


def _regions(hubs: Sequence[Hub]) -> list[str]:
    """The regions in the order of the hubs; what is for the whole world, or nowhere, comes last."""
    return sorted(dict.fromkeys(map(_where, hubs)), key=lambda region: region in ("", WORLD))


def _where(hub: Hub) -> str:
    """The region of a hub, or the country of one that names no region: nobody is at home "elsewhere"."""
    return hub.region or hub.country


def _region(region: str, view: Overview) -> str:
    return place(region, view.language) if region else view.words("Elsewhere")


def _hub(hub: Hub, view: Overview, lesson: str) -> str:
    rows = "\n".join(f"- {row}" for row in _rows(hub, view, lesson))
    return f"### {with_id(html.text(hub.name_in(view.language.tag)), f'hub-{hub.id}')}\n\n{rows}"


def _rows(hub: Hub, view: Overview, lesson: str) -> Iterator[str]:
    """What there is to know of a hub, each thing on its line."""
    words, language = view.words, view.language
    yield f"**{words('Address')}:** [{html.text(hub.url)}]({hub.url})"
    if hub.country:
        yield f"**{words('Country')}:** {html.text(place(hub.country, language))}"
    if hub.languages:
        names = [html.text(language_name(tag, language)) for tag in hub.languages]
        yield f"**{words('Languages')}:** {listed(names, language)}"
    join = text_in(hub.join, language.tag) or (words("Only people who were invited.") if hub.members_only else "")
    if join:
        yield f"**{words('Who may join')}:** {html.text(join)}"
    if hub.memory or hub.cpu:
        yield f"**{words('For each person')}:** {_computer(hub, view)}"
    if hub.profile:
        yield f"**{words('Profile to choose')}:** {html.text(hub.profile)}"
    if hub.software == "jupyterhub":
        yield f"**{words('Opens lessons from a link')}:** {_links(hub, view, lesson)}"
    if hub.contact:
        yield f"**{words('Whom to ask')}:** {_contact(hub.contact)}"
    if hub.since:
        yield f"**{words('Last seen working')}:** {html.text(localized_month(hub.since, language))}"


def _computer(hub: Hub, view: Overview) -> str:
    memory = view.words("{count} GB of memory").replace("{count}", number(hub.memory, view.language))
    cpu = view.words("{count} CPU").replace("{count}", number(hub.cpu, view.language))
    return listed([text for text, there in ((memory, hub.memory), (cpu, hub.cpu)) if there], view.language)


def _links(hub: Hub, view: Overview, lesson: str) -> str:
    words = view.words
    if not hub.nbgitpuller:
        return words("no; copy them with git, in a terminal there")
    choose = f" · [{words('Use it for these lessons')}]({lesson}?hub={hub.id})" if lesson else ""
    return f"{words('yes')}{choose}"


def _contact(contact: str) -> str:
    """A link where it is surely a web or e-mail address, else the text."""
    shown = html.text(contact)
    if re.fullmatch(r"https://[\w./~%-]+", contact):
        return f"[{shown}]({contact})"
    return f"[{shown}](mailto:{contact})" if re.fullmatch(r"[\w.+-]+@[\w-]+(\.[\w-]+)+", contact) else shown


def _history(hubs: Sequence[Hub], view: Overview) -> str:
    """The hubs that were switched off, with the addresses that old links still have: as text, they lead nowhere."""
    if not hubs:
        return ""
    words = view.words
    note = words("These hubs were switched off. They stay here so that links to them can be understood.")
    rows = "\n".join(f"- {_former(hub, view.language)}" for hub in hubs)
    return folded(words("Hubs that are no more"), f"{note}\n\n{rows}", kind="catalyst-history")


def _former(hub: Hub, language: Language) -> str:
    """A hub that was switched off: its name, where it was, its former address, and since when."""
    where = place(hub.country or hub.region, language)
    named = f"**{html.text(hub.name_in(language.tag))}**{', ' if where else ''}{html.text(where)}"
    since = f" ({html.text(localized_month(hub.since, language))})" if hub.since else ""
    return f"{named}: <code dir='ltr'>{html.text(hub.url.partition('//')[2])}</code>{since}"
