"""How generators and browsers read what we render."""

from __future__ import annotations

from html.parser import HTMLParser

from bs4 import BeautifulSoup
from markdown import Markdown

from catalyst_lessons.adapters.markdown_settings import EXTENSIONS

VOID = frozenset(("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"))


def to_html(text: str) -> str:
    """A page's Markdown as MkDocs renders it: without its front matter, with the extensions we set."""
    body = text.partition("\n---\n")[2] if text.startswith("---\n") else text
    return Markdown(extensions=list(EXTENSIONS), extension_configs=EXTENSIONS).convert(body)


def to_soup(text: str) -> BeautifulSoup:
    """The same, to be searched."""
    return BeautifulSoup(to_html(text), "html.parser")


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.problems: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        pass

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.problems.append(f"</{tag}>")


def unbalanced(markup: str) -> list[str]:
    """The tags that are not closed, or closed where they are not open."""
    tags = _Tags()
    tags.feed(markup)
    tags.close()
    return [*tags.problems, *tags.open]
