"""Routing choices of a track's input and output, and their channels."""

from __future__ import annotations

from musearoo.tools.live_simulator.core.values import Routing
from musearoo.tools.live_simulator.live_set.links import SongLink, TrackLink

EXTERNAL, _, RESAMPLING, MASTER, TRACK, _, NONE, INVALID = range(8)
"""Values of Live.Track.RoutingTypeCategory."""

MIDI, MONO, STEREO = range(3)
"""Values of Live.Track.RoutingChannelLayout."""

NOT_READY = (Routing("", INVALID),)
"""The value of a new track's lists in the tick that created it: one choice without a name."""

TAPS = tuple(Routing(name, STEREO) for name in ("Pre FX", "Post FX", "Post Mixer"))
EXTERNAL_PAIR = (Routing("1/2", STEREO), Routing("1", MONO), Routing("2", MONO))
MIDI_CHANNELS = tuple(Routing(name, MIDI) for name in ("All Channels", *(f"Ch. {number}" for number in range(1, 17))))
WHOLE = (Routing("", STEREO),)


def main_name(song: SongLink) -> str:
    """Return the name of the master track, which is 'Main' since Live 12."""
    return "Main" if song.version[0] >= 12 else "Master"


def input_types(track: TrackLink) -> tuple[Routing, ...]:
    """Return the input choices of a track, in the chooser's order."""
    song = track.song
    others = [other for other in song.tracks if other is not track]
    if track.is_audio:
        sources = [*(other for other in others if other.is_audio), *song.return_tracks, song.master_track]
        routings = [Routing("Ext. In", EXTERNAL), Routing("Resampling", RESAMPLING)]
        routings += [_to_track(other) for other in sources]
        return (*routings, Routing("No Input", NONE))
    ins = [Routing("All Ins", EXTERNAL), Routing("Computer Keyboard", EXTERNAL)]
    return (*ins, *(_to_track(other) for other in others if not other.is_audio), Routing("No Input", NONE))


def output_types(track: TrackLink) -> tuple[Routing, ...]:
    """Return the output choices of a track."""
    song = track.song
    if track is song.master_track:
        return (Routing("Ext. Out", EXTERNAL),)
    sounds = track.has_audio_output
    others = [other for other in song.tracks if other is not track and other.is_audio == sounds]
    if sounds:
        main = Routing(main_name(song), MASTER, song.master_track)
        outs = [Routing("Ext. Out", EXTERNAL), main, *map(_to_track, others)]
        return (*outs, Routing("Sends Only", NONE))
    return (*(_to_track(other) for other in others), Routing("No Output", NONE))


def input_channels(track: TrackLink, routing: Routing) -> tuple[Routing, ...]:
    """Return the channels of an input choice."""
    return _channels(routing, track.is_audio)


def output_channels(track: TrackLink, routing: Routing) -> tuple[Routing, ...]:
    """Return the channels of an output choice."""
    if routing.number == TRACK and track.has_audio_output:
        return (Routing("Track In", STEREO),)
    return _channels(routing, track.has_audio_output) if routing.number != MASTER else WHOLE


def _channels(routing: Routing, is_audio: bool) -> tuple[Routing, ...]:
    if routing.number in (NONE, INVALID):
        return (Routing("", STEREO if is_audio else MIDI),)
    if not is_audio:
        return MIDI_CHANNELS
    if routing.number == EXTERNAL:
        return EXTERNAL_PAIR
    return WHOLE if routing.number == RESAMPLING else TAPS


def _to_track(track: TrackLink) -> Routing:
    return Routing(track.name, MASTER if track is track.song.master_track else TRACK, track)
