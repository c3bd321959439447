"""One paragraph of a lesson changes: what readers of three languages see then, on the page and in the notebook."""

from __future__ import annotations

import json
from pathlib import Path

import polib
import pytest
from bs4 import BeautifulSoup

from tests.site.conftest import PHONE, Site, run_tool, write_site

pytestmark = pytest.mark.xdist_group("site")

OLD = "Every count begins at zero, and `range` stops before its end."
NEW = "Every count in Python begins at zero, and `range` stops before its end."
LESSON = f"""\
---
title: Counting
objectives:
  - Count birds in a list
---

## Why we count

Nobody knows how many birds there are.

{OLD}

!!! note "A box"

    A bird in the box.

| Bird | Count |
| --- | --- |
| Robin | two birds |

```python
print(1 + 1)
```

- first we look
- then we count
"""
LANGUAGES = ("es", "pt", "fr")


def translate_all(folder: Path) -> None:
    """Fill every empty message of every catalog with words of its language."""
    assert run_tool("catalyst", "translate", "update", cwd=folder).returncode == 0
    for path in folder.glob("locales/*/LC_MESSAGES/**/*.po"):
        po = polib.pofile(str(path))
        for entry in po.untranslated_entries():
            entry.msgstr = f"{path.relative_to(folder).parts[1]} {entry.msgid}"
        po.save()


def build(folder: Path) -> None:
    built = run_tool("catalyst", "build", "--strict", cwd=folder)
    assert built.returncode == 0, built.stderr[-3000:]


def blocks(folder: Path, language: str) -> list[str]:
    """Every block of text of the lesson's page, as HTML without the banner and the address of the edit link."""
    page = (folder / "site" / language / "lessons" / "01-counting" / "index.html").read_text(encoding="utf-8")
    article = BeautifulSoup(page, "html.parser").select_one("article")
    found = article.select("h1, h2, h3, p, li, td, th, pre")
    banner = article.select_one(".admonition.info")
    return [str(block) for block in found if not banner or banner not in block.parents]


def cells(folder: Path, language: str) -> list[str]:
    path = folder / "site" / "notebooks" / language / "lessons" / "01-counting.ipynb"
    return ["".join(cell["source"]) for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]]


@pytest.fixture(scope="module")
def edited(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict, dict]:
    """A translated curriculum in which a paragraph was changed, with its pages and notebooks from before."""
    folder = tmp_path_factory.mktemp("stale") / "curriculum"
    write_site(folder, {"lessons/01-counting.md": LESSON}, ("en", *LANGUAGES))
    translate_all(folder)
    build(folder)
    pages = {language: blocks(folder, language) for language in LANGUAGES}
    notebooks = {language: cells(folder, language) for language in LANGUAGES}
    (folder / "lessons" / "01-counting.md").write_text(LESSON.replace(OLD, NEW), encoding="utf-8")
    assert run_tool("catalyst", "translate", "update", cwd=folder).returncode == 0
    build(folder)
    return folder, pages, notebooks


def changes(before: list[str], after: list[str]) -> list[tuple[str, str]]:
    assert len(before) == len(after)
    return [pair for pair in zip(before, after, strict=True) if pair[0] != pair[1]]


@pytest.mark.parametrize("language", LANGUAGES)
def test_exactly_that_paragraph_is_stale_on_the_page(edited, language: str) -> None:
    folder, pages, _ = edited
    assert not any("stale" in block or "untranslated" in block for block in pages[language])
    [(before, after)] = changes(pages[language], blocks(folder, language))
    assert f"{language} Every count begins" in before
    marked = BeautifulSoup(after, "html.parser").select_one("p > span.stale[lang=en][dir=ltr]")
    assert marked.get_text() == NEW.replace("`", "")
    assert f"{language} Every" not in after


@pytest.mark.parametrize("language", LANGUAGES)
def test_exactly_that_paragraph_is_stale_in_the_notebook(edited, language: str) -> None:
    folder, _, notebooks = edited
    [(before, after)] = changes(notebooks[language], cells(folder, language))
    mark = f"<span lang='en' dir='ltr' class='stale'>{NEW}</span>"
    assert after == before.replace(f"{language} {OLD}", mark)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_banner_says_how_much_is_translated_only_where_not_all_is(edited, language: str) -> None:
    folder, _, _ = edited
    page = (folder / "site" / language / "lessons" / "01-counting" / "index.html").read_text(encoding="utf-8")
    banner = BeautifulSoup(page, "html.parser").select_one("article .admonition.info")
    assert "92" in banner.get_text()  # 12 of 13 messages
    home = (folder / "site" / language / "index.html").read_text(encoding="utf-8")
    assert not BeautifulSoup(home, "html.parser").select("article .admonition.info")


@pytest.fixture(scope="module")
def with_old(edited, serve) -> Site:
    """The same curriculum with `stale: old`."""
    folder = edited[0]
    settings = folder / "mkdocs.yml"
    settings.write_text(settings.read_text().replace("execute: never", "execute: never\n      stale: old"))
    build(folder)
    return Site(folder, folder / "site", serve(folder / "site"))


@pytest.mark.browser
@pytest.mark.parametrize("script", [True, False])
def test_the_new_text_is_one_tap_from_the_old_translation(with_old: Site, browser, script: bool) -> None:
    context = browser.new_context(**PHONE, java_script_enabled=script)
    page = context.new_page()
    page.goto(f"{with_old.address}es/lessons/01-counting/")
    old, new = page.get_by_text("es Every count begins"), page.locator(".stale", has_text="in Python")
    assert old.is_visible()
    assert not new.is_visible()
    page.get_by_role("checkbox", name="Cambió después: mostrar el original").check()
    assert new.is_visible()
    assert new.get_attribute("lang") == "en"
    context.close()


def test_notebooks_show_the_new_text_alone(with_old: Site) -> None:
    text = "\n".join(cells(with_old.project, "es"))
    assert f"class='stale'>{NEW}<" in text
    assert "checkbox" not in text
    assert "es Every" not in text
