"""Takes to be kept of one engine: in every style, section and company, with its own options, and refined."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from random import Random
from typing import Any, Literal, get_args, get_origin, get_type_hints

from musearoo.engines.errors import ParamError
from musearoo.engines.foundation.chance import stream
from musearoo.engines.music.clip import Clip
from musearoo.engines.music.knowledge.context import MusicalContext, Part, Role
from musearoo.engines.players.band.catalogue import EngineRecord, find_engine
from musearoo.engines.players.band.scene import play_scene
from musearoo.engines.players.options import option_names
from musearoo.engines.players.params import Change, EngineParams
from tests.engines.players.test_properties import AMOUNTS, any_of, any_section, cases
from tests.engines.presets_on_disk import STYLES
from tests.snapshots import Outcome

PROGRESSIONS = (
    "",
    "",
    "Am7 | D7 | Gmaj7 | Cmaj7",
    "C | G/B | Am | F",
    "Dm7b5 | G7b9 | Cm6",
    "E5 | G5 A5",
    "F#dim7 | B7#9 | Esus4 | E",
)
METERS = ("4/4", "4/4", "4/4", "3/4", "6/8", "7/8", "12/8", "5/4")
COMPANY: tuple[tuple[Role, ...], ...] = (
    (),
    ("drums",),
    ("melody",),
    ("harmony",),
    ("drums", "bass"),
    ("melody", "bass"),
    ("bass", "harmony"),
    ("drums", "bass", "harmony", "melody"),
)


def takes_in_snapshots(name: str, count: int = 6) -> Iterator[Outcome]:
    """Takes of an engine: so many of each style as a band plays it, and one as no band would."""
    engine = find_engine(name)
    for style in STYLES:
        for number in range(count):
            chance = stream(number, "kept", engine.name, style)
            context = _company(engine, style, chance, number)
            params = _params(engine, style, chance)
            try:
                clip = engine.generate(params, context, number)
            except ParamError as error:
                yield f"{style} {number}", error
                continue
            yield f"{style} {number}", notes_of(clip)
            change = tuple(Change)[number % len(Change)]
            yield f"{style} {number} {change.name}", notes_of(engine.refine(clip, change, params, context, number + 7))
        odd = next(cases(engine, style, 1))
        yield f"{style} odd", notes_of(engine.generate(odd.params, odd.context, odd.seed))


def notes_of(clip: Clip) -> tuple[object, ...]:
    """A clip as it is kept."""
    notes = tuple((round(n.start, 5), n.pitch, round(n.duration, 5), round(n.velocity, 2)) for n in clip.notes)
    return clip.name, clip.length, clip.meter.numerator, len(notes), notes


def _company(engine: EngineRecord, style: str, chance: Random, number: int) -> MusicalContext:
    preset = STYLES[style]
    bpm = preset.tempo.low + (preset.tempo.high - preset.tempo.low) * chance.random()
    key = any_of(chance, (None, "C", "Am", "F# minor", "Bb", "D dorian"))
    context = MusicalContext.plain(
        bpm=round(bpm, 1), meter=any_of(chance, METERS), key=key, chords=any_of(chance, PROGRESSIONS)
    )
    roles = tuple(role for role in any_of(chance, COMPANY) if role != engine.part)
    if not roles:
        return context
    band = EngineParams(style=preset, bars=4, complexity=any_of(chance, AMOUNTS))
    scene = play_scene(band, context, number, roles)
    return replace(scene.context, parts=tuple(Part(take.role, take.role, take.clip) for take in scene.takes))


def _params(engine: EngineRecord, style: str, chance: Random) -> EngineParams:
    return engine.params(
        style=STYLES[style],
        bars=any_of(chance, (2, 4, 4, 8)),
        complexity=any_of(chance, (0.0, 0.3, 0.5, 0.7, 1.0)),
        density=any_of(chance, (0.2, 0.5, 0.9)),
        humanise=any_of(chance, AMOUNTS),
        swing=any_of(chance, (None, None, 1.0, 1.8)),
        section=any_section(chance),
        **_options(engine, chance),
    )


def _options(engine: EngineRecord, chance: Random) -> dict[str, Any]:
    """Some options of the engine's own, those that are one of a few words."""
    found: dict[str, Any] = {}
    hints = get_type_hints(engine.params)
    for name in option_names(engine.params):
        words = [
            each
            for part in (hints[name], *get_args(hints[name]))
            if get_origin(part) is Literal
            for each in get_args(part)
        ]
        if words and get_origin(hints[name]) is not tuple and chance.random() < 0.4:
            found[name] = any_of(chance, words)
        elif hints[name] is int and chance.random() < 0.2:
            found[name] = any_of(chance, (-1, 1))
    return found
