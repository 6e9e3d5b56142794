"""`threadform conversations`."""

from __future__ import annotations

import asyncio
from http import HTTPStatus
from typing import TYPE_CHECKING

import click

from bridge.clock import SystemClock
from bridge.columns import columns
from bridge.commands_api import PATH, forgotten, nobody
from bridge.configured import configured
from bridge.failures import Failure
from bridge.looking import HEADINGS, listed, told
from bridge.store.database import Database
from bridge.store.lock import held

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path
    from typing import Any

    from bridge.settings import Settings

_SECONDS = 30.0


@click.group()
def command() -> None:
    """List, show and forget conversations."""


@command.command("list")
@click.option("--all", "everything", is_flag=True, help="Those that are over, too.")
def list_(everything: bool) -> None:  # noqa: FBT001 - an option
    """List the conversations that go on, the latest change first."""
    rows = _read(lambda database: listed(database, everything=everything))
    if rows:
        click.echo(columns(HEADINGS, [row.texts for row in rows]))
    else:
        click.echo("No conversations." if everything else "No conversation goes on (see --all).")


@command.command()
@click.argument("conversation")
def show(conversation: str) -> None:
    """Show one conversation with its answers, turns and messages."""
    lines = _read(lambda database: told(database, conversation))
    if not lines:
        raise Failure(f"There is no conversation {conversation}: see `conversations list --all`.")
    click.echo("\n".join(lines))


@command.command()
@click.argument("person")
def forget(person: str) -> None:
    """Erase everything about one PERSON, as `conversations list` names them."""
    settings = configured().settings
    count = asyncio.run(_forget(settings, person))
    click.echo(f"Erased what there was on {count} thread{'' if count == 1 else 's'}.")


def _read(ask: Callable[[Database], Awaitable[Any]]) -> Any:
    """Ask the database, also while another process writes."""

    async def asked(path: Path) -> Any:
        database = Database.read_only(path)
        try:
            return await ask(database)
        finally:
            await database.close()

    return asyncio.run(asked(configured().settings.database))


async def _forget(settings: Settings, person: str) -> int:
    """Erase by the process that holds the database, or by this one where none does."""
    if held(settings.database):
        return await _asked(settings, person)
    Database.read_only(settings.database)  # raises where there is none: it must not be made now
    database = await Database.open(settings.database, SystemClock(), wait=1.0)
    try:
        return await forgotten(database, person, nobody)
    finally:
        await database.close()


async def _asked(settings: Settings, person: str) -> int:
    import aiohttp  # noqa: PLC0415 - only where a process runs

    token = settings.api_token
    headers = {"authorization": f"Bearer {token.get_secret_value()}"} if token else {}
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(settings.host, settings.host)  # noqa: S104
    url = f"http://{host}:{settings.port}{PATH}"
    body = {"command": "forget", "person": person}
    timeout = aiohttp.ClientTimeout(total=_SECONDS)
    try:
        async with aiohttp.ClientSession(timeout=timeout) as session:
            answer = await session.post(url, json=body, headers=headers)
            async with answer:
                if answer.status != HTTPStatus.OK:
                    raise Failure(_refused(answer.status))
                return int((await answer.json())["threads"])
    except (aiohttp.ClientError, TimeoutError):
        unreachable = (
            "A running threadform holds the database, but does not answer on"
            f" {settings.host}:{settings.port}: run this with the same HOST and PORT, or stop it."
        )
        raise Failure(unreachable) from None


def _refused(status: int) -> str:
    if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        return "The running threadform refused: run this with the same API_TOKEN."
    return f"The running threadform answered {status}: see its log."
