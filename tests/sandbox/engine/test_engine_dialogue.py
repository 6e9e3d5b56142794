"""The conversation from the greeting to one submission."""

from itertools import pairwise

import pytest

from bridge.sandbox.engine import Stage

CAKE = "5f1d0a3e-0000-4000-8000-000000000001"
ENTRY = {
    "products": [{"productId": CAKE, "price": "39.90", "quantity": 2}],
    "flavor": "lemon",
    "guests": 20,
    "event_date": "2026-12-12",
    "delivery": "pickup",
    "first_name": "Ada",
    "email": "ada@example.com",
}


def test_greeting(talk):
    """The form's name in bold, a greeting, and the first question with its input."""
    conversation = talk()
    name, hello, question = conversation.of("TEXT")
    (options,) = conversation.of("MULTI_SELECT_INPUT")

    assert ("Party cake order", "BOLD") == (name["text"], name["style"])
    assert "Hello" in hello["text"]
    assert "What would you like to order?" == question["text"]
    assert "Two-tier cake - 39.90" == options["options"][0]["label"]
    assert CAKE == options["options"][0]["value"]


def test_texts_are_kept_apart(talk):
    """No two texts follow each other without a separator: a channel joins them as they are."""
    conversation = talk().all("lemon", "hi", "status")

    kinds = [chunk["chunkType"] for chunk in conversation.chunks]
    assert ("TEXT", "TEXT") not in set(pairwise(kinds))


def test_prefilled_values_are_acknowledged_and_invalid_ones_told(talk):
    """Known values come as TEXT_DATA, invalid ones as IMPORTANT_TEXT and are not taken over."""
    known = {"flavor": "lemon", "guests": 900, "email": "ada@example.com", "unknown": 1}
    conversation = talk(values=known)
    told = {each["fieldTarget"]: each["displayValue"] for each in conversation.of("TEXT_DATA")}

    assert {"flavor": "Lemon", "email": "ada@example.com"} == told
    assert {"flavor": "lemon", "email": "ada@example.com"} == conversation.known
    assert "1 to 200" in conversation.warnings["guests"]
    assert any("Still needed" in each["text"] for each in conversation.of("IMPORTANT_TEXT"))
    assert "guests" == conversation.asked


def test_everything_prefilled_leads_to_the_summary(talk):
    """With nothing missing only optional fields are offered."""
    conversation = talk(values=ENTRY).all("skip", "skip", "skip")

    assert conversation.confirming
    assert "Total: 79.80" in conversation.words


def test_optional_fields_are_offered_once(talk):
    """An optional field that was skipped is not offered again."""
    conversation = talk(values={**ENTRY, "toppings": ["nuts"], "message": "Hi"})

    assert "phone" == conversation.asked
    assert "say skip" in conversation.words
    assert conversation.say("skip").confirming
    assert "phone" not in conversation.known


def test_required_field_can_not_be_skipped(talk):
    """Skip at a required field says that it is needed and asks again."""
    conversation = talk().say("skip")

    assert "needed" in conversation.warnings["products"]
    assert "products" == conversation.asked


def test_rule_makes_the_phone_required_and_back(talk):
    """Delivery needs a phone number, pickup does not."""
    conversation = talk(
        values={**ENTRY, "delivery": "delivery", "toppings": ["nuts"], "message": "Hi"}
    )

    assert "phone" == conversation.asked
    assert "skip" not in conversation.words
    assert "needed" in conversation.say("skip").warnings["phone"]
    assert conversation.say("pickup instead").asked == "phone"
    assert conversation.say("skip").confirming


def test_hidden_field_appears_by_rule_and_its_value_goes_with_it(talk):
    """A field that a rule shows is asked; hidden again, its value is not submitted."""
    conversation = talk("everything", values={"size": "l"})
    assert "spouse" in {each.target for each in conversation.form.fields}
    conversation.say(None, {"spouse": "Max"})

    assert "Max" == conversation.known["spouse"]
    conversation.say(None, {"size": "s", "spouse": "Eve"})
    conversation.say(None, {"size": "l"})
    assert conversation.known["spouse"] in {"Max", "Eve"}


@pytest.mark.parametrize(
    "yes",
    [
        "yes",
        "Yes, order it",
        "ok",
        "send it",
        "order",
        "Yes please!",
        "\N{THUMBS UP SIGN}",
        "go ahead",
    ],
)
def test_yes_submits_once(talk, yes):
    """Agreement submits all values, exactly once; afterwards nothing is submitted again."""
    conversation = talk(values=ENTRY).all("skip", "skip", "skip", yes)

    assert [ENTRY] == conversation.submits
    assert conversation.state.stage is Stage.SUBMITTED
    for later in ("yes", "send it", "make it Friday", "start over"):
        assert "already" in conversation.say(later).words
    assert "already" in conversation.say("Yes", {"confirmation": "yes"}).words
    assert [ENTRY] == conversation.submits


