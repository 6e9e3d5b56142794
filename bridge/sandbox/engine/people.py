"""E-mail addresses, web addresses, phone numbers and persons' names in a text."""

from __future__ import annotations

import re

from bridge.sandbox.engine.schema import Field, Kind
from bridge.sandbox.engine.sentence import stems

EMAIL = re.compile(r"[^\s@<>(),;:\x00\"]{1,64}@[^\s@<>(),;:!?\x00\"]{1,255}")
URL = re.compile(r"(?i)\bhttps?://[^\s<>\x00]{1,2000}|\bwww\.[^\s<>\x00]{3,2000}")
PHONE = re.compile(r"(?<![\w.,])(?:\+|\(|\d)[\d\u00a0 ()\-./]{5,28}\d(?![\w])")
_INTRODUCED = re.compile(
    r"\b(?:(?i:my name is|my name's|the name is|name is|name:|i am called)\s+"
    r"(?P<any>[^\W\d_][\w'\u2019-]*(?:\s+[^\W\d_][\w'\u2019-]*){0,3}?)"
    r"(?=\s*(?:[,.;!\n\x00]|$|\s(?:and|from|with|i|my)\b))"
    r"|(?i:i'm|i\u2019m|i am|this is|it's|it is|call me)\s+"
    r"(?P<proper>[A-Z][\w'\u2019-]*(?:\s+[A-Z][\w'\u2019-]*){0,3}))"
)
_SIGNED = re.compile(
    r"\s*(?P<name>[^\W\d_][\w'\u2019-]*(?:[ ]+[^\W\d_][\w'\u2019-]*){0,2})\s*[,;\n]\s*\x00+"
)
_FIRST = frozenset({"first name", "given name", "forename", "firstname"})
_LAST = frozenset({"last name", "surname", "family name", "lastname"})
_FULL = frozenset({"name", "your name", "full name", "contact name", "customer name", "fullname"})
_NOT_NAMES = frozenset(
    stems(
        "i we you the a an want would like need please order for and to hi hello hey "
        "what how can could with is are it my me not no yes thanks deliver delivery "
        "on at in of have this that see look don t do does change add make update "
        "remove also then send take use know think maybe sorry just there here from "
    )
)
_LONGEST_NAME = 5


def part_of_name(field: Field) -> str:
    """Return "first", "last" or "full" for a field that takes a person's name, else ""."""
    if field.kind is not Kind.TEXT:
        return ""
    said = " ".join(stems(field.label))
    if field.identifier.endswith("FIRST_NAME") or said in _FIRST:
        return "first"
    if field.identifier.endswith("LAST_NAME") or said in _LAST:
        return "last"
    return "full" if field.identifier == "FULL_NAME" or said in _FULL else ""


def introduced(text: str) -> tuple[str, int, int] | None:
    """Return the name by which a person introduces themselves, and where the phrase stands."""
    found = _INTRODUCED.search(text)
    if found is None:
        return None
    name = found["any"] or found["proper"]
    return (name, found.start(), found.end()) if like_a_name(name) else None


def signed(text: str) -> str:
    """Return the name of "Ada Lovelace, ada@example.com", the address being used up; else ""."""
    found = _SIGNED.match(text)
    name = found["name"] if found else ""
    proper = all(word[0].isupper() for word in name.split())
    return name if proper and like_a_name(name) else ""


def like_a_name(piece: str) -> bool:
    """Say whether a short piece of text may be a name: few words, none of them a filler."""
    said = stems(piece)
    short = 0 < len(piece.split()) <= _LONGEST_NAME
    return short and not any(each in _NOT_NAMES or each.isdigit() for each in said)


def phones(text: str) -> tuple[tuple[str, int, int], ...]:
    """Return what looks like phone numbers: at least seven digits, and no date."""
    return tuple(
        (each[0].strip(), each.start(), each.end())
        for each in PHONE.finditer(text)
        if sum(map(str.isdigit, each[0])) >= 7  # noqa: PLR2004  fewer lack an area code
        and not re.fullmatch(r"\d{4}-\d\d?-\d\d?.*|\d\d?[./-]\d\d?[./-]\d{2,4}.*", each[0].strip())
    )
