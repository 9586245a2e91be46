"""Compose the band's turn of a jam: who answers, and who accompanies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal, get_args

from musearoo.engines.foundation.chance import derive_seed
from musearoo.engines.improvisation.capture.bars import capture_between
from musearoo.engines.improvisation.jam.answering import Device
from musearoo.engines.improvisation.jam.deciding import Decision, Memory, decide
from musearoo.engines.improvisation.jam.phrase import Phrase, answer_context, chords_under, foresee, read_phrase
from musearoo.engines.improvisation.jam.responding import ResponseRequest, answer_phrase, go_on, params_for, play_alone
from musearoo.engines.improvisation.listening.played_notes import Recording
from musearoo.engines.music.clip import Clip
from musearoo.engines.music.estimate import Estimate
from musearoo.engines.music.knowledge.context import MusicalContext, Part, Role
from musearoo.engines.music.progression import chord_at
from musearoo.engines.music.scale import Key
from musearoo.engines.players.band.catalogue import ENGINES, EngineRecord, find_engine

Stage = Literal["ahead", "draft", "final"]
STAGES: Final[tuple[Stage, ...]] = get_args(Stage)
"""How much of the call an answer is based on: nothing yet, all but its last bar, or all but its last moments."""

FITS: Final = 0.85
"""The share of a tune that must be in the key for the band to keep its chords."""
SETTLED: Final = 0.4
"""The share that must be tones of those chords."""


@dataclass(frozen=True, slots=True)
class JamPart:
    """One engine's clip in a turn of the band, from its first beat on; `leads` is true for the answering part."""

    engine: str
    clip: Clip
    leads: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """A composed turn of the band; `context` has the chords from the turn's first beat."""

    turn: int
    stage: Stage
    parts: tuple[JamPart, ...]
    decision: Decision
    context: MusicalContext
    device: Device | None = None

    @property
    def lead(self) -> JamPart:
        """The answering part."""
        return next(part for part in self.parts if part.leads)


@dataclass(frozen=True, slots=True)
class Compose:
    """A request to compose a turn: which turn, how much of the call is known, and the jam's memory.

    Beats are the set's. The call starts at `call_start` and lasts `call_beats`; it is known up to `known_until`.
    `has_played` is false if there was no call.
    """

    turn: int
    stage: Stage
    start: float
    bars: int
    has_played: bool
    call_start: float
    call_beats: float
    known_until: float
    who: str
    seed: int
    memory: Memory
    previous: Answer | None

    @property
    def call_end(self) -> float:
        """The beat on which the call ends or will end."""
        return self.call_start + self.call_beats

    @property
    def known_beats(self) -> float:
        """How many beats of the call are known."""
        return min(self.call_beats, max(0.0, self.known_until - self.call_start))


def compose_answer(
    task: Compose,
    phrase: Phrase | None,
    request: ResponseRequest,
    context: MusicalContext,
    engines: Sequence[EngineRecord] = ENGINES,
) -> Answer:
    """Return what the band plays in a turn; deterministic.

    `phrase` is the call as far as it is known; if it is None, the band varies its last turn, or begins in the style.
    `context` is the set's, with chords from the turn's first beat: it supplies key and chords that the call leaves
    open, else the band's last turn does. Roles that the set already plays are not composed.
    """
    request = replace(request, bars=task.bars)
    seed = derive_seed(task.seed, "jam", task.turn)
    if phrase is not None:
        return _answer(task, _grounded(phrase, task, request, context, engines), request, context.parts, seed, engines)
    if task.previous is not None and (not task.who or _name(task.who, engines) == task.previous.lead.engine):
        return _go_on(task, task.previous, request, seed, engines)
    return _begin(task, request, context, seed, engines)


def answer_recording(
    task: Compose,
    recording: Recording,
    request: ResponseRequest,
    context: MusicalContext,
    engines: Sequence[EngineRecord] = ENGINES,
) -> Answer:
    """Return what the band plays in a turn from the recording of the player; `request` and `context` as for
    `compose_answer`."""
    captured = capture_between(recording, task.call_start, task.call_end) if task.has_played else None
    phrase = (
        read_phrase(captured.clip, captured.context, task.known_beats, captured.role) if captured is not None else None
    )
    return compose_answer(task, phrase, request, context, engines)


