"""An order is completed step by step: product, quantity, amount."""

CAKE = "5f1d0a3e-0000-4000-8000-000000000001"
TIP = "5f1d0a3e-0000-4000-8000-000000000003"


def test_order_is_completed_step_by_step(talk):
    """A quantity and an amount are asked by NUMBER_INPUT where they were not said."""
    conversation = talk().say("Two-tier cake - 39.90, Tip the baker (you choose)")
    (quantity,) = conversation.of("NUMBER_INPUT")
    assert {"minInclusiveValue": 1, "maxInclusiveValue": 5} == quantity["rangeLimit"]
    assert ("products", 1) == (quantity["fieldTarget"], quantity["multipleOf"])
    assert "products" not in conversation.known

    assert "1 to 5" in conversation.say("7").warnings["products"]
    conversation.say("2")
    (amount,) = conversation.of("NUMBER_INPUT")
    assert {"minInclusiveValue": 1, "maxInclusiveValue": 100} == amount["rangeLimit"]
    assert 0.01 == amount["multipleOf"]
    assert "1.00 to 100.00" in conversation.say("500").warnings["products"]
    assert "two decimals" in conversation.say("5.555").warnings["products"]

    expected = [
        {"productId": CAKE, "price": "39.90", "quantity": 2},
        {"productId": TIP, "price": 5.5, "quantity": 1},
    ]
    assert expected == conversation.say("5.50").known["products"]


def test_open_quantity_waits_for_its_answer(talk):
    """Words without a number, or about another field, leave the quantity open."""
    conversation = talk().say("two-tier cake").say("as you like")
    assert "How many" in conversation.words

    conversation.say("lemon")
    assert {"flavor": "lemon"} == conversation.known
    assert "How many" in conversation.words
    assert 3 == conversation.say(None, {"products": 3}).known["products"][0]["quantity"]


def test_product_ids_as_values(talk):
    """Chosen product ids are taken as an order whose quantity is asked."""
    conversation = talk().say("Two-tier cake - 39.90", {"products": [CAKE]})

    assert "How many" in conversation.words
    assert 4 == conversation.say("4").known["products"][0]["quantity"]
