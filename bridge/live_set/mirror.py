"""The mirror of one Live set, kept up to date by the Remote Script's messages and read without a round trip."""

from bisect import bisect
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from musearoo.bridge.live_set.clip_audio import ClipRegion
from musearoo.bridge.protocol import (
    ClipAudio,
    ClipNotes,
    ClipState,
    ClipWarp,
    EqualiserState,
    Gone,
    InstrumentState,
    MixerState,
    SceneState,
    Selection,
    SetReady,
    SongState,
    TrackState,
)
from musearoo.bridge.protocol.codec import (
    NoteRecord,
    WarpMarker,
    check_notes,
    decode_notes,
    decode_warp_markers,
    encode_warp_markers,
)
from musearoo.bridge.protocol.types import Message
from musearoo.engines.analysis.scene.clips import ScenePart
from musearoo.engines.errors import ParamError
from musearoo.engines.music.clip import Clip
from musearoo.engines.music.drum_kit import KIT
from musearoo.engines.music.kits.layouts import drums_on_pads
from musearoo.engines.music.kits.rack_pads import match_pads
from musearoo.engines.music.meter import Meter
from musearoo.engines.music.note import MAX_BEATS, Note

MIDI_TRACK, AUDIO_TRACK, GROUP_TRACK, RETURN_TRACK, MASTER_TRACK = range(5)
"""Track kinds of `/roo/set/track`."""

REGULAR_TRACKS = (MIDI_TRACK, AUDIO_TRACK, GROUP_TRACK)
"""Kinds of the tracks that count as the set's columns."""

SHORTEST = 1e-3
"""Least length of a clip or a note in beats, if rounding would leave none."""

_Key = tuple[str | int, ...]
"""What objects are looked up by, such as ("slot", track, scene)."""


