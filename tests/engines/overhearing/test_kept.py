"""What is kept of playing, as it was kept: by the set's clock and without, bars, phrases, chords."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from engines.music.meter import Meter
from engines.music.scale import Key
from engines.overhearing.capture import Asked, Captured, capture_bars, capture_between, capture_phrase
from engines.overhearing.held_chords import name_held
from engines.overhearing.overheard import overhear
from tests.engines.overhearing.playing import play
from tests.engines.overhearing.test_overheard import comp
from tests.engines.some_takes import notes_of
from tests.kept import Outcome, check_kept
from tools.midi_bench.groove import record
from tools.midi_bench.player import GROOVES, STYLES, perform


def outcomes() -> Iterator[Outcome]:
    number = 0
    for style in STYLES:
        for groove in GROOVES[::2]:
            number += 1
            performance = perform(style, groove, (72.0, 118.0, 151.0, 61.0, 96.0)[number % 5], 4, number)
            for is_free in (False, True)[: 1 + (number % 4 == 0)]:
                recording = record(performance, is_free)
                name = f"{style} {number} {'free' if is_free else 'in time'}"
                yield f"{name}, bars", _told(capture_bars(recording, (4, 3, 2)[number % 3]))
                asked = Asked(strength=0.6, pedal="kept", key=Key.parse("Am"), name="Mine")
                yield f"{name}, phrase", _told(capture_phrase(recording, asked))
                if not is_free:
                    between = capture_between(recording, 8.0, 16.0)
                    yield f"{name}, between", between and _told(between)
    for chords in ("Am F C G Am F C G", "C F G C F G C C E A B7 E A B7 E E", "D G D A"):
        for is_free in (False, len(chords) < 12):
            for meter in (None, Meter(3, 4)):
                heard = overhear(play(comp(chords), is_free=is_free, meter=meter), 8)
                yield (
                    f"{chords}, {is_free}, {meter}",
                    heard and (heard.context, heard.keys, heard.progression, heard.role),
                )
    for count in range(1, 6):
        for first in range(0, 12, 5):
            held = [48 + first + (step * (3 + count) + step * step) % 25 for step in range(count)]
            yield f"held {held}", name_held(held, Key.parse("C") if count % 2 else None, None)


def _told(captured: Captured) -> tuple[object, ...]:
    return (
        notes_of(captured.clip), notes_of(captured.raw), captured.places, captured.start, captured.bpm,
        captured.tempo_confidence, captured.context, captured.role, captured.controls,
    )  # fmt: skip


def test_outcomes_are_as_kept() -> None:
    check_kept(Path(__file__).parent, outcomes())
