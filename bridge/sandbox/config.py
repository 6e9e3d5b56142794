"""How one sandbox behaves: all that the command line may say about it, and who may call it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

API_KEY = "sandbox-key"
SITE_ID = "sandbox-site"
APP_ID = "sandbox-app"
APP_SECRET = "sandbox-secret"  # noqa: S105 - well known, it opens nothing but a sandbox
INSTANCE_ID = "sandbox-instance"


class StreamFormat(Enum):
    """How the streamed endpoints write; the real wire format is not documented."""

    SSE = "sse"
    NDJSON = "ndjson"
    ARRAY = "array"
    SINGLE = "single"


class FaultScope(Enum):
    """Which requests faults may hit; checkout pages and test control never."""

    SENDS = "sends"
    SESSIONS = "sessions"
    ALL = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class SandboxConfig:
    """One sandbox.

    * `port`: 0 takes a free one. `latency`: seconds that every create and send takes.
    * `share_429`, `share_5xx` (500 and 503 before the work, 504 after it), `drop_before`,
      `drop_after` (the connection closes without an answer, or amid a stream, before or after the
      work): shares from 0 to 1, together at most 1, of the requests in `faults_on`.
    * `lose_submission`: share of the requests which submitted a form whose answer is dropped.
    * `retry_after`: whether 429 and 503 say when to come back (whether the real one does is
      unknown).
    * `session_ttl`: seconds after its last use that a session is forgotten (really: unknown).
    * `end_of_response`: whether answers that are not streamed end with END_OF_RESPONSE too.
    * `dry_run_submission`: whether a dry run ends with a SUBMISSION chunk, of nothing.
    * `v1_checkout_gone`: Get Checkout URL v1 is as if it had been removed.
    * `site_published`: without, Cart V2's Get Checkout URL answers 428.
    * `forms_folder`: more forms, one `{"form": ...}` per *.json file.
    * `seed`: of the faults' chance; None is different every time.
    """

    port: int = 0
    latency: float = 0.0
    share_429: float = 0.0
    share_5xx: float = 0.0
    drop_before: float = 0.0
    drop_after: float = 0.0
    lose_submission: float = 0.0
    faults_on: FaultScope = FaultScope.SENDS
    retry_after: bool = True
    session_ttl: float = 24 * 3600.0
    stream_format: StreamFormat = StreamFormat.SSE
    end_of_response: bool = True
    dry_run_submission: bool = False
    v1_checkout_gone: bool = False
    site_published: bool = True
    forms_folder: Path | None = None
    seed: int | None = None

    def __post_init__(self) -> None:
        """Refuse what can't be."""
        shares = (self.share_429, self.share_5xx, self.drop_before, self.drop_after)
        if any(not 0 <= share <= 1 for share in (*shares, self.lose_submission)):
            raise ValueError("Give every share of faults as a number from 0 to 1.")
        if sum(shares) > 1 + 1e-9:  # a rounding error is no mistake
            raise ValueError("Lower the shares of faults: together they are more than 1.")
        if self.latency < 0 or self.session_ttl <= 0:
            raise ValueError("Give a latency from 0 up and a session lifetime over 0 seconds.")

    @property
    def base_url(self) -> str:
        """Return where it listens."""
        return f"http://127.0.0.1:{self.port}"


def describe(config: SandboxConfig) -> str:
    """Return what to tell the person who starts it: where it is, and how to reach it."""
    lines = (
        f"Sandbox on {config.base_url} (loopback only; nothing is kept)",
        f"  WIX_BASE_URL={config.base_url}",
        f"  WIX_API_KEY={API_KEY} WIX_SITE_ID={SITE_ID}",
        f"  or WIX_APP_ID={APP_ID} WIX_APP_SECRET={APP_SECRET} WIX_INSTANCE_ID={INSTANCE_ID}",
        f"  streams: {config.stream_format.value}; sessions live {config.session_ttl:g} s",
        f"  faults: {_faults(config) or 'none'}",
    )
    return "\n".join(lines)


def _faults(config: SandboxConfig) -> str:
    named = {
        "429": config.share_429,
        "5xx": config.share_5xx,
        "dropped before": config.drop_before,
        "dropped after": config.drop_after,
        "submissions lost": config.lose_submission,
    }
    said = [f"{name} {share:.0%}" for name, share in named.items() if share]
    return ", ".join(said) + f" of {config.faults_on.value}" if said else ""
