"""Phrases of endless music at a MIDI port: channels, controls, and no note without its end."""

from collections import Counter

import pytest

from musearoo.bridge.midi.parts.ambience import CHANNELS, CONTROLLERS, part_of_phrase
from musearoo.engines.ambient.phrase import LAYERS
from musearoo.engines.ambient.steering import Steering
from tests.each_case import each_case
from tests.engines.ambient.some_music import phrases, presets


@each_case("stretch", [1.0, 0.5, 2.0, 1.37])
def test_each_layer_has_its_channel_and_every_note_ends_within_the_part(stretch: float) -> None:
    seen = set[int]()
    for preset in presets():
        for phrase in phrases(Steering(preset=preset, density=0.9), 6)[1]:
            part = part_of_phrase(phrase, stretch)
            assert part.length == pytest.approx(phrase.length * stretch)
            held = Counter[tuple[int, int]]()
            last = 0.0
            for message in part.messages:
                assert last <= message.beat <= part.length
                last = message.beat
                kind, channel = message.data[0] & 0xF0, (message.data[0] & 0x0F) + 1
                seen.add(channel)
                if kind in (0x80, 0x90):
                    held[channel, message.data[1]] += 1 if kind == 0x90 else -1
            assert not any(held.values()), "every note ends"
            strikes = sum(message.data[0] & 0xF0 == 0x90 for message in part.messages)
            assert 0 < strikes <= sum(len(layer.notes) for layer in phrase.layers)
    assert seen == set(CHANNELS.values()) == {CHANNELS[layer] for layer in LAYERS}


def test_its_controls_follow_the_amounts_once_a_beat() -> None:
    phrase = phrases(Steering(), 1)[1][0]
    part = part_of_phrase(phrase, 1.0)
    for name, number in CONTROLLERS.items():
        told = [each for each in part.messages if each.data[0] == 0xB4 and each.data[1] == number]
        assert [each.beat for each in told] == [float(beat) for beat in range(int(phrase.length))]
        assert told[0].data[2] == round(127 * getattr(phrase.enters, name))
