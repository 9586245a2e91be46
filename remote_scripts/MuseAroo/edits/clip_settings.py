"""The settings of an audio clip: read from one clip and applied to another with a file of the same length.

Settings that no script can read keep Live's defaults: fades, clip envelopes, follow actions, Hi-Q, and the finer
settings of the warp modes (grain size, transients, formants). Within the tick in which loop or markers change, Live may
still return the old values, so each change waits a tick before a dependent value is read.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Iterator, NamedTuple

from ..host.live import read
from ..live_set.warp_markers import are_same, pinned_markers, replace_markers
from .warping import LOOP, MARKERS, refuse_fixed_markers, set_span, until_warping

if TYPE_CHECKING:
    from ..host.live import Clip

_PLAIN = (
    *("signature_numerator", "signature_denominator", "launch_mode", "launch_quantization", "legato"),
    *("velocity_amount", "ram_mode", "gain", "pitch_coarse", "pitch_fine", "groove"),
)
"""Attributes that every clip has, as far as this Live supports them.

Deactivation is not copied: a stem of a clip that an earlier split has muted should be audible.
"""

_LACKED = object()

_NEAR = 0.5
"""The maximum difference of two clips at a beat, in samples of the file."""

_SHORTEST = 1e-6
"""A smaller remainder of a repeat is a rounding error of its length."""


class Stretch(NamedTuple):
    """A part of a clip in the Arrangement: its start beat there, its start beat in the clip, and its length."""

    at: float
    inside: float
    length: float


class ClipSettings:
    """The settings of an audio clip at the time of construction, in beats; in seconds where it is not warped."""

    def __init__(self, live: Clip) -> None:
        found = [(name, read(live, name, _LACKED)) for name in _PLAIN]
        self._plain = {name: value for name, value in found if value is not _LACKED}
        self.is_warped, self.is_looping = bool(live.warping), bool(live.looping)
        self._warp_mode = live.warp_mode
        if self.is_warped:
            refuse_fixed_markers(live)
            self._warp_markers = pinned_markers(live)
        self._loop = live.loop_start, live.loop_end
        self._markers = live.start_marker, live.end_marker
        self._frames = self._frames_heard(live) if self.is_warped else []

    @property
    def start(self) -> float:
        """The position in the clip where playing begins."""
        return self._markers[0] if self.is_looping else self._loop[0]

    def _frames_heard(self, live: Clip) -> list[tuple[float, float]]:
        """Return the sample of the file that Live plays at some important beats."""
        beats = [*self._loop, *self._markers, *[marker.beat for marker in self._warp_markers]]
        found = [(beat, live.beat_to_sample_time(beat)) for beat in beats]
        return [(beat, frame) for beat, frame in found if 0 <= frame <= live.sample_length - 1]

    def give(self, live: Clip) -> Iterator[None]:
        """Apply everything except the loop to a clip; yields where Live needs a tick."""
        if bool(live.warping) != self.is_warped:
            live.warping = self.is_warped
            yield from until_warping(live, self.is_warped)
        # A WAV file has no slices, so the mode of REX files is left out.
        if self._warp_mode in list(read(live, "available_warp_modes", (self._warp_mode,))):
            live.warp_mode = self._warp_mode
        if self.is_warped and not are_same(pinned_markers(live), self._warp_markers):
            replace_markers(live, self._warp_markers)
            yield
        for beat, frame in self._frames:
            if abs(live.beat_to_sample_time(beat) - frame) > _NEAR:
                raise RuntimeError(f"Live plays another sample than the source does at beat {beat:g}")
        for name, value in self._plain.items():
            _put(live, name, value)

    def lay(self, live: Clip) -> Iterator[None]:
        """Apply the loop, or the start and end, to a clip."""
        yield from _loop_or_not(live, self.is_looping)
        set_span(_put, live, LOOP, *self._loop)
        if self.is_looping:
            set_span(_put, live, MARKERS, *self._markers)
        yield

    def lay_once(self, live: Clip, inside: float, length: float) -> Iterator[None]:
        """Make a clip play once, from a beat within it."""
        yield from _loop_or_not(live, False)
        set_span(_put, live, LOOP, inside, inside + length)
        yield

    def stretches(self, start: float, end: float) -> Iterator[Stretch]:
        """Yield what a warped, looping clip plays in the Arrangement from `start` to `end`, as consecutive
        stretches.
        """
        first, last = self._loop
        head = last - self.start if self.start < last else end - start
        yield Stretch(start, self.start, min(head, end - start))
        repeats = math.ceil((end - start - head) / (last - first) - _SHORTEST)
        for number in range(repeats):
            at = start + head + number * (last - first)
            yield Stretch(at, first, min(last - first, end - at))


def _loop_or_not(live: Clip, looping: bool) -> Iterator[None]:
    if bool(live.looping) != looping:
        live.looping = looping
        yield


def _put(live: Clip, name: str, value: Any) -> None:
    # Some attributes cannot be set on some clips, but then they already have the right value.
    if getattr(live, name) != value:
        setattr(live, name, value)
