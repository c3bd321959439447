"""Each dialect's markers, and everything in which a marker is none."""

from __future__ import annotations

import pytest

from catalyst_lessons.core.markup import (
    ALIASES,
    CALLOUT_KINDS,
    GROUP,
    Callout,
    Prose,
    Tab,
    Verbatim,
    lines_of,
    parse_markup,
    walk,
)


def callouts(text):
    return [node for node in walk(parse_markup(text)) if isinstance(node, Callout)]


def only(text):
    (found,) = callouts(text)
    return found


def words(node):
    return [line.text for line in lines_of(node)]


@pytest.mark.parametrize(
    ("text", "kind", "title", "folded"),
    [
        ('!!! note "T"\n    x', "note", "T", None),
        ("!!! note\n    x", "note", None, None),
        ('!!! note ""\n    x', "note", "", None),
        ('!!! tip inline end "T"\n    x', "tip", "T", None),
        ('!!! tip "Say "hi", \\"you\\""\n    x', "tip", 'Say "hi", \\"you\\"', None),
        ('??? tip "T"\n    x', "tip", "T", True),
        ('???+ tip "T"\n    x', "tip", "T", False),
        ('??? "No kind"\n    x', "note", "No kind", True),
        ("!!! tldr\n\tx", "abstract", None, None),
        (":::{note} A title\nx\n:::", "note", "A title", None),
        ("::::{admonition} T\n:class: tip dropdown\nx\n::::", "tip", "T", True),
        ("::::{admonition} T\n---\nclass: tip, dropdown\n---\nx\n::::", "tip", "T", True),
        (":::{tip .dropdown} T\nx\n:::", "tip", "T", True),
        (":::{dropdown} T\n:open:\nx\n:::", "spoiler", "T", False),
        ("```{seealso}\nx\n```", "info", None, None),
        ("~~~{exercise} Loops\n:label: ex-loops\nx\n~~~", "challenge", "Loops", None),
        (":::{solution} ex-loops\nx\n:::", "solution", None, None),
        (":::{solution} Why it works\nx\n:::", "solution", "Why it works", None),
        ("::: challenge\nx\n:::", "challenge", None, None),
        (":::challenge\nx\n:::::::::", "challenge", None, None),
        ("::::::: challenge :::\n\n### Title {#t}\n\nx\n:::", "challenge", "Title", None),
        ("::: {.callout-tip collapse='true' title=\"x [1] y\"}\n## No title\n:::", "tip", "x [1] y", True),
        ("::: {#a .callout-note collapse=false}\n# Title #\nx\n:::", "note", "Title", False),
        ("::: Prerequisites\nx\n:::", "prereq", None, None),
    ],
)
def test_marker_gives_kind_title_and_folding(text, kind, title, folded):
    found = only(text)
    assert (found.kind, found.title and found.title.text, found.folded) == (kind, title, folded)
    assert found.known
    assert found.closed


@pytest.mark.parametrize(
    "text", ["::: demonstration\nx\n:::", ":::{demonstration}\nx\n:::", "!!! demonstration\n    x"]
)
def test_unknown_kind_is_a_note_that_keeps_its_name(text):
    found = only(text)
    assert (found.kind, found.name, found.known) == ("note", "demonstration", False)


@pytest.mark.parametrize(
    "text",
    [
        "```\n::: tip\n```",
        "~~~~ text\n!!! tip\n~~~\n    more\n~~~~",
        "````{code-block} markdown\n```{tip}\n```\n````",
        "```{code-cell}\n::: tip\n```",
        "```{python}\n::: tip\n```",
        ":::{figure} a.png\n!!! tip\n:::",
        "    ::: tip\n    x",
        "- a\n\n      ::: tip",
        "$$\n::: tip\n$$",
        "\\begin{align}\n::: tip\n\\end{align}",
        "<!-- a\n::: tip\n-->",
        "<pre>\n::: tip\n</pre>",
        "% ::: tip",
        "> ::: tip",
        "Words about ::: tip and !!! tip",
        "::: two words",
        "!!! tip: not a marker",
        ":::",
        "```\n::: tip",
    ],
)
def test_marker_inside_protected_text_is_no_marker(text):
    assert callouts(text) == []


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("```\nx\n```", "fence"),
        ("    x", "code"),
        ("$$x$$", "math"),
        ("$$x$$ (label)", "math"),
        ("<!-- x -->", "comment"),
        ("% x", "comment"),
        ("(a-label)=", "target"),
        ("<style>\nx\n</style>", "html"),
    ],
)
def test_verbatim_kinds(text, kind):
    (node,) = parse_markup(text)
    assert isinstance(node, Verbatim)
    assert node.kind == kind