def test_confirmation_as_value(talk):
    """The confirmation is accepted as a value with or without its label."""
    for text in (None, "Yes, order it"):
        conversation = talk(values=ENTRY).all("skip", "skip", "skip")
        assert [ENTRY] == conversation.say(text, {"confirmation": "yes"}).submits

    conversation = talk(values=ENTRY).all("skip", "skip", "skip")
    assert (
        conversation.say("No, change something", {"confirmation": "no"}).state.stage
        is Stage.CHANGING
    )


def test_yes_with_a_correction_does_not_submit(talk):
    """Agreeing with a "but" corrects and asks once more."""
    conversation = talk(values=ENTRY).all("skip", "skip", "skip", "yes, but make it Friday")

    assert [] == conversation.submits
    assert "2026-11-27" == conversation.known["event_date"]
    assert conversation.confirming


def test_confirmation_target_gives_way_to_a_field(talk, make_form, make_field):
    """A form with a field of that name gets another target for the confirmation."""
    conversation = talk(make_form(make_field("confirmation", "Code"))).say("abc")
    (choice,) = conversation.of("SINGLE_SELECT_INPUT")

    assert "confirmation0" == choice["fieldTarget"]
    assert "Yes, send it" == choice["options"][0]["label"]
    assert [{"confirmation": "abc"}] == conversation.say("yes").submits


def test_dry_run_is_the_same_conversation(talk):
    """A dry run goes through to the submission; the server decides about it."""
    conversation = talk(values=ENTRY, dry_run=True).all("skip", "skip", "skip", "yes")

    assert conversation.state.dry_run
    assert [ENTRY] == conversation.submits


def test_values_with_a_message(talk):
    """Given values override, null clears, unknown ones are ignored; a label beside adds none."""
    conversation = talk(values={"flavor": "vanilla"})
    conversation.say("Lemon", {"flavor": "lemon", "nobody": 1})

    assert {"flavor": "lemon"} == conversation.known
    assert 1 == len(conversation.of("TEXT_DATA"))
    assert {} == conversation.say(None, {"flavor": None}).known
    assert {"flavor": "vanilla"} == conversation.say("Vanilla, lemon", {"flavor": "vanilla"}).known


def test_invalid_value_with_a_message(talk):
    """An invalid value is told and not taken over."""
    conversation = talk().say(None, {"guests": "many", "flavor": "mud"})

    assert {} == conversation.known
    assert {"guests", "flavor"} == set(conversation.warnings)


@pytest.mark.parametrize(
    "said",
    [
        "hi",
        "Hello!",
        "help",
        "what do you need?",
        "thanks",
        "status",
        "what do you have",
        "what do I pay?",
    ],
)
def test_small_talk_keeps_the_question_open(talk, said):
    """Small talk is answered shortly; the open question comes again and nothing changes."""
    conversation = talk(values={"flavor": "lemon"})
    before = conversation.state

    conversation.say(said)

    assert before == conversation.state
    assert "did not get that" not in conversation.words
    assert "What would you like to order?" in conversation.words


def test_status_tells_what_is_known(talk):
    """Status tells each value as TEXT_DATA; with none it says so."""
    conversation = talk(values={"flavor": "lemon"}).say("status")

    assert ["Flavor: Lemon"] == [each["text"] for each in conversation.of("TEXT_DATA")]
    assert "Nothing yet" in talk().say("status").words


def test_passed_over_option_is_asked_once_more(talk):
    """An optional question that a correction interrupted comes a second time, and no third."""
    conversation = talk(values={**ENTRY, "message": "Hi", "phone": "+14155552671"})
    assert "toppings" == conversation.asked

    assert "toppings" == conversation.say("chocolate").asked
    assert conversation.say("vanilla").confirming


def test_all_of_them(talk):
    """Everything of the list is chosen by one word."""
    conversation = talk(values={**ENTRY, "message": "Hi"}).say("all of it, please")

    assert "did not" in conversation.words
    assert ["berries", "nuts", "candles"] == conversation.say("all of them").known["toppings"]


def test_answer_may_name_its_question(talk):
    """An answer that begins with the question's name is taken without it."""
    conversation = talk(values={**ENTRY, "toppings": ["nuts"]})
    conversation.say("the message should be Happy 40th, Bob!")

    assert "Happy 40th, Bob!" == conversation.known["message"]


def test_start_over_forgets(talk):
    """Start over begins anew before the submission."""
    conversation = talk(values={"flavor": "lemon"}).all("two two-tier cakes", "start over")

    assert {} == conversation.known
    assert "products" == conversation.asked
    assert "Hello" in conversation.words


