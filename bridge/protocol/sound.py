"""Presses for sound: analyse or split a clip, generate loops from a prompt, capture the last bars of a track."""

from typing import Annotated

from musearoo.bridge.protocol.arguments import (
    APPLY,
    ASKED_KEY,
    CLIP_SCENE,
    CLIP_TRACK,
    FLAG,
    FOR_SESSION,
    INTO_SCENE,
    KNOWN_KEY,
    NUMBER,
    PRESS,
    SEED,
    SENTENCE,
    SESSION,
    STYLE,
    TAKES,
)
from musearoo.bridge.protocol.types import INT32_MAX, Message, Route, message, real, text, whole

AUDIO_BACKENDS = ("musicgen", "stable-audio", "sketch", "ambient")
"""Backends of audio generation; `sketch` is the Roo engines, `ambient` endless music: both need no weights."""

_BACKEND = text(16, "demucs, dsp (needs no weights), or empty for the best that is there", ("", "demucs", "dsp"))
_STEMS = whole(4, 6, "4, or 6 with guitar and piano, which needs demucs", (4, 6))
_MUTE = whole(0, 1, "1 mutes the clip that was split, 0 leaves it")
_CONFIDENCE = real(0.0, 1.0, "how sure that is, 0 to 1")
_DENOMINATOR_OR_NONE = whole(0, 16, "time signature, lower number, 0 when not known", (0, 1, 2, 4, 8, 16))


@message("/roo/analyze", Route.DEVICE_TO_DAEMON)
class Analyze(Message):
    """A press: analyses one clip and writes the requested findings; ended by /roo/found or /roo/failed.

    It shares its numbers with other presses, and is acknowledged, repeated and cancelled as they are.
    """

    session: Annotated[int, SESSION]
    press: Annotated[int, PRESS]
    track: Annotated[int, CLIP_TRACK]
    scene: Annotated[int, CLIP_SCENE]
    deep: Annotated[int, whole(0, 1, "0 the fast pass, 1 the deep pass, which takes seconds")]
    tempo: Annotated[int, APPLY]
    meter: Annotated[int, APPLY]
    scale: Annotated[int, APPLY]
    warp: Annotated[int, APPLY]
    locators: Annotated[int, APPLY]
    name: Annotated[int, APPLY]


@message("/roo/found", Route.DAEMON_TO_DEVICE)
class Heard(Message):
    """The findings in a clip, sent once the requested ones are written into the set. Numbered like /roo/done."""

    number: Annotated[int, NUMBER]
    press: Annotated[int, PRESS]
    depth: Annotated[int, whole(0, 2, "0 the fast pass, 1 the deep pass, 2 read off a MIDI clip's notes")]
    milliseconds: Annotated[float, real(0.0, 1e9, "from the press's arrival to this")]
    tempo: Annotated[float, real(0.0, 999.0, "tempo as Live counts it, 0 when not known")]
    tempo_confidence: Annotated[float, _CONFIDENCE]
    numerator: Annotated[int, whole(0, 99, "time signature, upper number, 0 when not known")]
    denominator: Annotated[int, _DENOMINATOR_OR_NONE]
    meter_confidence: Annotated[float, _CONFIDENCE]
    key: Annotated[str, KNOWN_KEY]
    key_confidence: Annotated[float, _CONFIDENCE]
    written: Annotated[int, whole(0, 1, "1 when something was written into the set")]
    sentence: Annotated[str, SENTENCE]
    session: Annotated[int, FOR_SESSION] = 0


@message("/roo/split", Route.DEVICE_TO_DAEMON)
class Split(Message):
    """A press: separates an audio clip into stems, on tracks of their own. Counted and ended as /roo/generate is."""

    session: Annotated[int, SESSION]
    press: Annotated[int, PRESS]
    track: Annotated[int, CLIP_TRACK]
    scene: Annotated[int, CLIP_SCENE]
    backend: Annotated[str, _BACKEND]
    stems: Annotated[int, _STEMS]
    mute: Annotated[int, _MUTE]


@message("/roo/auto_split", Route.DEVICE_TO_DAEMON)
class AutoSplit(Message):
    """Marks a track: audio clips that arrive on it from now on are split automatically. Sent again after a welcome.

    /roo/progress and /roo/told with press 0 report on it; /roo/cancel with press 0 cancels a split in progress.
    """

    session: Annotated[int, SESSION]
    track: Annotated[int, whole(0, 9999, "index of the track")]
    on: Annotated[int, FLAG]
    backend: Annotated[str, _BACKEND]
    stems: Annotated[int, _STEMS]
    mute: Annotated[int, _MUTE]


@message("/roo/imagine", Route.DEVICE_TO_DAEMON)
class Imagine(Message):
    """A press: a prompt becomes audio loops, each a take, in the set's tempo. Counted and ended as /roo/generate is."""

    session: Annotated[int, SESSION]
    press: Annotated[int, PRESS]
    prompt: Annotated[str, text(600, "what it is to sound like, in words; empty for what the set itself suggests")]
    bars: Annotated[int, whole(1, 32, "length in bars")]
    takes: Annotated[int, TAKES]
    seed: Annotated[int, SEED]
    backend: Annotated[str, text(16, "what imagines; empty for the best that is there", ("", *AUDIO_BACKENDS))]
    model: Annotated[str, text(40, "name of the model, such as musicgen-small; empty for the one in the settings")]
    key: Annotated[str, ASKED_KEY]
    style: Annotated[str, STYLE]
    follow: Annotated[int, whole(0, 1, "1 tells the model the style of the set too, 0 its tempo and key alone")]
    use: Annotated[int, whole(0, 2, "0 no clip, 1 the clip's tune is followed, 2 the clip is continued")]
    source_track: Annotated[int, whole(-1, 9999, "index of that clip's track, -1 for the clip in Detail View")]
    source_scene: Annotated[int, whole(-1, 9999, "index of that clip's scene, -1 for the selected scene")]
    track: Annotated[int, whole(-1, 9999, "index of the audio track it goes to, -1 for a new one named by the prompt")]
    scene: Annotated[int, INTO_SCENE]
    replace: Annotated[int, whole(0, 1, "1 replaces the clip in that slot, 0 takes the next empty slots below")]


@message("/roo/listen", Route.DEVICE_TO_DAEMON)
class Listen(Message):
    """A press: the ring buffer of the track's sound was written to a file; its last bars are analysed, or continued.

    Counted and ended as /roo/analyze is if they are analysed, as /roo/imagine is if they are continued.
    """

    session: Annotated[int, SESSION]
    press: Annotated[int, PRESS]
    file: Annotated[str, text(120, "name of the file in the folder that the welcome named; no path")]
    bars: Annotated[int, whole(1, 8, "how many of the last bars")]
    counter: Annotated[int, whole(0, INT32_MAX, "the sample counter a moment before the ring was written")]
    beat: Annotated[int, whole(-1, 1_576_800, "beat of the song just past at that moment, -1 when not known")]
    hundredths: Annotated[int, whole(0, 99, "hundredths of a beat past it")]
    numerator: Annotated[int, whole(0, 99, "time signature of the song then, upper number, 0 when not known")]
    denominator: Annotated[int, _DENOMINATOR_OR_NONE]
    use: Annotated[int, whole(0, 1, "0 they are heard, 1 they are continued by an imagined loop")]
    prompt: Annotated[str, text(300, "what the continuation is to sound like; empty for what the set suggests")]
    length: Annotated[int, whole(1, 32, "length of the continuation in bars")]
