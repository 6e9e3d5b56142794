"""Logs: one line per event, its fields beside it, nothing personal and nothing secret in it.

The law (13): a line holds names, numbers and ids of ours. Of an exception it holds the type and
the place in the code; its text only where the type is ours, because our texts hold neither secrets
nor what people said. Of a library it holds what is at least a warning, and the text only of the
libraries named in `READ`, whose lines were read for this. Secrets given at the start are replaced
wherever they turn up.

structlog is imported by the first line written, not by this module.
"""

from __future__ import annotations

import contextlib
import json
import logging
import re
import sys
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any, Literal, TextIO, TypeAlias, cast
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, MutableMapping, Sequence
    from types import TracebackType

    from structlog.typing import Processor

Format: TypeAlias = Literal["console", "json"]
Field: TypeAlias = str | int | float | bool | None

OURS = ("bridge", "adapters")
"""Packages whose exceptions may be quoted."""

READ = (*OURS, "aiohttp", "alembic", "asyncio", "httpx", "sqlalchemy", "uvicorn")
"""Packages whose own lines may be quoted, first line only."""

SHORTEST_SECRET = 6
"""Characters; what is shorter would be cut out of ordinary words."""

MASK = "***"

_OUR_LEVEL = logging.getLogger(OURS[0])
"""Asked before a line is made, since most debug lines are not written."""

_FRAMES = 6
_CAUSES = 4


class Logger:
    """Writes the events of one module; costs nothing before the first."""

    __slots__ = ("_name",)

    def __init__(self, name: str) -> None:
        self._name = name

    def debug(self, event: str, **fields: Field) -> None:
        """Tell a developer."""
        self._write(logging.DEBUG, event, fields)

    def info(self, event: str, **fields: Field) -> None:
        """Tell the operator that something went as it should."""
        self._write(logging.INFO, event, fields)

    def warning(self, event: str, *, cause: BaseException | None = None, **fields: Field) -> None:
        """Tell the operator what went wrong and was dealt with."""
        self._write(logging.WARNING, event, {**fields, **_about(cause)})

    def error(self, event: str, *, cause: BaseException | None = None, **fields: Field) -> None:
        """Tell the operator what needs a look."""
        self._write(logging.ERROR, event, {**fields, **_about(cause)})

    def _write(self, level: int, event: str, fields: Mapping[str, Any]) -> None:
        if not _OUR_LEVEL.isEnabledFor(level):
            return
        import structlog  # noqa: PLC0415 it takes 0.2 s, and many commands write no line

        structlog.get_logger().log(level, event, of=self._name, **fields)


def logger(name: str) -> Logger:
    """Return the logger of a module: `logger(__name__)`."""
    return Logger(name)


def set_up(
    *,
    form: Format = "console",
    level: str = "INFO",
    secrets: Iterable[str] = (),
    stream: TextIO | None = None,
) -> None:
    """Send every line of this process to `stream` (standard error), as `form` says.

    `level` holds for our own lines; libraries speak from WARNING on, whatever it says.
    """
    import structlog  # noqa: PLC0415 see Logger

    out = stream if stream is not None else sys.stderr
    number = logging.getLevelNamesMapping()[level.upper()]
    structlog.configure(
        processors=[*_processors(), _renderer(form, out), Redactor.of(secrets).in_line],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=lambda *_: structlog.WriteLogger(_Unbreakable(out)),  # type: ignore[arg-type]
        cache_logger_on_first_use=False,
    )
    root = logging.getLogger()
    root.handlers[:] = [Libraries()]
    root.setLevel(logging.WARNING)
    for name in OURS:
        logging.getLogger(name).setLevel(number)


def _processors() -> list[Processor]:
    import structlog  # noqa: PLC0415 see Logger

    return [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _exceptions_described,
        _values_plain,
    ]


def _renderer(form: Format, out: TextIO) -> Processor:
    import structlog  # noqa: PLC0415 see Logger

    match form:
        case "json":
            return structlog.processors.JSONRenderer(sort_keys=False)
        case "console":
            return structlog.dev.ConsoleRenderer(colors=out.isatty(), pad_event_to=0)


class _Unbreakable:
    """A stream that may be closed or full without stopping who writes to it."""

    def __init__(self, out: TextIO) -> None:
        self._out = out

    def write(self, text: str) -> int:
        with contextlib.suppress(OSError, ValueError):
            return self._out.write(text)
        return 0

    def flush(self) -> None:
        with contextlib.suppress(OSError, ValueError):
            self._out.flush()


