"""A lesson, an exercise or a plain page as one Markdown page of the site."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

from catalyst_lessons.core.headings import with_id
from catalyst_lessons.core.model import Json, Language, Lesson, Phrase
from catalyst_lessons.core.prose import one_line
from catalyst_lessons.core.rendering import html
from catalyst_lessons.core.rendering.cells import Surroundings, folded, render_cells, render_phrase
from catalyst_lessons.core.rendering.launch_bar import Launch, launch_bar
from catalyst_lessons.core.rendering.localized import listed
from catalyst_lessons.core.rendering.words import Words

_LICENSES = {
    "CC-BY-4.0": "https://creativecommons.org/licenses/by/4.0/",
    "CC-BY-SA-4.0": "https://creativecommons.org/licenses/by-sa/4.0/",
    "CC0-1.0": "https://creativecommons.org/publicdomain/zero/1.0/",
    "MIT": "https://opensource.org/license/mit",
}


@dataclass(frozen=True, slots=True)
class PageParts:
    """All that surrounds a lesson's cells on its page.

    Addresses are as seen from the page. `coverage` is the share of the page that is in its language, 0 to 1. `stamp`
    identifies the page to the check that counts pages in the built site. `date` is already in the page's language.
    """

    language: Language
    around: Surroundings
    stamp: str
    launch: Launch | None = None
    coverage: float = 1.0
    outdated: bool = False
    edit: str = ""
    edit_translation: str = ""
    date: str = ""
    exercises: tuple[tuple[str, str], ...] = ()
    solution: str = ""
    after: str = ""

    @property
    def words(self) -> Words:
        """The interface words of the page's language."""
        return self.around.words


def render_page(lesson: Lesson, parts: PageParts) -> str:
    """The Markdown of a page. `lesson` is already in the page's language, as far as it is translated."""
    blocks = (
        page_head(plain_title(lesson), stamp=parts.stamp, language=parts.language, description=_description(lesson)),
        f"# {with_id(render_phrase(shown_title(lesson, parts.language), parts.around), 'top')}",
        _facts(lesson, parts),
        launch_bar(parts.launch, parts.words, parts.language) if parts.launch else "",
        _banner(parts),
        _opening(lesson, parts),
        render_cells(lesson.cells, parts.around),
        _solution(parts),
        parts.after,
        _exercises(parts),
        _list_box("keypoints", "Key points", lesson.front.keypoints, parts),
        _foot(lesson, parts),
    )
    return "\n\n".join(block for block in blocks if block) + "\n"


def page_head(title: str, *, stamp: str, language: Language, description: str = "", searchable: bool = True) -> str:
    """The front matter every page of the site begins with, and its build stamp."""
    meta: dict[str, Json] = {"title": title} | ({"description": description} if description else {})
    meta |= {} if searchable else {"search": {"exclude": True}}
    # JSON strings are YAML strings, so no title can break out of the front matter.
    lines = "\n".join(f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in meta.items())
    mark = f'<span class="catalyst-stamp" data-stamp="{stamp}" data-language="{language.tag}" hidden></span>'
    return f"---\n{lines}\n---\n\n{mark}"


def plain_title(lesson: Lesson) -> str:
    """The lesson's title without markup; a lesson that has none is called by its file's name."""
    return html.plain(lesson.front.title.text) or lesson.name.rpartition("/")[2]


def shown_title(lesson: Lesson, language: Language) -> str:
    """A lesson's title as it stands on a page of `language`."""
    return shown(lesson.front.title, language) if lesson.front.title.text else plain_title(lesson)


def shown(phrase: Phrase, language: Language) -> str:
    """A phrase of the front matter, on one line, as it stands on a page of `language`: marked if it is in another."""
    text = one_line(phrase.text)
    if not text or not phrase.language or phrase.language == language.tag:
        return text
    return html.in_language(text, Language.of(phrase.language), stale=phrase.stale)


