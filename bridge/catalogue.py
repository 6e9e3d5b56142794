"""The file `forms.toml` becomes the catalogue, and takes new entries.

Knows: what the file may say. Must not know: what the entries are used for.

Law: all faults are told at once, each with the entry and the key, and what to do; the line where
the file is no TOML. Of the values, messages quote channels and keywords alone. Writing changes
nothing that stands there.
"""

from __future__ import annotations

import math
import os
import re
import tempfile
import tomllib
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar, cast

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from bridge.environment import advice, did_you_mean
from bridge.forms import DAY, Catalogue, FormEntry, keyword
from bridge.phrases import Phrases, faults
from bridge.settings import web_address

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from pydantic_core import ErrorDetails

_SLUG = re.compile(r"[a-z0-9-]{1,32}")
_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_SPAN = re.compile(r"(\d+(?:\.\d+)?) *(second|minute|hour|day|week)s?")
_SECONDS = {"second": 1.0, "minute": 60.0, "hour": 3600.0, "day": DAY, "week": 7 * DAY}
_PLACE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")

_Kind = TypeVar("_Kind")

_HEADING = "# The forms that can be filled in by chatting.\n"


class CatalogueError(ValueError):
    """A catalogue that can't be used: `problems` are sentences that name the place."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


def _guid(text: str) -> str:
    if not _GUID.fullmatch(text):
        raise ValueError("must be a form's id: 8-4-4-4-12 characters of 0-9 and a-f")
    return text


def _names(names: tuple[str, ...]) -> tuple[str, ...]:
    if not all(_SLUG.fullmatch(name) for name in names):
        raise ValueError("must be names of channels, such as telegram")
    return names


def _words(words: tuple[str, ...]) -> tuple[str, ...]:
    if not all(keyword(word) for word in words):
        raise ValueError("can't hold an empty text")
    return words


def _listed(given: object) -> object:
    """Return a list as the tuple that it is kept as."""
    return tuple(cast("list[object]", given)) if isinstance(given, list) else given


def _seconds(given: object) -> object:
    """Return "7 days" as seconds."""
    if isinstance(given, str):
        said = _SPAN.fullmatch(given.strip().lower())
        if not said:
            raise ValueError('must be a time such as "7 days", "12 hours", or seconds')
        return float(said[1]) * _SECONDS[said[2]]
    return given


def _json(values: dict[str, object]) -> dict[str, object]:
    if not _is_json(values):
        raise ValueError("can hold texts (dates too, in quotes), numbers, true, false and lists")
    return values


def _is_json(value: object) -> bool:
    if isinstance(value, dict):
        return all(map(_is_json, cast("dict[str, object]", value).values()))
    if isinstance(value, list):
        return all(map(_is_json, cast("list[object]", value)))
    return isinstance(value, str | int) or (isinstance(value, float) and math.isfinite(value))


class _Entry(BaseModel):
    """One table of the file."""

    model_config = ConfigDict(extra="forbid", strict=True, hide_input_in_errors=True)

    form_id: Annotated[str, AfterValidator(_guid)]
    title: str = Field(min_length=1, max_length=200)
    description: str = Field(default="", max_length=1000)
    channels: Annotated[tuple[str, ...], BeforeValidator(_listed), AfterValidator(_names)] = ()
    default_for: Annotated[tuple[str, ...], BeforeValidator(_listed), AfterValidator(_names)] = ()
    keywords: Annotated[tuple[str, ...], BeforeValidator(_listed), AfterValidator(_words)] = ()
    dry_run: bool = False
    prefill: Annotated[dict[str, object], AfterValidator(_json)] = {}
    form_url: Annotated[str, AfterValidator(web_address)] = ""
    contact: str = ""
    privacy_url: Annotated[str, AfterValidator(web_address)] = ""
    shared: bool = False
    expires_after: Annotated[float, BeforeValidator(_seconds)] = Field(
        default=7 * DAY, gt=0, allow_inf_nan=False
    )
    phrases: dict[str, str] = {}


class _File(BaseModel):
    """What stands at the top; the tables of `forms` are read one by one."""

    model_config = ConfigDict(extra="forbid", strict=True, hide_input_in_errors=True)

    forms: dict[str, dict[str, object]] = {}
    phrases: dict[str, str] = {}


def load(path: Path) -> Catalogue:
    """Return the catalogue of a file; CatalogueError with all that is wrong."""
    return parse(_read(path), path.name)


def _read(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        advised = f"{path.name} is missing: write one with `threadform forms add`"
        raise CatalogueError([advised]) from None
    except UnicodeDecodeError:
        raise CatalogueError([f"{path.name} is not UTF-8 text: save it as UTF-8"]) from None
    except OSError as error:
        raise CatalogueError([f"{path.name} can't be read: {error.strerror}"]) from None


def parse(text: str, name: str = "forms.toml") -> Catalogue:
    """Return the catalogue that the text says; `name` stands in errors."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise CatalogueError([_syntax(str(error), name)]) from None
    entries, problems = _entries(_only(data.get("forms"), dict))
    sentences = _only(data.get("phrases"), str)
    problems = (*_top(data, name), *problems, *_phrased("phrases", sentences), *_clashes(entries))
    if problems:
        raise CatalogueError(problems)
    return Catalogue(entries, Phrases().override(sentences))


