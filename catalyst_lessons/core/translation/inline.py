"""What inline Markdown holds besides words: code, math, link targets, HTML tags, labels, braces."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlsplit

# No code span has more than 32 backticks: each length that is never closed costs one look at the rest of the text.
ROLE = re.compile(r"\{([A-Za-z][\w:+.-]*)\}(`{1,32})(?!`)(.+?)(?<!`)\2(?!`)", re.S)
ROLE_TARGET = re.compile(r"<([^<>]*)>\s*$", re.S)
CODE = re.compile(r"(?<![\\`])(`{1,32})(?!`)(.+?)(?<!`)\1(?!`)", re.S)
# Pandoc's rule for dollars: no space inside the marks, no digit after them, so that "$5 and $10" is no math.
MATH = re.compile(
    r"(?<!\\)\$\$.+?\$\$|(?<![\\$])\$(?![\s$])[^$]*?(?<![\s\\$])\$(?![\d$])"
    # Up to the next mark of the same kind: a line of nothing but opening marks is read once, not once for each.
    r"|(?<!\\)(?P<round>\\{1,2})\((?:(?!(?<!\\)(?P=round)\().)+?(?P=round)\)"
    r"|(?<!\\)(?P<square>\\{1,2})\[(?:(?!(?<!\\)(?P=square)\[).)+?(?P=square)\]",
    re.S,
)
TEMPLATE = re.compile(r"\{\{(?:(?!\{\{).)*?\}\}|\{%(?:(?!\{%).)*?%\}|\{\{|\}\}|\{%|%\}|\{!|(?<!-)-+8<-+|\[TOC\]", re.S)
_CLOSING = r"""\s*+(?:(?:"[^\n]{0,400}?"|'[^\n]{0,400}?')\s*+)?\)"""
_PART = r"(?:[^\s()\\]|\\.|\((?:[^\s()\\]|\\.)*\))"
# A title may follow the target and nothing else: Python-Markdown takes other words there for a part of the address.
LINK = re.compile(rf"(?<!\\)\]\(\s*(<[^<>\n]*>(?={_CLOSING})|{_PART}*(?:\s++(?!{_CLOSING}){_PART}+)*)")
AUTOLINK = re.compile(r"<([A-Za-z][A-Za-z0-9+.-]{1,31}:[^\s<>]*|[^\s<>@/]+@[^\s<>@]+)>")
BARE_ADDRESS = re.compile(r"""(?:\b(?:https?|ftp)://|\bwww\.)[^\s<>"'`()\[\]]+""", re.I)
TAG = re.compile(r"""<[A-Za-z/!?](?:"[^"]*"|'[^']*'|[^'">])*>?""")
ATTRIBUTES = re.compile(r"""\{\s*[:#.][^{}\n]*\}|\{[^{}=\n]*=[^{}\n]*\}""")
WORDED_ATTRIBUTE = re.compile(r"""\b(alt|title|aria-label)\s*=\s*("[^"]*"|'[^']*')""", re.I)
FOOTNOTE = re.compile(r"\[\^[^\[\]\s]+\]")
# `[text]` with no target after it; `]` before it would make it the label of another link.
BRACKETS = re.compile(r"(?<![\]\\!])\[((?:[^\[\]\\]|\\.)+)\](?![\[(])")
COLLAPSED = re.compile(r"(?<!\\)\[((?:[^\[\]\\]|\\.)+)\]\[\]")
FULL_REFERENCE = re.compile(r"(?<!\\)\]\[((?:[^\[\]\\]|\\.)+)\]")

# Wikipedia and its sisters have one host a language, so a translated link there leads to the same place.
WIKIMEDIA = re.compile(r"^[a-z-]{2,12}\.((?:m\.)?(?:wikipedia|wikibooks|wikiversity|wiktionary)\.org)$")
# Roles of docutils and Sphinx whose text is for the reader; the text of any other names something.
WORDED_ROLES = frozenset(
    {
        "abbr",
        "sub",
        "sup",
        "subscript",
        "superscript",
        "guilabel",
        "menuselection",
        "dfn",
        "emphasis",
        "strong",
    }
)


@dataclass(frozen=True, slots=True)
class Target:
    """Where a link, image or address leads: scheme and host in lower case, "" for a place on this site."""

    address: str
    scheme: str = ""
    host: str = ""


@dataclass(frozen=True, slots=True)
class Inline:
    """The marks of some inline Markdown, each kind as often as it stands there; `words` is what is left."""

    code: Counter[str]
    math: Counter[str]
    roles: Counter[str]
    templates: Counter[str]
    targets: tuple[Target, ...]
    tags: Counter[str]
    attributes: Counter[str]
    footnotes: Counter[str]
    labels: Counter[str]
    collapsed: tuple[str, ...]
    brackets: tuple[str, ...]
    words: str


@lru_cache(maxsize=8192)
def scan_inline(text: str) -> Inline:
    """Find the marks in a text. What it takes for code or math it lists, so nothing can hide there."""
    roles = Counter(_role(match[1].lower(), match[3]) for match in ROLE.finditer(text))
    rest = ROLE.sub(lambda match: f" {_worded_role(match[1].lower(), match[3])} ", text)
    code = Counter(match[2].strip() for match in CODE.finditer(rest))
    rest = CODE.sub(" ", rest)
    tags = Counter(_tag(tag) for tag in TAG.findall(AUTOLINK.sub(" ", rest)))
    targets = tuple(_targets(rest))
    math = Counter(re.sub(r"\s+", " ", found) for found in _found(MATH, rest))
    rest = MATH.sub(" ", rest)
    return Inline(
        code=code,
        math=math,
        roles=roles,
        templates=Counter(re.sub(r"\s+", " ", found) for found in TEMPLATE.findall(text)),
        targets=targets,
        tags=tags,
        attributes=Counter(_worded(found) for found in ATTRIBUTES.findall(TEMPLATE.sub(" ", rest))),
        footnotes=Counter(FOOTNOTE.findall(rest)),
        labels=Counter(label_of(found) for found in FULL_REFERENCE.findall(rest)),
        collapsed=tuple(label_of(found) for found in COLLAPSED.findall(rest)),
        brackets=tuple(label_of(found) for found in BRACKETS.findall(rest) if not found.startswith("^")),
        words=_words(rest),
    )


def has_words(text: str) -> bool:
    """Whether there is a letter to translate besides code, math, addresses, tags and labels."""
    marks = scan_inline(text)
    return any(character.isalpha() for character in marks.words) or any("\0" in role for role in marks.roles)


def label_of(text: str) -> str:
    """A reference label as Markdown compares it: case and runs of white space do not count."""
    return " ".join(text.split()).casefold()


def target_of(address: str) -> Target:
    """The target an address leads to, as a browser would read it."""
    # Browsers resolve entities and drop control characters before they look at the scheme.
    bare = html.unescape(re.sub(r"^<(.*)>$", r"\1", address))
    plain = re.sub(r"[\x00-\x20\x7f-\xa0\u200b-\u200f\u2028-\u202e]", "", bare)
    if re.match(r"www\.", plain, re.I):
        plain = f"https://{plain}"
    elif re.fullmatch(r"[^@/:?#]+@[^@/:?#]+", plain):
        plain = f"mailto:{plain}"
    try:
        parts = urlsplit(plain)
    except ValueError:
        return Target(plain, "?", plain)
    host = parts.netloc.lower()
    wiki = WIKIMEDIA.match(host)
    return Target(plain, parts.scheme.lower(), wiki[1] if wiki else host)


def _found(pattern: re.Pattern[str], text: str) -> Iterator[str]:
    return (match[0] for match in pattern.finditer(text))


def _targets(text: str) -> Iterator[Target]:
    for found in LINK.findall(text):
        yield target_of(found)
    rest = LINK.sub("] ", text)
    for found in AUTOLINK.findall(rest):
        yield target_of(found)
    for found in BARE_ADDRESS.findall(AUTOLINK.sub(" ", TAG.sub(" ", rest) if "<" in rest else rest)):
        yield target_of(found.rstrip(".,;:!?*_'\"…"))


def _role(name: str, content: str) -> str:
    """A role as it must stay: its name, and its target or else its text; `\\0` is text for the reader."""
    target = ROLE_TARGET.search(content)
    if target:
        return f"{{{name}}} \0 <{target[1].strip()}>"
    return f"{{{name}}} \0" if name in WORDED_ROLES else f"{{{name}}}`{content.strip()}`"


def _worded_role(name: str, content: str) -> str:
    """What a role has for the reader. It is shown as prose, so whatever Markdown or HTML it holds counts."""
    target = ROLE_TARGET.search(content)
    return content[: target.start()] if target else content if name in WORDED_ROLES else ""


def _tag(tag: str) -> str:
    return re.sub(r"\s+", " ", _worded(tag)).replace(" >", ">").replace(" />", "/>").lower()


def _worded(text: str) -> str:
    """The text without the values of attributes that hold words."""
    return WORDED_ATTRIBUTE.sub(lambda match: f"{match[1].lower()}=\0", re.sub(r"\s+", " ", text))


def _words(text: str) -> str:
    """What is left for the reader: link texts and alt texts stay, targets, addresses, tags and labels go."""
    text = LINK.sub("] ", AUTOLINK.sub(" ", text))
    for pattern in (TEMPLATE, ATTRIBUTES, FOOTNOTE, BARE_ADDRESS, TAG):
        text = pattern.sub(" ", text)
    return FULL_REFERENCE.sub("] ", text)