def shown_item(phrase: Phrase, language: Language, words: Words) -> str:
    """The same for an item of a list, where the translation of an earlier version may stand beside the new text."""
    if not phrase.earlier:
        return shown(phrase, language)
    newest = one_line(phrase.text)
    return html.with_earlier(newest, Language.of(phrase.language), earlier=phrase.earlier, label=newer(words))


def newer(words: Words) -> str:
    """What stands beside the translation of an earlier version, on the switch that shows the text of today."""
    return words("Changed since: show the original")


def _description(lesson: Lesson) -> str:
    return html.plain(lesson.front.objectives[0].text) if lesson.front.objectives else ""


def _facts(lesson: Lesson, parts: PageParts) -> str:
    front, words = lesson.front, parts.words
    facts = [
        f"**{words('Teaching')}:** {minutes(front.teaching, words)}" if front.teaching is not None else "",
        f"**{words('Exercises')}:** {minutes(front.exercises, words)}" if front.exercises is not None else "",
        f"**{words('Level')}:** {words(front.level.capitalize())}" if front.level else "",
    ]
    line = " · ".join(fact for fact in facts if fact)
    return f"{line}\n{{: .catalyst-facts }}" if line else ""


def minutes(count: int, words: Words) -> str:
    """A number of minutes, as the page's language writes it."""
    return words("{count} min").replace("{count}", str(count))


def _banner(parts: PageParts) -> str:
    words = parts.words
    if parts.outdated:
        text = words("This translation was made from an older version of the lesson.")
        return f'!!! warning "{words("The original has changed")}"\n\n    {text}'
    if parts.coverage >= 1:
        return ""
    text = words("{percent} % of this page is translated; the rest is shown in its original language.")
    share = text.replace("{percent}", str(int(parts.coverage * 100)))
    link = f" [{words('Help to translate it')}]({parts.edit_translation})" if parts.edit_translation else ""
    return f'!!! info "{words("Not fully translated yet")}"\n\n    {share}{link}'


def _opening(lesson: Lesson, parts: PageParts) -> str:
    front = lesson.front
    boxes = (
        _list_box("prereq", "Prerequisites", front.prerequisites, parts),
        _list_box("questions", "Questions", front.questions, parts),
        _list_box("objectives", "Objectives", front.objectives, parts),
    )
    return "\n\n".join(box for box in boxes if box)


def _list_box(kind: str, title: str, phrases: Iterable[Phrase], parts: PageParts) -> str:
    items = "\n".join(
        f"    - {render_phrase(shown_item(phrase, parts.language, parts.words), parts.around)}" for phrase in phrases
    )
    return f'!!! {kind} "{parts.words(title)}"\n\n{items}' if items else ""


def _solution(parts: PageParts) -> str:
    return folded(parts.words("Solution"), parts.solution, kind="solution") if parts.solution else ""


def _exercises(parts: PageParts) -> str:
    if not parts.exercises:
        return ""
    items = "\n".join(f"- [{title}]({address})" for title, address in parts.exercises)
    return f"## {parts.words('Exercises of this lesson')} {{#lesson-exercises}}\n\n{items}"


def _foot(lesson: Lesson, parts: PageParts) -> str:
    front, words = lesson.front, parts.words
    rows = [
        f"{words('Authors')}: {listed(front.authors, parts.language)}" if front.authors else "",
        f"{words('License')}: {license_link(front.license)}" if front.license else "",
        f"{words('Updated')}: {parts.date}" if parts.date else "",
        f"[{words('Edit the source')}]({parts.edit})" if parts.edit else "",
        f"[{words('Improve the translation')}]({parts.edit_translation})" if parts.edit_translation else "",
    ]
    line = " · ".join(row for row in rows if row)
    return f'<footer class="catalyst-foot" markdown="1">\n\n{line}\n\n</footer>' if line else ""


def license_link(name: str) -> str:
    """The license's short name, with its text behind it where we know the address (SPDX identifiers)."""
    return f"[{name}]({_LICENSES[name]})" if name in _LICENSES else name
