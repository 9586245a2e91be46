"""Cuts the loop out of a take: on its downbeat, in the tempo that was asked for, to the sample, and without a seam."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from engines.brainaroo.hearing.ear.network import Weights
from engines.brainaroo.hearing.sound import Sound
from engines.errors import ParamError, require_between
from engines.imagining.contract import FloatArray, Report
from engines.looping.choosing import SEAM_ROOM, choose_place, choose_stretch
from engines.looping.levelling import level
from engines.looping.listening import HeardTake, hear_take
from engines.looping.seams import (
    BARE_FADE_SECONDS,
    BARE_GUARD_SECONDS,
    FADE_SECONDS,
    GUARD_SECONDS,
    TEXTURE_FADE_SECONDS,
    close_loop,
    reflect_start,
)
from engines.looping.stretching import Seconds, TimeMap, spare_attacks, stretch
from engines.looping.tracking import Feel, Tracked, track

SLOWEST: Final = 1.09
"""How much longer than asked for music may take: 8 % below the tempo is 1/0.92 of its length."""
SPARE_SECONDS: Final = 0.5
"""What is needed besides: silence before the music begins, and room for the seam."""
LEAD_SECONDS: Final = 0.7
"""What is kept before a take's first sample, of what it continues or of its reflection: enough for any seam."""
SAME_SECONDS: Final = 0.004
"""Beats that lie no further from the grid are left where they are, and nothing is stretched: closer cannot be heard."""
STROKE_LEAD: Final = 0.001
"""How long before the first attack a loop begins, so that all of the stroke is heard."""
STROKE_REACH: Final = 0.012
"""Seconds around the downbeat within which an attack is its stroke."""
HEARD_LATE: Final = 0.003
"""A stroke that is heard so soon after the start of a take began with it: it is placed by what comes before, too."""
ON_BEAT: Final = 0.15
"""Of a quarter: how far from its known downbeat the beats of a continuation may be heard and still be believed."""
TOLD_STRETCH: Final = 0.003
"""A change of tempo by less is not worth a word."""
NO_BEAT: Final = "No beat can be heard in it: its steadiest part is cut to length, and nothing is stretched."
UNSURE: Final = 0.6
"""With a lesser chance that beats and bars are both right, the user is asked to listen. It catches two in three loops
that begin on a wrong beat, and one in nine of the others.
"""
TOLD_FADING_DB: Final = 6.0
TOLD_MISSING_DB: Final = 0.5


@dataclass(frozen=True, slots=True)
class LoopWish:
    """The loop that is wanted.

    `bpm`: quarters a minute. `beats_per_bar`: quarters to the bar: 4 in 4/4, 3 in 3/4 and in 6/8. `loudness_lufs`:
    None leaves the loudness as it is. `ceiling_db`: the highest true peak. `starts_on_the_one`: the take's first
    sample is a downbeat already, as in a continuation.
    """

    bpm: float
    beats_per_bar: float
    bars: int
    loudness_lufs: float | None = None
    ceiling_db: float = -1.0
    starts_on_the_one: bool = False

    def __post_init__(self) -> None:
        require_between("bpm", self.bpm, 20.0, 999.0, "BPM")
        require_between("beats_per_bar", self.beats_per_bar, 0.5, 32.0)
        require_between("bars", self.bars, 1, 64)
        if self.loudness_lufs is not None:
            require_between("loudness_lufs", self.loudness_lufs, -60.0, 0.0, "LUFS")
        require_between("ceiling_db", self.ceiling_db, -24.0, 0.0, "dB")

    @property
    def quarters(self) -> float:
        """How many quarters the loop has."""
        return self.bars * self.beats_per_bar

    @property
    def seconds(self) -> float:
        """How long the loop is."""
        return self.quarters * 60.0 / self.bpm


@dataclass(frozen=True, slots=True, eq=False)
class Loop:
    """A loop: float32 (channels, n), n being the whole samples nearest to its bars, and how it came about.

    `heard_bpm`: the pulse as it is felt, None where nothing has a beat; `pulse` says whether that is half or double
    the grid's. `stretch`: how many times as long as it was made. `started_at`: the second of the take that it begins
    with. `beats`: the seconds of its quarters; `made_beats`: the seconds of the take that they and the end were made
    at, once where a part is played several times. `confidence`: of the beats, 0..1. `told`: sentences for the user.
    """

    samples: FloatArray
    rate: int
    heard_bpm: float | None
    pulse: Feel
    stretch: float
    started_at: float
    gain_db: float
    beats: tuple[float, ...]
    made_beats: tuple[float, ...]
    confidence: float
    told: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class _Cut:
    """Where to cut: the seconds as made of each quarter and of the end, how often that is played, and what to say."""

    made: Seconds
    has_beat: bool
    rounds: int = 1
    told: tuple[str, ...] = ()


