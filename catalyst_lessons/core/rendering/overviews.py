"""The pages made from all lessons: lesson list, schedule, objectives, exercises, glossary, everything for printing."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from catalyst_lessons.core.headings import one_level_down, with_id
from catalyst_lessons.core.model import Language, Lesson, Phrase, Term
from catalyst_lessons.core.prose import one_line
from catalyst_lessons.core.rendering import html
from catalyst_lessons.core.rendering.cells import Surroundings, render_phrase
from catalyst_lessons.core.rendering.pages import minutes, page_head, shown_item, shown_title
from catalyst_lessons.core.rendering.words import Words
from catalyst_lessons.core.schedule import Slot


@dataclass(frozen=True, slots=True)
class Overview:
    """What every overview page needs: its language, its words, its build stamp, and where a source's page is.

    `around` gives, for a source, how the links of its front matter are written on this page.
    """

    language: Language
    words: Words
    stamp: str
    address: Callable[[Lesson], str]
    around: Callable[[Lesson], Surroundings]

    def page(self, title: str, *blocks: str, searchable: bool = True) -> str:
        """A whole page with this title (an interface word) and these blocks of Markdown."""
        shown_title = self.words(title)
        head = page_head(html.plain(shown_title), stamp=self.stamp, language=self.language, searchable=searchable)
        return "\n\n".join((head, f"# {with_id(shown_title, 'top')}", *(block for block in blocks if block))) + "\n"

    def link(self, lesson: Lesson) -> str:
        """A link to a lesson's page, named by its title."""
        return f"[{self.title(lesson)}]({self.address(lesson)})"

    def title(self, lesson: Lesson) -> str:
        """A lesson's title as it stands on a page of this language."""
        return shown_title(lesson, self.language)

    def phrase(self, phrase: Phrase, lesson: Lesson) -> str:
        """A phrase of a lesson's front matter."""
        return render_phrase(shown_item(phrase, self.language, self.words), self.around(lesson))

    def points(self, phrases: Iterable[Phrase], lesson: Lesson) -> str:
        """Phrases of a lesson's front matter as a list."""
        return "\n".join(f"- {self.phrase(phrase, lesson)}" for phrase in phrases)


def lesson_list(lessons: Sequence[Lesson], view: Overview) -> str:
    """The lessons in order, each with its minutes and first question: what the home page ends with."""
    rows = []
    for lesson in lessons:
        time = f" ({minutes(lesson.front.minutes, view.words)})" if lesson.front.minutes else ""
        question = f"\n    {view.phrase(lesson.front.questions[0], lesson)}" if lesson.front.questions else ""
        rows.append(f"1. **{view.link(lesson)}**{time}{question and '  '}{question}")
    return f"## {view.words('Lessons')} {{#lessons}}\n\n" + "\n".join(rows) if rows else ""


def schedule_page(slots: Sequence[Slot], view: Overview) -> str:
    """A table with the clock time of each lesson and break, and when the day ends."""
    words = view.words
    if not slots:
        return view.page("Schedule", words("There are no lessons yet."))
    head = f"| {words('Time')} | {words('Lesson')} | {words('Duration')} |\n| --- | --- | ---: |"
    rows = [f"| {slot.clock} | {_what(slot, view)} | {minutes(slot.minutes, words)} |" for slot in slots]
    end = Slot(slots[-1].end, 0).clock
    table = "\n".join((head, *rows, f"| {end} | **{words('End')}** | |"))
    note = words("Times follow from the minutes of each lesson. Your workshop may begin at another hour.")
    return view.page("Schedule", note, table)


def _what(slot: Slot, view: Overview) -> str:
    """A lesson or a break, for a cell of a table."""
    return view.link(slot.lesson).replace("|", "&#124;") if slot.lesson else f"*{view.words('Break')}*"


