"""Musical time against sample time: the one place where beats become seconds or samples, and back.

Beats are quarter notes, tempo is constant over a clip (Live's clips follow the tempo at play time; what is placed here
is placed for the set's tempo at the moment of the press).
"""

import math

from engines.music.clip import Clip
from engines.music.note import Note


def beats_to_seconds(beats: float, bpm: float) -> float:
    """Seconds that `beats` last at `bpm`.

    >>> beats_to_seconds(4.0, 120.0)
    2.0
    """
    return beats * 60.0 / bpm


def seconds_to_beats(seconds: float, bpm: float) -> float:
    """Beats that fit into `seconds` at `bpm`; the inverse of `beats_to_seconds`."""
    return seconds * bpm / 60.0


def beats_to_samples(beats: float, bpm: float, sample_rate: int) -> float:
    """The position in samples, fractions kept."""
    return beats * 60.0 * sample_rate / bpm


def samples_to_beats(samples: float, bpm: float, sample_rate: int) -> float:
    """The position in beats; the inverse of `beats_to_samples`."""
    return samples * bpm / (60.0 * sample_rate)


def nearest_sample(beats: float, bpm: float, sample_rate: int) -> float:
    """The position in beats of the sample nearest to `beats`: at most half a sample away.

    >>> nearest_sample(1.00001, 120.0, 48_000)
    1.0
    """
    return samples_to_beats(round(beats_to_samples(beats, bpm, sample_rate)), bpm, sample_rate)


def place_on_samples(clip: Clip, bpm: float, sample_rate: int) -> Clip:
    """The same clip with every onset on a whole sample of the set's rate, counted from the clip's start.

    Ends are placed too, so notes that touch still touch. A note keeps at least one sample; what lies in the last half
    sample of the clip, and would be rounded out of it, stays where it is.
    """
    placed = tuple(_placed(note, clip.length, bpm, sample_rate) for note in clip.notes)
    # Rounding keeps the order of onsets, but two that fall together may need their pitches sorted.
    return clip.with_notes(placed)


def _placed(note: Note, clip_length: float, bpm: float, sample_rate: int) -> Note:
    start = _place(note.start, clip_length, bpm, sample_rate)
    end = _place(note.end, clip_length, bpm, sample_rate)
    duration = end - start
    if duration <= 0.0:
        duration = samples_to_beats(1, bpm, sample_rate)
    else:
        while start + duration > end:
            # The sum of the doubles may land just past the end, which Live would take for an overlap.
            duration = math.nextafter(duration, 0.0)
    # Every field by hand: dataclasses.replace takes three times as long, and this is done for every note of a press.
    return Note(
        *(start, note.pitch, duration, note.velocity, note.mute),
        *(note.probability, note.velocity_deviation, note.release_velocity),
    )


def _place(beats: float, clip_length: float, bpm: float, sample_rate: int) -> float:
    near = nearest_sample(beats, bpm, sample_rate)
    return beats if near >= clip_length > beats else near
