"""Human drumming of the Groove MIDI Dataset (Gillick et al., 2019; CC BY 4.0), its own train split only."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import mido  # type: ignore[import-untyped]

from musearoo.tools.bench.corpora.piece import Piece, Stroke, beats_in_bar, quarters_per_beat
from musearoo.tools.bench.corpora.splits import Split, split_of

FOLDER: Final = "drums-with-llm/groove"


@dataclass(frozen=True, slots=True)
class Performance:
    """One file of the dataset: its path, the drummer's session, style, BPM, meter and seconds."""

    path: Path
    session: str
    style: str
    bpm: float
    meter: str
    beat_type: str
    duration: float

    @property
    def song(self) -> str:
        """The unit that must not be in two splits: the session; in rare meters, which few sessions have, the
        performance.
        """
        return f"gmd/{self.session}" if self.meter == "4/4" else f"gmd/{self.session}/{self.path.stem}"

    @property
    def split(self) -> Split:
        """The split that it belongs to."""
        return split_of(self.song)


def performances(corpora: Path) -> Iterator[Performance]:
    """Yield the usable performances, in the order of the dataset's table."""
    folder = corpora / FOLDER
    with open(folder / "info.csv", newline="", encoding="utf-8") as table:
        for row in csv.DictReader(table):
            if row["split"] != "train":
                continue
            yield Performance(
                folder / row["midi_filename"],
                row["session"],
                row["style"],
                float(row["bpm"]),
                row["time_signature"].replace("-", "/"),
                row["beat_type"],
                float(row["duration"]),
            )


def read_performance(performance: Performance) -> Piece:
    """Return the piece of a performance; its beats are the file's own grid, which the drummer heard as a click."""
    song = mido.MidiFile(performance.path)
    tempo = next((m.tempo for track in song.tracks for m in track if m.type == "set_tempo"), 500_000)
    quarter = tempo / 1e6
    strokes: list[Stroke] = []
    for track in song.tracks:
        tick = 0
        for message in track:
            tick += message.time
            if message.type == "note_on" and message.velocity:
                strokes.append(Stroke(tick / song.ticks_per_beat * quarter, message.note, message.velocity))
    strokes.sort(key=lambda stroke: stroke.time)
    beat = quarter * quarters_per_beat(performance.meter)
    last = strokes[-1].time if strokes else 0.0
    count = int(last / beat + 1e-6) + 2
    beats = tuple(number * beat for number in range(count))
    return Piece(
        name=f"gmd/{performance.path.parent.parent.name}/{performance.path.parent.name}/{performance.path.stem}",
        song=performance.song,
        duration=count * beat,
        beats=beats,
        downbeats=beats[:: beats_in_bar(performance.meter)],
        meter=performance.meter,
        strokes=tuple(strokes),
        style=performance.style.split("/")[0],
    )
