"""The theme's files: small, alone in the world, and understood by Material's templates."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from types import SimpleNamespace

import jinja2
import pytest

from catalyst_lessons.core.rendering.words import CALLOUT_TITLES

THEME = Path(__file__).parents[2] / "catalyst_lessons" / "theme"
TEMPLATES = THEME / "templates"
STYLE = (THEME / "assets" / "catalyst" / "catalyst.css").read_text(encoding="utf-8")
SCRIPT = (THEME / "assets" / "catalyst" / "catalyst.js").read_text(encoding="utf-8")

# African languages of the curriculum's communities that Material has no words for (measured in 9.8.1).
OUR_PARTIALS = ("am", "ha", "sw", "yo", "zu")
# The kinds of box that Material draws itself (its reference, "Admonitions", supported types).
MATERIAL_KINDS = {
    *("note", "abstract", "info", "tip", "success", "question"),
    *("warning", "failure", "danger", "bug", "example", "quote"),
}
FETCHES = re.compile(r"url\((?!\s*['\"]?data:)[^)]*|@import[^;]*")


def luminance(color: str) -> float:
    """How bright a color is, 0 to 1 (WCAG 2.2, relative luminance)."""
    digits = color.removeprefix("#")
    digits = "".join(digit * 2 for digit in digits) if len(digits) == 3 else digits
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def pale_palettes(style: str) -> list[str]:
    """Material's palettes with which letters on the header, or links on white, have less contrast than 4.5 to 1."""
    material = (material_templates() / "assets" / "stylesheets").glob("palette.*.min.css")
    colors: dict[str, dict[str, str]] = {}
    light, dark = r'\[data-md-color-scheme="?default"?\]', r':not\(\[data-md-color-scheme="?slate"?\]\)'
    palette = re.compile(rf'(?:{light})?\[data-md-color-primary="?([\w-]+)"?\](?:{dark})?')
    for text in (*(file.read_text("utf-8") for file in material), style):
        for selectors, body in re.findall(r"([^{}]+)\{([^{}]*)\}", re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)):
            found = re.findall(r"(--[\w-]+):\s*(#000000de|#[0-9a-f]{3}(?:[0-9a-f]{3})?\b)", body)
            for one in filter(None, (palette.fullmatch(selector.strip()) for selector in selectors.split(","))):
                colors.setdefault(one[1], {}).update(found)
    pale = []
    for name, color in colors.items():
        main = color.get("--md-primary-fg-color")
        if main is None:  # white and black, which have links of their own
            continue
        link = color.get("--md-typeset-a-color", main)
        dark_letters = color["--md-primary-bg-color"] == "#000000de"
        on_header = (luminance(main) + 0.05) / 0.05 if dark_letters else 1.05 / (luminance(main) + 0.05)
        on_white = 1.05 / (luminance(link) + 0.05)
        pale += [name] if min(on_white, on_header) < 4.5 else []
    return pale


def test_every_palette_of_material_can_be_read() -> None:
    assert pale_palettes(STYLE) == []
    assert "teal" in pale_palettes(STYLE.replace("#00796b", "#009485"))
    assert {"red", "teal", "yellow", "deep-orange"} <= set(pale_palettes(""))


def material_templates() -> Path:
    material = pytest.importorskip("material")
    return Path(material.__file__).parent / "templates"


def fetches(style: str) -> list[str]:
    """Everything a style sheet would load from somewhere else."""
    return FETCHES.findall(style)


def styled_kinds(style: str) -> set[str]:
    """The kinds of box that have a color and an icon of their own."""
    return set(re.findall(r"details\)\.([\w-]+) \{\s*--catalyst-rgb: [\d,]+;\s*--catalyst-icon: url", style))


def partial_keys(path: Path) -> list[str]:
    """The keys of a language partial, in order, with repeats."""
    table = re.search(r"\{\{ (\{.*?\})\[key\]", path.read_text(encoding="utf-8"), re.S)
    assert table, path
    node = ast.parse(table[1], mode="eval").body
    assert isinstance(node, ast.Dict)
    return [ast.literal_eval(key) for key in node.keys if key]


def test_the_style_sheet_fetches_nothing() -> None:
    assert fetches(STYLE) == []


