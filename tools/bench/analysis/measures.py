"""Quality measures, column by column; those of mir_eval where the field has a standard one.

Beats are not trimmed: excerpts are as short as a bar, and mir_eval's usual five seconds would leave none. An "unknown"
result of an analyzer that supports the value counts as missed; unsupported values are not measured.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from musearoo.engines.music.drum_map import DRUM_KINDS
from musearoo.engines.music.scale import Key
from musearoo.tools.bench.analysis.answers import Answer, Span
from musearoo.tools.bench.analysis.truths import Excerpt, Truth

if TYPE_CHECKING:
    import numpy.typing as npt

TEMPO_TOLERANCE: Final = 0.04
OCTAVES: Final = (1.0, 2.0, 3.0, 1 / 2, 1 / 3)
"""Gouyon et al., "An experimental comparison of audio tempo induction algorithms" (2006): Acc1 and Acc2."""
STROKE_SECONDS: Final = 0.05
SECTION_SECONDS: Final = 3.0
SWUNG: Final = 1.3
"""The long-to-short ratio from which eighths count as swung."""
SWING_TOLERANCE: Final = 0.12
MICROTIMING_TOLERANCE_MS: Final = 8.0
USUAL_METERS: Final = ("3/4", "4/4")


@dataclass(frozen=True, slots=True)
class Tally:
    """An excerpt's contribution to a column, which shows the sum of gains over the sum of weights."""

    gain: float
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Column:
    """One measure.

    `says` is the answer's field that it needs; `measure` returns None where there is no ground truth.
    """

    name: str
    unit: str
    says: str
    measure: Callable[[Excerpt, Answer], Tally | None]
    higher_is_better: bool = True


def tempo_accuracy(truth: Truth, answer: Answer, octaves: Iterable[float] = (1.0,)) -> Tally | None:
    """Return 1 when the tempo, or one of its allowed multiples, is right within 4 %."""
    if truth.tempo is None:
        return None
    detected = answer.tempo or 0.0
    return Tally(
        any(abs(detected - truth.tempo * octave) <= TEMPO_TOLERANCE * truth.tempo * octave for octave in octaves)
    )


def loop_tempo_accuracy(truth: Truth, answer: Answer) -> Tally | None:
    """Return `tempo_accuracy` for loops only."""
    return tempo_accuracy(truth, answer) if truth.loop_bars else None


def beat_f(truth: Truth, answer: Answer) -> Tally | None:
    """Return the F-measure of beats within 70 ms."""
    return _beat_f(truth.beats, answer.beats)


def _beat_f(right: Sequence[float] | None, detected: Sequence[float] | None) -> Tally | None:
    from mir_eval.beat import f_measure

    if not right or len(right) < 2:
        return None
    return Tally(float(f_measure(np.array(right), np.array(detected))) if detected else 0.0)


def beat_continuity(truth: Truth, answer: Answer, any_level: bool) -> Tally | None:
    """Return CMLt, or AMLt with `any_level`: continuously correct beats at the right, or at any allowed, metrical
    level.
    """
    from mir_eval.beat import continuity

    if not truth.beats or len(truth.beats) < 4:
        return None
    beats = np.array(answer.beats or (), dtype=float)
    if len(beats) < 2:
        return Tally(0.0)
    _, right_level, _, allowed_level = continuity(np.array(truth.beats), beats)
    return Tally(float(allowed_level if any_level else right_level))


def downbeat_f(truth: Truth, answer: Answer) -> Tally | None:
    """Return the F-measure of downbeats within 70 ms."""
    return _beat_f(truth.downbeats, answer.downbeats)


def meter_accuracy(truth: Truth, answer: Answer, only_rare: bool = False) -> Tally | None:
    """Return 1 when the time signature is right."""
    if truth.meter is None or (only_rare and truth.meter in USUAL_METERS):
        return None
    return Tally(float(answer.meter == truth.meter))


