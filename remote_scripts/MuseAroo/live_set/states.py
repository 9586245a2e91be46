"""Packets with the state of one object of the set.

An audio clip that is not warped has its loop and markers in seconds, not beats, as Live reports them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..host.live import read
from ..wire.messages import packet

if TYPE_CHECKING:
    from ..host.live import Clip, Device, Parameter, Scene, Song, Track

MIDI, AUDIO, GROUP, RETURN, MASTER = range(5)
"""Kinds of track, with the wire table's codes."""

_BAND = ("Filter On", "Filter Type", "Frequency", "Gain", "Resonance")


def song_packet(song: Song) -> bytes:
    """Return the `/roo/set/song` of the set."""
    scale_mode = read(song, "scale_mode", None)
    return packet(
        "/roo/set/song",
        read(song, "name", "") or "",
        song.tempo,
        song.signature_numerator,
        song.signature_denominator,
        song.root_note,
        song.scale_name,
        -1 if scale_mode is None else int(scale_mode),
        int(song.is_playing),
        read(song, "file_path", "") or "",
    )


def kind_of(track: Track, song: Song) -> int:
    """Return the kind of track, as a code of the wire table."""
    if track == song.master_track:
        return MASTER
    if track in list(song.return_tracks):
        return RETURN
    if read(track, "is_foldable", False):
        return GROUP
    return MIDI if read(track, "has_midi_input", False) else AUDIO


def track_packet(track: Track, track_id: int, index: int, kind: int, group_id: int) -> bytes:
    """Return the `/roo/set/track` of a track; `index` is its index among its kind."""
    return packet(
        "/roo/set/track",
        track_id,
        index,
        kind,
        track.name,
        read(track, "color", -1),
        group_id,
        int(read(track, "mute", False)),
        int(read(track, "solo", False)),
        int(bool(read(track, "can_be_armed", False)) and bool(read(track, "arm", False))),
    )


def mixer_parameters(track: Track) -> list[Parameter]:
    """Return volume, panning and sends of a track, as far as its mixer has them."""
    mixer = track.mixer_device
    found = [read(mixer, "volume", None), read(mixer, "panning", None), *read(mixer, "sends", ())]
    return [parameter for parameter in found if parameter is not None]


def mixer_packet(track: Track, track_id: int) -> bytes:
    """Return the `/roo/set/mixer` of a track.

    It lists automated and macro-controlled parameters, which must not be changed.
    """
    mixer = track.mixer_device
    volume, panning = read(mixer, "volume", None), read(mixer, "panning", None)
    sends = list(read(mixer, "sends", ()))
    held = [name for name, parameter in (("volume", volume), ("panning", panning)) if _is_held(parameter)]
    held += ["sends"] if any(_is_held(send) for send in sends) else []
    return packet(
        "/roo/set/mixer",
        track_id,
        read(volume, "value", 0.0),
        read(panning, "value", 0.0),
        ",".join(held),
        *[send.value for send in sends],
    )


def find_equaliser(track: Track) -> Device | None:
    """Return the last EQ Eight in a track's chain, or None."""
    found = [device for device in read(track, "devices", ()) if device.class_name == "Eq8"]
    return found[-1] if found else None


def equaliser_parameters(track: Track) -> list[Parameter]:
    """Return switch, type, frequency, gain and resonance of each band of that EQ Eight; nothing without one."""
    equaliser = find_equaliser(track)
    by_name = {each.name: each for each in equaliser.parameters} if equaliser is not None else {}
    names = [f"{band} {setting} A" for band in range(1, 9) for setting in _BAND]
    return [by_name[name] for name in names] if all(name in by_name for name in names) else []


def equaliser_packet(track: Track, track_id: int) -> bytes:
    """Return the `/roo/set/equaliser` of a track."""
    return packet("/roo/set/equaliser", track_id, *[each.value for each in equaliser_parameters(track)])


def _is_held(parameter: Parameter | None) -> bool:
    return parameter is None or not parameter.is_enabled or bool(read(parameter, "automation_state", 0))


def scene_packet(scene: Scene, scene_id: int, index: int) -> bytes:
    """Return the `/roo/set/scene` of a scene."""
    return packet("/roo/set/scene", scene_id, index, scene.name)


def clip_packet(clip: Clip, clip_id: int, track_id: int, scene_id: int) -> bytes:
    """Return the `/roo/set/clip` of a clip; `scene_id` is 0 in the Arrangement."""
    return packet(
        "/roo/set/clip",
        clip_id,
        track_id,
        scene_id,
        0.0 if scene_id else clip.start_time,
        int(clip.is_audio_clip),
        clip.name,
        clip.color,
        clip.length,
        int(clip.looping),
        clip.loop_start,
        clip.loop_end,
        clip.start_marker,
        clip.end_marker,
        clip.signature_numerator,
        clip.signature_denominator,
        int(clip.muted),
        int(clip.is_playing),
        int(read(clip, "is_recording", False)),
    )


def audio_packet(clip: Clip, clip_id: int) -> bytes:
    """Return the `/roo/set/audio` of an audio clip."""
    return packet(
        "/roo/set/audio",
        clip_id,
        read(clip, "file_path", "") or "",
        read(clip, "sample_length", 0),
        read(clip, "sample_rate", 0.0),
        int(clip.warping),
        clip.warp_mode,
        read(clip, "gain", 0.4),
    )
