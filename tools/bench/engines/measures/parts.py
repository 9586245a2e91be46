"""Standard measures of a part over some bars; each takes the clip and its chords.

Grooving similarity and pitch-class entropy after Wu and Yang, "The Jazz Transformer on the Front Line" (2020); counts,
range and intervals after Yang and Lerch, "On the evaluation of generative models in music" (2020); chord-tone ratio,
consonance and tonal distance after Yeh et al., "Automatic melody harmonization with triad chords" (2021). They detect
nonsense but do not prove quality: random notes pass many of them, so each is reported with its controls.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from math import cos, fsum, hypot, log2, pi, sin
from statistics import mean
from typing import Final

from musearoo.engines.music.chord import Chord
from musearoo.engines.music.clip import Clip
from musearoo.engines.music.note import Note
from musearoo.engines.music.progression import ChordSpan
from musearoo.tools.bench.engines.measures.likeness import similarity_of_bars

STEPS_PER_BEAT: Final = 4
EARLY: Final = 0.1
"""Beats by which a note may precede its bar, beat or chord and still belong to it."""
PHRASE_REST: Final = 1.0
"""Beats of silence between phrases."""

Spans = Sequence[ChordSpan]


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure: its name, its unit, and its value for a clip over chords, None where undefined.

    `depends_on_chords` is whether other chords under the same notes change the value.
    """

    name: str
    unit: str
    of: Callable[[Clip, Spans], float | None]
    depends_on_chords: bool = False


def notes_per_bar(clip: Clip, _chords: Spans = ()) -> float:
    """Return notes per bar."""
    return len(clip.notes) / clip.bars


def grooving_similarity(clip: Clip, _chords: Spans = ()) -> float | None:
    """Return the rhythmic similarity of bars, 0..1: the share of sixteenths struck in both or neither, over all pairs.

    >>> grooving_similarity(Clip("k", 8.0, (Note(0.0, 36, 0.5, 90), Note(4.0, 36, 0.5, 90), Note(6.0, 36, 0.5, 90))))
    0.9375
    """
    rhythms = bar_rhythms(clip)
    if len(rhythms) < 2 or not clip.notes:
        return None
    steps = round(clip.meter.bar_beats * STEPS_PER_BEAT)
    return mean(1.0 - len(one ^ other) / steps for one, other in combinations(rhythms, 2))


def distinct_rhythms(clip: Clip, _chords: Spans = ()) -> float | None:
    """Return the share of bars with notes whose rhythm differs from all earlier bars."""
    rhythms = [rhythm for rhythm in bar_rhythms(clip) if rhythm]
    return len(set(rhythms)) / len(rhythms) if rhythms else None


