"""Quantising notes to steps: the inverse of playing rows, in every meter and swing."""

import pytest

from musearoo.engines.music.clip import Clip
from musearoo.engines.music.knowledge.context import Part
from musearoo.engines.music.meter import Meter
from musearoo.engines.music.note import Note
from musearoo.engines.music.swing import Swing
from musearoo.engines.players.learning.raster import STEPS, quantize_notes, written_bars
from musearoo.engines.players.learning.song import SourceSong
from musearoo.engines.styles.row_fitting import fit_row
from musearoo.engines.styles.rows import OnsetRow
from tests.each_case import each_case

ROW = OnsetRow("x.x. ..x. xx.. x..x")


def a_song(meter: Meter, bars: int, swing: Swing, late: float = 0.0) -> SourceSong:
    starts = tuple(bar * meter.bar_beats for bar in range(bars))
    notes = [
        Note(start + swing.warp(placed.at) + late, 36, 0.1, 100.0)
        for bar, start in enumerate(starts)
        for placed in fit_row(ROW, meter, bar)
    ]
    clip = Clip.of("drums", bars * meter.bar_beats, notes, meter)
    return SourceSong("song", 120.0, meter, starts, swing, True, (Part("drums", "drums", clip),))


@each_case("meter", ["4/4", "3/4", "5/4", "6/8", "12/8", "7/8", "2/4"])
@each_case("swing", [Swing(), Swing(1.9), Swing(1.4, 0.5)])
def test_a_row_that_was_played_is_found_again(meter: str, swing: Swing) -> None:
    if Meter.parse(meter).is_compound:
        swing = Swing()
    song = a_song(Meter.parse(meter), 4, swing, late=0.01)
    placed = quantize_notes(song, song.notes("drums"))
    assert len(placed) == len(song.notes("drums"))
    written = {step for beat, group in enumerate(ROW.bars[0]) for step in (beat * 4 + round(4 * at) for at, _ in group)}
    found = {one.step for one in placed}
    # In compound meters sixteenths move to the thirds.
    assert Meter.parse(meter).is_compound or found <= written
    assert {0} <= found <= set(range(STEPS))
    assert all(one.late_ms == pytest.approx(5.0, abs=0.01) for one in placed)
    assert max(one.bar for one in placed) + 1 == written_bars(song)


def test_an_anticipation_belongs_to_the_next_bar() -> None:
    song = a_song(Meter(), 2, Swing())
    (early,) = quantize_notes(song, [Note(3.95, 36, 0.1, 100.0)])
    assert (early.bar, early.step, early.at) == (1, 0, 4.0)
    assert early.late_ms == pytest.approx(-25.0)


def test_what_lies_outside_the_bars_is_left_out() -> None:
    song = a_song(Meter(), 1, Swing())
    assert quantize_notes(song, [Note(3.97, 36, 0.1, 100.0)]) == []
