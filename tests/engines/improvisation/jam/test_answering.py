"""Answers use the rhythm and shape of the call, stay in range, and close."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from msgspec import structs

from musearoo.engines.foundation.chance import derive_seed
from musearoo.engines.improvisation.jam.answering import DEVICES, TEMPO_LIMIT, Device, answer
from musearoo.engines.improvisation.jam.phrase import Phrase, answer_context
from musearoo.engines.music.clip import Clip
from musearoo.engines.music.progression import chord_at
from musearoo.engines.players.melody.engine import MelodyParams
from musearoo.engines.players.melody.setting import close_goals
from tests.each_case import each_case
from tests.engines.improvisation.jam.phrases import ALL, BLUES, DENSE, LOW, ONE_NOTE, OPEN, SPARSE, TUNES, line, phrase
from tests.engines.presets_on_disk import STYLES


def plain(call: Phrase, style: str = "pop") -> MelodyParams:
    """Parameters for an answer as long as the call, on the grid."""
    return MelodyParams(style=STYLES[style], bars=round(call.clip.bars), humanise=0.0, swing=1.0)


def starts(clip: Clip) -> list[float]:
    return [round(note.start, 3) for note in clip.notes]


@each_case("name", ALL)
@each_case("style", ["pop", "blues", "jazz swing", "metal", "ambient", "classical"])
def test_every_answer_can_be_played_and_leaves_room_at_its_end(name: str, style: str) -> None:
    call = ALL[name]
    for seed in range(4):
        params = replace(plain(call, style), humanise=0.5, swing=None)
        clip = answer(call, params, derive_seed(seed, name)).clip
        assert clip.length == call.clip.length
        assert clip.notes
        assert all(48 <= note.pitch <= 91 for note in clip.notes)
        for before, note in pairwise(clip.notes):
            assert before.end <= note.start + 1e-9
            assert abs(note.pitch - before.pitch) <= 12
            assert (note.start - before.start) * 60.0 / call.context.bpm >= 0.5 / TEMPO_LIMIT
        assert clip.notes[-1].end <= clip.length - 0.2


@each_case("device", DEVICES)
@each_case("name", ["open", "blues", "sparse", "dense", "folk", "odd"])
def test_the_answer_to_an_open_call_closes_on_the_tonic(name: str, device: Device) -> None:
    call = TUNES[name]
    if call.clip.notes[-1].pitch % 12 == call.context.key.value.tonic:  # type: ignore[union-attr]
        call = replace(call, clip=call.clip.with_notes(call.clip.notes[:-1]))
    for seed in range(6):
        params = plain(call)
        clip = answer(call, params, seed, device=device).clip
        last = clip.notes[-1]
        chord = chord_at(answer_context(call, params).chords, last.start)
        key = call.context.key.value
        assert key is not None
        assert last.pitch % 12 in close_goals(chord, key, ".")


def test_an_echo_has_the_calls_rhythm_and_tones_and_another_ending() -> None:
    params = replace(plain(OPEN), complexity=0.0)
    clip = answer(OPEN, params, 2, device="echo").clip
    assert starts(clip)[:5] == starts(OPEN.clip)[:5]
    assert [note.pitch for note in clip.notes[:5]] == [67, 64, 67, 69, 67]
    assert OPEN.clip.notes[-1].pitch == 62
    assert clip.notes[-1].pitch == 67  # over G, where C is not at rest


def test_a_sequence_transposes_and_an_inversion_inverts() -> None:
    up = phrase(line(60, 62, 64, 65, 67, 65, 64, 62), 1, key="C", chords="C")
    params = replace(plain(up), complexity=0.0)
    call = [note.pitch for note in up.clip.notes[:4]]
    for seed in range(5):
        stepped = [note.pitch for note in answer(up, params, seed, device="sequence").clip.notes[:4]]
        assert stepped != call
        turned = [note.pitch for note in answer(up, params, seed, device="inversion").clip.notes[:4]]
        assert turned[0] > turned[3]
        assert call[0] < call[3]


def test_a_dense_call_is_answered_with_less_and_a_sparse_one_with_more() -> None:
    for seed in range(5):
        assert len(answer(DENSE, plain(DENSE), seed).clip.notes) < len(DENSE.clip.notes)
    grown = [len(answer(SPARSE, plain(SPARSE), seed).clip.notes) for seed in range(8)]
    assert sum(count > len(SPARSE.clip.notes) for count in grown) >= 6


def test_the_last_device_is_mostly_avoided() -> None:
    def share(avoid: Device | None) -> float:
        return sum(answer(OPEN, plain(OPEN), seed, avoid=avoid).device == "echo" for seed in range(60)) / 60.0

    assert share("echo") < 0.5 * share(None)


def test_a_low_line_is_answered_in_a_singers_octave_and_a_quiet_one_quietly() -> None:
    assert min(note.pitch for note in answer(LOW, plain(LOW), 1).clip.notes) >= 48
    whispered = replace(
        OPEN, clip=OPEN.clip.with_notes(structs.replace(note, velocity=35.0) for note in OPEN.clip.notes)
    )
    loud = answer(OPEN, plain(OPEN), 1).clip
    quiet = answer(whispered, plain(OPEN), 1).clip
    assert [note.pitch for note in loud.notes] == [note.pitch for note in quiet.notes]
    assert max(note.velocity for note in quiet.notes) < min(note.velocity for note in loud.notes)


def test_an_unfinished_phrase_is_completed_from_its_beginning() -> None:
    notes = line(64, 65, 67, 69, 67, 65, 64, 62)
    begun = phrase(notes, 2, key="C", known_beats=4.0)
    whole = phrase((*notes, *line(64, 65, 67, 69, 67, 65, 64, 62, start=4.0)), 2, key="C")
    assert answer(begun, plain(begun), 3) == answer(whole, plain(whole), 3)


def test_equal_input_gives_an_equal_answer_and_another_seed_another() -> None:
    assert answer(BLUES, plain(BLUES, "blues"), 7) == answer(BLUES, plain(BLUES, "blues"), 7)
    takes = {answer(BLUES, plain(BLUES, "blues"), seed).clip.notes for seed in range(8)}
    assert len(takes) >= 5


def test_one_note_is_enough_of_a_call() -> None:
    assert answer(ONE_NOTE, plain(ONE_NOTE), 1).clip.notes


@each_case("device", DEVICES)
def test_an_answer_shorter_than_the_calls_first_rest_has_notes(device: Device) -> None:
    late = phrase(line(64, 65, 67, 64, start=12.0), 4, key="C")
    assert answer(late, replace(plain(late), bars=1), 1, device=device).clip.notes
