"""Every word the interface asks for is translated in the languages we keep complete, placeholders and all."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import polib
import pytest

PACKAGE = Path(__file__).parents[2] / "catalyst_lessons"
LOCALES = PACKAGE / "theme" / "locales"
SOURCES = (
    *sorted((PACKAGE / "core" / "rendering").glob("*.py")),
    *sorted((PACKAGE / "project").glob("*.py")),
    *sorted((PACKAGE / "adapters").glob("*.py")),
)
COMPLETE = ("es", "pt", "fr")
PARTIAL = ("ar", "sw")

# The argument that holds an interface word, by the name of the function called.
ARGUMENTS = {"words": 0, "words_in()": 0, "page": 0, "Section": 0, "_list_box": 1}
# Constants whose values are interface words.
CONSTANTS = ("CALLOUT_TITLES", "_FOLDED")


def words_of(source: str) -> Iterator[str]:
    """The literal interface words of a module, in the order they stand in it."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            found += _argument(node)
        elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Dict):
            names = {target.id for target in node.targets if isinstance(target, ast.Name)}
            found += [value for value in node.value.values if names & set(CONSTANTS)]
    literal = [node for node in found if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    for node in sorted(literal, key=lambda node: (node.lineno, node.col_offset)):
        yield str(node.value)


def _argument(call: ast.Call) -> list[ast.expr]:
    place = ARGUMENTS.get(_name(call.func))
    return call.args[place : place + 1] if place is not None else []


def _name(function: ast.expr) -> str:
    if isinstance(function, ast.Call):
        return f"{_name(function.func)}()"
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def levels() -> Iterator[str]:
    """The levels of a lesson, as `rendering.pages` shows them."""
    from catalyst_lessons.core.frontmatter import LEVELS

    yield from (level.capitalize() for level in LEVELS)


def wanted() -> dict[str, str]:
    """Every interface word and the module it comes from first."""
    found: dict[str, str] = {}
    for path in SOURCES:
        for word in words_of(path.read_text(encoding="utf-8")):
            found.setdefault(word, path.relative_to(PACKAGE.parent).as_posix())
    return found | dict.fromkeys(levels(), "catalyst_lessons/core/frontmatter.py")


def translations(language: str) -> dict[str, str]:
    po = polib.pofile(str(LOCALES / language / "LC_MESSAGES" / "interface.po"))
    return {entry.msgid: entry.msgstr for entry in po if entry.msgstr and not entry.fuzzy and not entry.obsolete}


def missing(words: dict[str, str], known: dict[str, str]) -> list[str]:
    return [f"{module}: {word}" for word, module in words.items() if word not in known]


def placeholders(text: str) -> list[str]:
    return sorted(re.findall(r"\{\w*\}", text))


@pytest.mark.parametrize("language", COMPLETE)
def test_every_word_has_a_translation(language: str) -> None:
    assert missing(wanted(), translations(language)) == []


def test_a_word_nobody_translated_is_named_with_its_module() -> None:
    module = 'words("Frobnicate the hub")\nview.page("Gone fishing", words("Lessons"))\n'
    words = dict.fromkeys(words_of(module), "here.py")
    assert missing(words, translations("es")) == ["here.py: Frobnicate the hub", "here.py: Gone fishing"]


def test_words_are_found_however_they_are_asked_for() -> None:
    module = (
        'x = self.words("a")\ny = words_in(tag)("b")\n_list_box("kind", "c", phrases, parts)\n'
        'Section("d", pages)\nCALLOUT_TITLES = {"kind": "e"}\nwords(name)\nOTHER = {"kind": "no"}\n'
    )
    assert list(words_of(module)) == ["a", "b", "c", "d", "e"]


def test_the_collection_finds_words_of_each_kind() -> None:
    expected = {
        "Open in {hub}",
        "Key points",
        "Schedule",
        "Testimonial",
        "Beginner",
        "Reference",
        "{count} min",
    }
    assert expected <= set(wanted())


@pytest.mark.parametrize("language", PARTIAL)
def test_what_stands_among_the_words_of_the_theme_is_translated_as_they_are(language: str) -> None:
    # The page for addresses that lead nowhere, and the search box: one sentence in English would stand out there.
    beside_the_theme = {word: module for word, module in wanted().items() if "/adapters/" in module}
    assert len(beside_the_theme) >= 4
    assert missing(beside_the_theme, translations(language)) == []


@pytest.mark.parametrize("language", COMPLETE + PARTIAL)
def test_placeholders_are_kept(language: str) -> None:
    known = translations(language)
    assert {word: placeholders(text) for word, text in known.items()} == {word: placeholders(word) for word in known}


@pytest.mark.parametrize("language", COMPLETE + PARTIAL)
def test_nothing_is_translated_that_nobody_asks_for(language: str) -> None:
    assert set(translations(language)) - set(wanted()) <= MENU


@pytest.mark.parametrize("language", COMPLETE + PARTIAL)
def test_the_header_says_what_the_file_is(language: str) -> None:
    header = polib.pofile(str(LOCALES / language / "LC_MESSAGES" / "interface.po")).metadata
    assert header["Language"] == language
    assert header["Content-Type"] == "text/plain; charset=UTF-8"
    assert header["Plural-Forms"].startswith("nplurals=")


# Names that a site's own menu may use, translated so that a trainer need not.
MENU = {
    "Home",
    "Setup",
    "Table of contents",
    "Language",
    "Lessons",
    "Exercises",
    "Reference",
    "Schedule",
    "Glossary",
}
