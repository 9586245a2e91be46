"""Sustained layers: drone, pad, and swells that build up a chord."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from random import Random
from typing import Final, NamedTuple

from musearoo.engines.music.note import Note
from musearoo.engines.music.pitch import nearest_pitch
from musearoo.engines.players.atmos.drift import ToneSpan
from musearoo.engines.players.atmos.scene import Scene, tones_between
from musearoo.engines.styles.atmos import Drone, Pad, Swells

OVER_BASS: Final = 5
"""Semitones that pads and swells keep above the bass."""
MUDDY: Final = 50
"""Below this pitch (D3) intervals under a fifth sound muddy."""
SAME, SEMITONE, SEVENTH, DOUBLED = 100.0, 14.0, 3.0, 5.0
"""The cost for a voice of taking another's pitch, of a semitone or seventh clash, and of doubling a pitch class."""
STALE: Final = 5.0
"""The cost of repeating the pitch just held: about as much as moving by a fifth."""


def play_drone(drone: Drone, scene: Scene) -> list[Note]:
    """Return the tonic as a pedal, or each chord's root if the tonic is foreign to some chord."""
    low, high = scene.room.fit(drone.low_pitch, drone.high_pitch, gap=1)
    tonic = scene.key.tonic
    is_pedal = all(tonic in span.tones or tonic in span.colours for span in scene.spans)
    chance = scene.chance("drone", scene.phrase)
    notes = []
    for start, end, tones in _joined(scene.spans, tonic if is_pedal else None):
        root = nearest_pitch(tones[0], low + 5, low, high)
        fifth = root + 7
        with_fifth = drone.fifth and fifth % 12 in tones and fifth <= high + 7 and scene.params.complexity >= 0.3
        for time, until in pairwise((*_breaths(start, end, drone.every * scene.meter.bar_beats, scene), end)):
            notes.append(scene.note(time, root, until, scene.velocity(drone.level, chance)))
            if with_fifth:
                notes.append(scene.note(time, fifth, until, scene.velocity(drone.level - 8.0, chance)))
    return [note for note in notes if note is not None]


def play_pad(pad: Pad, scene: Scene, before: Sequence[int]) -> tuple[list[Note], tuple[int, ...]]:
    """Return the pad's notes and the pitches its voices end on; `before` are those of the previous phrase, if any.

    A voice holds its tone while the chords contain it, then moves to the nearest free one. Voices breathe in turn, and
    a breathing voice may move without a chord change.
    """
    low, high = scene.room.fit(pad.low_pitch, pad.high_pitch, gap=OVER_BASS)
    count = _voice_count(pad.voices, scene)
    homes = [low + (high - low) * (2 * voice + 1) / (2.0 * count) for voice in range(count)]
    chance = scene.chance("pad", scene.phrase)
    breath = pad.every * scene.meter.bar_beats
    pitches: list[int | None] = [None] * count
    sought = list(before[:count]) + [round(home) for home in homes[len(before) :]]
    since = [0.0] * count
    notes: list[Note | None] = []
    entries = [_entry(voice, count, scene) for voice in range(count)]
    exits = [_exit(voice, count, scene) for voice in range(count)]

    def release(voice: int, time: float) -> None:
        pitch = pitches[voice]
        start, end = max(since[voice], entries[voice]), min(time, exits[voice])
        if pitch is not None and end > start:
            # Inner voices are softer than the outer ones.
            level = pad.level - (6.0 if 0 < voice < count - 1 else 0.0)
            notes.append(scene.note(start, pitch, end, scene.velocity(level, chance)))

    for time, voices in _moments(scene, count, breath):
        span, clashing = scene.span_at(time), scene.clashing_at(time)
        free = tuple(tone for tone in span.tones + span.colours if tone not in clashing)
        pool = tones_between(free, low, high)
        leaving = [voice for voice in range(count) if pitches[voice] not in pool or voice in voices]
        for voice in leaving:
            release(voice, time)
            left = pitches[voice]
            sought[voice] = sought[voice] if left is None else left
            pitches[voice] = None
        for voice in leaving:
            held = [pitch for pitch in pitches if pitch is not None]
            state = VoiceState(sought[voice], homes[voice], is_stale=voice in voices and time > 0.0)
            pitches[voice] = _choose(pool, span, state, held, pad, scene, chance)
            since[voice] = time
    for voice in range(count):
        release(voice, scene.length)
    return [note for note in notes if note is not None], tuple(pitch for pitch in pitches if pitch is not None)


