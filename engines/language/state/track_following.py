"""Follow remembered tracks through moves, insertions and deletions, which change their numbers."""

from __future__ import annotations

from dataclasses import replace

from musearoo.engines.language.requests.actions import DoneAction
from musearoo.engines.language.state.memory import SetMemory
from musearoo.engines.language.state.view import SetView


def follow(remembered: SetMemory, view: SetView) -> SetMemory:
    """Return the memory of a set with the tracks' current numbers.

    A track is identified by its name when first seen. If it is gone, or other tracks share its name and it has moved,
    its number becomes 0: unknown.
    """
    if not view.set:
        return remembered
    return replace(remembered, made=tuple(_followed(made, view) for made in remembered.made))


def _followed(made: DoneAction, view: SetView) -> DoneAction:
    numbers = made.action.tracks or (made.track,)
    if not made.track_names:
        tracks = [view.track_at(number) for number in numbers]
        return replace(made, track_names=tuple(track.name if track else "" for track in tracks))
    moved = tuple(_now(number, name, view) for number, name in zip(numbers, made.track_names, strict=True))
    if moved == numbers:
        return made
    if made.action.tracks:
        return replace(made, action=replace(made.action, tracks=moved))
    return replace(made, track=moved[0])


def _now(number: int, name: str, view: SetView) -> int:
    track = view.track_at(number)
    if not name or (track is not None and track.name == name):
        return number
    same = [track.number for track in view.tracks if track.name == name]
    return same[0] if len(same) == 1 else 0
