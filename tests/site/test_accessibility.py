"""Axe-core on pages of every kind, as a learner has them: light and dark, on a phone and on a desk."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from tests.conftest import missing
from tests.site.conftest import PHONE

pytestmark = [pytest.mark.xdist_group("site"), pytest.mark.browser]

LESSON = "lessons/02-dna-sequences/"
PAGES = ("", LESSON, f"es/{LESSON}", "pt/exercises/gc-content/", "fr/glossary/", "schedule/", "hubs/", "404.html")
# WCAG 2.0 to 2.2, A and AA: what the laws of many countries ask of public bodies.
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
ASK = """rules => axe.run(document, { runOnly: rules }).then(found => found.violations.flatMap(one =>
    one.nodes.map(node => `${one.id}: ${node.target.join(' ')}: ${node.failureSummary}`)))"""


@pytest.fixture(scope="module")
def axe() -> str:
    """Axe-core's script, from where `./dev test` puts it or Node.js looks for it."""
    places = [str(Path(sys.prefix, "hub", "node_modules")), *os.environ.get("NODE_PATH", "").split(os.pathsep)]
    files = (Path(place, "axe-core", "axe.min.js") for place in places if place)
    found = next((file for file in files if file.is_file()), None)
    if not found:
        missing("no axe-core: `./dev test` installs it with npm")
    return found.read_text(encoding="utf-8")


def faults(page, script: str) -> list[str]:
    """What axe-core finds on a page, with every folded box open."""
    page.evaluate("document.querySelectorAll('details').forEach(box => { box.open = true; })")
    page.evaluate(script)
    return page.evaluate(ASK, list(RULES))


@pytest.mark.parametrize("path", PAGES)
def test_pages_have_no_fault_that_axe_finds(open_page, axe: str, path: str) -> None:
    assert faults(open_page(path), axe) == []


@pytest.mark.parametrize("path", [LESSON, "translation-status/"])
def test_a_phone_in_the_dark(open_page, axe: str, path: str) -> None:
    page = open_page(path, color_scheme="dark", **PHONE)
    page.wait_for_selector("body[data-md-color-scheme=slate]")
    assert faults(page, axe) == []


def test_a_fault_would_be_found(open_page, axe: str) -> None:
    page = open_page(LESSON)
    planted = '<img src="x.png"><p style="color:#bbb;background:#ccc">pale</p><input>'
    page.evaluate("text => document.querySelector('article').insertAdjacentHTML('beforeend', text)", planted)
    found = {fault.partition(":")[0] for fault in faults(page, axe)}
    assert {"image-alt", "color-contrast", "label"} <= found
