"""Beats and bars as they were found in a ring."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from engines.capturing.bars import choose_bars
from engines.capturing.beats import find_stretches
from engines.capturing.errors import CaptureError
from tests.engines.capturing.some_recordings import Jump, Play, Stop, record
from tests.kept import Outcome, check_kept

RATE = 8_000
TAPES = {
    "steady": (Play(40_000, 120.0, 120.0),),
    "a ramp": (Play(60_000, 90.0, 140.0),),
    "stopped": (Play(30_000, 200.0, 200.0), Stop(5_000, False), Play(30_000, 200.0, 200.0)),
    "shown as zero": (Play(30_000, 200.0, 200.0), Stop(5_000, True), Play(30_000, 150.0, 150.0)),
    "jumped": (Play(30_000, 180.0, 180.0), Jump(17.3), Play(40_000, 180.0, 180.0)),
}


def outcomes() -> Iterator[Outcome]:
    for name, pieces in TAPES.items():
        for position in (0.0, 2.6):
            stretches = find_stretches(record(pieces, RATE, position).phase, RATE)
            for number, stretch in enumerate(stretches):
                yield (
                    f"{name} from {position:g}, {number}",
                    (
                        stretch.first,
                        stretch.end,
                        stretch.beats,
                        [stretch.sample_at(beat, 0.37) for beat in (-1, 0, 2, 99)],
                    ),
                )
            for press in (39_000, 61_000):
                for beat in (None, 3.9, 21.2):
                    for wanted, bar in ((1, 4.0), (4, 3.0)):
                        case = f"{name} from {position:g}, {press}, {beat}, {wanted} of {bar:g}"
                        try:
                            bars = choose_bars(stretches, press, beat, bar, wanted)
                            yield case, (bars.begin, bars.count, bars.length, bars.is_one_known, bars.stretch.first)
                        except CaptureError as error:
                            yield case, error


def test_outcomes_are_as_kept() -> None:
    check_kept(Path(__file__).parent, outcomes())
