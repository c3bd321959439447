"""Laws: no line is lost, every place is the true one, and what was nested is read as it was nested."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from catalyst_lessons.core.markup import Callout, Prose, Tab, Verbatim, lines_of, parse_markup, walk
from catalyst_lessons.core.markup.writers import to_blockquotes, to_material, without_callouts

PIECES = st.sampled_from(
    [
        *(
            "",
            "",
            "words",
            "# Heading",
            "## Title {#a}",
            "- item",
            "1. item",
            "> quote",
            "| a | b |",
            ":   meaning",
        ),
        *(
            "!!! note",
            '??? tip "T"',
            '???+ bug "a "b""',
            '=== "Tab"',
            "::: challenge",
            ":::: solution ::",
            "::: {}",
        ),
        *(
            "::: {.callout-note title='x'}",
            ":::",
            "::::",
            ":::::",
            ":::{note} T",
            "::::{admonition} T",
            ":class: tip",
        ),
        *(
            "---",
            "```",
            "````",
            "```python",
            "```{note} T",
            "```{code-cell}",
            "~~~",
            ":::{figure} a.png",
            "::: tab",
        ),
        *(
            "$$",
            "$$ x $$",
            "<!--",
            "-->",
            "<!-- x -->",
            "<pre>",
            "</pre>",
            "% note",
            "(label)=",
            "\\begin{a}",
            "\\end{a}",
        ),
        *("\x0b", "\u2028", "`a {ref}`b` c", "![c](d){alt='e'}"),
    ]
)
INDENTS = st.sampled_from(["", "", "", " ", "  ", "   ", "    ", "\t", "    \t", "      ", "        "])
ROWS = st.lists(st.tuples(INDENTS, PIECES).map("".join), max_size=25)
TEXTS = st.builds(
    lambda rows, ending, last: ending.join(rows) + last,
    ROWS,
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from(["", "\n"]),
)


def rebuilt(text, nodes):
    """The text with the content of every line taken from the nodes, and only the rest from the text."""
    rows = text.split("\n")
    for node in nodes:
        for line in lines_of(node):
            row = rows[line.number]
            rows[line.number] = row[: line.column] + line.text + ("\r" if row.endswith("\r") else "")
            assert not row[: line.column].strip()
    return "\n".join(rows)


@settings(max_examples=400, deadline=None)
@given(TEXTS)
def test_every_line_belongs_to_one_node_in_order(text):
    nodes = parse_markup(text)
    numbers = [line.number for node in nodes for line in lines_of(node)]
    assert numbers == list(range(text.count("\n") + (not text.endswith("\n") and text != "")))
    assert rebuilt(text, nodes) == text


@settings(max_examples=300, deadline=None)
@given(TEXTS)
def test_spans_name_their_place(text):
    rows = text.split("\n")
    for node in walk(parse_markup(text)):
        if isinstance(node, Callout | Tab) and node.title:
            span = node.title
            assert rows[span.number][span.column : span.column + len(span.text)] == span.text


@settings(max_examples=200, deadline=None)
@given(TEXTS)
def test_writers_take_any_text(text):
    for write in (to_material, to_blockquotes):
        assert "\r" not in write(text, title_of=str.title)
    assert without_callouts(text, ()) == text


# A tree is ("words",), ("fence",), ("list", children) or (dialect, kind, title, children).
KINDS = st.sampled_from(["note", "tip", "challenge", "solution", "hint", "instructor"])
TITLES = st.sampled_from([None, "A title", "Ya: ¿qué?"])
LEAVES = st.sampled_from([("words",), ("fence",)])
TREES = st.recursive(
    LEAVES,
    lambda inner: (
        st.tuples(
            st.sampled_from(["material", "colons", "backticks", "div"]),
            KINDS,
            TITLES,
            st.lists(inner, min_size=1, max_size=3),
        )
        | st.tuples(st.just("list"), st.lists(inner, min_size=1, max_size=2))
    ),
    max_leaves=8,
)


def marks(trees):
    """One mark more than the longest fence inside needs."""
    return 1 + max((marks(tree[-1]) for tree in trees if len(tree) > 1), default=3)


def indented(rows, columns):
    return [" " * columns + row if row else "" for row in rows]


def written(tree):
    if tree == ("words",):
        return ["words"]
    if tree == ("fence",):
        return ["```text", "::: tip", "!!! tip", "```"]
    inside = [row for child in tree[-1] for row in (*written(child), "")]
    if tree[0] == "list":
        return ["- item", "", *indented(inside, 4)]
    dialect, kind, title, children = tree
    if dialect == "material":
        return [f"!!! {kind}" + (f' "{title}"' if title else ""), *indented(inside, 4)]
    if dialect == "div":
        heading = ["", f"### {title}"] if title else []
        return [":" * marks(children) + " " + kind, *heading, *inside, ":" * marks(children)]
    mark = (":" if dialect == "colons" else "`") * marks(children)
    return [mark + f"{{{kind}}} {title or ''}", *inside, mark]


def meant(trees):
    flat = []
    for tree in trees:
        if tree[0] == "list":
            flat += meant(tree[1])
        elif len(tree) == 4:
            flat.append((tree[1], tree[2], meant(tree[3])))
        elif tree == ("fence",):
            flat.append("fence")
    return flat


def read(nodes):
    found = []
    for node in nodes:
        assert not isinstance(node, Callout) or node.closed
        if isinstance(node, Callout):
            title = node.title.text if node.title else None
            found.append((node.kind, title, read(node.body)))
        elif isinstance(node, Verbatim):
            found.append(node.kind)
        else:
            assert isinstance(node, Prose)
    return found


@settings(max_examples=300, deadline=None)
@given(st.lists(TREES, min_size=1, max_size=3))
def test_random_nestings_are_read_as_they_were_written(trees):
    text = "\n".join(row for tree in trees for row in (*written(tree), ""))
    assert read(parse_markup(text)) == meant(trees)


@settings(max_examples=200, deadline=None)
@given(st.lists(TREES, min_size=1, max_size=3))
def test_material_form_means_the_same(trees):
    text = "\n".join(row for tree in trees for row in (*written(tree), ""))
    material = to_material(text, title_of=str.title)

    def titled(nodes):
        return [node if node == "fence" else (node[0], node[1] or node[0].title(), titled(node[2])) for node in nodes]

    assert read(parse_markup(material)) == titled(meant(trees))
    assert to_material(material, title_of=str.title) == material
