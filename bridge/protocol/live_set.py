"""The state of the Live set, as the Remote Script reports it: all of it once, then every change."""

from typing import Annotated

from musearoo.bridge.protocol.agreed import MAX_BEATS
from musearoo.bridge.protocol.arguments import (
    BPM,
    COLOR,
    DENOMINATOR,
    FLAG,
    ID,
    NAME,
    NUMERATOR,
    PATH,
    PLACE_IN_CLIP,
)
from musearoo.bridge.protocol.types import (
    INT32_MAX,
    Message,
    Route,
    double,
    message,
    notes,
    text,
    warp_markers,
    whole,
)


@message("/roo/set/song", Route.SCRIPT_TO_DAEMON)
class SongState(Message):
    """The set itself, whole, whenever any of it changed."""

    name: Annotated[str, text(255, "name of the set, empty when unsaved")]
    tempo: Annotated[float, BPM]
    numerator: Annotated[int, NUMERATOR]
    denominator: Annotated[int, DENOMINATOR]
    root_note: Annotated[int, whole(0, 11, "root of the set's scale, 0 is C")]
    scale_name: Annotated[str, text(64, "Live's name of the scale, such as Minor")]
    scale_mode: Annotated[int, whole(-1, 1, "1 when the set's scale is switched on, -1 where Live cannot tell")]
    is_playing: Annotated[int, FLAG]
    file_path: Annotated[str, text(4096, "absolute path of the set's file, empty when unsaved or not told")] = ""


@message("/roo/transport", Route.SCRIPT_TO_DAEMON)
class TransportState(Message):
    """Live's transport at a moment: twenty times a second while it plays, at once when it starts, stops or jumps."""

    playing: Annotated[int, FLAG]
    beat: Annotated[float, double(-MAX_BEATS, MAX_BEATS, "the song's position in beats, less than 0 in a count-in")]
    bpm: Annotated[float, BPM]
    time: Annotated[float, double(0.0, 1e12, "seconds of the script's time.perf_counter when it read the position")]
    loop_start: Annotated[float, double(0.0, MAX_BEATS, "where the Arrangement's loop begins, in beats")]
    loop_end: Annotated[float, double(0.0, MAX_BEATS, "where it ends; 0 as the beginning where it is off")]


@message("/roo/set/track", Route.SCRIPT_TO_DAEMON)
class TrackState(Message):
    """One track, whole, whenever any of it or its index changed."""

    id: Annotated[int, ID]
    index: Annotated[int, whole(0, 9999, "place among its kind: regular tracks, or returns; 0 for the master")]
    kind: Annotated[int, whole(0, 4, "0 MIDI, 1 audio, 2 group, 3 return, 4 master")]
    name: Annotated[str, NAME]
    color: Annotated[int, COLOR]
    group: Annotated[int, whole(0, INT32_MAX, "id of the group track it lies in, 0 for none")]
    muted: Annotated[int, FLAG]
    soloed: Annotated[int, FLAG]
    armed: Annotated[int, FLAG]


@message("/roo/set/instrument", Route.SCRIPT_TO_DAEMON)
class InstrumentState(Message):
    """What a MIDI track sounds with, after the track and whenever it changed: the first instrument in its chain."""

    track: Annotated[int, ID]
    name: Annotated[str, text(255, "as Live shows it; without an instrument where its MIDI goes, empty for nowhere")]
    device: Annotated[str, text(64, "Live's class name, such as DrumGroupDevice; empty without an instrument")]
    pads: tuple[
        Annotated[str, text(300, "per filled pad of a drum rack: note, choke group (0 for none), name")],
        ...,
    ]


@message("/roo/set/mixer", Route.SCRIPT_TO_DAEMON)
class MixerState(Message):
    """The mixer of one track, whole, after the track and whenever any of it changed."""

    track: Annotated[int, ID]
    volume: Annotated[float, double(0.0, 1.0, "0 to 1, 0.85 is 0 dB")]
    panning: Annotated[float, double(-1.0, 1.0, "-1 left to 1 right")]
    held: Annotated[str, text(64, "which of volume, panning, sends are automated or held by a macro; commas between")]
    sends: tuple[Annotated[float, double(0.0, 1.0, "per return track: 0 to 1")], ...]


