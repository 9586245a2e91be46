"""The ambience of a style: layers, textures and how they move."""

from __future__ import annotations

from engines.styles.preset import Fail, Preset


class AtmosStyle(Preset, frozen=True, kw_only=True):
    """The ambience of a style: layers, textures and how they move."""


def check_atmos(atmos: AtmosStyle, fail: Fail) -> None:
    """Fails where fields contradict each other."""
