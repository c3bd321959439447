"""A report as JUnit XML, as GitLab and Jenkins read it."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from catalyst_lessons.core.report.formats import finding_text, place_of, verdict, visible
from catalyst_lessons.core.report.values import Finding, Report, Run


def render_junit(report: Report) -> str:
    """A suite of runs and one of findings; GitLab and Jenkins read it. Only findings of severity error are failures."""
    root = ElementTree.Element("testsuites", name="catalyst check")
    cases = [_run_case(run) for run in report.runs]
    _suite(root, "notebooks", cases, seconds=sum(run.seconds for run in report.runs))
    _suite(root, "rules", [_finding_case(finding) for finding in report.findings], seconds=0.0)
    # No `skipped` here: Jenkins' schema (junit-10.xsd of its xUnit plugin) knows it for a suite alone.
    for key in ("tests", "failures", "errors"):
        root.set(key, str(sum(int(suite.get(key, "0")) for suite in root)))
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"


def _suite(root: ElementTree.Element, name: str, cases: list[ElementTree.Element], *, seconds: float) -> None:
    suite = ElementTree.SubElement(root, "testsuite", name=name, tests=str(len(cases)))
    for key, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        suite.set(key, str(sum(case.find(tag) is not None for case in cases)))
    suite.set("time", f"{seconds:.3f}")
    suite.extend(cases)


def _run_case(run: Run) -> ElementTree.Element:
    name = f"{run.form} ({run.language})" if run.language else run.form
    case = _case(name, run.path, seconds=run.seconds)
    tag = {"failed": "failure", "errored": "error", "skipped": "skipped"}.get(run.outcome)
    if tag:
        child = ElementTree.SubElement(case, tag, message=visible(verdict(run)))
        if tag != "skipped":
            child.set("type", visible(run.error or run.outcome))
            child.text = "\n".join(filter(None, (visible(str(place_of(run))), visible(run.excerpt).strip())))
    return case


def _finding_case(finding: Finding) -> ElementTree.Element:
    # The message belongs to the name: GitLab takes two cases of one name for one case.
    name = f"{finding.code} {finding.location} {' '.join(finding.message.split())}"
    case = _case(name, finding.location.path, seconds=0.0)
    if finding.severity == "error":
        failure = ElementTree.SubElement(case, "failure", message=visible(finding.message), type=finding.code)
        failure.text = finding_text(finding)
    else:
        ElementTree.SubElement(case, "system-out").text = finding_text(finding)
    return case


def _case(name: str, path: str, *, seconds: float) -> ElementTree.Element:
    classname = visible(re.sub(r"\.[^./]+$", "", path)).replace("/", ".")
    return ElementTree.Element(
        "testcase", name=visible(name), classname=classname, file=visible(path), time=f"{seconds:.3f}"
    )
