"""Pop songs of POP909 (Wang et al., 2020; MIT) where three independent annotations of their bars agree.

The three are POP909's own downbeats, the phrases and chords by bars of Dai, Zhang and Dannenberg (2020), and the bars
of POP909-CL, whose reviewed chords and keys are the ground truth here. Times are those of the performance.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import mido  # type: ignore[import-untyped]
import numpy as np

from musearoo.engines.music.pitch import parse_pitch_class
from musearoo.engines.music.scale import Key
from musearoo.tools.bench.corpora.chords import name_chord
from musearoo.tools.bench.corpora.piece import Part, Piece, Span, Tone
from musearoo.tools.bench.corpora.splits import Split, split_of

SONGS: Final = (*range(2, 116), *range(698, 770))
"""The songs that may be used; the rest are for the final evaluation."""
BEATS_PER_BAR: Final = 4
_AGREED_DOWNBEATS: Final = 0.85
"""The minimum share of POP909's downbeats on the agreed beat of the bar."""
_AGREED_CHORDS: Final = 0.8
_AGREED_NOTES: Final = 0.9
_MOST_SHIFT: Final = 80
"""The largest offset in sixteenths of the reviewed files against the originals."""
_PARTS: Final = {"MELODY": "melody", "BRIDGE": "bridge", "PIANO": "piano"}


@dataclass(frozen=True, slots=True)
class Song:
    """One song: its number, and the folders of the three sources."""

    number: int
    corpora: Path

    @property
    def name(self) -> str:
        """Its unique name, used to assign splits."""
        return f"pop909/{self.number:03d}"

    @property
    def split(self) -> Split:
        """The split that contains it."""
        return split_of(self.name)

    @property
    def original(self) -> Path:
        """The song's folder in POP909."""
        return self.corpora / "POP909-Dataset/POP909" / f"{self.number:03d}"

    @property
    def structure(self) -> Path:
        """The folder of its phrase annotations."""
        return self.corpora / "hierarchical-structure-analysis/POP909" / f"{self.number:03d}"

    @property
    def reviewed(self) -> Path:
        """Its file in POP909-CL."""
        return self.corpora / "POP909-CL-Dataset/POP909_processed" / f"{self.number:03d}.mid"


def songs(corpora: Path, split: Split) -> Iterator[Piece]:
    """Yield the songs of a split with reliable bars, in order."""
    for number in SONGS:
        song = Song(number, corpora)
        if song.split == split and song.reviewed.exists():
            piece = read_song(song)
            if piece is not None:
                yield piece


def read_song(song: Song) -> Piece | None:
    """Return the whole song; None when its bars are not four beats, or when the three sources disagree on them."""
    original = mido.MidiFile(song.original / f"{song.number:03d}.mid")
    reviewed = mido.MidiFile(song.reviewed)
    signatures = {
        (m.numerator, m.denominator) for track in reviewed.tracks for m in track if m.type == "time_signature"
    }
    if signatures != {(4, 4)}:
        return None
    rows = np.loadtxt(song.original / "beat_midi.txt")
    times = rows[:, 0]
    quarter = next(m.tempo for track in original.tracks for m in track if m.type == "set_tempo") / 1e6
    shift = _shift_of(original, reviewed)
    chords = _bar_chords(song)
    first = _first_bar(song, times, chords)
    if shift is None or first is None:
        return None
    # The position of the first beat in quarters of the original file; the reviewed file's bar begins `offset` beats
    # later.
    offset = round(shift - times[0] / quarter)
    flagged = next((np.flatnonzero(rows[:, c] == 1) for c in (1, 2) if _period(rows[:, c]) == BEATS_PER_BAR), None)
    if flagged is None or offset % BEATS_PER_BAR != first % BEATS_PER_BAR:
        return None
    if np.mean(flagged % BEATS_PER_BAR == first % BEATS_PER_BAR) < _AGREED_DOWNBEATS:
        return None
    spans, keys = _reviewed_truth(reviewed, times, offset)
    if not spans:
        return None
    downbeats = tuple(float(time) for time in times[first % BEATS_PER_BAR :: BEATS_PER_BAR])
    return Piece(
        name=song.name,
        song=song.name,
        duration=float(times[-1]),
        beats=tuple(float(time) for time in times),
        downbeats=downbeats,
        meter="4/4",
        tones=_tones(original),
        parts=tuple(Part(name, 0) for name in _PARTS.values()),
        chords=spans,
        keys=keys,
        sections=_phrases(song, times, first),
        style="pop",
    )


def _period(flags: np.ndarray) -> int:
    gaps = Counter(np.diff(np.flatnonzero(flags == 1)).tolist())
    return int(gaps.most_common(1)[0][0]) if gaps else 0


