"""Learn `engines.players.drums.feel_tables`: each limb's timing and velocity deviations at each position of a bar.

`python3 -m musearoo.tools.workshop.training.drums.feel --corpora DIR --out engines/players/drums/feel_tables.py`

From the 4/4 beats of the Groove MIDI Dataset's train split (Gillick et al., 2019; CC BY 4.0). The slow drift of the
whole kit is removed first, because `push_and_drag` models it separately; values with few strokes are shrunk towards the
overall ones.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from musearoo.engines.music.drum_map import KIND_OF_PITCH
from musearoo.engines.music.swing import MAX_RATIO, STRAIGHT, Swing
from musearoo.tools.bench.corpora.feel import beat_places, swing_ratio
from musearoo.tools.bench.corpora.piece import Piece, Stroke
from musearoo.tools.workshop.corpora.sources.gmd import performances, read_performance

Array = npt.NDArray[np.float64]

LIMBS: Final = ("kick", "snare", "ghost", "cymbal", "tom")
PLACES: Final = 16
GHOST_BELOW: Final = 50
"""A snare stroke with a lower velocity is a ghost note."""
STYLES: Final = {"dance": "pop", "afrocuban": "latin", "highlife": "afrobeat"}
"""Styles of the dataset that are merged with another."""
LATEST_MS: Final = 18.0
"""Larger deviations are one drummer's habit, or an ornament mistaken for a stroke."""
GRACE_SECONDS: Final = 0.09
"""A ghost note this soon before a loud stroke of the snare belongs to it."""
LEFT_OUT: Final = ("gospel", "middleeastern")
"""Styles of the dataset without a similar preset; their drummers count in the overall values."""
ALL: Final = "all"
DRIFT_BEATS: Final = 2.0
"""The kit's drift is the mean deviation of all strokes within this distance."""
DRAWN_BY: Final = 60.0
"""The number of strokes of all drummers that are added to those of a style at each position."""
SWINGS_FROM: Final = 1.3
"""Below this ratio eighths are straight, and their deviation is part of the feel."""
NEAR: Final = 0.11
"""The distance in beats from a grid position within which a stroke counts; others are ornaments."""

HEAD: Final = '''\
"""Feel tables: each limb's delay in milliseconds and velocity above the mean, at each sixteenth of a bar.

Learned by `tools/workshop/training/drums/feel.py` from the 4/4 beats of the Groove MIDI Dataset's train split (Gillick
et al., "Learning to Groove with Inverse Sequence Transformations", 2019; CC BY 4.0), with drift and swing removed.
"""

from __future__ import annotations

from typing import Final, NamedTuple


class LimbFeel(NamedTuple):
    """The feel of one limb at the sixteenths of a 4/4 bar; each field is a text of sixteen numbers."""

    late_ms: str
    louder: str


# fmt: off
PLAYERS: Final[dict[str, dict[str, LimbFeel]]] = {
'''


def limb_of(pitch: int, velocity: float) -> str | None:
    """Return the limb of a stroke, None for an unknown drum."""
    kind = KIND_OF_PITCH.get(pitch)
    if kind == "snare":
        return "ghost" if velocity < GHOST_BELOW else "snare"
    return "cymbal" if kind in ("hat", "cymbal") else kind


def without_graces(strokes: Sequence[Stroke]) -> list[str | None]:
    """Return the limbs of strokes in order of time; None for the grace notes of flams and drags."""
    limbs = [limb_of(stroke.pitch, stroke.velocity) for stroke in strokes]
    struck = -1.0
    for index in reversed(range(len(strokes))):
        if limbs[index] == "snare":
            struck = strokes[index].time
        elif limbs[index] == "ghost" and 0.0 <= struck - strokes[index].time < GRACE_SECONDS:
            limbs[index] = None
    return limbs


def read_strokes(piece: Piece) -> tuple[list[str], Array]:
    """Return the limbs of a performance, and for each stroke its position 0..15, lateness in ms and velocity relative
    to its limb's.
    """
    times = [stroke.time for stroke in piece.strokes]
    places = beat_places(times, piece.beats)
    ratio = swing_ratio(times, piece.beats) or 1.0
    swing = Swing(min(MAX_RATIO, ratio) if ratio >= SWINGS_FROM else STRAIGHT)
    grid = np.round([swing.unwarp(max(0.0, place)) * 4.0 for place in places])
    off = places - np.array([swing.warp(step / 4.0) for step in grid])
    near = np.abs(off) < NEAR
    drift = np.array([off[near & (np.abs(places - place) <= DRIFT_BEATS)].mean() for place in places[near]])
    beat_ms = 1000.0 * (piece.beats[1] - piece.beats[0])
    limbs = without_graces(piece.strokes)
    velocities = np.array([stroke.velocity for stroke in piece.strokes], dtype=np.float64)
    named, rows = [], []
    for number, index in enumerate(np.flatnonzero(near)):
        limb = limbs[index]
        if limb is not None:
            same = [other == limb for other in limbs]
            louder = velocities[index] - velocities[same].mean()
            named.append(limb)
            rows.append((grid[index] % PLACES, (off[index] - drift[number]) * beat_ms, louder))
    return named, np.array(rows)


def usual_table(limbs: Sequence[str], rows: Array, drawn_to: dict[str, Array] | None) -> dict[str, Array]:
    """Return median lateness and velocity, float64 (2, 16), of each limb, shrunk to another table's where strokes are
    few.
    """
    table = {}
    named = np.array(limbs)
    for limb in LIMBS:
        means = np.zeros((2, PLACES))
        for place in range(PLACES):
            chosen = rows[(named == limb) & (rows[:, 0] == place), 1:]
            base = drawn_to[limb][:, place] if drawn_to else np.zeros(2)
            own = np.median(chosen, axis=0) if len(chosen) else base
            means[:, place] = (len(chosen) * own + DRAWN_BY * base) / (len(chosen) + DRAWN_BY)
        means[0] = np.clip(means[0], -LATEST_MS, LATEST_MS)
        table[limb] = means
    return table


def write_module(tables: dict[str, dict[str, Array]]) -> str:
    """Return the text of the module."""
    lines = [HEAD]
    for style in sorted(tables):
        lines.append(f'    "{style}": {{\n')
        for limb in LIMBS:
            late, louder = (" ".join(f"{round(value)}" for value in row) for row in tables[style][limb])
            lines.append(f'        "{limb}": LimbFeel(\n            "{late}",\n            "{louder}",\n        ),\n')
        lines.append("    },\n")
    return "".join([*lines, "}\n# fmt: on\n"])


def main() -> None:
    """Read the corpus and write the module."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpora", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    limbs: dict[str, list[str]] = defaultdict(list)
    rows: dict[str, list[Array]] = defaultdict(list)
    for performance in performances(arguments.corpora):
        if performance.meter == "4/4" and performance.beat_type == "beat":
            style = performance.style.split("/")[0]
            named, found = read_strokes(read_performance(performance))
            if named:
                for name in (STYLES.get(style, style), ALL):
                    limbs[name] += named
                    rows[name].append(found)
    everybody = usual_table(limbs[ALL], np.concatenate(rows[ALL]), None)
    tables = {ALL: everybody}
    for style in limbs:
        if style not in (ALL, *LEFT_OUT):
            tables[style] = usual_table(limbs[style], np.concatenate(rows[style]), everybody)
            print(f"{style}: {len(limbs[style])} strokes")
    arguments.out.write_text(write_module(tables), encoding="utf-8")


if __name__ == "__main__":
    main()
