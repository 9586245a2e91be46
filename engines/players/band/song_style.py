"""A style as the musicians of one song play it: within what their instruments can, and with one idea of the beat."""

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
"""The energy for which the groove of a whole song is chosen: as the style is usually played."""


def style_of_song(style: Style, arrangement: Arrangement, complexity: float, seed: int) -> Style:
    """The style for a song's players: tunes and basses within the reach of the instruments that were chosen for them,
    chords played as theirs is, and one groove for all sections where the style has it so.

    What an instrument says of itself goes before what the style says of the part; so a saxophone's tune lies lower than
    a trumpet's. A part without an instrument stays as the style has it.
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
    """What the style knows of the song's instruments."""
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
    """The harmony with the ways to play chords that are for an instrument; all of them where none is."""
    if voice is None:
        return harmony
    fitting = tuple(way for way in harmony.comping if not way.instruments or voice.name in way.instruments)
    return msgspec.structs.replace(harmony, comping=fitting) if fitting else harmony


def _with_one_groove(drums: DrumStyle, complexity: float, seed: int) -> DrumStyle:
    """The drums with one groove for the song, and those that are for some kinds of section alone."""
    chance = stream(seed, "song", "groove")
    if chance.random() >= drums.one_groove:
        return drums
    anywhere = [groove for groove in drums.grooves if not groove.sections]
    fitting = [groove for groove in anywhere if groove.complexity[0] <= complexity <= groove.complexity[1]] or anywhere
    if not fitting:
        return drums
    groove = pick_groove(fitting, USUAL_ENERGY, chance)
    return msgspec.structs.replace(drums, grooves=(groove, *(each for each in drums.grooves if each.sections)))
