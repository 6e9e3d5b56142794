"""Laws of what goes out: rendering, limits, choosing, editing."""

from __future__ import annotations

import dataclasses
import json
import unicodedata
from typing import TYPE_CHECKING

import pytest
from hypothesis import strategies as st

from bridge import answers
from bridge.conformance.strategies import (
    asks,
    basics,
    for_all,
    menu,
    options,
    plain_options,
    prompts,
    replies,
    shown,
)
from bridge.protocol.adapter import Redraws
from bridge.protocol.calls import OnUncertain, Urgency
from bridge.protocol.capabilities import Level
from bridge.protocol.events import Choice, Text, Toggle, WidgetStep
from bridge.protocol.prompts import (
    Answered,
    MultiSelect,
    Option,
    Prompt,
    PromptOwner,
    PromptView,
    SingleSelect,
    options_of,
)
from bridge.protocol.replies import (
    Ask,
    Callout,
    Confirmation,
    Expect,
    LinkButton,
    Menu,
    Say,
    Separator,
)
from bridge.protocol.threads import PromptId

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hypothesis.strategies import SearchStrategy

    from bridge.conformance.harness import Harness, Tap
    from bridge.protocol.calls import Call
    from bridge.protocol.events import AnyEvent
    from bridge.protocol.prompts import MenuLine, Widget
    from bridge.protocol.replies import Reply


