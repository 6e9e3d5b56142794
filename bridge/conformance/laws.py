"""All laws in one class, to be subclassed in the adapter's own tests.

A subclass gives a fixture `harness`. This is the one place where behaviour is inherited: pytest
collects by class.
"""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

from bridge.conformance.delivering import DeliveringLaws
from bridge.conformance.incoming import IncomingLaws
from bridge.conformance.outgoing import OutgoingLaws

if TYPE_CHECKING:
    from bridge.conformance.harness import Harness

__all__ = ["AdapterLaws"]

_PROBE = """
import importlib, json, sys
importlib.import_module(sys.argv[1])
print(json.dumps([name for name in sys.argv[2:] if name in sys.modules]))
"""


class AdapterLaws(IncomingLaws, OutgoingLaws, DeliveringLaws):
    """Every law of this version of the contract."""

    def test_descriptor_is_light(self, harness: Harness) -> None:
        """Importing the descriptor loads none of the platform's library."""
        command = [sys.executable, "-c", _PROBE, harness.module, *harness.heavy]
        probe = subprocess.run(command, capture_output=True, check=True, text=True)  # noqa: S603 - our own probe
        assert json.loads(probe.stdout) == []

    def test_descriptor_names_its_settings(self, harness: Harness) -> None:
        """Every setting has a name in the environment that begins with one of the prefixes."""
        descriptor = harness.descriptor
        fields = descriptor.settings.model_fields
        names = {field.alias or name for name, field in fields.items()}
        assert not [name for name in names if not name.startswith(descriptor.prefixes)]
        assert set(descriptor.credentials) <= names

    def test_descriptor_names_its_channel(self, harness: Harness) -> None:
        """The descriptor and the capabilities name the same channel, in lower case."""
        name = harness.descriptor.name
        assert harness.adapter.capabilities.channel == name
        assert name == name.lower()
        assert name.isidentifier()

    def test_secrets_are_hidden(self, harness: Harness) -> None:
        """No secret is in what the adapter and its settings say of themselves (law 13)."""
        said = repr(harness.adapter) + repr(vars(harness.adapter))
        assert not [secret for secret in harness.secrets if secret in said]
