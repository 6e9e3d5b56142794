"""What all tests share: how far hypothesis searches, and logs that are put back.

`HYPOTHESIS_PROFILE=long` searches further than every run can.
"""

from __future__ import annotations

import logging
import os

import pytest
import structlog
from hypothesis import HealthCheck, settings

LOGGERS = (None, "bridge", "adapters")

settings.register_profile("ci", deadline=None, derandomize=True, database=None, max_examples=50)
settings.register_profile("here", deadline=None, max_examples=50)
settings.register_profile(
    "long", deadline=None, max_examples=2_000, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci" if "CI" in os.environ else "here"))


@pytest.fixture
def own_logs():
    """Let a test set up the process's logs, and put back what was there."""
    kept = [
        (logger, logger.handlers[:], logger.level) for logger in map(logging.getLogger, LOGGERS)
    ]
    yield
    for logger, handlers, level in kept:
        logger.handlers[:] = handlers
        logger.setLevel(level)
    structlog.reset_defaults()
