"""Bring a version back next to what is in the set: the edits of one transaction, and what cannot come back. Pure.

Nothing of the user's is replaced: clips go into new scenes, a whole track onto a new one. Only "mix" changes what is
there, faders and switches, which one Undo takes back.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from musearoo.bridge.live_set.mirror import AUDIO_TRACK, MASTER_TRACK, MIDI_TRACK, RETURN_TRACK, SHORTEST, SetMirror
from musearoo.bridge.live_set.writer import THIS_OR_NEXT_EMPTY, THIS_SLOT_ONLY
from musearoo.bridge.protocol import (
    LONGEST_NAME,
    MOST_WARP_MARKERS,
    CreateArrangementAudioClip,
    CreateArrangementClip,
    CreateAudioClip,
    CreateClip,
    CreateScene,
    CreateTrack,
    Edit,
    LoadInstrument,
    MuteClip,
    SetLoop,
    SetMixer,
    SetSend,
    SetWarpMarkers,
)
from musearoo.bridge.protocol.codec import decode_warp_markers, encode_notes, encode_warp_markers
from musearoo.bridge.text.bounded import cut_text
from musearoo.bridge.versions.blobs import VersionsError
from musearoo.bridge.versions.telling import key_name
from musearoo.bridge.versions.tree import Clip, ClipSound, Notes, Scene, Track, Tree
from musearoo.engines.foundation.spoken_lists import join_names

USUAL_GAIN: Final = 0.4
MOST_NAMED: Final = 3
HIDDEN: Final = 1
"""The last warp marker is Live's own: it only tells the tempo behind the one before."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of a version is wanted: one of VERSION_PARTS, and which scene, track or clip.

    `which` is its name, or its number from 1; for a clip its name, or "track, scene".
    """

    part: str = "all"
    which: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """The edits, and sentences about what is not as it was. `clips` says how many clips come back."""

    edits: tuple[Edit, ...]
    notices: tuple[str, ...]
    clips: int


def choose_clips(tree: Tree, wanted: Wanted, now: Tree) -> tuple[Clip, ...]:
    """Return the clips of a version that are wanted; of all, those in scenes that are not as they were.

    `now` is the set as it is. Raises VersionsError if the version has no such scene, track or clip, or nothing differs.
    """
    match wanted.part:
        case "scene":
            scene = _find(tree.scenes, wanted.which, "scene")
            clips = tuple(clip for clip in tree.clips if clip.scene == scene.uid)
            what = f"Scene “{scene.name or wanted.which}”"
        case "track":
            track = _find(
                [track for track in tree.tracks if track.kind in (MIDI_TRACK, AUDIO_TRACK)], wanted.which, "track"
            )
            clips = tuple(clip for clip in tree.clips if clip.track == track.uid)
            what = f"Track “{track.name}”"
        case "clip":
            return (_find_clip(tree, wanted.which),)
        case "mix":
            return ()
        case _:
            same = _rows(now)
            rows = _rows(tree)
            clips = tuple(clip for clip in tree.clips if rows[clip.scene] != same.get(clip.scene))
            if not clips:
                raise VersionsError("The set's clips are as they were in that version: there is nothing to bring back.")
            return clips
    if not clips:
        raise VersionsError(f"{what} had no clips in that version.")
    return clips


def plan_back(
    tree: Tree,
    wanted: Wanted,
    clips: Sequence[Clip],
    mirror: SetMirror,
    ids: Mapping[str, int],
    label: str,
    read_notes: Callable[[str], Notes],
    files: Mapping[str, str],
) -> Plan:
    """Return the edits that bring back `clips` of a version, as `choose_clips` chose them, or its mix.

    `ids` are Live's ids by uid, `label` names the version, `files` are the paths of sounds by key. Raises VersionsError
    if nothing can be brought back.
    """
    if wanted.part == "mix":
        return _plan_mix(tree, mirror, ids)
    return _Planner(tree, wanted, mirror, ids, label, read_notes, files).plan(clips)


def tell_limits(tree: Tree, clips: Sequence[Clip] | None = None) -> tuple[str, ...]:
    """Return what of a version cannot be brought back: sentences about some of its clips, all unless given."""
    chosen = tree.clips if clips is None else clips
    tracks = {clip.track for clip in chosen}
    instruments = [track.instrument for track in tree.tracks if track.uid in tracks and track.instrument]
    lost = {
        clip.name or clip.sound.path: clip.sound.problem
        for clip in chosen
        if clip.sound is not None and not clip.sound.key
    }
    said = [f"The sound of “{name}” was not kept: {problem}" for name, problem in lost.items()]
    if instruments:
        said.append(
            f"Of devices ({_list(instruments)}) only the names were kept: a new track gets them as Live has them, "
            "and what third-party plug-ins were set to is not there."
        )
    return tuple(said)


def _rows(tree: Tree) -> Mapping[str, frozenset[Clip]]:
    """Return the clips of each scene, by its uid, "" for the Arrangement."""
    rows: dict[str, set[Clip]] = {}
    for clip in tree.clips:
        rows.setdefault(clip.scene, set()).add(clip)
    return {scene: frozenset(clips) for scene, clips in rows.items()}


def _find(items: Sequence[Scene] | Sequence[Track], which: str, what: str) -> Scene | Track:
    wanted = which.strip().casefold()
    if wanted.isdecimal() and 0 < int(wanted) <= len(items):
        return items[int(wanted) - 1]
    for matches in (str.__eq__, str.startswith, str.__contains__):
        for item in items:
            if wanted and matches(item.name.casefold(), wanted):
                return item
    named = join_names([f"“{item.name}”" for item in items if item.name][:8])
    raise VersionsError(f"That version has no {what} “{which}”: it has {named or f'{len(items)} without a name'}.")


def _find_clip(tree: Tree, which: str) -> Clip:
    tracks, scenes = {track.uid: track for track in tree.tracks}, {scene.uid: scene for scene in tree.scenes}
    track_name, _, scene_name = which.rpartition(",")
    if track_name:
        track, scene = _find(tree.tracks, track_name, "track"), _find(tree.scenes, scene_name, "scene")
        found = [clip for clip in tree.clips if (clip.track, clip.scene) == (track.uid, scene.uid)]
    else:
        wanted = which.strip().casefold()
        found = [clip for clip in tree.clips if wanted and wanted in clip.name.casefold()]
        found.sort(key=lambda clip: clip.name.casefold() != wanted)
    if not found:
        raise VersionsError(f"That version has no clip “{which}”: name it, or its track and its scene with a comma.")
    alike = [clip for clip in found if clip.name.casefold() == found[0].name.casefold()]
    if len(alike) > 1:
        places = join_names(
            [f"“{tracks[clip.track].name}, {scenes[clip.scene].name if clip.scene else ''}”" for clip in alike[:4]]
        )
        raise VersionsError(f"That version has {len(alike)} clips “{found[0].name}”: say which, such as {places}.")
    return found[0]


@dataclass(slots=True)
class _Planner:
    """The edits so far, and what later edits refer to by -number."""

    tree: Tree
    wanted: Wanted
    mirror: SetMirror
    ids: Mapping[str, int]
    label: str
    read_notes: Callable[[str], Notes]
    files: Mapping[str, str]
    edits: list[Edit] = field(default_factory=list)
    tracks: dict[str, int] = field(default_factory=dict)
    scenes: dict[str, int] = field(default_factory=dict)
    lost: list[str] = field(default_factory=list)
    loud: list[str] = field(default_factory=list)
    ended: list[str] = field(default_factory=list)
    loaded: list[str] = field(default_factory=list)
    count: int = 0

    def plan(self, clips: Sequence[Clip]) -> Plan:
        for clip in clips:
            if clip.scene:
                self._put(clip)
        arranged = [clip for clip in clips if not clip.scene]
        if arranged:
            # New tracks: there, no other clip is in the way.
            self.tracks.clear()
            for clip in arranged:
                self._put(clip)
        if not self.count:
            raise VersionsError(" ".join(self._notices()) or "There is nothing to bring back.")
        return Plan(tuple(self.edits), tuple(self._notices()), self.count)

    def _put(self, clip: Clip) -> None:
        path = ""
        if clip.sound is not None:
            path = self.files.get(clip.sound.key, "")
            if not path:
                self.lost.append(clip.name or clip.sound.path or "a clip")
                return
        track = self._track(clip)
        color = clip.color
        if not clip.scene:
            self._arrange(clip, track, path)
        else:
            scene, where = self._scene(clip)
            if clip.sound is None:
                self.edits.append(
                    CreateClip(
                        track=track,
                        scene=scene,
                        where=where,
                        length=max(clip.loop_end, clip.end_marker, SHORTEST),
                        name=clip.name,
                        color=color,
                        looping=int(clip.looping),
                        numerator=clip.numerator,
                        denominator=clip.denominator,
                        notes=encode_notes(self.read_notes(clip.notes).rows),
                    )
                )
            else:
                sound = clip.sound
                self.edits.append(
                    CreateAudioClip(
                        track,
                        scene,
                        where,
                        path,
                        clip.name,
                        color,
                        int(sound.warping),
                        sound.warp_mode,
                        int(clip.looping),
                    )
                )
            self._finish(clip, -len(self.edits))
        self.count += 1

    def _arrange(self, clip: Clip, track: int, path: str) -> None:
        if clip.sound is None:
            notes = encode_notes(self.read_notes(clip.notes).rows)
            self.edits.append(
                CreateArrangementClip(track, clip.start, max(clip.length, SHORTEST), clip.name, clip.color, notes)
            )
            return
        sound = clip.sound
        self.edits.append(
            CreateArrangementAudioClip(
                track, clip.start, path, clip.name, clip.color, int(sound.warping), sound.warp_mode
            )
        )
        self._warp(sound, -len(self.edits))

    def _finish(self, clip: Clip, made: int) -> None:
        """Give a new clip its markers, loop and switch."""
        if clip.sound is not None:
            self._warp(clip.sound, made)
            if clip.sound.gain != USUAL_GAIN:
                self.loud.append(clip.name)
        first, last = (clip.loop_start, clip.loop_end) if clip.looping else (clip.start_marker, clip.end_marker)
        start = clip.start_marker if clip.looping else first
        if first < last and start < last:
            self.edits.append(SetLoop(made, int(clip.looping), first, last, start))
            if clip.looping and clip.end_marker != last:
                self.ended.append(clip.name)
        if clip.muted:
            self.edits.append(MuteClip(made, 1))

    def _warp(self, sound: ClipSound, made: int) -> None:
        markers = decode_warp_markers(sound.markers)[:-HIDDEN]
        if sound.warping and 2 <= len(markers) <= MOST_WARP_MARKERS:
            self.edits.append(SetWarpMarkers(made, encode_warp_markers(markers)))

    def _scene(self, clip: Clip) -> tuple[int, int]:
        """Return the scene for a clip, and what may be done where its slot is full."""
        there = self.ids.get(clip.scene, 0)
        if self.wanted.part == "clip" and there in self.mirror.scenes:
            return there, THIS_OR_NEXT_EMPTY
        if self.wanted.part == "track" and there in self.mirror.scenes:
            return there, THIS_SLOT_ONLY
        if clip.scene not in self.scenes:
            names = {scene.uid: scene.name for scene in self.tree.scenes}
            self.edits.append(CreateScene(0, self._labelled(names.get(clip.scene, ""))))
            self.scenes[clip.scene] = -len(self.edits)
        return self.scenes[clip.scene], THIS_SLOT_ONLY

    def _track(self, clip: Clip) -> int:
        """Return the track for a clip: its own if it is there, else a new one."""
        kind = MIDI_TRACK if clip.sound is None else AUDIO_TRACK
        there = self.mirror.tracks.get(self.ids.get(clip.track, 0))
        if there is not None and there.kind == kind and clip.scene and self.wanted.part != "track":
            return there.id
        if clip.track not in self.tracks:
            track = next((track for track in self.tree.tracks if track.uid == clip.track), None)
            name = track.name if track is not None else "Track"
            self.edits.append(CreateTrack(kind, 0, self._labelled(name), track.color if track is not None else 0))
            self.tracks[clip.track] = -len(self.edits)
            if track is not None and track.instrument:
                # An instrument of the track that is there sounds as it did; else Live's own of that name.
                self.edits.append(
                    LoadInstrument(-len(self.edits), there.id if there is not None else 0, 0, (track.instrument,))
                )
                self.loaded.append(track.instrument)
        return self.tracks[clip.track]

    def _labelled(self, name: str) -> str:
        return cut_text(name, LONGEST_NAME, f" ({self.label})") if name else cut_text(self.label, LONGEST_NAME)

    def _notices(self) -> list[str]:
        said = []
        if self.lost:
            said.append(f"Not there, for the sound was not kept or is lost: {_list(self.lost)}.")
        if self.loaded:
            said.append(f"Devices come as Live has them, not as they were set: {_list(self.loaded)}.")
        if self.loud:
            said.append(f"Gains of clips cannot be set by a script: {_list(self.loud)}.")
        if self.ended:
            said.append(f"The end marker is where the loop ends: {_list(self.ended)}.")
        song, now = self.tree.song, self.mirror.song
        if now is not None and self.wanted.part in ("all", "scene") and song.tempo != now.tempo:
            said.append(f"The tempo was {song.tempo:g} BPM then; the set stays at {now.tempo:g}.")
        if now is not None and self.wanted.part in ("all", "scene") and (key := key_name(song)):
            scale = (song.root_note, song.scale_name)
            if scale != (now.root_note, now.scale_name):
                said.append(f"The key was {key} then; the set keeps its own.")
        return said


def _plan_mix(tree: Tree, mirror: SetMirror, ids: Mapping[str, int]) -> Plan:
    """Return the edits that set faders, panning, sends and switches as they were, where they differ."""
    edits: list[Edit] = []
    gone: list[str] = []
    returns = [track.uid for track in tree.tracks if track.kind == RETURN_TRACK]
    returns_now = sorted((t for t in mirror.tracks.values() if t.kind == RETURN_TRACK), key=lambda t: t.index)
    place = {track.id: number for number, track in enumerate(returns_now)}
    held: list[str] = []
    for track in tree.tracks:
        there = mirror.tracks.get(ids.get(track.uid, 0))
        if there is None:
            gone.append(track.name)
            continue
        mixer = mirror.mixers.get(there.id)
        if mixer is None or track.mixer is None:
            continue
        if mixer.held:
            held.append(there.name)
        for control, then, now in (
            ("volume", track.mixer.volume, mixer.volume),
            ("panning", track.mixer.panning, mixer.panning),
        ):
            if then != now and control not in mixer.held.split(","):
                edits.append(SetMixer(there.id, control, then))
        if there.kind != MASTER_TRACK:
            for control, was, state in (("mute", track.muted, there.muted), ("solo", track.soloed, there.soloed)):
                if was != bool(state):
                    edits.append(SetMixer(there.id, control, float(was)))
        for uid, then in zip(returns, track.mixer.sends, strict=False):
            number = place.get(ids.get(uid, 0), -1)
            if 0 <= number < len(mixer.sends) and mixer.sends[number] != then and "sends" not in mixer.held.split(","):
                edits.append(SetSend(there.id, number, then))
    notices = [
        *([f"Tracks of that version that are gone: {_list(gone)}."] if gone else []),
        *([f"Automated, and so left as it is: {_list(held)}."] if held else []),
        "Devices keep their settings: only faders, panning, sends, mute and solo come back.",
    ]
    if not edits:
        raise VersionsError("The mix is as it was in that version.")
    return Plan(tuple(edits), tuple(notices), 0)


def _list(names: Sequence[str]) -> str:
    """Return the first of some names, and how many more.

    >>> _list(["a", "b", "b", "c", "d"])
    '“a”, “b”, “c” and 1 more'
    """
    each = list(dict.fromkeys(names))
    rest = len(each) - MOST_NAMED
    shown = [f"“{name}”" for name in each[:MOST_NAMED]]
    return join_names([*shown, f"{rest} more"]) if rest > 0 else join_names(shown)
