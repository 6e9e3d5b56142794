"""`python -m bridge`: the same as `threadform`."""

from __future__ import annotations

from bridge.cli import main

if __name__ == "__main__":
    main()
