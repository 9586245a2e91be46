"""Random scores with everything that a file can contain."""

from __future__ import annotations

from random import Random

from musearoo.engines.music.clip import sort_notes
from musearoo.engines.music.meter import DENOMINATORS, Meter
from musearoo.engines.music.midi_files.score import SPECS, Controller, ControllerKind, MidiScore, MidiTrack
from musearoo.engines.music.note import Note
from musearoo.engines.music.scale import Key
from musearoo.engines.music.tempo_map import TempoMap

NAMES = ("", "Bass", "Schlagzeug ♪", "ピアノ", "lead (2)", "Ä")
RESOLUTIONS = (1, 24, 96, 480, 960, 1920, 32767)
LONGEST = 400_000
"""Ticks: enough for times of one to four bytes."""


def random_score(chance: Random) -> MidiScore:
    """A score whose beats lie on its ticks, its notes such that a file can tell which of a pitch ends."""
    resolution = chance.choice(RESOLUTIONS)
    has_tempo = chance.random() < 0.9
    tempos = [(0.0, 120.0)]
    if has_tempo:
        tempos = [(tick / resolution, _bpm(chance)) for tick in _ticks(chance, 5)]
    return MidiScore(
        tracks=tuple(_track(chance, resolution) for _ in range(chance.choice((0, 1, 2, 5)))),
        tempos=TempoMap(tuple(tempos)),
        meters=tuple(
            (tick / resolution, Meter(chance.randint(1, 99), chance.choice(DENOMINATORS))) for tick in _ticks(chance, 4)
        ),
        keys=tuple(
            (tick / resolution, Key(chance.randrange(12), chance.choice(("Major", "Minor"))))
            for tick in _ticks(chance, 3)[chance.randint(0, 1) :]
        ),
        markers=_texts(chance, resolution),
        lyrics=_texts(chance, resolution),
        title=chance.choice(NAMES),
        has_tempo=has_tempo,
        resolution=resolution,
    )


def _ticks(chance: Random, most: int) -> list[int]:
    """Ticks in order, the first of them 0."""
    return [0, *sorted({chance.randint(1, LONGEST) for _ in range(chance.randint(0, most))})]


def _bpm(chance: Random) -> float:
    """A tempo as a file can say it, from 3.6 BPM to 60,000."""
    microseconds = round(10 ** chance.uniform(3.0, 7.22))
    exact = 60_000_000 / microseconds
    return next(
        (short for digits in range(7) if round(60_000_000 / (short := round(exact, digits))) == microseconds), exact
    )


def _texts(chance: Random, resolution: int) -> tuple[tuple[float, str], ...]:
    ticks = sorted(chance.randint(0, LONGEST) for _ in range(chance.randint(0, 4)))
    return tuple((tick / resolution, chance.choice(NAMES[1:])) for tick in ticks)


def _track(chance: Random, resolution: int) -> MidiTrack:
    notes = []
    for pitch in chance.sample(range(128), chance.randint(0, 12)):
        starts = sorted(chance.randint(0, LONGEST - 1000) for _ in range(chance.randint(1, 5)))
        end = 0
        for start in starts:
            # Notes of a pitch may overlap, and begin together; the first to begin is the first to end.
            end = max(end, start + 1, start + round(10 ** chance.uniform(0.0, 2.9)))
            notes.append(
                Note(
                    start / resolution,
                    pitch,
                    (end - start) / resolution,
                    float(chance.randint(1, 127)),
                    release_velocity=float(chance.randint(0, 127)),
                )
            )
    controllers = [_controller(chance, tick / resolution) for tick in sorted(_some_ticks(chance))]
    return MidiTrack(
        name=chance.choice(NAMES),
        channel=chance.randrange(16),
        notes=sort_notes(notes),
        controllers=tuple(controllers),
        length=(LONGEST + chance.randint(0, 5000)) / resolution,
    )


def _some_ticks(chance: Random) -> list[int]:
    ticks = [chance.randint(0, LONGEST) for _ in range(chance.randint(0, 20))]
    return ticks + ticks[:3]  # some together: their order is kept


def _controller(chance: Random, beat: float) -> Controller:
    kind = chance.choice(list(ControllerKind))
    spec = SPECS[kind]
    number = chance.randint(0, 127) if spec.numbered else 0
    return Controller(beat, kind, chance.randint(spec.low, spec.high), number)
