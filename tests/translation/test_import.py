"""Translations made elsewhere: a page beside its source, and catalogs of other programs."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from catalyst_lessons.adapters.cli import run
from catalyst_lessons.core.translation.aligning import align
from catalyst_lessons.core.translation.importing import Imported, import_catalog, import_page
from catalyst_lessons.core.translation.published_blocks import safe_block
from catalyst_lessons.core.translation.segments import extract
from catalyst_lessons.files.catalogs import read_catalog
from catalyst_lessons.files.sources import read_whole
from tests.translation.translation_cases import lesson, rendered_tags

CORPORA = Path(os.environ.get("CATALYST_CORPORA", "nowhere")) / "translations"
needs_corpora = pytest.mark.skipif(not CORPORA.is_dir(), reason="CATALYST_CORPORA names no folder")

SOURCE = """\
---
title: "Loops"
questions:
- "How often?"
---
## One `loop`

*   A *first* item
    of two lines.
    *   A second one.

~~~
print('is', 1)
~~~
{: .language-python}

> ## A box
>
> See [it][docs].
{: .callout}

[docs]: https://docs.python.org
"""
SPANISH = """\
---
title: "Bucles"
questions:
- "¿Cuántas veces?"
---
## Un `loop`

* Un *primer* elemento
de dos líneas.
* Un segundo.

~~~
print('es', 1)
~~~
{: .language-python}

> ## Una caja
>
> Véalo [aquí][docs].
{: .callout}

