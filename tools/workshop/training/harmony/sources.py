"""Songs with known chords, in beats: POP909, the lead sheets of OpenEWLD, and random walks."""

from __future__ import annotations

import zipfile
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Final
from xml.etree import ElementTree

import mido  # type: ignore[import-untyped]

from musearoo.engines.errors import ParamError
from musearoo.engines.music.chord import Chord
from musearoo.engines.music.note import Note
from musearoo.engines.music.pitch import parse_pitch_class
from musearoo.engines.music.progression import ChordSpan
from musearoo.engines.music.scale import Key
from musearoo.engines.music.timing import mean_bpm
from musearoo.tools.bench.corpora.splits import split_of

POP909_SONGS: Final = (*range(2, 116), *range(698, 770))
"""The songs of POP909 that may be used; the others are for the final evaluation."""

KINDS: Final = {
    "major": "maj", "minor": "min", "dominant": "7", "major-seventh": "maj7", "minor-seventh": "min7",
    "diminished": "dim", "diminished-seventh": "dim7", "half-diminished": "hdim7", "augmented": "aug",
    "augmented-seventh": "aug(b7)", "major-sixth": "maj6", "minor-sixth": "min6", "dominant-ninth": "9",
    "major-ninth": "maj9", "minor-ninth": "min9", "dominant-13th": "13", "dominant-11th": "11",
    "suspended-fourth": "sus4", "suspended-second": "sus2", "power": "(1,5)", "major-minor": "minmaj7",
    "augmented-ninth": "aug(b7)", "minor-11th": "min11", "minor-13th": "min13",
}  # fmt: skip
"""MusicXML's kinds of harmony by our shorthands."""

RANDOM_QUALITIES: Final = {
    "maj": 10, "min": 10, "7": 8, "maj7": 8, "min7": 8, "dim": 3, "hdim7": 4, "dim7": 4, "aug": 2, "sus4": 3,
    "sus2": 3, "maj6": 3, "min6": 3, "minmaj7": 1, "sus4(b7)": 2, "9": 2, "maj9": 1, "min9": 1, "(1,5)": 5,
}  # fmt: skip
ROOT_STEPS: Final = (5, 5, 5, 5, 7, 7, 7, 2, 2, 10, 9, 9, 3, 4, 8, 1, 11, 6)
"""The root intervals of a random walk; fifths and seconds are more frequent, as in songs."""


@dataclass(frozen=True, slots=True)
class Tune:
    """Chords and, where the source has them, notes by part, in beats from 0; `bar_beats` to a bar."""

    source: str
    key: Key | None
    bpm: float
    bar_beats: float
    spans: tuple[ChordSpan, ...]
    parts: dict[str, tuple[Note, ...]]

    @property
    def length(self) -> float:
        """The length in beats."""
        return self.spans[-1].end if self.spans else 0.0


def read_pop909(folder: Path) -> Tune | None:
    """Return the song of one folder of POP909, or None if its chords or beats cannot be read."""
    beats = [float(line.split()[0]) for line in (folder / "beat_midi.txt").read_text().splitlines() if line.strip()]
    if len(beats) < 32:
        return None

    def in_beats(seconds: float) -> float:
        index = min(max(bisect_left(beats, seconds) - 1, 0), len(beats) - 2)
        return index + (seconds - beats[index]) / (beats[index + 1] - beats[index])

    spans = []
    for line in (folder / "chord_midi.txt").read_text().splitlines():
        start, end, label = line.split()
        chord = None if label == "N" else _parse(label)
        first, last = round(in_beats(float(start)), 2), round(in_beats(float(end)), 2)
        if chord is not None and last > first >= 0.0:
            spans.append(ChordSpan(first, last, chord))
    keys = (folder / "key_audio.txt").read_text().split()
    key = Key.parse(keys[2].replace(":", " ")) if len(keys) == 3 else None
    parts = {}
    for name, played in _midi_notes(folder / f"{folder.name}.mid").items():
        notes = [
            Note(in_beats(at), pitch, max(0.05, in_beats(at + held) - in_beats(at)), velocity)
            for at, held, pitch, velocity in played
            if in_beats(at) >= 0.0
        ]
        parts[name] = tuple(notes)
    bpm = mean_bpm(len(beats) - 1, beats[-1] - beats[0])
    return Tune(f"pop909/{folder.name}", key, bpm, 4.0, tuple(spans), parts)