def _answer(
    task: Compose,
    phrase: Phrase,
    request: ResponseRequest,
    playing: Sequence[Part],
    seed: int,
    engines: Sequence[EngineRecord],
) -> Answer:
    """Answer a phrase: the drummer first, then each with those before and the set's parts as context."""
    decision = decide(phrase, task.memory, task.who, seed, engines, _roles(playing))
    whole = foresee(phrase)
    band = list(playing)
    parts: list[JamPart] = []
    for name in decision.backing:
        engine = find_engine(name, engines)
        params = params_for(engine, whole, request)
        context_parts = (whole.part, *band) if whole.role != engine.part else tuple(band)
        clip = engine.generate(
            params, replace(answer_context(whole, params), parts=context_parts), derive_seed(seed, name)
        )
        band.append(Part(engine.part, name, clip))
        parts.append(JamPart(name, clip, leads=False))
    lead = find_engine(decision.lead, engines)
    avoid = task.memory.devices[-1] if task.memory.devices else None
    clip, device = answer_phrase(lead, phrase, request, derive_seed(seed, lead.name), band, avoid)
    context = answer_context(whole, params_for(lead, whole, request))
    parts.append(JamPart(lead.name, clip, leads=True))
    return Answer(task.turn, task.stage, tuple(parts), decision, context, device)


def _go_on(
    task: Compose, previous: Answer, request: ResponseRequest, seed: int, engines: Sequence[EngineRecord]
) -> Answer:
    """Vary what the band played: the player has played nothing new."""
    parts = []
    played_parts = [(find_engine(part.engine, engines), part.clip) for part in previous.parts]
    for part in previous.parts:
        engine = find_engine(part.engine, engines)
        band = [Part(other.part, other.name, played) for other, played in played_parts if other.part != engine.part]
        clip = go_on(engine, part.clip, request, previous.context, derive_seed(seed, part.engine), band)
        parts.append(replace(part, clip=clip if clip.notes else part.clip))
    decision = replace(previous.decision, reason="Nobody plays: the band goes on.")
    return Answer(task.turn, task.stage, tuple(parts), decision, previous.context, previous.device)


def _begin(
    task: Compose, request: ResponseRequest, context: MusicalContext, seed: int, engines: Sequence[EngineRecord]
) -> Answer:
    """Start the band on its own."""
    decision = decide(None, task.memory, task.who, seed, engines, _roles(context.parts))
    band: list[Part] = []
    parts: list[JamPart] = []
    for name in (*decision.backing, decision.lead):
        engine = find_engine(name, engines)
        clip = play_alone(engine, request, context, derive_seed(seed, name), band)
        band.append(Part(engine.part, name, clip))
        parts.append(JamPart(name, clip, leads=name == decision.lead))
    return Answer(task.turn, task.stage, tuple(parts), decision, context)


def _roles(parts: Sequence[Part]) -> frozenset[Role]:
    """Return the roles the set already plays."""
    return frozenset(part.role for part in parts if part.clip.notes)


def _grounded(
    phrase: Phrase, task: Compose, request: ResponseRequest, context: MusicalContext, engines: Sequence[EngineRecord]
) -> Phrase:
    """Return the phrase with key and chords: the set's, its own, the band's so far where they fit, or newly harmonised.

    The band's loop continues under the player's turn, so both turns share its chords.
    """
    before = task.previous.context if task.previous else MusicalContext()
    own = replace(phrase.context, key=_key(phrase, context, before))
    phrase = replace(phrase, context=own)
    if own.chords:
        return phrase
    if context.chords:
        return replace(phrase, context=replace(own, chords=context.chords))
    if before.chords and (phrase.role == "drums" or fits(phrase, before)):
        return replace(phrase, context=replace(own, chords=before.chords))
    if phrase.role == "drums":
        return phrase
    params = params_for(find_engine("harmony", engines), phrase, request)
    return replace(phrase, context=replace(own, chords=chords_under(foresee(phrase), params)))


def _key(phrase: Phrase, context: MusicalContext, before: MusicalContext) -> Estimate[Key | None]:
    """Return the key of a phrase: the set's, else the band's if the phrase fits it, else the phrase's own."""
    if context.key.value is not None and context.key.source != "guess":
        return context.key
    played = {note.pitch % 12 for note in phrase.clip.notes}
    if before.key.value is not None and (phrase.role == "drums" or played <= set(before.key.value.pitch_classes)):
        return before.key
    return phrase.context.key


def fits(phrase: Phrase, context: MusicalContext) -> bool:
    """Return whether a phrase fits the chords of a context: in its key, and resting on chord tones."""
    key = context.key.value
    scale = set(range(12)) if key is None else set(key.pitch_classes)
    period = context.chords_length
    total = in_scale = in_chord = 0.0
    for note in phrase.clip.notes:
        chord = chord_at(context.chords, (note.start + 0.1) % period)
        tones = () if chord is None else chord.pitch_classes
        total += note.duration
        in_scale += note.duration * (note.pitch % 12 in scale or note.pitch % 12 in tones)
        in_chord += note.duration * (note.pitch % 12 in tones)
    return total > 0.0 and in_scale >= FITS * total and in_chord >= SETTLED * total


def _name(who: str, engines: Sequence[EngineRecord]) -> str:
    return find_engine(who, engines).name
