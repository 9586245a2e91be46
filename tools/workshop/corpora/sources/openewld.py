"""Lead sheets of OpenEWLD (Simonetta, 2018): songs in the public domain, with melody and chords, as MusicXML."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from xml.etree import ElementTree

from musearoo.engines.music.chord import BY_HARTE, Chord
from musearoo.engines.music.pitch import LETTERS
from musearoo.engines.music.scale import Key
from musearoo.tools.bench.corpora.splits import Split, split_of
from musearoo.tools.workshop.corpora.sources.lead_sheet import LeadSheet, SheetChord, SheetNote

FOLDER: Final = "OpenEWLD/dataset"
LEAST_BARS: Final = 8

QUALITIES: Final = {
    "major": "maj",
    "minor": "min",
    "dominant": "7",
    "minor-seventh": "min7",
    "major-seventh": "maj7",
    "diminished": "dim",
    "major-sixth": "maj6",
    "dominant-ninth": "9",
    "minor-sixth": "min6",
    "diminished-seventh": "dim7",
    "augmented-seventh": "aug(b7)",
    "augmented": "aug",
    "half-diminished": "hdim7",
    "suspended-fourth": "sus4",
    "dominant-13th": "13",
    "minor-ninth": "min9",
    "augmented-ninth": "aug(b7)",
    "major-ninth": "maj9",
    "dominant-11th": "11",
    "minor-major": "minmaj7",
    "minor-11th": "min11",
    "major-minor": "minmaj7",
    "minor-13th": "min13",
    "power": "(1,5)",
}
"""MusicXML's kinds of chord in Harte's syntax; added and altered degrees are dropped."""
# Cut time is perceived, and played by a rhythm section, in four.
_METERS: Final = {("4", "4"): "4/4", ("2", "2"): "4/4", ("3", "4"): "3/4", ("6", "8"): "6/8", ("12", "8"): "12/8"}


def sheets(corpora: Path, split: Split) -> Iterator[LeadSheet]:
    """Yield the lead sheets of a split by name; only those in a supported meter, with chords."""
    folder = corpora / FOLDER
    for path in sorted(folder.rglob("*.mxl")):
        song = f"ewld/{path.parent.parent.name}/{path.stem}"
        if split_of(song) == split:
            sheet = read_sheet(path, song)
            if sheet is not None:
                yield sheet


def read_sheet(path: Path, song: str) -> LeadSheet | None:
    """Return the lead sheet of a compressed MusicXML file, its repeats played once; None if it is unsuitable."""
    with zipfile.ZipFile(path) as archive:
        name = next(name for name in archive.namelist() if not name.startswith("META"))
        root = ElementTree.fromstring(archive.read(name))
    part = root.find("part")
    signatures = {(time.findtext("beats", ""), time.findtext("beat-type", "")) for time in root.iter("time")}
    if part is None or len(signatures) != 1 or (signature := signatures.pop()) not in _METERS:
        return None
    bar = int(signature[0]) * 4.0 / int(signature[1])
    notes: list[SheetNote] = []
    starts: list[tuple[float, Chord]] = []
    divisions, fifths, now = 1.0, 0, 0.0
    first_bar = 0.0
    for number, measure in enumerate(part.findall("measure")):
        place = now
        for item in measure:
            if item.tag == "attributes":
                divisions = float(item.findtext("divisions") or divisions)
                fifths = int(item.findtext("key/fifths") or fifths)
            elif item.tag == "harmony":
                chord = _chord(item)
                if chord is not None:
                    starts.append((place + float(item.findtext("offset") or 0.0) / divisions, chord))
            elif item.tag == "note" and item.find("grace") is None and item.find("chord") is None:
                length = float(item.findtext("duration") or 0.0) / divisions
                pitch = _pitch(item)
                if pitch is not None:
                    _add_note(notes, SheetNote(place, place + length, pitch), item)
                place += length
        if number == 0 and place < bar - 1e-6:
            first_bar, now = place, place
        elif abs(place - now - bar) > 0.02:
            # A bar of another length would shift all that follows off its beats.
            now = place
            break
        else:
            now += bar
    now = first_bar + int((now - first_bar) / bar + 1e-6) * bar
    starts = [(start, chord) for start, chord in starts if start < now]
    if now - first_bar < LEAST_BARS * bar or len(starts) < LEAST_BARS // 2:
        return None
    ends = [start for start, _ in starts[1:]] + [now]
    chords = tuple(
        SheetChord(start, end, chord) for (start, chord), end in zip(starts, ends, strict=True) if end > start
    )
    meter = _METERS[signature]
    return LeadSheet(song, meter, first_bar, now, tuple(notes), chords, _key(fifths, chords[-1].chord))


def _add_note(notes: list[SheetNote], note: SheetNote, item: ElementTree.Element) -> None:
    tied = any(tie.get("type") == "stop" for tie in item.findall("tie"))
    if tied and notes and notes[-1].pitch == note.pitch:
        notes[-1] = notes[-1]._replace(end=note.end)
    else:
        notes.append(note)


def _pitch(note: ElementTree.Element) -> int | None:
    step = note.findtext("pitch/step")
    if step is None:
        return None
    alter = int(float(note.findtext("pitch/alter") or 0))
    return 12 * (int(note.findtext("pitch/octave") or 4) + 1) + LETTERS[step] + alter


def _chord(harmony: ElementTree.Element) -> Chord | None:
    quality = QUALITIES.get(harmony.findtext("kind") or "")
    step = harmony.findtext("root/root-step")
    if quality is None or step is None:
        return None
    root = (LETTERS[step] + int(float(harmony.findtext("root/root-alter") or 0))) % 12
    degrees = {
        (degree.findtext("degree-value"), degree.findtext("degree-alter")) for degree in harmony.findall("degree")
    }
    if ("7", "0") in degrees and quality in ("maj", "min"):
        quality += "7"
    elif ("9", "-1") in degrees and quality == "7":
        quality = "7(b9)"
    elif ("5", "-1") in degrees and quality == "min7":
        quality = "hdim7"
    elif ("5", "1") in degrees and quality == "7":
        quality = "aug(b7)"
    bass_step = harmony.findtext("bass/bass-step")
    bass = None
    if bass_step is not None:
        bass = (LETTERS[bass_step] + int(float(harmony.findtext("bass/bass-alter") or 0))) % 12
    return Chord(root, quality if quality in BY_HARTE else "maj", None if bass == root else bass)


def _key(fifths: int, last: Chord) -> str | None:
    """Return the key of a signature, major or minor by the last chord; None if that is the tonic of neither."""
    tonic = fifths * 7 % 12
    if last.root == tonic and not last.is_minor:
        return str(Key(tonic, "Major"))
    if last.root == (tonic + 9) % 12:
        return str(Key((tonic + 9) % 12, "Minor"))
    return None
