"""The same curriculum under each generator that can be installed: MkDocs, ProperDocs, MaterialX, Zensical."""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import unquote
from xml.etree.ElementTree import Element

import pytest
from markdown import Markdown
from markdown.treeprocessors import Treeprocessor

from catalyst_lessons.adapters import raw_links
from tests.site.conftest import FORK_CI, ROOT, run_tool, write_site

MATERIALX = "mkdocs-materialx==10.2.2"

LESSON = """---
title: Counting
language: en
teaching: 5
exercises: 5
questions: ["Why count?"]
objectives: [Count.]
keypoints: [Numbers.]
authors: [Somebody]
license: CC-BY-4.0
---

## Begin

::: challenge
### Try it (2 minutes)
How many?

::: solution
Three.
:::
:::

See the [start](pages/index.md#lessons).

In HTML: <a href="pages/index.md#lessons">raw</a>, <a href='data/a%20b.csv'>raw</a>, <a href="#begin">raw</a>.

<div><a href="pages/index.md">raw</a> <!-- <a href="nothing.md">raw</a> -->
<a href="https://example.org/x.md">raw</a></div>

!!! note

    <p><a class="x" href="data/a%20b.csv">raw</a></p>
"""
CATALOG = """msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\n"

msgid "Counting"
msgstr "Contar"

msgid "Begin"
msgstr "Empezar"
"""
FILES = {
    "lessons/01-counting.md": LESSON,
    "lessons/pages/index.md": "---\ntitle: Welcome\n---\n\nHello.\n",
    "lessons/data/a b.csv": "a,b\n",
    "locales/es/LC_MESSAGES/lessons/01-counting.po": CATALOG,
}
NEW_LANGUAGES = ("en", "es", "pt", "fr", "sw", "am", "ha", "yo", "zu", "ar")


@pytest.fixture
def curriculum(tmp_path: Path) -> Path:
    write_site(tmp_path, FILES)
    return tmp_path


def check_site(folder: Path) -> None:
    """Both languages have their page, its stamp, its language, and the callouts in one form."""
    for place, language, heading in (("", "en", "Begin"), ("es/", "es", "Empezar")):
        file = folder / place / "lessons" / "01-counting" / "index.html"
        check_raw_links(file)
        page = file.read_text(encoding="utf-8")
        assert re.search(rf'<html[^>]* lang="{language}"', page)
        assert f'data-language="{language}"' in page
        assert re.search(rf'<h2 id="begin">\s*{heading}', page)
        assert 'class="admonition challenge"' in page
        assert '<details class="solution">' in page
        assert "data-launch-bar" in page
        assert 'hreflang="es"' in page


def test_mkdocs(curriculum: Path) -> None:
    built = run_tool("mkdocs", "build", "--strict", cwd=curriculum)
    assert built.returncode == 0, built.stderr
    check_site(curriculum / "site")


def test_properdocs(curriculum: Path) -> None:
    built = run_tool("properdocs", "build", "--strict", cwd=curriculum)
    assert built.returncode == 0, built.stderr
    check_site(curriculum / "site")


@pytest.mark.parametrize("part", ["<a ", '<a href="', "<!--", "<script ", "<a href='x"])
def test_html_without_end_is_read_in_no_time(part: str) -> None:
    markdown = Markdown(extensions=[raw_links.NAME])
    markdown.treeprocessors.register(_Reversing(), "relpath", 0)
    markdown.htmlStash.rawHtmlBlocks = [part * 20_000, '<p><a href="a&amp;b.md">x</a></p>']
    began = time.monotonic()
    markdown.treeprocessors["catalyst-raw-links"].run(Element("div"))
    assert time.monotonic() - began < 5
    assert markdown.htmlStash.rawHtmlBlocks[1] == '<p><a href="dm.b&amp;a">x</a></p>'


class _Reversing(Treeprocessor):
    """Stands for the step of a generator that knows where pages are."""

    def path_to_url(self, target: str) -> str:
        return target[::-1]


@pytest.mark.parametrize(
    ("program", "theme"), [("mkdocs", "material"), ("mkdocs", "readthedocs"), ("properdocs", "material")]
)
def test_one_language_needs_no_i18n_plugin(tmp_path: Path, program: str, theme: str) -> None:
    own = "execute: never\n      repository: https://github.com/example/lessons"
    plugins = f"plugins:\n  - search\n  - catalyst-lessons:\n      {own}\n"
    (tmp_path / "mkdocs.yml").write_text(f"site_name: Small\ndocs_dir: lessons\ntheme: {theme}\n{plugins}")
    for path, text in FILES.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    built = run_tool(program, "build", "--strict", "-f", "mkdocs.yml", cwd=tmp_path)
    assert built.returncode == 0, built.stderr
    site = tmp_path / "site"
    assert "Welcome" in (site / "index.html").read_text(encoding="utf-8")
    assert not (site / "en").exists()
    lesson = site / "lessons" / "01-counting" / "index.html"
    check_raw_links(lesson)
    page = lesson.read_text(encoding="utf-8")
    assert re.search(r'href="\.\./\.\./schedule/"', page)
    assert "lessons/01-counting/" in (site / "search" / "search_index.json").read_text(encoding="utf-8")


