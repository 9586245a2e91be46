"""The events and the effects of endless music: frozen data, part of `events` and `effects`."""

from musearoo.bridge.protocol import AmbienceState, PlayAmbience, Refusal
from musearoo.engines.foundation.frozen import frozen


@frozen
class AmbienceUnderWay:
    """Endless music that plays: the session that it ends with (0: none), its preset and output, and when it was set."""

    session: int
    preset: str
    out: str
    at: float


# --- what happens ----------------------------------------------------------------------------------------------------


@frozen
class AmbienceSet:
    """What a press for endless music asked for has been done, under a name; or `refusal` says why not."""

    now: float
    key: tuple[int, int]
    name: str = ""
    preset: str = ""
    out: str = ""
    refusal: tuple[Refusal, str] | None = None


@frozen
class AmbienceSeen:
    """How endless music goes changed; at most five times a second. With `shown.on` 0 it has ended by itself."""

    now: float
    shown: AmbienceState


# --- what is to be done ----------------------------------------------------------------------------------------------


@frozen
class SetAmbience:
    """Begin endless music, or steer what plays; answered by AmbienceSet.

    `follows` is the run of the script in the Live that it follows, "" for none.
    """

    key: tuple[int, int]
    request: PlayAmbience
    follows: str


@frozen
class EndAmbience:
    """Let endless music fade out."""


AmbienceEffect = SetAmbience | EndAmbience
