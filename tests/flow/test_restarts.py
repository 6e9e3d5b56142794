"""A whole order while the bridge is stopped and started again, kindly, between any two requests."""

from __future__ import annotations

import asyncio

import pytest

from bridge.sandbox.ledger import Act
from bridge.till import press
from tests.flow.scripts import order

EVERY = 9
"""Requests between two restarts; the stories begin at different ones, so that all are met."""


class Restarts:
    """Counts every request, in and out, and restarts the bridge after each ninth."""

    def __init__(self, house, first: int) -> None:
        self._house = house
        self._left = first
        self._wanted = asyncio.Event()
        self._over = False
        self.made = 0
        house.road.watch = self._count
        house.phone.board.weather = self._call

    def _call(self, method: str, _thread: str) -> None:
        self._count(method)

    def _count(self, name: str) -> None:
        if name in ("submission", "orders", "form"):
            return  # the bridge looks for payments as long as it runs
        self._left -= 1
        if self._left <= 0:
            self._wanted.set()

    async def run(self) -> None:
        """Restart whenever it is time."""
        while not self._over:
            await self._wanted.wait()
            if self._over:
                return
            await self._house.restart()
            self._left = EVERY
            self._wanted.clear()
            self.made += 1

    def end(self) -> None:
        """Begin no further one."""
        self._over = True
        self._wanted.set()


@pytest.mark.parametrize("first", range(1, EVERY + 1))
async def test_order_over_restarts(build, first: int) -> None:
    """Whenever the bridge is stopped and started again, nothing is lost and nothing comes twice."""
    house = await build(default="cake")
    restarts = Restarts(house, first)
    running = asyncio.create_task(restarts.run())
    ada = house.person()
    try:
        await press(await order(ada), Act.PAY)
        await ada.hear("payment has arrived")
    finally:
        restarts.end()
        await running
    await house.settled()
    assert restarts.made > 0
    assert not house.phone.duplicates()
    (made,) = await house.submissions("cake")
    assert ("chocolate", ["berries"], 20, "Ada") == tuple(
        made.values[name] for name in ("flavor", "toppings", "guests", "first_name")
    )
    assert not any("did not get" in text for text in ada.texts)
    assert [("DONE",)] == house.rows("select distinct state from inbox")
