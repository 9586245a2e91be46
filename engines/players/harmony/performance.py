"""Strokes as notes: which strings or keys, when, how long and how loud."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from musearoo.engines.foundation.chance import bell, stream
from musearoo.engines.music.clip import end_before_next
from musearoo.engines.music.groove_template import groove_offset
from musearoo.engines.music.knowledge.context import MusicalContext
from musearoo.engines.music.note import Note
from musearoo.engines.music.progression import ChordSpan
from musearoo.engines.music.swing import Swing
from musearoo.engines.players.harmony.comping import Stroke
from musearoo.engines.players.harmony.other_parts import Heard
from musearoo.engines.players.harmony.voicings import Voicing
from musearoo.engines.players.params import EngineParams, resolve_groove
from musearoo.engines.styles.harmony import Comping, VoicingKind

LOWEST: Final = 28
"""E1: below it a chord's root is the bass's alone."""
SHORTEST: Final = 1.0 / 24.0
SCRATCH_BEATS: Final = 0.1
STACCATO: Final = 0.5
"""The gate up to which chords are meant to be short."""
LOW_HOME: Final = 36
"""The lowest root of the lower hand, C2."""
LOW_OVER_BASS: Final = 43
"""Where a bass plays, the lower hand stays above this."""
JITTER_SHARE: Final = 0.35
"""A chord player's hands stray less than a drummer's stick; of the style's jitter."""
TOP_VOICE, INNER_VOICE = 3.0, -3.0
"""How much louder the top of a chord is played, and how much softer its middle."""
BY_ENERGY: Final = 26.0
"""Velocities between the calmest section and the most energetic one."""


@dataclass(frozen=True, slots=True)
class Performance:
    """What turns strokes into notes; `voicings` has one for each of `spans`."""

    params: EngineParams
    context: MusicalContext
    comping: Comping
    kind: VoicingKind
    spans: tuple[ChordSpan, ...]
    voicings: tuple[Voicing, ...]
    heard: Heard
    swing: Swing
    length: float
    seed: int


def play(strokes: Sequence[Stroke], performance: Performance) -> tuple[Note, ...]:
    """The notes of strokes in order; none of one pitch overlaps another."""
    times = _times(strokes, performance)
    ends = _ends(strokes, times, performance)
    chance = stream(performance.seed, "harmony", "touch")
    spread = performance.params.style.harmony.levels.spread * 2.0 * performance.params.humanise
    strum = _beats(performance.comping.strum, performance)
    others_play = bool(performance.heard.melody or performance.heard.bass)
    notes: list[Note] = []
    for stroke, time, end in zip(strokes, times, ends, strict=True):
        pitches = _pitches(stroke, performance)
        if others_play:
            pitches = _out_of_the_way(pitches, time, end if stroke.low else time + 0.5, stroke.low, performance.heard)
        last = len(pitches) - 1
        # A strum takes at most a third of its chord; an upstroke starts with the highest string.
        step = 0.0 if stroke.low or last < 1 else min(strum, (end - time) / 3.0) / last
        loudness = _loudness(stroke, time, performance) + spread * bell(chance)
        for index, pitch in enumerate(pitches):
            start = time + step * (last - index if stroke.mark == "u" else index)
            velocity = loudness + spread * (chance.random() - 0.5)
            if last > 1:
                velocity += TOP_VOICE if index == last else INNER_VOICE if index else 0.0
            duration = min(SCRATCH_BEATS, end - start) if stroke.mark == "g" else end - start
            notes.append(Note(start, pitch, duration, float(min(127, max(1, round(velocity))))))
    return end_before_next(notes)


