"""The wire: every OSC address once, with its arguments, bounds, direction and meaning.

The Remote Script's copy, the device's table and the reference page are generated from here by `tools/generate_wire.py`.
Object ids are handed out by the Remote Script; 0 means "none". Inside one transaction -k names what its k-th edit made.
Positions and lengths are beats (quarter notes), colours 0xRRGGBB (-1 leaves Live's choice), times Unix seconds.
"""

from enum import IntEnum
from typing import Annotated

from bridge.wire_types import INT32_MAX, Message, Route, double, message, notes, real, text, warp_markers, whole

WIRE_VERSION = 8
"""Raised whenever an address or an argument changes; a peer of another version is refused in one sentence."""

FIRST_SCRIPT_PORT = 24610
FIRST_DEVICE_PORT = 24620
PORTS_TO_TRY = 8
"""When a port is taken the daemon takes the next of this many; the device asks them in turn."""

LONGEST_FRAME = 8 * 1024 * 1024
"""Bytes of one packet on the script's stream: 20,000 notes are 720,000 bytes, a long song ten times that."""

LONGEST_DATAGRAM = 1024
"""Bytes of one packet from or to a device: what Max takes whole on every platform."""

NOTE_RECORD = ">BBxxffffdd"
"""One note in a blob, big-endian: pitch, mute, probability, velocity, velocity deviation, release velocity, start and
duration in beats. The last two are doubles: a single-precision beat leaves its sample after a few hundred beats."""

WARP_RECORD = ">dd"
"""One warp marker in a blob, big-endian: the second of the audio file, and the beat on which it falls."""

MOST_WARP_MARKERS = 20_000
"""Warp markers that a clip may be given at once: half an hour with five a second has not half as many."""

MAX_BEATS = 1_576_800.0
"""Live's own end of time: the last position that it takes in the Arrangement."""

_ID = whole(1, INT32_MAX, "object id")
_REF = whole(-1000, INT32_MAX, "object id, or -k for what edit k of this transaction made")
LONGEST_NAME = 255
"""Bytes of a name; what is longer is cut."""

_NAME = text(LONGEST_NAME, "name as Live shows it")
_COLOR = whole(-1, 0xFFFFFF, "colour 0xRRGGBB, -1 leaves it")
_FLAG = whole(0, 1, "0 no, 1 yes")
_PATH = text(4096, "absolute path of a file")
LONGEST_SENTENCE = 600
"""Bytes of a sentence for the user; what is longer is cut."""

LONGEST_SAYING = 300
"""Bytes of what was said, or is said in writing; what is longer is cut."""

LONGEST_CHORDS = 120
"""Bytes of the chords that a device shows; what is longer is cut."""

_SENTENCE = text(LONGEST_SENTENCE, "one sentence for the user: what was wrong, where, what to do")
_LENGTH = double(1e-3, MAX_BEATS, "length in beats")
_REQUEST = text(80, "request id; a repeat of the same id is answered with the first answer and changes nothing")
_SESSION = whole(1, INT32_MAX, "session number from the welcome")
_PRESS = whole(1, INT32_MAX, "number of the press, counted by the device; a repeat is the same press")
_PRESS_OR_NONE = whole(0, INT32_MAX, "number of the press, 0 for what began by itself")
_BACKEND = text(16, "demucs, dsp (needs no weights), or empty for the best that is there", ("", "demucs", "dsp"))
_STEMS = whole(4, 6, "4, or 6 with guitar and piano, which needs demucs", (4, 6))
IMAGINERS = ("musicgen", "stable-audio", "sketch")
"""What makes sound of a prompt; `sketch` are the Roo engines, which need no weights."""

_MUTE = whole(0, 1, "1 mutes the clip that was split, 0 leaves it")
_WHERE = whole(
    0,
    2,
    "0 this slot only, 1 this slot or the next empty one below (a new scene if none), 2 replace the clip",
)
_OPTIONAL_FLAG = whole(-1, 1, "0 no, 1 yes, -1 leave it")
_NUMERATOR = whole(1, 99, "time signature, upper number")
_DENOMINATOR = whole(1, 16, "time signature, lower number", (1, 2, 4, 8, 16))
_BPM = double(20.0, 999.0, "tempo in beats a minute")
_CONFIDENCE = real(0.0, 1.0, "how sure that is, 0 to 1")
_PLACE_IN_CLIP = double(-MAX_BEATS, MAX_BEATS, "beats; seconds of the file for audio that is not warped")
_STYLE = text(32, "style, such as funk; empty for the one that suits the set")
_SEED = whole(-1, INT32_MAX, "same seed, same notes; -1 draws one")
NEW_SCENE_INDEX = 9999
"""The index of a scene that is to be made, below all others."""

_INTO_SCENE = whole(-1, NEW_SCENE_INDEX, "index of the scene at the press, -1 for the selected one, 9999 for a new one")
_TAKES = whole(1, 8, "how many, each with a seed of its own and in a slot of its own")
_COMPLEXITY = real(0.0, 1.0, "0 plain to 1 busy")
_ASKED_KEY = text(32, "key such as A minor; empty follows the set")
_APPLY = whole(0, 1, "1 writes it into the set, 0 only looks")
_HEAR = whole(0, 1, "1 sounds at MuseAroo Out first and is written by /roo/keep, 0 is written at once")
MANNERS = ("", "answer", "continue", "thirds", "sixths", "four parts", "accompany")
"""What may be played to what was just played in: after it, or under it."""

MOST_BARS_KEPT = 64
"""Bars that can be kept of what was played in."""

MOST_BARS_A_TURN = 16
"""Bars of a turn in a jam."""


CLOCKS = ("", "live", "midi", "link", "own")
"""Whom the beat clock follows: Live's transport, MIDI clock at an input, Ableton Link, or nobody."""


class Refusal(IntEnum):
    """Why something was not done: the code beside every sentence that reports it."""

    BAD_MESSAGE = 1
    WRONG_TOKEN = 2
    WRONG_VERSION = 3
    UNKNOWN_SESSION = 4
    NO_LIVE = 5
    SEVERAL_LIVES = 6
    GONE = 7
    SLOT_FILLED = 8
    WRONG_TRACK = 9
    EXPIRED = 10
    UNSUPPORTED = 11
    NOT_MINE = 12
    LIVE_ERROR = 13
    BAD_PARAMETER = 14
    ENGINE_FAILED = 15
    CANCELLED = 16
    LIVE_LOST = 17
    LIVE_BUSY = 18
    TOO_MANY = 19
    NOT_HEARD = 20


class LiveState(IntEnum):
    """What the device shows of Live's connection."""

    AWAY = 0
    READY = 1
    BUSY = 2


# --- device → daemon -------------------------------------------------------------------------------------------------


