"""Adjust the set: requests for switches, faders, tempo, key and deletion; and for what plays. Pure.

Each is one undo step of Live's, except for what plays, and named as the status line shows it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from musearoo.bridge.live_set.mirror import AUDIO_TRACK, GROUP_TRACK, MIDI_TRACK, SetMirror
from musearoo.bridge.protocol import (
    ClipState,
    Delete,
    Launch,
    PlaySong,
    Refusal,
    SetMixer,
    SetScale,
    SetTempo,
    SongState,
    StopClips,
    TrackState,
    Transaction,
)
from musearoo.bridge.protocol.types import Message
from musearoo.bridge.requests.adjust_data import Action, Adjust
from musearoo.bridge.requests.composition import Composition
from musearoo.bridge.requests.generate import find_clip, find_scene, require_set
from musearoo.bridge.requests.refusing import RequestError
from musearoo.engines.errors import ParamError
from musearoo.engines.foundation.spoken_lists import join_names
from musearoo.engines.music.knowledge.context import MAX_BPM, MIN_BPM
from musearoo.engines.music.scale import Key
from musearoo.engines.players.mix.faders import LOUDEST_DB, SILENT_DB, fader_db, fader_position

MOST_NAMED: Final = 3
"""The most tracks that a sentence lists by name; more are counted."""
INAUDIBLE_DB: Final = -48.0
LIFTED_DB: Final = -24.0
"""The level in dB that a silent fader goes to when it is made louder: a step from silence would be silence."""
SAME_DB: Final = 0.05
"""The smallest change in dB that Live's display shows."""
SAME_BPM: Final = 0.005

_SWITCHES: Final = {
    Action.MUTE: ("mute", 1, "muted", "muted already"),
    Action.UNMUTE: ("mute", 0, "unmuted", "not muted"),
    Action.SOLO: ("solo", 1, "soloed", "soloed already"),
    Action.UNSOLO: ("solo", 0, "no longer soloed", "not soloed"),
}
"""The control, its value, the words for the change, and for no change."""


def compose_adjust(mirror: SetMirror, request: Adjust, request_id: str, deadline: float) -> Composition:
    """Return the transaction, or none if nothing changes. `deadline` is Unix time.

    Raises RequestError if it cannot be done in this set.
    """
    song = require_set(mirror)
    match request.action:
        case Action.MUTE | Action.UNMUTE | Action.SOLO | Action.UNSOLO:
            edits, name = _switch(_tracks(mirror, request), request.action)
        case Action.LEVEL:
            edits, name = _move_faders(mirror, _tracks(mirror, request), request.db)
        case Action.TEMPO:
            edits, name = _set_tempo(song, request.bpm)
        case Action.KEY:
            edits, name = _set_key(song, request.key)
        case Action.DELETE_CLIP:
            edits, name = _delete_clips(mirror, request)
        case Action.DELETE_TRACK:
            edits, name = _delete_tracks(mirror, _tracks(mirror, request))
        case Action.DELETE_SCENE:
            edits, name = _delete_scene(mirror, request.scene)
        case Action.LAUNCH_CLIP:
            edits, name = _launch_clips([find_clip(mirror, track, request.scene) for track in request.tracks or (-1,)])
        case Action.LAUNCH_SCENE:
            edits, name = _launch_scene(mirror, request.scene)
        case Action.STOP_CLIPS:
            edits, name = _stop_clips(mirror, request)
        case Action.PLAY:
            edits, name = [PlaySong(1)], "Live plays"
        case Action.STOP:
            edits, name = [PlaySong(0)], "Live stopped"
    return Composition((Transaction(request_id, deadline), *edits) if edits else (), name)


def _tracks(mirror: SetMirror, request: Adjust) -> list[TrackState]:
    """Return the tracks of the request, or the selected one."""
    if not request.tracks:
        selected = mirror.tracks.get(mirror.selection.track)
        if selected is None or selected.kind not in (MIDI_TRACK, AUDIO_TRACK, GROUP_TRACK):
            raise RequestError(Refusal.GONE, "No track is selected: click one, or say which is meant.")
        return [selected]
    found = []
    for index in request.tracks:
        track = mirror.track_at(index)
        if track is None:
            raise RequestError(Refusal.GONE, f"Track {index + 1} is not in the set any more: nothing was changed.")
        found.append(track)
    return found


def _switch(tracks: Sequence[TrackState], action: Action) -> tuple[list[Message], str]:
    control, value, word, already = _SWITCHES[action]
    others = [track for track in tracks if (track.muted if control == "mute" else track.soloed) != value]
    if not others:
        return [], f"{_named(tracks)} {_is(tracks)} {already}"
    return [SetMixer(track.id, control, float(value)) for track in others], f"{_named(tracks)} {word}"


def _move_faders(mirror: SetMirror, tracks: Sequence[TrackState], db: float) -> tuple[list[Message], str]:
    mixers = {track.id: mixer for track in tracks if (mixer := mirror.mixers.get(track.id)) is not None}
    held = [track for track in tracks if track.id in mixers and "volume" in mixers[track.id].held.split(",")]
    free = [track for track in tracks if track.id in mixers and track not in held]
    if not free:
        sentence = f"The volume of {_named(tracks)} is automated or held by a macro: change it there, or free it first."
        raise RequestError(Refusal.WRONG_TRACK, sentence)
    levels: dict[int, float] = {}
    for track in free:
        before = fader_db(mixers[track.id].volume)
        after = _moved(before, db)
        if abs(after - before) >= SAME_DB:
            levels[track.id] = after
    way = "louder" if db > 0 else "softer"
    stay = f"; {_named(held)}, automated, {'stays' if len(held) == 1 else 'stay'}" if held else ""
    if not levels:
        return [], f"{_named(free)} {_is(free)} as {way.removesuffix('er')} as the fader goes already{stay}"
    moved = [track for track in free if track.id in levels]
    where = f", at {levels[moved[0].id]:+.1f} dB" if len(moved) == 1 else ""
    edits: list[Message] = [SetMixer(track, "volume", fader_position(level)) for track, level in levels.items()]
    return edits, f"{_named(moved)} {way} by {abs(db):g} dB{where}{stay}"


