"""Corrections in words find the field that is meant."""

import pytest

FILLED = {
    "products": [
        {"productId": "5f1d0a3e-0000-4000-8000-000000000001", "price": "39.90", "quantity": 2}
    ],
    "flavor": "vanilla",
    "toppings": ["nuts", "berries"],
    "message": "Hurray",
    "guests": 20,
    "event_date": "2026-12-12",
    "delivery": "delivery",
    "phone": "+14155552671",
    "first_name": "Ada",
    "email": "ada@example.com",
}


@pytest.mark.parametrize(
    ("said", "target", "expected"),
    [
        ("make it Friday", "event_date", "2026-11-27"),
        ("actually 25 guests", "guests", 25),
        ("no, for 30 people", "guests", 30),
        ("change the flavour to lemon", "flavor", "lemon"),
        ("change the flavor from vanilla to chocolate", "flavor", "chocolate"),
        ("not vanilla but lemon", "flavor", "lemon"),
        ("lemon instead of vanilla", "flavor", "lemon"),
        ("Flavor: lemon", "flavor", "lemon"),
        ("change the date to 24 December", "event_date", "2026-12-24"),
        ("my email is now x@y.example", "email", "x@y.example"),
        ("the phone should be 415 555 2672", "phone", "+14155552672"),
        ("change my first name to Grace", "first_name", "Grace"),
        ("my first name is Grace", "first_name", "Grace"),
        ("pickup instead", "delivery", "pickup"),
        ("no nuts", "toppings", ["berries"]),
        ("without berries please", "toppings", ["nuts"]),
        ("add candles", "toppings", ["nuts", "berries", "candles"]),
        ("only candles", "toppings", ["candles"]),
        ("change the toppings to candles", "toppings", ["candles"]),
        ("no toppings", "toppings", None),
        ("no nuts and berries", "toppings", None),
        ("remove the message", "message", None),
        ("change the guests to forty", "guests", 40),
    ],
)
def test_correction_before_sending(talk, said, target, expected):
    """At the summary a correction changes that one field and shows the summary again."""
    conversation = talk(values=FILLED)
    assert conversation.confirming

    conversation.say(said)

    assert {**FILLED, target: expected} == {
        **conversation.known,
        target: conversation.known.get(target),
    }
    assert conversation.confirming
    assert "Summary" in conversation.words
    assert [] == conversation.submits


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("make it three two-tier cakes", {"cake": 3}),
        ("3 two-tier cakes", {"cake": 3}),
        ("add a box of brownies", {"cake": 2, "brownies": 1}),
        ("also 2 boxes of brownies", {"cake": 2, "brownies": 2}),
        ("only 4 boxes of brownies", {"brownies": 4}),
        ("4 boxes of brownies, no cake", {"brownies": 4}),
    ],
)
def test_orders_are_corrected(talk, said, expected):
    """Products are added, counted anew and taken away in words."""
    conversation = talk(values=FILLED).say(said)

    names = {"000000000001": "cake", "000000000002": "brownies"}
    found = {
        names[each["productId"][-12:]]: each["quantity"] for each in conversation.known["products"]
    }
    assert expected == found


def test_last_answered_is_meant_when_nothing_is_named(talk):
    """A bare "make it 30" means the number that was answered last."""
    conversation = talk().all("two two-tier cakes", "vanilla", "skip", "skip", "20")

    assert 30 == conversation.say("make it 30").known["guests"]


def test_last_order_is_counted_anew(talk):
    """Right after an order of one product "make it 3" means its quantity."""
    conversation = talk().all("two two-tier cakes", "make it 3")

    assert 3 == conversation.known["products"][0]["quantity"]


def test_no_asks_what_to_change_and_a_label_asks_again(talk):
    """No to the summary asks what to change; naming a field asks that field."""
    conversation = talk(values=FILLED).say("no")
    (choice,) = conversation.of("SINGLE_SELECT_INPUT")

    assert choice["fieldTarget"] == "change"
    assert "Event date" in [each["label"] for each in choice["options"]]
    assert conversation.say("event date").asked == "event_date"
    assert conversation.say("24 December").confirming
    assert conversation.known["event_date"] == "2026-12-24"


def test_choice_of_what_to_change_as_value(talk):
    """The same choice as a value asks the field too."""
    conversation = talk(values=FILLED).say("no").say("Flavor", {"change": "flavor"})

    assert conversation.asked == "flavor"


def test_bare_change_asks_again(talk):
    """A bare "change the flavour" without a new one asks for it; skip keeps the old one."""
    conversation = talk(values=FILLED).say("change the flavour")

    assert conversation.asked == "flavor"
    assert conversation.say("skip").confirming
    assert FILLED == conversation.known


def test_wrong_correction_keeps_the_old_value(talk):
    """A refused correction is explained and changes nothing."""
    conversation = talk(values=FILLED).say("make it tomorrow")

    assert "too early" in conversation.warnings["event_date"]
    assert FILLED == conversation.known
    assert conversation.asked == "event_date"
    assert conversation.say("never mind").confirming


def test_last_product_taken_away_asks_for_the_order_again(talk):
    """An order without products is no order."""
    conversation = talk(values=FILLED).say("no two-tier cake")

    assert "products" not in conversation.known
    assert conversation.asked == "products"
