"""One-time links, by a clock that the test turns."""

from __future__ import annotations

import pytest

from musearoo.bridge.api.access.links import LASTS, LASTS_ON_PHONES, MOST, Links
from musearoo.bridge.api.access.who import Who

ADA = Who("ada", "ada", frozenset({"make", "read"}))


class Clock:
    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def links(clock: Clock) -> Links:
    return Links(clock)


def make(links: Links, name: str = "page", is_remote: bool = False) -> str:
    code, _ = links.make(ADA, name=name, scopes=("make",), days=1.0, is_remote=is_remote)
    return code


def test_a_link_is_opened_once(links: Links) -> None:
    code = make(links, "tablet")
    assert len(code) >= 43, "256 bits in base64"
    link = links.take(code)
    assert link is not None
    assert (link.who, link.name, link.scopes, link.days) == (ADA, "tablet", ("make",), 1.0)
    assert links.take(code) is None
    for wrong in ("", code[:-1], code + "x", code.upper(), "\ud800"):
        assert links.take(wrong) is None, wrong


def test_a_link_ends_after_two_minutes_and_one_for_a_phone_after_ten(links: Links, clock: Clock) -> None:
    for is_remote, lasts in ((False, LASTS), (True, LASTS_ON_PHONES)):
        in_time, late = (make(links, is_remote=is_remote) for _ in range(2))
        clock.now += lasts - 0.1
        assert links.take(in_time) is not None
        clock.now += 0.1
        assert links.take(late) is None
    assert (LASTS, LASTS_ON_PHONES) == (120.0, 600.0)


def test_the_oldest_of_too_many_links_ends(links: Links) -> None:
    codes = [make(links) for _ in range(MOST + 1)]
    assert [links.take(code) is not None for code in codes] == [False] + [True] * MOST
    assert MOST == 16


def test_links_that_have_ended_take_nobody_s_place(links: Links, clock: Clock) -> None:
    phone = make(links, is_remote=True)
    for _ in range(MOST - 1):
        make(links)
    clock.now += LASTS
    make(links)
    assert links.take(phone) is not None


def test_only_the_links_for_other_machines_are_dropped(links: Links) -> None:
    here, phone = make(links), make(links, is_remote=True)
    links.drop_remote()
    assert links.take(phone) is None
    assert links.take(here) is not None
