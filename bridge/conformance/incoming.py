"""Laws of what comes in: keys, parsing, commands, signatures."""

from __future__ import annotations

import copy
import dataclasses
import json
import math
from typing import TYPE_CHECKING, cast

import pytest
from hypothesis import strategies as st

from bridge.conformance.strategies import for_all, json_objects, json_values
from bridge.protocol.adapter import Webhooks
from bridge.protocol.errors import Malformed, Refused
from bridge.protocol.events import Command, Text, Unsupported

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bridge.conformance.harness import Harness
    from bridge.protocol.events import AnyEvent
    from bridge.protocol.threads import Json, JsonObject
    from bridge.protocol.web import Request


class IncomingLaws:
    """What `parse` and `verify` must do."""

    def test_what_is_for_us_is_understood(self, harness: Harness) -> None:
        """Every sample that can be understood makes events, none of them unsupported."""
        for raw in harness.samples.understood:
            events = harness.adapter.parse(raw)
            assert events
            assert not [event for event in events if isinstance(event, Unsupported)]

    def test_what_is_not_understood_says_so(self, harness: Harness) -> None:
        """Every unsupported sample makes exactly one Unsupported."""
        for raw in harness.samples.unsupported:
            kinds = [type(event) for event in harness.adapter.parse(raw)]
            assert kinds == [Unsupported]

    def test_what_is_not_for_us_makes_nothing(self, harness: Harness) -> None:
        """Every foreign sample makes no event."""
        made = [harness.adapter.parse(raw) for raw in harness.samples.foreign]
        assert made == [()] * len(harness.samples.foreign)

    def test_parsing_is_pure(self, harness: Harness) -> None:
        """Parsing again, also a copy that went through JSON, gives equal events."""
        for raw in _samples(harness):
            before = copy.deepcopy(raw)
            first = harness.adapter.parse(raw)
            assert raw == before
            assert harness.adapter.parse(cast("JsonObject", json.loads(json.dumps(raw)))) == first

    def test_keys_are_canonical(self, harness: Harness) -> None:
        """Different happenings have different keys; a repetition has the same (law 2)."""
        keys = [e.key for raw in harness.samples.understood for e in harness.adapter.parse(raw)]
        assert len(set(keys)) == len(keys)
        for first, again in harness.samples.repeated:
            assert _keys(harness, first) == _keys(harness, again)

    def test_keys_are_scoped(self, harness: Harness) -> None:
        """Every key, thread and person begins with the channel's name and a colon."""
        for raw in _samples(harness):
            _check_sound(harness, harness.adapter.parse(raw))
        assert harness.thread.startswith(harness.adapter.capabilities.channel + ":")

    def test_unknown_payloads_do_no_harm(self, harness: Harness) -> None:
        """Any JSON object makes sound events, nothing, or Malformed; no other exception."""
        for_all(json_objects(), lambda raw: _parse_anything(harness, raw), examples=200)

    def test_damaged_payloads_do_no_harm(self, harness: Harness) -> None:
        """A sample with one member changed or gone makes sound events, nothing, or Malformed."""
        samples = _samples(harness)
        damage = st.tuples(
            st.sampled_from(samples),
            st.integers(0, 10_000),
            st.one_of(st.just(_GONE), json_values()),
        )
        for_all(
            damage,
            lambda drawn: _parse_anything(harness, _damaged(*drawn)),
            examples=300,
        )

    def test_typed_text_arrives_unchanged(self, harness: Harness) -> None:
        """A typed message is a Text with the same text."""
        raw = _typed(harness, "two cakes, please")
        texts = [e.text for e in harness.adapter.parse(raw) if isinstance(e, Text)]
        assert texts == ["two cakes, please"]

    def test_commands_are_spelled_as_told(self, harness: Harness) -> None:
        """Every command that can be typed is understood in the spelling that help texts show."""
        for name, spelling in harness.adapter.capabilities.commands.items():
            raw = _typed(harness, spelling)
            found = [e.name for e in harness.adapter.parse(raw) if isinstance(e, Command)]
            assert found == [name]

    def test_signed_requests_are_taken(self, harness: Harness) -> None:
        """A request as the platform signs it passes."""
        webhooks, signed = _signed(harness)
        webhooks.verify(signed)

    def test_unsigned_requests_are_refused(self, harness: Harness) -> None:
        """Without any one of its proofs, or with a wrong or unreadable one, it is refused."""
        webhooks, signed = _signed(harness)
        for name in harness.proofs:
            kept = {key: value for key, value in signed.headers.items() if key != name}
            forged = [kept] + [{**kept, name: value} for value in _forgeries(signed.headers[name])]
            for headers in forged:
                _check_refused(webhooks, dataclasses.replace(signed, headers=headers))

    def test_changed_requests_are_refused(self, harness: Harness) -> None:
        """A body of which one byte was changed, added or cut is refused."""
        webhooks, signed = _signed(harness)
        if not harness.signs_body:
            pytest.skip("this platform's proof does not cover the body")
        for body in _changed(signed.body):
            _check_refused(webhooks, dataclasses.replace(signed, body=body))


