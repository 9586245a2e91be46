"""Performance of chord onsets: which strings or keys, when, how long and how loud."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from msgspec.structs import replace

from musearoo.engines.foundation.chance import bell, stream
from musearoo.engines.music.clip import end_before_next
from musearoo.engines.music.groove_template import groove_offset
from musearoo.engines.music.knowledge.context import MusicalContext
from musearoo.engines.music.note import Note
from musearoo.engines.music.progression import ChordSpan
from musearoo.engines.music.swing import Swing
from musearoo.engines.players.harmony.comping import ChordOnset
from musearoo.engines.players.harmony.other_parts import OtherParts
from musearoo.engines.players.harmony.voicings import Voicing
from musearoo.engines.players.params import EngineParams, resolve_groove
from musearoo.engines.styles.harmony import Comping, VoicingKind

LOWEST: Final = 28
"""E1: below it, roots are left to the bass."""
SHORTEST: Final = 1.0 / 24.0
SCRATCH_BEATS: Final = 0.1
STACCATO: Final = 0.5
"""The gate up to which chords are meant to be short."""
LOW_HOME: Final = 36
"""The lowest root of the lower hand, C2."""
LOW_OVER_BASS: Final = 43
"""The lowest pitch of the lower hand when a bass plays."""
JITTER_SHARE: Final = 0.35
"""The share of the style's jitter that a chord player has; hands vary less than a drummer's stick."""
TOP_VOICE, INNER_VOICE = 3.0, -3.0
"""The velocity added to the top voice of a chord, and to its inner voices."""
BY_ENERGY: Final = 26.0
"""The velocity difference between the calmest section and the most energetic one."""


@dataclass(frozen=True, slots=True)
class Performance:
    """Everything needed to turn onsets into notes; `voicings` has one for each of `spans`."""

    params: EngineParams
    context: MusicalContext
    comping: Comping
    kind: VoicingKind
    spans: tuple[ChordSpan, ...]
    voicings: tuple[Voicing, ...]
    others: OtherParts
    swing: Swing
    length: float
    seed: int


def play(onsets: Sequence[ChordOnset], performance: Performance) -> tuple[Note, ...]:
    """Return the notes of sorted onsets; notes of the same pitch never overlap."""
    times = _times(onsets, performance)
    ends = _ends(onsets, times, performance)
    chance = stream(performance.seed, "harmony", "touch")
    spread = performance.params.style.harmony.levels.spread * 2.0 * performance.params.humanise
    strum = _beats(performance.comping.strum, performance)
    others_play = bool(performance.others.melody or performance.others.bass)
    notes: list[Note] = []
    for onset, time, end in zip(onsets, times, ends, strict=True):
        pitches = _pitches(onset, performance)
        if others_play:
            pitches = _out_of_the_way(pitches, time, end if onset.low else time + 0.5, onset.low, performance.others)
        last = len(pitches) - 1
        # A strum takes at most a third of its chord; an upstroke starts with the highest string.
        step = 0.0 if onset.low or last < 1 else min(strum, (end - time) / 3.0) / last
        loudness = _loudness(onset, time, performance) + spread * bell(chance)
        for index, pitch in enumerate(pitches):
            start = time + step * (last - index if onset.mark == "u" else index)
            velocity = loudness + spread * (chance.random() - 0.5)
            if last > 1:
                velocity += TOP_VOICE if index == last else INNER_VOICE if index else 0.0
            duration = min(SCRATCH_BEATS, end - start) if onset.mark == "g" else end - start
            notes.append(Note(start, pitch, duration, float(min(127, max(1, round(velocity))))))
    return end_before_next(notes)


def _pitches(onset: ChordOnset, performance: Performance) -> Voicing:
    voicing = performance.voicings[onset.chord]
    mark = onset.mark
    if mark.isdigit():
        octave, index = divmod(int(mark) - 1, len(voicing))
        pitch = voicing[index] + 12 * octave
        return (pitch,) if pitch <= 127 else (voicing[index],)
    if mark in "LFO":
        return (_low_pitch(mark, onset, performance),)
    if mark == "u":
        return voicing[-max(2, (len(voicing) + 1) // 2) :]
    if mark == "g":
        return voicing[-3:]
    return voicing


def _low_pitch(mark: str, onset: ChordOnset, performance: Performance) -> int:
    """Return the lower hand's root (or given bass), fifth or octave, below the upper hand."""
    chord, voicing = performance.spans[onset.chord].chord, performance.voicings[onset.chord]
    if performance.kind == "guitar":  # the thumb plays what the hand holds
        return voicing["LFO".index(mark)]
    low = LOW_OVER_BASS if performance.others.bass else LOW_HOME
    root = low + (chord.bass_or_root - low) % 12
    fifth = next((step for step in (7, 6, 8) if step in chord.intervals), 7)
    pitch = {"L": root, "O": root + 12, "F": root + (chord.root + fifth - root) % 12}[mark]
    # The lower hand must not cross the upper one.
    while pitch >= voicing[0] and pitch - 12 >= LOWEST:
        pitch -= 12
    return pitch


