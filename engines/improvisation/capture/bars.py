"""Capture what was just played: whole bars on the set's grid, quantised with the player's feel.

All notes are recorded continuously, and a capture cuts bars out of them. While the set runs, notes have its beats. If
it is stopped, or its beat is inaudible, they are counted in beats of the player's own tempo.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate
from math import floor
from typing import Final, Literal

from musearoo.engines.analysis.symbolic.analyzer import read_harmony
from musearoo.engines.analysis.symbolic.keys import find_key
from musearoo.engines.analysis.symbolic.roles import guess_role
from musearoo.engines.errors import EngineError, ParamError, require_between
from musearoo.engines.improvisation.capture.beat_line import Line, read_line
from musearoo.engines.improvisation.listening.played_notes import Recording, Source
from musearoo.engines.improvisation.quantize.onsets import QuantizedNote, QuantizedPhrase, quantize_phrase
from musearoo.engines.music.clip import Clip, end_before_next
from musearoo.engines.music.estimate import Estimate
from musearoo.engines.music.knowledge.context import MusicalContext, Part, Role
from musearoo.engines.music.note import Note
from musearoo.engines.music.scale import Key
from musearoo.engines.music.timing import beats_per_second

Pedal = Literal["applied", "kept"]

MOST_BARS: Final = 64
MARGIN_BARS: Final = 1
"""Extra bars before the captured ones, used to learn the player's timing."""
CARRIED: Final = 0.5
"""Minimum sounding time in beats of a note from before the first bar to be included."""
SHORTEST: Final = 0.02
"""Shortest note in beats."""
ON_LINE: Final = 1e-6
"""Tolerance in beats for a grid position to be on a bar line: the rounding of thirds."""
SILENCE_SECONDS: Final = (1.2, 3.0)
"""Silence that separates phrases: one bar, within these bounds in seconds."""


class NothingPlayed(EngineError):  # noqa: N818 (a normal outcome for the player, not an error)
    """Nothing was played in the requested time; the message tells the user what to do."""


@dataclass(frozen=True, slots=True)
class CaptureRequest:
    """The options of a capture.

    `strength` is the share of random timing deviations to remove, 0..1. The pedal is either applied, so that notes last
    as they sounded, or kept among the controls. `key` is the set's, if any; `sources` are those to keep, () for all.
    """

    strength: float = 1.0
    pedal: Pedal = "applied"
    key: Key | None = None
    name: str = "Played"
    sources: tuple[Source, ...] = ()

    def __post_init__(self) -> None:
        require_between("strength", self.strength, 0.0, 1.0)
        if self.pedal not in ("applied", "kept"):
            raise ParamError("pedal", "applied or kept", self.pedal)


@dataclass(frozen=True, slots=True)
class CapturedBars:
    """Captured whole bars.

    `clip` is quantised with the player's feel, `raw` has the same notes as played, and `positions` the grid position of
    each note of `clip`, in quarters. `start` is the set's beat of the first bar line; None if the bars follow the
    player's own tempo, `bpm`, with its `tempo_confidence`. The context's chords begin with the clip. `controls` are
    (beat in the clip, message).
    """

    clip: Clip
    raw: Clip
    positions: tuple[float, ...]
    start: float | None
    bpm: float
    tempo_confidence: float
    context: MusicalContext
    role: Role
    controls: tuple[tuple[float, bytes], ...]

    @property
    def is_free(self) -> bool:
        """Whether it was played without the set, so that its beats are the player's own."""
        return self.start is None


