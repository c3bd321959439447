"""Catalogs read, brought up to date and written."""

from __future__ import annotations

import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from catalyst_lessons.core.errors import CatalogError
from catalyst_lessons.core.model import Language, Location
from catalyst_lessons.core.translation import Message, Segment
from catalyst_lessons.files.catalogs import catalog_path, read_catalog, update_catalog

PATH = "locales/es/LC_MESSAGES/lessons/01-x.po"
HEADER = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
DAYS = [datetime(2026, 11, day, 9, 30, tzinfo=UTC) for day in range(1, 9)]


def segments(*texts: str, path: str = "lessons/01-x.py", kind: str = "paragraph", section: str = "") -> list[Segment]:
    return [Segment(text, kind, Location(path, line), section) for line, text in enumerate(texts, start=10)]


def update(root: Path, *texts: str, day: int = 1, write: bool = True, memory: dict[str, str] | None = None) -> bool:
    return update_catalog(
        root,
        PATH,
        segments(*texts),
        language=Language.of("es"),
        project="A curriculum",
        write=write,
        now=DAYS[day],
        memory={source: Message(source, text) for source, text in (memory or {}).items()},
    )


def fill(root: Path, *pairs: tuple[str, str]) -> None:
    """Do a translator's work: write these translations into the catalog."""
    text = (root / PATH).read_text(encoding="utf-8")
    for source, translation in pairs:
        assert f'msgid "{source}"\nmsgstr ""\n' in text
        text = text.replace(f'msgid "{source}"\nmsgstr ""\n', f'msgid "{source}"\nmsgstr "{translation}"\n')
    (root / PATH).write_text(text, encoding="utf-8")


def written(root: Path) -> str:
    return (root / PATH).read_text(encoding="utf-8")


def test_the_path_has_the_folder_form_of_the_language() -> None:
    assert catalog_path("locales", Language.of("pt-BR"), "lessons/01-x") == "locales/pt_BR/LC_MESSAGES/lessons/01-x.po"


def test_a_missing_catalog_is_empty(tmp_path: Path) -> None:
    catalog = read_catalog(tmp_path, PATH, "es")
    assert (catalog.language, catalog.path, dict(catalog.messages)) == ("es", PATH, {})


def test_a_new_catalog(tmp_path: Path) -> None:
    where = [
        *segments("One", "Two", section="Start"),
        *segments("One", path="lessons/02-y.py", kind="list item"),
        *segments('Say "hi"\n\\o/ and so on, until the line is far longer than the width at which catalogs are folded'),
    ]
    assert update_catalog(
        tmp_path, PATH, where, language=Language.of("es"), project="A curriculum", write=True, now=DAYS[0]
    )
    assert (
        written(tmp_path)
        == r"""#
msgid ""
msgstr ""
"Project-Id-Version: A curriculum\n"
"POT-Creation-Date: 2026-11-01 09:30+0000\n"
"PO-Revision-Date: YEAR-MO-DA HO:MI+ZONE\n"
"Last-Translator: \n"
"Language-Team: \n"
"Language: es\n"
"MIME-Version: 1.0\n"
"Content-Type: text/plain; charset=UTF-8\n"
"Content-Transfer-Encoding: 8bit\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\n"
"X-Catalyst-Segments: 1\n"

#. paragraph · Start
#: lessons/01-x.py lessons/02-y.py
msgid "One"
msgstr ""

#. paragraph · Start
#: lessons/01-x.py
msgid "Two"
msgstr ""

#. paragraph
#: lessons/01-x.py
msgid ""
"Say \"hi\"\n"
"\\o/ and so on, until the line is far longer than the width at which catalogs are folded"
msgstr ""
"""
    )
    subprocess.run(["msgfmt", "-c", "-o", "-", str(tmp_path / PATH)], check=True, capture_output=True)


def test_the_same_texts_write_nothing_however_the_file_is_wrapped(tmp_path: Path) -> None:
    update(tmp_path, "One and two and three", day=1)
    assert not update(tmp_path, "One and two and three", day=2)
    other = written(tmp_path).replace('msgid "One and two and three"', 'msgid ""\n"One and "\n"two and three"')
    (tmp_path / PATH).write_text(other, encoding="utf-8")
    assert not update(tmp_path, "One and two and three", day=3)
    assert written(tmp_path) == other


