"""Simulated transports with exactly known beats, their recordings in a ring, and the ring written to a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from musearoo.engines.audio.capture.form import ROUND
from musearoo.engines.audio.capture.ring import FloatArray


@dataclass(frozen=True)
class Play:
    """The transport runs, with the tempo constant or changing linearly."""

    samples: int
    bpm: float
    last_bpm: float


@dataclass(frozen=True)
class Stop:
    """It is stopped; its phase stays where it was, or is 0."""

    samples: int
    shows_zero: bool


@dataclass(frozen=True)
class Jump:
    """It continues from another position, in quarter notes."""

    position: float


Piece = Play | Stop | Jump


@dataclass(frozen=True)
class Tape:
    """A device's recording of a transport: `positions` are its beats, NaN while stopped; `beats` where each begins, in
    samples, computed exactly; `breaks` the samples before which it stopped, started or jumped."""

    phase: FloatArray
    positions: np.ndarray
    beats: np.ndarray
    breaks: tuple[int, ...]


def record(pieces: Sequence[Piece], rate: int, position: float = 0.0) -> Tape:
    """Return the tape of a transport that begins at a position."""
    phases, positions, beats, breaks = [], [], [], []
    sample, shown = 0, position % 1.0
    was_running = False
    for piece in pieces:
        match piece:
            case Jump():
                if (piece.position - position) % 1.0:
                    breaks.append(sample)
                position = piece.position
            case Stop():
                if was_running:
                    breaks.append(sample)
                was_running = False
                phases.append(np.full(piece.samples, 0.0 if piece.shows_zero else shown))
                positions.append(np.full(piece.samples, np.nan))
                sample += piece.samples
            case Play():
                if not was_running:
                    breaks.append(sample)
                was_running = True
                a, b = _curve(piece, rate)
                time = np.arange(piece.samples, dtype=np.float64)
                here = position + a * time + b * time * time
                phases.append(here % 1.0)
                positions.append(here)
                shown = float(here[-1] % 1.0)
                end = position + a * piece.samples + b * piece.samples**2
                whole = np.arange(np.ceil(position), np.ceil(end))
                moments = sample + _when(whole - position, a, b)
                beats.append(moments)
                position = end
                sample += piece.samples
    return Tape(
        np.concatenate(phases).astype(np.float32), np.concatenate(positions), np.concatenate(beats), tuple(breaks)
    )


def _curve(piece: Play, rate: int) -> tuple[float, float]:
    """Return beats per sample at the beginning, and half of their increase per sample."""
    a = piece.bpm / 60.0 / rate
    b = (piece.last_bpm - piece.bpm) / 60.0 / rate / piece.samples / 2.0
    return a, b


def _when(gone: np.ndarray, a: float, b: float) -> np.ndarray:
    """Return the sample after a number of beats: the root of a quadratic, in its numerically stable form."""
    return 2.0 * gone / (a + np.sqrt(a * a + 4.0 * b * gone))


def roll(audio: FloatArray, phase: FloatArray, size: int, first_counter: int, press: int, speed: float) -> FloatArray:
    """Return the file, float32 (4, size), of a ring that is written from sample `press` on.

    It keeps recording, `speed` samples for each that is written (0: it is written instantly).
    """
    places = np.arange(size)
    head = np.minimum(press + np.floor(places * speed).astype(np.int64), phase.size - 1)
    newest = head - (head - places) % size
    recorded = newest >= 0
    safe = np.maximum(newest, 0)
    ring = np.zeros((4, size), dtype=np.float32)
    ring[:2] = np.where(recorded, audio[:, safe], 0.0)
    ring[2] = np.where(recorded, phase[safe], 0.0)
    ring[3] = np.where(recorded, (first_counter + safe) % ROUND, 0)
    return ring