def capture_bars(recording: Recording, bars: int, request: CaptureRequest | None = None) -> CapturedBars:
    """Capture the last bars with notes, up to `bars`; bars before the first note are left out.

    A single last note on a bar line does not count as another bar. Raises NothingPlayed, and ParamError if `bars` is
    not 1 to 64.
    """
    if not 1 <= bars <= MOST_BARS:
        raise ParamError("bars", f"1 to {MOST_BARS}", bars)
    request = request or CaptureRequest()
    line = _last_bars(recording, bars + MARGIN_BARS + 1, request)
    bar = recording.meter.bar_beats
    window = line.between(line.notes[-1].beat - (bars + MARGIN_BARS + 1) * bar, None)
    phrase, base = _quantize(window, bar)
    positions = [base + position for position in phrase.grid.positions]
    last = floor((positions[-1] + ON_LINE) / bar)
    is_final = (
        sum(position >= last * bar - ON_LINE for position in positions) == 1 and positions[-1] < last * bar + ON_LINE
    )
    is_full = positions[0] < (last - bars + 1) * bar - ON_LINE and last > floor((positions[0] + ON_LINE) / bar)
    end = last * bar if is_final and is_full else (last + 1) * bar
    start = max(end - bars * bar, floor((positions[0] + ON_LINE) / bar) * bar)
    # Leave out a pause before the first note.
    inside = next((position for position in positions if position >= start - ON_LINE), start)
    start = max(start, floor((inside + ON_LINE) / bar) * bar)
    return _cut(window, phrase, base, start, end, request)


def capture_phrase(recording: Recording, request: CaptureRequest | None = None) -> CapturedBars:
    """Capture the last phrase, that is the notes since the last silence of about a bar. Raises NothingPlayed."""
    request = request or CaptureRequest()
    line = _last_bars(recording, MOST_BARS + MARGIN_BARS, request)
    bar = recording.meter.bar_beats
    second = beats_per_second(line.bpm)
    silence = min(max(bar, SILENCE_SECONDS[0] * second), SILENCE_SECONDS[1] * second)
    silent_from = accumulate(line.key_ends, max)
    later = enumerate(zip(line.notes[1:], silent_from, strict=False), start=1)
    begin = max((index for index, (note, end) in later if note.beat - end >= silence), default=0)
    first = max(line.notes[begin].beat, line.notes[-1].beat - MOST_BARS * bar)
    window = line.between(first - ON_LINE, None)
    phrase, base = _quantize(window, bar)
    positions = [base + position for position in phrase.grid.positions]
    start = floor((positions[0] + ON_LINE) / bar) * bar
    end = (floor((positions[-1] + ON_LINE) / bar) + 1) * bar
    return _cut(window, phrase, base, start, end, request)


def capture_between(
    recording: Recording, start: float, end: float, request: CaptureRequest | None = None
) -> CapturedBars | None:
    """Capture the notes between two bar lines of the set; None if there are none, or the set is stopped.

    If `end` is in the future, the rest of the clip is silent.
    """
    request = request or CaptureRequest()
    stretch = recording.stretches[recording.now.stretch]
    if not stretch.is_running or not end > start:
        return None
    start, end = start + stretch.offset, end + stretch.offset
    bar = recording.meter.bar_beats
    back = max(0.0, recording.now.beat - start) + (MARGIN_BARS + 1) * bar
    line = read_line(recording, request.sources, request.pedal == "applied", recording.now.stretch, back)
    if line is None:
        return None
    window = line.between(start - MARGIN_BARS * bar, end + 0.5)
    if not window.notes:
        return None
    phrase, base = _quantize(window, bar, start)
    captured = _cut(window, phrase, base, start, end, request)
    return captured if captured.clip.notes else None


def _last_bars(recording: Recording, bars: int, request: CaptureRequest) -> Line:
    """Return the line with the last bars of the recording. Raises NothingPlayed."""
    back = bars * recording.meter.bar_beats
    line = read_line(recording, request.sources, request.pedal == "applied", last_beats=back)
    if line is None:
        raise NothingPlayed("Nothing has been played yet: play something, then keep it.")
    return line


def _quantize(line: Line, bar: float, one: float = 0.0) -> tuple[QuantizedPhrase, float]:
    """Quantise the notes of a line, and return the bar line, in beats, from which the positions count.

    `one` is a bar line.
    """
    base = one + floor((line.notes[0].beat - one) / bar) * bar
    notes = [note._replace(beat=note.beat - base) for note in line.notes]
    return quantize_phrase(notes, line.meter, line.bpm), base