def pitch_class_entropy(clip: Clip, bars: int) -> float | None:
    """Return the mean entropy in bits of the pitch classes in each group of bars; H1 and H4 of the paper.

    >>> pitch_class_entropy(Clip("k", 4.0, (Note(0.0, 60, 1.0, 90), Note(1.0, 67, 1.0, 90))), 1)
    1.0
    """
    length = bars * clip.meter.bar_beats
    values = []
    for index in range(int(clip.length // length)):
        counts = Counter(
            note.pitch % 12 for note in clip.notes if index * length <= note.start + EARLY < (index + 1) * length
        )
        if counts:
            values.append(entropy(counts.values()))
    return mean(values) if values else None


def entropy(counts: Iterable[float]) -> float:
    """Return the entropy of a histogram, in bits."""
    full = [count for count in counts if count]
    total = fsum(full)
    return -fsum(count / total * log2(count / total) for count in full)


def pitch_range(clip: Clip, _chords: Spans = ()) -> float | None:
    """Return the semitones from the lowest note to the highest."""
    pitches = [note.pitch for note in clip.notes]
    return float(max(pitches) - min(pitches)) if pitches else None


def mean_interval(clip: Clip, _chords: Spans = ()) -> float | None:
    """Return the mean absolute interval between consecutive notes, in semitones."""
    steps = intervals(clip)
    return mean(steps) if steps else None


def leap_share(clip: Clip, _chords: Spans = ()) -> float | None:
    """Return the share of intervals of a fifth or more."""
    steps = intervals(clip)
    return mean(step >= 7 for step in steps) if steps else None


def repeated_share(clip: Clip, _chords: Spans = ()) -> float | None:
    """Return the share of notes that repeat the previous one."""
    steps = intervals(clip)
    return mean(step == 0 for step in steps) if steps else None


def sounding_share(clip: Clip, _chords: Spans = ()) -> float:
    """Return the share of time in which a note sounds, 0..1."""
    sounding, until = 0.0, 0.0
    for note in clip.notes:
        sounding += max(0.0, note.end - max(until, note.start))
        until = max(until, note.end)
    return sounding / clip.length


def longest_rest(clip: Clip, _chords: Spans = ()) -> float:
    """Return the longest silence, in beats."""
    longest, until = 0.0, 0.0
    for note in clip.notes:
        longest, until = max(longest, note.start - until), max(until, note.end)
    return max(longest, clip.length - until)


def off_beat_share(clip: Clip, _chords: Spans = ()) -> float | None:
    """Return the share of notes that begin between the eighths: sixteenth syncopation."""
    places = [round(note.start * STEPS_PER_BEAT) % 2 for note in clip.notes]
    return mean(places) if places else None


def chord_tone_ratio(clip: Clip, chords: Spans) -> float | None:
    """Return the share of notes that are tones of the chord in which they begin."""
    pairs = _notes_in_chords(clip, chords)
    return mean(note.pitch % 12 in chord.pitch_classes for note, chord in pairs) if pairs else None


def strong_chord_tone_ratio(clip: Clip, chords: Spans) -> float | None:
    """Return the chord-tone ratio of notes on the first and third beat."""
    pairs = [pair for pair in _notes_in_chords(clip, chords) if abs((pair[0].start + 1.0) % 2.0 - 1.0) <= EARLY]
    return mean(note.pitch % 12 in chord.pitch_classes for note, chord in pairs) if pairs else None


def settled_end_ratio(clip: Clip, chords: Spans) -> float | None:
    """Return the share of phrases that end on a chord tone; a phrase ends with a beat of silence."""
    found = _notes_in_chords(clip, chords)
    ends = [pair for pair, after in pairwise(found) if after[0].start - pair[0].end >= PHRASE_REST] + found[-1:]
    return mean(note.pitch % 12 in chord.pitch_classes for note, chord in ends) if ends else None


def settled_tone_ratio(clip: Clip, chords: Spans) -> float | None:
    """Return CTnCTR: the share of notes that are chord tones, or other tones that resolve within two semitones."""
    found = _notes_in_chords(clip, chords)
    if not found:
        return None
    settled = 0
    for (note, chord), following in zip(found, [*found[1:], None], strict=True):
        inside = note.pitch % 12 in chord.pitch_classes
        settled += inside or (following is not None and abs(following[0].pitch - note.pitch) <= 2)
    return settled / len(found)


def pitch_consonance(clip: Clip, chords: Spans) -> float | None:
    """Return PCS: the consonance of notes with the chord tones below them, -1..1, weighted by duration.

    A unison, third, fifth or sixth counts 1, a fourth 0, all others -1.
    """
    return _weighted(clip, chords, _consonance)


def tonal_distance(clip: Clip, chords: Spans) -> float | None:
    """Return MCTD: the distance of notes from their chords in the tonal space, weighted by duration.

    The space is that of Harte, Sandler and Gasser, "Detecting harmonic change in musical audio" (2006).
    """
    return _weighted(clip, chords, lambda pitch, chord: _distance(_centroid((pitch % 12,)), chord_place(chord)))


def root_on_one(clip: Clip, chords: Spans) -> float | None:
    """Return the share of bars with a note on the first beat where that note is the chord's bass or root."""
    bar = clip.meter.bar_beats
    firsts = [pair for pair in _notes_in_chords(clip, chords) if abs((pair[0].start + bar / 2) % bar - bar / 2) <= 0.15]
    return mean(note.pitch % 12 in (chord.bass_or_root, chord.root) for note, chord in firsts) if firsts else None


def mean_pitch(clip: Clip, _chords: Spans = ()) -> float | None:
    """Return the mean pitch as a MIDI number."""
    return mean(note.pitch for note in clip.notes) if clip.notes else None


def notes_per_onset(clip: Clip, _chords: Spans = ()) -> float | None:
    """Return the mean number of simultaneous notes per onset."""
    onsets = {round(note.start * 8) for note in clip.notes}
    return len(clip.notes) / len(onsets) if onsets else None


def onsets_per_bar(clip: Clip, _chords: Spans = ()) -> float:
    """Return onsets per bar; simultaneous notes count once."""
    return len({round(note.start * 8) for note in clip.notes}) / clip.bars


def chords_per_bar(clip: Clip, chords: Spans) -> float:
    """Return chord changes per bar."""
    return _changes(chords) / clip.bars


def distinct_chords(_clip: Clip, chords: Spans) -> float:
    """Return the number of different chords: CC of the paper."""
    return float(len({(span.chord.root, span.chord.quality) for span in chords}))


def chord_entropy(_clip: Clip, chords: Spans) -> float | None:
    """Return CHE: the entropy of the chords, in bits, each change counting once."""
    counts = Counter((span.chord.root, span.chord.quality) for span in chords)
    return entropy(counts.values()) if counts else None


def chord_distance(_clip: Clip, chords: Spans) -> float | None:
    """Return CTD: the mean distance of successive chords in the tonal space."""
    pairs = [(a.chord, b.chord) for a, b in pairwise(chords) if a.chord != b.chord]
    return mean(_distance(chord_place(a), chord_place(b)) for a, b in pairs) if pairs else None


def bar_rhythms(clip: Clip) -> list[frozenset[int]]:
    """Return for each bar the sixteenths with an onset."""
    steps = round(clip.meter.bar_beats * STEPS_PER_BEAT)
    bars = max(1, round(clip.bars))
    found: list[set[int]] = [set() for _ in range(bars)]
    for note in clip.notes:
        step = min(bars * steps - 1, round(note.start * STEPS_PER_BEAT))
        found[step // steps].add(step % steps)
    return [frozenset(rhythm) for rhythm in found]


def intervals(clip: Clip) -> list[int]:
    """Return the absolute intervals between consecutive notes in semitones."""
    return [abs(note.pitch - following.pitch) for note, following in pairwise(clip.notes)]


def chord_place(chord: Chord) -> tuple[float, ...]:
    """Return a chord's position in the six-dimensional tonal space."""
    return _centroid(chord.pitch_classes)


_CIRCLES: Final = ((7.0 * pi / 6.0, 1.0), (3.0 * pi / 2.0, 1.0), (2.0 * pi / 3.0, 0.5))
"""Steps a semitone on the circles of fifths, minor thirds and major thirds, and the radius of each circle."""


def _centroid(pitch_classes: Sequence[int]) -> tuple[float, ...]:
    return tuple(
        radius * fsum(turn(step * pitch_class) for pitch_class in pitch_classes) / len(pitch_classes)
        for step, radius in _CIRCLES
        for turn in (sin, cos)
    )


def _distance(one: Sequence[float], other: Sequence[float]) -> float:
    return hypot(*(a - b for a, b in zip(one, other, strict=True)))


_CONSONANT: Final = frozenset((0, 3, 4, 7, 8, 9))


def _consonance(pitch: int, chord: Chord) -> float:
    steps = ((pitch - pitch_class) % 12 for pitch_class in chord.pitch_classes)
    return mean(1.0 if step in _CONSONANT else 0.0 if step == 5 else -1.0 for step in steps)


def _weighted(clip: Clip, chords: Spans, value: Callable[[int, Chord], float]) -> float | None:
    pairs = _notes_in_chords(clip, chords)
    total = fsum(note.duration for note, _ in pairs)
    return fsum(value(note.pitch, chord) * note.duration for note, chord in pairs) / total if total else None


def _notes_in_chords(clip: Clip, chords: Spans) -> list[tuple[Note, Chord]]:
    """Return notes with the chord at their start; a note a little before a change belongs to the new chord."""
    starts = [span.start for span in chords]
    pairs = []
    for note in clip.notes:
        index = bisect_right(starts, note.start + EARLY) - 1
        if index >= 0 and note.start < chords[index].end:
            pairs.append((note, chords[index].chord))
    return pairs


def _changes(chords: Spans) -> int:
    return sum(a is None or a.chord != b.chord for a, b in zip([None, *chords], chords, strict=False))


_RHYTHM: Final = (
    Measure("notes a bar", "notes", notes_per_bar),
    Measure("grooving similarity", "0..1", grooving_similarity),
    Measure("bars alike", "0..1", lambda clip, _chords: similarity_of_bars(clip)),
)
_TONES: Final = (
    Measure("pitch-class entropy, 1 bar", "bits", lambda clip, _chords: pitch_class_entropy(clip, 1)),
    Measure("pitch-class entropy, 4 bars", "bits", lambda clip, _chords: pitch_class_entropy(clip, 4)),
    Measure("range", "semitones", pitch_range),
    Measure("mean interval", "semitones", mean_interval),
    Measure("repeated notes", "share", repeated_share),
    Measure("chord-tone ratio", "share", chord_tone_ratio, depends_on_chords=True),
)
MELODY: Final = (
    *_RHYTHM,
    Measure("distinct bar rhythms", "share", distinct_rhythms),
    *_TONES,
    Measure("leaps of a fifth or more", "share", leap_share),
    Measure("chord tones on strong beats", "share", strong_chord_tone_ratio, depends_on_chords=True),
    Measure("phrases that end on a chord tone", "share", settled_end_ratio, depends_on_chords=True),
    Measure("settled tones (CTnCTR)", "share", settled_tone_ratio, depends_on_chords=True),
    Measure("consonance (PCS)", "-1..1", pitch_consonance, depends_on_chords=True),
    Measure("tonal distance (MCTD)", "", tonal_distance, depends_on_chords=True),
    Measure("sounding", "share", sounding_share),
    Measure("longest rest", "beats", longest_rest),
    Measure("between the eighths", "share", off_beat_share),
)
BASS: Final = (
    *_RHYTHM,
    *_TONES,
    Measure("root on one", "share", root_on_one, depends_on_chords=True),
    Measure("consonance (PCS)", "-1..1", pitch_consonance, depends_on_chords=True),
    Measure("tonal distance (MCTD)", "", tonal_distance, depends_on_chords=True),
    Measure("sounding", "share", sounding_share),
)
HARMONY: Final = (
    *_RHYTHM,
    Measure("onsets a bar", "onsets", onsets_per_bar),
    Measure("notes an onset", "notes", notes_per_onset),
    Measure("pitch-class entropy, 1 bar", "bits", lambda clip, _chords: pitch_class_entropy(clip, 1)),
    Measure("pitch-class entropy, 4 bars", "bits", lambda clip, _chords: pitch_class_entropy(clip, 4)),
    Measure("range", "semitones", pitch_range),
    Measure("chord-tone ratio", "share", chord_tone_ratio, depends_on_chords=True),
    Measure("consonance (PCS)", "-1..1", pitch_consonance, depends_on_chords=True),
    Measure("tonal distance (MCTD)", "", tonal_distance, depends_on_chords=True),
)
CHORDS: Final = (
    Measure("chords a bar", "chords", chords_per_bar),
    Measure("distinct chords", "chords", distinct_chords),
    Measure("chord entropy (CHE)", "bits", chord_entropy),
    Measure("chord distance (CTD)", "", chord_distance),
)
MEASURES: Final = {"melody": MELODY, "bass": BASS, "harmony": HARMONY, "chords": CHORDS}
"""The measures of each part; those of "chords" use only the progression."""
