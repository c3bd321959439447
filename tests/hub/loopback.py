"""Servers on this computer for tests: a git remote with smart HTTP, a Jupyter server, and a hub that plays a part."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

AUTHOR = {
    "GIT_AUTHOR_NAME": "Ana",
    "GIT_AUTHOR_EMAIL": "ana@example.org",
    "GIT_COMMITTER_NAME": "Ana",
    "GIT_COMMITTER_EMAIL": "ana@example.org",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
}


def git(folder: Path, *arguments: str) -> str:
    """What git prints for a folder; an error is one of the test."""
    done = subprocess.run(
        ["git", "-C", str(folder), *arguments],
        env={**os.environ, **AUTHOR},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


@contextmanager
def serving(handler: type[BaseHTTPRequestHandler]) -> Iterator[str]:
    """A loopback server with this handler; gives its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


# Git ---------------------------------------------------------------------------------------------------------------


def git_remote(root: Path) -> type[BaseHTTPRequestHandler]:
    """Serves the bare repositories below a folder by `git http-backend`: a shallow clone needs smart HTTP."""

    class Remote(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            answer = subprocess.run(
                ["git", "http-backend"],
                input=body,
                capture_output=True,
                check=True,
                env={
                    **os.environ,
                    "GIT_PROJECT_ROOT": str(root),
                    "GIT_HTTP_EXPORT_ALL": "1",
                    "REQUEST_METHOD": self.command,
                    "PATH_INFO": parts.path,
                    "QUERY_STRING": parts.query,
                    "CONTENT_TYPE": self.headers.get("Content-Type", ""),
                    "CONTENT_LENGTH": str(len(body)),
                    "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""),
                    "GIT_PROTOCOL": self.headers.get("Git-Protocol", ""),
                    "REMOTE_ADDR": "127.0.0.1",
                },
            ).stdout
            head, _, content = answer.partition(b"\r\n\r\n")
            fields = dict(line.split(": ", 1) for line in head.decode().split("\r\n"))
            self.send_response(int(fields.pop("Status", "200").split()[0]))
            for name, value in fields.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_POST = do_GET

        def log_message(self, *_: object) -> None:
            """Nothing."""

    return Remote


# Jupyter -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Jupyter:
    """A Jupyter server with nbgitpuller: its address, its token, and the folder it shows."""

    url: str
    token: str
    home: Path


@contextmanager
def jupyter_server(home: Path, *, seconds: float = 90) -> Iterator[Jupyter]:
    """A Jupyter server as a learner on a hub has one, with a home folder of its own."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    token, url = secrets.token_hex(8), f"http://127.0.0.1:{port}"
    options = {
        "ip": "127.0.0.1",
        "port": port,
        "open_browser": False,
        "allow_root": True,
        "root_dir": home,
        "jpserver_extensions": "nbgitpuller=True",
    }
    settings = [f"--ServerApp.{name}={value}" for name, value in options.items()]
    environ = {**os.environ, **AUTHOR, "HOME": str(home), "JUPYTER_TOKEN": token}
    with (home / ".server.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "jupyter_server", *settings], env=environ, stdout=log, stderr=log, cwd=home
        )
    try:
        _wait(f"{url}/api", process, home / ".server.log", until=time.monotonic() + seconds)
        yield Jupyter(url, token, home)
    finally:
        process.terminate()
        process.wait(20)


def _wait(url: str, process: subprocess.Popen[bytes], log: Path, *, until: float) -> None:
    while time.monotonic() < until and process.poll() is None:
        try:
            urllib.request.urlopen(url, timeout=2).close()  # noqa: S310  loopback
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise RuntimeError(f"no Jupyter server:\n{log.read_text(errors='replace')[-2000:]}")


# A hub -------------------------------------------------------------------------------------------------------------


@dataclass
class FakeHub:
    """What a hub answers, by "METHOD path" without the query, and every request it got.

    An answer is a status and a body: text as it is, a list as a stream of events, anything else as JSON. `headers` are
    added to answers of the same key.
    """

    answers: dict[str, tuple[int, object]] = field(default_factory=dict)
    headers: dict[str, Mapping[str, str]] = field(default_factory=dict)
    other: tuple[int, object] = (404, {"message": "Not Found"})
    seen: list[str] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)

    def handler(self) -> type[BaseHTTPRequestHandler]:
        """The handler that gives these answers."""
        hub = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                key = f"{self.command} {urlsplit(self.path).path}"
                self.rfile.read(int(self.headers.get("Content-Length") or 0))
                hub.seen.append(key)
                hub.tokens.append(self.headers.get("Authorization", ""))
                status, body = hub.answers.get(key, hub.other)
                kind, text = "text/html", str(body)
                if isinstance(body, list):
                    kind, text = "text/event-stream", "".join(f"data: {json.dumps(event)}\n\n" for event in body)
                elif not isinstance(body, str):
                    kind, text = "application/json", json.dumps(body)
                self.send_response(status)
                for name, value in {"Content-Type": kind, **hub.headers.get(key, {})}.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(text.encode())))
                self.end_headers()
                self.wfile.write(text.encode())

            do_POST = do_DELETE = do_GET

            def log_message(self, *_: object) -> None:
                """Nothing."""

        return Handler


def has_git_backend() -> bool:
    """Whether git can serve HTTP here."""
    if not shutil.which("git"):
        return False
    folder = subprocess.run(["git", "--exec-path"], capture_output=True, text=True, check=True).stdout.strip()
    return Path(folder, "git-http-backend").exists()
