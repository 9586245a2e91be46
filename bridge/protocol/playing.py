"""Live MIDI: takes that sound before they are kept, recorded playing, jams, and the clock's state."""

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
"""Most bars of recorded playing that can be kept."""

MOST_BARS_A_TURN = 16
"""Most bars of a turn in a jam."""

CLOCKS = ("", "live", "midi", "link", "own")
"""Sources of the beat clock: Live's transport, MIDI clock at an input, Ableton Link, or none."""


@message("/roo/audition", Route.DEVICE_TO_DAEMON)
class Audition(Message):
    """A press: plays a clip at MuseAroo Out, or drops the take that plays there. Ended by /roo/done or /roo/failed.

    A take of /roo/generate or /roo/refine with `hear` sounds from the next bar on, looped in time with the set; another
    such press swaps it at a bar line, and /roo/keep writes it. This message plays a clip of the set in the same way, or
    stops and discards the present take.
    """

    session: Annotated[int, SESSION]
    press: Annotated[int, PRESS]
    on: Annotated[int, whole(0, 1, "1 hears a MIDI clip of the set, 0 drops what is heard")]
    track: Annotated[int, CLIP_TRACK]
    scene: Annotated[int, CLIP_SCENE]


@message("/roo/keep", Route.DEVICE_TO_DAEMON)
class Keep(Message):
    """A press: writes the take that sounds, or what was just played, into the set. Ended as /roo/generate is.

    The take goes to its own press's target, and stops at the next bar. Recorded playing is quantised, keeping the
    player's feel, and goes to this message's target.
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
    """A press: the player and the engines alternate turns of as many bars, until it is switched off.

    Ended by /roo/done once it has begun, or has ended. /roo/midi reports its state. There is one jam at a time.
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
    """Asks for /roo/midi now; changes are reported without a request."""

    session: Annotated[int, SESSION]


@message("/roo/midi", Route.DAEMON_TO_DEVICE)
class MidiState(Message):
    """The state of live MIDI, for the device's display: at each change, at most five times a second, not repeated."""

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
