"""Every option alone: what it takes, what it refuses and why, and that the reference has the defaults."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest

from catalyst_lessons.core.launching.hubs import Hub
from catalyst_lessons.core.report import Finding
from catalyst_lessons.core.settings import Settings, parse_settings
from catalyst_lessons.core.settings.options import CODES, HUB_OPTIONS, OPTIONS
from catalyst_lessons.project.known_hubs import known_hubs

HEAD = """\
site_name: Test
plugins:
  - i18n: {docs_structure: folder, languages: [{locale: en, name: English, default: true}]}
  - catalyst-lessons:
"""


def read(*lines: str) -> tuple[Settings, tuple[Finding, ...]]:
    return parse_settings(HEAD + "".join(f"      {line}\n" for line in lines), known_hubs=known_hubs())


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("lessons: ./episodes/", "episodes"),
        ("exercises: a/b", "a/b"),
        ("locales: 2024", "2024"),
        ("glossary: words.yml", "words.yml"),
        ("order: [lessons/b.py, lessons/a.py]", ("lessons/b.py", "lessons/a.py")),
        ("source_language: pt_BR", "pt-BR"),
        ("repository: https://token@github.com/o/r.git", "https://github.com/o/r.git"),
        ("branch: 1.10", "1.10"),
        ("branch: 20260115", "20260115"),
        ("source_branch: feature/x", "feature/x"),
        ("target_path: courses/x", "courses/x"),
        ("binder: off", False),
        ("execute: always", "always"),
        ("cell_timeout: 1", 1),
        ("memory: 1_048_576", 1_048_576),
        ("license: MIT", "MIT"),
        ("start: 10:30", "10:30"),
        ("start: '07:05'", "07:05"),
        ("break_every: 600", 600),
        ("break_minutes: 0", 0),
        ("branch:", "notebooks"),
        ("source_branch: ''", ""),
    ],
)
def test_an_option_takes(line: str, value: object) -> None:
    settings, findings = read(line)
    assert findings == ()
    assert getattr(settings, line.partition(":")[0]) == value


@pytest.mark.parametrize(
    ("line", "code", "said"),
    [
        ("lessons: /srv/lessons", "C511", 'write "srv/lessons"'),
        ("lessons: .", "C511", "name one inside it"),
        ("exercises: ../elsewhere", "C511", '".." segment'),
        ("locales: a\\b", "C511", 'write "a/b"'),
        ("locales: [a]", "C507", "found a list"),
        ("glossary: C:/words.yml", "C511", "absolute"),
        ("order: lessons/a.py", "C507", "expected a list of paths"),
        ("order: [{title: x}]", "C507", "found a mapping"),
        ("order: ['']", "C511", "found the project itself"),
        ("source_language: ES", "C515", "write es"),
        ("source_language: zh-hant-tw", "C515", "write zh-Hant-TW"),
        ("repository: github.com/o/r", "C512", "write https://github.com/o/r"),
        ("repository: ../r", "C512", "not an address git can clone from"),
        ("repository: https://github.com/o", "C512", "names no repository"),
        ("branch: my notebooks", "C513", 'write "my-notebooks"'),
        ("branch: 0f7c9a2", "C513", "looks like a commit"),
        ("source_branch: refs/heads/main", "C513", 'write "main"'),
        ("target_path: /home/jovyan/x", "C511", "absolute"),
        ("target_path: ~/lessons", "C511", "cannot be the folder of a clone"),
        ("binder: 'yes'", "C507", "expected true or false"),
        ("binder: maybe", "C507", "expected true or false"),
        ("execute: alwys", "C509", 'did you mean "always"?'),
        ("execute: off", "C509", '"off" is not one of auto, never, always'),
        ("cell_timeout: 0", "C508", "the nearest is 1"),
        ("cell_timeout: '60'", "C507", "without quotes"),
        ("cell_timeout: 1:30", "C507", "expected a whole number of seconds"),
        ("memory: 2G", "C507", "write the number of MiB alone"),
        ("memory: 1024_", "C507", "write the number of MiB alone"),
        ("memory: 1.5", "C507", "expected a whole number"),
        ("break_every: 5", "C508", "from 10 to 600"),
        ("break_minutes: -1", "C508", "the nearest is 0"),
        ("license: true", "C507", "write 'true' in quotes"),
        ("start: 9:00", "C510", 'write "09:00"'),
        ("start: 24:00", "C510", "hours from 00 to 23"),
        ("start: noon", "C510", "a time of day"),
        ("start: 8h30", "C510", 'write "08:30"'),
        ("hub: [showcase]", "C507", "found a list"),
        ("hub: binder", "C518", "`binder: true`"),
        ("hubs: showcase", "C507", "expected a list"),
        ("license: !!python/name:os.system x", "C507", "found a tagged value"),
        ("break-every: 60", "C505", 'did you mean "break_every"?'),
        ("title: Mine", "C505", "`site_name`"),
    ],
)
def test_an_option_refuses(line: str, code: str, said: str) -> None:
    settings, findings = read(line)
    assert [(finding.code, finding.location.line) for finding in findings] == [(code, 5)]
    assert said in str(findings[0])
    name = line.partition(":")[0]
    if name in {option.name for option in OPTIONS} - {"source_language"}:
        assert getattr(settings, name) == getattr(Settings(), name)


def test_the_reference_has_every_option_with_its_default() -> None:
    default = Settings()
    derived = {"source_language": "en"}
    assert {option.name: derived.get(option.name, option.default) for option in OPTIONS} == {
        option.name: getattr(default, option.name) for option in OPTIONS
    }
    hub = Hub("x", "", "")
    optional = [option for option in HUB_OPTIONS if not option.required]
    assert {option.name: option.default for option in optional} == {o.name: getattr(hub, o.name) for o in optional}
    assert {option.name for option in HUB_OPTIONS} == {field.name for field in fields(Hub)}
    assert all(option.help.endswith(".") and option.expected for option in (*OPTIONS, *HUB_OPTIONS))


def test_good_paths_of_an_order_survive_the_bad_ones() -> None:
    settings, findings = read("order:", "  - lessons/a.py", "  - ../b.py", "  - lessons/c.py")
    assert settings.order == ("lessons/a.py", "lessons/c.py")
    assert str(settings.at("order.lessons/c.py")) == "mkdocs.yml:8"
    assert [finding.location.line for finding in findings] == [7]


def test_two_options_never_share_a_folder() -> None:
    settings, findings = read("lessons: exercises", "exercises: locales", "locales: exercises")
    assert len({settings.lessons, settings.exercises, settings.locales}) == 3
    assert [finding.code for finding in findings] == ["C511"]


@pytest.mark.parametrize(
    ("lines", "first", "ids"),
    [
        ((), "", []),
        (("hub: showcase",), "showcase", ["showcase"]),
        (("hubs: [{id: a, url: 'https://a.org'}, {id: b, url: 'https://b.org'}]",), "a", ["a", "b"]),
        (("hubs: [{id: a, url: 'https://a.org'}, {id: b, url: 'https://b.org'}]", "hub: b"), "b", ["b", "a"]),
        (("hubs: [{id: a, url: 'https://a.org'}]", "hub: none"), "", ["a"]),
        (("hubs: [{id: a, url: 'https://a.org'}]", "hub: showcase"), "showcase", ["showcase", "a"]),
        (("hubs: [{id: showcase, url: 'https://mine.org'}]",), "showcase", ["showcase"]),
        (("hubs: [{id: a, url: 'https://a.org', status: retired}]",), "", []),
    ],
)
def test_hubs_offered(lines: tuple[str, ...], first: str, ids: list[str]) -> None:
    settings, findings = read(*lines)
    assert findings == ()
    assert (settings.hub, [hub.id for hub in settings.hubs]) == (first, ids)


def test_a_hub_of_the_settings_replaces_the_known_one() -> None:
    settings, _ = read("hubs: [{id: showcase, url: 'https://mine.org', name: Mine}]")
    assert settings.hubs == (Hub("showcase", "Mine", "https://mine.org"),)


def test_a_token_in_an_environment_variable_does_not_come_out() -> None:
    text = HEAD + "      repository: !ENV [REPO, '']\n"
    for url in ("https://x:ghp_secret@github.com/o/r", "https://x:ghp_secret@github.com/o/r/tree/main/y"):
        settings, findings = parse_settings(text, environ={"REPO": url})
        assert "ghp_secret" not in repr((settings, findings))


def test_a_default_language_that_is_not_built_is_told_where_the_list_begins() -> None:
    text = HEAD.replace("default: true", "default: true, build: false")
    settings, findings = parse_settings(text)
    assert [(finding.code, finding.location.line) for finding in findings] == [("C514", 3)]
    assert settings.default_language == "en"


def test_every_code_is_explained() -> None:
    sources = Path(__file__).parents[2].glob("catalyst_lessons/core/settings/*.py")
    used = {code for path in sources for code in re.findall(r'"(C5\d\d)"', path.read_text("utf-8"))}
    assert used == set(CODES)
