"""The upstream over HTTP: every endpoint that the core uses, one method each.

Sources: paths, bodies and statuses from the types of the official JavaScript packages and the
documentation. Only one 401 is tried again (in `transport`), and two ways fall back to an older or
newer endpoint where the first is not there (which means: not processed): the streamed calls to
those that are not, the checkout's v1 to Cart V2.
"""

from __future__ import annotations

from contextlib import aclosing
from http import HTTPStatus
from typing import TYPE_CHECKING, Final, Literal, TypeAlias, TypeVar

from bridge.upstream.errors import AnswerLost, UpstreamError
from bridge.upstream.gather import Gathering, read_answer
from bridge.upstream.members import flag, nested, objects, text
from bridge.upstream.records import (
    read_listing,
    read_order,
    read_submission,
    write_client_time,
    write_time,
)
from bridge.upstream.schema import read_form
from bridge.upstream.stream import messages
from bridge.upstream.transport import STREAM, Call, Timeouts, Transport, body_of, segment

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    import httpx

    from bridge.protocol.host import Clock
    from bridge.protocol.threads import Json, JsonObject
    from bridge.upstream.auth import Credentials
    from bridge.upstream.chunks import Answer
    from bridge.upstream.port import ClientTime, FormListing, Order, Submission
    from bridge.upstream.schema import FormSchema

BASE_URL = "https://www.wixapis.com"
SESSIONS = "/forms/ai/v1/interactive-form-sessions"
FORMS = "/form-schema-service/v4/forms"
SUBMISSIONS = "/form-submission-service/v4/submissions"
ORDERS = "/ecom/v1/orders"
NAMESPACE: Final = "wix.form_app.form"
"""Of Wix Forms; the filter by namespace is mandatory."""

PAGE = 100
"""Items of one page; the most that Query Forms gives."""
PAGES = 50
"""Pages that are read at most; more is an answer that can't be trusted to be whole."""

Checkout: TypeAlias = Literal["auto", "v1", "v2"]
"""Get Checkout URL by which API. v1 is to be removed on 2027-02-01; auto: v2 where v1 is gone."""

_NO_V1 = {HTTPStatus.NOT_FOUND, HTTPStatus.GONE, HTTPStatus.NOT_IMPLEMENTED}
_NO_STREAM = {
    HTTPStatus.NOT_FOUND,
    HTTPStatus.METHOD_NOT_ALLOWED,
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    HTTPStatus.NOT_IMPLEMENTED,
}

_R = TypeVar("_R")


