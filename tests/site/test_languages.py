"""Which languages are offered, and the page for volunteers, in the built site."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from catalyst_lessons.adapters import mkdocs_plugin
from catalyst_lessons.adapters.mkdocs_plugin import _leave_out
from catalyst_lessons.adapters.mkdocs_search import FAILED
from tests.curricula import catalog
from tests.site.conftest import Site, run_tool, write_site

pytestmark = pytest.mark.xdist_group("site")

FILES = {
    "lessons/a.md": "---\ntitle: One\n---\n\nTwo.\n\nThree.\n\nFour.\n",
    "locales/es/LC_MESSAGES/lessons/a.po": catalog({"One": "Uno", "Two.": "Dos.", "Three.": "Tres."}),
    "locales/pt/LC_MESSAGES/lessons/a.po": catalog({"One": "Um"}, language="pt"),
}
LANGUAGES = ("en", "es", "pt")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("languages") / "curriculum"
    write_site(folder, FILES, LANGUAGES)
    settings = folder / "mkdocs.yml"
    more = "switcher_threshold: 75\n      translation_platform: https://translate.example.org/{language}/{slug}/"
    settings.write_text(settings.read_text().replace("execute: never", f"execute: never\n      {more}"))
    built = run_tool("catalyst", "build", "--strict", cwd=folder)
    assert built.returncode == 0, built.stderr[-3000:]
    return folder


@pytest.fixture(scope="module")
def without_words(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site in Wolof, for which neither Material nor we have words; Arabic and Swahili have those of both."""
    folder = tmp_path_factory.mktemp("wolof") / "curriculum"
    write_site(folder, {"lessons/a.md": FILES["lessons/a.md"]}, ("en", "ar", "sw", "wo"))
    settings = folder / "mkdocs.yml"
    settings.write_text(settings.read_text().replace("plugins:\n", "plugins:\n  - search\n"))
    built = run_tool("catalyst", "build", "--strict", cwd=folder)
    assert built.returncode == 0, built.stderr[-3000:]
    return folder


def test_a_language_that_nobody_has_words_for_is_built_with_english_ones(without_words: Path) -> None:
    page = soup(without_words, "wo/lessons/a/index.html")
    assert (page.html["lang"], page.html.get("dir", "ltr")) == ("wo", "ltr")
    assert page.select_one(".md-search__input")["placeholder"] == "Search"
    assert soup(without_words, "sw/lessons/a/index.html").select_one(".md-search__input")["placeholder"] == "Tafuta"


def test_the_words_of_the_theme_can_stand_in_the_curriculum(without_words: Path) -> None:
    own = without_words / "overrides/partials/languages/wo.html"
    own.parent.mkdir(parents=True)
    swahili = Path(mkdocs_plugin.__file__).parents[1] / "theme/templates/partials/languages/sw.html"
    own.write_text(swahili.read_text("utf-8").replace('"sw"', '"wo"').replace("Tafuta", "Seet"), encoding="utf-8")
    settings = without_words / "mkdocs.yml"
    settings.write_text(
        settings.read_text().replace("  name: material\n", "  name: material\n  custom_dir: overrides\n")
    )
    built = run_tool("catalyst", "build", "--strict", "--site-dir", "site-of-ours", cwd=without_words)
    assert built.returncode == 0, built.stderr[-3000:]
    page = BeautifulSoup((without_words / "site-of-ours/wo/lessons/a/index.html").read_text("utf-8"), "html.parser")
    assert page.html["lang"] == "wo"
    assert page.select_one(".md-search__input")["placeholder"] == "Seet"


@pytest.mark.parametrize(("folder", "told"), [("ar", "لا يمكن بدء البحث"), ("sw", "Utafutaji hauwezi kuanza")])
def test_search_brings_its_message_in_the_language_of_the_page(without_words: Path, folder: str, told: str) -> None:
    settings = json.loads(soup(without_words, f"{folder}/lessons/a/index.html").select_one("script#__config").string)
    assert settings["translations"][FAILED].startswith(told)
    assert settings["translations"]["search.result.none"]


def soup(folder: Path, page: str) -> BeautifulSoup:
    return BeautifulSoup((folder / "site" / page).read_text(encoding="utf-8"), "html.parser")


@pytest.mark.parametrize("page", ["lessons/a/index.html", "es/lessons/a/index.html", "pt/index.html", "404.html"])
def test_a_language_below_the_threshold_is_built_but_not_offered(project: Path, page: str) -> None:
    found = soup(project, page)
    for links in (found.select("a.md-select__link[hreflang]"), found.select("link[rel=alternate][hreflang]")):
        assert {link["hreflang"] for link in links} == {"en", "es"}
    assert "/pt/" not in str(found.select_one(".md-content")).replace("translate.example.org/pt/", "")


def test_links_to_other_sites_of_a_curriculum_stay() -> None:
    own = [{"lang": "en"}, {"lang": "pt"}, {"lang": "ko", "link": "https://ko.example.org/"}]
    holder = {"alternate": own, "extra_alternate": None}
    _leave_out(holder, {"pt"})
    assert [one["lang"] for one in holder["alternate"]] == ["en", "ko"]


def test_without_a_threshold_all_languages_are_offered(site: Site) -> None:
    page = BeautifulSoup((site.folder / "index.html").read_text(encoding="utf-8"), "html.parser")
    assert {link["hreflang"] for link in page.select("a.md-select__link[hreflang]")} == {"en", "es", "pt", "fr"}


def test_the_page_for_volunteers_leads_to_the_platform(project: Path) -> None:
    page = soup(project, "es/translation-status/index.html")
    links = [link["href"] for link in page.select("article td a") if link["href"].startswith("https:")]
    assert links == ["https://translate.example.org/es/lessons-a/", "https://translate.example.org/pt/lessons-a/"]
    spanish, portuguese = (table.get_text() for table in page.select("article table"))
    assert "75\u00a0%" in spanish
    assert "25\u00a0%" in portuguese
    assert "Un buen lugar para empezar" in spanish
    assert page.select_one(".md-nav a[href$='translation-status/'], .md-nav a[href='./']")


def test_a_lesson_leads_to_the_platform_too(project: Path) -> None:
    page = soup(project, "pt/lessons/a/index.html")
    assert page.select("article .admonition.info a[href='https://translate.example.org/pt/lessons-a/']")


def test_the_page_for_volunteers_leads_to_the_catalog_in_the_web_editor(site: Site) -> None:
    page = BeautifulSoup((site.folder / "translation-status" / "index.html").read_text(encoding="utf-8"), "html.parser")
    links = {link["href"] for link in page.select("article td a") if "/edit/" in link["href"]}
    editor = "https://github.com/a-fork/lessons-of-ours/edit/main/"
    assert f"{editor}locales/fr/LC_MESSAGES/lessons/02-dna-sequences.po" in links
    assert all((site.project / link.removeprefix(editor)).is_file() for link in links)


def test_a_site_in_one_language_has_no_page_for_volunteers(tmp_path: Path) -> None:
    folder = write_site(tmp_path / "one", {"lessons/a.md": FILES["lessons/a.md"]}, ("en",))
    assert run_tool("catalyst", "build", "--strict", cwd=folder).returncode == 0
    assert not (folder / "site" / "translation-status").exists()
