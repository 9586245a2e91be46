"""Adapt a style to one song: to the ranges of its chosen instruments, and to one groove."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from musearoo.engines.foundation.chance import stream
from musearoo.engines.music.knowledge.context import Role
from musearoo.engines.players.arrangement.song_plan import Arrangement
from musearoo.engines.players.drums.plan import pick_groove
from musearoo.engines.styles.drums import DrumStyle
from musearoo.engines.styles.form import Voice
from musearoo.engines.styles.harmony import HarmonyStyle
from musearoo.engines.styles.schema import Style

USUAL_ENERGY: Final = 0.5
"""The energy for which the groove of a whole song is chosen: the usual one."""


def style_of_song(style: Style, arrangement: Arrangement, complexity: float, seed: int) -> Style:
    """Return the style for a song's players: melody and bass in the range of their instruments, comping for the chord
    instrument, and one groove for all sections if the style wants it.

    An instrument's own range overrides the style's, so that a saxophone plays lower than a trumpet. A part without an
    instrument stays unchanged.
    """
    voices = _voices_of(style, arrangement)
    return msgspec.structs.replace(
        style,
        drums=_with_one_groove(style.drums, complexity, seed),
        bass=msgspec.structs.replace(style.bass, **_compass(voices.get("bass"))),
        harmony=_played_on(style.harmony, voices.get("harmony")),
        melody=msgspec.structs.replace(
            style.melody, **_compass(voices.get("melody")), **_longest(style.melody.longest, voices.get("melody"))
        ),
    )


def _voices_of(style: Style, arrangement: Arrangement) -> Mapping[Role, Voice]:
    """Return the style's data on the song's instruments, by role."""
    return {
        instrument.role: voice
        for instrument in arrangement.instruments
        for voice in style.form.voices(instrument.role)
        if voice.name == instrument.name
    }


def _compass(voice: Voice | None) -> dict[str, Any]:
    return {"low": voice.low, "high": voice.high} if voice is not None and voice.low else {}


def _longest(usual: float, voice: Voice | None) -> dict[str, Any]:
    return {} if voice is None or voice.longest is None else {"longest": min(usual, voice.longest)}


def _played_on(harmony: HarmonyStyle, voice: Voice | None) -> HarmonyStyle:
    """Return the harmony with only the compings for an instrument; all of them if none is for it."""
    if voice is None:
        return harmony
    fitting = tuple(way for way in harmony.comping if not way.instruments or voice.name in way.instruments)
    return msgspec.structs.replace(harmony, comping=fitting) if fitting else harmony


def _with_one_groove(drums: DrumStyle, complexity: float, seed: int) -> DrumStyle:
    """Return the drums with one groove for the song, plus the grooves restricted to some kinds of section."""
    chance = stream(seed, "song", "groove")
    if chance.random() >= drums.one_groove:
        return drums
    anywhere = [groove for groove in drums.grooves if not groove.sections]
    fitting = [groove for groove in anywhere if groove.complexity[0] <= complexity <= groove.complexity[1]] or anywhere
    if not fitting:
        return drums
    groove = pick_groove(fitting, USUAL_ENERGY, chance)
    return msgspec.structs.replace(drums, grooves=(groove, *(each for each in drums.grooves if each.sections)))
