"""`catalyst serve`: a saved source or catalog is on the page within seconds, and nothing is built twice."""

from __future__ import annotations

import os
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
    """How many there were after the first. (That a build ended is not told if it took as long as another one did:
    MkDocs leaves out what it said before.)"""
    return log.read_text().count("Reloading browsers")


def wait_for_builds(log: Path, count: int) -> None:
    end = time.monotonic() + 20
    while builds(log) < count and time.monotonic() < end:
        time.sleep(0.1)


def save(path: Path, text: str, aside: Path) -> None:
    """At once: a server that looks after a file was emptied and before it was written sees two changes."""
    aside.write_text(text)
    os.replace(aside, path)


def test_saved_sources_and_catalogs_reach_the_page_once(tmp_path: Path) -> None:
    folder = tmp_path / "curriculum"
    write_site(folder, FILES)
    with served(folder) as (address, log):
        wait_for(f"{address}es/lessons/01-counting/", "Empezar", log)
        time.sleep(2)
        assert builds(log) == 0, log.read_text()
        source = folder / "lessons" / "01-counting.md"
        save(source, source.read_text().replace("How many?", "How many birds?"), tmp_path / "aside")
        wait_for(f"{address}lessons/01-counting/", "How many birds?", log, seconds=20)
        # The page is there before its build has ended, and a change meanwhile would be part of that one.
        wait_for_builds(log, 1)
        catalog = folder / "locales" / "es" / "LC_MESSAGES" / "lessons" / "01-counting.po"
        time.sleep(2)
        save(catalog, CATALOG.replace("Empezar", "Comenzar"), tmp_path / "aside")
        wait_for(f"{address}es/lessons/01-counting/", "Comenzar", log, seconds=20)
        wait_for_builds(log, 2)
        time.sleep(3)
        assert builds(log) == 2, log.read_text()
