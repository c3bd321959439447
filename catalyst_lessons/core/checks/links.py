"""Rules for links: they lead somewhere, they lead there from every computer, and their text says where."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from catalyst_lessons.core.checks.rule import Rule
from catalyst_lessons.core.checks.view import Reference, View, Whole, lines_with
from catalyst_lessons.core.links import project_path, split_anchor
from catalyst_lessons.core.prose import nearest
from catalyst_lessons.core.report import Finding

NO_FILE = Rule(
    "L150",
    "A link leads to a file that is not there",
    "error",
    "Learners who follow the link meet an error page; a picture stays empty.",
)
NO_ANCHOR = Rule(
    "L151",
    "A link leads to a place that is not on its page",
    "warning",
    "The page opens, but at its top, and the reader has to search.",
)
NO_TARGET = Rule("L152", "A link leads nowhere", "error", "A link without a target does nothing when it is pressed.")
MACHINE_PATH = Rule(
    "L153",
    "A link leads to a file on one computer",
    "error",
    "A path such as /home/ana/x.csv exists for its author alone.",
)
FROM_THE_TOP = Rule(
    "L154",
    "A link begins with a slash",
    "warning",
    "It counts from the top of the site, and leads astray where the site stands in a folder, and in notebooks.",
)
NOT_SECURE = Rule(
    "L155",
    "A link uses http",
    "info",
    "With http, anyone on the way can read and change what arrives; most sites answer to https.",
)
OUTSIDE = Rule(
    "L156",
    "A link leads out of the project",
    "error",
    "Files outside the project are neither on the site nor beside the notebooks.",
)
ROLE = Rule(
    "L166",
    "A role of MyST makes no link here",
    "warning",
    "Its words stand on the page as plain text: what it refers to is only known to Sphinx and Jupyter Book.",
)
VAGUE_TEXT = Rule(
    "A604",
    "The text of a link does not say where it leads",
    "warning",
    'Screen readers list links by their text: "here" five times helps nobody (WCAG 2.4.4).',
)
NO_TEXT = Rule(
    "A605",
    "A link has no text",
    "error",
    "Screen readers then read the address aloud, and nobody can see the link (WCAG 2.4.4, 4.1.2).",
)
RULES = (NO_FILE, NO_ANCHOR, NO_TARGET, MACHINE_PATH, FROM_THE_TOP, NOT_SECURE, OUTSIDE, ROLE, VAGUE_TEXT, NO_TEXT)

MACHINE = re.compile(r"file:|[A-Za-z]:[\\/]|\\\\|/(?:home|Users|root|mnt|media|tmp|Volumes)/|~/", re.I)
# The roles that refer to something (MyST-Parser, sphinxcontrib-bibtex); code is one sign for each character there.
_ROLE = re.compile(r"\{(?P<role>doc|ref|numref|eq|any|cite(?::\w+)?)\}(?=\ufffc)", re.I)
_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]+:|//")
_LOCAL_HTTP = re.compile(r"http://(?:localhost|127\.|\[::1\]|0\.0\.0\.0)", re.I)
_NO_TEXT = re.compile(r"(?<![!\\\]])\[\s*\]\((?P<target>[^()\s]+)")
# Pages that are made from all lessons; they have no source that a link could name.
_OVERVIEWS = re.compile(r"(?:glossary|objectives|schedule|exercises|lessons|print|index)\.(?:md|html)$")

_VAGUE = frozenset(
    (
        *(
            "here",
            "click here",
            "press here",
            "this",
            "this link",
            "this page",
            "link",
            "more",
            "read more",
            "see here",
        ),
        *(
            "aquí",
            "aqui",
            "acá",
            "haz clic aquí",
            "haga clic aquí",
            "clic aquí",
            "click aquí",
            "este enlace",
            "este link",
        ),
        *("enlace", "ver más", "leer más", "clique aqui", "clicar aqui", "neste link", "leia mais", "saiba mais"),
        *(
            "ici",
            "cliquez ici",
            "cliquer ici",
            "ce lien",
            "lien",
            "lire la suite",
            "en savoir plus",
            "hapa",
            "bofya hapa",
        ),
    )
)


def files_are_there(whole: Whole) -> Iterator[Finding]:
    """Relative links and pictures whose file is not in the project, or lies outside it."""
    for view in whole.views:
        for one in view.references:
            path = project_path(view.lesson.folder, one.target) if _is_relative(one.target) else ""
            if path.startswith(".."):
                message = f"`{one.target}` leads out of the project"
                hint = "copy the file into the project, beside the lesson, and link to the copy"
                yield OUTSIDE.at(view.at(one.line), message, hint=hint)
            elif path and not _is_there(whole, path):
                message = f"the picture `{path}` is not there" if one.image else f"there is no `{path}` to link to"
                yield NO_FILE.at(view.at(one.line), message, hint=_hint(whole, view, one, path))


def anchors_are_there(whole: Whole) -> Iterator[Finding]:
    """Links to a `#place` that the page it leads to does not have."""
    for view in whole.views:
        for one in view.references:
            anchor = split_anchor(one.target)[1]
            page = _page(whole, view, one) if anchor else None
            if page and anchor not in page.anchors:
                near = nearest(anchor, page.anchors, cutoff=0.5)
                where = "on this page" if page is view else f"in {page.lesson.path}"
                hint = (
                    f"did you mean `#{near}`?"
                    if near
                    else "take the id of a heading: small letters, with hyphens for spaces"
                )
                yield NO_ANCHOR.at(view.at(one.line), f"there is no place `#{anchor}` {where}", hint=hint)


def links_have_a_target(view: View) -> Iterator[Finding]:
    """Links with nothing, or only `#`, in their parentheses."""
    for one in view.references:
        if one.target.strip() in ("", "#"):
            what = "the picture has no file" if one.image else "the link has no target"
            yield NO_TARGET.at(view.at(one.line), what, hint=f"write the address: `[{one.text or 'text'}](address)`")


def links_work_elsewhere(view: View) -> Iterator[Finding]:
    """Links that hold on the author's computer, or at the top of a site, alone."""
    for one in view.references:
        if MACHINE.match(one.target):
            message = f"`{one.target}` is a path on one computer"
            yield MACHINE_PATH.at(
                view.at(one.line),
                message,
                hint="write the path from this file's folder, such as `data/cases.csv`",
            )
        elif re.match(r"/(?!/)", one.target):
            better = posixpath.relpath(one.target.lstrip("/") or ".", view.lesson.folder or ".")
            message = f"`{one.target}` begins with a slash, so it counts from the top of the site"
            yield FROM_THE_TOP.at(view.at(one.line), message, hint=f"write `{better}`")


