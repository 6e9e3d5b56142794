"""The tour: what it plays, what it prints, and how it fails."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from bridge import tour as tour_module
from bridge.channels import Broken, Installed, installed
from bridge.chatting import Chat, NotShown
from bridge.cli import cli
from bridge.conformance.buttons import descriptor as buttons
from bridge.protocol.standin import Choosable, Screen, Shown
from bridge.till import TillError
from bridge.tour import FLOWS, Flow, Played, Recorder, table, tour, transcript, with_standins

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bridge.protocol.standin import StandIn

CONSOLE = installed().descriptor("console")
assert CONSOLE is not None

pytestmark = pytest.mark.usefixtures("own_logs")


class Screenful:
    """A stand-in that shows what it is told, each after one look."""

    def __init__(self, *screens: tuple[Shown, ...]) -> None:
        self._screens = [Screen(version=n, messages=each) for n, each in enumerate(screens)]
        self._at = 0
        self.done: list[str] = []

    async def start(self, bridge_url: str) -> Mapping[str, str]:
        return {}

    async def stop(self) -> None:
        pass

    async def type(self, text: str, *, person: str = "ada") -> None:
        self.done.append(f"typed {text}")

    async def tap(self, choice: str, *, person: str = "ada") -> None:
        self.done.append(f"tapped {choice}")

    def screen(self, *, person: str = "ada") -> Screen:
        return self._screens[self._at]

    async def changed(self, after: int, *, person: str = "ada") -> Screen:
        if self._at + 1 == len(self._screens):
            await asyncio.Event().wait()
        self._at += 1
        return self.screen()


def ours(text: str, *choices: Choosable) -> Shown:
    """Return a message of the bridge."""
    return Shown(ours=True, text=text, choices=choices)


async def test_the_tour_plays_every_flow_to_its_end():
    """On a channel that types and on one that taps, side by side, each flow once."""
    everything = await tour([CONSOLE, buttons])
    assert [played.failure for played in everything] == [""] * 6
    assert [(played.channel, played.flow.name) for played in everything] == [
        (channel, flow) for channel in ("console", "buttons") for flow in "ABC"
    ]
    assert all(played.submission and played.requests > 5 for played in everything)
    assert [played.paid for played in everything] == [False, False, True] * 2
    assert "Thank you, your payment has arrived." in transcript(everything[2])


async def test_a_flow_that_does_not_come_fails_alone(monkeypatch):
    """It says what it waited for and what was there; the others go on."""

    async def impatient(chat: Chat, now) -> None:
        chat._wait = 0.5
        await chat.say("Hello")
        await chat.hear("a unicorn")

    async def broke(chat: Chat, now) -> None:
        raise TillError("The till is closed.")

    async def quits(chat: Chat, now) -> None:
        await chat.say("Hello")
        await chat.hear("Equipment")

    flows = [
        Flow(name="X", title="in vain", form="cake", script=impatient),
        Flow(name="Y", title="broke", form="cake", script=broke),
        Flow(name="Z", title="not finished", form="equipment", script=quits),
    ]
    first, second, third = await tour([CONSOLE], flows)
    assert "for a unicorn" in first.failure
    assert "Party cake order" in first.failure
    assert first.chat.startswith("> Hello\n\n")
    assert second.failure == "The till is closed."
    assert third.failure == "The sandbox holds 0 submissions instead of one."
    assert "FAILED: The till is closed." in transcript(second)


async def test_a_conversation_that_takes_too_long_is_ended(monkeypatch):
    """The tour has an end, whatever happens."""

    async def waits(chat: Chat, now) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(tour_module, "WHOLE", 1.0)
    [played] = await tour([CONSOLE], [Flow(name="X", title="", form="cake", script=waits)])
    assert played.failure == "The conversation took more than 1 s."


@pytest.mark.parametrize(
    ("flow", "status", "wrong"),
    [
        (FLOWS[2], "PAYMENT_WAITING", "The order is not paid: the submission's status is"),
        (FLOWS[2], "CONFIRMED", ""),
        (FLOWS[0], "PENDING", ""),
    ],
)
def test_an_order_must_be_paid(flow, status, wrong):
    """Whatever the chat says: the sandbox itself is asked."""
    found = tour_module._wrong(flow, [submission(status)])
    assert found.startswith(wrong)
    assert bool(found) is bool(wrong)


def submission(status: str):
    """Return one of the sandbox's."""
    from bridge.upstream.port import Submission

    return Submission(id="1", form_id="2", status=status, created_at=0.0)


def test_the_transcript_has_a_heading():
    """The channel, the flow, and what was said."""
    played = Played(channel="door", flow=FLOWS[0], chat="> hi\n\n")
    assert transcript(played).splitlines() == [
        "door, flow A: a form by conversation",
        "====================================",
        "",
        "> hi",
        "",
    ]


async def test_taps_are_written_down_with_what_they_changed():
    """The button as it stood there, and the message as it stands now."""
    asked = ours("Which?", Choosable(id="1", label="Oak"), Choosable(id="2", label="Ash"))
    chosen = ours("Which?\n✓ Oak", Choosable(id="3", label="Change"))
    standin = Screenful((asked,), (asked,), (chosen,), (chosen, ours("Fine.")))
    recorder = Recorder(standin)
    await Chat(recorder).take("oak")
    assert standin.done == ["tapped 1"]
    assert (await recorder.changed(2)).messages[-1].text == "Fine."
    assert recorder.record() == (
        "Which?\n[ Oak ] [ Ash ]\n\n> [ Oak ]\n\n(edited)\nWhich?\n✓ Oak\n[ Change ]\n\nFine.\n\n"
    )


