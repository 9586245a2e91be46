"""Names of uploaded files: valid everywhere, and with an ending where the content tells one."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from musearoo.bridge.audio.folders import clean_title

HEAD: Final = 16
LONGEST_SUFFIX: Final = 5

SIGNATURES: Final = (
    (b"MThd", ".mid"),
    (b"RIFF", ".wav"),
    (b"RF64", ".wav"),
    (b"fLaC", ".flac"),
    (b"OggS", ".ogg"),
    (b"FORM", ".aiff"),
    (b"ID3", ".mp3"),
    (b"\xff\xfb", ".mp3"),
    (b"\xff\xf3", ".mp3"),
)
"""How files of a kind begin, for those whose names do not say what they are."""


def guess_suffix(path: Path) -> str:
    """Return the ending for a file by its first bytes, "" where they tell nothing."""
    with path.open("rb") as file:
        head = file.read(HEAD)
    return next((suffix for begins, suffix in SIGNATURES if head.startswith(begins)), "")


def clean_name(name: str, suffix: str = "") -> str:
    """Return a name for a file, valid everywhere; its content decides whether it is MIDI.

    >>> clean_name("../../etc/My <loop>.wav"), clean_name("a.wav", ".mid"), clean_name("", ".flac")
    ('My loop.wav', 'a.mid', 'Upload.flac')
    """
    plain = clean_title(name.replace("\\", "/").rpartition("/")[2] or "Upload")
    stem, dot, ending = plain.rpartition(".")
    if not (dot and stem.strip() and ending.isalnum() and len(ending) <= LONGEST_SUFFIX):
        return f"{plain}{suffix}"
    if suffix == ".mid" or (suffix and ending.lower() in ("mid", "midi")):
        return f"{stem.strip()}{suffix}"
    return f"{stem.strip()}.{ending}"
