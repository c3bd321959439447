"""Rules for what templates leave behind: placeholder text and notes to oneself that readers should not meet."""

from __future__ import annotations

import re
from collections.abc import Iterator

from catalyst_lessons.core.checks.rule import Rule
from catalyst_lessons.core.checks.view import Text, View, without_code
from catalyst_lessons.core.report import Finding

PLACEHOLDER = Rule(
    "L142",
    "Placeholder text was left in",
    "error",
    "The text of a template tells learners nothing, in any language.",
)
NOTE_TO_SELF = Rule(
    "L143",
    "A note to oneself was left in",
    "warning",
    "TODO and FIXME are for authors; on a page they look like a lesson that nobody finished.",
)
RULES = (PLACEHOLDER, NOTE_TO_SELF)

# "Escribe aquí tu respuesta" asks the learner to write, so what a learner is to write is no placeholder.
_ANSWER = r"answer|code|respuesta|código|resposta|réponse|soluci|solu"
_NOT_AN_ANSWER = rf"(?!\W+(?:(?:tu|su|sua|seu|a|la|votre|o|el)\W+){{0,2}}(?:{_ANSWER}))"
_ENGLISH = (
    r"\byour (?:own )?(?:text|title|description|content|objective|question|key ?point) (?:goes )?here\b",
    r"\b(?:insert|add|put|write) (?:some |your )?(?:text|content|title|description|objectives?) here\b",
    r"\breplace this (?:text|sentence|paragraph|section|description|placeholder|title|page|template|objective)\b",
    r"\bthis is a placeholder\b",
    r"\bplaceholder (?:text|title|file)\b",
)
_SPANISH = (
    rf"\b(?:escrib[ae]|introduc[ea]|inserta|inserte|añad[ea]|agreg(?:a|ue)) aquí\b{_NOT_AN_ANSWER}",
    r"\b(?:tu|su) (?:texto|título|descripción|contenido) aquí\b",
    r"\b(?:reemplaz[ae]|sustituy[ae]|cambi[ae]) este (?:texto|título|párrafo|ejemplo de texto)\b",
    r"\btexto de (?:ejemplo|relleno|muestra)\b",
)
_PORTUGUESE = (
    rf"\b(?:escreva|insira|coloque|adicione) aqui\b{_NOT_AN_ANSWER}",
    r"\b(?:seu|teu) (?:texto|título|conteúdo) aqui\b",
    r"\b(?:substitua|troque|altere) este (?:texto|título|parágrafo)\b",
    r"\btexto de (?:exemplo|preenchimento)\b",
)
_FRENCH = (
    rf"\b(?:écrivez|écris|insérez|ajoutez) ici\b{_NOT_AN_ANSWER}",
    r"\bvotre (?:texte|titre|contenu) ici\b",
    r"\bremplacez ce (?:texte|titre|paragraphe)\b",
    r"\btexte (?:d['\u2019]exemple|de remplissage)\b",
)
# From the templates of carpentries/sandpaper (inst/templates/*.txt) and carpentries/styles, over the years.
_CARPENTRIES = (
    r"How do you write a lesson using (?:R ?)?Markdown and\b",
    r"Explain how to use markdown with (?:the new lesson template|The Carpentries Workbench)",
    r"Demonstrate how to include pieces of code, figures, and nested challenge blocks",
    r"This is (?:the new Carpentries template|a lesson created via The Carpentries Workbench|a new lesson built with)",
    r"What you need to know is that there are three (?:block quotes|sections) required",
    r"Inline instructor notes can help inform instructors of timing challenges",
    r"Challenge 1: Can you do it\?",
    r"Challenge 2: how do you nest solutions within challenge blocks",
    r"You can add a line with at least three colons and a\s+tag",
    r"You belong in The Carpentries!",
    r"^\W*Cool, right\?\s*$",
    r"Use\s+files for (?:episodes|lessons) (?:when you (?:want|need)|even if you don't need)",
    r"to (?:identify any issues with|preview) your lesson\b",
    r"Setup instructions live in this document",
    r"\b(?:First learning objective|First key point|Key question|Brief answer to (?:the )?questions?)\b\W*\(?FIXME",
)
# What `catalyst new` leaves for authors to fill (core/scaffold.py); alike in every language, and in code as well.
_MARK = r"\[(?-i:TODO):[^\]\n]*\]?"
_MARKS = re.compile(_MARK)
_PLACEHOLDERS = re.compile(
    "|".join((_MARK, r"\blorem ipsum\b", *_ENGLISH, *_SPANISH, *_PORTUGUESE, *_FRENCH, *_CARPENTRIES)), re.I
)
# In the front matter, where nobody asks a learner to replace anything, the beginning alone is enough.
_PLACEHOLDER_PHRASE = re.compile(
    r"^\W*(?:replace (?:this|me)|(?:reemplaz|sustituy)[ae] est[eo]|substitua (?:este|isto)|remplacez ce(?:ci|la)?)\b"
    r"|^[\W_]*$|^\W*(?:your name|tu nombre|seu nome|votre nom)\W*$",
    re.I,
)