@message("/roo/hello", Route.DEVICE_TO_DAEMON)
class Hello(Message):
    """A device is there and listens; sent until a welcome comes, and again when the daemon was restarted."""

    instance: Annotated[str, text(64, "name of this device instance, drawn anew each time it is loaded")]
    reply_port: Annotated[int, whole(1024, 65535, "UDP port on which the device listens")]
    wire_version: Annotated[int, whole(0, INT32_MAX, "version of this table")]
    live_version: Annotated[str, text(32, "version of the Live that the device sits in, such as 12.3.6")]
    set_name: Annotated[str, text(255, "name of the set the device sits in, empty when unsaved")]
    sample_rate: Annotated[int, whole(0, 768_000, "sample rate of the set in Hz, 0 when not known")]


@message("/roo/bye", Route.DEVICE_TO_DAEMON)
class Bye(Message):
    """The device was removed or its set closed."""

    session: Annotated[int, _SESSION]


@message("/roo/beat", Route.DEVICE_TO_DAEMON)
class Beat(Message):
    """Sign of life, once a second. A restarted daemon answers it with /roo/stranger."""

    session: Annotated[int, _SESSION]
    reply_port: Annotated[int, whole(1024, 65535, "UDP port on which the device listens")]


@message("/roo/generate", Route.DEVICE_TO_DAEMON)
class Generate(Message):
    """A press: one engine and one clip, or the band. Acknowledged by /roo/got, ended by /roo/done or /roo/failed.

    A device that sees no /roo/got within 500 ms says hello again and repeats the press under the same number.
    """

    session: Annotated[int, _SESSION]
    press: Annotated[int, _PRESS]
    engine: Annotated[str, text(64, "engine, such as drummaroo; several with commas; band for all that fit the style")]
    style: Annotated[str, _STYLE]
    bars: Annotated[int, whole(1, 64, "length in bars")]
    seed: Annotated[int, _SEED]
    complexity: Annotated[float, _COMPLEXITY]
    density: Annotated[float, real(0.0, 1.0, "how finely time is divided, 0.5 as the style has it")]
    humanise: Annotated[float, real(0.0, 1.0, "0 on the grid, 0.5 as people of the style play")]
    swing: Annotated[float, real(0.0, 3.5, "long to short, 1 straight, 2 triplets; 0 follows the set and the style")]
    key: Annotated[str, _ASKED_KEY]
    options: Annotated[str, text(200, "what only this engine knows, such as voicing=drop2; empty for none")]
    track: Annotated[int, whole(-1, 9999, "index of the track at the press, -1 for a new track named after the engine")]
    scene: Annotated[int, _INTO_SCENE]
    replace: Annotated[int, whole(0, 1, "1 replaces the clip in that slot, 0 takes the next empty slot below")]
    chords: Annotated[str, text(160, "chords to play over, such as Dm7 G7 Cmaj7; empty for those of the scene")] = ""
    changes: Annotated[str, text(160, "what is to be otherwise than usual, as in /roo/refine; empty for nothing")] = ""
    takes: Annotated[int, _TAKES] = 1
    bpm: Annotated[float, real(0.0, 999.0, "tempo that the set gets with it; 0 leaves it as it is")] = 0.0
    hear: Annotated[int, _HEAR] = 0
    to_played: Annotated[str, text(16, "what it is to what was just played; empty: nothing", MANNERS)] = ""


@message("/roo/refine", Route.DEVICE_TO_DAEMON)
class Refine(Message):
    """A press: another take of a clip, or the clip changed. Counted, acknowledged and ended as /roo/generate is."""

    session: Annotated[int, _SESSION]
    press: Annotated[int, _PRESS]
    changes: Annotated[str, text(200, "what is to change, such as busier or darker, more swing; commas between")]
    style: Annotated[str, text(32, "style to play it in; empty keeps the clip's own")]
    first_bar: Annotated[int, whole(0, 9999, "first bar to change, counted from 1; 0 for all")]
    last_bar: Annotated[int, whole(0, 9999, "last bar to change; 0 for all")]
    vary_bars: Annotated[int, whole(0, 64, "bars over which the clip is varied; 0 keeps its length")]
    take: Annotated[int, whole(0, 9999, "which clip of the track, counted from the top; 0 for the one named here")]
    seed: Annotated[int, _SEED]
    track: Annotated[int, whole(-1, 9999, "index of the clip's track, -1 for the clip in Detail View")]
    scene: Annotated[int, whole(-1, 9999, "index of the clip's scene, -1 for the selected scene")]
    replace: Annotated[int, whole(0, 1, "1 changes the clip itself, 0 puts the result into the next empty slot below")]
    takes: Annotated[int, _TAKES] = 1
    hear: Annotated[int, _HEAR] = 0


@message("/roo/song", Route.DEVICE_TO_DAEMON)
class WriteSong(Message):
    """A press: a whole song by the band, as scenes or on the timeline. Ended as /roo/generate is."""

    session: Annotated[int, _SESSION]
    press: Annotated[int, _PRESS]
    style: Annotated[str, _STYLE]
    form: Annotated[str, text(64, "name of one of the style's forms; empty for the one that suits the length")]
    seconds: Annotated[float, real(15.0, 600.0, "how long it is to be, within a phrase")]
    seed: Annotated[int, _SEED]
    complexity: Annotated[float, _COMPLEXITY]
    key: Annotated[str, _ASKED_KEY]
    where: Annotated[int, whole(0, 1, "0 scenes in the Session, 1 the Arrangement with locators")]


@message("/roo/mix", Route.DEVICE_TO_DAEMON)
class Mix(Message):
    """A press: levels, places and sends for the tracks of the set. Ended as /roo/generate is, named by its report."""

    session: Annotated[int, _SESSION]
    press: Annotated[int, _PRESS]
    style: Annotated[str, _STYLE]
    pinned: Annotated[str, text(400, "names of tracks that stay as they are, commas between; empty for none")]
    write: Annotated[int, _APPLY]


@message("/roo/analyze", Route.DEVICE_TO_DAEMON)
class Analyze(Message):
    """A press: hear one clip and write what was asked for; ended by /roo/found or /roo/failed.

    Presses of both kinds are counted together, and acknowledged, repeated and cancelled alike.
    """

    session: Annotated[int, _SESSION]
    press: Annotated[int, _PRESS]
    track: Annotated[int, whole(-1, 9999, "index of the clip's track, -1 for the clip in Detail View")]
    scene: Annotated[int, whole(-1, 9999, "index of the clip's scene, -1 for the selected scene")]
    deep: Annotated[int, whole(0, 1, "0 the fast pass, 1 the deep pass, which takes seconds")]
    tempo: Annotated[int, _APPLY]
    meter: Annotated[int, _APPLY]
    scale: Annotated[int, _APPLY]
    warp: Annotated[int, _APPLY]
    locators: Annotated[int, _APPLY]
    name: Annotated[int, _APPLY]


@message("/roo/split", Route.DEVICE_TO_DAEMON)
class Split(Message):
    """A press: take one audio clip apart, its stems on tracks of their own. Counted and ended as /roo/generate is."""

    session: Annotated[int, _SESSION]
    press: Annotated[int, _PRESS]
    track: Annotated[int, whole(-1, 9999, "index of the clip's track, -1 for the clip in Detail View")]
    scene: Annotated[int, whole(-1, 9999, "index of the clip's scene, -1 for the selected scene")]
    backend: Annotated[str, _BACKEND]
    stems: Annotated[int, _STEMS]
    mute: Annotated[int, _MUTE]


