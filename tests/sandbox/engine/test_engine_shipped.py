"""The shipped forms, walked from the greeting to the submission."""

import json
import uuid

import pytest

from bridge.sandbox.engine.schema import Kind
from bridge.sandbox.engine.validate import check
from bridge.sandbox.forms import shipped

TYPED = {
    Kind.TEXT: "Words",
    Kind.LONG_TEXT: "A story of some length.",
    Kind.EMAIL: "ada@example.com",
    Kind.PHONE: "+44 20 7946 0958",
    Kind.URL: "https://example.com/a",
    Kind.DATE: "2 December 2026",
    Kind.TIME: "18:30",
    Kind.DATE_TIME: "2 December 2026 at 18:30",
    Kind.ADDRESS: "12 Rose Lane, Springfield, 62704, US",
}
TYPES = "STRING NUMBER BOOLEAN ARRAY PAYMENT WIX_FILE ADDRESS SCHEDULING OBJECT"
COMPONENTS = """
    TEXT_INPUT RADIO_GROUP DROPDOWN PHONE_INPUT DATE_INPUT DATE_PICKER TIME_INPUT DATE_TIME
    PASSWORD SERVICES_DROPDOWN NUMBER_INPUT RATING_INPUT CHECKBOX CHECKBOX_GROUP TAGS
    SERVICES_CHECKBOX_GROUP DONATION_INPUT PAYMENT_INPUT FIXED_PAYMENT FILE_UPLOAD SIGNATURE
    MULTILINE_ADDRESS APPOINTMENT
"""
SPECIAL = {
    "passphrase": "hush-hush",
    "cost_centre": "EN-1042",
    "code": "ABC-123",
    "colour": "#ff8800",
    "born": "12 May 1990",
}


def answer(conversation):
    """Return what a person types: the first option, a number in range, or words."""
    for kind in ("SINGLE_SELECT_INPUT", "MULTI_SELECT_INPUT"):
        for each in conversation.of(kind):
            return each["options"][0]["label"]
    for each in conversation.of("NUMBER_INPUT"):
        return str(each.get("rangeLimit", {}).get("minInclusiveValue", 7))
    field = conversation.form.field(conversation.asked)
    return SPECIAL.get(field.target, TYPED[field.kind])


@pytest.mark.parametrize("slug", ["cake", "equipment", "event", "everything"])
def test_walked_by_first_answers(talk, slug):
    """Choosing the first answer again and again leads to one valid submission."""
    conversation = talk(slug)
    seen = {chunk["chunkType"] for chunk in conversation.chunks}
    for _ in range(80):
        if conversation.submits:
            break
        before = conversation.asked
        conversation.say(answer(conversation))
        seen |= {chunk["chunkType"] for chunk in conversation.chunks}
        assert "did not get" not in conversation.words, before
        assert before not in conversation.warnings, conversation.warnings

    (final,) = conversation.submits
    fields = {each.target: each for each in conversation.form.fields}
    for target, value in final.items():
        assert check(fields[target], value, conversation.now).value == value
    required = {t for t, f in fields.items() if f.required and not f.hidden and f.chattable}
    assert required <= set(final)
    if slug == "everything":
        everything = "TEXT TEXT_DATA SINGLE_SELECT_INPUT MULTI_SELECT_INPUT NUMBER_INPUT SEPARATOR"
        assert (
            set(everything.split()) | {"IMPORTANT_TEXT", "FILE_UPLOAD", "SIGNATURE", "DEBUG"}
            <= seen
        )


@pytest.mark.parametrize("slug", ["cake", "equipment", "event", "everything"])
def test_walked_by_labels_and_values(talk, slug):
    """Labels sent together with values give the same submission as labels alone."""
    plain, doubled = talk(slug), talk(slug)
    for _ in range(80):
        if doubled.submits:
            break
        for conversation in (plain, doubled):
            text, values = answer(conversation), None
            field = conversation.form.field(conversation.asked)
            sells = field is not None and field.kind in {Kind.PRODUCTS, Kind.AMOUNT}
            if conversation is doubled and not sells:
                values = chosen_value(conversation)
            conversation.say(text, values)

    assert plain.submits == doubled.submits
    assert 1 == len(doubled.submits)


