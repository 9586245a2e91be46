"""Musical time on the sample grid: clips with every onset on a whole sample of the set's rate.

The tempo is constant over a clip: that of the set at the press, although Live's clips follow later changes of tempo.
The conversions themselves are in `engines.music.timing`.
"""

from math import nextafter

from musearoo.engines.music.clip import Clip
from musearoo.engines.music.note import Note
from musearoo.engines.music.timing import sample_grid, samples_to_beats


def place_on_samples(clip: Clip, bpm: float, sample_rate: int) -> Clip:
    """Return the clip with every onset on a whole sample of the set's rate, counted from the clip's start.

    Note ends are rounded too, so that adjacent notes still touch. A note lasts at least one sample; a position in the
    clip's last half sample, which rounding would move out of the clip, stays unchanged.
    """
    nearest, length = sample_grid(bpm, sample_rate), clip.length
    placed = []
    for note in clip.notes:
        first, last = note.start, note.start + note.duration
        start, end = nearest(first), nearest(last)
        if start >= length > first:
            start = first
        if end >= length > last:
            end = last
        duration = end - start
        if duration <= 0.0:
            duration = samples_to_beats(1, bpm, sample_rate)
        else:
            while start + duration > end:
                # The sum of doubles may exceed the end slightly, which Live would take for an overlap.
                duration = nextafter(duration, 0.0)
        # By position, because dataclasses.replace takes three times as long, and this runs for every note of a request.
        placed.append(
            Note(
                start,
                note.pitch,
                duration,
                note.velocity,
                note.mute,
                note.probability,
                note.velocity_deviation,
                note.release_velocity,
            )
        )
    # Rounding keeps the order of onsets, but onsets that coincide may need sorting by pitch.
    return clip.with_notes(placed)
