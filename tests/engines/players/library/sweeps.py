"""Libraries of few and odd takes, searched and fitted to random sets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from random import Random

from musearoo.engines.foundation.chance import stream
from musearoo.engines.music.clip import Clip
from musearoo.engines.music.knowledge.context import Role
from musearoo.engines.music.meter import Meter
from musearoo.engines.players.library.features import describe
from musearoo.engines.players.library.fitting import fit_pattern, pattern_for
from musearoo.engines.players.library.patterns import Pattern, Patterns
from tests.engines import drawn_music as draw
from tests.engines.drawn_music import any_of, sweep, whole
from tests.engines.presets_on_disk import STYLES
from tests.engines.some_takes import notes_of
from tests.snapshots import Outcome

NAMES = ("rock", "funk", "jazz swing", "house")
ROLES: tuple[Role, ...] = ("drums", "bass", "harmony", "melody")


def sweeps() -> Iterator[Outcome]:
    """All of them."""
    yield from sweep("features", 120, 2, features)
    yield from sweep("fitted", 160, 4, fitted)
    yield from sweep("found", 160, 4, found)


def features(chance: Random, _number: int) -> object:
    clip = draw.clip(chance, any_of(chance, ROLES), any_of(chance, (1.0, 4.0, 7.0)), Meter())
    return describe(clip), describe(clip.with_notes(clip.notes[: whole(chance, 0, 2)]))


def fitted(chance: Random, number: int) -> object:
    bars = any_of(chance, (1, 2, 4, 5))
    pattern = _pattern(number)
    return notes_of(fit_pattern(pattern, STYLES[any_of(chance, NAMES)], draw.context(chance, bars), bars))


def found(chance: Random, _number: int) -> object:
    """Which take is found decides where its notes lie, to a hundredth of a beat: the tables are of single precision."""
    bars, role = any_of(chance, (1, 2, 4)), any_of(chance, (*ROLES, "atmosphere"))
    context = draw.context(chance, bars, ROLES)
    if chance.random() < 0.3:
        context = replace(context, parts=())
    clip = pattern_for(_patterns(), role, STYLES[any_of(chance, NAMES)], context, bars)
    near = _patterns().nearest(
        describe(_clip(chance, "bass")),
        whole(chance, 1, 3),
        role=any_of(chance, (None, "bass", "drums")),
        style=any_of(chance, (None, "rock", "funk", "polka")),
        minor=any_of(chance, (None, True, False)),
        meter=any_of(chance, (None, Meter(), Meter(3, 4), Meter(6, 8))),
    )
    return near, clip and (clip.length, clip.meter, [(round(note.start, 2), note.pitch) for note in clip.notes])


@lru_cache(maxsize=1)
def _patterns() -> Patterns:
    return Patterns.of([_pattern(number) for number in range(40)], NAMES[:3])


def _pattern(number: int) -> Pattern:
    chance = stream(number, "pattern")
    role = any_of(chance, ROLES)
    return Pattern(_clip(chance, role), role, any_of(chance, NAMES[:3]), chance.random() < 0.5, 0.5, number)


def _clip(chance: Random, role: Role) -> Clip:
    """A clip on the grid of a few of the meters, some with a length that is no whole bar."""
    meter = any_of(chance, (Meter(), Meter(), Meter(3, 4), Meter(6, 8)))
    length = whole(chance, 1, 2) * meter.bar_beats + any_of(chance, (0.0, 0.0, 0.0, 1.0))
    return draw.clip(chance, role, length, meter)
