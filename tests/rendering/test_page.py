"""A page with every part, as its golden file has it, and what a browser makes of it."""

from __future__ import annotations

import html
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from catalyst_lessons.core.model import Cell, Language, Phrase
from catalyst_lessons.core.rendering.cells import render_cells
from catalyst_lessons.core.rendering.pages import plain_title, render_page
from tests.rendering.readers import to_html, to_soup, unbalanced
from tests.rendering.sample import FRONT, LESSON, STRING, around, parts

GOLDEN = Path(__file__).parents[1] / "golden" / "rendering"
PAGE = render_page(LESSON, parts())


def body(*cells: Cell, **other: object) -> str:
    return render_cells(cells, around(**other))


def test_page_is_written_as_in_the_golden_file():
    assert (GOLDEN / "page.md").read_text("utf-8") == PAGE


def test_page_reads_as_in_the_golden_html():
    assert to_html(PAGE) + "\n" == (GOLDEN / "page.html").read_text("utf-8")


def test_every_tag_is_closed():
    assert unbalanced(to_html(PAGE)) == []
    assert unbalanced("<p><b></p>") == ["</p>", "p"]


def test_what_trainers_alone_see_is_absent():
    for secret in ("Secret timing", "Only for trainers", "hidden_module", "never seen", "raw text"):
        assert secret not in PAGE


def test_nothing_executable_survives():
    page = to_soup(PAGE)
    assert not page.find_all(["script", "style", "iframe", "object", "form"])
    attributes = [name for tag in page.find_all(True) for name in tag.attrs]
    assert not [name for name in attributes if name.startswith("on") or name == "style"]
    assert "steal" not in PAGE and "javascript:" not in PAGE


def test_pictures_have_their_alt_text():
    alts = [image["alt"] for image in to_soup(PAGE).find_all("img")]
    assert alts == ["a field", 'A "field" [of] rice_and_maize', 'A "field" [of] rice_and_maize']


def test_code_is_that_of_the_cell():
    shown = [code.get_text() for code in to_soup(PAGE).select(".highlight code")]
    assert STRING + "\n" in shown
    assert "answer = 42\n" in shown


@pytest.mark.parametrize(
    "code",
    [
        "x = '''\n```\n'''",
        "````` # comment",
        "<details>&amp;</details>",
        "- a\n- b",
        "# {.class #id}",
        "a\\*b\t*c*",
        "!!! note",
    ],
)
@pytest.mark.parametrize("tags", [(), ("hide-input",), ("solution",), ("hint", "hide-input")])
def test_any_code_is_shown_as_it_is_wherever_it_stands(code, tags):
    page = to_soup(body(Cell("code", code, "a", tags=tags)))
    assert [one.get_text() for one in page.select(".highlight code")] == [code + "\n"]
    assert unbalanced(to_html(body(Cell("code", code, "a", tags=tags)))) == []


def test_hidden_and_solution_cells_are_folded():
    assert {one["class"][0] for one in to_soup(PAGE).find_all("details")} == {
        "catalyst-clone",
        "code",
        "hint",
        "solution",
    }


def test_headings_have_the_ids_of_the_source():
    ids = [heading.get("id") for heading in to_soup(PAGE).find_all(["h1", "h2", "h3"])]
    assert ids == ["top", "rice-yields-prices", "rice-yields-prices_1", "lesson-exercises"]


def test_buttons_lead_to_hub_binder_download_and_clone():
    bar = to_soup(PAGE).nav
    assert [link["data-launch"] for link in bar.find_all("a")] == ["hub", "binder", "download"]
    assert bar.find("a")["href"].startswith("https://hub.example.org/hub/user-redirect/git-pull?repo=")
    assert "git clone" in bar.find("code").get_text()


def test_callout_that_holds_code_stays_one_box():
    cells = (
        Cell("markdown", "::: challenge\nPredict.", "a"),
        Cell("code", "print(1)", "b"),
        Cell("markdown", "What is it?\n:::\n\nAfter.", "c"),
    )
    box = to_soup(body(*cells)).select_one(".challenge")
    assert [box.find(string=text) is not None for text in ("Predict.", "What is it?", "After.")] == [True, True, False]
    assert box.select_one(".highlight").get_text() == "print(1)\n"