def test_without_write_it_only_says_what_would_be(tmp_path: Path) -> None:
    assert update(tmp_path, "One", write=False)
    assert not (tmp_path / PATH).exists()


def test_moving_a_text_keeps_its_translation_and_the_date(tmp_path: Path) -> None:
    update(tmp_path, "One", "Two", day=1)
    fill(tmp_path, ("One", "Uno"))
    assert update(tmp_path, "Two", "One", day=2)
    assert written(tmp_path).index('"Two"') < written(tmp_path).index('msgid "One"\nmsgstr "Uno"')
    assert "2026-11-02" in written(tmp_path)
    assert update(tmp_path, "Two", "One", "Three", day=3)
    assert "2026-11-04" in written(tmp_path)


def test_an_edited_text_is_fuzzy_and_keeps_the_text_before(tmp_path: Path) -> None:
    before = "A loop runs its body once for each item of a list."
    after = "A loop runs its body once for each item of a tuple."
    update(tmp_path, before)
    fill(tmp_path, (before, "Un bucle…"))
    update(tmp_path, after)
    message = read_catalog(tmp_path, PATH, "es").messages[after]
    assert (message.translation, message.fuzzy, message.previous) == ("Un bucle…", True, before)
    assert f'#, fuzzy\n#| msgid "{before}"\nmsgid "{after}"' in written(tmp_path)
    assert "#~" not in written(tmp_path)

    again = "A loop runs its body just once for each item of a tuple."
    update(tmp_path, again)
    assert read_catalog(tmp_path, PATH, "es").messages[again].previous == before


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Book not found", "Token not found"),
        ("What is a list?", "What is a loop?"),
        ("A sentence about lists, which are long.", "Nothing that has to do with it, at all!"),
    ],
)
def test_what_only_looks_alike_takes_over_nothing(tmp_path: Path, before: str, after: str) -> None:
    update(tmp_path, before)
    fill(tmp_path, (before, "Palabras"))
    update(tmp_path, after)
    assert read_catalog(tmp_path, PATH, "es").messages[after].translation == ""
    assert f'#~ msgid "{before}"\n#~ msgstr "Palabras"' in written(tmp_path)


def test_a_text_that_comes_back_brings_its_translation(tmp_path: Path) -> None:
    update(tmp_path, "First words", "Something else")
    fill(tmp_path, ("First words", "Palabras"))
    update(tmp_path, "Something else")
    assert "First words" not in read_catalog(tmp_path, PATH, "es").messages
    update(tmp_path, "First words", "Something else")
    assert read_catalog(tmp_path, PATH, "es").messages["First words"].translation == "Palabras"
    assert "#~" not in written(tmp_path)


def test_two_new_texts_do_not_share_one_translation(tmp_path: Path) -> None:
    before = "A loop runs its body once for each item of a list."
    update(tmp_path, before)
    fill(tmp_path, (before, "Un bucle…"))
    near, nearer = before.replace("list", "big tuple"), before.replace("list", "lists")
    update(tmp_path, near, nearer)
    messages = read_catalog(tmp_path, PATH, "es").messages
    assert (messages[near].translation, messages[nearer].translation) == ("", "Un bucle…")


def test_known_translations_fill_what_is_empty(tmp_path: Path) -> None:
    update(tmp_path, "One", "Two", memory={"One": "Uno", "Three": "Tres"})
    messages = read_catalog(tmp_path, PATH, "es").messages
    assert {source: message.translation for source, message in messages.items()} == {"One": "Uno", "Two": ""}


