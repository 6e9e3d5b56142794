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


def test_a_quantity_may_stand_apart(talk):
    """In "two-tier cake, one, on Friday", a number between commas that can be a quantity is one."""
    conversation = talk().say("two-tier cake, one, for 20 guests on Friday, chocolate")

    (item,) = conversation.known["products"]
    assert (CAKE, 1) == (item["productId"], item["quantity"])
    assert 20 == conversation.known["guests"]
    assert "chocolate" == conversation.known["flavor"]


def test_a_number_apart_is_no_quantity_where_it_can_be_none(talk):
    """More than may be ordered, or what counts the next thing: the quantity is asked."""
    for words in ("two-tier cake, 20, chocolate", "two-tier cake, 3 guests"):
        conversation = talk().say(words)
        assert "How many" in conversation.words, words
        assert "products" not in conversation.known


def test_a_number_apart_answers_the_question(talk):
    """While a number is asked, it is not the product's."""
    conversation = talk().say("2 two-tier cakes, chocolate, on Friday")
    for _ in range(6):
        if conversation.asked == "guests":
            break
        conversation.say("skip")
    assert "guests" == conversation.asked

    conversation.say("two-tier cake, 4")
    assert 4 == conversation.known["guests"]