def _pitches(stroke: Stroke, performance: Performance) -> Voicing:
    voicing = performance.voicings[stroke.chord]
    mark = stroke.mark
    if mark.isdigit():
        octave, index = divmod(int(mark) - 1, len(voicing))
        pitch = voicing[index] + 12 * octave
        return (pitch,) if pitch <= 127 else (voicing[index],)
    if mark in "LFO":
        return (_low_pitch(mark, stroke, performance),)
    if mark == "u":
        return voicing[-max(2, (len(voicing) + 1) // 2) :]
    if mark == "g":
        return voicing[-3:]
    return voicing


def _low_pitch(mark: str, stroke: Stroke, performance: Performance) -> int:
    """The root (or given bass) of a chord in the lower hand, its fifth or its octave, below the other hand."""
    chord, voicing = performance.spans[stroke.chord].chord, performance.voicings[stroke.chord]
    if performance.kind == "guitar":  # the thumb plays what the hand holds
        return voicing["LFO".index(mark)]
    low = LOW_OVER_BASS if performance.heard.bass else LOW_HOME
    root = low + (chord.bass_or_root - low) % 12
    fifth = next((step for step in (7, 6, 8) if step in chord.intervals), 7)
    pitch = {"L": root, "O": root + 12, "F": root + (chord.root + fifth - root) % 12}[mark]
    # It gives way to the other hand rather than cross it.
    while pitch >= voicing[0] and pitch - 12 >= LOWEST:
        pitch -= 12
    return pitch


def _times(strokes: Sequence[Stroke], performance: Performance) -> list[float]:
    params, context = performance.params, performance.context
    followed = resolve_groove(params, context)
    chance = stream(performance.seed, "harmony", "time")
    jitter = 2.0 * params.humanise * JITTER_SHARE * _beats(params.style.feel.jitter, performance)
    latest = performance.length - SHORTEST
    times: list[float] = []
    for stroke in strokes:
        time = performance.swing.warp(stroke.at)
        if followed is not None:
            groove, closeness = followed
            offset = groove_offset(groove, stroke.at, context.meter.value)
            time += 0.0 if offset is None else closeness * (stroke.at + offset - time)
        time += min(0.04, max(-0.04, jitter * bell(chance)))
        times.append(min(max(0.0, time), latest))
    return times


def _ends(strokes: Sequence[Stroke], times: Sequence[float], performance: Performance) -> list[float]:
    """When each stroke's notes end: before the hand's next one, and with their chord."""
    comping, spans, length = performance.comping, performance.spans, performance.length
    following = {False: length, True: length}
    ends = [0.0] * len(strokes)
    for index in range(len(strokes) - 1, -1, -1):
        stroke, time = strokes[index], times[index]
        change = spans[stroke.chord].end
        if comping.rings:
            end = change
        else:
            until = min(following[stroke.low], change)
            # A short chord is as short before a rest as before the next stroke.
            reach = until - time if comping.gate > STACCATO else min(1.0, until - time)
            end = time + min(comping.longest, reach * comping.gate)
        ends[index] = min(length, max(end, time + SHORTEST))
        following[stroke.low] = time
    return ends


def _out_of_the_way(pitches: Voicing, time: float, until: float, low: bool, heard: Heard) -> Voicing:
    """The pitches without those a semitone from what others play until then, and those below the bass.

    Two are always left of a chord; of the lower hand's one there may be none.
    """
    melody, bass = heard.sounding(time, until)
    floor = max(bass, default=0)
    others = (*melody, *bass)
    free = tuple(pitch for pitch in pitches if pitch > floor and all(abs(pitch - other) != 1 for other in others))
    if len(free) >= min(2, len(pitches)) or low:
        return free
    above = tuple(pitch for pitch in pitches if pitch > floor)
    return above or tuple(pitch + 12 for pitch in pitches if pitch + 12 <= 127)


def _loudness(stroke: Stroke, time: float, performance: Performance) -> float:
    levels, params = performance.params.style.harmony.levels, performance.params
    mark = stroke.mark
    if mark == "C":
        level = levels.accent
    elif mark in "su":
        level = levels.soft
    elif mark == "g":
        level = levels.ghost
    elif mark.isdigit():
        level = levels.normal if stroke.at % 1.0 == 0.0 else 0.5 * (levels.normal + levels.soft)
    else:
        level = levels.normal
    level += BY_ENERGY * (params.section.energy - 0.5)
    if params.section.kind == "build":  # it grows towards what comes
        level += 20.0 * (stroke.at / performance.length - 0.6)
    if mark == "c" and performance.heard.strikes_at(time):
        level += 4.0
    return level


def _beats(milliseconds: float, performance: Performance) -> float:
    return milliseconds * performance.context.bpm / 60_000.0


def transposed(notes: Sequence[Note], semitones: int) -> tuple[Note, ...]:
    """The notes moved by semitones, those that would leave MIDI's range by octaves less."""
    if not semitones:
        return tuple(notes)
    moved = []
    for note in notes:
        pitch = note.pitch + semitones
        while not 0 <= pitch <= 127:
            pitch += 12 if pitch < 0 else -12
        moved.append(replace(note, pitch=pitch))
    return end_before_next(moved)
