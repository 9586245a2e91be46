"""Captured playing compared with the intended performance: its notes exactly, and its groove.

A player with a known groove and 3 ms of random timing plays eight bars, and the capture is compared with the intended
notes: from the messages alone, without a clock, and some through real ports and the MIDI process.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from musearoo.engines.improvisation.capture.bars import CapturedBars, capture_bars
from musearoo.engines.improvisation.listening.played_notes import Recording
from musearoo.engines.improvisation.listening.player import PlayerListener
from musearoo.engines.music.note import Note
from musearoo.engines.music.timing import beats_per_second
from musearoo.tools.bench.measures import percentile
from musearoo.tools.bench.midi.groove_ports import play_through_ports
from musearoo.tools.bench.midi.player import (
    BAR_BEATS,
    GROOVES,
    STYLES,
    KnownGroove,
    MeantNote,
    Performance,
    Style,
    perform,
)
from musearoo.tools.bench.rows import Row

PART: Final = "Groove"
BARS: Final = 8
TEMPOS: Final = (70.0, 90.0, 110.0, 130.0, 150.0, 170.0)
PORTS: Final[tuple[tuple[Style, KnownGroove, float], ...]] = (
    ("drums", GROOVES[4], 168.0),
    ("comping", GROOVES[2], 132.0),
)
"""The performances through ports, in real time: eleven and fifteen seconds each."""
TARGET_MS: Final = 5.0
FIRST_BAR: Final = 4 * BAR_BEATS
"""The set's beat at which the player begins."""
ALIKE: Final = 1e-6
"""Tolerance in beats for equal positions or lengths."""
KNOWN: Final = 3
"""The minimum number of onsets at a bar position to know its timing: with one or two, chance may exceed 5 ms."""
SAME_TEMPO: Final = 0.01

Tell = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Judged:
    """The result of capturing a performance.

    In milliseconds: `errors` of each note against its intended position with the groove, `raw` as it was played,
    `places` the mean error of each bar position with enough onsets, `rare` that of the others, and `template` the error
    of the groove's template where it is known.
    """

    performance: Performance
    is_exact: bool
    errors: tuple[float, ...]
    raw: tuple[float, ...]
    places: tuple[float, ...]
    rare: tuple[float, ...]
    template: tuple[float, ...]
    milliseconds: float


