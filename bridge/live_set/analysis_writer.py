"""Write an analysis into Live: the transaction for tempo, warp markers, names and locators, as far as requested."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from musearoo.bridge.live_set.clip_audio import ClipRegion, WarpMap
from musearoo.bridge.live_set.warp_line import is_rising, pin_beats
from musearoo.bridge.protocol import (
    MAX_BEATS,
    Analyze,
    ClipAudio,
    ClipState,
    CreateLocator,
    Edit,
    Rename,
    SetLoop,
    SetMeter,
    SetScale,
    SetTempo,
    SetWarping,
    SetWarpMarkers,
    Transaction,
)
from musearoo.bridge.protocol.codec import encode_warp_markers
from musearoo.bridge.protocol.types import Message
from musearoo.engines.music.knowledge.analysis import Analysis, Rhythm
from musearoo.engines.music.knowledge.context import MAX_BPM, MIN_BPM
from musearoo.engines.music.meter import Meter
from musearoo.engines.music.scale import Key
from musearoo.engines.music.timing import mean_bpm, seconds_to_beats

ROUNDED: Final = 1e-3
"""Tolerance in bars of a loop's whole length, for rounding to samples."""


@dataclass(frozen=True, slots=True)
class RequestedEdits:
    """The edits that a request wants in the set."""

    tempo: bool = False
    meter: bool = False
    scale: bool = False
    warp: bool = False
    locators: bool = False
    name: bool = False

    @classmethod
    def of(cls, press: Analyze) -> RequestedEdits:
        """Return the edits that a device asks for."""
        flags = (press.tempo, press.meter, press.scale, press.warp, press.locators, press.name)
        return cls(*map(bool, flags))


@dataclass(frozen=True, slots=True)
class ClipInSet:
    """The analysed clip in the set; `audio` and `region` are None for MIDI.

    `region` is None too if Live does not report it. `bpm` is the set's tempo.
    """

    state: ClipState
    audio: ClipAudio | None
    region: ClipRegion | None
    bpm: float


@dataclass(frozen=True, slots=True)
class Writing:
    """The messages of one bundle, empty if there is nothing to write, and sentences on what is left out and why."""

    messages: tuple[Message, ...]
    left_out: tuple[str, ...]


def analysis_transaction(
    analysis: Analysis, clip: ClipInSet, requested: RequestedEdits, request_id: str, deadline: float
) -> Writing:
    """Return the transaction that writes the `wanted` findings into `clip`. `deadline` is Unix time.

    Tempo, meter and scale are set for the whole set. The warp puts the first downbeat on beat 0, where a Session clip
    starts and loops over whole bars; an Arrangement clip keeps its start. Locators mark the sections of an Arrangement
    clip. Findings that are missing are left out, and the rest is written.
    """
    edits: list[Edit] = []
    left_out: list[str] = []
    rhythm = analysis.rhythm
    markers = pin_beats(rhythm, analysis.duration)
    bpm = _tempo(rhythm, analysis.duration)
    meter, key = rhythm.meter.value, analysis.harmony.key.value
    if requested.tempo:
        _add(edits, left_out, "tempo", [SetTempo(bpm)] if bpm else "none was found")
    if requested.meter:
        signature = [SetMeter(meter.numerator, meter.denominator)] if meter else "none was found"
        _add(edits, left_out, "time signature", signature)
    if requested.scale:
        _add(edits, left_out, "scale", [SetScale(key.tonic, key.scale)] if key else "no key was found")
    region = clip.region
    if clip.audio is None:
        # Notes are in beats; their seconds follow the set's tempo.
        region = ClipRegion(0.0, analysis.duration, False, WarpMap.steady(clip.bpm))
    elif requested.tempo and bpm and region is not None and not clip.audio.warping:
        # Unwarped audio keeps its seconds, so a new tempo moves its beats.
        region = replace(region, warp=WarpMap.steady(bpm, region.start))
    if requested.warp:
        pinned = _warp(clip, markers, meter or Meter())
        _add(edits, left_out, "warp", pinned)
        if isinstance(pinned, list) and region is not None:
            region = replace(region, warp=_in_file(markers, region))
    if requested.locators:
        _add(edits, left_out, "locators", _locators(analysis, clip, region))
    if requested.name:
        name = clip_name(key, bpm)
        _add(edits, left_out, "name", [Rename(clip.state.id, name, -1)] if name else "neither key nor tempo was found")
    messages = (Transaction(request_id, deadline), *edits) if edits else ()
    return Writing(messages, tuple(left_out))


def _add(edits: list[Edit], left_out: list[str], what: str, found: Sequence[Edit] | str) -> None:
    """Add edits, or the reason why there are none."""
    if isinstance(found, str):
        left_out.append(f"{what}: {found}")
    else:
        edits.extend(found)


def _tempo(rhythm: Rhythm, duration: float) -> float | None:
    """Return Live's tempo in quarters per minute, None if none was found; a loop's follows exactly from its length."""
    bars = rhythm.loop_bars.value
    bpm = rhythm.live_bpm
    if bars is not None and duration > 0.0:
        bpm = mean_bpm(bars * (rhythm.meter.value or Meter()).bar_beats, duration)
    return bpm if bpm is not None and MIN_BPM <= bpm <= MAX_BPM else None