def test_small_talk_at_the_summary(talk):
    """Help at the summary and at the question what to change keeps that question."""
    conversation = talk(values=ENTRY).all("skip", "skip", "skip", "help")
    assert "all that is needed" in conversation.words
    assert conversation.of("SINGLE_SELECT_INPUT")[0]["fieldTarget"] == "confirmation"

    conversation.all("no", "blub")
    assert "did not get that" in conversation.words
    assert conversation.of("SINGLE_SELECT_INPUT")[0]["fieldTarget"] == "change"


def test_disabled_form_is_an_error(talk, make_form, make_field):
    """A disabled form answers with an ERROR chunk and its own words."""
    words = {"nodes": [{"type": "TEXT", "textData": {"text": "See you in May."}}]}
    raw = make_form(make_field("a", "A"), enabled=False, disabledFormMessage=words)
    conversation = talk(raw)

    assert ["See you in May."] == [each["messageText"] for each in conversation.of("ERROR")]
    assert ["See you in May."] == [
        each["messageText"] for each in conversation.say("x").of("ERROR")
    ]


def test_over_long_input_is_an_error(talk):
    """A text beyond the limit says by how much to shorten it; the state stays."""
    conversation = talk()
    before = conversation.state

    conversation.say("x" * 10_007)

    assert "shorten it by 7" in conversation.of("ERROR")[0]["messageText"]
    assert before == conversation.state


def test_what_can_not_be_chatted_is_told_once(talk, make_form, make_field):
    """Files, signatures and appointments are told once and never block the form.

    The chunks of the first two say so by themselves; the last has none of its own.
    """
    raw = make_form(
        make_field("photo", "Photo", "WIX_FILE", "FILE_UPLOAD"),
        make_field("sign", "Signature", "WIX_FILE", "SIGNATURE"),
        make_field("slot", "Slot", "SCHEDULING", "APPOINTMENT"),
        make_field("name", "Name"),
    )
    conversation = talk(raw)

    assert ["photo"] == [each["fieldTarget"] for each in conversation.of("FILE_UPLOAD")]
    assert ["sign"] == [each["fieldTarget"] for each in conversation.of("SIGNATURE")]
    assert {"slot"} == set(conversation.warnings)
    assert [{"name": "Ada"}] == conversation.all("Ada", "yes").submits


def test_only_unsupported_fields_lead_to_the_summary(talk, make_form, make_field):
    """A form without anything to ask is confirmed at once, and there is nothing to change."""
    conversation = talk(make_form(make_field("photo", "Photo", "WIX_FILE", "FILE_UPLOAD")))

    assert conversation.confirming
    assert "Nothing was filled in." in conversation.words
    assert [] == conversation.say("no").of("SINGLE_SELECT_INPUT")
    assert conversation.say("blub").of("TEXT")


def test_read_only_fields_are_not_asked(talk, make_form, make_field):
    """A read-only field takes a given value and is never asked."""
    raw = make_form(make_field("ref", "Reference", read_only=True), make_field("name", "Name"))

    assert "name" == talk(raw).asked
    assert [{"ref": "R1", "name": "Ada"}] == talk(raw, values={"ref": "R1"}).all(
        "Ada", "yes"
    ).submits


def test_terms_have_to_be_accepted(talk, make_form, make_field):
    """A checkbox that must be ticked explains itself when it is refused."""
    raw = make_form(
        make_field("terms", "I accept", "BOOLEAN", "CHECKBOX", validation={"enum": [True]})
    )
    conversation = talk(raw).say("no")

    assert "yes" in conversation.warnings["terms"]
    assert [{"terms": True}] == conversation.all("Yes", "yes").submits


def test_long_lists_show_the_first_hundred(talk, make_form, make_field):
    """Of more than a hundred options the others can still be typed."""
    options = [{"id": str(n), "value": f"v{n}", "label": f"Village {n}"} for n in range(150)]
    raw = make_form(make_field("place", "Place", component="DROPDOWN", shown={"options": options}))
    conversation = talk(raw)

    assert 100 == len(conversation.of("SINGLE_SELECT_INPUT")[0]["options"])
    assert "100 of 150" in conversation.words
    assert {"place": "v149"} == conversation.say("Village 149").known


def test_password_is_not_shown(talk, make_form, make_field):
    """A secret is kept but never shown back."""
    conversation = talk(make_form(make_field("word", "Word", component="PASSWORD"))).say(
        "hush-hush"
    )

    (told,) = conversation.of("TEXT_DATA")
    assert "hush-hush" == conversation.known["word"]
    assert "hush" not in told["text"] + told["displayValue"] + conversation.words


def test_input_is_data(talk):
    """Markup in a message is kept as it is, in values and in texts."""
    conversation = talk(values={**ENTRY, "toppings": ["nuts"]}).say("<b>{0}</b> %s *x*")

    assert "<b>{0}</b> %s *x*" == conversation.known["message"]
    assert "<b>{0}</b> %s *x*" == conversation.of("TEXT_DATA")[0]["displayValue"]
