"""The options of the settings, one by one: the source of the checks, the defaults and the reference table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from catalyst_lessons.core.launching.hubs import INTERFACES
from catalyst_lessons.core.model import Json

OptionKind = Literal[
    "text",
    "text per language",
    "flag",
    "choice",
    "number",
    "folder",
    "path",
    "paths",
    "clone folder",
    "time",
    "month",
    "id",
    "language",
    "languages",
    "repository",
    "branch",
    "branch pattern",
    "hub address",
    "platform address",
    "hubs",
]

EXPECTED: Mapping[str, str] = {
    "text per language": "a text, or a text for each language tag",
    "flag": "true or false",
    "folder": "a folder inside the project",
    "path": "a path inside the project",
    "paths": "a list of paths inside the project",
    "clone folder": "a folder below the learner's home folder",
    "time": 'a time of day such as "09:00"',
    "month": 'a month such as "2026-02"',
    "id": "lower-case letters, digits and hyphens",
    "language": "a language tag such as es or pt-BR",
    "languages": "a list of language tags such as [es, pt-BR]",
    "repository": "the address git clones from",
    "branch": "the name of a branch",
    "branch pattern": "the name of a branch, with {branch} where the pull request's own belongs",
    "hub address": "the https address of a hub's front page",
    "platform address": "an https address, with {language}, {lesson} or {slug} where they belong",
    "hubs": "a list of hubs, each with id and url",
}


@dataclass(frozen=True, slots=True)
class Option:
    """One option: its name, what it takes, what holds when it is left out, and one line about it.

    `lowest` and `highest` bound a number of `unit` and belong to the range.
    """

    name: str
    kind: OptionKind
    default: Json
    help: str
    choices: tuple[str, ...] = ()
    lowest: int = 0
    highest: int = 0
    unit: str = ""
    required: bool = False

    @property
    def expected(self) -> str:
        """What the option takes, in words."""
        if self.kind == "choice":
            return f"one of {', '.join(self.choices)}"
        if self.kind == "number":
            return f"a whole number of {self.unit} from {self.lowest} to {self.highest}"
        return EXPECTED.get(self.kind, "a text")


OPTIONS: tuple[Option, ...] = (
    Option("lessons", "folder", "lessons", "The folder of the lessons."),
    Option("exercises", "folder", "exercises", "The folder of the exercises."),
    Option("locales", "folder", "locales", "The folder of the translation catalogs."),
    Option("glossary", "path", "glossary.yml", "The file with the glossary."),
    Option("order", "paths", (), "The lessons in teaching order; by name when left out."),
    Option(
        "source_language",
        "language",
        "",
        "What sources are written in; the site's default language if left out.",
    ),
    Option("repository", "repository", "", "Where learners' notebooks are pulled from; found out when left out."),
    Option("branch", "branch", "notebooks", "The branch the notebooks are published on."),
    Option("source_branch", "branch", "", "The branch that edit links lead to; found out when left out."),
    Option(
        "target_path",
        "clone folder",
        "",
        "The folder of the clone on a hub; the repository's name when left out.",
    ),
    Option("hubs", "hubs", (), "The hubs your learners can choose from."),
    Option("hub", "text", "", 'The id of the hub offered first, or "none"; the first live one when left out.'),
    Option("binder", "flag", True, "Whether Binder is offered beside the hubs."),
    Option("colab", "flag", True, "Whether Google Colab is offered, where the repository is on GitHub."),
    Option(
        "preview_branch",
        "branch pattern",
        "notebooks-{branch}",
        "The branch that the buttons of a pull request's preview open.",
    ),
    Option(
        "execute",
        "choice",
        "auto",
        "Whether a build runs the notebooks: those that changed, none, or all.",
        choices=("auto", "never", "always"),
    ),
    Option(
        "cell_timeout",
        "number",
        120,
        "Seconds that one cell may run.",
        lowest=1,
        highest=86_400,
        unit="seconds",
    ),
    Option(
        "memory",
        "number",
        2048,
        "MiB of memory that one notebook may use.",
        lowest=64,
        highest=1_048_576,
        unit="MiB",
    ),
    Option(
        "stale",
        "choice",
        "source",
        "What readers see of a text that changed after it was translated: the new text, or the old translation.",
        choices=("source", "old"),
    ),
    Option(
        "switcher_threshold",
        "number",
        0,
        "Percent of the curriculum that a language needs to be offered in the language menu.",
        lowest=0,
        highest=100,
        unit="percent",
    ),
    Option(
        "translation_platform",
        "platform address",
        "",
        "Where volunteers translate; the repository's web editor when left out.",
    ),
    Option("translate_comments", "flag", False, "Whether translators are given the comments in the code as well."),
    Option("license", "text", "CC-BY-4.0", "The license of the lessons, as an SPDX identifier."),
    Option("start", "time", "09:00", "When a teaching day begins."),
    Option(
        "break_every",
        "number",
        90,
        "Minutes of teaching before a break is due.",
        lowest=10,
        highest=600,
        unit="minutes",
    ),
    Option("break_minutes", "number", 15, "Minutes that a break takes.", lowest=0, highest=240, unit="minutes"),
)

HUB_OPTIONS: tuple[Option, ...] = (
    Option("id", "id", "", "A short name for links and for `hub:`.", required=True),
    Option("url", "hub address", "", "The hub's front page, with its path if it has one.", required=True),
    Option("name", "text per language", "", "What learners read on the button; the id when left out."),
    Option("status", "choice", "live", "A retired hub is never offered.", choices=("live", "retired")),
    Option("since", "month", "", "When the status was last known to be so."),
    Option("nbgitpuller", "flag", True, "Whether launch links work there."),
    Option("interface", "choice", "lab", "What a launch link opens.", choices=INTERFACES),
    Option("parent_path", "path", "", "The hub's NBGITPULLER_PARENTPATH, if it has one."),
    Option("region", "text", "", "Where the hub is: what the directory of hubs is sorted by."),
    Option("members_only", "flag", False, "Whether only invited people can log in."),
    Option(
        "software",
        "choice",
        "jupyterhub",
        "What runs there; a BinderHub needs neither account nor nbgitpuller.",
        choices=("jupyterhub", "binderhub"),
    ),
    Option("country", "text", "", "The country, by its ISO 3166 code (`AR`) or its name."),
    Option("languages", "languages", (), "The languages in which people there can help."),
    Option("join", "text per language", "", "Who may join, and how, in a sentence."),
    Option("memory", "number", 0, "GB of memory for one person.", lowest=1, highest=4096, unit="GB"),
    Option("cpu", "number", 0, "Processors for one person.", lowest=1, highest=1024, unit="processors"),
    Option("profile", "text", "", "What to choose when the hub asks for a profile."),
    Option("contact", "text", "", "Whom to ask: an e-mail address, a web address, or a text."),
)

LANGUAGE_OPTIONS: tuple[Option, ...] = (
    Option("locale", "language", "", "The language tag.", required=True),
    Option("name", "text", "", "The language's own name for itself.", required=True),
    Option("default", "flag", False, "Whether it is the language of the site's front page."),
    Option("build", "flag", True, "Whether its pages are built."),
)

# What people write in our block although it has its place elsewhere.
ELSEWHERE: Mapping[str, str] = {
    "languages": "the languages stand under the i18n plugin",
    "language": "the languages stand under the i18n plugin",
    "default_language": "mark the default language with `default: true` under the i18n plugin",
    "title": "the title is `site_name`, at the top of the file",
    "site_name": "`site_name` stands at the top of the file, outside `plugins`",
    "site_url": "`site_url` stands at the top of the file, outside `plugins`",
    "nav": "`nav` stands at the top of the file, outside `plugins`; for the lessons use `order`",
    "timeout": "the limit for one cell is `cell_timeout`, in seconds",
}

# Every finding about the settings, for the reference.
CODES: Mapping[str, str] = {
    "C501": "The settings are not YAML",
    "C502": "A part of the file has another shape than MkDocs expects",
    "C503": "The plugin catalyst-lessons is missing",
    "C504": "The plugin i18n is missing",
    "C505": "An option that does not exist",
    "C506": "Something that stands twice",
    "C507": "A value of the wrong type",
    "C508": "A number out of range",
    "C509": "A choice that does not exist",
    "C510": "A text of the wrong form",
    "C511": "A path that is no good",
    "C512": "An address that git cannot clone from",
    "C513": "A branch that cannot be pulled",
    "C514": "Not exactly one default language",
    "C515": "A language tag that the i18n plugin does not take",
    "C516": "A language that stands twice",
    "C517": "Pages that are not in one folder per language",
    "C518": "A hub that is not known",
    "C519": "An address that is not that of a hub",
    "C520": "A hub id that cannot be used",
    "C521": "A hub that is retired",
    "C522": "Something required that is missing",
    "C523": "Settings that stand in another file",
}