@message("/roo/auto_split", Route.DEVICE_TO_DAEMON)
class AutoSplit(Message):
    """Marks a track: audio clips that come onto it from now on are split by themselves. Said anew after a welcome.

    How it goes is told by /roo/progress and /roo/told with press 0; /roo/cancel with press 0 ends what is under way.
    """

    session: Annotated[int, _SESSION]
    track: Annotated[int, whole(0, 9999, "index of the track")]
    on: Annotated[int, _FLAG]
    backend: Annotated[str, _BACKEND]
    stems: Annotated[int, _STEMS]
    mute: Annotated[int, _MUTE]


@message("/roo/imagine", Route.DEVICE_TO_DAEMON)
class Imagine(Message):
    """A press: a prompt becomes audio loops, each a take, in the set's tempo. Counted and ended as /roo/generate is."""

    session: Annotated[int, _SESSION]
    press: Annotated[int, _PRESS]
    prompt: Annotated[str, text(600, "what it is to sound like, in words; empty for what the set itself suggests")]
    bars: Annotated[int, whole(1, 32, "length in bars")]
    takes: Annotated[int, _TAKES]
    seed: Annotated[int, _SEED]
    backend: Annotated[str, text(16, "what imagines; empty for the best that is there", ("", *IMAGINERS))]
    model: Annotated[str, text(40, "name of the model, such as musicgen-small; empty for the one in the settings")]
    key: Annotated[str, _ASKED_KEY]
    style: Annotated[str, _STYLE]
    follow: Annotated[int, whole(0, 1, "1 tells the model the style of the set too, 0 its tempo and key alone")]
    use: Annotated[int, whole(0, 2, "0 no clip, 1 the clip's tune is followed, 2 the clip is continued")]
    source_track: Annotated[int, whole(-1, 9999, "index of that clip's track, -1 for the clip in Detail View")]
    source_scene: Annotated[int, whole(-1, 9999, "index of that clip's scene, -1 for the selected scene")]
    track: Annotated[int, whole(-1, 9999, "index of the audio track it goes to, -1 for a new one named by the prompt")]
    scene: Annotated[int, _INTO_SCENE]
    replace: Annotated[int, whole(0, 1, "1 replaces the clip in that slot, 0 takes the next empty slots below")]


@message("/roo/listen", Route.DEVICE_TO_DAEMON)
class Listen(Message):
    """A press: the ring of the track's sound was written to a file; its last bars are heard, or continued.

    Counted and ended as /roo/analyze is where they are heard, as /roo/imagine is where they are continued.
    """

    session: Annotated[int, _SESSION]
    press: Annotated[int, _PRESS]
    file: Annotated[str, text(120, "name of the file in the folder that the welcome named; no path")]
    bars: Annotated[int, whole(1, 8, "how many of the last bars")]
    counter: Annotated[int, whole(0, INT32_MAX, "the sample counter a moment before the ring was written")]
    beat: Annotated[int, whole(-1, 1_576_800, "beat of the song just past at that moment, -1 when not known")]
    hundredths: Annotated[int, whole(0, 99, "hundredths of a beat past it")]
    numerator: Annotated[int, whole(0, 99, "time signature of the song then, upper number, 0 when not known")]
    denominator: Annotated[int, whole(0, 16, "time signature, lower number, 0 when not known", (0, 1, 2, 4, 8, 16))]
    use: Annotated[int, whole(0, 1, "0 they are heard, 1 they are continued by an imagined loop")]
    prompt: Annotated[str, text(300, "what the continuation is to sound like; empty for what the set suggests")]
    length: Annotated[int, whole(1, 32, "length of the continuation in bars")]


@message("/roo/audition", Route.DEVICE_TO_DAEMON)
class Audition(Message):
    """A press: what the device hears at MuseAroo Out before it is kept. Ended by /roo/done or /roo/failed.

    What a press of /roo/generate or /roo/refine with `hear` made sounds from the next bar on, looped in time with the
    set; another such press swaps it at a bar line, and /roo/keep writes it. This hears a clip of the set the same way,
    or drops what is heard, which is forgotten then.
    """

    session: Annotated[int, _SESSION]
    press: Annotated[int, _PRESS]
    on: Annotated[int, whole(0, 1, "1 hears a MIDI clip of the set, 0 drops what is heard")]
    track: Annotated[int, whole(-1, 9999, "index of the clip's track, -1 for the clip in Detail View")]
    scene: Annotated[int, whole(-1, 9999, "index of the clip's scene, -1 for the selected scene")]


@message("/roo/keep", Route.DEVICE_TO_DAEMON)
class Keep(Message):
    """A press: writes into the set what is heard, or what was just played in. Ended as /roo/generate is.

    What is heard goes where its own press said, and falls silent at the next bar. What was played is quantised with
    the player's feel kept, and goes where this says.
    """

    session: Annotated[int, _SESSION]
    press: Annotated[int, _PRESS]
    bars: Annotated[
        int,
        whole(-1, MOST_BARS_KEPT, "0 what is heard; else so many of the last bars played, -1 the last phrase"),
    ]
    strength: Annotated[float, real(0.0, 1.0, "0 as it was played, 1 on the grid as the player's feel has it")]
    track: Annotated[int, whole(-1, 9999, "index of the track it goes to, -1 for a new one")]
    scene: Annotated[int, _INTO_SCENE]
    replace: Annotated[int, whole(0, 1, "1 replaces the clip in that slot, 0 takes the next empty slot below")]


@message("/roo/jam", Route.DEVICE_TO_DAEMON)
class PlayJam(Message):
    """A press: turn by turn, the player's bars and then as many by the engines, until it is switched off.

    Ended by /roo/done once it has begun, or has ended. How it goes is told by /roo/midi. There is one jam at a time.
    """

    session: Annotated[int, _SESSION]
    press: Annotated[int, _PRESS]
    on: Annotated[int, whole(0, 1, "1 begins, or goes on as this says from the next turn; 0 ends it")]
    bars: Annotated[int, whole(1, MOST_BARS_A_TURN, "bars of a turn")]
    who: Annotated[str, text(64, "engine that answers, such as melodyroo; empty: RooAroo decides")]
    style: Annotated[str, _STYLE]
    complexity: Annotated[float, _COMPLEXITY]
    seed: Annotated[int, _SEED]


@message("/roo/midi/ask", Route.DEVICE_TO_DAEMON)
class AskMidi(Message):
    """Asks for /roo/midi as it is now; a change is told without being asked."""

    session: Annotated[int, _SESSION]


@message("/roo/undo", Route.DEVICE_TO_DAEMON)
class Undo(Message):
    """A press: the last thing that MuseAroo wrote into the set is taken back, if nothing came after it.

    Ended as /roo/generate is, by /roo/done with the name of what is gone.
    """

    session: Annotated[int, _SESSION]
    press: Annotated[int, _PRESS]