def judge_grooves(seeds: int, tell: Tell) -> Iterator[Row]:
    """Yield the rows of the performances of each style, groove and tempo. Targets: groove within 5 ms, notes exact."""
    performances = list(_performances(seeds))
    judged = []
    for number, performance in enumerate(performances):
        tell("grooves", number, len(performances))
        judged.append(judge(performance, record(performance)))
    yield from rows_of("by the set's clock", judged)
    took = [one.milliseconds for one in judged]
    yield Row(PART, "capturing eight bars, median", "ms", percentile(took, 50), note=f"worst {max(took):.0f} ms")
    yield from _judge_free(performances[:: max(1, len(performances) // (60 * seeds))], tell)
    yield from _judge_ports(
        [perform(style, groove, bpm, BARS, seed) for seed in range(seeds) for style, groove, bpm in PORTS], tell
    )


def _performances(seeds: int) -> Iterator[Performance]:
    for style in STYLES:
        for groove in GROOVES:
            if style == "triplets" and groove.share != 0.5 and (groove.pair < 1.0 or groove.share < 0.6):
                # Triplets against swung sixteenths, or a light swing: no player combines them.
                continue
            for bpm in TEMPOS:
                for seed in range(seeds):
                    yield perform(style, groove, bpm, BARS, seed)


def record(performance: Performance, is_free: bool = False) -> Recording:
    """Return the recording of a performance; a free one was played while the set was stopped."""
    player = PlayerListener()
    second = beats_per_second(performance.bpm)
    began = 1_000.0
    player.clock(FIRST_BAR - second, began - 1.0, performance.bpm, not is_free)
    at = 0.0
    for beat, data in performance.messages():
        at = 0.0 if is_free else beat + FIRST_BAR
        player.hear(at, began + beat / second, data)
    return player.recording(at, began + performance.messages()[-1][0] / second)


def judge(performance: Performance, recording: Recording, are_lengths_exact: bool = True) -> Judged:
    """Return the result of capturing a performance."""
    begun = time.perf_counter()
    captured = capture_bars(recording, performance.bars)
    milliseconds = (time.perf_counter() - begun) * 1000.0
    meant = {(round(note.place, 4), note.pitch): note for note in performance.notes}
    recordings = [
        (round(place, 4), note.pitch) for place, note in zip(captured.positions, captured.clip.notes, strict=True)
    ]
    is_exact = sorted(recordings) == sorted(meant) and all(
        note.velocity == meant[place, note.pitch].velocity
        and (not are_lengths_exact or abs(note.duration - _length(meant[place, note.pitch], note, performance)) < ALIKE)
        for (place, _), note in zip(recordings, captured.clip.notes, strict=True)
    )
    in_ms = 60_000.0 / performance.bpm

    def miss(place: float, beat: float) -> float:
        return (beat - performance.groove.beat(place, performance.bpm)) * in_ms

    errors = [miss(place, note.start) for (place, _), note in zip(recordings, captured.clip.notes, strict=True)]
    raw = [miss(place, note.start) for (place, _), note in zip(recordings, captured.raw.notes, strict=True)]
    by_place: dict[tuple[float, int], dict[float, float]] = {}
    for (place, pitch), error in zip(recordings, errors, strict=True):
        stream = pitch if performance.style == "drums" else 0
        # A chord is one onset.
        by_place.setdefault((place % BAR_BEATS, stream), {})[place] = error
    groups = [tuple(group.values()) for group in by_place.values()]
    return Judged(
        performance,
        is_exact,
        tuple(abs(error) for error in errors),
        tuple(abs(error) for error in raw),
        tuple(abs(sum(group) / len(group)) for group in groups if len(group) >= KNOWN),
        tuple(abs(sum(group) / len(group)) for group in groups if len(group) < KNOWN),
        tuple(abs(error) for error in _template_errors(performance, captured)),
        milliseconds,
    )


def _length(meant: MeantNote, note: Note, performance: Performance) -> float:
    """Return the intended duration of a note: as its key was down, up to the last bar; with the pedal, as long as it
    sounds.
    """
    return note.duration if performance.has_pedal else min(meant.length, performance.bars * BAR_BEATS - note.start)


def _template_errors(performance: Performance, captured: CapturedBars) -> Iterator[float]:
    """Yield the error in milliseconds of the groove's template at each position."""
    groove = captured.context.groove.value
    if groove is None or groove.whole is None:
        return
    for place, offset, count in zip(groove.whole.positions, groove.whole.offsets, groove.whole.counts, strict=True):
        if count < KNOWN:
            continue
        known = performance.groove.beat(round(place * 12.0) / 12.0, performance.bpm) - place
        yield (offset - known) * 60_000.0 / performance.bpm


def rows_of(name: str, judged: Sequence[Judged], are_lengths_exact: bool = True) -> Iterator[Row]:
    """Yield the rows of performances that were captured in one way."""
    lengths = "" if are_lengths_exact else "but for lengths, which ports stamp; "
    exact = 100.0 * sum(one.is_exact for one in judged) / len(judged)
    tempos = [one.performance.bpm for one in judged]
    told = f"of {len(judged)} performances, {min(tempos):g} to {max(tempos):g} BPM"
    yield Row(PART, f"{name}: notes exact", "%", exact, met=exact == 100.0, note=f"all; {lengths}{told}")
    notes = [error for one in judged for error in one.errors]
    raw = [error for one in judged for error in one.raw]
    places = [error for one in judged for error in one.places]
    rare = [error for one in judged for error in one.rare]
    template = [error for one in judged for error in one.template]
    target = f"at most {TARGET_MS:g} ms"
    often = f"{target}; of {len(places):,} that were played {KNOWN} times or more in {BARS} bars"
    for label, percent, values, note in (
        ("a place of the bar, p99.9", 99.9, places, often),
        ("a place of the bar, worst", 100.0, places, "of the same: chance alone can put three strokes so far off"),
        ("a rare place of the bar, p99", 99.0, rare, f"of {len(rare):,} that were played once or twice"),
        ("a rare place of the bar, worst", 100.0, rare, "that cannot be told from chance by those"),
        ("the template, p99.9", 99.9, template, target),
        ("a note, p99", 99.0, notes, f"peer: as it was played; of {len(notes):,} notes"),
        ("a note, worst", 100.0, notes, "peer: as it was played"),
    ):
        if values:
            ours = percentile(values, percent)
            met = ours <= TARGET_MS if note.startswith(target) else None
            peer = percentile(raw, percent) if values is notes else None
            yield Row(PART, f"{name}: off the groove, {label}", "ms", ours, peer, met, note)


def _judge_ports(performances: Sequence[Performance], tell: Tell) -> Iterator[Row]:
    """Yield the rows of playing through JACK and the MIDI process. Raises EngineError without JACK."""
    judged: list[Judged] = []
    late: list[float] = []
    for recordings in play_through_ports(performances):
        tell("playing through ports", len(judged), len(performances))
        judged.append(judge(recordings.performance, recordings.recording, are_lengths_exact=False))
        late += [1000.0 * seconds for seconds in recordings.late]
    yield from rows_of("through ports", judged, are_lengths_exact=False)
    note = f"p99 {percentile(late, 99):.2f} ms, of {len(late):,} messages; it is in the groove above"
    yield Row(PART, "through ports: stamped after it was sent, median", "ms", percentile(late, 50), note=note)


def _judge_free(performances: Sequence[Performance], tell: Tell) -> Iterator[Row]:
    """Yield the rows of playing while the set is stopped: whether the player's own tempo was found, and their bars."""
    right = octaves = 0
    exact = 0
    for number, performance in enumerate(performances):
        tell("playing without a clock", number, len(performances))
        captured = capture_bars(record(performance, is_free=True), BARS)
        ratio = captured.bpm / performance.bpm
        is_right = abs(ratio - 1.0) <= SAME_TEMPO
        right += is_right
        octaves += not is_right and min(abs(ratio / 2.0 - 1.0), abs(ratio * 2.0 - 1.0)) <= SAME_TEMPO
        recordings = sorted(zip((round(place, 4) for place in captured.positions), captured.clip.notes, strict=True))
        meant = sorted((round(note.place, 4), note.pitch) for note in performance.notes)
        exact += [(place, note.pitch) for place, note in recordings] == meant
    count = len(performances)
    told = f"of {count} performances; the set stood still at their tempo"
    yield Row(PART, "without a clock: tempo within 1 %", "%", 100.0 * right / count, note=told)
    yield Row(PART, "without a clock: half or double of it", "%", 100.0 * octaves / count, note=told)
    yield Row(PART, "without a clock: all notes on their places of the bar", "%", 100.0 * exact / count, note=told)
