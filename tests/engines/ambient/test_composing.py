"""Endless music as notes: a day of it, the same again, what steers it, and where a phrase is cut."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from musearoo.engines.ambient.composing import PARALLEL, begin, cut, next_phrase
from musearoo.engines.ambient.phrase import LAYERS, Phrase
from musearoo.engines.ambient.preset import layer_of
from musearoo.engines.ambient.steering import Steering
from musearoo.engines.errors import ParamError
from musearoo.engines.music.knowledge.context import MusicalContext
from musearoo.engines.music.scale import Key
from tests.engines.ambient.some_music import phrases, presets, style

DAY = 24 * 3600.0


def holes(stream: list[Phrase]) -> float:
    """The longest time in seconds in which no note sounds, without what rings on."""
    spans = []
    at = 0.0
    for phrase in stream:
        beat = 60.0 / phrase.bpm
        for each in phrase.layers:
            spans += [(at + note.start * beat, at + (note.start + note.duration) * beat) for note in each.notes]
        at += phrase.seconds
    until = longest = 0.0
    for start, end in sorted(spans):
        longest = max(longest, start - until)
        until = max(until, end)
    return longest


def tell(phrase: Phrase) -> np.ndarray:
    """What tells presets apart by their notes: how many of each layer, how long, how high, how fast."""
    counts = {each.layer: len(each.notes) for each in phrase.layers}
    notes = [note for each in phrase.layers for note in each.notes if each.layer != "percussion"]
    lasting = np.log([note.duration for note in notes] or [1.0])
    pitches = [note.pitch for note in notes] or [60]
    rates = [60.0 * counts.get(layer, 0) / phrase.seconds for layer in LAYERS]
    return np.array([*np.sqrt(rates), np.mean(lasting), np.mean(pitches) / 6.0, np.std(pitches) / 6.0])


def test_a_day_of_it_never_repeats_stays_in_key_and_has_no_hole() -> None:
    state, preset, steering = begin(11), presets()["drift"], Steering(preset="drift")
    seen, in_key, notes, number = set(), 0, 0, 0
    window: list[Phrase] = []
    while state.seconds < DAY:
        state, phrase = next_phrase(state, steering, preset, style())
        assert (phrase.number, phrase.began) == (number, number * phrase.length)
        assert abs(sum(span.end - span.start for span in phrase.chords) - phrase.length) < 1e-9
        seen.add(phrase.layers)
        for each in phrase.layers:
            assert list(each.notes) == sorted(each.notes)
            notes += len(each.notes)
            in_key += sum(note.pitch % 12 in phrase.key.pitch_classes for note in each.notes)
        window.append(phrase)
        number += 1
    assert len(seen) == number > 4000
    assert in_key > 0.99 * notes
    assert holes(window) < 2.0
    keys = {str(phrase.key) for phrase in window}
    assert keys == {"D dorian", str(Key(2, PARALLEL["Dorian"]))}


@pytest.mark.parametrize("name", sorted(presets()))
def test_each_preset_plays_its_layers_within_their_ranges_and_is_never_silent_for_long(name: str) -> None:
    _, stream = phrases(Steering(preset=name), 90)
    rows = {layer_of(row): row.play for row in presets()[name].layers}
    heard = {each.layer for phrase in stream for each in phrase.layers if each.notes}
    assert heard == set(rows)
    assert holes(stream) < 2.0
    for phrase in stream:
        for each in phrase.layers:
            low, high = getattr(rows[each.layer], "low_pitch", 0), getattr(rows[each.layer], "high_pitch", 127)
            assert all(low - 1 <= note.pitch <= high + 7 for note in each.notes), (each.layer, phrase.number)


def test_the_same_seed_and_steering_give_the_same_phrases_and_another_seed_others() -> None:
    steering = Steering(preset="tape", mood="warm", density=0.7)
    assert phrases(steering, 12) == phrases(steering, 12)
    assert phrases(steering, 12)[1][5].layers != phrases(steering, 12, seed=8)[1][5].layers


def test_layers_come_and_go_and_the_next_quarter_of_an_hour_is_another() -> None:
    _, stream = phrases(Steering(preset="drift"), 200)
    present = [frozenset(each.layer for each in phrase.layers) for phrase in stream]
    changes = sum(one != other for one, other in pairwise(present))
    assert 20 < changes < 150
    assert len(set(present)) > 8
    amounts = [phrase.enters.brightness for phrase in stream]
    assert max(amounts) - min(amounts) > 0.12


def test_density_is_heard_as_more_notes_and_a_mood_as_its_scale() -> None:
    def count(density: float) -> int:
        _, stream = phrases(Steering(preset="glass", density=density), 30)
        return sum(len(each.notes) for phrase in stream for each in phrase.layers)

    assert count(0.1) < 0.7 * count(0.5) < 0.7 * count(0.95)
    assert phrases(Steering(preset="choir", mood="dark"), 1)[1][0].key == Key.parse("Ab phrygian")
    wished = Steering(preset="choir", mood="dark", key=Key.parse("E minor"))
    assert phrases(wished, 1)[1][0].key == Key.parse("E minor")


def test_a_plan_goes_from_one_mood_to_the_other() -> None:
    steering = Steering(preset="drift", plan="bright to dark", plan_seconds=1800.0)
    _, stream = phrases(steering, 110)
    assert stream[0].enters.brightness > stream[-1].enters.brightness + 0.4
    assert (stream[0].key.scale, stream[-1].key.scale) == ("Lydian", "Phrygian")


def test_a_set_is_followed_in_key_tempo_and_chords() -> None:
    context = MusicalContext.plain(bpm=97.0, key="G major", chords="G Em | C D")
    _, (first, second) = phrases(Steering(preset="drift"), 2, context=context)
    assert (first.bpm, str(first.key)) == (97.0, "G major")
    assert [span.chord.symbol for span in first.chords][:4] == ["G", "Em", "C", "D"]
    assert second.number == 1


def test_a_phrase_that_is_cut_goes_on_from_there() -> None:
    steering, preset = Steering(preset="drift"), presets()["drift"]
    states, stream = phrases(steering, 3)
    state, ended = cut(states[1], stream[1], 5.0)
    assert (ended.length, ended.number, state.atmos.began) == (5.0, 1, stream[1].began + 5.0)
    assert all(note.start < 5.0 for each in ended.layers for note in each.notes)
    assert ended.chords[-1].end <= 5.0
    _, following = next_phrase(state, steering, preset, style())
    assert (following.number, following.began) == (2, stream[1].began + 5.0)
    assert following.chords[0].chord.root == ended.chords[-1].chord.root, "the chord goes on"
    _, whole = cut(states[1], stream[1], stream[1].length)
    assert whole.layers == stream[1].layers


def test_presets_are_told_apart_by_their_notes() -> None:
    described = {
        name: [
            np.mean([tell(phrase) for phrase in phrases(Steering(preset=name), 8, seed=seed)[1]], axis=0)
            for seed in range(5)
        ]
        for name in presets()
    }
    right = 0
    for name, own in described.items():
        for index, one in enumerate(own):
            centres = {
                other: np.mean([each for place, each in enumerate(those) if (other, place) != (name, index)], axis=0)
                for other, those in described.items()
            }
            right += min(centres, key=lambda other: float(np.linalg.norm(centres[other] - one))) == name
    assert right >= 0.9 * 5 * len(described)


def test_what_is_no_wish_is_refused_with_what_is() -> None:
    for wish, sentence in (
        ({"mood": "grumpy"}, "mood must be one of calm"),
        ({"plan": "bright"}, "plan must be two moods"),
        ({"density": 1.5}, "density must be"),
        ({"bpm": 5.0}, "bpm must be"),
        ({"levels": (("tuba", 0.5),)}, "layer must be one of"),
    ):
        with pytest.raises(ParamError, match=sentence):
            Steering(**wish)
