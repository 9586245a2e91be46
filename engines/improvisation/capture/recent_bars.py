"""What is known of the player now, by the last bars: chords, key and where it changed, groove, tempo."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from musearoo.engines.analysis.symbolic.keys import find_key, find_keys
from musearoo.engines.improvisation.capture.bars import CapturedBars, CaptureRequest, NothingPlayed, capture_bars
from musearoo.engines.improvisation.listening.played_notes import Recording
from musearoo.engines.music.estimate import Found
from musearoo.engines.music.knowledge.context import MusicalContext, Role
from musearoo.engines.music.note import Note
from musearoo.engines.music.progression import format_progression
from musearoo.engines.music.scale import Key

LEAST_SURE: Final = 0.3
"""How sure a key is that is only right beside the one before it."""


@dataclass(frozen=True, slots=True)
class KeyAt:
    """A key that the player is in from `start` to `end`, in beats from the first bar that is known."""

    start: float
    end: float
    key: Key


@dataclass(frozen=True, slots=True)
class RecentBars:
    """What is known by the last `length` beats, from the set's beat `start` on; None where the player has their own.

    The chords of the context begin with these beats; its key is the last of `keys`, the one that the player is in now.
    """

    context: MusicalContext
    start: float | None
    length: float
    role: Role
    keys: tuple[KeyAt, ...]

    @property
    def has_changed_key(self) -> bool:
        """Whether the key that the player is in now is not the one that they began in."""
        return len(self.keys) > 1

    @property
    def progression(self) -> str:
        """The chords as a lead sheet has them, such as "Am | F | C | G"."""
        meter = self.context.meter.value
        bars = round(self.length / meter.bar_beats)
        return format_progression(self.context.chords, meter, bars, self.context.key.value)


def analyze_recent_bars(recording: Recording, bars: int = 8, key: Key | None = None) -> RecentBars | None:
    """What the last bars of a recording say, up to so many; None where nothing was played.

    `key` is the set's, if it has one. Raises ParamError where `bars` is not 1 to 64.
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


def _key_now(played: CapturedBars, last: KeyAt) -> Found[Key | None]:
    """The last key, as sure as its own notes and chords make it."""
    notes: list[Note] = [note for note in played.clip.notes if last.start <= note.start < last.end]
    chords = [span for span in played.context.chords if last.start <= span.start < last.end]
    found = find_key(notes, chords)
    return Found(last.key, found[1] if found is not None and found[0] == last.key else LEAST_SURE, "clip")