class OutgoingLaws:
    """What `render`, `redraw` and `close` must do."""

    def test_limits_are_kept(self, harness: Harness) -> None:
        """No call, and no fallback, breaks a limit of the platform."""

        def check(said: tuple[Reply, ...]) -> None:
            broken = [harness.drawing.measure(call) for call in _all(_render(harness, said))]
            assert not [limit for limits in broken for limit in limits]

        _for_all_replies(harness, check)

    def test_no_text_is_lost(self, harness: Harness) -> None:
        """All that was said can be read, literally and in order, whatever looks like markup."""

        def check(said: tuple[Reply, ...]) -> None:
            seen = _squeeze(harness, harness.drawing.visible(_render(harness, said)))
            at = 0
            for text in _told(said):
                wanted = _squeeze(harness, text)
                found = seen.find(wanted, at)
                assert found >= 0, f"{text[:80]!r} can't be read, or not in its place"
                at = found + len(wanted)

        _for_all_replies(harness, check)

    def test_questions_can_be_read(self, harness: Harness) -> None:
        """The question of every prompt is shown, by its own heading or by the text before it."""

        def check(said: tuple[Reply, ...]) -> None:
            seen = _squeeze(harness, harness.drawing.visible(_render(harness, said)))
            for prompt in _prompts(said):
                assert _squeeze(harness, prompt.question) in seen

        _for_all_replies(harness, check)

    def test_text_stays_text(self, harness: Harness) -> None:
        """Nothing can be opened and nobody is called but by a LinkButton (law 11)."""

        def check(said: tuple[Reply, ...]) -> None:
            meant = {reply.url for reply in said if isinstance(reply, LinkButton)}
            assert set(harness.drawing.active(_render(harness, said))) <= meant

        _for_all_replies(harness, check)

    def test_public_links_can_be_opened(self, harness: Harness) -> None:
        """Every LinkButton that is not private opens its address."""

        def check(said: tuple[Reply, ...]) -> None:
            meant = {r.url for r in said if isinstance(r, LinkButton) and not r.private}
            assert meant <= set(harness.drawing.active(_render(harness, said)))

        _for_all_replies(harness, check)

    def test_rendering_is_pure(self, harness: Harness) -> None:
        """Rendering again gives equal calls."""

        def check(said: tuple[Reply, ...]) -> None:
            assert _render(harness, said) == _render(harness, said)

        _for_all_replies(harness, check, examples=20)

    def test_calls_can_be_stored(self, harness: Harness) -> None:
        """A call is JSON, holds no address, draws on known buckets; a fallback has none (law 7)."""

        def check(said: tuple[Reply, ...]) -> None:
            for call in _all(_render(harness, said)):
                _check_storable(harness, call, said=repr(said))

        _for_all_replies(harness, check)

    def test_every_prompt_is_one_call(self, harness: Harness) -> None:
        """Each Ask is exactly one call that names it, and no call names anything else."""

        def check(said: tuple[Reply, ...]) -> None:
            asked = [reply.prompt.id for reply in said if isinstance(reply, Ask)]
            listed = {reply.prompt.id for reply in said if isinstance(reply, Menu)}
            named = [call.prompt for call in _render(harness, said) if call.prompt is not None]
            assert [name for name in named if name not in listed] == asked

        _for_all_replies(harness, check)

    def test_what_matters_is_repeated(self, harness: Harness) -> None:
        """A call with a prompt, a list or a link is made again when its arrival is unknown."""

        def check(said: tuple[Reply, ...]) -> None:
            for reply in said:
                if isinstance(reply, Ask | Menu | LinkButton):
                    calls = _render(harness, (reply,))
                    assert [c for c in calls if c.on_uncertain is OnUncertain.REPEAT]

        _for_all_replies(harness, check, examples=30)

    def test_every_tap_means_its_option(self, harness: Harness) -> None:
        """Each option of a widget can be tapped, and the tap means exactly it (law 9)."""

        def check(prompt: Prompt) -> None:
            wanted = set(range(len(options_of(prompt.widget))))
            found: set[int] = set()
            for page in wanted:
                for tap in harness.drawing.taps(
                    _render(harness, (Ask(_at(harness, prompt, page)),))
                ):
                    found |= _check_tap(harness, prompt, tap)
                if found == wanted:
                    return
            pytest.fail("not every option can be tapped")

        for_all(prompts(_native_selects(harness)), check, examples=20)

    def test_several_can_be_confirmed(self, harness: Harness) -> None:
        """What the view of a multi select has selected can be confirmed by a tap."""
        if harness.adapter.capabilities.multi_select is not Level.NATIVE:
            pytest.skip("no native multi select on this channel")
        toppings = shown(_TOPPINGS, harness.adapter.capabilities)
        taps = harness.drawing.taps(_render(harness, (Ask(toppings),)))
        events = [event for tap in taps for event in harness.adapter.parse(tap.raw)]
        confirmed = [e for e in events if isinstance(e, Choice) and e.chosen in {None, (1,)}]
        assert [(e.prompt, e.rev) for e in confirmed] == [(_TOPPINGS.id, _TOPPINGS.view.rev)]

    def test_every_mark_can_be_typed(self, harness: Harness) -> None:
        """Each mark of a numbered list is drawn, and typed it means its option (law 9)."""
        words = answers.Words.of(harness.adapter.capabilities)

        def check(prompt: Prompt) -> None:
            listed = menu(prompt, words)
            seen = harness.drawing.visible(_render(harness, (listed,)))
            for line in listed.lines:
                assert line.mark in seen
                _check_mark(harness, listed, line)

        single = options(12).map(lambda drawn: SingleSelect(options=drawn))
        several = options(12).map(lambda drawn: MultiSelect(options=drawn))
        for_all(prompts(st.one_of(single, several)), check, examples=20)

    def test_edits_name_their_prompt(self, harness: Harness) -> None:
        """An edit names the prompt whose message it changes, and gives way to answers."""
        adapter, native = _redraws(harness)

        def check(prompt: Prompt) -> None:
            for call in _edits(adapter, prompt, harness):
                assert call.edits == prompt.id
                assert call.urgency is Urgency.EDIT
                assert call.on_uncertain is OnUncertain.REPEAT
                for one in _all((call,)):
                    assert not harness.drawing.measure(one)
                    _check_storable(harness, one, said=repr(prompt))

        for_all(native, check)

    def test_an_answer_takes_the_widgets_place(self, harness: Harness) -> None:
        """A closed widget shows what was chosen, and no option can be tapped (law 10)."""
        adapter, native = _redraws(harness)

        def check(prompt: Prompt) -> None:
            call = adapter.close(Answered(prompt=prompt, chosen="Chosen-007"), harness.thread)
            assert call is not None
            assert "Chosen-007" in harness.drawing.visible((call,))
            assert not harness.drawing.taps((call,))

        for_all(native, check, examples=20)


def _for_all_replies(
    harness: Harness, check: Callable[[tuple[Reply, ...]], None], *, examples: int = 60
) -> None:
    """Check one plain reply of each kind, whatever chance brings, and then what is drawn."""
    for said in basics(harness.adapter.capabilities):
        check(said)
    for_all(replies(harness.adapter.capabilities), check, examples=examples)


def _render(harness: Harness, said: Sequence[Reply]) -> tuple[Call, ...]:
    return harness.adapter.render(said, harness.thread)


def _all(calls: Sequence[Call]) -> list[Call]:
    return [one for call in calls for one in (call, call.fallback) if one is not None]


