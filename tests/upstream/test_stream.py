"""A streamed answer is understood in every shape, however it is cut."""

from __future__ import annotations

import json
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bridge.upstream.stream import Broken, Failure, Messages, messages, read_json

FIRST = {"responseChunk": {"chunkType": "TEXT", "textDetails": {"text": 'Ä "{[\\'}}}
SECOND = {"responseChunk": {"chunkType": "END_OF_RESPONSE"}}
BOTH = [FIRST, SECOND]


def sse(*items, end="\n"):
    """Write messages as Server-Sent Events."""
    return "".join(f"data: {json.dumps(item)}{end}{end}" for item in items).encode()


def parse(data, *, cuts=(), content_type="", limit=1_000_000):
    """Feed `data` cut at `cuts`; return all items."""
    parser = Messages(content_type, limit=limit)
    places = [0, *sorted(cut for cut in cuts if cut < len(data)), len(data)]
    pieces = [data[a:b] for a, b in pairwise(places)]
    return [item for piece in pieces for item in parser.feed(piece)] + parser.close()


SHAPES = {
    "sse": sse(*BOTH),
    "sse, CRLF": sse(*BOTH, end="\r\n"),
    "sse, CR": sse(*BOTH, end="\r"),
    "sse, BOM": b"\xef\xbb\xbf" + sse(*BOTH),
    "sse, blank lines first": b"\r\n\n" + sse(*BOTH),
    "sse, comments": b": keep-alive\n\n" + sse(FIRST) + b":\n" + sse(SECOND),
    "sse, other fields": b"id: 1\nretry: 5\nevent: message\nfoo: bar\n" + sse(*BOTH),
    "sse, field without colon": b"id\n" + sse(*BOTH),
    "sse, no blank after the colon": sse(*BOTH).replace(b"data: ", b"data:"),
    "sse, several data lines": b"".join(
        b"data: " + line + b"\n"
        for line in json.dumps(FIRST, indent=1, ensure_ascii=False).encode().split(b"\n")
    )
    + b"\n"
    + sse(SECOND),
    "sse, several data lines, CRLF": b'data: {\r\ndata: "responseChunk":\r\ndata: '
    + json.dumps(FIRST["responseChunk"]).encode()
    + b"\r\ndata: }\r\n\r\n"
    + sse(SECOND, end="\r\n"),
    "sse, named events": sse(*BOTH).replace(b"data", b"event: chunk\ndata"),
    "sse, pings": b"event: ping\ndata: now\n\n" + sse(*BOTH),
    "sse, [DONE]": sse(*BOTH) + b"data: [DONE]\n\n",
    "sse, no last blank line": sse(*BOTH).rstrip(b"\n"),
    "sse, a list in an event": sse(BOTH),
    "sse, result": sse({"result": FIRST}, {"result": SECOND}),
    "ndjson": b"\n".join(json.dumps(item).encode() for item in BOTH),
    "ndjson, CRLF": b"".join(json.dumps(item).encode() + b"\r\n" for item in BOTH),
    "ndjson, UTF-8": "\n".join(json.dumps(item, ensure_ascii=False) for item in BOTH).encode(),
    "ndjson, result": b"".join(json.dumps({"result": item}).encode() + b"\n" for item in BOTH),
    "concatenated": b"".join(json.dumps(item).encode() for item in BOTH),
    "pretty": b"\n".join(json.dumps(item, indent=2).encode() for item in BOTH),
    "array": json.dumps(BOTH).encode(),
    "array, pretty, BOM": b"\xef\xbb\xbf" + json.dumps(BOTH, indent=2).encode(),
    "array, blanks first": b" \r\n" + json.dumps(BOTH).encode(),
    "json-seq": b"".join(b"\x1e" + json.dumps(item).encode() + b"\n" for item in BOTH),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_is_read(shape):
    """The bytes tell the shape; the messages are the same."""
    assert BOTH == parse(SHAPES[shape])


@pytest.mark.parametrize("content_type", ["text/event-stream", "application/json", "text/html"])
@pytest.mark.parametrize("shape", SHAPES)
def test_the_content_type_may_be_wrong(shape, content_type):
    """What the bytes say goes before what the header says."""
    assert BOTH == parse(SHAPES[shape], content_type=content_type)


ENDINGS = {
    "nothing": (b"", []),
    "blanks": (b" \n" * 5, []),
    "BOM": (b"\xef\xbb\xbf", []),
    "empty array": (b"[]", []),
    "page": (b"<html>", [Broken(reason="not JSON objects")]),
    "text": (b"database error", [Broken(reason="not JSON objects")]),
    "half a word": (b"dat", [Broken(reason="not a stream of messages")]),
    "scalars": (b"[1, 2]", [Broken(reason="not JSON objects")]),
    "cut object": (b'{"a": {"b": "c}', [Broken(reason="cut")]),
    "cut array": (b'[{"a": 1},', [{"a": 1}, Broken(reason="cut")]),
    "cut event": (b'data: {"a": 1}\n\ndata: {"b"', [{"a": 1}, Broken(reason="cut")]),
    "not JSON": (b"{'a': 1}", [Broken(reason="not JSON")]),
    "event, not JSON": (b"data: hello\n\ndata: {}\n\n", [Broken(reason="not JSON")]),
    "event, a number": (b"data: 5\n\n", [Broken(reason="not JSON objects")]),
    "broken once": (b'data: x\n\ndata: {"a": 1}\n\n', [Broken(reason="not JSON")]),
    "closed twice": (b'{"a": 1}]', [{"a": 1}]),
    "nested arrays": (b'[[{"a": 1}], [{"b": 2}]]', [{"a": 1}, {"b": 2}]),
    "garbage after": (b'{"a": 1} x', [{"a": 1}, Broken(reason="not JSON objects")]),
    "other members": (b'{"later": 1}', [{"later": 1}]),
    "error object": (b'{"error": {"code": 5}}', [Failure(body={"code": 5})]),
    "error text": (b'{"error": "invalid"}', [Failure(body={"error": "invalid"})]),
    "error in result": (b'{"result": {"error": {"code": 5}}}', [Failure(body={"code": 5})]),
    "error body": (
        b'{"message": "", "details": {}}',
        [Failure(body={"message": "", "details": {}})],
    ),
    "error event": (b'event: error\ndata: {"error": {"code": 8}}\n\n', [Failure(body={"code": 8})]),
    "error event, bare": (b'event: error\ndata: {"code": "X"}\n\n', [Failure(body={"code": "X"})]),
    "error event, text": (b"event: error\ndata: it broke\n\n", [Failure(body={})]),
    "error event, number": (b"event: error\ndata: 5\n\n", [Failure(body={})]),
    "an event's name ends": (
        b'event: error\n\ndata: {"a": 1}\n\n',
        [{"a": 1}],
    ),
    "chunk beside error": (
        b'{"responseChunk": {}, "error": 1}',
        [{"responseChunk": {}, "error": 1}],
    ),
}


@pytest.mark.parametrize("ending", ENDINGS)
def test_what_ends_a_stream(ending):
    """Errors and garbage are told as items, and nothing is raised."""
    data, expected = ENDINGS[ending]
    assert expected == parse(data)


def test_the_content_type_decides_what_the_bytes_do_not():
    """A stream that begins with a field of later days is one where the header says so."""
    data = b"later: 1\n" + sse(FIRST)
    assert [FIRST] == parse(data, content_type="text/event-stream; charset=utf-8")
    assert [Broken(reason="not JSON objects")] == parse(data)


EVERYTHING = st.sampled_from([*SHAPES.values(), *(data for data, _ in ENDINGS.values())])
CUTS = st.sets(st.integers(0, 400), max_size=30)


@given(EVERYTHING | st.binary(max_size=60), CUTS, st.sampled_from(["", "text/event-stream"]))
@example(SHAPES["sse, CRLF"], set(range(400)), "")
@example(SHAPES["ndjson, UTF-8"], set(range(400)), "")
@example(SHAPES["sse, BOM"], set(range(400)), "")
@example(SHAPES["sse, several data lines, CRLF"], set(range(400)), "")
def test_cutting_changes_nothing(data, cuts, content_type):
    """The same bytes give the same items, in whatever pieces they arrive."""
    whole = parse(data, content_type=content_type)
    assert whole == parse(data, cuts=cuts, content_type=content_type)


@given(EVERYTHING | st.binary(max_size=60), CUTS, st.integers(1, 120))
def test_cutting_changes_nothing_at_the_limit(data, cuts, limit):
    """That holds too where a message is longer than allowed."""
    assert parse(data, limit=limit) == parse(data, cuts=cuts, limit=limit)


@pytest.mark.parametrize("start", [b'{"a": "', b"data: ", b": "])
def test_what_is_held_is_bounded(start):
    """One message that never ends is given up, and nothing is read after that."""
    parser = Messages(limit=1000)
    items = [item for _ in range(30) for item in parser.feed(start + b"x" * 50)]
    assert [Broken(reason="a message is too long")] == items
    assert [] == parser.feed(sse(FIRST))
    assert [] == parser.close()


def test_long_streams_of_short_messages_are_fine():
    """The limit is one message's, not the stream's."""
    for shape in (sse(*BOTH), b": ping\n\n" + sse(*BOTH), json.dumps(BOTH).encode()):
        parser = Messages(limit=150)
        assert BOTH * 20 == [item for _ in range(20) for item in parser.feed(shape)]


async def test_the_wrapper_stops_at_what_is_broken():
    """Items come as they arrive; after garbage no more is read."""
    read = []

    async def source():
        for piece in (sse(FIRST), b"data: x\n\n", sse(SECOND)):
            read.append(piece)
            yield piece

    items = [item async for item in messages(source())]
    assert [FIRST, Broken(reason="not JSON")] == items
    assert 2 == len(read)


async def test_the_wrapper_closes():
    """What the end completes is given too."""

    async def source():
        yield SHAPES["sse, no last blank line"]

    assert BOTH == [item async for item in messages(source())]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b'"\xff"', "�"),
        (b'"\\ud83d\\ude00"', "\U0001f600"),
        (b'["\\ud800", {"\\udc00": "a"}, 1, null]', ["�", {"�": "a"}, 1, None]),
        (b"[NaN, Infinity, -Infinity]", ["NaN", "Infinity", "-Infinity"]),
        (b"\xef\xbb\xbf{}", {}),
    ],
)
def test_json_that_could_not_be_stored_is_mended(data, expected):
    """Halves of pairs, broken UTF-8 and numbers that JSON lacks don't get in."""
    assert expected == read_json(data)


@pytest.mark.parametrize("data", [b"", b"{", b"[" * 100_000, b"1" * 5000])
def test_what_is_no_json_is_a_value_error(data):
    """Also what is nested too deep, or has too many digits."""
    with pytest.raises(ValueError):  # noqa: PT011 - json's own errors are among them
        read_json(data)
