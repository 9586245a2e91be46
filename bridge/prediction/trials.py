"""A set as it will be once a take that is heard in Live is dropped: that is the set of the next take. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from copy import copy
from dataclasses import dataclass, field, fields, replace
from typing import NamedTuple

from musearoo.bridge.core.composing import Basis
from musearoo.bridge.live_set.mirror import REGULAR_TRACKS, SetMirror
from musearoo.bridge.protocol import (
    ClipNotes,
    ClipState,
    CreateClip,
    Gone,
    InstrumentState,
    LoadInstrument,
    ReplaceNotes,
)
from musearoo.bridge.protocol.types import Message
from musearoo.bridge.requests.band import BandReading
from musearoo.bridge.requests.refine import RefineReading


class Before(NamedTuple):
    """A set before a take is written: its tracks and scenes by id, and what it says of all that the take may change."""

    tracks: frozenset[int]
    scenes: frozenset[int]
    states: tuple[Message, ...]

    @classmethod
    def of(cls, mirror: SetMirror, basis: Basis) -> Before:
        """Return a set before the take of a request."""
        match basis.reading:
            case BandReading(tracks=tracks, rows=rows):
                columns, scenes = [track.id for track in tracks.values()], rows
            case RefineReading(track=track, state=state):
                columns, scenes = [track.id], (state.scene,)
            case reading:
                columns, scenes = [reading.track.id], (reading.scene,)
        states = tuple(_states(mirror, columns, scenes))
        return cls(frozenset(mirror.tracks), frozenset(mirror.scenes), states)


@dataclass(frozen=True, slots=True)
class Trial:
    """What dropping a take does to its set: the objects that it `made` go, the `replaced` come back as they were."""

    made: tuple[int, ...]
    replaced: tuple[Message, ...]

    @classmethod
    def of(cls, edits: Sequence[Message], ids: Sequence[int], before: Before, mirror: SetMirror) -> Trial:
        """Return the trial of a take that Live has just written; `ids` are of what each of its edits made."""
        made = [id for edit, id in zip(edits, ids, strict=False) if isinstance(edit, CreateClip)]
        clips = [id for id in made if id in mirror.clips]
        places = [mirror.clips[id] for id in clips]
        tracks = {clip.track for clip in places} - before.tracks
        # Live needs a new scene also where no slot below was empty.
        scenes = {clip.scene for clip in places} - before.scenes
        changed = {*clips, *(edit.clip for edit in edits if isinstance(edit, ReplaceNotes))}
        loaded = {edit.track for edit in edits if isinstance(edit, LoadInstrument)}

        def is_replaced(state: Message) -> bool:
            match state:
                case InstrumentState(track=track):
                    return track in loaded
                case ClipState(id=clip) | ClipNotes(clip=clip):
                    return clip in changed or clip not in mirror.clips
            return False

        return cls((*clips, *tracks, *scenes), tuple(filter(is_replaced, before.states)))

    def drop_from(self, mirror: SetMirror) -> SetMirror:
        """Return a copy of a set without the take; the set itself where the take has gone already."""
        if not any(id in mirror.clips for id in self.made) and self.made:
            return mirror
        dropped = _copied(mirror)
        for id in self.made:
            _remove(dropped, id)
        for message in self.replaced:
            dropped.apply(message)
        return dropped


@dataclass(slots=True)
class Trials:
    """The takes that are heard in Live, and those that are being written for that, by session."""

    _before: dict[int, Before] = field(default_factory=dict)
    _trials: dict[int, tuple[str, Trial]] = field(default_factory=dict)
    """Each with the id of the request that wrote its take."""

    def expect(self, session: int, mirror: SetMirror, basis: Basis) -> None:
        """Note what is where a take is about to be written."""
        self._before[session] = Before.of(mirror, basis)

    def begin(
        self, session: int, request_id: str, edits: Sequence[Message], ids: Sequence[int], mirror: SetMirror
    ) -> None:
        """Note that Live has written the take of a request by these edits; `ids` are of what each made or changed."""
        if (before := self._before.pop(session, None)) is not None:
            self._trials[session] = request_id, Trial.of(edits, ids, before, mirror)

    def forget(self, session: int) -> None:
        """Forget a session that has ended."""
        self._before.pop(session, None)
        self._trials.pop(session, None)

    def without(self, session: int, request_id: str, mirror: SetMirror) -> SetMirror:
        """Return a set as it will be once the take that a request of a session wrote is dropped."""
        written, trial = self._trials.get(session, ("", None))
        return trial.drop_from(mirror) if trial is not None and written == request_id else mirror


def _states(mirror: SetMirror, tracks: Sequence[int], scenes: Sequence[int]) -> Iterator[Message]:
    for track in tracks:
        if track in mirror.instruments:
            yield mirror.instruments[track]
        for scene in scenes:
            if (clip := mirror.clip_in_slot(track, scene)) is not None:
                yield clip
                if clip.id in mirror.notes:
                    yield ClipNotes(clip.id, mirror.notes[clip.id])


def _copied(mirror: SetMirror) -> SetMirror:
    """Return a mirror that may be changed while the original stays as it is."""
    other = copy(mirror)
    for each in fields(SetMirror):
        value = getattr(mirror, each.name)
        if isinstance(value, dict):
            setattr(other, each.name, dict(value))
    return other


def _remove(mirror: SetMirror, id: int) -> None:
    """Remove a clip, a track or a scene; those behind it move up."""
    track, scene = mirror.tracks.get(id), mirror.scenes.get(id)
    mirror.apply(Gone(id))
    if track is not None:
        for other in [*mirror.tracks.values()]:
            if other.kind in REGULAR_TRACKS and other.index > track.index:
                mirror.apply(replace(other, index=other.index - 1))
    if scene is not None:
        for row in [*mirror.scenes.values()]:
            if row.index > scene.index:
                mirror.apply(replace(row, index=row.index - 1))
