"""Answer a phrase with a melody: the consequent to the player's antecedent, in the same voice, coming to rest.

The devices are those that derive the second half of a period from the first: repetition with another ending, sequence,
inversion, or development of the last figure (Schoenberg, "Fundamentals of Musical Composition", 1967; for call and
response in improvisation, Berliner, "Thinking in Jazz", 1994). MelodyRoo's search then finds the pitches: within the
chords, without unsingable leaps.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import ceil
from statistics import median
from typing import Final, Literal, get_args

from msgspec import structs

from musearoo.engines.foundation.chance import pick
from musearoo.engines.improvisation.jam.phrase import DENSE, SPARSE, Phrase, answer_context, foresee, top_line
from musearoo.engines.music.clip import Clip
from musearoo.engines.music.knowledge.context import Part
from musearoo.engines.music.meter import Meter
from musearoo.engines.music.timing import beats_per_second
from musearoo.engines.players.melody.composition import MotifStatement, compose, state
from musearoo.engines.players.melody.engine import MelodyParams
from musearoo.engines.players.melody.motif import Motif, invert, ornament, sequence, simplify
from musearoo.engines.players.melody.other_parts import Register
from musearoo.engines.players.melody.performance import play
from musearoo.engines.players.melody.pitch_search import NoteConstraint, find_pitches
from musearoo.engines.players.melody.rhythm import Beat, thin
from musearoo.engines.players.melody.setting import Ladder, Setting, Tone, close_goals
from musearoo.engines.styles.rows import NORMAL

Device = Literal["echo", "sequence", "inversion", "tail", "development"]
DEVICES: Final[tuple[Device, ...]] = get_args(Device)

PULL: Final = 0.5
"""Cost per semitone of departing from the transformed call, so that the motif stays recognisable."""
CLOSE_PULL: Final = 0.3
NO_ROOT: Final = 4.5
"""How many semitones further a close moves to reach the tonic or the root, so that it differs from an open call."""
FIGURE_GAP: Final = 0.75
"""Beats of silence that separate two figures."""
SINGABLE: Final = (55, 79)
"""The range of an answer's middle pitch, G3 to G5: lower or higher calls are answered an octave or two nearer."""
LOWEST, HIGHEST = 43, 91
"""The limits of any answer, G2 and G6."""
LEAST_SPAN: Final = 12
"""The least range of an answer in semitones."""
BREATH: Final = 0.5
"""Pulses at the end of an answer that stay free for the player's next turn."""
TEMPO_LIMIT: Final = 9.0
"""The most notes per second of an answer: fewer than playable, so that listeners can follow."""
OPENS_AGAIN: Final = 0.5
"""The probability that the answer to a closed call stays open, to invite another call."""


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer, and the device it was made with."""

    clip: Clip
    device: Device


def answer(
    phrase: Phrase,
    params: MelodyParams,
    seed: int,
    band: Sequence[Part] = (),
    device: Device | None = None,
    avoid: Device | None = None,
) -> Answered:
    """Return a melody that answers a phrase, from its end on; deterministic.

    `band` are the parts that will play under the answer. A `device` of None is chosen from the call and by chance; it
    is not `avoid`, the last one, if another suits as well. A phrase whose end is still unknown is first completed by
    `foresee`.
    """
    whole = foresee(phrase)
    call = top_line(whole, params)
    context = replace(answer_context(whole, params), parts=tuple(band))
    setting = Setting.of(params, context, _range_of([tone.pitch for tone in call], params), seed)
    chosen = device or choose_device(whole, call, setting, avoid)
    close = "." if is_open(call, setting) or setting.chance("answer", "close").random() >= OPENS_AGAIN else ","
    if not call:
        tones = compose(setting)
    elif chosen == "development":
        tones = _brought_home(_developed(setting, call, whole.clip.meter), setting, close)
    else:
        tones = _transformed(setting, call, whole, chosen, close)
    notes = play(tones, params, context, setting.length, seed)
    clip = Clip.of(f"{params.style.name} answer", setting.length, notes, context.meter.value)
    return Answered(match_dynamics(clip, phrase), chosen)


def is_open(call: Sequence[Tone], setting: Setting) -> bool:
    """Return whether a tune ends open, that is not on the tonic."""
    return bool(call) and call[-1].pitch % 12 != setting.key.tonic


def choose_device(phrase: Phrase, call: Sequence[Tone], setting: Setting, avoid: Device | None = None) -> Device:
    """Choose how to answer a call: development if it is sparse, its tail if it has several figures."""
    if not call:
        return "development"
    sparse = phrase.rate < SPARSE or len(call) < 3
    figures = len(figures_of(call))
    level = max(tone.pitch for tone in call) - min(tone.pitch for tone in call) < 3
    weights: dict[Device, float] = {
        "echo": 3.0,
        "sequence": 2.5,
        "inversion": 0.0 if level else 1.5,
        "tail": 2.0 if figures > 1 and setting.params.bars > 1 else 0.0,
        "development": 30.0 if sparse else 1.0,
    }
    if avoid is not None:
        weights[avoid] *= 0.2
    return pick(setting.chance("answer", "device"), DEVICES, [weights[device] for device in DEVICES])


def figures_of(call: Sequence[Tone]) -> list[tuple[Tone, ...]]:
    """Split a tune into figures at rests.

    >>> [len(figure) for figure in figures_of([Tone(at, 0.5, 60, NORMAL) for at in (0.0, 0.5, 2.0, 2.5, 3.0)])]
    [2, 3]
    """
    figures: list[list[Tone]] = [[tone] for tone in call[:1]]
    for before, tone in pairwise(call):
        if tone.at - before.at - before.length >= FIGURE_GAP:
            figures.append([])
        figures[-1].append(tone)
    return [tuple(figure) for figure in figures]


def match_dynamics(clip: Clip, phrase: Phrase) -> Clip:
    """Scale a clip's velocities to about the player's own dynamics."""
    if not clip.notes or not phrase.clip.notes:
        return clip
    theirs = sum(note.velocity for note in phrase.clip.notes) / len(phrase.clip.notes)
    own = sum(note.velocity for note in clip.notes) / len(clip.notes)
    shift = round(0.8 * (theirs - own))
    notes = (structs.replace(note, velocity=min(127.0, max(1.0, note.velocity + shift))) for note in clip.notes)
    return replace(clip, notes=tuple(notes))


def _range_of(pitches: Sequence[int], params: MelodyParams) -> Register:
    """Return the pitch range of the answer, a third wider than the call's, in a singable octave; the style's without a
    call."""
    if not pitches:
        low, high = params.style.melody.low_pitch, params.style.melody.high_pitch
        return Register(low, high, (low + high) / 2.0)
    middle, shift = median(pitches), 0
    while middle + shift < SINGABLE[0]:
        shift += 12
    while middle + shift > SINGABLE[1]:
        shift -= 12
    low, high = max(LOWEST, min(pitches) + shift - 3), min(HIGHEST, max(pitches) + shift + 3)
    while high - low < LEAST_SPAN:
        low, high = low - 1, high + 1
    return Register(low, high, middle + shift)


def _unit_bars(bars: int) -> int:
    """Return the bars per unit: two where they divide the phrase."""
    return 2 if bars % 2 == 0 else 1


def _developed(setting: Setting, call: Sequence[Tone], meter: Meter) -> tuple[Tone, ...]:
    """Return MelodyRoo's own melody, developed from the call's opening motif."""
    bar = meter.bar_beats
    start = call[0].at // bar * bar
    span = bar * _unit_bars(setting.params.bars)
    head = [tone for tone in call if tone.at < start + span - 1e-6]
    return compose(setting, _statement(head, start, span, setting))


def _brought_home(tones: Sequence[Tone], setting: Setting, close: str) -> tuple[Tone, ...]:
    """Return the tones with room left at the end for the player, closing on a tone of rest."""
    breath = BREATH * setting.meter.pulses[0]
    end = setting.length - breath
    kept = [tone for tone in tones if tone.at < end - breath]
    if not kept:
        return tuple(tones)
    last = kept[-1]
    pitch = _home(last.at, last.length, last.pitch, setting, close)
    return (*kept[:-1], last._replace(pitch=pitch, length=min(last.length, end - last.at)))


def _home(at: float, length: float, pitch: float, setting: Setting, close: str) -> int:
    """Return the pitch near another on which a close may end, preferably the tonic or the chord's root."""
    chord, _ = setting.place(at, length)
    goals = close_goals(chord, setting.key, close)
    choices = range(setting.register.low, setting.register.high + 1)
    return min(
        (one for one in choices if one % 12 in goals),
        key=lambda one: abs(one - pitch) + (0.0 if one % 12 == goals[0] else NO_ROOT),
    )


