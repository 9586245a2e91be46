"""The harmony of a style: its progressions, voicings and comping."""

from __future__ import annotations

from engines.styles.preset import Fail, Preset


class HarmonyStyle(Preset, frozen=True, kw_only=True):
    """The harmony of a style: its progressions, voicings and comping."""


def check_harmony(harmony: HarmonyStyle, fail: Fail) -> None:
    """Fails where fields contradict each other."""
