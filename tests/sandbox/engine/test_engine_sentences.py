"""Sentences and the values that they hold."""

import pytest

CAKE = "5f1d0a3e-0000-4000-8000-000000000001"
BROWNIES = "5f1d0a3e-0000-4000-8000-000000000002"
TIP = "5f1d0a3e-0000-4000-8000-000000000003"


def cake(quantity):
    """Return the item for so many cakes."""
    return {"productId": CAKE, "price": "39.90", "quantity": quantity}


def brownies(quantity):
    """Return the item for so many boxes."""
    return {"productId": BROWNIES, "price": "12.50", "quantity": quantity}


def tip(price):
    """Return the item for a tip."""
    return {"productId": TIP, "price": price, "quantity": 1}


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("two two-tier cakes", {"products": [cake(2)]}),
        ("3 x two-tier cake", {"products": [cake(3)]}),
        ("Two-tier cake x2 and a box of brownies", {"products": [cake(2), brownies(1)]}),
        ("a two-tier cake", {"products": [cake(1)]}),
        ("2 twotier cakes", {"products": [cake(2)]}),
        ("half a dozen boxes of brownies", {"products": [brownies(6)]}),
        ("4 boxes of brownies and tip 5.50", {"products": [brownies(4), tip(5.5)]}),
        ("one two-tier cake, tip the baker 10", {"products": [cake(1), tip(10)]}),
        ("1 two-tier cake - 39.90, lemon", {"products": [cake(1)], "flavor": "lemon"}),
        ("vanilla with nuts and berries", {"flavor": "vanilla", "toppings": ["nuts", "berries"]}),
        ("vanila with nuts and berys", {"flavor": "vanilla", "toppings": ["nuts", "berries"]}),
        ("chocolat flavour, pick up", {"flavor": "chocolate", "delivery": "pickup"}),
        ("it is for 20 guests", {"guests": 20}),
        ("twenty-five people are coming", {"guests": 25}),
        ("we expect 12 kids", {"guests": 12}),
        ("Guests: 12", {"guests": 12}),
        ("next Friday", {"event_date": "2026-11-27"}),
        ("on 12 December please", {"event_date": "2026-12-12"}),
        ("the 3rd of March", {"event_date": "2027-03-03"}),
        ("2026-12-24", {"event_date": "2026-12-24"}),
        ("24.12.2026", {"event_date": "2026-12-24"}),
        ("12/24/2026", {"event_date": "2026-12-24"}),
        ("in two weeks", {"event_date": "2026-12-06"}),
        ("day after tomorrow", {"event_date": "2026-11-24"}),
        ("my email is ada@example.com.", {"email": "ada@example.com"}),
        ("call me at +1 415-555-2671", {"phone": "+14155552671"}),
        ("(415) 555 2671", {"phone": "+14155552671"}),
        ("I'm Ada, lemon please", {"first_name": "Ada", "flavor": "lemon"}),
        ("my name is ada", {"first_name": "ada"}),
        (
            "first name is Ada and email ada@example.com",
            {"first_name": "Ada", "email": "ada@example.com"},
        ),
        (
            """I'm Ada and I want two two-tier cakes, vanila with nuts and berries, next Friday
            for 20 guests, ada@example.com, 415 555 2671, pickup""",
            {
                "first_name": "Ada",
                "products": [cake(2)],
                "flavor": "vanilla",
                "toppings": ["nuts", "berries"],
                "event_date": "2026-11-27",
                "guests": 20,
                "email": "ada@example.com",
                "phone": "+14155552671",
                "delivery": "pickup",
            },
        ),
        (
            "Flavor: Lemon\nToppings: Nuts, Berries",
            {"flavor": "lemon", "toppings": ["nuts", "berries"]},
        ),
        (
            "How many guests?: 20\nPickup or delivery?: Delivery",
            {"guests": 20, "delivery": "delivery"},
        ),
        ("Which flavor?: Chocolate", {"flavor": "chocolate"}),
        ('with the message "Happy birthday"', {"message": "Happy birthday"}),
        ('written on the cake: "Happy birthday"', {"message": "Happy birthday"}),
    ],
)
def test_sentence_gives_values(talk, said, expected):
    """A sentence gives exactly the values that it holds, whatever is asked."""
    assert expected == talk().say(said).known


@pytest.mark.parametrize(
    "said",
    [
        "I may come",
        "the sun is out in march",
        "sat down",
        "melon",
        "vanilla or lemon",
        "12345",
        "20",
        "vanilla and chocolate",
        "gorilla",
        "second",
        "...",
        "\N{BIRTHDAY CAKE}",
    ],
)
def test_nothing_is_made_up(talk, said):
    """What names no field and answers no question gives no value."""
    conversation = talk().say(said)

    assert {} == conversation.known
    assert conversation.asked == "products"
    assert "did not get that" in conversation.words


