"""Harmonic faults: clashes, sustained avoid notes, parallels, crossings, notes out of range."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final, Literal

from musearoo.engines.music.chord import Chord
from musearoo.engines.music.clip import Clip
from musearoo.engines.music.knowledge.context import Role
from musearoo.engines.music.meter import Meter
from musearoo.engines.music.note import Note
from musearoo.engines.music.progression import ChordSpan, chord_at

Kind = Literal["semitone clash", "avoid note held", "parallel perfects", "crossing", "out of range"]
KINDS: Final[tuple[Kind, ...]] = ("semitone clash", "avoid note held", "parallel perfects", "crossing", "out of range")

PITCHED: Final[tuple[Role, ...]] = ("bass", "harmony", "melody", "atmosphere")
UPPER: Final[tuple[Role, ...]] = ("harmony", "melody")
RANGES: Final[dict[Role, tuple[int, int]]] = {
    "bass": (21, 67),
    "harmony": (28, 100),
    "melody": (40, 100),
    "atmosphere": (21, 112),
}
"""The playable ranges of a part's instruments as MIDI pitches; synthesisers and the piano set the limits."""
EARLY: Final = 0.1
HELD: Final = 0.25
"""The minimum duration in beats of a tone after a strong beat for a clash there."""
RESOLVED_WITHIN: Final = 1.0
"""Beats after a strong beat within which a dissonance may resolve by step: a suspension or an appoggiatura."""
AVOID_BEATS: Final = 1.0
"""The minimum duration of a sustained tone a semitone above a chord tone; shorter ones are passing tones."""
_COLOURS: Final = (2, 11)
"""Semitones above the root of the ninth and the major seventh."""
_DOMINANT: Final = frozenset(("7", "9", "13", "7(b9)", "7(#9)", "7(b5)", "7(#11)", "7(b9,#9,b13)", "aug(b7)"))
"""Chords over which players use the tensions a semitone above root and fifth."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault: its kind, its position in beats, and its description."""

    kind: Kind
    beat: float
    what: str


def find_harmonic_faults(
    parts: Mapping[Role, Clip], chords: Sequence[ChordSpan], meter: Meter, parallels: bool = True
) -> list[Fault]:
    """Return all faults of a band over its chords; `parallels` is whether the style allows those.

    >>> chords = [ChordSpan(0.0, 4.0, Chord(0))]
    >>> bass, tune = Clip("b", 4.0, (Note(0.0, 36, 4.0, 90),)), Clip("m", 4.0, (Note(0.0, 61, 4.0, 90),))
    >>> [fault.kind for fault in find_harmonic_faults({"bass": bass, "melody": tune}, chords, Meter())]
    ['semitone clash', 'semitone clash', 'avoid note held']
    """
    pitched = {role: parts[role] for role in PITCHED if role in parts}
    faults = [
        *_clashes(pitched, chords, meter),
        *_avoid_notes(pitched, chords),
        *_crossings(pitched, meter),
        *_out_of_range(pitched),
    ]
    return faults if parallels else [*faults, *_parallel_perfects(pitched, chords)]


