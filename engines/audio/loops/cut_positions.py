"""Finds where a loop is cut out of a take: at which moments its beats were made, and how often they are played."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from musearoo.engines.audio.loops.beat_tracking import Tracked
from musearoo.engines.audio.loops.choosing import choose_place, choose_stretch
from musearoo.engines.audio.loops.features import HeardTake
from musearoo.engines.audio.loops.loop_request import LoopWish
from musearoo.engines.audio.loops.seams import TEXTURE_FADE_SECONDS
from musearoo.engines.audio.loops.stretching import Seconds
from musearoo.engines.errors import ParamError

STROKE_LEAD: Final = 0.001
"""How long before the first attack a loop begins, so that all of the stroke is heard."""
STROKE_REACH: Final = 0.012
"""Seconds around the downbeat within which an attack is its stroke."""
HEARD_LATE: Final = 0.003
"""A stroke that is heard so soon after the start of a take began with it: it is placed by what comes before, too."""
ON_BEAT: Final = 0.15
"""Of a quarter: how far from its known downbeat the beats of a continuation may be heard and still be believed."""
NO_BEAT: Final = "No beat can be heard in it: its steadiest part is cut to length, and nothing is stretched."
UNSURE: Final = 0.6
"""With a lesser chance that beats and bars are both right, the user is asked to listen. It catches three in five loops
that begin on a wrong beat, and one in eight of the others.
"""
TOLD_FADING_DB: Final = 6.0


@dataclass(frozen=True, slots=True, eq=False)
class Cut:
    """Where to cut: the seconds as made of each quarter and of the end, how often that is played, and what to say."""

    made: Seconds
    has_beat: bool
    rounds: int = 1
    told: tuple[str, ...] = ()


def find_cut(heard: HeardTake, tracked: Tracked | None, wish: LoopWish) -> Cut:
    """Where the loop is cut; fewer bars that are played several times where the take is too short for all."""
    # In parts of whole bars, then of whole beats.
    all_rounds = [rounds for rounds in range(1, wish.bars + 1) if wish.bars % rounds == 0]
    all_rounds += [
        wish.bars * parts for parts in range(2, int(wish.beats_per_bar) + 1) if wish.beats_per_bar % parts == 0
    ]
    if tracked:
        for rounds in all_rounds:
            cut = _cut_on_beats(heard, tracked, wish, rounds)
            if cut:
                return cut
    for rounds in all_rounds:
        seconds = wish.seconds / rounds
        if heard.sound.duration >= seconds:
            start = 0.0 if wish.starts_on_the_one else choose_stretch(heard, seconds, find_texture_fade(seconds))
            made = start + np.append(np.arange(0.0, wish.quarters / rounds), wish.quarters / rounds) * 60.0 / wish.bpm
            return Cut(made, False, rounds, (NO_BEAT, *_tell_rounds(wish, rounds)))
    least = wish.seconds / all_rounds[-1]
    raise ParamError(
        "sound", f"at least {least:.2f} s long, so that a part can be repeated", f"{heard.sound.duration:.2f} s"
    )


def _cut_on_beats(heard: HeardTake, tracked: Tracked, wish: LoopWish, rounds: int) -> Cut | None:
    """A cut on the beats, or None where they are too few."""
    quarters = wish.quarters / rounds
    numbers = np.append(np.arange(0.0, quarters), quarters)
    told = _tell_rounds(wish, rounds)
    if wish.starts_on_the_one:
        made = _continue_beats(tracked, numbers)
        return Cut(made, True, rounds, told) if made[-1] <= heard.sound.duration else None
    place = choose_place(heard, tracked, quarters, wish.beats_per_bar)
    if place is None:
        return None
    if place.fading_db > TOLD_FADING_DB:
        told = (*told, f"Some of it is {place.fading_db:.0f} dB quieter than the rest: another seed may be steadier.")
    if tracked.confidence * place.chance < UNSURE:
        told = (*told, "Where its bars begin is not sure: listen whether it starts on the one.")
    made = tracked.seconds_at(place.quarter + numbers)
    strokes = heard.attacks[np.abs(heard.attacks - made[0]) < STROKE_REACH]
    if strokes.size:
        # The whole loop moves so that its first stroke is in it, be it into the silence before the take; a stroke that
        # is late stays late.
        first = float(strokes[0]) if strokes[0] > HEARD_LATE else 0.0
        made = made + min(0.0, first - STROKE_LEAD - made[0])
    return Cut(made, True, rounds, told)


def _continue_beats(tracked: Tracked, numbers: Seconds) -> Seconds:
    """The beats of a take whose first sample is a downbeat: as they are heard, or else at the tempo that is."""
    beat = float(np.median(np.diff(tracked.tatums))) / tracked.quarters
    first = tracked.tatums[0] / beat
    if abs(first - round(first)) < ON_BEAT:
        made = tracked.seconds_at(numbers - round(first))
        made[0] = 0.0
        return np.maximum.accumulate(made)
    return numbers * beat


def find_texture_fade(seconds: float) -> float:
    """How long the end of a loop without a beat fades."""
    return min(TEXTURE_FADE_SECONDS, 0.25 * seconds)


def _tell_rounds(wish: LoopWish, rounds: int) -> tuple[str, ...]:
    if rounds == 1:
        return ()
    beats = wish.quarters / rounds
    return (f"What came is too short for {wish.bars} bars: a part of {beats:g} beats is played {rounds} times.",)
