"""Logs: what a line holds, and what no line ever holds (law 13)."""

from __future__ import annotations

import asyncio
import enum
import io
import json
import logging
import subprocess
import sys

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from bridge import logs
from bridge.protocol.errors import Misconfigured

PERSONAL = "+15550100"


pytestmark = pytest.mark.usefixtures("own_logs")


def written(write, *, level="INFO", form="json", secrets=()) -> str:
    """Return what comes out when `write` is called after set-up."""
    out = io.StringIO()
    logs.set_up(form=form, level=level, secrets=secrets, stream=out)
    write()
    return out.getvalue()


def line(write, **how) -> dict:
    """Return the one JSON line that comes out."""
    [only] = written(write, **how).splitlines()
    return json.loads(only)


def failing(error: BaseException, cause: BaseException | None = None) -> BaseException:
    """Return the error as it is after it was raised."""
    try:
        raise error from cause
    except BaseException as raised:  # noqa: BLE001 the test wants any
        return raised


log = logs.logger("bridge.some")


def test_a_line_holds_its_event_and_fields():
    """An event comes out by name, with its fields, its level, its module and its time."""
    got = line(lambda: log.info("turn ended", thread="t1", seconds=0.5, kept=None))

    assert isinstance(got.pop("timestamp"), str)
    assert got == {
        "event": "turn ended",
        "level": "info",
        "of": "bridge.some",
        "thread": "t1",
        "seconds": 0.5,
        "kept": None,
    }


@pytest.mark.parametrize(
    ("level", "seen"),
    [
        ("DEBUG", ["debug", "info", "warning", "error"]),
        ("INFO", ["info", "warning", "error"]),
        ("warning", ["warning", "error"]),
        ("ERROR", ["error"]),
    ],
)
def test_the_level_holds(level, seen):
    """What is below the level is not written."""

    def write():
        log.debug("debug")
        log.info("info")
        log.warning("warning")
        log.error("error")

    out = written(write, level=level)

    assert seen == [json.loads(each)["level"] for each in out.splitlines()]


def test_without_set_up_only_warnings_are_written(capsys):
    """A program that never set up its logs is not flooded."""
    log.info("info")
    log.warning("warning")
    seen = capsys.readouterr()

    assert ("info" in seen.out + seen.err, "warning" in seen.out + seen.err) == (False, True)


def test_the_console_form_is_for_reading():
    """The console form names the event and its fields, on one line, without colours in a file."""
    out = written(lambda: log.info("turn ended", thread="t1"), form="console")

    assert "turn ended" in out
    assert "thread=t1" in out
    assert (1, False) == (out.count("\n"), "\x1b" in out)


@pytest.mark.parametrize("form", ["console", "json"])
def test_a_foreign_exception_is_never_quoted(form):
    """Of a foreign exception the type and the place are written, its text is not."""
    error = failing(ValueError(f"bad {PERSONAL}"), KeyError(PERSONAL))

    out = written(lambda: log.error("turn failed", cause=error), form=form)

    assert PERSONAL not in out
    assert f"builtins.ValueError at {__name__}:" in out
    assert " <- builtins.KeyError" in out


def test_our_own_exception_is_quoted():
    """Our own errors say what to do, so their text is written."""
    error = failing(Misconfigured("PORT", "set it to a number"))

    got = line(lambda: log.warning("not started", cause=error))

    assert "bridge.protocol.errors.Misconfigured: PORT: set it to a number at" in got["error"]


@pytest.mark.parametrize(
    "write",
    [
        lambda error: structlog.get_logger().error("x", exc_info=error),
        lambda error: structlog.get_logger().error("x", exc_info=(type(error), error, None)),
        lambda error: structlog.get_logger().error("x", error=error),
        lambda error: structlog.get_logger().error("x", stack_info=True, error=[error]),
        lambda error: logging.getLogger("uvicorn.error").error(error),
        lambda error: logging.getLogger("uvicorn.error").error("x %s", error),
        lambda error: logging.getLogger("uvicorn.error").error("x %(a)s", {"a": error}),
        lambda error: logging.getLogger("uvicorn.error").error("x", exc_info=error),
        lambda error: logging.getLogger("unread.library").error(f"x {error}"),  # noqa: G004 as libraries do
        lambda error: logging.getLogger("unread.library").error("x %s", str(error)),
    ],
    ids=[
        "exc-info",
        "triple",
        "field",
        "list",
        "message",
        "argument",
        "named-argument",
        "library-exc-info",
        "f-string",
        "string",
    ],
)
def test_no_way_of_writing_quotes_a_foreign_exception(write):
    """Whoever writes a line, by whatever means, the exception's text stays out."""
    error = failing(ValueError(PERSONAL))

    out = written(lambda: write(error))

    assert (1, False) == (out.count("\n"), PERSONAL in out)


def test_an_exception_at_work_is_described():
    """`exception()` describes the exception that is being dealt with."""

    def write():
        try:
            raise ValueError(PERSONAL)
        except ValueError:
            structlog.get_logger().exception("turn failed")

    got = line(write)

    assert got["error"].startswith("builtins.ValueError at ")


def test_exc_info_without_an_exception_is_nothing():
    """Asking for the exception where there is none adds nothing."""
    assert "error" not in line(lambda: structlog.get_logger().error("x", exc_info=True))


def test_a_group_is_described_by_its_first_member():
    """Of a group of exceptions, the first says what happened."""
    group = failing(ExceptionGroup(PERSONAL, [ValueError(PERSONAL), KeyError()]))

    assert " <- builtins.ValueError" in logs.describe(group)


