"""Translate a press for endless music into its steering."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from musearoo.bridge.protocol import PlayAmbience, Refusal
from musearoo.bridge.requests.refusing import RequestError
from musearoo.engines.ambient.preset import AmbientPreset, find_preset
from musearoo.engines.ambient.steering import AMOUNTS, Steering, change, is_change
from musearoo.engines.errors import ParamError
from musearoo.engines.music.scale import Key


def read_steering(
    request: PlayAmbience, before: Steering | None, presets: Mapping[str, AmbientPreset]
) -> tuple[Steering, str]:
    """Return the steering that a press asks for, and the name of what plays then.

    What the press does not say stays as in `before`. Raises RequestError for a preset, key, mood or tempo that is none.
    """
    steering = before or Steering()
    try:
        preset = find_preset(request.preset or steering.preset, presets)
        said: dict[str, Any] = {"preset": preset.name}
        for name in AMOUNTS:
            if (share := getattr(request, name)) >= 0.0:
                said[name] = _amount(share, getattr(preset, name))
        if request.key:
            said["key"] = Key.parse(request.key)
        elif request.follow > 0:
            # Else its own key and tempo would stand in the way of the set's.
            said |= {"key": None, "bpm": None}
        if request.bpm > 0.0:
            said["bpm"] = request.bpm
        word = request.mood.strip().casefold()
        if word and not is_change(word):
            said["mood"] = word
        steering = replace(steering, **said)
        if is_change(word):
            steering = change(steering, word, preset)
    except ParamError as error:
        raise RequestError(Refusal.BAD_PARAMETER, f"Ambience: {error}.") from error
    return steering, f"Ambience: {_describe(steering, request, word)}"


def _amount(share: float, usual: float) -> float:
    """Return an amount that is at the preset's own in the middle, and at its bounds at both ends."""
    return 2.0 * share * usual if share <= 0.5 else usual + (2.0 * share - 1.0) * (1.0 - usual)


def _describe(steering: Steering, request: PlayAmbience, word: str) -> str:
    of = steering.preset
    if steering.key is not None:
        of += f" in {steering.key}"
    elif request.follow > 0:
        of += " with the set"
    return f"{of}, {word}" if word else of
