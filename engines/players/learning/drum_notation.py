"""The drums of a song by voice: the onsets of each bar, ghost notes and fills."""

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
"""The share of the loud snares' velocity below which a snare is a ghost note."""
GHOST: Final = "ghost"
TIMEKEEPERS: Final = (
    ("closed_hat", "open_hat"), ("ride",), ("ride_bell",), ("shaker",), ("tambourine",), ("cowbell",), ("claves",),
    ("crash",), ("low_tom",),
)  # fmt: skip
"""The voices that can keep time, in order of preference."""
KEEPERS: Final = frozenset(voice for voices in TIMEKEEPERS for voice in voices)
KEEPS_TIME: Final = 2
"""The onsets per bar from which a voice may be the timekeeper."""
USUAL: Final = 0.5
"""The share of a song's bars from which an onset is usual."""

VOICES: Final = {pitch: next(name for name, voice in KIT.items() if voice.pitch == pitch) for pitch in BY_PITCH} | {
    35: "kick", 40: "snare", 22: "closed_hat", 26: "open_hat", 43: "low_tom", 47: "mid_tom", 50: "high_tom",
    58: "low_tom", 52: "crash", 57: "crash", 59: "ride", 60: "conga_high", 61: "conga_low", 62: "conga_high",
    69: "shaker", 82: "shaker", 76: "claves", 77: "claves",
}  # fmt: skip
"""The voice of each pitch in General MIDI and Roland's extensions, reduced to one voice of each kind."""

Bar = Mapping[Cell, float]
"""The velocities of a bar's onsets."""


class DrumAnalysis(NamedTuple):
    """The drums of one song: the onsets of each written bar, and fills by bar."""

    song: SourceSong
    bars: tuple[Bar, ...]
    fills: Mapping[int, FillBar]
    usual: Rates
    """The likelihood of each onset in the song's bars."""

    @property
    def in_groove(self) -> list[Bar]:
        """The bars of the groove; those with a fill or stop are empty."""
        return [{} if number in self.fills or self._stops(bar) else bar for number, bar in enumerate(self.bars)]

    def _stops(self, bar: Bar) -> bool:
        """Return whether the timekeeping stops in a bar's second half."""
        late = [
            cell for cell, rate in self.usual.items() if rate >= USUAL and cell[0] in KEEPERS and cell[1] >= STEPS // 2
        ]
        return len(late) >= KEEPS_TIME and not any(cell in bar for cell in late)


def analyze_drums(song: SourceSong) -> DrumAnalysis:
    """Return the drums of a song, with ghost notes as a separate voice."""
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
    """Return the timekeeping voices of a bar; none if there are none."""
    return next((voices for voices in TIMEKEEPERS if sum(voice in voices for voice, _ in bar) >= KEEPS_TIME), ())
