"""Names of places and people, and the ids that we make.

Knows: that a key is opaque. Must not know: how any adapter spells one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NewType, TypeAlias

ThreadKey = NewType("ThreadKey", str)
"""The place on a channel to which we reply; only its adapter makes it and takes it apart.

It begins with the channel's name and a colon: `telegram:<bot>:<chat>[:<topic>]`.
"""

PersonKey = NewType("PersonKey", str)
"""Who acts on a channel; made by the adapter, begins with the channel's name and a colon."""

PromptId = NewType("PromptId", str)
"""Of one prompt: at most 20 characters of [0-9a-z], so that it fits a platform's tap data."""

Json: TypeAlias = bool | int | float | str | Sequence["Json"] | Mapping[str, "Json"] | None
"""Any JSON value, read only."""

JsonObject: TypeAlias = Mapping[str, Json]
"""A JSON object, read only."""