@dataclass(slots=True)
class SetMirror:
    """One Live set as last reported, and the analyses of captures in it. Only `apply` changes its content."""

    song: SongState | None = None
    tracks: dict[int, TrackState] = field(default_factory=dict)
    instruments: dict[int, InstrumentState] = field(default_factory=dict)
    mixers: dict[int, MixerState] = field(default_factory=dict)
    equalisers: dict[int, tuple[float, ...]] = field(default_factory=dict)
    """Raw settings of a track's last EQ Eight, five a band."""
    scenes: dict[int, SceneState] = field(default_factory=dict)
    clips: dict[int, ClipState] = field(default_factory=dict)
    notes: dict[int, bytes] = field(default_factory=dict)
    audio: dict[int, ClipAudio] = field(default_factory=dict)
    warp: dict[int, tuple[WarpMarker, ...]] = field(default_factory=dict)
    selection: Selection = field(default_factory=lambda: Selection(0, 0, 0))
    captures: dict[int, ScenePart] = field(default_factory=dict)
    """The last capture made while a scene was selected, by scene id: a part of the scene without a clip."""
    complete: bool = False
    """Whether the script has reported the whole set."""

    # Worked out of the tables, and so not compared.
    _midi: dict[int, Clip] = field(default_factory=dict, compare=False)
    _kits: dict[int, Mapping[str, int]] = field(default_factory=dict, compare=False)
    _index: dict[_Key, tuple[int, ...]] = field(default_factory=dict, compare=False)
    """Ids in ascending order by what they are looked up by: nothing that is asked often walks over the set."""
    track_views: dict[int, Any] = field(default_factory=dict, compare=False)
    """What the copilot's view says of a track, by track; forgotten when the track or a clip on it changes."""

    def apply(self, message: Message) -> bool:
        """Apply one of the script's `/roo/set/…` messages; returns False if it is not one of them.

        Raises WireError for notes or warp markers that are not whole records.
        """
        match message:
            case SongState():
                if self.song is None or self.song.tempo != message.tempo:
                    self.track_views.clear()
                self.song = message
            case TrackState():
                self.track_views.pop(message.id, None)
                self._file(message.id, self.tracks.get(message.id), message)
                self.tracks[message.id] = message
            case InstrumentState():
                self.instruments[message.track] = message
                self._forget_kit(message.track)
            case MixerState():
                self.mixers[message.track] = message
            case EqualiserState():
                self.equalisers[message.track] = message.settings
            case SceneState():
                if message != self.scenes.get(message.id):
                    self.track_views.clear()
                self._file(message.id, self.scenes.get(message.id), message)
                self.scenes[message.id] = message
            case ClipState():
                self._forget_view(message.id)
                self._file(message.id, self.clips.get(message.id), message)
                self.clips[message.id] = message
                self._forget_view(message.id)
                self._midi.pop(message.id, None)
            case ClipNotes():
                check_notes(message.notes)
                self.notes[message.clip] = message.notes
                self._forget_view(message.clip)
                self._midi.pop(message.clip, None)
            case ClipAudio():
                self._forget_view(message.clip)
                self._file(message.clip, self.audio.get(message.clip), message)
                self.audio[message.clip] = message
            case ClipWarp():
                self.warp[message.clip] = decode_warp_markers(message.markers)
                self._forget_view(message.clip)
            case Selection():
                self.selection = message
            case Gone():
                self._forget_kit(message.id)
                self._forget_view(message.id)
                if message.id in self.scenes:
                    self.track_views.clear()
                for table in self._tables():
                    self._file(message.id, table.pop(message.id, None), None)
            case SetReady():
                self.complete = True
            case _:
                return False
        return True

    def messages(self) -> tuple[Message, ...]:
        """Return the messages that make an empty mirror equal to this one, but for its captures."""
        return (
            *(() if self.song is None else (self.song,)),
            *self.tracks.values(),
            *self.instruments.values(),
            *self.mixers.values(),
            *(EqualiserState(track, settings) for track, settings in self.equalisers.items()),
            *self.scenes.values(),
            *self.clips.values(),
            *(ClipNotes(clip, notes) for clip, notes in self.notes.items()),
            *self.audio.values(),
            *(ClipWarp(clip, encode_warp_markers(markers)) for clip, markers in self.warp.items()),
            self.selection,
            *((SetReady(len(self.tracks) + len(self.scenes) + len(self.clips)),) if self.complete else ()),
        )

    def _tables(self) -> tuple[dict[int, Any], ...]:
        return (
            self.tracks,
            self.instruments,
            self.mixers,
            self.equalisers,
            self.scenes,
            self.clips,
            self.notes,
            self.audio,
            self.warp,
            self.captures,
            self._midi,
        )

    def _file(self, id: int, before: object, now: object) -> None:
        """Move the id of an object in the index from what it was found by to what it is found by now."""
        left, entered = _keys_of(before), _keys_of(now)
        for key in left - entered:
            rest = tuple(other for other in self._index[key] if other != id)
            if rest:
                self._index[key] = rest
            else:
                del self._index[key]
        for key in entered - left:
            # Tuples, because copies of a mirror share them.
            ids = self._index.get(key, ())
            place = bisect(ids, id)
            self._index[key] = (*ids[:place], id, *ids[place:])

    def _forget_kit(self, track: int) -> None:
        """Forget the drum rack of a track, and what its clips sound like with it."""
        self._kits.pop(track, None)
        self.track_views.pop(track, None)
        for clip in self._find("on", track):
            self._midi.pop(clip, None)

    def _forget_view(self, clip: int) -> None:
        """Forget what was said of the track that a clip is on."""
        if clip in self.clips:
            self.track_views.pop(self.clips[clip].track, None)

    def _find(self, *key: str | int) -> tuple[int, ...]:
        return self._index.get(key, ())

    def keep_capture(self, scene: int, part: ScenePart) -> None:
        """Add a captured part to a scene, in place of the one before."""
        if scene in self.scenes:
            self.captures[scene] = part

    def track_at(self, index: int) -> TrackState | None:
        """Return the regular track at an index in the set, or None."""
        return next((self.tracks[id] for id in self._find("track", index)), None)

    def tracks_named(self, kind: int, name: str) -> list[TrackState]:
        """Return the tracks of a kind and a name, from left to right."""
        return sorted((self.tracks[id] for id in self._find("named", kind, name)), key=lambda track: track.index)

    def scene_at(self, index: int) -> SceneState | None:
        """Return the scene at an index from the top, or None."""
        return next(iter(self.scenes_at(index)), None)

    def scenes_at(self, index: int) -> list[SceneState]:
        """Return the scenes at an index: more than one while the script reports that scenes have moved."""
        return [self.scenes[id] for id in self._find("scene", index)]

    def clips_in_scene(self, scene: int) -> list[ClipState]:
        """Return the clips in a scene, in the order of their tracks; 0 is the Arrangement."""
        if scene:
            row = [clip for clip in self._clips("in", scene) if clip.track in self.tracks]
        else:
            row = [clip for track in self.tracks for clip in self.clips_in_arrangement(track)]
        return sorted(row, key=lambda clip: (self.tracks[clip.track].index, clip.id))

    def is_scene_empty(self, scene: int) -> bool:
        """Whether no track has a clip in a scene."""
        return not self._find("in", scene)

    def clip_in_slot(self, track: int, scene: int) -> ClipState | None:
        """Return the clip in the slot of a track and a scene, or None."""
        return next(iter(self._clips("slot", track, scene)), None)

    def clips_on_track(self, track: int) -> list[ClipState]:
        """Return the clips of a track in the Session and the Arrangement."""
        return self._clips("on", track)

    def clips_in_arrangement(self, track: int) -> list[ClipState]:
        """Return the clips of a track in the Arrangement."""
        return self._clips("slot", track, 0)

    def playing_clips(self) -> list[ClipState]:
        """Return the clips that play."""
        return self._clips("playing")

    def clips_of_file(self, path: str) -> list[ClipState]:
        """Return the clips that play an audio file."""
        return [self.clips[id] for id in self._find("file", path) if id in self.clips]

    def _clips(self, *key: str | int) -> list[ClipState]:
        return [self.clips[id] for id in self._find(*key)]

    def kit_of(self, track: int) -> Mapping[str, int]:
        """Return the drums that a track's drum rack has on other notes than General MIDI, as pitches by voice."""
        if track not in self._kits:
            pads = pads_of(self.instruments.get(track))
            moved = match_pads(pads) if pads else {}
            self._kits[track] = {name: moved[voice.pitch] for name, voice in KIT.items() if voice.pitch in moved}
        return self._kits[track]

    def midi_clip(self, clip: int) -> Clip | None:
        """Return what plays of a MIDI clip (its loop, or from marker to marker), from beat 0; None for audio.

        Notes on the pads of a drum rack are General MIDI drums.
        """
        state = self.clips.get(clip)
        if state is None or state.is_audio or clip not in self.notes:
            return None
        if clip not in self._midi:
            self._midi[clip] = self.sounding(state, self.notes[clip])
        return self._midi[clip]

    def sounding(self, state: ClipState, notes: bytes) -> Clip:
        """Return what plays of some notes in a clip of this set, as `midi_clip` does of its own."""
        return _sounding(state, notes, drums_on_pads(self.kit_of(state.track)))

    def audio_region(self, clip: int) -> ClipRegion | None:
        """Return the region of an audio clip at the set's tempo; None for MIDI or an unknown file."""
        state, audio = self.clips.get(clip), self.audio.get(clip)
        if state is None or audio is None or self.song is None or not audio.file_path:
            return None
        return ClipRegion.of(state, audio, self.warp.get(clip, ()), self.song.tempo)