_BARE_TODO = r"(?:(?<=^)|(?<=[\[(*_]))TODO\b|"
# "TODO" in capitals is also the Spanish and Portuguese word for "all": there it must look like a mark.
_NOTE = r"\bTODO\s*(?:[:(\]]|$)|\bFIXME\b|\bTBD\b|\bPOR HACER\b|\bA FAZER\b|\bÀ (?:FAIRE|COMPLÉTER)\b"
_NOTES = re.compile(_BARE_TODO + _NOTE)
_NOTES_WHERE_TODO_IS_A_WORD = re.compile(_NOTE)
_TODO_IS_A_WORD = frozenset({"es", "pt", "gl", "ca", "ast"})


def no_placeholders(view: View) -> Iterator[Finding]:
    """Text of a template in prose, titles and front matter; in code only the marks that nobody else writes."""
    for text in (*_front(view), *view.prose):
        found = _PLACEHOLDERS.search(text.text)
        if found:
            yield _placeholder(view, text.line, found[0])
    for text in _front(view):
        found = _PLACEHOLDER_PHRASE.search(text.text)
        if found and not _PLACEHOLDERS.search(text.text):
            yield _placeholder(view, text.line, text.text)
    for cell in view.lesson.code_cells:
        for number, line in enumerate(cell.source.split("\n")):
            if found := _MARKS.search(line):
                yield _placeholder(view, cell.line_of(number), found[0])


def no_notes_to_self(view: View) -> Iterator[Finding]:
    """TODO, FIXME and their kin in prose, titles and front matter; not in code."""
    language = view.lesson.language.partition("-")[0]
    pattern = _NOTES_WHERE_TODO_IS_A_WORD if language in _TODO_IS_A_WORD else _NOTES
    for text in (*_front(view), *view.prose):
        found = pattern.search(text.text.strip("-#>*+ \t"))
        if found and not _PLACEHOLDERS.search(text.text):
            message = f"a note to oneself is left in the text: {_shown(found[0])}"
            hint = "do what it says and delete it, or keep it in a comment: `<!-- ... -->`"
            yield NOTE_TO_SELF.at(view.at(text.line), message, hint=hint)


CHECKS = (no_placeholders, no_notes_to_self)


def _placeholder(view: View, line: int, found: str) -> Finding:
    message = f"placeholder text is left in: {_shown(found)}"
    return PLACEHOLDER.at(view.at(line), message, hint="write your own text in its place, or delete the line")


def _shown(text: str) -> str:
    text = " ".join(text.split())
    return f"`{text if _MARKS.fullmatch(text) else text[:60]}`" if text else "nothing but signs"


def _front(view: View) -> tuple[Text, ...]:
    front = view.lesson.front
    phrases = tuple(Text(phrase.line, _without_code(phrase.text)) for phrase in view.phrases)
    return phrases + tuple(Text(front.lines.get("authors", 1), author) for author in front.authors)


def _without_code(phrase: str) -> str:
    """The phrase without its code; a phrase that is nothing but code stays, since it says something."""
    return without_code(phrase) if re.search(r"\w", without_code(phrase)) else phrase