def test_bare_number_answers_the_asked_number(talk, make_form, make_field):
    """A bare number is the answer to the question, not to an earlier number field."""
    raw = make_form(
        make_field("boxes", "Boxes", "NUMBER", "NUMBER_INPUT"),
        make_field("people", "People", "NUMBER", "NUMBER_INPUT"),
    )

    assert {"boxes": 3, "people": 20} == talk(raw).all("3", "twenty").known


def test_no_token_answers_two_fields(talk, make_form, make_field):
    """One date goes to one date field, a second date to the next."""
    raw = make_form(
        make_field("start", "Start date", component="DATE_PICKER"),
        make_field("end", "End date", component="DATE_PICKER"),
    )

    assert {"start": "2026-12-12"} == talk(raw).say("12 December").known
    both = talk(raw).say("12 December until 14 December").known
    assert {"start": "2026-12-12", "end": "2026-12-14"} == both
    named = talk(raw).say("end date 14 December").known
    assert {"end": "2026-12-14"} == named


@pytest.mark.parametrize(
    ("said", "first", "last"),
    [
        ("my name is Ada Lovelace", "Ada", "Lovelace"),
        ("I'm Ada King Lovelace", "Ada", "King Lovelace"),
        ("Ada Lovelace", "Ada", "Lovelace"),
        ("Ada", "Ada", None),
        ("it's Ada", "Ada", None),
    ],
)
def test_names_are_split_where_the_form_has_both_parts(talk, said, first, last):
    """A full name fills the fields for first and last name."""
    known = talk("event").say(said).known

    assert (first, last) == (known.get("first_name"), known.get("last_name"))


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("9:30", "09:30:00"),
        ("at 6", "06:00:00"),
        ("18", "18:00:00"),
        ("half past 5", "05:30:00"),
        ("noon", "12:00:00"),
        ("6.30 p.m.", "18:30:00"),
        ("12 am", "00:00:00"),
    ],
)
def test_times(talk, make_form, make_field, said, expected):
    """A time of day is read in the common spellings where it is asked."""
    raw = make_form(make_field("at", "Time", component="TIME_INPUT"))

    assert {"at": expected} == talk(raw).say(said).known


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("tomorrow at 17:00", "2026-11-23T17:00:00+00:00"),
        ("12 December 2026, 5 pm", "2026-12-12T17:00:00+00:00"),
    ],
)
def test_date_times(talk, make_form, make_field, said, expected):
    """A date and a time together fill a field that takes both."""
    raw = make_form(
        make_field("at", "When?", component="DATE_TIME", validation={"format": "DATE_TIME"})
    )

    assert {"at": expected} == talk(raw).say(said).known


def test_date_without_time_is_asked_to_be_completed(talk, make_form, make_field):
    """A bare day does not do for a date and time; what is asked is said."""
    raw = make_form(
        make_field("at", "When?", component="DATE_TIME", validation={"format": "DATE_TIME"})
    )

    conversation = talk(raw).say("tomorrow")

    assert {} == conversation.known
    assert "a date and a time" in conversation.warnings["at"]


@pytest.mark.parametrize(
    ("said", "expected"),
    [("yes", True), ("sure", True), ("no", False), ("Nope.", False), ("yes, gladly", True)],
)
def test_yes_and_no(talk, make_form, make_field, said, expected):
    """Yes and no answer a checkbox in the common words."""
    raw = make_form(make_field("news", "News", "BOOLEAN", "CHECKBOX"))

    assert {"news": expected} == talk(raw).say(said).known


@pytest.mark.parametrize(
    "said", ["4", "four", "4 stars", "4/5", "4 out of 5", "\u2b50\u2b50\u2b50\u2b50"]
)
def test_ratings(talk, make_form, make_field, said):
    """A rating is read from digits, words and stars."""
    raw = make_form(make_field("stars", "Your rating", "NUMBER", "RATING_INPUT"))

    assert {"stars": 4} == talk(raw).say(said).known


def test_long_text_goes_whole(talk):
    """A long answer to a long question is not taken apart."""
    conversation = talk("equipment")
    conversation.all(
        "Ada Lovelace", "ada@example.com", "Design", "Monitor", "5", "none", "This month"
    )
    conversation.all("next friday", "skip")
    story = "The old ones, 12 of them, broke on Friday; mail bob@example.com.\nThat's all."

    assert conversation.asked == "reason"
    assert story == conversation.say(story).known["reason"]