def test_trainers_callout_that_holds_code_is_absent_whole():
    cells = (
        Cell("markdown", "Before.\n\n::: instructor\nSecret.", "a"),
        Cell("code", "secret()", "b"),
        Cell("markdown", "More secret.\n:::\n\nAfter.", "c"),
    )
    text = body(*cells)
    assert "ecret" not in text
    assert "Before." in text and "After." in text


HOSTILE = 'a"]---\n---\n<script>x</script> : {#x} \x7f \u2028 `{y}` | ${"'


def test_no_title_breaks_out_of_the_front_matter():
    lesson = replace(LESSON, front=replace(FRONT, title=Phrase(HOSTILE), objectives=(Phrase(HOSTILE),)))
    page = render_page(lesson, parts())
    head = yaml.safe_load(page.split("---\n")[1])
    assert head == {"title": plain_title(lesson), "description": plain_title(lesson)}
    assert "\n" not in head["title"] and "<" not in head["title"] and "\x7f" not in head["title"]
    assert page.split("\n---\n")[1].startswith('\n<span class="catalyst-stamp"')


def test_phrase_of_several_lines_stays_in_its_place():
    lesson = replace(LESSON, front=replace(FRONT, title=Phrase("One\n\n## Two"), keypoints=(Phrase("a\n\n# b\n\nc"),)))
    page = to_soup(render_page(lesson, parts()))
    assert page.h1["id"] == "top" and page.h1.get_text().startswith("One ## Two")
    assert [item.get_text() for item in page.select(".keypoints li")] == ["a # b c"]


@pytest.mark.parametrize(
    "title", ["Braces {x} and {y}", "Code `{x}` {x}", "An f-string: `f'{x}'`", "Issue \\{x\\}", "{"]
)
def test_braces_in_a_title_stay_and_its_id_too(title):
    page = to_soup(render_page(replace(LESSON, front=replace(FRONT, title=Phrase(title))), parts()))
    shown = title.replace("`", "").replace("\\", "")
    assert page.h1["id"] == "top"
    assert page.h1.get_text() == shown + "¶"


def test_phrases_in_another_language_are_marked():
    page = to_soup(render_page(LESSON, parts(language=Language.of("ar"))))
    assert page.h1.span["lang"] == "en" and page.h1.span["dir"] == "ltr"
    assert page.select_one(".questions li span")["class"] == ["untranslated"]


def test_banner_tells_the_share_and_never_rounds_up():
    page = render_page(LESSON, parts(coverage=0.999, edit_translation="https://example.org/edit"))
    assert "99 % of this page is translated" in page
    assert "[Help to translate it](https://example.org/edit)" in page
    assert "% of this page" not in render_page(LESSON, parts(coverage=1.0))


def test_outdated_translation_is_said_so():
    assert '!!! warning "The original has changed"' in render_page(LESSON, parts(outdated=True))


def test_solution_of_an_exercise_is_folded_whole():
    solution = render_cells((Cell("code", "x = '</details>'", "a"), Cell("markdown", "Because.", "b")), around())
    page = to_soup(render_page(LESSON, parts(solution=solution)))
    box = page.find_all("details", class_="solution")[-1]
    assert "x = '</details>'" in box.get_text() and "Because." in box.get_text()


def test_html_of_an_alt_text_is_text():
    cell = Cell("code", "plot()", "a", metadata={"alt": '"><script>x</script>](y) `*_'})
    outputs = {"a": ({"output_type": "display_data", "data": {"image/png": "AAAA"}},)}
    image = to_soup(body(cell, outputs=outputs)).img
    assert image["alt"] == '"><script>x</script>](y) `*_'


def test_highlighting_follows_magic_and_kernel():
    assert "```bash\n%%bash" in body(Cell("code", "%%bash\nls", "a"))
    assert "```python\n" in body(Cell("code", "ls", "a"))


def test_entities_stay_what_they_were():
    assert html.unescape(to_soup(body(Cell("markdown", "a &lt; b &amp; c", "a"))).p.decode_contents()) == "a < b & c"