class UpstreamClient:
    """Speaks `port.Upstream` with the service at `base_url`."""

    def __init__(
        self,
        credentials: Credentials,
        *,
        clock: Clock,
        base_url: str = BASE_URL,
        checkout: Checkout = "auto",
        streaming: bool = False,
        timeouts: Timeouts | None = None,
        connections: int = 1000,
    ) -> None:
        self._transport = Transport(
            base_url,
            credentials,
            clock=clock,
            timeouts=timeouts or Timeouts(),
            connections=connections,
        )
        self._checkout: Checkout = checkout
        self._streaming = streaming

    async def create(
        self,
        form_id: str,
        *,
        values: JsonObject | None,
        dry_run: bool,
        client_time: ClientTime | None,
    ) -> Answer:
        """Create Interactive Form Session, or its streamed form."""
        body: dict[str, Json] = {"formId": form_id, "dryRun": dry_run}
        if values:
            body["currentValues"] = values
        if client_time is not None:
            body["clientTime"] = write_client_time(client_time)
        plain = Call(name="create", method="POST", path=SESSIONS, body=body)
        return await self._talk(plain, SESSIONS + "/create-streamed")

    async def send(self, session: str, *, text: str | None, values: JsonObject | None) -> Answer:
        """Send User Message, or its streamed form."""
        body: dict[str, Json] = {}
        if text is not None:
            body["input"] = text
        if values is not None:
            body["currentValues"] = values
        path = f"{SESSIONS}/{segment(session)}/send-user-message"
        plain = Call(name="send", method="POST", path=path, body=body, session=session)
        return await self._talk(plain, path + "-streamed")

    async def checkout_url(self, checkout: str) -> str:
        """Get Checkout URL; in Cart V2 a cart's id is its checkout's."""
        if self._checkout == "v2":
            return await self._checkout_v2(checkout)
        try:
            return await self._checkout_v1(checkout)
        except UpstreamError as error:
            if self._checkout != "auto" or error.status not in _NO_V1:
                raise
        found = await self._checkout_v2(checkout)
        self._checkout = "v2"
        return found

    async def form(self, form_id: str) -> FormSchema:
        """Get Form, read."""
        return read_form(await self.raw_form(form_id))

    async def raw_form(self, form_id: str) -> JsonObject:
        """Get Form."""
        answer = await self._get("form", f"{FORMS}/{segment(form_id)}")
        return _member(answer, "form")

    async def forms(self) -> tuple[FormListing, ...]:
        """Query Forms, all pages."""
        pages = self._pages("forms", FORMS + "/query", {"namespace": {"$eq": NAMESPACE}})
        return await _all(pages, "forms", read_listing)

    async def submission(self, submission_id: str) -> Submission:
        """Get Submission."""
        answer = await self._get("submission", f"{SUBMISSIONS}/{segment(submission_id)}")
        return _known(read_submission(_member(answer, "submission")))

    async def submissions(self, form_id: str, since: float) -> tuple[Submission, ...]:
        """Query Submissions by Namespace, all pages; by time here, since no sorting is promised."""
        filters: JsonObject = {
            "namespace": {"$eq": NAMESPACE},
            "formId": {"$eq": form_id},
            "createdDate": {"$gte": write_time(since)},
        }
        pages = self._pages("submissions", SUBMISSIONS + "/namespace/query", filters)
        found = await _all(pages, "submissions", read_submission)
        return tuple(sorted(found, key=lambda one: one.created_at))

    async def orders(self, checkout: str) -> tuple[Order, ...]:
        """Search Orders by checkout."""
        search: JsonObject = {"search": {"filter": {"checkoutId": {"$eq": checkout}}}}
        answer = await self._ask("orders", ORDERS + "/search", search)
        return tuple(_known(read_order(raw)) for raw in objects(answer, "orders"))

    async def order(self, order_id: str) -> Order:
        """Get Order."""
        answer = await self._get("order", f"{ORDERS}/{segment(order_id)}")
        return _known(read_order(_member(answer, "order")))

    async def check(self) -> None:
        """Query one form: the cheapest call that needs credentials."""
        filters: JsonObject = {"namespace": {"$eq": NAMESPACE}}
        await self._ask("check", FORMS + "/query", _query(filters, limit=1, cursor=""))

    async def aclose(self) -> None:
        """Close all connections."""
        await self._transport.aclose()

    async def _talk(self, plain: Call, streamed_path: str) -> Answer:
        """Make a session's call: streamed where that is wanted and has not shown to be missing."""
        if self._streaming:
            answer = await self._streamed(plain, streamed_path)
            if answer is not None:
                return answer
        answer = read_answer(await self._transport.document(plain), session=plain.session)
        self._streaming = False
        return answer

    async def _streamed(self, plain: Call, path: str) -> Answer | None:
        """Return the streamed answer; None where asking for it was certainly in vain.

        That is: no such endpoint, or, for a create, nothing that belongs to an answer.
        """
        gathering = Gathering(session=plain.session)

        async def read(response: httpx.Response) -> None:
            kind = response.headers.get("content-type", "").lower()
            async with aclosing(messages(body_of(response), kind)) as items:
                async for item in items:
                    gathering.add(item)
                    if gathering.ended:
                        return

        try:
            await self._transport.stream(_as_streamed(plain, path), read)
        except UpstreamError as error:
            if error.status not in _NO_STREAM:
                raise
            return None
        if plain.session is None and gathering.unreadable:
            return None
        return gathering.answer()

    async def _checkout_v1(self, checkout: str) -> str:
        path = f"/ecom/v1/checkouts/{segment(checkout)}/checkout-url"
        return _address(await self._get("checkout", path))

    async def _checkout_v2(self, checkout: str) -> str:
        path = f"/ecom/v2/carts/{segment(checkout)}/get-checkout-url"
        return _address(await self._ask("checkout", path, {}))

    async def _get(self, name: str, path: str) -> JsonObject:
        return await self._transport.document(Call(name=name, method="GET", path=path))

    async def _ask(self, name: str, path: str, body: JsonObject) -> JsonObject:
        call = Call(name=name, method="POST", path=path, body=body)
        return await self._transport.document(call)

    async def _pages(self, name: str, path: str, filters: JsonObject) -> AsyncIterator[JsonObject]:
        """Yield every page of a query by cursor."""
        cursor = ""
        for _ in range(PAGES):
            page = await self._ask(name, path, _query(filters, limit=PAGE, cursor=cursor))
            yield page
            cursor, before = _next_cursor(page), cursor
            if not cursor or cursor == before:
                return
        raise AnswerLost(f"The upstream has more than {PAGES * PAGE} {name}: not all were read")


def _as_streamed(plain: Call, path: str) -> Call:
    return Call(
        name=plain.name + "-streamed",
        method=plain.method,
        path=path,
        body=plain.body,
        session=plain.session,
        accept=STREAM,
    )


def _query(filters: JsonObject, *, limit: int, cursor: str) -> JsonObject:
    paging: dict[str, Json] = {"limit": limit}
    if cursor:
        paging["cursor"] = cursor
    return {"query": {"filter": filters, "cursorPaging": paging}}


def _next_cursor(page: JsonObject) -> str:
    """Return where the next page begins, "" after the last; Query and List name it differently."""
    metadata = nested(page, "metadata") or nested(page, "pagingMetadata")
    if "hasNext" in metadata and not flag(metadata, "hasNext"):
        return ""
    return text(nested(metadata, "cursors"), "next")


async def _all(
    pages: AsyncIterator[JsonObject], name: str, read: Callable[[JsonObject], _R | None]
) -> tuple[_R, ...]:
    return tuple([_known(read(raw)) async for page in pages for raw in objects(page, name)])


def _known(record: _R | None) -> _R:
    if record is None:
        raise AnswerLost("The upstream's answer holds a record that can't be read")
    return record


def _member(answer: JsonObject, name: str) -> JsonObject:
    found = nested(answer, name)
    if not found:
        raise AnswerLost(f"The upstream's answer holds no {name}")
    return found


def _address(answer: JsonObject) -> str:
    found = text(answer, "checkoutUrl")
    if not found:
        raise AnswerLost("The upstream's answer holds no checkout address")
    return found
