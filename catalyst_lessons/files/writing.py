"""Files are written whole or not at all, so that nobody ever reads half of one, whatever interrupts us."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file, and the folders above it: to a temporary file beside it, then renamed.

    A file that was there keeps who may read and write it; a new one gets what the system gives to new files.

    Raises:
        OSError: the system refuses; what was there is there as before.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.parent / f".{os.urandom(6).hex()}.part"
    try:
        with open(temporary, "xb") as file:
            file.write(content)
        with contextlib.suppress(FileNotFoundError):
            os.chmod(temporary, path.stat().st_mode & 0o777)
        os.replace(temporary, path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
