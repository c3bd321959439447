"""Code run by a kernel on a hub: the kernel's REST API and one websocket, by tornado, which every Jupyter has."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from catalyst_lessons.core.model import Json
from catalyst_lessons.files.hub.servers import HubError, Server

if TYPE_CHECKING:
    from tornado.websocket import WebSocketClientConnection

MESSAGE_BYTES = 10_000_000
# Messages of a kernel that are outputs of a cell, as nbformat knows them.
OUTPUTS = frozenset({"stream", "display_data", "execute_result", "error"})


def run_code(server: Server, codes: Sequence[str], *, kernel: str = "python3", seconds: float = 120.0) -> str:
    """What these cells print, one after the other in one fresh kernel, which is gone afterwards.

    Raises:
        HubError: no kernel starts, a cell fails, or it takes too long.
    """
    try:
        return server.door.hide(asyncio.run(asyncio.wait_for(_print(server, codes, kernel, seconds), seconds)))
    except HubError:
        raise
    except TimeoutError:
        raise HubError("kernel", f"no answer within {seconds:.0f} seconds") from None
    except Exception as error:  # noqa: BLE001  whatever tornado or the line raises: the server must be stopped
        raise HubError("kernel", server.door.hide(f"{type(error).__name__}: {error}")) from None


async def _print(server: Server, codes: Sequence[str], kernel: str, seconds: float) -> str:
    printed = []
    async with a_kernel(server, kernel=kernel, seconds=seconds) as talk:
        for code in codes:
            _, outputs = await talk.execute(code)
            for output in outputs:
                if output["output_type"] == "error":
                    raise HubError("kernel", f"{output['ename']}: {output['evalue']}"[:300])
                printed.append(str(output.get("text", "")) if output.get("name") == "stdout" else "")
    return "".join(printed)


@asynccontextmanager
async def a_kernel(server: Server, *, kernel: str, seconds: float, path: str = "") -> AsyncIterator[Conversation]:
    """A fresh kernel in the folder of the notebook at `path` (from the server's top), stopped at the end.

    Raises:
        HubError: it does not start.
    """
    from tornado.httpclient import HTTPRequest
    from tornado.websocket import websocket_connect

    base = f"{server.path}/api/sessions"
    body = {"kernel": {"name": kernel}, "path": path or "catalyst-check.ipynb", "type": "notebook", "name": ""}
    made = await asyncio.to_thread(server.door.ask, base, "POST", body, seconds=seconds)
    told = made.json
    if made.status != 201 or not isinstance(told, dict):
        raise HubError("kernel", made.reason)
    session = uuid.uuid4().hex
    address = f"ws{server.door.url.removeprefix('http')}{server.path}/api/kernels/{told['kernel']['id']}/channels"
    # Only the header carries the token: an address would end in the hub's log.
    request = HTTPRequest(f"{address}?session_id={session}", headers=server.door.authorization, follow_redirects=False)
    try:
        line = await websocket_connect(request, max_message_size=MESSAGE_BYTES)
        try:
            yield Conversation(line, session)
        finally:
            line.close()
    finally:
        await asyncio.to_thread(server.door.ask, f"{base}/{told['id']}", "DELETE")


class Conversation:
    """What is said to one kernel, and what it answers."""

    __slots__ = ("_line", "_session")

    def __init__(self, line: WebSocketClientConnection, session: str) -> None:
        self._line = line
        self._session = session

    async def execute(self, code: str) -> tuple[Json, list[Json]]:
        """The kernel's reply to a cell and the cell's outputs, as nbformat has them.

        Raises:
            HubError: the line broke.
        """
        message = execute_request(code, session=self._session)
        await self._line.write_message(json.dumps(message))
        reply: Json = None
        outputs: list[Json] = []
        idle = False
        while reply is None or not idle:
            text = await self._line.read_message()
            if text is None:
                raise HubError("kernel", "the connection to the kernel broke")
            answer = json.loads(text)
            if answer.get("parent_header", {}).get("msg_id") != message["header"]["msg_id"]:
                continue
            kind, content = answer["header"]["msg_type"], answer["content"]
            if kind == "execute_reply":
                reply = content
            elif kind in OUTPUTS:
                outputs.append({"output_type": kind, **content})
            idle = idle or (kind == "status" and content.get("execution_state") == "idle")
        return reply, outputs


def execute_request(code: str, *, session: str) -> dict[str, Json]:
    """The message that asks a kernel to run code. See "Messaging in Jupyter", execute_request."""
    header = {"msg_id": uuid.uuid4().hex, "msg_type": "execute_request", "session": session, "username": "catalyst"}
    content = {"code": code, "silent": False, "store_history": True, "allow_stdin": False, "stop_on_error": True}
    return {
        "header": {**header, "version": "5.3", "date": ""},
        "parent_header": {},
        "metadata": {},
        "channel": "shell",
        "buffers": [],
        "content": {**content, "user_expressions": {}},
    }
