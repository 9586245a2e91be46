"""The api role on the script's port: clients such as `musearoo serve`, which act as devices and watch the open sets.

After the welcome a client also sends every message of a device and gets the answers: as many device sessions as it
opens, without proofs, beats and acknowledgements, for the connection stands for all of them.
"""

from typing import Annotated

from musearoo.bridge.protocol.agreed import LONGEST_FRAME, MAX_BEATS
from musearoo.bridge.protocol.arguments import (
    ASKED_KEY,
    BPM,
    CLIP_SCENE,
    CODE,
    FLAG,
    ID,
    KNOWN_KEY,
    LIVE,
    NAME,
    PRESS,
    REPLACE,
    REQUEST,
    SEED,
    SENTENCE,
    SESSION,
    VERSION,
)
from musearoo.bridge.protocol.shown import LONGEST_CHORDS
from musearoo.bridge.protocol.types import (
    INT32_MAX,
    Message,
    Route,
    double,
    message,
    notes,
    packed,
    real,
    text,
    whole,
    words,
)

ACTIONS = (
    "mute", "unmute", "solo", "unsolo", "level", "tempo", "key", "delete clip", "delete track", "delete scene",
    "launch clip", "launch scene", "stop clips", "play", "stop",
)  # fmt: skip
"""Adjustments of the set that no button makes."""

MOST_EDITED = 5000
"""Notes of a clip that a hand has edited: more than anybody draws, and little enough for one packet."""

LONGEST_METRICS = 1024 * 1024
"""Bytes of the metrics' text: ten times what the daemon's table has."""

LONGEST_CLIENT_FRAME = LONGEST_FRAME + 1024 * 1024
"""Bytes of one packet to a client: the longest that a script sends or gets, with other heads."""

_LIVE_NUMBER = whole(1, INT32_MAX, "number of the Live, for as long as its script stays connected")


@message("/roo/api/hello", Route.API_TO_DAEMON)
class ApiHello(Message):
    """The first message on a client's connection: the token that admits it, and what it is."""

    token: Annotated[str, text(128, "the token from the owner-only file")]
    wire_version: Annotated[int, VERSION]
    name: Annotated[str, text(64, "what the client is, such as musearoo serve")]
    version: Annotated[str, text(32, "version of the client")]


@message("/roo/api/watch", Route.API_TO_DAEMON)
class Watch(Message):
    """Asks for the open sets, all of each and then every change, and for takes; or for no more of them."""

    on: Annotated[int, FLAG]


@message("/roo/api/ask_metrics", Route.API_TO_DAEMON)
class AskMetrics(Message):
    """Asks for /roo/api/metrics."""


@message("/roo/api/beat", Route.API_TO_DAEMON)
class ApiBeat(Message):
    """Keep-alive, every few seconds; a client that is silent for 30 s is closed, and its sessions end."""


@message("/roo/api/act", Route.API_TO_DAEMON)
class ApiAct(Message):
    """A press of one of the client's device sessions: an adjustment of the set. Ended as /roo/generate is."""

    session: Annotated[int, SESSION]
    press: Annotated[int, PRESS]
    action: Annotated[str, text(16, "what is done", ACTIONS)]
    tracks: Annotated[str, text(500, "indices of the tracks, commas between; empty for the selected one")]
    scene: Annotated[int, CLIP_SCENE]
    db: Annotated[float, real(-60.0, 60.0, "how far faders move, in dB")]
    bpm: Annotated[float, real(0.0, 999.0, "the new tempo, 0 for none")]
    key: Annotated[str, ASKED_KEY]


@message("/roo/api/change", Route.API_TO_DAEMON)
class ApiChange(Message):
    """A press of one of the client's device sessions: several clips changed in one step. Ended as /roo/refine is."""

    session: Annotated[int, SESSION]
    press: Annotated[int, PRESS]
    changes: Annotated[bytes, packed("one or more of a device's /roo/refine messages, none of them auditioned")]


@message("/roo/api/edit", Route.API_TO_DAEMON)
class ApiEdit(Message):
    """A press of one of the client's device sessions: the notes of a MIDI clip as a hand has edited them.

    They become a take of their own in the next empty slot, or with `replace` the clip's notes. Ended as /roo/refine is.
    """

    session: Annotated[int, SESSION]
    press: Annotated[int, PRESS]
    clip: Annotated[int, ID]
    notes: Annotated[bytes, notes("all notes that the clip is to have, in its own beats")]
    replace: Annotated[int, REPLACE]


@message("/roo/api/welcome", Route.DAEMON_TO_API)
class ApiWelcome(Message):
    """Admits the client."""

    wire_version: Annotated[int, VERSION]
    daemon_version: Annotated[str, text(32, "version of the daemon")]


@message("/roo/api/refused", Route.DAEMON_TO_API)
class ApiRefused(Message):
    """Refuses the client and closes the connection."""

    code: Annotated[int, CODE]
    sentence: Annotated[str, SENTENCE]