def key_score(truth: Truth, answer: Answer) -> Tally | None:
    """Return the weighted MIREX score: 1 for the key, .5 for its fifth, .3 for its relative, .2 for its parallel."""
    from mir_eval.key import weighted_score

    if truth.key is None:
        return None
    return Tally(0.0 if answer.key is None else float(weighted_score(_plain_key(truth.key), _plain_key(answer.key))))


def _plain_key(key: str) -> str:
    found = Key.parse(key)
    return f"{found}".split(" ")[0] + (" minor" if found.is_minor else " major")


def chord_score(truth: Truth, answer: Answer, vocabulary: str) -> Tally | None:
    """Return the share of time with the right chord in a vocabulary of mir_eval, which ignores other true chords.

    `majmin`, `sevenths`, or `majmin_inv`, in which the bass must also be right.
    """
    from mir_eval.chord import evaluate

    spans = [span for span in truth.chords or () if span[1] > span[0]]
    if not spans:
        return None
    detected = [span for span in answer.chords or () if span[1] > span[0]] or [(0.0, truth.duration, "N")]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about labels outside the vocabulary
        scores = evaluate(*_intervals(spans), *_intervals(detected))
    return Tally(float(scores[vocabulary]))


def sevenths_are_there(truth: Truth) -> bool:
    """Return whether at least a quarter of the chords have sevenths; otherwise triads are always the better guess."""
    chords = truth.chords or []
    return bool(chords) and sum("7" in label or "9" in label for _, _, label in chords) >= 0.25 * len(chords)


def _intervals(spans: Iterable[Span]) -> tuple[npt.NDArray[np.float64], list[str]]:
    rows = list(spans)
    return np.array([row[:2] for row in rows], dtype=np.float64), [row[2] for row in rows]


def section_f(truth: Truth, answer: Answer) -> Tally | None:
    """Return the F-measure of section boundaries within 3 s, without the first and last boundary."""
    from mir_eval.segment import detection

    if not truth.sections or len(truth.sections) < 2:
        return None
    detected = answer.sections or ()
    if len(detected) < 2:
        return Tally(0.0)
    intervals = _intervals(truth.sections)[0], _intervals(detected)[0]
    return Tally(float(detection(*intervals, window=SECTION_SECONDS, trim=True)[2]))


def drum_f(truth: Truth, answer: Answer, kind: str) -> Tally | None:
    """Return the F-measure of one kind of drum onset within 50 ms, over all onsets of all excerpts."""
    from mir_eval.util import match_events

    if not truth.drums:
        return None
    right = np.array([time for time, of_kind, _ in truth.drums if of_kind == kind])
    detected = np.array(sorted(time for time, of_kind in answer.drums or () if of_kind == kind))
    if not len(right) + len(detected):
        return None
    hits = len(match_events(right, detected, STROKE_SECONDS)) if len(right) and len(detected) else 0
    return Tally(2.0 * hits, float(len(right) + len(detected)))


def _drums(kind: str) -> Callable[[Excerpt, Answer], Tally | None]:
    return lambda excerpt, answer: drum_f(excerpt.truth, answer, kind)


def swing_class(truth: Truth, answer: Answer) -> Tally | None:
    """Return 1 when eighths are correctly classified as straight or swung; unknown counts as straight."""
    if truth.swing is None:
        return None
    return Tally(float(((answer.swing or 1.0) >= SWUNG) == (truth.swing >= SWUNG)))


def swing_error(truth: Truth, answer: Answer) -> Tally | None:
    """Return the error of the swing ratio, if one was reported."""
    if truth.swing is None or answer.swing is None:
        return None
    return Tally(abs(answer.swing - truth.swing))


def swing_within(truth: Truth, answer: Answer) -> Tally | None:
    """Return 1 when the swing ratio is within .12 of the truth."""
    if truth.swing is None:
        return None
    return Tally(float(answer.swing is not None and abs(answer.swing - truth.swing) <= SWING_TOLERANCE))


