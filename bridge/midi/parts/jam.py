"""Commands to the MIDI process for the turns of a jam. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from musearoo.bridge.midi.parts.clip import part_of_engine
from musearoo.bridge.protocol.midi_process import Play, Silence
from musearoo.engines.improvisation.jam.turns import Jam, Sound, StopPart
from musearoo.engines.players.band.catalogue import EngineRecord, find_engine


def part_number(engine: str, engines: Sequence[EngineRecord]) -> int:
    """Return the number of an engine's part in the MIDI process, from 1; 0 is the lead-in's.

    >>> from musearoo.engines.players.band.catalogue import ENGINES
    >>> part_number("drummaroo", ENGINES), part_number("bassaroo", ENGINES)
    (1, 2)
    """
    return engines.index(find_engine(engine, engines)) + 1


def command_of(action: Sound | StopPart, engines: Sequence[EngineRecord]) -> Play | Silence:
    """Return the command that performs an action of the jam."""
    number = part_number(action.engine, engines)
    if isinstance(action, StopPart):
        return Silence(number, action.beat)
    part = part_of_engine(find_engine(action.engine, engines).part, action.clip, action.loops)
    return Play(number, part, action.start)


def end_jam(jam: Jam, beat: float, at: float | None, engines: Sequence[EngineRecord]) -> tuple[Silence, ...]:
    """End a jam; returns the commands that silence all parts that play at a beat, or are about to.

    `at`: the beat of the end, None for at once.
    """
    return tuple(Silence(part_number(one.engine, engines), at) for one in jam.stop(beat) if isinstance(one, StopPart))
