"""What anybody can see of a hub, without an account."""

from __future__ import annotations

from urllib.parse import urlencode, urljoin, urlsplit

from catalyst_lessons.core.hub_report import Outside
from catalyst_lessons.files.hub.asking import Answer, Door

# Any repository: without a log-in the hub only remembers where to go.
LINK = "/hub/user-redirect/git-pull?" + urlencode({"repo": "https://example.org/lessons", "branch": "notebooks"})


def look_outside(url: str, *, seconds: float = 15.0) -> Outside:
    """The state of the hub at this address, by at most five requests."""
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
    # While a hub starts, its proxy answers everything with 404 or 503.
    starting = {answer.status, front.status} <= {404, 502, 503} and "<html" not in f"{answer.text}{front.text}".lower()
    return Outside("starting" if starting else "no-hub")


def version_in(answer: Answer) -> str:
    """JupyterHub's version in an answer of `/hub/api`, "" if that is no hub's."""
    told = answer.json if answer.status == 200 else None
    return str(told.get("version", "")) if isinstance(told, dict) else ""


def find_hub(url: str, answers: tuple[Answer, ...], *, seconds: float) -> str:
    """Where a hub answers instead: at the target of a redirect, or without the address's path; "" if nowhere."""
    parts = urlsplit(url)
    candidates = [front_of(urljoin(f"{url}/", answer.headers.get("location", ""))) for answer in answers]
    candidates += [f"{parts.scheme}://{parts.netloc}"] if parts.path.strip("/") else []
    for candidate in dict.fromkeys(candidates):
        known = urlsplit(candidate).scheme in ("http", "https") and candidate != url.rstrip("/")
        if known and version_in(Door(candidate, seconds=seconds).ask("/hub/api")):
            return candidate
    return ""


def front_of(address: str) -> str:
    """The front page of the hub whose page this would be."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}{parts.path.partition('/hub')[0].rstrip('/')}"
