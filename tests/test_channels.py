"""Which channels are installed, and which are on."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from pydantic import BaseModel, Field, SecretStr

from bridge.channels import GROUP, Broken, choose, chosen, installed, strange_names
from bridge.environment import SettingsError
from bridge.protocol.adapter import Descriptor


class FaxSettings(BaseModel):
    """Of a channel that nobody has."""

    number: str = Field(alias="FAX_NUMBER")
    pin: SecretStr = Field(alias="FAX_PIN")
    speed: int = Field(default=9600, alias="FAX_SPEED")


def no_adapter(settings, host):
    """Stand where an adapter is built."""
    raise NotImplementedError


FAX = Descriptor(
    name="fax",
    title="Fax",
    settings=FaxSettings,
    build=no_adapter,
    prefixes=("FAX_",),
    credentials=("FAX_NUMBER", "FAX_PIN"),
)


class NoSettings(BaseModel):
    """Of a channel that needs none."""


DOOR = Descriptor(name="door", title="Door", settings=NoSettings, build=no_adapter)


@dataclass(frozen=True)
class Entry:
    """An entry point that loads what it holds, or raises it."""

    name: str
    held: object

    def load(self) -> object:
        """Return what it points at."""
        if isinstance(self.held, BaseException):
            raise self.held
        return self.held


def test_the_console_is_found_by_its_entry_point():
    """The built-in channels are found the same way as those of others."""
    descriptor = installed().descriptor("console")
    assert GROUP == "threadform.adapters"
    assert descriptor is not None
    assert descriptor.credentials == ()


def test_what_can_be_loaded_is_there_by_name():
    """Adapters come in the order of their names."""
    found = installed([Entry("fax", FAX), Entry("door", DOOR)])
    assert (DOOR, FAX) == found.descriptors
    assert found.descriptor("fax") is FAX
    assert found.descriptor("pigeon") is None
    assert found.broken == ()


@pytest.mark.parametrize(
    ("held", "reason"),
    [
        (ImportError("no secret!", name="faxlib"), "can't be loaded: faxlib is not installed"),
        (ImportError("no secret!"), "can't be loaded: an import fails"),
        (RuntimeError("no secret!"), "can't be loaded: RuntimeError"),
        ("not a descriptor", "its entry point names no Descriptor"),
        (DOOR, "its descriptor calls itself 'door'"),
    ],
)
def test_a_broken_adapter_stops_no_other(held, reason):
    """It is told of without foreign texts, and the others are there."""
    found = installed([Entry("broken", held), Entry("fax", FAX)])
    assert (FAX,) == found.descriptors
    assert (Broken(name="broken", reason=reason),) == found.broken


def test_a_channel_is_on_when_all_its_credentials_are_set():
    """Its settings are read from the same environment."""
    choice = choose([FAX, DOOR], {"FAX_NUMBER": "123", "FAX_PIN": "4711", "FAX_SPEED": "300"})
    [on] = choice.on
    assert isinstance(on.settings, FaxSettings)
    assert FAX is on.descriptor
    assert (300, "4711") == (on.settings.speed, on.settings.pin.get_secret_value())
    assert {} == choice.missing
    assert choice.problems == ()


def test_a_channel_without_credentials_is_turned_on_by_hand():
    """Unless it is named, it stays off."""
    assert choose([DOOR], {}).on == ()
    assert [one.descriptor for one in choose([DOOR], {}, ["door"]).on] == [DOOR]


def test_what_is_missing_is_named():
    """None of the credentials is simply off; some of them is a problem to be told."""
    assert choose([FAX], {}).missing == {"fax": ("FAX_NUMBER", "FAX_PIN")}
    assert choose([FAX], {}).problems == ()
    half = choose([FAX], {"FAX_NUMBER": "123", "FAX_PIN": " "})
    assert half.missing == {"fax": ("FAX_PIN",)}
    assert half.problems == ("FAX_PIN missing: fax stays off without",)
    assert half.on == ()


def test_wrong_settings_turn_off_their_own_channel_alone():
    """The problem names the variable and the channel, never the value."""
    environ = {"FAX_NUMBER": "1", "FAX_PIN": "2", "FAX_SPEED": "fast"}
    choice = choose([DOOR, FAX], environ, ["door"])
    assert [one.descriptor for one in choice.on] == [DOOR]
    assert choice.problems == ("FAX_SPEED must be a whole number; fax stays off",)
    with pytest.raises(SettingsError):
        chosen(FAX, environ)


def test_names_that_look_like_settings_are_warned_of():
    """A name with a channel's prefix, or near to a known one; others are nobody's business."""
    names = ["FAX_PIN", "FAX_PINN", "FAX_COLOUR", "WIX_API_KEE", "PATH", "PORT"]
    warnings = strange_names(names, [FAX])
    assert [warning.split()[0] for warning in warnings] == ["FAX_PINN", "FAX_COLOUR", "WIX_API_KEE"]
    assert warnings[0].endswith("did you mean 'FAX_PIN'?")
