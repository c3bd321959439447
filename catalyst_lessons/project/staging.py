"""The staging tree: every page of every language as plain Markdown, with its notebooks, pictures and styles."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from catalyst_lessons import __version__
from catalyst_lessons.core.model import Cell, Language, Lesson
from catalyst_lessons.core.rendering import overviews
from catalyst_lessons.core.rendering.cells import Surroundings, render_cells
from catalyst_lessons.core.rendering.dates import localized_date
from catalyst_lessons.core.rendering.glosses import Gloss, glosses
from catalyst_lessons.core.rendering.hub_directory import hubs_page
from catalyst_lessons.core.rendering.launch_bar import Launch
from catalyst_lessons.core.rendering.outputs import attachments_of, pictures_in
from catalyst_lessons.core.rendering.overviews import Overview
from catalyst_lessons.core.rendering.pages import PageParts, render_page
from catalyst_lessons.core.rendering.status import status_page
from catalyst_lessons.core.report import Finding, Run
from catalyst_lessons.core.schedule import plan
from catalyst_lessons.core.sitemap import FILES, HUBS, NOTEBOOKS, PICTURES, STATUS, relative
from catalyst_lessons.project.addresses import Addresses, by_name
from catalyst_lessons.project.notebooks import notebook_tree
from catalyst_lessons.project.progress import rows
from catalyst_lessons.project.project import Project
from catalyst_lessons.project.translations import THEME, Translated, words_in

STYLES = ("assets/catalyst/catalyst.css",)
SCRIPTS = ("assets/catalyst/catalyst.js", "assets/catalyst/launch.js")
EARLY_SCRIPTS = ("assets/catalyst/requests.js",)
"""Scripts that have to come before Material's own."""


@dataclass(slots=True)
class Stage:
    """The files of a staging tree, the source each came from, its pages, and what was wrong on the way."""

    contents: dict[str, bytes] = field(default_factory=dict)
    sources: dict[str, str] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    stamps: dict[str, str] = field(default_factory=dict)

    def put(self, path: str, text: str, *, source: str = "") -> None:
        """Add a text file."""
        # What was read from JSON may hold halves of characters, which UTF-8 cannot write.
        self.contents[path] = text.encode(errors="replace")
        self.sources[path] = source

    def stamp(self, page: str) -> str:
        """A build stamp for a page: what the check of the built site looks for."""
        self.stamps[page] = hashlib.sha256(f"{__version__}:{page}".encode()).hexdigest()[:12]
        return self.stamps[page]


def stage(project: Project, runs: dict[str, Run]) -> Stage:
    """The whole staging tree of a curriculum, from its sources and the runs of its notebooks by "path form"."""
    result = Stage()
    addresses = Addresses(project.root, project.sitemap, by_name(project.curriculum.sources))
    for language in project.languages:
        writer = _LanguageStage(project, language, addresses, runs, result)
        writer.sources()
        writer.overviews()
    _pictures(project, runs, result)
    for path in sorted(addresses.files):
        result.contents[f"{FILES}/{path}"] = (project.root / path).read_bytes()
        result.sources[f"{FILES}/{path}"] = path
    tree = notebook_tree(project)
    result.contents |= {f"{NOTEBOOKS}/{path}": content for path, content in tree.contents.items()}
    result.findings += tree.findings
    result.contents |= dict(theme_assets())
    return result


def theme_assets() -> Iterator[tuple[str, bytes]]:
    """The styles and scripts of the pages, by their path in the site."""
    for path in (*STYLES, *SCRIPTS, *EARLY_SCRIPTS):
        yield path, (THEME / path).read_bytes()


def _pictures(project: Project, runs: dict[str, Run], result: Stage) -> None:
    """Every picture that a page shows, once: those of outputs, and those pasted into cells."""
    drawn = (pictures_in(outputs) for run in runs.values() for outputs in run.outputs.values())
    pasted = (attachments_of(cell).values() for lesson in project.curriculum.sources for cell in lesson.cells)
    for pictures in (*drawn, *pasted):
        for picture in pictures:
            result.contents[f"{PICTURES}/{picture.name}"] = picture.content


