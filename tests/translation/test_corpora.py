"""Real lessons and a real catalog. Set CATALYST_CORPORA to the folder that has them."""

from __future__ import annotations

import os
from pathlib import Path

import nbformat
import pytest

from catalyst_lessons.core.model import Lesson
from catalyst_lessons.core.translation import Catalog, coverage, extract, translate
from catalyst_lessons.core.translation.checks import problems
from catalyst_lessons.files.catalogs import read_catalog
from tests.translation.translation_cases import catalog, lesson, rendered_tags

CORPORA = Path(os.environ.get("CATALYST_CORPORA", "nowhere"))
pytestmark = pytest.mark.skipif(not CORPORA.is_dir(), reason="CATALYST_CORPORA names no folder")

FILES = sorted(path for path in CORPORA.rglob("*") if path.suffix in (".md", ".Rmd", ".ipynb"))
HUB = CORPORA / "translations" / "hub-champion-access_hub"


def read(path: Path) -> Lesson:
    """A source as Markdown cells: those of a notebook, else the whole text after the front matter as one."""
    if path.suffix == ".ipynb":
        notebook = nbformat.read(path, as_version=4)
        return lesson(*(cell.source for cell in notebook.cells if cell.cell_type == "markdown"))
    text = path.read_text(encoding="utf-8")
    return lesson(text.split("\n---\n", 1)[1] if text.startswith("---\n") else text)


@pytest.mark.filterwarnings("ignore::nbformat.warnings.MissingIDFieldWarning")
@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(CORPORA)))
def test_real_lessons(path: Path) -> None:
    source = read(path)
    assert translate(source, Catalog("es")).cells == source.cells
    for words in ("", "Ñandú "):
        pairs = {segment.text: words + segment.text for segment in extract(source)}
        after = translate(source, catalog(pairs))
        assert coverage(source, catalog(pairs)).ratio == 1.0
        # An image with words beside it has its alt text as a message of its own, whose translation stands there, too.
        found, before = ([s.text for s in extract(one) if s.kind != "alt text"] for one in (after, source))
        assert all(text.startswith(words) for text in found)
        assert [text.replace("Ñandú ", "") for text in found] == before
        for old, new in zip(source.cells, after.cells, strict=True):
            assert rendered_tags(new.source) == rendered_tags(old.source)


def test_the_catalog_of_a_jupyter_book_serves_as_it_is() -> None:
    source, real = read(HUB / "source.md"), read_catalog(HUB, "catalogue.po", "es")
    texts = {segment.text for segment in extract(source)}
    missing = [text for text in real.messages if text not in texts]
    assert missing == []
    assert coverage(source, real).ratio == 1.0
    after = "".join(cell.source for cell in translate(source, real).cells)
    assert after.count("![botón de configuración de los miembros](") == 2
    assert "member settings button" not in after


def test_what_translators_really_wrote_is_not_refused() -> None:
    for message in read_catalog(HUB, "catalogue.po", "es").messages.values():
        assert [p for p in problems(message.source, message.translation) if p.severity == "error"] == []
