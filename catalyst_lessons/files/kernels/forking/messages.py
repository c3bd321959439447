"""What a kernel would send on its sockets, made into nbformat's outputs as nbclient makes them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from catalyst_lessons.files.kernels.stopping import size_of

if TYPE_CHECKING:
    from catalyst_lessons.core.model import Json

SHOWN = frozenset({"display_data", "execute_result"})


class Outputs:
    """The outputs of the cells so far; a message of another cell than the one that runs is dropped, as in nbclient."""

    def __init__(self, most: int, on_flood: Callable[[], None]) -> None:
        self.left = most
        self.on_flood = on_flood
        self.cells: dict[str, list[Json]] = {}
        self.current: list[Json] = []
        self.parent = ""
        self.reply: Json = {}
        self.unsure = ""
        self._clear = False
        self._shown: dict[str, list[Json]] = {}

    def begin(self, cell: str, parent: str) -> None:
        """A cell begins: what has this parent message belongs to it."""
        self.current = self.cells[cell] = []
        self.parent, self.reply, self._clear = parent, {}, False

    def stream(self, name: str, text: str, parent: str) -> None:
        """Something was printed."""
        self._count(len(text))
        if parent == self.parent:
            self._begin_output()
            last = self.current[-1] if self.current else {}
            if last.get("name") == name:
                last["text"].append(text)
            else:
                self.current.append({"output_type": "stream", "name": name, "text": [text]})

    def take(self, kind: str, content: Json, parent: str) -> None:
        """A message, by its type."""
        if kind == "execute_reply":
            self.reply = content
        elif kind == "stream":
            self.stream(content["name"], content["text"], parent)
        elif parent == self.parent:
            self._take(kind, content)

    def _take(self, kind: str, content: Json) -> None:
        self._count(size_of(content))
        if kind in SHOWN or kind == "update_display_data":
            self._show(kind, content)
        elif kind == "error":
            self._begin_output()
            self.current.append({"output_type": "error", **{key: content[key] for key in ("ename", "evalue")}})
            self.current[-1]["traceback"] = content["traceback"]
        elif kind == "clear_output":
            self._clear = bool(content.get("wait"))
            if not self._clear:
                self._forget()
        elif kind == "comm_open" and _is_output_widget(content):
            # It takes over the outputs of cells, and nbclient plays its front end.
            self.unsure = "an Output widget"

    def _show(self, kind: str, content: Json) -> None:
        name = (content.get("transient") or {}).get("display_id")
        for output in self._shown.get(name, ()) if name else ():
            output["data"], output["metadata"] = content["data"], content["metadata"]
        if kind == "update_display_data":
            return
        if not all(map(_is_valid, content["data"].items())):
            self.unsure = "an output that no notebook may have"
        self._begin_output()
        output = {"output_type": kind, "metadata": content["metadata"], "data": content["data"]}
        if kind == "execute_result":
            output["execution_count"] = content["execution_count"]
        if name:
            self._shown.setdefault(name, []).append(output)
        self.current.append(output)

    def finished(self, texts: list[bytes]) -> dict[str, list[Json]]:
        """All of them. What was printed goes to `texts`, and its number of bytes stands for it: much of it would be
        copied five times otherwise. What is no UTF-8 stays."""
        for output in (output for outputs in self.cells.values() for output in outputs):
            if output["output_type"] == "stream":
                text = "".join(output["text"])
                try:
                    texts.append(text.encode())
                    output["text"] = len(texts[-1])
                except UnicodeEncodeError:
                    output["text"] = text
        return self.cells

    def _begin_output(self) -> None:
        if self._clear:
            self._clear = False
            self._forget()

    def _forget(self) -> None:
        gone = {id(output) for output in self.current}
        self.current.clear()
        for name, outputs in self._shown.items():
            self._shown[name] = [output for output in outputs if id(output) not in gone]

    def _count(self, size: int) -> None:
        self.left -= size
        if self.left < 0:
            self.on_flood()


def _is_valid(part: tuple[Any, Any]) -> bool:
    """Whether nbformat takes this value for this type: text, or lines of it, but for JSON."""
    kind, value = part
    if kind == "application/json" or (kind.startswith("application/") and kind.endswith("+json")):
        return True
    return isinstance(value, str) or (isinstance(value, list) and all(isinstance(line, str) for line in value))


def _is_output_widget(content: Any) -> bool:
    data = content.get("data")
    state = data.get("state") if isinstance(data, dict) else None
    return isinstance(state, dict) and state.get("_model_name") == "OutputModel"
