"""Cut a loop out of a take: on its downbeat, at the requested tempo, sample-exact and seamless."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from musearoo.engines.analysis.fast.activation.network import Weights
from musearoo.engines.analysis.fast.activation.sound import Sound
from musearoo.engines.audio.loops.beat_tracking import Feel, TrackedBeats, track
from musearoo.engines.audio.loops.choosing import SEAM_ROOM
from musearoo.engines.audio.loops.cut_positions import STROKE_REACH, Cut, find_cut, find_texture_fade
from musearoo.engines.audio.loops.features import AnalyzedTake, analyze_take
from musearoo.engines.audio.loops.levelling import level
from musearoo.engines.audio.loops.loop_request import LoopRequest
from musearoo.engines.audio.loops.seams import (
    BARE_FADE_SECONDS,
    BARE_GUARD_SECONDS,
    FADE_SECONDS,
    GUARD_SECONDS,
    close_loop,
    reflect_start,
)
from musearoo.engines.audio.loops.stretching import Seconds, TimeMap, protect_onsets, stretch
from musearoo.engines.audio.sound_model import FloatArray, Report
from musearoo.engines.errors import ParamError
from musearoo.engines.music.timing import seconds_per_beat

LEAD_SECONDS: Final = 0.7
"""Audio kept before a take's first sample, of what it continues or of its reflection: enough for any seam."""
SAME_SECONDS: Final = 0.004
"""Beats this close to the grid are not moved: the difference is inaudible."""
REPORTED_STRETCH: Final = 0.003
"""Smaller tempo changes are not reported."""
REPORTED_MISSING_DB: Final = 0.5


@dataclass(frozen=True, slots=True, eq=False)
class Loop:
    """A loop: float32 (channels, n), n being the whole samples nearest to its bars, and how it was made.

    `perceived_bpm`: tempo of the perceived pulse, None without a beat; `pulse`: whether that is half or double the
    grid's. `stretch`: length relative to the original. `started_at`: its start within the take in seconds. `beats`: the
    times of its quarters; `made_beats`: the times within the take of these and of the end, given once if a part is
    repeated. `confidence`: of the beats, 0..1. `messages`: sentences for the user.
    """

    samples: FloatArray
    rate: int
    perceived_bpm: float | None
    pulse: Feel
    stretch: float
    started_at: float
    gain_db: float
    beats: tuple[float, ...]
    made_beats: tuple[float, ...]
    confidence: float
    messages: tuple[str, ...]