def _transformed(
    setting: Setting, call: Sequence[Tone], phrase: Phrase, device: Device, close: str
) -> tuple[Tone, ...]:
    """Apply a device to a call, one or two bars at a time, and close the last unit."""
    bar = setting.meter.bar_beats
    size = _unit_bars(setting.params.bars)
    if device == "tail" and size == setting.params.bars:
        size = 1
    span = size * bar
    sources = [
        [tone for tone in call if start <= tone.at + 1e-6 < start + span] for start in _starts(phrase.clip.length, span)
    ]
    tail = [source for source in sources if source][-1]
    plans = [
        (number, start, tail if device == "tail" else sources[number % len(sources)])
        for number, start in enumerate(_starts(setting.length, span))
    ]
    # The answer rests where the call did, unless the call has no notes in the answer's length.
    sounding = [plan for plan in plans if plan[2]] or [(0, 0.0, tail)]
    last = sounding[-1][0]
    ladder = Ladder(setting.key)
    tones: list[Tone] = []
    for number, start, source in sounding:
        origin = source[0].at // span * span
        before = _statement(source, origin, span, setting)
        motif = _made(before.motif, device, number, setting, phrase)
        beats: Sequence[Beat] = [
            Beat(note.at, min(note.length, span - note.at), note.strength) for note in motif.notes if note.at < span
        ]
        beats = thin(tuple(beats), beats_per_second(setting.bpm) / TEMPO_LIMIT)
        ends = number == last
        if ends:
            beats = close_on_pulse(beats, span, setting.meter)
        constraints = _constraints(beats, motif, before.anchor, start, ladder, setting, close if ends else "", tones)
        pitches = find_pitches(
            tuple(constraints), setting.manner(number * size, size), tuple(tone.pitch for tone in tones[-2:])
        )
        for beat, pitch in zip(beats, pitches, strict=True):
            length = min(beat.length, setting.length - start - beat.at)
            tones.append(setting.let_go(Tone(start + beat.at, length, pitch, beat.strength)))
    return tuple(tones)


