"""What the user's own plug-ins look like to the synthesiser, and the notes of layers that they play."""

from __future__ import annotations

from bisect import insort
from collections.abc import Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt

from musearoo.engines.ambient.phrase import AmbientLayer

Block = npt.NDArray[np.float32]

NOTE_ON, NOTE_OFF = 0x90, 0x80


class Plugs(Protocol):
    """Effects on the whole, and instruments in the place of some layers; blocks are float32 (2, block)."""

    @property
    def layers(self) -> tuple[AmbientLayer, ...]:
        """The layers that instruments play."""

    @property
    def has_effects(self) -> bool:
        """Whether there is any effect."""

    def process(self, sound: Block) -> Block:
        """Return a block through the effects."""

    def play(self, layer: AmbientLayer, events: Sequence[tuple[int, bytes]]) -> Block:
        """Return the next block of the instrument of a layer, with MIDI messages at samples of it."""


class PlugNotes:
    """The MIDI messages of layers that instruments play, until they are due."""

    def __init__(self) -> None:
        self._events: list[tuple[int, int, AmbientLayer, bytes]] = []

    def add(self, layer: AmbientLayer, pitch: int, velocity: float, start: int, end: int) -> None:
        """Add a note from one sample to another."""
        loudness = min(127, max(1, round(velocity)))
        insort(self._events, (start, 1, layer, bytes((NOTE_ON, pitch, loudness))))
        # Before a note that begins on its end.
        insort(self._events, (end, 0, layer, bytes((NOTE_OFF, pitch, 0))))

    def take(self, at: int, until: int) -> list[tuple[int, AmbientLayer, bytes]]:
        """Return the messages up to a sample, each with its place after `at`, and forget them."""
        count = sum(1 for event in self._events if event[0] < until)
        due, self._events = self._events[:count], self._events[count:]
        return [(max(0, sample - at), layer, data) for sample, _, layer, data in due]
