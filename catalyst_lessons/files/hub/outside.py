"""What anybody can see of a hub, without an account."""

from __future__ import annotations

from urllib.parse import urlencode, urljoin, urlsplit

from catalyst_lessons.core.launching.hub_report import Outside
from catalyst_lessons.files.hub.asking import Answer, Door

# Any repository: without a log-in the hub only remembers where to go.
LINK = "/hub/user-redirect/git-pull?" + urlencode({"repo": "https://example.org/lessons", "branch": "notebooks"})

USUAL_PATHS = ("/jupyter", "/jupyterhub")


def look_outside(url: str, *, seconds: float = 15.0) -> Outside:
    """The state of the hub at this address, by a handful of requests."""
    door = Door(url, seconds=seconds)
    answer = door.ask("/hub/api")
    version = version_in(answer)
    if version:
        cors = answer.headers.get("access-control-allow-origin") == "*"
        return Outside("up", version, login=door.ask(LINK).status, cors=cors)
    if answer.trouble:
        return Outside("no-answer", trouble=answer.trouble)
    front = door.ask("/")
    elsewhere = find_hub(url, (answer, front), seconds=seconds)
    if elsewhere:
        return Outside("elsewhere", elsewhere=elsewhere)
    return Outside("starting" if all(is_starting(one) for one in (answer, front)) else "no-hub")


def is_starting(answer: Answer) -> bool:
    """Whether the proxy before a hub may have said this while the hub is not up yet.

    configurable-http-proxy says 503 for a hub that does not answer, and 404 while it knows of none; its pages name it,
    and older ones are plain text.
    """
    if answer.status in (502, 503, 504):
        return True
    return answer.status == 404 and ("configurable-http-proxy" in answer.text or "<html" not in answer.text.lower())


def version_in(answer: Answer) -> str:
    """JupyterHub's version in an answer of `/hub/api`, "" if that is no hub's."""
    told = answer.json if answer.status == 200 else None
    return str(told.get("version", "")) if isinstance(told, dict) else ""


def find_hub(url: str, answers: tuple[Answer, ...], *, seconds: float) -> str:
    """Where a hub answers instead: where a redirect leads, or with another path; "" if nowhere."""
    parts = urlsplit(url)
    host = f"{parts.scheme}://{parts.netloc}"
    candidates = [front_of(url, answer.headers.get("location", "")) for answer in answers]
    candidates += [f"{host}{path}" for path in ("", *USUAL_PATHS)]
    for candidate in dict.fromkeys(candidates):
        known = candidate.startswith(("http://", "https://")) and candidate != url.rstrip("/")
        if known and version_in(Door(candidate, seconds=seconds).ask("/hub/api")):
            return candidate
    return ""


def front_of(url: str, location: str) -> str:
    """The front page of the hub that a redirect leads to, "" if it leads to no address at all."""
    try:
        parts = urlsplit(urljoin(f"{url}/", location))
    except ValueError:
        return ""
    return f"{parts.scheme}://{parts.netloc}{parts.path.partition('/hub')[0].rstrip('/')}"