def cut_loop(
    samples: FloatArray,
    rate: int,
    request: LoopRequest,
    network_weights: Weights,
    report: Report,
    before: FloatArray | None = None,
) -> Loop:
    """Cut the loop out of a take (channels, n), n about `seconds_needed`.

    `network_weights` are those of the activation network. `before`: audio that the take continues, (channels, m),
    whose end leads to the loop's start. `report` is called between the steps; its exceptions propagate. Raises
    ParamError for silence, for audio that is too short or not finite. Deterministic.
    """
    report(0.0, "listening to the beat")
    sound = _check(samples, rate, before)
    take = analyze_take(sound, network_weights)
    report(0.3, "choosing where the loop begins")
    tracked = track(take, request.bpm, request.beats_per_bar)
    cut = find_cut(take, tracked, request)
    tracked = tracked if cut.has_beat else None
    report(0.5, "fitting it to the tempo")
    count = round(request.seconds * rate)
    length = -(-count // cut.rounds)
    quarters = request.quarters / cut.rounds
    wanted = np.append(np.arange(0.0, quarters), quarters) * seconds_per_beat(request.bpm)
    time_map = _map_time(cut, wanted, take)
    loop = _cut(samples, rate, time_map, take, length, before, cut.has_beat)
    if cut.rounds > 1:
        edges = np.rint(np.arange(cut.rounds + 1) * count / cut.rounds).astype(np.int64)
        loop = np.concatenate([loop[:, :size] for size in np.diff(edges)], axis=1)
    report(0.9, "matching the loudness")
    levelled = level(loop, rate, request.loudness_lufs, request.ceiling_db)
    made = tuple(time_map.to_made(wanted).tolist())
    stretched = float(wanted[-1]) / (made[-1] - made[0])
    return Loop(
        samples=levelled.samples,
        rate=rate,
        perceived_bpm=tracked.perceived_bpm if tracked else None,
        pulse=tracked.feel if tracked else "as heard",
        stretch=stretched,
        started_at=max(0.0, made[0]),
        gain_db=levelled.gain_db,
        beats=tuple((np.arange(math.ceil(request.quarters)) * seconds_per_beat(request.bpm)).tolist()),
        made_beats=made,
        confidence=tracked.confidence if tracked else 0.0,
        messages=(*cut.messages, *_report(stretched, tracked, request, levelled.missing_db)),
    )


def _check(samples: FloatArray, rate: int, before: FloatArray | None) -> Sound:
    """Return the take as a valid sound."""
    sound = Sound.of(samples, rate)
    if before is not None and before.shape[:-1] != samples.shape[:-1]:
        raise ParamError("before", f"(channels, m) with the take's {sound.channels} channels", before.shape)
    if sound.unusable:
        raise ParamError("sound", "made of finite numbers (try another seed)", f"{sound.unusable} samples that are not")
    if sound.is_silent:
        raise ParamError("sound", "one that can be heard (try another seed)", "silence")
    return sound


def _map_time(cut: Cut, wanted: Seconds, take: AnalyzedTake) -> TimeMap:
    """Map times of the take to times of the loop."""
    off = cut.made - cut.made[0] - wanted
    if float(np.abs(off).max()) <= SAME_SECONDS or not cut.has_beat:
        return TimeMap(cut.made[0] + wanted, wanted)
    return protect_onsets(TimeMap(cut.made, wanted), take.onsets)


def _cut(
    samples: FloatArray,
    rate: int,
    time_map: TimeMap,
    take: AnalyzedTake,
    count: int,
    before: FloatArray | None,
    has_beat: bool,
) -> FloatArray:
    """Return `count` samples from the map's start on, with a seamless end: float32 (channels, count)."""
    lead = round(LEAD_SECONDS * rate)
    is_bare = before is None and float(time_map.to_made(np.zeros(1))[0]) < SEAM_ROOM
    if before is not None:
        ahead = before[:, -lead:]
    elif take.onsets.size and take.onsets[0] < STROKE_REACH:
        # Audio that begins with an onset is preceded by silence.
        ahead = samples[:, :0]
    else:
        ahead = reflect_start(samples, lead)
    whole = np.concatenate((np.pad(ahead, ((0, 0), (lead - ahead.shape[1], 0))), samples), axis=1)
    if is_bare:
        fade, guard = round(BARE_FADE_SECONDS * rate), round(BARE_GUARD_SECONDS * rate)
    elif has_beat:
        fade, guard = round(FADE_SECONDS * rate), round(GUARD_SECONDS * rate)
    else:
        fade, guard = round(find_texture_fade(count / rate) * rate), 0
    span = fade + guard
    if time_map.is_plain:
        first = round(float(time_map.to_made(np.zeros(1))[0]) * rate) + lead
        piece = whole[:, max(0, first - span) : first + count]
        piece = np.pad(piece, ((0, 0), (max(0, span - first), max(0, first + count - whole.shape[1]))))
    else:
        moved = TimeMap(time_map.made + lead / rate, time_map.wanted)
        piece = stretch(whole, rate, moved, take.onsets + lead / rate, -span / rate, span + count)
    return close_loop(piece, span, fade, guard)


def _report(stretched: float, tracked: TrackedBeats | None, request: LoopRequest, missing_db: float) -> tuple[str, ...]:
    """Report to the user how the loop was made."""
    messages = []
    if tracked and abs(stretched - 1.0) > REPORTED_STRETCH:
        change = "slowed down" if stretched > 1.0 else "sped up"
        came = request.bpm * stretched
        messages.append(f"It came at {came:.1f} BPM and was {change} by {100.0 * abs(1.0 - 1.0 / stretched):.1f} %.")
    if tracked and tracked.feel != "as heard":
        messages.append(
            f"It is felt in {tracked.feel}-time: at {tracked.perceived_bpm * stretched**-1:.0f} BPM in the set."
        )
    if missing_db > REPORTED_MISSING_DB:
        messages.append(f"It is {missing_db:.1f} dB quieter than asked for, or its peaks would clip.")
    return tuple(messages)
