"""The event and the effects of endless music: frozen data, part of `events` and `effects`."""

from musearoo.bridge.protocol import AmbienceState, PlayAmbience
from musearoo.engines.foundation.frozen import frozen


@frozen
class AmbienceSeen:
    """How endless music goes changed; at most five times a second. With `shown.on` 0 it has ended by itself."""

    now: float
    shown: AmbienceState


@frozen
class SetAmbience:
    """Begin endless music, or steer what plays; `follows` is the link of the Live that it follows, 0 for none."""

    request: PlayAmbience
    follows: int


@frozen
class EndAmbience:
    """Let endless music fade out."""


AmbienceEffect = SetAmbience | EndAmbience
