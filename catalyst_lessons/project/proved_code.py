"""The proof that code is the same in all languages, taken from the notebooks that learners get."""

from __future__ import annotations

from collections.abc import Iterator

from catalyst_lessons.core.report import Finding
from catalyst_lessons.core.translation.proved_code import code_differences
from catalyst_lessons.project.addresses import Addresses, by_name
from catalyst_lessons.project.notebooks import notebook_text
from catalyst_lessons.project.project import Project


def check_code(project: Project) -> Iterator[Finding]:
    """A finding for each code cell of a translated notebook that is another program than the source's."""
    addresses = Addresses(project.root, project.sitemap, by_name(project.curriculum.sources))
    for lesson in (*project.curriculum.lessons, *project.curriculum.exercises):
        for language in project.languages:
            if language.tag == lesson.language:
                continue
            for form in project.forms(lesson):
                notebook = notebook_text(project, lesson, form, language, addresses)
                for found in code_differences(project.in_form(lesson, form), notebook):
                    message = f"code cell {found.number} of the {language.tag} notebook {found.message}: expected the "
                    hint = "code is the same in every language; translate prose and, if the settings say so, comments"
                    yield Finding("T223", f"{message}code of the source", lesson.at(found.line), hint)
