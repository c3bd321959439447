"""The notebook tree as hubs and Binder pull it, and the commits that bring it to its branch."""

from __future__ import annotations

import importlib.metadata
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from catalyst_lessons.core.errors import UsageError
from catalyst_lessons.core.launching.publishing import (
    MANIFEST,
    REQUIREMENTS,
    RUNTIME,
    Needs,
    check_collisions,
    imports_of,
    kept_files,
    manifest_of,
    needs_of,
    requirements,
    without_shadowed,
)
from catalyst_lessons.core.model import Language, Location
from catalyst_lessons.core.rendering.preflight import render_preflight
from catalyst_lessons.core.report import Finding
from catalyst_lessons.files.inside import is_hidden, leads_to, may_be_shown
from catalyst_lessons.files.notebook_branch import NotebookBranch, Tips
from catalyst_lessons.project.layout import SETTINGS
from catalyst_lessons.project.notebooks import NotebookTree, declared_data, notebook_tree
from catalyst_lessons.project.project import Project
from catalyst_lessons.project.translations import THEME, words_in

BINDER_FOLDERS = ("binder", ".binder")
"""Where repo2docker looks first; what a curriculum has there stands in for what we would write."""

LICENSES = ("LICENSE-LESSONS.md", "LICENSE-LESSONS", "LICENSE.md", "LICENSE.txt", "LICENSE", "COPYING")
IGNORED = b".ipynb_checkpoints/\n__pycache__/\n"
PREFLIGHT = "preflight.ipynb"


@dataclass(frozen=True, slots=True)
class Published:
    """What a call of `publish` did or, with `check`, would do: the paths that differ and the commit, "" for none."""

    changed: tuple[str, ...] = ()
    commit: str = ""
    findings: tuple[Finding, ...] = ()
    pushed: bool = False

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return not any(finding.severity == "error" for finding in self.findings)


def whole_tree(project: Project, *, before: str = "") -> NotebookTree:
    """The notebook tree with all that stands on its branch; `before` is the last published `requirements.txt`."""
    tree = notebook_tree(project)
    needs = lesson_needs(project, before=before)
    for language in project.languages:
        tree.contents[f"{language.folder}/{PREFLIGHT}"] = preflight_of(project, needs, language).encode()
        tree.contents[f"{language.folder}/README.md"] = readme(project, language).encode()
    tree.contents["README.md"] = front_readme(project).encode()
    tree.contents[".gitignore"] = IGNORED
    tree.contents |= dict(_license(project.root))
    tree.contents |= dict(_binder(project.root)) or environment_files(needs)
    tree.findings += _not_installed(needs)
    check_collisions(tree.contents)
    return tree


def lesson_needs(project: Project, *, before: str = "") -> Needs:
    """What the lessons and exercises import, as it is installed here."""
    sources = project.curriculum.lessons + project.curriculum.exercises
    own = {Path(path).stem for lesson in sources for path in declared_data(lesson) if path.endswith(".py")}
    modules = imports_of(sources)
    known = importlib.metadata.packages_distributions() if modules else {}
    found = {module: known.get(module, []) for module in modules}
    versions = {name: importlib.metadata.version(name) for names in found.values() for name in names}
    return needs_of(
        modules, distributions=found, versions=versions, own=own, declared=_declared(project.root), before=before
    )


def _declared(root: Path) -> str:
    """Where a curriculum may say which versions it needs."""
    files = (root / name for name in ("requirements.txt", "pyproject.toml") if may_be_shown(root, name))
    return "\n".join(path.read_text(encoding="utf-8", errors="replace") for path in files)


def preflight_of(project: Project, needs: Needs, language: Language) -> str:
    """The preflight notebook in a language."""
    source = (THEME / "preflight.py").read_text(encoding="utf-8")
    memory, title = project.settings.memory, project.settings.title
    words = words_in(language.tag)
    return render_preflight(source, needs, memory=memory, language=language, words=words, curriculum=title)


def readme(project: Project, language: Language) -> str:
    """Whose notebooks these are and what may be done with them, in a language."""
    words, settings = words_in(language.tag), project.settings
    sources = project.curriculum.lessons + project.curriculum.exercises
    authors = list(dict.fromkeys(author for lesson in sources for author in lesson.front.authors))
    lines = [
        f"# {settings.title}",
        words("These notebooks are made from the lessons by a program. Changes here are lost: change the lessons."),
        words("Pull them again to get new versions. What you changed in your copy stays yours."),
        f"{words('Authors')}: {', '.join(authors)}" if authors else "",
        f"{words('License')}: {settings.license}" if settings.license else "",
        f"{words('Website')}: <{settings.site_url}>" if settings.site_url else "",
        f"{words('Is everything ready?')} [{PREFLIGHT}]({PREFLIGHT})",
    ]
    return "\n\n".join(line for line in lines if line) + "\n"


def front_readme(project: Project) -> str:
    """What stands at the top of the branch: the way to each language."""
    rows = [f"- [{language.name}]({language.folder}/README.md)" for language in project.languages]
    return "\n".join((f"# {project.settings.title}", "", *rows)) + "\n"


def environment_files(needs: Needs) -> dict[str, bytes]:
    """What Binder builds from, and those who run a hub can."""
    runtime = f"python-{sys.version_info.major}.{sys.version_info.minor}\n"
    return {REQUIREMENTS: requirements(needs).encode(), RUNTIME: runtime.encode()}


