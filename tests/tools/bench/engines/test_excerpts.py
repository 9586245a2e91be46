"""Excerpts of songs: cut at their bars, with chords on the beats, and the bass taken from a piano's left hand."""

from __future__ import annotations

import pytest

from musearoo.engines.music.note import Note
from musearoo.tools.bench.corpora.piece import Piece, Tone
from musearoo.tools.bench.engines.excerpts import bass_line, cut_excerpts, encode_progression, known_progressions

BEAT = 0.5
FIRST = 1.0
"""Seconds of a beat, and of the first downbeat: two beats lie before it."""


def piece(bars: int) -> Piece:
    """A song of whole notes over A minor and F, each pushed by an eighth, with two beats before its first bar."""
    beats = tuple(BEAT * number for number in range(4 * bars + 3))
    starts = [FIRST + 4 * BEAT * bar for bar in range(bars)]
    tones = [
        Tone(start, start + 4 * BEAT, pitch, 80, part)
        for start in starts
        for pitch, part in ((45, "piano"), (60, "piano"), (76, "melody"))
    ]
    chords = [
        (start - BEAT / 2, start + 3.5 * BEAT, "A:min" if number % 2 == 0 else "F:maj")
        for number, start in enumerate(starts)
    ]
    return Piece(
        name="song",
        song="song",
        duration=beats[-1],
        beats=beats,
        downbeats=tuple(starts),
        meter="4/4",
        tones=tuple(tones),
        chords=tuple(chords),
        keys=((0.0, beats[-1], "A minor"),),
    )


def test_excerpts_begin_with_their_bars_and_chords_on_their_beats() -> None:
    one, other = cut_excerpts(piece(17))
    assert (one.first_bar, other.first_bar) == (0, 8)
    for excerpt in (one, other):
        assert excerpt.bpm == pytest.approx(120.0)
        assert str(excerpt.key) == "A minor"
        assert [span.start for span in excerpt.chords] == [4.0 * bar for bar in range(8)]
        assert {span.chord.symbol for span in excerpt.chords} == {"Am", "F"}
        assert [note.start for note in excerpt.parts["melody"].notes] == pytest.approx([4.0 * bar for bar in range(8)])
        assert {note.pitch for note in excerpt.parts["bass"].notes} == {45}
        assert len(excerpt.parts["harmony"].notes) == 16


def test_bars_without_chords_are_left_out() -> None:
    assert list(cut_excerpts(piece(7))) == []


def test_the_bass_is_the_lowest_note_of_each_onset_below_the_right_hand() -> None:
    played = [
        Note(0.02, 36, 1.0, 80),
        Note(0.0, 48, 1.0, 80),
        Note(1.0, 43, 0.5, 80),
        Note(1.0, 60, 0.5, 80),
        Note(2.0, 64, 0.5, 80),
    ]
    assert [(note.start, note.pitch) for note in bass_line(played)] == [(0.02, 36), (1.0, 43)]


def test_the_progressions_that_come_with_the_bench_are_whole() -> None:
    progressions = known_progressions()
    assert len({excerpt.song for excerpt in progressions}) == len(progressions) >= 40
    for excerpt in progressions:
        assert excerpt.key is not None
        assert excerpt.chords[-1].end <= 32.0
        assert 40.0 < excerpt.bpm < 220.0
        assert encode_progression(excerpt)["song"] == excerpt.song
        assert excerpt.context.chords == excerpt.chords
