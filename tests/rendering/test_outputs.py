"""Outputs of cells: the same text for the reader, whatever is in it, and nothing that runs."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalyst_lessons.core.model import Cell
from catalyst_lessons.core.rendering.outputs import LONGEST_TEXT, attachments_of, pictures_in, render_outputs
from tests.rendering.readers import to_html, to_soup, unbalanced

CELL = Cell("code", "x", "x")
SPECIALS = "`*_[](){}<>&\"'\\~^|!$#+-=:.%@/;,?1\t \n éñ中🎉"


def shown(*outputs: dict[str, object], cell: Cell = CELL) -> str:
    return render_outputs(cell, outputs, words=str, pictures="../assets/outputs/")


def stream(text: object, name: str = "stdout") -> dict[str, object]:
    return {"output_type": "stream", "name": name, "text": text}


def data(**mimetypes: object) -> dict[str, object]:
    return {
        "output_type": "display_data",
        "data": {kind.replace("__", "/"): value for kind, value in mimetypes.items()},
    }


def read(markdown: str) -> str:
    """The text of a preformatted output as a browser shows it: without one line break right behind `<pre>`."""
    found = to_soup(markdown).pre
    return found.get_text().removeprefix("\n") if found else ""


@settings(deadline=None)
@given(st.one_of(st.text(st.sampled_from(SPECIALS)), st.text(st.characters(exclude_categories=["Cc", "Cs"]))))
def test_any_text_is_shown_character_for_character(text):
    markdown = f"Before.\n\n{shown(stream(text))}\n\nAfter."
    assert read(markdown) == text.rstrip("\n")
    assert unbalanced(to_html(markdown)) == []


@settings(deadline=None)
@given(st.text(st.sampled_from(SPECIALS)))
def test_any_text_is_shown_inside_a_box_as_well(text):
    inside = "\n".join(f"    {line}" for line in shown(stream(text)).split("\n"))
    assert read(f'??? solution "Solution"\n\n{inside}\n') == text.rstrip("\n")


def test_control_characters_and_halves_of_characters_are_left_out():
    text = shown(stream("a\x00\x02b\x08c\ud83dd\x1b[31me\x1b[0m\x85"))
    assert read(text) == "abc\ufffdde"
    assert text.encode()


@pytest.mark.parametrize(
    ("text", "seen"), [("10 %\r50 %\r100 %\n", "100 %"), ("a\r\nb\r\n", "a\nb"), ("loading\rdone", "done")]
)
def test_progress_bars_are_shown_as_they_end(text, seen):
    assert read(shown(stream(text))) == seen


def test_pieces_of_one_stream_are_one():
    outputs = [stream("a"), stream(["b\n", "c"]), stream("warn", "stderr"), stream("d")]
    assert [pre.get_text() for pre in to_soup(shown(*outputs)).find_all("pre")] == ["ab\nc", "warn", "d"]


def test_long_text_is_cut_and_says_so():
    page = to_soup(shown(stream("line\n" * (LONGEST_TEXT + 1))))
    assert page.pre.get_text().count("line") == LONGEST_TEXT
    assert page.select_one(".catalyst-cut").get_text() == "… more in the notebook"
    assert not to_soup(shown(stream("line\n" * LONGEST_TEXT))).select(".catalyst-cut")


TABLE = '<table border="1" class="dataframe"><tr><th></th><th scope="col" onclick="x()">a|b</th></tr>'


def test_table_keeps_its_cells_and_loses_what_runs():
    row = '<tr><td style="color:red">1*2*3</td><td><img src=x onerror=x()></td></tr>'
    html = f"<style>td {{}}</style>{TABLE}{row}</table>"
    page = to_soup(shown(data(text__html=html, text__plain="no")))
    assert [cell.get_text() for cell in page.find_all(["td", "th"])] == ["", "a|b", "1*2*3", ""]
    assert page.th.attrs == {"scope": "col"}
    assert not page.find_all(["style", "img"]) and "red" not in str(page)
    assert page.find(role="region")["aria-label"] == "Table"


@pytest.mark.parametrize(
    "html", ["<script>draw()</script>", '<div id="plot"></div><script>draw()</script>', "<style>a</style>"]
)
def test_output_that_is_a_program_refers_to_the_notebook(html):
    page = shown(data(text__html=html))
    assert "interactive: open the notebook" in page and "draw" not in page


def test_widget_is_never_dumped():
    view = {"application/vnd.jupyter.widget-view+json": {"model_id": "x"}, "text/plain": "IntSlider(value=1)"}
    assert "IntSlider" not in shown({"output_type": "display_data", "data": view})


def test_picture_is_named_by_its_content():
    png = base64.b64encode(b"pixels").decode()
    (picture,) = pictures_in([data(image__png=png)])
    assert picture.content == b"pixels"
    assert f"../assets/outputs/{picture.name}" in shown(data(image__png=png))
    assert pictures_in([data(image__png=[png[:3] + "\n", png[3:] + "\n"])]) == (picture,)


def test_broken_picture_is_shown_by_its_text():
    broken = data(image__png="a", text__plain="Figure(640x480)")
    assert pictures_in([broken]) == ()
    assert read(shown(broken)) == "Figure(640x480)"


def test_pasted_pictures_are_found_in_their_cell():
    cell = Cell("markdown", "![x](attachment:x.png)", "a", metadata={"attachments": {"x.png": {"image/png": "AAAA"}}})
    assert attachments_of(cell)["x.png"].content == base64.b64decode("AAAA")
    assert attachments_of(Cell("markdown", "", "a")) == {}


@pytest.mark.parametrize("pasted", [["x"], {"x.png": "image/png"}, {"x.png": None}])
def test_pasted_pictures_of_a_damaged_notebook_are_none(pasted):
    assert attachments_of(Cell("markdown", "", "a", metadata={"attachments": pasted})) == {}


def test_error_is_told_without_the_colors_of_a_terminal():
    error = {
        "output_type": "error",
        "ename": "E",
        "evalue": "v",
        "traceback": ["\x1b[0;31mE\x1b[0m: <v>", "\x1b[1m--\x1b[0m"],
    }
    page = to_soup(shown(error)).select_one(".catalyst-error")
    assert page.p.get_text() == "Error message"
    assert page.pre.get_text() == "E: <v>\n--"
    bare = {"output_type": "error", "ename": "E", "evalue": "v", "traceback": []}
    assert to_soup(shown(bare)).pre.get_text() == "E: v"


def test_latex_is_a_formula():
    assert to_soup(shown(data(text__latex="$\\displaystyle \\frac{a}{b}$"))).find("mfrac")


def test_nothing_is_shown_of_nothing():
    assert shown(stream("")) == shown() == ""


def test_markdown_is_shown_as_jupyterlab_shows_it_without_what_runs():
    text = (
        "**Mean** `a*b`: $R^2_1$ and $$x_1$$\n\n| a |\n|---|\n| <b onclick='x()'>1</b> |\n\n<script>alert(1)</script>\n"
    )
    text += "[x](javascript:alert(1)) ![y](https://example.org/y.png)"
    made = to_soup(shown(data(text__markdown=text, text__plain="<IPython.core.display.Markdown object>")))
    assert made.strong.text == "Mean"
    assert made.code.text == "a*b"
    assert made.td.text == "1"
    assert len(made.select("math")) == 2
    assert not made.select("script, img, [onclick], [href^=javascript]")
    assert "object" not in made.text
    assert not shown(data(text__markdown="<script>alert(1)</script>"))


@pytest.mark.parametrize(
    ("path", "seen"),
    [
        ("/home/ana/env/lib/python3.11/site-packages/pandas/a.py:12, in f", "…/site-packages/pandas/a.py:12, in f"),
        ("/usr/lib/python3.12/json/decoder.py:355", "…/python3.12/json/decoder.py:355"),
        ("C:\\Users\\ana\\env\\Lib\\site-packages\\x.py:1", "…\\site-packages\\x.py:1"),
        ("data/x.csv and /mnt/data/x.csv", "data/x.csv and /mnt/data/x.csv"),
    ],
)
def test_where_packages_are_installed_is_not_told(path, seen):
    error = {"output_type": "error", "ename": "E", "evalue": "e", "traceback": [f"File {path}"]}
    assert to_soup(shown(error)).pre.text == f"File {seen}"
    assert to_soup(shown(stream(f"{path}: Warning", "stderr"))).pre.text == f"{seen}: Warning"
    assert to_soup(shown(stream(path))).pre.text == path
