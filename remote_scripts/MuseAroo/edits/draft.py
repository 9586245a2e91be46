"""A draft of the set: its state after the edits checked so far, used to check a transaction before anything is written.

Tracks, scenes and clips are represented as drafts. The draft of an object that an edit will create has no live object
yet. Performing the edit fills it in, so that later edits can refer to it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, Union

from ..host.live import read
from ..live_set.states import AUDIO, GROUP, MASTER, MIDI, RETURN, kind_of
from ..wire.table import BAD_PARAMETER, GONE, LIVE_BUSY, SLOT_FILLED, WRONG_TRACK
from .refusal import EditError, called

if TYPE_CHECKING:
    from ..host.live import Clip, Scene, Slot, Song, Track
    from ..live_set.identities import Identities

SLOT_ONLY, NEXT_EMPTY, REPLACE = range(3)
"""The placement of a clip, with the wire table's codes."""


class DraftTrack:
    """A track that exists or will be created."""

    def __init__(self, kind: int, words: str, live: Track | None) -> None:
        self.kind, self.words, self.live = kind, words, live
        self.arrangement: list[DraftClip] | None = None
        self.rerouted = False
        """Whether an edit of this transaction changes its routing."""
        self.has_new_device = False
        """Whether an edit of this transaction adds a device to it."""
        self.pads: dict[int, int] = {}
        """Where a drum rack that this transaction loads or plays has General MIDI's drums, if elsewhere."""

    @property
    def handle(self) -> Track:
        """Return Live's track. Raises RuntimeError before an edit has created it."""
        track: Track = _made(self.live, self.words)
        return track


class DraftScene:
    """A scene that exists or will be created."""

    def __init__(self, words: str, live: Scene | None) -> None:
        self.words, self.live = words, live

    @property
    def handle(self) -> Scene:
        """Return Live's scene. Raises RuntimeError before an edit has created it."""
        scene: Scene = _made(self.live, self.words)
        return scene


class DraftClip:
    """A clip that exists or will be created; `scene` is None in the Arrangement, where it spans `start` to `end`."""

    def __init__(self, track: DraftTrack, scene: DraftScene | None, is_audio: bool, live: Clip | None) -> None:
        self.track, self.scene, self.is_audio, self.live = track, scene, is_audio, live
        self.start = self.end = 0.0
        self.will_be_warped: bool | None = None
        """The warping set by an edit of this transaction; None for no change."""

    @property
    def words(self) -> str:
        """The clip's name in a sentence."""
        name = read(self.live, "name", "") if self.live is not None else ""
        place = f"in {self.scene.words}" if self.scene is not None else f"at beat {self.start:g}"
        return "the clip {}{} of {}".format(f"({name:.60}) " if name else "", place, self.track.words)

    @property
    def handle(self) -> Clip:
        """Return Live's clip. Raises RuntimeError before an edit has created it."""
        clip: Clip = _made(self.live, self.words)
        return clip


Thing = Union[DraftTrack, DraftScene, DraftClip]


def _made(live: Any, words: str) -> Any:
    if live is None:
        raise RuntimeError(f"{words} was not made")
    return live


class Launched(NamedTuple):
    """A clip that a transaction launched, what played on its track before, and whether the transport ran."""

    track: Track
    clip: Clip
    before: Slot | None
    was_running: bool


class Place:
    """The slot of a new Session clip, the clip it replaces, and whether its scene must be created first."""

    def __init__(self, track: DraftTrack, scene: DraftScene, victim: DraftClip | None, needs_scene: bool) -> None:
        self.track, self.scene, self.victim, self.needs_scene = track, scene, victim, needs_scene

    @property
    def words(self) -> str:
        """The slot's name in a sentence."""
        return f"{self.scene.words} of {self.track.words}"


