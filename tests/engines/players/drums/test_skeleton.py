"""The skeleton of a groove, on hand-made takes."""

from __future__ import annotations

import pytest

from musearoo.engines.music.song_section import SongSection
from musearoo.engines.players.drums.microtiming import swing_time
from musearoo.engines.players.drums.skeleton import (
    add_ghost_notes,
    add_layers,
    double_time,
    halve_time,
    imply_another_tempo,
    lay_skeleton,
    play_across_the_rim,
)
from musearoo.engines.styles.drums import Groove, Layer
from musearoo.engines.styles.rows import GHOST, OnsetRow
from tests.engines.players.drums.hits import PLAIN, places, shaped, strokes, take

GROOVE = PLAIN.grooves[0]


def test_the_skeleton_is_what_the_style_writes() -> None:
    hits = lay_skeleton([], take(bars=2))
    assert places(hits, "kick") == [0.0, 2.0, 4.0, 6.0]
    assert places(hits, "snare") == [1.0, 3.0, 5.0, 7.0]


def test_layers_are_sounds_of_their_own() -> None:
    clave = Groove(
        name="clave", kick=GROOVE.kick, layers=(Layer(voice="claves", hits=OnsetRow("x..x ..x. ..x. x...")),)
    )
    assert places(add_layers([], take(bars=1, grooves=(clave,))), "claves") == [0.0, 0.75, 1.5, 2.5, 3.0]


def test_ghosts_lie_where_no_snare_is() -> None:
    ghosts = Groove(name="ghosts", kick=GROOVE.kick, snare=GROOVE.snare, ghosts=OnsetRow("...g g..g .... ...."))
    hits = add_ghost_notes(strokes("snare", 1.0), take(bars=1, grooves=(ghosts,)))
    assert places(hits, "snare") == [0.75, 1.0, 1.75]
    assert [hit.strength for hit in sorted(hits)] != [GHOST] * 3


def test_in_half_time_the_backbeat_is_on_three() -> None:
    hits = halve_time(lay_skeleton([], take(bars=2)), take(bars=2, time_feel="half"))
    assert places(hits, "snare") == [2.0, 6.0]
    assert places(hits, "kick") == [0.0, 4.0]


def test_in_double_time_there_are_four_backbeats() -> None:
    hits = double_time(lay_skeleton([], take(bars=1)), take(bars=1, time_feel="double"))
    assert places(hits, "snare") == [0.5, 1.5, 2.5, 3.5]


def test_double_time_leaves_out_what_would_be_too_fine() -> None:
    fast = strokes("kick", 0.0, 0.25, 0.5, 1.0)
    assert places(double_time(fast, take(bars=1, time_feel="double")), "kick") == [0.0, 0.5, 2.0, 2.5]
    busy = take(bars=1, time_feel="double", complexity=1.0)
    assert places(double_time(fast, busy), "kick") == [0.0, 0.25, 0.5, 2.0, 2.25, 2.5]


def test_the_section_decides_on_the_time_unless_it_is_asked_for() -> None:
    bridge = SongSection("bridge")
    times = {"bridge": "half"}
    assert take(section=bridge, section_time=times).time_feel == "half"
    assert take(section=bridge, section_time=times, time_feel="normal").time_feel == "normal"
    assert take(section_time=times).time_feel == "normal"


def test_an_implied_tempo_returns_to_the_real_one_in_the_fourth_bar() -> None:
    there = take(bars=8, complexity=1.0, modulation=1.0, swing=1.0)
    assert there.modulated == (4,)
    backbeats = strokes("snare", *(1.0 + 2.0 * n for n in range(16)))
    hits = places(imply_another_tempo(backbeats, there), "snare")
    assert hits[:8] == [1.0 + 2.0 * n for n in range(8)]  # the first phrase sets the tempo
    assert hits[8:16] == pytest.approx([16.0 + 0.75 * (1.0 + 2.0 * n) for n in range(8)])  # four bars in three
    assert hits[16:] == [29.0, 31.0]


def test_an_implied_tempo_swings_as_the_real_one_does() -> None:
    there = take(bars=8, complexity=1.0, modulation=1.0, swing=2.0)
    hits = shaped(swing_time, imply_another_tempo(strokes("ride", 16.0, 16.5, 17.0, 17.5), there), there)
    assert [hit.time - 16.0 for hit in hits] == pytest.approx([0.0, 0.5, 0.75, 1.25])


def test_no_other_tempo_is_implied_where_little_happens_or_in_three() -> None:
    assert take(bars=8, complexity=0.5, modulation=1.0, swing=1.0).modulated == ()
    assert take(bars=8, complexity=1.0, modulation=1.0, swing=1.0, meter="3/4").modulated == ()


def test_a_quiet_section_is_played_across_the_rim_without_ghosts() -> None:
    hits = strokes("snare", 1.0, 3.0) + strokes("snare", 1.75, strength=GHOST)
    quiet = take(section=SongSection("verse", energy=0.2), cross_stick_below=0.4)
    assert places(play_across_the_rim(hits, quiet), "cross_stick") == [1.0, 3.0]
    assert places(play_across_the_rim(hits, quiet), "snare") == []
    loud = take(section=SongSection("chorus", energy=0.8), cross_stick_below=0.4)
    assert play_across_the_rim(hits, loud) == hits
