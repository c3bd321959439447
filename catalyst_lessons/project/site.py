"""Staging a curriculum on disk, its navigation, and the check that the built site has every page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from catalyst_lessons.core.model import Language, Location
from catalyst_lessons.core.report import Finding, Run, in_order
from catalyst_lessons.core.sitemap import HUBS, STATUS, address
from catalyst_lessons.files.site import write_tree
from catalyst_lessons.project.layout import CACHE, SETTINGS
from catalyst_lessons.project.project import Project
from catalyst_lessons.project.running import Done, runs_for_pages
from catalyst_lessons.project.staging import Stage, stage
from catalyst_lessons.project.translations import words_in

_STAMP = re.compile(r'class="?catalyst-stamp"? data-stamp="?(?P<stamp>[0-9a-f]{12})')

# The plain pages that have their place in the navigation; further ones stand under "Reference".
_KNOWN_PAGES = ("index", "setup", "references")
# The pages made from all lessons, in whose place somebody may write another.
_OVERVIEWS = ("schedule", "objectives", "glossary", "print", HUBS, STATUS)


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the navigation: an interface word, and pages without the folder of their language."""

    word: str
    pages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StagedSite:
    """A staging tree on disk: the stamp of each page, and every finding and failed run on the way."""

    folder: Path
    stamps: dict[str, str]
    findings: tuple[Finding, ...]


def stage_site(project: Project, folder: Path, *, on_done: Done = lambda _: None) -> StagedSite:
    """Bring the staging tree in a folder up to date; only files whose bytes change are written."""
    runs = runs_for_pages(project, on_done=on_done)
    result = staged_contents(project, runs)
    ours = folder.resolve().is_relative_to(project.root / CACHE)
    write_tree(folder, result.contents, sources=result.sources, ours=ours)
    failed = (
        Finding(
            "X305",
            f"{run.outcome}: {run.error}: {run.message}" + (f"\n    | {run.excerpt}" if run.excerpt else ""),
            run.location or Location(run.path),
            f"correct it, then run it again with `catalyst check {run.path}`",
        )
        for run in runs.values()
        if not run.good
    )
    findings = in_order((*project.problems, *project.reading.findings, *result.findings, *failed))
    return StagedSite(folder, result.stamps, findings)


def staged_contents(project: Project, runs: dict[str, Run] | None = None) -> Stage:
    """The staging tree in memory, with the outputs of these runs; nothing is written."""
    return stage(project, runs_for_pages(project) if runs is None else runs)


def navigation(project: Project) -> tuple[str | Section, ...]:
    """The pages of every language in the order of the menu."""
    language = project.languages[0]
    pages = {_bare(project.sitemap.page(page, language)) for page in project.curriculum.pages}
    lessons = tuple(_bare(project.sitemap.page(one, language)) for one in project.curriculum.lessons)
    exercises = tuple(_bare(project.sitemap.page(one, language)) for one in project.curriculum.exercises)
    others = tuple(sorted(pages - {f"{name}.md" for name in (*_KNOWN_PAGES, *_OVERVIEWS)}))
    references = ("references.md",) if "references.md" in pages else ()
    status = (f"{STATUS}.md",) if len(project.languages) > 1 else ()
    reference = ("objectives.md", "glossary.md", f"{HUBS}.md", *references, *others, *status, "print.md")
    return (
        "index.md",
        *(("setup.md",) if "setup.md" in pages else ()),
        "schedule.md",
        Section("Lessons", lessons),
        Section("Exercises", (f"{project.settings.exercises}/index.md", *exercises)),
        Section("Reference", reference),
    )


def check_built_site(project: Project, site: Path, stamps: dict[str, str]) -> tuple[Finding, ...]:
    """A finding for each page whose build stamp is not in the built site: a generator that dropped us fails loudly."""
    found = set(_stamps_in(site.rglob("*.html")))
    return tuple(_lost(project, page) for page, stamp in stamps.items() if stamp not in found)


def _lost(project: Project, page: str) -> Finding:
    where = address(page, project.sitemap.folder(project.languages[0])) or "the home page"
    message = f"the built site has no page {where} (staged as {page})"
    hint = "is the plugin catalyst-lessons listed in mkdocs.yml, and does the generator run MkDocs plugins?"
    return Finding("A690", message, Location(SETTINGS), hint)


def _stamps_in(pages: Iterable[Path]) -> Iterator[str]:
    for page in pages:
        match = _STAMP.search(page.read_text(encoding="utf-8", errors="replace"))
        if match:
            yield match.group("stamp")


def _bare(page: str) -> str:
    return page.partition("/")[2]


def translated_section(section: Section, language: Language, locales: Path | None = None) -> str:
    """A section's name in a language, by the curriculum's own words first."""
    return words_in(language.tag, locales)(section.word)