def _cut(
    line: Line, phrase: QuantizedPhrase, base: float, start: float, end: float, request: CaptureRequest
) -> CapturedBars:
    """Cut the bars from `start` to `end`, in beats of the line."""
    length = end - start
    kept = _inside(phrase.notes(request.strength), start - base, end - base)
    carried = _carried(line, phrase, base, start)
    clip = _clip_of(request.name, line, [*kept, *carried], length)
    played = _inside(phrase.notes(0.0), start - base, end - base)
    raw = _clip_of(request.name, line, [*played, *carried], length)
    exact = [QuantizedNote(quantized.note._replace(beat=quantized.position), quantized.position) for quantized in kept]
    is_drums = all(quantized.note.is_drum for quantized in (*kept, *carried))
    role: Role = "drums" if is_drums else guess_role("", clip)[0]
    pitched = [quantized for quantized in (*exact, *carried) if not quantized.note.is_drum]
    context = _context_of(line, phrase, _clip_of(request.name, line, pitched, length), role, request)
    return CapturedBars(
        clip=clip,
        raw=raw,
        positions=_positions_of(clip, [*kept, *carried]),
        start=None if line.is_free else start - line.offset,
        bpm=line.bpm,
        tempo_confidence=line.confidence,
        context=context,
        role=role,
        controls=tuple((beat - start, data) for beat, data in line.controls if start <= beat < end),
    )


def _inside(notes: Iterable[QuantizedNote], start: float, end: float) -> list[QuantizedNote]:
    """Return the notes whose grid positions are between start and end, counted from start."""
    return [
        QuantizedNote(note._replace(beat=note.beat - start), position - start)
        for note, position in notes
        if start - ON_LINE <= position < end - ON_LINE
    ]


def _carried(line: Line, phrase: QuantizedPhrase, base: float, start: float) -> list[QuantizedNote]:
    """Return the notes from before the start that still sound: they begin there with the rest of their length."""
    grid = [
        note._replace(beat=base + note.beat)
        for note, position in phrase.notes(0.0)
        if base + position < start - ON_LINE
    ]
    left = [(note, note.beat + note.length - start) for note in (*line.earlier, *grid)]
    return [QuantizedNote(note._replace(beat=0.0, length=rest), 0.0) for note, rest in left if rest >= CARRIED]


def _clip_of(name: str, line: Line, notes: Iterable[QuantizedNote], length: float) -> Clip:
    """Return a clip of notes with beats from its start; notes are cut at its end."""
    made = []
    for note, _ in notes:
        # An early note on the first beat starts at 0, since a clip cannot start before it.
        start = min(max(0.0, note.beat), length - SHORTEST)
        duration = max(SHORTEST, min(note.length, length - start))
        made.append(
            Note(start, note.pitch, duration, float(note.velocity), release_velocity=float(note.release_velocity))
        )
    return Clip.of(name, length, end_before_next(made), line.meter)


def _positions_of(clip: Clip, notes: Iterable[QuantizedNote]) -> tuple[float, ...]:
    """Return the grid position of each note of a clip."""
    positions = {
        (min(max(0.0, note.beat), clip.length - SHORTEST), note.pitch): max(0.0, position) for note, position in notes
    }
    return tuple(positions[note.start, note.pitch] for note in clip.notes)


def _context_of(
    line: Line, phrase: QuantizedPhrase, pitched: Clip, role: Role, request: CaptureRequest
) -> MusicalContext:
    """Return the musical context found from the notes alone."""
    chords = read_harmony([Part(role, request.name, pitched)]) if pitched.notes else ()
    key: Estimate[Key | None] = Estimate(None, 0.0, "guess")
    if request.key is not None:
        key = Estimate(request.key, 1.0, "set")
    elif (found := find_key(pitched.notes, chords)) is not None:
        key = Estimate(found[0], found[1], "clip")
    groove = phrase.feel.groove
    swing = groove.swing.value
    return MusicalContext(
        tempo=Estimate(line.bpm, line.confidence, "clip" if line.is_free else "set"),
        meter=Estimate(line.meter, 1.0, "set"),
        key=key,
        chords=chords,
        swing=Estimate(1.0, 0.0, "guess") if swing is None else Estimate(swing, groove.swing.confidence, "clip"),
        groove=Estimate(groove, groove.confidence, "clip"),
    )
