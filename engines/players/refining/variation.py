"""Apply a refinement to a take."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from msgspec import structs

from musearoo.engines.analysis.symbolic.analyzer import analyze_notes
from musearoo.engines.errors import ParamError
from musearoo.engines.foundation.chance import derive_seed
from musearoo.engines.music.clip import Clip, end_before_next
from musearoo.engines.music.groove_template import apply_groove
from musearoo.engines.music.knowledge.context import MusicalContext, Role
from musearoo.engines.music.note import Note
from musearoo.engines.music.swing import STRAIGHT, Swing
from musearoo.engines.players.band.catalogue import EngineRecord
from musearoo.engines.players.drums.playability import make_playable
from musearoo.engines.players.params import MAX_BARS, Change, EngineParams, resolve_swing
from musearoo.engines.players.refining.modifiers import Modifier, Refinement
from musearoo.engines.players.refining.onsets import group_onsets
from musearoo.engines.players.refining.rewriting import in_style_of, with_notes_of, with_rhythm_of
from musearoo.engines.players.refining.shading import shade
from musearoo.engines.styles.schema import Style

_OF_THE_ENGINE: Final = {Modifier.AGAIN: Change.AGAIN, Modifier.SIMPLER: Change.SIMPLER, Modifier.BUSIER: Change.BUSIER}
_VARIATIONS: Final = (Modifier.BUSIER, Modifier.NEW_NOTES, Modifier.SIMPLER, Modifier.AGAIN)
"""The modifier of each repeat in turn; only its second half changes, so that it stays recognisable."""


def refine_clip(
    engine: EngineRecord,
    clip: Clip,
    refinement: Refinement,
    params: EngineParams,
    context: MusicalContext,
    seed: int,
) -> Clip:
    """Return the refined clip, made by the engine that plays its part; deterministic for equal input.

    `params` are the engine's own, in the clip's style. Impossible changes raise ParamError.
    """
    meter = context.meter.value
    bars = max(1, round(clip.length / meter.bar_beats))
    if bars > MAX_BARS:
        raise ParamError("clip", f"at most {MAX_BARS} bars long to be refined", f"{bars} bars")
    if refinement.bars is not None and refinement.bars[0] > bars:
        raise ParamError("bars", f"within the clip's {bars}", refinement.bars)
    params = replace(params, bars=bars)
    changed = clip
    if refinement.style is not None:
        changed = _in_style(engine, changed, refinement.style, params, context, seed)
        params = replace(params, style=refinement.style)
    for number, modifier in enumerate(refinement.modifiers):
        changed = _modified(engine, changed, modifier, params, context, derive_seed(seed, modifier, number))
    if refinement.groove is not None:
        changed = apply_groove(changed, *refinement.groove, velocity_amount=0.5 * refinement.groove[1])
    if refinement.vary_bars is not None:
        changed = _varied(engine, changed, refinement.vary_bars, params, context, seed)
    changed = _made_sound(changed, engine.part, context.bpm)
    if refinement.bars is not None:
        first, last = refinement.bars
        changed = splice(clip, changed, (first - 1) * meter.bar_beats, last * meter.bar_beats)
    return changed


def splice(clip: Clip, changed: Clip, start: float, end: float) -> Clip:
    """Return the clip with the notes from `start` to before `end` (beats) replaced by another's, cut at the seams.

    >>> old, new = Clip("a", 8.0, (Note(0, 60, 8, 90),)), Clip("b", 8.0, (Note(4, 62, 1, 90),))
    >>> [(note.start, note.pitch, note.duration) for note in splice(old, new, 4.0, 8.0).notes]
    [(0, 60, 4.0), (4, 62, 1)]
    """
    before = [_cut(note, start) for note in clip.notes if note.start < start]
    inside = [_cut(note, end) for note in changed.notes if start <= note.start < end]
    after = [note for note in clip.notes if note.start >= end]
    return clip.with_notes(end_before_next([*before, *inside, *after]))


def _modified(
    engine: EngineRecord, clip: Clip, modifier: Modifier, params: EngineParams, context: MusicalContext, seed: int
) -> Clip:
    if modifier in _OF_THE_ENGINE:
        return engine.refine(clip, _OF_THE_ENGINE[modifier], params, context, seed)
    if modifier is Modifier.NEW_NOTES:
        return with_notes_of(clip, engine.generate(params, context, seed), engine.part, seed)
    if modifier is Modifier.NEW_RHYTHM:
        return with_rhythm_of(clip, engine.generate(params, context, seed), engine.part)
    return shade(clip, modifier, engine.part, _swing_of(clip, params, context), seed)


def _in_style(
    engine: EngineRecord, clip: Clip, style: Style, params: EngineParams, context: MusicalContext, seed: int
) -> Clip:
    other = engine.generate(replace(params, style=style), context, derive_seed(seed, "style", style.name))
    return replace(in_style_of(clip, other, engine.part), name=f"{style.name} {engine.part}")


def _varied(
    engine: EngineRecord, clip: Clip, bars: int, params: EngineParams, context: MusicalContext, seed: int
) -> Clip:
    """Return the clip extended to `bars` bars by repeats, each with its second half varied."""
    length = bars * context.meter.value.bar_beats
    notes: list[Note] = []
    start, repeat = 0.0, 0
    while start < length - 1e-9:
        part = clip
        if repeat:
            modifier = _VARIATIONS[(repeat - 1) % len(_VARIATIONS)]
            other = _modified(engine, clip, modifier, params, context, derive_seed(seed, "vary", repeat))
            part = splice(clip, other, clip.length / 2.0, clip.length)
        notes += (structs.replace(note, start=note.start + start) for note in part.notes if note.start + start < length)
        start, repeat = start + clip.length, repeat + 1
    return Clip.of(clip.name, length, (_cut(note, length) for note in notes), clip.meter)


def _swing_of(clip: Clip, params: EngineParams, context: MusicalContext) -> Swing:
    """Return the clip's swing: measured from its notes, or else that of style and set."""
    expected = resolve_swing(params, context)
    measured = analyze_notes(clip).groove.swing
    if measured.value is None or measured.confidence < 0.5 or expected.pair != 1.0:
        return expected
    return Swing(max(STRAIGHT, measured.value), expected.pair)


def _made_sound(clip: Clip, role: Role, bpm: float) -> Clip:
    """Return the clip made playable: within its length, one limb per hit, a monophonic bass."""
    inside = [_cut(note, clip.length) for note in clip.notes if note.start < clip.length]
    if role == "drums":
        return replace(clip, notes=make_playable(end_before_next(inside), bpm))
    if role == "bass":
        # Keep overlaps, since a legato synth glides over them.
        inside = [strike.notes[0] for strike in group_onsets(sorted(inside))]
    return clip.with_notes(end_before_next(inside))


def _cut(note: Note, end: float) -> Note:
    """Return the note cut to end at `end` at the latest; `end` is after its start."""
    return note if note.end <= end else structs.replace(note, duration=end - note.start)
