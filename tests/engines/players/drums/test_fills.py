"""Fills: setup, fill and resolution, on hand-made takes."""

from __future__ import annotations

from typing import Any

from musearoo.engines.music.song_section import SongSection
from musearoo.engines.players.drums.fills import crash_on_one, play_fills, set_up_fills
from musearoo.engines.players.drums.phrasing import HEMIOLA
from musearoo.engines.players.drums.skeleton import lay_skeleton
from musearoo.engines.players.drums.timekeeping import keep_time
from musearoo.engines.styles.drums import Fill
from musearoo.engines.styles.rows import ACCENT, GHOST, FillRow
from tests.engines.players.drums.hits import places, strokes, take


def fills_of(bars: int = 4, **changed: Any) -> list[int]:
    """The bars with a fill, over some seeds."""
    found = set()
    for seed in range(12):
        there = take(bars=bars, seed=seed, **changed)
        found |= {bar.index for bar in there.bars if bar.fill is not None}
    return sorted(found)


def test_before_a_fill_the_hat_opens_and_ghosts_stop() -> None:
    there = take(filling=1.0)
    start = there.bars[3].fill_start
    assert start == 15.0
    before = strokes("closed_hat", 14.0, 14.5) + strokes("snare", 14.75, strength=GHOST)
    assert places(set_up_fills(before, there), "open_hat") == [14.5]
    assert places(set_up_fills(before, there), "snare") == []
    assert set_up_fills(before, take(filling=0.0)) == before


def test_a_fill_takes_the_place_of_the_groove() -> None:
    there = take(filling=1.0)
    hits = play_fills(keep_time(lay_skeleton([], there), there), there)
    assert places(hits, "snare")[-4:] == [15.0, 15.25, 15.5, 15.75]
    assert max(places(hits, "closed_hat")) == 14.5


def test_letters_of_a_fill_may_ornament() -> None:
    there = take(filling=1.0, fills=(Fill(name="flam", hands=FillRow("F.d. z...")),))
    assert [hit.ornament for hit in play_fills([], there)] == ["flam", "drag", "buzz"]


def test_a_crash_has_a_kick_under_it_and_no_simultaneous_hat() -> None:
    there = take()
    assert there.bars[0].crash
    hits = crash_on_one(strokes("closed_hat", 0.0, 0.5), there)
    assert sorted((hit.at, hit.voice) for hit in hits) == [(0.0, "crash"), (0.0, "kick"), (0.5, "closed_hat")]
    assert all(hit.strength == ACCENT for hit in hits if hit.at == 0.0)


def test_fills_come_as_often_as_asked_for() -> None:
    assert fills_of(8, filling=0.0) == []
    assert fills_of(8, filling=1.0) == [3, 7]


def test_a_section_that_rises_is_led_into_and_a_build_needs_no_fill() -> None:
    rising = SongSection("verse", energy=0.5, following=0.9)
    takes = [take(seed=seed, filling=0.5, fill_likelihood=0.5, section=rising) for seed in range(40)]
    falling = SongSection("chorus", energy=0.8, following=0.3)
    others = [take(seed=seed, filling=0.5, fill_likelihood=0.5, section=falling) for seed in range(40)]
    led, left = (sum(each.bars[-1].fill is not None for each in group) for group in (takes, others))
    assert led > 1.5 * left
    assert fills_of(8, filling=1.0, section=SongSection("build", following=0.9)) == []


def test_the_last_bar_of_a_song_is_led_into_and_has_no_fill() -> None:
    assert fills_of(8, filling=1.0, section=SongSection("outro", energy=0.7, ends_song=True)) == [3, 6]


def test_a_quiet_section_has_short_fills() -> None:
    long = (Fill(name="bar", hands=FillRow("ssss ssss ssss ssss")),)
    assert fills_of(4, filling=1.0, fills=long, section=SongSection("verse", energy=0.3)) == []
    assert fills_of(4, filling=1.0, fills=long, section=SongSection("verse", energy=0.6)) == [3]


def test_drummers_with_cross_rhythms_fill_in_threes_at_high_complexity() -> None:
    def crossed(**changed: Any) -> int:
        takes = [take(seed=seed, filling=1.0, crossing=0.5, **changed) for seed in range(20)]
        return sum(there.bars[-1].fill is HEMIOLA for there in takes)

    assert 4 < crossed(complexity=0.9) < 16
    assert crossed(complexity=0.5) == crossed(complexity=0.9, players="machine") == 0
    takes = (take(seed=seed, filling=1.0, crossing=0.5, complexity=0.9) for seed in range(20))
    threes = play_fills([], next(there for there in takes if there.bars[-1].fill is HEMIOLA))
    assert places(threes, "kick") == [12.5 + 0.75 * n for n in range(5)]


def test_a_song_that_fades_in_the_mix_has_no_last_fill() -> None:
    outro = SongSection("outro", energy=0.6)
    assert fills_of(8, filling=1.0, section=outro, ending="groove") == [3]
    assert fills_of(8, filling=1.0, section=outro, ending="ring") == [3, 7]


def test_high_energy_has_a_crash_at_each_eighth_bar() -> None:
    def crashes(energy: float) -> list[int]:
        there = take(bars=16, filling=0.0, section=SongSection("chorus", energy=energy))
        return [bar.index for bar in there.bars if bar.crash]

    assert crashes(0.9) == [0, 8]
    assert crashes(0.6) == [0]


def test_a_drum_machine_is_filled_after_eight_bars_rather_than_after_four() -> None:
    def counts(players: str) -> tuple[int, int]:
        bars = [bar for seed in range(60) for bar in take(bars=8, seed=seed, filling=0.5, players=players).bars]
        found = [bar.index for bar in bars if bar.fill is not None]
        return found.count(3), found.count(7)

    after_four, after_eight = counts("machine")
    assert 0 < after_four < 0.6 * after_eight
    assert counts("rock")[0] > after_four
