"""Generate the recorded test sentences from their table with speech synthesisers.

python -m musearoo.tools.workshop.generate.recordings            regenerates all of them python -m
musearoo.tools.workshop.generate.recordings --check    exits 1 and names those that would change
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Final

import msgspec
import numpy as np

from musearoo.engines.errors import PresetError
from musearoo.engines.foundation.parsing import convert_data, parse_yaml
from musearoo.engines.language.requests.commands import Intent, Slots
from musearoo.tools import ROOT
from musearoo.tools.bench.voice.music import play_piece
from musearoo.tools.bench.voice.spoken import (
    RATE,
    SPEAKERS,
    SpeakError,
    Voice,
    as_int16,
    hiss,
    lay_under,
    read_sound,
    speak,
    write_flac,
)

FOLDER: Final = ROOT / "tests" / "voice" / "recordings"
TABLE: Final = "recordings.yaml"

HISS_SECONDS: Final = 2.0
HISS_LEVEL: Final = -80.0
"""dB relative to full scale: the level of the noise under a voice of usual loudness."""

SAME: Final = 2
"""Steps of 16 bits by which a sample may differ between two machines: the music synthesiser uses floats."""


class Under(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Background music: the number of our own band's piece, and its level in dB below the voice."""

    style: str
    seed: int
    below: float


class Recording(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A recorded sentence and what it asks for."""

    file: str
    said: str
    intent: Intent
    speaker: str = ""
    slots: Slots = Slots()
    music: Under | None = None

    @property
    def path(self) -> Path:
        """Where the sound lies."""
        return FOLDER / f"{self.file}.flac"


def read_recordings() -> dict[str, Recording]:
    """All recordings by the name of their file; raises PresetError where the table is broken."""
    data = parse_yaml((FOLDER / TABLE).read_text(encoding="utf-8"), TABLE)
    rows = convert_data(data, tuple[Recording, ...], TABLE)
    return {row.file: row for row in rows}


def make(recording: Recording) -> Voice:
    """The sound of a recording; raises SpeakError where a synthesiser is missing."""
    if not recording.said:
        return hiss(round(HISS_SECONDS * RATE), HISS_LEVEL)
    voice = speak(recording.said, SPEAKERS[recording.speaker])
    if recording.music is None:
        return voice
    piece = play_piece(recording.music.style, recording.music.seed)
    return lay_under(voice, piece.sound, recording.music.below)


def is_as_made(recording: Recording) -> bool:
    """Whether the file is as `make` would make it now, but for rounding."""
    if not recording.path.exists():
        return False
    kept, made = (np.frombuffer(as_int16(one), "<i2") for one in (read_sound(recording.path), make(recording)))
    return len(kept) == len(made) and int(np.abs(kept.astype(int) - made.astype(int)).max()) <= SAME


def main(argv: list[str]) -> int:
    """The exit status."""
    parser = argparse.ArgumentParser(prog="python -m musearoo.tools.workshop.generate.recordings")
    parser.add_argument("--check", action="store_true", help="write nothing, and say what differs")
    check = parser.parse_args(argv).check
    try:
        recordings = read_recordings().values()
        if check:
            others = [recording.file for recording in recordings if not is_as_made(recording)]
            sys.stderr.writelines(f"{name} is not as it would be made now\n" for name in others)
            return int(bool(others))
        for recording in recordings:
            write_flac(recording.path, make(recording))
    except (SpeakError, PresetError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
