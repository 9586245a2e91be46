"""Endless music: begun, steered and ended from a device, and what it shows of it."""

from typing import Annotated

from musearoo.bridge.protocol.arguments import FLAG, FOR_SESSION, PRESS, SEED, SESSION
from musearoo.bridge.protocol.types import Message, Route, message, real, text, whole, words

AMBIENCE_OUTPUTS = ("", "card", "midi", "program")
"""Where endless music sounds: the sound card, a MIDI port, or the program of the settings; "" leaves it."""

_AMOUNT = "0 to 1, 0.5 is as the preset has it; -1 leaves it"


@message("/roo/ambience", Route.DEVICE_TO_DAEMON)
class PlayAmbience(Message):
    """A press: endless music begins, goes on as this says, or ends with a fade. Ended by /roo/done or /roo/failed.

    There is one at a time. What a press does not say stays as it is, at first as the preset has it.
    /roo/ambience/state tells how it goes.
    """

    session: Annotated[int, SESSION]
    press: Annotated[int, PRESS]
    on: Annotated[int, FLAG]
    preset: Annotated[str, text(32, "preset, such as drift; empty for the one that plays, or drift")]
    out: Annotated[str, text(8, "where it sounds; empty for where it does, or as the settings say", AMBIENCE_OUTPUTS)]
    key: Annotated[str, text(32, "key such as D minor; empty leaves it")]
    mood: Annotated[str, text(32, "mood such as calm, or change such as darker; empty leaves it")]
    bpm: Annotated[float, real(0.0, 300.0, "tempo; 0 leaves it")]
    density: Annotated[float, real(-1.0, 1.0, _AMOUNT)]
    brightness: Annotated[float, real(-1.0, 1.0, _AMOUNT)]
    motion: Annotated[float, real(-1.0, 1.0, _AMOUNT)]
    space: Annotated[float, real(-1.0, 1.0, _AMOUNT)]
    follow: Annotated[int, whole(-1, 1, "1 follows key, tempo and chords of the set, 0 does not, -1 leaves it")]
    seed: Annotated[int, SEED]


@message("/roo/ambience/state", Route.DAEMON_TO_DEVICE)
class AmbienceState(Message):
    """How endless music goes, for the device's display: at each change, not repeated."""

    on: Annotated[int, FLAG]
    preset: Annotated[str, text(32, "preset that plays; empty for none")]
    key: Annotated[str, words(64, "its key, such as D minor; empty for none")]
    chords: Annotated[str, words(96, "the chord that sounds and those to come; empty for none")]
    sentence: Annotated[str, words(300, "what to do about what does not work, or news; empty for none")]
    session: Annotated[int, FOR_SESSION] = 0
