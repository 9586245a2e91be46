"""Confirmation of destructive actions: the question asked first."""

from __future__ import annotations

from musearoo.engines.language.copilot.places import is_own_clip
from musearoo.engines.language.requests.actions import SetAction
from musearoo.engines.language.requests.commands import Intent
from musearoo.engines.language.requests.replies import ActionRequest
from musearoo.engines.language.state.situation import Situation
from musearoo.engines.language.state.view import TrackView


def question_before(situation: Situation, requested: ActionRequest) -> str:
    """Return the question to ask before an action deletes or overwrites the user's own material; else "".

    If no set is visible, only deletions are known to lose anything.
    """
    action = requested.action
    if action.intent is Intent.DELETE:
        return f"Delete {requested.about}{_with_clips(situation, action)}? Yes or no?"
    if not action.replace:
        return ""
    if action.intent is Intent.CHANGE and not action.track and situation.is_seen:
        # A clip of the Arrangement, or one that is only shown: it is not known whether MuseAroo made it.
        return "Change this clip itself, for good? Yes or no?"
    # Without a track a part goes to a Roo's own track, which only has clips by MuseAroo.
    track = situation.view.track_at(action.track)
    if track is None or action.scene not in track.clips or is_own_clip(situation, track, action.scene):
        return ""
    return f"Replace {_name(track, action.scene)} in scene {action.scene}? Yes or no?"


def _name(track: TrackView, scene: int) -> str:
    name = track.clip_name(scene)
    return f"“{name}”, {track.name}" if name else f"the clip of {track.name}"


def _with_clips(situation: Situation, action: SetAction) -> str:
    """Describe how many clips go with a track or a scene."""
    if action.what == "clip" or not situation.is_seen:
        return ""
    tracks = situation.view.tracks
    if action.what == "scene":
        clips = sum(action.scene in track.clips for track in tracks)
    else:
        clips = sum(len(track.clips) for track in tracks if track.number in (action.tracks or (action.track,)))
    return f" ({clips} clip{'' if clips == 1 else 's'})"