@message("/roo/talk", Route.DEVICE_TO_DAEMON)
class Talk(Message):
    """Talk is held, still held (twice a second), or let go. Counted like a press; a repeat of a state changes nothing.

    Speech is heard from the first to the last; without a sign for two seconds, at a silence, or after fifteen seconds
    the daemon ends it by itself. What was said is then done as if it had been pressed: ended as that is, or by
    /roo/answer where RooAroo answers in words.
    """

    session: Annotated[int, _SESSION]
    press: Annotated[int, whole(1, INT32_MAX, "number of the press, the same until Talk is let go")]
    held: Annotated[int, whole(0, 2, "1 pressed just now, 2 still held, 0 let go")]


@message("/roo/say", Route.DEVICE_TO_DAEMON)
class SayText(Message):
    """A press: a sentence in writing, understood and answered as a spoken one. Counted and ended as Talk is."""

    session: Annotated[int, _SESSION]
    press: Annotated[int, _PRESS]
    text: Annotated[str, text(LONGEST_SAYING, "what is wanted, in words")]


@message("/roo/arm", Route.DEVICE_TO_DAEMON)
class Arm(Message):
    """Keeps the microphone open, so that Talk has the half second before it; said each second while it is on.

    Nothing older than that half second is kept, and nothing of it is heard unless Talk is held.
    """

    session: Annotated[int, _SESSION]
    on: Annotated[int, _FLAG]


@message("/roo/self_test", Route.DEVICE_TO_DAEMON)
class SelfTest(Message):
    """A press: the device has tested itself and says what works; the daemon adds what it can see of it.

    Ended as /roo/generate is: by /roo/done when all works, else by /roo/failed with what does not.
    """

    session: Annotated[int, _SESSION]
    press: Annotated[int, _PRESS]
    results: Annotated[
        str, text(700, "checks in the order they ran, name=ok or name=what is wrong; semicolons between")
    ]


@message("/roo/cancel", Route.DEVICE_TO_DAEMON)
class Cancel(Message):
    """Take a press back while it is still under way."""

    session: Annotated[int, _SESSION]
    press: Annotated[int, _PRESS_OR_NONE]


@message("/roo/got", Route.DEVICE_TO_DAEMON)
class DeviceGot(Message):
    """The device acknowledges a numbered message, which is repeated until then."""

    session: Annotated[int, _SESSION]
    number: Annotated[int, whole(1, INT32_MAX, "number of the message received")]


# --- daemon → device -------------------------------------------------------------------------------------------------


@message("/roo/welcome", Route.DAEMON_TO_DEVICE)
class Welcome(Message):
    """Answers hello; a repeat of the same hello gets the same session."""

    session: Annotated[int, _SESSION]
    wire_version: Annotated[int, whole(0, INT32_MAX, "version of this table")]
    daemon_version: Annotated[str, text(32, "version of the daemon")]
    live: Annotated[int, whole(0, 2, "0 Live's script is away, 1 ready, 2 Live is busy")]
    captures: Annotated[str, text(600, "folder for what Listen writes, slashes between; empty where there is none")]


@message("/roo/got", Route.DAEMON_TO_DEVICE)
class Got(Message):
    """The press has arrived and is being worked on."""

    press: Annotated[int, _PRESS]


@message("/roo/done", Route.DAEMON_TO_DEVICE)
class Done(Message):
    """The clip stands in the grid. Numbered: repeated until the device acknowledges it."""

    number: Annotated[int, whole(1, INT32_MAX, "number to acknowledge")]
    press: Annotated[int, _PRESS]
    milliseconds: Annotated[float, real(0.0, 1e9, "from the press's arrival to Live's answer")]
    composed_ms: Annotated[float, real(0.0, 1e9, "of these: reading the set, the engine, timing")]
    live_ms: Annotated[float, real(0.0, 1e9, "of these: from sending to Live to its answer")]
    notes: Annotated[int, whole(0, INT32_MAX, "notes in the clip, read back from Live")]
    track: Annotated[int, whole(-1, 9999, "index of the track where the clip is, -1 when not known any more")]
    scene: Annotated[int, whole(-1, 9999, "index of the scene where the clip is, -1 when not known any more")]
    name: Annotated[str, _NAME]


@message("/roo/found", Route.DAEMON_TO_DEVICE)
class Heard(Message):
    """What was found in a clip, after what was asked for has been written into the set. Numbered like /roo/done."""

    number: Annotated[int, whole(1, INT32_MAX, "number to acknowledge")]
    press: Annotated[int, _PRESS]
    depth: Annotated[int, whole(0, 2, "0 the fast pass, 1 the deep pass, 2 read off a MIDI clip's notes")]
    milliseconds: Annotated[float, real(0.0, 1e9, "from the press's arrival to this")]
    tempo: Annotated[float, real(0.0, 999.0, "tempo as Live counts it, 0 when not known")]
    tempo_confidence: Annotated[float, _CONFIDENCE]
    numerator: Annotated[int, whole(0, 99, "time signature, upper number, 0 when not known")]
    denominator: Annotated[int, whole(0, 16, "time signature, lower number, 0 when not known", (0, 1, 2, 4, 8, 16))]
    meter_confidence: Annotated[float, _CONFIDENCE]
    key: Annotated[str, text(64, "key such as A minor, empty when not known")]
    key_confidence: Annotated[float, _CONFIDENCE]
    written: Annotated[int, whole(0, 1, "1 when something was written into the set")]
    sentence: Annotated[str, _SENTENCE]


@message("/roo/answer", Route.DAEMON_TO_DEVICE)
class Answer(Message):
    """RooAroo answers in words, or asks back; nothing was changed in the set. Numbered like /roo/done."""

    number: Annotated[int, whole(1, INT32_MAX, "number to acknowledge")]
    press: Annotated[int, _PRESS]
    milliseconds: Annotated[float, real(0.0, 1e9, "from the end of the sentence to this")]
    asks: Annotated[int, whole(0, 1, "1 when it is a question, which the next sentence may answer")]
    heard: Annotated[str, text(LONGEST_SAYING, "the sentence as it was understood")]
    sentence: Annotated[str, _SENTENCE]


@message("/roo/failed", Route.DAEMON_TO_DEVICE)
class Failed(Message):
    """The press came to nothing, and nothing was changed in the set. Numbered like /roo/done."""

    number: Annotated[int, whole(1, INT32_MAX, "number to acknowledge")]
    press: Annotated[int, _PRESS]
    code: Annotated[int, whole(1, 999, "one of the refusal codes")]
    sentence: Annotated[str, _SENTENCE]


@message("/roo/progress", Route.DAEMON_TO_DEVICE)
class Progress(Message):
    """How far a press is that takes longer; at most ten a second, not repeated."""

    press: Annotated[int, _PRESS_OR_NONE]
    fraction: Annotated[float, real(0.0, 1.0, "0 begun, 1 done")]
    sentence: Annotated[str, _SENTENCE]