def links_are_secure(view: View) -> Iterator[Finding]:
    """Links with http: that lead to other computers."""
    for one in view.references:
        if one.target.lower().startswith("http:") and not _LOCAL_HTTP.match(one.target):
            hint = f"try `https:{one.target[5:]}`; keep http where the site has nothing better"
            yield NOT_SECURE.at(view.at(one.line), f"`{one.target}` is not secure", hint=hint)


def links_say_where_they_lead(view: View) -> Iterator[Finding]:
    """Link texts such as "here", and links with no text at all."""
    for one in view.references:
        if not one.image and _plain(one.text) in _VAGUE:
            message = f'the link text "{one.text}" does not say where the link leads'
            hint = f"put the name of what is there in the brackets, such as `[how to install Python]({one.target})`"
            yield VAGUE_TEXT.at(view.at(one.line), message, hint=hint)
    for line, found in lines_with(view, _NO_TEXT):
        hint = f"write its text between the brackets: `[text]({found['target']})`"
        yield NO_TEXT.at(view.at(line), "the link has no text", hint=hint)


def roles_make_links(view: View) -> Iterator[Finding]:
    """Roles that would be links or numbers in a Jupyter Book, and are words here."""
    for line, found in lines_with(view, _ROLE):
        message = f"the role `{{{found['role']}}}` makes no link here: its words stand on the page as plain text"
        hint = "write a link to the source, such as `[loops](02-loops.md)` or `[lists](02-loops.md#lists)`"
        yield ROLE.at(view.at(line), message, hint=hint)


CHECKS = (links_have_a_target, links_work_elsewhere, links_are_secure, links_say_where_they_lead, roles_make_links)
CURRICULUM_CHECKS = (files_are_there, anchors_are_there)


def _is_relative(target: str) -> bool:
    return bool(target) and not _SCHEME.match(target) and not MACHINE.match(target) and "{{" not in target


def _is_there(whole: Whole, path: str) -> bool:
    if whole.exists(path) or whole.source(path):
        return True
    folder, _, name = path.rpartition("/")
    return bool(_OVERVIEWS.match(name)) and (not folder or folder in whole.page_folders)


def _page(whole: Whole, view: View, one: Reference) -> View | None:
    """The source that a link with an anchor leads to, None if it is no source of ours."""
    if not _is_relative(one.target):
        return None
    path = project_path(view.lesson.folder, one.target)
    return whole.source(path) if path else view


def _hint(whole: Whole, view: View, one: Reference, path: str) -> str:
    """The target that was probably meant: one counted from the project's top, or a source with a similar name."""
    folder = view.lesson.folder or "."
    from_top = project_path("", one.target)
    if whole.exists(from_top):
        return f"paths begin at the folder of this file: write `{posixpath.relpath(from_top, folder)}`"
    names = {posixpath.basename(source): source for source in whole.sources}
    near = names.get(nearest(posixpath.basename(path), names, cutoff=0.8))
    if near:
        return f"did you mean `{posixpath.relpath(near, folder)}`?"
    return "look at the spelling, at upper and lower case, and whether the file is in the project"


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[^\w\s]", " ", text).split()).casefold()