def play_swells(swells: Swells, scene: Scene) -> list[Note]:
    """Return tones that enter one by one, each louder, and all end together at a bar line."""
    low, high = scene.room.fit(swells.low_pitch, swells.high_pitch, gap=OVER_BASS)
    bar = scene.meter.bar_beats
    every = max(1, round(swells.every)) * bar
    lasting = min(swells.lasting, every)
    count = _voice_count(swells.voices, scene)
    notes = []
    # Count swell periods over the whole stream, so that swells stay regular across phrases.
    first = every * (1.0 + scene.began // every) - scene.began if scene.began else every
    end = first if scene.length >= every else scene.until
    while end <= scene.until + 1e-9:
        chance = scene.chance("swells", scene.phrase, round(end * 16))
        begin = max(0.0, end - lasting)
        span = scene.span_at(max(begin, end - 1e-6))
        begin = max(begin, span.start)
        pool = tones_between(span.tones, low, high)
        lowest = int(chance.random() * max(1, len(pool) - count))
        step = (end - begin) / (count + 1)
        for place, pitch in enumerate(pool[lowest : lowest + count]):
            velocity = scene.velocity(swells.level, chance, swell=0.6 + 0.6 * (place + 1) / count)
            notes.append(scene.note(begin + place * step, pitch, end, velocity))
        end += every
    return [note for note in notes if note is not None]


def _voice_count(written: int, scene: Scene) -> int:
    """Return the number of voices: more with complexity and energy, fewer if another part plays the chords."""
    amount = scene.params.complexity + scene.params.section.energy - 1.0
    count = written + (1 if amount >= 0.5 else -1 if amount <= -0.5 else 0) - (1 if scene.room.is_chordal else 0)
    return max(2, min(6, count))


def _joined(spans: Sequence[ToneSpan], pedal: int | None) -> list[tuple[float, float, tuple[int, ...]]]:
    """Return the spans (start, end, tones) over which a drone stays on one tone, `tones[0]`."""
    if pedal is not None:
        over = tuple(tone for tone in (pedal, (pedal + 7) % 12) if all(tone in span.tones for span in spans))
        return [(spans[0].start, spans[-1].end, over if over and over[0] == pedal else (pedal,))]
    joined: list[tuple[float, float, tuple[int, ...]]] = []
    for span in spans:
        if joined and joined[-1][2][0] == span.tones[0]:
            joined[-1] = (joined[-1][0], span.end, joined[-1][2])
        else:
            joined.append((span.start, span.end, span.tones))
    return joined


def _breaths(start: float, end: float, every: float, scene: Scene) -> list[float]:
    """Return when a long tone is struck: at its start and at each period of the stream within it."""
    times = [start]
    first = int((scene.began + start) // every) + 1
    time = first * every - scene.began
    while time < end - 1e-6:
        if time > start + 1e-6:
            times.append(time)
        time += every
    return times


def _moments(scene: Scene, count: int, breath: float) -> list[tuple[float, frozenset[int]]]:
    """Return the times at which voices may move, each with the breathing voices: in turn, and all at a last chord."""
    moments: dict[float, set[int]] = {span.start: set() for span in scene.spans}
    for clash in scene.clashes:
        moments.setdefault(clash.beat, set())
    # Voices breathe on whole beats to stay on the grid.
    turn = max(1.0, float(round(breath / count)))
    number = int(scene.began // turn) + 1
    while (time := number * turn - scene.began) < scene.until - 1e-6:
        moments.setdefault(time, set()).add(number % count)
        number += 1
    if scene.until < scene.length:
        moments[scene.until] = set(range(count))
    return [(time, frozenset(moments[time])) for time in sorted(moments)]


class VoiceState(NamedTuple):
    """A pad voice that needs a tone: its previous pitch, the centre of its register, and whether it has held that pitch
    for a whole breath.
    """

    sought: int
    home: float
    is_stale: bool


def _choose(
    pool: Sequence[int], span: ToneSpan, state: VoiceState, held: Sequence[int], pad: Pad, scene: Scene, chance: Random
) -> int | None:
    """Return the pitch of least cost for a voice: near its previous pitch and its centre, without clashes, and a new
    one after a whole breath; None if the pool is empty.
    """
    taken = {pitch % 12 for pitch in held}
    dislike = 6.0 * (1.0 - pad.colour * (0.5 + scene.params.complexity))
    best, least = None, float("inf")
    for pitch in pool:
        pitch_class = pitch % 12
        cost = abs(pitch - state.sought) * 0.6 + abs(pitch - state.home) * 0.6 + 4.0 * chance.random()
        if pitch_class in taken:
            cost += DOUBLED
        if state.is_stale and pitch == state.sought:
            cost += STALE
        if pitch_class not in span.tones:
            cost += dislike
        elif scene.room.is_chordal and pitch_class == span.tones[0]:
            cost += 2.0  # other parts already play the root
        for other in held:
            apart = abs(pitch - other)
            if apart == 0:
                cost += SAME
            elif apart in (1, 13):
                cost += SEMITONE
            elif apart == 11 or (apart < 7 and min(pitch, other) < MUDDY):
                cost += SEVENTH
        if cost < least:
            best, least = pitch, cost
    return best


def _entry(voice: int, count: int, scene: Scene) -> float:
    """Return when a voice enters: at 0, or staggered over the first half of an intro."""
    if scene.params.section.kind != "intro":
        return 0.0
    bar = scene.meter.bar_beats
    return int(voice * scene.params.bars / (2.0 * count)) * bar


def _exit(voice: int, count: int, scene: Scene) -> float:
    """Return when a voice leaves: at the end, or staggered from the top over the second half of an outro that does not
    end the song.
    """
    section = scene.params.section
    if section.kind != "outro" or section.ends_song:
        return scene.length
    bar = scene.meter.bar_beats
    return scene.length - int(voice * scene.params.bars / (2.0 * count)) * bar