[docs]: https://docs.python.org
"""


def read(text: str, name: str = "x.md"):
    return read_whole(text, name)


def texts(found: Imported) -> dict[str, str]:
    return {message.source: message.translation for message in found.messages.values()}


EXPECTED = {
    "Loops": "Bucles",
    "How often?": "¿Cuántas veces?",
    "One `loop`": "Un `loop`",
    "A *first* item of two lines.": "Un *primer* elemento de dos líneas.",
    "A second one.": "Un segundo.",
    "A box": "Una caja",
    "See [it][docs].": "Véalo [aquí][docs].",
}


def test_a_page_beside_its_source_is_aligned_by_its_structure() -> None:
    found = import_page(SOURCE, SPANISH, read=read, language="es")
    assert texts(found) == EXPECTED
    assert (found.missing, found.unused, found.refused) == ((), (), ())
    assert not any(message.fuzzy for message in found.messages.values())


def test_what_has_no_counterpart_stays_untranslated_and_what_is_near_it_is_fuzzy() -> None:
    translated = SPANISH.replace("* Un segundo.\n", "") + "\nMás texto al final.\n"
    found = import_page(SOURCE, translated, read=read, language="es")
    assert [segment.text for segment in found.missing] == ["A second one."]
    assert found.unused == ("Más texto al final.",)
    assert found.messages["A *first* item of two lines."].fuzzy
    assert not found.messages["See [it][docs]."].fuzzy  # its label tells


def test_paragraphs_are_told_by_their_marks_where_one_is_missing() -> None:
    source = "First one.\n\nUse `a` twice.\n\nSee 2026.\n\nThe last."
    other = "Usa `a` dos veces.\n\nMira 2026.\n\nEl último."
    pairs = align(extract(lesson(source)), extract(lesson(other)))
    assert [(pair.source.text, pair.translated.text, pair.sure) for pair in pairs] == [
        ("Use `a` twice.", "Usa `a` dos veces.", True),
        ("See 2026.", "Mira 2026.", True),
        ("The last.", "El último.", False),
    ]


GITBOOK = {
    SOURCE[: SOURCE.index("##") - 1]: SPANISH[: SPANISH.index("##") - 1],
    "## One `loop`": "## Un `loop`",
    "*   A *first* item": "* Un *primer* elemento",
    "    of two lines.\n    *   A second one.": "de dos líneas.\n* Un segundo.",
    "print('is', 1)": "print('es', 1)",
    "> ## A box": "> ## Una caja",
    "> See [it][docs].": "> Véalo [aquí][docs].",
    "> {: .solution}": "> {: .solution}",
}
MDPO = {
    "One `loop`": "Un `loop`",
    "A *first* item of two lines.": "Un *primer* elemento de dos líneas.",
    "A second one.": "Un segundo.",
    "A box": "Una caja",
    "See [it][docs].": "Véalo [aquí][docs].",
}


def po(pairs: dict[str, str]) -> str:
    def quoted(text: str) -> str:
        lines = text.replace("\\", "\\\\").replace('"', '\\"').split("\n")
        return '""\n' + "\n".join(f'"{line}\\n"' for line in lines[:-1]) + f'\n"{lines[-1]}"'

    entries = "".join(f"msgid {quoted(source)}\nmsgstr {quoted(text)}\n\n" for source, text in pairs.items())
    return f'msgid ""\nmsgstr "Language: es\\nContent-Type: text/plain; charset=UTF-8\\n"\n\n{entries}'


def test_a_catalog_of_raw_lines_makes_messages_and_blocks() -> None:
    found = import_catalog(SOURCE, GITBOOK, read=read, language="es")
    assert texts(found) == EXPECTED
    assert found.missing == ()
    assert found.unused == ("> {: .solution}",)
    assert found.blocks["~~~\nprint('is', 1)\n~~~\n{: .language-python}"].count("'es'") == 1


@pytest.mark.parametrize(
    "foreign",
    [
        MDPO,
        {f"> {source}": f"> {text}" for source, text in MDPO.items()},
        {source.replace(" ", "\n", 2): text.replace(" ", "\n", 2) for source, text in MDPO.items()},
    ],
)
def test_catalogs_of_other_programs_are_matched_by_their_words(foreign: dict[str, str]) -> None:
    found = import_catalog(SOURCE, foreign, read=read, language="es", blocks=False)
    assert texts(found) == {source: text for source, text in EXPECTED.items() if source in MDPO}
    assert [segment.text for segment in found.missing] == ["Loops", "How often?"]
    assert found.unused == ()


def imported(folder: Path, foreign: str, source: str) -> str:
    """What the source and the foreign catalog give by the two commands."""
    (folder / "x.md").write_text(source, encoding="utf-8")
    (folder / "foreign.po").write_text(foreign, encoding="utf-8")
    output = folder / "out.po"
    command = ["translate", "import", str(folder / "foreign.po"), "--source", str(folder / "x.md")]
    assert run([*command, "--output", str(output), "--check"]) == 1
    assert not output.exists()
    assert run([*command, "--output", str(output)]) == 0
    assert run([*command, "--output", str(output), "--check"]) == 0
    apply = ["translate", "apply", str(folder / "x.md"), "--catalog", str(output), "--output", str(folder / "y.md")]
    assert run(apply) == 0
    return (folder / "y.md").read_text(encoding="utf-8")


def test_a_published_translation_comes_out_as_published(tmp_path: Path) -> None:
    assert imported(tmp_path, po(GITBOOK), SOURCE) == SPANISH + "\n"  # po4gitbook writes one line end more


def test_the_messages_alone_keep_the_code(tmp_path: Path) -> None:
    (tmp_path / "x.md").write_text(SOURCE, encoding="utf-8")
    (tmp_path / "x.es.md").write_text(SPANISH, encoding="utf-8")
    command = ["translate", "import", str(tmp_path / "x.es.md"), "--source", str(tmp_path / "x.md"), "--no-blocks"]
    assert run(command) == 0  # the language is in the name, and the catalog goes beside the source
    catalog = read_catalog(tmp_path, "x.es.po", "es")
    assert {m.source: m.translation for m in catalog.messages.values()} == EXPECTED
    assert not catalog.blocks
    output = tmp_path / "y.md"
    assert (
        run(
            [
                "translate",
                "apply",
                str(tmp_path / "x.md"),
                "--catalog",
                str(tmp_path / "x.es.po"),
                "--output",
                str(output),
            ]
        )
        == 0
    )
    assert "print('is', 1)" in output.read_text(encoding="utf-8")
    assert rendered_tags(output.read_text(encoding="utf-8")) == rendered_tags(SOURCE)


@pytest.mark.parametrize(
    ("source", "attack"),
    [
        ("Text", "<script>x()</script>"),
        ("[a](b.md)", "[a](javascript:x)"),
        ("[a](b.md)", "[a](https://evil.example)"),
        ("Text", "Text {{ config }}"),
        ("Text", "Text {: onclick=x }"),
        ("~~~\na\n~~~", "~~~\na\n~~~\n<img src=x onerror=x>"),
        ("~~~\na\n~~~", "~~~\na\n~~~\n~~~\n<b>"),
        ("~~~\na\n~~~", "~~~{.python exec=1}\na\n~~~"),
        ("---\ntitle: A\n---", "---\ntitle: A\nhooks: x\n---"),
        ("---\ntitle: A\nteaching: 5\n---", "---\ntitle: A\nteaching: 6\n---"),
        ("---\ntitle: A\n---", "---\ntitle: <script>\n---"),
    ],
)
def test_a_block_as_published_brings_no_harm_in(source: str, attack: str) -> None:
    assert safe_block(source, source)
    assert not safe_block(source, attack)


@needs_corpora
@pytest.mark.parametrize("name", ["gapminder-es-06-libraries", "gapminder-es-12-for-loops"])
def test_the_lessons_of_the_carpentries_come_out_as_published(name: str, tmp_path: Path) -> None:
    folder = CORPORA / name
    foreign, source = ((folder / file).read_text(encoding="utf-8") for file in ("catalogue.po", "source.md"))
    expected = (folder / "expected.md").read_text(encoding="utf-8")
    assert imported(tmp_path, foreign, source) == expected
    (tmp_path / "x.es.md").write_text(expected, encoding="utf-8")
    catalog = str(tmp_path / "page.po")
    command = [
        "translate",
        "import",
        str(tmp_path / "x.es.md"),
        "--source",
        str(tmp_path / "x.md"),
        "--output",
        catalog,
    ]
    assert run(command) == 0
    output = tmp_path / "z.md"
    assert run(["translate", "apply", str(tmp_path / "x.md"), "--catalog", catalog, "--output", str(output)]) == 0
    assert output.read_text(encoding="utf-8") == expected


@needs_corpora
def test_the_page_of_the_hub_champions_comes_out_block_by_block(tmp_path: Path) -> None:
    from catalyst_lessons.core.rendering.html import plain

    folder = CORPORA / "hub-champion-access_hub"
    foreign = (folder / "catalogue.po").read_text(encoding="utf-8")
    out = imported(tmp_path, foreign, (folder / "source.md").read_text(encoding="utf-8"))
    segments = extract(read(out))
    alts = [_words(segment.text) for segment in segments if segment.kind == "alt text"]
    found = re.sub(r"!\[[^\]]*\]\([^)]*\)", "", "\n".join(s.text for s in segments if s.kind != "alt text"))
    found = re.sub(r"<((?:https?:)[^>]*)>", r"\1", re.sub(r"\{[\w:]+\}`([^`<]*?)\s*<[^`>]*>`", r"\1", found))
    found = _words(plain(re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", found)))
    at = 0
    rows = (folder / "expected-blocks.es.tsv").read_text(encoding="utf-8").splitlines()
    titles = {"Nota", "Peligro", "Truco", "Advertencia", "Consejo"}  # the theme's, not the catalog's
    for row in rows:
        kind, _, text = row.partition("\t")
        if text in titles or not text:
            continue
        if kind == "img-alt":
            assert alts.pop(0) == _words(text)
            continue
        at = found.find(_words(text), at)
        assert at >= 0, text
    assert not alts


def _words(text: str) -> str:
    """Letters and digits, and of an address on GitHub what the theme shows of it."""
    text = re.sub(r"https://github\.com/", "", text)
    return " ".join(re.findall(r"[^\W_]+", text))


@pytest.mark.parametrize("said", ["../../outside", "zz zz", "/outside"])
def test_a_language_that_is_no_tag_names_no_folder(tmp_path: Path, said: str) -> None:
    """A catalog from elsewhere says its language itself, and the new one stands in a folder of that name."""
    (tmp_path / "in/lessons").mkdir(parents=True)
    source, foreign = tmp_path / "in/lessons/x.md", tmp_path / "in/foreign.po"
    source.write_text("Hello\n")
    foreign.write_text(f'msgid ""\nmsgstr "Language: {said}\\n"\n\nmsgid "Hello"\nmsgstr "Hola"\n')
    before = sorted(tmp_path.rglob("*"))
    for more in ([], ["--language", said]):
        assert run(["translate", "import", str(foreign), "--source", str(source), *more]) == 2
    assert sorted(tmp_path.rglob("*")) == before