def strong_beats(meter: Meter, length: float) -> list[float]:
    """Return the first pulse of each bar, and the middle one for an even number of pulses.

    >>> strong_beats(Meter(4, 4), 8.0), strong_beats(Meter(3, 4), 6.0)
    ([0.0, 2.0, 4.0, 6.0], [0.0, 3.0])
    """
    pulses = meter.pulses
    inside = [0.0, sum(pulses[: len(pulses) // 2])] if len(pulses) % 2 == 0 else [0.0]
    bars = round(length / meter.bar_beats)
    return [bar * meter.bar_beats + place for bar in range(bars) for place in inside]


def _clashes(parts: Mapping[Role, Clip], chords: Sequence[ChordSpan], meter: Meter) -> Iterator[Fault]:
    """Yield tones of two parts a semitone apart, in any octave, on a strong beat, where the chord does not have both.

    A tone that resolves by step is a proper dissonance; a major seventh or a ninth above a chord is a colour tone.
    """
    length = max((clip.length for clip in parts.values()), default=0.0)
    for beat in strong_beats(meter, length):
        chord = chord_at(chords, beat + EARLY)
        sounding = {role: list(_sounding(clip, beat)) for role, clip in parts.items()}
        for (one, mine), (other, theirs) in combinations(sounding.items(), 2):
            for place, note in mine:
                for other_place, other_note in theirs:
                    clash = (one, place, note, other_note), (other, other_place, other_note, note)
                    if (note.pitch - other_note.pitch) % 12 in (1, 11) and any(
                        not _belongs(strange, against, chord) and not _moves_on(parts[role], index, beat)
                        for role, index, strange, against in clash
                    ):
                        what = f"{one} {note.pitch} against {other} {other_note.pitch} over {chord}"
                        yield Fault("semitone clash", beat, what)


def _sounding(clip: Clip, beat: float) -> Iterator[tuple[int, Note]]:
    """Yield the notes that sound on a beat and continue after it, with their indices in the clip."""
    for place, note in enumerate(clip.notes):
        if note.start <= beat + EARLY and note.end >= beat + HELD:
            yield place, note


def _belongs(note: Note, against: Note, chord: Chord | None) -> bool:
    """Return whether a note is a chord tone, or a colour tone above the chord."""
    if chord is None:
        return False
    colours = note.pitch > against.pitch and (note.pitch - chord.root) % 12 in _COLOURS
    return note.pitch % 12 in chord.pitch_classes or note.pitch % 12 == chord.bass_or_root or colours


def _moves_on(clip: Clip, index: int, beat: float) -> bool:
    """Return whether a note resolves by step soon after a beat, as a proper dissonance does."""
    note = clip.notes[index]
    if note.end > beat + RESOLVED_WITHIN:
        return False
    return any(
        0 < abs(following.pitch - note.pitch) <= 2 and following.start <= beat + RESOLVED_WITHIN + EARLY
        for following in clip.notes[index + 1 : index + 8]
    )


def _avoid_notes(parts: Mapping[Role, Clip], chords: Sequence[ChordSpan]) -> Iterator[Fault]:
    """Yield sustained tones a semitone above a tone of the chord in which they begin.

    A tone from before the chord is a pedal or a suspension; one that continues into a chord that has it is an
    anticipation; over a dominant, tensions above root and fifth are allowed.
    """
    for role, clip in parts.items():
        for note in clip.notes:
            index = bisect_right(chords, note.start + EARLY, key=_start) - 1
            if index < 0 or min(note.end, chords[index].end) - note.start < AVOID_BEATS:
                continue
            chord, pitch_class = chords[index].chord, note.pitch % 12
            following = chords[index + 1].chord if index + 1 < len(chords) else chord
            anticipates = note.end >= chords[index].end - HELD and pitch_class in following.pitch_classes
            inside = pitch_class in chord.pitch_classes or pitch_class == chord.bass_or_root
            if not inside and not anticipates and (pitch_class - 1) % 12 in _to_avoid_above(chord):
                yield Fault("avoid note held", note.start, f"{role} {note.pitch} over {chord}")


def _start(span: ChordSpan) -> float:
    return span.start


def _to_avoid_above(chord: Chord) -> set[int]:
    tones = set(chord.pitch_classes)
    return tones - {chord.root, (chord.root + 7) % 12} if chord.quality in _DOMINANT else tones


def _parallel_perfects(parts: Mapping[Role, Clip], chords: Sequence[ChordSpan]) -> Iterator[Fault]:
    """Yield consecutive fifths or octaves between the bass and an upper voice that move in parallel at a chord
    change.
    """
    if "bass" not in parts:
        return
    changes = [span.start for span, before in zip(chords[1:], chords, strict=False) if span.chord != before.chord]
    for role in UPPER:
        if role not in parts:
            continue
        for change in changes:
            low = _around(parts["bass"].notes, change, min)
            high = _around(parts[role].notes, change, max)
            if low is None or high is None:
                continue
            (low_before, low_after), (high_before, high_after) = low, high
            same_way = (low_after - low_before) * (high_after - high_before) > 0
            steps = (high_before - low_before) % 12, (high_after - low_after) % 12
            if same_way and steps in ((7, 7), (0, 0)):
                yield Fault("parallel perfects", change, f"bass and {role} in {'fifths' if steps[0] else 'octaves'}")


def _around(notes: Sequence[Note], change: float, outer: Callable[[list[int]], int]) -> tuple[int, int] | None:
    before = [note.pitch for note in notes if note.start < change - EARLY and note.end >= change - 0.5]
    after = [note.pitch for note in notes if note.start <= change + EARLY and note.end > change + EARLY]
    return (outer(before), outer(after)) if before and after else None


def _crossings(parts: Mapping[Role, Clip], meter: Meter) -> Iterator[Fault]:
    """Yield strong beats with the bass above the lowest chord tone or above the melody."""
    if "bass" not in parts:
        return
    bass = parts["bass"]
    for beat in strong_beats(meter, bass.length):
        low = [note.pitch for _, note in _sounding(bass, beat)]
        for role in UPPER:
            above = [note.pitch for _, note in _sounding(parts[role], beat)] if role in parts else []
            if low and above and max(low) > min(above):
                yield Fault("crossing", beat, f"bass {max(low)} above {role} {min(above)}")


def _out_of_range(parts: Mapping[Role, Clip]) -> Iterator[Fault]:
    for role, clip in parts.items():
        low, high = RANGES[role]
        for note in clip.notes:
            if not low <= note.pitch <= high:
                yield Fault("out of range", note.start, f"{role} {note.pitch}")
