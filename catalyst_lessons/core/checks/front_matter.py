"""Rules for the front matter: what a lesson says of itself is there, and its minutes can be true."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from catalyst_lessons.core.checks.rule import Rule, listed
from catalyst_lessons.core.checks.view import View, without_code
from catalyst_lessons.core.markup import Callout, Prose
from catalyst_lessons.core.model import Cell, Role
from catalyst_lessons.core.report import Finding

NO_TITLE = Rule(
    "L140",
    "The title is missing",
    "error",
    "The title names the page, the notebook and the entry in the menu.",
)
INCOMPLETE = Rule(
    "L141",
    "The front matter is not complete",
    "warning",
    "Trainers plan with minutes and objectives; people who reuse a lesson need its authors and license.",
)
TEMPLATE_TIMES = Rule(
    "L144",
    "The minutes are those of a template",
    "warning",
    "A template's 10 and 2 minutes that nobody changed make a schedule that cannot be kept.",
)
TOO_FEW_MINUTES = Rule(
    "L145",
    "The challenges take longer than the front matter says",
    "warning",
    "The schedule is made from the front matter, so its minutes must hold all challenges.",
)
UNLIKELY_MINUTES = Rule(
    "L146",
    "The minutes are not likely",
    "warning",
    "Minutes of 0, or above 600, are a slip of the keyboard that would spoil the schedule.",
)
RULES = (NO_TITLE, INCOMPLETE, TEMPLATE_TIMES, TOO_FEW_MINUTES, UNLIKELY_MINUTES)

NEEDED: Mapping[Role, tuple[str, ...]] = {
    "lesson": ("objectives", "questions", "keypoints", "teaching", "exercises", "authors", "license"),
    "exercise": ("objectives", "exercises", "authors", "license"),
    "page": (),
}
# What to type for each key; `authors` and `license` are the ones people know the least.
_EXAMPLES = {
    "objectives": 'objectives: ["Read a table with pandas."]',
    "questions": 'questions: ["How do I read a table?"]',
    "keypoints": 'keypoints: ["A table is read with one line."]',
    "teaching": "teaching: 20",
    "exercises": "exercises: 10",
    "authors": 'authors: ["Name of a person or group"]',
    "license": "license: CC-BY-4.0",
}
# The episode template of carpentries/sandpaper has `teaching: 10` and `exercises: 2`.
_TEMPLATE = (10, 2)
_MOST = 600

_UNIT = r"(?:minutes?|minutos?|minuti|mins?|mn)\b"
_MINUTES = re.compile(rf"(?P<minutes>\d{{1,3}})[\s\u00a0-]*{_UNIT}", re.I)
_IN_BRACKETS = re.compile(rf"\((?=[^()]*\))[^()]*?(?P<minutes>\d{{1,3}})[\s\u00a0-]*{_UNIT}[^()]*\)", re.I)
_LABELED = re.compile(
    rf"^\W*(?:time|timing|duration|tiempo|duración|tempo|duração|temps|durée)\s*:?\W*(?P<minutes>\d{{1,3}})\s*{_UNIT}",
    re.I,
)
_CHALLENGE_WORD = re.compile(
    r"^\W*(?:challenge|exercise|your turn|try it|ejercicio|desaf[ií]o|reto|exerc[ií]cio|exercice|défi)\b",
    re.I,
)


def title_is_there(view: View) -> Iterator[Finding]:
    """A source without a title, in its front matter or as its first heading."""
    if not view.lesson.front.title.text.strip() and "title" not in view.unread:
        hint = f'write `title: "..."` {_where(view)}'
        yield NO_TITLE.at(view.at_key("title"), "the title is missing", hint=hint)


def _where(view: View) -> str:
    """Where the front matter of such a file stands, in words that can follow "write this"."""
    ending = view.lesson.path.rpartition(".")[2].lower()
    if ending == "ipynb":
        return "between two `---` lines in a cell of its own, the first one, of the kind Raw"
    if ending in ("md", "markdown", "rmd", "qmd"):
        return "between the two `---` lines at the top of the file"
    return "between two `---` lines at the top of the file, each line as a comment"


def front_matter_is_complete(view: View) -> Iterator[Finding]:
    """All keys that are missing or empty, in one finding."""
    missing = tuple(key for key in NEEDED[view.lesson.role] if key not in view.unread and not _says(view, key))
    if missing:
        lines = view.lesson.front.lines
        line = next((lines[key] for key in missing if key in lines), 1)
        message = f"the front matter does not say {listed(missing)}"
        hint = "write " + " and ".join(f"`{_EXAMPLES[key]}`" for key in missing[:2])
        hint += ", and so on" if len(missing) > 2 else ""
        hint += "" if lines else f", {_where(view)}"
        yield INCOMPLETE.at(view.at(line), message, hint=hint)


def minutes_are_own(view: View) -> Iterator[Finding]:
    """The minutes of the Carpentries' template, which authors forget to change."""
    front = view.lesson.front
    if (front.teaching, front.exercises) == _TEMPLATE:
        message = "`teaching: 10` and `exercises: 2` are the minutes of the Carpentries' template"
        yield TEMPLATE_TIMES.at(
            view.at_key("teaching"),
            message,
            hint="write the minutes your lesson takes; an honest guess is fine",
        )


