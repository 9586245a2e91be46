"""The drum kit: its voices on the General MIDI map, and the limb that plays each."""

from __future__ import annotations

from typing import Final, Literal, NamedTuple

HAND: Final = "hand"
FOOT: Final = "foot"
Group = Literal["kick", "snare", "cymbals", "toms", "crash", "percussion"]
"""The voice groups for which presets set levels."""


class Voice(NamedTuple):
    """One voice of the kit. If there are more notes than limbs, voices of lower importance are left out.

    `ring` is the note length in beats; it only matters to samplers with gated samples.
    """

    pitch: int
    limb: str
    group: Group
    importance: int
    ring: float


KIT: Final[dict[str, Voice]] = {
    "kick": Voice(36, FOOT, "kick", 9, 0.25),
    "snare": Voice(38, HAND, "snare", 8, 0.25),
    "cross_stick": Voice(37, HAND, "snare", 7, 0.25),
    "clap": Voice(39, HAND, "snare", 7, 0.25),
    "closed_hat": Voice(42, HAND, "cymbals", 3, 0.25),
    "open_hat": Voice(46, HAND, "cymbals", 4, 1.0),
    "pedal_hat": Voice(44, FOOT, "cymbals", 2, 0.25),
    "ride": Voice(51, HAND, "cymbals", 3, 0.5),
    "ride_bell": Voice(53, HAND, "cymbals", 3, 0.5),
    "crash": Voice(49, HAND, "crash", 6, 2.0),
    "high_tom": Voice(48, HAND, "toms", 5, 0.25),
    "mid_tom": Voice(45, HAND, "toms", 5, 0.25),
    "low_tom": Voice(41, HAND, "toms", 5, 0.25),
    "splash": Voice(55, HAND, "crash", 5, 1.0),
    "tambourine": Voice(54, HAND, "percussion", 2, 0.25),
    "cowbell": Voice(56, HAND, "percussion", 3, 0.25),
    "conga_high": Voice(63, HAND, "percussion", 2, 0.25),
    "conga_low": Voice(64, HAND, "percussion", 2, 0.25),
    "shaker": Voice(70, HAND, "percussion", 2, 0.25),
    "claves": Voice(75, HAND, "percussion", 4, 0.25),
}
PLACES: Final = {
    KIT[voice].pitch: place
    for voice, place in {
        "snare": (0.0, 0.0),
        "cross_stick": (0.0, 0.0),
        "closed_hat": (-4.0, 1.0),
        "open_hat": (-4.0, 1.0),
        "high_tom": (-1.0, 4.0),
        "mid_tom": (2.0, 4.0),
        "low_tom": (5.0, 0.0),
        "ride": (6.0, 5.0),
        "ride_bell": (6.0, 5.0),
        "crash": (-4.0, 6.0),
        "splash": (0.0, 6.0),
    }.items()
}
"""The positions of a right-handed kit's drums around the snare, by pitch, in hand spans to the right and ahead."""
BY_PITCH: Final = {voice.pitch: voice for voice in KIT.values()}
KICK_PITCHES: Final = (35, 36)
SNARE_PITCHES: Final = (37, 38, 39, 40)
HAT_PITCHES: Final = (42, 44, 46)
HATS: Final = ("closed_hat", "open_hat", "pedal_hat")
"""The voices of the hi-hat: each hit ends the one before."""

FILL_LETTERS: Final = {
    "s": "snare",
    "h": "high_tom",
    "m": "mid_tom",
    "l": "low_tom",
    "c": "crash",
    "k": "kick",
    "p": "pedal_hat",
    "o": "open_hat",
    "r": "ride",
    "t": "closed_hat",
    "a": "clap",
    "i": "cross_stick",
    "b": "ride_bell",
    "w": "cowbell",
    "n": "conga_high",
    "u": "conga_low",
    "v": "claves",
    "y": "splash",
    "f": "snare",
    "d": "snare",
    "z": "snare",
}
"""The letters of a FillRow; capitals are accents."""
Ornament = Literal["", "flam", "drag", "buzz", "grace"]
"""A snare ornament; "grace" marks a note of an ornament itself."""
FLOURISHES: Final[dict[str, Ornament]] = {"f": "flam", "d": "drag", "z": "buzz"}
"""The letters of ornaments."""
