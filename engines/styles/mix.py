"""How a style is mixed: levels, places, sends and loudness to aim at."""

from __future__ import annotations

from engines.styles.preset import Fail, Preset


class MixStyle(Preset, frozen=True, kw_only=True):
    """How a style is mixed: levels, places, sends and loudness to aim at."""


def check_mix(mix: MixStyle, fail: Fail) -> None:
    """Fails where fields contradict each other."""
