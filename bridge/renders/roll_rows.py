"""The rows of a piano roll: named lanes of drums, or the keys of a keyboard."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from musearoo.engines.music.clip import Clip
from musearoo.engines.music.drum_kit import KIT
from musearoo.engines.music.drum_map import DRUM_KINDS, KIND_OF_PITCH
from musearoo.engines.music.piano_roll import DRUM_NAMES
from musearoo.engines.music.pitch import USUAL_NAMES, pitch_name
from musearoo.engines.music.scale import Key

BLACK_KEYS: Final = frozenset((1, 3, 6, 8, 10))

LEAST_KEYS: Final = 15
"""Rows of a part that stays on few keys, so that they do not become bars."""

KEYS_AROUND: Final = 2
"""Keys above and below the notes."""

MIDDLE_C: Final = 60

EMPTY_LANES: Final = (36, 38, 42)
"""The lanes of a drum clip without notes: kick, snare and closed hat."""

_ORDER: Final = ("kick", "snare", "hat", "tom", "cymbal")
"""The kinds of drums from the bottom up; what is none of them is above."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its pitch, its label ("" for none), and how it is shaded.

    `is_tonic` also marks each C where no key is known.
    """

    pitch: int
    label: str
    in_scale: bool
    is_tonic: bool

    @property
    def is_black(self) -> bool:
        """Whether its key is a black one."""
        return self.pitch % 12 in BLACK_KEYS


def drum_rows(clip: Clip) -> tuple[Row, ...]:
    """Return a lane for each drum of a clip, from the bottom up; they alternate in shade."""
    pitches = sorted({note.pitch for note in clip.notes} or EMPTY_LANES, key=_lane_order)
    return tuple(
        Row(pitch, drum_name(pitch), in_scale=number % 2 == 0, is_tonic=False) for number, pitch in enumerate(pitches)
    )


def drum_name(pitch: int) -> str:
    """Return the name of a General MIDI drum; where it has none here, that of its kind with the key's.

    >>> drum_name(36), drum_name(63), drum_name(22), drum_name(90)
    ('kick', 'conga high', 'hat Bb0', 'F#6')
    """
    if pitch in DRUM_NAMES:
        return DRUM_NAMES[pitch]
    for name, voice in KIT.items():
        if voice.pitch == pitch:
            return name.replace("_", " ")
    return f"{KIND_OF_PITCH.get(pitch, '')} {pitch_name(pitch)}".strip()


def key_rows(clip: Clip, key: Key | None) -> tuple[Row, ...]:
    """Return a row for each key from the lowest note to the highest and a little beyond, from the bottom up."""
    pitches = [note.pitch for note in clip.notes] or [MIDDLE_C]
    low, high = min(pitches) - KEYS_AROUND, max(pitches) + KEYS_AROUND
    more = max(0, LEAST_KEYS - (high - low + 1))
    low, high = max(0, low - more // 2), min(127, high + (more + 1) // 2)
    scale = frozenset(range(12)) - BLACK_KEYS if key is None else frozenset(key.pitch_classes)
    tonic = 0 if key is None else key.tonic
    names = USUAL_NAMES if key is None else key.note_names
    return tuple(
        Row(pitch, pitch_name(pitch, names), in_scale=pitch % 12 in scale, is_tonic=pitch % 12 == tonic)
        for pitch in range(low, high + 1)
    )


def choose_labels(rows: Sequence[Row], used: frozenset[int], least: float, height: float) -> frozenset[int]:
    """Return the pitches whose labels are shown, at least `least` pixels apart in rows `height` pixels high.

    The tonics come first, then the notes that are played.
    """
    shown: list[int] = []
    wanted = [row.pitch for row in rows if row.is_tonic] + [row.pitch for row in rows if row.pitch in used]
    for pitch in wanted:
        if all(abs(pitch - other) * height >= least for other in shown if other != pitch) and pitch not in shown:
            shown.append(pitch)
    return frozenset(shown)


def _lane_order(pitch: int) -> tuple[int, int]:
    kind = KIND_OF_PITCH.get(pitch)
    return (len(DRUM_KINDS) if kind is None else _ORDER.index(kind)), pitch