@pytest.mark.parametrize(
    "style",
    ['a{b:url("https://x.org/a.woff2")}', "@import '//x.org/a.css';", "a{b:url(../a.png)}"],
)
def test_a_style_sheet_that_fetches_is_seen(style: str) -> None:
    assert fetches(style)


def test_the_script_reaches_no_network() -> None:
    assert not re.findall(r"fetch\(|XMLHttpRequest|https?:|sendBeacon|import\(|\.src\b", SCRIPT)


def test_style_and_script_stay_small() -> None:
    assert len(STYLE.encode()) < 25_000
    assert len(SCRIPT.encode()) < 4_096


def test_every_kind_of_box_has_a_look() -> None:
    assert set(CALLOUT_TITLES) - MATERIAL_KINDS - styled_kinds(STYLE) == set()


def test_a_kind_without_an_icon_has_no_look() -> None:
    assert styled_kinds(":is(.admonition, details).lost {\n  --catalyst-rgb: 1,2,3;\n}") == set()


def test_dark_colors_are_for_screens_only() -> None:
    """Material prints a dark page as a light one; colors for the dark scheme would be too pale on paper."""
    outside = re.sub(r"@media screen \{.*?\n\}", "", STYLE, flags=re.S)
    assert '"slate"' in STYLE
    assert '"slate"' not in outside


@pytest.mark.parametrize("language", OUR_PARTIALS)
def test_material_speaks_our_languages(language: str) -> None:
    loader = jinja2.FileSystemLoader([TEMPLATES, material_templates()])
    page = '{% import "partials/language.html" as lang with context %}{{ lang.t(key) }}'
    template = jinja2.Environment(loader=loader).from_string(page)  # noqa: S701 - as MkDocs has it

    def word(key: str) -> str:
        return template.render(config=SimpleNamespace(theme=SimpleNamespace(language=language)), key=key)

    assert (word("language"), word("direction")) == (language, "ltr")
    assert word("toc") != "Table of contents"
    assert word("search.placeholder") != "Search"
    assert word("consent.accept") == "Accept"


def test_material_alone_would_stop_at_these_languages() -> None:
    have = {path.stem for path in (material_templates() / "partials" / "languages").glob("*.html")}
    assert have.isdisjoint(OUR_PARTIALS)
    assert {"ar", "en", "es", "fr", "pt"} <= have


@pytest.mark.parametrize("language", OUR_PARTIALS)
def test_a_partial_has_only_keys_that_material_asks_for(language: str) -> None:
    known = partial_keys(material_templates() / "partials" / "languages" / "en.html")
    keys = partial_keys(TEMPLATES / "partials" / "languages" / f"{language}.html")
    assert set(keys) <= set(known)
    assert len(keys) == len(set(keys))


def not_found_page(*languages: dict[str, str]) -> str:
    main = "{% block htmltitle %}{% endblock %}{% block content %}{% endblock %}"
    loader = jinja2.ChoiceLoader([jinja2.FileSystemLoader(TEMPLATES), jinja2.DictLoader({"main.html": main})])
    environment = jinja2.Environment(loader=loader)  # noqa: S701 - as MkDocs has it
    environment.filters["url"] = lambda path: f"/base/{path}"
    extra = {"catalyst": {"languages": list(languages)}} if languages else {}
    return environment.get_template("404.html").render(config={"extra": extra, "site_name": "Site"})


def test_the_page_for_lost_addresses_speaks_every_language() -> None:
    arabic = {
        "tag": "ar",
        "name": "العربية",
        "direction": "rtl",
        "home": "ar/",
        "title": "t",
        "not_found": "n<",
        "go_home": "g",
    }
    french = arabic | {"tag": "fr", "name": "Français", "direction": "ltr", "home": "", "not_found": "Perdu"}
    page = not_found_page(french, arabic)
    assert page.index('lang="fr" dir="ltr"') < page.index("Perdu") < page.index('lang="ar" dir="rtl"')
    assert 'href="/base/ar/"' in page
    assert "n&lt;" in page
    assert "This page is not here" not in page


def test_the_page_for_lost_addresses_works_without_our_plugin() -> None:
    assert "This page is not here. It may have moved." in not_found_page()
