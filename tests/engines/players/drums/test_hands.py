"""Ornaments, limbs, velocity and timing, on hand-made hits."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from math import sqrt
from statistics import fmean, pstdev

import pytest

from musearoo.engines.music.groove import Groove, GrooveProfile
from musearoo.engines.music.song_section import SongSection
from musearoo.engines.players.drums.dynamics import apply_velocity_feel, lead_through_fills, set_levels, shape_section
from musearoo.engines.players.drums.engine import write_notes
from musearoo.engines.players.drums.limbs import free_the_hands, weaken_the_left_hand
from musearoo.engines.players.drums.microtiming import (
    apply_timing_feel,
    follow_groove,
    keep_order,
    push_and_drag,
    scatter,
    swing_time,
    wander,
)
from musearoo.engines.players.drums.ornaments import choose_ornaments, play_ornaments
from musearoo.engines.players.drums.take import Hit, Hits
from musearoo.engines.styles.drums import Ornaments
from musearoo.engines.styles.rows import ACCENT, GHOST, NORMAL
from tests.engines.players.drums.hits import places, shaped, strokes, take


def velocities(hits: Hits) -> list[float]:
    return [hit.velocity for hit in hits]


def times(hits: Hits) -> list[float]:
    return [hit.time for hit in hits]


def test_ornaments_want_both_hands() -> None:
    always = take(ornaments=Ornaments(flams=0.9), complexity=1.0)
    alone = strokes("snare", *(float(n) for n in range(16)))
    with_hat = sorted(alone + strokes("closed_hat", *(float(n) for n in range(16))))
    assert sum(hit.ornament == "flam" for hit in choose_ornaments(alone, always)) > 10
    assert choose_ornaments(with_hat, always) == with_hat
    after_a_hat = sorted(strokes("closed_hat", 0.9) + strokes("snare", 1.0))  # 50 ms before
    assert choose_ornaments(after_a_hat, always) == after_a_hat


def test_hands_that_have_not_played_yet_are_free() -> None:
    """The first stroke of a take may be ornamented like any other, one right after another hand may not."""
    chosen = [choose_ornaments(strokes("snare", 0.0), take(ornaments=Ornaments(flams=1.0), seed=n)) for n in range(8)]
    assert all(hits[0].ornament == "flam" for hits in chosen)
    # A foot is no hand: a kick just before, or at once, is in nobody's way.
    with_kick = strokes("kick", 0.9, 1.0) + strokes("snare", 1.0)
    assert choose_ornaments(sorted(with_kick), take(ornaments=Ornaments(flams=1.0)))[-1].ornament == "flam"


def test_a_flam_is_one_stroke_before_a_drag_two_and_a_buzz_bounces_on() -> None:
    def played(ornament: str) -> Hits:
        return play_ornaments([Hit(1.0, "snare", ACCENT, ornament=ornament), Hit(1.5, "snare", NORMAL)], take())  # type: ignore[arg-type]

    assert [hit.early_ms for hit in played("flam")] == [27.0, 0.0, 0.0]
    assert [hit.early_ms for hit in played("drag")] == [78.0, 40.0, 0.0, 0.0]
    bounces = [hit.early_ms for hit in played("buzz")[1:-1]]
    assert bounces == sorted(bounces, reverse=True)
    assert len(bounces) == 4
    assert all(hit.strength == GHOST for hit in played("buzz")[1:-1])
    swung = shaped(swing_time, played("flam"), take(swing=1.0))
    assert swung[1].time - swung[0].time == pytest.approx(0.054)  # 27 ms at 120 BPM


def test_two_hands_and_one_stroke_a_voice() -> None:
    together = [Hit(0.0, voice, NORMAL) for voice in ("closed_hat", "snare", "crash", "kick", "kick", "tambourine")]
    assert {hit.voice for hit in free_the_hands(together, take())} == {"kick", "snare", "crash"}
    assert len(free_the_hands(together, take())) == 3


def test_a_pedal_does_not_close_the_hat_that_opens() -> None:
    assert [hit.voice for hit in free_the_hands([*strokes("pedal_hat", 1.0), *strokes("open_hat", 1.0)], take())] == [
        "open_hat"
    ]


def test_the_left_hand_is_softer_where_hands_alternate() -> None:
    fast = shaped(weaken_the_left_hand, strokes("closed_hat", 0.0, 0.25, 0.5, 0.75), take())
    assert velocities(fast) == pytest.approx([80.0, 74.4, 80.0, 74.4])
    slow = strokes("closed_hat", 0.0, 0.5, 1.0)
    assert shaped(weaken_the_left_hand, slow, take()) == slow


def test_each_strength_has_its_level() -> None:
    exact = take(humanise=0.0)
    hits = [Hit(float(n), "snare", strength) for n, strength in enumerate((GHOST, NORMAL, ACCENT))]
    assert velocities(shaped(set_levels, hits, exact)) == [32.0, 88.0, 112.0]
    spread = velocities(shaped(set_levels, strokes("snare", *(0.25 * n for n in range(64))), take()))
    assert 4.0 < pstdev(spread) < 9.0


def test_drummers_play_the_beat_louder_than_what_follows_it() -> None:
    hits = strokes("closed_hat", *(0.25 * n for n in range(16)))
    on, after = velocities(shaped(apply_velocity_feel, hits, take()))[:2]
    assert on > 80.0 > after
    assert shaped(apply_velocity_feel, hits, take(players="machine")) == hits
    assert shaped(apply_velocity_feel, hits, take(humanise=0.0)) == hits


def test_a_fill_rises() -> None:
    led = shaped(lead_through_fills, strokes("snare", 14.0, 15.0, 15.5, 15.75), take(filling=1.0))
    assert velocities(led)[0] == 80.0
    assert velocities(led)[1] < velocities(led)[2] < velocities(led)[3]


def test_loudness_is_the_sections_energy_and_a_build_swells() -> None:
    hits = strokes("snare", 0.0, 8.0, 15.0)
    loud, soft = (shaped(shape_section, hits, take(section=SongSection("verse", energy))) for energy in (1.0, 0.0))
    assert fmean(velocities(loud)) > 80.0 > fmean(velocities(soft))
    swelling = velocities(shaped(shape_section, hits, take(section=SongSection("build"))))
    assert swelling[0] < 0.6 * swelling[2]
    wild = write_notes([Hit(0.0, "snare", 1, 180.2), Hit(1.0, "snare", 1, -3.0, 1.0)], take())
    assert [note.velocity for note in wild] == [127.0, 1.0]


def test_off_beats_swing() -> None:
    assert times(shaped(swing_time, strokes("ride", 0.0, 0.5, 1.5), take(swing=2.0))) == pytest.approx(
        [0.0, 2 / 3, 1 + 2 / 3]
    )


def test_triplets_of_a_swung_beat_stay_triplets() -> None:
    thirds = strokes("snare", 1.0 / 3.0, 2.0 / 3.0)
    assert times(shaped(swing_time, thirds, take(swing=1.8))) == pytest.approx([1.0 / 3.0, 2.0 / 3.0])


def test_limbs_push_and_drag_as_the_style_says() -> None:
    there = take()  # rock: kick 2 ms ahead, snare 4 behind, cymbals 3 ahead
    pushed = shaped(push_and_drag, strokes("kick", 0.0) + strokes("snare", 0.0) + strokes("ride", 0.0), there)
    assert [1000.0 * there.seconds(time) for time in times(pushed)] == pytest.approx([-2.0, 4.0, -3.0])


def test_the_second_and_fourth_sixteenth_hang_back() -> None:
    hits = strokes("closed_hat", *(0.25 * n for n in range(16)))
    late = [
        after - before
        for before, after in zip(times(hits), times(shaped(apply_timing_feel, hits, take())), strict=True)
    ]
    assert min(late[1::2]) > max(late[0::4])
    assert shaped(apply_timing_feel, hits, take(humanise=0.0)) == hits
    triplet = strokes("closed_hat", 1.0 / 3.0)
    assert times(shaped(apply_timing_feel, triplet, take())) == times(triplet)


def test_the_kit_wanders_and_ends_where_it_began() -> None:
    hits = strokes("ride", *(0.25 * n for n in range(128)))
    moved = [later.time - hit.time for hit, later in zip(hits, shaped(wander, hits, take(bars=8)), strict=True)]
    steps = [abs(after - before) for before, after in pairwise(moved)]
    assert max(steps) < 0.01 < max(moved) - min(moved)
    assert abs(moved[0] - moved[-1]) < 0.01


def test_kick_and_snare_are_tighter_than_the_hat() -> None:
    def stray(voice: str) -> float:
        hits = strokes(voice, *(0.25 * n for n in range(512)))
        there = take(bars=32)
        played = shaped(scatter, hits, there)
        return sqrt(fmean((hit.time - hit.at) ** 2 for hit in played))

    assert stray("kick") < 0.75 * stray("closed_hat")
    assert stray("snare") < 0.75 * stray("closed_hat")
    hits = strokes("kick", 0.0)
    assert shaped(scatter, hits, take(humanise=0.0)) == hits


def test_what_is_struck_together_stays_together() -> None:
    hits = sorted(strokes("closed_hat", *range(64)) + strokes("ride", *range(64)))
    played = shaped(scatter, hits, take(bars=16))
    apart = [abs(one.time - other.time) for one, other in zip(played[::2], played[1::2], strict=True)]
    alone = [abs(hit.time - hit.at) for hit in played]
    assert fmean(apart) < fmean(alone)


def test_a_measured_groove_is_followed() -> None:
    heard = Groove(bar_beats=4.0, whole=GrooveProfile((0.5,), (0.1,), (90.0,), (8,)))
    there = replace(take(), followed=(heard, 1.0))
    assert times(shaped(follow_groove, strokes("snare", 4.5, 5.0), there)) == pytest.approx([4.6, 5.0])
    assert times(shaped(follow_groove, strokes("snare", 4.5), replace(there, followed=(heard, 0.5)))) == pytest.approx(
        [4.55]
    )


def test_no_stroke_leaves_the_clip_or_overtakes_its_own_voice() -> None:
    wild = [Hit(0.0, "snare", 2, 90.0, -0.1), Hit(0.25, "snare", 2, 90.0, -0.05), Hit(15.75, "kick", 2, 90.0, 16.2)]
    kept = keep_order(wild, take())
    assert times(kept) == pytest.approx([0.0, 1 / 96, 16.0 - 1 / 96])
    assert places(kept, "kick") == [15.75]
