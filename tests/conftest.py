"""Chromium, for every test that needs a browser."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Nothing but this machine can be reached: a page that needs more does not work on a poor connection either.
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
)


@pytest.fixture(scope="module")
def browser() -> Iterator:
    """Headless Chromium without the outside world.

    Closed after each module: while Playwright runs, its event loop counts as running, and no other test of the same
    process could use asyncio or start Playwright once more.
    """
    found = next((path for path in map(shutil.which, NAMES) if path), None)
    if not found:
        missing("no Chromium: `./dev test` installs it with apt")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=found, args=list(FLAGS))
        yield started
        started.close()


def missing(reason: str) -> None:
    """Skip what cannot run here; in CI, where everything is to be set up, fail."""
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)
