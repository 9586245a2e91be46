"""What a device shows besides the outcome of a press: progress, news, and facts about the set."""

from typing import Annotated

from musearoo.bridge.protocol.arguments import (
    DENOMINATOR,
    FOR_SESSION,
    KNOWN_KEY,
    LIVE,
    NUMERATOR,
    PRESS_OR_NONE,
    SENTENCE,
)
from musearoo.bridge.protocol.types import INT32_MAX, Message, Route, message, real, whole, words

LONGEST_CHORDS = 120
"""Most bytes of the chords that a device shows; longer ones are cut."""


@message("/roo/progress", Route.DAEMON_TO_DEVICE)
class Progress(Message):
    """The progress of a press that takes longer; at most ten times a second, not repeated."""

    press: Annotated[int, PRESS_OR_NONE]
    fraction: Annotated[float, real(0.0, 1.0, "0 begun, 1 done")]
    sentence: Annotated[str, SENTENCE]
    session: Annotated[int, FOR_SESSION] = 0


@message("/roo/told", Route.DAEMON_TO_DEVICE)
class Told(Message):
    """A sentence for the status line; press is 0 if it concerns none."""

    press: Annotated[int, whole(0, INT32_MAX, "number of the press, 0 for none")]
    code: Annotated[int, whole(0, 999, "one of the refusal codes, 0 for plain news")]
    sentence: Annotated[str, SENTENCE]
    session: Annotated[int, FOR_SESSION] = 0


@message("/roo/facts", Route.DAEMON_TO_DEVICE)
class Facts(Message):
    """Facts about the set, for the device's display; sent at each change."""

    tempo: Annotated[float, real(20.0, 999.0, "tempo in beats a minute")]
    numerator: Annotated[int, NUMERATOR]
    denominator: Annotated[int, DENOMINATOR]
    key: Annotated[str, KNOWN_KEY]
    chords: Annotated[str, words(LONGEST_CHORDS, "chords of the selected scene, spaces between, empty when not known")]
    live: Annotated[int, LIVE]
    session: Annotated[int, FOR_SESSION] = 0
