"""MyST roles, image attributes and directives as plain Markdown, and callouts left out."""

from __future__ import annotations

import pytest

from catalyst_lessons.core.markup.writers import to_blockquotes, to_material, without_callouts


def material(text):
    return to_material(text, title_of=str.title)


def notebook(text):
    return to_blockquotes(text, title_of=str.title)


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("{ref}`the hub <hub-access>`", "the hub"),
        ("{ref}`hub-access`", "hub-access"),
        ("{doc}`A page\n<pages/a>`", "A page"),
        ("{term}`Kernel`s", "Kernels"),
        ("{math}`a_1`", "$a_1$"),
        ("{sup}`2`", "<sup>2</sup>"),
        ("{kbd}`Ctrl`", "`Ctrl`"),
        ("{py:func}`~numpy.sum`", "`sum`"),
        ("{download}`the file <a.csv>`", "[the file](a.csv)"),
        ("{unheard-of}`text`", "text"),
        ("`{ref}` and `b`", "`{ref}` and `b`"),
        ("`` {ref}`x` ``", "`` {ref}`x` ``"),
        (r"\{ref}\`x\`", r"\{ref}\`x\`"),
        ("a ` b\n\n{ref}`x`", "a ` b\n\nx"),
    ],
)
def test_roles_become_their_text(written, shown):
    assert material(written) == notebook(written) == shown


@pytest.mark.parametrize(
    ("written", "page", "plain"),
    [
        ("![c](a.png){alt='A'}", "![A](a.png)\n\nc", "![A](a.png)\n\nc"),
        ('![](a.png){alt="A" width="9"}', '![A](a.png){ width="9" }', "![A](a.png)"),
        ("x ![c](a.png){alt=A} y", "x ![A](a.png) c y", "x ![A](a.png) c y"),
        (
            r"![c](a.png){fig-alt='Don\'t [x]'}",
            "![Don't \\[x\\]](a.png)\n\nc",
            "![Don't \\[x\\]](a.png)\n\nc",
        ),
        ("![c](a.png){.wide}", "![c](a.png){ .wide }", "![c](a.png)"),
        ("[l](u){target=_blank}", "[l](u){target=_blank}", "[l](u)"),
        ("`[l](u){.x}`", "`[l](u){.x}`", "`[l](u){.x}`"),
        ("## T {#t .c}", "## T {#t .c}", "## T"),
        ("x\n{: .wide }", "x\n{: .wide }", "x"),
        ("a set {1, 2} and f(x){y}", "a set {1, 2} and f(x){y}", "a set {1, 2} and f(x){y}"),
    ],
)
def test_attributes(written, page, plain):
    assert (material(written), notebook(written)) == (page, plain)


def test_image_caption_stays_in_its_list_item():
    assert material("- a\n\n  ![c](a.png){alt='A'}") == "- a\n\n    ![A](a.png)\n\n    c"


def test_figure_keeps_alternative_text_and_caption():
    text = "- a\n\n  ```{figure} my map.png\n  :alt: A map\n\n  The caption.\n  ```\n"
    assert material(text) == "- a\n\n    ![A map](<my map.png>)\n\n    The caption.\n"


def test_comment_and_target_of_myst_are_not_shown():
    text = "(here)=\n% secret\n## T\n<!-- kept -->\n"
    assert material(text) == '<a id="here"></a>\n\n## T\n\n<!-- kept -->\n'
    assert notebook(text) == "## T\n\n<!-- kept -->\n"


def test_code_directive_with_a_fence_inside_gets_a_longer_fence():
    assert material("````{code-block} md\n```\nx\n```\n````") == "````md\n```\nx\n```\n````"


def test_code_inside_boxes_is_not_touched():
    code = "{ref}`x`\n\n  ::: tip\n\ttab {#a}  "
    text = f"::: tip\n```\n{code}\n```\n:::"
    inside = "    {ref}`x`\n\n      ::: tip\n    \ttab {#a}  \n"
    assert material(text) == f'!!! tip "Tip"\n    ```\n{inside}    ```'


NOTES = """\
Before.

::: challenge
Task.

::: instructor
Wait.
:::

!!! trainer "Also"
    Wait longer.

Go on.
:::

:::{instructor}
At the end.
:::
"""


def test_trainer_notes_are_left_out_at_any_depth():
    assert without_callouts(NOTES, {"instructor"}) == "Before.\n\n::: challenge\nTask.\n\nGo on.\n:::\n"


def test_other_callouts_stay_byte_for_byte():
    assert without_callouts(NOTES, {"bug"}) == NOTES
    assert without_callouts("a\r\n::: tip\r\nx\r\n:::\r\nb", {"tip"}) == "a\r\nb"


def test_unknown_kind_is_left_out_by_its_own_name_only():
    text = "::: secret\nx\n:::\n"
    assert without_callouts(text, {"note"}) == text
    assert without_callouts(text, {"secret"}) == ""


def test_a_marker_in_a_fence_is_not_left_out():
    text = "```\n::: instructor\nx\n:::\n```"
    assert without_callouts(text, {"instructor"}) == text


def test_a_target_is_no_way_to_bring_in_attributes():
    assert material('(x" onclick="y)=\n') == '<a id="x&quot; onclick=&quot;y"></a>\n'