@message("/roo/level", Route.DAEMON_TO_DEVICE)
class Level(Message):
    """How loud the microphone is while Talk is held, and what was said so far; ten times a second, not repeated."""

    press: Annotated[int, _PRESS]
    level: Annotated[float, real(0.0, 1.0, "0 at -60 dB of full scale and below, 1 at full scale")]
    words: Annotated[str, text(LONGEST_SAYING, "the words so far; empty before the first")]


@message("/roo/please", Route.DAEMON_TO_DEVICE)
class Please(Message):
    """RooAroo asks the device to use a control of its own, as if it were clicked; not repeated."""

    press: Annotated[int, whole(1, INT32_MAX, "number of the press that asked for it")]
    control: Annotated[str, text(16, "which", ("listen", "self_test", "auto_split"))]
    value: Annotated[
        int, whole(0, 99, "listen: 10 times the bars (0 as the device has them), 1 more to continue; auto_split: 0, 1")
    ]


@message("/roo/told", Route.DAEMON_TO_DEVICE)
class Told(Message):
    """Something for the status line; press is 0 when it concerns none."""

    press: Annotated[int, whole(0, INT32_MAX, "number of the press, 0 for none")]
    code: Annotated[int, whole(0, 999, "one of the refusal codes, 0 for plain news")]
    sentence: Annotated[str, _SENTENCE]


@message("/roo/beat", Route.DAEMON_TO_DEVICE)
class BeatBack(Message):
    """Answers the device's sign of life."""

    session: Annotated[int, _SESSION]
    live: Annotated[int, whole(0, 2, "0 Live's script is away, 1 ready, 2 Live is busy")]


@message("/roo/stranger", Route.DAEMON_TO_DEVICE)
class Stranger(Message):
    """The session is not known (the daemon was restarted): say hello again, then repeat what was not answered."""

    session: Annotated[int, _SESSION]


@message("/roo/refused", Route.DAEMON_TO_DEVICE)
class Refused(Message):
    """A message was not understood or not allowed."""

    code: Annotated[int, whole(1, 999, "one of the refusal codes")]
    sentence: Annotated[str, _SENTENCE]


@message("/roo/facts", Route.DAEMON_TO_DEVICE)
class Facts(Message):
    """What is known of the set, for the device's display; sent when it changes."""

    tempo: Annotated[float, real(20.0, 999.0, "tempo in beats a minute")]
    numerator: Annotated[int, _NUMERATOR]
    denominator: Annotated[int, _DENOMINATOR]
    key: Annotated[str, text(64, "key such as A minor, empty when not known")]
    chords: Annotated[str, text(LONGEST_CHORDS, "chords of the selected scene, spaces between, empty when not known")]
    live: Annotated[int, whole(0, 2, "0 Live's script is away, 1 ready, 2 Live is busy")]


@message("/roo/midi", Route.DAEMON_TO_DEVICE)
class MidiState(Message):
    """Live MIDI as it is, for the device's display: when it changes, at most five times a second, not repeated."""

    clock: Annotated[str, text(8, "whom the clock follows; empty without MIDI", CLOCKS)]
    running: Annotated[int, whole(0, 1, "1 while the clock runs")]
    bpm: Annotated[float, real(0.0, 999.0, "its tempo, in tenths of a beat a minute; 0 when not known")]
    input: Annotated[int, whole(0, 2, "0 no input is there, 1 one is, 2 notes came in the last second")]
    held: Annotated[str, text(32, "chord that is held, such as Am7; empty for none")]
    played: Annotated[int, whole(0, MOST_BARS_KEPT, "bars that were played in and can be kept")]
    heard: Annotated[str, text(LONGEST_NAME, "name of the take that this device hears and can keep; empty for none")]
    turn: Annotated[int, whole(0, 3, "0 no jam, 1 it waits for its first bar, 2 the player's turn, 3 the engines'")]
    bar: Annotated[int, whole(0, MOST_BARS_A_TURN, "bar of the turn, counted from 1; 0 without a jam")]
    who: Annotated[str, text(96, "engines that play in the jam, commas between; empty for none")]
    sentence: Annotated[str, text(300, "what to do about what does not work, or news; empty for none")]


# --- script → daemon -------------------------------------------------------------------------------------------------


@message("/roo/script/hello", Route.SCRIPT_TO_DAEMON)
class ScriptHello(Message):
    """The first message on a connection: who speaks, and the token that admits it."""

    token: Annotated[str, text(128, "the token from the owner-only file")]
    wire_version: Annotated[int, whole(0, INT32_MAX, "version of this table")]
    script_version: Annotated[str, text(32, "version of the Remote Script")]
    live_version: Annotated[str, text(32, "version of Live, such as 12.3.6")]
    python_version: Annotated[str, text(32, "version of the Python inside Live")]
    instance: Annotated[str, text(64, "unique name of this run of the script; another set is another run")]
    library: Annotated[
        str,
        text(4096, "User Library that files must lie in for this Live to take them; empty where any folder will do"),
    ] = ""


@message("/roo/script/heartbeat", Route.SCRIPT_TO_DAEMON)
class Heartbeat(Message):
    """Sent four times a second: Live is alive, and how long its main thread kept the script waiting."""

    sequence: Annotated[int, whole(0, INT32_MAX, "counts up from 0")]
    largest_gap_ms: Annotated[float, double(0.0, 1e9, "largest gap between two ticks since the last heartbeat")]
    queued: Annotated[int, whole(0, INT32_MAX, "commands waiting")]
    objects: Annotated[int, whole(0, INT32_MAX, "objects that have an id")]


@message("/roo/set/song", Route.SCRIPT_TO_DAEMON)
class SongState(Message):
    """The set itself, whole, whenever any of it changed."""

    name: Annotated[str, text(255, "name of the set, empty when unsaved")]
    tempo: Annotated[float, _BPM]
    numerator: Annotated[int, _NUMERATOR]
    denominator: Annotated[int, _DENOMINATOR]
    root_note: Annotated[int, whole(0, 11, "root of the set's scale, 0 is C")]
    scale_name: Annotated[str, text(64, "Live's name of the scale, such as Minor")]
    scale_mode: Annotated[int, whole(-1, 1, "1 when the set's scale is switched on, -1 where Live cannot tell")]
    is_playing: Annotated[int, _FLAG]
    file_path: Annotated[str, text(4096, "absolute path of the set's file, empty when unsaved or not told")] = ""


@message("/roo/transport", Route.SCRIPT_TO_DAEMON)
class TransportState(Message):
    """Live's transport at a moment: twenty times a second while it plays, at once when it starts, stops or jumps."""

    playing: Annotated[int, _FLAG]
    beat: Annotated[float, double(-MAX_BEATS, MAX_BEATS, "the song's position in beats, less than 0 in a count-in")]
    bpm: Annotated[float, _BPM]
    time: Annotated[float, double(0.0, 1e12, "seconds of the script's time.perf_counter when it read the position")]
    loop_start: Annotated[float, double(0.0, MAX_BEATS, "where the Arrangement's loop begins, in beats")]
    loop_end: Annotated[float, double(0.0, MAX_BEATS, "where it ends; 0 as the beginning where it is off")]


