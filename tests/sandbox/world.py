"""A sandbox with time, ids and forms of the tests' own, on a real socket of loopback."""

from __future__ import annotations

import asyncio
import json
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import httpx

from bridge.sandbox.config import SandboxConfig
from bridge.sandbox.server import SandboxServer

NAMESPACE = "wix.form_app.form"
NOTE_FORM = "11111111-0000-4000-8000-000000000001"
SHOP_FORM = "11111111-0000-4000-8000-000000000002"
PRODUCT = "22222222-0000-4000-8000-000000000001"
NOWHERE = "99999999-0000-4000-8000-000000000009"
KEY = {"Authorization": "sandbox-key", "wix-site-id": "sandbox-site"}
APP = {
    "grant_type": "client_credentials",
    "client_id": "sandbox-app",
    "client_secret": "sandbox-secret",
    "instance_id": "sandbox-instance",
}
SESSIONS = "/forms/ai/v1/interactive-form-sessions"
NOTE = {"note": "Hello"}
ORDER = {
    "buyer": "ada@example.com",
    "goods": [{"productId": PRODUCT, "price": "4.50", "quantity": 2}],
}


def text_field(number: int, target: str, label: str, form: str = "UNKNOWN_FORMAT") -> dict:
    """Return a required text field."""
    return {
        "id": f"33333333-0000-4000-8000-{number:012}",
        "hidden": False,
        "identifier": "TEXT_INPUT",
        "fieldType": "INPUT",
        "inputOptions": {
            "target": target,
            "required": True,
            "readOnly": False,
            "inputType": "STRING",
            "stringOptions": {
                "validation": {"format": form, "enum": []},
                "componentType": "TEXT_INPUT",
                "textInputOptions": {"label": label, "showLabel": True},
            },
        },
    }


def goods_field(label: str) -> dict:
    """Return a payment field with one product."""
    return {
        "id": "33333333-0000-4000-8000-0000000000aa",
        "hidden": False,
        "identifier": "PRODUCT_LIST",
        "fieldType": "INPUT",
        "inputOptions": {
            "target": "goods",
            "required": True,
            "readOnly": False,
            "inputType": "PAYMENT",
            "paymentOptions": {
                "validation": {
                    "minItems": 1,
                    "maxItems": 1,
                    "products": [
                        {
                            "id": PRODUCT,
                            "productType": "DIGITAL",
                            "priceType": "FIXED_PRICE",
                            "fixedPriceOptions": {"price": "4.50"},
                            "quantityLimit": {"minimum": 1, "maximum": 2000},
                        }
                    ],
                },
                "componentType": "CHECKBOX_GROUP",
                "checkboxGroupOptions": {
                    "label": "What?",
                    "options": [{"id": PRODUCT, "value": PRODUCT, "label": label}],
                },
            },
        },
    }


def form(form_id: str, name: str, fields: list[dict], **more: object) -> dict:
    """Return a form document."""
    return {
        "form": {
            "id": form_id,
            "namespace": NAMESPACE,
            "name": name,
            "enabled": True,
            "revision": "1",
            "createdDate": "2026-05-01T09:00:00.000Z",
            "updatedDate": "2026-05-02T09:00:00.000Z",
            "formFields": fields,
            "steps": [],
            **more,
        }
    }


FORMS = {
    "note": form(NOTE_FORM, "A note", [text_field(1, "note", "Your note")]),
    "shop": form(
        SHOP_FORM,
        "The <b>shop</b> & co",
        [text_field(1, "buyer", "E-mail", "EMAIL"), goods_field('<script>alert("x")</script>')],
    ),
}


@dataclass(slots=True)
class StoppedClock:
    """A clock that moves only when told to, and sleeps by moving."""

    time: float = 1_790_000_000.0
    slept: list[float] = field(default_factory=list)

    def now(self) -> float:
        """Return the time."""
        return self.time

    def monotonic(self) -> float:
        """Return the time."""
        return self.time

    async def sleep(self, seconds: float) -> None:
        """Move on, and let others run."""
        self.slept.append(seconds)
        self.time += seconds
        await asyncio.sleep(0)


@dataclass(slots=True)
class CountedGuids:
    """Ids that count."""

    made: int = 0

    def guid(self) -> str:
        """Return the next."""
        self.made += 1
        return f"aaaaaaaa-0000-4000-8000-{self.made:012}"

    def token(self) -> str:
        """Return the next."""
        return f"token-{self.guid()}"


@dataclass(frozen=True, slots=True)
class World:
    """A running sandbox and somebody who may call it."""

    base: str
    client: httpx.AsyncClient
    clock: StoppedClock
    server: SandboxServer

    async def create(self, form_id: str = NOTE_FORM, **more: object) -> httpx.Response:
        """Make a session."""
        return await self.client.post(SESSIONS, json={"formId": form_id, **more})

    async def session(self, form_id: str = NOTE_FORM, **more: object) -> str:
        """Make a session; return its id."""
        answer = await self.create(form_id, **more)
        return answer.json()["interactiveFormSession"]["id"]

    async def send(self, session: str, text: str | None = None, **more: object) -> httpx.Response:
        """Send a message."""
        body = {"interactiveFormSessionId": session, "input": text, **more}
        return await self.client.post(f"{SESSIONS}/{session}/send-user-message", json=body)

    async def submit(self, form_id: str, values: dict, **more: object) -> dict:
        """Fill in a form at one go and confirm; return the last answer's chunks by kind."""
        session = await self.session(form_id, currentValues=values, **more)
        answer = await self.send(session, "yes")
        assert answer.status_code == 200
        return {chunk["chunkType"]: chunk for chunk in answer.json()["responseChunks"]}

    async def buy(self) -> dict:
        """Order two of the goods; return the SUBMISSION's details."""
        chunks = await self.submit(SHOP_FORM, ORDER)
        return chunks["SUBMISSION"]["submissionDetails"]

    async def get(self, path: str, **params: object) -> httpx.Response:
        """Get."""
        return await self.client.get(path, params=params or None)

    async def post(self, path: str, body: object) -> httpx.Response:
        """Post JSON."""
        return await self.client.post(path, json=body)


@asynccontextmanager
async def running(folder, **options: object):
    """Run a sandbox with the tests' forms beside the shipped ones."""
    for name, document in FORMS.items():
        (folder / f"{name}.json").write_text(json.dumps(document), "utf-8")
    clock = StoppedClock()
    config = SandboxConfig(forms_folder=folder, seed=7, **options)
    server = SandboxServer(config=config, clock=clock, ids=CountedGuids())
    base = await server.start()
    try:
        async with httpx.AsyncClient(base_url=base, headers=KEY) as client:
            yield World(base=base, client=client, clock=clock, server=server)
    finally:
        await server.stop()
