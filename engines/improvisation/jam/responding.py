"""The band's responses to a phrase: answer, continue, harmonise, accompany."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal, get_args

from msgspec import structs

from musearoo.engines.errors import ParamError, require_between
from musearoo.engines.foundation.chance import derive_seed, stream
from musearoo.engines.improvisation.jam.answering import Device, answer, match_dynamics
from musearoo.engines.improvisation.jam.harmonising import VOICES, harmonise_phrase
from musearoo.engines.improvisation.jam.phrase import Phrase, answer_context, chords_under, foresee, on_grid
from musearoo.engines.music.clip import Clip
from musearoo.engines.music.knowledge.context import MusicalContext, Part, Role
from musearoo.engines.music.song_section import SongSection
from musearoo.engines.players.band.catalogue import EngineRecord
from musearoo.engines.players.melody.engine import MelodyParams
from musearoo.engines.players.melody.planning import unit_bars
from musearoo.engines.players.params import MAX_BARS, Change, EngineParams
from musearoo.engines.players.refining.modifiers import Refinement
from musearoo.engines.players.refining.variation import refine_clip, splice
from musearoo.engines.styles.schema import Style

Manner = Literal["answer", "continue", "thirds", "sixths", "four parts", "accompany"]
MANNERS: Final[tuple[Manner, ...]] = get_args(Manner)

FOLLOWS: Final[dict[Role, float]] = {"drums": 0.3, "bass": 0.1, "harmony": -0.3, "melody": 1.0}
"""How much a part's density follows the player's: positive follows it, negative leaves room to a busy player."""

TAKES_OVER: Final = 0.6
"""The probability that an engine with the player's own role varies the phrase instead of playing its own part."""
LONGEST_ROUND: Final = 16
"""The most bars at the end of a phrase that a continuation varies."""


@dataclass(frozen=True, slots=True)
class ResponseRequest:
    """The style and amounts of a response; amounts are 0..1 as for every engine.

    With `bars` 0 the response is as long as the phrase; a `density` of None is the player's own.
    """

    style: Style
    bars: int = 0
    complexity: float = 0.5
    density: float | None = None
    humanise: float = 0.5

    def __post_init__(self) -> None:
        if isinstance(self.bars, bool) or not isinstance(self.bars, int) or not 0 <= self.bars <= MAX_BARS:
            raise ParamError("bars", f"a whole number from 0 to {MAX_BARS}, 0 being as many as the phrase", self.bars)
        for field in ("complexity", "humanise"):
            require_between(field, getattr(self, field), 0.0, 1.0)
        if self.density is not None:
            require_between("density", self.density, 0.0, 1.0)


def respond(
    engine: EngineRecord, manner: Manner, phrase: Phrase, request: ResponseRequest, seed: int, band: Sequence[Part] = ()
) -> Clip:
    """Return an engine's response to a phrase; deterministic.

    Answers and continuations begin where the phrase ends, all others with the phrase. `band` are the other parts that
    play with it. Raises ParamError if the phrase does not suit the manner, such as a second voice to drums.
    """
    if manner == "answer":
        return answer_phrase(engine, phrase, request, seed, band)[0]
    if manner == "continue":
        return continue_phrase(engine, phrase, request, seed, band)
    if manner == "accompany":
        return accompany(engine, phrase, request, seed, band)
    if manner in VOICES:
        if phrase.role == "drums":
            raise ParamError("phrase", "a tune, to be harmonised", "drums")
        return harmonise_phrase(phrase, manner, params_for(engine, phrase, request))
    raise ParamError("manner", f"one of {', '.join(MANNERS)}", manner)


def params_for(engine: EngineRecord, phrase: Phrase, request: ResponseRequest) -> EngineParams:
    """Return an engine's parameters, with length, energy and density from the phrase."""
    follows = FOLLOWS.get(engine.part, 0.0)
    density = 0.5 + follows * (phrase.density - 0.5) if request.density is None else request.density
    return engine.params(
        style=request.style,
        bars=request.bars or bars_of(phrase),
        complexity=request.complexity,
        density=density,
        humanise=request.humanise,
        section=SongSection(energy=phrase.energy),
    )


def bars_of(phrase: Phrase) -> int:
    """Return the length of a phrase in bars."""
    return min(MAX_BARS, max(1, round(phrase.clip.bars)))


def answer_phrase(
    engine: EngineRecord,
    phrase: Phrase,
    request: ResponseRequest,
    seed: int,
    band: Sequence[Part] = (),
    avoid: Device | None = None,
) -> tuple[Clip, Device | None]:
    """Return an engine's answer from the phrase's end on, and the device of a melodic answer.

    A melody develops the player's line; an engine with the player's own role mostly varies the phrase; any other plays
    its part to the phrase's chords, groove and energy.
    """
    params = params_for(engine, phrase, request)
    if isinstance(params, MelodyParams) and phrase.role in ("melody", "bass", "unknown"):
        answered = answer(phrase, params, seed, band, avoid=avoid)
        return answered.clip, answered.device
    whole = foresee(phrase)
    context = replace(answer_context(whole, params), parts=tuple(band))
    if engine.part == whole.role and stream(seed, "takes over").random() < TAKES_OVER:
        return _second_round(engine, whole.clip, params.bars, params, context, seed), None
    return match_dynamics(engine.generate(params, context, seed), phrase), None


