"""What every level keeps to: entries whole or missing, never more than the bounds, and honest statistics."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final

import pytest

from musearoo.bridge.cache.contract import Bounds, CacheLevel, Entry, list_evicted, name_entry, read_as
from musearoo.bridge.cache.disk import DiskLevel
from musearoo.bridge.cache.memory import Levels, MemoryLevel
from tests.bridge.cache.some_levels import Clock, Server, SharedLevel

SEALED: Final = 20
"""Bytes that a disk adds to an entry."""


class Stage:
    """Levels of one kind with a clock of the test's own."""

    def __init__(self, kind: str, folder: Path) -> None:
        self.clock = Clock()
        self.is_shared = kind in ("disk", "mapped disk", "shared")
        self.is_layered = kind == "all of them"
        server = Server()
        kinds: dict[str, Callable[[Bounds], CacheLevel]] = {
            "memory": lambda bounds: MemoryLevel(bounds, self.clock),
            "disk": lambda bounds: DiskLevel(folder, bounds, ".entry", clock=self.clock),
            "mapped disk": lambda bounds: DiskLevel(folder, bounds, ".entry", is_mapped=True, clock=self.clock),
            "shared": lambda bounds: SharedLevel(server, bounds, self.clock),
            "all of them": lambda bounds: Levels(*(kinds[each](bounds) for each in ("memory", "disk", "shared"))),
        }
        self._make = kinds[kind]

    def open(self, **bounds: Any) -> CacheLevel:
        """A level with these bounds; of one kind all have the same entries, if processes share them."""
        return self._make(Bounds(**bounds))


@pytest.fixture(params=["memory", "disk", "mapped disk", "shared", "all of them"])
def stage(request: pytest.FixtureRequest, tmp_path: Path) -> Stage:
    return Stage(request.param, tmp_path / "cache")


def test_what_was_written_is_read_back_until_it_is_replaced_or_removed(stage: Stage) -> None:
    level = stage.open()
    for content in (b"", b"\0", bytes(range(256)) * 300):
        assert level.read("one") is None
        level.write("one", b"an older one")
        level.write("one", content)
        assert level.read("one") == content
        level.remove("one")
        assert level.read("one") is None
    level.remove("one")


def test_names_are_listed_by_their_beginning_and_all_is_cleared(stage: Stage) -> None:
    level = stage.open()
    assert level.names() == ()
    level.clear()
    for name in ("b-2", "a-1", "b-1"):
        level.write(name, b"content")
    assert (level.names(), level.names("b-"), level.names("c")) == (("a-1", "b-1", "b-2"), ("b-1", "b-2"), ())
    level.clear()
    assert (level.names(), level.read("a-1")) == ((), None)
    assert (level.statistics().entries, level.statistics().bytes) == (0, 0)


@pytest.mark.parametrize("name", ["", ".", "..", ".hidden", "a/b", "a\\b", "a\0", "ä", "a b", "x" * 201])
def test_what_is_no_name_is_refused_everywhere(stage: Stage, name: str) -> None:
    level = stage.open()
    for act in (level.read, level.remove, lambda name: level.write(name, b"")):
        with pytest.raises(ValueError, match="an entry's name has"):
            act(name)


def test_the_longest_unused_go_when_there_are_too_many(stage: Stage) -> None:
    level = stage.open(most_entries=3)
    for name in ("a", "b", "c"):
        level.write(name, b"content")
    (stage.open() if stage.is_shared else level).read("a")
    level.write("d", b"content")
    kept = ("a", "c", "d")
    if not stage.is_layered:
        assert level.names() == kept
    assert all(level.read(name) == b"content" for name in kept)


def test_the_longest_unused_go_when_there_are_too_many_bytes(stage: Stage) -> None:
    level = stage.open(most_bytes=10 * (100 + SEALED))
    for number in range(40):
        level.write(f"{number:02}", bytes(100))
        assert level.statistics().bytes <= 10 * (100 + SEALED)
    names = level.names()
    assert 8 <= len(names) <= 12
    assert names == tuple(f"{number:02}" for number in range(40))[-len(names) :]


