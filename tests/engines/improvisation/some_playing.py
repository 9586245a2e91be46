"""Playing for tests: notes in beats as MIDI messages of a keyboard, with the set running or stopped."""

from __future__ import annotations

from collections.abc import Sequence

from musearoo.engines.improvisation.listening.played_notes import Recording
from musearoo.engines.improvisation.listening.player import PlayerListener
from musearoo.engines.music.meter import Meter

Key = tuple[float, float, int]
"""Beat, length in beats, pitch; played at velocity 80."""

BPM = 120.0


def play(
    keys: Sequence[Key],
    bpm: float = BPM,
    channel: int = 0,
    is_free: bool = False,
    meter: Meter | None = None,
    others: Sequence[tuple[float, bytes]] = (),
    until: float | None = None,
) -> Recording:
    """The recording of keys, of which those that end after `until` are still held then."""
    player = PlayerListener(meter)
    second = bpm / 60.0
    player.clock(0.0, 100.0, bpm, not is_free)
    rows = [(beat, 1, bytes((0x90 | channel, pitch, 80))) for beat, _, pitch in keys]
    rows += [(beat + length, 0, bytes((0x80 | channel, pitch, 64))) for beat, length, pitch in keys]
    rows += [(beat, 2, data) for beat, data in others]
    end = max(beat for beat, _, _ in rows) if until is None else until
    for beat, _, data in sorted(rows):
        if beat <= end:
            player.hear(0.0 if is_free else beat, 100.0 + beat / second, data)
    return player.recording(0.0 if is_free else end, 100.0 + end / second)
