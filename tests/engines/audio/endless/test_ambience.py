"""Endless sound: the same again, steered within a second, level, clicks and key, told apart, gone on with."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from musearoo.engines.ambient.steering import Steering
from musearoo.engines.audio.endless.ambience import FADE, Ambience, Planned
from musearoo.engines.audio.endless.synth import BLOCK, RATE
from musearoo.engines.errors import ParamError
from musearoo.engines.music.knowledge.context import MusicalContext
from musearoo.engines.music.scale import Key
from musearoo.tools.bench.ambient.measures import (
    describe_sound,
    find_clicks,
    longest_silence,
    measure_novelty,
    measure_short_term,
    share_in_level,
    share_in_scale,
    tell_apart,
)
from tests.engines.ambient.some_music import presets, style
from tests.engines.audio.endless.some_sound import an_ambience, play


def test_the_same_seed_and_steering_give_the_same_samples() -> None:
    def played() -> np.ndarray:
        ambience = an_ambience("tape")
        first = play(ambience, 3.0)
        assert ambience.steer(replace(ambience.steering, preset="rain", density=0.9)) <= ambience.position + RATE
        return np.concatenate((first, play(ambience, 4.0)), axis=1)

    one, other = played(), played()
    assert np.array_equal(one, other)
    assert not np.array_equal(
        one, np.concatenate((play(an_ambience("tape", 4), 3.0), one[:, 3 * RATE :]), axis=1)[:, : one.shape[1]]
    )


@pytest.mark.parametrize("name", sorted(presets()))
def test_each_preset_is_level_clean_and_in_its_scale(name: str) -> None:
    sound = play(an_ambience(name, has_strokes=False), 24.0)
    loudness = measure_short_term(sound, RATE)
    assert abs(float(np.median(loudness[80:])) + 22.0) < 2.0
    assert share_in_level(loudness, within=4.0, after=10.0) > 0.8
    assert find_clicks(sound) == []
    assert np.max(np.abs(sound)) < 10.0 ** (-1.0 / 20.0)
    assert longest_silence(sound[:, RATE:], RATE) < 2.0
    assert share_in_scale(sound, RATE, Key.parse(presets()[name].key).pitch_classes) > 0.75
    assert float(np.mean(sound[0] * sound[1])) > -0.2 * float(np.mean(sound**2)), "it survives in mono"


@pytest.mark.long
@pytest.mark.parametrize("name", sorted(presets()))
def test_an_hour_of_it_is_level_clean_and_never_the_same(name: str) -> None:
    ambience = an_ambience(name, has_strokes=False)
    levels, novelty, clicks = [], [], 0
    for _ in range(30):
        sound = play(ambience, 120.0)
        levels.append(measure_short_term(sound, RATE))
        novelty.append(measure_novelty(sound, RATE))
        clicks += len(find_clicks(sound))
        assert longest_silence(sound[:, 2 * RATE :], RATE) < 2.0
        assert ambience.voices < 400
    assert share_in_level(np.concatenate(levels)) > 0.95
    assert clicks == 0
    mean = float(np.mean(np.concatenate(novelty)))
    assert 0.02 < mean < 0.5


@pytest.mark.long
def test_presets_are_told_apart_by_their_sound() -> None:
    described = {
        name: [describe_sound(play(an_ambience(name, seed), 60.0)[:, 4 * RATE :], RATE) for seed in range(4)]
        for name in presets()
    }
    verdict = tell_apart(described)
    assert verdict.right >= 0.9 * verdict.of, verdict.mistaken


def test_steering_is_heard_within_a_second_and_clicks_nowhere() -> None:
    ambience = an_ambience("glass")
    play(ambience, 3.0)
    for change in (
        {"brightness": 0.0},
        {"key": Key.parse("F# minor")},
        {"preset": "drift"},
        {"mood": "tense"},
        {"bpm": 120.0},
    ):
        at = ambience.steer(replace(ambience.steering, **change))
        assert 0 <= at - ambience.position <= RATE, change
        assert find_clicks(play(ambience, 2.0)) == [], change
    assert ambience.upcoming[0].phrase.bpm == 120.0
    assert ambience.upcoming[0].phrase.key.tonic == 6


def test_what_only_shapes_the_sound_leaves_the_notes() -> None:
    one, other = an_ambience("drift"), an_ambience("drift")
    play(one, 1.0), play(other, 1.0)
    assert other.steer(replace(other.steering, brightness=0.9, levels=(("pad", 0.0),))) == other.position
    assert [each.phrase.layers for each in one.upcoming] == [each.phrase.layers for each in other.upcoming]
    assert not np.array_equal(play(one, 1.0), play(other, 1.0))


def test_a_set_is_followed_from_the_next_beat_on() -> None:
    ambience = an_ambience("drift")
    play(ambience, 2.0)
    context = MusicalContext.plain(bpm=100.0, key="E major", chords="E A | B E")
    assert ambience.follow(context) - ambience.position <= RATE
    assert ambience.upcoming[-1].phrase.bpm == 100.0
    assert ambience.follow(context) == ambience.position, "nothing has changed"
    ambience.follow(None)
    assert ambience.upcoming[-1].phrase.bpm == presets()["drift"].bpm


def test_phrases_follow_each_other_without_a_gap() -> None:
    ambience = an_ambience("embers")
    seen: dict[int, Planned] = {}
    for _ in range(round(40 * RATE / BLOCK)):
        ambience.render()
        seen |= {each.at: each for each in ambience.upcoming}
    planned = [seen[at] for at in sorted(seen)]
    assert len(planned) > 3
    assert all(one.ends == other.at for one, other in pairwise(planned))


def test_it_fades_out_and_is_over() -> None:
    ambience = an_ambience()
    play(ambience, 2.0)
    ends = ambience.fade_out()
    assert ambience.fade_out() == ends
    rest = []
    while not ambience.is_over:
        rest.append(ambience.render())
    sound = np.concatenate(rest, axis=1)
    assert abs(sound.shape[1] - FADE * RATE) < 2 * BLOCK
    assert np.max(np.abs(sound[:, -BLOCK:])) < 0.02


def test_it_goes_on_where_another_process_died() -> None:
    ambience = an_ambience("choir")
    play(ambience, 9.0)
    bookmark = ambience.bookmark(ambience.position - RATE // 2)
    other = Ambience(3, bookmark.steering, presets(), style(), bookmark=bookmark)
    assert 0 <= ambience.position - other.position <= RATE
    assert other.upcoming[0].phrase == next(each.phrase for each in ambience.upcoming if each.at == bookmark.at)
    assert np.sqrt(np.mean(play(other, 3.0)[:, 2 * RATE :] ** 2)) > 0.01


def test_positions_go_beyond_what_32_bits_hold() -> None:
    ambience = an_ambience()
    bookmark = replace(ambience.bookmark(0), at=2**32 - 5 * RATE, position=2**32 - 3 * RATE)
    late = Ambience(3, bookmark.steering, presets(), style(), bookmark=bookmark)
    sound = play(late, 6.0)
    assert late.position > 2**32
    assert find_clicks(sound) == []
    assert np.sqrt(np.mean(sound[:, 2 * RATE :] ** 2)) > 0.01


def test_an_unknown_preset_is_refused_and_what_plays_goes_on() -> None:
    ambience = an_ambience()
    with pytest.raises(ParamError, match="preset must be one of"):
        ambience.steer(Steering(preset="polka"))
    assert ambience.steering.preset == "drift"
    play(ambience, 0.2)
