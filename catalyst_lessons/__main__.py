"""`python -m catalyst_lessons`: the command line where `catalyst` itself is not on the path."""

from __future__ import annotations

from catalyst_lessons.adapters.cli import main

if __name__ == "__main__":
    main()
