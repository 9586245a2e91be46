"""Complexity and density of a part, as it was requested or as measured from its clip."""

from __future__ import annotations

from musearoo.engines.language.requests.actions import SetAction
from musearoo.engines.language.state.situation import Situation


def level_of(situation: Situation, part: str, field: str) -> float | None:
    """Return the complexity or density of a part, 0..1; None without such a part, or if unknown.

    For a generated part it is the requested value. Other clips have one measure for both, which includes density.
    """
    made = situation.remembered.newest(part)
    if made is not None:
        return amount(made.action, field)
    view = situation.view
    there = [track for track in view.tracks if track.part == part and track.clips]
    there.sort(key=lambda track: (view.scene not in track.clips, track.number))
    for track in there:
        scene = view.scene if view.scene in track.clips else min(track.clips)
        measured = view.measure(track.number, scene)
        if measured is not None:
            return min(1.0, max(0.0, measured))
    return None


def amount(action: SetAction, field: str) -> float:
    """Return the complexity or density of an action."""
    return action.complexity if field == "complexity" else action.density
