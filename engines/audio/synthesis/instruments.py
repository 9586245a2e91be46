"""Synthesis settings of each General MIDI instrument family: harmonics at the attack and while held, and envelopes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Voice:
    """One instrument.

    `struck` and `held` are the amplitudes of the harmonics, the fundamental first: at the attack, and after it has
    decayed with the time constant `settle` (seconds). `fade` is the decay time constant of the whole tone (seconds at
    C4, lower notes decay more slowly), None for sustained instruments. `spread` detunes two copies of the tone (cents;
    0 is one copy), left and right; `vibrato` in cents; `breath` the share of noise in the attack. `octave_down` mixes
    in the octave below.
    """

    struck: tuple[float, ...]
    held: tuple[float, ...]
    settle: float = 0.3
    fade: float | None = None
    attack: float = 0.005
    release: float = 0.08
    spread: float = 0.0
    vibrato: float = 0.0
    breath: float = 0.0
    octave_down: float = 0.0
    level: float = 1.0


def _series(count: int, steepness: float, only_odd: bool = False) -> tuple[float, ...]:
    """Return harmonics that decrease with a power of their number: 1 is a saw, 2 a mellow tone; odd ones are hollow."""
    return tuple(
        1.0 / number**steepness if not only_odd or number % 2 else 0.04 / number for number in range(1, count + 1)
    )


PIANO: Final = Voice(_series(12, 1.3), _series(6, 2.2), settle=0.5, fade=1.1, release=0.12, level=0.9)
ELECTRIC_PIANO: Final = Voice((1.0, 0.25, 0.1, 0.05, 0.02, 0.0, 0.12), (1.0, 0.12, 0.03), settle=0.35, fade=1.4)
CHROMATIC: Final = Voice(
    (1.0, 0.05, 0.1, 0.45, 0.03, 0.0, 0.0, 0.0, 0.0, 0.22), (1.0, 0.0, 0.02, 0.1), settle=0.25, fade=0.9, release=0.6
)
ORGAN: Final = Voice(
    (1.0, 0.7, 0.5, 0.35, 0.0, 0.2, 0.0, 0.16), (1.0, 0.7, 0.5, 0.35, 0.0, 0.2, 0.0, 0.16), vibrato=4.0, level=0.55
)
GUITAR: Final = Voice(_series(14, 0.9), _series(7, 1.8), settle=0.25, fade=0.8, attack=0.003, level=0.8)
DISTORTED_GUITAR: Final = Voice(
    _series(18, 0.75), _series(14, 0.9), settle=0.8, fade=4.0, attack=0.004, spread=5.0, octave_down=0.15, level=0.5
)
BASS: Final = Voice(_series(12, 1.0), _series(6, 2.0), settle=0.25, fade=1.6, level=1.1)
SYNTH_BASS: Final = Voice(_series(16, 0.9), _series(8, 1.5), settle=0.18, octave_down=0.2, release=0.05, level=0.8)
STRINGS: Final = Voice(
    _series(14, 1.1), _series(14, 1.1), attack=0.12, release=0.3, spread=9.0, vibrato=5.0, breath=0.02, level=0.5
)
CHOIR: Final = Voice(
    (1.0, 0.6, 0.35, 0.22, 0.06, 0.05), (1.0, 0.6, 0.35, 0.22, 0.06, 0.05), attack=0.15, release=0.35, spread=11.0,
    vibrato=8.0, breath=0.06, level=0.6,
)  # fmt: skip
BRASS: Final = Voice(
    _series(14, 0.8), _series(12, 1.0), settle=0.15, attack=0.035, release=0.1, spread=3.0, vibrato=3.0, level=0.55
)
REED: Final = Voice(
    _series(13, 0.95, only_odd=True), _series(11, 1.1), attack=0.03, release=0.09, vibrato=7.0, breath=0.04, level=0.6
)
PIPE: Final = Voice(
    (1.0, 0.3, 0.12, 0.04), (1.0, 0.22, 0.08), attack=0.045, release=0.1, vibrato=9.0, breath=0.1, level=0.85
)
LEAD: Final = Voice(_series(16, 1.0), _series(12, 1.15), settle=0.4, attack=0.006, spread=6.0, vibrato=4.0, level=0.5)
PAD: Final = Voice(
    _series(8, 1.6), _series(8, 1.4), settle=2.0, attack=0.35, release=0.7, spread=12.0, vibrato=3.0, level=0.55
)
BELL_PAD: Final = Voice(
    (1.0, 0.1, 0.25, 0.3, 0.05, 0.1), _series(5, 1.7), settle=0.8, attack=0.02, release=0.9, fade=3.0, spread=8.0,
    level=0.6,
)  # fmt: skip
PLUCKED: Final = Voice(_series(16, 0.7), _series(6, 1.6), settle=0.12, fade=0.5, attack=0.002, level=0.8)
STRUCK: Final = Voice((1.0, 0.0, 0.3, 0.0, 0.2), (1.0, 0.0, 0.1), settle=0.06, fade=0.3, attack=0.001, level=0.9)

_FAMILIES: Final = (
    PIANO, CHROMATIC, ORGAN, GUITAR, BASS, STRINGS, STRINGS, BRASS,
    REED, PIPE, LEAD, PAD, BELL_PAD, PLUCKED, STRUCK, PAD,
)  # fmt: skip
"""A voice for each of General MIDI's families of eight programs."""
_OTHERS: Final = {
    **dict.fromkeys((4, 5), ELECTRIC_PIANO),
    **dict.fromkeys((29, 30), DISTORTED_GUITAR),
    **dict.fromkeys((38, 39), SYNTH_BASS),
    **dict.fromkeys((45, 46), PLUCKED),
    47: STRUCK,
    **dict.fromkeys((52, 53, 54), CHOIR),
    55: BRASS,
    # Harpsichord and clavinet are plucked keyboards.
    **dict.fromkeys((6, 7), PLUCKED),
    98: CHROMATIC,
    91: CHOIR,
}
"""Programs that sound unlike their family."""


def voice_of(program: int) -> Voice:
    """Return the voice of a General MIDI program, counted from 0.

    >>> voice_of(33) is BASS, voice_of(48) is STRINGS, voice_of(4) is ELECTRIC_PIANO
    (True, True, True)
    """
    return _OTHERS.get(program, _FAMILIES[program // 8])
