"""Which call gives the payment link: both are asked for a checkout that can't exist.

A call that is there answers with an application's error; one that is gone, with none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bridge.live.finding import Finding, set_to
from bridge.upstream.errors import NotAllowed, NotReady, NotThere, Refused, UpstreamError

if TYPE_CHECKING:
    from bridge.upstream.port import Upstream

NOBODYS = "00000000-0000-4000-8000-000000000000"
"""The id of no checkout."""


async def state(upstream: Upstream) -> str:
    """Return "there", "gone", "not allowed", "not ready" or "unclear" for this client's call."""
    try:
        await upstream.checkout_url(NOBODYS)
    except (NotThere, Refused) as error:
        return "there" if error.code else "gone"
    except NotReady:
        return "not ready"
    except NotAllowed:
        return "not allowed"
    except UpstreamError:
        return "unclear"
    return "there"


def checkout_found(v1: str, v2: str, present: str) -> Finding:
    """Return what that says about WIX_CHECKOUT."""
    seen = f"v1 {v1}, v2 {v2}"
    return Finding(question="Get Checkout URL", seen=seen, advice=_advice(v1, v2, present))


def _advice(v1: str, v2: str, present: str) -> str:
    if "not ready" in {v1, v2}:
        return "Publish the site, and give it a checkout page and a payment provider."
    if "not allowed" in {v1, v2}:
        return "Give the key or app the permission to read checkouts and carts."
    if v1 == "gone" and v2 == "there" and present == "v1":
        return set_to("WIX_CHECKOUT", "v2", present)
    if v2 == "gone" and v1 == "there" and present == "v2":
        return set_to("WIX_CHECKOUT", "v1", present)
    return ""
