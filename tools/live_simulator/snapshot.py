"""The whole set as plain JSON, to compare, save and reopen it."""

from __future__ import annotations

from typing import Any

from musearoo.tools.live_simulator.core.audio_file import AudioFile
from musearoo.tools.live_simulator.core.notes import Note, NoteTable
from musearoo.tools.live_simulator.core.values import WarpPoint
from musearoo.tools.live_simulator.core.warping import Warp
from musearoo.tools.live_simulator.devices.base import EQ_EIGHT, DeviceModel
from musearoo.tools.live_simulator.devices.drum_rack import DrumChain
from musearoo.tools.live_simulator.devices.racks import RACKS, Chain, DeviceHolder, RackDevice
from musearoo.tools.live_simulator.devices.stock import STOCK
from musearoo.tools.live_simulator.live_set.clip import Clip
from musearoo.tools.live_simulator.live_set.clip_slot import ClipSlot
from musearoo.tools.live_simulator.live_set.scene import CuePoint, Scene
from musearoo.tools.live_simulator.live_set.song import Song
from musearoo.tools.live_simulator.live_set.track import AUDIO, MIDI, Track

SONG_FIELDS = (
    "tempo",
    "signature_numerator",
    "signature_denominator",
    "clip_trigger_quantization",
    "midi_recording_quantization",
    "groove_amount",
    "swing_amount",
    "root_note",
    "scale_name",
    "scale_mode",
)
CLIP_FIELDS = (
    "name",
    "color_index",
    "muted",
    "looping",
    "launch_mode",
    "launch_quantization",
    "legato",
    "velocity_amount",
    "signature_numerator",
    "signature_denominator",
)
AUDIO_FIELDS = ("_gain", "_pitch_coarse", "_pitch_fine", "_ram_mode", "_warping", "_warp_mode")
SCENE_FIELDS = (
    "name",
    "color_index",
    "tempo",
    "tempo_enabled",
    "time_signature_numerator",
    "time_signature_denominator",
    "time_signature_enabled",
)
TRACK_FIELDS = ("given_name", "color_index", "mute", "solo", "current_monitoring_state")
TRANSPORT_FIELDS = ("_loop", "_loop_start", "_loop_length", "_punch_in", "_punch_out", "metronome")


def take_snapshot(song: Song) -> dict[str, Any]:
    """Return everything in the set that can be edited, and the loop and arm states."""
    return {
        "file_path": song.file_path,
        "grooves": [groove.name for groove in song.groove_pool.grooves],
        "song": {name: getattr(song, name) for name in SONG_FIELDS},
        "transport": {name.lstrip("_"): getattr(song, name) for name in TRANSPORT_FIELDS},
        "tracks": [_track_data(track) for track in song.tracks],
        "returns": [_track_data(track) for track in song.return_tracks],
        "master": _track_data(song.master_track),
        "scenes": [{name: getattr(scene, name) for name in SCENE_FIELDS} for scene in song.scenes],
        "cue_points": [[cue.time, cue.name] for cue in song.cue_points],
    }


def _track_data(track: Track) -> dict[str, Any]:
    mixer = track.mixer_device
    data: dict[str, Any] = {name: getattr(track, name) for name in TRACK_FIELDS}
    data.update(
        kind=track.kind,
        name=track.name,
        volume=mixer.volume.value,
        panning=mixer.panning.value,
        sends=[send.value for send in mixer.sends],
        crossfade_assign=mixer.crossfade_assign,
    )
    if track.devices:
        data["devices"] = [_device_data(device) for device in track.devices]
    if track.holds_clips:
        data.update(
            arm=track.arm,
            input=[track.input_routing_type.display_name, track.input_routing_channel.display_name],
            output=[track.output_routing_type.display_name, track.output_routing_channel.display_name],
            slots=[_clip_data(slot.clip) for slot in track.clip_slots],
            stop_buttons=[slot.has_stop_button for slot in track.clip_slots],
            arrangement=[_clip_data(clip) for clip in track.arrangement_clips],
        )
    return data


def _device_data(device: DeviceModel) -> dict[str, Any]:
    data: dict[str, Any] = {
        "device": device.class_display_name,
        "name": device.name,
        "parameters": {each.name: each.value for each in device.parameters},
    }
    if isinstance(device, RackDevice):
        data["chains"] = [_chain_data(chain) for chain in device.chains]
        data["variations"] = [list(values) for values in device._variations]
    return data


def _chain_data(chain: Chain) -> dict[str, Any]:
    mixer = chain.mixer_device
    data: dict[str, Any] = {name: getattr(chain, name) for name in ("name", "mute", "solo", "color_index")}
    data.update(volume=mixer.volume.value, panning=mixer.panning.value)
    if isinstance(chain, DrumChain):
        data.update(in_note=chain.in_note, out_note=chain.out_note, choke_group=chain.choke_group)
    data["devices"] = [_device_data(device) for device in chain.devices]
    return data


def _clip_data(clip: Clip | None) -> dict[str, Any] | None:
    if clip is None:
        return None
    data: dict[str, Any] = {name: getattr(clip, name) for name in CLIP_FIELDS}
    data.update(loop=list(clip._loop), markers=list(clip._markers))
    if clip.groove is not None:
        data["groove"] = clip.groove.name
    if clip.is_arrangement_clip:
        data["span"] = list(clip._span)
    if clip.audio is None:
        data["notes"] = [list(note) for note in clip.notes]
    else:
        data.update({name.lstrip("_"): getattr(clip, name) for name in AUDIO_FIELDS})
        data.update(
            audio=list(clip.audio),
            warp_markers=[list(point) for point in clip._warp.points],
            seconds_per_beat=clip._warp.seconds_per_beat,
        )
    return data


