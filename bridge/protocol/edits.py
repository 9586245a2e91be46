"""The edits of a transaction: what the Remote Script can change in the set."""

from typing import Annotated

from musearoo.bridge.protocol.agreed import LONGEST_NAME, MAX_BEATS, MOST_WARP_MARKERS
from musearoo.bridge.protocol.arguments import (
    BPM,
    COLOR,
    DENOMINATOR,
    FLAG,
    ID,
    LENGTH,
    NAME,
    NUMERATOR,
    PATH,
    PLACE_IN_CLIP,
    REF,
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

_WHERE = whole(
    0,
    2,
    "0 this slot only, 1 this slot or the next empty one below (a new scene if none), 2 replace the clip",
)
_OPTIONAL_FLAG = whole(-1, 1, "0 no, 1 yes, -1 leave it")
_WARP_MODE = whole(-1, 6, "as in /roo/set/audio, -1 leaves it")


@message("/roo/edit/create_track", Route.DAEMON_TO_SCRIPT)
class CreateTrack(Message):
    """Edit: creates a track."""

    kind: Annotated[int, whole(0, 1, "0 MIDI, 1 audio")]
    after: Annotated[int, whole(-1000, INT32_MAX, "the track it comes after, 0 for the end")]
    name: Annotated[str, NAME]
    color: Annotated[int, COLOR]


@message("/roo/edit/load_instrument", Route.DAEMON_TO_SCRIPT)
class LoadInstrument(Message):
    """Edit: gives a silent MIDI track the first of these that this Live has.

    A track with an instrument keeps it, and one whose MIDI goes elsewhere stays as it is. Where nothing is found the
    track stays silent: /roo/set/instrument tells. New clips of drums follow the pads of the track's drum rack.
    """

    track: Annotated[int, REF]
    model: Annotated[int, whole(0, INT32_MAX, "a track whose instrument is taken if it has one; 0 for none")]
    drums: Annotated[int, whole(0, 1, "1 for drums: the clips are General MIDI drums")]
    names: tuple[Annotated[str, text(LONGEST_NAME, "kit, preset or device, as the browser shows it; best first")], ...]


@message("/roo/edit/create_scene", Route.DAEMON_TO_SCRIPT)
class CreateScene(Message):
    """Edit: creates a scene."""

    after: Annotated[int, whole(-1000, INT32_MAX, "the scene it comes after, 0 for the end")]
    name: Annotated[str, NAME]


@message("/roo/edit/create_clip", Route.DAEMON_TO_SCRIPT)
class CreateClip(Message):
    """Edit: creates a MIDI clip with its notes in the Session."""

    track: Annotated[int, REF]
    scene: Annotated[int, REF]
    where: Annotated[int, _WHERE]
    length: Annotated[float, LENGTH]
    name: Annotated[str, NAME]
    color: Annotated[int, COLOR]
    looping: Annotated[int, FLAG]
    numerator: Annotated[int, NUMERATOR]
    denominator: Annotated[int, DENOMINATOR]
    notes: Annotated[bytes, notes("the clip's notes")]


@message("/roo/edit/create_audio_clip", Route.DAEMON_TO_SCRIPT)
class CreateAudioClip(Message):
    """Edit: puts an audio file into a slot of the Session."""

    track: Annotated[int, REF]
    scene: Annotated[int, REF]
    where: Annotated[int, _WHERE]
    file_path: Annotated[str, PATH]
    name: Annotated[str, NAME]
    color: Annotated[int, COLOR]
    warping: Annotated[int, _OPTIONAL_FLAG]
    warp_mode: Annotated[int, _WARP_MODE]
    looping: Annotated[int, _OPTIONAL_FLAG]


@message("/roo/edit/create_arrangement_clip", Route.DAEMON_TO_SCRIPT)
class CreateArrangementClip(Message):
    """Edit: creates a MIDI clip with its notes in the Arrangement, where no other clip may be."""

    track: Annotated[int, REF]
    start: Annotated[float, double(0.0, MAX_BEATS, "position in beats")]
    length: Annotated[float, LENGTH]
    name: Annotated[str, NAME]
    color: Annotated[int, COLOR]
    notes: Annotated[bytes, notes("the clip's notes")]


@message("/roo/edit/create_arrangement_audio_clip", Route.DAEMON_TO_SCRIPT)
class CreateArrangementAudioClip(Message):
    """Edit: puts an audio file into the Arrangement, where no other clip may be."""

    track: Annotated[int, REF]
    start: Annotated[float, double(0.0, MAX_BEATS, "position in beats")]
    file_path: Annotated[str, PATH]
    name: Annotated[str, NAME]
    color: Annotated[int, COLOR]
    warping: Annotated[int, _OPTIONAL_FLAG]
    warp_mode: Annotated[int, _WARP_MODE]


@message("/roo/edit/create_stem", Route.DAEMON_TO_SCRIPT)
class CreateStem(Message):
    """Edit: puts a stem of a clip on another track, to play there exactly as the clip does.

    The file must have the clip's rate and its exact length in samples. In the Session it goes into the clip's scene, in
    the Arrangement to the clip's position, which must be empty. It gets the clip's warping, markers, loop, launch
    settings, gain and pitch; it is not muted, even if the clip is.
    """

    source: Annotated[int, REF]
    track: Annotated[int, REF]
    file_path: Annotated[str, PATH]
    name: Annotated[str, NAME]
    color: Annotated[int, COLOR]


@message("/roo/edit/mute_clip", Route.DAEMON_TO_SCRIPT)
class MuteClip(Message):
    """Edit: switches a clip off or on, as the 0 key does."""

    clip: Annotated[int, REF]
    muted: Annotated[int, FLAG]


@message("/roo/edit/replace_notes", Route.DAEMON_TO_SCRIPT)
class ReplaceNotes(Message):
    """Edit: replaces the notes of a MIDI clip."""

    clip: Annotated[int, REF]
    notes: Annotated[bytes, notes("the clip's new notes")]


@message("/roo/edit/delete", Route.DAEMON_TO_SCRIPT)
class Delete(Message):
    """Edit: deletes a clip, track or scene."""

    id: Annotated[int, ID]
    only_made: Annotated[int, whole(0, 1, "1 refuses unless MuseAroo made it; 0 when the user named it")]


@message("/roo/edit/rename", Route.DAEMON_TO_SCRIPT)
class Rename(Message):
    """Edit: names and colours a clip, track or scene."""

    id: Annotated[int, REF]
    name: Annotated[str, NAME]
    color: Annotated[int, COLOR]


@message("/roo/edit/set_mixer", Route.DAEMON_TO_SCRIPT)
class SetMixer(Message):
    """Edit: moves a mixer control of a track."""

    track: Annotated[int, REF]
    control: Annotated[str, text(16, "which control", ("volume", "panning", "mute", "solo", "arm"))]
    value: Annotated[float, double(-1.0, 1.0, "volume 0..1 (0.85 is 0 dB), panning -1..1, the others 0 or 1")]


@message("/roo/edit/set_send", Route.DAEMON_TO_SCRIPT)
class SetSend(Message):
    """Edit: sets the level of a track's send to a return."""

    track: Annotated[int, REF]
    send: Annotated[int, whole(0, 11, "index of the return track")]
    value: Annotated[float, double(0.0, 1.0, "0 to 1")]


@message("/roo/edit/set_equaliser", Route.DAEMON_TO_SCRIPT)
class SetEqualiser(Message):
    """Edit: sets one band of the last EQ Eight in a track's chain, in Live's units. Adding one needs Live 12.3."""

    track: Annotated[int, REF]
    fresh: Annotated[int, whole(0, 1, "1 puts a new EQ Eight at the end of the chain first")]
    band: Annotated[int, whole(1, 8, "which band; it is switched on")]
    filter_type: Annotated[int, whole(0, 7, "as Live counts: 1 low cut of 12 dB an octave, 3 bell")]
    hertz: Annotated[float, double(10.0, 22_000.0, "frequency in Hz")]
    gain_db: Annotated[float, double(-15.0, 15.0, "gain in dB; a cut filter has none")]
    q: Annotated[float, double(0.1, 18.0, "resonance")]


@message("/roo/edit/set_routing", Route.DAEMON_TO_SCRIPT)
class SetRouting(Message):
    """Edit: chooses the input or output of a track, by Live's name for it."""

    track: Annotated[int, REF]
    which: Annotated[str, text(16, "which chooser", ("input type", "input channel", "output type", "output channel"))]
    choice: Annotated[str, text(LONGEST_NAME, "name as Live shows it")]


@message("/roo/edit/set_tempo", Route.DAEMON_TO_SCRIPT)
class SetTempo(Message):
    """Edit: the set's tempo."""

    tempo: Annotated[float, BPM]


@message("/roo/edit/set_meter", Route.DAEMON_TO_SCRIPT)
class SetMeter(Message):
    """Edit: the set's time signature."""

    numerator: Annotated[int, NUMERATOR]
    denominator: Annotated[int, DENOMINATOR]


@message("/roo/edit/set_scale", Route.DAEMON_TO_SCRIPT)
class SetScale(Message):
    """Edit: the set's scale."""

    root_note: Annotated[int, whole(0, 11, "0 is C")]
    scale_name: Annotated[str, text(64, "Live's name of the scale")]


@message("/roo/edit/set_warping", Route.DAEMON_TO_SCRIPT)
class SetWarping(Message):
    """Edit: whether an audio clip is warped, and how.

    Where this changes, Live sets loop and markers to the whole file; an edit of the loop may follow.
    """

    clip: Annotated[int, REF]
    warping: Annotated[int, _OPTIONAL_FLAG]
    warp_mode: Annotated[int, _WARP_MODE]


@message("/roo/edit/set_warp_markers", Route.DAEMON_TO_SCRIPT)
class SetWarpMarkers(Message):
    """Edit: replaces the warp markers of an audio clip. Loop and markers keep their beats."""

    clip: Annotated[int, REF]
    markers: Annotated[
        bytes, warp_markers(f"2 to {MOST_WARP_MARKERS:,} of them, each later than the one before, in seconds and beats")
    ]


@message("/roo/edit/set_loop", Route.DAEMON_TO_SCRIPT)
class SetLoop(Message):
    """Edit: sets the part of a clip that plays. The end marker follows loop_end; unlooped, both are the clip's end."""

    clip: Annotated[int, REF]
    looping: Annotated[int, _OPTIONAL_FLAG]
    loop_start: Annotated[float, PLACE_IN_CLIP]
    loop_end: Annotated[float, PLACE_IN_CLIP]
    start_marker: Annotated[float, double(-MAX_BEATS, MAX_BEATS, "where a clip that loops starts, before loop_end")]


@message("/roo/edit/create_locator", Route.DAEMON_TO_SCRIPT)
class CreateLocator(Message):
    """Edit: creates a locator in the Arrangement, while Live is stopped. An existing one there stays unchanged.

    Live sets locators only at its song position, so each takes a few ticks; the position is restored at the end.
    Before 12.1 scripts cannot name locators: there Live numbers them.
    """

    time: Annotated[float, double(0.0, MAX_BEATS, "position in beats; Live rounds it to sixteenths")]
    name: Annotated[str, NAME]


@message("/roo/edit/launch", Route.DAEMON_TO_SCRIPT)
class Launch(Message):
    """Edit: launches a clip of the Session when all edits are done, by its launch quantization. Undo stops it."""

    clip: Annotated[int, REF]


@message("/roo/edit/stop_clips", Route.DAEMON_TO_SCRIPT)
class StopClips(Message):
    """Edit: stops the Session clips of a track when all edits are done, by launch quantization. No undo step."""

    track: Annotated[int, REF]


@message("/roo/edit/play", Route.DAEMON_TO_SCRIPT)
class PlaySong(Message):
    """Edit: starts or stops Live's transport when all edits are done. No undo step."""

    playing: Annotated[int, whole(0, 1, "1 starts, as Live's Play button does; 0 stops")]


Edit = (
    CreateTrack
    | LoadInstrument
    | CreateScene
    | CreateClip
    | CreateAudioClip
    | CreateArrangementClip
    | CreateArrangementAudioClip
    | CreateStem
    | MuteClip
    | ReplaceNotes
    | Delete
    | Rename
    | SetMixer
    | SetSend
    | SetEqualiser
    | SetRouting
    | SetTempo
    | SetMeter
    | SetScale
    | SetWarping
    | SetWarpMarkers
    | SetLoop
    | CreateLocator
    | Launch
    | StopClips
    | PlaySong
)
"""The edits of a transaction, in the order of the reference page."""