def _times(onsets: Sequence[ChordOnset], performance: Performance) -> list[float]:
    params, context = performance.params, performance.context
    followed = resolve_groove(params, context)
    chance = stream(performance.seed, "harmony", "time")
    jitter = 2.0 * params.humanise * JITTER_SHARE * _beats(params.style.feel.jitter, performance)
    latest = performance.length - SHORTEST
    times: list[float] = []
    for onset in onsets:
        time = performance.swing.warp(onset.at)
        if followed is not None:
            groove, closeness = followed
            offset = groove_offset(groove, onset.at, context.meter.value)
            time += 0.0 if offset is None else closeness * (onset.at + offset - time)
        time += min(0.04, max(-0.04, jitter * bell(chance)))
        times.append(min(max(0.0, time), latest))
    return times


def _ends(onsets: Sequence[ChordOnset], times: Sequence[float], performance: Performance) -> list[float]:
    """Return the end of each onset's notes: before the hand's next onset, and with the chord."""
    comping, spans, length = performance.comping, performance.spans, performance.length
    following = {False: length, True: length}
    ends = [0.0] * len(onsets)
    for index in range(len(onsets) - 1, -1, -1):
        onset, time = onsets[index], times[index]
        change = spans[onset.chord].end
        if comping.rings:
            end = change
        else:
            until = min(following[onset.low], change)
            # A staccato chord is equally short before a rest and before another onset.
            reach = until - time if comping.gate > STACCATO else min(1.0, until - time)
            end = time + min(comping.longest, reach * comping.gate)
        ends[index] = min(length, max(end, time + SHORTEST))
        following[onset.low] = time
    return ends


def _out_of_the_way(pitches: Voicing, time: float, until: float, low: bool, others: OtherParts) -> Voicing:
    """Return the pitches that are not a semitone from those of the other parts, and not below the bass.

    At least two pitches of a chord stay; a single low note may be dropped.
    """
    melody, bass = others.sounding(time, until)
    floor = max(bass, default=0)
    sounding = (*melody, *bass)
    free = tuple(pitch for pitch in pitches if pitch > floor and all(abs(pitch - other) != 1 for other in sounding))
    if len(free) >= min(2, len(pitches)) or low:
        return free
    above = tuple(pitch for pitch in pitches if pitch > floor)
    return above or tuple(pitch + 12 for pitch in pitches if pitch + 12 <= 127)


def _loudness(onset: ChordOnset, time: float, performance: Performance) -> float:
    levels, params = performance.params.style.harmony.levels, performance.params
    mark = onset.mark
    if mark == "C":
        level = levels.accent
    elif mark in "su":
        level = levels.soft
    elif mark == "g":
        level = levels.ghost
    elif mark.isdigit():
        level = levels.normal if onset.at % 1.0 == 0.0 else 0.5 * (levels.normal + levels.soft)
    else:
        level = levels.normal
    level += BY_ENERGY * (params.section.energy - 0.5)
    if params.section.kind == "build":  # a crescendo to the next section
        level += 20.0 * (onset.at / performance.length - 0.6)
    if mark == "c" and performance.others.has_drum_onset_at(time):
        level += 4.0
    return level


def _beats(milliseconds: float, performance: Performance) -> float:
    return milliseconds * performance.context.bpm / 60_000.0


def transposed(notes: Sequence[Note], semitones: int) -> tuple[Note, ...]:
    """Return the notes transposed; notes that would leave the MIDI range move by octaves less."""
    if not semitones:
        return tuple(notes)
    moved = []
    for note in notes:
        pitch = note.pitch + semitones
        while not 0 <= pitch <= 127:
            pitch += 12 if pitch < 0 else -12
        moved.append(replace(note, pitch=pitch))
    return end_before_next(moved)