def open_set(song: Song, data: dict[str, Any]) -> None:
    """Replace the set's content by a saved one and clear the history.

    Missing keys keep their defaults, so a hand-written set can be short.
    """
    song.set_file_path(data.get("file_path", ""))
    song.groove_pool.grooves = ()
    for name in data.get("grooves", ()):
        song.groove_pool.add(name)
    for name, value in data.get("song", {}).items():
        setattr(song, name, value)
    for name, value in data.get("transport", {}).items():
        song.__dict__[name if name == "metronome" else "_" + name] = value
    if "scenes" in data:
        _open_scenes(song, data["scenes"])
    if "tracks" in data:
        song.tracks = tuple(_open_track(song, entry) for entry in data["tracks"])
    for key, tracks in (("returns", song.return_tracks), ("master", (song.master_track,))):
        entries = data.get(key, [])
        for track, entry in zip(tracks, entries if isinstance(entries, list) else [entries]):
            _fill_track(track, entry)
    song.cue_points = tuple(CuePoint(song.context, song, time, name) for time, name in data.get("cue_points", []))
    song.view.repair()
    song.context.journal.forget()


def _open_scenes(song: Song, entries: Any) -> None:
    scenes = []
    for entry in entries:
        scene = Scene(song.context, song)
        for name, value in entry.items():
            setattr(scene, name, value)
        scenes.append(scene)
    song.scenes = tuple(scenes)
    for track in song.tracks:
        track.clip_slots = tuple(ClipSlot(song.context, track) for _ in scenes)


def _open_track(song: Song, entry: dict[str, Any]) -> Track:
    kind = entry.get("kind", MIDI)
    if kind not in (MIDI, AUDIO):
        raise ValueError(f"track kind must be 'midi' or 'audio', not {kind!r}")
    track = Track(song.context, song, kind, entry.get("color_index", 0))
    track.clip_slots = tuple(ClipSlot(song.context, track) for _ in song.scenes)
    _fill_track(track, entry)
    for slot, clip_entry in zip(track.clip_slots, entry.get("slots", [])):
        if clip_entry is not None:
            slot.clip = _open_clip(slot, track, clip_entry)
    clips = [_open_clip(track, track, clip_entry) for clip_entry in entry.get("arrangement", [])]
    track.arrangement_clips = tuple(clips)
    return track


def _fill_track(track: Track, entry: dict[str, Any]) -> None:
    for name in TRACK_FIELDS:
        if name in entry:
            setattr(track, name, entry[name])
    mixer = track.mixer_device
    for name in ("volume", "panning"):
        if name in entry:
            getattr(mixer, name).value = entry[name]
    for send, value in zip(mixer.sends, entry.get("sends", [])):
        send.value = value
    for device in entry.get("devices", []):
        _open_device(track, device)
    if entry.get("arm") and track.can_be_armed:
        track.arm = True


def _open_device(holder: DeviceHolder, entry: dict[str, Any]) -> None:
    """Put a saved stock device into a chain. Max devices are not opened: what runs in them is not here."""
    name = entry.get("device", entry["name"])
    if name not in (EQ_EIGHT, *RACKS, *STOCK):
        return
    device = holder.context.make_device(holder.context, holder, name)
    holder.place_device(device)
    device.name = entry.get("name", name)
    if isinstance(device, RackDevice) and "chains" in entry:
        device.chains = ()
        for saved in entry["chains"]:
            chain = device.insert_chain()
            for field in ("name", "mute", "solo", "color_index", "in_note", "out_note", "choke_group"):
                if field in saved:
                    setattr(chain, field, saved[field])
            for inner in saved["devices"]:
                _open_device(chain, inner)
    values = entry.get("parameters", {})
    for parameter in device.parameters:
        if parameter.name in values:
            parameter.value = values[parameter.name]


def _open_clip(parent: Any, track: Track, entry: dict[str, Any]) -> Clip:
    audio = AudioFile(*entry["audio"]) if "audio" in entry else None
    clip = Clip(track.context, parent, track, audio)
    for name in CLIP_FIELDS:
        if name in entry:
            setattr(clip, name, entry[name])
    for groove in track.song.groove_pool.grooves:
        if groove.name == entry.get("groove"):
            clip.groove = groove
    length = entry.get("length", 4.0)
    clip._loop = tuple(entry.get("loop", (0.0, length)))
    clip._markers = tuple(entry.get("markers", clip._loop))
    if "span" in entry:
        clip.is_arrangement_clip = True
        clip._span = tuple(entry["span"])
    if audio is not None:
        for name in AUDIO_FIELDS:
            if name.lstrip("_") in entry:
                setattr(clip, name, entry[name.lstrip("_")])
        clip._warp = Warp(tuple(WarpPoint(*point) for point in entry["warp_markers"]), entry["seconds_per_beat"])
        return clip
    clip.notes = NoteTable().with_notes(_open_note(clip, values) for values in entry.get("notes", []))
    return clip


def _open_note(clip: Clip, values: Any) -> Note:
    """Return a note from all nine fields, or from `[pitch, start, duration, velocity]`."""
    number = next(clip._note_ids)
    if len(values) == len(Note._fields):
        return Note(*values)._replace(note_id=number)
    pitch, start, duration, velocity = values
    return Note(number, pitch, start, duration, float(velocity), False, 1.0, 0.0, 64.0)
