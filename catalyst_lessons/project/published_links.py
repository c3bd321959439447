"""Launch links against what is really published: the branch as hubs pull it, and links that people wrote in prose."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from catalyst_lessons.core.errors import UsageError
from catalyst_lessons.core.launching.hubs import Hub, check_hub_url
from catalyst_lessons.core.launching.links import LaunchLink, parse_link
from catalyst_lessons.core.links import links_in
from catalyst_lessons.core.model import Lesson, Location
from catalyst_lessons.core.report import Finding
from catalyst_lessons.files.notebook_branch import NotebookBranch
from catalyst_lessons.project.launching import LaunchRow
from catalyst_lessons.project.project import Project
from catalyst_lessons.project.publishing import lost_commits, notebook_branch, published_paths, rewritten, whole_tree

PUBLISH = "publish it with `catalyst notebooks publish --push`"


def check_published(project: Project, rows: Sequence[LaunchRow]) -> tuple[Finding, ...]:
    """What stands between the links and the notebooks on the branch as this clone last saw it; no network."""
    branch = notebook_branch(project)
    if not branch.in_repository:
        return ()
    tips = branch.tips()
    paths = published_paths(branch, tips)
    if paths is None:
        return (_no_branch(project, branch),)
    wanted = {row.link.path: row for row in rows if row.link.interface != "rstudio"}
    missing = (_not_published(row, branch) for path, row in wanted.items() if path not in paths)
    lost = lost_commits(branch, tips)
    return (*((rewritten(branch, lost),) if lost else ()), *missing)


def check_written(project: Project) -> tuple[Finding, ...]:
    """What is wrong with launch links that people wrote into lessons by hand."""
    sources = project.curriculum.sources
    written = [(lesson, line, url) for lesson in sources for line, url in _written(lesson)]
    if not written:
        return ()
    known = set(whole_tree(project).contents)
    return tuple(
        finding
        for lesson, line, url in written
        for finding in link_findings(project, url, lesson.at(line), published=known)
    )


def link_findings(project: Project, url: str, place: Location, *, published: Collection[str]) -> Iterator[Finding]:
    """What keeps one launch link from opening a notebook; whether it is ours or leads elsewhere."""
    hub = _hub_of(project, url)
    try:
        link = parse_link(url, parent_path=hub.parent_path if hub else "")
        check_hub_url(link.hub)
    except UsageError as error:
        yield Finding("H414", f"a launch link does not work: {error.message}", place, error.hint)
        return
    if hub and not hub.live:
        hint = "leave the link to the launch button, which knows which hubs are there"
        yield Finding("H416", f'a launch link leads to the hub "{hub.id}", which is retired', place, hint)
    if project.repository and link.repository.page == project.repository.page:
        yield from _ours(project, link, place, published)


def _ours(project: Project, link: LaunchLink, place: Location, published: Collection[str]) -> Iterator[Finding]:
    """What is wrong with a link to this curriculum's own notebooks."""
    expected = project.branch
    if link.branch != expected:
        message = f'a launch link pulls the branch "{link.branch}", expected "{expected}"'
        yield Finding("H417", message, place, f"write branch={expected}")
    elif link.path and link.path not in published and not any(path.startswith(f"{link.path}/") for path in published):
        message = f"a launch link opens {link.path}, which is not among the notebooks"
        yield Finding("H410", message, place, "see what `catalyst notebooks write DIR` writes")


def _written(lesson: Lesson) -> Iterator[tuple[int, str]]:
    """The launch links in a source, each with its line."""
    for cell in lesson.cells:
        for link in links_in(cell.source) if cell.kind == "markdown" else ():
            if "/git-pull?" in link.target and link.external:
                yield cell.line_of(link.line), link.target


def _hub_of(project: Project, url: str) -> Hub | None:
    """The hub an address leads to, as far as we know it."""
    return next((hub for hub in project.all_hubs if url.startswith(f"{hub.url.rstrip('/')}/")), None)


def _no_branch(project: Project, branch: NotebookBranch) -> Finding:
    message = f'the branch "{branch.name}" that launch links pull is not there, or not in this clone'
    return Finding("H412", message, project.settings.at("branch"), PUBLISH, "warning")


def _not_published(row: LaunchRow, branch: NotebookBranch) -> Finding:
    message = f'the launch links open {row.link.path}, which is not on the branch "{branch.name}" yet'
    return Finding("H411", message, row.lesson.at(), PUBLISH)
