"""Report the set to the daemon, kept up to date by listeners.

Listeners only add marks. `flush` processes the marks within a time budget: it reads the object, and sends its state if
that differs from the last one sent. All data is keyed by the object's identity, so reordering and deleting cannot mix
up objects.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING, Callable, Iterable, Sequence

from ..host.listeners import Listeners
from ..host.live import is_alive, read
from ..wire.messages import packet
from .instruments import find_instrument, instrument_packet, rack_parts
from .marks import Mark, Marks
from .nodes import ClipNode, SceneNode, SlotNode, TrackNode
from .notes import encode_notes
from .states import (
    AUDIO,
    GROUP,
    MASTER,
    MIDI,
    RETURN,
    audio_packet,
    clip_packet,
    equaliser_packet,
    equaliser_parameters,
    mixer_packet,
    mixer_parameters,
    scene_packet,
    song_packet,
    track_packet,
)
from .warp_markers import encode_warp_markers

if TYPE_CHECKING:
    from ..host.live import Clip, LiveObject, Slot, Song, Track
    from ..host.log import Log
    from .identities import Identities

_SONG_EVENTS = (
    *("tempo", "signature_numerator", "signature_denominator", "root_note", "scale_name"),
    *("scale_mode", "is_playing"),
)
_TRACK_EVENTS = ("name", "color", "mute", "solo", "arm", "has_midi_input")
_PARAMETER_EVENTS = ("value", "automation_state")
_CLIP_EVENTS = (
    *("name", "color", "looping", "loop_start", "loop_end", "start_marker", "end_marker", "start_time"),
    *("end_time", "signature_numerator", "signature_denominator", "muted", "playing_status", "is_recording"),
)
_AUDIO_EVENTS = ("warping", "warp_mode", "gain", "file_path", "warp_markers", "is_recording")

_REST = 20.0
"""After reading a clip's notes or warp markers, wait this many times as long as the reading took before the next: while
the user drags a huge clip, at most a twentieth of Live's main thread goes into reporting it.
"""

_LOOKS_AFTER_RECORDING = 3
"""Checks of a clip after its recording has ended: one immediately, and then a second apart."""


class Watch:
    """Sends the set through `send`, first completely and then its changes."""

    def __init__(
        self,
        song: Song,
        identities: Identities,
        send: Callable[[bytes], None],
        clock: Callable[[], float],
        log: Log,
    ) -> None:
        self._song, self._identities, self._send, self._clock, self._log = song, identities, send, clock, log
        self._marks = Marks()
        self._sent: dict[tuple[str, int], bytes] = {}
        self._tracks: dict[int, TrackNode] = {}
        self._scenes: dict[int, SceneNode] = {}
        self._slots: dict[int, SlotNode] = {}
        self._clips: dict[int, ClipNode] = {}
        self._recorded: set[int] = set()
        """Clips that are looked at again without a notification."""
        self._placed: set[int] = set()
        """Tracks and scenes that the last look at the structure found new or at another index."""
        self._listeners: list[Listeners] = []
        self._whole = False
        self._handlers: dict[str, Callable[[int], None]] = {
            "structure": self._look_at_structure,
            "song": self._look_at_song,
            "track": self._look_at_track,
            "instrument": self._look_at_instrument,
            "mixer": self._look_at_mixer,
            "equaliser": self._look_at_equaliser,
            "scene": self._look_at_scene,
            "slots": self._look_at_slots,
            "slot": self._look_at_slot,
            "arrangement": self._look_at_arrangement,
            "clip": self._look_at_clip,
            "content": self._look_at_content,
            "selection": self._look_at_selection,
        }

    def __len__(self) -> int:
        """Return the number of table rows, which must not grow after deletions."""
        return len(self._sent) + len(self._tracks) + len(self._scenes) + len(self._slots) + len(self._clips)

    def start(self) -> None:
        """Start sending the whole set; `/roo/set/ready` follows when it is complete."""
        self.stop()
        # Objects deleted while there were no listeners were not noticed.
        self._identities.forget_dead()
        song, view = Listeners(self._song), Listeners(self._song.view)
        song.add(_SONG_EVENTS, self._marks.adder("song"))
        song.add(("tracks", "return_tracks", "scenes"), self._marks.adder("structure"))
        view.add(("selected_track", "selected_scene", "detail_clip"), self._marks.adder("selection"))
        self._listeners = [song, view]
        for kind in ("structure", "song", "selection"):
            self._marks.add(kind)
        self._whole = True

    def stop(self) -> None:
        """Remove all listeners and forget what was sent; ids stay."""
        for owner in self._owners():
            owner.remove()
        for table in (self._sent, self._tracks, self._scenes, self._slots, self._clips):
            table.clear()
        self._listeners = []
        self._recorded.clear()
        self._marks.clear()
        self._whole = False

    def _owners(self) -> Iterable[Listeners]:
        yield from self._listeners
        for track in self._tracks.values():
            for listeners in track.controls.values():
                yield from listeners
        for table in (self._tracks, self._scenes, self._slots, self._clips):
            for node in table.values():
                yield node.listeners

    def look_again(self) -> None:
        """Mark what Live cannot observe: the name of the set, and the files of clips that were just recorded."""
        if self._listeners:
            self._marks.add("song")
        for clip_id in self._recorded:
            self._marks.add("content", clip_id)

    def flush(self, until: float) -> None:
        """Send changes until the clock reaches `until`; the rest stays marked."""
        resting = []
        while self._clock() < until:
            mark = self._marks.next()
            if mark is None:
                if self._whole:
                    self._whole = False
                    self._send(packet("/roo/set/ready", len(self._identities)))
                break
            if mark.kind == "content" and self._is_resting(mark.key):
                resting.append(mark)
            else:
                self._look(mark)
        for mark in resting:
            self._marks.add(*mark)

    def catch_up(
        self,
        structure: bool,
        slots: list[tuple[Track, Slot]],
        tracks: list[Track],
        changed: Sequence[LiveObject | None],
    ) -> None:
        """Send immediately what a transaction changed, whether or not Live has called the listeners yet.

        `structure`: tracks or scenes were added or removed; `slots`, `tracks`: where clips of the Session and of the
        Arrangement were added or removed; `changed`: what the edits created or changed. Does nothing without a daemon.
        """
        if not self._listeners:
            return
        self._look(Mark("song", 0))
        if structure or not self._tracks:
            self._look(Mark("structure", 0))
            # The others are as they were: the next ticks look at them.
            for thing_id in sorted(self._placed):
                self._look(Mark("track" if thing_id in self._tracks else "scene", thing_id))
        for track, slot in slots:
            if is_alive(track) and is_alive(slot):
                known = slot._live_ptr in self._slots
                self._look(Mark("slot", slot._live_ptr) if known else Mark("slots", self._identities.id_of(track)))
        for track in tracks:
            if is_alive(track):
                self._look(Mark("arrangement", self._identities.id_of(track)))
        for thing_id in [self._identities.id_if_known(thing) for thing in changed]:
            for kind, table in (
                *(("track", self._tracks), ("instrument", self._tracks)),
                *(("mixer", self._tracks), ("equaliser", self._tracks)),
                *(("scene", self._scenes), ("clip", self._clips)),
            ):
                if thing_id in table:
                    self._look(Mark(kind, thing_id))
            if thing_id in self._clips:
                self._look(Mark("content", thing_id))

    def note_count(self, clip_id: int) -> int:
        """Return the clip's number of notes when last sent; 0 for audio."""
        node = self._clips.get(clip_id)
        return node.note_count if node else 0

    def _look(self, mark: Mark) -> None:
        self._marks.discard(mark.kind, mark.key)
        try:
            self._handlers[mark.kind](mark.key)
        except Exception:
            # An object may be deleted while it is read; its mark comes with the next notification.
            self._log.traceback(f"telling the {mark.kind}")

    def _is_resting(self, clip_id: int) -> bool:
        node = self._clips.get(clip_id)
        return node is not None and self._clock() < node.rest_until

    def _send_if_changed(self, kind: str, key: int, message: bytes) -> None:
        digest = blake2b(message, digest_size=16).digest()
        if self._sent.get((kind, key)) != digest:
            self._sent[kind, key] = digest
            self._send(message)

    # --- song, tracks, scenes ---

    def _look_at_song(self, _: int) -> None:
        self._send_if_changed("song", 0, song_packet(self._song))

    def _look_at_structure(self, _: int) -> None:
        listed: list[tuple[Track, int, int]] = [(track, MIDI, at) for at, track in enumerate(self._song.tracks)]
        listed += [(track, RETURN, at) for at, track in enumerate(self._song.return_tracks)]
        listed.append((self._song.master_track, MASTER, 0))
        present = set()
        self._placed.clear()
        for track, kind, index in listed:
            is_new = self._identities.id_if_known(track) not in self._tracks
            node = self._track_node(track)
            present.add(node.id)
            if is_new or (node.kind, node.index) != (kind, index):
                self._placed.add(node.id)
            node.kind, node.index = kind, index
            self._marks.add("track", node.id)
            # Adding or removing a return changes the sends of every track.
            self._marks.add("mixer", node.id)
        for node in [node for key, node in self._tracks.items() if key not in present]:
            self._drop_track(node)
        self._look_at_scenes()

    def _track_node(self, track: Track) -> TrackNode:
        track_id = self._identities.id_of(track)
        node = self._tracks.get(track_id)
        if node is None:
            node = self._tracks[track_id] = TrackNode(track, track_id)
            node.listeners.add(_TRACK_EVENTS, self._marks.adder("track", track_id))
            node.listeners.add(("clip_slots",), self._marks.adder("slots", track_id))
            node.listeners.add(("arrangement_clips",), self._marks.adder("arrangement", track_id))
            node.listeners.add(("output_routing_type",), self._marks.adder("instrument", track_id))
            for kind in ("instrument", "equaliser"):
                node.listeners.add(("devices",), self._marks.adder(kind, track_id))
            for kind in ("slots", "arrangement", "instrument", "equaliser"):
                self._marks.add(kind, track_id)
        return node

    def _look_at_scenes(self) -> None:
        order = []
        for index, scene in enumerate(self._song.scenes):
            scene_id = self._identities.id_of(scene)
            order.append(scene_id)
            node = self._scenes.get(scene_id)
            if node is None:
                node = self._scenes[scene_id] = SceneNode(scene, scene_id)
                node.listeners.add(("name",), self._marks.adder("scene", scene_id))
                self._placed.add(scene_id)
            if node.index != index:
                self._placed.add(scene_id)
            node.index = index
            self._marks.add("scene", scene_id)
        present = set(order)
        gone = [node for key, node in self._scenes.items() if key not in present]
        for node in gone:
            node.listeners.remove()
            del self._scenes[node.id]
            self._gone("scene", node.id)
        if order != list(self._scenes):
            self._scenes = {scene_id: self._scenes[scene_id] for scene_id in order}
        # Adding, removing or moving a scene affects its slots.
        for track_id in self._tracks:
            self._marks.add("slots", track_id)

    def _look_at_track(self, track_id: int) -> None:
        node = self._tracks.get(track_id)
        if node is None or not is_alive(node.track):
            return
        kind = node.kind
        if kind not in (RETURN, MASTER):
            kind = MIDI if node.track.has_midi_input else AUDIO
            if node.track.is_foldable:
                kind = GROUP
        group = node.track.group_track if read(node.track, "is_grouped", False) else None
        group_id = self._identities.id_of(group) if group is not None else 0
        self._send_if_changed("track", track_id, track_packet(node.track, track_id, node.index, kind, group_id))

    def _look_at_instrument(self, track_id: int) -> None:
        node = self._tracks.get(track_id)
        if node is None or not is_alive(node.track) or not read(node.track, "has_midi_input", False):
            return
        instrument = find_instrument(node.track)
        watched = [] if instrument is None else [instrument, *rack_parts(instrument)]
        self._listen_to(node, "instrument", watched, ("name", "chains", "visible_drum_pads"))
        self._send_if_changed("instrument", track_id, instrument_packet(node.track, track_id))

    def _look_at_mixer(self, track_id: int) -> None:
        node = self._tracks.get(track_id)
        if node is None or not is_alive(node.track):
            return
        self._listen_to(node, "mixer", mixer_parameters(node.track), _PARAMETER_EVENTS)
        self._send_if_changed("mixer", track_id, mixer_packet(node.track, track_id))

    def _look_at_equaliser(self, track_id: int) -> None:
        node = self._tracks.get(track_id)
        if node is None or not is_alive(node.track):
            return
        parameters = equaliser_parameters(node.track)
        self._listen_to(node, "equaliser", parameters, _PARAMETER_EVENTS)
        # Most tracks never have one: its absence is reported only if it was there before.
        if parameters or ("equaliser", track_id) in self._sent:
            self._send_if_changed("equaliser", track_id, equaliser_packet(node.track, track_id))

    def _listen_to(self, node: TrackNode, what: str, things: Sequence[LiveObject], events: tuple[str, ...]) -> None:
        """Listen to these devices or controls of a track, if they differ from the previous ones."""
        pointers = [thing._live_ptr for thing in things]
        if pointers == node.pointers.get(what, []):
            return
        node.leave(what)
        node.pointers[what] = pointers
        node.controls[what] = [Listeners(thing) for thing in things]
        for listeners in node.controls[what]:
            listeners.add(events, self._marks.adder(what, node.id))

    def _look_at_scene(self, scene_id: int) -> None:
        node = self._scenes.get(scene_id)
        if node is not None and is_alive(node.scene):
            self._send_if_changed("scene", scene_id, scene_packet(node.scene, scene_id, node.index))

    def _drop_track(self, node: TrackNode) -> None:
        node.listeners.remove()
        for what in ("instrument", "mixer", "equaliser"):
            node.leave(what)
            self._sent.pop((what, node.id), None)
            self._marks.discard(what, node.id)
        for pointer in node.slots:
            self._drop_slot(pointer)
        for clip_id in node.arrangement:
            self._drop_clip(clip_id, -node.id)
        del self._tracks[node.id]
        self._gone("track", node.id)

    def _gone(self, kind: str, thing_id: int) -> None:
        self._identities.forget(thing_id)
        for part in (kind, "content") if kind == "clip" else (kind,):
            self._sent.pop((part, thing_id), None)
            self._marks.discard(part, thing_id)
        self._sent.pop(("warp", thing_id), None)
        self._send(packet("/roo/set/gone", thing_id))

    # --- slots and clips ---

    def _look_at_slots(self, track_id: int) -> None:
        node = self._tracks.get(track_id)
        if node is None or not is_alive(node.track):
            return
        before = set(node.slots)
        node.slots = []
        scene_ids = list(self._scenes)
        for index, slot in enumerate(read(node.track, "clip_slots", ())):
            pointer = slot._live_ptr
            known = self._slots.get(pointer)
            if known is not None and not is_alive(known.slot):
                self._drop_slot(pointer)
                known = None
            if known is None:
                known = self._slots[pointer] = SlotNode(slot, track_id)
                known.listeners.add(("has_clip",), self._marks.adder("slot", pointer))
            known.scene_id = scene_ids[index] if index < len(scene_ids) else 0
            node.slots.append(pointer)
            self._look_at_slot(pointer)
        for pointer in before - set(node.slots):
            self._drop_slot(pointer)

    def _look_at_slot(self, pointer: int) -> None:
        node = self._slots.get(pointer)
        if node is None or not is_alive(node.slot):
            return
        clip = node.slot.clip if node.slot.has_clip else None
        clip_id = self._identities.id_of(clip) if clip is not None else 0
        if node.clip_id not in (0, clip_id):
            self._drop_clip(node.clip_id, pointer)
        node.clip_id = clip_id
        if clip is not None:
            self._place_clip(clip, clip_id, pointer, node.track_id, node.scene_id)

    def _look_at_arrangement(self, track_id: int) -> None:
        node = self._tracks.get(track_id)
        if node is None or not is_alive(node.track):
            return
        before = node.arrangement
        node.arrangement = []
        for clip in read(node.track, "arrangement_clips", ()):
            clip_id = self._identities.id_of(clip)
            node.arrangement.append(clip_id)
            self._place_clip(clip, clip_id, -track_id, track_id, 0)
        for clip_id in set(before).difference(node.arrangement):
            self._drop_clip(clip_id, -track_id)

    def _place_clip(self, clip: Clip, clip_id: int, holder: int, track_id: int, scene_id: int) -> None:
        node = self._clips.get(clip_id)
        if node is None:
            node = self._clips[clip_id] = ClipNode(clip, clip_id)
            node.listeners.add(_CLIP_EVENTS, self._marks.adder("clip", clip_id))
            content = _AUDIO_EVENTS if clip.is_audio_clip else ("notes",)
            node.listeners.add(content, self._marks.adder("content", clip_id))
            self._marks.add("content", clip_id)
        elif holder == node.holder > 0 and scene_id == node.scene_id:
            return
        node.holder, node.track_id, node.scene_id = holder, track_id, scene_id
        # A clip of the Arrangement may have moved, which older Lives notify only by the list.
        self._marks.add("clip", clip_id)

    def _look_at_clip(self, clip_id: int) -> None:
        node = self._clips.get(clip_id)
        if node is not None and is_alive(node.clip):
            self._send_if_changed("clip", clip_id, clip_packet(node.clip, clip_id, node.track_id, node.scene_id))

    def _look_at_content(self, clip_id: int) -> None:
        node = self._clips.get(clip_id)
        if node is None or not is_alive(node.clip):
            return
        begun = self._clock()
        if node.clip.is_audio_clip:
            # Live does not notify a change of a file's length, and a recorded file is complete a moment later.
            node.looks_left = _LOOKS_AFTER_RECORDING if node.clip.is_recording else max(0, node.looks_left - 1)
            if node.looks_left:
                self._recorded.add(clip_id)
            else:
                self._recorded.discard(clip_id)
            self._send_if_changed("content", clip_id, audio_packet(node.clip, clip_id))
            self._send_if_changed("warp", clip_id, packet("/roo/set/warp", clip_id, encode_warp_markers(node.clip)))
        else:
            blob, node.note_count = encode_notes(node.clip)
            self._send_if_changed("content", clip_id, packet("/roo/set/notes", clip_id, blob))
        ended = self._clock()
        node.rest_until = ended + _REST * (ended - begun)

    def _drop_slot(self, pointer: int) -> None:
        node = self._slots.pop(pointer, None)
        if node is not None:
            node.listeners.remove()
            self._marks.discard("slot", pointer)
            if node.clip_id:
                self._drop_clip(node.clip_id, pointer)

    def _drop_clip(self, clip_id: int, holder: int) -> None:
        node = self._clips.get(clip_id)
        # A moved clip already has another holder and still exists.
        if node is not None and node.holder == holder:
            del self._clips[clip_id]
            self._recorded.discard(clip_id)
            node.listeners.remove()
            self._gone("clip", clip_id)

    # --- selection ---

    def _look_at_selection(self, _: int) -> None:
        view = self._song.view
        ids = [
            self._identities.id_if_known(read(view, name, None))
            for name in ("selected_track", "selected_scene", "detail_clip")
        ]
        self._send_if_changed("selection", 0, packet("/roo/set/selection", *ids))
