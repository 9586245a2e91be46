"""The stereo image of a sound."""

from __future__ import annotations

from musearoo.engines.analysis.fast.character.steps import ChannelSteps
from musearoo.engines.music.knowledge.analysis import StereoImage

MONO: StereoImage = StereoImage(0.0, 0.0, 1.0)


def measure_stereo(channels: ChannelSteps) -> StereoImage | None:
    """Return the stereo image of two channels: MONO for one channel; None for more, for silence and for less than a
    tenth of a second."""
    if not channels.total.sum() > 0.0:
        return None
    if channels.left is None or channels.right is None or channels.shared is None:
        return MONO if channels.count == 1 else None
    left, right = float(channels.left.sum()), float(channels.right.sum())
    shared = float(channels.shared.sum())
    middle, side = (left + right + 2.0 * shared) / 4.0, (left + right - 2.0 * shared) / 4.0
    width = 1.0 if side >= middle else max(0.0, side / middle) ** 0.5
    both = (left * right) ** 0.5
    # A silent channel has no correlation with the other.
    correlation = min(1.0, max(-1.0, shared / both)) if both > 1e-6 * (left + right) else 0.0
    return StereoImage(width, (right - left) / (right + left), correlation)