def _keys_of(state: object) -> set[_Key]:
    """Return what an object of a set is looked up by: where it is, its name, its file; nothing for other data."""
    keys: set[_Key] = set()
    match state:
        case TrackState(index=index, kind=kind, name=name):
            keys.add(("named", kind, name))
            if kind in REGULAR_TRACKS:
                keys.add(("track", index))
        case SceneState(index=index):
            keys.add(("scene", index))
        case ClipState(track=track, scene=scene, is_playing=is_playing):
            keys.update([("on", track), ("slot", track, scene)])
            if scene:
                keys.add(("in", scene))
            if is_playing:
                keys.add(("playing",))
        case ClipAudio(file_path=path):
            keys.add(("file", path))
    return keys


def pads_of(instrument: InstrumentState | None) -> dict[int, str]:
    """Return the names of a drum rack's filled pads by note; nothing for another instrument.

    >>> pads_of(InstrumentState(1, "My Kit", "DrumGroupDevice", ("38 0 Snare", "42 1 Closed Hat")))
    {38: 'Snare', 42: 'Closed Hat'}
    """
    split = [pad.split(" ", 2) for pad in (instrument.pads if instrument else ())]
    return {int(pad[0]): pad[2] for pad in split if len(pad) == 3 and pad[0].isdecimal() and int(pad[0]) < 128}


def missing_drums(mirror: SetMirror, track: int) -> tuple[str, ...]:
    """Return the names of drums in a track's clips for which its drum rack has no pad."""
    pads = pads_of(mirror.instruments.get(track))
    blobs = [mirror.notes[clip.id] for clip in mirror.clips_on_track(track) if clip.id in mirror.notes]
    pitches = {record.pitch for blob in blobs for record in decode_notes(blob)} - set(pads)
    voices = {voice.pitch: name for name, voice in KIT.items()}
    return tuple(voices.get(pitch, f"note {pitch}").replace("_", " ") for pitch in sorted(pitches)) if pads else ()


def _sounding(state: ClipState, blob: bytes, drums: Mapping[int, int]) -> Clip:
    """Return what plays of a clip's notes; `drums` are General MIDI's pitches for those that its kit has elsewhere."""
    first, last = (state.loop_start, state.loop_end) if state.looping else (state.start_marker, state.end_marker)
    length = min(max(last - first, SHORTEST), MAX_BEATS)
    notes = (_note(record, first, last, drums) for record in decode_notes(blob) if first <= record.start < last)
    sounding = (note for note in notes if note is not None and note.start < length)
    return Clip.of(state.name, length, sounding, Meter(state.numerator, state.denominator))


def _note(record: NoteRecord, first: float, last: float, drums: Mapping[int, int]) -> Note | None:
    """Return the part of a note between two positions; None for a muted or an invalid note."""
    if record.mute:
        return None
    try:
        return Note(
            record.start - first,
            drums.get(record.pitch, record.pitch),
            max(min(record.duration, last - record.start), SHORTEST),
            min(max(record.velocity, 1.0), 127.0),
            probability=record.probability,
            velocity_deviation=record.velocity_deviation,
            release_velocity=record.release_velocity,
        )
    except ParamError:
        return None