class Draft:
    """Finds objects by id or by reference to an earlier edit, and records what the earlier edits will change.

    `library` is the User Library's folder, "" when it is unknown.
    """

    def __init__(self, song: Song, identities: Identities, library: str) -> None:
        self.song, self.library = song, library
        self.made: list[Thing | None] = []
        self._identities = identities
        self._by_id: dict[int, Thing] = {}
        self._gone: set[Thing] = set()
        self._slots: dict[tuple[DraftTrack, DraftScene], DraftClip | None] = {}
        self.scenes: list[DraftScene] = []
        for number, scene in enumerate(song.scenes, 1):
            draft = DraftScene(called("scene", number, scene.name), scene)
            self._by_id[identities.id_of(scene)] = draft
            self.scenes.append(draft)
        self.more_tracks = 0
        """How many tracks the set will have more than now."""
        self.launched: list[Launched] = []

    # --- looking up ---

    def thing(self, ref: int, what: str = "track, scene or clip") -> Thing:
        """Return the object with an id, or -k for the k-th edit.

        Raises EditError, with `what` in its sentence, for a deleted one.
        """
        if ref < 0:
            if -ref > len(self.made):
                raise EditError(BAD_PARAMETER, f"This edit refers to edit {-ref}, which does not come before it.")
            thing = self.made[-ref - 1]
            if thing is None:
                raise EditError(BAD_PARAMETER, f"Edit {-ref} makes nothing that another edit could refer to.")
            return thing
        live: Any = self._identities.find(ref)
        if live is None:
            raise EditError(GONE, f"The {what} that this was meant for has been deleted: choose another and try again.")
        thing = self._draft(live, ref)
        if thing in self._gone or (isinstance(thing, DraftClip) and {thing.track, thing.scene} & self._gone):
            raise EditError(GONE, f"An earlier edit of the same transaction deletes {thing.words}.")
        return thing

    def track(self, ref: int) -> DraftTrack:
        """Return the track for a reference."""
        thing = self.thing(ref, "track")
        if isinstance(thing, DraftTrack):
            return thing
        raise EditError(BAD_PARAMETER, f"A track was to be named here, not {thing.words}.")

    def scene(self, ref: int) -> DraftScene:
        """Return the scene for a reference."""
        thing = self.thing(ref, "scene")
        if isinstance(thing, DraftScene):
            return thing
        raise EditError(BAD_PARAMETER, f"A scene was to be named here, not {thing.words}.")

    def clip(self, ref: int) -> DraftClip:
        """Return the clip for a reference."""
        thing = self.thing(ref, "clip")
        if isinstance(thing, DraftClip):
            return thing
        raise EditError(BAD_PARAMETER, f"A clip was to be named here, not {thing.words}.")

    def clip_track(self, ref: int, kind: int) -> DraftTrack:
        """Return a track of this kind (MIDI or audio) that can accept a clip now."""
        track = self.track(ref)
        if track.kind != kind:
            wanted, other = ("a MIDI", "an audio") if kind == MIDI else ("an audio", "a MIDI")
            found = {MIDI: other, AUDIO: other, GROUP: "a group", RETURN: "a return", MASTER: "the master"}
            raise EditError(
                WRONG_TRACK,
                f"This clip needs {wanted} track, but {track.words} is {found[track.kind]} track: choose another one.",
            )
        self.refuse_frozen(track)
        return track

    def refuse_frozen(self, track: DraftTrack) -> None:
        """Raise EditError for a frozen track."""
        if track.live is not None and track.live.is_frozen:
            raise EditError(WRONG_TRACK, f"{capital(track.words)} is frozen: unfreeze it and try again.")

    def refuse_recording(self, clip: DraftClip) -> None:
        """Raise EditError for a clip that is being recorded."""
        if clip.live is not None and clip.live.is_recording:
            raise EditError(LIVE_BUSY, f"Live is recording {clip.words}: stop recording and try again.")

    # --- the Session's grid ---

    def place(self, track: DraftTrack, scene: DraftScene, where: int) -> Place:
        """Return the slot for a new clip. Raises EditError when it is filled and `where` does not allow another."""
        victim = self.clip_in(track, scene)
        if victim is None:
            return Place(track, scene, None, False)
        if where == REPLACE and victim.live is not None:
            self.refuse_recording(victim)
            return Place(track, scene, victim, False)
        if where == NEXT_EMPTY:
            for below in self.scenes[self.scenes.index(scene) + 1 :]:
                if self.clip_in(track, below) is None:
                    return Place(track, below, None, False)
            return Place(track, DraftScene(f"scene {len(self.scenes) + 1}", None), None, True)
        raise EditError(
            SLOT_FILLED,
            f"{capital(scene.words)} of {track.words} holds a clip already: choose an empty slot, or have it replaced.",
        )

    def clip_in(self, track: DraftTrack, scene: DraftScene) -> DraftClip | None:
        """Return the clip in a slot, or None."""
        key = (track, scene)
        if key not in self._slots:
            slot = self.slot(track, scene) if track.live is not None and scene.live is not None else None
            clip = slot.clip if slot is not None and slot.has_clip else None
            self._slots[key] = None if clip is None else self._session_clip(track, scene, clip)
        return self._slots[key]

    def put(self, clip: DraftClip, place: Place) -> None:
        """Record that a clip will be in a slot."""
        if place.needs_scene:
            self.scenes.append(place.scene)
        if place.victim is not None:
            self._gone.add(place.victim)
        self._slots[place.track, place.scene] = clip

    def slot(self, track: DraftTrack, scene: DraftScene) -> Slot:
        """Return Live's slot of an existing track and scene."""
        return track.handle.clip_slots[list(self.song.scenes).index(scene.handle)]

    # --- the Arrangement ---

    def arrangement(self, track: DraftTrack) -> list[DraftClip]:
        """Return the clips in a track's Arrangement."""
        if track.arrangement is None:
            clips = [] if track.live is None else [self._draft(clip, 0) for clip in track.live.arrangement_clips]
            track.arrangement = [clip for clip in clips if isinstance(clip, DraftClip) and clip not in self._gone]
        return track.arrangement

    def refuse_overlap(self, track: DraftTrack, start: float, end: float) -> None:
        """Raise EditError for a range of the Arrangement that contains a clip."""
        for clip in self.arrangement(track):
            if clip.start < end and start < clip.end:
                raise EditError(
                    SLOT_FILLED,
                    f"From beat {clip.start:g} to {clip.end:g} of {track.words} lies a clip already: "
                    "choose a free stretch of the Arrangement.",
                )

    # --- deleting ---

    def remove(self, thing: Thing) -> None:
        """Record that an object will be deleted."""
        self._gone.add(thing)
        if isinstance(thing, DraftClip):
            if thing.scene is not None:
                self._slots[thing.track, thing.scene] = None
            elif thing.track.arrangement is not None:
                thing.track.arrangement.remove(thing)
        elif isinstance(thing, DraftScene):
            self.scenes.remove(thing)

    # --- drafts of what is there ---

    def _draft(self, live: Any, thing_id: int) -> Thing:
        thing_id = thing_id or self._identities.id_of(live)
        thing = self._by_id.get(thing_id)
        if thing is None:
            if hasattr(live, "mixer_device"):
                thing = DraftTrack(kind_of(live, self.song), _track_words(live, self.song), live)
            else:
                thing = self._clip(live)
            self._by_id[thing_id] = thing
        return thing

    def _clip(self, live: Any) -> DraftClip:
        parent = live.canonical_parent
        if read(live, "is_arrangement_clip", False):
            clip = DraftClip(self._track_of(parent), None, live.is_audio_clip, live)
            clip.start, clip.end = live.start_time, live.end_time
            return clip
        track = self._track_of(parent.canonical_parent)
        row = list(track.handle.clip_slots).index(parent)
        scene = self._draft(self.song.scenes[row], 0)
        if not isinstance(scene, DraftScene):
            raise EditError(GONE, "The clip's scene is not in the set any more.")
        return DraftClip(track, scene, live.is_audio_clip, live)

    def _session_clip(self, track: DraftTrack, scene: DraftScene, live: Clip) -> DraftClip:
        clip_id = self._identities.id_of(live)
        thing = self._by_id.get(clip_id)
        if not isinstance(thing, DraftClip):
            thing = self._by_id[clip_id] = DraftClip(track, scene, live.is_audio_clip, live)
        return thing

    def _track_of(self, live: Track) -> DraftTrack:
        thing = self._draft(live, 0)
        if isinstance(thing, DraftTrack):
            return thing
        raise EditError(GONE, "The clip's track is not in the set any more.")


def _track_words(track: Track, song: Song) -> str:
    if track == song.master_track:
        return "the master track"
    for what, tracks in (("track", song.tracks), ("return track", song.return_tracks)):
        for number, other in enumerate(tracks, 1):
            if other == track:
                return called(what, number, track.name)
    return called("track", 0, track.name)


def capital(words: str) -> str:
    """Return the words with a capital first letter."""
    return words[:1].upper() + words[1:]
