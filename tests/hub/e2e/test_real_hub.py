"""From the site's own button to an executed cell: a real JupyterHub, nbgitpuller, a git remote, and Chromium."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from hub.e2e.learner import RUNNING, STARTING, run_cell

pytestmark = [pytest.mark.slow, pytest.mark.hub, pytest.mark.browser, pytest.mark.xdist_group("hub")]

LESSON = "lessons/02-dna-sequences"
EXERCISE = "exercises/first-notebook"


def test_the_button_of_a_spanish_page_leads_to_the_output_of_the_spanish_notebook(visit) -> None:
    with visit("local", f"es/{LESSON}/") as learner:
        learner.press_button()
        learner.log_in()
        notebook = learner.notebook(f"lessons/es/{LESSON}.ipynb")
        assert notebook.locator("h1").first.inner_text().startswith("Leer secuencias de ADN")
        output = run_cell(notebook.locator(".jp-CodeCell").first)
        # The data lies beside the notebook in the learner's copy.
        assert output.inner_text().startswith(">lake-1")


def test_a_hub_under_a_path_works(visit) -> None:
    with visit("prefixed", f"es/{LESSON}/") as learner:
        learner.press_button()
        learner.log_in()
        notebook = learner.notebook(f"lessons/es/{LESSON}.ipynb")
        assert learner.page.url.startswith(f"{learner.hub}/user/{learner.name}/lab/")
        assert learner.hub.endswith("/jupyter")
        assert run_cell(notebook.locator(".jp-CodeCell").first).inner_text().startswith(">lake-1")


def test_a_hub_whose_address_somebody_types_works_where_the_site_has_none(visit, hubs) -> None:
    with visit("plain", f"es/{LESSON}/") as learner:
        hubs["prefixed"].wait()
        learner.choose_hub(hubs["prefixed"].url)
        learner.press_button()
        learner.log_in()
        learner.notebook(f"lessons/es/{LESSON}.ipynb")
        assert learner.page.url.startswith(f"{learner.hub}/user/{learner.name}/lab/")


def test_the_starter_of_an_exercise_tells_what_is_not_right_yet(visit) -> None:
    with visit("local", f"es/{EXERCISE}/") as learner:
        learner.press_button()
        learner.log_in()
        notebook = learner.notebook(f"lessons/es/{EXERCISE}.ipynb")
        learner.run_all()
        error = notebook.locator(".jp-OutputArea-output", has_text="AssertionError")
        error.wait_for(timeout=RUNNING)
        assert "AssertionError: Nothing came out." in error.inner_text()


def test_without_nbgitpuller_there_is_no_button_but_another_way(visit, remote) -> None:
    with visit("plain", f"es/{LESSON}/") as learner:
        assert learner.button.count() == 0
        assert learner.page.locator("[data-launch=download]:visible").count() == 1
        assert remote[0] in learner.page.locator(".catalyst-clone code").text_content()


def test_without_nbgitpuller_a_link_made_by_hand_ends_in_a_404(visit, remote) -> None:
    with visit("plain", f"es/{LESSON}/") as learner:
        query = urlencode({"repo": remote[0], "branch": "notebooks", "targetPath": "lessons"})
        learner.page.goto(f"{learner.hub}/hub/user-redirect/git-pull?{query}")
        place = f"{learner.hub}/user/{learner.name}/"
        with learner.page.expect_response(
            lambda answer: answer.url.startswith(f"{place}git-pull") and answer.status == 404, timeout=STARTING
        ):
            learner.log_in()
        # The server itself is there and answers.
        assert learner.page.request.get(f"{place}api").json()["version"]
