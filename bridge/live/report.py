"""The whole trial, one question after the other."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bridge.app import credentials_of, upstream_of
from bridge.catalogue import load
from bridge.clock import SystemClock
from bridge.configured import configured, need_wix
from bridge.environment import SettingsError
from bridge.live.choosing import choice_found
from bridge.live.ending import dry_run_found, end_found, trial
from bridge.live.finding import line
from bridge.live.paying import checkout_found, state
from bridge.live.streaming import look, stream_found
from bridge.upstream.schema import read_form

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from bridge.forms import FormEntry
    from bridge.live.finding import Finding
    from bridge.settings import Settings, Wix


async def report(slug: str, say: Callable[[str], None]) -> None:
    """Print what was found out with this form of the catalogue.

    Raises SettingsError, CatalogueError, and UpstreamError where the site can't be talked to.
    """
    setup = configured()
    catalogue = load(setup.settings.forms_file)
    entry = catalogue.entry(slug)
    if entry is None:
        known = ", ".join(one.slug for one in catalogue.entries) or "none"
        raise SettingsError([f"The catalogue has no form '{slug}'; it has: {known}."])
    wix = need_wix(setup.settings)
    say(f"A trial of '{slug}' with {wix.base_url}. All of it is a dry run.\n")
    async for finding in findings(setup.settings, wix, entry):
        say(line(finding))


async def findings(settings: Settings, wix: Wix, entry: FormEntry) -> AsyncIterator[Finding]:
    """Yield one finding after the other."""
    clock = SystemClock()
    upstream = upstream_of(replace(wix, streaming=False), clock)
    try:
        schema = read_form(await upstream.raw_form(entry.form_id))
        since = clock.now()
        held = await trial(upstream, schema)
        yield end_found(held)
        yield await choice_found(upstream, schema, settings.wix_choice)
        made = await upstream.submissions(entry.form_id, since)
        yield dry_run_found(held, len(made))
    finally:
        await upstream.aclose()
    seen = await look(wix.base_url, credentials_of(wix, clock), clock, entry.form_id)
    yield stream_found(seen, settings.wix_streaming)
    v1, v2 = (
        await _checkout(replace(wix, checkout="v1")),
        await _checkout(replace(wix, checkout="v2")),
    )
    yield checkout_found(v1, v2, settings.wix_checkout)


async def _checkout(wix: Wix) -> str:
    upstream = upstream_of(wix, SystemClock())
    try:
        return await state(upstream)
    finally:
        await upstream.aclose()
