"""Changes of several clips: a request for each of them. Pure."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from musearoo.bridge.api.types.requests import AnyRequest, ClipPlace, Refine, RefineSeveral
from musearoo.bridge.live_set.mirror import SetMirror
from musearoo.bridge.protocol import Refusal
from musearoo.bridge.requests.refusing import RequestError


def spread(request: AnyRequest, mirror: SetMirror) -> AnyRequest:
    """Return a change of several clips with a request for each of them, and any other request as it is.

    Raises RequestError for a scene without MIDI clips.
    """
    match request:
        case Refine(clips=places) if places:
            return RefineSeveral(version=request.version, clips=tuple(_each(request, mirror)))
        case RefineSeveral(clips=clips):
            return RefineSeveral(
                version=request.version, clips=tuple(one for clip in clips for one in _each(clip, mirror))
            )
    return request


def _each(request: Refine, mirror: SetMirror) -> Iterator[Refine]:
    """Yield a request for each clip that one is about: each clip once."""
    if not request.clips:
        yield request
        return
    if request.track is not None or request.scene is not None:
        sentence = "Say the track and the scene of each clip in clips, or of one clip without clips: not both."
        raise RequestError(Refusal.BAD_PARAMETER, sentence)
    places = (place for named in request.clips for place in _places(named, mirror))
    for place in dict.fromkeys(places):
        yield msgspec.structs.replace(request, track=place.track, scene=place.scene, clips=())


def _places(named: ClipPlace, mirror: SetMirror) -> Iterator[ClipPlace]:
    """Yield the places of clips that a place names: itself, or those of all MIDI clips of its scene."""
    if named.track is not None:
        yield named
        return
    row = mirror.scene_at(named.scene - 1)
    clips = [] if row is None else [clip for clip in mirror.clips_in_scene(row.id) if not clip.is_audio]
    if not clips:
        raise RequestError(Refusal.GONE, f"Scene {named.scene} has no MIDI clips: nothing was written.")
    for clip in clips:
        yield ClipPlace(track=mirror.tracks[clip.track].index + 1, scene=named.scene)
