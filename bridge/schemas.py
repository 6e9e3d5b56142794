"""The schemas of the catalogue's forms, fetched once and again now and then."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from bridge.logs import logger
from bridge.upstream.errors import UpstreamError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bridge.protocol.host import Clock
    from bridge.upstream.port import Upstream
    from bridge.upstream.schema import FormSchema

_FRESH_FOR = 600.0
"""Seconds after which a schema is fetched again when it is wanted: forms are edited."""

_PAUSE_AFTER_FAILURE = 30.0

_log = logger(__name__)


class Schemas:
    """What is known of each form, by form id; a form that can't be read is simply not known."""

    def __init__(self, upstream: Upstream, clock: Clock) -> None:
        self._upstream = upstream
        self._clock = clock
        self._next: dict[str, float] = {}
        self._fetching: dict[str, asyncio.Task[None]] = {}
        self.known: dict[str, FormSchema] = {}

    async def want(self, form_id: str) -> None:
        """Have the schema of this form, if it can be had; many callers make one request."""
        if self._clock.monotonic() < self._next.get(form_id, 0.0):
            return
        task = self._fetching.get(form_id)
        if task is None:
            task = asyncio.create_task(self._fetch(form_id), name="fetch-schema")
            self._fetching[form_id] = task
        await asyncio.shield(task)

    async def warm(self, form_ids: Iterable[str]) -> None:
        """Fetch these one after the other."""
        for form_id in form_ids:
            await self.want(form_id)

    async def _fetch(self, form_id: str) -> None:
        pause = _PAUSE_AFTER_FAILURE
        try:
            self.known[form_id] = await self._upstream.form(form_id)
            pause = _FRESH_FOR
        except UpstreamError as error:
            _log.warning("schema not read", cause=error, form=form_id)
        finally:
            self._next[form_id] = self._clock.monotonic() + pause
            self._fetching.pop(form_id, None)