def _starts(length: float, span: float) -> list[float]:
    """Return the start of each unit of length `span` that fills `length`; the last one starts where it still fits."""
    return [index * span for index in range(ceil(length / span - 1e-9))]


def _statement(source: Sequence[Tone], start: float, span: float, setting: Setting) -> MotifStatement:
    """Return a span of the call as a motif, in the octave of the answer."""
    low, high = setting.register.low, setting.register.high
    shift = 0
    middle = median(tone.pitch for tone in source)
    while middle + shift < low:
        shift += 12
    while middle + shift > high:
        shift -= 12
    beats = [Beat(tone.at - start, tone.length, tone.strength) for tone in source]
    return state(beats, [tone.pitch + shift for tone in source], Ladder(setting.key), span)


def _made(motif: Motif, device: Device, number: int, setting: Setting, phrase: Phrase) -> Motif:
    """Apply a device to the motif of a unit; the first unit sets it up, later ones continue."""
    chance = setting.chance("answer", "make", number)
    if device == "sequence":
        up = 1 if setting.chance("answer", "way").random() < 0.5 else -1
        motif = sequence(motif, up * (1 + number % 2))
    elif device == "inversion":
        motif = mirror(motif)
    elif device == "tail" and number:
        motif = sequence(motif, (1, -1, 2)[(number - 1) % 3])
    if phrase.rate > DENSE:
        return simplify(motif)
    likely = setting.style.ornament * setting.params.complexity * (1.0 if number else 0.3)
    if phrase.rate < DENSE / 2.0 and likely > 0.0:
        motif = ornament(motif, [index for index in range(len(motif.notes)) if chance.random() < likely])
    return motif


