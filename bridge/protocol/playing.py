"""Live MIDI: takes that sound before they are kept, what was played in, jams, and how the clock stands."""

from typing import Annotated

from musearoo.bridge.protocol.agreed import LONGEST_NAME
from musearoo.bridge.protocol.arguments import (
    CLIP_SCENE,
    CLIP_TRACK,
    COMPLEXITY,
    FOR_SESSION,
    INTO_SCENE,
    PRESS,
    REPLACE,
    SEED,
    SESSION,
    STYLE,
)
from musearoo.bridge.protocol.types import Message, Route, message, real, text, whole, words

MOST_BARS_KEPT = 64
"""Bars that can be kept of what was played in."""

MOST_BARS_A_TURN = 16
"""Bars of a turn in a jam."""

CLOCKS = ("", "live", "midi", "link", "own")
"""Whom the beat clock follows: Live's transport, MIDI clock at an input, Ableton Link, or nobody."""


@message("/roo/audition", Route.DEVICE_TO_DAEMON)
class Audition(Message):
    """A press: what the device hears at MuseAroo Out before it is kept. Ended by /roo/done or /roo/failed.

    What a press of /roo/generate or /roo/refine with `hear` made sounds from the next bar on, looped in time with the
    set; another such press swaps it at a bar line, and /roo/keep writes it. This hears a clip of the set the same way,
    or drops what is heard, which is forgotten then.
    """

    session: Annotated[int, SESSION]
    press: Annotated[int, PRESS]
    on: Annotated[int, whole(0, 1, "1 hears a MIDI clip of the set, 0 drops what is heard")]
    track: Annotated[int, CLIP_TRACK]
    scene: Annotated[int, CLIP_SCENE]


@message("/roo/keep", Route.DEVICE_TO_DAEMON)
class Keep(Message):
    """A press: writes into the set what is heard, or what was just played in. Ended as /roo/generate is.

    What is heard goes where its own press said, and falls silent at the next bar. What was played is quantised with
    the player's feel kept, and goes where this says.
    """

    session: Annotated[int, SESSION]
    press: Annotated[int, PRESS]
    bars: Annotated[
        int,
        whole(-1, MOST_BARS_KEPT, "0 what is heard; else so many of the last bars played, -1 the last phrase"),
    ]
    strength: Annotated[float, real(0.0, 1.0, "0 as it was played, 1 on the grid as the player's feel has it")]
    track: Annotated[int, whole(-1, 9999, "index of the track it goes to, -1 for a new one")]
    scene: Annotated[int, INTO_SCENE]
    replace: Annotated[int, REPLACE]


@message("/roo/jam", Route.DEVICE_TO_DAEMON)
class PlayJam(Message):
    """A press: turn by turn, the player's bars and then as many by the engines, until it is switched off.

    Ended by /roo/done once it has begun, or has ended. How it goes is told by /roo/midi. There is one jam at a time.
    """

    session: Annotated[int, SESSION]
    press: Annotated[int, PRESS]
    on: Annotated[int, whole(0, 1, "1 begins, or goes on as this says from the next turn; 0 ends it")]
    bars: Annotated[int, whole(1, MOST_BARS_A_TURN, "bars of a turn")]
    who: Annotated[str, text(64, "engine that answers, such as melodyroo; empty: RooAroo decides")]
    style: Annotated[str, STYLE]
    complexity: Annotated[float, COMPLEXITY]
    seed: Annotated[int, SEED]


@message("/roo/midi/ask", Route.DEVICE_TO_DAEMON)
class AskMidi(Message):
    """Asks for /roo/midi as it is now; a change is told without being asked."""

    session: Annotated[int, SESSION]


@message("/roo/midi", Route.DAEMON_TO_DEVICE)
class MidiState(Message):
    """Live MIDI as it is, for the device's display: when it changes, at most five times a second, not repeated."""

    clock: Annotated[str, text(8, "whom the clock follows; empty without MIDI", CLOCKS)]
    running: Annotated[int, whole(0, 1, "1 while the clock runs")]
    bpm: Annotated[float, real(0.0, 999.0, "its tempo, in tenths of a beat a minute; 0 when not known")]
    input: Annotated[int, whole(0, 2, "0 no input is there, 1 one is, 2 notes came in the last second")]
    held: Annotated[str, words(32, "chord that is held, such as Am7; empty for none")]
    played: Annotated[int, whole(0, MOST_BARS_KEPT, "bars that were played in and can be kept")]
    heard: Annotated[str, words(LONGEST_NAME, "name of the take that this device hears and can keep; empty for none")]
    turn: Annotated[int, whole(0, 3, "0 no jam, 1 it waits for its first bar, 2 the player's turn, 3 the engines'")]
    bar: Annotated[int, whole(0, MOST_BARS_A_TURN, "bar of the turn, counted from 1; 0 without a jam")]
    who: Annotated[str, words(96, "engines that play in the jam, commas between; empty for none")]
    sentence: Annotated[str, words(300, "what to do about what does not work, or news; empty for none")]
    session: Annotated[int, FOR_SESSION] = 0
