"""The music that a request asks for: key, chords, amounts and modifiers of a take. Pure."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from musearoo.bridge.protocol import Generate
from musearoo.engines.analysis.symbolic.keys import find_key
from musearoo.engines.errors import ParamError
from musearoo.engines.music.clip import Clip
from musearoo.engines.music.estimate import Estimate
from musearoo.engines.music.groove import Groove
from musearoo.engines.music.knowledge.context import MusicalContext
from musearoo.engines.music.note import Note
from musearoo.engines.music.progression import ChordSpan, parse_progression
from musearoo.engines.music.scale import Key
from musearoo.engines.music.swing import MAX_RATIO, STRAIGHT
from musearoo.engines.players.band.catalogue import EngineRecord
from musearoo.engines.players.params import EngineParams
from musearoo.engines.players.refining.modifiers import ModifierRequest, Refinement
from musearoo.engines.players.refining.variation import refine_clip

MIDDLE_C: Final = 60


def in_requested_harmony(context: MusicalContext, generate: Generate) -> MusicalContext:
    """Return the context in the key and over the chords of a request, or unchanged if it asks for none.

    Chords that do not fit the key of the context bring their own, unless a key is asked for too. Raises ParamError for
    what is no key or no chord.
    """
    keyed = with_key(context, generate.key)
    if not generate.chords:
        return keyed
    chords = parse_progression(generate.chords, context.meter.value)
    if not chords:
        raise ParamError("chords", "at least one chord, such as Dm7 G7 Cmaj7", generate.chords)
    over = replace(keyed, chords=chords)
    return over if generate.key or _fits(context.key.value, chords) else replace(over, key=_key_of(chords, context.key))


def with_key(context: MusicalContext, key: str) -> MusicalContext:
    """Return the context in a requested key, or unchanged for "". Raises ParamError for an invalid key."""
    return replace(context, key=Estimate(Key.parse(key), 1.0, "user")) if key else context


def read_amounts(generate: Generate) -> dict[str, Any]:
    """Return the parameters that all engines share, from a request."""
    if 0.0 < generate.swing < STRAIGHT:
        raise ParamError("swing", f"0 to follow the set, or {STRAIGHT:g} to {MAX_RATIO:g}", generate.swing)
    return {
        "bars": generate.bars,
        "complexity": generate.complexity,
        "density": generate.density,
        "humanise": generate.humanise,
        "swing": generate.swing or None,
    }


def with_modifiers(
    clip: Clip,
    asked: ModifierRequest,
    groove: Groove | None,
    engine: EngineRecord,
    params: EngineParams,
    context: MusicalContext,
    seed: int,
) -> Clip:
    """Return a clip just played, with the request's modifiers."""
    if not asked.modifiers and groove is None:
        return clip
    refinement = Refinement(asked.modifiers, groove=(groove, asked.groove_amount) if groove else None)
    return refine_clip(engine, clip, refinement, params, context, seed)


def _fits(key: Key | None, chords: Sequence[ChordSpan]) -> bool:
    """Whether all chords are made of the key's notes."""
    return key is not None and all(set(span.chord.pitch_classes) <= set(key.pitch_classes) for span in chords)


def _key_of(chords: Sequence[ChordSpan], known: Estimate[Key | None]) -> Estimate[Key | None]:
    """Return the key that chords suggest, else the known one."""
    notes = [
        Note(span.start, MIDDLE_C + pitch_class, span.end - span.start, 90.0)
        for span in chords
        for pitch_class in span.chord.pitch_classes
    ]
    found = find_key(notes, chords)
    return known if found is None else Estimate(found[0], found[1], "user")
