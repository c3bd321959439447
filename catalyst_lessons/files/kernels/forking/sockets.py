"""An ordinary ipykernel, sockets and threads and all, in a process forked from the warm parent."""

from __future__ import annotations

import atexit
import os
import sys
import threading
from collections.abc import Callable
from typing import Any, NoReturn

import ipykernel.kernelapp

WARM = ("IPython.core.magics", "IPython.core.profiledir", "tornado.platform.asyncio", "zmq.eventloop.zmqstream")
"""What the application imports when it starts."""


def serve_kernel(argv: list[str], *, on_ready: Callable[[], Any]) -> NoReturn:
    """Serves until it is told to shut down; `on_ready` is called when the sockets are bound."""
    os.environ["JPY_PARENT_PID"] = str(os.getppid())
    sys.argv[:] = argv
    code = 1
    app: Any = ipykernel.kernelapp.IPKernelApp.instance(parent_handle=os.getppid())
    try:
        app.initialize(argv[1:])
        on_ready()
        app.start()
        code = 0
    except SystemExit as error:
        code = error.code if isinstance(error.code, int) else int(error.code is not None)
    finally:
        # ipykernel's own end stops one thread and then waits up to ten seconds for another that waits for the first
        # (7.4, in one of seven runs). The process ends anyway: the system closes the sockets.
        atexit.unregister(app.close)
        _leave(code)


def _leave(code: int) -> NoReturn:
    try:
        threading._shutdown()  # type: ignore[attr-defined]
        atexit._run_exitfuncs()
    finally:
        # Without taking every imported module apart.
        os._exit(code)
