"""The excerpts of a set on disk, with their ground truth."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec


class Truth(msgspec.Struct, frozen=True):
    """The ground truth of an excerpt; None or absent where unknown. Other JSON fields are ignored."""

    duration: float
    tempo: float | None = None
    beats: list[float] | None = None
    downbeats: list[float] | None = None
    meter: str | None = None
    key: str | None = None
    chords: list[tuple[float, float, str]] | None = None
    sections: list[tuple[float, float, str]] | None = None
    drums: list[tuple[float, str, float]] | None = None
    swing: float | None = None
    microtiming_rms_ms: float | None = None
    style: str | None = None
    loop_bars: int | None = None


class Excerpt(msgspec.Struct, frozen=True):
    """A sound file, its kind of music, and its ground truth."""

    path: Path
    kind: str
    truth: Truth


def read_set(folder: Path, kinds: Sequence[str] = (), limit: int | None = None) -> list[Excerpt]:
    """Return the excerpts `folder/KIND/NAME.flac` that have ground truth, in order; the first `limit` of each kind."""
    return [excerpt for kind in _kinds(folder, kinds) for excerpt in list(_excerpts(folder / kind))[:limit]]


def _kinds(folder: Path, wanted: Sequence[str]) -> list[str]:
    there = sorted(path.name for path in folder.iterdir() if path.is_dir()) if folder.is_dir() else []
    missing = set(wanted) - set(there)
    if missing or not there:
        names = ", ".join(sorted(missing)) or "kinds"
        raise FileNotFoundError(f"{folder} has no {names}; it has {', '.join(there) or 'nothing'}.")
    return list(wanted) or there


def _excerpts(folder: Path) -> Iterator[Excerpt]:
    for sound in sorted((*folder.glob("*.flac"), *folder.glob("*.wav"))):
        truth = sound.with_suffix(".json")
        if truth.exists():
            yield Excerpt(sound, folder.name, msgspec.json.decode(truth.read_bytes(), type=Truth))
