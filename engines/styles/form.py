"""The forms of a style: its sections, their lengths and energy, who plays when, and on what."""

from __future__ import annotations

from engines.styles.preset import Fail, Preset


class FormStyle(Preset, frozen=True, kw_only=True):
    """The forms of a style: its sections, their lengths and energy, who plays when, and on what."""


def check_form(form: FormStyle, fail: Fail) -> None:
    """Fails where fields contradict each other."""
