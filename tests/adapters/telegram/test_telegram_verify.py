"""Whether Telegram sent a request."""

from __future__ import annotations

import pytest

from adapters.telegram.verify import HEADER, verify
from bridge.protocol.errors import Refused
from bridge.protocol.web import Request


def request(**headers):
    """Return a request with these headers."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Request(method="POST", path="/telegram/webhook", headers=named, body=b"{}")


def test_the_right_secret_passes():
    """A request with the secret that Telegram was told is taken."""
    verify(request(**{HEADER: "right"}), "right")


@pytest.mark.parametrize(
    "given", ["", "wrong", "righ", "right2", "RIGHT", "é", "\udc80", "r" * 9999]
)
def test_a_wrong_secret_is_refused(given):
    """Any other secret, also one that is no header's text, is refused with 403."""
    with pytest.raises(Refused) as refused:
        verify(request(**{HEADER: given}), "right")
    assert refused.value.status == 403
    assert "right" not in str(refused.value)


def test_no_secret_is_refused():
    """Without the header nothing is taken."""
    with pytest.raises(Refused):
        verify(request(authorization="right"), "right")
