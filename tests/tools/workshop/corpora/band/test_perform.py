"""Bands that play lead sheets: what they play is where the truth says it is."""

from random import Random

import pytest

from musearoo.engines.music.chord import Chord
from musearoo.tools.bench.corpora.piece import beats_in_bar, quarters_per_beat
from musearoo.tools.bench.corpora.truth import truth_of
from musearoo.tools.workshop.corpora.band.grooves import BOSSA, FOLK, JAZZ, Pattern
from musearoo.tools.workshop.corpora.band.parts import bass_line, drums_along
from musearoo.tools.workshop.corpora.kinds.jazz import play_jazz
from musearoo.tools.workshop.corpora.kinds.loops import add_silence, cut_loop
from musearoo.tools.workshop.corpora.kinds.odd_meters import in_triplets, play_tune
from musearoo.tools.workshop.corpora.sources.lead_sheet import repeat
from tests.each_case import each_case
from tests.tools.bench.corpora.pieces import four_bars, short_sheet


@each_case("pattern", [*JAZZ, *BOSSA, *FOLK])
def test_patterns_fill_their_bars(pattern: Pattern) -> None:
    numerator, denominator = (int(part) for part in pattern.meter.split("/"))
    for line in pattern.lines:
        assert len(line.steps) * pattern.step == numerator * 4.0 / denominator


def test_repeats_begin_with_the_first_whole_bar() -> None:
    sheet = repeat(short_sheet(), 40.0)
    assert (sheet.first_bar, sheet.length) == (0.0, 64.0)
    assert [chord.start for chord in sheet.chords] == [4.0 * number for number in range(16)]


@each_case("seed", range(6))
def test_jazz_plays_the_chords_that_its_truth_names(seed: int) -> None:
    piece = play_jazz(short_sheet(), Random(seed), "jazz")
    assert piece.chords is not None
    right = total = 0
    for tone in piece.tones:
        if tone.part == "comping":
            place = (tone.start + tone.end) / 2
            label = next(label for start, end, label in piece.chords if start <= place < end)
            right += tone.pitch % 12 in Chord.parse(label).pitch_classes
            total += 1
    assert total > 20
    assert right > 0.97 * total
    assert piece.downbeats == piece.beats[::4]


def test_a_band_swings_as_its_truth_says() -> None:
    found = [truth_of(play_jazz(short_sheet(), Random(seed), "jazz"))["swing"] for seed in range(8)]
    ratios = [ratio for ratio in found if isinstance(ratio, float)]
    assert min(ratios) < 1.2  # a bossa
    assert max(ratios) > 1.6


@each_case("meter", ["3/4", "6/8", "9/8"])
def test_tunes_keep_their_meter(meter: str) -> None:
    piece = play_tune(short_sheet(meter), Random(1))
    assert piece.downbeats == piece.beats[:: beats_in_bar(meter)]
    bar = piece.downbeats[1] - piece.downbeats[0]
    assert bar / beats_in_bar(meter) == pytest.approx(60.0 / float(str(truth_of(piece)["tempo"])), rel=0.05)
    assert quarters_per_beat(meter) in (1.0, 1.5)


def test_triplets_make_long_and_short_of_eighths() -> None:
    sheet = in_triplets(short_sheet(), "12/8")
    assert sheet.quarters_per_bar == 6.0
    assert [note.start for note in sheet.notes[:4]] == pytest.approx([0.0, 1.0, 1.5, 2.5])


def test_drums_follow_the_beats_of_a_song() -> None:
    song, performance = four_bars(bpm=90.0), four_bars(bpm=120.0)
    strokes = drums_along(song, performance, Random(2))
    kicks = [stroke.time for stroke in strokes if stroke.pitch == 36]
    assert kicks == pytest.approx(list(song.beats[::2]), abs=1e-6)


def test_a_bass_line_plays_roots_where_chords_begin() -> None:
    song = four_bars()
    assert song.chords is not None
    for seed in range(6):
        line = bass_line(song.chords, song.beats, Random(seed), looseness=0.0)
        first = [tone.pitch % 12 for tone in line if tone.start in (0.0, 4.0)]
        assert first == [9, 2]


def test_loops_are_whole_bars_even_with_silence_around() -> None:
    loops = [loop for seed in range(12) if (loop := cut_loop(four_bars(), Random(seed))) is not None]
    assert loops
    for loop in loops:
        before, after = loop.silence
        assert loop.loop_bars is not None
        assert loop.duration - before - after == pytest.approx(2.0 * loop.loop_bars)
        assert loop.downbeats[0] == pytest.approx(before)
        assert len(loop.beats) == 4 * loop.loop_bars


def test_silence_before_a_loop_is_silent() -> None:
    loop = add_silence(four_bars(), 0.2, 0.1)
    assert min(stroke.time for stroke in loop.strokes) == pytest.approx(0.2)
    assert loop.duration == pytest.approx(8.3)
