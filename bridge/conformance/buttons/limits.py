"""The platform's numbers: ours, since it is made up, and small, so that tests meet them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bridge.protocol.capabilities import Bucket, Capabilities, Level, Scope
from bridge.protocol.events import CommandName

if TYPE_CHECKING:
    from bridge.conformance.buttons.settings import ButtonsSettings

TEXT_LIMIT = 4096
"""Code points of one message."""

LABEL_LIMIT = 64
"""Code points of a button's label."""

TAP_BYTES = 40
"""Bytes of a tap's id."""

BUTTON_LIMIT = 100
"""Buttons of one message."""

TOAST_LIMIT = 200
"""Code points of the answer to a tap."""

OPTIONS_PER_PAGE = 10
NATIVE_OPTIONS = 60
"""How many options a widget takes; beyond that comes a numbered list."""

SPELLINGS = {name: f"/{name.value.lower()}" for name in CommandName}


def capabilities(settings: ButtonsSettings) -> Capabilities:
    """Return what the channel can show; its rates are settings."""
    return Capabilities(
        channel="buttons",
        single_select=Level.NATIVE,
        multi_select=Level.NATIVE,
        number=Level.NATIVE,
        link_button=Level.NATIVE,
        bold=Level.NATIVE,
        edits=Level.NATIVE,
        toasts=Level.NATIVE,
        native_options=NATIVE_OPTIONS,
        lists_in_widgets=True,
        page_size=OPTIONS_PER_PAGE,
        text_limit=TEXT_LIMIT,
        commands=SPELLINGS,
        buckets={
            "all": Bucket(rate=settings.rate, burst=max(1.0, settings.rate)),
            "chat": Bucket(rate=settings.chat_rate, burst=settings.chat_burst, scope=Scope.THREAD),
            "group": Bucket(rate=settings.group_rate, burst=20.0, scope=Scope.PLACE),
        },
    )
