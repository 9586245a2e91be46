"""Find where to cut a loop out of a take: the times of its beats, and how often they are repeated."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from musearoo.engines.audio.loops.beat_tracking import TrackedBeats
from musearoo.engines.audio.loops.choosing import choose_position, choose_stretch
from musearoo.engines.audio.loops.features import AnalyzedTake
from musearoo.engines.audio.loops.loop_request import LoopRequest
from musearoo.engines.audio.loops.seams import TEXTURE_FADE_SECONDS
from musearoo.engines.audio.loops.stretching import Seconds
from musearoo.engines.errors import ParamError

STROKE_LEAD: Final = 0.001
"""Seconds by which a loop begins before its first onset, so that the whole onset is included."""
STROKE_REACH: Final = 0.012
"""Seconds around the downbeat within which an onset belongs to it."""
HEARD_LATE: Final = 0.003
"""An onset detected this soon after the start of a take began with it: what precedes it matters for its position."""
ON_BEAT: Final = 0.15
"""In quarters: how far from the known downbeat the tracked beats of a continuation may be and still be trusted."""
NO_BEAT: Final = "No beat can be heard in it: its steadiest part is cut to length, and nothing is stretched."
UNSURE: Final = 0.6
"""If the probability that beats and bars are both right is lower, the user is asked to listen. It catches three in
five loops that begin on a wrong beat, and one in eight of the others.
"""
REPORTED_FADING_DB: Final = 6.0


@dataclass(frozen=True, slots=True, eq=False)
class Cut:
    """A cut: the times of each quarter and of the end, the number of repeats, and messages for the user."""

    made: Seconds
    has_beat: bool
    rounds: int = 1
    messages: tuple[str, ...] = ()


def find_cut(take: AnalyzedTake, tracked: TrackedBeats | None, request: LoopRequest) -> Cut:
    """Find the cut; fewer bars, repeated, if the take is too short for all."""
    # Divide into whole bars, then into whole beats.
    all_rounds = [rounds for rounds in range(1, request.bars + 1) if request.bars % rounds == 0]
    all_rounds += [
        request.bars * parts for parts in range(2, int(request.beats_per_bar) + 1) if request.beats_per_bar % parts == 0
    ]
    if tracked:
        for rounds in all_rounds:
            cut = _cut_on_beats(take, tracked, request, rounds)
            if cut:
                return cut
    for rounds in all_rounds:
        seconds = request.seconds / rounds
        if take.sound.duration >= seconds:
            start = 0.0 if request.starts_on_the_one else choose_stretch(take, seconds, find_texture_fade(seconds))
            made = (
                start
                + np.append(np.arange(0.0, request.quarters / rounds), request.quarters / rounds) * 60.0 / request.bpm
            )
            return Cut(made, False, rounds, (NO_BEAT, *_report_rounds(request, rounds)))
    least = request.seconds / all_rounds[-1]
    raise ParamError(
        "sound", f"at least {least:.2f} s long, so that a part can be repeated", f"{take.sound.duration:.2f} s"
    )


def _cut_on_beats(take: AnalyzedTake, tracked: TrackedBeats, request: LoopRequest, rounds: int) -> Cut | None:
    """Return a cut on the beats, or None if there are too few."""
    quarters = request.quarters / rounds
    numbers = np.append(np.arange(0.0, quarters), quarters)
    messages = _report_rounds(request, rounds)
    if request.starts_on_the_one:
        made = _continue_beats(tracked, numbers)
        return Cut(made, True, rounds, messages) if made[-1] <= take.sound.duration else None
    place = choose_position(take, tracked, quarters, request.beats_per_bar)
    if place is None:
        return None
    if place.fading_db > REPORTED_FADING_DB:
        messages = (
            *messages,
            f"Some of it is {place.fading_db:.0f} dB quieter than the rest: another seed may be steadier.",
        )
    if tracked.confidence * place.chance < UNSURE:
        messages = (*messages, "Where its bars begin is not sure: listen whether it starts on the one.")
    made = tracked.seconds_at(place.quarter + numbers)
    strokes = take.onsets[np.abs(take.onsets - made[0]) < STROKE_REACH]
    if strokes.size:
        # Shift the whole loop so that its first onset is included, even into the silence before the take; a late onset
        # stays late.
        first = float(strokes[0]) if strokes[0] > HEARD_LATE else 0.0
        made = made + min(0.0, first - STROKE_LEAD - made[0])
    return Cut(made, True, rounds, messages)


def _continue_beats(tracked: TrackedBeats, numbers: Seconds) -> Seconds:
    """Return the beats of a take whose first sample is a downbeat: the tracked ones, or else at the given tempo."""
    beat = float(np.median(np.diff(tracked.tatums))) / tracked.quarters
    first = tracked.tatums[0] / beat
    if abs(first - round(first)) < ON_BEAT:
        made = tracked.seconds_at(numbers - round(first))
        made[0] = 0.0
        return np.maximum.accumulate(made)
    return numbers * beat


def find_texture_fade(seconds: float) -> float:
    """Return the fade length in seconds of a loop without a beat."""
    return min(TEXTURE_FADE_SECONDS, 0.25 * seconds)


def _report_rounds(request: LoopRequest, rounds: int) -> tuple[str, ...]:
    if rounds == 1:
        return ()
    beats = request.quarters / rounds
    return (f"What came is too short for {request.bars} bars: a part of {beats:g} beats is played {rounds} times.",)
