"""Requests to a hub: no redirect is followed, nothing but http and https, limits on time and size, the token hidden."""

from __future__ import annotations

import http.client
import json
import re
import socket
import ssl
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import IO
from urllib.parse import quote, urlsplit, urlunsplit

from catalyst_lessons.core.errors import UsageError
from catalyst_lessons.core.model import NOTHING, Json

ANSWER_BYTES = 2_000_000
EVENT_BYTES = 100_000
HIDDEN = "[token]"
# What an HTTP header can hold: with a line end in it, Python's own error would print the token.
TOKEN = re.compile(r"[\x21-\x7e]+")


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: status 0 and a word for the trouble if nothing did. Header names are in small letters."""

    status: int = 0
    text: str = ""
    headers: Mapping[str, str] = field(default=NOTHING, hash=False)
    trouble: str = ""

    @property
    def json(self) -> Json:
        """The text read as JSON; None if it is none."""
        try:
            return json.loads(self.text)
        except (ValueError, RecursionError):
            return None

    @property
    def reason(self) -> str:
        """Why the hub said no, in its own words or by its status."""
        told = self.json
        said = str(told.get("message") or told.get("reason") or "") if isinstance(told, dict) else ""
        return said[:300] or self.trouble or f"HTTP {self.status}"


def checked_token(text: str) -> str:
    """The token without space around it.

    Raises:
        UsageError: it cannot be one; the message does not show it.
    """
    token = text.strip()
    if token and not TOKEN.fullmatch(token):
        hint = "copy it again from the hub's page Token"
        raise UsageError("CATALYST_HUB_TOKEN holds characters that no token has", hint=hint)
    return token


class Door:
    """The way to one hub. The token stands in a header, and in nothing that is printed."""

    __slots__ = ("_opener", "_token", "seconds", "url")

    def __init__(self, url: str, token: str = "", *, seconds: float = 15.0) -> None:
        self.url = url.rstrip("/")
        self.seconds = seconds
        self._token = checked_token(token)
        self._opener = urllib.request.OpenerDirector()
        # Without the handlers that follow redirects, open files or raise for a status.
        for handler in (urllib.request.ProxyHandler(), urllib.request.HTTPHandler(), urllib.request.HTTPSHandler()):
            self._opener.add_handler(handler)

    def __repr__(self) -> str:
        return f"Door({self.url!r})"

    @property
    def authorization(self) -> dict[str, str]:
        """The header that says who asks; not for printing."""
        return {"Authorization": f"token {self._token}"} if self._token else {}

    def hide(self, text: str) -> str:
        """The text without the token."""
        return text.replace(self._token, HIDDEN) if self._token else text

    def ask(self, path: str, method: str = "GET", body: Json = None, *, seconds: float = 0.0) -> Answer:
        """What the hub answers; `path` begins with a slash and is put behind the hub's address."""
        try:
            with self._open(path, method, body, seconds or self.seconds) as response:
                text = response.read(ANSWER_BYTES).decode("utf-8", "replace")
                headers = {name.lower(): self.hide(value) for name, value in response.headers.items()}
                return Answer(response.status, self.hide(text), headers)
        except (OSError, http.client.HTTPException, UnicodeError) as error:
            return Answer(trouble=trouble_of(error))

    def events(self, path: str, *, seconds: float) -> Iterator[Json]:
        """The events of a stream until it ends or the time is up; an answer that is no stream is one `Answer`."""
        until = time.monotonic() + seconds
        try:
            with self._open(path, "GET", None, seconds) as response:
                if response.status != 200 or "event-stream" not in response.headers.get("Content-Type", ""):
                    text = self.hide(response.read(ANSWER_BYTES).decode("utf-8", "replace"))
                    yield Answer(response.status, text)
                    return
                while time.monotonic() < until and (line := response.readline(EVENT_BYTES)):
                    if line.startswith(b"data:"):
                        yield Answer(200, self.hide(line[5:].decode("utf-8", "replace"))).json
        except (OSError, http.client.HTTPException, UnicodeError) as error:
            yield Answer(trouble=trouble_of(error))

    def _open(self, path: str, method: str, body: Json, seconds: float) -> http.client.HTTPResponse:
        content = None if body is None else json.dumps(body).encode()
        headers = {"Accept": "application/json, text/event-stream, */*", "User-Agent": "catalyst-lessons"}
        headers |= self.authorization | ({"Content-Type": "application/json"} if content else {})
        address = in_ascii(self.url + path)
        request = urllib.request.Request(address, content, headers, method=method)  # noqa: S310  see the handlers
        response: http.client.HTTPResponse | IO[bytes] | None = self._opener.open(request, timeout=seconds)
        if not isinstance(response, http.client.HTTPResponse):
            raise urllib.error.URLError("only http and https are asked")
        return response


def in_ascii(address: str) -> str:
    """The address with the other letters of its path and query in percents, as HTTP wants them."""
    parts = urlsplit(address)
    path, query = (quote(part, safe="/%:@!$&'()*+,;=~?") for part in (parts.path, parts.query))
    return urlunsplit(parts._replace(path=path, query=query))


def trouble_of(error: Exception) -> str:
    """The word for why nothing came back (see `core.hub_report.Outside`)."""
    reason = error.reason if isinstance(error, urllib.error.URLError) else error
    if isinstance(reason, ssl.SSLCertVerificationError):
        # The numbers of OpenSSL's X509_V_ERR_CERT_HAS_EXPIRED and X509_V_ERR_HOSTNAME_MISMATCH.
        return {10: "tls-expired", 62: "tls-name", 64: "tls-name"}.get(reason.verify_code, "tls-untrusted")
    if isinstance(reason, ssl.SSLError):
        return "tls"
    # The second one: what no name of a computer can be, because it is too long or has empty parts.
    if isinstance(reason, socket.gaierror | UnicodeError):
        return "no-host"
    if isinstance(reason, TimeoutError):
        return "timeout"
    return "refused" if isinstance(reason, ConnectionRefusedError) else "broken"
