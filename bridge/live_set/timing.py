"""Musical time on the sample grid: clips with every onset on a whole sample of the set's rate.

Tempo is constant over a clip (Live's clips follow the tempo at play time; what is placed here is placed for the set's
tempo at the moment of the press). The conversions themselves are in `engines.music.timing`.
"""

import math

from musearoo.engines.music.clip import Clip
from musearoo.engines.music.note import Note
from musearoo.engines.music.timing import nearest_sample, samples_to_beats


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
    # Every field by hand: dataclasses.replace takes three times as long, and this is done for every note of a request.
    return Note(
        start=start,
        pitch=note.pitch,
        duration=duration,
        velocity=note.velocity,
        mute=note.mute,
        probability=note.probability,
        velocity_deviation=note.velocity_deviation,
        release_velocity=note.release_velocity,
    )


def _place(beats: float, clip_length: float, bpm: float, sample_rate: int) -> float:
    near = nearest_sample(beats, bpm, sample_rate)
    return beats if near >= clip_length > beats else near
