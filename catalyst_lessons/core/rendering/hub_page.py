"""The look at a hub as sentences in the trainer's language: text, Markdown, JSON, and findings."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace

from catalyst_lessons.core.launching.hub_report import HubFacts, Mark, Remark, is_ready, judge
from catalyst_lessons.core.model import Location
from catalyst_lessons.core.prose import one_line
from catalyst_lessons.core.rendering.words import Words
from catalyst_lessons.core.report import Finding
from catalyst_lessons.core.report.formats import visible

SIGNS: Mapping[Mark, str] = {"good": "✓", "bad": "✗", "unsure": "?", "fact": "·"}


def sentences(words: Words) -> dict[str, str]:
    """The sentence of each remark by its key."""
    return {**_outside(words), **_inside(words), **_computer(words)}


def _outside(words: Words) -> dict[str, str]:
    return {
        "retired": words("This hub was switched off ({since}). Choose another hub, or offer Binder and the download."),
        "up": words("The hub answers. It runs JupyterHub {version}."),
        "no-host": words(
            "No computer has this address: {url}. Look for a typing mistake, or ask those who run the hub."
        ),
        "refused": words("There is a computer, but no hub answers: {url}. Ask those who run the hub."),
        "timeout": words("No answer came in time: {url}. Try again, then ask those who run the hub."),
        "broken": words("The connection broke: {url}. Try again, then ask those who run the hub."),
        "tls-expired": words("The certificate of the hub has expired. Browsers will warn; tell those who run the hub."),
        "tls-name": words("The certificate belongs to another address. Look for a typing mistake in: {url}"),
        "tls-untrusted": words("Nobody this computer trusts has signed the certificate. Tell those who run the hub."),
        "tls": words("No safe connection (https) is possible. Tell those who run the hub."),
        "elsewhere": words("The hub is at another address: {address} Write that one in the settings."),
        "no-hub": words("There is a website, but no JupyterHub: {url}. Write the address of the hub's front page."),
        "starting": words("The hub is starting, or a part of its address is missing. Try again in a few minutes."),
        "links": words("Launch buttons ask learners to log in, then go on to the notebook."),
        "no-links": words(
            "Launch buttons do not lead to the log-in page (answer {status}). Ask those who run the hub."
        ),
        "cors": words("Lesson pages can see from a browser whether the hub is up."),
        "no-cors": words("Lesson pages cannot see from a browser whether the hub is up. Buttons work all the same."),
        "need-token": words("From outside nobody can see whether nbgitpuller is there. Check again with a token."),
    }


def _inside(words: Words) -> dict[str, str]:
    return {
        "token": words("The hub does not accept the token. Make a new one on the hub's page Token."),
        "scopes": words("The token may not do this: {reason}. Make one with more rights."),
        "no-start": words("No server started: {reason}"),
        "started": words("A server started in {seconds} seconds."),
        "slow": words("A server took {seconds} seconds to start. Ask learners to log in before the workshop begins."),
        "running": words("The server of {user} was running already and is left running."),
        "nbgitpuller": words("nbgitpuller is there, so launch buttons work."),
        "no-nbgitpuller": words(
            "nbgitpuller is missing: launch buttons end on an error page. Ask those who run the hub to install it."
        ),
        "pulled": words("nbgitpuller pulled the notebooks in {seconds} seconds."),
        "not-pulled": words("nbgitpuller could not pull the notebooks: {reason}"),
        "absent": words("A button opens {path}, which is not among the pulled notebooks. Publish them again."),
        "stopped": words("The server of {user} was stopped again."),
        "not-stopped": words("The server of {user} could not be stopped. Stop it on the hub's page Home."),
    }


def _computer(words: Words) -> dict[str, str]:
    return {
        "no-kernel": words("The kernel {name}, which lessons ask for, is not there."),
        "kernel-failed": words("No code could be run: {reason}"),
        "python": words("Python {version}"),
        "memory": words("There are {found} GB of memory."),
        "little-memory": words("There are {found} GB of memory; the lessons need {needed} GB."),
        "disk": words("{found} GB of disk are free."),
        "little-disk": words("Only {found} GB of disk are free."),
        "package": words("{name} {found} is installed."),
        "missing": words("{name} is not installed."),
        "old": words("{name} is version {found}; the lessons need {needed} or newer."),
    }


def findings_of(facts: HubFacts) -> tuple[Finding, ...]:
    """What is bad, or may be, as findings."""
    told = sentences(str)
    return tuple(
        Finding(
            remark.code,
            _fill(told, remark),
            Location(facts.id),
            severity="error" if remark.mark == "bad" else "warning",
        )
        for remark in judge(facts)
        if remark.code
    )


def render_hub(facts: HubFacts, form: str, words: Words) -> str:
    """The look at a hub in one of HUB_FORMATS.

    Raises:
        KeyError: there is no such format.
    """
    return _RENDERERS[form](facts, words)


def _text(facts: HubFacts, words: Words) -> str:
    lines = [f"{facts.name} <{facts.url}>", ""]
    lines += [f"{SIGNS[mark]} {sentence}" for mark, sentence in _lines(facts, words)]
    return visible("\n".join([*lines, "", _verdict(facts, words)])) + "\n"


def _markdown(facts: HubFacts, words: Words) -> str:
    rows = "\n".join(f"- {SIGNS[mark]} {sentence}" for mark, sentence in _lines(facts, words))
    # What a hub says stands in it: nothing of it may become a tag.
    body = visible(rows).replace("<", "&lt;")
    return f"## {visible(facts.name)}\n\n<{facts.url}>\n\n{body}\n\n**{_verdict(facts, words)}**\n"


def _json(facts: HubFacts, words: Words) -> str:
    found = findings_of(facts)
    told = {
        "ok": is_ready(judge(facts)),
        "hub": {"id": facts.id, "name": facts.name, "url": facts.url},
        "outside": asdict(facts.outside) if facts.outside else None,
        "inside": asdict(replace(facts.inside, packages=dict(facts.inside.packages))) if facts.inside else None,
        "lines": [{"mark": mark, "text": sentence} for mark, sentence in _lines(facts, words)],
        "findings": [{"code": one.code, "severity": one.severity, "message": one.message} for one in found],
    }
    return json.dumps(told, indent=2) + "\n"


def _lines(facts: HubFacts, words: Words) -> list[tuple[Mark, str]]:
    told = sentences(words)
    coded = ((remark, f" ({remark.code})" if remark.code else "") for remark in judge(facts))
    return [(remark.mark, f"{_fill(told, remark)}{code}") for remark, code in coded]


def _fill(told: Mapping[str, str], remark: Remark) -> str:
    # Not `format`: what a hub says may have braces.
    sentence = told[remark.key]
    for name, value in remark.values.items():
        sentence = sentence.replace(f"{{{name}}}", one_line(value))
    return sentence


def _verdict(facts: HubFacts, words: Words) -> str:
    if not is_ready(judge(facts)):
        return words("This hub is not ready for the lessons.")
    if facts.inside is None:
        return words("From outside all is well.")
    return words("This hub is ready for the lessons.")


_RENDERERS: Mapping[str, Callable[[HubFacts, Words], str]] = {"text": _text, "json": _json, "markdown": _markdown}
HUB_FORMATS = tuple(_RENDERERS)
