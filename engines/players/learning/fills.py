"""Learn fills: find where a bar leaves its groove for drums that it does not use otherwise, and write its rows."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from math import fsum, sqrt
from typing import Final, NamedTuple

from musearoo.engines.music.drum_kit import FILL_LETTERS, KIT
from musearoo.engines.players.learning.patterns import Cell, Rates
from musearoo.engines.players.learning.raster import BEAT_STEPS, GridNote
from musearoo.engines.players.learning.song import SourceSong
from musearoo.engines.styles.rows import BEATS_PER_BAR

MOST_FILLS: Final = 8
LEAST_STROKES: Final = 3
"""The least strokes of the hands in a fill."""
RARE: Final = 0.3
"""The share of the song's bars below which a stroke is not part of its groove."""
STRANGE: Final = 2
"""The rare snare strokes that make a beat part of a fill; one tom stroke suffices."""
DIVISIONS: Final = {1: 0.0, 2: 0.005, 4: 0.01, 3: 0.02, 6: 0.04, 8: 0.06}
"""Possible steps per beat of a fill, each with a penalty in beats (root mean square) to prefer simple divisions, since
human timing scatters."""
ACCENTED: Final = 1.12
"""The ratio to the fill's mean velocity from which a stroke is an accent."""
LETTERS: Final = {voice: letter for letter, voice in reversed(FILL_LETTERS.items()) if letter not in "fdz"}
PLAYED: Final = ("snare", "cross_stick", "clap", "high_tom", "mid_tom", "low_tom", "crash", "open_hat")
"""The voices that hands play in a fill; timekeeping that continues through it is left out."""


class FillBar(NamedTuple):
    """A fill as rows: hands, left hand, feet; and the velocities of its strokes."""

    rows: tuple[str, str, str]
    strokes: tuple[tuple[str, float], ...]


def find_fill(
    bar: Mapping[Cell, float], usual: Rates, placed: Sequence[tuple[str, GridNote]], song: SourceSong
) -> FillBar | None:
    """Return the fill at the end of a bar; None without one.

    `usual` is the likelihood of each stroke in the song's bars, `placed` the bar's strokes with their voices.
    """
    rare = [(KIT[voice].group, step // BEAT_STEPS) for voice, step in bar
            if voice in KIT and usual.get((voice, step), 0.0) < RARE]  # fmt: skip
    first = BEATS_PER_BAR
    while first > 0 and (("toms", first - 1) in rare or rare.count(("snare", first - 1)) >= STRANGE):
        first -= 1
    if sum(beat >= first for group, beat in rare if group in ("toms", "snare", "crash")) < LEAST_STROKES:
        return None
    own = [(voice, one) for voice, one in placed if one.step >= first * BEAT_STEPS]
    hands = [(voice, one) for voice, one in own if voice in PLAYED]
    return FillBar(_write(own, first, song), tuple((voice, one.note.velocity) for voice, one in hands))


def write_fills(fills: Sequence[FillBar]) -> list[dict[str, object]]:
    """Return the fills of a style: the most frequent, then those with most in common with all others."""
    counts = Counter(fill.rows for fill in fills)
    near = Counter(letter for hands, _, _ in counts for letter in hands.split())
    order = sorted(
        counts,
        key=lambda rows: (-counts[rows], -sum(near[beat] for beat in rows[0].split()) / len(rows[0].split()), rows),
    )
    lengths: Counter[int] = Counter()
    chosen: list[tuple[str, str, str]] = []
    for rows in order:
        beats = len(rows[0].split())
        # Keep both short and long fills.
        if len(chosen) < MOST_FILLS and lengths[beats] < MOST_FILLS // 2:
            lengths[beats] += 1
            chosen.append(rows)
    written = []
    for number, rows in enumerate(chosen):
        fill: dict[str, object] = {"name": f"fill {number + 1}", "weight": float(min(100, counts[rows]))}
        strokes = sum(mark != "." for mark in "".join(rows[0].split()))
        if strokes / len(rows[0].split()) > BEAT_STEPS - 1:
            fill["complexity"] = [0.3, 1]
        fill |= {name: row for name, row in zip(("hands", "left", "feet"), rows, strict=True) if row.strip(" .")}
        written.append(fill)
    return written


def _write(own: Sequence[tuple[str, GridNote]], first: int, song: SourceSong) -> tuple[str, str, str]:
    """Return the rows of the strokes from beat `first` of a bar on."""
    loud = [one.note.velocity for voice, one in own if voice in PLAYED]
    mean = fsum(loud) / len(loud)
    by_beat: dict[int, list[tuple[str, GridNote]]] = defaultdict(list)
    for voice, one in own:
        by_beat[one.step // BEAT_STEPS].append((voice, one))
    rows: list[list[str]] = [[], [], []]
    for beat in range(first, BEATS_PER_BAR):
        struck = [(voice, _inside(one, song), one.note.velocity) for voice, one in by_beat[beat]]
        steps = _division([(voice, inside) for voice, inside, _ in struck if voice in PLAYED])
        written = [["."] * steps for _ in rows]
        for voice, inside, velocity in sorted(struck, key=lambda stroke: -stroke[2]):
            step = _step(inside, steps)
            if voice in PLAYED:
                letter = LETTERS[voice].upper() if velocity > ACCENTED * mean else LETTERS[voice]
                if written[0][step] == ".":
                    written[0][step] = letter
                elif written[1][step] == "." and written[0][step].lower() != letter.lower():
                    written[1][step] = letter
            elif voice in ("kick", "pedal_hat") and (voice == "kick" or written[2][step] == "."):
                written[2][step] = LETTERS[voice]
        for row, beat_steps in zip(rows, written, strict=True):
            row.append("".join(beat_steps))
    hands, left, feet = (" ".join(row) for row in rows)
    return hands, left, feet


def _inside(one: GridNote, song: SourceSong) -> float:
    """Return a stroke's position within its beat, in beats, as played but with swing removed."""
    return (one.step % BEAT_STEPS) / BEAT_STEPS + one.late_ms / song.milliseconds


def _division(strokes: Sequence[tuple[str, float]]) -> int:
    """Return the number of steps per beat that fits the strokes (voice, position in beats) best."""

    def cost(steps: int) -> float:
        on = [(voice, _step(place, steps)) for voice, place in strokes]
        misses = [place - step / steps for (_, place), (_, step) in zip(strokes, on, strict=True)]
        merged = len(on) - len(set(on))
        return DIVISIONS[steps] + merged + sqrt(fsum(miss * miss for miss in misses) / max(1, len(misses)))

    return min(DIVISIONS, key=cost)


def _step(place: float, steps: int) -> int:
    return min(steps - 1, max(0, round(place * steps)))