def seconds_needed(bars: int, bpm: float, beats_per_bar: float = 4.0, *, starts_on_the_one: bool = False) -> float:
    """How long a take must be so that a loop can be cut from it, though it is off by 8 % and begins within a bar.

    >>> round(seconds_needed(4, 120.0), 2), round(seconds_needed(4, 120.0, starts_on_the_one=True), 2)
    (11.4, 9.22)
    """
    played = bars if starts_on_the_one else bars + 1
    return SLOWEST * played * beats_per_bar * 60.0 / bpm + SPARE_SECONDS


def cut_loop(
    samples: FloatArray,
    rate: int,
    wish: LoopWish,
    ear: Weights,
    report: Report,
    before: FloatArray | None = None,
) -> Loop:
    """The loop of a take (channels, n), n about `seconds_needed`.

    `ear`: what hearing has learned. `before`: what the take continues, (channels, m), of which the last moments lead
    to the loop's start. `report` is called between the steps, and what it raises passes. The same take and wish give
    the same loop. Raises ParamError for a sound that is silent, too short, or that holds what is no number.
    """
    report(0.0, "listening to the beat")
    sound = _check(samples, rate, before)
    heard = hear_take(sound, ear)
    report(0.3, "choosing where the loop begins")
    tracked = track(heard, wish.bpm, wish.beats_per_bar)
    cut = _find_cut(heard, tracked, wish)
    tracked = tracked if cut.has_beat else None
    report(0.5, "fitting it to the tempo")
    count = round(wish.seconds * rate)
    length = -(-count // cut.rounds)
    quarters = wish.quarters / cut.rounds
    wanted = np.append(np.arange(0.0, quarters), quarters) * (60.0 / wish.bpm)
    time_map = _map_time(cut, wanted, heard)
    loop = _cut(samples, rate, time_map, heard, length, before, cut.has_beat)
    if cut.rounds > 1:
        edges = np.rint(np.arange(cut.rounds + 1) * count / cut.rounds).astype(np.int64)
        loop = np.concatenate([loop[:, :size] for size in np.diff(edges)], axis=1)
    report(0.9, "matching the loudness")
    levelled = level(loop, rate, wish.loudness_lufs, wish.ceiling_db)
    made = tuple(time_map.to_made(wanted).tolist())
    stretched = float(wanted[-1]) / (made[-1] - made[0])
    return Loop(
        samples=levelled.samples,
        rate=rate,
        heard_bpm=tracked.heard_bpm if tracked else None,
        pulse=tracked.feel if tracked else "as heard",
        stretch=stretched,
        started_at=max(0.0, made[0]),
        gain_db=levelled.gain_db,
        beats=tuple((np.arange(math.ceil(wish.quarters)) * (60.0 / wish.bpm)).tolist()),
        made_beats=made,
        confidence=tracked.confidence if tracked else 0.0,
        told=(*cut.told, *_tell(stretched, tracked, wish, levelled.missing_db)),
    )


def _check(samples: FloatArray, rate: int, before: FloatArray | None) -> Sound:
    """The take as a sound that a loop can be cut from."""
    sound = Sound.of(samples, rate)
    if before is not None and before.shape[:-1] != samples.shape[:-1]:
        raise ParamError("before", f"(channels, m) with the take's {sound.channels} channels", before.shape)
    if sound.unusable:
        raise ParamError("sound", "made of finite numbers (try another seed)", f"{sound.unusable} samples that are not")
    if sound.is_silent:
        raise ParamError("sound", "one that can be heard (try another seed)", "silence")
    return sound


def _find_cut(heard: HeardTake, tracked: Tracked | None, wish: LoopWish) -> _Cut:
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
            start = 0.0 if wish.starts_on_the_one else choose_stretch(heard, seconds, _texture_fade(seconds))
            made = start + np.append(np.arange(0.0, wish.quarters / rounds), wish.quarters / rounds) * 60.0 / wish.bpm
            return _Cut(made, False, rounds, (NO_BEAT, *_tell_rounds(wish, rounds)))
    least = wish.seconds / all_rounds[-1]
    raise ParamError(
        "sound", f"at least {least:.2f} s long, so that a part can be repeated", f"{heard.sound.duration:.2f} s"
    )


def _cut_on_beats(heard: HeardTake, tracked: Tracked, wish: LoopWish, rounds: int) -> _Cut | None:
    """A cut on the beats, or None where they are too few."""
    quarters = wish.quarters / rounds
    numbers = np.append(np.arange(0.0, quarters), quarters)
    told = _tell_rounds(wish, rounds)
    if wish.starts_on_the_one:
        made = _continue_beats(tracked, numbers)
        return _Cut(made, True, rounds, told) if made[-1] <= heard.sound.duration else None
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
    return _Cut(made, True, rounds, told)


def _continue_beats(tracked: Tracked, numbers: Seconds) -> Seconds:
    """The beats of a take whose first sample is a downbeat: as they are heard, or else at the tempo that is."""
    beat = float(np.median(np.diff(tracked.pulses))) / tracked.quarters
    first = tracked.pulses[0] / beat
    if abs(first - round(first)) < ON_BEAT:
        made = tracked.seconds_at(numbers - round(first))
        made[0] = 0.0
        return np.maximum.accumulate(made)
    return numbers * beat


def _map_time(cut: _Cut, wanted: Seconds, heard: HeardTake) -> TimeMap:
    """Which moment of the take becomes which of the loop."""
    off = cut.made - cut.made[0] - wanted
    if float(np.abs(off).max()) <= SAME_SECONDS or not cut.has_beat:
        return TimeMap(cut.made[0] + wanted, wanted)
    return spare_attacks(TimeMap(cut.made, wanted), heard.attacks)


def _cut(
    samples: FloatArray,
    rate: int,
    time_map: TimeMap,
    heard: HeardTake,
    count: int,
    before: FloatArray | None,
    has_beat: bool,
) -> FloatArray:
    """`count` samples from the map's start on, without a seam: float32 (channels, count)."""
    lead = round(LEAD_SECONDS * rate)
    is_bare = before is None and float(time_map.to_made(np.zeros(1))[0]) < SEAM_ROOM
    if before is not None:
        ahead = before[:, -lead:]
    elif heard.attacks.size and heard.attacks[0] < STROKE_REACH:
        # What begins with a stroke begins out of silence.
        ahead = samples[:, :0]
    else:
        ahead = reflect_start(samples, lead)
    whole = np.concatenate((np.pad(ahead, ((0, 0), (lead - ahead.shape[1], 0))), samples), axis=1)
    if is_bare:
        fade, guard = round(BARE_FADE_SECONDS * rate), round(BARE_GUARD_SECONDS * rate)
    elif has_beat:
        fade, guard = round(FADE_SECONDS * rate), round(GUARD_SECONDS * rate)
    else:
        fade, guard = round(_texture_fade(count / rate) * rate), 0
    span = fade + guard
    if time_map.is_plain:
        first = round(float(time_map.to_made(np.zeros(1))[0]) * rate) + lead
        piece = whole[:, max(0, first - span) : first + count]
        piece = np.pad(piece, ((0, 0), (max(0, span - first), max(0, first + count - whole.shape[1]))))
    else:
        moved = TimeMap(time_map.made + lead / rate, time_map.wanted)
        piece = stretch(whole, rate, moved, heard.attacks + lead / rate, -span / rate, span + count)
    return close_loop(piece, span, fade, guard)


def _texture_fade(seconds: float) -> float:
    """How long the end of a loop without a beat fades."""
    return min(TEXTURE_FADE_SECONDS, 0.25 * seconds)


def _tell_rounds(wish: LoopWish, rounds: int) -> tuple[str, ...]:
    if rounds == 1:
        return ()
    beats = wish.quarters / rounds
    return (f"What came is too short for {wish.bars} bars: a part of {beats:g} beats is played {rounds} times.",)


def _tell(stretched: float, tracked: Tracked | None, wish: LoopWish, missing_db: float) -> tuple[str, ...]:
    """What the user may want to know of how the loop came about."""
    told = []
    if tracked and abs(stretched - 1.0) > TOLD_STRETCH:
        change = "slowed down" if stretched > 1.0 else "sped up"
        came = wish.bpm * stretched
        told.append(f"It came at {came:.1f} BPM and was {change} by {100.0 * abs(1.0 - 1.0 / stretched):.1f} %.")
    if tracked and tracked.feel != "as heard":
        told.append(f"It is felt in {tracked.feel}-time: at {tracked.heard_bpm * stretched**-1:.0f} BPM in the set.")
    if missing_db > TOLD_MISSING_DB:
        told.append(f"It is {missing_db:.1f} dB quieter than asked for, or its peaks would clip.")
    return tuple(told)
