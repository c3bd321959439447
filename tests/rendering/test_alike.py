"""What JupyterLab (CommonMark, with GitHub's tables) and the site (Python-Markdown) must show alike."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from markdown_it import MarkdownIt

from catalyst_lessons.core.markup.writers import to_material
from catalyst_lessons.core.rendering.maths import with_mathml
from tests.rendering.readers import to_html

COMMONMARK = MarkdownIt("commonmark").enable(["table", "strikethrough"])


def seen(html: str) -> list[tuple[str, str, str]]:
    """The elements that a reader can tell apart, with the number a list begins with, and the words in each."""
    soup = BeautifulSoup(html, "html.parser")
    for link in soup.select(".headerlink"):
        link.decompose()
    tags = soup.find_all(["ol", "ul", "li", "h1", "h2", "h3", "h4", "br", "s", "del", "table", "td", "th", "code", "a"])
    return [
        (
            tag.name.replace("del", "s"),
            str(tag.get("start", "1")) if tag.name == "ol" else "",
            " ".join(tag.text.split()),
        )
        for tag in tags
    ] + [("", "", " ".join(soup.text.split()))]


@pytest.mark.parametrize(
    "text",
    [
        "2. Second step\n3. Third",
        "1. First\n\n```python\nx\n```\n\n2. Second",
        "7) seven\n8) eight",
        "- a\n- b\n\n1. one\n2. two\n\n- c",
        "1. one\n- a\n- b\n2. two",
        "1. one\n   - a\n   - b\n2. two\n   1. deep\n   - other",
        "Words:\n- a\n  1. x\n  2. y\n- b",
        "#hashtag and\n#another one",
        "- #tag\n- # A heading",
        "####### seven",
        "One\\\ntwo\\\\\nthree\\",
        'It costs \\$5 or \\$6, \\"so\\", \\~10 \\% \\& \\<b\\> \\: \\@me \\`x\\`',
        "`\\$` and ``a ` \\% b`` and \\\\$",
        "Words\n| a | b |\n|---|---|\n| 1 | 2 |\n\nafter",
        "Words | not a table\n---- | are no table too",
        "a | b\n--|--\n1 | 2",
        "~~gone~~ and H~2~O",
        "*a*\n**b**\n- c",
    ],
)
def test_a_text_says_the_same_in_a_notebook_and_on_the_page(text: str) -> None:
    assert seen(to_html(with_mathml(to_material(text, title_of=str)))) == seen(COMMONMARK.render(text))


@pytest.mark.parametrize("tex", ["a\\,b", "50\\%", "x\\_1", "\\{1\\}", "a\\:b"])
def test_a_backslash_in_a_formula_belongs_to_it(tex: str) -> None:
    assert with_mathml(to_material(f"So ${tex}$, \\$5.", title_of=str)) == with_mathml(f"So ${tex}$, &#36;5.")
    assert "<math" in with_mathml(to_material(f"So ${tex}$, \\$5.", title_of=str))
