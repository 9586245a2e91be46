"""What a deed would take away that the user may miss: the question that comes before it."""

from __future__ import annotations

from engines.rooaroo.commands import BAND, Intent
from engines.rooaroo.deeds import Deed
from engines.rooaroo.places import is_own_clip
from engines.rooaroo.situation import Situation
from engines.rooaroo.view import TrackView


def question_before(situation: Situation, deed: Deed) -> str:
    """What is asked before a deed that deletes, or that puts something where a clip lies that the user made; else "".

    Where no set is seen, nothing is known to be lost but by deleting.
    """
    if deed.intent is Intent.DELETE:
        return f"Delete {_deleted(situation, deed)}? Yes or no?"
    if not deed.replace:
        return ""
    lost = [track for track in _written_to(situation, deed) if deed.scene in track.clips]
    lost = [track for track in lost if not is_own_clip(situation, track, deed.scene)]
    if deed.intent is Intent.CHANGE and not deed.track and situation.is_seen:
        # A clip of the Arrangement, or one that is only shown: whose it is, nobody remembers.
        return "Change this clip itself, for good? Yes or no?"
    if not lost:
        return ""
    names = ", ".join(track.name for track in lost)
    return f"Replace the clip of {names} in scene {deed.scene}? Yes or no?"


def _written_to(situation: Situation, deed: Deed) -> list[TrackView]:
    """The tracks that the deed may write to."""
    tracks = situation.view.tracks
    if deed.track:
        return [track for track in tracks if track.number == deed.track]
    if deed.intent is not Intent.PLAY:
        return []
    return [track for track in tracks if track.is_own and (track.part in deed.parts or BAND in deed.parts)]


def _deleted(situation: Situation, deed: Deed) -> str:
    view = situation.view
    track = view.track_at(deed.track)
    name = track.name if track else "the clip"
    if deed.what == "scene":
        clips = sum(deed.scene in track.clips for track in view.tracks)
        return f"scene {deed.scene} with {clips} clip{'' if clips == 1 else 's'}"
    if deed.what == "track":
        clips = len(track.clips) if track else 0
        return f"track {deed.track}, {name}, with {clips} clip{'' if clips == 1 else 's'}"
    if not deed.track:
        return view.shown.name or "the clip that is shown" if view.shown else "the clip"
    return f"{name} in scene {deed.scene}"
