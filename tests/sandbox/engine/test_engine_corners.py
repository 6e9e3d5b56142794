"""Rarer turns of a conversation."""

import pytest

CALL = {"validation": {"format": "DATE_TIME"}, "component": "DATE_TIME"}


def test_web_address_and_statement_inside_a_sentence(talk):
    """A web address and a statement that is a checkbox's label are found among other words."""
    said = "see www.example.org/ada, 2 seats, and I will follow the code of conduct"
    known = talk("event").say(said).known

    assert {"seats": 2, "website": "https://www.example.org/ada", "conduct": True} == known


def test_refused_statement(talk):
    """A negated label of a checkbox is a no."""
    known = talk("event").say("don't send me the newsletter, 2 seats please").known

    assert {"seats": 2, "newsletter": False} == known


def test_time_of_a_known_moment_is_corrected(talk, make_form, make_field):
    """A new time of day alone changes the time of a date and time."""
    raw = make_form(make_field("call", "Call", **CALL), make_field("name", "Name"))
    conversation = talk(raw).all("tomorrow at 17:00", "Ada", "make it 9 am")

    assert "2026-11-23T09:00:00+00:00" == conversation.known["call"]


def test_bare_day_where_the_time_is_optional(talk, make_form, make_field):
    """A bare day is shown as a day where the format leaves the time open."""
    raw = make_form(
        make_field(
            "call", "Call", component="DATE_TIME", validation={"format": "DATE_OPTIONAL_TIME"}
        )
    )
    conversation = talk(raw).say("tomorrow")

    assert "Monday, 23 November 2026" == conversation.of("TEXT_DATA")[0]["displayValue"]


def test_address_without_its_line_is_shown(talk):
    """An address that came in parts is shown as its parts."""
    conversation = talk("event", values={"address": {"city": "Oslo", "country": "US"}})

    assert "Oslo, US" == conversation.of("TEXT_DATA")[0]["displayValue"]


def test_name_beside_other_answers(talk, make_form, make_field):
    """What is left of a sentence answers the asked name, if it may be one."""
    fields = (
        make_field("name", "Your name", identifier="FULL_NAME"),
        make_field("mail", "Email", validation={"format": "EMAIL"}),
    )
    raw = make_form(*fields)

    assert {"name": "Ada", "mail": "a@b.example"} == talk(raw).say("Ada, a@b.example").known
    assert {"mail": "a@b.example"} == talk(raw).say("I would like it, a@b.example").known


def test_address_beside_other_answers(talk, make_form, make_field):
    """An asked address takes the first piece that is left, a text what is no sentence."""
    fields = (
        make_field("home", "Home", "ADDRESS", "MULTILINE_ADDRESS"),
        make_field("mail", "Email", validation={"format": "EMAIL"}),
    )
    known = talk(make_form(*fields)).say("12 Rose Lane, a@b.example").known

    assert ("12 Rose Lane", "a@b.example") == (known["home"]["formatted"], known["mail"])


def test_label_with_a_colon_is_asked_as_a_question(talk, make_form, make_field):
    """A label that ends with a colon loses it."""
    assert "Nickname?" in talk(make_form(make_field("nick", "Nickname:"))).words


def test_free_tags(talk, make_form, make_field):
    """Tags without given options are typed, with commas."""
    conversation = talk(make_form(make_field("tags", "Tags", "ARRAY", "TAGS")))

    assert [] == conversation.of("MULTI_SELECT_INPUT")
    assert ["red", "deep blue"] == conversation.say("red, deep blue").known["tags"]


def test_labels_whose_lower_case_is_longer(talk, make_form, make_field):
    """A letter whose lower case is two characters moves no other letter."""
    options = [{"value": "i", "label": "\u0130stanbul"}, {"value": "b", "label": "Bursa"}]
    raw = make_form(make_field("t", "Town", "ARRAY", "CHECKBOX_GROUP", shown={"options": options}))

    assert {"t": ["i", "b"]} == talk(raw).say("\u0130stanbul, Bursa").known


@pytest.mark.parametrize("said", ["lemon or chocolate, no vanilla", "actually vanilla or lemon"])
def test_undecided_choice_is_asked(talk, said):
    """Of two options joined by "or" none is taken."""
    assert "flavor" not in talk().say(said).known


def test_too_many_products_are_refused(talk, make_form, make_field):
    """An order of more products than allowed is told, and asked again."""
    products = [
        {"id": n, "priceType": "FIXED_PRICE", "fixedPriceOptions": {"price": "1.00"}} for n in "abc"
    ]
    options = [{"value": n, "label": f"Thing {n * 3}"} for n in "abc"]
    raw = make_form(
        make_field(
            "w",
            "Wares",
            "PAYMENT",
            "CHECKBOX_GROUP",
            validation={"products": products, "maxItems": 2},
            shown={"options": options},
        )
    )
    conversation = talk(raw).say("Thing aaa, Thing bbb, Thing ccc")

    assert "at most 2" in conversation.warnings["w"]
    assert "w" == conversation.asked
    assert 2 == len(conversation.say("Thing aaa and Thing bbb").known["w"])


def test_values_beside_the_summary_are_no_agreement(talk, make_form, make_field):
    """A value that comes with a yes at the summary is taken first; nothing is sent unseen."""
    conversation = talk(make_form(make_field("name", "Name"))).say("Ada")
    assert conversation.confirming

    conversation.say("yes", {"name": "Grace"})
    assert [] == conversation.submits
    assert [{"name": "Grace"}] == conversation.say("yes").submits


def test_fields_without_an_answer_can_not_be_changed(talk):
    """What can't be chatted can't be chosen for a change either."""
    conversation = talk("everything")
    state = conversation.state

    assert "did not get that" in conversation.say("change the photo").words
    assert state.values == conversation.state.values


def test_only_listed_pieces_of_an_open_list(talk):
    """One's own options beside an answer to another field are not guessed."""
    conversation = talk("event").all(
        "Ada Lovelace", "ada@example.com", "makers", "2", "5 December", "9:30", "fish, 3 seats"
    )

    assert (["fish"], 3) == (conversation.known["diet"], conversation.known["seats"])


def test_naming_the_asked_field_asks_it_again(talk):
    """The bare name of another field asks that field."""
    assert "event_date" == talk().say("event date").asked
