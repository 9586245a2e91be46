"""The index of Live's browser: found by name, walked in slices, and never in the way."""

from __future__ import annotations

import types
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from musearoo.remote_scripts.MuseAroo.host.log import Log
from musearoo.remote_scripts.MuseAroo.live_set import browsing
from musearoo.remote_scripts.MuseAroo.live_set.browsing import SLICE_S, BrowserIndex


class Item:
    """An item of a browser whose every child takes a millisecond to read."""

    def __init__(self, name: str, children: tuple[Item, ...] = (), device: bool = False, broken: bool = False) -> None:
        self.name, self._children, self.is_device, self._broken = name, children, device, broken
        self.is_loadable = device or "." in name
        self.reads = 0

    @property
    def iter_children(self) -> Iterator[Item]:
        if self._broken:
            raise RuntimeError("gone")
        for child in self._children:
            CLOCK.now += 0.001
            self.reads += 1
            yield child


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


CLOCK = Clock()
SAMPLES = Item("Samples", (Item("kick.wav"),))


@pytest.fixture
def index(monkeypatch: pytest.MonkeyPatch) -> Callable[..., BrowserIndex]:
    def make(**roots: Any) -> BrowserIndex:
        browser = types.SimpleNamespace(**roots)
        monkeypatch.setattr(browsing, "application", lambda: types.SimpleNamespace(browser=browser))
        return BrowserIndex(CLOCK, Log(lambda _: None, CLOCK))

    return make


def identity(index: BrowserIndex, name: str) -> int:
    return id(index.find(name))


def test_kits_presets_and_devices_are_found_by_name(index: Callable[..., BrowserIndex]) -> None:
    operator = Item("Operator", (Item("Sub.adv"),), device=True)
    found = index(
        drums=Item("Drums", (Item("909 Core Kit.adg"), SAMPLES)), instruments=Item("Instruments", (operator,))
    )
    while not found.is_complete:
        found.advance()
    assert found.find("909 core kit") is not None
    assert identity(found, "Operator") == id(operator)
    assert found.find("sub") is not None
    assert found.find("kick") is None
    assert SAMPLES.reads == 0
    assert len(found) == 3


def test_the_user_s_own_wins_over_one_of_that_name(index: Callable[..., BrowserIndex]) -> None:
    mine, theirs = Item("Kit.adg"), Item("Kit.adg")
    found = index(drums=Item("Drums", (theirs,)), user_library=Item("User Library", (mine,)))
    found.advance()
    assert identity(found, "Kit") == id(mine)


def test_a_slice_ends_in_time(index: Callable[..., BrowserIndex]) -> None:
    found = index(drums=Item("Drums", tuple(Item(f"{number}.adg") for number in range(500))))
    slices = 0
    while not found.is_complete:
        before = CLOCK.now
        found.advance()
        slices += 1
        assert CLOCK.now - before < SLICE_S + 0.0011
    assert slices > 100
    assert len(found) == 500


def test_a_folder_that_cannot_be_read_is_left_out(index: Callable[..., BrowserIndex]) -> None:
    found = index(drums=Item("Drums", (Item("Broken", broken=True), Item("Kit.adg"))), packs=Item("Packs", broken=True))
    for _ in range(10):
        found.advance()
    assert found.is_complete
    assert found.find("Kit") is not None


def test_a_browser_without_places_is_walked_at_once(index: Callable[..., BrowserIndex]) -> None:
    found = index(user_folders=[Item("Mine", (Item("Lead.adv"),))])
    found.advance()
    assert found.is_complete
    assert found.find("Lead") is not None
