"""The upstream as the core sees it: one Protocol, plain values, the errors of `errors`.

`UpstreamClient` speaks it over HTTP, `ScriptedUpstream` in-process.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from bridge.protocol.threads import Json, JsonObject
    from bridge.upstream.chunks import Answer
    from bridge.upstream.schema import FormSchema


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientTime:
    """The person's time: `at` in seconds since the epoch, `zone` an IANA name or ""."""

    at: float
    zone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FormListing:
    """One form of the site; `payment` None where the listing doesn't tell."""

    id: str
    name: str
    enabled: bool = True
    payment: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """One submission.

    `status`: PENDING, CONFIRMED, PAYMENT_WAITING, PAYMENT_CANCELED or "". `created_at` in seconds
    since the epoch, 0.0 where unreadable. `order` and `checkout` are ids, "" where there is none.
    """

    id: str
    form_id: str
    status: str
    created_at: float
    values: JsonObject = field(default_factory=dict[str, "Json"], repr=False)
    order_id: str = ""
    checkout: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One order; `status`: APPROVED, CANCELED ...; `payment_status`: PAID, NOT_PAID ..."""

    id: str
    checkout: str
    status: str
    payment_status: str


class Upstream(Protocol):
    """What the core asks of the upstream. Every member raises `UpstreamError`.

    Nothing is tried again in here but a request whose credentials had run out: the core decides.
    """

    async def create(
        self,
        form_id: str,
        *,
        values: JsonObject | None,
        dry_run: bool,
        client_time: ClientTime | None,
    ) -> Answer:
        """Begin a session; may be repeated, since it carries no input."""
        ...

    async def send(self, session: str, *, text: str | None, values: JsonObject | None) -> Answer:
        """Send one turn; must never be repeated after `AnswerLost`."""
        ...

    async def checkout_url(self, checkout: str) -> str:
        """Return where to pay; not checked: the caller decides which addresses it shows."""
        ...

    async def form(self, form_id: str) -> FormSchema:
        """Return a form's schema."""
        ...

    async def raw_form(self, form_id: str) -> JsonObject:
        """Return a form as the upstream wrote it."""
        ...

    async def forms(self) -> tuple[FormListing, ...]:
        """Return the forms of the site."""
        ...

    async def submission(self, submission_id: str) -> Submission:
        """Return one submission."""
        ...

    async def submissions(self, form_id: str, since: float) -> tuple[Submission, ...]:
        """Return all submissions of the form that were made at or after `since`, oldest first."""
        ...

    async def orders(self, checkout: str) -> tuple[Order, ...]:
        """Return the orders that came of a checkout."""
        ...

    async def order(self, order_id: str) -> Order:
        """Return one order."""
        ...

    async def check(self) -> None:
        """Return when the credentials work."""
        ...

    async def aclose(self) -> None:
        """Let go of all connections."""
        ...
