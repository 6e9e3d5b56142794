"""A child that does not notice the end of its input."""

from __future__ import annotations

import time

from bridge.bench import children

if __name__ == "__main__":
    children.say({})
    time.sleep(30)