def microtiming_error(truth: Truth, answer: Answer) -> Tally | None:
    """Return the error of the microtiming in milliseconds, if it was reported."""
    if truth.microtiming_rms_ms is None or answer.microtiming_rms_ms is None:
        return None
    return Tally(abs(answer.microtiming_rms_ms - truth.microtiming_rms_ms))


def microtiming_within(truth: Truth, answer: Answer) -> Tally | None:
    """Return 1 when the microtiming is within 8 ms of the truth."""
    if truth.microtiming_rms_ms is None:
        return None
    detected = answer.microtiming_rms_ms
    return Tally(float(detected is not None and abs(detected - truth.microtiming_rms_ms) <= MICROTIMING_TOLERANCE_MS))


COLUMNS: Final = (
    Column("tempo Acc1", "share", "tempo", lambda e, a: tempo_accuracy(e.truth, a)),
    Column("tempo Acc2", "share", "tempo", lambda e, a: tempo_accuracy(e.truth, a, OCTAVES)),
    Column("loops' tempo Acc1", "share", "tempo", lambda e, a: loop_tempo_accuracy(e.truth, a)),
    Column("beat F", "F", "beats", lambda e, a: beat_f(e.truth, a)),
    Column("CMLt", "share", "beats", lambda e, a: beat_continuity(e.truth, a, any_level=False)),
    Column("AMLt", "share", "beats", lambda e, a: beat_continuity(e.truth, a, any_level=True)),
    Column("downbeat F", "F", "downbeats", lambda e, a: downbeat_f(e.truth, a)),
    Column("meter", "share", "meter", lambda e, a: meter_accuracy(e.truth, a)),
    Column("rare meters", "share", "meter", lambda e, a: meter_accuracy(e.truth, a, only_rare=True)),
    Column("key", "weighted", "key", lambda e, a: key_score(e.truth, a)),
    Column("chords majmin", "share", "chords", lambda e, a: chord_score(e.truth, a, "majmin")),
    Column("with their basses", "share", "basses", lambda e, a: chord_score(e.truth, a, "majmin_inv")),
    Column(
        "sevenths", "share", "chords",
        lambda e, a: chord_score(e.truth, a, "sevenths") if sevenths_are_there(e.truth) else None,
    ),
    Column("swing class", "share", "swing", lambda e, a: swing_class(e.truth, a)),
    Column("swing within .12", "share", "swing", lambda e, a: swing_within(e.truth, a)),
    Column("swing error", "ratio", "swing", lambda e, a: swing_error(e.truth, a), higher_is_better=False),
    Column("microtiming within 8 ms", "share", "microtiming_rms_ms", lambda e, a: microtiming_within(e.truth, a)),
    Column(
        "microtiming error", "ms", "microtiming_rms_ms",
        lambda e, a: microtiming_error(e.truth, a), higher_is_better=False,
    ),
    *(Column(f"{kind} F", "F", "drums", _drums(kind)) for kind in DRUM_KINDS),
    Column("sections F", "F", "sections", lambda e, a: section_f(e.truth, a)),
)  # fmt: skip

SAYS: Final = {
    "librosa": frozenset({"tempo", "beats", "downbeats", "meter", "key", "chords"}),
    "madmom": frozenset({"tempo", "beats", "downbeats", "meter", "key", "chords"}),
}
"""The values that the peers support; ours support all."""


def measure(column: Column, listener: str, excerpt: Excerpt, answer: Answer) -> Tally | None:
    """Return an answer's contribution to a column; None without ground truth or without support."""
    if listener in SAYS and column.says not in SAYS[listener]:
        return None
    return column.measure(excerpt, answer)


def mean(tallies: Iterable[Tally | None]) -> float | None:
    """Return a column's value: all gains over all weights; None where nothing was measured."""
    known = [tally for tally in tallies if tally is not None]
    weight = sum(tally.weight for tally in known)
    return sum(tally.gain for tally in known) / weight if weight else None
