"""The copilot's view of a set, made from the mirror. Pure, and fast, because every sentence needs a new one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from musearoo.bridge.live_set.listening import Passage, passage_of
from musearoo.bridge.live_set.mirror import AUDIO_TRACK, GROUP_TRACK, MIDI_TRACK, SetMirror
from musearoo.bridge.live_set.scale import key_of_set
from musearoo.bridge.protocol import ClipState, TrackState
from musearoo.bridge.requests.generate import read_part
from musearoo.engines.analysis.scene.clips import AnalyzedClip, ScenePart
from musearoo.engines.analysis.symbolic.analyzer import analyze_notes
from musearoo.engines.analysis.symbolic.roles import guess_audio_role, guess_role
from musearoo.engines.language.requests.commands import PARTS
from musearoo.engines.language.state.view import ClipView, Kind, SetView, TrackView
from musearoo.engines.music.clip import Clip
from musearoo.engines.music.knowledge.analysis import Analysis
from musearoo.engines.players.band.catalogue import ENGINES

KINDS: Final[dict[int, Kind]] = {MIDI_TRACK: "midi", AUDIO_TRACK: "audio", GROUP_TRACK: "group"}
SURE_ROLE: Final = 0.5
"""Least confidence of a track's role that is not given by its name."""
SILENCE: Final = Clip("", 1.0)
"""An empty clip, used to guess a role from the track's name alone."""
_PARTS: Final = {engine.title: engine.part for engine in ENGINES}


def view_of(
    mirror: SetMirror,
    *,
    key: str = "",
    key_confidence: float = 0.0,
    chords: str = "",
    style: str = "",
    style_confidence: float = 0.0,
    recall: Callable[[Passage], Analysis | None] = lambda _: None,
) -> SetView:
    """Return the present view of a set, without its instance. Key, chords and style are those of the selected scene.

    The set's own key, if its scale is switched on, takes precedence. `recall` returns the present analysis of an audio
    clip's passage.
    """
    scenes = {scene.id: scene.index + 1 for scene in mirror.scenes.values()}
    numbers = {track.id: track.index + 1 for track in mirror.tracks.values() if track.kind in KINDS}
    tracks = [_track(mirror, mirror.tracks[track], scenes, recall) for track in numbers]
    shown = mirror.clips.get(mirror.selection.clip)
    own_key = _own_key(mirror)

    def measure(track: int, scene: int) -> float | None:
        column, row = mirror.track_at(track - 1), mirror.scene_at(scene - 1)
        clip = mirror.clip_in_slot(column.id, row.id) if column and row else None
        return _complexity(read_part(mirror, clip, recall)) if clip else None

    return SetView(
        tempo=mirror.song.tempo if mirror.song else SetView().tempo,
        key=own_key or key,
        key_confidence=1.0 if own_key else key_confidence,
        chords=chords,
        style=style,
        style_confidence=style_confidence,
        tracks=tuple(sorted(tracks, key=lambda track: track.number)),
        scenes=len(scenes),
        scene=scenes.get(mirror.selection.scene, 0),
        track=numbers.get(mirror.selection.track, 0),
        shown=_clip(shown, numbers, scenes) if shown else None,
        measure=measure,
    )


@dataclass(frozen=True, slots=True)
class _Seen:
    """A track's view, and the analysis of its first clip that it depends on."""

    view: TrackView
    passage: Passage | None
    analysis: Analysis | None


def _track(
    mirror: SetMirror, track: TrackState, scenes: Mapping[int, int], recall: Callable[[Passage], Analysis | None]
) -> TrackView:
    """Return the view of a track: the one before, if nothing on the track has changed since."""
    seen: _Seen | None = mirror.track_views.get(track.id)
    if seen is None or (seen.passage is not None and recall(seen.passage) is not seen.analysis):
        clips = [clip for clip in mirror.clips_on_track(track.id) if clip.scene in scenes]
        passage = passage_of(mirror, clips[0].id) if clips else None
        view = _look_at(mirror, track, clips, scenes, recall)
        seen = mirror.track_views[track.id] = _Seen(view, passage, recall(passage) if passage is not None else None)
    return seen.view


def _look_at(
    mirror: SetMirror,
    track: TrackState,
    clips: Sequence[ClipState],
    scenes: Mapping[int, int],
    recall: Callable[[Passage], Analysis | None],
) -> TrackView:
    return TrackView(
        number=track.index + 1,
        name=track.name,
        kind=KINDS[track.kind],
        part=_PARTS.get(track.name) or _part_of(mirror, track, clips, recall),
        clips=frozenset(scenes[clip.scene] for clip in clips),
        clip_names=tuple(sorted((scenes[clip.scene], clip.name) for clip in clips if clip.name)),
        muted=bool(track.muted),
        soloed=bool(track.soloed),
        is_own=track.name in _PARTS,
    )


def _part_of(
    mirror: SetMirror,
    track: TrackState,
    clips: Sequence[ClipState],
    recall: Callable[[Passage], Analysis | None],
) -> str:
    """Return the part that a track plays, by its name, else by its first clip, else ""."""
    part, sure = guess_role(track.name, SILENCE)
    if sure < SURE_ROLE and clips:
        scene_part = read_part(mirror, clips[0], recall)
        match scene_part.content if scene_part else None:
            case Clip() as notes:
                part, sure = guess_role(track.name, notes)
            case AnalyzedClip(analysis):
                part, sure = guess_audio_role(track.name, analysis)
    return part if sure >= SURE_ROLE and part in PARTS else ""


def _clip(clip: ClipState, tracks: Mapping[int, int], scenes: Mapping[int, int]) -> ClipView:
    return ClipView(
        track=tracks.get(clip.track, 0), scene=scenes.get(clip.scene, 0), name=clip.name, is_audio=bool(clip.is_audio)
    )


def _own_key(mirror: SetMirror) -> str:
    """Return the key of the set's scale if it is switched on and known to the engines, else ""."""
    key = key_of_set(mirror.song) if mirror.song else None
    return str(key.value) if key and key.value else ""


def _complexity(part: ScenePart | None) -> float | None:
    if part is None:
        return None
    analysis = analyze_notes(part.content) if isinstance(part.content, Clip) else part.content.analysis
    return analysis.character.complexity.value