_GONE = object()


def _samples(harness: Harness) -> list[JsonObject]:
    samples = harness.samples
    again = [raw for pair in samples.repeated for raw in pair]
    return [*samples.understood, *samples.unsupported, *samples.foreign, *again]


def _keys(harness: Harness, raw: JsonObject) -> list[str]:
    return [event.key for event in harness.adapter.parse(raw)]


def _typed(harness: Harness, text: str) -> JsonObject:
    raw = harness.drawing.typed(text)
    if raw is None:
        pytest.skip("nothing can be typed on this channel")
    return raw


def _parse_anything(harness: Harness, raw: JsonObject) -> None:
    try:
        events = harness.adapter.parse(raw)
    except Malformed:
        return
    _check_sound(harness, events)


def _check_sound(harness: Harness, events: Sequence[AnyEvent]) -> None:
    scope = harness.adapter.capabilities.channel + ":"
    for event in events:
        scoped = (event.key, event.thread, event.person)
        assert all(name.startswith(scope) and len(name) > len(scope) for name in scoped)
        assert math.isfinite(event.at)
        for text in _texts(event):
            text.encode()  # no lone surrogates: a database could not keep them


def _texts(event: AnyEvent) -> Iterator[str]:
    for member in dataclasses.fields(event):
        value: object = getattr(event, member.name)
        if isinstance(value, str):
            yield value


def _damaged(raw: JsonObject, where: int, value: object) -> JsonObject:
    """Return the payload with its `where`th member, however deep, replaced or taken away."""
    whole = cast("dict[str, Json]", json.loads(json.dumps(raw)))
    places = list(_places(whole))
    if places:
        holder, name = places[where % len(places)]
        if value is _GONE:
            del holder[name]
        else:
            holder[name] = cast("Json", value)
    return whole


def _places(value: object) -> Iterator[tuple[dict[str, Json], str]]:
    if isinstance(value, dict):
        members = cast("dict[str, Json]", value)
        for name, inner in members.items():
            yield members, name
            yield from _places(inner)
    elif isinstance(value, list):
        for inner in cast("list[Json]", value):
            yield from _places(inner)


def _signed(harness: Harness) -> tuple[Webhooks, Request]:
    adapter = harness.adapter
    if not isinstance(adapter, Webhooks):
        pytest.skip("this channel has no webhooks")
    assert harness.signed is not None
    assert harness.proofs
    return adapter, harness.signed


def _forgeries(proof: str) -> tuple[str, ...]:
    other = "0" if proof[-1] != "0" else "1"
    return ("", proof[:-1], proof + "0", proof[:-1] + other, "é", "\N{SNOWMAN}", "x" * 5000)


def _changed(body: bytes) -> Iterator[bytes]:
    yield body[:-1]
    yield body + b" "
    for place in range(0, len(body), max(1, len(body) // 50)):
        yield body[:place] + bytes([body[place] ^ 1]) + body[place + 1 :]


def _check_refused(webhooks: Webhooks, request: Request) -> None:
    with pytest.raises(Refused):
        webhooks.verify(request)