@message("/roo/api/beat", Route.DAEMON_TO_API)
class ApiBeatBack(Message):
    """Answers the client's keep-alive."""


@message("/roo/api/live", Route.DAEMON_TO_API)
class ApiLive(Message):
    """One Live, when its set has been reported and at each change. Away: it has gone, and its number with it."""

    live: Annotated[int, _LIVE_NUMBER]
    instance: Annotated[str, text(64, "unique name of this run of its script; another set is another run")]
    live_version: Annotated[str, text(32, "version of Live, such as 12.3.6")]
    set_name: Annotated[str, text(255, "name of the set, empty when unsaved")]
    state: Annotated[int, LIVE]
    key: Annotated[str, KNOWN_KEY]
    chords: Annotated[str, words(LONGEST_CHORDS, "chords of the selected scene, spaces between, empty when not known")]


@message("/roo/api/set", Route.DAEMON_TO_API)
class ApiSet(Message):
    """A part of a Live's set, or of what changed in it, in the script's order. The whole set ends with /roo/set/ready.

    What a press has written comes before the answer to the press.
    """

    live: Annotated[int, _LIVE_NUMBER]
    sequence: Annotated[int, whole(0, INT32_MAX, "counts these messages of the Live; 0 begins the whole set anew")]
    packet: Annotated[bytes, packed("one or more of the script's /roo/set/ messages")]


@message("/roo/api/transport", Route.DAEMON_TO_API)
class ApiTransport(Message):
    """A Live's transport at a moment: when it starts, stops, jumps or changes tempo, and every 5 s while it plays."""

    live: Annotated[int, _LIVE_NUMBER]
    playing: Annotated[int, FLAG]
    beat: Annotated[float, double(-MAX_BEATS, MAX_BEATS, "the song's position in beats, less than 0 in a count-in")]
    bpm: Annotated[float, BPM]
    time: Annotated[float, double(0.0, 1e12, "Unix seconds of the moment, by this machine's clock")]
    loop_start: Annotated[float, double(0.0, MAX_BEATS, "where the Arrangement's loop begins, in beats")]
    loop_end: Annotated[float, double(0.0, MAX_BEATS, "where it ends; 0 as the beginning where it is off")]


@message("/roo/api/take", Route.DAEMON_TO_API)
class ApiTake(Message):
    """A request has written clips into Live. Begins an OSC bundle of /roo/api/part, one for each clip."""

    request: Annotated[str, REQUEST]
    live: Annotated[int, _LIVE_NUMBER]
    session: Annotated[int, whole(0, INT32_MAX, "session of the device, 0 for what began by itself")]
    press: Annotated[int, whole(0, INT32_MAX, "number of the press on that device, 0 for what began by itself")]
    kind: Annotated[str, text(16, "what was asked for, such as generate, band, song, refine, split")]
    name: Annotated[str, NAME]
    milliseconds: Annotated[float, real(0.0, 1e9, "from the press's arrival to Live's answer")]
    asked: Annotated[bytes, packed("the request as its device sent it; empty for what only words can ask for")]
    style: Annotated[str, words(64, "style that was played; empty if no engine played")]
    seed: Annotated[int, SEED]
    context: Annotated[bytes, packed("the musical context that the engines had, in msgpack; empty if they had none")]
    lean: Annotated[str, text(200, "engines that played simpler takes, as the computer was busy; commas between")] = ""


@message("/roo/api/part", Route.DAEMON_TO_API)
class ApiPart(Message):
    """A clip of /roo/api/take, as it was written: drums are on the pads of the track's kit, if it has others."""

    clip: Annotated[int, whole(0, INT32_MAX, "id of the clip in Live, 0 if it has gone already")]
    take: Annotated[int, whole(1, 9999, "number of the take of this part, counted from 1")]
    role: Annotated[str, text(16, "drums, bass, harmony, melody, atmosphere or unknown")]
    name: Annotated[str, NAME]
    track: Annotated[int, whole(-1, 9999, "index of its track, -1 when not known any more")]
    scene: Annotated[int, whole(-1, 9999, "index of its scene, -1 in the Arrangement and when not known any more")]
    length: Annotated[float, double(0.0, 1e9, "length in beats, or seconds for audio that is not warped")]
    file_path: Annotated[str, text(4096, "absolute path of its file, empty for notes")]
    notes: Annotated[bytes, notes("the notes")]


@message("/roo/api/take_undone", Route.DAEMON_TO_API)
class ApiTakeUndone(Message):
    """MuseAroo has taken back what a request wrote."""

    live: Annotated[int, _LIVE_NUMBER]
    request: Annotated[
        str, text(80, "request id of what was taken back; empty for one of an earlier run of the daemon")
    ]


@message("/roo/api/metrics", Route.DAEMON_TO_API)
class ApiMetrics(Message):
    """Answers /roo/api/ask_metrics."""

    text: Annotated[str, text(LONGEST_METRICS, "the daemon's metrics in Prometheus' text format, empty for none")]
