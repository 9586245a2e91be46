"""What was said, on disk: only where the user has asked for that."""

from __future__ import annotations

import traceback
import wave
from datetime import datetime
from pathlib import Path
from typing import Final

from bridge.voice.recogniser import BYTES_A_SAMPLE, RATE

MOST_KEPT: Final = 200
"""Utterances; older ones make way. About 20 MB."""


def keep_utterance(folder: Path, sound: bytes, text: str) -> None:
    """Writes an utterance (int16 at RATE) as WAV, and its text beside it; what cannot be written is not kept."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        name = datetime.now().strftime("%Y-%m-%d %H-%M-%S.%f")
        with wave.open(str(folder / f"{name}.wav"), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(BYTES_A_SAMPLE)
            file.setframerate(RATE)
            file.writeframes(sound)
        (folder / f"{name}.txt").write_text(f"{text}\n", encoding="utf-8")
        for old in sorted(folder.glob("*.wav"))[:-MOST_KEPT]:
            old.with_suffix(".txt").unlink(missing_ok=True)
            old.unlink()
    except OSError:
        # A full disk must not cost the order that was understood.
        traceback.print_exc()
