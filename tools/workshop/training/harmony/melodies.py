"""Counts what people's melodies do: prints the tables of `engines.players.melody.habits`.

    python -m musearoo.tools.workshop.training.harmony.melodies FOLDER

FOLDER is `POP909` of the hierarchical-structure-analysis repository (Dai et al., 2020, MIT licence), whose melodies and
chords are quantised and whose bar lines were set right by hand. Only the songs that development may use are read.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from math import log
from pathlib import Path
from typing import Final, NamedTuple

from musearoo.engines.errors import ParamError
from musearoo.engines.music.scale import SCALES, Key
from musearoo.tools.workshop.training.harmony.sources import POP909_SONGS

RAREST: Final = 2.4
"""What a degree costs at most: one that is never sung is no rarer for us than one in eleven of the tonic."""
BREATH: Final = 1.0
"""Beats of rest over which an interval is not counted."""


class Sung(NamedTuple):
    """A note of a melody: place and length in beats, and its pitch."""

    at: float
    length: float
    pitch: int


def read_song(folder: Path) -> tuple[Key, tuple[Sung, ...]] | None:
    """The key and the melody of one song; None where it is not there or its key is not one of ours."""
    try:
        key = Key.parse((folder / "analyzed_key.txt").read_text().strip().replace(":", " "))
        lines = (folder / "melody.txt").read_text().split("\n")
    except (FileNotFoundError, ParamError):
        return None
    notes, now = [], 0.0
    for line in filter(str.strip, lines):
        pitch, sixteenths = line.split()
        length = float(sixteenths) / 4.0
        if int(pitch) > 0:
            notes.append(Sung(now, length, int(pitch)))
        now += length
    return key, tuple(notes)


def read_songs(folder: Path) -> Iterator[tuple[Key, tuple[Sung, ...]]]:
    """All songs that development may use."""
    for number in POP909_SONGS:
        song = read_song(folder / f"{number:03}")
        if song is not None:
            yield song


def count_degrees(songs: list[tuple[Key, tuple[Sung, ...]]], minor: bool) -> tuple[float, ...]:
    """How much rarer than the tonic each semitone above it is, as the logarithm of the ratio."""
    counts = Counter((note.pitch - key.tonic) % 12 for key, notes in songs if key.is_minor == minor for note in notes)
    most = max(counts.values())
    return tuple(
        round(min(RAREST, log(most / counts[degree])) if counts[degree] else RAREST, 2) for degree in range(12)
    )


def count_intervals(songs: list[tuple[Key, tuple[Sung, ...]]]) -> tuple[float, ...]:
    """How much rarer than a repeated note each interval of 0 to 12 semitones is, for each tone that it can lead to.

    A scale offers two seconds up and down from nearly every tone, but few tritones: that is divided out.
    """
    counts: Counter[int] = Counter()
    for _, notes in songs:
        for note, following in pairwise(notes):
            if following.at - note.at - note.length < BREATH:
                counts[abs(following.pitch - note.pitch)] += 1
    major = SCALES["Major"]
    offered = [
        sum((tone + way * interval) % 12 in major for tone in major for way in (1, -1)) / 7.0 for interval in range(13)
    ]
    return tuple(
        round(log(counts[0] / max(1, counts[interval]) * offered[interval]), 2) if interval else 0.0
        for interval in range(13)
    )


def main() -> None:
    """Prints the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    songs = list(read_songs(parser.parse_args().folder))
    print(f"{len(songs)} songs")
    print("MAJOR_DEGREES:", count_degrees(songs, minor=False))
    print("MINOR_DEGREES:", count_degrees(songs, minor=True))
    print("INTERVALS:", count_intervals(songs))


if __name__ == "__main__":
    main()
