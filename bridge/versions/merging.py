"""Merge two versions that came from the same one: by item, never by text. Pure.

What one side has changed is taken, field by field. Where both have changed the music of a clip, both are kept: theirs
in a scene of its own, named. Where both have changed anything else, ours stays, and a sentence says so. What one side
has deleted and the other one changed stays.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar

import msgspec

from musearoo.bridge.versions.tree import Clip, Scene, Song, Track, Tree

PLACE: Final = ("track", "scene", "start")
LOOKS: Final = ("name", "color", "muted")
MUSIC: Final = tuple(name for name in Clip.__struct_fields__ if name not in (*PLACE, *LOOKS, "uid", "recipe"))
"""The fields of a clip that make one piece of music together: notes fit their loop."""

Item = TypeVar("Item", Track, Scene, Clip)
Whole = TypeVar("Whole", Song, Track, Scene, Clip)


@dataclass(frozen=True, slots=True)
class Merged:
    """A merged tree, and a sentence for each thing that both sides had changed."""

    tree: Tree
    sentences: tuple[str, ...]


def merge(base: Tree, ours: Tree, theirs: Tree, their_name: str, new_uid: Callable[[], str]) -> Merged:
    """Return both versions as one. `their_name` names what of theirs is kept next to ours, such as a branch."""
    said: list[str] = []
    song = _merge_fields(base.song, ours.song, theirs.song, Song.__struct_fields__, "the set", said)
    clips, beside = _Clips(base, ours, theirs, their_name, new_uid, said).merge()
    scenes = _merge_items(base.scenes, ours.scenes, theirs.scenes, {clip.scene for clip in clips}, "scene", said)
    groups = {track.uid: track.group for tree in (theirs, ours) for track in tree.tracks}
    needed = {clip.track for clip in clips}
    while more := {groups.get(track, "") for track in needed} - needed:
        needed |= more
    tracks = _merge_items(base.tracks, ours.tracks, theirs.tracks, needed, "track", said)
    tree = Tree(song=song, tracks=tuple(tracks), scenes=(*scenes, *beside), clips=tuple(clips))
    return Merged(_in_order(tree), tuple(dict.fromkeys(said)))


def _in_order(tree: Tree) -> Tree:
    """Return a tree with its clips in the order of tracks and scenes."""
    uids = [*(track.uid for track in tree.tracks), *(scene.uid for scene in tree.scenes)]
    order = {uid: place for place, uid in enumerate(uids)}
    clips = sorted(
        tree.clips, key=lambda clip: (order.get(clip.track, -1), order.get(clip.scene, -1), clip.start, clip.uid)
    )
    return msgspec.structs.replace(tree, clips=tuple(clips))


def _merge_fields(base: Whole, ours: Whole, theirs: Whole, fields: Iterable[str], what: str, said: list[str]) -> Whole:
    """Return an item with each field as the side has it that changed it; ours, and a sentence, where both did."""
    changed: dict[str, Any] = {}
    for name in fields:
        before, mine, other = (getattr(each, name) for each in (base, ours, theirs))
        if other in (before, mine):
            continue
        if mine == before:
            changed[name] = other
        else:
            said.append(f"Both changed the {name.replace('_', ' ')} of {what}: ours stays.")
    return msgspec.structs.replace(ours, **changed) if changed else ours


def _merge_items(
    base: Sequence[Item], ours: Sequence[Item], theirs: Sequence[Item], needed: set[str], what: str, said: list[str]
) -> list[Item]:
    """Return tracks or scenes of both sides: ours in their order, theirs each after the one that it stood behind.

    What one side has deleted is gone, unless a clip needs it or the other side has changed it.
    """
    before, mine, other = ({item.uid: item for item in each} for each in (base, ours, theirs))
    merged: list[Item] = []
    for uid, item in mine.items():
        if uid in other:
            old = before.get(uid, item)
            fields = [name for name in type(item).__struct_fields__ if name != "uid"]
            merged.append(_merge_fields(old, item, other[uid], fields, f"the {what} “{item.name}”", said))
        elif uid not in before or before[uid] != item or uid in needed:
            merged.append(item)
    places = {item.uid: place for place, item in enumerate(merged)}
    behind = -1
    for uid, item in other.items():
        if uid in places:
            behind = places[uid]
        elif uid not in before or (uid not in mine and (before[uid] != item or uid in needed)):
            behind += 1
            merged.insert(behind, item)
            places = {each.uid: place for place, each in enumerate(merged)}
    return merged


class _Clips:
    """The clips of both sides, each in a slot that no other has."""

    def __init__(
        self, base: Tree, ours: Tree, theirs: Tree, their_name: str, new_uid: Callable[[], str], said: list[str]
    ) -> None:
        self._base, self._ours, self._theirs = (
            {clip.uid: clip for clip in tree.clips} for tree in (base, ours, theirs)
        )
        self._tracks = {track.uid: track.name for tree in (base, theirs, ours) for track in tree.tracks}
        self._scenes = {scene.uid: scene.name for tree in (base, theirs, ours) for scene in tree.scenes}
        self._their_name, self._new_uid, self._said = their_name, new_uid, said
        self._beside: dict[str, Scene] = {}

    def merge(self) -> tuple[list[Clip], list[Scene]]:
        """Return the clips, and the scenes that were made for those of theirs that are kept next to ours."""
        merged: list[Clip] = []
        extra: list[Clip] = []
        for uid in dict.fromkeys((*self._ours, *self._theirs)):
            before, mine, other = (clips.get(uid) for clips in (self._base, self._ours, self._theirs))
            if mine is not None and other is not None:
                merged.append(self._join(before, mine, other, extra))
            elif (clip := mine or other) is not None and (before is None or before != clip):
                if before is not None:
                    self._said.append(f"{self._name(clip)} was deleted on one side and changed on the other: it stays.")
                merged.append(clip)
        taken: set[tuple[object, ...]] = set()
        kept: list[Clip] = []
        # Ours first: theirs give way.
        for clip in sorted(merged, key=lambda clip: clip.uid not in self._ours):
            if _slot(clip) in taken:
                self._said.append(
                    f"Both have a clip of their own at {self._name(clip)}: theirs has a scene of its own."
                )
                extra.append(clip)
            else:
                taken.add(_slot(clip))
                kept.append(clip)
        kept += [self._put_beside(clip, taken) for clip in extra]
        return kept, list(self._beside.values())

    def _join(self, before: Clip | None, mine: Clip, other: Clip, extra: list[Clip]) -> Clip:
        """Return a clip of both sides; where both have changed its music, theirs is added to `extra`."""
        name = self._name(mine)
        old = before or mine
        joined = _merge_fields(old, mine, other, (*LOOKS, "recipe"), name, self._said if before else [])
        if _values(old, PLACE) == _values(mine, PLACE):
            joined = msgspec.structs.replace(joined, **_values(other, PLACE))
        theirs = _values(other, MUSIC)
        if theirs in (_values(old, MUSIC), _values(mine, MUSIC)):
            return joined
        if _values(mine, MUSIC) == _values(old, MUSIC):
            return msgspec.structs.replace(joined, **theirs, recipe=other.recipe)
        self._said.append(f"Both changed {name}: theirs has a scene of its own.")
        extra.append(msgspec.structs.replace(other, uid=self._new_uid()))
        return msgspec.structs.replace(joined, recipe=mine.recipe)

    def _put_beside(self, clip: Clip, taken: set[tuple[object, ...]]) -> Clip:
        """Return a clip in a scene of its own, next to the one that has its slot."""
        # A clip of the Arrangement goes to the Session: there it takes no other's place.
        of = clip.scene
        while True:
            if of not in self._beside:
                title = self._scenes.get(clip.scene) or ("Scene" if clip.scene else "Arrangement")
                self._beside[of] = Scene(uid=self._new_uid(), name=f"{title} ({self._their_name})")
            moved = msgspec.structs.replace(clip, scene=self._beside[of].uid, start=0.0)
            if _slot(moved) not in taken:
                taken.add(_slot(moved))
                return msgspec.structs.replace(moved, name=f"{clip.name or 'Clip'} ({self._their_name})")
            of += "+"

    def _name(self, clip: Clip) -> str:
        track = self._tracks.get(clip.track, "a track")
        where = (self._scenes.get(clip.scene) or "a scene") if clip.scene else f"beat {clip.start:g}"
        return f"“{track}” in {where}" if clip.scene else f"“{track}” at {where}"


def _slot(clip: Clip) -> tuple[object, ...]:
    return clip.track, clip.scene, clip.start


def _values(clip: Clip, names: Sequence[str]) -> Mapping[str, Any]:
    return {name: getattr(clip, name) for name in names}