@message("/roo/set/track", Route.SCRIPT_TO_DAEMON)
class TrackState(Message):
    """One track, whole, whenever any of it or its place changed."""

    id: Annotated[int, _ID]
    index: Annotated[int, whole(0, 9999, "place among its kind: regular tracks, or returns; 0 for the master")]
    kind: Annotated[int, whole(0, 4, "0 MIDI, 1 audio, 2 group, 3 return, 4 master")]
    name: Annotated[str, _NAME]
    color: Annotated[int, _COLOR]
    group: Annotated[int, whole(0, INT32_MAX, "id of the group track it lies in, 0 for none")]
    muted: Annotated[int, _FLAG]
    soloed: Annotated[int, _FLAG]
    armed: Annotated[int, _FLAG]


@message("/roo/set/mixer", Route.SCRIPT_TO_DAEMON)
class MixerState(Message):
    """The mixer of one track, whole, after the track and whenever any of it changed."""

    track: Annotated[int, _ID]
    volume: Annotated[float, double(0.0, 1.0, "0 to 1, 0.85 is 0 dB")]
    panning: Annotated[float, double(-1.0, 1.0, "-1 left to 1 right")]
    held: Annotated[str, text(64, "which of volume, panning, sends are automated or held by a macro; commas between")]
    sends: tuple[Annotated[float, double(0.0, 1.0, "per return track: 0 to 1")], ...]


@message("/roo/set/equaliser", Route.SCRIPT_TO_DAEMON)
class EqualiserState(Message):
    """The last EQ Eight in a track's chain, whenever it changed; without settings when there is none any more."""

    track: Annotated[int, _ID]
    settings: tuple[
        Annotated[float, double(-1e6, 1e6, "per band, 1 to 8: Live's raw values of on, type, frequency, gain, Q")],
        ...,
    ]


@message("/roo/set/scene", Route.SCRIPT_TO_DAEMON)
class SceneState(Message):
    """One scene, whole, whenever its name or place changed."""

    id: Annotated[int, _ID]
    index: Annotated[int, whole(0, 9999, "place from the top")]
    name: Annotated[str, _NAME]


@message("/roo/set/clip", Route.SCRIPT_TO_DAEMON)
class ClipState(Message):
    """One clip, whole, whenever any of it changed. A MIDI clip's notes, or an audio clip's file and warp, follow.

    An audio clip that is not warped has its length, loop and markers in seconds of the file: so Live reports them.
    """

    id: Annotated[int, _ID]
    track: Annotated[int, _ID]
    scene: Annotated[int, whole(0, INT32_MAX, "id of its scene, 0 in the Arrangement")]
    start: Annotated[float, double(0.0, MAX_BEATS, "position in the Arrangement in beats, 0 in the Session")]
    is_audio: Annotated[int, _FLAG]
    name: Annotated[str, _NAME]
    color: Annotated[int, _COLOR]
    length: Annotated[float, double(0.0, MAX_BEATS, "length in beats, or seconds (of the loop where it loops)")]
    looping: Annotated[int, _FLAG]
    loop_start: Annotated[float, _PLACE_IN_CLIP]
    loop_end: Annotated[float, _PLACE_IN_CLIP]
    start_marker: Annotated[float, _PLACE_IN_CLIP]
    end_marker: Annotated[float, _PLACE_IN_CLIP]
    numerator: Annotated[int, _NUMERATOR]
    denominator: Annotated[int, _DENOMINATOR]
    muted: Annotated[int, _FLAG]
    is_playing: Annotated[int, _FLAG]
    is_recording: Annotated[int, _FLAG] = 0


@message("/roo/set/notes", Route.SCRIPT_TO_DAEMON)
class ClipNotes(Message):
    """All notes of a MIDI clip, whenever they changed."""

    clip: Annotated[int, _ID]
    notes: Annotated[bytes, notes("the clip's notes, by pitch, then start")]


@message("/roo/set/audio", Route.SCRIPT_TO_DAEMON)
class ClipAudio(Message):
    """The file behind an audio clip and how it is warped, whenever that changed."""

    clip: Annotated[int, _ID]
    file_path: Annotated[str, _PATH]
    sample_length: Annotated[float, double(0.0, 1e12, "length of the file in samples")]
    sample_rate: Annotated[float, double(0.0, 768_000.0, "Hz, 0 where this Live cannot tell")]
    warping: Annotated[int, _FLAG]
    warp_mode: Annotated[int, whole(0, 6, "beats 0, tones 1, texture 2, repitch 3, complex 4, rex 5, complex pro 6")]
    gain: Annotated[float, double(0.0, 1.0, "Live's own scale, 0.4 is 0 dB")]


@message("/roo/set/warp", Route.SCRIPT_TO_DAEMON)
class ClipWarp(Message):
    """The warp markers of an audio clip, all of them, whenever they changed; there whether or not it is warped."""

    clip: Annotated[int, _ID]
    markers: Annotated[
        bytes,
        warp_markers(
            "in order; the last is Live's hidden one, which tells the pace behind the last that is shown. Between "
            "markers the pace is even, and before the first it is that of the first stretch"
        ),
    ]


@message("/roo/set/selection", Route.SCRIPT_TO_DAEMON)
class Selection(Message):
    """What the user has selected; 0 where nothing is."""

    track: Annotated[int, whole(0, INT32_MAX, "id of the selected track")]
    scene: Annotated[int, whole(0, INT32_MAX, "id of the selected scene")]
    clip: Annotated[int, whole(0, INT32_MAX, "id of the clip in Detail View")]


@message("/roo/set/gone", Route.SCRIPT_TO_DAEMON)
class Gone(Message):
    """A track, scene or clip is no more; its id is never used again."""

    id: Annotated[int, _ID]


@message("/roo/set/ready", Route.SCRIPT_TO_DAEMON)
class SetReady(Message):
    """Everything that the set holds has been told once; from here on only changes come."""

    objects: Annotated[int, whole(0, INT32_MAX, "objects that have an id")]


@message("/roo/result", Route.SCRIPT_TO_DAEMON)
class Result(Message):
    """A transaction was performed whole. The states of what it made were sent before this."""

    request: Annotated[str, _REQUEST]
    repeated: Annotated[int, whole(0, 1, "1 when the request was known and nothing was done again")]
    ids: tuple[
        Annotated[int, whole(0, INT32_MAX, "per edit: id of what it made or changed, then notes read back")],
        ...,
    ]


@message("/roo/error", Route.SCRIPT_TO_DAEMON)
class Error(Message):
    """A transaction or a question was refused; nothing was changed in the set."""

    request: Annotated[str, _REQUEST]
    code: Annotated[int, whole(1, 999, "one of the refusal codes")]
    edit: Annotated[int, whole(0, 1000, "which edit, counted from 1; 0 when the request itself")]
    sentence: Annotated[str, _SENTENCE]


