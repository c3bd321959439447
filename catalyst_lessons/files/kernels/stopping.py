"""Whether a cell that ran stops its notebook, from its reply and what it put out: the same for every engine."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, Any

from catalyst_lessons.files.kernels.execution import Stop

if TYPE_CHECKING:
    from catalyst_lessons.core.model import Json

RAISES = "raises-exception"


def stop_of(
    reply: Json, outputs: Iterable[Json], *, index: int, tags: Collection[str], forgiven: set[tuple[str, str]]
) -> Stop | None:
    """Why the notebook ends at this cell (its index among the code cells), None if it goes on.

    `forgiven` holds the errors that earlier cells were allowed to raise; those of this cell are added.
    """
    if any(payload.get("source") == "ask_exit" for payload in reply.get("payload") or ()):
        return Stop("quit", index)
    # IPython prints some errors and replies "ok" (`%run` of a script that fails), or names the wrong type (an object
    # that cannot be shown): what was printed counts. `%tb` prints once more what a cell was allowed to raise.
    printed = [o for o in outputs if o["output_type"] == "error" and (o["ename"], o["evalue"]) not in forgiven]
    if not printed and reply.get("status") != "error":
        return Stop("silent", index) if RAISES in tags else None
    if RAISES in tags:
        forgiven.update((o["ename"], o["evalue"]) for o in printed)
        return None
    error: Any = printed[-1] if printed else reply
    return Stop(
        "raised",
        index,
        error=error.get("ename", ""),
        message=error.get("evalue", ""),
        traceback="\n".join(error.get("traceback") or ()),
    )


def size_of(content: Json) -> int:
    """About how many bytes an output takes."""
    data = content.get("data") or {}
    # That of a comm may be anything.
    parts = data.values() if isinstance(data, dict) else (data,)
    values = (content.get("text"), *parts, *content.get("traceback", ()))
    return sum(len(value) if isinstance(value, str) else len(str(value)) for value in values if value)
