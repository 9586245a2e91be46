"""Reactions of the drummer to the band, on hand-made takes."""

from __future__ import annotations

from dataclasses import replace

from musearoo.engines.music.clip import Clip
from musearoo.engines.music.drum_kit import KICK_PITCHES
from musearoo.engines.music.knowledge.context import MusicalContext, Part
from musearoo.engines.music.swing import Swing
from musearoo.engines.players.bass.engine import BassParams
from musearoo.engines.players.bass.engine import generate as generate_bass
from musearoo.engines.players.drums.engine import DrumParams, generate
from musearoo.engines.players.drums.interplay import accent_the_chords, leave_room, meet_the_bass
from musearoo.engines.players.drums.other_parts import find_band_onsets
from musearoo.engines.styles.drums import Fill
from musearoo.engines.styles.rows import ACCENT, GHOST, FillRow
from tests.each_case import each_case
from tests.engines.players.drums.hits import part, places, strokes, take
from tests.engines.presets_on_disk import STYLES


def test_onsets_get_straight_positions_in_any_swing_and_loop() -> None:
    bass = part("bass", 0.02, 2.0 / 3.0, 3.0)
    context = MusicalContext.plain(parts=(bass,))
    assert find_band_onsets(context, Swing(2.0), 8.0).bass == (0.0, 0.5, 3.0, 4.0, 4.5, 7.0)


def test_only_what_is_struck_together_is_a_chord() -> None:
    line, chord = part("harmony", 0.5), part("harmony", 1.5, pitches=(60, 64, 67))
    for heard, chords in ((line, ()), (chord, (1.5,))):
        assert find_band_onsets(MusicalContext.plain(parts=(heard,)), Swing(), 4.0).chords == chords


def test_the_kick_meets_the_bass_off_the_beat_and_keeps_the_pulses() -> None:
    skeleton = strokes("kick", 0.0, 1.75, 2.0) + strokes("snare", 1.0, 3.0)
    bass = part("bass", 0.0, 1.5, 3.0, 3.5)
    met = []
    for seed in range(20):
        there = take(bars=1, seed=seed, complexity=1.0, follows_bass=1.0, parts=(bass,))
        met.append(places(meet_the_bass(skeleton, there), "kick"))
    assert all(0.0 in kicks and 2.0 in kicks and 3.5 in kicks for kicks in met)
    assert all(3.0 not in kicks for kicks in met)  # under the snare
    assert all(1.5 in kicks for kicks in met if 1.75 not in kicks)
    assert sum(1.75 in kicks for kicks in met) < 12


def test_a_drummer_without_other_parts_keeps_playing() -> None:
    skeleton = strokes("kick", 0.0, 1.75)
    assert meet_the_bass(skeleton, take(follows_bass=0.0, parts=(part("bass", 0.5),))) == skeleton
    assert meet_the_bass(skeleton, take(follows_bass=1.0)) == skeleton


def test_a_push_of_the_chords_is_everybodys() -> None:
    hits = strokes("closed_hat", 1.0, 1.5, 2.0) + strokes("kick", 0.0)
    there = take(bars=1, follows_chords=1.0, parts=(part("harmony", 0.0, 1.5, pitches=(60, 64, 67)),))
    pushed = accent_the_chords(hits, there)
    assert places(pushed, "kick") == [0.0, 1.5]
    assert [hit.at for hit in pushed if hit.strength == ACCENT] == [1.5]


def test_ghosts_and_open_hats_make_room_for_the_melody() -> None:
    ghosts = strokes("snare", *(0.75 + n for n in range(16)), strength=GHOST)
    backbeats = strokes("snare", *(1.0 + 2.0 * n for n in range(8)))
    opened = strokes("open_hat", *(0.75 + n for n in range(16)))
    there = take(parts=(part("melody", *(0.75 + n for n in range(4)), 1.0, 3.0),))
    left = leave_room(ghosts + backbeats + opened, there)
    assert 8 < len(places(left, "snare")) < 8 + 11
    assert set(places(backbeats, "snare")) <= set(places(left, "snare"))
    assert len(places(left, "open_hat")) < 11
    assert len(places(left, "open_hat")) + len(places(left, "closed_hat")) == 16
    assert leave_room(ghosts, take()) == ghosts


def test_a_fill_leaves_room_for_a_run_of_the_bass() -> None:
    fills = (Fill(name="bar", hands=FillRow("ssss ssss ssss ssss")), Fill(name="beat", hands=FillRow("ssss")))
    run = part("bass", *(12.0 + 0.25 * n for n in range(16)), length=16.0)

    def lengths(parts: tuple[Part, ...]) -> set[int]:
        takes = [take(seed=seed, filling=1.0, fills=fills, parts=parts) for seed in range(8)]
        return {len(bar.fill.hands.beats) for there in takes for bar in there.bars if bar.fill is not None}

    assert lengths(()) == {1, 4}
    assert lengths((run,)) == {1}


def test_a_fill_answers_where_the_others_rest() -> None:
    def fills(bass: Part) -> int:
        takes = [take(seed=seed, filling=0.5, fill_likelihood=0.4, parts=(bass,)) for seed in range(60)]
        return sum(there.bars[-1].fill is not None for there in takes)

    rests = part("bass", 0.0, 2.0, 4.0, 8.0, 12.0, length=16.0)
    plays = part("bass", 0.0, 2.0, 4.0, 8.0, 12.0, 14.0, 15.0, length=16.0)
    assert fills(rests) > 1.4 * fills(plays)


@each_case("style", ["rock", "funk", "hip-hop"])
def test_drums_that_hear_a_bass_meet_it_more_than_drums_that_do_not(style: str) -> None:
    """Against the bass line of another drummer's groove."""
    hearing = deaf = 0.0
    for seed in range(6):
        plain = MusicalContext.plain(bpm=STYLES[style].tempo.usual, chords="Am7 | F")
        bass = generate_bass(BassParams(style=STYLES[style]), plain, seed)
        heard = replace(plain, parts=(Part("bass", "Bass", bass),))
        starts = [note.start for note in bass.notes]
        params = DrumParams(style=STYLES[style])
        hearing += share_met(starts, generate(params, heard, seed + 100))
        deaf += share_met(starts, generate(params, plain, seed + 100))
    assert hearing > 1.1 * deaf


def share_met(starts: list[float], drums: Clip) -> float:
    """The share of a bass's notes with a kick within a thirty-second note."""
    kicks = [note.start for note in drums.notes if note.pitch in KICK_PITCHES]
    return sum(any(abs(start - kick) < 0.125 for kick in kicks) for start in starts) / len(starts)