def continue_phrase(
    engine: EngineRecord, phrase: Phrase, request: ResponseRequest, seed: int, band: Sequence[Part] = ()
) -> Clip:
    """Return a continuation of the phrase in its own character, from its end on.

    A melody continues with the phrase's first motif. An engine with the player's own role repeats the phrase with its
    second half varied; any other plays its part to it.
    """
    whole = foresee(phrase)
    params = params_for(engine, whole, request)
    if isinstance(params, MelodyParams) and whole.role in ("melody", "harmony", "unknown"):
        return match_dynamics(_spun_out(engine, whole, params, seed, band), phrase)
    context = replace(answer_context(whole, params), parts=tuple(band))
    if engine.part != whole.role:
        return match_dynamics(engine.generate(params, context, seed), phrase)
    return _second_round(engine, whole.clip, params.bars, params, context, seed)


def accompany(
    engine: EngineRecord, phrase: Phrase, request: ResponseRequest, seed: int, band: Sequence[Part] = ()
) -> Clip:
    """Return an engine's accompaniment to a phrase: on its chords, in its groove, with matching density."""
    whole = foresee(phrase)
    params = params_for(engine, whole, request)
    chords = whole.context.chords
    if not chords and whole.role != "drums":
        chords = chords_under(whole, params)
    others = [part for part in (whole.part, *band) if part.role != engine.part]
    context = replace(whole.context, chords=chords, parts=tuple(others))
    return engine.generate(params, context, seed)


def play_alone(
    engine: EngineRecord, request: ResponseRequest, context: MusicalContext, seed: int, band: Sequence[Part] = ()
) -> Clip:
    """Return an engine's part before the player has played: in the style, with the set's context."""
    params = engine.params(
        style=request.style,
        bars=request.bars or 1,
        complexity=request.complexity,
        density=0.5 if request.density is None else request.density,
        humanise=request.humanise,
    )
    return engine.generate(params, replace(context, parts=(*context.parts, *band)), seed)


def go_on(
    engine: EngineRecord,
    clip: Clip,
    request: ResponseRequest,
    context: MusicalContext,
    seed: int,
    band: Sequence[Part] = (),
) -> Clip:
    """Return the next round of an engine's own clip while the player is silent: only its second half is new.

    Repeated calls make it neither denser nor louder.
    """
    params = engine.params(
        style=request.style,
        bars=min(MAX_BARS, max(1, round(clip.bars))),
        complexity=request.complexity,
        density=0.5 if request.density is None else request.density,
        humanise=request.humanise,
    )
    other = engine.refine(clip, Change.AGAIN, params, replace(context, parts=tuple(band)), seed)
    return splice(clip, other, clip.length / 2.0, clip.length)


def _spun_out(engine: EngineRecord, phrase: Phrase, params: MelodyParams, seed: int, band: Sequence[Part]) -> Clip:
    """Return the continuation of a melody whose first motif is the phrase's; the motif itself is left out."""
    meter = phrase.clip.meter
    head = min(unit_bars(params.style.melody, meter), bars_of(phrase), MAX_BARS - params.bars)
    lead_in = head * meter.bar_beats
    longer = replace(params, bars=head + params.bars, relation="continue")
    tune = Part("melody", "the player", on_grid(phrase, params).clip)
    others = [replace(part, clip=turned(part.clip, lead_in)) for part in band if part.role != "melody"]
    context = replace(answer_context(phrase, longer, lead_in), parts=(tune, *others))
    spun = engine.generate(longer, context, seed)
    later = [structs.replace(note, start=note.start - lead_in) for note in spun.notes if note.start >= lead_in]
    return Clip.of(spun.name, spun.length - lead_in, later, meter)


def turned(clip: Clip, beats: float) -> Clip:
    """Rotate a loop so that it begins `beats` beats earlier.

    >>> from musearoo.engines.music.note import Note
    >>> [note.start for note in turned(Clip("", 4.0, (Note(0.0, 36, 1.0, 90), Note(3.0, 38, 1.0, 90))), 1.0).notes]
    [0.0, 1.0]
    """
    return clip.with_notes(structs.replace(note, start=(note.start + beats) % clip.length) for note in clip.notes)


def _second_round(
    engine: EngineRecord, clip: Clip, bars: int, params: EngineParams, context: MusicalContext, seed: int
) -> Clip:
    """Return the next `bars` bars of a looping clip, with its second half varied."""
    bar = clip.meter.bar_beats
    own = min(LONGEST_ROUND, max(1, round(clip.bars)))
    new_bars = min(MAX_BARS - own, bars)
    start = max(0.0, clip.length - own * bar)
    last = [structs.replace(note, start=note.start - start) for note in clip.notes if note.start >= start]
    once = Clip.of(clip.name, own * bar, last, clip.meter)
    varied = refine_clip(
        engine, once, Refinement(vary_bars=own + new_bars), params, context, derive_seed(seed, "goes on")
    )
    later = [
        structs.replace(note, start=note.start - once.length) for note in varied.notes if note.start >= once.length
    ]
    played = Clip.of(f"{params.style.name} {engine.part}", new_bars * bar, later, clip.meter)
    return played if new_bars == bars else played.repeated(bars * bar)
