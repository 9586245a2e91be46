"""Arranges tunes at random and lets fluidsynth play them: audio whose chords are known, to learn harmony from.

`python3 -m musearoo.tools.workshop.training.harmony.pieces --pop909 DIR --openewld DIR --soundfont F.sf2 --out DIR
--pieces N` writes
`NAME.flac` (mono, 22,050 Hz) and `NAME.json` (beats, downbeats, chords, key, notes) for each piece.

Accompaniment, bass, drums, programs, octave and tempo are drawn. What is drawn decides nothing about the chord, so what
is learned from it has to listen.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Final

import mido  # type: ignore[import-untyped]
import numpy as np
import soundfile
from msgspec import structs

from musearoo.engines.music.chord import Chord
from musearoo.engines.music.note import Note
from musearoo.engines.music.progression import ChordSpan
from musearoo.engines.music.scale import Key
from musearoo.engines.music.timing import beats_to_seconds, seconds_per_beat, seconds_to_beats
from musearoo.tools.workshop.training.harmony.sources import Tune, read_tunes, walk_at_random

RATE: Final = 22_050
SECONDS: Final = 20.0
PIECES_A_FILE: Final = 16
"""Loading a soundfont takes as long as playing a piece, so several are rendered per run."""
GAP_SECONDS: Final = 3.0

COMPING_PROGRAMS: Final = (
    *range(8),
    11,
    12,
    *range(16, 22),
    *range(24, 32),
    *range(48, 55),
    *range(61, 64),
    *range(80, 96),
)
BASS_PROGRAMS: Final = (*range(32, 40), 38, 39, 43, 0, 87)
MELODY_PROGRAMS: Final = (0, 4, 11, 12, 22, 24, 26, 40, 42, 52, 53, 54, 56, 57, 59, *range(64, 76), *range(80, 88))
INVERTED: Final = 0.12
"""The share of chords in lead sheets, which name no bass, that get another bass note."""
ALONE: Final = 0.1
"""The share of basses that play alone, as in a loop."""
TICKS_PER_SECOND: Final = 960


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece: its notes by (part, program), in beats at `bpm`, and its ground truth."""

    name: str
    bpm: float
    bar_beats: float
    length: float
    spans: tuple[ChordSpan, ...]
    key: Key | None
    parts: tuple[tuple[str, int, tuple[Note, ...]], ...]


def arrange(tune: Tune, name: str, random: Random) -> Piece:
    """Return a piece of about 20 s from `tune`, transposed and played by a random band."""
    bpm = tune.bpm * random.uniform(0.9, 1.1) if tune.source.startswith("pop") else random.uniform(70.0, 190.0)
    length = round(seconds_to_beats(SECONDS, bpm))
    bars = max(0, int((tune.length - length) / tune.bar_beats))
    start = tune.spans[0].start // tune.bar_beats * tune.bar_beats + tune.bar_beats * random.randint(0, bars)
    shift = random.randint(-5, 6)
    spans = tuple(
        ChordSpan(max(0.0, span.start - start), min(length, span.end - start), _transposed(span.chord, shift))
        for span in tune.spans
        if span.end > start
        and span.start < start + length
        and min(length, span.end - start) > max(0.0, span.start - start)
    )
    if "piano" not in tune.parts:
        spans = tuple(replace(span, chord=_inverted(span.chord, random)) for span in spans)
    parts: list[tuple[str, int, tuple[Note, ...]]] = []
    for part, notes in tune.parts.items():
        programs = MELODY_PROGRAMS if part == "melody" else COMPING_PROGRAMS
        cut = tuple(
            structs.replace(note, start=note.start - start, pitch=note.pitch + shift)
            for note in notes
            if start <= note.start < start + length and 0 <= note.pitch + shift <= 127
        )
        if part != "melody" or random.random() < 0.7:
            parts.append((part, random.choice(programs), cut))
    with_notes = "piano" in tune.parts
    if not with_notes or random.random() < 0.3:
        parts.append(("comping", random.choice(COMPING_PROGRAMS), tuple(comp(spans, random))))
        if random.random() < 0.3:
            parts.append(("second", random.choice(COMPING_PROGRAMS), tuple(comp(spans, random))))
    if random.random() < (0.6 if with_notes else 0.8):
        parts.append(("bass", random.choice(BASS_PROGRAMS), tuple(play_bass(spans, random))))
    if not tune.parts and random.random() < 0.6:
        parts.append(("melody", random.choice(MELODY_PROGRAMS), tuple(improvise(spans, random))))
    if random.random() < 0.6:
        parts.append(("drums", 0, tuple(drum(length, random))))
    if random.random() < ALONE and any(part == "bass" for part, _, _ in parts):
        parts = [part for part in parts if part[0] in ("bass", "drums")]
    key = None if tune.key is None else Key((tune.key.tonic + shift) % 12, tune.key.scale)
    return Piece(name, bpm, tune.bar_beats, length, spans, key, tuple(parts))