def read_lead_sheet(path: Path) -> Tune | None:
    """The tune of a compressed MusicXML lead sheet, or None where it has no chords that we know."""
    with zipfile.ZipFile(path) as archive:
        name = next(name for name in archive.namelist() if name.endswith(".xml") and "META" not in name)
        score = ElementTree.fromstring(archive.read(name))
    changes: list[tuple[float, Chord | None]] = []
    melody: list[Note] = []
    divisions, bar_beats, now, key = 1.0, 4.0, 0.0, None
    for measure in score.iter("measure"):
        for item in measure:
            if item.tag == "attributes":
                divisions = float(item.findtext("divisions") or divisions)
                if (beats := item.findtext("time/beats")) is not None:
                    bar_beats = float(beats) * 4.0 / float(item.findtext("time/beat-type") or 4)
                if key is None and (fifths := item.findtext("key/fifths")) is not None:
                    key = _key_of(int(fifths), item.findtext("key/mode") or "major")
            elif item.tag == "harmony":
                changes.append((now, _chord_of(item)))
            elif item.tag == "note" and item.find("chord") is None and item.find("grace") is None:
                held = float(item.findtext("duration") or 0.0) / divisions
                if item.find("pitch") is not None and held > 0.0:
                    melody.append(Note(now, _pitch_of(item), held, 90.0))
                now += held
    spans = [
        ChordSpan(start, end, chord)
        for (start, chord), (end, _) in zip(changes, [*changes[1:], (now, None)], strict=True)
        if chord is not None and end > start
    ]
    if len(spans) < 4:
        return None
    return Tune(f"openewld/{path.stem}", key, 120.0, bar_beats, tuple(spans), {"melody": tuple(melody)})


def walk_at_random(random: Random) -> Tune:
    """Return a tune of random chords of all qualities, without a key."""
    beats, root, spans = 0.0, random.randrange(12), []
    names, weights = zip(*RANDOM_QUALITIES.items(), strict=True)
    qualities = random.choices(names, weights, k=random.randint(2, 6))
    while beats < 48.0:
        root = (root + random.choice(ROOT_STEPS)) % 12
        chord = Chord(root, random.choice(qualities))
        if random.random() < 0.2:
            chord = Chord(root, chord.quality, random.choice(chord.pitch_classes[1:]))
        length = random.choice((2.0, 4.0, 4.0, 4.0, 1.0, 8.0))
        spans.append(ChordSpan(beats, beats + length, chord))
        beats += length
    return Tune("walk", None, random.uniform(70.0, 170.0), 4.0, tuple(spans), {})


def read_tunes(pop909: Path, openewld: Path) -> Iterator[Tune]:
    """Yield all training tunes of both corpora, where they have been unpacked."""
    for song in POP909_SONGS:
        folder = pop909 / f"{song:03}"
        if split_of(f"pop909/{song:03}") == "train" and folder.is_dir() and (tune := read_pop909(folder)) is not None:
            yield tune
    for path in sorted(openewld.rglob("*.mxl")):
        name = f"ewld/{path.parent.parent.name}/{path.stem}"
        if split_of(name) == "train" and (tune := read_lead_sheet(path)) is not None:
            yield tune


def _parse(label: str) -> Chord | None:
    try:
        return Chord.parse(label)
    except ParamError:
        return None


def _midi_notes(path: Path) -> dict[str, list[tuple[float, float, int, float]]]:
    """Of each track (start, length in seconds, pitch, velocity), by lower-case name."""
    song = mido.MidiFile(path)
    tempos, ticks = [(0, 0.0, 500_000)], 0
    for message in song.tracks[0]:
        ticks += message.time
        if message.type == "set_tempo":
            before = tempos[-1]
            seconds = before[1] + mido.tick2second(ticks - before[0], song.ticks_per_beat, before[2])
            tempos.append((ticks, seconds, message.tempo))

    def in_seconds(tick: int) -> float:
        at = next(entry for entry in reversed(tempos) if entry[0] <= tick)
        return at[1] + float(mido.tick2second(tick - at[0], song.ticks_per_beat, at[2]))

    parts: dict[str, list[tuple[float, float, int, float]]] = {}
    for track in song.tracks[1:]:
        now, held = 0, {}
        for message in track:
            now += message.time
            if message.type == "note_on" and message.velocity:
                held[message.note] = (now, message.velocity)
            elif message.type in ("note_on", "note_off") and message.note in held:
                start, velocity = held.pop(message.note)
                entry = (in_seconds(start), in_seconds(now) - in_seconds(start), message.note, float(velocity))
                parts.setdefault(track.name.strip().lower(), []).append(entry)
    return parts


def _chord_of(harmony: ElementTree.Element) -> Chord | None:
    quality = KINDS.get(harmony.findtext("kind") or "")
    root = harmony.findtext("root/root-step")
    if quality is None or root is None:
        return None
    return Chord(_altered(root, harmony.findtext("root/root-alter")), quality)


def _pitch_of(note: ElementTree.Element) -> int:
    step = _altered(note.findtext("pitch/step") or "C", note.findtext("pitch/alter"))
    return 12 * (int(note.findtext("pitch/octave") or 4) + 1) + step


def _altered(step: str, alter: str | None) -> int:
    return (parse_pitch_class(step) + round(float(alter or 0.0))) % 12


def _key_of(fifths: int, mode: str) -> Key:
    return Key((fifths * 7 + (9 if mode == "minor" else 0)) % 12, "Minor" if mode == "minor" else "Major")
