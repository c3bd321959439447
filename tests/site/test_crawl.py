"""The built site, crawled in all languages: links, language, alternates, stamps and launch bars."""

from __future__ import annotations

import json
import posixpath
import re
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from bs4 import BeautifulSoup

from catalyst_lessons.core.launching.links import parse_link
from catalyst_lessons.project import Project
from tests.site.conftest import FORK, Site

pytestmark = pytest.mark.xdist_group("site")

LANGUAGES = ("en", "es", "pt", "fr")


@cache
def soup_of(path: Path) -> BeautifulSoup:
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")


def pages(site: Site) -> list[Path]:
    return sorted(path for path in site.folder.rglob("*.html") if path.name != "404.html")


def url_of(page: Path, site: Site) -> str:
    return "/" + page.relative_to(site.folder).as_posix().removesuffix("index.html")


def language_of(page: Path, site: Site) -> str:
    first = page.relative_to(site.folder).parts[0]
    return first if first in LANGUAGES else "en"


def dead_links(site: Site) -> list[str]:
    """Every link, image, style and script of the site that leads to no file, or to no id of its page."""
    dead = []
    base = urlsplit(Project.open(site.project).settings.site_url)
    for page in pages(site):
        for tag in soup_of(page).select("a[href], img[src], link[href], script[src]"):
            target = tag.get("href") or tag.get("src")
            parts = urlsplit(urljoin(url_of(page, site), target))
            if (parts.netloc and parts.netloc != base.netloc) or parts.scheme in ("mailto", "data"):
                continue
            if not leads_somewhere(site, parts.path, parts.fragment):
                dead.append(f"{url_of(page, site)}: {target}")
    return dead


def leads_somewhere(site: Site, path: str, fragment: str) -> bool:
    file = site.folder / unquote(path).lstrip("/")
    file = file / "index.html" if file.is_dir() else file
    if not file.is_file():
        return False
    return not fragment or file.suffix != ".html" or fragment == "__codelineno" or has_id(file, unquote(fragment))


def has_id(file: Path, fragment: str) -> bool:
    return soup_of(file).find(id=fragment) is not None


def test_no_link_is_dead(site: Site) -> None:
    assert dead_links(site) == []


def test_a_dead_link_would_be_found(site: Site) -> None:
    page = site.folder / "planted" / "index.html"
    page.parent.mkdir()
    page.write_text('<html><a href="../setup/#nowhere">x</a><a href="../nothing/">y</a></html>')
    try:
        assert dead_links(site) == ["/planted/: ../setup/#nowhere", "/planted/: ../nothing/"]
    finally:
        page.unlink()
        page.parent.rmdir()


def test_every_language_has_the_same_pages(site: Site) -> None:
    found = {language: set() for language in LANGUAGES}
    for page in pages(site):
        language = language_of(page, site)
        found[language].add(url_of(page, site).removeprefix(f"/{language}"))
    assert found["en"] == found["es"] == found["pt"] == found["fr"]
    assert len(found["en"]) == 18


def test_every_page_says_its_language_and_names_the_others(site: Site) -> None:
    for page in pages(site):
        soup = soup_of(page)
        assert soup.html["lang"] == language_of(page, site), page
        alternates = {tag["hreflang"]: tag["href"] for tag in soup.select("link[rel=alternate][hreflang]")}
        assert set(alternates) == set(LANGUAGES), page
        own = url_of(page, site).removeprefix(f"/{language_of(page, site)}").removeprefix("/")
        for language, target in alternates.items():
            expected = posixpath.join("/" if language == "en" else f"/{language}/", own)
            assert urlsplit(urljoin(url_of(page, site), target)).path == expected


def test_every_page_has_one_stamp_of_its_own(site: Site) -> None:
    stamps = [tag["data-stamp"] for page in pages(site) for tag in soup_of(page).select(".catalyst-stamp")]
    assert len(stamps) == len(set(stamps)) == len(pages(site))


def test_ids_are_unique_on_every_page(site: Site) -> None:
    for page in pages(site):
        ids = [tag["id"] for tag in soup_of(page).select("article [id]")]
        assert len(ids) == len(set(ids)), page


def test_headings_have_the_same_ids_in_all_languages(site: Site) -> None:
    for page in (site.folder / "lessons").glob("*/index.html"):
        inside = page.relative_to(site.folder)
        ids = {
            language: [
                tag["id"] for tag in soup_of(site.folder / folder / inside).select("article h1, article h2, article h3")
            ]
            for language, folder in zip(LANGUAGES, ("", "es", "pt", "fr"), strict=True)
        }
        assert ids["en"] == ids["es"] == ids["pt"] == ids["fr"]
        assert len(ids["en"]) > 4


