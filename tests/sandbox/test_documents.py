"""How schemas are read: digests, summaries, order lines, ids."""

from __future__ import annotations

from decimal import Decimal

import pytest

from bridge.sandbox.bodies import optional_flag, optional_list, optional_text
from bridge.sandbox.catalogue import digest, summarise
from bridge.sandbox.errors import Refusal
from bridge.sandbox.forms import shipped
from bridge.sandbox.ledger import Act, CheckoutState, Ledger, after
from bridge.sandbox.payments import order_lines, total
from bridge.sandbox.supplies import RandomGuids
from tests.sandbox.world import FORMS, ORDER, SHOP_FORM, CountedGuids, StoppedClock, form

KINDS = frozenset(
    {
        *("STRING", "NUMBER", "RATING", "BOOLEAN", "ARRAY", "OBJECT", "WIX_FILE", "SIGNATURE"),
        *("PAYMENT", "MULTILINE_ADDRESS", "DATE", "TIME", "DATE_TIME", "EMAIL", "URL", "UUID"),
        *("PHONE", "URI", "HOSTNAME", "COLOR_HEX", "CURRENCY", "LANGUAGE", "DATE_OPTIONAL_TIME"),
        "UNKNOWN_INPUT_TYPE",
    }
)


@pytest.mark.parametrize("slug", shipped())
def test_every_shipped_field_has_a_label_and_a_known_kind(slug):
    """The digest names every field of the shipped forms; only plain objects have no label."""
    raw = shipped()[slug]["form"]
    fields = digest(raw)["fields"]
    assert len(fields) == len([field for field in raw["formFields"] if "inputOptions" in field])
    assert [f["target"] for f in fields if not f["label"] and f["type"] != "OBJECT"] == []
    unknown = [field["target"] for field in fields if field["type"] == "UNKNOWN_INPUT_TYPE"]
    assert len(unknown) <= 1  # an appointment has no kind of its own
    assert {field["type"] for field in fields} <= KINDS


@pytest.mark.parametrize("slug", shipped())
def test_every_shipped_form_has_a_summary(slug):
    """A summary begins with the form's name and keeps to 255 characters."""
    raw = shipped()[slug]["form"]
    assert summarise(raw).startswith(raw["name"])
    assert len(summarise(raw)) <= 255


@pytest.mark.parametrize(
    ("asked", "component", "kind"),
    [
        ("NUMBER", "RATING_INPUT", "RATING"),
        ("NUMBER", "NUMBER_INPUT", "NUMBER"),
        ("WIX_FILE", "SIGNATURE", "SIGNATURE"),
        ("ADDRESS", "MULTILINE_ADDRESS", "MULTILINE_ADDRESS"),
        ("SCHEDULING", "APPOINTMENT", "UNKNOWN_INPUT_TYPE"),
    ],
)
def test_kinds_come_from_component_and_type(asked, component, kind):
    """Some kinds are told by the component, and what has none is unknown."""
    field = {"id": "f", "inputOptions": {"inputType": asked, "o": {"componentType": component}}}
    (found,) = digest({"id": "x", "formFields": [field]})["fields"]
    assert (found["type"], found["label"], found["options"]) == (kind, "", [])


def test_a_form_without_anything_has_a_summary():
    """Nothing known is still a sentence."""
    assert summarise({}) == "This form."


def test_lines_add_up():
    """A line's total is price by quantity, an order's the sum of its lines."""
    lines = order_lines(FORMS["shop"]["form"], ORDER)
    assert [line.total for line in lines] == [Decimal("9.00")]
    assert total(lines + lines) == Decimal("18.00")
    assert total(()) == Decimal("0.00")


@pytest.mark.parametrize("state", CheckoutState)
@pytest.mark.parametrize("act", Act)
def test_acts_lead_where_they_say_unless_it_is_settled(state, act):
    """Pay, decline and cancel lead to their states from an open or declined checkout alone."""
    leads = {
        Act.PAY: CheckoutState.PAID,
        Act.DECLINE: CheckoutState.DECLINED,
        Act.CANCEL: CheckoutState.CANCELED,
    }
    settled = state in {CheckoutState.PAID, CheckoutState.CANCELED}
    assert after(state, act) is (state if settled else leads[act])


def test_an_order_may_have_no_address():
    """A form without an e-mail field makes a checkout without one."""
    goods = FORMS["shop"]["form"]["formFields"][1]
    note = FORMS["note"]["form"]["formFields"][0]
    ledger = Ledger(clock=StoppedClock(), ids=CountedGuids())
    ledger.submit(form(SHOP_FORM, "Shop", [goods, note])["form"], ORDER, {})
    assert [checkout.email for checkout in ledger.checkouts.values()] == [""]


def test_random_ids_are_ids():
    """Ids are GUIDs, tokens long and never the same."""
    ids = RandomGuids()
    assert len({ids.guid() for _ in range(100)}) == 100
    assert {len(ids.guid()) for _ in range(10)} == {36}
    assert len({ids.token() for _ in range(100)}) == 100
    assert min(len(ids.token()) for _ in range(10)) > 50


@pytest.mark.parametrize(
    "read",
    [
        lambda body: optional_text(body, "a", maximum=5),
        lambda body: optional_flag(body, "a"),
        lambda body: optional_list(body, "a"),
    ],
    ids=["text", "flag", "list"],
)
def test_a_member_of_another_kind_is_refused(read):
    """A number where something else belongs is a validation error of that member."""
    with pytest.raises(Refusal) as refused:
        read({"a": 7})
    violations = refused.value.body["details"]["validationError"]["fieldViolations"]
    assert [violation["violatedRule"] for violation in violations] == ["INVALID_TYPE"]
