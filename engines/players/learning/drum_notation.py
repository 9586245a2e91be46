"""The drums of a song in the voices of the kit: the strokes of each bar, its ghost notes and its fills."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Final, NamedTuple

from musearoo.engines.music.drum_kit import BY_PITCH, KIT
from musearoo.engines.players.learning.fills import FillBar, find_fill
from musearoo.engines.players.learning.patterns import Cell, Rates, rates_of
from musearoo.engines.players.learning.raster import STEPS, GridNote, quantize_notes, written_bars
from musearoo.engines.players.learning.song import SourceSong
from musearoo.engines.players.learning.velocity_levels import quantile

GHOST_SHARE: Final = 0.6
"""A snare below this share of the loud ones is a ghost note."""
GHOST: Final = "ghost"
TIMEKEEPERS: Final = (
    ("closed_hat", "open_hat"), ("ride",), ("ride_bell",), ("shaker",), ("tambourine",), ("cowbell",), ("claves",),
    ("crash",), ("low_tom",),
)  # fmt: skip
"""What time is kept on, in the order in which it is looked for."""
KEEPERS: Final = frozenset(voice for voices in TIMEKEEPERS for voice in voices)
KEEPS_TIME: Final = 2
"""Strokes a bar from which a voice may be what time is kept on."""
USUAL: Final = 0.5
"""A stroke that so many of a song's bars have is what it goes by."""

VOICES: Final = {pitch: next(name for name, voice in KIT.items() if voice.pitch == pitch) for pitch in BY_PITCH} | {
    35: "kick", 40: "snare", 22: "closed_hat", 26: "open_hat", 43: "low_tom", 47: "mid_tom", 50: "high_tom",
    58: "low_tom", 52: "crash", 57: "crash", 59: "ride", 60: "conga_high", 61: "conga_low", 62: "conga_high",
    69: "shaker", 82: "shaker", 76: "claves", 77: "claves",
}  # fmt: skip
"""Which voice a pitch is by General MIDI and what Roland's kits add to it; ours has one of each kind."""

Bar = Mapping[Cell, float]
"""The velocities of a bar's strokes."""


class DrumAnalysis(NamedTuple):
    """What the drums of one song do: the strokes of each written bar, and the fills by their bars."""

    song: SourceSong
    bars: tuple[Bar, ...]
    fills: Mapping[int, FillBar]
    usual: Rates
    """How likely each stroke is in its bars."""

    @property
    def in_groove(self) -> list[Bar]:
        """The bars, those with a fill or a stop at their end left empty."""
        return [{} if number in self.fills or self._stops(bar) else bar for number, bar in enumerate(self.bars)]

    def _stops(self, bar: Bar) -> bool:
        """Whether nothing is left in a bar's second half of the time that the song keeps there."""
        late = [
            cell for cell, rate in self.usual.items() if rate >= USUAL and cell[0] in KEEPERS and cell[1] >= STEPS // 2
        ]
        return len(late) >= KEEPS_TIME and not any(cell in bar for cell in late)


def analyze_drums(song: SourceSong) -> DrumAnalysis:
    """The drums of a song, ghost notes as a voice of their own."""
    placed = [one for one in quantize_notes(song, song.notes("drums")) if one.note.pitch in VOICES]
    snares = sorted(one.note.velocity for one in placed if VOICES[one.note.pitch] == "snare")
    ghost = GHOST_SHARE * quantile(snares, 0.9) if snares else 0.0
    bars: list[dict[Cell, float]] = [{} for _ in range(written_bars(song))]
    by_bar: dict[int, list[GridNote]] = defaultdict(list)
    for one in placed:
        voice = VOICES[one.note.pitch]
        by_bar[one.bar].append(one)
        cell = GHOST if voice == "snare" and one.note.velocity < ghost else voice, one.step
        bars[one.bar][cell] = max(one.note.velocity, bars[one.bar].get(cell, 0.0))
    usual = rates_of(bars, tuple(range(len(bars))))
    fills = {}
    for number, bar in enumerate(bars):
        fill = find_fill(bar, usual, [(VOICES[one.note.pitch], one) for one in by_bar[number]], song)
        if fill is not None:
            fills[number] = fill
    return DrumAnalysis(song, tuple(bars), fills, usual)


def keeper_of(bar: Bar) -> tuple[str, ...]:
    """The voices on which time is kept in a bar; none where it is not."""
    return next((voices for voices in TIMEKEEPERS if sum(voice in voices for voice, _ in bar) >= KEEPS_TIME), ())
