"""Musical time on the sample grid: clips with every onset on a whole sample of the set's rate.

The tempo is constant over a clip: that of the set at the press, although Live's clips follow later changes of tempo.
The conversions themselves are in `engines.music.timing`.
"""

import math

from musearoo.engines.music.clip import Clip
from musearoo.engines.music.note import Note
from musearoo.engines.music.timing import nearest_sample, samples_to_beats


def place_on_samples(clip: Clip, bpm: float, sample_rate: int) -> Clip:
    """Return the clip with every onset on a whole sample of the set's rate, counted from the clip's start.

    Note ends are rounded too, so that adjacent notes still touch. A note lasts at least one sample; a position in the
    clip's last half sample, which rounding would move out of the clip, stays unchanged.
    """
    placed = tuple(_placed(note, clip.length, bpm, sample_rate) for note in clip.notes)
    # Rounding keeps the order of onsets, but onsets that coincide may need sorting by pitch.
    return clip.with_notes(placed)


def _placed(note: Note, clip_length: float, bpm: float, sample_rate: int) -> Note:
    start = _round_to_sample(note.start, clip_length, bpm, sample_rate)
    end = _round_to_sample(note.end, clip_length, bpm, sample_rate)
    duration = end - start
    if duration <= 0.0:
        duration = samples_to_beats(1, bpm, sample_rate)
    else:
        while start + duration > end:
            # The sum of doubles may exceed the end slightly, which Live would take for an overlap.
            duration = math.nextafter(duration, 0.0)
    # Field by field, because dataclasses.replace takes three times as long, and this runs for every note of a request.
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


def _round_to_sample(beats: float, clip_length: float, bpm: float, sample_rate: int) -> float:
    near = nearest_sample(beats, bpm, sample_rate)
    return beats if near >= clip_length > beats else near
