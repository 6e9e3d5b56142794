"""Is the database's schema ours? If it is behind, Alembic moves it; only then is it imported."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text

from bridge.store.errors import StoreUnfit
from bridge.store.tables import metadata

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncEngine

HEAD = "0001"
"""The newest migration; a test compares it with the folder."""

_MIGRATIONS = Path(__file__).parent / "migrations"


async def bring_up(engine: AsyncEngine) -> str:
    """Create or migrate the schema; return what it was before ("" for an empty database).

    Raises StoreUnfit where the database is newer than we are, or not ours.
    """
    async with engine.connect() as connection:
        before = await connection.run_sync(present)
    if before == HEAD:
        return before
    if before and before > HEAD:
        raise StoreUnfit(
            f"the database was written by a newer threadform (schema {before}, ours {HEAD});"
            " upgrade, or restore a backup"
        )
    async with engine.connect() as connection:
        await connection.run_sync(_create if not before else _migrate)
    return before


def present(connection: Connection) -> str:
    """Return the schema's version, "" for an empty database."""
    names = set(inspect(connection).get_table_names())
    if not names:
        return ""
    if "alembic_version" not in names:
        raise StoreUnfit("the database holds tables that are not ours; choose another one")
    return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar() or "")


def _create(connection: Connection) -> None:
    """Make the newest schema at once; a test compares it with what the migrations make."""
    connection.exec_driver_sql("BEGIN IMMEDIATE")
    metadata.create_all(connection)
    connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)"))
    connection.execute(
        text("INSERT INTO alembic_version (version_num) VALUES (:head)"), {"head": HEAD}
    )
    connection.exec_driver_sql("COMMIT")


def _migrate(connection: Connection) -> None:
    from alembic import command  # noqa: PLC0415 - costs 0.4 s, needed only when behind
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.attributes["connection"] = connection
    connection.exec_driver_sql("BEGIN IMMEDIATE")
    command.upgrade(config, "head")
    connection.exec_driver_sql("COMMIT")
