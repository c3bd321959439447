"""Images in HTML become Markdown images where Markdown is read, and only there."""

from __future__ import annotations

import pytest

from catalyst_lessons.core.rendering.html_images import images_as_markdown


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ('<img src="a.png" alt="A map"/>', "![A map](a.png)"),
        ("see <IMG alt='x [1]' src='img/a b.png'> here", "see <IMG alt='x [1]' src='img/a b.png'> here"),
        ("<img src='b.png' alt='x [1]'>", r"![x \[1\]](b.png)"),
        ('<img src="l.png" alt="Logo" style="width: 300px;"/>', "![Logo](l.png){ width=300 }"),
        ('<img src="l.png" width="40" alt="">', "![](l.png){ width=40 }"),
        ('<a href="x"><img src="l.png" alt="y"></a>', '<a href="x">![y](l.png)</a>'),
        ('!!! note "T"\n\n    <img src="a.png" alt="b">', '!!! note "T"\n\n    ![b](a.png)'),
        ('<div>\n<img src="a.png" alt="b">\n</div>', '<div>\n<img src="a.png" alt="b">\n</div>'),
        ('`<img src="a.png">` shows it', '`<img src="a.png">` shows it'),
        ('```html\n<img src="a.png">\n```', '```html\n<img src="a.png">\n```'),
        ("no images", "no images"),
    ],
)
def test_images_as_markdown(written: str, expected: str) -> None:
    assert images_as_markdown(written) == expected
