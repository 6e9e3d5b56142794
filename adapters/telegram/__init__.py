"""Telegram: private chats, groups and forum topics.

Light: importing it loads neither the platform's library nor aiohttp.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from adapters.telegram.settings import TelegramSettings
from bridge.protocol.adapter import AdapterSettings, Descriptor

if TYPE_CHECKING:
    from collections.abc import Sequence

    import click

    from bridge.protocol.adapter import Adapter, Bench, Check
    from bridge.protocol.host import Host
    from bridge.protocol.standin import StandIn

__all__ = ["descriptor"]


def _build(settings: AdapterSettings, host: Host) -> Adapter:
    from adapters.telegram.adapter import TelegramAdapter  # noqa: PLC0415 - only when it is on

    return TelegramAdapter(cast("TelegramSettings", settings), host)


def _standin() -> StandIn:
    from adapters.telegram.standin import TelegramStandIn  # noqa: PLC0415 - only where asked for

    return TelegramStandIn()


def _commands() -> click.Command:
    from adapters.telegram.commands import telegram  # noqa: PLC0415 - only where asked for

    return telegram


async def _checks(settings: AdapterSettings) -> Sequence[Check]:
    from adapters.telegram.checks import check  # noqa: PLC0415 - only where asked for

    return await check(cast("TelegramSettings", settings))


def _bench() -> Bench:
    from adapters.telegram.bench import bench  # noqa: PLC0415 - only where asked for

    return bench()


descriptor = Descriptor(
    name="telegram",
    title="Telegram",
    settings=TelegramSettings,
    build=_build,
    prefixes=("TELEGRAM_",),
    credentials=("TELEGRAM_BOT_TOKEN",),
    standin=_standin,
    commands=_commands,
    checks=_checks,
    bench=_bench,
    readme="adapters/telegram/README.md",
    showcase=True,
)
