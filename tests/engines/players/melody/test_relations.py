"""Relations of a melody to an existing one."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from musearoo.engines.music.clip import Clip
from musearoo.engines.music.knowledge.context import MusicalContext, Part
from musearoo.engines.music.note import Note
from musearoo.engines.players.melody.engine import MelodyParams, generate
from musearoo.engines.players.melody.relations import Relation
from tests.each_case import each_case
from tests.engines.presets_on_disk import STYLES

SONG = MusicalContext.plain(bpm=100, key="C", chords="C | G | Am | F")
CALL = ((0.0, 64), (0.5, 65), (1.0, 67), (1.5, 69), (2.0, 67))


def tune(*starts: float) -> Clip:
    """The call at some bars, over eight."""
    return Clip.of("vocal", 32.0, [Note(start + at, pitch, 0.45, 90.0) for start in starts for at, pitch in CALL])


def beside(heard: Clip, relation: Relation, seed: int = 1) -> Clip:
    context = replace(SONG, parts=(Part("melody", "Vocal", heard),))
    params = MelodyParams(style=STYLES["pop"], humanise=0.0, swing=1.0, relation=relation)
    return generate(params, context, seed)


CALLS = tune(0.0, 8.0, 16.0, 24.0)
WHOLE = Clip.of("vocal", 32.0, [Note(at / 2.0, 64 + (0, 2, 3, 5)[at % 4], 0.5, 90.0) for at in range(64)])


def sounds_together(one: Clip, other: Clip) -> float:
    """Beats in which both sound."""
    return sum(
        max(0.0, min(note.end, each.end) - max(note.start, each.start)) for note in one.notes for each in other.notes
    )


def test_an_answer_plays_where_the_other_rests_with_its_rhythm_in_its_range() -> None:
    answer = beside(CALLS, "answer")
    assert sounds_together(answer, CALLS) == 0.0
    assert len(answer.notes) >= 16
    assert all(59 <= note.pitch <= 71 for note in answer.notes)
    first = [note.start for note in answer.notes if note.start < 8.0]
    assert [start - first[0] for start in first] == [at for at, _ in CALL]


def test_auto_answers_where_there_is_room_and_runs_counter_where_there_is_none() -> None:
    assert beside(CALLS, "auto") == beside(CALLS, "answer")
    assert beside(WHOLE, "auto") == beside(WHOLE, "counter")


def test_a_continuation_begins_with_the_others_rhythm_and_shape() -> None:
    going_on = beside(tune(0.0), "continue")
    head = going_on.notes[: len(CALL)]
    assert [note.start for note in head] == [at for at, _ in CALL]
    ways = [after.pitch - before.pitch for before, after in pairwise(head)]
    kept = [way * (after - before) > 0 for way, ((_, before), (_, after)) in zip(ways, pairwise(CALL), strict=True)]
    assert sum(kept) >= 3


def test_a_counter_melody_is_slower_lies_below_and_does_not_clash() -> None:
    for seed in range(5):
        counter = beside(WHOLE, "counter", seed)
        assert 0 < len(counter.notes) < len(WHOLE.notes) / 2
        assert max(note.pitch for note in counter.notes) < 69
        for note in counter.notes:
            sounding = [each.pitch for each in WHOLE.notes if each.start <= note.start + 1e-6 < each.end]
            assert all((pitch - note.pitch) % 12 not in (1, 11) for pitch in sounding)


def test_a_second_voice_has_the_tunes_rhythm_a_third_to_a_sixth_below() -> None:
    second = beside(CALLS, "double")
    assert [note.start for note in second.notes] == [note.start for note in CALLS.notes]
    below = [note.pitch - other.pitch for note, other in zip(CALLS.notes, second.notes, strict=True)]
    assert all(3 <= way <= 9 for way in below)


def test_relation_none_ignores_an_existing_melody() -> None:
    alone = generate(MelodyParams(style=STYLES["pop"], humanise=0.0, swing=1.0), SONG, 1)
    assert beside(CALLS, "none") == alone


@each_case("relation", ["auto", "answer", "continue", "counter", "double"])
@each_case("meter", ["4/4", "3/4", "6/8", "7/8"])
def test_odd_tunes_are_met_soundly(relation: Relation, meter: str) -> None:
    context = MusicalContext.plain(bpm=140, meter=meter, key="A Hirajoshi", chords="Am | C7alt")
    chord = [Note(0.1, pitch, 7.0, 90.0) for pitch in (0, 60, 127)]
    for odd in (Clip.of("x", 1.0, [Note(0.97, 127, 9.0, 127.0)]), Clip.of("y", 7.3, chord)):
        heard = replace(context, parts=(Part("melody", "Odd", odd),))
        clip = generate(MelodyParams(style=STYLES["jazz swing"], relation=relation), heard, 3)
        assert all(before.end <= after.start + 1e-9 for before, after in pairwise(clip.notes))
        assert all(note.end <= clip.length + 1e-9 for note in clip.notes)
