"""A small lesson with every part a page can have, and what its cells printed."""

from __future__ import annotations

import base64

from catalyst_lessons.core.headings import heading_ids
from catalyst_lessons.core.launching.links import Hub, binder_link, clone_line, hub_link, parse_repository
from catalyst_lessons.core.launching.offers import Published
from catalyst_lessons.core.model import Cell, FrontMatter, Language, Lesson, Phrase
from catalyst_lessons.core.rendering.cells import Surroundings
from catalyst_lessons.core.rendering.launch_bar import Launch
from catalyst_lessons.core.rendering.pages import PageParts

PNG = b"\x89PNG\r\n\x1a\n some pixels"
SVG = '<svg xmlns="http://www.w3.org/2000/svg"><circle r="1"/></svg>'

PROSE = """\
## Rice {yields} & *prices*

See [the data](data/rice.csv) and ![a field](field.png). It costs $5 and $6, or `$x$`.

The mean is $\\bar{x} = \\frac{1}{n}$.

$$
\\sum_{i=1}^n x_i
$$

!!! tip "Say \\"hello\\""
    Inside, ::: is text.

    :::: challenge
    ### Try it

    What is `{}`?

    ::: solution
    A dict.
    :::
    ::::

:::{warning} Mind the gap
Mind it.
:::

::: instructor
Secret timing.
:::

## Rice {yields} & *prices*
"""

STRING = '''\
text = """
```python
</details>
````
"""
print(text, "<b>", a_b_c)\t# tab'''

CELLS = (
    Cell("markdown", PROSE, "prose"),
    Cell("code", STRING, "string"),
    Cell("code", "table", "table", metadata={"alt": 'A "field" [of] rice_and_maize'}),
    Cell("code", "setup()", "setup", tags=("hide-input",)),
    Cell("code", "import hidden_module", "removed", tags=("remove-cell",)),
    Cell("markdown", "Only for trainers.", "trainer", tags=("instructor",)),
    Cell("markdown", "Count **twice**.", "hint", tags=("hint",)),
    Cell("code", "answer = 42\n", "answer", tags=("solution",)),
    Cell("code", "1/0", "fails", tags=("raises-exception",)),
    Cell("raw", "raw text", "raw"),
)

FRONT = FrontMatter(
    title=Phrase('Rice: "yields" --- and <b>`{prices}`</b>', "en"),
    questions=(Phrase("How much *rice*?", "en"),),
    objectives=(Phrase("Count rice, see [the data](data/rice.csv).", "en"), Phrase("Weigh $x_1$ of it.", "en")),
    keypoints=(Phrase("Rice is `counted`.", "en"),),
    prerequisites=(Phrase("You did [setup](pages/setup.md).", "en"),),
    teaching=40,
    exercises=25,
    authors=("A. Author", "B. Writer"),
    license="CC-BY-4.0",
    level="beginner",
    data=("data/rice.csv",),
    date="2026-11-22",
)

LESSON = Lesson("lessons/02-rice.py", CELLS, FRONT, "en", "lesson", "py:percent")

OUTPUTS = {
    "string": (
        {"output_type": "stream", "name": "stdout", "text": "one <two>\n"},
        {"output_type": "stream", "name": "stdout", "text": ["\t*three* _four_\n", "$5 `six` &amp;\n"]},
    ),
    "table": (
        {
            "output_type": "execute_result",
            "data": {
                "text/html": '<style>p {}</style><table onclick="steal()" style="x" class="my_frame"><tr><td>a*b_c</td>'
                '<td><script>steal()</script><a href="javascript:steal()">x</a></td></tr></table>',
                "text/plain": "plain",
            },
        },
        {"output_type": "display_data", "data": {"image/png": base64.b64encode(PNG).decode(), "text/plain": "Figure"}},
        {"output_type": "display_data", "data": {"image/svg+xml": SVG}},
        {"output_type": "display_data", "data": {"text/latex": "$\\displaystyle x^{2}$", "text/plain": "x**2"}},
        {
            "output_type": "display_data",
            "data": {"application/vnd.jupyter.widget-view+json": {"model_id": "1"}, "text/plain": "Slider()"},
        },
        {"output_type": "execute_result", "data": {"text/plain": ["{'a': 1}"]}},
    ),
    "setup": ({"output_type": "stream", "name": "stdout", "text": "ready\n"},),
    "removed": ({"output_type": "stream", "name": "stdout", "text": "never seen\n"},),
    "fails": (
        {
            "output_type": "error",
            "ename": "ZeroDivisionError",
            "evalue": "division by zero",
            "traceback": ["\x1b[31mZeroDivisionError\x1b[0m: division by zero"],
        },
    ),
}


def resolve(target: str) -> str:
    """Addresses as the project would give them."""
    return {"data/rice.csv": "../assets/files/lessons/data/rice.csv", "pages/setup.md": "../setup.md"}.get(
        target, target
    )


def around(**other: object) -> Surroundings:
    """What surrounds the lesson on an English page."""
    values = {
        "words": str,
        "resolve": resolve,
        "pictures": "../assets/outputs/",
        "outputs": OUTPUTS,
        "heading_ids": heading_ids(CELLS),
        **other,
    }
    return Surroundings(**values)


def parts(**other: object) -> PageParts:
    """Everything around the lesson's cells on an English page."""
    repository = parse_repository("https://github.com/example/lessons")
    hub = Hub("hub", "Our hub", "https://hub.example.org")
    path = "en/lessons/02-rice.ipynb"
    links = (
        hub_link(hub, repository, branch="notebooks", path=path),
        binder_link(repository, branch="notebooks", path=path),
    )
    clone = clone_line(repository, branch="notebooks")
    notebook = Published(repository, "notebooks", path, "lessons")
    download = "../notebooks/en/lessons/02-rice.ipynb"
    launch = Launch(links, (hub,), notebook, download=download, clone=clone)
    values = {
        "language": Language.of("en"),
        "around": around(),
        "stamp": "0123456789ab",
        "launch": launch,
        "edit": "https://github.com/example/lessons/edit/main/lessons/02-rice.py",
        "date": "November 22, 2026",
        "exercises": (("Weigh rice", "../exercises/weigh.md"),),
        **other,
    }
    return PageParts(**values)
