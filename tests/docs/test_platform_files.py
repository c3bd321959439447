"""The files for Weblate and Crowdin fit the catalogs, and the guide for translators names only what exists."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath
from typing import Any

import click
import polib
import pytest
import yaml
from click.testing import CliRunner

from catalyst_lessons.adapters import cli
from tests.docs.test_docs import commands

ROOT = Path(__file__).parents[2]
PLATFORMS = ROOT / "docs" / "weblate-and-crowdin.md"
GUIDE = ROOT / "lessons" / "pages" / "translators-guide.md"
LANGUAGES = ("es", "pt", "fr")


def catalogs() -> set[str]:
    """Every catalog of the repository, relative to its top."""
    return {path.relative_to(ROOT).as_posix() for path in ROOT.glob("locales/*/LC_MESSAGES/**/*.po")}


def sources(templates: Iterable[str], entry: dict[str, Any]) -> Iterator[str]:
    """The templates that one entry of crowdin.yml takes; `**` may stand for no folder at all."""
    head, tail = entry["source"].lstrip("/").split("**/")
    ignored = {path.lstrip("/") for path in entry.get("ignore", ())}
    for template in templates:
        if template.startswith(head) and fnmatch(PurePosixPath(template).name, tail) and template not in ignored:
            yield template


def target(template: str, entry: dict[str, Any], *, language: str) -> str:
    """Where Crowdin writes a translation: `**` is the folder below the fixed part of the source."""
    below = PurePosixPath(template).relative_to(entry["source"].lstrip("/").split("**/")[0])
    folder = f"{below.parent.as_posix()}/" if below.parent.name else ""
    pattern: str = entry["translation"].lstrip("/")
    assert re.findall(r"%\w+%", pattern) == ["%two_letters_code%", "%file_name%"]
    path = pattern.replace("%two_letters_code%", language).replace("%file_name%", below.stem)
    return path.replace("**/", folder)


def unmatched(paths: Iterable[str], components: list[dict[str, Any]]) -> list[str]:
    """Catalogs that the file mask of no component fits, where `*` is one folder as in Weblate."""
    masks = [re.escape(component["filemask"]).replace(r"\*", "[^/]+") for component in components]
    return sorted(path for path in paths if not any(re.fullmatch(mask, path) for mask in masks))


def unknown_commands(text: str, group: click.Group) -> list[str]:
    """What stands after `catalyst` or `./dev` in a text, in code, and is no command or option of them."""
    known = dict(commands(group))
    text = re.sub(r"\\\n", " ", text)
    wrong = []
    for line in re.findall(r"(?:^ *|`)(catalyst [^`\n]+)", text, flags=re.M):
        words = line.split()
        name = next((name for n in (3, 2) if (name := " ".join(words[:n])) in known), "")
        flags = {flag for option in getattr(known.get(name), "params", ()) for flag in option.opts}
        leaf = name and not isinstance(known[name], click.Group)
        wrong += [] if leaf and all(word in flags for word in words if word.startswith("--")) else [line]
    serves = re.findall(r"(?:\./dev|py dev) (\w+)", text)
    return wrong + [name for name in serves if name not in ("serve", "build", "test", "lint", "lock")]


@pytest.fixture(scope="module")
def group() -> click.Group:
    cli._load_commands()
    return cli.catalyst


@pytest.fixture(scope="module")
def templates(tmp_path_factory: pytest.TempPathFactory, group: click.Group) -> dict[str, str]:
    """Every template that `extract` makes, where the guide puts it, and the language of its source."""
    folder = tmp_path_factory.mktemp("templates")
    wanted = ["--project", str(ROOT), "translate", "extract", "--output", str(folder)]
    result = CliRunner().invoke(group, wanted, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    made = sorted(path.relative_to(folder) for path in folder.rglob("*.pot"))
    return {f"locales/templates/{path.as_posix()}": source_language(path) for path in made}


def source_language(template: Path) -> str:
    """The language of a source, by its front matter; "en" for what is no lesson."""
    found = [path for path in (ROOT / template.parent).glob(f"{template.stem}.*") if path.suffix in (".md", ".py")]
    head = re.search(r"^(?:# )?language: (\w+)$", found[0].read_text("utf-8"), flags=re.M) if found else None
    return head[1] if head else "en"


@pytest.fixture(scope="module")
def crowdin() -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load((ROOT / "crowdin.yml").read_text("utf-8"))
    return read


@pytest.fixture(scope="module")
def components() -> list[dict[str, Any]]:
    read: list[dict[str, Any]] = json.loads((ROOT / "weblate" / "components.json").read_text("utf-8"))
    return read


def test_crowdin_takes_its_secrets_from_the_environment(crowdin: dict[str, Any]) -> None:
    assert crowdin["project_id_env"] == "CROWDIN_PROJECT_ID"
    assert crowdin["api_token_env"] == "CROWDIN_PERSONAL_TOKEN"  # noqa: S105  the name of a variable
    assert not {"project_id", "api_token"} & set(crowdin)


def test_crowdin_writes_exactly_the_catalogs_of_english_sources(
    crowdin: dict[str, Any], templates: dict[str, str]
) -> None:
    (entry,) = crowdin["files"]
    written = {target(path, entry, language=language) for path in sources(templates, entry) for language in LANGUAGES}
    english = {
        path.removeprefix("locales/templates/").removesuffix(".pot")
        for path, language in templates.items()
        if language == "en"
    }
    name = re.compile(r"locales/\w+/LC_MESSAGES/(.*)\.po")
    assert written == {path for path in catalogs() if (match := name.fullmatch(path)) and match[1] in english}


def test_crowdin_is_not_given_sources_in_another_language(crowdin: dict[str, Any], templates: dict[str, str]) -> None:
    (entry,) = crowdin["files"]
    ignored = {path.lstrip("/") for path in entry["ignore"]}
    assert ignored - set(templates) == set(), "an ignored template is not there any more"
    assert {path for path in ignored if "interface" not in path} == {
        path for path, language in templates.items() if language != "en"
    }


def test_a_pattern_for_the_wrong_folder_writes_no_catalog() -> None:
    entry = {"source": "/locales/templates/**/*.pot", "translation": "/lang/%two_letters_code%/**/%file_name%.po"}
    written = target("locales/templates/lessons/pages/index.pot", entry, language="es")
    assert written == "lang/es/lessons/pages/index.po"
    assert written not in catalogs()


def test_each_catalog_has_a_component_of_weblate(components: list[dict[str, Any]]) -> None:
    missing = unmatched(catalogs(), components)
    assert missing == [], "add an entry to weblate/components.json"


def test_a_mask_of_weblate_is_one_lesson_and_every_language(components: list[dict[str, Any]]) -> None:
    assert unmatched(["locales/sw/LC_MESSAGES/site.po"], components) == []
    others = ["locales/es/LC_MESSAGES/lessons/09-new.po", "locales/es/LC_MESSAGES/x/site.po"]
    assert unmatched(others, components) == others


def test_components_have_a_template_a_slug_and_the_language_of_their_source(
    components: list[dict[str, Any]], templates: dict[str, str]
) -> None:
    told = {component["new_base"]: component["source_language"]["code"] for component in components}
    assert told == {path: language for path, language in templates.items() if "interface" not in path}
    for component in components:
        name = component["name"]
        # As `{slug}` of the setting `translation_platform` makes it, so that its links arrive.
        assert component["slug"] == name.replace("/", "-").lower()
        assert component["filemask"] == f"locales/*/LC_MESSAGES/{name}.po"
        assert component["new_base"] == f"locales/templates/{name}.pot"


def test_components_differ_in_nothing_else(components: list[dict[str, Any]]) -> None:
    own = {"name", "slug", "filemask", "new_base", "source_language"}
    shared = [{key: value for key, value in component.items() if key not in own} for component in components]
    assert all(settings == shared[0] for settings in shared)
    assert shared[0]["file_format"] == "po"
    assert shared[0]["check_flags"] == "md-text"
    assert set(shared[0]["enforced_checks"]) == {"md-link", "md-reflink", "md-syntax"}


def test_the_regular_expression_in_the_docs_finds_every_catalog() -> None:
    told = re.search(r"`(locales/\(\?P<language>.*?)`", PLATFORMS.read_text("utf-8"))
    assert told
    found = [re.fullmatch(told[1], path) for path in catalogs()]
    assert all(found)
    assert {match["language"] for match in found if match} == {"en", *LANGUAGES}


@pytest.mark.parametrize("page", [GUIDE, PLATFORMS], ids=lambda page: page.name)
def test_only_commands_that_exist_are_named(page: Path, group: click.Group) -> None:
    text = page.read_text("utf-8")
    assert "catalyst translate check" in text
    assert unknown_commands(text, group) == []


@pytest.mark.parametrize(
    "text",
    [
        "catalyst translate pseudo",
        "`catalyst translate`",
        "catalyst translate update --write",
        "run `catalyst translates check`",
        "./dev preview",
    ],
)
def test_a_command_that_does_not_exist_is_noticed(text: str, group: click.Group) -> None:
    assert len(unknown_commands(text, group)) == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_guide_is_translated_with_its_commands(language: str) -> None:
    catalog = polib.pofile(str(ROOT / f"locales/{language}/LC_MESSAGES/lessons/pages/translators-guide.po"))
    messages = [entry for entry in catalog if not entry.obsolete]
    assert [entry.msgid for entry in messages if not entry.msgstr or entry.fuzzy] == []
    for entry in messages:
        code = re.findall(r"`[^`]+`", entry.msgid)
        assert sorted(re.findall(r"`[^`]+`", entry.msgstr)) == sorted(code)
