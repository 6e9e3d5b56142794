"""The official JavaScript client talks to the sandbox as it talks to the upstream."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
from pathlib import Path

import pytest

from bridge.sandbox.config import StreamFormat
from tests.sandbox.world import ORDER, SHOP_FORM, running

HERE = Path(__file__).parent / "js"
NODE = shutil.which("node")
MISSING = (
    "Node is not installed"
    if NODE is None
    else ""
    if (HERE / "node_modules").is_dir()
    else "the official client is not installed: run `make js`"
)

pytestmark = [pytest.mark.js, pytest.mark.skipif(bool(MISSING), reason=MISSING)]


@pytest.fixture(params=[StreamFormat.ARRAY, StreamFormat.SINGLE])
def stream_format(request) -> StreamFormat:
    """Give the formats that the official client can read."""
    return request.param


async def _run(base: str) -> dict:
    command = (NODE, str(HERE / "client.mjs"), base, SHOP_FORM, json.dumps(ORDER))
    node = await asyncio.create_subprocess_exec(
        *command,
        cwd=HERE,
        env={"PATH": os.environ["PATH"]},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await node.communicate()
    assert node.returncode == 0, err.decode()
    return json.loads(out)


async def test_the_official_client_walks_from_the_form_to_the_order(tmp_path, stream_format):
    """Both kinds of credentials reach every endpoint, and read what they expect."""
    async with running(tmp_path, stream_format=stream_format) as world:
        seen = await _run(world.base)
    for who in ("key", "app"):
        kinds, address = seen[who].pop("kinds"), seen[who].pop("checkoutUrl")
        assert kinds[-2:] == ["SUBMISSION", "END_OF_RESPONSE"]
        assert address.startswith(f"{world.base}/checkout/")
        assert seen[who] == {
            "form": SHOP_FORM,
            "found": True,
            "listed": True,
            "digest": ["buyer", "goods"],
            "summary": "The <b>shop</b> & co: asks for E-mail, What?.",
            "session": SHOP_FORM,
            "greeting": "END_OF_RESPONSE",
            "waiting": "PAYMENT_WAITING",
            "second": True,
            "paid": "CONFIRMED",
            "created": True,
            "order": ["APPROVED", "PAID", True],
            "filled": True,
            "empty": "EMPTY_REQUEST",
            "unknown": "NOT_FOUND",
        }
    assert seen["streamed"][-2:] == ["SUBMISSION", "END_OF_RESPONSE"]
    assert seen["stranger"] == "UNAUTHENTICATED"
