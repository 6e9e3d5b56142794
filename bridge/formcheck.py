"""Does the site have the catalogue's forms, and can they be filled in by chatting?"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from bridge.protocol.adapter import Check
from bridge.upstream.errors import NotThere, UpstreamError
from bridge.upstream.members import nested, objects, text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bridge.forms import Catalogue, FormEntry
    from bridge.protocol.threads import JsonObject
    from bridge.upstream.port import Upstream

UNSUPPORTED = {
    "FILE_UPLOAD": "a file",
    "SIGNATURE": "a signature",
}
"""Fields that nobody can answer in an interactive session. Source: the chunk types' documents."""

_AT_ONCE = 5


async def check_forms(upstream: Upstream, catalogue: Catalogue) -> list[Check]:
    """Return one finding for each form of the catalogue."""
    permits = asyncio.Semaphore(_AT_ONCE)

    async def checked(entry: FormEntry) -> Check:
        async with permits:
            return await _check(upstream, entry)

    return list(await asyncio.gather(*map(checked, catalogue.entries)))


async def _check(upstream: Upstream, entry: FormEntry) -> Check:
    name = f"form {entry.slug}"
    try:
        raw = await upstream.raw_form(entry.form_id)
    except NotThere:
        advice = "see `threadform forms add` for the site's forms, and correct form_id"
        return Check(name=name, ok=False, detail="the site has no such form", advice=advice)
    except UpstreamError as error:
        return Check(name=name, ok=False, detail="could not be looked at", advice=str(error))
    if raw.get("enabled") is False:
        advice = "enable the form in the site's dashboard"
        return Check(name=name, ok=False, detail=_name(raw), advice=advice)
    missing = _prefilled_in_vain(entry, raw)
    if missing:
        advice = f"the form has no field {', '.join(missing)}: correct `prefill`"
        return Check(name=name, ok=False, detail=_name(raw), advice=advice)
    asked = _unsupported(raw)
    told = f"; asks for {asked}, which no chat can take" if asked else ""
    if told and entry.form_url:
        told += ": people are sent to form_url for it"
    advice = "set form_url, to send people there for it" if told and not entry.form_url else ""
    return Check(name=name, ok=True, detail=_name(raw) + told, advice=advice)


def _name(raw: JsonObject) -> str:
    return text(raw, "name") or "without a name"


def _unsupported(raw: JsonObject) -> str:
    """Return what the form asks for that can't be given in a chat."""
    asked = {UNSUPPORTED[kind] for kind in _kinds(raw) if kind in UNSUPPORTED}
    return " and ".join(sorted(asked))


def _kinds(raw: JsonObject) -> list[str]:
    """Return what shows in the form's fields: identifiers and component types."""
    fields = [nested(field, "inputOptions") for field in objects(raw, "formFields")]
    files = [nested(given, "wixFileOptions") for given in fields]
    named = [text(field, "identifier") for field in objects(raw, "formFields")]
    return [*named, *(text(options, "componentType") for options in files)]


def _prefilled_in_vain(entry: FormEntry, raw: JsonObject) -> Sequence[str]:
    fields = objects(raw, "formFields")
    targets = {text(nested(field, "inputOptions"), "target") for field in fields}
    return [target for target in entry.prefill if target not in targets]
