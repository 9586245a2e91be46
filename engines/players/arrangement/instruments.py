"""Choose the instrument of each part by style, mood and energy."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from musearoo.engines.foundation.chance import pick, stream
from musearoo.engines.players.arrangement.song_plan import Instrument
from musearoo.engines.styles.form import BandRole, FormStyle, MoodName, Voice

_OF_THE_MOOD: Final = 4.0
_OUT_OF_RANGE: Final = 0.05
"""Weight factors of an instrument that suits the mood, and of one outside the song's energy."""


def choose_instruments(
    form: FormStyle, roles: Iterable[BandRole], energy: float, mood: MoodName | None, seed: int
) -> tuple[Instrument, ...]:
    """Return an instrument for each part; `energy` is the song's, 0..1."""
    chosen = []
    for role in roles:
        voices = form.voices(role)
        voice = pick(stream(seed, "instrument", role), voices, [_weight(voice, energy, mood) for voice in voices])
        chosen.append(Instrument(role, voice.name, voice.program, voice.live))
    return tuple(chosen)


def _weight(voice: Voice, energy: float, mood: MoodName | None) -> float:
    weight = voice.weight
    if mood is not None and mood in voice.moods:
        weight *= _OF_THE_MOOD
    return weight if voice.energy[0] <= energy <= voice.energy[1] else weight * _OUT_OF_RANGE