def objectives_page(lessons: Sequence[Lesson], view: Overview) -> str:
    """The objectives and key points of every lesson."""
    blocks = []
    for lesson in lessons:
        objectives = view.points(lesson.front.objectives, lesson)
        keypoints = view.points(lesson.front.keypoints, lesson)
        if objectives or keypoints:
            blocks.append(f"## {with_id(view.link(lesson), _anchor(lesson))}")
        if objectives:
            blocks.append(f"**{view.words('Objectives')}**\n\n{objectives}")
        if keypoints:
            blocks.append(f"**{view.words('Key points')}**\n\n{keypoints}")
    return view.page("Objectives and key points", *blocks)


def exercises_page(exercises: Sequence[Lesson], lessons: Sequence[Lesson], view: Overview) -> str:
    """The exercises by lesson, each with its minutes and objectives; those of no lesson come last."""
    blocks = []
    for lesson in lessons:
        own = [exercise for exercise in exercises if exercise.front.lesson == lesson.path]
        if own:
            blocks += [
                f"## {with_id(view.link(lesson), _anchor(lesson))}",
                *(_exercise(one, view, "###") for one in own),
            ]
    paths = {lesson.path for lesson in lessons}
    blocks += [_exercise(one, view, "##") for one in exercises if one.front.lesson not in paths]
    return view.page("Exercises", *(blocks or [view.words("There are no exercises yet.")]))


def _exercise(exercise: Lesson, view: Overview, marks: str) -> str:
    time = f" ({minutes(exercise.front.minutes, view.words)})" if exercise.front.minutes else ""
    points = view.points(exercise.front.objectives, exercise)
    return f"{marks} {with_id(view.link(exercise) + time, _anchor(exercise))}\n\n{points}".strip()


def glossary_page(terms: Iterable[Term], view: Overview, *, source_language: str) -> str:
    """The glossary in the order of the page's language; a term it lacks is shown in the source language and marked."""
    rows = sorted((_entry(term, view.language, source_language) for term in terms), key=lambda row: _place(row[0]))
    entries = "\n".join(
        f'<dt id="{html.text(slug)}">{name}</dt>\n<dd>{definition}</dd>' for name, slug, definition in rows
    )
    return view.page("Glossary", f'<dl class="catalyst-glossary">\n{entries}\n</dl>' if rows else "")


def _place(name: str) -> str:
    """What a term is sorted by: its letters without tags, accents with the letters they stand on."""
    return unicodedata.normalize("NFKD", html.plain(name)).casefold()


def _entry(term: Term, language: Language, source_language: str) -> tuple[str, str, str]:
    """A term's name, slug and definition as HTML."""
    wanted = (language.tag, language.tag.split("-")[0], source_language, *term.terms)
    found = next((tag for tag in wanted if tag in term.terms), "")
    if not found:
        return html.text(term.slug), term.slug, ""
    name, definition = html.text(term.terms[found]), _definition(term.definitions.get(found, ""))
    if found.split("-")[0] != language.tag.split("-")[0]:
        name, definition = (html.in_language(part, Language.of(found)) for part in (name, definition))
    return name, term.slug, definition


def _definition(markdown: str) -> str:
    """A definition as HTML; links to other entries (`[text](#slug)`, as Glosario has them) stay links."""
    parts = re.split(r"\[([^\]]+)\]\(#([\w-]+)\)", one_line(markdown))
    pieces = [html.text(_spaced(parts[0]))]
    for text, slug, rest in zip(parts[1::3], parts[2::3], parts[3::3], strict=True):
        pieces += [f'<a href="#{html.text(slug)}">{html.text(text)}</a>', html.text(_spaced(rest))]
    return "".join(pieces)


def _spaced(text: str) -> str:
    return text.replace("*", "").replace("`", "")


def print_page(lessons: Sequence[tuple[Lesson, str]], view: Overview) -> str:
    """Every lesson's body on one page, for paper. The bodies are rendered already, with ids that do not repeat."""
    blocks = []
    for lesson, body in lessons:
        blocks += [
            f"## {with_id(view.title(lesson) + ' {.catalyst-print-lesson}', _anchor(lesson))}",
            one_level_down(body),
        ]
    # Whoever searches looks for the lesson itself; without this, the index is half as large again.
    return view.page("Everything on one page", *blocks, searchable=False)


def _anchor(lesson: Lesson) -> str:
    return lesson.name.rpartition("/")[2].replace(".", "-")
