"""A whole set as one piece: its Arrangement, or its scenes one after the other. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from msgspec.structs import replace

from musearoo.bridge.live_set.mirror import MIDI_TRACK, SetMirror
from musearoo.bridge.live_set.scale import key_of_set
from musearoo.bridge.protocol import ClipState, TrackState
from musearoo.bridge.renders.parts import TakePart
from musearoo.engines.analysis.symbolic.roles import guess_role
from musearoo.engines.errors import ParamError
from musearoo.engines.music.clip import Clip
from musearoo.engines.music.knowledge.context import Role
from musearoo.engines.music.meter import Meter
from musearoo.engines.music.note import Note
from musearoo.engines.music.scale import Key
from musearoo.engines.players.band.catalogue import EngineRecord
from musearoo.engines.players.mix.faders import UNITY, fader_db
from musearoo.engines.styles.schema import Style


@dataclass(frozen=True, slots=True)
class Piece:
    """A set as one piece: a part for each MIDI track with notes, all of one length."""

    parts: tuple[TakePart, ...]
    bpm: float
    key: Key | None
    name: str


def arrange(mirror: SetMirror, engines: Sequence[EngineRecord], style: Style | None) -> Piece:
    """Return the MIDI of a set as one piece; `style` chooses the instruments. Raises ParamError without notes.

    What lies in the Arrangement plays as it lies there; without that the scenes play from the top, each as long as its
    longest clip, in which shorter ones repeat. Tracks that are muted, or not soloed where others are, are left out.
    """
    song = mirror.song
    tracks = _audible_tracks(mirror)
    on_timeline = [clip for clip in mirror.clips.values() if not clip.scene and not clip.is_audio]
    places = _on_the_timeline(mirror, on_timeline) if on_timeline else _one_after_the_other(mirror)
    length = max((start + clip.length for _, start, clip in places), default=0.0)
    meter = Meter(song.numerator, song.denominator) if song else Meter()
    parts = []
    for track in tracks:
        own = [(start, clip) for id, start, clip in places if id == track.id]
        notes = [replace(note, start=start + note.start) for start, clip in own for note in clip.notes]
        if notes:
            parts.append(
                _part(mirror, track, Clip.of(track.name, length, _within(notes, length), meter), engines, style)
            )
    if not parts:
        raise ParamError("set", "a set with MIDI clips that have notes", "muted" if places else "empty")
    found = key_of_set(song) if song else None
    key = found.value if found else None
    return Piece(tuple(parts), song.tempo if song else 120.0, key, song.name if song else "")


def _audible_tracks(mirror: SetMirror) -> list[TrackState]:
    """Return the MIDI tracks that are heard, from left to right."""
    has_solo = any(track.soloed for track in mirror.tracks.values())
    heard = (track for track in mirror.tracks.values() if track.kind == MIDI_TRACK and not track.muted)
    return sorted((track for track in heard if track.soloed or not has_solo), key=lambda track: track.index)


def _one_after_the_other(mirror: SetMirror) -> list[tuple[int, float, Clip]]:
    places = []
    start = 0.0
    for scene in sorted(mirror.scenes.values(), key=lambda scene: scene.index):
        found = [(clip.track, mirror.midi_clip(clip.id)) for clip in mirror.clips_in_scene(scene.id) if not clip.muted]
        row = [(track, clip) for track, clip in found if clip is not None]
        length = max((clip.length for _, clip in row), default=0.0)
        places += [(track, start, clip.repeated(length)) for track, clip in row]
        start += length
    return places


def _on_the_timeline(mirror: SetMirror, clips: Sequence[ClipState]) -> list[tuple[int, float, Clip]]:
    found = ((clip, mirror.midi_clip(clip.id)) for clip in clips if not clip.muted)
    return [(state.track, state.start, clip) for state, clip in found if clip is not None]


def _within(notes: Sequence[Note], length: float) -> list[Note]:
    return [note for note in notes if note.start < length]


def _part(
    mirror: SetMirror, track: TrackState, clip: Clip, engines: Sequence[EngineRecord], style: Style | None
) -> TakePart:
    role: Role = next((engine.part for engine in engines if engine.title == track.name), "unknown")
    if role == "unknown":
        role = guess_role(track.name, clip)[0]
    mixer = mirror.mixers.get(track.id)
    # What nobody has moved is left to the mix of the style.
    gain_db = fader_db(mixer.volume) if mixer is not None and mixer.volume != UNITY else None
    pan = mixer.panning if mixer is not None and mixer.panning else None
    return TakePart.of(clip, role, style, track.name, gain_db, pan)
