"""Choose sends to reverb and delay by role; sends that are already open stay."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from musearoo.engines.players.mix.faders import send_position
from musearoo.engines.players.mix.tracks import MixerMove, MixTrack
from musearoo.engines.styles.mix import MixStyle

REVERBS: Final = ("reverb", "verb", "room", "hall", "plate", "space")
DELAYS: Final = ("delay", "echo")
"""Words in the names of reverb and delay returns; Live's default set has "A-Reverb" and "B-Delay"."""


def plan_sends(tracks: Sequence[MixTrack], style: MixStyle, returns: Sequence[str]) -> tuple[MixerMove, ...]:
    """Return the sends to open; one that is already open is the user's choice and stays."""
    moves = []
    for what, words in (("reverb", REVERBS), ("delay", DELAYS)):
        place = find_return(returns, words)
        for track in tracks:
            part = style.part(track.role)
            db = part.reverb if what == "reverb" else part.delay
            if place is None or db is None or place >= len(track.sends) or not track.may_move("sends"):
                continue
            if track.sends[place] == 0.0:
                why = f"{track.name} gets {db:g} dB of {what}"
                moves.append(MixerMove(track.id, "send", 0.0, round(send_position(db), 4), why, send=place))
    return tuple(moves)


def find_return(returns: Sequence[str], words: Sequence[str]) -> int | None:
    """Return the index of the first return whose name contains one of the words; None if there is none.

    >>> find_return(("A-Reverb", "B-Delay"), DELAYS)
    1
    """
    return next((place for place, name in enumerate(returns) if any(word in name.lower() for word in words)), None)
