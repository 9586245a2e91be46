"""A version's content as plain data: the set as MuseAroo sees it. Lists are in the order of the set.

Tracks, scenes and clips have a `uid` that stays the same from version to version, whatever ids Live hands out.
"""

from __future__ import annotations

import msgspec

from musearoo.bridge.protocol.codec import NoteRecord


class Entry(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A part of a tree. What has its default is left out, so that later fields change no older hash."""


class Song(Entry, frozen=True, kw_only=True):
    """The set itself. `scale_mode`: 1 when the scale is switched on, -1 where Live cannot tell."""

    name: str = ""
    tempo: float = 120.0
    numerator: int = 4
    denominator: int = 4
    root_note: int = 0
    scale_name: str = ""
    scale_mode: int = -1


class Mixer(Entry, frozen=True, kw_only=True):
    """A track's mixer: volume 0..1 (0.85 is 0 dB), panning -1..1, sends 0..1 in the order of the returns."""

    volume: float
    panning: float
    sends: tuple[float, ...] = ()


class Track(Entry, frozen=True, kw_only=True):
    """A track. `kind`: 0 MIDI, 1 audio, 2 group, 3 return, 4 master; `group` is the uid of its group track.

    `instrument`, `device` and `pads` as in /roo/set/instrument, `equaliser` as in /roo/set/equaliser.
    """

    uid: str
    kind: int
    name: str
    color: int = 0
    group: str = ""
    muted: bool = False
    soloed: bool = False
    armed: bool = False
    instrument: str = ""
    device: str = ""
    pads: tuple[str, ...] = ()
    mixer: Mixer | None = None
    equaliser: tuple[float, ...] = ()


class Scene(Entry, frozen=True, kw_only=True):
    """A scene."""

    uid: str
    name: str


class ClipSound(Entry, frozen=True, kw_only=True):
    """The file behind an audio clip, and how it plays it.

    `key` is that of its sound, "" where the file could not be kept: `problem` says why. `gain` on Live's own scale;
    `markers` as in /roo/set/warp.
    """

    key: str = ""
    problem: str = ""
    path: str = ""
    sample_rate: float = 0.0
    sample_length: float = 0.0
    warping: bool = True
    warp_mode: int = 0
    gain: float = 0.4
    markers: bytes = b""


class Recipe(Entry, frozen=True, kw_only=True):
    """What makes a clip again: the kind of request, its message as it was sent, and a hash of what the engine knew.

    `lean` names the engines that played with less effort, `version` is MuseAroo's.
    """

    kind: str
    name: str
    part: str = ""
    asked: bytes = b""
    style: str = ""
    seed: int = -1
    context: str = ""
    lean: str = ""
    version: str = ""


class Clip(Entry, frozen=True, kw_only=True):
    """A clip. `scene` is "" in the Arrangement; `notes` is the key of a MIDI clip's notes.

    Length, loop and markers are in beats, or in seconds for audio that is not warped.
    """

    uid: str
    track: str
    scene: str = ""
    start: float = 0.0
    name: str = ""
    color: int = 0
    length: float = 0.0
    looping: bool = False
    loop_start: float = 0.0
    loop_end: float = 0.0
    start_marker: float = 0.0
    end_marker: float = 0.0
    numerator: int = 4
    denominator: int = 4
    muted: bool = False
    notes: str = ""
    sound: ClipSound | None = None
    recipe: Recipe | None = None


class Tree(Entry, frozen=True, kw_only=True):
    """A whole set."""

    song: Song
    tracks: tuple[Track, ...] = ()
    scenes: tuple[Scene, ...] = ()
    clips: tuple[Clip, ...] = ()


class Notes(Entry, frozen=True, kw_only=True):
    """A MIDI clip's notes as Live has them, by pitch, then start: rows as NoteRecord, times in beats."""

    rows: tuple[NoteRecord, ...] = ()


class Commit(Entry, frozen=True, kw_only=True):
    """A version: its tree, what came before it, and what happened.

    `parents`: none for the first, several for a merge. `time` in Unix seconds. `kind`: "asked" for one that somebody
    kept, "made" after MuseAroo has written, "pause" after changes of the user's own, "merge", "back" for one brought
    back. `render` is the key of a sound, "" for none.
    """

    tree: str
    parents: tuple[str, ...] = ()
    message: str
    author: str = ""
    time: float
    kind: str = "asked"
    bpm: float = 0.0
    key: str = ""
    render: str = ""
