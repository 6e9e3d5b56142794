"""Test control: is it up, and what was asked of it. Answers loopback peers alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import JSONResponse

from bridge.sandbox.errors import no_such_path

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from bridge.sandbox.state import Sandbox

_LOOPBACK = frozenset({"127.0.0.1", "::1"})
_FORWARDED = ("forwarded", "x-forwarded-for")


async def health(_sandbox: Sandbox, request: Request) -> Response:
    """Answer that it is up."""
    _only_local(request)
    return JSONResponse({"ok": True})


async def requests(sandbox: Sandbox, request: Request) -> Response:
    """Answer with how many requests each endpoint got, and how many of them met a fault."""
    _only_local(request)
    by_name = {
        name: {"total": count, "faults": sandbox.faults[name]}
        for name, count in sorted(sandbox.requests.items())
    }
    return JSONResponse(
        {
            "total": sandbox.requests.total(),
            "faults": sandbox.faults.total(),
            "endpoints": by_name,
        }
    )


def _only_local(request: Request) -> None:
    local = request.client is not None and request.client.host in _LOOPBACK
    if not local or any(name in request.headers for name in _FORWARDED):
        raise no_such_path()