def _squeeze(harness: Harness, text: str) -> str:
    """Return the text without white space and control characters, which a channel may change."""
    folded = harness.drawing.fold(text)
    return "".join(c for c in folded if not c.isspace() and unicodedata.category(c) != "Cc")


def _told(said: Sequence[Reply]) -> list[str]:
    return [text for reply in said for text in _texts(reply)]


def _texts(reply: Reply) -> list[str]:
    match reply:
        case Say(spans):
            return ["".join(span.text for span in spans)]
        case Confirmation(items):
            return [text for item in items for text in (item.label, item.shown)]
        case Callout(_, text):
            return [text]
        case Menu(_, lines, hint):
            return [*(line.label for line in lines), hint]
        case LinkButton(text, _, _, private):
            return [] if private else [text]
        case Ask() | Separator() | Expect():
            return []


def _prompts(said: Sequence[Reply]) -> list[Prompt]:
    return [reply.prompt for reply in said if isinstance(reply, Ask | Menu)]


def _check_storable(harness: Harness, call: Call, *, said: str) -> None:
    """Check one call; an address that somebody said is text, and may stay."""
    stored = json.dumps(call.body)
    assert json.loads(stored) == call.body, "a body must be plain JSON: lists, no tuples"
    unsaid = [name for name in (harness.thread, *harness.addresses) if name not in said]
    assert not [address for address in unsaid if address in stored]
    assert set(call.buckets) <= set(harness.adapter.capabilities.buckets)
    assert call.fallback is None or call.fallback.fallback is None


def _at(harness: Harness, prompt: Prompt, page: int) -> Prompt:
    turned = dataclasses.replace(prompt, view=dataclasses.replace(prompt.view, page=page))
    return shown(turned, harness.adapter.capabilities)


def _native_selects(harness: Harness) -> SearchStrategy[Widget]:
    capabilities = harness.adapter.capabilities
    choices = plain_options(max(1, capabilities.native_options))
    native: list[SearchStrategy[Widget]] = []
    if capabilities.single_select is Level.NATIVE:
        native.append(choices.map(lambda drawn: SingleSelect(options=drawn)))
    if capabilities.multi_select is Level.NATIVE:
        native.append(choices.map(lambda drawn: MultiSelect(options=drawn)))
    if not native:
        pytest.skip("no native selects on this channel")
    return st.one_of(native)


def _redraws(harness: Harness) -> tuple[Redraws, SearchStrategy[Prompt]]:
    adapter, native = harness.adapter, asks(harness.adapter.capabilities)
    if not isinstance(adapter, Redraws) or native is None:
        pytest.skip("this channel edits nothing")
    return adapter, native


def _check_tap(harness: Harness, prompt: Prompt, tap: Tap) -> set[int]:
    """Return the option that the tap means, after checking that its label says the same."""
    meant = {index for event in harness.adapter.parse(tap.raw) for index in _meant(prompt, event)}
    for index in meant:
        assert options_of(prompt.widget)[index].label in tap.label
    return meant


def _meant(prompt: Prompt, event: AnyEvent) -> tuple[int, ...]:
    match event:
        case Choice(prompt=name, chosen=chosen) if chosen is not None:
            assert (name, event.rev) == (prompt.id, prompt.view.rev)
            return chosen
        case WidgetStep(prompt=name, step=Toggle(index=index)):
            assert (name, event.rev) == (prompt.id, prompt.view.rev)
            return (index,)
        case _:
            return ()


_TOPPINGS = Prompt(
    id=PromptId("toppings"),
    owner=PromptOwner.UPSTREAM,
    question="Which toppings?",
    widget=MultiSelect(options=tuple(Option(label=f"Topping-{n}") for n in range(5))),
    view=PromptView(rev=3, selected=(1,)),
)


def _check_mark(harness: Harness, shown: Menu, line: MenuLine) -> None:
    raw = harness.drawing.typed(line.mark)
    if raw is None:
        return
    texts = [event.text for event in harness.adapter.parse(raw) if isinstance(event, Text)]
    assert texts == [line.mark]
    reading = answers.read(
        texts[0], (shown.prompt,), answers.Words.of(harness.adapter.capabilities)
    )
    assert isinstance(reading, answers.Chosen)
    assert reading.chosen == (line.index,)


def _edits(adapter: Redraws, prompt: Prompt, harness: Harness) -> list[Call]:
    answered = Answered(prompt=prompt, chosen="Chocolate", change=True)
    drawn = shown(prompt, harness.adapter.capabilities)
    made = (adapter.redraw(drawn, harness.thread), adapter.close(answered, harness.thread))
    return [call for call in made if call is not None]