def test_every_lesson_and_exercise_has_one_launch_bar_whose_notebooks_exist(site: Site) -> None:
    project = Project.open(site.project)
    bars = 0
    for page in pages(site):
        found = soup_of(page).select("[data-launch-bar]")
        language = language_of(page, site)
        expected = re.search(r"/(?:lessons|exercises)/[^/]+/$", url_of(page, site)) is not None
        assert len(found) == expected, page
        for bar in found:
            bars += 1
            # Colab gets the notebook alone, so it is not offered for one that reads a file beside it.
            kinds = [tag["data-launch"] for tag in bar.select("[data-launch]")]
            assert kinds in (["hub", "binder", "colab", "download"], ["hub", "binder", "download"])
            for tag in bar.select("a[data-launch]:not([data-launch=download])"):
                link = parse_link(tag["href"])
                assert link.repository.page == FORK
                assert link.branch == "notebooks"
                assert link.path.startswith(f"{language}/")
                assert (site.folder / "notebooks" / link.path).is_file()
            assert f"git clone --depth 1 --branch notebooks {FORK}" in bar.get_text()
    sources = project.curriculum.lessons + project.curriculum.exercises
    assert bars == len(sources) * len(LANGUAGES)


def test_notebooks_of_a_lesson_differ_in_prose_only(site: Site) -> None:
    for path in (site.folder / "notebooks" / "en").rglob("*.ipynb"):
        inside = path.relative_to(site.folder / "notebooks" / "en")
        code = {}
        for language in LANGUAGES:
            notebook = json.loads((site.folder / "notebooks" / language / inside).read_text(encoding="utf-8"))
            code[language] = [cell["source"] for cell in notebook["cells"] if cell["cell_type"] == "code"]
            assert notebook["metadata"]["catalyst"]["language"] == language
        assert code["en"] == code["es"] == code["pt"] == code["fr"]


def test_everything_is_translated_in_all_four_languages(site: Site) -> None:
    for page in pages(site):
        marked = soup_of(page).select("article .untranslated")
        assert [tag.get_text()[:80] for tag in marked] == [], page


def test_trainers_notes_are_nowhere(site: Site) -> None:
    """The text of the notes in the sources, in every language, is in no page and no notebook."""
    notes = ("Before you teach this lesson", "Notas para quien enseña", "Antes de enseñar")
    for path in [*pages(site), *site.folder.rglob("*.ipynb"), *site.folder.rglob("search_index.json")]:
        text = path.read_text(encoding="utf-8")
        assert not [note for note in notes if note in text], path
        assert 'class="admonition instructor"' not in text


def test_outputs_are_there_once_for_all_languages(site: Site) -> None:
    pictures = {path.name for path in (site.folder / "assets" / "outputs").iterdir()}
    assert pictures
    for language in ("", "es", "pt", "fr"):
        soup = soup_of(site.folder / language / "lessons" / "02-dna-sequences" / "index.html")
        shown = soup.select("img.catalyst-picture")
        assert shown
        assert all(tag["alt"].strip() for tag in shown)
        assert all(urljoin("http://x/", tag["src"]).rpartition("/")[2] in pictures for tag in shown)
    assert not list(site.folder.rglob("es/assets/outputs"))


def test_the_page_for_lost_readers_speaks_every_language(site: Site) -> None:
    soup = soup_of(site.folder / "404.html")
    spoken = {tag["lang"] for tag in soup.select("article [lang]")}
    assert set(LANGUAGES) <= spoken
    homes = {tag["href"] for tag in soup.select("article [lang] a[href]")}
    assert len(homes) >= len(LANGUAGES)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("es", ("Lecciones", "Ejercicios", "Solución", "Objetivos")),
        ("pt", ("Lições", "Exercícios", "Solução", "Objetivos")),
        ("fr", ("Leçons", "Exercices", "Solution", "Objectifs")),
    ],
)
def test_menu_and_callouts_are_in_the_pages_language(site: Site, language: str, words: tuple[str, ...]) -> None:
    text = soup_of(site.folder / language / "lessons" / "02-dna-sequences" / "index.html").get_text()
    for word in words:
        assert word in text
    assert "Key points" not in text
    assert "Objectives" not in text
