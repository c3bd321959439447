"""One lesson in several languages: by catalog, by hand, and what is said where neither is there."""

from __future__ import annotations

import re

import pytest

from catalyst_lessons.core.model import Language
from catalyst_lessons.project import Project
from catalyst_lessons.project.staging import stage
from catalyst_lessons.project.translating import check_translations, status, update_catalogs
from catalyst_lessons.project.translations import version_of, words_in
from tests.curricula import catalog, write_curriculum
from tests.rendering.readers import to_soup

LESSON = """\
---
title: Loops
questions: ["How often?"]
---

Good morning.

## A heading

See [setup](pages/setup.md) and $x$.

```python
print("Good morning.")
```
"""
PO = "locales/es/LC_MESSAGES/lessons/a.po"
SPANISH = {
    "Loops": "Bucles",
    "How often?": "¿Cuántas veces?",
    "Good morning.": "Buenos días.",
    "A heading": "Un título",
    "See [setup](pages/setup.md) and $x$.": "Vea la [instalación](pages/setup.md) y $x$.",
}


def staged(folder, files, **options) -> dict[str, str]:
    project = Project.open(write_curriculum(folder, files, **options), environ={})
    contents = stage(project, {}).contents
    return {path: content.decode() for path, content in contents.items() if path.endswith(".md")}


def marked(page: str) -> list[str]:
    """The texts that are marked as not translated."""
    return [span.get_text() for span in to_soup(page).select("span.untranslated, span.stale")]


def share(page: str) -> int:
    """The percentage in the banner."""
    return int(re.search(r"(\d+)\s?%", to_soup(page).select_one(".admonition.info").get_text())[1])


def findings(folder) -> list[str]:
    return [f"{one.location}: {one.code}" for one in check_translations(Project.open(folder, environ={}))]


def test_translation_is_on_the_page_and_the_source_text_is_gone(tmp_path):
    page = staged(tmp_path, {"lessons/a.md": LESSON, PO: catalog(SPANISH)})["es/lessons/a.md"]
    for text in ("Bucles", "¿Cuántas veces?", "Buenos días.", "## Un título {#a-heading}", "la [instalación]("):
        assert text in page
    prose = page.replace('print("Good morning.")', "")
    for text in ("Loops", "How often?", "Good morning", "A heading", "See ", "untranslated", "Not fully"):
        assert text not in prose
    assert 'print("Good morning.")' in page


def test_without_a_catalog_the_source_stands_there_and_is_marked(tmp_path):
    page = staged(tmp_path, {"lessons/a.md": LESSON})["es/lessons/a.md"]
    spans = to_soup(page).select("span.untranslated")
    assert {(span["lang"], span["dir"]) for span in spans} == {("en", "ltr")}
    assert marked(page)[:4] == ["Loops", "How often?", "Good morning.", "A heading"]
    assert to_soup(page).h2["id"] == "a-heading"
    assert share(page) == 0


def test_banner_gives_the_share_and_where_to_help(tmp_path):
    some = {"Loops": "Bucles", "Good morning.": "Buenos días."}
    page = staged(tmp_path, {"lessons/a.md": LESSON, PO: catalog(some)})["es/lessons/a.md"]
    assert share(page) == 40 and f"https://github.com/example/lessons/edit/main/{PO}" in page
    assert "Buenos días." in page and "Good morning." not in page.replace('print("Good morning.")', "")


def test_nobody_is_sent_to_a_catalog_that_is_not_there(tmp_path):
    assert PO not in staged(tmp_path, {"lessons/a.md": LESSON})["es/lessons/a.md"]


def test_fuzzy_is_never_published(tmp_path):
    page = staged(tmp_path, {"lessons/a.md": LESSON, PO: catalog(SPANISH, fuzzy=["Good morning."])})["es/lessons/a.md"]
    assert "Buenos días." not in page
    assert marked(page) == ["Good morning."]
    assert share(page) == 80


