"""Presses for notes and for the set: a clip, the band, another take, a song, a mix; and dials at rest."""

from typing import Annotated

from musearoo.bridge.protocol.arguments import (
    APPLY,
    ASKED_KEY,
    CLIP_SCENE,
    CLIP_TRACK,
    COMPLEXITY,
    INTO_SCENE,
    PRESS,
    REPLACE,
    SEED,
    SESSION,
    STYLE,
    TAKES,
)
from musearoo.bridge.protocol.types import INT32_MAX, Message, Route, message, real, text, whole

MANNERS = ("", "answer", "continue", "thirds", "sixths", "four parts", "accompany")
"""Ways to compose to recorded playing: after it, or under it."""

_BARS = whole(1, 64, "length in bars")
_DENSITY = real(0.0, 1.0, "how finely time is divided, 0.5 as the style has it")
_HUMANISE = real(0.0, 1.0, "0 on the grid, 0.5 as people of the style play")
_SWING = real(0.0, 3.5, "long to short, 1 straight, 2 triplets; 0 follows the set and the style")
_HEAR = whole(0, 1, "1 sounds at MuseAroo Out first and is written by /roo/keep, 0 is written at once")
_INTO_TRACK = whole(-1, 9999, "index of the track at the press, -1 for a new track named after the engine")
_TO_PLAYED = text(16, "what it is to what was just played; empty: nothing", MANNERS)


@message("/roo/generate", Route.DEVICE_TO_DAEMON)
class Generate(Message):
    """A press: one engine and one clip, or the band. Acknowledged by /roo/got, ended by /roo/done or /roo/failed.

    A device that sees no /roo/got within 500 ms says hello again and repeats the press under the same number.
    """

    session: Annotated[int, SESSION]
    press: Annotated[int, PRESS]
    engine: Annotated[str, text(64, "engine, such as drummaroo; several with commas; band for all that fit the style")]
    style: Annotated[str, STYLE]
    bars: Annotated[int, _BARS]
    seed: Annotated[int, SEED]
    complexity: Annotated[float, COMPLEXITY]
    density: Annotated[float, _DENSITY]
    humanise: Annotated[float, _HUMANISE]
    swing: Annotated[float, _SWING]
    key: Annotated[str, ASKED_KEY]
    options: Annotated[str, text(200, "what only this engine knows, such as voicing=drop2; empty for none")]
    track: Annotated[int, _INTO_TRACK]
    scene: Annotated[int, INTO_SCENE]
    replace: Annotated[int, REPLACE]
    chords: Annotated[str, text(160, "chords to play over, such as Dm7 G7 Cmaj7; empty for those of the scene")] = ""
    changes: Annotated[str, text(160, "what is to be otherwise than usual, as in /roo/refine; empty for nothing")] = ""
    takes: Annotated[int, TAKES] = 1
    bpm: Annotated[float, real(0.0, 999.0, "tempo that the set gets with it; 0 leaves it as it is")] = 0.0
    hear: Annotated[int, _HEAR] = 0
    to_played: Annotated[str, _TO_PLAYED] = ""


@message("/roo/dials", Route.DEVICE_TO_DAEMON)
class Dials(Message):
    """The dials have come to rest: what the next /roo/generate will carry, so that it can be composed ahead.

    Sent where that is not what the daemon knows from the last press or the last of these. It is neither acknowledged
    nor repeated: without it the press takes longer, and plays the same.
    """

    session: Annotated[int, SESSION]
    press: Annotated[int, whole(1, INT32_MAX, "number that the next press will have")]
    style: Annotated[str, STYLE]
    bars: Annotated[int, _BARS]
    complexity: Annotated[float, COMPLEXITY]
    density: Annotated[float, _DENSITY]
    humanise: Annotated[float, _HUMANISE]
    swing: Annotated[float, _SWING]
    key: Annotated[str, ASKED_KEY]
    track: Annotated[int, _INTO_TRACK]
    replace: Annotated[int, REPLACE]
    hear: Annotated[int, _HEAR]
    to_played: Annotated[str, _TO_PLAYED]


@message("/roo/refine", Route.DEVICE_TO_DAEMON)
class Refine(Message):
    """A press: another take of a clip, or the clip changed. Counted, acknowledged and ended as /roo/generate is."""

    session: Annotated[int, SESSION]
    press: Annotated[int, PRESS]
    changes: Annotated[str, text(200, "what is to change, such as busier or darker, more swing; commas between")]
    style: Annotated[str, text(32, "style to play it in; empty keeps the clip's own")]
    first_bar: Annotated[int, whole(0, 9999, "first bar to change, counted from 1; 0 for all")]
    last_bar: Annotated[int, whole(0, 9999, "last bar to change; 0 for all")]
    vary_bars: Annotated[int, whole(0, 64, "bars over which the clip is varied; 0 keeps its length")]
    take: Annotated[int, whole(0, 9999, "which clip of the track, counted from the top; 0 for the one named here")]
    seed: Annotated[int, SEED]
    track: Annotated[int, CLIP_TRACK]
    scene: Annotated[int, CLIP_SCENE]
    replace: Annotated[int, whole(0, 1, "1 changes the clip itself, 0 puts the result into the next empty slot below")]
    takes: Annotated[int, TAKES] = 1
    hear: Annotated[int, _HEAR] = 0


@message("/roo/song", Route.DEVICE_TO_DAEMON)
class WriteSong(Message):
    """A press: a whole song by the band, as scenes or on the timeline. Ended as /roo/generate is."""

    session: Annotated[int, SESSION]
    press: Annotated[int, PRESS]
    style: Annotated[str, STYLE]
    form: Annotated[str, text(64, "name of one of the style's forms; empty for the one that suits the length")]
    seconds: Annotated[float, real(15.0, 600.0, "how long it is to be, within a phrase")]
    seed: Annotated[int, SEED]
    complexity: Annotated[float, COMPLEXITY]
    key: Annotated[str, ASKED_KEY]
    where: Annotated[int, whole(0, 1, "0 scenes in the Session, 1 the Arrangement with locators")]


@message("/roo/mix", Route.DEVICE_TO_DAEMON)
class Mix(Message):
    """A press: levels, pans and sends for the tracks of the set. Ended as /roo/generate is, named by its report."""

    session: Annotated[int, SESSION]
    press: Annotated[int, PRESS]
    style: Annotated[str, STYLE]
    pinned: Annotated[str, text(400, "names of tracks that stay as they are, commas between; empty for none")]
    write: Annotated[int, APPLY]
