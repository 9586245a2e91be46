"""The stems of a piece, named as separators name them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Final

from musearoo.engines.music.stems import FOUR_STEMS, StemName
from musearoo.tools.bench.corpora.piece import Piece

STEM_OF_PART: Final[dict[str, StemName]] = {"bass": "bass", "melody": "vocals"}
"""The lead represents vocals, which no soundfont has; every other part belongs to the rest."""


def divide(piece: Piece) -> dict[StemName, Piece]:
    """Return the stems of a piece, without silent ones; their sum is the piece.

    Each contains all parts, so that they play on the same channels as in the whole.
    """
    stems: dict[StemName, Piece] = {}
    for stem in FOUR_STEMS:
        tones = tuple(tone for tone in piece.tones if STEM_OF_PART.get(tone.part, "other") == stem)
        strokes = piece.strokes if stem == "drums" else ()
        if tones or strokes:
            stems[stem] = replace(piece, tones=tones, strokes=strokes)
    return stems


def stem_path(excerpt: Path, stem: StemName) -> Path:
    """Return the path of an excerpt's stem.

    >>> stem_path(Path("dev/pop/one.flac"), "bass").as_posix()
    'dev/pop/one.stems/bass.flac'
    """
    return excerpt.with_suffix(".stems") / f"{stem}.flac"