def test_broken_catalog_is_one_finding_and_the_page_is_there(tmp_path):
    broken = catalog(SPANISH) + '\nmsgid "unfinished\n'
    page = staged(tmp_path, {"lessons/a.md": LESSON, PO: broken})["es/lessons/a.md"]
    assert "Good morning." in marked(page)
    assert findings(tmp_path) == [f"{PO}:{broken.count(chr(10))}: T230"]
    assert [one.code for one in update_catalogs(Project.open(tmp_path, environ={}), write=False)[1]] == ["T230"]
    assert [one.code for one in status(Project.open(tmp_path, environ={}))[1]] == ["T230"]


@pytest.mark.parametrize(
    ("source", "translation"),
    [
        ("Good morning.", "Buenos <script>x()</script> días."),
        ("Good morning.", "[Buenos](javascript:x) días."),
        ("See [setup](pages/setup.md) and $x$.", "Vea [eso](https://evil.example) y $x$."),
        ("Loops", "Bucles <img src=x onerror=x()>"),
    ],
)
def test_hostile_translation_is_refused_and_told(tmp_path, source, translation):
    page = staged(tmp_path, {"lessons/a.md": LESSON, PO: catalog({**SPANISH, source: translation})})["es/lessons/a.md"]
    assert not any(word in page for word in ("x()", "javascript", "evil"))
    assert any(PO in finding for finding in findings(tmp_path))


@pytest.mark.parametrize("title", ['Bu"cles: ---', "Bucles\n---\nlang: xx", "{{ x }} [", "Bucles #top {#x}"])
def test_hostile_title_stays_a_title(tmp_path, title):
    pages = staged(tmp_path, {"lessons/a.md": LESSON, PO: catalog({**SPANISH, "Loops": title})})
    head, body = pages["es/lessons/a.md"].removeprefix("---\n").split("\n---\n", 1)
    assert head.count("\n") == 0 and "lang: xx" not in head.replace("--- lang: xx", "")
    assert body.startswith('\n<span class="catalyst-stamp"')
    assert to_soup(body).h1["id"] == "top"


def test_hand_written_translation_beats_the_catalog(tmp_path):
    line = f"translation_of: '{version_of(LESSON)}'"
    by_hand = (
        LESSON.replace("Loops", "A mano").replace("Good morning.\n", "Hola.\n").replace("title:", f"{line}\ntitle:")
    )
    pages = staged(tmp_path, {"lessons/a.md": LESSON, "lessons/a.es.md": by_hand, PO: catalog(SPANISH)})
    page = pages["es/lessons/a.md"]
    assert "Hola." in page and "Buenos días." not in page and "Good morning.\n" not in page
    assert "untranslated" not in page and "lessons/a.es.md" in page
    assert "[A mano](lessons/a.md)" in pages["es/index.md"]
    assert findings(tmp_path) == []


def test_outdated_translation_is_told_on_its_page_and_in_a_finding(tmp_path):
    by_hand = LESSON.replace("title:", "translation_of: 0123456789ab\ntitle:")
    page = staged(tmp_path, {"lessons/a.md": LESSON, "lessons/a.es.md": by_hand})["es/lessons/a.md"]
    assert findings(tmp_path) == ["lessons/a.es.md: T220"]
    assert "made from an older version" in page or words_in("es")("The original has changed") in page


def test_translation_of_no_known_version_is_told(tmp_path):
    write_curriculum(tmp_path, {"lessons/a.md": LESSON, "lessons/a.es.md": LESSON})
    assert findings(tmp_path) == ["lessons/a.es.md: T221"]


def test_version_does_not_depend_on_line_ends():
    assert version_of(LESSON) == version_of(LESSON.replace("\n", "\r\n")) != version_of(LESSON + "x")


def test_other_code_is_told_and_the_proved_code_is_shown(tmp_path):
    other = LESSON.replace('print("Good morning.")', 'print("Hola.")')
    page = staged(tmp_path, {"lessons/a.md": LESSON, "lessons/a.es.md": other})["es/lessons/a.md"]
    assert "lessons/a.es.md:13: T222" in findings(tmp_path)
    messages = [one.message for one in check_translations(Project.open(tmp_path, environ={})) if one.code == "T222"]
    assert messages == ["code cell 1 differs from lessons/a.md; only the original's code is run"]
    assert 'print("Good morning.")' in page and 'print("Hola.")' not in page


