"""Eight bars of a song as the benchmark uses them: its chords, and with a corpus also the human parts.

The chords of some songs are stored next to this module, so that engines can be evaluated over real progressions without
a corpus.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from itertools import pairwise
from math import floor
from pathlib import Path
from typing import Any, Final

from msgspec.structs import replace

from musearoo.engines.errors import ParamError
from musearoo.engines.music.chord import Chord
from musearoo.engines.music.clip import Clip, end_before_next
from musearoo.engines.music.knowledge.context import MusicalContext
from musearoo.engines.music.note import Note
from musearoo.engines.music.progression import ChordSpan
from musearoo.engines.music.scale import Key
from musearoo.engines.music.timing import mean_bpm
from musearoo.tools.bench.corpora.piece import Piece
from musearoo.tools.bench.corpora.pop909 import SONGS, Song, read_song

BARS: Final = 8
BAR_BEATS: Final = 4.0
TOGETHER_BEATS: Final = 0.12
"""Notes of a chord this close have the same onset."""
HIGHEST_BASS: Final = 53
"""F3; above it the left hand plays chords."""
_CHORDED: Final = 0.9
"""The minimum share of an excerpt that has chords."""


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Bars of a song in 4/4, counted in beats from their first downbeat, with the parts that humans played.

    The parts are "melody", "bass" and "harmony" of a piano arrangement, whose lowest voice is the bass.
    """

    song: str
    first_bar: int
    bpm: float
    key: Key | None
    chords: tuple[ChordSpan, ...]
    parts: dict[str, Clip] = field(default_factory=dict)

    @property
    def context(self) -> MusicalContext:
        """Return the context of an engine that plays alone over these chords."""
        return MusicalContext.plain(bpm=self.bpm, key=self.key, chords=self.chords)


def read_excerpts(corpora: Path) -> Iterator[Excerpt]:
    """Yield all excerpts of the usable songs of POP909 with reliable bars, in order."""
    for number in SONGS:
        song = Song(number, corpora)
        piece = read_song(song) if song.reviewed.exists() else None
        if piece is not None:
            yield from cut_excerpts(piece)


def cut_excerpts(piece: Piece) -> Iterator[Excerpt]:
    """Yield consecutive excerpts of a song that have chords almost throughout."""
    beats = piece.beats
    first = min(range(len(beats)), key=lambda index: abs(beats[index] - piece.downbeats[0]))
    length = BARS * BAR_BEATS
    places = _Places(beats, first)
    notes: dict[str, list[Note]] = {}
    for tone in piece.tones:
        start, end = places.beat(tone.start), places.beat(tone.end)
        if start >= 0.0:
            notes.setdefault(tone.part, []).append(Note(start, tone.pitch, max(0.05, end - start), tone.velocity))
    spans = [
        ChordSpan(start, end, chord)
        for first_second, last_second, label in piece.chords or ()
        for start, end in [(_whole_beat(places.beat(first_second)), _whole_beat(places.beat(last_second)))]
        for chord in [_parse(label)]
        if chord is not None and end > start >= 0.0
    ]
    last_beat = len(beats) - 1 - first
    for index in range(int(last_beat // length)):
        low, high = index * length, (index + 1) * length
        chords = tuple(
            ChordSpan(max(span.start, low) - low, min(span.end, high) - low, span.chord)
            for span in spans
            if span.start < high - 0.25 and span.end > low + 0.25
        )
        if sum(span.end - span.start for span in chords) < _CHORDED * length or not _in_order(chords):
            continue
        seconds = beats[first + round(high)] - beats[first + round(low)]
        yield Excerpt(
            song=piece.song,
            first_bar=index * BARS,
            bpm=round(mean_bpm(length, seconds), 2),
            key=_key_at(piece, beats[first + round(low)]),
            chords=chords,
            parts=_parts(notes, low, high),
        )


@cache
def known_progressions() -> tuple[Excerpt, ...]:
    """Return the progressions included in the benchmark, each from a different song, without human parts."""
    text = resources.files(__package__).joinpath("progressions.json").read_text(encoding="utf-8")
    return tuple(_decode(row) for row in json.loads(text)["progressions"])


def encode_progression(excerpt: Excerpt) -> dict[str, object]:
    """Return an excerpt's chords as plain data; `known_progressions` reads it."""
    return {
        "song": excerpt.song,
        "bar": excerpt.first_bar,
        "bpm": excerpt.bpm,
        "key": str(excerpt.key),
        "chords": [[span.start, span.end, span.chord.symbol] for span in excerpt.chords],
    }


def bass_line(notes: Sequence[Note]) -> list[Note]:
    """Return the bass of a piano arrangement: the lowest note of each onset, within the usual range.

    Broken chords of the left hand count as well, so it has more notes and wider intervals than a bass guitar.
    """
    line: list[Note] = []
    for note in sorted(notes, key=lambda note: (note.start, note.pitch)):
        if note.pitch > HIGHEST_BASS:
            continue
        if line and note.start < line[-1].start + TOGETHER_BEATS:
            if note.pitch < line[-1].pitch:
                line[-1] = note
        else:
            line.append(note)
    return line


class _Places:
    """Converts seconds of a performance to beats from its first bar, along the played beats."""

    def __init__(self, beats: Sequence[float], first: int) -> None:
        self._beats, self._first = beats, first

    def beat(self, seconds: float) -> float:
        beats = self._beats
        index = min(max(bisect_right(beats, seconds) - 1, 0), len(beats) - 2)
        return index + (seconds - beats[index]) / (beats[index + 1] - beats[index]) - self._first


def _parts(notes: dict[str, list[Note]], low: float, high: float) -> dict[str, Clip]:
    parts = {}
    found = {"melody": notes.get("melody", []), "harmony": notes.get("piano", [])}
    found["bass"] = bass_line(found["harmony"])
    for role, played in found.items():
        # Hands are early on a downbeat as often as late.
        inside = [
            Note(max(0.0, note.start - low), note.pitch, min(note.duration, high - max(low, note.start)), note.velocity)
            for note in played
            if low - TOGETHER_BEATS <= note.start < high - TOGETHER_BEATS
        ]
        if role != "harmony":
            inside = list(_one_at_a_time(inside))
        parts[role] = Clip.of(role, high - low, end_before_next(inside))
    return parts


def _one_at_a_time(notes: Sequence[Note]) -> Iterator[Note]:
    ordered = sorted(notes, key=lambda note: (note.start, -note.pitch))
    for note, following in pairwise(ordered):
        if following.start > note.start:
            yield replace(note, duration=min(note.duration, following.start - note.start))
    yield from ordered[-1:]


def _key_at(piece: Piece, seconds: float) -> Key | None:
    return next((Key.parse(name) for start, end, name in piece.keys or () if start <= seconds + 0.1 < end), None)


def _whole_beat(beats: float) -> float:
    """Return the beat of a chord change; an anticipated change belongs to the next beat, as in lead sheets."""
    return float(floor(beats + 0.6))


def _in_order(chords: Sequence[ChordSpan]) -> bool:
    return all(span.end <= following.start + 1e-6 for span, following in pairwise(chords))


def _parse(label: str) -> Chord | None:
    try:
        return Chord.parse(label)
    except ParamError:
        return None


def _decode(row: Any) -> Excerpt:
    chords = tuple(ChordSpan(start, end, Chord.parse(symbol)) for start, end, symbol in row["chords"])
    return Excerpt(row["song"], row["bar"], row["bpm"], Key.parse(row["key"]), chords)
