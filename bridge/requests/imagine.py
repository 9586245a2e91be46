"""A request for audio loops, in two steps: read the set, then write the takes as a transaction. Pure.

Minutes may lie between the two, so the second looks again where the takes can go.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

from musearoo.bridge.live_set.listening import Passage, passage_of
from musearoo.bridge.live_set.mirror import AUDIO_TRACK, SetMirror
from musearoo.bridge.live_set.writer import NEW_SCENE, NEW_TRACK, REPLACE, THIS_OR_NEXT_EMPTY
from musearoo.bridge.protocol import (
    LONGEST_NAME,
    ClipState,
    CreateAudioClip,
    CreateScene,
    CreateTrack,
    Edit,
    Imagine,
    Refusal,
    SetLoop,
    SetWarpMarkers,
    SongState,
    Transaction,
)
from musearoo.bridge.protocol.codec import encode_warp_markers
from musearoo.bridge.requests.composition import Composition
from musearoo.bridge.requests.generate import find_clip, read_neighbours, require_set, scene_for, seed_of
from musearoo.bridge.requests.refusing import RequestError
from musearoo.bridge.text.bounded import cut_text
from musearoo.engines.analysis.scene.merging import ScenePart
from musearoo.engines.music.knowledge.analysis import Analysis
from musearoo.engines.music.timing import beats_to_seconds, mean_bpm, seconds_per_beat
from musearoo.engines.players.mix.faders import fader_db

NO_CLIP, FOLLOW_TUNE, CONTINUE = range(3)
"""Values of `use` in /roo/imagine."""

IMAGINED_COLOR: Final = 0xE86FB0

COMPLEX: Final = 4
"""The warp mode that keeps a whole mix whole when the set's tempo changes; at its own tempo it does nothing."""


@dataclass(frozen=True, slots=True)
class SoundSource:
    """A clip's sound: the seconds of its file that it plays, and the tempo of the file there by the clip's markers.

    `bpm` is None for a clip that is not warped: it sounds in the set as it does in the file.
    """

    name: str
    path: str
    start: float
    end: float
    bpm: float | None


@dataclass(frozen=True, slots=True)
class TuneSource:
    """A MIDI clip's notes: start and length in seconds at the set's tempo, with the pitch between."""

    name: str
    notes: tuple[tuple[float, int, float], ...]


@dataclass(frozen=True, slots=True)
class ImagineReading:
    """The facts of the set that an Imagine request needs."""

    imagine: Imagine
    song: SongState
    seed: int
    track: int
    """The id of the audio track that it is for, or NEW_TRACK."""
    scene: int
    """The id of the scene, or NEW_SCENE."""
    neighbours: tuple[ScenePart, ...]
    """What plays in the scene, but for that track."""
    source: SoundSource | TuneSource | None
    lufs: float | None
    """How loud a file must be to sound as loud as the sounds of the scene, LUFS; None if none has been heard."""


@dataclass(frozen=True, slots=True)
class TakeFile:
    """A generated loop: its path, the name of its clip, its tempo and its length in beats."""

    path: str
    name: str
    bpm: float
    beats: float


def read_imagine(
    mirror: SetMirror, imagine: Imagine, request_id: str, recall: Callable[[Passage], Analysis | None]
) -> ImagineReading:
    """Read the facts of the set from the mirror; raises RequestError if the request cannot be done there.

    `recall` gives what is known of an audio clip's passage by now.
    """
    song = require_set(mirror)
    scene = scene_for(mirror, imagine.scene)
    track = _track(mirror, imagine)
    source = None
    if imagine.use != NO_CLIP:
        clip = find_clip(mirror, imagine.source_track, imagine.source_scene)
        source = _read_source(mirror, clip, imagine.use, song.tempo)
    return ImagineReading(
        imagine=imagine,
        song=song,
        seed=seed_of(imagine.seed, request_id),
        track=track,
        scene=scene,
        neighbours=read_neighbours(mirror, scene, recall, without=(track,) if track else ()),
        source=source,
        lufs=_loudness(mirror, scene, track, recall),
    )