async def test_a_tap_that_changes_nothing_is_not_waited_for(monkeypatch):
    """A moment is enough; choices that are typed are no buttons."""
    monkeypatch.setattr(tour_module, "ANSWER_WAIT", 0.01)
    listed = ours("Which?\n1. Oak", Choosable(id="1", label="Oak"))
    recorder = Recorder(Screenful((listed,)))
    await recorder.start("http://127.0.0.1:1")
    await recorder.tap("1")
    await recorder.stop()
    assert recorder.record() == "Which?\n1. Oak\n\n"


async def test_a_channel_that_can_not_be_loaded_fails_alone():
    """It says what to install."""

    def lacking() -> StandIn:
        raise ImportError(name="fax")

    fax = replace(buttons, title="Fax", standin=lacking, extra=("fax",))
    [played] = await tour([fax], FLOWS[:1])
    assert played.failure == "Fax can't be loaded here: install 'threadform[fax]'."


def test_the_table_has_a_row_for_each():
    """Failed ones say so where the submission would stand."""
    fine = Played(channel="door", flow=FLOWS[2], requests=7, submission="abc", paid=True)
    assert table([fine, replace(fine, paid=False, failure="no")]).splitlines() == [
        "channel  flow  requests  submission  paid",
        "-------  ----  --------  ----------  ----",
        "door     C     7         abc         yes",
        "door     C     7         FAILED      -",
    ]


def test_channels_without_a_stand_in_are_left_out():
    """They can't be toured."""
    assert with_standins([replace(CONSOLE, standin=None), buttons]) == (buttons,)


# The command.


def test_the_command_ends_with_zero_where_all_went_well(monkeypatch):
    """With one where anything failed, or an adapter is broken."""
    from bridge.commands import tour as command

    played = Played(channel="console", flow=FLOWS[0], submission="abc")
    outcome = [played]

    async def fake(channels) -> list[Played]:
        return outcome

    monkeypatch.setattr(command, "tour", fake)
    result = CliRunner().invoke(cli, ["tour", "--channel", "console"])
    assert result.exit_code == 0
    assert "abc" in result.output
    outcome[:] = [replace(played, failure="no")]
    assert CliRunner().invoke(cli, ["tour"]).exit_code == 1
    outcome[:] = [played]
    broken = Installed(descriptors=(CONSOLE,), broken=(Broken(name="fax", reason="torn"),))
    monkeypatch.setattr(command, "installed", lambda: broken)
    result = CliRunner().invoke(cli, ["tour"])
    assert (result.exit_code, result.stderr) == (1, "fax: torn\n")
    monkeypatch.setattr(command, "until_stopped", lambda work: work.close())
    assert CliRunner().invoke(cli, ["tour"]).exit_code == 1


def test_a_channel_that_can_not_be_toured_is_a_usage_error():
    """The sentence names those that can."""
    result = CliRunner().invoke(cli, ["tour", "--channel", "fax"])
    assert result.exit_code == 2
    assert "console" in result.stderr


# Reading the screen.


async def test_only_what_came_after_the_last_message_is_an_answer():
    """The same words from before do not count."""
    before = (ours("How many?"),)
    chat = Chat(Screenful(before, (*before, ours("Really: how MANY?"))))
    await chat.say("two")
    assert (await chat.hear("how many")).text == "Really: how MANY?"


async def test_a_choice_is_found_by_the_beginning_of_its_label():
    """The latest one counts, links never do."""
    old, new = (ours("?", Choosable(id=n, label="Yes, please")) for n in ("1", "2"))
    link = ours("!", Choosable(id="http://x", label="Yes", url="http://x"))
    standin = Screenful((old,), (old, new, link))
    chat = Chat(standin)
    await chat.say("hi")
    await chat.take("yes")
    assert standin.done == ["typed hi", "tapped 2"]


async def test_a_choice_of_several_is_confirmed():
    """Where taps only tick options off, the widget's own button is pressed afterwards."""
    nuts, done = Choosable(id="1", label="☐ Nuts"), Choosable(id="9", label="Done")
    ticked = ours("?", Choosable(id="1b", label="☑ Nuts"), replace(done, id="9b"))
    standin = Screenful((ours("?", nuts, done),), (ticked,))
    standin.tap = _then_next(standin)  # type: ignore[method-assign]
    await Chat(standin).take("Nuts")
    assert standin.done == ["tapped 1", "tapped 9b"]


def _then_next(standin: Screenful):
    async def tap(choice: str, *, person: str = "ada") -> None:
        standin.done.append(f"tapped {choice}")
        standin._at = min(standin._at + 1, len(standin._screens) - 1)

    return tap


async def test_the_last_link_is_found():
    """An address that was shown before does not count."""
    old, new = (ours("!", Choosable(id=u, label="Pay", url=u)) for u in ("http://a", "http://b"))
    chat = Chat(Screenful((old,), (old, ours("?")), (old, new)))
    await chat.say("yes")
    assert await chat.link() == "http://b"


@pytest.mark.parametrize(
    ("screens", "there"),
    [([()], "Nothing is shown."), ([(ours("Hi"),)], "The last message is:\nHi")],
)
async def test_waiting_has_an_end(screens, there):
    """The error says what was waited for, and what was there instead."""
    with pytest.raises(NotShown) as raised:
        await Chat(Screenful(*screens), wait=0.01).hear("Ho")
    assert str(raised.value) == f"Waited 0.01 s for Ho. {there}"
