"""Numeral slots: Roman numerals with start and end in a unit that repeats, the working form of a progression."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from musearoo.engines.music.meter import Meter
from musearoo.engines.music.numeral import Numeral
from musearoo.engines.music.progression import share_bar


class Slot(NamedTuple):
    """A numeral from `start` to `end`, in beats."""

    start: float
    end: float
    numeral: Numeral

    @property
    def length(self) -> float:
        """Beats."""
        return self.end - self.start


Slots = tuple[Slot, ...]


def slots_of_bars(bars: Sequence[Sequence[Numeral]], meter: Meter) -> Slots:
    """Return the slots of written bars; the chords of a bar share its pulses."""
    return tuple(_slots_of_bars(bars, meter))


def fill_slots(slots: Slots, length: float) -> Slots:
    """Return a unit repeated and cut to a length in beats; the unit ends with its last slot."""
    period, filled, offset = slots[-1].end, list[Slot](), 0.0
    while offset < length - 1e-9:
        for slot in slots:
            start, end = offset + slot.start, min(length, offset + slot.end)
            if start < end - 1e-9:
                filled.append(Slot(start, end, slot.numeral))
        offset += period
    return tuple(filled)


def replace_from(slots: Slots, start: float, tail: Slots) -> Slots:
    """Return the slots with everything from `start` on replaced by `tail`, whose beats are relative to `start`."""
    kept = [slot if slot.end <= start else slot._replace(end=start) for slot in slots if slot.start < start - 1e-9]
    return (*kept, *(Slot(start + slot.start, start + slot.end, slot.numeral) for slot in tail))


def middle_of(slot: Slot, meter: Meter) -> float | None:
    """Return the beat where a second chord may enter in a slot: its last bar, or the second half of its only bar.

    None if the slot is shorter than a bar.

    >>> tonic = Numeral(0, "maj")
    >>> [middle_of(Slot(0.0, end, tonic), Meter()) for end in (8.0, 4.0, 2.0)]
    [4.0, 2.0, None]
    """
    bar = meter.bar_beats
    if slot.length > bar + 1e-9:
        return slot.end - bar
    if slot.length < bar - 1e-9 or len(meter.pulses) < 2:
        return None
    return slot.start + share_bar(meter, 2)[0]


def join_equal(slots: Slots) -> Slots:
    """Return the slots with adjacent equal numerals joined."""
    joined: list[Slot] = []
    for slot in slots:
        if joined and joined[-1].numeral == slot.numeral:
            joined[-1] = joined[-1]._replace(end=slot.end)
        else:
            joined.append(slot)
    return tuple(joined)


def _slots_of_bars(bars: Sequence[Sequence[Numeral]], meter: Meter) -> Iterator[Slot]:
    start = 0.0
    for bar in bars:
        for numeral, length in zip(bar, share_bar(meter, len(bar)), strict=True):
            yield Slot(start, start + length, numeral)
            start += length