@dataclass(slots=True)
class _LanguageStage:
    """The pages of one language."""

    project: Project
    language: Language
    addresses: Addresses
    runs: dict[str, Run]
    result: Stage

    def sources(self) -> None:
        """A page for each source."""
        for source in self.project.curriculum.sources:
            translated = self.project.in_language(source, self.language)
            self.result.findings += translated.findings
            page = self.project.sitemap.page(source, self.language)
            self.result.put(page, self._page(translated, page), source=translated.source or source.path)

    def _page(self, translated: Translated, page: str) -> str:
        original, lesson = translated.original, translated.lesson
        run = self._run(original, "lesson")
        around = self._around(translated, page, run)
        parts = PageParts(
            self.language,
            around,
            self.result.stamp(page),
            launch=self._launch(original, page),
            coverage=translated.share,
            outdated=translated.outdated,
            edit=self.project.edit_url(original.path),
            edit_translation=self.project.translation_url(translated),
            date=localized_date(original.front.date, self.language) if original.front.date else "",
            exercises=tuple(self._exercises(original, page)),
            after=self._home(original, page),
        )
        if "solution" in self.project.forms(original):
            parts = replace(parts, solution=self._solution(translated, page))
            lesson = self.project.in_form(lesson, "starter")
        return render_page(lesson, parts)

    def _around(self, translated: Translated, page: str, run: Run | None) -> Surroundings:
        return Surroundings(
            words_in(self.language.tag, self.project.locales),
            translated.original.kernel,
            self.addresses.for_page(translated.original, self.language, page),
            f"{relative(PICTURES, page)}/",
            self._outputs(translated, run),
            translated.heading_ids,
            self._glosses(translated.original, page),
        )

    def _glosses(self, lesson: Lesson, page: str) -> tuple[Gloss, ...]:
        """The words of the glossary, for lessons and exercises."""
        glossary = relative(self.project.sitemap.overview("glossary", self.language), page)
        terms = () if lesson.role == "page" else self.project.curriculum.glossary
        return glosses(terms, self.language, address=glossary)

    def _outputs(self, translated: Translated, run: Run | None) -> dict[str, tuple[object, ...]]:
        """Outputs by the ids of the cells shown: a hand-written translation has other cells with the same code."""
        if run is None:
            return {}
        same = zip(translated.lesson.code_cells, translated.original.code_cells, strict=False)
        return {
            shown.id: run.outputs[ran.id] for shown, ran in same if ran.id in run.outputs and shown.source == ran.source
        }

    def _run(self, lesson: Lesson, form: str) -> Run | None:
        return self.runs.get(f"{lesson.path} {form}")

    def _launch(self, lesson: Lesson, page: str) -> Launch | None:
        launch = self.project.launch(lesson, self.language)
        if launch is None:
            return None
        notebook = self.project.sitemap.staged_notebook(lesson, self.project.forms(lesson)[0], self.language)
        return replace(launch, download=relative(notebook, page))

    def _exercises(self, lesson: Lesson, page: str) -> Iterator[tuple[str, str]]:
        for exercise in self.project.curriculum.exercises_of(lesson):
            view = self._view(page)
            title = view.title(self.project.in_language(exercise, self.language).lesson)
            yield title, relative(self.project.sitemap.page(exercise, self.language), page)

    def _solution(self, translated: Translated, page: str) -> str:
        """The cells of the solution that the starter does not have as they are, with their outputs."""
        lesson, original = translated.lesson, translated.original
        starter = {cell.id: cell.source for cell in self.project.in_form(lesson, "starter").cells}
        solved = self.project.in_form(lesson, "solution")
        different = [cell for cell in solved.cells if starter.get(cell.id) != cell.source]
        around = self._around(
            replace(translated, lesson=solved, original=self.project.in_form(original, "solution")),
            page,
            self._run(original, "solution"),
        )
        return render_cells(map(_without_solution_tag, different), around)

    def _home(self, lesson: Lesson, page: str) -> str:
        """What the home page ends with: the lessons."""
        if page != self.project.sitemap.overview("index", self.language):
            return ""
        return overviews.lesson_list(self._lessons(), self._view(page))

    def overviews(self) -> None:
        """The pages made from all lessons, and a home page where nobody wrote one."""
        settings, curriculum = self.project.settings, self.project.curriculum
        lessons, exercises = self._lessons(), self._lessons(curriculum.exercises)
        slots = plan(
            lessons,
            start=settings.start,
            break_every=settings.break_every,
            break_minutes=settings.break_minutes,
        )
        glossary = partial(overviews.glossary_page, curriculum.glossary, source_language=settings.source_language)
        self._overview("schedule", partial(overviews.schedule_page, slots))
        self._overview("objectives", partial(overviews.objectives_page, lessons))
        self._overview(f"{settings.exercises}/index", partial(overviews.exercises_page, exercises, lessons))
        self._overview("glossary", glossary)
        self._overview(HUBS, self._hubs)
        self._overview("print", self._everything)
        if len(self.project.languages) > 1:
            named = [replace(row, lesson=self._lessons([row.lesson])[0]) for row in rows(self.project)]
            self._overview(STATUS, partial(status_page, named))
        home = self.project.sitemap.overview("index", self.language)
        if home not in self.result.contents:
            self._overview("index", lambda view: view.page(settings.title, overviews.lesson_list(lessons, view)))

    def _hubs(self, view: Overview) -> str:
        """The hubs of the curriculum, then those that everybody knows."""
        page = self.project.sitemap.overview(HUBS, self.language)
        first = next(iter(self.project.curriculum.lessons), None) if self.project.repository else None
        lesson = relative(self.project.sitemap.page(first, self.language), page) if first else ""
        return hubs_page(self.project.all_hubs, view, lesson=lesson)

    def _overview(self, name: str, render: Callable[[Overview], str]) -> None:
        page = self.project.sitemap.overview(name, self.language)
        if page not in self.result.contents:
            self.result.put(page, render(self._view(page)))

    def _view(self, page: str) -> Overview:
        sitemap, language = self.project.sitemap, self.language
        return Overview(
            language,
            words_in(language.tag, self.project.locales),
            self.result.stamp(page),
            lambda lesson: relative(sitemap.page(lesson, language), page),
            lambda lesson: Surroundings(
                words_in(language.tag, self.project.locales), resolve=self.addresses.for_page(lesson, language, page)
            ),
        )

    def _lessons(self, lessons: Sequence[Lesson] | None = None) -> list[Lesson]:
        originals = self.project.curriculum.lessons if lessons is None else lessons
        return [self.project.in_language(lesson, self.language).lesson for lesson in originals]

    def _everything(self, view: Overview) -> str:
        page = self.project.sitemap.overview("print", self.language)
        bodies = []
        for lesson in self.project.curriculum.lessons:
            translated = self.project.in_language(lesson, self.language)
            around = self._around(translated, page, self._run(lesson, "lesson"))
            prefix = lesson.name.rpartition("/")[2].replace(".", "-")
            around = replace(
                around,
                heading_ids={cell: tuple(f"{prefix}-{one}" for one in ids) for cell, ids in around.heading_ids.items()},
                resolve=_in_print(around.resolve, prefix),
            )
            bodies.append((translated.lesson, render_cells(translated.lesson.cells, around)))
        return overviews.print_page(bodies, view)


def _in_print(resolve: Callable[[str], str], prefix: str) -> Callable[[str], str]:
    """Anchors of the same lesson, which have the lesson's name before them on the page for printing."""
    return lambda target: f"#{prefix}-{target[1:]}" if target.startswith("#") and len(target) > 1 else resolve(target)


def _without_solution_tag(cell: Cell) -> Cell:
    """The cell as it stands inside the folded solution, where it need not be folded once more."""
    return replace(cell, tags=tuple(tag for tag in cell.tags if tag != "solution"))


def stage_folder(project: Project) -> Path:
    """Where the MkDocs plugin stages a project."""
    from catalyst_lessons.project.layout import CACHE

    return project.root / CACHE / "staging"
