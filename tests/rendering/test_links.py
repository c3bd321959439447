"""Links of awkward Markdown: found where they are, rewritten there and nowhere else."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalyst_lessons.core.links import figures_in, is_external, links_in, project_path, rewrite_links

# Markdown, and the targets in it.
CASES = [
    ("[a](b.md)", ["b.md"]),
    ("[![alt](i.png)](page.md)", ["i.png", "page.md"]),
    ("[a](<b c.md>)", ["b c.md"]),
    ("[a](b_(c).md)", ["b_(c).md"]),
    ("[a](b\\(c.md)", ["b\\(c.md"]),
    ("[a](b.md \"T (x)\") and ![i](c.png 't')", ["b.md", "c.png"]),
    ("[a]( b.md )", ["b.md"]),
    ("[x]: b.md", ["b.md"]),
    ('[x]: <b c.md> "T"', ["b c.md"]),
    ("[Note]: see [a](b.md)", ["b.md"]),
    ("[^1]: see [a](b.md)", ["b.md"]),
    ('<img alt="x" data-src="no.png" src="b.png"> <a href=\'c.md\'>', ["b.png", "c.md"]),
    ("`[a](no.md)` and ``[`](no.md)`` [b](c.md)", ["c.md"]),
    ("\\[a\\](no.md)", []),
    ("a\\](no.md)", []),
    ("$E[X](t)$ and [a](b.md)", ["b.md"]),
    ("<!-- [a](no.md) --> [b](c.md)", ["c.md"]),
    ("```\n[a](no.md)\n```\n[b](c.md)", ["c.md"]),
    ("    [a](no.md)\n\n[b](c.md)", ["c.md"]),
    ('!!! note "See [t](t.md)"\n    [a](b.md)', ["t.md", "b.md"]),
    ("::: challenge\n[a](b.md)\n\n::: solution\n[c](d.md)\n:::\n:::", ["b.md", "d.md"]),
    (":::{note} [t](t.md)\n[a](b.md)\n:::", ["t.md", "b.md"]),
    ("```{tip}\n[a](b.md)\n```", ["b.md"]),
    ("| [a](b.md) | ![i](c.png) |\n|---|---|", ["b.md", "c.png"]),
    ("> - [a](b.md)", ["b.md"]),
    ("[a](b.md)\r\n[c](d.md)\r\n", ["b.md", "d.md"]),
    ("[a](b.md#x) [c](#y)", ["b.md#x", "#y"]),
    ("[a]()", [""]),
    ('<a\n  class="x"\n  href="b.md">c</a>', ["b.md"]),
    ('<a title="two\n lines" href="b.md"\n>[c](d.md)</a> <img\nsrc="e.png">', ["b.md", "d.md", "e.png"]),
    ('> <a\n>   href="b.md">c</a>', ["b.md"]),
    ('<a\n\nhref="no.md">', []),
    ("[a](b.md?x=1#y)", ["b.md?x=1#y"]),
]


@pytest.mark.parametrize(("text", "targets"), CASES)
def test_targets_are_found(text, targets):
    assert [link.target for link in links_in(text)] == targets


@pytest.mark.parametrize(("text", "targets"), CASES)
def test_targets_are_rewritten_and_nothing_else(text, targets):
    new = rewrite_links(text, lambda target: f"N{targets.index(target)}")
    assert [link.target for link in links_in(new)] == [f"N{number}" for number in range(len(targets))]
    assert rewrite_links(new, lambda target: targets[int(target[1:])]) == text


@settings(deadline=None)
@given(st.lists(st.sampled_from([text for text, _ in CASES] + ["", "text", "\r", "![", "](", "<a", "``"]), max_size=6))
def test_rewriting_to_the_same_gives_the_same_bytes(texts):
    text = "\n".join(texts)
    assert rewrite_links(text, str) == text


@settings(deadline=None)
@given(st.text(st.sampled_from("[]()<>!`\\\"'# \n\r\t:a.$-~{}=%")))
def test_rewriting_any_text_to_the_same_gives_the_same_bytes(text):
    assert rewrite_links(text, str) == text


def test_links_know_their_text_line_and_kind():
    first, second, nested, third = links_in('a\n[![a b](i.png)](p.md) [c [d]](e.md)\n<img src="j.png" alt="d">')
    assert (first.text, first.line, first.image) == ("a b", 1, True)
    assert (second.text, second.line, second.image) == ("![a b](i.png)", 1, False)
    assert nested.text == "c [d]"
    assert (third.text, third.line, third.image) == ("d", 2, True)


def test_the_text_of_a_picture_may_stand_on_another_line_of_its_tag():
    (picture,) = links_in('a\n<img\n src="j.png"\n alt="d">')
    assert (picture.text, picture.line, picture.image) == ("d", 2, True)


def test_pictures_of_directives_are_found_and_rewritten():
    text = "```{figure} a.png\n:alt: A\n```\n\n:::{image} b.png\n:::\n\n```python\n# {figure} no.png\n```"
    assert [(link.target, link.line, link.image) for link in figures_in(text)] == [
        ("a.png", 0, True),
        ("b.png", 4, True),
    ]
    new = rewrite_links(text, lambda target: f"x/{target}")
    assert new == text.replace(" a.png", " x/a.png").replace("} b.png", "} x/b.png")


@pytest.mark.parametrize(
    ("target", "path"),
    [
        ("b.md#x", "lessons/b.md"),
        ("../data/x.csv", "data/x.csv"),
        ("#x", ""),
        ("b.md?hub=x#y", "lessons/b.md"),
        ("?hub=x", ""),
        ("what%3F.md", "lessons/what?.md"),
        ("my%20file.csv", "lessons/my file.csv"),
        ("../../etc/passwd", "../etc/passwd"),
        ("%2e%2e/%2e%2e/secret", "../secret"),
        ("/etc/passwd", "etc/passwd"),
        ("../.git/config", ".git/config"),
        ("/a/../../../etc/passwd", "etc/passwd"),
    ],
)
def test_project_path_of_a_target(target, path):
    assert project_path("lessons", target) == path


@pytest.mark.parametrize(
    "target", ["https://x.org", "mailto:a@b.org", "//x.org/y", "javascript:x()", "data:text/html,x"]
)
def test_addresses_with_a_scheme_lead_out(target):
    assert is_external(target)
    assert not is_external("a/b.md") and not is_external("#a:b")
