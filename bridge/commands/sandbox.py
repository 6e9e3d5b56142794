"""`threadform sandbox`."""

from __future__ import annotations

from pathlib import Path

import click

from bridge.failures import Unset
from bridge.sandbox.config import FaultScope, SandboxConfig, StreamFormat, describe
from bridge.sandbox.server import serve
from bridge.stopping import until_stopped

_SHARE = click.FloatRange(0, 1)
_FORMATS = [known.value for known in StreamFormat]
_SCOPES = [known.value for known in FaultScope]


@click.command()
@click.option("--port", type=click.IntRange(0, 65535), default=8010, show_default=True)
@click.option("--latency", type=click.FloatRange(0), help="Seconds that each answer takes.")
@click.option("--share-429", type=_SHARE, help="Share of requests answered 429.")
@click.option("--share-5xx", type=_SHARE, help="Share of requests answered 500, 503 or 504.")
@click.option("--drop-before", type=_SHARE, help="Share of requests dropped before the work.")
@click.option("--drop-after", type=_SHARE, help="Share of requests dropped after the work.")
@click.option("--lose-submission", type=_SHARE, help="Share of submissions whose answer is lost.")
@click.option("--faults-on", type=click.Choice(_SCOPES), help="Which requests faults may hit.")
@click.option("--retry-after/--no-retry-after", default=None, help="Whether 429 says when.")
@click.option("--session-ttl", type=click.FloatRange(0, min_open=True), help="Seconds.")
@click.option("--stream-format", type=click.Choice(_FORMATS), help="Of the streamed endpoints.")
@click.option(
    "--end-of-response/--no-end-of-response", default=None, help="In answers not streamed too."
)
@click.option(
    "--dry-run-submission/--no-dry-run-submission", default=None, help="Whether a dry run ends so."
)
@click.option("--v1-checkout-gone", is_flag=True, default=None, help="As after its removal.")
@click.option(
    "--site-published/--site-unpublished", default=None, help="Unpublished: checkouts answer 428."
)
@click.option(
    "--forms-folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help='More forms: one {"form": ...} per *.json file.',
)
@click.option("--seed", type=int, help="Of the faults' chance.")
def command(**flags: str | float | bool | Path | None) -> None:
    """Serve the stand-in for the Wix API."""
    config = _config({name: value for name, value in flags.items() if value is not None})
    until_stopped(serve(config, lambda running: click.echo(describe(running))))


def _config(flags: dict[str, object]) -> SandboxConfig:
    """Return the configuration; what is not given keeps its default."""
    if "stream_format" in flags:
        flags["stream_format"] = StreamFormat(flags["stream_format"])
    if "faults_on" in flags:
        flags["faults_on"] = FaultScope(flags["faults_on"])
    try:
        return SandboxConfig(**flags)  # type: ignore[arg-type] # click has checked each
    except ValueError as error:
        raise Unset(str(error)) from None
