"""The player's phrase, analyzed for what an answer needs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import ceil, fsum, log2
from typing import Final

from msgspec import structs

from musearoo.engines.analysis.symbolic.analyzer import read_harmony
from musearoo.engines.analysis.symbolic.keys import find_key
from musearoo.engines.analysis.symbolic.roles import guess_role
from musearoo.engines.errors import require_between
from musearoo.engines.music.clip import Clip, end_before_next
from musearoo.engines.music.estimate import Estimate
from musearoo.engines.music.knowledge.context import MusicalContext, Part, Role
from musearoo.engines.music.meter import Meter
from musearoo.engines.music.progression import ChordSpan, repeat_progression
from musearoo.engines.music.scale import Key
from musearoo.engines.music.swing import Swing
from musearoo.engines.players.bass.other_parts import grid_position
from musearoo.engines.players.chords.lead_sheet import chords_to_play
from musearoo.engines.players.melody.relations import read_tune
from musearoo.engines.players.melody.setting import Tone
from musearoo.engines.players.params import EngineParams, resolve_swing

TOGETHER: Final = 0.06
"""Beats within which notes count as one onset."""
STEP: Final = 0.25
"""The finest notated grid in beats."""
USUAL_RATE: Final = 1.0
"""The usual number of onsets per beat."""
SPARSE, DENSE = 0.5, 2.5
"""Onsets per beat below which a phrase is sparse, and above which it is dense."""
USUAL_VELOCITY: Final = 85.0
"""Usual playing velocity: energy one half."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase of the player over whole bars, from a bar line on.

    `context` has chords counted from the clip's start. `role` is the player's role in the band. `known_beats` is how
    much has been played so far: the rest is unknown, not silent.
    """

    clip: Clip
    context: MusicalContext
    role: Role
    known_beats: float

    @property
    def is_whole(self) -> bool:
        """Whether the whole phrase is known."""
        return self.known_beats >= self.clip.length

    @property
    def onsets(self) -> tuple[float, ...]:
        """Onset times in beats, chords counted once."""
        starts: list[float] = []
        for note in self.clip.notes:
            if not starts or note.start - starts[-1] >= TOGETHER:
                starts.append(note.start)
        return tuple(starts)

    @property
    def rate(self) -> float:
        """Onsets per beat over the known part."""
        return len(self.onsets) / max(1.0, self.known_beats)

    @property
    def density(self) -> float:
        """Density 0..1: one half at an onset per beat, a quarter more for each doubling."""
        return min(0.95, max(0.1, 0.5 + 0.25 * log2(max(0.1, self.rate) / USUAL_RATE)))

    @property
    def energy(self) -> float:
        """Energy 0..1 from velocity, one half at the usual velocity."""
        if not self.clip.notes:
            return 0.5
        mean = fsum(note.velocity for note in self.clip.notes) / len(self.clip.notes)
        return min(0.9, max(0.15, 0.5 + (mean - USUAL_VELOCITY) / 90.0))

    @property
    def part(self) -> Part:
        """The player as a part of the band."""
        return Part(self.role, "the player", self.clip)


def read_phrase(
    clip: Clip, context: MusicalContext, known_beats: float | None = None, role: Role | None = None
) -> Phrase | None:
    """Return the phrase of a clip over whole bars; None if nothing was played.

    A key missing in the context, and the chords of a chord part, are estimated from the notes. `known_beats` is how
    much of the clip is known, by default all; `role` is the player's role if known, such as drums by their channel.
    """
    notes = [note for note in clip.notes if not note.mute]
    if not notes:
        return None
    known_beats = clip.length if known_beats is None else known_beats
    require_between("known_beats", known_beats, 0.0, clip.length, "beats")
    played = clip.with_notes(notes)
    role = role or guess_role("", played)[0]
    if context.meter.confidence == 0.0:
        context = replace(context, meter=Estimate(clip.meter, 0.8, "clip"))
    if role != "drums":
        if not context.chords and role == "harmony":
            context = replace(context, chords=read_harmony((Part(role, "the player", played),)))
        if context.key.value is None or context.key.source == "clip":
            context = replace(context, key=_key_of(played, context))
    return Phrase(played, context, role, known_beats)


def foresee(phrase: Phrase) -> Phrase:
    """Return the phrase completed from the bars before: players tend to repeat themselves.

    >>> from musearoo.engines.music.note import Note
    >>> context = MusicalContext.plain()
    >>> begun = read_phrase(Clip("p", 8.0, (Note(1.0, 60, 1.0, 90),)), context, known_beats=4.0)
    >>> [note.start for note in foresee(begun).clip.notes]
    [1.0, 5.0]
    """
    bar = phrase.clip.meter.bar_beats
    back = ceil((phrase.clip.length - phrase.known_beats) / bar - 1e-9) * bar
    if phrase.is_whole or back > phrase.known_beats:
        return phrase
    notes = [note for note in phrase.clip.notes if note.start < phrase.known_beats]
    notes += [
        structs.replace(note, start=note.start + back)
        for note in phrase.clip.notes
        if phrase.known_beats <= note.start + back < phrase.clip.length
    ]
    return replace(phrase, clip=phrase.clip.with_notes(notes), known_beats=phrase.clip.length)


def notated_position(start: float, swing: Swing, length: float) -> float:
    """Return the straight grid position of a played onset within a clip of `length` beats."""
    return min(length - STEP, max(0.0, grid_position(swing.unwarp(start))))


def is_on_pulse(at: float, meter: Meter) -> bool:
    """Return whether a straight position is a metric pulse, within half a sixteenth.

    >>> [is_on_pulse(at, Meter(7, 8)) for at in (1.0, 3.5, 4.0, 4.5)]
    [True, True, False, True]
    """
    inside, pulse_at = at % meter.bar_beats, 0.0
    for pulse in (*meter.pulses, 0.0):
        if abs(inside - pulse_at) < STEP / 2.0:
            return True
        pulse_at += pulse
    return False


def on_grid(phrase: Phrase, params: EngineParams) -> Phrase:
    """Return the phrase quantised to the grid, with the band's swing.

    The player's microtiming is kept in the context's groove, which the answer follows.
    """
    swing, length = resolve_swing(params, phrase.context), phrase.clip.length
    notes = (
        structs.replace(note, start=swing.warp(notated_position(note.start, swing, length)))
        for note in phrase.clip.notes
    )
    return replace(phrase, clip=phrase.clip.with_notes(end_before_next(notes)))


def top_line(phrase: Phrase, params: EngineParams) -> tuple[Tone, ...]:
    """Return the top line of a phrase, at straight grid positions."""
    written = on_grid(phrase, params).clip
    return read_tune(written, resolve_swing(params, phrase.context), written.length)


def chords_under(phrase: Phrase, params: EngineParams) -> tuple[ChordSpan, ...]:
    """Return the chords under a phrase: its own, else the best harmonisation in the style."""
    with_phrase = replace(phrase.context, parts=() if phrase.role == "drums" else (phrase.part,))
    return chords_to_play(params, with_phrase, phrase.clip.length)


def answer_context(phrase: Phrase, params: EngineParams, lead_in: float = 0.0) -> MusicalContext:
    """Return the context of an answer, in beats from the phrase's end: the phrase's chords repeat, or continue.

    With `lead_in`, beats count from that many before the phrase's end. A tune without chords is harmonised in the
    style; for drums the style supplies the chords.
    """
    context, start = phrase.context, phrase.clip.length - lead_in
    end = start + params.bars * context.meter.value.bar_beats
    if phrase.role == "drums" and not context.chords:
        return context
    if context.chords:
        looped = repeat_progression(context.chords, end, context.chords_length)
    else:
        looped = repeat_progression(chords_under(phrase, params), end, phrase.clip.length)
    later = tuple(
        replace(span, start=max(0.0, span.start - start), end=span.end - start)
        for span in looped
        if span.end > start + 1e-6
    )
    return replace(context, chords=later)


def _key_of(clip: Clip, context: MusicalContext) -> Estimate[Key | None]:
    """Return the key of a short tune: among keys with all of its notes, the nearest to the estimated one."""
    found = context.key
    if found.value is None:
        estimate = find_key(clip.notes, context.chords)
        found = Estimate(None, 0.0, "guess") if estimate is None else Estimate(estimate[0], estimate[1], "clip")
    key = found.value
    played = {note.pitch % 12 for note in clip.notes}
    if key is None or played <= set(key.pitch_classes):
        return found
    having = [other for other in _KEYS if played <= set(other.pitch_classes)]
    if not having:
        return found
    return replace(found, value=min(having, key=lambda other: (_fifths_apart(key, other), other.scale != key.scale)))


def _fifths_apart(key: Key, other: Key) -> int:
    """Return the distance of two keys on the circle of fifths."""
    return len(set(key.pitch_classes) - set(other.pitch_classes))


_KEYS: Final = tuple(Key(tonic, scale) for scale in ("Major", "Minor") for tonic in range(12))
