"""The addresses of checkouts, and the page."""

from __future__ import annotations

import pytest

from tests.sandbox.world import NOWHERE, running


async def _state(world, bought: dict) -> tuple[str, list]:
    found = await world.get(f"/forms/v4/submissions/{bought['submissionId']}")
    search = {"search": {"filter": {"checkoutId": bought["checkoutId"]}}}
    orders = (await world.post("/ecom/v1/orders/search", search)).json()["orders"]
    states = [(order["status"], order["paymentStatus"]) for order in orders]
    return found.json()["submission"]["status"], states


async def _act(world, bought: dict, act: str):
    return await world.client.post(f"/checkout/{bought['checkoutId']}/{act}")


async def test_both_addresses_lead_to_the_page(world):
    """v1 and Cart V2 give the same address, which shows the order."""
    checkout = (await world.buy())["checkoutId"]
    v1 = await world.get(f"/ecom/v1/checkouts/{checkout}/checkout-url", id=checkout)
    v2 = await world.post(f"/ecom/v2/carts/{checkout}/get-checkout-url", {"cartId": checkout})
    assert v1.json() == v2.json() == {"checkoutUrl": f"{world.base}/checkout/{checkout}"}
    assert (await world.get(v1.json()["checkoutUrl"])).status_code == 200


async def test_v1_may_be_gone(tmp_path):
    """With the flag v1 is an unknown path, and Cart V2 still works."""
    async with running(tmp_path, v1_checkout_gone=True) as world:
        checkout = (await world.buy())["checkoutId"]
        v1 = await world.get(f"/ecom/v1/checkouts/{checkout}/checkout-url")
        v2 = await world.post(f"/ecom/v2/carts/{checkout}/get-checkout-url", {})
    assert [v1.status_code, v2.status_code] == [404, 200]
    assert v1.json()["details"] == {}


async def test_a_site_may_be_unpublished(tmp_path):
    """With the flag Cart V2 answers 428 with its application error."""
    async with running(tmp_path, site_published=False) as world:
        checkout = (await world.buy())["checkoutId"]
        v2 = await world.post(f"/ecom/v2/carts/{checkout}/get-checkout-url", {})
    assert v2.status_code == 428
    assert v2.json()["details"]["applicationError"]["code"] == "SITE_NOT_PUBLISHED"


@pytest.mark.parametrize(("given", "status"), [(NOWHERE, 404), ("x", 400)])
async def test_an_unknown_checkout_has_no_address(world, given, status):
    """Unknown checkouts are 404, malformed ids 400."""
    v1 = await world.get(f"/ecom/v1/checkouts/{given}/checkout-url")
    v2 = await world.post(f"/ecom/v2/carts/{given}/get-checkout-url", {"currencyCode": "EUR"})
    assert [v1.status_code, v2.status_code] == [status, status]


async def test_the_page_shows_the_order_escaped(world):
    """What people and forms say is text on the page, never markup."""
    bought = await world.buy()
    page = await world.get(f"/checkout/{bought['checkoutId']}")
    assert "&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;" in page.text
    assert "The &lt;b&gt;shop&lt;/b&gt; &amp; co" in page.text
    assert "<script" not in page.text
    assert "2 at €4.50" in page.text
    assert page.text.count("€9.00") == 3
    assert page.text.count("<button>") == 3


async def test_the_page_lets_nothing_in(world):
    """The page allows its own style and forms to itself, nothing else."""
    import base64
    import hashlib

    bought = await world.buy()
    page = await world.get(f"/checkout/{bought['checkoutId']}")
    style = page.text.split("<style>")[1].split("</style>")[0]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = page.headers["content-security-policy"]
    assert policy.startswith("default-src 'none';")
    assert f"style-src 'sha256-{digest}'" in policy
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert page.headers["x-content-type-options"] == "nosniff"
    assert page.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("path", [f"/checkout/{NOWHERE}", "/checkout/x", "/checkout/%00%ff"])
async def test_an_unknown_page_is_a_page(world, path):
    """An address that leads nowhere says so as HTML."""
    shown, acted = await world.get(path), await world.client.post(f"{path}/pay")
    assert [shown.status_code, acted.status_code] == [404, 404]
    assert "does not exist" in shown.text


async def test_an_unknown_act_is_not_done(world):
    """Only the three buttons do anything."""
    bought = await world.buy()
    assert (await _act(world, bought, "refund")).status_code == 404
    assert await _state(world, bought) == ("PAYMENT_WAITING", [])


async def test_paying_confirms(world):
    """Pay leads back to the page, approves the order and confirms the submission."""
    bought = await world.buy()
    answer = await _act(world, bought, "pay")
    page = await world.get(answer.headers["location"])
    assert answer.status_code == 303
    assert "Paid: order 10001" in page.text
    assert "<button>" not in page.text
    assert await _state(world, bought) == ("CONFIRMED", [("APPROVED", "PAID")])


async def test_a_submission_names_its_order(world):
    """Once there is an order, the submission's order details name it."""
    bought = await world.buy()
    await _act(world, bought, "pay")
    found = await world.get(f"/forms/v4/submissions/{bought['submissionId']}")
    details = found.json()["submission"]["orderDetails"]
    order = await world.get(f"/ecom/v1/orders/{details['orderId']}")
    assert order.json()["order"]["number"] == details["number"] == "10001"
    assert found.json()["submission"]["revision"] == "2"


async def test_a_declined_card_may_pay_later(world):
    """A decline leaves the submission waiting; the same order can then be paid."""
    bought = await world.buy()
    await _act(world, bought, "decline")
    page = await world.get(f"/checkout/{bought['checkoutId']}")
    declined = await _state(world, bought)
    await _act(world, bought, "decline")
    await _act(world, bought, "pay")
    assert "The card was declined" in page.text
    assert page.text.count("<button>") == 3
    assert declined == ("PAYMENT_WAITING", [("INITIALIZED", "DECLINED")])
    assert await _state(world, bought) == ("CONFIRMED", [("APPROVED", "PAID")])


async def test_canceling_cancels(world):
    """Cancel cancels order and submission."""
    bought = await world.buy()
    await _act(world, bought, "cancel")
    page = await world.get(f"/checkout/{bought['checkoutId']}")
    assert "was canceled" in page.text
    assert await _state(world, bought) == ("PAYMENT_CANCELED", [("CANCELED", "CANCELED")])


@pytest.mark.parametrize("first", ["pay", "cancel"])
@pytest.mark.parametrize("second", ["pay", "decline", "cancel"])
async def test_what_is_settled_stays(world, first, second):
    """After paying or canceling no button changes anything, however often it is sent."""
    bought = await world.buy()
    await _act(world, bought, first)
    settled = await _state(world, bought)
    answer = await _act(world, bought, second)
    assert answer.status_code == 303
    assert await _state(world, bought) == settled


async def test_orders_are_numbered_on(world):
    """Two orders have two numbers."""
    for _ in range(2):
        await _act(world, await world.buy(), "pay")
    found = (await world.post("/ecom/v1/orders/search", {"search": {}})).json()["orders"]
    assert sorted(order["number"] for order in found) == ["10001", "10002"]
