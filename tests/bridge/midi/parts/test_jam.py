"""What a jam has sound becomes orders to the MIDI process: under its engine's number, at its channel, from its beat."""

from __future__ import annotations

import pytest

from musearoo.bridge.midi.parts.clip import part_of_engine
from musearoo.bridge.midi.parts.jam import command_of, end_jam, part_number
from musearoo.bridge.protocol.midi_process import Play, Silence
from musearoo.engines.errors import ParamError
from musearoo.engines.improvisation.jam.composing import Compose, answer_recording
from musearoo.engines.improvisation.jam.responding import ResponseRequest
from musearoo.engines.improvisation.jam.turns import Jam, Sound, StopPart
from musearoo.engines.improvisation.listening.player import PlayerListener
from musearoo.engines.music.clip import Clip
from musearoo.engines.music.knowledge.context import MusicalContext
from musearoo.engines.music.meter import Meter
from musearoo.engines.music.note import Note
from musearoo.engines.players.band.catalogue import ENGINES
from tests.each_case import each_case
from tests.engines.presets_on_disk import STYLES


def test_a_sound_plays_as_its_engines_part_and_a_hush_silences_it() -> None:
    clip = Clip("walk", 4.0, (Note(0.0, 36, 1.0, 90), Note(2.0, 43, 1.0, 90)))
    played = command_of(Sound("bassaroo", clip, 16.0, loops=True), ENGINES)
    assert played == Play(part_number("bassaroo", ENGINES), part_of_engine("bass", clip, loops=True), 16.0)
    assert command_of(StopPart("bassaroo", 20.0), ENGINES) == Silence(played.number, 20.0)


def test_an_engine_that_there_is_not_is_named() -> None:
    with pytest.raises(ParamError, match="kazooroo"):
        command_of(StopPart("kazooroo", 4.0), ENGINES)


@each_case("at", [None, 8.0])
def test_all_who_play_fall_silent_where_the_jam_ends(at: float | None) -> None:
    jam, meter = Jam(1, Meter(), 0.0), Meter()
    (order,) = [action for action in jam.tick(0.0) if isinstance(action, Compose)]
    nothing = PlayerListener(meter).recording(0.0, 0.0)
    answer = answer_recording(order, nothing, ResponseRequest(STYLES["funk"]), MusicalContext.plain(120.0, meter))
    jam.composed(answer, 1.0)
    begun = [action for beat in (2.0, 3.0, 4.0) for action in jam.tick(beat) if isinstance(action, Sound)]
    assert {sound.engine for sound in begun} == {part.engine for part in answer.parts}
    silences = end_jam(jam, 5.0, at, ENGINES)
    assert {silence.number for silence in silences} == {part_number(sound.engine, ENGINES) for sound in begun}
    assert {silence.beat for silence in silences} == {at}
    assert end_jam(jam, 5.0, at, ENGINES) == (), "it is over"
