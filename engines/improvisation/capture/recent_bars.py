"""Analysis of the player's last bars: chords, key and key changes, groove, tempo."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from musearoo.engines.analysis.symbolic.keys import find_key, find_keys
from musearoo.engines.improvisation.capture.bars import CapturedBars, CaptureRequest, NothingPlayed, capture_bars
from musearoo.engines.improvisation.listening.played_notes import Recording
from musearoo.engines.music.estimate import Estimate
from musearoo.engines.music.knowledge.context import MusicalContext, Role
from musearoo.engines.music.note import Note
from musearoo.engines.music.progression import format_progression
from musearoo.engines.music.scale import Key

LEAST_SURE: Final = 0.3
"""The least confidence of a key that merely extends the one before it."""


@dataclass(frozen=True, slots=True)
class KeyAt:
    """A key and its span, in beats from the first known bar."""

    start: float
    end: float
    key: Key


@dataclass(frozen=True, slots=True)
class RecentBars:
    """The analysis of the last `length` beats, from the set's beat `start` on; None if the player has a tempo of their
    own.

    The context's chords begin with these beats; its key is the last of `keys`, the current one.
    """

    context: MusicalContext
    start: float | None
    length: float
    role: Role
    keys: tuple[KeyAt, ...]

    @property
    def has_changed_key(self) -> bool:
        """Whether the player has changed key within these bars."""
        return len(self.keys) > 1

    @property
    def progression(self) -> str:
        """The chords as a lead sheet, such as "Am | F | C | G"."""
        meter = self.context.meter.value
        bars = round(self.length / meter.bar_beats)
        return format_progression(self.context.chords, meter, bars, self.context.key.value)


def analyze_recent_bars(recording: Recording, bars: int = 8, key: Key | None = None) -> RecentBars | None:
    """Analyze the last bars of a recording, at most `bars`; None if nothing was played.

    `key` is the set's, if it has one. Raises ParamError if `bars` is not 1 to 64.
    """
    try:
        played = capture_bars(recording, bars, CaptureRequest(key=key))
    except NothingPlayed:
        return None
    keys = _keys_of(played)
    context = played.context
    if len(keys) > 1:
        context = replace(context, key=_key_now(played, keys[-1]))
    return RecentBars(context, played.start, played.clip.length, played.role, keys)


def _keys_of(played: CapturedBars) -> tuple[KeyAt, ...]:
    found = played.context.key
    if played.role == "drums" or found.value is None:
        return ()
    if found.source == "set":
        return (KeyAt(0.0, played.clip.length, found.value),)
    spans = find_keys(played.clip.notes, played.clip.length, played.clip.meter.bar_beats, found.value)
    return tuple(KeyAt(start, end, key) for start, end, key in spans)


def _key_now(played: CapturedBars, last: KeyAt) -> Estimate[Key | None]:
    """Return the last key with the confidence of its own notes and chords."""
    notes: list[Note] = [note for note in played.clip.notes if last.start <= note.start < last.end]
    chords = [span for span in played.context.chords if last.start <= span.start < last.end]
    found = find_key(notes, chords)
    return Estimate(last.key, found[1] if found is not None and found[0] == last.key else LEAST_SURE, "clip")
