"""`catalyst serve`: a saved source or catalog is on the page within seconds, and nothing is built twice."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.site.conftest import write_site
from tests.site.test_generators import CATALOG, FILES


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def served(folder: Path) -> Iterator[tuple[str, Path]]:
    """The address of the served curriculum, and the server's log."""
    port, log = free_port(), folder.parent / "serve.log"
    program = Path(sys.executable).parent / "catalyst"
    with log.open("w") as output:
        command = [str(program), "serve", "--address", f"127.0.0.1:{port}"]
        process = subprocess.Popen(command, cwd=folder, stdout=output, stderr=output, env=dict(os.environ))
        try:
            yield f"http://127.0.0.1:{port}/", log
        finally:
            process.terminate()
            process.wait(timeout=20)


def wait_for(address: str, text: str, log: Path, *, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:  # noqa: S310  a server of this test
                if text in answer.read().decode():
                    return
        except OSError:
            pass
        time.sleep(0.2)
    raise AssertionError(f"{text!r} is not at {address} after {seconds} s:\n{log.read_text()[-3000:]}")


def builds(log: Path) -> int:
    return len(re.findall("Documentation built in", log.read_text()))


def wait_for_builds(log: Path, count: int) -> None:
    end = time.monotonic() + 20
    while builds(log) < count and time.monotonic() < end:
        time.sleep(0.1)


def test_saved_sources_and_catalogs_reach_the_page_once(tmp_path: Path) -> None:
    folder = tmp_path / "curriculum"
    write_site(folder, FILES)
    with served(folder) as (address, log):
        wait_for(f"{address}es/lessons/01-counting/", "Empezar", log)
        time.sleep(2)
        first = builds(log)
        source = folder / "lessons" / "01-counting.md"
        source.write_text(source.read_text().replace("How many?", "How many birds?"))
        wait_for(f"{address}lessons/01-counting/", "How many birds?", log, seconds=20)
        # The page is there before its build has ended, and a change meanwhile would be part of that one.
        wait_for_builds(log, first + 1)
        catalog = folder / "locales" / "es" / "LC_MESSAGES" / "lessons" / "01-counting.po"
        time.sleep(2)
        catalog.write_text(CATALOG.replace("Empezar", "Comenzar"))
        wait_for(f"{address}es/lessons/01-counting/", "Comenzar", log, seconds=20)
        wait_for_builds(log, first + 2)
        time.sleep(3)
        assert builds(log) == first + 2