@message("/roo/notes", Route.SCRIPT_TO_DAEMON)
class NotesRead(Message):
    """Answers /roo/read/notes."""

    request: Annotated[str, _REQUEST]
    clip: Annotated[int, _ID]
    notes: Annotated[bytes, notes("the clip's notes, by pitch, then start")]


# --- daemon → script -------------------------------------------------------------------------------------------------


@message("/roo/script/welcome", Route.DAEMON_TO_SCRIPT)
class ScriptWelcome(Message):
    """Admits the script; it answers by telling the whole set."""

    wire_version: Annotated[int, whole(0, INT32_MAX, "version of this table")]
    daemon_version: Annotated[str, text(32, "version of the daemon")]


@message("/roo/script/refused", Route.DAEMON_TO_SCRIPT)
class ScriptRefused(Message):
    """Does not admit the script; the connection is closed after this. The script tries again every few seconds."""

    code: Annotated[int, whole(1, 999, "one of the refusal codes")]
    sentence: Annotated[str, _SENTENCE]


@message("/roo/script/say", Route.DAEMON_TO_SCRIPT)
class Say(Message):
    """A sentence for Live's status bar."""

    sentence: Annotated[str, _SENTENCE]


@message("/roo/read/notes", Route.DAEMON_TO_SCRIPT)
class ReadNotes(Message):
    """Asks for a clip's notes as Live has them now."""

    request: Annotated[str, _REQUEST]
    clip: Annotated[int, _ID]


@message("/roo/take_back", Route.DAEMON_TO_SCRIPT)
class TakeBack(Message):
    """Undoes one transaction, if it is the last step of Live's history; answered by /roo/result without ids.

    A step that turns out to be somebody else's is done again at once, and the request refused.
    """

    request: Annotated[str, _REQUEST]
    transaction: Annotated[str, text(80, "request id of what is to be undone, empty for the last transaction")]


@message("/roo/do", Route.DAEMON_TO_SCRIPT)
class Transaction(Message):
    """Heads an OSC bundle of edits that are performed whole, in order, in one undo step, or not at all."""

    request: Annotated[str, _REQUEST]
    deadline: Annotated[float, double(0.0, 1e12, "Unix time after which the script must refuse it; 0 for none")]


@message("/roo/edit/create_track", Route.DAEMON_TO_SCRIPT)
class CreateTrack(Message):
    """Edit: makes a track."""

    kind: Annotated[int, whole(0, 1, "0 MIDI, 1 audio")]
    after: Annotated[int, whole(-1000, INT32_MAX, "the track it comes after, 0 for the end")]
    name: Annotated[str, _NAME]
    color: Annotated[int, _COLOR]


@message("/roo/edit/create_scene", Route.DAEMON_TO_SCRIPT)
class CreateScene(Message):
    """Edit: makes a scene."""

    after: Annotated[int, whole(-1000, INT32_MAX, "the scene it comes after, 0 for the end")]
    name: Annotated[str, _NAME]


@message("/roo/edit/create_clip", Route.DAEMON_TO_SCRIPT)
class CreateClip(Message):
    """Edit: makes a MIDI clip with its notes in the Session."""

    track: Annotated[int, _REF]
    scene: Annotated[int, _REF]
    where: Annotated[int, _WHERE]
    length: Annotated[float, _LENGTH]
    name: Annotated[str, _NAME]
    color: Annotated[int, _COLOR]
    looping: Annotated[int, _FLAG]
    numerator: Annotated[int, _NUMERATOR]
    denominator: Annotated[int, _DENOMINATOR]
    notes: Annotated[bytes, notes("the clip's notes")]


@message("/roo/edit/create_audio_clip", Route.DAEMON_TO_SCRIPT)
class CreateAudioClip(Message):
    """Edit: puts an audio file into a slot of the Session."""

    track: Annotated[int, _REF]
    scene: Annotated[int, _REF]
    where: Annotated[int, _WHERE]
    file_path: Annotated[str, _PATH]
    name: Annotated[str, _NAME]
    color: Annotated[int, _COLOR]
    warping: Annotated[int, _OPTIONAL_FLAG]
    warp_mode: Annotated[int, whole(-1, 6, "as in /roo/set/audio, -1 leaves it")]
    looping: Annotated[int, _OPTIONAL_FLAG]


@message("/roo/edit/create_arrangement_clip", Route.DAEMON_TO_SCRIPT)
class CreateArrangementClip(Message):
    """Edit: makes a MIDI clip with its notes in the Arrangement, where no other clip may lie."""

    track: Annotated[int, _REF]
    start: Annotated[float, double(0.0, MAX_BEATS, "position in beats")]
    length: Annotated[float, _LENGTH]
    name: Annotated[str, _NAME]
    color: Annotated[int, _COLOR]
    notes: Annotated[bytes, notes("the clip's notes")]


@message("/roo/edit/create_arrangement_audio_clip", Route.DAEMON_TO_SCRIPT)
class CreateArrangementAudioClip(Message):
    """Edit: puts an audio file into the Arrangement, where no other clip may lie."""

    track: Annotated[int, _REF]
    start: Annotated[float, double(0.0, MAX_BEATS, "position in beats")]
    file_path: Annotated[str, _PATH]
    name: Annotated[str, _NAME]
    color: Annotated[int, _COLOR]
    warping: Annotated[int, _OPTIONAL_FLAG]
    warp_mode: Annotated[int, whole(-1, 6, "as in /roo/set/audio, -1 leaves it")]


@message("/roo/edit/create_stem", Route.DAEMON_TO_SCRIPT)
class CreateStem(Message):
    """Edit: puts a part of a clip's sound on another track, to play there just as that clip plays.

    The file must be as long as the clip's own, sample for sample, at the same rate. In the Session it goes into the
    clip's scene, in the Arrangement where the clip lies; nothing may lie there. Warping, markers, loop, launch
    settings, gain and pitch become the clip's; it is not muted, even where the clip is.
    """

    source: Annotated[int, _REF]
    track: Annotated[int, _REF]
    file_path: Annotated[str, _PATH]
    name: Annotated[str, _NAME]
    color: Annotated[int, _COLOR]


@message("/roo/edit/mute_clip", Route.DAEMON_TO_SCRIPT)
class MuteClip(Message):
    """Edit: switches a clip off or on, as the 0 key does."""

    clip: Annotated[int, _REF]
    muted: Annotated[int, _FLAG]


@message("/roo/edit/replace_notes", Route.DAEMON_TO_SCRIPT)
class ReplaceNotes(Message):
    """Edit: gives a MIDI clip these notes instead of the ones it has."""

    clip: Annotated[int, _REF]
    notes: Annotated[bytes, notes("the clip's new notes")]