def publish(
    project: Project, branch: NotebookBranch, *, push: bool = False, check: bool = False, mend: bool = False
) -> Published:
    """Add a commit with today's notebooks to the branch if anything changed; with `check`, only see what would.

    With `mend`, a history that was rewritten is joined again: the new commit comes after both, so nobody needs force.

    Raises:
        UsageError: git says no.
    """
    if not branch.in_repository:
        hint = "type `git init`, or write to a folder with `catalyst notebooks write DIR`"
        raise UsageError(f"there is no git repository around {project.root}", hint=hint)
    seen = branch.fetch() if branch.has_remote else ""
    tips = branch.tips()
    lost = lost_commits(branch, tips, seen=seen)
    if lost and not mend:
        return Published(findings=(rewritten(branch, lost),))
    base = tips.there or tips.here if lost else base_of(branch, tips)
    tree = whole_tree(project, before=branch.text(base, REQUIREMENTS))
    findings = (*project.reading.findings, *tree.findings)
    stored = store(branch, base, tree)
    changed = branch.changes(base, stored)
    if check or any(finding.severity == "error" for finding in findings):
        return Published(changed, "", findings)
    commit = base
    if changed or lost:
        commit = branch.append(stored, tuple(parent for parent in (base, *lost) if parent), message(branch))
    elif tips.here != commit:
        branch.move(commit)
    if push:
        branch.push(commit)
    return Published(changed, commit, findings, pushed=push)


def store(branch: NotebookBranch, base: str, tree: NotebookTree) -> str:
    """The name of git's tree for this notebook tree and for what others put on the branch."""
    before, manifest = branch.files(base), branch.text(base, MANIFEST)
    top = {path: content for path, content in tree.contents.items() if path not in tree.sources}
    ours = without_shadowed(top, before, manifest=manifest)
    if RUNTIME in ours and RUNTIME in before:
        # The last one stays: two people with two versions of Python must not undo each other's commits.
        ours[RUNTIME] = f"{branch.text(base, RUNTIME)}\n".encode()
    wanted = {path: content for path, content in tree.contents.items() if path in tree.sources} | ours
    listed = {path: tree.sources.get(path, "") for path in wanted}
    wanted[MANIFEST] = manifest_of(listed)
    return branch.store(wanted, kept_files(before, manifest, wanted))


def base_of(branch: NotebookBranch, tips: Tips) -> str:
    """The commit that a new one comes after: the newest of those known, "" for none."""
    known = [tip for tip in (tips.there, tips.here, *tips.recorded) if tip]
    return next((tip for tip in known if all(branch.contains(tip, other) for other in known)), "")


def lost_commits(branch: NotebookBranch, tips: Tips, *, seen: str = "") -> tuple[str, ...]:
    """Commits that learners may have and that are no longer in the branch's history; `seen` was its tip before."""
    known = [tip for tip in (tips.there, tips.here) if tip]
    lost = [
        commit
        for tip in known
        for commit in (*tips.recorded, seen, *known)
        if commit and not branch.contains(tip, commit) and not branch.contains(commit, tip)
    ]
    # A tip that moved back is rewritten too.
    lost += [seen] if tips.there and seen and not branch.contains(tips.there, seen) else []
    return tuple(dict.fromkeys(commit for commit in lost if commit != known[0]))


def rewritten(branch: NotebookBranch, lost: tuple[str, ...]) -> Finding:
    """The finding for a branch whose history was rewritten."""
    names = ", ".join(commit[:12] for commit in lost)
    message = f'the history of the branch "{branch.name}" was rewritten: {names} is no longer in it'
    return Finding("H413", message, Location(SETTINGS), "join it again with `catalyst notebooks publish --mend --push`")


def message(branch: NotebookBranch) -> str:
    """The commit message: which sources the notebooks were made from."""
    source = branch.commit_at("HEAD")
    if not source:
        return "Notebooks\n"
    dirty = branch.says("status", "--porcelain", "--untracked-files=no", "--", ".")
    note = "\n\nWith changes of the sources that were not committed." if dirty else ""
    return f"Notebooks of {source[:12]}{note}\n\nSource-Commit: {source}\n"


def _license(root: Path) -> Iterator[tuple[str, bytes]]:
    """The text of the license that comes with the sources."""
    for name in LICENSES:
        if may_be_shown(root, name):
            yield name, (root / name).read_bytes()
            return


def _binder(root: Path) -> Iterator[tuple[str, bytes]]:
    """What the curriculum says itself about the environment."""
    for folder in BINDER_FOLDERS:
        for path in sorted((root / folder).glob("*")):
            name = f"{folder}/{path.name}"
            place = leads_to(root, name)
            # Also `.binder/`, and links from there to files that are not hidden.
            if place and (place == name or not is_hidden(place)):
                yield name, path.read_bytes()


def _not_installed(needs: Needs) -> Iterator[Finding]:
    for module in needs.unknown:
        message = f'the lessons import "{module}", which is not installed here, so {REQUIREMENTS} does not name it'
        hint = "install it, name it under `data:` if it is a file of yours, or describe the environment in `binder/`"
        yield Finding("H415", message, Location(SETTINGS), hint, "warning")


def notebook_branch(project: Project, name: str = "") -> NotebookBranch:
    """The branch that the settings name, or this one."""
    return NotebookBranch(project.root, name or project.branch, project.environ)


def published_paths(branch: NotebookBranch, tips: Tips) -> Mapping[str, object] | None:
    """The files on the branch as last seen, the remote's first; None if there is no such branch."""
    tip = tips.there or tips.here
    return branch.files(tip) if tip else None