def comp(spans: Sequence[ChordSpan], random: Random) -> list[Note]:
    """Return chords in a random but constant voicing and pattern."""
    pattern = random.choice(("held", "quarters", "offbeats", "charleston", "arpeggio", "arpeggio", "eighths", "halves"))
    lowest = random.randint(45, 64)
    rootless = random.random() < 0.25
    spread = random.random() < 0.3
    velocity = random.uniform(50.0, 100.0)
    notes = []
    for span in spans:
        pitches = _voicing(span.chord, lowest, rootless, spread, random)
        for start, held, which in _pattern(pattern, span.end - span.start, len(pitches)):
            for index in range(len(pitches)) if which is None else (which,):
                loud = min(127.0, max(1.0, velocity + random.gauss(0.0, 6.0)))
                notes.append(Note(max(0.0, span.start + start + random.gauss(0.0, 0.01)), pitches[index], held, loud))
    return notes


def play_bass(spans: Sequence[ChordSpan], random: Random) -> list[Note]:
    """Return a bass line that begins each chord with its bass note."""
    style = random.choice(("held", "eighths", "fifths", "walking", "walking", "octaves", "syncopated"))
    low = random.randint(28, 36)
    velocity = random.uniform(70.0, 115.0)
    notes = []
    for span in spans:
        bass = low + (span.chord.bass_or_root - low) % 12
        others = [low + (pitch - low) % 12 for pitch in span.chord.pitch_classes]
        fifth = low + (span.chord.pitch_classes[min(2, len(span.chord.pitch_classes) - 1)] - low) % 12
        length = span.end - span.start
        step = {"held": length, "eighths": 0.5, "fifths": 2.0, "walking": 1.0, "octaves": 0.5, "syncopated": 1.5}[style]
        at, count = 0.0, 0
        while at < length - 1e-6:
            pitch = bass
            if style == "fifths" and count % 2:
                pitch = fifth
            elif style == "octaves" and count % 2:
                pitch = bass + 12
            elif style == "walking" and count:
                pitch = random.choice((*others, *others, bass + random.choice((-1, 1, 2, -2)))) + random.choice(
                    (0, 0, 12)
                )
            notes.append(Note(span.start + at, pitch, min(step, length - at) * random.uniform(0.7, 0.98), velocity))
            at, count = at + step, count + 1
    return notes


def improvise(spans: Sequence[ChordSpan], random: Random) -> list[Note]:
    """Return a melody of chord tones with neighbour tones between."""
    notes, pitch = [], random.randint(65, 80)
    for span in spans:
        at = span.start
        while at < span.end - 0.2:
            held = random.choice((0.5, 0.5, 1.0, 1.0, 2.0))
            if random.random() < 0.85:
                pitch = min(88, max(60, pitch + random.randint(-5, 5)))
                if (pitch % 12) not in span.chord.pitch_classes and random.random() < 0.75:
                    pitch += min(
                        range(-6, 7), key=lambda d: (((pitch + d) % 12) not in span.chord.pitch_classes, abs(d))
                    )
                notes.append(Note(at, pitch, held * 0.9, random.uniform(60.0, 110.0)))
            at += held
    return notes


