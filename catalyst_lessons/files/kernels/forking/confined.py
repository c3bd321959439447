"""A program that keeps a kernel from other processes and, asked to, from the network, then becomes it.

`python -I -S confined.py [--no-network] COMMAND…`: of the standard library alone, and quick to start.
"""

from __future__ import annotations

import os
import sys


def main(arguments: list[str]) -> None:
    """Becomes the command."""
    # The module beside this one, without the packages around it.
    sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
    import sandbox  # type: ignore[import-not-found]

    no_network = arguments[0] == "--no-network"
    if no_network and not sandbox.cut_network():
        sys.exit("the network cannot be cut off here")
    # What is left of us when we are killed. (The one that dies is the thread that started this: the engine's own.)
    sandbox.die_with_parent()
    sandbox.first_to_go()
    sandbox.confine()
    command = arguments[no_network:]
    os.execvp(command[0], command)  # noqa: S606


if __name__ == "__main__":
    main(sys.argv[1:])
