"""The families of takes' measures, which the daemon and the server have in common. How each is measured: `music`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from musearoo.bridge.metrics.music import PartMeasures, measure_part
from musearoo.bridge.metrics.registry import Family, Histogram, Label, Registry
from musearoo.engines.music.clip import Clip
from musearoo.engines.music.knowledge.context import Role
from musearoo.engines.music.scale import Key

SHARES: Final = (0.0, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 1.0)

MEASURES: Final[Mapping[str, str]] = {
    "notes": "notes",
    "in_key_ratio": "in_key",
    "onsets_per_beat": "onsets_per_beat",
    "off_grid_ratio": "off_grid",
}
"""The measures by the names of their families, and the fields of PartMeasures that they are."""


def take_families(prefix: str, label: Label) -> tuple[Family, ...]:
    """Return the families of the measures, by a label that says what was played."""
    return tuple(
        Family(f"{prefix}take_{name}", "histogram", text, (label,), buckets, sparse=True)
        for name, text, buckets in (
            ("notes", "Notes of a part.", (0, 8, 16, 32, 64, 128, 256, 512, 1024)),
            (
                "in_key_ratio",
                "Share of a part's notes that are in the key of the set; drums and sets without a key are left out.",
                SHARES,
            ),
            (
                "onsets_per_beat",
                "Density of a part: onsets a beat, simultaneous notes counted once.",
                (0.0, 0.25, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0),
            ),
            (
                "off_grid_ratio",
                "Share of a part's notes that are a quarter of a sixteenth or more off the grid of sixteenths.",
                SHARES,
            ),
        )
    )


def measure_take(clip: Clip, role: Role, key: Key | None) -> dict[str, float]:
    """Return the measures of a part by the names of their families, without those that there are none of.

    >>> from musearoo.engines.music.note import Note
    >>> measure_take(Clip.of("Kick", 2.0, [Note(0.0, 36, 0.5, 90)]), "drums", Key.parse("C"))
    {'notes': 1.0, 'onsets_per_beat': 0.5, 'off_grid_ratio': 0.0}
    """
    return by_family(measure_part(clip, None if role == "drums" else key))


def by_family(measures: PartMeasures) -> dict[str, float]:
    """Return measures by the names of their families, without those that there are none of."""
    values = {name: getattr(measures, field) for name, field in MEASURES.items()}
    return {name: float(value) for name, value in values.items() if value is not None}


class TakeHistograms:
    """The histograms of one label's value."""

    def __init__(self, registry: Registry, prefix: str, value: str) -> None:
        self._by_name: Mapping[str, Histogram] = {
            name: registry.histogram(f"{prefix}take_{name}", value) for name in MEASURES
        }

    def observe(self, measures: Mapping[str, float]) -> None:
        """Count the measures of a part. Raises KeyError for one that there is not."""
        for name, value in measures.items():
            self._by_name[name].observe(value)
