"""Sets and versions for tests: mirrors, trees, and histories by Hypothesis."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt
import soundfile
from hypothesis import strategies as st

from musearoo.bridge.live_set.mirror import AUDIO_TRACK, MIDI_TRACK, SetMirror
from musearoo.bridge.protocol import ClipAudio, ClipNotes, ClipState, SceneState, SetReady, SongState, TrackState
from musearoo.bridge.protocol.codec import NoteRecord, encode_notes
from musearoo.bridge.versions.objects import encode
from musearoo.bridge.versions.repository import Versions
from musearoo.bridge.versions.tree import Clip, Notes, Scene, Song, Track, Tree

NOW = 1_790_000_000.0


def note(start: float, pitch: int = 36, velocity: float = 100.0, duration: float = 0.25) -> NoteRecord:
    """A plain note."""
    return NoteRecord(pitch, 0, 1.0, velocity, 0.0, 64.0, start, duration)


def some_notes(*starts: float, pitch: int = 36, velocity: float = 100.0) -> Notes:
    """Notes of one pitch."""
    return Notes(rows=tuple(note(start, pitch, velocity) for start in starts))


class Shelf(dict[str, Notes]):
    """Notes by their keys."""

    def put(self, notes: Notes) -> str:
        """Add notes, and return their key."""
        key, _ = encode(notes)
        self[key] = notes
        return key


def a_clip(uid: str, notes: str, track: str = "bass", scene: str = "verse", **more: Any) -> Clip:
    """A MIDI clip of eight bars that loops."""
    about: dict[str, Any] = {"name": uid, "length": 32.0, "looping": True, "loop_end": 32.0, "end_marker": 32.0}
    return Clip(uid=uid, track=track, scene=scene, notes=notes, **{**about, **more})


def a_tree(*clips: Clip, tempo: float = 120.0) -> Tree:
    """A set of two tracks and two scenes."""
    return Tree(
        song=Song(tempo=tempo),
        tracks=(Track(uid="drums", kind=0, name="Drums"), Track(uid="bass", kind=0, name="Bass")),
        scenes=(Scene(uid="verse", name="Verse"), Scene(uid="break", name="Break")),
        clips=clips,
    )


def counting(prefix: str = "new") -> Callable[[], str]:
    """Return what makes uids in a row."""
    numbers = iter(range(1, 1_000_000))
    return lambda: f"{prefix}{next(numbers)}"


def a_mirror(*, tempo: float = 120.0, tracks: int = 2, scenes: int = 2, first_id: int = 1) -> SetMirror:
    """A set with MIDI tracks and an audio track behind them, its scenes, and no clip; ids from `first_id` on."""
    mirror = SetMirror()
    mirror.apply(SongState("Song", tempo, 4, 4, 2, "Minor", 1, 0))
    for number in range(tracks + 1):
        kind, name = (MIDI_TRACK, f"Track {number + 1}") if number < tracks else (AUDIO_TRACK, "Loops")
        mirror.apply(TrackState(first_id + number, number, kind, name, 0, 0, 0, 0, 0))
    for number in range(scenes):
        mirror.apply(SceneState(first_id + tracks + 1 + number, number, f"Scene {number + 1}"))
    mirror.apply(SetReady(tracks + 1 + scenes))
    return mirror


def put_clip(mirror: SetMirror, id: int, track: int, scene: int, rows: tuple[NoteRecord, ...], name: str = "") -> None:
    """Put a MIDI clip of one bar into a slot of a mirror, or change it; track and scene are indices."""
    column, row = mirror.track_at(track), mirror.scene_at(scene)
    assert column is not None
    assert row is not None
    mirror.apply(ClipState(id, column.id, row.id, 0.0, 0, name, 0, 4.0, 1, 0.0, 4.0, 0.0, 4.0, 4, 4, 0, 0))
    mirror.apply(ClipNotes(id, encode_notes(rows)))


def put_sound(mirror: SetMirror, id: int, scene: int, path: Path) -> None:
    """Put an audio clip into a slot of the audio track, which is the last."""
    column = max(mirror.tracks.values(), key=lambda track: track.index)
    row = mirror.scene_at(scene)
    assert row is not None
    facts = soundfile.info(path)
    mirror.apply(ClipState(id, column.id, row.id, 0.0, 1, path.stem, 0, 4.0, 1, 0.0, 4.0, 0.0, 4.0, 4, 4, 0, 0))
    mirror.apply(ClipAudio(id, str(path), float(facts.frames), float(facts.samplerate), 1, 4, 0.4))


def write_sound(path: Path, subtype: str = "PCM_24", seed: int = 0, frames: int = 9_000, channels: int = 2) -> Path:
    """Write noise as a sound file, and return its path."""
    samples = 0.3 * np.random.default_rng(seed).standard_normal((frames, channels))
    soundfile.write(path, samples.clip(-0.99, 0.99), 48_000, subtype=subtype)
    return path


def read_samples(path: Path, dtype: str = "int32") -> npt.NDArray[np.generic]:
    """Return a file's samples as they are."""
    samples: npt.NDArray[np.generic] = soundfile.read(path, dtype=dtype, always_2d=True)[0]
    return samples


def versions_in(folder: Path) -> Versions:
    """Return a home of versions in a folder of a test."""
    return Versions(folder / "versions")


def random_edit(tree: Tree, shelf: Shelf, rng: random.Random) -> Tree:
    """Return a set with one typical change."""
    clips = list(tree.clips)
    kind = rng.choice(["notes", "new", "gone", "name", "tempo", "mute"]) if clips else "new"
    at = rng.randrange(len(clips)) if clips else 0
    if kind == "new":
        free = [
            (track.uid, scene.uid)
            for track in tree.tracks
            for scene in tree.scenes
            if (track.uid, scene.uid) not in {(clip.track, clip.scene) for clip in clips}
        ]
        if free:
            track, scene = rng.choice(free)
            notes = shelf.put(some_notes(*(rng.randrange(64) / 2 for _ in range(6)), pitch=rng.randrange(30, 60)))
            clips.append(a_clip(f"c{rng.getrandbits(40):x}", notes, track, scene))
    elif kind == "gone":
        del clips[at]
    elif kind == "tempo":
        return msgspec.structs.replace(tree, song=Song(tempo=float(rng.randrange(60, 180))))
    else:
        changes: dict[str, dict[str, Any]] = {
            "notes": {"notes": shelf.put(some_notes(*(rng.randrange(64) / 2 for _ in range(6))))},
            "name": {"name": f"n{rng.randrange(99)}"},
            "mute": {"muted": not clips[at].muted},
        }
        clips[at] = msgspec.structs.replace(clips[at], **changes[kind])
    return msgspec.structs.replace(tree, clips=tuple(clips))


seeds = st.integers(0, 2**32)
"""Seeds of random edits."""