def minutes_are_likely(view: View) -> Iterator[Finding]:
    """No minutes where there must be some, or more than a working day has."""
    main = {"lesson": "teaching", "exercise": "exercises"}.get(view.lesson.role)
    for key, minutes in (
        ("teaching", view.lesson.front.teaching),
        ("exercises", view.lesson.front.exercises),
    ):
        if minutes is not None and (minutes > _MOST or (minutes == 0 and key == main)):
            expected = f"expected 1 to {_MOST} minutes, found {minutes}"
            hint = f"write whole minutes, such as `{key}: 45`; split what takes longer than a day"
            yield UNLIKELY_MINUTES.at(view.at_key(key), f"`{key}`: {expected}", hint=hint)


def minutes_hold_the_challenges(view: View) -> Iterator[Finding]:
    """Challenges whose minutes, as their text states them, are more than the front matter's `exercises`."""
    said = view.lesson.front.exercises
    stated = sum(_stated_minutes(view))
    if view.lesson.role == "lesson" and said is not None and stated > said:
        message = f"the challenges state {stated} minutes together, and `exercises` says {said}"
        hint = f"write `exercises: {stated}`, or shorten the challenges"
        yield TOO_FEW_MINUTES.at(view.at_key("exercises"), message, hint=hint)


CHECKS = (
    title_is_there,
    front_matter_is_complete,
    minutes_are_own,
    minutes_are_likely,
    minutes_hold_the_challenges,
)


def _says(view: View, key: str) -> bool:
    """Whether a key has a value; the Carpentries write questions, objectives and keypoints as callouts."""
    value = getattr(view.lesson.front, key)
    if value == 0:
        return True
    return bool(value) or any(isinstance(node, Callout) and node.kind == key for _, node in view.nodes)


def _stated_minutes(view: View) -> Iterator[int]:
    for _, node in view.nodes:
        if isinstance(node, Callout) and node.kind == "challenge":
            yield _of_challenge(node)
    for heading, _ in view.headings:
        found = _IN_BRACKETS.search(heading.text) if _CHALLENGE_WORD.match(heading.text) else None
        yield int(found["minutes"]) if found else 0
    yield from (_of_cell(cell) for cell in view.prose_cells if cell.has("challenge"))


def _of_challenge(callout: Callout) -> int:
    """The minutes a challenge states in its title, else the first ones in its own text; 0 if it states none."""
    in_title = _MINUTES.search(callout.title.text) if callout.title else None
    if in_title:
        return int(in_title["minutes"])
    own = (line.text for node in callout.body if isinstance(node, Prose) for line in node.lines)
    found = (_LABELED.search(text) or _IN_BRACKETS.search(text) for text in map(without_code, own))
    return next((int(one["minutes"]) for one in found if one), 0)


def _of_cell(cell: Cell) -> int:
    found = _IN_BRACKETS.search(without_code(cell.source))
    return int(found["minutes"]) if found else 0
