"""Every refusal means one thing, and says what to do."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.upstream.errors import (
    AnswerLost,
    NotAllowed,
    NotReady,
    NotTaken,
    NotThere,
    Refused,
    SessionGone,
    Throttled,
    Unreachable,
    UpstreamError,
    application_code,
    from_status,
    from_stream,
)

NOW = 1_800_000_000.0  # Fri, 15 Jan 2027 08:00:00 GMT
SESSION = "5f1d0a3e-0000-4000-8000-00000000aaaa"


def app(code, description="", message=""):
    """Return the body of an application error."""
    error = {"code": code, "description": description}
    return {"message": message, "details": {"applicationError": error}}


VALIDATION = {"message": "", "details": {"validationError": {"fieldViolations": [{"field": "a"}]}}}


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (300, Refused),
        (302, Refused),
        (400, Refused),
        (401, NotAllowed),
        (403, NotAllowed),
        (404, NotThere),
        (405, Refused),
        (409, Refused),
        (410, NotThere),
        (428, NotReady),
        (429, Throttled),
        (499, Refused),
        (500, AnswerLost),
        (501, AnswerLost),
        (502, AnswerLost),
        (503, AnswerLost),
        (504, AnswerLost),
        (599, AnswerLost),
        (600, AnswerLost),
        (101, AnswerLost),
    ],
)
def test_what_a_status_means(status, kind):
    """Each status has one meaning, and the error holds it."""
    error = from_status(status, {}, {}, now=NOW)
    assert (kind, status, "", "") == (type(error), error.status, error.code, error.request_id)


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (404, {}, SessionGone),
        (404, app("NOT_FOUND"), SessionGone),
        (410, {}, SessionGone),
        (400, app("INTERACTIVE_FORM_SESSION_EXPIRED"), SessionGone),
        (400, app("session_not_found"), SessionGone),
        (400, app("NOT_FOUND"), SessionGone),
        (400, app("INVALID", description=f"no session {SESSION}"), SessionGone),
        (400, app("INVALID", message=f"{SESSION} is over"), SessionGone),
        (400, app("EMPTY_REQUEST", description=f"in session {SESSION}"), Refused),
        (400, app("INVALID", description="no session of yours"), Refused),
        (400, {"message": SESSION, "details": {}}, Refused),
        (400, VALIDATION, Refused),
        (400, {}, Refused),
        (403, app("SESSION_FORBIDDEN"), NotAllowed),
        (429, app("RESOURCE_EXHAUSTED"), Throttled),
        (500, app("SESSION_BROKEN"), AnswerLost),
    ],
)
def test_a_session_that_is_gone(status, body, kind):
    """Only for a send, and only where the error is about the session."""
    assert kind is type(from_status(status, {}, body, now=NOW, session=SESSION))
    assert SessionGone is not type(from_status(status, {}, body, now=NOW))


@pytest.mark.parametrize(
    ("wait", "after"),
    [
        ("7", 7.0),
        (" 1.5 ", 1.5),
        ("0", 0.0),
        ("99999999", 3600.0),
        ("Fri, 15 Jan 2027 08:00:30 GMT", 30.0),
        ("Fri, 15 Jan 2027 07:59:00 GMT", 0.0),
        ("Fri, 99 Jan 2027 07:59:00 GMT", None),
        ("-5", None),
        ("soon", None),
        ("", None),
        ("²", None),
    ],
)
def test_how_long_to_wait(wait, after):
    """Seconds or a date; 503 counts as not taken only with the header."""
    for status in (429, 503):
        error = from_status(status, {"retry-after": wait}, {}, now=NOW)
        assert isinstance(error, Throttled)
        assert after == error.after


def test_without_retry_after_the_wait_is_unknown():
    """A 429 is not taken all the same."""
    error = from_status(429, {}, {}, now=NOW)
    assert isinstance(error, NotTaken)
    assert error.after is None


@pytest.mark.parametrize(
    ("code", "word"),
    [
        ("CHECKOUT_PAGE_NOT_FOUND", "checkout page"),
        ("SITE_NOT_PUBLISHED", "publish it"),
        ("SOMETHING_ELSE", "Wix Forms"),
    ],
)
def test_what_the_site_lacks(code, word):
    """A 428 says what to set up."""
    error = from_status(428, {}, app(code), now=NOW)
    assert (NotReady, code) == (type(error), error.code)
    assert word in str(error)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (app("EMPTY_REQUEST"), "EMPTY_REQUEST"),
        (VALIDATION, "INVALID_ARGUMENT"),
        ({"error": "invalid_client", "error_description": "secret"}, "invalid_client"),
        ({"code": 5, "message": "no", "details": []}, "NOT_FOUND"),
        ({"code": 99}, ""),
        ({"code": "ABORTED"}, "ABORTED"),
        (app("my name is Ada"), ""),
        (app("X" * 101), ""),
        (app(7), ""),
        ({}, ""),
    ],
)
def test_codes_are_found_and_fit_for_logs(body, code):
    """The code of any known shape of body; what could be a person's words is dropped."""
    assert code == application_code(body)


def test_messages_tell_no_more_than_they_may():
    """Status, code and request id stand in the message; words of the body don't."""
    body = app("DENIED", description="for ada@example.com", message="ada@example.com")
    error = from_status(403, {"x-wix-request-id": "17.42:a"}, body, now=NOW)
    assert str(error).endswith("(status 403, DENIED, 17.42:a)")
    assert "17.42:a" == error.request_id
    assert "ada" not in str(error)


def test_a_request_id_that_is_none_is_dropped():
    """Only what looks like an id is kept."""
    assert "" == from_status(400, {"x-wix-request-id": "ada lovelace"}, {}, now=NOW).request_id


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ({"code": 5}, SessionGone),
        (app("NOT_FOUND"), SessionGone),
        (app("EMPTY_REQUEST"), Refused),
        ({"code": 3}, Refused),
        ({"code": 7}, NotAllowed),
        ({"code": 16}, NotAllowed),
        ({"code": 8}, AnswerLost),
        (app("RESOURCE_EXHAUSTED"), AnswerLost),
        ({"message": "", "details": {}}, AnswerLost),
        ({}, AnswerLost),
    ],
)
def test_errors_inside_a_stream(body, kind):
    """The request was accepted by then, so nothing in a stream counts as not taken."""
    assert kind is type(from_stream(body, session=SESSION))


def test_not_found_in_the_stream_of_a_create():
    """There it is the form that is unknown."""
    assert NotThere is type(from_stream({"code": 5}))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["details", "applicationError", "code", "error", "message"]), inner
        )
    ),
)


@given(st.integers(100, 700), st.dictionaries(st.sampled_from(["details", "error"]), JSON), JSON)
def test_any_body_is_read(status, body, details):
    """No body makes the mapping raise, and only 429 and 503 are throttled."""
    body = {**body, "details": details} if details else body
    error = from_status(status, {"retry-after": "1"}, body, now=NOW, session=SESSION)
    assert isinstance(error, UpstreamError)
    assert isinstance(error, Throttled) == (status in {429, 503})
    assert not isinstance(error, Unreachable)
