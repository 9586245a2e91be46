"""The harmony of a scene: chords and key of MIDI and audio clips together."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import accumulate, cycle, pairwise, takewhile
from typing import Final

from musearoo.engines.analysis.scene.clips import SceneClip
from musearoo.engines.analysis.symbolic.analyzer import read_harmony
from musearoo.engines.analysis.symbolic.keys import find_key
from musearoo.engines.music.chord import Chord
from musearoo.engines.music.clip import Clip
from musearoo.engines.music.estimate import Estimate
from musearoo.engines.music.knowledge.context import Part
from musearoo.engines.music.meter import Meter
from musearoo.engines.music.progression import ChordSpan
from musearoo.engines.music.scale import Key

LEAST_CHORD: Final = 0.25
"""Confidence below which a chord detected in audio is dropped; the previous one continues."""
SNAP: Final = 0.3
"""Quarters by which a chord detected in audio may miss a pulse and still change on it."""
SHORTEST_SPAN: Final = 0.25
RELATED_KEY: Final = 0.5
"""The share of a part's vote that goes to the relative key, which has the same notes."""


def merge_chords(midi: Sequence[Part], audio: Sequence[SceneClip], meter: Meter) -> tuple[ChordSpan, ...]:
    """Return the chords of the MIDI parts; otherwise those of the most confident audio part, over a MIDI bass."""
    if any(part.role == "harmony" and part.clip.notes for part in midi):
        return read_harmony(midi)
    best = max(audio, key=lambda part: part.analysis.harmony.chords_confidence, default=None)
    if best is None or best.role == "drums" or not any(chord.chord for chord in best.analysis.harmony.chords):
        return read_harmony(midi)
    spans = tuple(_spans_of(best, meter))
    bass = next((part.clip for part in midi if part.role == "bass" and part.clip.notes), None)
    return spans if bass is None else tuple(_over_bass(span, bass.repeated(best.length)) for span in spans)


def _spans_of(part: SceneClip, meter: Meter) -> Iterator[ChordSpan]:
    """Return the chords of an audio part in the scene's beats, each changing on a pulse and lasting until the next."""
    pulses = [*takewhile(lambda at: at < part.length, accumulate(cycle(meter.pulses), initial=0.0))]
    middles = [(early + late) / 2.0 for early, late in pairwise(pulses)]
    changes: list[tuple[float, Chord, float]] = []
    for audio in part.analysis.harmony.chords:
        if audio.chord is None or audio.confidence < LEAST_CHORD:
            continue
        end = part.beat(audio.end)
        start = max(0.0, part.beat(audio.start))
        near = pulses[bisect_left(middles, start)]
        start = near if abs(near - start) <= SNAP else start
        if end <= SHORTEST_SPAN or start >= part.length - SHORTEST_SPAN:
            continue
        if changes and start - changes[-1][0] < SHORTEST_SPAN:
            changes.pop()
        if not changes or changes[-1][1] != audio.chord:
            changes.append((start, audio.chord, audio.confidence))
    for index, (start, chord, confidence) in enumerate(changes):
        end = changes[index + 1][0] if index + 1 < len(changes) else part.length
        yield ChordSpan(start, end, chord, confidence)


def _over_bass(span: ChordSpan, bass: Clip) -> ChordSpan:
    """Return the chord over the bass note at its start, if that is a chord tone."""
    first = next((note for note in bass.notes if span.start - SNAP <= note.start < span.end - SHORTEST_SPAN), None)
    pitch_class = None if first is None else first.pitch % 12
    if pitch_class not in span.chord.pitch_classes:
        return span
    return replace(span, chord=replace(span.chord, bass=None if pitch_class == span.chord.root else pitch_class))


def vote_for_key(midi: Sequence[Part], audio: Sequence[SceneClip], chords: Sequence[ChordSpan]) -> Estimate[Key | None]:
    """Return the key with the most votes: one for all notes, and one for each audio part other than drums."""
    ballots: list[tuple[Key, float]] = []
    pitched = [part.clip for part in midi if part.role != "drums" and part.clip.notes]
    # Chords detected in audio belong to the audio's own vote.
    of_notes = chords if any(part.role == "harmony" for part in midi) else ()
    found = find_key((note for clip in pitched for note in clip.notes), of_notes)
    if found is not None:
        ballots.append(found)
    for part in audio:
        own = part.analysis.harmony.key
        if own.value is not None and part.role != "drums":
            ballots.append((own.value, own.confidence))
    if not ballots:
        return Estimate(None, 0.0, "guess")
    best = max((key for key, _ in ballots), key=lambda key: _votes_for(key, ballots))
    share = _votes_for(best, ballots) / max(1e-9, sum(confidence for _, confidence in ballots))
    return Estimate(best, share * max(confidence for key, confidence in ballots if key == best), "clip")


def _votes_for(key: Key, ballots: Sequence[tuple[Key, float]]) -> float:
    """Return the votes of (key, confidence) for a key: its own, and a share of its relative's."""
    own = set(key.pitch_classes)
    return sum(
        confidence * (1.0 if other == key else RELATED_KEY if set(other.pitch_classes) == own else 0.0)
        for other, confidence in ballots
    )
