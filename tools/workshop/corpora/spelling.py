"""How often chords are spelt as on lead sheets: `python -m musearoo.tools.workshop.corpora.spelling FOLDER`, of songs
as MusicXML (.mxl).

OpenEWLD (Simonetta, 2018; github 00sapo/OpenEWLD) is such a folder: 502 songs in the public domain, their keys and
chords as somebody wrote them. What they wrote is thrown away but for the pitch classes, spelt anew, and compared.
"""

from __future__ import annotations

import argparse
import sys
import zipfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, NamedTuple
from xml.etree import ElementTree

from musearoo.engines.music.chord import Chord
from musearoo.engines.music.pitch import name_on_fifths, parse_pitch_class
from musearoo.engines.music.scale import Key
from musearoo.engines.music.spelling import place_roots
from musearoo.tools.workshop.corpora.sources.openewld import QUALITIES

SHOWN: Final = 12


class WrittenChord(NamedTuple):
    """A chord of a sheet: what it is, the root as it stands there, and the sharps of the signature there."""

    chord: Chord
    root: str
    signature: int


@dataclass(slots=True)
class Tally:
    """What was compared: chords, those whose root has a sign, and those spelt otherwise than on the sheet."""

    chords: int = 0
    with_signs: int = 0
    other_usual: int = 0
    """Spelt otherwise by their usual names, that is without the key."""
    other: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    """By key, the sheet's symbol and ours."""
    places: dict[tuple[object, ...], Counter[str]] = field(default_factory=lambda: defaultdict(Counter))

    @property
    def undecided(self) -> int:
        """Chords that a sheet spells otherwise than most sheets do: of a kind, at a place of a key, going one way."""
        return sum(sum(names.values()) - max(names.values()) for names in self.places.values())


def read_chords(path: Path) -> tuple[WrittenChord, ...]:
    """The chords of a compressed MusicXML file, in order; those of kinds that we have no quality for are left out."""
    with zipfile.ZipFile(path) as archive:
        name = next(name for name in archive.namelist() if not name.startswith("META"))
        root = ElementTree.fromstring(archive.read(name))
    return tuple(_chords(root))


def _chords(root: ElementTree.Element) -> Iterator[WrittenChord]:
    signature = 0
    for item in root.iter():
        if item.tag == "key":
            signature = int(item.findtext("fifths") or 0)
        elif item.tag == "harmony" and (quality := QUALITIES.get(item.findtext("kind") or "")):
            written = _note(item, "root")
            if written:
                yield WrittenChord(Chord(parse_pitch_class(written), quality), written, signature)


def _note(item: ElementTree.Element, what: str) -> str:
    step, alter = item.findtext(f"{what}/{what}-step") or "", int(float(item.findtext(f"{what}/{what}-alter") or 0))
    return step + ("#" * alter if alter > 0 else "b" * -alter)


def keys_of(chords: Sequence[WrittenChord]) -> list[Key]:
    """The key at each chord: of the signature there, minor where the song ends on that signature's minor chord."""
    last = chords[-1].chord
    keys = []
    for written in chords:
        minor = (7 * written.signature + 9) % 12
        is_minor = last.is_minor and last.root == minor
        keys.append(Key(minor, "Minor") if is_minor else Key(7 * written.signature % 12))
    return keys


def compare(tally: Tally, chords: Sequence[WrittenChord]) -> None:
    """Adds the chords of a song; those under a signature that we do not use (Gb major, seven sharps) do not count."""
    keys = keys_of(chords)
    places = place_roots([(written.chord, key) for written, key in zip(chords, keys, strict=True)])
    following = [*chords[1:], chords[0]]
    for written, key, place, after in zip(chords, keys, places, following, strict=True):
        if key.signature != written.signature:
            continue
        chord, name = written.chord, name_on_fifths(place)
        tally.chords += 1
        tally.with_signs += len(written.root) > 1
        tally.other_usual += name_on_fifths(chord.usual_place) != written.root
        where = (key, chord.root, chord.intervals[:3], 10 in chord.intervals, (after.chord.root - chord.root) % 12)
        tally.places[where][written.root] += 1
        if name != written.root:
            tail = chord.symbol_on(place)[len(name) :]
            tally.other[str(key), written.root + tail, name + tail] += 1


def measure(paths: Iterable[Path]) -> Tally:
    """The tally of songs."""
    tally = Tally()
    for path in paths:
        if chords := read_chords(path):
            compare(tally, chords)
    return tally


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints how many differ, and which most often. 1 where the folder has no chords."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    tally = measure(sorted(parser.parse_args(arguments).folder.rglob("*.mxl")))
    if not tally.chords:
        print("There are no chords in this folder's .mxl files.", file=sys.stderr)
        return 1
    other = tally.other.total()
    print(f"{tally.chords} chords, {tally.with_signs} of them on roots with signs")
    print(f"spelt otherwise than on the sheet: {other} ({other / tally.chords:.2%})")
    print(f"the same without the key: {tally.other_usual} ({tally.other_usual / tally.chords:.2%})")
    print(f"chords that a sheet spells otherwise than most sheets do there: {tally.undecided}")
    for (key, theirs, ours), count in tally.other.most_common(SHOWN):
        print(f"{count:>4}  {key}: {theirs} on the sheet, {ours} here")
    return 0


if __name__ == "__main__":
    sys.exit(main())
