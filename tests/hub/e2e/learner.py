"""What a learner does in a browser: the site's button, the log-in, JupyterLab."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hub.e2e.real_hub import PASSWORD

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

# A server takes half a minute to start on a busy computer with two cores.
SECONDS = 1000
STARTING = 120 * SECONDS
RUNNING = 60 * SECONDS


@dataclass
class Learner:
    """Somebody in front of a browser; `page` is the tab they look at."""

    page: Page
    hub: str
    name: str

    @property
    def button(self) -> Locator:
        """The site's button for the hub."""
        return self.page.locator("article [data-launch=hub]:visible")

    def press_button(self) -> None:
        """Go where the site's own button leads."""
        button = self.button.first
        if button.get_attribute("target") == "_blank":
            with self.page.expect_popup() as opened:
                button.click()
            self.page = opened.value
        else:
            button.click()

    def choose_hub(self, address: str) -> None:
        """Type the address of a hub of one's own into the site's menu."""
        menu = self.page.locator("details.catalyst-hub")
        menu.locator("summary").click()
        menu.locator("select").select_option("other")
        menu.locator("input[type=url]").fill(address)
        menu.locator("button").click()
        self.hub = address

    def log_in(self) -> None:
        """Tell the hub who we are."""
        self.page.locator("input[name=username]").fill(self.name, timeout=RUNNING)
        self.page.locator("input[name=password]").fill(PASSWORD)
        self.page.locator("form [type=submit]").first.click()

    def notebook(self, path: str) -> Locator:
        """The notebook with this path, in front of all others, once its kernel is ready.

        Before that, JupyterLab drops what it is told to run.
        """
        panel = self.page.locator(".jp-NotebookPanel:not(.lm-mod-hidden)")
        panel.wait_for(timeout=STARTING)
        self.page.locator(f'.lm-TabBar-tab.jp-mod-current[title*="Path: {path}"]').wait_for(timeout=RUNNING)
        self.page.locator("#jp-main-statusbar").get_by_text(re.compile(r"\| Idle$")).wait_for(timeout=RUNNING)
        return panel

    def run_all(self) -> None:
        """Run every cell, by the menu; JupyterLab stops at the first error."""
        self.page.get_by_role("menuitem", name="Run", exact=True).click()
        self.page.locator("[data-command='runmenu:run-all']").click()


def run_cell(cell: Locator) -> Locator:
    """Run one code cell by the keyboard; its output."""
    cell.locator(".cm-content").click()
    cell.page.keyboard.press("Shift+Enter")
    output = cell.locator(".jp-OutputArea-output")
    output.first.wait_for(timeout=RUNNING)
    return output.first