def _tones(song: mido.MidiFile) -> tuple[Tone, ...]:
    tones: list[Tone] = []
    tempos = [(0.0, 0, 0.5)]
    tick = 0
    for message in mido.merge_tracks(song.tracks):
        tick += message.time
        if message.type == "set_tempo":
            seconds, before, quarter = tempos[-1]
            tempos.append((seconds + (tick - before) / song.ticks_per_beat * quarter, tick, message.tempo / 1e6))
    ticks = np.array([place for _, place, _ in tempos])

    def seconds_at(tick: int) -> float:
        seconds, before, quarter = tempos[int(np.searchsorted(ticks, tick, side="right")) - 1]
        return float(seconds + (tick - before) / song.ticks_per_beat * quarter)

    for track in song.tracks:
        part = _PARTS.get(track.name)
        if part is None:
            continue
        tick = 0
        open_notes: dict[int, tuple[int, int]] = {}
        for message in track:
            tick += message.time
            if message.type not in ("note_on", "note_off"):
                continue
            begun = open_notes.pop(message.note, None)
            if begun is not None:
                tones.append(Tone(seconds_at(begun[0]), seconds_at(tick), message.note, begun[1], part))
            if message.type == "note_on" and message.velocity:
                open_notes[message.note] = (tick, message.velocity)
    return tuple(sorted(tones, key=lambda tone: tone.start))


def _shift_of(original: mido.MidiFile, reviewed: mido.MidiFile) -> float | None:
    """Return the offset in quarters of the original's notes after the reviewed ones; None when the notes differ."""
    mine = {(round(4 * start), pitch) for track in original.tracks for start, pitch in _starts(track, original)}
    theirs = {
        (round(4 * start), pitch)
        for track in reviewed.tracks
        if track.name == "piano"
        for start, pitch in _starts(track, reviewed)
    }

    def shared(shift: int) -> int:
        return len(mine & {(start + shift, pitch) for start, pitch in theirs})

    best = max(range(-_MOST_SHIFT, _MOST_SHIFT + 1), key=shared)
    return best / 4.0 if shared(best) >= _AGREED_NOTES * len(mine) else None


def _starts(track: mido.MidiTrack, song: mido.MidiFile) -> Iterator[tuple[float, int]]:
    tick = 0
    for message in track:
        tick += message.time
        if message.type == "note_on" and message.velocity:
            yield tick / song.ticks_per_beat, message.note


def _bar_chords(song: Song) -> np.ndarray:
    """Return the root of each beat in the structure annotation; -1 for none."""
    roots: list[int] = []
    for line in (song.structure / "finalized_chord.txt").read_text().splitlines():
        if line.strip():
            roots += [_root(line.split(" ")[0])] * int(float(line.split()[-1]))
    return np.array(roots)


def _root(label: str) -> int:
    return -1 if label == "N" else parse_pitch_class(label.split(":")[0])


def _first_bar(song: Song, times: np.ndarray, laid_out: np.ndarray) -> int | None:
    """Return the beat at which the annotated bars begin; None when their chords do not match the performance."""
    lines = [line.split("\t") for line in (song.original / "chord_midi.txt").read_text().splitlines() if line.strip()]
    starts = np.array([float(start) for start, _, _ in lines])
    roots = np.array([_root(label) for _, _, label in lines])
    annotated = roots[np.maximum(np.searchsorted(starts, times + 0.05) - 1, 0)]

    def agreement(first: int) -> float:
        length = min(len(laid_out), len(annotated) - first)
        return float(np.mean(laid_out[:length] == annotated[first : first + length])) if length > 0 else 0.0

    best = max(range(6 * BEATS_PER_BAR), key=agreement)
    return best if agreement(best) >= _AGREED_CHORDS else None


def _phrases(song: Song, times: np.ndarray, first: int) -> tuple[Span, ...]:
    """Return the phrases as spans of the performance, each with its letter."""
    spans: list[Span] = []
    beat = first
    for letter, bars in re.findall(r"([a-zA-Z])(\d+)", (song.structure / "human_label1.txt").read_text()):
        end = beat + int(bars) * BEATS_PER_BAR
        if beat < len(times) - 1:
            spans.append((float(times[beat]), float(times[min(end, len(times) - 1)]), letter))
        beat = end
    return tuple(spans)


def _reviewed_truth(song: mido.MidiFile, times: np.ndarray, offset: int) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
    """Return chords and keys of the reviewed file as spans of the performance."""
    places = np.arange(len(times)) - offset

    def seconds_at(quarters: float) -> float:
        return float(np.interp(quarters, places, times))

    chords: list[Span] = []
    keys: list[tuple[float, str]] = []
    for track in song.tracks:
        tick = 0
        sounding: dict[int, float] = {}
        groups: dict[float, tuple[float, list[int]]] = {}
        for message in track:
            tick += message.time
            quarters = tick / song.ticks_per_beat
            if message.type == "key_signature":
                keys.append((quarters, message.key))
            elif track.name != "piano" and message.type in ("note_on", "note_off"):
                if message.type == "note_on" and message.velocity:
                    sounding[message.note] = quarters
                elif message.note in sounding:
                    start = sounding.pop(message.note)
                    end, pitches = groups.get(start, (quarters, []))
                    groups[start] = (max(end, quarters), [*pitches, message.note])
        for start, (end, pitches) in sorted(groups.items()):
            label = name_chord(pitches)
            if label is not None and seconds_at(end) > seconds_at(start):
                chords.append((seconds_at(start), seconds_at(end), label))
    ends = [quarters for quarters, _ in keys[1:]] + [float(places[-1])]
    spans = [
        (float(times[0]) if number == 0 else seconds_at(start), seconds_at(end), _key_name(key))
        for number, ((start, key), end) in enumerate(zip(keys, ends, strict=True))
    ]
    return tuple(chords), tuple(spans)


def _key_name(signature: str) -> str:
    return str(Key.parse(signature))