def write_imagined(
    mirror: SetMirror,
    reading: ImagineReading,
    takes: Sequence[TakeFile],
    title: str,
    request_id: str,
    deadline: float,
) -> Composition:
    """Return the transaction that puts the takes into the grid, one below the other. `deadline` is Unix time.

    Each is warped with a marker on every beat, and loops. `title` names a new track. A track or a scene that has gone
    meanwhile is replaced by a new one.
    """
    edits: list[Edit] = []
    told: list[str] = []
    track = reading.track
    if track and track not in mirror.tracks:
        told.append("The track that this was for has gone: it went to a new one.")
        track = NEW_TRACK
    track = track or _own_track(mirror, title)
    if not track:
        edits.append(CreateTrack(AUDIO_TRACK, 0, title, IMAGINED_COLOR))
        track = -len(edits)
    scene = reading.scene
    if scene not in mirror.scenes:
        if scene != NEW_SCENE:
            told.append("The scene that this was for has gone: it went to a new one.")
        edits.append(CreateScene(0, title))
        scene = -len(edits)
    for number, take in enumerate(takes):
        where = REPLACE if reading.imagine.replace and not number else THIS_OR_NEXT_EMPTY
        edits.append(CreateAudioClip(track, scene, where, take.path, take.name, IMAGINED_COLOR, 1, COMPLEX, 1))
        clip = -len(edits)
        edits.append(SetWarpMarkers(clip, encode_warp_markers(_markers(take))))
        edits.append(SetLoop(clip, 1, 0.0, take.beats, 0.0))
    name = takes[0].name if len(takes) == 1 else cut_text(title, LONGEST_NAME, f", {len(takes)} takes")
    return Composition((Transaction(request_id, deadline), *edits), name, tuple(told))


def _markers(take: TakeFile) -> list[tuple[float, float]]:
    """A marker on each beat from the first to the loop's end.

    >>> _markers(TakeFile("", "", 120.0, 4.0))
    [(0.0, 0.0), (0.5, 1.0), (1.0, 2.0), (1.5, 3.0), (2.0, 4.0)]
    """
    inside = [float(beat) for beat in range(int(take.beats) + 1)]
    beats = inside if inside[-1] == take.beats else [*inside, take.beats]
    return [(beats_to_seconds(beat, take.bpm), beat) for beat in beats]


def _track(mirror: SetMirror, imagine: Imagine) -> int:
    """Return the id of the audio track in the request; NEW_TRACK if it names none, or one without audio."""
    if imagine.track < 0:
        return NEW_TRACK
    track = mirror.track_at(imagine.track)
    if track is None:
        sentence = f"Track {imagine.track + 1} is not in the set any more: nothing was written."
        raise RequestError(Refusal.GONE, sentence)
    return track.id if track.kind == AUDIO_TRACK else NEW_TRACK


def _own_track(mirror: SetMirror, title: str) -> int:
    """Return the audio track of that name, with earlier takes of the same prompt; NEW_TRACK without one."""
    own = mirror.tracks_named(AUDIO_TRACK, title)
    return own[0].id if own else NEW_TRACK


def _read_source(mirror: SetMirror, clip: ClipState, use: int, bpm: float) -> SoundSource | TuneSource:
    name = clip.name or mirror.tracks[clip.track].name
    if not clip.is_audio:
        if use == CONTINUE:
            sentence = f"{name} is MIDI: only audio is continued. Choose an audio clip, or have its tune followed."
            raise RequestError(Refusal.WRONG_TRACK, sentence)
        notes = mirror.midi_clip(clip.id)
        if notes is None or not notes.notes:
            raise RequestError(Refusal.GONE, f"{name} has no notes whose tune could be followed.")
        beat = seconds_per_beat(bpm)
        return TuneSource(name, tuple((n.start * beat, n.pitch, n.duration * beat) for n in notes.notes))
    if clip.is_recording:
        raise RequestError(Refusal.LIVE_BUSY, f"{name} is being recorded: stop recording, then press again.")
    audio, region = mirror.audio.get(clip.id), mirror.audio_region(clip.id)
    if audio is None or region is None or not region.duration:
        sentence = f"Live does not tell which file {name} plays, so it cannot be heard: consolidate it and press again."
        raise RequestError(Refusal.GONE, sentence)
    own_bpm = None
    if audio.warping and region.warp is not None:
        beats = region.warp.beats_at(region.end) - region.warp.beats_at(region.start)
        own_bpm = mean_bpm(beats, region.duration)
    return SoundSource(name, audio.file_path, region.start, region.end, own_bpm)


def _loudness(mirror: SetMirror, scene: int, track: int, recall: Callable[[Passage], Analysis | None]) -> float | None:
    """Return the median loudness of what was analysed in the scene, behind its faders, before the track's own fader."""
    levels = []
    for clip in mirror.clips_in_scene(scene):
        passage = passage_of(mirror, clip.id)
        analysis = recall(passage) if passage else None
        loudness = analysis.character.loudness if analysis else None
        if loudness and loudness.lufs is not None:
            levels.append(loudness.lufs + _fader_db(mirror, clip.track))
    return median(levels) - _fader_db(mirror, track) if levels else None


def _fader_db(mirror: SetMirror, track: int) -> float:
    """Return a track's fader in dB; one that is down says nothing of how loud its sound is meant to be."""
    mixer = mirror.mixers.get(track)
    return fader_db(mixer.volume) if mixer and mixer.volume > 0.0 else 0.0
