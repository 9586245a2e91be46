"""Levels one behind another: the fastest answers, and what a slower one has is brought nearer."""

from pathlib import Path

from musearoo.bridge.cache.contract import Bounds
from musearoo.bridge.cache.disk import DiskLevel
from musearoo.bridge.cache.memory import Levels, MemoryLevel
from tests.bridge.cache.some_levels import Clock, Server, SharedLevel


def test_what_another_machine_wrote_is_brought_into_the_faster_levels(tmp_path: Path) -> None:
    server, clock = Server(), Clock()
    SharedLevel(server, Bounds(), clock).write("a", b"content")
    memory, disk = MemoryLevel(Bounds()), DiskLevel(tmp_path, Bounds(), is_mapped=True)
    shared = SharedLevel(server, Bounds(), clock)
    level = Levels(memory, disk, shared)
    assert level.read("a") == b"content"
    assert memory.read("a") == disk.read("a") == b"content"
    server.values.clear()
    assert level.read("a") == b"content"
    memory.clear()
    assert level.read("a") == b"content"
    assert memory.names() == ("a",)


def test_the_fastest_level_answers_and_the_others_are_not_asked(tmp_path: Path) -> None:
    disk = DiskLevel(tmp_path, Bounds())
    level = Levels(MemoryLevel(Bounds()), disk)
    level.write("a", b"content")
    for _ in range(3):
        assert level.read("a") == b"content"
    assert disk.statistics().hits == 0
    found = level.statistics()
    assert (found.hits, found.misses, found.entries, found.bytes) == (3, 0, 1, disk.statistics().bytes)


def test_what_the_memory_has_no_room_for_is_on_the_disk(tmp_path: Path) -> None:
    memory = MemoryLevel(Bounds(most_bytes=1_000))
    level = Levels(memory, DiskLevel(tmp_path, Bounds()))
    for number in range(10):
        level.write(f"{number}", bytes(400))
    assert [level.read(f"{number}") for number in range(10)] == [bytes(400)] * 10
    assert memory.statistics().bytes <= 1_000
    assert Levels(MemoryLevel(Bounds()), DiskLevel(tmp_path, Bounds())).read("9") == bytes(400)
