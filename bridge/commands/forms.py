"""`threadform forms`."""

from __future__ import annotations

import asyncio
import re
import sys
from typing import TYPE_CHECKING

import click

from bridge.app import upstream_of
from bridge.catalogue import add_entry, load
from bridge.clock import SystemClock
from bridge.columns import columns
from bridge.configured import configured, need_wix
from bridge.doctor import line
from bridge.failures import TROUBLE, Failure, Unset
from bridge.formcheck import check_forms
from bridge.playground import quiet

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence
    from pathlib import Path
    from typing import Any

    from bridge.configured import Configured
    from bridge.upstream.port import FormListing, Upstream

HEADINGS = ("name", "title", "form id", "channels", "default for")
_SLUG_LENGTH = 32
_NO_SLUG = re.compile(r"[^a-z0-9]+")


@click.group()
def command() -> None:
    """List, check and add the forms of the catalogue."""
    quiet()


@command.command("list")
def list_() -> None:
    """List the forms of the catalogue."""
    entries = load(configured().settings.forms_file).entries
    rows = [
        (
            entry.slug,
            entry.title,
            entry.form_id,
            ", ".join(entry.channels) or "all",
            ", ".join(entry.default_for) or "-",
        )
        for entry in entries
    ]
    click.echo(columns(HEADINGS, rows) if rows else "No form yet: `threadform forms add`.")


@command.command()
def check() -> None:
    """Check the catalogue, and that the site knows its forms."""
    setup = configured()
    catalogue = load(setup.settings.forms_file)
    checks = _ask(setup, lambda upstream: check_forms(upstream, catalogue))
    for found in checks:
        click.echo(line(found))
    if not checks:
        raise Unset("There is no form yet: add one with `threadform forms add`.")
    sys.exit(0 if all(found.ok for found in checks) else TROUBLE)


@command.command()
@click.option("--id", "form_id", help="The form's id, instead of being asked.")
@click.option("--slug", help="What the catalogue calls it; made from the title unless given.")
@click.option("--title", help="What people read; the form's name unless given.")
@click.option(
    "--default-for", multiple=True, metavar="CHANNEL", help="Where a first message begins it."
)
def add(form_id: str | None, slug: str | None, title: str | None, default_for: tuple[str]) -> None:
    """Add one of the site's forms to the catalogue, keeping what stands there."""
    setup = configured()
    path = setup.settings.forms_file
    chosen = _chosen(_ask(setup, lambda upstream: upstream.forms()), form_id)
    named = slug or _free(slug_of(chosen.name), path)
    values: dict[str, object] = {"form_id": chosen.id, "title": title or chosen.name or named}
    if default_for:
        values["default_for"] = list(default_for)
    add_entry(path, named, values)
    click.echo(f"Added [forms.{named}] to {path}.")


def _ask(setup: Configured, question: Callable[[Upstream], Awaitable[Any]]) -> Any:
    wix = need_wix(setup.settings)

    async def asked() -> Any:
        upstream = upstream_of(wix, SystemClock())
        try:
            return await question(upstream)
        finally:
            await upstream.aclose()

    return asyncio.run(asked())


def _chosen(listed: Sequence[FormListing], form_id: str | None) -> FormListing:
    """Return the form with this id, or the one that is chosen from the list."""
    if not listed:
        raise Failure("The site has no form: make one in its dashboard first.")
    if form_id is not None:
        found = next((one for one in listed if one.id == form_id), None)
        if found is None:
            raise Failure(f"The site has no form {form_id}: leave --id out for a list.")
        return found
    for number, one in enumerate(listed, 1):
        click.echo(f"{number:>3}. {one.name or one.id}{_remarks(one)}")
    number = click.prompt("Which one", type=click.IntRange(1, len(listed)))
    return listed[number - 1]


def _remarks(one: FormListing) -> str:
    remarks = [
        remark
        for remark, holds in (("takes payment", one.payment), ("not enabled", not one.enabled))
        if holds
    ]
    return f" ({', '.join(remarks)})" if remarks else ""


def slug_of(name: str) -> str:
    """Return a catalogue's name for a form's: "Party cake order" -> "party-cake-order"."""
    return _NO_SLUG.sub("-", name.casefold())[:_SLUG_LENGTH].strip("-") or "form"


def _free(slug: str, path: Path) -> str:
    """Return the name, with a number after it where the catalogue has it already."""
    taken = {entry.slug for entry in load(path).entries} if path.exists() else set[str]()
    numbered = (f"{slug[: _SLUG_LENGTH - 3]}-{number}" for number in range(2, 100))
    return next((name for name in (slug, *numbered) if name not in taken), slug)
