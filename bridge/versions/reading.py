"""Read a version out of the mirror of a set. Pure: notes are objects to store, sounds are still files.

Live's ids last as long as its set is open. So that a clip stays the same clip from version to version, it is recognised
by its id while the set is open, and by its place, name and content in the version before when the set is opened again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from musearoo.bridge.live_set.mirror import REGULAR_TRACKS, SetMirror
from musearoo.bridge.protocol import ClipState, InstrumentState, SongState, TrackState
from musearoo.bridge.protocol.codec import decode_notes, encode_warp_markers
from musearoo.bridge.versions.objects import encode
from musearoo.bridge.versions.tree import Clip, ClipSound, Mixer, Notes, Recipe, Scene, Song, Track, Tree

EMPTY: Final = Tree(song=Song())
MIDI: Final = 0

Item = TypeVar("Item", Track, Scene, Clip)


@dataclass(frozen=True, slots=True)
class Reading:
    """A set that was read: its tree, the notes that its clips name by key, and the uids by Live's ids."""

    tree: Tree
    notes: Mapping[str, Notes]
    uids: Mapping[int, str]


def read_set(
    mirror: SetMirror,
    before: Tree,
    uids: Mapping[int, str],
    recipes: Mapping[int, Recipe],
    new_uid: Callable[[], str],
) -> Reading:
    """Return the content of a set. `before` is the version before it, EMPTY for none.

    `uids` are those of the reading before while the same set is open, else empty. `recipes` are what made clips, by
    Live's ids; a clip without one keeps that of the version before.
    """
    song = mirror.song or SongState("", 120.0, 4, 4, 0, "", -1, 0)
    found: dict[int, str] = {}
    tracks = sorted(mirror.tracks.values(), key=_place_of_track)
    track_items = {state.id: _read_track(mirror, state) for state in tracks}
    found |= _recognise(track_items, before.tracks, uids, _TRACK_CLUES, new_uid)
    scene_items = {
        state.id: Scene(uid="", name=state.name)
        for state in sorted(mirror.scenes.values(), key=lambda each: each.index)
    }
    found |= _recognise(scene_items, before.scenes, uids, _SCENE_CLUES, new_uid)

    order = {id: place for place, id in enumerate((*track_items, *scene_items))}
    states = [clip for clip in mirror.clips.values() if clip.track in track_items and clip.scene in {0, *scene_items}]
    states.sort(key=lambda clip: (order[clip.track], order.get(clip.scene, -1), clip.start, clip.id))
    notes: dict[str, Notes] = {}
    clip_items = {state.id: _read_clip(mirror, state, found, notes) for state in states}
    found |= _recognise(clip_items, before.clips, uids, _CLIP_CLUES, new_uid)

    kept = {clip.uid: clip.recipe for clip in before.clips}
    tree = Tree(
        song=_read_song(song),
        tracks=tuple(
            _with(item, uid=found[id], group=found.get(mirror.tracks[id].group, "")) for id, item in track_items.items()
        ),
        scenes=tuple(_with(item, uid=found[id]) for id, item in scene_items.items()),
        clips=tuple(
            _with(item, uid=found[id], recipe=recipes.get(id, kept.get(found[id]))) for id, item in clip_items.items()
        ),
    )
    return Reading(tree, notes, found)


def _with(item: Item, **values: object) -> Item:
    return type(item)(**{name: getattr(item, name) for name in item.__struct_fields__} | values)


def _place_of_track(track: TrackState) -> tuple[int, int]:
    return (0 if track.kind in REGULAR_TRACKS else track.kind, track.index)


_Clue = Callable[[int, Item, int, Item], bool]
"""Whether an item at a place may be an earlier one at its place."""