EXERCISE = """\
---
title: Find it
lesson: lessons/a.md
exercises: 5
---

```python
### BEGIN SOLUTION
answer = 42
### END SOLUTION
```

```python tags=["check"]
assert answer
```
"""


@pytest.mark.parametrize(
    "by_hand",
    [
        EXERCISE.replace("### BEGIN SOLUTION\n", "").replace("### END SOLUTION\n", ""),
        EXERCISE.replace("### BEGIN SOLUTION\n", "").replace("### END SOLUTION\n", "") + "\n```python\nmore\n```\n",
    ],
)
def test_hand_written_exercise_never_gives_the_solution_away(tmp_path, by_hand):
    files = {"lessons/a.md": LESSON, "exercises/e.md": EXERCISE, "exercises/e.es.md": by_hand}
    project = Project.open(write_curriculum(tmp_path, files), environ={})
    contents = stage(project, {}).contents
    assert b"42" not in contents["notebooks/es/exercises/e.ipynb"]
    assert b"42" in contents["notebooks/es/exercises/e-solution.ipynb"]
    page = to_soup(contents["es/exercises/e.md"].decode())
    for solution in page.find_all("details"):
        solution.decompose()
    assert "42" not in page.get_text()


def test_facts_of_a_lesson_are_the_same_in_every_language(tmp_path):
    files = {"lessons/a.md": LESSON, "exercises/e.md": EXERCISE, "exercises/e.es.md": "---\ntitle: Hallarlo\n---\n"}
    pages = staged(tmp_path, files)
    assert "[Hallarlo](../exercises/e.md)" in pages["es/lessons/a.md"]
    assert "(5 min)" in pages["es/exercises/index.md"]


@pytest.mark.parametrize("spelled", ["pt-BR", "pt_BR"])
def test_regional_language_is_found_however_it_is_spelled(tmp_path, spelled):
    po = catalog({"Good morning.": "Bom dia."}, language="pt_BR")
    files = {
        "lessons/a.md": LESSON,
        "locales/pt_BR/LC_MESSAGES/lessons/a.po": po,
        f"lessons/b.{spelled}.md": LESSON,
        "lessons/b.md": LESSON,
    }
    pages = staged(tmp_path, files, languages=("en", spelled))
    assert "Bom dia." in pages[f"{spelled}/lessons/a.md"]
    assert f"{spelled}/lessons/b.md" in pages and "untranslated" not in pages[f"{spelled}/lessons/b.md"]


def test_lesson_in_another_language_than_the_site_default(tmp_path):
    spanish = LESSON.replace("title: Loops", "title: Bucles\nlanguage: es")
    english = "locales/en/LC_MESSAGES/lessons/a.po"
    pages = staged(tmp_path, {"lessons/a.md": spanish, english: catalog({"Bucles": "Loops"}, language="en")})
    assert "untranslated" not in pages["es/lessons/a.md"]
    assert "# Loops {#top}" in pages["en/lessons/a.md"] and "lang='es'" in pages["en/lessons/a.md"]


def test_catalogs_are_made_and_kept(tmp_path):
    project = Project.open(write_curriculum(tmp_path, {"lessons/a.md": LESSON}), environ={})
    site = PO.replace("lessons/a", "site")
    assert update_catalogs(project, write=False) == ((PO, site), ())
    assert not (tmp_path / PO).exists()
    assert update_catalogs(project, write=True) == ((PO, site), ())
    assert update_catalogs(project, write=True) == ((), ())
    (row, own), _ = status(project)
    assert (row.path, row.language, row.coverage.untranslated) == (PO, Language("es", "Name of es"), 5)
    assert (own.path, own.lesson.path, own.coverage.untranslated) == (site, "mkdocs.yml", 1)


def test_words_of_a_language_we_do_not_have_are_english():
    assert words_in("xx-YY")("Schedule") == "Schedule"
    assert words_in("es-MX")("Schedule") == words_in("es")("Schedule")
