"""Convert a mix plan to MIDI controllers: volume and pan of each channel."""

from __future__ import annotations

from typing import Final

from musearoo.engines.music.midi_files.score import PAN, VOLUME, Controller, ControllerKind
from musearoo.engines.players.mix.engine import MixPlan
from musearoo.engines.players.mix.faders import UNITY, fader_db
from musearoo.engines.players.mix.tracks import MixerMove

LOUDEST: Final = 100
"""The volume of the loudest track: General MIDI's default, which leaves room to raise it."""
CENTRE: Final = 64


def mix_controllers(plan: MixPlan, tracks: int) -> tuple[tuple[Controller, ...], ...]:
    """Return volume and pan controllers for each of `tracks` tracks, whose ids in the plan are their indices.

    A volume v is 40 log10(v / 127) dB by General MIDI. Level differences are kept; EQ cuts and sends are left out.
    """
    volumes, pans = dict.fromkeys(range(tracks), UNITY), dict.fromkeys(range(tracks), 0.0)
    for move in plan.moves:
        if isinstance(move, MixerMove) and move.track in volumes and move.control != "send":
            (volumes if move.control == "volume" else pans)[move.track] = move.new
    levels = {track: fader_db(position) for track, position in volumes.items()}
    loudest = max(levels.values(), default=0.0)
    return tuple(
        (
            Controller(
                0.0, ControllerKind.CONTROL, round(LOUDEST * 10.0 ** ((levels[track] - loudest) / 40.0)), VOLUME
            ),
            Controller(0.0, ControllerKind.CONTROL, min(127, CENTRE + round(CENTRE * pans[track])), PAN),
        )
        for track in range(tracks)
    )