@message("/roo/edit/delete", Route.DAEMON_TO_SCRIPT)
class Delete(Message):
    """Edit: deletes a clip, track or scene."""

    id: Annotated[int, _ID]
    only_made: Annotated[int, whole(0, 1, "1 refuses unless MuseAroo made it; 0 when the user named it")]


@message("/roo/edit/rename", Route.DAEMON_TO_SCRIPT)
class Rename(Message):
    """Edit: names and colours a clip, track or scene."""

    id: Annotated[int, _REF]
    name: Annotated[str, _NAME]
    color: Annotated[int, _COLOR]


@message("/roo/edit/set_mixer", Route.DAEMON_TO_SCRIPT)
class SetMixer(Message):
    """Edit: moves a mixer control of a track."""

    track: Annotated[int, _REF]
    control: Annotated[str, text(16, "which control", ("volume", "panning", "mute", "solo", "arm"))]
    value: Annotated[float, double(-1.0, 1.0, "volume 0..1 (0.85 is 0 dB), panning -1..1, the others 0 or 1")]


@message("/roo/edit/set_send", Route.DAEMON_TO_SCRIPT)
class SetSend(Message):
    """Edit: sets how much of a track goes to a return."""

    track: Annotated[int, _REF]
    send: Annotated[int, whole(0, 11, "index of the return track")]
    value: Annotated[float, double(0.0, 1.0, "0 to 1")]


@message("/roo/edit/set_equaliser", Route.DAEMON_TO_SCRIPT)
class SetEqualiser(Message):
    """Edit: sets one band of the last EQ Eight in a track's chain, by what Live shows. A new one needs Live 12.3."""

    track: Annotated[int, _REF]
    fresh: Annotated[int, whole(0, 1, "1 puts a new EQ Eight at the end of the chain first")]
    band: Annotated[int, whole(1, 8, "which band; it is switched on")]
    filter_type: Annotated[int, whole(0, 7, "as Live counts: 1 low cut of 12 dB an octave, 3 bell")]
    hertz: Annotated[float, double(10.0, 22_000.0, "frequency in Hz")]
    gain_db: Annotated[float, double(-15.0, 15.0, "gain in dB; a cut filter has none")]
    q: Annotated[float, double(0.1, 18.0, "resonance")]


@message("/roo/edit/set_routing", Route.DAEMON_TO_SCRIPT)
class SetRouting(Message):
    """Edit: chooses where a track's sound or MIDI comes from or goes to, by the name that Live shows."""

    track: Annotated[int, _REF]
    which: Annotated[str, text(16, "which chooser", ("input type", "input channel", "output type", "output channel"))]
    choice: Annotated[str, _NAME]


@message("/roo/edit/set_tempo", Route.DAEMON_TO_SCRIPT)
class SetTempo(Message):
    """Edit: the set's tempo."""

    tempo: Annotated[float, _BPM]


@message("/roo/edit/set_meter", Route.DAEMON_TO_SCRIPT)
class SetMeter(Message):
    """Edit: the set's time signature."""

    numerator: Annotated[int, _NUMERATOR]
    denominator: Annotated[int, _DENOMINATOR]


@message("/roo/edit/set_scale", Route.DAEMON_TO_SCRIPT)
class SetScale(Message):
    """Edit: the set's scale."""

    root_note: Annotated[int, whole(0, 11, "0 is C")]
    scale_name: Annotated[str, text(64, "Live's name of the scale")]


@message("/roo/edit/set_warping", Route.DAEMON_TO_SCRIPT)
class SetWarping(Message):
    """Edit: whether an audio clip is warped, and how.

    Live lays loop and markers around the whole file where this changes; an edit of the loop may follow.
    """

    clip: Annotated[int, _REF]
    warping: Annotated[int, _OPTIONAL_FLAG]
    warp_mode: Annotated[int, whole(-1, 6, "as in /roo/set/audio, -1 leaves it")]


@message("/roo/edit/set_warp_markers", Route.DAEMON_TO_SCRIPT)
class SetWarpMarkers(Message):
    """Edit: gives an audio clip these warp markers instead of the ones it has. Loop and markers keep their beats."""

    clip: Annotated[int, _REF]
    markers: Annotated[
        bytes, warp_markers(f"2 to {MOST_WARP_MARKERS:,} of them, each later than the one before, in seconds and beats")
    ]


@message("/roo/edit/set_loop", Route.DAEMON_TO_SCRIPT)
class SetLoop(Message):
    """Edit: which part of a clip plays. The end marker goes with loop_end; without a loop both are where it ends."""

    clip: Annotated[int, _REF]
    looping: Annotated[int, _OPTIONAL_FLAG]
    loop_start: Annotated[float, _PLACE_IN_CLIP]
    loop_end: Annotated[float, _PLACE_IN_CLIP]
    start_marker: Annotated[float, double(-MAX_BEATS, MAX_BEATS, "where a clip that loops starts, before loop_end")]


@message("/roo/edit/create_locator", Route.DAEMON_TO_SCRIPT)
class CreateLocator(Message):
    """Edit: a locator in the Arrangement, while Live is stopped. One that stands there already stays as it is.

    Live sets locators at its song position only, so each takes a few ticks; the position comes back in the end.
    Before 12.1 scripts cannot name locators: there Live numbers them.
    """

    time: Annotated[float, double(0.0, MAX_BEATS, "position in beats; Live rounds it to sixteenths")]
    name: Annotated[str, _NAME]


MESSAGES: tuple[type[Message], ...] = (
    *(Hello, Bye, Beat, Generate, Refine, WriteSong, Mix, Analyze, Split, AutoSplit, Imagine),
    *(Listen, Audition, Keep, PlayJam, AskMidi, Undo, Talk, SayText, Arm, SelfTest, Cancel, DeviceGot),
    *(Welcome, Got, Done, Heard, Answer, Failed, Progress, Level, Please, Told, BeatBack, Stranger, Refused),
    *(Facts, MidiState),
    *(ScriptHello, Heartbeat, TransportState, SongState, TrackState, MixerState, EqualiserState, SceneState),
    *(ClipState, ClipNotes, ClipAudio, ClipWarp, Selection),
    *(Gone, SetReady, Result, Error, NotesRead),
    *(ScriptWelcome, ScriptRefused, Say, ReadNotes, TakeBack, Transaction),
    *(
        CreateTrack,
        CreateScene,
        CreateClip,
        CreateAudioClip,
        CreateArrangementClip,
        CreateArrangementAudioClip,
        CreateStem,
        MuteClip,
    ),
    *(ReplaceNotes, Delete, Rename, SetMixer, SetSend, SetEqualiser, SetRouting, SetTempo, SetMeter, SetScale),
    *(SetWarping, SetWarpMarkers, SetLoop, CreateLocator),
)
"""Every message there is, in the order of the reference page."""

Edit = (
    CreateTrack
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
)
"""What may stand in a transaction."""

MESSAGE_BY_PATH: dict[Route, dict[str, type[Message]]] = {
    route: {cls.path: cls for cls in MESSAGES if cls.route is route} for route in Route
}
"""The class behind an address, for each way that a message can go."""