@dataclass(frozen=True, slots=True)
class Redactor:
    """Replaces secrets in a line, also as they stand in an address or in JSON."""

    pattern: re.Pattern[str] | None

    @classmethod
    def of(cls, secrets: Iterable[str]) -> Redactor:
        """Make one that knows these secrets."""
        spelled = {
            way for secret in secrets if len(secret) >= SHORTEST_SECRET for way in _ways(secret)
        }
        longest_first = sorted(spelled, key=len, reverse=True)
        return cls(re.compile("|".join(map(re.escape, longest_first))) if spelled else None)

    def clean(self, text: str) -> str:
        """Return the text without them."""
        return self.pattern.sub(MASK, text) if self.pattern else text

    def in_line(self, _logger: Any, _method: str, line: Any) -> str:
        """Do so as structlog's last step."""
        return self.clean(str(line))


def _ways(secret: str) -> tuple[str, ...]:
    return (
        secret,
        quote(secret, safe=""),
        quote(secret),
        json.dumps(secret)[1:-1],
        repr(secret)[1:-1],
    )


class Libraries(logging.Handler):
    """Takes what libraries write by the standard library's logging into our own stream."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write one record as an event of ours."""
        import structlog  # noqa: PLC0415 see Logger

        cause = record.exc_info[1] if record.exc_info else None
        fields = {"of": record.name, "line": record.lineno, **_about(cause)}
        structlog.get_logger().log(record.levelno, _first_line(record), **fields)


def _first_line(record: logging.LogRecord) -> str:
    """Return what the record says, as far as it may be quoted.

    Later lines are left out: asyncio puts the exception's text there.
    """
    if record.name.split(".")[0] not in READ:
        return "a library wrote a line"
    text = str(_quotable(record.msg))
    with contextlib.suppress(TypeError, ValueError, KeyError):
        text = text % _arguments(record) if record.args else text
    return next(iter(text.splitlines()), "")


def _arguments(record: logging.LogRecord) -> Any:
    if isinstance(record.args, tuple):
        return tuple(map(_quotable, record.args))
    return {name: _quotable(value) for name, value in (record.args or {}).items()}


def _quotable(value: object) -> object:
    return _type_name(value) if isinstance(value, BaseException) else value


def describe(cause: BaseException) -> str:
    """Return an exception in one line: type, our own text, places, then what caused it."""
    return " <- ".join(_described_alone(each) for each in _chain(cause))


def _about(cause: BaseException | None) -> dict[str, str]:
    return {"error": describe(cause)} if cause is not None else {}


def _chain(cause: BaseException) -> Iterator[BaseException]:
    """Yield the exception and its causes; of a group, its first member as the cause."""
    current: BaseException | None = cause
    for _ in range(_CAUSES):
        if current is None:
            return
        yield current
        current = _behind(current)


def _behind(cause: BaseException) -> BaseException | None:
    if isinstance(cause, BaseExceptionGroup):
        return cast("BaseExceptionGroup[BaseException]", cause).exceptions[0]
    return cause.__cause__ or (None if cause.__suppress_context__ else cause.__context__)


def _described_alone(cause: BaseException) -> str:
    ours = type(cause).__module__.split(".")[0] in OURS
    said = f": {cause}" if ours else ""
    where = " > ".join(_places(cause.__traceback__))
    return f"{_type_name(cause)}{said}" + (f" at {where}" if where else "")


def _places(trace: TracebackType | None) -> list[str]:
    """Return where it passed, outermost first; module and line, no path and no local."""
    places: list[str] = []
    while trace is not None:
        module = trace.tb_frame.f_globals.get("__name__", "?")
        places.append(f"{module}:{trace.tb_lineno}")
        trace = trace.tb_next
    return places[-_FRAMES:]


def _type_name(value: object) -> str:
    kind = type(value)
    return f"{kind.__module__}.{kind.__qualname__}"


def _exceptions_described(
    _logger: Any, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Put types and places where whoever wrote the line passed an exception."""
    asked = event.pop("exc_info", None)
    event.pop("stack_info", None)
    match asked:
        case BaseException():
            event.update(_about(asked))
        case (_, BaseException() as cause, _):
            event.update(_about(cause))
        case True:
            event.update(_about(sys.exc_info()[1]))
        case _:
            pass
    return event


def _values_plain(
    _logger: Any, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Let only plain values through: any other object is named by its type, never shown."""
    return {str(name): _plain(value) for name, value in event.items()}


def _plain(value: object) -> object:
    match value:
        case BaseException():
            return describe(value)
        case Enum():
            return _plain(value.value)
        case str() | int() | float() | None:
            return value
        case list() | tuple():
            members = cast("Sequence[object]", value)
            return [_plain(each) for each in members]
        case _:
            return f"<{_type_name(value)}>"