def _moved(before: float, db: float) -> float:
    """Return a fader's new level in dB, within its range."""
    if db > 0 and before < INAUDIBLE_DB:
        return LIFTED_DB
    return min(LOUDEST_DB, max(SILENT_DB, before + db))


def _set_tempo(song: SongState, bpm: float) -> tuple[list[Message], str]:
    if not MIN_BPM <= bpm <= MAX_BPM:
        sentence = f"A tempo must be {MIN_BPM:g} to {MAX_BPM:g} BPM, which {bpm:g} is not: nothing was changed."
        raise RequestError(Refusal.BAD_PARAMETER, sentence)
    bpm = round(bpm, 2)
    if abs(bpm - song.tempo) < SAME_BPM:
        return [], f"The tempo is {bpm:g} BPM already"
    return [SetTempo(bpm)], f"Tempo {bpm:g} BPM"


def _set_key(song: SongState, text: str) -> tuple[list[Message], str]:
    try:
        key = Key.parse(text)
    except ParamError as error:
        raise RequestError(Refusal.BAD_PARAMETER, f"{error}.") from error
    # A scale that is switched off in Live does not count.
    if song.scale_mode != 0 and (song.root_note, song.scale_name) == (key.tonic, key.scale):
        return [], f"The set is in {key} already"
    return [SetScale(key.tonic, key.scale)], f"The set is in {key}"


def _delete_clips(mirror: SetMirror, request: Adjust) -> tuple[list[Message], str]:
    clips = [find_clip(mirror, track, request.scene) for track in request.tracks or (-1,)]
    names = ", ".join(clip.name or mirror.tracks[clip.track].name for clip in clips)
    return [
        Delete(clip.id, 0) for clip in clips
    ], f"{names if len(clips) <= MOST_NAMED else f'{len(clips)} clips'} deleted"


def _delete_tracks(mirror: SetMirror, tracks: Sequence[TrackState]) -> tuple[list[Message], str]:
    regular = [track for track in mirror.tracks.values() if track.kind in (MIDI_TRACK, AUDIO_TRACK, GROUP_TRACK)]
    if len(tracks) >= len(regular):
        sentence = (
            f"{_named(tracks)} {_is(tracks)} all the tracks that there are, and Live keeps one: nothing was deleted."
        )
        raise RequestError(Refusal.BAD_PARAMETER, sentence)
    return [Delete(track.id, 0) for track in tracks], f"{_named(tracks)} deleted"


def _delete_scene(mirror: SetMirror, index: int) -> tuple[list[Message], str]:
    scene = find_scene(mirror, index)
    if len(mirror.scenes) == 1:
        raise RequestError(Refusal.BAD_PARAMETER, "This is the only scene, and Live keeps one: nothing was deleted.")
    named = f" ({scene.name})" if scene.name else ""
    return [Delete(scene.id, 0)], f"Scene {scene.index + 1}{named} deleted"


def _launch_clips(clips: Sequence[ClipState]) -> tuple[list[Message], str]:
    if arranged := next((clip for clip in clips if not clip.scene), None):
        sentence = f"“{arranged.name}” is in the Arrangement: only Session clips are launched."
        raise RequestError(Refusal.WRONG_TRACK, sentence)
    names = join_names([clip.name for clip in clips]) if len(clips) <= MOST_NAMED else f"{len(clips)} clips"
    return [Launch(clip.id) for clip in clips], f"{names} launched"


def _launch_scene(mirror: SetMirror, index: int) -> tuple[list[Message], str]:
    """Launch the clips of a scene; what plays on tracks without one there goes on."""
    scene = find_scene(mirror, index)
    clips = mirror.clips_in_scene(scene.id)
    if not clips:
        raise RequestError(Refusal.GONE, f"Scene {scene.index + 1} has no clips to launch: choose another.")
    named = f" ({scene.name})" if scene.name else ""
    return [Launch(clip.id) for clip in clips], f"Scene {scene.index + 1}{named} launched"


def _stop_clips(mirror: SetMirror, request: Adjust) -> tuple[list[Message], str]:
    """Stop what plays or waits for its launch on the tracks of the request; without any, on all that have clips."""
    if request.tracks:
        tracks = _tracks(mirror, request)
        return [StopClips(track.id) for track in tracks], f"{_named(tracks)} stopped"
    filled = {clip.track for clip in mirror.clips.values() if clip.scene}
    return [StopClips(track) for track in mirror.tracks if track in filled], "All clips stopped"


def _named(tracks: Sequence[TrackState]) -> str:
    """Return the tracks' names, or their number if there are too many for a status line."""
    names = [track.name or f"track {track.index + 1}" for track in tracks]
    if len(names) > MOST_NAMED:
        return f"{len(names)} tracks"
    return join_names(names)


def _is(tracks: Sequence[TrackState]) -> str:
    return "is" if len(tracks) == 1 else "are"
