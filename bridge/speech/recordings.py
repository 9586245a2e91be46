"""Recordings of utterances on disk, kept only if the user has asked for that."""

from __future__ import annotations

import io
import sys
import wave
from datetime import datetime
from pathlib import Path
from typing import Final

from musearoo.bridge.settings.home_files import make_private_folder, write_whole
from musearoo.bridge.speech.sound.format import BYTES_A_SAMPLE, RATE

MOST_KEPT: Final = 200
"""Utterances, about 20 MB; older ones are deleted."""


def keep_utterance(folder: Path, sound: bytes, text: str) -> None:
    """Write an utterance (int16 at RATE) as WAV, and its text next to it: both, or neither if the disk is full."""
    stem = folder / datetime.now().strftime("%Y-%m-%d %H-%M-%S.%f")
    recording = io.BytesIO()
    with wave.open(recording, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(BYTES_A_SAMPLE)
        file.setframerate(RATE)
        file.writeframes(sound)
    words, wav = stem.with_name(f"{stem.name}.txt"), stem.with_name(f"{stem.name}.wav")
    try:
        make_private_folder(folder)
        write_whole(words, f"{text}\n".encode(errors="replace"))
        try:
            write_whole(wav, recording.getvalue())
        except OSError:
            words.unlink(missing_ok=True)
            raise
        for old in sorted(folder.glob("*.wav"))[:-MOST_KEPT]:
            old.with_suffix(".txt").unlink(missing_ok=True)
            old.unlink()
    except OSError as error:
        # A full disk must not cost a command that was understood.
        print(f"What was said cannot be kept in {folder}: {error.strerror or error}.", file=sys.stderr)
