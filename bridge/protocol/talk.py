"""Sentences to RooAroo, spoken or written, and what RooAroo answers or asks of the device."""

from typing import Annotated

from musearoo.bridge.protocol.arguments import FLAG, FOR_SESSION, NUMBER, PRESS, SENTENCE, SESSION
from musearoo.bridge.protocol.types import INT32_MAX, Message, Route, message, real, text, whole, words

LONGEST_SAYING = 300
"""Most bytes of a sentence; a longer one is cut."""


@message("/roo/talk", Route.DEVICE_TO_DAEMON)
class Talk(Message):
    """Talk is held, still held (twice a second), or released. Counted like a press; a repeated state changes nothing.

    The daemon records from the first to the last of them; without one for two seconds, at a silence, or after fifteen
    seconds it ends the recording by itself. The sentence is then performed as if it had been pressed: ended as that is,
    or by /roo/answer if RooAroo answers in words.
    """

    session: Annotated[int, SESSION]
    press: Annotated[int, whole(1, INT32_MAX, "number of the press, the same until Talk is let go")]
    held: Annotated[int, whole(0, 2, "1 pressed just now, 2 still held, 0 let go")]


@message("/roo/level", Route.DAEMON_TO_DEVICE)
class Level(Message):
    """The microphone's level while Talk is held, and the words so far; ten times a second, not repeated."""

    press: Annotated[int, PRESS]
    level: Annotated[float, real(0.0, 1.0, "0 at -60 dB of full scale and below, 1 at full scale")]
    words: Annotated[str, words(LONGEST_SAYING, "the words so far; empty before the first")]
    session: Annotated[int, FOR_SESSION] = 0


@message("/roo/say", Route.DEVICE_TO_DAEMON)
class SayText(Message):
    """A press: a sentence in writing, understood and answered as a spoken one. Counted and ended as Talk is."""

    session: Annotated[int, SESSION]
    press: Annotated[int, PRESS]
    text: Annotated[str, text(LONGEST_SAYING, "what is wanted, in words")]


@message("/roo/arm", Route.DEVICE_TO_DAEMON)
class Arm(Message):
    """Keeps the microphone open, so that Talk includes the half second before it; sent each second while it is on.

    Nothing older than that half second is kept, and none of it is used unless Talk is held.
    """

    session: Annotated[int, SESSION]
    on: Annotated[int, FLAG]


@message("/roo/answer", Route.DAEMON_TO_DEVICE)
class Answer(Message):
    """RooAroo answers in words, or asks a question; nothing was changed in the set. Numbered like /roo/done."""

    number: Annotated[int, NUMBER]
    press: Annotated[int, PRESS]
    milliseconds: Annotated[float, real(0.0, 1e9, "from the end of the sentence to this")]
    asks: Annotated[int, whole(0, 1, "1 when it is a question, which the next sentence may answer")]
    heard: Annotated[str, words(LONGEST_SAYING, "the sentence as it was understood")]
    sentence: Annotated[str, SENTENCE]
    session: Annotated[int, FOR_SESSION] = 0


@message("/roo/please", Route.DAEMON_TO_DEVICE)
class Please(Message):
    """RooAroo asks the device to operate one of its controls, as if it were clicked; not repeated."""

    session: Annotated[int, SESSION]
    press: Annotated[int, whole(1, INT32_MAX, "number of the press that asked for it")]
    control: Annotated[str, text(16, "which", ("listen", "self_test", "auto_split"))]
    value: Annotated[
        int, whole(0, 99, "listen: 10 times the bars (0 as the device has them), 1 more to continue; auto_split: 0, 1")
    ]
