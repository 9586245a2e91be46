"""The melodies of a style: rhythm, contour, range and ornament."""

from __future__ import annotations

from engines.styles.preset import Fail, Preset


class MelodyStyle(Preset, frozen=True, kw_only=True):
    """The melodies of a style: rhythm, contour, range and ornament."""


def check_melody(melody: MelodyStyle, fail: Fail) -> None:
    """Fails where fields contradict each other."""