def clip_name(key: Key | None, bpm: float | None) -> str:
    """Return a name for a clip, such as "Am · 92 BPM"; empty if neither is known.

    >>> clip_name(Key(9, "Minor"), 92.02), clip_name(None, 87.5), clip_name(Key(6, "Dorian"), None)
    ('Am · 92 BPM', '87.5 BPM', 'F# dorian')
    """
    parts = []
    if key is not None:
        short = {"Major": "", "Minor": "m"}.get(key.scale)
        parts.append(str(key) if short is None else key.tonic_name + short)
    if bpm is not None:
        parts.append(f"{round(bpm, 1):g} BPM")
    return " · ".join(parts)


# --- warp ------------------------------------------------------------------------------------------------------------


def _warp(clip: ClipInSet, markers: tuple[tuple[float, float], ...], meter: Meter) -> list[Edit] | str:
    if clip.audio is None or not clip.state.is_audio:
        return "a MIDI clip has none"
    if clip.region is None or clip.audio.sample_length <= 0:
        return "Live does not tell which part of the file the clip plays"
    if not markers:
        return "no beats were found"
    pinned = _on_samples(_in_file(markers, clip.region), clip.audio)
    if not is_rising(pinned) or abs(pinned[-1][1]) > MAX_BEATS:
        return "the beats that were found are too close together"
    edits: list[Edit] = [] if clip.audio.warping else [SetWarping(clip.state.id, 1, -1)]
    edits.append(SetWarpMarkers(clip.state.id, encode_warp_markers(pinned)))
    edits.append(_loop(clip, clip.region, WarpMap(pinned), meter.bar_beats))
    return edits


def _in_file(markers: tuple[tuple[float, float], ...], region: ClipRegion) -> WarpMap:
    return WarpMap(tuple((region.start + second, quarter) for second, quarter in markers))


def _on_samples(warp: WarpMap, audio: ClipAudio) -> tuple[tuple[float, float], ...]:
    """Return the markers on whole samples of the file, with one at its end.

    Behind the last marker, Live continues at a tempo from before the change, so the last one is at the file's end.
    """
    rate = audio.sample_rate
    if not rate:
        return warp.markers
    end = audio.sample_length / rate
    # The file mostly goes on after the clip's end, so the last segment is extended to the file's end.
    *inner, last = [(min(round(second * rate) / rate, end), beat) for second, beat in warp.markers]
    if end - last[0] > 1.0 / rate:
        (s0, b0), (s1, b1) = inner[-1], last
        last = (end, b0 + (end - s0) * (b1 - b0) / (s1 - s0))
    return (*inner, last)


def _loop(clip: ClipInSet, region: ClipRegion, warp: WarpMap, bar: float) -> SetLoop:
    """Return the edit for the loop of the clip with its new warp markers."""
    state = clip.state
    first, last = round(warp.beats_at(region.start), 4), warp.beats_at(region.end)
    if not state.scene:
        # An Arrangement clip must not overlap its neighbours.
        last = min(last, first + _length_in_set(clip))
        return SetLoop(state.id, state.looping, first, last, first)
    # A clip is launched on a bar line, so it starts on one. A loop's upbeat plays before each repeat.
    start = 0.0 if first < 0.0 < last else first
    whole = math.floor((last - first) / bar + ROUNDED) * bar
    if not (state.looping or region.repeats):
        first = start
    elif whole >= bar:
        last = first + whole
    return SetLoop(state.id, state.looping, first, last, start)


def _length_in_set(clip: ClipInSet) -> float:
    """Return the length of an Arrangement clip in beats."""
    is_warped = clip.audio is None or clip.audio.warping
    return clip.state.length if is_warped else seconds_to_beats(clip.state.length, clip.bpm)


# --- locators --------------------------------------------------------------------------------------------------------


def _locators(analysis: Analysis, clip: ClipInSet, region: ClipRegion | None) -> list[Edit] | str:
    if clip.state.scene:
        return "they stand in the Arrangement, and the clip lies in the Session"
    if region is None or region.warp is None:
        return "Live does not tell on which beats the clip's audio falls"
    if not analysis.character.sections:
        return "no sections were found"
    return list(_section_locators(analysis, clip, region, region.warp))


def _section_locators(analysis: Analysis, clip: ClipInSet, region: ClipRegion, warp: WarpMap) -> Iterator[Edit]:
    """Return one locator per section, on the nearest beat; none if two would coincide or be after the clip's end."""
    start = clip.state.start - warp.beats_at(region.start)
    end, before = clip.state.start + _length_in_set(clip), -1.0
    for section in analysis.character.sections:
        beat = max(round(start + warp.beats_at(region.start + section.start)), clip.state.start)
        if before < beat < min(end, MAX_BEATS):
            yield CreateLocator(beat, section.label)
            before = beat
