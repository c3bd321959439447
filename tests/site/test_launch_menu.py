"""The reader's own hub in a real browser: chosen once, kept, checked, and never a way in for anything else."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin

import pytest

from tests.curricula import settings
from tests.site.conftest import THEME, run_tool, write_site

pytestmark = [pytest.mark.xdist_group("site"), pytest.mark.browser]

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "catalyst_lessons" / "theme" / "assets" / "catalyst" / "launch.js"
GOLDEN = ROOT / "tests" / "golden" / "launch"
CASES = json.loads((GOLDEN / "script.json").read_text("utf-8"))
LESSON = "---\ntitle: One\n---\n\n## First\n\nGood morning.\n"
HUBS = """\
hub: ours
hubs:
  - id: ours
    url: https://ours.example.org
    name: {en: Our "hub" <b>, es: Nuestro hub, ar: خادمنا}
  - id: theirs
    url: https://theirs.example.org/jupyter
    interface: notebooks
  - id: gone
    url: https://gone.example.org
    status: retired
"""
PHONE = {"viewport": {"width": 360, "height": 720}, "is_mobile": True, "has_touch": True}
FIRST = ":nth-match([data-launch=hub], 1)"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory, serve) -> str:
    folder = tmp_path_factory.mktemp("menu")
    files = {"lessons/01-one.md": LESSON, "lessons/02-two.md": LESSON}
    write_site(folder, {**files, "mkdocs.yml": settings(("en", "es", "ar"), HUBS) + THEME})
    built = run_tool("catalyst", "build", "--strict", cwd=folder)
    assert built.returncode == 0, built.stderr[-3000:]
    return serve(folder / "site")


@pytest.fixture
def visit(browser, address: str) -> Iterator:
    """A function that opens a page; `of` is an earlier page of the same reader."""
    contexts = []

    def open_it(path: str, of=None, **options):
        context = of.context if of else browser.new_context(**options)
        contexts.append(context)
        page = context.new_page()
        page.errors = []
        page.asked = []
        page.on("pageerror", lambda error: page.errors.append(str(error)))
        page.on("dialog", lambda dialog: (page.errors.append(dialog.message), dialog.dismiss()))
        page.on("request", lambda request: page.asked.append(request.url) if "127.0.0.1" not in request.url else None)
        page.goto(urljoin(address, path))
        return page

    yield open_it
    for context in contexts:
        context.close()


def type_hub(page, text: str) -> None:
    page.locator(".catalyst-hub > summary").click()
    page.get_by_label("My hub", exact=True).select_option("other")
    page.get_by_label("Address of my hub").fill(text)
    page.keyboard.press("Enter")


def hub_of(page) -> str:
    return page.locator(FIRST).get_attribute("href").partition("/hub/user-redirect")[0]


def test_the_script_makes_the_same_links_as_python(visit) -> None:
    page = visit("lessons/01-one/")
    make = "cases => cases.map(({hub, it}) => catalystLaunch.link(hub, it))"
    made = page.evaluate(make, CASES["links"])
    names = [case["name"] for case in CASES["links"]]
    now = "".join(f"{name}\n    {url}\n" for name, url in zip(names, made, strict=True))
    assert now == (GOLDEN / "script-links.txt").read_text("utf-8")


def test_an_address_is_a_hub_or_nothing(visit) -> None:
    page = visit("lessons/01-one/")
    cases = CASES["fronts"] + CASES["typed"]
    fronts = page.evaluate("texts => texts.map(catalystLaunch.front)", [typed for typed, _ in cases])
    assert {typed: front for (typed, _), front in zip(cases, fronts, strict=True)} == dict(cases)


def test_a_hub_chosen_once_is_in_every_button_of_every_page_and_language(visit) -> None:
    page = visit("lessons/01-one/")
    assert hub_of(page) == "https://ours.example.org"
    assert page.locator("[data-launch=hub]:visible").count() == 2
    type_hub(page, "https://my.example.org/jupyter/user/ana/lab?x#y")
    others = ("lessons/02-two/", "es/lessons/02-two/", "ar/lessons/01-one/")
    for later in (page, *(visit(other, page) for other in others)):
        assert hub_of(later) == "https://my.example.org/jupyter"
        assert "my.example.org/jupyter" in later.locator(FIRST).inner_text()
        assert later.locator("[data-launch=hub]:visible").count() == 1
        assert later.errors == []
    assert "es%2Flessons%2F02-two.ipynb" in visit("es/lessons/02-two/", page).locator(FIRST).get_attribute("href")
    page.get_by_label("My hub", exact=True).select_option("")
    assert hub_of(visit("es/lessons/01-one/", page)) == "https://ours.example.org"


def test_a_hub_of_the_curriculum_is_named_in_each_language(visit) -> None:
    page = visit("lessons/01-one/")
    page.locator(".catalyst-hub > summary").click()
    page.get_by_label("My hub", exact=True).select_option("theirs")
    assert page.locator(FIRST).get_attribute("href").startswith("https://theirs.example.org/jupyter/hub/user-redirect")
    assert "urlpath=notebooks%2Flessons%2Fen" in page.locator(FIRST).get_attribute("href")
    page.get_by_label("My hub", exact=True).select_option("ours")
    assert page.locator(FIRST).inner_text() == 'Open in Our "hub" <b>'
    assert visit("es/lessons/01-one/", page).locator(FIRST).inner_text() == "Abrir en Nuestro hub"


def test_the_hub_is_asked_only_when_typed_and_never_waited_for(visit) -> None:
    page = visit("lessons/01-one/")
    assert page.asked == []
    reply = {"json": {"version": "6.1.1"}, "headers": {"Access-Control-Allow-Origin": "*"}}
    page.route("https://good.example.org/**", lambda route: route.fulfill(**reply))
    type_hub(page, "good.example.org")
    status = page.get_by_role("status")
    status.get_by_text("It answers.").wait_for()
    assert status.inner_text() == "good.example.org is remembered in this browser. It answers."
    assert [url for url in page.asked if "good" in url] == ["https://good.example.org/hub/api/"]
    page.get_by_label("Address of my hub").fill("https://silent.example.org")
    page.keyboard.press("Enter")
    assert hub_of(page) == "https://silent.example.org"
    status.get_by_text("may work all the same").wait_for()


def test_a_link_chooses_a_hub_for_this_visit_alone_until_the_reader_keeps_it(visit) -> None:
    page = visit("lessons/01-one/?hub=theirs")
    assert hub_of(page) == "https://theirs.example.org/jupyter"
    assert page.get_by_role("status").inner_text() == "The link you followed chose theirs for this visit."
    page.goto(page.url.partition("?")[0].replace("01-one", "02-two"))
    assert hub_of(page) == "https://theirs.example.org/jupyter"
    assert hub_of(visit("lessons/01-one/", page)) == "https://ours.example.org"
    page.get_by_role("button", name="Remember this hub").click()
    assert hub_of(visit("lessons/01-one/", page)) == "https://theirs.example.org/jupyter"
    other = visit("lessons/01-one/?hub=https%3A%2F%2Fworkshop.example.org%2Fx%2Fhub%2Fhome", page)
    assert hub_of(other) == "https://workshop.example.org/x"


HOSTILE = [
    *(typed for typed, front in CASES["fronts"] + CASES["typed"] if not front),
    "constructor",
    "toString",
    '"><img src=x onerror=alert(1)>',
    "<script>alert(1)</script>",
    "x" * 5000,
]


def test_nothing_in_the_address_or_the_storage_gets_in(visit) -> None:
    page = visit("lessons/01-one/")
    before = page.locator(FIRST).get_attribute("href")
    for text in HOSTILE:
        page.evaluate("text => { localStorage.setItem('catalyst-hub', text); sessionStorage.clear(); }", text)
        page.goto(page.url.partition("?")[0] + "?" + page.evaluate("hub => `${new URLSearchParams({hub})}`", text))
        assert page.locator(FIRST).get_attribute("href") == before, text
        assert page.locator("script:text('alert')").count() == page.locator("article img").count() == 0
        assert page.errors == []
    assert page.evaluate("({}).url") is None


def test_what_is_typed_and_is_no_hub_is_told(visit) -> None:
    page = visit("lessons/01-one/")
    type_hub(page, "javascript:alert(1)")
    field = page.get_by_label("Address of my hub")
    assert field.get_attribute("aria-invalid") == "true"
    assert field.evaluate("field => field === document.activeElement")
    assert page.get_by_role("status").inner_text() == "This is not the address of a hub. It begins with https://"
    assert hub_of(page) == "https://ours.example.org"


def test_a_reader_whose_storage_is_blocked_can_still_choose(visit, browser) -> None:
    context = browser.new_context()
    block = "Object.defineProperty(window, '{}', {{ get() {{ throw new DOMException('no', 'SecurityError'); }} }});"
    context.add_init_script("".join(block.format(name) for name in ("localStorage", "sessionStorage")))
    start = type("Start", (), {"context": context})
    page = visit("lessons/01-one/", start)
    type_hub(page, "https://my.example.org")
    assert hub_of(page) == "https://my.example.org"
    assert hub_of(visit("lessons/01-one/?hub=theirs", start)) == "https://theirs.example.org/jupyter"


def test_a_reader_whose_storage_is_full_can_still_choose(visit, browser) -> None:
    context = browser.new_context()
    context.add_init_script("Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceeded'); };")
    page = visit("lessons/01-one/", type("Start", (), {"context": context}))
    type_hub(page, "https://my.example.org")
    assert hub_of(page) == "https://my.example.org"


def test_pages_that_material_puts_in_have_the_menu(visit, tmp_path: Path, serve) -> None:
    address = serve(tmp_path / "site")
    theme = THEME.replace("font: false", "font: false\n  features: [navigation.instant]")
    told = settings(("en",), HUBS).replace("https://lessons.example.org/", address) + theme
    write_site(tmp_path, {"lessons/01-one.md": LESSON, "lessons/02-two.md": LESSON, "mkdocs.yml": told})
    built = run_tool("catalyst", "build", cwd=tmp_path)
    assert built.returncode == 0, built.stderr[-3000:]
    page = visit(f"{address}lessons/01-one/")
    page.evaluate("localStorage.setItem('catalyst-hub', 'theirs'); window.same = true;")
    # Until Material has read the sitemap, links lead to pages as they do without it.
    page.wait_for_load_state("networkidle")
    page.locator("a[href*='02-two']").first.evaluate("link => link.click()")
    page.wait_for_url("**/02-two/")
    page.locator(".catalyst-hub").wait_for(state="attached")
    assert page.evaluate("window.same")
    # The page's script runs after Material has put the page in: on a busy machine not at once.
    page.locator(f"{FIRST}[href^='https://theirs.example.org/jupyter/']").wait_for(state="attached")
    assert hub_of(page) == "https://theirs.example.org/jupyter"
    assert page.locator(".catalyst-hub").count() == 1
    assert page.errors == []


def test_the_menu_works_with_the_keyboard_alone(visit) -> None:
    page = visit("lessons/01-one/")
    page.locator("[data-launch=download]").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "catalyst-hub"
    page.keyboard.press("End")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "catalyst-hub-address"
    page.keyboard.type("https://keys.example.org")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert hub_of(page) == "https://keys.example.org"


@pytest.mark.parametrize("path", ["lessons/01-one/", "es/lessons/01-one/", "ar/lessons/01-one/"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_menu_fits_a_small_phone(visit, path: str, scheme: str) -> None:
    page = visit(f"{path}?hub=theirs", color_scheme=scheme, **PHONE)
    page.locator(".catalyst-hub > summary").tap()
    page.locator("#catalyst-hub").select_option("other")
    assert page.evaluate("(bar => bar.scrollWidth - bar.clientWidth)(document.querySelector('[data-launch-bar]'))") <= 0
    # WCAG 2.2, 2.5.8 asks for 24 pixels; a thumb on a phone wants more.
    for part in page.locator(".catalyst-launch :is(select, input, button, summary):visible").all():
        assert part.bounding_box()["height"] >= 40, part.evaluate("part => part.outerHTML")
        inside = "part => part.getBoundingClientRect().right <= part.closest('nav').getBoundingClientRect().right + 1"
        assert part.evaluate(inside)


def test_a_hub_that_is_not_offered_any_more_is_told(visit) -> None:
    page = visit("es/lessons/01-one/")
    for choice in ("cicada", "gone", "https://gone.example.org/hub/home"):
        page.evaluate("choice => localStorage.setItem('catalyst-hub', choice)", choice)
        page.reload()
        assert hub_of(page) == "https://ours.example.org"
        assert page.get_by_role("status").inner_text() == "El hub que habías elegido ya no se ofrece."
    linked = visit("lessons/01-one/?hub=gone")
    assert linked.get_by_role("status").inner_text() == "The hub you had chosen is not offered any more."
    type_hub(linked, "gone.example.org")
    assert hub_of(linked) == "https://ours.example.org"
    assert linked.get_by_role("status").inner_text() == "The hub you had chosen is not offered any more."


def test_lessons_without_a_hub_of_their_own_open_in_the_readers(visit) -> None:
    page = visit("lessons/02-two/")

    def without_hubs(route) -> None:
        text = re.sub(r'<a [^>]*data-launch="?hub.*?</a>', "", route.fetch().text())
        route.fulfill(body=text, content_type="text/html")

    page.route("**/lessons/01-one/", without_hubs)
    page.goto(page.url.replace("02-two", "01-one"))
    assert page.locator("[data-launch=hub]:visible").count() == 0
    assert page.locator(".md-button--primary").inner_text() == "Open in Binder"
    type_hub(page, "https://my.example.org")
    assert hub_of(page) == "https://my.example.org"
    assert page.locator(".md-button--primary").inner_text() == "Open in my.example.org"
    page.get_by_label("My hub", exact=True).select_option("")
    assert page.locator("[data-launch=hub]:visible").count() == 0


def test_without_javascript_there_is_a_plain_list_of_links(visit) -> None:
    page = visit("lessons/01-one/", java_script_enabled=False)
    kinds = [link.get_attribute("data-launch") for link in page.locator("[data-launch]:visible").all()]
    assert kinds == ["hub", "hub", "binder", "colab", "download"]
    assert page.locator(".catalyst-hub").count() == 0


def test_the_script_is_small() -> None:
    assert len(gzip.compress(SCRIPT.read_bytes(), 9)) < 3200
