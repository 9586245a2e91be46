"""The first free port of those that a peer tries is taken."""

from __future__ import annotations

import asyncio

from musearoo.bridge.links.ports import listen_on_free_port
from musearoo.bridge.protocol import PORTS_TO_TRY
from tests.each_case import each_case


def _take(free: frozenset[int]) -> tuple[int | None, list[int]]:
    """Which port is taken, and which were tried."""
    tried: list[int] = []

    async def listen(port: int) -> None:
        tried.append(port)
        if port not in free:
            raise OSError("taken")

    try:
        return asyncio.run(listen_on_free_port(5000, listen)), tried
    except OSError:
        return None, tried


@each_case("place", [0, 1, PORTS_TO_TRY - 2, PORTS_TO_TRY - 1])
def test_the_first_that_is_free_is_taken_and_none_is_tried_after_it(place: int) -> None:
    free = frozenset((5000 + place, 5000 + PORTS_TO_TRY - 1))
    assert _take(free) == (5000 + place, [5000 + number for number in range(place + 1)])


def test_where_all_are_taken_it_says_so_and_tries_no_further() -> None:
    assert _take(frozenset((5000 + PORTS_TO_TRY, 4999))) == (None, [5000 + number for number in range(PORTS_TO_TRY)])
