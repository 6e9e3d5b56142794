"""What an adapter raises, and what the caller then does.

```
AdapterError
├── Refused      the request is not from the platform: answer its status, store nothing
├── Malformed    it is, but can't be read: log the kind, answer as the platform wants, go on
└── Misconfigured  a setting is wrong: say which and what to do; the channel does not start

NotKept          raised to an adapter by `Host.accept`: nothing was kept; let the platform send
                 it again (503), or tell the person to
```
Messages say what to do and hold neither secrets nor personal data.
"""

from __future__ import annotations


class NotKept(Exception):
    """The core could not keep the events."""


class AdapterError(Exception):
    """Something that the adapter knows the reason of."""


class Refused(AdapterError):
    """A request whose signature, secret, age or size is wrong."""

    def __init__(self, reason: str, status: int = 403) -> None:
        super().__init__(reason)
        self.status = status


class Malformed(AdapterError):
    """A payload that the platform sent and that can't be read."""


class Misconfigured(AdapterError):
    """A setting that can't work; `variable` names it."""

    def __init__(self, variable: str, advice: str) -> None:
        super().__init__(f"{variable}: {advice}")
        self.variable = variable