def test_what_translators_and_their_tools_wrote_is_kept(tmp_path: Path) -> None:
    file = tmp_path / PATH
    file.parent.mkdir(parents=True)
    file.write_text(
        '# Translators: A. B.\nmsgid ""\nmsgstr ""\n"Last-Translator: A. B.\\n"\n"X-Crowdin-Project: x\\n"\n'
        '"Content-Type: text/plain; charset=UTF-8\\n"\n\n# a note\n#, md-text\nmsgid "One"\nmsgstr "Uno"\n',
        encoding="utf-8",
    )
    assert update(tmp_path, "One")
    for part in ("# Translators: A. B.", "Last-Translator: A. B.", "X-Crowdin-Project: x", "# a note", "#, md-text"):
        assert part in written(tmp_path)
    assert read_catalog(tmp_path, PATH, "es").messages["One"].comment == "a note"


def test_a_message_knows_its_line(tmp_path: Path) -> None:
    (tmp_path / "x.po").write_text(
        f'{HEADER}# note\n#: x\nmsgid "One"\nmsgstr "Uno"\n\n#~ msgid "Old"\n#~ msgstr "Viejo"\n'
    )
    messages = read_catalog(tmp_path, "x.po", "es").messages
    assert {source: message.line for source, message in messages.items()} == {"One": 6}


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        (HEADER + 'msgid "One\nmsgstr "Uno"\n', 4, "quoted string"),
        (HEADER + 'msgid "One"\nmsgstr "U"no"\n', 5, "quoted string"),
        (HEADER + 'msgid "One"\nmsgstr "U\\no \\q"\n', 5, "unknown escape \\q"),
        (HEADER + 'msgid "One"\nUno\n', 5, "quoted string"),
        (HEADER + 'msgid "One"\nmsgid "Two"\nmsgstr "Dos"\n', 5, "not a PO entry"),
        (HEADER + 'msgstr "Uno"\n', 4, "not a PO entry"),
        (HEADER + 'msgid "One"\nmsgstr "Uno"\n\nmsgid "One"\nmsgstr "Otra"\n', 7, "here twice, first on line 4"),
        (HEADER + '<<<<<<< HEAD\nmsgid "One"\nmsgstr "Uno"\n', 4, "merge conflict"),
        (HEADER.replace("UTF-8", "KLINGON"), 2, "unknown charset 'KLINGON'"),
        (HEADER.replace("UTF-8", "undefined"), 1, "expected undefined, found bytes that are not"),
        (HEADER + 'msgid "One"\nmsgstr "U\udcffno"\n', 5, "expected utf-8"),
        ("PK\x03\x04\x00 not text at all", 1, "quoted string"),
    ],
)
def test_a_broken_catalog_is_told_with_its_line(tmp_path: Path, text: str, line: int, words: str) -> None:
    (tmp_path / "x.po").write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(CatalogError) as caught:
        read_catalog(tmp_path, "x.po", "es")
    assert (caught.value.location, caught.value.code) == (Location("x.po", line), "T230")
    assert words in caught.value.message
    assert caught.value.hint


def test_a_broken_catalog_is_never_overwritten(tmp_path: Path) -> None:
    file = tmp_path / PATH
    file.parent.mkdir(parents=True)
    file.write_text('msgid "One\n')
    with pytest.raises(CatalogError):
        update(tmp_path, "One")
    assert file.read_text() == 'msgid "One\n'


@pytest.mark.parametrize("text", ["a\u2028b", "a\x85b", "a\tb", "a\r\nb", "\\n", '"', "a\x0bb", "x" * 300, "a b " * 90])
def test_any_text_comes_back_as_it_went(tmp_path: Path, text: str) -> None:
    update(tmp_path, text, memory={text: text})
    message = read_catalog(tmp_path, PATH, "es").messages[text]
    assert message.translation == text
    assert not update(tmp_path, text)


def test_another_charset_is_read_and_becomes_utf8(tmp_path: Path) -> None:
    file = tmp_path / PATH
    file.parent.mkdir(parents=True)
    text = HEADER.replace("UTF-8", "ISO-8859-1") + 'msgid "Spain"\nmsgstr "España"\n'
    file.write_bytes(text.encode("latin-1"))
    assert update(tmp_path, "Spain")
    assert 'msgstr "España"' in written(tmp_path)
    assert "charset=UTF-8" in written(tmp_path)