def chosen_value(conversation):
    """Return the machine value of the first option as a bridge sends it."""
    for each in conversation.of("SINGLE_SELECT_INPUT"):
        return {each["fieldTarget"]: each["options"][0]["value"]}
    for each in conversation.of("MULTI_SELECT_INPUT"):
        return {each["fieldTarget"]: [each["options"][0]["value"]]}
    return None


def test_cake_in_one_sentence(talk):
    """A whole order fits into one sentence and a yes."""
    conversation = talk().all(
        "I'm Ada, two two-tier cakes and a box of brownies, lemon with berries and candles, for 30"
        " people on 12 December, pickup, ada@example.com, +1 415 555 2671",
        "Happy birthday",
    )

    assert conversation.confirming
    assert "Total: 92.30" in conversation.words
    assert 1 == len(conversation.say("yes, please").submits)


def test_equipment_in_one_sentence(talk):
    """An employee asks for laptops in one sentence; the rules ask for what that makes necessary."""
    conversation = talk("equipment").say(
        "I'm Grace Hopper from engineering, grace@example.com, I need 2 laptops by next wednesday,"
        " this week please"
    )
    expected = {
        "full_name": "Grace Hopper",
        "work_email": "grace@example.com",
        "department": "engineering",
        "item": "laptop",
        "pieces": 2,
        "urgency": "high",
        "needed_by": "2026-11-25",
    }
    assert expected == conversation.known

    conversation.all("skip", "en-1042")
    assert "two letters" in conversation.warnings["cost_centre"]
    conversation.all("EN-1042", "They broke.", "yes", "yes")
    assert "They broke." == conversation.submits[0]["reason"]


def test_event_in_one_sentence(talk):
    """A registration in one sentence."""
    conversation = talk("event").all(
        "my name is Ada Lovelace, 2 seats on the makers track, 5 December at 9:30, ada@example.com",
        "skip",
        "12 Rose Lane, Springfield, 62704, US",
        "skip",
        "4 stars",
        "no",
        "yes",
        "yes",
    )
    (final,) = conversation.submits

    assert ("Ada", "Lovelace", 2, "makers") == tuple(
        final[each] for each in ("first_name", "last_name", "seats", "track")
    )
    assert ("2026-12-05", "09:30:00") == (final["visit_day"], final["arrival"])
    assert {
        "formatted": "12 Rose Lane, Springfield, 62704, US",
        "addressLine": "12 Rose Lane",
        "city": "Springfield",
        "postalCode": "62704",
        "country": "US",
    } == final["address"]


def test_everything_holds_everything():
    """The last form has every input type and component, a list of sixty and long labels."""
    form = shipped()["everything"]["form"]
    inputs = [each["inputOptions"] for each in form["formFields"] if "inputOptions" in each]
    types = {each["inputType"] for each in inputs}
    words = json.dumps(form)

    assert set(TYPES.split()) == types
    assert all(f'"{component}"' in words for component in COMPONENTS.split())
    towns = next(each for each in inputs if each["target"] == "town")
    assert 60 == len(towns["stringOptions"]["dropdownOptions"]["options"])


def test_ids_are_guids_and_differ():
    """Ids are GUIDs, and no two of one form are alike."""
    forms = [raw["form"] for raw in shipped().values()]
    assert 4 == len({form["id"] for form in forms})
    for form in forms:
        ids = [each["id"] for each in form["formFields"]]
        assert len(set(ids)) == len(ids)
        for each in (form["id"], *ids):
            assert str(uuid.UUID(each)) == each
