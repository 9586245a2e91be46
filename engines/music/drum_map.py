"""The drum kind of each MIDI pitch: General MIDI, and the additions of electronic kits."""

from __future__ import annotations

from typing import Final, Literal, get_args

DrumKind = Literal["kick", "snare", "hat", "tom", "cymbal"]
DRUM_KINDS: Final[tuple[DrumKind, ...]] = get_args(DrumKind)

PITCHES: Final[dict[DrumKind, tuple[int, ...]]] = {
    "kick": (36, 35),
    "snare": (38, 40, 37, 39),
    # 22 and 26 are the edges of Roland's hats, below General MIDI's map.
    "hat": (42, 44, 46, 22, 26),
    "tom": (45, 41, 43, 47, 48, 50, 58),
    "cymbal": (51, 49, 52, 53, 55, 57, 59),
}
"""The pitches of each kind, the usual one first; ride and crash are cymbals, rim and clap count as snare."""

KIND_OF_PITCH: Final[dict[int, DrumKind]] = {pitch: kind for kind, pitches in PITCHES.items() for pitch in pitches}
