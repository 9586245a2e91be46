"""A clip as a part: its messages in order, each note ended, and nothing that would swallow another."""

from __future__ import annotations

import random

import pytest

from musearoo.bridge.midi.parts.clip import CHANNELS, DRUM_CHANNEL, make_part, part_of_engine
from musearoo.engines.errors import ParamError
from musearoo.engines.music.clip import Clip
from musearoo.engines.music.knowledge.context import MusicalContext
from musearoo.engines.music.note import Note
from musearoo.engines.players.band.catalogue import ENGINES, EngineRecord
from tests.each_case import each_case
from tests.engines.presets_on_disk import STYLES


def clip_of(*notes: Note, length: float = 4.0) -> Clip:
    """A clip of notes."""
    return Clip.of("part", length, notes)


def test_the_programme_comes_first_and_drums_have_none() -> None:
    clip = clip_of(Note(0.0, 40, 1.0, 90))
    assert [message.data[0] for message in make_part(clip, 2, 33).messages] == [0xC1, 0x91, 0x81]
    assert make_part(clip, 2, 33).messages[0].data == bytes((0xC1, 33))
    assert [message.data[0] for message in make_part(clip, DRUM_CHANNEL, 33).messages] == [0x99, 0x89]


def test_what_is_muted_or_improbable_does_not_sound() -> None:
    clip = clip_of(Note(0.0, 40, 1.0, 90, mute=True), Note(1.0, 41, 1.0, 90, probability=0.4), Note(2.0, 42, 1.0, 1.6))
    assert [message.data for message in make_part(clip, 1).messages] == [bytes((0x90, 42, 2)), bytes((0x80, 42, 64))]


def test_any_notes_give_messages_in_order_in_which_each_note_ends() -> None:
    chance = random.Random(5)
    for _ in range(200):
        notes = [
            Note(chance.choice((chance.uniform(0, 3.9), float(chance.randrange(4)))), chance.randrange(60, 63), 1.5, 80)
            for _ in range(chance.randrange(12))
        ]
        part = make_part(clip_of(*notes), 1, 5, loops=True)
        beats = [message.beat for message in part.messages]
        assert beats == sorted(beats)
        assert all(0.0 <= beat <= part.length for beat in beats)
        sounding: set[int] = set()
        for message in part.messages:
            if message.data[0] == 0x90:
                assert message.data[1] not in sounding
                sounding.add(message.data[1])
            elif message.data[0] == 0x80:
                sounding.remove(message.data[1])
        assert sounding == set()


@each_case("channel, program", [(0, None), (17, None), (1, 128), (1, -1)])
def test_what_no_synthesiser_has_is_refused(channel: int, program: int | None) -> None:
    with pytest.raises(ParamError, match="must be"):
        make_part(clip_of(), channel, program)


@each_case("record", ENGINES)
def test_every_engine_sounds_at_its_channel(record: EngineRecord) -> None:
    clip = record.generate(record.params(style=STYLES["funk"], bars=2), MusicalContext.plain(), 3)
    part = part_of_engine(record.part, clip, loops=True)
    assert {message.data[0] % 16 + 1 for message in part.messages} == {CHANNELS[record.part]}
    assert part.loops
    assert part.length == clip.length


def test_channels_are_their_own_and_leave_the_first_to_the_player() -> None:
    assert len(set(CHANNELS.values()) | {1}) == len(CHANNELS) + 1
    assert part_of_engine("unknown", clip_of(Note(0.0, 60, 1.0, 90))).messages[0].data[0] % 16 + 1 == CHANNELS["melody"]
