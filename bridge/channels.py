"""Which channels are installed, and which of them are on.

Knows: the entry-point group and descriptors. Must not know: any channel by name.

A channel is on when all its credentials are set; one without credentials is turned on by hand. An
adapter that can't be loaded, or whose settings are wrong, is told of and stops no other.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import entry_points
from typing import TYPE_CHECKING, Protocol

from bridge.environment import SettingsError, given, names_of, unknown_names, validated
from bridge.protocol.adapter import Descriptor
from bridge.settings import PREFIXES, Settings

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bridge.protocol.adapter import AdapterSettings

GROUP = "threadform.adapters"


class Point(Protocol):
    """An entry point, as far as it is used."""

    @property
    def name(self) -> str:
        """The channel's name."""
        ...

    def load(self) -> object:
        """Import what it points at."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """An adapter that can't be loaded; `reason` is a sentence without foreign texts."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Installed:
    """The adapters that are installed, by name."""

    descriptors: tuple[Descriptor, ...] = ()
    broken: tuple[Broken, ...] = ()

    def descriptor(self, name: str) -> Descriptor | None:
        """Return the channel of this name."""
        return next((one for one in self.descriptors if one.name == name), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """A channel that is on, with its settings."""

    descriptor: Descriptor
    settings: AdapterSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What the environment turns on: `missing` holds, by channel, what would turn it on.

    `problems`: sentences about channels that have credentials and still can't be on.
    """

    on: tuple[Chosen, ...] = ()
    missing: Mapping[str, tuple[str, ...]]
    problems: tuple[str, ...] = ()


def installed(points: Iterable[Point] | None = None) -> Installed:
    """Return the installed adapters; `points` are the entry points of the group unless given."""
    descriptors: list[Descriptor] = []
    broken: list[Broken] = []
    for point in sorted(entry_points(group=GROUP) if points is None else points, key=_name):
        match _loaded(point):
            case Descriptor() as descriptor:
                descriptors.append(descriptor)
            case Broken() as reason:
                broken.append(reason)
    return Installed(descriptors=tuple(descriptors), broken=tuple(broken))


def _name(point: Point) -> str:
    return point.name


def _loaded(point: Point) -> Descriptor | Broken:
    try:
        found = point.load()
    except ImportError as error:
        lacking = f"{error.name} is not installed" if error.name else "an import fails"
        return Broken(name=point.name, reason=f"can't be loaded: {lacking}")
    except Exception as error:  # noqa: BLE001 - a foreign adapter may raise anything
        return Broken(name=point.name, reason=f"can't be loaded: {type(error).__name__}")
    if not isinstance(found, Descriptor):
        return Broken(name=point.name, reason="its entry point names no Descriptor")
    if found.name != point.name:
        return Broken(name=point.name, reason=f"its descriptor calls itself '{found.name}'")
    return found


def choose(
    descriptors: Iterable[Descriptor], environ: Mapping[str, str], by_hand: Iterable[str] = ()
) -> Choice:
    """Return which channels are on; those `by_hand` need no credentials."""
    wanted = frozenset(by_hand)
    on: list[Chosen] = []
    missing: dict[str, tuple[str, ...]] = {}
    problems: list[str] = []
    for descriptor in descriptors:
        lacking = _lacking(descriptor, environ)
        if lacking and len(lacking) < len(descriptor.credentials):
            problems.append(_half(descriptor, lacking))
        if lacking:
            missing[descriptor.name] = lacking
        elif descriptor.credentials or descriptor.name in wanted:
            try:
                on.append(chosen(descriptor, environ))
            except SettingsError as error:
                problems += [
                    f"{problem}; {descriptor.name} stays off" for problem in error.problems
                ]
    return Choice(on=tuple(on), missing=missing, problems=tuple(problems))


def chosen(descriptor: Descriptor, environ: Mapping[str, str]) -> Chosen:
    """Return the channel with its settings. Raises `SettingsError`."""
    return Chosen(descriptor=descriptor, settings=validated(descriptor.settings, environ))


def _lacking(descriptor: Descriptor, environ: Mapping[str, str]) -> tuple[str, ...]:
    here = given(environ, descriptor.credentials)
    return tuple(name for name in descriptor.credentials if name not in here)


def _half(descriptor: Descriptor, lacking: tuple[str, ...]) -> str:
    return f"{' and '.join(lacking)} missing: {descriptor.name} stays off without"


def strange_names(names: Iterable[str], descriptors: Iterable[Descriptor]) -> tuple[str, ...]:
    """Return a warning for each of these names that looks like a setting and is none."""
    known = set(names_of(Settings))
    prefixes = set(PREFIXES)
    for descriptor in descriptors:
        known |= {*names_of(descriptor.settings), *descriptor.credentials}
        prefixes |= set(descriptor.prefixes)
    return unknown_names(names, known, sorted(prefixes))