def drum(length: float, random: Random) -> list[Note]:
    """Return a plain beat, so that training is robust to drums."""
    loud, hat = random.uniform(50.0, 110.0), random.choice((42, 44, 46, 51))
    notes = []
    for eighth in range(int(length * 2)):
        notes.append(Note(eighth / 2, hat, 0.2, loud * 0.7))
        if eighth % 8 in (0, 5) or random.random() < 0.08:
            notes.append(Note(eighth / 2, 36, 0.2, loud))
        if eighth % 4 == 2:
            notes.append(Note(eighth / 2, random.choice((38, 38, 40, 39)), 0.2, loud))
        if eighth % 32 == 0 and random.random() < 0.5:
            notes.append(Note(eighth / 2, 49, 0.5, loud))
    return notes


def render(pieces: Sequence[Piece], soundfont: Path) -> list[np.ndarray[tuple[int, ...], np.dtype[np.float32]]]:
    """Return the sound of each piece, float32 (frames,) at 22,050 Hz, rendered by fluidsynth."""
    midi = mido.MidiFile(type=1, ticks_per_beat=TICKS_PER_SECOND)
    tempo = mido.MidiTrack([mido.MetaMessage("set_tempo", tempo=1_000_000)])
    midi.tracks.append(tempo)
    offsets, now = [], 0.0
    for piece in pieces:
        offsets.append(now)
        channels = iter(channel for channel in range(16) if channel != 9)
        for part, program, notes in piece.parts:
            midi.tracks.append(
                _track(notes, 9 if part == "drums" else next(channels), program, now, seconds_per_beat(piece.bpm))
            )
        now += beats_to_seconds(piece.length, piece.bpm) + GAP_SECONDS
    with tempfile.TemporaryDirectory() as folder:
        midi.save(f"{folder}/pieces.mid")
        command = ["fluidsynth", "-ni", "-q", "-g", "0.4", "-r", str(RATE), "-T", "wav", "-F", f"{folder}/pieces.wav"]
        subprocess.run([*command, str(soundfont), f"{folder}/pieces.mid"], check=True, capture_output=True)
        samples = soundfile.read(f"{folder}/pieces.wav", dtype="float32", always_2d=True)[0].mean(axis=1)
    ends = [offset + beats_to_seconds(piece.length, piece.bpm) for offset, piece in zip(offsets, pieces, strict=True)]
    return [samples[int(start * RATE) : int(end * RATE)] for start, end in zip(offsets, ends, strict=True)]


def truth(piece: Piece) -> dict[str, object]:
    """Return the ground truth of a piece, times in seconds, in the development sets' format."""
    beat = seconds_per_beat(piece.bpm)
    beats = [index * beat for index in range(int(piece.length))]
    chords: list[tuple[float, float, str]] = []
    now = 0.0
    for span in piece.spans:
        if span.start > now + 1e-6:
            chords.append((now * beat, span.start * beat, "N"))
        chords.append((span.start * beat, span.end * beat, span.chord.harte))
        now = span.end
    return {
        "duration": piece.length * beat,
        "tempo": piece.bpm,
        "beats": beats,
        "downbeats": beats[:: max(1, round(piece.bar_beats))],
        "key": None if piece.key is None else str(piece.key),
        "chords": chords,
        "notes": [
            (note.start * beat, (note.start + note.duration) * beat, note.pitch, round(note.velocity), part)
            for part, _, notes in piece.parts
            for note in notes
        ],
    }


