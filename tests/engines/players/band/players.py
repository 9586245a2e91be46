"""Scripted players: engine records with the real interface, for tests of the band."""

from __future__ import annotations

from collections.abc import Callable

from musearoo.engines.music.clip import Clip
from musearoo.engines.music.knowledge.context import MusicalContext, Role
from musearoo.engines.music.note import Note
from musearoo.engines.players.band.catalogue import EngineRecord
from musearoo.engines.players.params import EngineParams

Play = Callable[[EngineParams, MusicalContext, int], Clip]


def player(role: Role, play: Play) -> EngineRecord:
    """An engine of one part."""

    def refine(clip: Clip, *_: object) -> Clip:
        return clip

    return EngineRecord(
        f"{role}roo", role, f"{role.capitalize()}Roo", "A player of the tests.", EngineParams, play, refine
    )


def one_note(params: EngineParams, context: MusicalContext, _seed: int) -> Clip:
    """A note on the one, as loud as the parts that are heard are many: 10 for none, 11 for one."""
    length = params.bars * context.meter.value.bar_beats
    return Clip("one", length, (Note(0.0, 60, 1.0, 10.0 + len(context.parts)),), context.meter.value)


def broken(*_: object) -> Clip:
    """Never a clip."""
    raise LookupError("a string broke")


def only_simple(params: EngineParams, context: MusicalContext, seed: int) -> Clip:
    """A clip for complexity 0 alone."""
    if params.complexity > 0.0:
        return broken()
    return one_note(params, context, seed)


def too_short(*_: object) -> Clip:
    """A clip that is not as long as asked for."""
    return Clip("short", 1.0)
