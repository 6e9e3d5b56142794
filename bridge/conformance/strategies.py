"""What the laws draw from: texts that hurt, prompts, replies.

Every text is one that people or the upstream may send: markup of all platforms, control
characters, right-to-left, emoji, long words. None holds a lone surrogate: JSON from the upstream
is read as UTF-8, and an adapter's own input is its own concern.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, TypeVar

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bridge import answers
from bridge.degrade import displayed
from bridge.phrases import Phrases
from bridge.protocol.capabilities import Level
from bridge.protocol.prompts import (
    MenuLine,
    MultiSelect,
    NumberInput,
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
    Format,
    LinkButton,
    Menu,
    Say,
    Separator,
    Span,
    Tone,
    Understood,
)
from bridge.protocol.threads import PromptId

if TYPE_CHECKING:
    from collections.abc import Callable

    from bridge.protocol.capabilities import Capabilities
    from bridge.protocol.prompts import Widget
    from bridge.protocol.replies import Reply
    from bridge.protocol.threads import Json

NASTY = (
    "<b>bold</b> & <!channel> <@U123> <https://evil.example|click>",
    "*bold* _it_ ~no~ `code` ||spoiler|| [x](https://evil.example)",
    "[red]red[/red] [link=https://evil.example]x[/link] :smile:",
    "&amp; &lt;b&gt; &#39; \\* \\_",
    "@everyone @channel /cancel #tag",
    "\x1b[31mred\x1b[0m\x07 \x9b31m \x00nul",
    "שלום עולם \u202eabc\u202c مرحبا",
    "👩‍👩‍👧‍👦 🇩🇪 e\u0301 日本語 ﷽",
    *(
        "1",
        "2",
        "0",
        "1,3",
        "2-4",
        "ok",
        "more",
        "cancel",
        "STOP",
        "yes",
        "No.",
        "1. First",
        "> no",
    ),
    "{{x}} {0} %s ${HOME}",
    "line\nline\n\n  1. looks like a list",
    " leading and trailing ",
    "W" * 5000,
    "many words " * 900,
)

URLS = (
    "https://example.com/checkout/1",
    "https://example.com/c?a=1&b=2%20",
    "https://xn--e1a.example/",
)

_Drawn = TypeVar("_Drawn")


_UNASKED = (
    # The texts are long on purpose.
    HealthCheck.data_too_large,
    HealthCheck.large_base_example,
    HealthCheck.too_slow,
)


def for_all(
    strategy: st.SearchStrategy[_Drawn], check: Callable[[_Drawn], None], *, examples: int = 60
) -> None:
    """Run `check` on many drawn values; a failing one is made small and shown."""
    run = given(strategy)(check)
    settings(max_examples=examples, deadline=None, suppress_health_check=_UNASKED, database=None)(
        run
    )()


def texts(*, longest: int = 300) -> st.SearchStrategy[str]:
    """Draw texts of 1..`longest` characters, and the nasty ones, whatever their length."""
    # By position, since hypothesis writes out what it samples from.
    nasty = st.integers(0, len(NASTY) - 1).map(NASTY.__getitem__)
    return st.one_of(nasty, st.text(min_size=1, max_size=longest))


def json_values() -> st.SearchStrategy[Json]:
    """Draw any JSON value."""
    scalars = st.one_of(
        st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(max_size=30)
    )
    return st.recursive(
        scalars,
        lambda inner: st.one_of(
            st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=12), inner, max_size=4)
        ),
        max_leaves=12,
    )


def json_objects() -> st.SearchStrategy[dict[str, Json]]:
    """Draw any JSON object."""
    return st.dictionaries(st.text(max_size=12), json_values(), max_size=6)


def options(most: int = 100) -> st.SearchStrategy[tuple[Option, ...]]:
    """Draw 1..`most` options; labels may be equal, values differ."""
    labels = st.lists(texts(longest=60), min_size=1, max_size=most)
    return labels.map(
        lambda drawn: tuple(Option(label=label, value=str(n)) for n, label in enumerate(drawn))
    )


def plain_options(most: int = 100) -> st.SearchStrategy[tuple[Option, ...]]:
    """Draw 1..`most` options whose labels are short and differ."""
    return st.integers(1, most).map(
        lambda count: tuple(Option(label=f"Option-{n:03}", value=n) for n in range(count))
    )


def selects(choices: st.SearchStrategy[tuple[Option, ...]]) -> st.SearchStrategy[Widget]:
    """Draw single and multi selects."""
    custom = st.one_of(st.none(), texts(longest=40))
    single = st.builds(SingleSelect, options=choices, custom=custom)
    multi = st.builds(MultiSelect, options=choices, custom=custom, minimum=st.integers(0, 2))
    return st.one_of(single, multi)


def numbers() -> st.SearchStrategy[NumberInput]:
    """Draw number widgets, with and without bounds and steps."""
    bounds = st.one_of(st.none(), st.decimals(-1000, 0, places=1))
    highest = st.one_of(st.none(), st.decimals(1, 10**9, places=1))
    steps = st.sampled_from(
        [None, Decimal(1), Decimal("0.25"), Decimal("0.000000001"), Decimal(500)]
    )
    return st.builds(NumberInput, minimum=bounds, maximum=highest, step=steps)


def prompts(widgets: st.SearchStrategy[Widget]) -> st.SearchStrategy[Prompt]:
    """Draw prompts with a view that fits the widget."""
    identity = st.text("0123456789abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=20)
    return st.builds(
        _prompt,
        st.tuples(identity.map(PromptId), texts(), widgets),
        st.sampled_from(PromptOwner),
        st.integers(0, 10_000),
        st.sets(st.integers(0, 99), max_size=4),
    )


def _prompt(
    what: tuple[PromptId, str, Widget], owner: PromptOwner, rev: int, chosen: set[int]
) -> Prompt:
    identity, question, widget = what
    count = len(options_of(widget))
    selected = tuple(sorted(n for n in chosen if n < count)) if count else ()
    number = None if count else Decimal(rev)
    view = PromptView(rev=rev, selected=selected, number=number)
    return Prompt(id=identity, owner=owner, question=question, widget=widget, view=view)


def menu(prompt: Prompt, words: answers.Words, hint: str = "Answer with a number.") -> Menu:
    """Return the prompt as the core lists it on a channel with these words."""
    options_and_marks = zip(options_of(prompt.widget), answers.marks(prompt, words), strict=True)
    lines = (
        MenuLine(mark=mark, label=option.label, index=index, selected=index in prompt.view.selected)
        for index, (option, mark) in enumerate(options_and_marks)
    )
    return Menu(prompt, tuple(lines), hint)


def shown(prompt: Prompt, capabilities: Capabilities) -> Prompt:
    """Return the prompt as the core gives it to an adapter: with what its widget shows now."""
    return displayed(prompt, capabilities, Phrases())


def asks(capabilities: Capabilities) -> st.SearchStrategy[Prompt] | None:
    """Draw prompts that this channel has a widget for; None where it has none."""
    fitting: list[st.SearchStrategy[Widget]] = []
    if capabilities.native_options:
        choices = options(capabilities.native_options)
        custom = st.one_of(st.none(), texts(longest=40))
        if capabilities.single_select is Level.NATIVE:
            fitting.append(st.builds(SingleSelect, options=choices, custom=custom))
        if capabilities.multi_select is Level.NATIVE:
            fitting.append(st.builds(MultiSelect, options=choices, custom=custom))
    if capabilities.number is Level.NATIVE:
        fitting.append(numbers())
    return prompts(st.one_of(fitting)) if fitting else None


def says() -> st.SearchStrategy[Reply]:
    """Draw replies that only say something."""
    spans = st.lists(st.builds(Span, texts(), st.booleans()), min_size=1, max_size=4)
    known = st.lists(st.builds(Understood, texts(longest=40), texts()), min_size=1, max_size=4)
    return st.one_of(
        spans.map(lambda drawn: Say(tuple(drawn))),
        known.map(lambda drawn: Confirmation(tuple(drawn))),
        st.builds(Callout, st.sampled_from(Tone), texts()),
        st.just(Separator()),
        st.builds(Expect, st.just("phone"), st.sampled_from(Format)),
    )


def links() -> st.SearchStrategy[LinkButton]:
    """Draw link buttons."""
    label = texts(longest=40)
    return st.builds(LinkButton, texts(), label, st.sampled_from(URLS), st.booleans())


def replies(capabilities: Capabilities) -> st.SearchStrategy[tuple[Reply, ...]]:
    """Draw what the core may ask this channel to show in one answer."""
    listed = prompts(st.one_of(selects(options(8)), selects(plain_options()), numbers()))
    words = answers.Words.of(capabilities)
    kinds: list[st.SearchStrategy[Reply]] = [
        says(),
        links(),
        listed.map(lambda prompt: menu(prompt, words)),
    ]
    native = asks(capabilities)
    if native is not None:
        kinds.append(native.map(lambda prompt: Ask(shown(prompt, capabilities))))
    drawn = st.lists(st.one_of(kinds), min_size=1, max_size=5, unique_by=_identity)
    return drawn.map(tuple)


def _identity(reply: Reply) -> object:
    return reply.prompt.id if isinstance(reply, Ask | Menu) else object()


def basics(capabilities: Capabilities) -> tuple[tuple[Reply, ...], ...]:
    """Return one plain answer for each kind of reply that this channel may be asked to show."""
    widget = SingleSelect(options=(Option(label="Small"), Option(label="Large")))
    prompt = Prompt(
        id=PromptId("basic"), owner=PromptOwner.UPSTREAM, question="Which size?", widget=widget
    )
    link = LinkButton("Your order is ready.", "Pay", URLS[0])
    listed = menu(prompt, answers.Words.of(capabilities))
    known = Confirmation((Understood("Size", "Large"),))
    bold = Say((Span("Hello"), Span(" you", bold=True)))
    kinds: list[Reply] = [bold, known, Callout(Tone.ERROR, "Try again."), link, listed]
    if capabilities.native_options and capabilities.single_select is Level.NATIVE:
        kinds.append(Ask(shown(prompt, capabilities)))
    return tuple((kind,) for kind in kinds)
