"""Functions that engines share for changing a take."""

from __future__ import annotations

from musearoo.engines.foundation.chance import derive_seed
from musearoo.engines.music.clip import Clip
from musearoo.engines.music.knowledge.context import MusicalContext
from musearoo.engines.music.note import Note
from musearoo.engines.players.params import MAX_BARS, EngineParams
from musearoo.engines.players.takes import (
    ATTEMPTS,
    another_take,
    different_takes,
    fill_between,
    fit_to_clip,
    raise_amounts,
)
from tests.engines.presets_on_disk import STYLES

ROCK = EngineParams(style=STYLES["rock"], complexity=0.5, density=0.75)


def clip(*starts: float, length: float = 4.0, pitch: int = 60, duration: float = 0.5) -> Clip:
    return Clip.of("c", length, [Note(start, pitch, duration, 90.0) for start in starts])


def test_a_take_is_as_long_as_the_clip_in_whole_bars() -> None:
    cases = [
        (4.0, "4/4", 1),
        (11.0, "4/4", 3),
        (9.9, "4/4", 2),
        (0.5, "4/4", 1),
        (12.0, "3/4", 4),
        (300.0, "4/4", MAX_BARS),
    ]
    for length, meter, bars in cases:
        context = MusicalContext.plain(meter=meter)
        assert fit_to_clip(ROCK, clip(length=length), context).bars == bars, (length, meter)


def test_amounts_rise_as_far_as_there_is_more() -> None:
    raised = raise_amounts(ROCK, 0.25, 0.125)
    assert (raised.complexity, raised.density) == (0.75, 0.875)
    most = raise_amounts(ROCK, 0.6, 0.6)
    assert (most.complexity, most.density) == (1.0, 1.0)


def test_another_take_is_tried_until_its_notes_differ() -> None:
    own, tried = clip(0.0), list[int]()

    def play(seed: int) -> Clip:
        tried.append(seed)
        return clip(1.0) if len(tried) == 3 else own

    assert another_take(own, play, 5).notes == clip(1.0).notes
    assert tried == [derive_seed(5, "again", attempt) for attempt in range(3)]
    tried.clear()
    # Where none differs the last one stands.
    assert another_take(clip(0.0), lambda seed: tried.append(seed) or clip(0.0), 5).notes == own.notes  # type: ignore[func-returns-value]
    assert len(tried) == ATTEMPTS


def test_notes_of_a_busier_line_find_room_between() -> None:
    own = clip(0.0, 2.0, duration=1.5)
    busier = clip(0.1, 0.25, 1.0, 1.85, 2.15, 3.5, 4.5, length=8.0, pitch=64, duration=2.0)
    joined = fill_between(own, busier)
    # What is within a fifth of a beat of a note, or beyond the clip, is left out; none sounds into the next.
    assert [(note.start, note.pitch, note.duration) for note in joined] == [
        (0.0, 60, 0.25), (0.25, 64, 0.75), (1.0, 64, 1.0), (2.0, 60, 1.5), (3.5, 64, 0.5),
    ]  # fmt: skip
    assert fill_between(clip(), clip(4.0, 3.0, length=8.0)) == [Note(3.0, 60, 0.5, 90.0)]


def test_takes_differ_and_are_fewer_where_no_seed_gives_another() -> None:
    played: list[tuple[int, int]] = []

    def play(seed: int, attempt: int) -> int:
        played.append((seed, attempt))
        return min(len(played) // 2, 2)

    assert different_takes(play, 9, 3, sound=lambda take: take) == [0, 1, 2]
    assert played[0] == (9, 0)
    assert played[1] == (derive_seed(9, "take", 1, 0), 0)
    assert (derive_seed(9, "take", 2, 1), 1) in played
    # One take a number, however many other seeds would give.
    seeds = [9, derive_seed(9, "take", 1, 0), derive_seed(9, "take", 2, 0)]
    assert different_takes(lambda seed, _: seed, 9, 3, sound=lambda take: take) == seeds
    calls: list[int] = []
    alike = different_takes(lambda seed, _: calls.append(seed) or 1, 9, 3, sound=lambda take: take)  # type: ignore[func-returns-value]
    assert alike == [1]
    assert len(calls) == 1 + 2 * ATTEMPTS
    # Clips are told apart by their notes alone.
    assert len(different_takes(lambda seed, _: Clip(str(seed), 4.0), 1, 2)) == 1
    assert different_takes(play, 9, 1, sound=lambda take: take) == [2]
