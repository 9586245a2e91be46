"""The player's systematic timing, separated from jitter."""

from __future__ import annotations

from random import Random

import pytest

from musearoo.engines.improvisation.quantize.player_feel import OnsetTiming, measure_feel
from musearoo.engines.music.clip import Clip
from musearoo.engines.music.groove_template import apply_groove
from musearoo.engines.music.meter import Meter
from musearoo.engines.music.note import Note

BPM = 120.0
MS = BPM / 60_000.0
"""Quarters in a millisecond."""


def onsets(late: dict[float, float], bars: int, jitter: float, seed: int = 1) -> list[OnsetTiming]:
    """Sixteenths, late by so many milliseconds on some places of the bar."""
    chance = Random(seed)
    return [
        OnsetTiming(n / 4.0, (late.get(n / 4.0 % 4.0, 0.0) + chance.gauss(0.0, jitter)) * MS, None, 90)
        for n in range(16 * bars)
    ]


def test_systematic_timing_stays_and_jitter_is_removed() -> None:
    late = {1.0: 12.0, 3.0: 12.0, 0.75: -15.0}
    feel = measure_feel(onsets(late, 8, 3.0), Meter(), BPM)
    for n in range(16):
        assert feel.late(n / 4.0) / MS == pytest.approx(late.get(n / 4.0, 0.0), abs=3.0)
    assert feel.jitter * 1000.0 == pytest.approx(3.0, abs=1.5)


def test_a_player_without_a_groove_is_given_none() -> None:
    for seed in range(5):
        feel = measure_feel(onsets({}, 2, 6.0, seed), Meter(), BPM)
        assert max(abs(feel.late(n / 4.0)) for n in range(16)) < 6.0 * MS


def test_a_wrong_note_moves_no_place() -> None:
    played = onsets({}, 8, 1.0)
    played[16] = played[16]._replace(late=0.1)
    assert abs(measure_feel(played, Meter(), BPM).late(0.0)) < 2.0 * MS


def test_drums_lie_each_for_themselves() -> None:
    played = []
    for beat in range(32):
        played.append(OnsetTiming(float(beat), 0.0, "hat", 70))
        if beat % 2:
            played.append(OnsetTiming(float(beat), 15.0 * MS, "snare", 110))
    feel = measure_feel(played, Meter(), BPM)
    assert feel.late(1.0, "snare") / MS == pytest.approx(15.0, abs=1.5)
    assert feel.late(1.0, "hat") / MS == pytest.approx(0.0, abs=1.5)
    assert feel.groove.drums is not None
    assert set(feel.groove.drums) == {"hat", "snare"}
    assert feel.groove.drums["snare"].positions == (1.0, 3.0)
    assert feel.groove.drums["snare"].velocities == (110, 110)


def test_a_place_that_was_never_played_is_late_as_its_place_in_the_beat() -> None:
    played = [OnsetTiming(beat + 0.5, 20.0 * MS, None, 90) for beat in range(12) if beat % 4 != 3]
    played += [OnsetTiming(float(beat), 0.0, None, 90) for beat in range(12)]
    feel = measure_feel(played, Meter(), BPM)
    assert feel.late(3.5) / MS == pytest.approx(20.0, abs=2.0)
    assert feel.late(3.25) == 0.0


def test_others_play_along_with_it_as_the_player_does() -> None:
    late = {1.0: 12.0, 3.0: 12.0, 0.75: -15.0}
    feel = measure_feel(onsets(late, 8, 0.0), Meter(), BPM)
    straight = Clip.of("straight", 4.0, [Note(n / 4.0, 60, 0.2, 90.0) for n in range(16)])
    for note, n in zip(apply_groove(straight, feel.groove).notes, range(16), strict=True):
        assert (note.start - n / 4.0) / MS == pytest.approx(late.get(n / 4.0, 0.0), abs=0.5)


def test_in_six_eight_places_are_counted_in_dotted_quarters() -> None:
    played = [OnsetTiming(n / 2.0, 10.0 * MS if n % 6 == 3 else 0.0, None, 90) for n in range(48)]
    feel = measure_feel(played, Meter(6, 8), BPM)
    assert feel.groove.bar_beats == 2.0
    assert feel.groove.whole is not None
    assert feel.groove.whole.positions == pytest.approx((0.0, 1 / 3, 2 / 3, 1.0, 4 / 3, 5 / 3), abs=1e-5)
    assert feel.late(1.5) / MS == pytest.approx(10.0, abs=1.0)


def test_off_beats_swing_from_two_and_a_half_percent_and_to_the_longest_ratio() -> None:
    def swing(late: float, count: int = 16) -> tuple[float | None, float]:
        played = [OnsetTiming(n / 2.0, late if n % 2 else 0.0, None, 90) for n in range(2 * count)]
        found = measure_feel(played, Meter(), BPM).groove.swing
        return found.value, found.confidence

    # What is less is a push: straight, and known to be.
    assert swing(0.02) == (1.0, 1.0)
    assert swing(0.026)[0] == pytest.approx(0.526 / 0.474)
    assert swing(0.27)[0] == pytest.approx(0.77 / 0.23)
    # Beyond a dotted eighth and a sixteenth nobody calls it swing.
    assert swing(0.29) == (None, 0.0)
    assert swing(0.1, 8)[1] == pytest.approx(0.7)
    assert swing(0.1, 40)[1] == 1.0
    assert swing(0.1, 1) == (None, 0.0)


def test_a_groove_is_as_sure_as_it_has_onsets() -> None:
    def sure(count: int) -> float:
        return measure_feel(
            [OnsetTiming(float(n), 0.0, None, 90) for n in range(count)], Meter(), BPM
        ).groove.confidence

    # Of four places, each met twice at the least; and of 32 onsets.
    assert [sure(count) for count in (1, 4, 16, 40)] == [1 / 32, 4 / 32, 0.5, 1.0]
