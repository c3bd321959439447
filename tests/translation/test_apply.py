"""One file, one catalog, one translated file: what changes, and that nothing else does."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalyst_lessons.adapters.cli import run
from catalyst_lessons.core.translation.applying import apply_catalog
from catalyst_lessons.core.translation.applying_notebook import apply_to_notebook
from catalyst_lessons.core.translation.messages import Catalog, Message
from catalyst_lessons.core.translation.segments import extract
from catalyst_lessons.files.sources import read_whole
from tests.translation.test_translate import BLOCKS, documents
from tests.translation.translation_cases import catalog

CORPORA = Path(os.environ.get("CATALYST_CORPORA", "nowhere"))
FILES = sorted(path for path in CORPORA.rglob("*") if path.suffix in (".md", ".Rmd", ".py", ".ipynb"))

PERCENT = '''#!/usr/bin/env python
# ---
# title: Loops
# questions:
#   - "What is a loop?"
#   - 'It''s a what?'
# jupyter:
#   kernelspec: {name: python3, display_name: Python 3, language: python}
# ---

# %% [markdown]
# ## One
# Two
# three.

# %% alt="A plot" tags=["hide-input"]
plot()  # draw it

# %% [markdown]
"""
Four
"""
'''


def applied(text: str, name: str, pairs: dict[str, str]) -> str:
    lesson = read_whole(text, name)
    make = apply_to_notebook if name.endswith(".ipynb") else apply_catalog
    result = make(text, lesson, catalog(pairs))
    assert result.unplaced == ()
    return result.text


def test_a_script_has_its_translations_in_its_comments() -> None:
    pairs = {"Loops": "Bucles: uno", "What is a loop?": 'Un "bucle"', "It's a what?": "¿Qu'é?"}
    pairs |= {"One": "Uno", "Two three.": "Dos.", "A plot": 'Un "gráfico"', "Four": "Cuatro"}
    expected = (
        PERCENT.replace("title: Loops", 'title: "Bucles: uno"')
        .replace('"What is a loop?"', '"Un \\"bucle\\""')
        .replace("'It''s a what?'", "'¿Qu''é?'")
        .replace("## One\n# Two\n# three.", "## Uno\n# Dos.")
        .replace('alt="A plot"', 'alt="Un \\"gráfico\\""')
        .replace("Four", "Cuatro")
    )
    assert applied(PERCENT, "x.py", pairs) == expected


@pytest.mark.parametrize(
    "words", ['a \\\\" tags=["skip-execution"] x="', "C:\\\\x", "it's", "one: two # three", "!!bool x"]
)
@pytest.mark.parametrize("written", ['"A plot"', "'A plot'", "A plot"])
def test_the_words_for_a_plot_are_nothing_but_words(words: str, written: str) -> None:
    texts = {"x.myst": f"```{{code-cell}}\n:alt: {written}\n:tags: [hide-input]\nplot()\n```\n"}
    if written != "A plot":
        texts["x.py"] = f'# %% alt={written} tags=["hide-input"]\nplot()\n'
    for name, text in texts.items():
        (found,) = read_whole(applied(text, name, {"A plot": words}), name).cells
        assert (found.metadata["alt"], found.tags) == (words, ("hide-input",)), name


def test_line_ends_stay_what_they_are() -> None:
    text = "---\r\ntitle: One\r\n---\r\n\r\nTwo\r\nthree  \r\nfour\r\n"
    out = applied(text, "x.md", {"One": "Uno", "Two three\nfour": "Dos\ncuatro"})
    assert out == "---\r\ntitle: Uno\r\n---\r\n\r\nDos  \r\ncuatro\r\n"


@pytest.mark.parametrize(
    ("yaml", "expected"),
    [
        ("title: One", 'title: "Uno: dos"'),
        ("title: >\n  One", "title: >\n  Uno: dos"),
        ("title: |\n  One\nauthors: [A]", "title: |\n  Uno: dos\nauthors: [A]"),
        ("questions: [One, Two]", 'questions: ["Uno: dos", Two]'),
        ("title: 'One'  # a comment", "title: 'Uno: dos'  # a comment"),
        ("title: One\n  \nlevel: One", 'title: "Uno: dos"\n  \nlevel: One'),
    ],
)
def test_front_matter_keeps_its_form(yaml: str, expected: str) -> None:
    assert applied(f"---\n{yaml}\n---\n\nText\n", "x.md", {"One": "Uno: dos"}) == f"---\n{expected}\n---\n\nText\n"


def test_only_the_strings_of_translated_cells_change_in_a_notebook() -> None:
    cells = [
        {"cell_type": "raw", "id": "a", "metadata": {}, "source": ["---\n", "title: One\n", "---"]},
        {"cell_type": "markdown", "id": "b", "metadata": {}, "source": ["# One\n", "\n", "Two\n", "three"]},
        {
            "cell_type": "code",
            "execution_count": 3,
            "id": "c",
            "metadata": {"alt": "A plot"},
            "outputs": [],
            "source": "Two",
        },
        {"cell_type": "markdown", "id": "d", "metadata": {}, "source": "Two\nthree"},
    ]
    document = {"nbformat_minor": 5, "cells": cells, "metadata": {"title": "x"}, "nbformat": 4}
    text = json.dumps(document, indent=3) + "\n\n"
    out = applied(text, "x.ipynb", {"One": "Uno", "Two three": "Dós", "A plot": "Un gráfico", "Two": "Dos"})
    expected = json.dumps(document, indent=3).replace("# One", "# Uno").replace("title: One", "title: Uno")
    expected = expected.replace('"Two\\n",\n            "three"', '"Dós"').replace("A plot", "Un gráfico")
    assert out == expected.replace('"Two\\nthree"', '"Dós"') + "\n\n"


@given(documents)
@settings(max_examples=150, deadline=None)
def test_law_an_empty_catalog_gives_the_file_back(source: str) -> None:
    assert applied(source, "x.md", {}) == source


@given(st.lists(st.sampled_from(BLOCKS), max_size=6).map("\n\n".join))
@settings(max_examples=100, deadline=None)
def test_law_a_file_translated_says_what_its_lesson_translated_says(source: str) -> None:
    for name, text in (
        ("x.md", source),
        ("x.py", "# %% [markdown]\n" + "\n".join(f"# {row}" for row in source.split("\n"))),
    ):
        lesson = read_whole(text, name)
        pairs = {segment.text: f"Ñ {segment.text}" for segment in extract(lesson) if segment.kind != "alt text"}
        after = read_whole(applied(text, name, pairs), name)
        found = [segment.text for segment in extract(after) if segment.kind != "alt text"]
        assert found == [pairs[segment.text] for segment in extract(lesson) if segment.kind != "alt text"]


@pytest.mark.skipif(not CORPORA.is_dir(), reason="CATALYST_CORPORA names no folder")
@pytest.mark.filterwarnings("ignore")
def test_law_every_real_file_comes_back_byte_for_byte() -> None:
    for path in FILES:
        text = path.read_bytes().decode("utf-8-sig")
        lesson = read_whole(text, path.name)
        make = apply_to_notebook if path.suffix == ".ipynb" else apply_catalog
        assert make(text, lesson, Catalog("es")).text == text
        messages = {s.key: Message(s.text, f"Ñ {s.text}") for s in extract(lesson) if s.kind != "alt text"}
        result = make(text, lesson, Catalog("es", "", messages))
        assert result.unplaced == ()
        after = [s.text for s in extract(read_whole(result.text, path.name)) if s.kind != "alt text"]
        assert after == [f"Ñ {s.text}" for s in extract(lesson) if s.kind != "alt text"]


PO = 'msgid ""\nmsgstr "Language: es\\nContent-Type: text/plain; charset=UTF-8\\n"\n\nmsgid "One"\nmsgstr "Uno"\n'


def test_the_command_needs_no_curriculum(tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    (tmp_path / "x.md").write_bytes(b"\xef\xbb\xbfOne\r\n\r\nTwo\r\n")
    (tmp_path / "es.po").write_text(PO, encoding="utf-8")
    command = ["translate", "apply", str(tmp_path / "x.md"), "--catalog", str(tmp_path / "es.po")]
    assert run(command) == 0
    assert capfdbinary.readouterr().out == b"\xef\xbb\xbfUno\r\n\r\nTwo\r\n"
    output = tmp_path / "out" / "x.es.md"
    assert run([*command, "--output", str(output), "--check"]) == 1
    assert not output.exists()
    assert run([*command, "--output", str(output)]) == 0
    assert output.read_bytes() == b"\xef\xbb\xbfUno\r\n\r\nTwo\r\n"
    assert run([*command, "--output", str(output), "--check"]) == 0
    assert run(["translate", "apply", str(tmp_path / "x.md")]) == 2
    assert run(["translate", "apply", str(tmp_path / "x.md"), "--catalog", str(tmp_path / "none.po")]) == 2


def test_a_refused_translation_is_told_and_left_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "x.md").write_text("One\n")
    (tmp_path / "es.po").write_text(PO.replace("Uno", "<b>Uno</b>"), encoding="utf-8")
    assert (
        run(
            [
                "translate",
                "apply",
                str(tmp_path / "x.md"),
                "--catalog",
                str(tmp_path / "es.po"),
                "--output",
                str(tmp_path / "y.md"),
            ]
        )
        == 0
    )
    assert (tmp_path / "y.md").read_text() == "One\n"
    assert "es.po:4: T206" in capsys.readouterr().err


def test_a_title_that_yaml_would_take_for_a_broken_tag_is_quoted() -> None:
    text = "---\ntitle: One\n---\n\nText\n"
    made = apply_catalog(text, read_whole(text, "x.md"), catalog({"One": "!!bool uno"})).text
    assert made == '---\ntitle: "!!bool uno"\n---\n\nText\n'


def test_a_file_that_cannot_be_written_is_told_without_a_traceback(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "x.md").write_text("Hello.\n")
    (tmp_path / "file").write_text("")
    output = tmp_path / "file" / "es.md"
    assert run(["translate", "apply", str(tmp_path / "x.md"), "--pseudo", "--output", str(output)]) == 2
    told = capsys.readouterr().err
    assert "a file stands where a folder is needed" in told and "Traceback" not in told


SCRIPT = '# %% [markdown]\n# Text\n\n# %%\nprint(1)\n\n# %% [markdown]\n"""\nMore\n"""\n'


@pytest.mark.parametrize(
    ("name", "source", "block", "published"),
    [
        ("x.py", SCRIPT, "# Text", "print(2)"),
        ("x.py", SCRIPT, "print(1)", "print(2)"),
        ("x.py", SCRIPT, "# Text", "# Texto\n\n# %%\nprint(2)"),
        ("x.py", SCRIPT, "# %%", '# %% tags=["skip-execution"]'),
        ("x.py", SCRIPT, "More", 'Más\n"""\nprint(2)\n"""'),
        ("x.md", "Text\n\n```python\nprint(1)\n```\n", "print(1)", "print(2)"),
        ("x.md", "```{code-cell} python\nprint(1)\n```\n\nText\n", "print(1)", "print(2)"),
        ("x.Rmd", "Text\n\n```{r}\nprint(1)\n```\n", "print(1)", "print(2)"),
    ],
)
def test_a_block_as_published_changes_no_code(tmp_path, capsys, name, source, block, published):
    (tmp_path / name).write_text(source, encoding="utf-8")
    entries = [("block as published", block, published), ("", "Text", "Texto")]
    written = "".join(
        f"msgctxt {json.dumps(context)}\nmsgid {json.dumps(one)}\nmsgstr {json.dumps(two, ensure_ascii=False)}\n\n"
        for context, one, two in entries
    ).replace('msgctxt ""\n', "")
    head = 'msgid ""\nmsgstr "Language: es\\nContent-Type: text/plain; charset=UTF-8\\n"\n\n'
    (tmp_path / "x.po").write_text(head + written, encoding="utf-8")
    assert run(["translate", "apply", str(tmp_path / name), "--catalog", str(tmp_path / "x.po")]) == 0
    out, told = capsys.readouterr()
    assert out == source.replace("Text", "Texto")
    assert f"{tmp_path / 'x.po'}:4: T224" in told.replace("x.po:5", "x.po:4")
    line = source[: source.index(block)].count("\n") + 1
    assert f"line {line} of" in told


def test_a_message_ends_no_string_of_a_script():
    lesson = read_whole(SCRIPT, "x.py")
    attack = Catalog("es", messages={"More": Message("More", 'Más """, print(2), """')})
    applied = apply_catalog(SCRIPT, lesson, attack)
    assert (applied.text, [segment.text for segment in applied.unplaced]) == (SCRIPT, ["More"])