def _voicing(chord: Chord, lowest: int, rootless: bool, spread: bool, random: Random) -> list[int]:
    classes = list(chord.pitch_classes)
    if rootless and len(classes) > 3:
        classes = classes[1:]
    if chord.quality in ("7", "min7", "maj7") and random.random() < 0.15:
        classes.append((chord.root + 2) % 12)
    pitches = sorted(lowest + (pitch - lowest) % 12 for pitch in classes)
    if spread and len(pitches) > 2:
        pitches[1] += 12
    if random.random() < 0.2:
        pitches.append(pitches[0] + 12)
    return sorted(pitches)


def _pattern(name: str, length: float, size: int) -> list[tuple[float, float, int | None]]:
    """Strokes of a comping pattern: (start, duration, which note or None for all)."""
    if name == "arpeggio":
        order = [*range(size), *range(size - 2, 0, -1)]
        return [(step / 2, 0.6, order[step % len(order)]) for step in range(max(1, int(length * 2)))]
    starts = {
        "held": [0.0],
        "halves": [2.0 * step for step in range(max(1, int(length / 2)))],
        "quarters": [float(step) for step in range(max(1, int(length)))],
        "eighths": [step / 2 for step in range(max(1, int(length * 2)))],
        "offbeats": [step + 0.5 for step in range(max(1, int(length)))],
        "charleston": [
            start for bar in range(max(1, int(length / 4 + 0.99))) for start in (4.0 * bar, 4.0 * bar + 1.5)
        ],
    }[name]
    starts = [start for start in starts if start < length] or [0.0]
    ends = [*starts[1:], length]
    return [(start, max(0.1, (end - start) * 0.85), None) for start, end in zip(starts, ends, strict=True)]


def _track(notes: Sequence[Note], channel: int, program: int, offset: float, beat: float) -> mido.MidiTrack:
    track = mido.MidiTrack()
    first = round((offset - 0.5 if offset else 0.0) * TICKS_PER_SECOND)
    events = [(first, 0, mido.Message("program_change", channel=channel, program=program))]
    for note in notes:
        start = round((offset + note.start * beat) * TICKS_PER_SECOND)
        end = round((offset + (note.start + note.duration) * beat) * TICKS_PER_SECOND)
        events.append(
            (start, 2, mido.Message("note_on", channel=channel, note=note.pitch, velocity=round(note.velocity)))
        )
        events.append((max(end, start + 1), 1, mido.Message("note_off", channel=channel, note=note.pitch)))
    now = 0
    for tick, _, message in sorted(events, key=lambda event: event[:2]):
        track.append(message.copy(time=tick - now))
        now = tick
    return track


def _inverted(chord: Chord, random: Random) -> Chord:
    if chord.bass is not None or random.random() >= INVERTED:
        return chord
    return Chord(chord.root, chord.quality, random.choice(chord.pitch_classes[1:]))


def _transposed(chord: Chord, shift: int) -> Chord:
    return Chord((chord.root + shift) % 12, chord.quality, None if chord.bass is None else (chord.bass + shift) % 12)


def main() -> None:
    """Write the pieces that the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("pop909", "openewld", "soundfont", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--pieces", type=int, default=320)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    random = Random(arguments.seed)
    tunes = list(read_tunes(arguments.pop909, arguments.openewld))
    songs = [tune for tune in tunes if tune.source.startswith("pop909")]
    sheets = [tune for tune in tunes if tune.source.startswith("openewld")]
    for first in range(0, arguments.pieces, PIECES_A_FILE):
        pieces = []
        for index in range(first, min(first + PIECES_A_FILE, arguments.pieces)):
            kind = index % 4
            tune = walk_at_random(random) if kind == 0 else random.choice(songs if kind == 1 else sheets)
            pieces.append(arrange(tune, f"{arguments.seed:02}-{index:04}", random))
        for piece, samples in zip(pieces, render(pieces, arguments.soundfont), strict=True):
            soundfile.write(arguments.out / f"{piece.name}.flac", samples, RATE)
            (arguments.out / f"{piece.name}.json").write_text(json.dumps(truth(piece)))


if __name__ == "__main__":
    main()
