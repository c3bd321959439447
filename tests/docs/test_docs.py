"""The documentation keeps up: commands, options, settings, keys and finding codes are told, and no link is dead."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import click
import pytest

from catalyst_lessons.adapters import cli
from catalyst_lessons.core.checks import RULES
from catalyst_lessons.core.frontmatter import KEYS
from catalyst_lessons.core.model import Location
from catalyst_lessons.core.report import Report, Run
from catalyst_lessons.core.report.formats import render
from catalyst_lessons.core.settings.options import HUB_OPTIONS, LANGUAGE_OPTIONS, OPTIONS, Option

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = tuple(
    sorted(
        [
            *DOCS.glob("*.md"),
            *(ROOT / f"{name}.md" for name in ("README", "CONTRIBUTING", "CHANGELOG", "LICENSE-LESSONS")),
        ]
    )
)
CODE = re.compile(r"[\"']([LTXHCA]\d{3})[\"']")
FENCE = re.compile(r"^( *)(`{3,}|~{3,}).*?^\1\2`*[ \t]*$", re.M | re.S)
# Keys that no code names in a list, because they are read where they are used.
OTHER_KEYS = ("translation_of",)


def prose(text: str) -> str:
    """The text without fenced code."""
    return FENCE.sub("", text)


def sections(text: str) -> dict[str, str]:
    """What stands below each heading of level 2, by the heading."""
    parts = re.split(r"^## (.+)$", prose(text), flags=re.M)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def anchors(text: str) -> set[str]:
    """The ids of the headings, as GitHub and GitLab make them."""
    found: set[str] = set()
    for heading in re.findall(r"^#{1,6} (.+)$", prose(text), flags=re.M):
        plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).replace("`", "").strip().lower()
        name = re.sub(r"[^\w\- ]", "", plain).replace(" ", "-")
        found.add(name if name not in found else f"{name}-1")
    return found


def targets(text: str) -> Iterator[str]:
    """The relative links of a page; inline code is no link."""
    without_code = re.sub(r"(`+)(?!`).+?(?<!`)\1(?!`)", "", prose(text))
    for target in re.findall(r"\]\(([^)\s]+)\)", without_code):
        if not re.match(r"[a-z]+:|//", target):
            yield target


def commands(group: click.Group, name: str = "catalyst") -> Iterator[tuple[str, click.Command]]:
    """Every command with its whole name."""
    yield name, group
    for command in group.commands.values():
        if isinstance(command, click.Group):
            yield from commands(command, f"{name} {command.name}")
        else:
            yield f"{name} {command.name}", command


def undocumented_commands(group: click.Group, text: str) -> list[str]:
    """Commands without a section of their own, and options that are not in it."""
    told = {re.sub(r" [\[A-Z].*$", "", heading): body for heading, body in sections(text).items()}
    missing = []
    for name, command in commands(group):
        missing += [] if name in told else [name]
        for option in command.params:
            flags = [flag for flag in option.opts if flag.startswith("--")] if isinstance(option, click.Option) else []
            missing += [f"{name} {flag}" for flag in flags if f"`{flag}" not in told.get(name, "")]
    return missing


def unknown_commands(group: click.Group, text: str) -> list[str]:
    """Commands and options that have a section, or a place in it, and do not exist."""
    known = dict(commands(group))
    extra = []
    for heading, body in sections(text).items():
        name = re.sub(r" [\[A-Z].*$", "", heading)
        if not name.startswith("catalyst"):
            continue
        flags = {flag for option in getattr(known.get(name), "params", ()) for flag in option.opts} | {"--help"}
        extra += [] if name in known else [name]
        extra += [f"{name} {flag}" for flag in re.findall(r"^\| `(--[\w-]+)", body, flags=re.M) if flag not in flags]
    return extra


def undocumented_options(options: tuple[Option, ...], text: str) -> list[str]:
    """Options without a row in a table, or whose row does not say what they take and what holds without them."""
    missing = []
    for option in options:
        row = re.search(rf"^\| `{option.name}` \|.*$", text, flags=re.M)
        default = str(option.default).lower() if isinstance(option.default, bool) else str(option.default or "")
        wanted = (option.expected, f"`{default}`" if default and option.default != () else "")
        missing += [] if row and all(part in row[0] for part in wanted) else [option.name]
    return missing


def undocumented_keys(text: str) -> list[str]:
    """Front matter keys without a row in the table."""
    return [key for key in (*KEYS, *OTHER_KEYS) if not re.search(rf"^\| `{key}` \|", text, flags=re.M)]


def codes_in_code() -> set[str]:
    """Every finding code that the package uses."""
    return {
        code for path in (ROOT / "catalyst_lessons").rglob("*.py") for code in CODE.findall(path.read_text("utf-8"))
    }


def documented_codes(text: str) -> dict[str, str]:
    """The text of each code that has a heading."""
    return {
        heading[:4]: f"{heading}\n{body}"
        for heading, body in sections(text).items()
        if re.match(r"[A-Z]\d{3} ", heading)
    }


def dead_links(page: Path, text: str) -> list[str]:
    """Relative links whose file, or whose heading in it, is not there."""
    dead = []
    for target in targets(text):
        path, _, anchor = unquote(target).partition("#")
        file = (page.parent / path) if path else page
        if not file.exists() or (anchor and anchor not in anchors(text if file == page else file.read_text("utf-8"))):
            dead.append(target)
    return dead


def missing_dev_commands(text: str) -> list[str]:
    """Those of the two commands for newcomers that no fence shows on a line of its own."""
    shown = "\n".join(match[0] for match in FENCE.finditer(text))
    return [name for name in ("serve", "test") if not re.search(rf"^\./dev {name}$", shown, flags=re.M)]


@pytest.fixture(scope="module")
def group() -> click.Group:
    cli._load_commands()
    return cli.catalyst


def read(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def test_every_command_and_option_is_told(group: click.Group) -> None:
    assert undocumented_commands(group, read("docs/command-line.md")) == []


def test_no_command_is_told_that_does_not_exist(group: click.Group) -> None:
    assert unknown_commands(group, read("docs/command-line.md")) == []


def test_every_setting_is_told_with_what_it_takes_and_its_default() -> None:
    parts = sections(read("docs/settings.md"))
    assert undocumented_options(OPTIONS, parts["Options of catalyst-lessons"]) == []
    assert undocumented_options(HUB_OPTIONS, parts["Options of a hub"]) == []
    assert undocumented_options(LANGUAGE_OPTIONS, parts["Languages"]) == []


def test_no_setting_is_told_that_does_not_exist() -> None:
    known = {option.name for option in (*OPTIONS, *HUB_OPTIONS, *LANGUAGE_OPTIONS)}
    parts = sections(read("docs/settings.md"))
    tables = "".join(parts[name] for name in ("Options of catalyst-lessons", "Options of a hub", "Languages"))
    assert set(re.findall(r"^\| `(\w+)` \|", tables, flags=re.M)) == known


def test_every_front_matter_key_is_told() -> None:
    assert undocumented_keys(sections(read("docs/lessons.md"))["Front matter"]) == []


def test_every_finding_code_has_a_heading_and_no_other_has() -> None:
    documented = set(documented_codes(read("docs/findings.md")))
    assert sorted(codes_in_code() - documented) == []
    assert sorted(documented - codes_in_code()) == []


def test_findings_tell_the_severity_that_their_rule_has() -> None:
    documented = documented_codes(read("docs/findings.md"))
    wrong = [rule.code for rule in RULES if f"*{rule.severity.capitalize()}" not in documented.get(rule.code, "")]
    assert wrong == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_no_link_is_dead(page: Path) -> None:
    assert dead_links(page, page.read_text("utf-8")) == []


def test_the_map_of_the_documentation_names_every_page() -> None:
    linked = set(targets(read("docs/index.md")))
    assert sorted({page.name for page in DOCS.glob("*.md")} - linked - {"index.md"}) == []


def test_the_readme_has_the_two_commands() -> None:
    assert missing_dev_commands(read("README.md")) == []


# Each check must be seen to fail: on a fault put in on purpose.


def test_a_command_that_is_not_told_is_found(group: click.Group) -> None:
    text = read("docs/command-line.md")
    without_option = re.sub(r"^\| `--junit.*\n", "", text, flags=re.M)
    assert undocumented_commands(group, without_option) == ["catalyst check --junit"]
    without_command = text.replace("## catalyst links make", "## Something else")
    assert "catalyst links make" in undocumented_commands(group, without_command)


def test_a_command_that_does_not_exist_is_found(group: click.Group) -> None:
    text = read("docs/command-line.md").replace("| `--junit FILE`", "| `--pdf FILE`") + "\n## catalyst fly\n"
    assert unknown_commands(group, text) == ["catalyst check --pdf", "catalyst fly"]


def test_a_setting_that_is_not_told_or_has_another_default_is_found() -> None:
    table = sections(read("docs/settings.md"))["Options of catalyst-lessons"]
    assert undocumented_options(OPTIONS, re.sub(r"^\| `branch`.*\n", "", table, flags=re.M)) == ["branch"]
    assert undocumented_options(OPTIONS, table.replace("`2048`", "`1024`")) == ["memory"]


def test_a_key_that_is_not_told_is_found() -> None:
    table = sections(read("docs/lessons.md"))["Front matter"]
    assert undocumented_keys(re.sub(r"^\| `keypoints`.*\n", "", table, flags=re.M)) == ["keypoints"]


def test_a_code_without_a_heading_is_found() -> None:
    text = read("docs/findings.md")
    assert "L101" not in documented_codes(text.replace("## L101 ", "### L101 "))
    assert "L199" in documented_codes(text + "\n## L199 A code that no code uses\n")


def test_dead_links_are_found(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    (tmp_path / "other.md").write_text("# Other\n\n## Here we are\n")
    links = "[a](other.md#here-we-are) [b](nowhere.md) [c](other.md#there) [d](#gone)"
    text = f"{links} `[e](code.md)`\n\n```\n[f](fence.md)\n```\n"
    assert dead_links(page, text) == ["nowhere.md", "other.md#there", "#gone"]


def test_a_command_that_the_readme_lacks_is_found() -> None:
    assert missing_dev_commands(read("README.md").replace("./dev test", "./dev tests")) == ["test"]


def installed_by_bare_name(text: str) -> list[str]:
    """Calls of pip that name this package as if it were in a package index: anybody may put another one there."""
    return re.findall(r"pip install [^`\n]*?(?<![\w./-])catalyst-lessons\b(?! @)", text)


def test_nobody_is_told_to_install_what_is_in_no_index() -> None:
    sources = [*PAGES, *(ROOT / "catalyst_lessons").rglob("*.py")]
    assert {file.name: found for file in sources if (found := installed_by_bare_name(file.read_text("utf-8")))} == {}
    assert installed_by_bare_name("`pip install 'catalyst-lessons[dask]'`")
    assert not installed_by_bare_name(
        "`pip install ./catalyst-lessons`, `pip install 'catalyst-lessons @ git+https://x'`"
    )


@pytest.mark.parametrize("page", ["README.md", "docs/checking.md"])
def test_a_failed_lesson_is_told_as_the_program_tells_it(page: str) -> None:
    place = Location("lessons/01-first-steps.md", 24)
    what = {"error": "NameError", "message": "name 'three' is not defined", "cell": 1, "excerpt": "----> 24 2 + three"}
    run = Run(place.path, "failed", language="en", seconds=1.4, location=place, **what)
    told = render(Report((run,)), "text").partition("\n\n")[0]
    assert told in (ROOT / page).read_text("utf-8")
