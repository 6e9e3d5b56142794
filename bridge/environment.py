"""Names and texts of the environment become typed values, with every fault in a sentence.

Knows: pydantic models whose fields are aliased to variables, and `.env` files. Must not know: which
variables there are.

Law: a message names the variable and says what to do; it never holds the value.
"""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, TypeVar

from dotenv.parser import parse_stream
from pydantic import BaseModel, ValidationError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from pathlib import Path

    from pydantic_core import ErrorDetails

Model = TypeVar("Model", bound=BaseModel)

_ADVICE = {
    "missing": "is missing",
    "bool_parsing": "must be 1 or 0",
    "int_parsing": "must be a whole number",
    "int_from_float": "must be a whole number",
    "float_parsing": "must be a number",
    "finite_number": "must be a number",
    "greater_than_equal": "must be at least {ge}",
    "greater_than": "must be more than {gt}",
    "less_than_equal": "must be at most {le}",
    "less_than": "must be less than {lt}",
    "literal_error": "must be one of: {expected}",
    "enum": "must be one of: {expected}",
    "string_too_short": "must have at least {min_length} characters",
    "string_too_long": "must have at most {max_length} characters",
    "too_short": "must have at least {min_length} characters",
    "too_long": "must have at most {max_length} characters",
    "value_error": "{error}",
}
"""What to say by pydantic's error type; its own words for what stands not here."""


class SettingsError(ValueError):
    """Settings that can't be used: `problems` are sentences, each with a variable's name."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


def read_env_file(path: Path) -> Mapping[str, str]:
    """Return the variables of a `.env` file, nothing where there is none; nothing is expanded."""
    try:
        with path.open(encoding="utf-8-sig") as lines:
            found = list(parse_stream(lines))
    except FileNotFoundError:
        return {}
    except UnicodeDecodeError:
        raise SettingsError([f"{path.name} is not UTF-8 text: save it as UTF-8"]) from None
    except OSError as error:
        raise SettingsError([f"{path.name} can't be read: {error.strerror}"]) from None
    wrong = [entry.original.line for entry in found if entry.error]
    if wrong:
        raise SettingsError([f"{path.name}, line {line}: write NAME=value" for line in wrong])
    return {entry.key: entry.value or "" for entry in found if entry.key is not None}


def names_of(model: type[BaseModel]) -> tuple[str, ...]:
    """Return the variables that a settings class reads, in its order."""
    return tuple(info.alias or name for name, info in model.model_fields.items())


def validated(model: type[Model], environ: Mapping[str, str]) -> Model:
    """Return the settings of this class; an empty variable is an absent one."""
    try:
        return model.model_validate(given(environ, names_of(model)))
    except ValidationError as error:
        raise SettingsError(problems_in(error)) from None


def given(environ: Mapping[str, str], names: Iterable[str]) -> dict[str, str]:
    """Return those of the named variables that say anything, without white space around."""
    return {name: text for name in names if (text := environ.get(name, "").strip())}


def problems_in(error: ValidationError) -> tuple[str, ...]:
    """Return each fault as a sentence that begins with the variable's name."""
    return tuple(
        f"{'.'.join(str(part) for part in fault['loc'])} {advice(fault)}"
        for fault in error.errors(include_url=False, include_input=False)
    )


def advice(fault: ErrorDetails) -> str:
    """Return what is wrong and what to do, without the value."""
    bounds = fault.get("ctx", {}).items()
    context = {key: f"{value:g}" if isinstance(value, float) else value for key, value in bounds}
    known = _ADVICE.get(fault["type"])
    return known.format_map(context) if known else f"is wrong: {fault['msg']}"


def unknown_names(
    names: Iterable[str], known: Collection[str], prefixes: Iterable[str]
) -> tuple[str, ...]:
    """Return a warning for each name that looks like one of ours and is none.

    That is one with a prefix of ours, or one that differs from a known name by a slip.
    """
    ours = tuple(prefixes)
    return tuple(
        f"{name} is not a setting{nearest}"
        for name in names
        if name not in known
        and ((nearest := did_you_mean(name, known)) or (ours and name.startswith(ours)))
    )


def did_you_mean(name: str, known: Iterable[str], cutoff: float = 0.8) -> str:
    """Return "; did you mean ...?" with the nearest of the known names, or ""."""
    near = difflib.get_close_matches(name, tuple(known), n=1, cutoff=cutoff)
    return f"; did you mean '{near[0]}'?" if near else ""
