"""The benchmark of the engine: its figures are of real work."""

from __future__ import annotations

from bridge.bench import engine


async def test_every_event_is_answered_in_order(capsys) -> None:
    """A burst, a steady pace and many turns in flight, in small; nothing is missing."""
    wrong = await engine.run(40, 8, 100, paced=0.2, held=0.4)
    printed = capsys.readouterr().out.splitlines()
    assert wrong == 0
    assert [line.split(":")[0] for line in printed[1:]] == [
        "burst",
        "50 turns/s",
        "100 turns in flight",
    ]
    assert printed[1].endswith("missing or out of order: 0")


def test_disorder_is_seen() -> None:
    """A thread whose answers came in another order is counted."""
    desk = engine.Desk(wanted=9)
    for text in ("done 1-2", "done 1-1", "I got 1-3."):
        desk.delivered(engine.ThreadKey("bench:1"), text)
    assert (desk.disordered, len(desk.done), desk.all_done.is_set()) == (1, 2, False)