@pytest.mark.parametrize(
    "text",
    [
        "Half of them, 50\n% of all, came.",
        "$$x$$ and words",
        "<!-- a --> and words",
        "<div>\nwords\n</div>",
        "# T\n\nx\n| a |\n|---|",
        "a paragraph\n    carried on",
    ],
)
def test_prose_stays_prose(text):
    (node,) = parse_markup(text)
    assert isinstance(node, Prose)


def test_fence_inside_a_callout_ends_with_its_own_mark():
    outer = only("::: challenge\n```\n:::\n```\nafter\n:::\nrest")
    assert [type(node) for node in outer.body] == [Verbatim, Prose]
    assert words(outer.body[1]) == ["after"]


def test_any_line_of_colons_closes_the_innermost_div():
    outer, inner = callouts("::: challenge\n:::::: solution\nx\n:::\ny\n::::::::")
    assert (outer.kind, inner.kind) == ("challenge", "solution")
    assert words(outer.body[-1]) == ["y"]
    assert outer.closed
    assert inner.closed


def test_myst_closing_line_with_fewer_colons_is_prose():
    assert words(only("::::{note}\nx\n:::\ny\n::::").body[0]) == ["x", ":::", "y"]


def test_unclosed_div_ends_with_its_parent():
    outer, inner, after = callouts("::::{note}\n::: tip\nx\n::::\n\n!!! bug\n    y")
    assert (outer.closed, inner.closed, after.kind) == (True, False, "bug")
    assert inner.closing is None


def test_unclosed_callout_in_a_list_ends_with_its_item():
    found = only("- a\n\n  :::{tip}\n  x\n\n- b")
    assert not found.closed
    assert words(found)[:2] == ["  :::{tip}", "x"]
    assert "- b" not in words(found)


def test_closing_line_may_stand_in_a_list_of_the_callout():
    found = only(":::{note}\n- a\n  :::\nrest")
    assert found.closed
    assert words(found) == [":::{note}", "- a", "  :::"]


@pytest.mark.parametrize("indent", ["  ", "   ", "    ", "\t"])
def test_callout_in_a_list_item(indent):
    text = (
        f"1. a\n\n{indent}!!! tip\n{indent}    x\n\n2. b" if len(indent) != 2 else "- a\n\n  ::: tip\n  x\n  :::\n- b"
    )
    before, found, after = parse_markup(text)
    assert isinstance(found, Callout)
    assert words(found.body[0]) == ["x"]
    assert words(before)[0] in ("1. a", "- a")
    assert words(after)[-1] in ("2. b", "- b")


def test_material_body_with_tabs_counts_columns():
    found = only("!!! tip\n\t\n\t\tcode\n\n\tx\n  out")
    assert [(node.kind if isinstance(node, Verbatim) else "prose") for node in found.body] == [
        "prose",
        "code",
        "prose",
    ]
    assert words(found.body[-1]) == ["", "x"]


def test_dialects_nest_in_one_another():
    text = "::: challenge\n!!! tip\n    :::{note}\n    ```{hint}\n    x\n    ```\n    :::\n:::"
    assert [found.kind for found in callouts(text)] == ["challenge", "tip", "note", "hint"]
    assert all(found.closed for found in callouts(text))


@pytest.mark.parametrize(
    "text",
    [
        '=== "A"\n    x\n=== "B"\n    y',
        "::::{tab-set}\n:::{tab-item} A\nx\n:::\n:::{tab-item} B\ny\n:::\n::::",
        "::: tab\n### A\nx\n### B\ny\n:::",
        "::: {.panel-tabset}\n## A\nx\n### not a tab\n## B\ny\n:::",
    ],
)
def test_tabs(text):
    tabs = [node for node in walk(parse_markup(text)) if isinstance(node, Tab)]
    assert [tab.title.text for tab in tabs] == ["A", "B"]
    assert all(tab.closed for tab in tabs)
    assert words(tabs[-1].body[0])[:1] == ["y"]


@pytest.mark.parametrize("text", ["::: {.column width=50%}\nx\n:::", "::::{grid} 1 2\nx\n::::", "::: {}\nx\n:::"])
def test_wrapper_draws_no_box(text):
    assert only(text).kind == GROUP


def test_every_alias_leads_to_a_kind():
    assert set(ALIASES.values()) <= {*CALLOUT_KINDS, GROUP}
    assert not set(ALIASES) & set(CALLOUT_KINDS)
    assert {kind for kind, folded in CALLOUT_KINDS.items() if folded} == {"solution", "hint", "spoiler"}


def test_nesting_without_end_does_not_exhaust_the_stack():
    text = "::: tip\n" * 3000
    nodes = parse_markup(text)
    assert sum(len(lines_of(node)) for node in nodes) == 3000
