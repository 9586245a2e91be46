"""What a part does, where its name does not say it."""

from __future__ import annotations

import pytest

from musearoo.engines.analysis.symbolic.roles import guess_audio_role, guess_role, together_share
from musearoo.engines.music.chord import Chord
from musearoo.engines.music.clip import Clip
from musearoo.engines.music.drum_map import DrumKind
from musearoo.engines.music.estimate import UNKNOWN, Estimate
from musearoo.engines.music.knowledge.analysis import (
    Analysis,
    Character,
    DetectedChord,
    DrumOnset,
    Harmony,
    Onset,
    Rhythm,
)
from musearoo.engines.music.note import Note


def hear(*kinds: DrumKind, onsets: int = 0, chords: float = 0.0, register: tuple[int, int] | None = None) -> Analysis:
    spans = (DetectedChord(0.0, 2.0, Chord.parse("C"), 1.0),) if chords else ()
    return Analysis(
        duration=4.0,
        depth="fast",
        rhythm=Rhythm(UNKNOWN),
        harmony=Harmony(chords=spans, chords_confidence=chords or 0.9),
        onsets=tuple(Onset(float(number), 1.0) for number in range(onsets)),
        hits=tuple(DrumOnset(float(number), kind, 90.0, 1.0) for number, kind in enumerate(kinds)),
        character=Character(register=UNKNOWN if register is None else Estimate(register, 0.8, "clip")),
    )


def guess(analysis: Analysis) -> tuple[str, float]:
    role, sure = guess_audio_role("Audio", analysis)
    return role, round(sure, 9)


def test_audio_of_two_drums_and_no_sure_chords_is_drums() -> None:
    """The surer, the more of the onsets are strokes, and the less the chords are sure."""
    assert guess(hear("kick", "hat", "kick", "hat", onsets=5, chords=0.2)) == ("drums", 0.5 + 0.4 * 0.8 * 0.8)
    assert guess(hear("kick", "kick", onsets=2))[0] == "unknown"
    assert guess(hear("kick", "hat", onsets=4))[0] == "unknown"
    assert guess(hear("kick", "hat", onsets=2))[1] == 0.9


def test_a_kit_with_sure_chords_is_a_whole_mix_and_a_single_drum_with_them_is_harmony() -> None:
    assert guess(hear("kick", "snare", onsets=2, chords=0.45)) == ("unknown", 0.0)
    assert guess(hear("kick", "hat", onsets=2, chords=0.45)) == ("harmony", 0.625)
    assert guess(hear("kick", "snare", onsets=4, chords=0.8)) == ("harmony", 0.8)


def test_a_low_line_is_a_bass_and_a_wide_or_high_one_is_not() -> None:
    for register, role in (
        ((28, 45), "bass"),
        ((30, 63), "bass"),
        ((30, 64), "melody"),
        ((41, 62), "bass"),
        ((41, 63), "melody"),
    ):
        assert guess(hear(onsets=4, register=register))[0] == role, register
    assert guess(hear(onsets=4, register=(60, 80))) == ("melody", 0.4)
    assert guess(hear(register=(60, 80))) == ("unknown", 0.0)
    assert guess(hear(onsets=4)) == ("unknown", 0.0)


def line(*pitches: int, length: float = 0.25) -> Clip:
    return Clip.of("x", 16.0, [Note(0.5 * number, pitch, length, 90.0) for number, pitch in enumerate(pitches)])


def test_short_notes_on_a_kit_with_two_limbs_are_drums() -> None:
    for clip, expected in (
        (line(36, 38, 36, 38), ("drums", 0.8)),
        (line(36, 42, 38, 42), ("drums", 0.9)),
        (line(36, 36, 36, 36), ("bass", 0.75)),
        (line(36, 38, 36, 38, length=1.0), ("bass", 0.75)),
        (line(*(36, 38) * 8, 100, 101), ("drums", 0.8)),
        (line(*(36, 38) * 8, 100, 101, 102), ("bass", 0.75)),
    ):
        role, sure = guess_role("MIDI 1", clip)
        assert (role, round(sure, 9)) == expected, clip


def test_six_in_ten_short_notes_are_not_enough_for_drums() -> None:
    for short, role in ((6, "bass"), (7, "drums")):
        notes = [Note(float(at), (36, 38)[at % 2], 0.5 if at < short else 0.9, 90.0) for at in range(10)]
        assert guess_role("MIDI 1", Clip.of("x", 10.0, notes))[0] == role, short


def test_a_line_is_a_bass_below_the_middle_e_and_a_melody_from_it_on() -> None:
    assert guess_role("MIDI 1", line(30, 51, 80)) == ("bass", 0.75)
    assert guess_role("MIDI 1", line(30, 52, 80)) == ("melody", 0.6)
    assert guess_role("MIDI 1", line(30, 51, 52, 80)) == ("melody", 0.6)


def test_notes_that_start_within_a_thirty_second_are_together() -> None:
    chords = Clip.of("x", 8.0, [Note(0.0, 60, 1.0, 90.0), Note(0.03, 64, 1.0, 90.0), Note(2.0, 60, 1.0, 90.0)])
    assert together_share(chords) == pytest.approx(2 / 3)
    assert guess_role("MIDI 1", chords) == ("harmony", 0.75)
    half = Clip.of("x", 8.0, [*chords.notes, Note(4.0, 60, 1.0, 90.0)])
    assert together_share(half) == 0.5
    assert guess_role("MIDI 1", half)[0] == "melody"
    assert together_share(Clip("x", 4.0)) == 0.0
