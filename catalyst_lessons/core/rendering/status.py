"""The page that tells volunteers how far each translation is, and where to begin."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from catalyst_lessons.core.headings import with_id
from catalyst_lessons.core.model import Language
from catalyst_lessons.core.rendering import html
from catalyst_lessons.core.rendering.localized import number, percent
from catalyst_lessons.core.rendering.overviews import Overview
from catalyst_lessons.core.translation import Coverage
from catalyst_lessons.core.translation.progress import Row


def status_page(rows: Sequence[Row], view: Overview) -> str:
    """For each language, its lessons in order, what is left of each, and a link to where it is translated.

    The language of the page comes first: that is what its readers can help with.
    """
    words = view.words
    blocks = [words("Choose a lesson and translate as much as you like: one sentence helps.")]
    languages = {row.language.tag: row.language for row in rows}
    for tag, language in sorted(languages.items(), key=lambda item: item[0] != view.language.tag):
        own = [row for row in rows if row.language.tag == tag]
        blocks += [f"## {with_id(_name(language), f'in-{tag.lower()}')}", _summary(own, view), _table(own, view)]
    return view.page("Translation status", *blocks)


def share_of(rows: Iterable[Row]) -> float:
    """The share of all messages of these rows that is translated, 0 to 1."""
    return sum((row.progress.coverage for row in rows), Coverage()).ratio


def _name(language: Language) -> str:
    return f"<span lang='{language.tag}' dir='{language.direction}'>{html.text(language.name)}</span>"


def _summary(rows: Sequence[Row], view: Overview) -> str:
    if all(row.progress.done for row in rows):
        return view.words("Everything is translated.")
    text = view.words("{percent} translated, {count} words left.")
    left = number(sum(row.progress.words_left for row in rows), view.language)
    return text.replace("{percent}", percent(share_of(rows), view.language)).replace("{count}", left)


def _table(rows: Sequence[Row], view: Overview) -> str:
    words = view.words
    columns = (words("Lesson"), words("Translated"), words("Words left"))
    begin = min((row for row in rows if not row.progress.done), key=_effort, default=None)
    head = f"| {' | '.join(columns)} |\n| --- | ---: | ---: |"
    lines = [_line(row, view, begin=row is begin) for row in rows]
    table = "\n".join((head, *lines))
    return f'<div class="catalyst-status" markdown="1">\n\n{table}\n\n</div>'


def _effort(row: Row) -> tuple[bool, bool, int]:
    """What to begin with: a few words that have gone stale are the quickest to mend, and mislead readers longest."""
    return row.progress.outdated, not row.progress.stale, row.progress.words_left


def _line(row: Row, view: Overview, *, begin: bool) -> str:
    progress, words = row.progress, view.words
    name = view.link(row.lesson)
    if progress.outdated:
        name += f"<br>{words('The original has changed')}"
    elif progress.stale:
        changed = words("Sentences that changed after they were translated: {count}")
        name += f"<br>{changed.replace('{count}', number(progress.stale, view.language))}"
    if row.edit:
        label = words("Improve the translation") if progress.done else words("Translate this lesson")
        name += f"<br>[{label}]({row.edit})"
    if begin:
        name += f"<br>**{words('A good place to begin')}**"
    cells = (percent(progress.coverage.ratio, view.language), number(progress.words_left, view.language))
    return f"| {name.replace('|', '&#124;')} | {' | '.join(cells)} |"
