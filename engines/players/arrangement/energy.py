"""The energy curve of a song: each kind of section has its level, repeats add to it, and there is one climax."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from musearoo.engines.music.song_section import SectionKind
from musearoo.engines.styles.form import FormStyle

GROWTH: Final = 0.05
MOST_GROWTHS: Final = 3
"""How much energy a kind of section gains each time it returns, and for how many returns."""
_GROWING: Final = ("verse", "pre_chorus", "chorus", "head", "solo", "drop", "build")
CLIMAX_MARGIN: Final = 0.04
"""By how much the climax exceeds every other section."""


def shape_energy(kinds: Sequence[SectionKind], style: FormStyle, amount: float) -> list[float]:
    """Return the energy of each section, 0..1; `amount` is the song's energy, 0..1, one half as in the style.

    The climax is the last section of the kind with most energy; every other section stays below it.

    >>> shape_energy(["verse", "chorus", "verse", "chorus"], FormStyle(), 0.5)
    [0.42, 0.68, 0.47, 0.73]
    """
    energies = []
    for index, kind in enumerate(kinds):
        returns = min(MOST_GROWTHS, kinds[:index].count(kind)) if kind in _GROWING else 0
        energies.append(_scaled(min(1.0, style.section(kind).energy + GROWTH * returns), amount))
    climax = climax_of(kinds, style)
    others = max((energy for index, energy in enumerate(energies) if index != climax), default=0.0)
    energies[climax] = min(1.0, max(energies[climax], others + CLIMAX_MARGIN))
    return [
        round(energy if index == climax else min(energy, energies[climax] - CLIMAX_MARGIN), 3)
        for index, energy in enumerate(energies)
    ]


def climax_of(kinds: Sequence[SectionKind], style: FormStyle) -> int:
    """Return the index of the climax: the last of the sections with most energy.

    >>> climax_of(["verse", "chorus", "bridge", "chorus", "outro"], FormStyle())
    3
    """
    return max(range(len(kinds)), key=lambda index: (style.section(kinds[index]).energy, index))


def _scaled(energy: float, amount: float) -> float:
    """Scale an energy towards 0 for an amount below one half, towards 1 above it."""
    if amount <= 0.5:
        return energy * (0.4 + 1.2 * amount)
    return energy + (2.0 * amount - 1.0) * 0.6 * (1.0 - energy)
