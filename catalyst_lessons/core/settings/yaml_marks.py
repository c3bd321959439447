"""The settings file as values that know their line, whatever tags other plugins put into it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

import yaml

from catalyst_lessons.core.errors import SettingsError
from catalyst_lessons.core.model import NOTHING, Location
from catalyst_lessons.core.report import Finding

Kind = Literal["text", "whole number", "number", "true or false", "nothing", "list", "mapping", "tagged value"]

TAG = "tag:yaml.org,2002:"
# Which type YAML sees in a plain text (`12`, `true`).
TAG_OF: Callable[..., str] = yaml.resolver.Resolver().resolve
# Dates stay the text they were written as; `=` is a plain text to everyone but YAML 1.1.
KINDS: Mapping[str, Kind] = {
    f"{TAG}str": "text",
    f"{TAG}timestamp": "text",
    f"{TAG}value": "text",
    f"{TAG}int": "whole number",
    f"{TAG}float": "number",
    f"{TAG}bool": "true or false",
    f"{TAG}null": "nothing",
}


def read_yaml(text: str, *, path: str, environ: Mapping[str, str] = NOTHING) -> tuple[Entry, list[Finding]]:
    """The whole file as one entry, and a finding for every key that stands twice in one mapping.

    `!ENV NAME` and `!ENV [NAME, OTHER, default]` are looked up in `environ`, as MkDocs does (pyyaml_env_tag).
    An empty file is an empty mapping.

    Raises:
        SettingsError: the text is not YAML.
    """
    reader = Reader(path, environ)
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        return (reader.entry(node) if node else Entry("mapping", Location(path))), reader.found
    except RecursionError:
        raise SettingsError("the file is nested too deeply", location=Location(path), code="C501") from None
    except yaml.YAMLError as error:
        line, message = explain(error, text)
        raise SettingsError(
            f"not YAML: {message}", location=Location(path, line), code="C501", hint=hint_for(message)
        ) from None


def explain(error: yaml.YAMLError, text: str) -> tuple[int, str]:
    """The line of the error and what the YAML library says of it."""
    if isinstance(error, yaml.MarkedYAMLError):
        mark = error.problem_mark or error.context_mark
        said = ", ".join(part for part in (error.context, error.problem) if part)
        return (mark.line + 1 if mark else 0), said
    position = getattr(error, "position", 0)
    return text.count("\n", 0, position) + 1, "a character that YAML does not allow"


def hint_for(message: str) -> str:
    """What to try, for the mistakes that people make most."""
    if "'\\t'" in message:
        return "indent with spaces, never with tabs"
    if "mapping values are not allowed" in message or "could not find expected ':'" in message:
        return "check the indentation of this line and the one before; put a text with a colon in quotes"
    if "character that YAML" in message:
        return "save the file as plain text in UTF-8"
    if "undefined alias" in message or "scanning an alias" in message or "cannot start any token" in message:
        return "put the text in quotes"
    return "check the indentation, brackets and quotes of this line and the one before"


@dataclass(frozen=True, slots=True)
class Entry:
    """A value of the settings and where it stands.

    `text` is a plain value as it was written (`10:30` stays so); `items` are those of a list, `fields` those
    of a mapping. A field's location is the line of its key.
    """

    kind: Kind
    location: Location
    text: str = ""
    items: tuple[Entry, ...] = ()
    fields: Mapping[str, Entry] = field(default=NOTHING, hash=False)

    @property
    def shown(self) -> str:
        """The value in words, for a message."""
        if self.kind in ("list", "mapping", "tagged value"):
            return f"a {self.kind}"
        return "nothing" if self.kind == "nothing" else f'"{self.text}"'


class Reader:
    """Turns the nodes of one file into entries and keeps the findings made on the way."""

    def __init__(self, path: str, environ: Mapping[str, str]) -> None:
        self.path = path
        self.environ = environ
        self.found: list[Finding] = []
        self.known: dict[int, Entry] = {}
        self.open: set[int] = set()

    def entry(self, node: yaml.Node) -> Entry:
        """The entry of a node; an alias gives the entry of its anchor.

        Raises:
            SettingsError: an alias stands inside its own anchor.
        """
        if id(node) in self.open:
            raise SettingsError("an alias stands inside its own anchor", location=self.place(node), code="C501")
        if id(node) not in self.known:
            self.open.add(id(node))
            self.known[id(node)] = self.read(node)
            self.open.discard(id(node))
        return self.known[id(node)]

    def read(self, node: yaml.Node) -> Entry:
        """The entry of a node that is read for the first time."""
        if node.tag == "!ENV":
            return self.from_environment(node)
        if isinstance(node, yaml.MappingNode):
            return Entry("mapping", self.place(node), fields=self.fields(node))
        if isinstance(node, yaml.SequenceNode):
            return Entry("list", self.place(node), items=tuple(self.entry(child) for child in node.value))
        return Entry(KINDS.get(node.tag, "tagged value"), self.place(node), text=node.value)

    def fields(self, node: yaml.MappingNode) -> Mapping[str, Entry]:
        """The fields of a mapping, those merged in with `<<` first so that its own win."""
        merged: dict[str, Entry] = {}
        own: dict[str, Entry] = {}
        for key, value in node.value:
            if key.tag == f"{TAG}merge":
                entry = self.entry(value)
                for part in reversed(entry.items or (entry,)):
                    merged.update(part.fields)
            elif isinstance(key, yaml.ScalarNode):
                if key.value in own:
                    self.add_duplicate(key, own[key.value])
                own[key.value] = replace(self.entry(value), location=self.place(key))
        return merged | own

    def add_duplicate(self, key: yaml.ScalarNode, first: Entry) -> None:
        """Notes that a key stands twice."""
        message = f'"{key.value}" stands twice here, first on line {first.location.line}; YAML keeps only the last'
        self.found.append(Finding("C506", message, self.place(key), "keep one of them"))

    def from_environment(self, node: yaml.Node) -> Entry:
        """The first of the named variables that is set, else the default or nothing; typed as if written."""
        names = list(node.value) if isinstance(node, yaml.SequenceNode) else [node]
        default = names.pop() if len(names) > 1 else None
        for name in names:
            value = self.environ.get(name.value) if isinstance(name, yaml.ScalarNode) else None
            if value is not None:
                kind: Kind = KINDS.get(TAG_OF(yaml.ScalarNode, value, (True, False)), "text")
                return Entry(kind, self.place(node), text=value)
        return self.entry(default) if default is not None else Entry("nothing", self.place(node))

    def place(self, node: yaml.Node) -> Location:
        """Where a node begins."""
        return Location(self.path, node.start_mark.line + 1)