def test_a_hidden_context_stays_hidden():
    """`from None` means that what came before is of no interest."""
    error = ValueError()
    error.__context__ = KeyError()
    shown = logs.describe(error)
    error.__suppress_context__ = True

    assert ("builtins.ValueError <- builtins.KeyError", "builtins.ValueError") == (
        shown,
        logs.describe(error),
    )


def test_a_long_chain_is_cut():
    """A chain of causes that does not end fits a line all the same."""
    error = ValueError()
    error.__cause__ = other = KeyError()
    other.__cause__ = error

    assert logs.describe(error).count("<-") == 3


class Colour(enum.Enum):
    """Any enumeration."""

    RED = "red"


def test_objects_are_named_not_shown():
    """Only plain values are written; anything else might hold what it should not."""
    got = line(
        lambda: structlog.get_logger().info(
            "x",
            secret=SecretStr(PERSONAL),
            raw=PERSONAL.encode(),
            body={"phone": PERSONAL},
            many=(1, Colour.RED, [object()]),
        )
    )

    assert got["secret"] == "<pydantic.types.SecretStr>"
    assert got["raw"] == "<builtins.bytes>"
    assert got["body"] == "<builtins.dict>"
    assert got["many"] == [1, "red", ["<builtins.object>"]]


@pytest.mark.parametrize(
    ("name", "level"), [("httpx", "INFO"), ("httpcore.http11", "DEBUG"), ("x", "INFO")]
)
def test_libraries_speak_from_warning_on(name, level):
    """A library's request lines stay out at every level of ours: addresses hold tokens."""
    library = logging.getLogger(name)

    out = written(lambda: library.log(getattr(logging, level), "POST /bot123"), level="DEBUG")

    assert out == ""


def test_a_library_that_we_have_read_is_quoted():
    """Its warning comes out with its own words, its name and the line in its code."""
    got = line(lambda: logging.getLogger("uvicorn.error").warning("Cancel %s running task(s)", 3))

    assert ("Cancel 3 running task(s)", "uvicorn.error", "warning") == (
        got["event"],
        got["of"],
        got["level"],
    )
    assert isinstance(got["line"], int)


def test_a_library_that_we_have_not_read_is_only_named():
    """Its words may hold anything, so only its name and place come out."""
    got = line(lambda: logging.getLogger("unread.library").warning("dear %s", PERSONAL))

    assert ("a library wrote a line", "unread.library") == (got["event"], got["of"])


@pytest.mark.parametrize(
    ("text", "args"), [("", ()), ("100 %", (1,)), ("%d", ("a",)), ("%(b)s", ({"a": 1},))]
)
def test_a_librarys_mistakes_are_harmless(text, args):
    """An empty line, or arguments that don't fit, are written as they are."""
    assert text == line(lambda: logging.getLogger("asyncio").warning(text, *args))["event"]


def test_a_lost_task_is_not_quoted():
    """The loop's report of a failed task has the exception's text on a later line."""

    async def lose():
        loop = asyncio.get_running_loop()
        loop.call_exception_handler({"message": "lost", "exception": ValueError(PERSONAL)})

    out = written(lambda: asyncio.run(lose()))

    assert ("lost", False) == (json.loads(out)["event"], PERSONAL in out)


TOKEN = '123456:AAE-x/y"z'


@pytest.mark.parametrize("form", ["console", "json"])
@pytest.mark.parametrize(
    "shown", [TOKEN, "123456%3AAAE-x%2Fy%22z", "123456%3AAAE-x/y%22z", f"https://x/bot{TOKEN}/send"]
)
def test_secrets_are_masked(form, shown):
    """A secret that was given at the start comes out as stars, however it was spelled."""
    out = written(lambda: log.info("x", at=shown), form=form, secrets=[TOKEN])

    assert "***" in out
    assert "AAE-x" not in out


@given(st.text(min_size=logs.SHORTEST_SECRET), st.text(), st.text())
def test_no_secret_survives(secret, before, after):
    """Whatever stands around it, a secret is gone from the text."""
    cleaned = logs.Redactor.of([secret, "another-one"]).clean(f"{before}{secret}{after}")

    assert secret not in cleaned.replace(logs.MASK, "\0") or secret in before + "\0" + after


def test_the_longer_secret_goes_first():
    """Of a secret that begins another nothing is left over."""
    assert "a *** b" == logs.Redactor.of(["secret", "secret-long"]).clean("a secret-long b")


def test_short_secrets_don_t_eat_words():
    """What is too short to be a secret leaves ordinary words alone; so does having none."""
    assert "a monkey" == logs.Redactor.of(["key", ""]).clean("a monkey")


def test_bound_fields_are_written():
    """Fields bound to the task come with each of its lines."""

    def write():
        with structlog.contextvars.bound_contextvars(turn="t9"):
            log.info("x")

    assert line(write)["turn"] == "t9"


def test_a_closed_stream_stops_nobody():
    """Where nobody reads the lines any more, the work goes on."""
    out = io.StringIO()
    logs.set_up(stream=out)
    out.close()

    log.error("x")


def test_standard_error_is_the_default(capsys):
    """Standard output belongs to what a command prints."""
    logs.set_up(form="json")
    log.info("x")
    seen = capsys.readouterr()

    assert ("", "x") == (seen.out, json.loads(seen.err)["event"])


def test_importing_it_imports_no_library():
    """A command that writes no line does not pay for writing them."""
    code = "import sys, bridge.logs; bridge.logs.logger('x'); print('structlog' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "False"
