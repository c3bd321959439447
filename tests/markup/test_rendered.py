"""What readers see: the page's form through Python-Markdown, the notebook's form through CommonMark."""

from __future__ import annotations

import markdown
import pytest
from bs4 import BeautifulSoup
from markdown_it import MarkdownIt

from catalyst_lessons.core.markup.writers import to_blockquotes, to_material

EXTENSIONS = [
    "admonition",
    "attr_list",
    "def_list",
    "md_in_html",
    "tables",
    "pymdownx.details",
    "pymdownx.superfences",
    "pymdownx.tabbed",
]

CHALLENGE = """\
Before.
{outer} challenge
{title}
Task:
- one
- two

  {list_open}
  Nested in the list.
  {list_close}
- three
{inner} solution

| a | b |
|---|---|
| 1 | 2 |

```python
# ::: tip
print("hi")
```

1. first
2. second
{inner_close}

After the solution.
{outer_close}
After.
"""
DIV = CHALLENGE.format(
    outer=":::::",
    title="### Say `x` & more\n",
    list_open=":::{hint} Look",
    list_close=":::",
    inner=":::::::",
    inner_close=":::",
    outer_close="::::",
)
MYST = """\
Before.

::::{challenge} Say `x` & more
Task:
- one
- two

  ```{hint} Look
  Nested in the list.
  ```
- three

:::{solution}
| a | b |
|---|---|
| 1 | 2 |

~~~python
# ::: tip
print("hi")
~~~

1. first
2. second
:::

After the solution.
::::
After.
"""
MATERIAL = """\
Before.

!!! challenge "Say `x` & more"
    Task:

    - one
    - two

        ??? hint "Look"
            Nested in the list.

    - three

    ??? solution
        | a | b |
        |---|---|
        | 1 | 2 |

        ```python
        # ::: tip
        print("hi")
        ```

        1. first
        2. second

    After the solution.

After.
"""


def page(text):
    configuration = {"pymdownx.tabbed": {"alternate_style": True}}
    source = to_material(text, title_of=str.title)
    html = markdown.markdown(source, extensions=EXTENSIONS, extension_configs=configuration)
    return BeautifulSoup(html, "html.parser")


def notebook(text):
    html = MarkdownIt("commonmark").enable("table").render(to_blockquotes(text, title_of=str.title))
    return BeautifulSoup(html, "html.parser")


def texts(elements):
    return [" ".join(element.get_text().split()) for element in elements]


def children(element):
    return [child.name for child in element.find_all(recursive=False)]


@pytest.mark.parametrize("text", [DIV, MYST, MATERIAL], ids=["div", "myst", "material"])
def test_nested_boxes_on_the_page(text):
    soup = page(text)
    challenge = soup.select_one("div.admonition.challenge")
    solution = challenge.select_one("details.solution")
    assert texts(soup.find_all("p", recursive=False)) == ["Before.", "After."]
    assert str(challenge.select_one("p.admonition-title code")) == "<code>x</code>"
    assert children(challenge) == ["p", "p", "ul", "details", "p"]
    assert len(challenge.find("ul").find_all("li", recursive=False)) == 3
    assert texts(challenge.select("ul > li > details.hint > summary")) == ["Look"]
    assert children(solution) == ["summary", "table", "div", "ol"]
    assert texts(solution.select("summary, td, pre")) == ["Solution", "1", "2", '# ::: tip print("hi")']
    assert texts(solution.select("ol > li")) == ["first", "second"]


@pytest.mark.parametrize("text", [DIV, MYST, MATERIAL], ids=["div", "myst", "material"])
def test_nested_boxes_in_the_notebook(text):
    soup = notebook(text)
    challenge = soup.find("blockquote", recursive=False)
    assert texts(soup.find_all("p", recursive=False)) == ["Before.", "After."]
    assert str(challenge.find("strong")) == "<strong>Say <code>x</code> &amp; more</strong>"
    assert texts(challenge.select("ul > li > details > summary")) == ["Look"]
    solution = challenge.find("details", recursive=False)
    assert children(solution) == ["summary", "table", "pre", "ol"]
    assert solution.find("code").get_text() == '# ::: tip\nprint("hi")\n'
    assert texts(challenge.find_all("p", recursive=False))[-1] == "After the solution."


def test_box_without_folding_nests_as_a_quote():
    soup = notebook("::: challenge\n::: tip\nx\n:::\n:::")
    assert texts(soup.select("blockquote > blockquote > p")) == ["Tip", "x"]


def test_title_with_quotes_and_code_reads_as_written():
    soup = page('!!! tip "Say "hi", \\"you\\" `x = "a"`"\n    x')
    assert texts(soup.select("p.admonition-title")) == ['Say "hi", "you" x = "a"']
    assert soup.select_one("p.admonition-title code").get_text() == 'x = "a"'
    soup = notebook('??? tip "Is *a* < `b`?"\n    x')
    assert str(soup.summary) == "<summary>Is <em>a</em> &lt; <code>b</code>?</summary>"


def test_empty_title_draws_no_title_bar():
    assert not page('!!! tip ""\n    x').select(".admonition-title")
    assert not notebook('!!! tip ""\n    x').select("strong")


@pytest.mark.parametrize(("mark", "is_open"), [("???", False), ("???+", True)])
def test_folding_is_kept(mark, is_open):
    text = f'{mark} note "T"\n    x'
    assert page(text).details.has_attr("open") == is_open
    assert notebook(text).details.has_attr("open") == is_open


def test_kinds_that_are_folded_by_default():
    text = "::: solution\nx\n:::\n\n::: {.callout-hint collapse=false}\ny\n:::\n\n!!! spoiler\n    z"
    assert [(item["class"], item.has_attr("open")) for item in page(text).find_all("details")] == [
        (["solution"], False),
        (["hint"], True),
        (["spoiler"], False),
    ]


def test_tab_sets_stay_apart():
    soup = page('=== "A"\n    a\n=== "B"\n    b\n\n::: tab\n### C\nc\n### D\nd\n:::')
    assert [texts(tabs.select("label")) for tabs in soup.select("div.tabbed-set")] == [["A", "B"], ["C", "D"]]
    assert texts(notebook("::: tab\n### C\nc\n:::").select("p")) == ["C", "c"]


def test_list_of_commonmark_keeps_its_shape_on_the_page():
    soup = page("Bring:\n- a\n  - b\n    - c\n\n      para\n- d\n\n\n1) x\n\n   y\n2) z")
    assert texts(soup.find_all("p", recursive=False)) == ["Bring:"]
    assert texts(soup.select("ul ul ul > li")) == ["c para"]
    assert texts(soup.select("ul ul ul > li > p")) == ["c", "para"]
    assert texts(soup.find("ul").find_all("li", recursive=False))[1] == "d"
    assert texts(page("1) x\n\n   y\n2) z").select("ol > li")) == ["x y", "z"]


def test_code_after_a_box_stays_outside_of_it():
    soup = page("::: tip\nx\n:::\n\n    code")
    assert texts(soup.select("div.tip pre")) == []
    assert texts(soup.select("pre")) == ["code"]


def test_fence_that_pymdownx_would_not_see_is_written_so_that_it_does():
    assert texts(page('```python alt="a"\nx\n`````').select("div.highlight pre")) == ["x"]
    assert "filename" in str(page('```python title="a.py"\nx\n```'))
