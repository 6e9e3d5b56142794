"""`POST /api/commands`: what the command line asks of the process that holds the database.

The body is `{"command": "forget", "person": "<key>"}`; the answer is `{"threads": n}`, how many
threads had something of the person. Who may ask is looked at before (`bridge.http`).
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, TypeAlias

from bridge.protocol.errors import Malformed
from bridge.protocol.web import Request, Response, Route
from bridge.store.forgetting import forget, traces

if TYPE_CHECKING:
    from bridge.store.database import Database
    from bridge.store.forgetting import Traces

PATH = "/api/commands"
_BODY_LIMIT = 10_000
_TRIES = 3
"""The person may act again while they are forgotten."""

Evict: TypeAlias = Callable[[str], Awaitable[None]]
"""Stops a thread's mailbox and drops it from memory; it is read again when something happens."""


def command_routes(database: Database, evict: Evict) -> tuple[Route, ...]:
    """Return the route; `evict` is called with each thread before its rows are erased."""

    async def answer(request: Request) -> Response:
        person = _person(request.body)
        return _json(200, {"threads": await forgotten(database, person, evict)})

    return (Route(method="POST", path=PATH, answer=answer, body_limit=_BODY_LIMIT),)


async def forgotten(database: Database, person: str, evict: Evict) -> int:
    """Erase a person; return on how many threads something was found. Raises StoreError."""
    found = await traces(database, person)
    count = len(found.threads)
    for _ in range(_TRIES):
        await _evict(found, evict)
        await forget(database, found)
        await _evict(found, evict)  # one may have been read again in between
        found = await traces(database, person)
        if not found.threads:
            break
    return count


async def _evict(found: Traces, evict: Evict) -> None:
    for thread in found.threads:
        await evict(thread)


async def nobody(_thread: str) -> None:
    """Evict nothing: for a process that has no mailboxes."""


def _person(body: bytes) -> str:
    try:
        asked: object = json.loads(body)
    except (ValueError, RecursionError):
        raise Malformed("the body must be JSON") from None
    match asked:
        case {"command": "forget", "person": str(person)} if person:
            return person
        case _:
            raise Malformed('the body must be {"command": "forget", "person": "..."}')


def _json(status: int, body: Mapping[str, int]) -> Response:
    return Response(status=status, body=json.dumps(body).encode(), content_type="application/json")