def _syntax(fault: str, name: str) -> str:
    """Return where the text is no TOML; the parser's words may quote the file, so they stay out."""
    place = _PLACE.search(fault)
    where = f"line {place[1]}" if place and place[1] else "at the end"
    if fault.startswith("Cannot"):
        return f"{name}, {where}: a name stands there for the second time; take one out"
    return f"{name}, {where}: not written as TOML wants it; is a quote or bracket missing?"


def _top(data: Mapping[str, object], name: str) -> list[str]:
    """Return what is wrong at the top of the file."""
    try:
        _File.model_validate(data)
    except ValidationError as error:
        return _told(error, name, _File)
    return []


def _only(table: object, kind: type[_Kind]) -> dict[str, _Kind]:
    """Return those items of a table that are of the kind; the others are told elsewhere."""
    items = cast("dict[str, object]", table if isinstance(table, dict) else {}).items()
    return {key: value for key, value in items if isinstance(value, kind)}


def _entries(
    tables: Mapping[str, Mapping[str, object]],
) -> tuple[tuple[FormEntry, ...], tuple[str, ...]]:
    """Return the entries that can be read, and what is wrong with the others."""
    entries: list[FormEntry] = []
    problems: list[str] = []
    for slug, table in tables.items():
        try:
            entry = _Entry.model_validate(table)
        except ValidationError as error:
            problems += _told(error, f"forms.{slug}", _Entry)
            continue
        problems += _phrased(f"forms.{slug}", entry.phrases)
        entries.append(FormEntry(slug=slug, **dict(entry)))
    problems += [
        f"forms.{slug}: the name must be 1 to 32 characters of a-z, 0-9 and -"
        for slug in tables
        if not _SLUG.fullmatch(slug)
    ]
    return tuple(entries), tuple(problems)


def _told(error: ValidationError, place: str, model: type[BaseModel]) -> list[str]:
    """Return each fault as a sentence; several in one list are one."""
    faulty = error.errors(include_url=False, include_input=False)
    return list(dict.fromkeys(f"{place}: {_fault(fault, model)}" for fault in faulty))


def _fault(fault: ErrorDetails, model: type[BaseModel]) -> str:
    key = ".".join(str(part) for part in fault["loc"] if isinstance(part, str))
    if fault["type"] == "extra_forbidden":
        return f"'{key}' is not a key{did_you_mean(key, model.model_fields)}"
    return f"'{key}' {_KINDS.get(fault['type']) or advice(fault)}"


_KINDS = {
    "string_type": "must be a text in quotes",
    "bool_type": "must be true or false",
    "float_type": 'must be a time such as "7 days", or seconds',
    "tuple_type": 'must be a list, such as ["telegram"]',
    "dict_type": "must be a table",
    "string_too_short": "can't be empty",
}
"""What to say by pydantic's error type, before `environment.advice` is asked."""


def _phrased(place: str, texts: Mapping[str, str]) -> list[str]:
    inside = place if place == "phrases" else f"{place}.phrases"
    return [f"{inside}: {fault}" for fault in faults(texts)]


def _clashes(entries: Sequence[FormEntry]) -> Iterator[str]:
    """Return what can't hold for two entries at once, or for an entry and its channels."""
    for entry in entries:
        for channel in entry.default_for:
            if not entry.stands_on(channel):
                yield f"forms.{entry.slug}: 'default_for' names {channel}, 'channels' does not"
    for one, other in combinations(entries, 2):
        for channel in sorted({*one.default_for} & {*other.default_for}):
            yield f"forms.{other.slug}: 'default_for' names {channel}, but {one.slug} has it"
        if _meet(one, other):
            for word in sorted(_spelled(one) & _spelled(other)):
                yield f"forms.{other.slug}: 'keywords' holds '{word}', but {one.slug} has it"


def _spelled(entry: FormEntry) -> set[str]:
    return {keyword(word) for word in entry.keywords}


def _meet(one: FormEntry, other: FormEntry) -> bool:
    """Tell whether both can be begun on some channel."""
    return not one.channels or not other.channels or bool({*one.channels} & {*other.channels})


def add_entry(path: Path, slug: str, values: Mapping[str, object]) -> Catalogue:
    """Write a new entry at the end of the file, made if absent; return the catalogue with it.

    What stands in the file stays as it is. Nothing is written unless the result is a
    catalogue without faults; the file is replaced as a whole.
    """
    text = _read(path) if path.exists() else _HEADING
    if parse(text, path.name).entry(slug):
        raise CatalogueError([f"forms.{slug}: stands in {path.name} already; take another name"])
    line_end = "\r\n" if "\r\n" in text else "\n"
    gap = "" if text.endswith("\n") else line_end
    longer = f"{text}{gap}{line_end}{_written(slug, values).replace(chr(10), line_end)}"
    catalogue = parse(longer, path.name)
    try:
        _replace(path, longer)
    except OSError as error:
        raise CatalogueError([f"{path.name} can't be written: {error.strerror}"]) from None
    return catalogue


def _written(slug: str, values: Mapping[str, object]) -> str:
    """Return the entry as a table of its own."""
    from tomlkit import document, dumps, item, table  # noqa: PLC0415 - slow, and only needed here

    forms = table(is_super_table=True)
    forms.append(slug, item(dict(values)))
    whole = document()
    whole.append("forms", forms)
    return dumps(whole)


def _replace(path: Path, text: str) -> None:
    """Put the text in the file's place at once; its rights stay."""
    target = path.resolve()
    mode = target.stat().st_mode & 0o777 if target.exists() else 0o644
    descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    fresh = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(text.encode())
            file.flush()
            os.fsync(file.fileno())
        fresh.chmod(mode)
        fresh.replace(target)
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise
