"""Code run by a kernel on a hub: the kernel's REST API and one websocket, by tornado, which every Jupyter has."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import Sequence

from catalyst_lessons.core.model import Json
from catalyst_lessons.files.hub.servers import HubError, Server

MESSAGE_BYTES = 10_000_000


def run_code(server: Server, codes: Sequence[str], *, kernel: str = "python3", seconds: float = 120.0) -> str:
    """What these cells print, one after the other in one fresh kernel, which is gone afterwards.

    Raises:
        HubError: no kernel starts, a cell fails, or it takes too long.
    """
    made = server.door.ask(f"{server.path}/api/kernels", "POST", {"name": kernel}, seconds=seconds)
    told = made.json
    if made.status != 201 or not isinstance(told, dict):
        raise HubError("kernel", made.reason)
    place = f"{server.path}/api/kernels/{told['id']}"
    try:
        return server.door.hide(asyncio.run(asyncio.wait_for(_talk(server, place, codes), seconds)))
    except HubError:
        raise
    except TimeoutError:
        raise HubError("kernel", f"no answer within {seconds:.0f} seconds") from None
    except Exception as error:  # noqa: BLE001  whatever tornado or the line raises: the server must be stopped
        raise HubError("kernel", server.door.hide(f"{type(error).__name__}: {error}")) from None
    finally:
        server.door.ask(place, "DELETE")


async def _talk(server: Server, place: str, codes: Sequence[str]) -> str:
    from tornado.httpclient import HTTPRequest
    from tornado.websocket import websocket_connect

    session = uuid.uuid4().hex
    address = f"ws{server.door.url.removeprefix('http')}{place}/channels?session_id={session}"
    # Only the header carries the token: an address would end in the hub's log.
    request = HTTPRequest(address, headers=server.door.authorization, follow_redirects=False)
    line = await websocket_connect(request, max_message_size=MESSAGE_BYTES)
    try:
        printed = []
        for code in codes:
            message = execute_request(code, session=session)
            await line.write_message(json.dumps(message))
            while True:
                text = await line.read_message()
                if text is None:
                    raise HubError("kernel", "the connection to the kernel broke")
                part, over = read_message(json.loads(text), message["header"]["msg_id"])
                printed.append(part)
                if over:
                    break
        return "".join(printed)
    finally:
        line.close()


def execute_request(code: str, *, session: str) -> dict[str, Json]:
    """The message that asks a kernel to run code. See "Messaging in Jupyter", execute_request."""
    header = {"msg_id": uuid.uuid4().hex, "msg_type": "execute_request", "session": session, "username": "catalyst"}
    content = {"code": code, "silent": False, "store_history": False, "allow_stdin": False, "stop_on_error": True}
    return {
        "header": {**header, "version": "5.3", "date": ""},
        "parent_header": {},
        "metadata": {},
        "channel": "shell",
        "buffers": [],
        "content": {**content, "user_expressions": {}},
    }


def read_message(message: Json, asked: str) -> tuple[str, bool]:
    """What a message says to the request with this id: what was printed, and whether the kernel is done with it.

    Raises:
        HubError: the code failed.
    """
    if message.get("parent_header", {}).get("msg_id") != asked:
        return "", False
    kind, content = message["header"]["msg_type"], message["content"]
    if kind == "error":
        raise HubError("kernel", f"{content.get('ename', '')}: {content.get('evalue', '')}"[:300])
    if kind == "stream" and content.get("name") == "stdout":
        return str(content.get("text", "")), False
    return "", kind == "status" and content.get("execution_state") == "idle"