def test_an_entry_that_is_larger_than_the_bounds_costs_no_other(stage: Stage) -> None:
    level = stage.open(most_bytes=1000)
    level.write("a", bytes(100))
    level.write("b", bytes(100))
    level.write("b", bytes(1001))
    assert (level.names(), level.read("b")) == (("a",), None)


def test_what_is_too_old_goes_and_use_keeps_young(stage: Stage) -> None:
    level = stage.open(most_age=100.0)
    for name in ("a", "b"):
        level.write(name, b"content")
    stage.clock.now += 60
    assert level.read("a") == b"content"
    stage.clock.now += 60
    level.sweep()
    assert level.names() == ("a",)
    stage.clock.now += 200
    level.sweep()
    assert level.names() == ()


def test_what_is_in_use_stays_even_if_that_is_too_much(stage: Stage) -> None:
    level = stage.open(most_entries=2, in_use=60.0)
    for name in "abcd":
        level.write(name, b"content")
    assert level.names() == ("a", "b", "c", "d")
    stage.clock.now += 60
    level.write("e", b"content")
    assert level.names() == ("d", "e")


def test_statistics_count_what_happened_and_what_is_there(stage: Stage) -> None:
    level = stage.open(most_entries=2)
    assert level.read("a") is None
    for name in "abc":
        level.write(name, bytes(100))
    assert [level.read(name) is not None for name in "abc"] == [False, True, True]
    found = level.statistics()
    assert (found.hits, found.misses, found.evictions, found.entries) == (2, 2, 1, 2)
    assert 200 <= found.bytes <= 200 + 2 * SEALED


def test_processes_that_share_see_each_others_entries(stage: Stage) -> None:
    if not stage.is_shared:
        pytest.skip("memory is a process's own")
    one, other = stage.open(), stage.open()
    one.write("a", b"content")
    assert other.read("a") == b"content"
    other.clear()
    assert one.read("a") is None


def test_many_threads_write_read_and_clear_and_what_is_read_is_whole(stage: Stage) -> None:
    level = stage.open(most_bytes=20_000, most_entries=7)

    def work(number: int) -> None:
        for turn in range(40):
            name = f"{(number + turn) % 9}"
            level.write(name, name.encode() * 3000)
            content = level.read(f"{turn % 9}")
            assert content in (None, f"{turn % 9}".encode() * 3000)
            if turn == 20:
                level.clear()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))
    level.sweep()
    assert level.statistics().entries <= 7


def test_an_entry_of_another_version_is_missing_and_goes(stage: Stage) -> None:
    level = stage.open()
    level.write("a", b"[1, 2]")
    level.write("b", b"[1, 2")
    assert read_as(level, "a", lambda content: json.loads(bytes(content))) == [1, 2]
    assert read_as(level, "b", lambda content: json.loads(bytes(content))) is None
    assert read_as(level, "c", json.loads) is None
    assert level.names() == ("a",)


def test_a_name_depends_on_every_fact_and_begins_with_the_content() -> None:
    names = {
        name_entry(*facts)
        for facts in (
            ("c",),
            ("d",),
            ("c", 1),
            ("c", "1"),
            ("c", 1, 2),
            ("c", 12),
            ("c", True),
            ("c", "a", "b"),
            ("c", "ab"),
        )
    }
    assert len(names) == 9
    assert name_entry("c", 1, "é").startswith("c-")
    assert name_entry("c", 1) == name_entry("c", 1)


def test_a_sweep_makes_more_room_than_it_must() -> None:
    entries = [Entry(float(number), 100, number) for number in range(11)]
    for bounds in (Bounds(most_bytes=1000), Bounds(most_entries=10)):
        assert [entry.place for entry in list_evicted(entries, bounds, 20.0)] == [0, 1]
        assert list_evicted(entries[1:], bounds, 20.0) == []