_TRACK_CLUES: Final[Sequence[_Clue[Track]]] = (
    lambda place, now, earlier, before: (now.kind, now.name, place) == (before.kind, before.name, earlier),
    lambda _, now, __, before: (now.kind, now.name) == (before.kind, before.name),
    lambda place, now, earlier, before: (now.kind, place) == (before.kind, earlier),
)
_SCENE_CLUES: Final[Sequence[_Clue[Scene]]] = (
    lambda place, now, earlier, before: (now.name, place) == (before.name, earlier),
    lambda _, now, __, before: bool(now.name) and now.name == before.name,
    lambda place, _, earlier, __: place == earlier,
)
_CLIP_CLUES: Final[Sequence[_Clue[Clip]]] = (
    lambda _, now, __, before: (*_slot(now), *_content(now)) == (*_slot(before), *_content(before)),
    lambda _, now, __, before: _slot(now) == _slot(before),
    lambda _, now, __, before: (now.track, *_content(now)) == (before.track, *_content(before)),
)


def _slot(clip: Clip) -> tuple[object, ...]:
    return clip.track, clip.scene, clip.start, clip.sound is None


def _content(clip: Clip) -> tuple[object, ...]:
    return clip.name, clip.notes, clip.sound.path if clip.sound is not None else ""


def _recognise(
    items: Mapping[int, Item],
    before: Sequence[Item],
    uids: Mapping[int, str],
    clues: Sequence[_Clue[Item]],
    new_uid: Callable[[], str],
) -> dict[int, str]:
    """Return the uids of items by Live's ids: known ones, else those of the earlier items that the clues point to."""
    found = {id: uids[id] for id in items if id in uids}
    if not uids:
        rest = dict(enumerate(before))
        for clue in clues:
            for place, (id, item) in enumerate(items.items()):
                if id in found:
                    continue
                earlier = next((at for at, old in rest.items() if clue(place, item, at, old)), None)
                if earlier is not None:
                    found[id] = rest.pop(earlier).uid
    return {id: found.get(id) or new_uid() for id in items}


def _read_song(song: SongState) -> Song:
    return Song(
        name=song.name,
        tempo=float(song.tempo),
        numerator=song.numerator,
        denominator=song.denominator,
        root_note=song.root_note,
        scale_name=song.scale_name,
        scale_mode=song.scale_mode,
    )


def _read_track(mirror: SetMirror, track: TrackState) -> Track:
    mixer = mirror.mixers.get(track.id)
    instrument = mirror.instruments.get(track.id, InstrumentState(track.id, "", "", ()))
    return Track(
        uid="",
        kind=track.kind,
        name=track.name,
        color=track.color,
        muted=bool(track.muted),
        soloed=bool(track.soloed),
        armed=bool(track.armed),
        instrument=instrument.name,
        device=instrument.device,
        pads=instrument.pads,
        mixer=None
        if mixer is None
        else Mixer(
            volume=float(mixer.volume), panning=float(mixer.panning), sends=tuple(float(each) for each in mixer.sends)
        ),
        equaliser=tuple(float(each) for each in mirror.equalisers.get(track.id, ())),
    )


def _read_clip(mirror: SetMirror, clip: ClipState, found: Mapping[int, str], notes: dict[str, Notes]) -> Clip:
    key = ""
    if not clip.is_audio:
        content = Notes(rows=decode_notes(mirror.notes.get(clip.id, b"")))
        key, _ = encode(content)
        notes[key] = content
    return Clip(
        uid="",
        track=found[clip.track],
        scene=found.get(clip.scene, ""),
        start=float(clip.start),
        name=clip.name,
        color=clip.color,
        length=float(clip.length),
        looping=bool(clip.looping),
        loop_start=float(clip.loop_start),
        loop_end=float(clip.loop_end),
        start_marker=float(clip.start_marker),
        end_marker=float(clip.end_marker),
        numerator=clip.numerator,
        denominator=clip.denominator,
        muted=bool(clip.muted),
        notes=key,
        sound=_read_sound(mirror, clip.id) if clip.is_audio else None,
    )


def _read_sound(mirror: SetMirror, clip: int) -> ClipSound:
    audio = mirror.audio.get(clip)
    if audio is None:
        return ClipSound(problem="Live has not told its file.")
    return ClipSound(
        path=audio.file_path,
        sample_rate=float(audio.sample_rate),
        sample_length=float(audio.sample_length),
        warping=bool(audio.warping),
        warp_mode=audio.warp_mode,
        gain=float(audio.gain),
        markers=encode_warp_markers(mirror.warp.get(clip, ())),
    )