def test_custom_option_is_taken_only_where_the_form_allows_it(talk, make_form, make_field):
    """Free words answer a choice with a custom option, and no other."""
    options = [
        {"id": "1", "value": "a", "label": "Apple"},
        {"id": "2", "value": "p", "label": "Pear"},
    ]
    closed = make_form(
        make_field("fruit", "Fruit", component="DROPDOWN", shown={"options": options})
    )
    shown = {"options": options, "customOption": {"label": "Other"}}
    free = make_form(make_field("fruit", "Fruit", component="DROPDOWN", shown=shown))

    assert {} == talk(closed).say("Quince").known
    assert {"fruit": "Quince"} == talk(free).say("Quince").known
    assert {"fruit": "p"} == talk(free).say("the pear").known


def test_own_options_stand_beside_the_given_ones(talk):
    """Several options and one of one's own in one answer."""
    conversation = talk("event").all(
        "Ada Lovelace", "ada@example.com", "makers", "2", "5 December", "9:30"
    )

    assert conversation.asked == "diet"
    assert ["fish", "gluten", "cabbage"] == conversation.say("fish, gluten and cabbage").known[
        "diet"
    ]


@pytest.mark.parametrize(
    "said",
    [
        "2",
        "1, 3",
        "<b>*bold*</b>",
        "\u05e9\u05dc\u05d5\u05dd",
        "\N{PARTY POPPER}, 10",
        "Nuts, berries",
    ],
)
def test_strange_labels_are_taken_letter_by_letter(talk, make_form, make_field, said):
    """Labels that are numbers, markup, emoji, right-to-left or hold commas name their option."""
    labels = [
        "1",
        "2",
        "3",
        "10",
        "<b>*bold*</b>",
        "\u05e9\u05dc\u05d5\u05dd",
        "\N{PARTY POPPER}",
        "Nuts, berries",
        "Nuts",
    ]
    options = [{"id": str(n), "value": f"v{n}", "label": label} for n, label in enumerate(labels)]
    raw = make_form(
        make_field("many", "Many", "ARRAY", "CHECKBOX_GROUP", shown={"options": options})
    )
    wanted = [said] if said in labels else said.split(", ")

    assert {"many": [f"v{labels.index(each)}" for each in wanted]} == talk(raw).say(said).known


def test_part_of_a_long_label_names_it(talk, make_form, make_field):
    """A person need not repeat several hundred characters."""
    long = " and then some more words that go on" * 8
    options = [
        {"id": str(n), "value": str(n), "label": f"The {n}th statement{long}"} for n in (1, 2)
    ]
    options.append({"id": "3", "value": "3", "label": f"Orange marmalade{long}"})
    raw = make_form(make_field("which", "Which?", component="DROPDOWN", shown={"options": options}))

    assert {"which": "3"} == talk(raw).say("the orange marmalade").known
    assert {} == talk(raw).say("the statement").known


@pytest.mark.parametrize("said", ["1", "42", "1-2"])
def test_a_name_has_letters(talk, make_form, make_field, said):
    """What has none is no first name: it is said, and asked again."""
    raw = make_form(
        make_field("first", "First name", identifier="CONTACTS_FIRST_NAME"),
        make_field("note", "Note"),
    )
    conversation = talk(raw).say(said)

    assert "with letters" in conversation.warnings["first"]
    assert "first" == conversation.asked
    assert "first name" in conversation.words
    assert {"first": "Zoë"} == conversation.say("Zoë").known
    assert said == conversation.say(said).known["note"]


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("Ada, ada@example.com", "Ada"),
        ("Ada Lovelace\nada@example.com", "Ada Lovelace"),
        ("Great, ada@example.com", None),
        ("E-mail, ada@example.com", None),
        ("Chocolate, ada@example.com", None),
        ("here you go, ada@example.com", None),
    ],
)
def test_a_name_before_an_address_is_taken(talk, said, name):
    """Whatever is asked: a quantity, a number. Common words and options are no names."""
    for opening in ("two-tier cake", "2 two-tier cakes, lemon"):
        conversation = talk().say(opening).say(said)
        assert "ada@example.com" == conversation.known["email"]
        assert name == conversation.known.get("first_name"), opening


def test_a_known_name_stays(talk):
    """A second name before an address replaces nothing."""
    conversation = talk(values={"first_name": "Grace"}).say("Ada, ada@example.com")

    assert "Grace" == conversation.known["first_name"]
