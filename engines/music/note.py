"""Notes, with the fields of a MIDI note in Live."""

from __future__ import annotations

import msgspec

from musearoo.engines.errors import ParamError


# A Struct, for a song has thousands of notes: it is made, and made anew, in a fifth of a dataclass's time.
class Note(msgspec.Struct, frozen=True, order=True, gc=False):
    """A note in a clip. `start` and `duration` are beats (quarter notes), counted from the clip's start.

    >>> Note(start=0.0, pitch=36, duration=0.25, velocity=128)
    Traceback (most recent call last):
    musearoo.engines.errors.ParamError: velocity must be 1 to 127, but was 128
    """

    start: float
    pitch: int
    duration: float
    velocity: float
    mute: bool = False
    probability: float = 1.0
    velocity_deviation: float = 0.0
    release_velocity: float = 64.0

    def __post_init__(self) -> None:
        # One comparison in the valid case, since a song has thousands of notes.
        if (
            0.0 <= self.start < MAX_BEATS
            and 0.0 < self.duration <= MAX_BEATS
            and 0 <= self.pitch <= 127
            and 1.0 <= self.velocity <= 127.0
            and 0.0 <= self.probability <= 1.0
            and -127.0 <= self.velocity_deviation <= 127.0
            and 0.0 <= self.release_velocity <= 127.0
        ):
            return
        for field, bounds, good in (
            ("start", f"0 to below {MAX_BEATS:g} beats", 0.0 <= self.start < MAX_BEATS),
            ("duration", f"above 0 to {MAX_BEATS:g} beats", 0.0 < self.duration <= MAX_BEATS),
            ("pitch", "0 to 127", 0 <= self.pitch <= 127),
            ("velocity", "1 to 127", 1.0 <= self.velocity <= 127.0),
            ("probability", "0 to 1", 0.0 <= self.probability <= 1.0),
            ("velocity_deviation", "-127 to 127", -127.0 <= self.velocity_deviation <= 127.0),
            ("release_velocity", "0 to 127", 0.0 <= self.release_velocity <= 127.0),
        ):
            if not good:
                raise ParamError(field, bounds, getattr(self, field))

    @property
    def end(self) -> float:
        """The end of the note, in beats."""
        return self.start + self.duration


MAX_BEATS = 1_576_800.0
"""Live's own limit for a position in the Arrangement, in beats."""
