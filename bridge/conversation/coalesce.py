"""A decision's effects with each record written once: as it is at the end, from what it was."""

from __future__ import annotations

from bridge.conversation import effects as fx


def coalesced(effects: tuple[fx.Effect, ...]) -> tuple[fx.Effect, ...]:
    """Return the effects with each record written once: as it is at the end, from what it was."""
    result: list[fx.Effect] = []
    places: dict[tuple[str, str], int] = {}
    for effect in effects:
        key = _record(effect)
        place = places.get(key) if key else None
        if key is None or place is None:
            if key:
                places[key] = len(result)
            result.append(effect)
        else:
            result[place] = _merged(result[place], effect)
    return tuple(result)


def _record(effect: fx.Effect) -> tuple[str, str] | None:
    match effect:
        case fx.PutTurn():
            return ("turn", effect.turn.id)
        case fx.PutConversation():
            return ("conversation", effect.conversation.id)
        case fx.PutPrompt():
            return ("prompt", effect.shown.prompt.id)
        case fx.PutThread():
            return ("thread", effect.thread.id)
        case fx.Mark():
            return ("event", str(effect.seq))
        case _:
            return None


def _merged(first: fx.Effect, last: fx.Effect) -> fx.Effect:
    match first, last:
        case fx.PutTurn(), fx.PutTurn():
            return fx.PutTurn(last.turn, first.was)
        case fx.PutConversation(), fx.PutConversation():
            return fx.PutConversation(last.conversation, first.was)
        case fx.PutPrompt(), fx.PutPrompt():
            return fx.PutPrompt(last.shown, first.new)
        case fx.Mark(), fx.Mark():
            return fx.Mark(last.seq, first.was, last.state, last.turn, last.entry)
        case _:
            return last