@pytest.mark.slow
def test_materialx(curriculum: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """In an environment of its own: mkdocs-materialx writes over the files of mkdocs-material."""
    venv = tmp_path_factory.mktemp("materialx") / "venv"
    environ = {**os.environ, **FORK_CI, "VIRTUAL_ENV": str(venv)}
    uv = str(Path(sys.executable).parent / "uv")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(venv)], check=True)
    install = [uv, "pip", "install", "--quiet", "--constraints", str(ROOT / "constraints.txt")]
    subprocess.run([*install, "--editable", str(ROOT)], env=environ, check=True)
    subprocess.run([*install, MATERIALX], env=environ, check=True)
    settings = curriculum / "mkdocs.yml"
    text = settings.read_text()
    assert "name: material\n" in text
    settings.write_text(text.replace("name: material\n", "name: materialx\n"))
    command = [str(venv / "bin" / "mkdocs"), "build", "--strict"]
    built = subprocess.run(command, cwd=curriculum, env=environ, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stderr
    check_site(curriculum / "site")


def check_raw_links(page: Path) -> None:
    """Links in raw HTML lead to a file, and those to other sites and within the page are as they were."""
    text = re.sub(r"<!--.*?-->", "", page.read_text(encoding="utf-8"), flags=re.S)
    targets = re.findall(r"<a\b[^>]*?href=[\"']([^\"'>]*)[\"']>raw</a>", text)
    assert len(targets) == 6
    assert {"#begin", "https://example.org/x.md"} < set(targets)
    for target in targets:
        path = unquote(re.split("[?#]", target)[0])
        if path and "example.org" not in path:
            file = (page.parent / path).resolve()
            assert (file / "index.html").is_file() or (file.is_file() and file.suffix == ".csv"), target


@pytest.mark.skipif(not importlib.util.find_spec("zensical"), reason="zensical is not installed")
def test_zensical_builds_the_staged_tree(curriculum: Path) -> None:
    staged = run_tool("catalyst", "stage", "staged", cwd=curriculum)
    assert staged.returncode == 0, staged.stderr
    built = run_tool("zensical", "build", cwd=curriculum / "staged")
    assert built.returncode == 0, built.stdout + built.stderr
    for language, heading in (("en", "Begin"), ("es", "Empezar")):
        page = (curriculum / "staged" / "site" / language / "lessons" / "01-counting" / "index.html").read_text()
        assert re.search(rf'<h2 id="begin">\s*{heading}', page)
        assert 'class="admonition challenge"' in page
        assert "data-launch-bar" in page
        assert "data-stamp" in page
        check_raw_links(curriculum / "staged" / "site" / language / "lessons" / "01-counting" / "index.html")


def test_languages_that_material_does_not_know(tmp_path: Path) -> None:
    write_site(tmp_path, FILES, languages=NEW_LANGUAGES)
    built = run_tool("mkdocs", "build", "--strict", cwd=tmp_path)
    assert built.returncode == 0, built.stderr
    for language in NEW_LANGUAGES[1:]:
        page = (tmp_path / "site" / language / "lessons" / "01-counting" / "index.html").read_text(encoding="utf-8")
        assert re.search(rf'<html[^>]* lang="{language}"', page)
        body = re.search(r"<body[^>]*>", page)
        assert ('dir="rtl"' in body.group(0)) == (language == "ar")
        if language != "es":
            assert re.search(
                r"<h1 id=\"top\">\s*<span lang=['\"]en['\"] dir=['\"]ltr['\"] class=['\"]untranslated", page
            )


def test_a_generator_that_drops_the_plugin_is_noticed(curriculum: Path) -> None:
    """The check of the built site: a page that is staged and not built is a warning, so a strict build fails."""
    built = run_tool("mkdocs", "build", "--strict", cwd=curriculum)
    assert built.returncode == 0, built.stderr
    from catalyst_lessons.project import Project
    from catalyst_lessons.project.site import check_built_site, stage_site

    project = Project.open(curriculum)
    stamps = stage_site(project, curriculum / ".catalyst" / "staging").stamps
    assert check_built_site(project, curriculum / "site", stamps) == ()
    (curriculum / "site" / "es" / "lessons" / "01-counting" / "index.html").unlink()
    lost = check_built_site(project, curriculum / "site", stamps)
    assert [finding.code for finding in lost] == ["A690"]
    assert "es/lessons/01-counting/" in lost[0].message
