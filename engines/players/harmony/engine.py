"""HarmonyRoo: generate chords, alone or to other parts, or change an existing clip."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Annotated, Final, get_args

from msgspec import Meta

from musearoo.engines.analysis.symbolic.analyzer import read_harmony
from musearoo.engines.errors import ParamError
from musearoo.engines.foundation.chance import stream
from musearoo.engines.music.clip import Clip
from musearoo.engines.music.knowledge.context import MusicalContext, Part
from musearoo.engines.music.progression import ChordSpan
from musearoo.engines.players.chords.lead_sheet import chord_after, chords_to_play
from musearoo.engines.players.chords.progressions import compose_progression
from musearoo.engines.players.harmony.changes import add_between, leave_out
from musearoo.engines.players.harmony.comping import choose_comping, write_onsets
from musearoo.engines.players.harmony.other_parts import collect_other_parts, find_voicing_targets
from musearoo.engines.players.harmony.performance import Performance, play, transposed
from musearoo.engines.players.harmony.playability import make_playable
from musearoo.engines.players.harmony.voice_leading import lead_voices
from musearoo.engines.players.options import require_options
from musearoo.engines.players.params import Change, EngineParams, resolve_swing
from musearoo.engines.players.takes import another_take, fit_to_clip, raise_amounts
from musearoo.engines.styles.harmony import VoicingKind

KINDS: Final[tuple[VoicingKind, ...]] = get_args(VoicingKind)
ON_A_GUITAR: Final[tuple[VoicingKind, ...]] = ("guitar", "power")
"""Voicings for six strings; all others are for two hands on keys."""
WANDERING: Final = 5.0
"""The range in semitones in which the centre of the voicings varies between takes."""
LIFT: Final = 6.0
"""The semitones between the calmest section and the most energetic one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HarmonyParams(EngineParams):
    """HarmonyRoo's parameters: those of every engine, plus voicing and comping.

    `octave` moves everything by octaves; `voicing` is a kind of voicing (None leaves it to the style); `comping` is the
    name of one of the style's ways of comping ("" leaves it to the style).
    """

    octave: Annotated[int, Meta(ge=-2, le=2)] = 0
    voicing: VoicingKind | None = None
    comping: str = ""

    def __post_init__(self) -> None:
        # Not super(): a slotted dataclass is a new class, and zero-argument super() fails there in Python 3.11.
        EngineParams.__post_init__(self)
        if not isinstance(self.comping, str):
            raise ParamError("comping", "the name of one of the style's ways to play", self.comping)
        require_options(self)


def generate(params: HarmonyParams, context: MusicalContext, seed: int) -> Clip:
    """Return a clip of chords; deterministic for equal parameters, context and seed."""
    meter, harmony = context.meter.value, params.style.harmony
    length = params.bars * meter.bar_beats
    spans = [*_chords_of_take(params, context, length, seed)]
    spans += _next_chords(spans, params, context, length)
    comping = choose_comping(params, params.comping, seed)
    swing = resolve_swing(params, context)
    others = collect_other_parts(context, length)
    key = context.key.value
    targets = find_voicing_targets(spans, others, harmony.low_pitch)
    wander = WANDERING * (stream(seed, "harmony", "register").random() - 0.5)
    kind = params.voicing or comping.voicing
    voicings = lead_voices(
        targets,
        kind,
        harmony.low_pitch,
        harmony.high_pitch,
        frozenset(key.pitch_classes if key else range(12)),
        0.5 * (harmony.low_pitch + harmony.high_pitch) + wander + LIFT * (params.section.energy - 0.5),
        harmony.parallels,
        params.effort,
    )
    # The last voicing belongs to the chord after the take; only anticipating onsets play it.
    onsets = write_onsets(comping, params, meter, spans, others, swing, seed)
    performance = Performance(
        params, context, comping, kind, tuple(spans), tuple(voicings), others, swing, length, seed
    )
    notes = transposed(play(onsets, performance), 12 * params.octave)
    playable = make_playable(notes, context.bpm, "guitar" if kind in ON_A_GUITAR else "keys")
    return Clip(f"{params.style.name} chords", length, playable, meter)


def refine(clip: Clip, change: Change, params: HarmonyParams, context: MusicalContext, seed: int) -> Clip:
    """Return the clip changed: another take of its length, or the same with onsets removed or added; its chords
    stay."""
    fitted = fit_to_clip(params, clip, context)
    if not context.chords:
        context = replace(context, chords=read_harmony((Part("harmony", clip.name, clip),)))
    if change is Change.AGAIN:
        return another_take(clip, partial(generate, fitted, context), seed)
    if change is Change.SIMPLER:
        return leave_out(clip, [span.start for span in chords_to_play(fitted, context, clip.length)])
    return add_between(clip, generate(raise_amounts(fitted, 0.35, 0.35), context, seed))


def _chords_of_take(params: EngineParams, context: MusicalContext, length: float, seed: int) -> Sequence[ChordSpan]:
    """Return the chords of a take: the lead sheet's if there is any, else a progression of its own."""
    others = any(part.role in ("bass", "melody", "atmosphere") and part.clip.notes for part in context.parts)
    if context.chords or others:
        return chords_to_play(params, context, length)
    return compose_progression(
        params.style, context.key.value, context.meter.value, params.bars, params.section, params.complexity, seed
    )


def _next_chords(
    spans: Sequence[ChordSpan], params: EngineParams, context: MusicalContext, length: float
) -> list[ChordSpan]:
    """Return the chord after the take: the next section's, or the first one of a loop; none at the end of a song."""
    after = chord_after(context, length)
    if after is None and params.section.kind == "loop" and not params.section.ends_song:
        after = spans[0].chord
    bar = context.meter.value.bar_beats
    return [ChordSpan(length, length + bar, after)] if after else []