def mirror(motif: Motif) -> Motif:
    """Invert a motif about its own middle, so that a low first note does not pull it down.

    >>> from musearoo.engines.players.melody.motif import SCALE_UP
    >>> [note.step for note in mirror(SCALE_UP).notes]
    [2, 1, 0]
    """
    turned = invert(motif)
    way = median(note.step for note in motif.notes) - median(note.step for note in turned.notes)
    return sequence(turned, round(way))


def close_on_pulse(beats: Sequence[Beat], span: float, meter: Meter) -> tuple[Beat, ...]:
    """Close a unit on a held note on a pulse in the first half of its last bar with notes.

    >>> running = [Beat(step / 2.0, 0.5, NORMAL) for step in range(8)]
    >>> [(beat.at, beat.length) for beat in close_on_pulse(running, 4.0, Meter())][-2:]
    [(1.5, 0.5), (2.0, 1.5)]
    """
    bar = meter.bar_beats
    start = min(span - bar, max(0.0, beats[-1].at + 1e-6) // bar * bar)
    pulses, at = [], start
    for pulse in meter.pulses:
        pulses.append(at)
        at += pulse
    early = pulses[: len(pulses) // 2 + 1]
    struck = [pulse for pulse in early if any(abs(beat.at - pulse) < 0.05 for beat in beats)]
    place = struck[-1] if struck else early[-1] if beats[0].at < early[-1] else max(beats[0].at, start)
    kept = [beat for beat in beats if beat.at < place - 0.05]
    if kept and kept[-1].at + kept[-1].length > place:
        kept[-1] = kept[-1]._replace(length=place - kept[-1].at)
    held = min(2.0 * meter.pulses[0], start + bar - place - BREATH * meter.pulses[0])
    return (*kept, Beat(place, max(held, 0.5 * meter.pulses[0]), NORMAL))


def _constraints(
    beats: Sequence[Beat],
    motif: Motif,
    anchor: int,
    start: float,
    ladder: Ladder,
    setting: Setting,
    close: str,
    tones: Sequence[Tone],
) -> list[NoteConstraint]:
    steps = {round(note.at, 4): note.step for note in motif.notes}
    constraints: list[NoteConstraint] = []
    last, end = setting.register.home, tones[-1].at + tones[-1].length if tones else -1.0
    for index, beat in enumerate(beats):
        step = steps.get(round(beat.at, 4))
        target = last if step is None else float(ladder.pitch_of(anchor + step))
        ends = close if index + 1 == len(beats) else ""
        if ends:
            target = float(_home(start + beat.at, beat.length, last, setting, ends))
        direction = (target > last) - (target < last) if index and not ends else None
        constraints.append(
            setting.constrain(
                start + beat.at,
                beat.length,
                target,
                CLOSE_PULL if ends else PULL,
                close=ends,
                direction=direction or None,
                breath=start + beat.at - end >= FIGURE_GAP,
            )
        )
        last, end = target, start + beat.at + beat.length
    return constraints