@message("/roo/set/equaliser", Route.SCRIPT_TO_DAEMON)
class EqualiserState(Message):
    """The last EQ Eight in a track's chain, whenever it changed; without settings when there is none any more."""

    track: Annotated[int, ID]
    settings: tuple[
        Annotated[float, double(-1e6, 1e6, "per band, 1 to 8: Live's raw values of on, type, frequency, gain, Q")],
        ...,
    ]


@message("/roo/set/scene", Route.SCRIPT_TO_DAEMON)
class SceneState(Message):
    """One scene, whole, whenever its name or index changed."""

    id: Annotated[int, ID]
    index: Annotated[int, whole(0, 9999, "place from the top")]
    name: Annotated[str, NAME]


@message("/roo/set/clip", Route.SCRIPT_TO_DAEMON)
class ClipState(Message):
    """One clip, whole, whenever any of it changed. A MIDI clip's notes, or an audio clip's file and warp, follow.

    An audio clip that is not warped has its length, loop and markers in seconds of the file: so Live reports them.
    """

    id: Annotated[int, ID]
    track: Annotated[int, ID]
    scene: Annotated[int, whole(0, INT32_MAX, "id of its scene, 0 in the Arrangement")]
    start: Annotated[float, double(0.0, MAX_BEATS, "position in the Arrangement in beats, 0 in the Session")]
    is_audio: Annotated[int, FLAG]
    name: Annotated[str, NAME]
    color: Annotated[int, COLOR]
    length: Annotated[float, double(0.0, MAX_BEATS, "length in beats, or seconds (of the loop where it loops)")]
    looping: Annotated[int, FLAG]
    loop_start: Annotated[float, PLACE_IN_CLIP]
    loop_end: Annotated[float, PLACE_IN_CLIP]
    start_marker: Annotated[float, PLACE_IN_CLIP]
    end_marker: Annotated[float, PLACE_IN_CLIP]
    numerator: Annotated[int, NUMERATOR]
    denominator: Annotated[int, DENOMINATOR]
    muted: Annotated[int, FLAG]
    is_playing: Annotated[int, FLAG]
    is_recording: Annotated[int, FLAG] = 0


@message("/roo/set/notes", Route.SCRIPT_TO_DAEMON)
class ClipNotes(Message):
    """All notes of a MIDI clip, whenever they changed."""

    clip: Annotated[int, ID]
    notes: Annotated[bytes, notes("the clip's notes, by pitch, then start")]


@message("/roo/set/audio", Route.SCRIPT_TO_DAEMON)
class ClipAudio(Message):
    """The file behind an audio clip and how it is warped, whenever that changed."""

    clip: Annotated[int, ID]
    file_path: Annotated[str, PATH]
    sample_length: Annotated[float, double(0.0, 1e12, "length of the file in samples")]
    sample_rate: Annotated[float, double(0.0, 768_000.0, "Hz, 0 where this Live cannot tell")]
    warping: Annotated[int, FLAG]
    warp_mode: Annotated[int, whole(0, 6, "beats 0, tones 1, texture 2, repitch 3, complex 4, rex 5, complex pro 6")]
    gain: Annotated[float, double(0.0, 1.0, "Live's own scale, 0.4 is 0 dB")]


@message("/roo/set/warp", Route.SCRIPT_TO_DAEMON)
class ClipWarp(Message):
    """All warp markers of an audio clip, whenever they changed; sent even if it is not warped."""

    clip: Annotated[int, ID]
    markers: Annotated[
        bytes,
        warp_markers(
            "in order; the last is Live's hidden one, which tells the pace behind the last that is shown. Between "
            "markers the pace is even, and before the first it is that of the first stretch"
        ),
    ]


@message("/roo/set/selection", Route.SCRIPT_TO_DAEMON)
class Selection(Message):
    """The user's selection; 0 for nothing."""

    track: Annotated[int, whole(0, INT32_MAX, "id of the selected track")]
    scene: Annotated[int, whole(0, INT32_MAX, "id of the selected scene")]
    clip: Annotated[int, whole(0, INT32_MAX, "id of the clip in Detail View")]


@message("/roo/set/gone", Route.SCRIPT_TO_DAEMON)
class Gone(Message):
    """A track, scene or clip was deleted; its id is never used again."""

    id: Annotated[int, ID]


@message("/roo/set/ready", Route.SCRIPT_TO_DAEMON)
class SetReady(Message):
    """The whole set has been reported; from here on only changes are."""

    objects: Annotated[int, whole(0, INT32_MAX, "objects that have an id")]
