"""Harmonise a tune: a second voice in thirds or sixths, or a four-part setting.

The second voice follows the tune in parallel within the key, and switches to another consonance where the chord needs
it. In four parts the chords are voiced under the tune with HarmonyRoo's voice leading: least movement, no parallel
fifths or octaves, no voice crossing.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final, Literal, NamedTuple, get_args

from msgspec.structs import replace

from musearoo.engines.foundation.best_path import trace_back
from musearoo.engines.improvisation.jam.phrase import TOGETHER, Phrase, chords_under, is_on_pulse, notated_position
from musearoo.engines.music.chord import Chord
from musearoo.engines.music.clip import Clip
from musearoo.engines.music.meter import Meter
from musearoo.engines.music.note import Note
from musearoo.engines.music.progression import ChordSpan, chord_at
from musearoo.engines.music.scale import Key
from musearoo.engines.players.harmony.other_parts import soften
from musearoo.engines.players.harmony.playability import make_playable
from musearoo.engines.players.harmony.voice_leading import distance, has_parallels
from musearoo.engines.players.harmony.voicings import Voicing
from musearoo.engines.players.melody.palette import home_key, palette_of
from musearoo.engines.players.melody.relations import CLASHES
from musearoo.engines.players.melody.setting import Ladder
from musearoo.engines.players.params import EngineParams, resolve_swing

Voices = Literal["thirds", "sixths", "four parts"]
VOICES: Final[tuple[Voices, ...]] = get_args(Voices)

STEPS: Final[dict[Voices, dict[int, float]]] = {
    "thirds": {2: 0.0, 3: 1.2, 5: 1.0},
    "sixths": {5: 0.0, 4: 1.6, 2: 1.6, 3: 1.8},
}
"""The scale steps of a second voice below the tune, with costs: thirds and sixths are cheapest."""
FOREIGN_COST: Final = 2.5
"""Cost of a non-chord tone of the second voice on a strong beat."""
PARALLEL_PERFECT: Final = 3.0
"""Cost of parallel fifths or fourths."""
LEAP_COST: Final = 0.15
"""Cost per semitone that the second voice moves more than the tune."""
SOFTER: Final = 0.82
"""Velocity of an added voice relative to the tune."""

LOWEST: Final = 40
"""E2, the lowest note of a choir's bass."""
WIDEST: Final = 12
"""Maximum semitones between neighbouring upper voices; the bass may be a twelfth below the tenor."""
BELOW_TENOR: Final = 19
HELD: Final = 0.45
"""Minimum length in beats of a tune note on a pulse to get its own chord."""
MOST: Final = 24
"""Maximum number of voicings considered per chord."""
PARALLELS: Final = 14.0
STAYS_BELOW: Final = 1
"""Minimum semitones between the alto and the lowest tune note over its chord."""


def harmonise_phrase(phrase: Phrase, voices: Voices, params: EngineParams) -> Clip:
    """Return the voices to add under a phrase's tune; they begin and end with its notes.

    A second voice has the tune's rhythm; four parts change on pulses and are held. Under a very low tune there are
    fewer voices.
    """
    tune = _tune(phrase)
    spans = chords_under(phrase, params)
    key = home_key(phrase.context.key.value, spans)
    notes = (
        _four_parts(tune, spans, phrase, params)
        if voices == "four parts"
        else _second_voice(tune, spans, key, voices, phrase.clip.meter)
    )
    return Clip.of(f"{phrase.clip.name} in {voices}", phrase.clip.length, notes, phrase.clip.meter)


def _tune(phrase: Phrase) -> list[Note]:
    """Return the top notes of a phrase as played, each ending where the next begins."""
    tops: list[Note] = []
    for note in phrase.clip.notes:
        if tops and note.start - tops[-1].start < TOGETHER:
            tops[-1] = max(tops[-1], note, key=lambda each: each.pitch)
        elif not tops or note.end > tops[-1].end or note.pitch > tops[-1].pitch - 5:
            tops.append(note)
    ends = [note.start for note in tops[1:]] + [phrase.clip.length]
    return [replace(note, duration=min(note.duration, end - note.start)) for note, end in zip(tops, ends, strict=True)]


def _second_voice(
    tune: Sequence[Note], spans: Sequence[ChordSpan], key: Key, voices: Voices, meter: Meter
) -> list[Note]:
    """Return a second voice: the cheapest path under the tune."""
    if not tune:
        return []
    # Count thirds in a seven-tone scale: in one of five or six tones, two steps can be a fourth.
    ladder = Ladder(key if len(key.pitch_classes) == 7 else Key(key.tonic, "Minor" if key.is_minor else "Major"))
    columns: list[list[tuple[float, int]]] = []
    for note in tune:
        chord = chord_at(spans, note.start + TOGETHER)
        columns.append(_choices(note, chord, key, ladder, voices, meter))
    lines: dict[int, tuple[float, tuple[int, ...]]] = {pitch: (cost, (pitch,)) for cost, pitch in columns[0]}
    for (before, note), column in zip(pairwise(tune), columns[1:], strict=True):
        grown: dict[int, tuple[float, tuple[int, ...]]] = {}
        for own, pitch in column:
            totals = [
                (cost + own + _move(before.pitch, line[-1], note.pitch, pitch), line) for cost, line in lines.values()
            ]
            cost, line = min(totals)
            grown[pitch] = (cost, (*line, pitch))
        lines = grown
    pitches = min(lines.values())[1]
    return [_softer(note, pitch) for note, pitch in zip(tune, pitches, strict=True)]


def _choices(
    note: Note, chord: Chord | None, key: Key, ladder: Ladder, voices: Voices, meter: Meter
) -> list[tuple[float, int]]:
    """Return the candidate tones under a note, with their costs."""
    palette = palette_of(chord, key, "chords")
    strong = is_on_pulse(note.start, meter) or note.duration >= 1.0
    step = ladder.step_of(note.pitch)
    choices: dict[int, float] = {}
    for steps, cost in STEPS[voices].items():
        pitch = ladder.pitch_of(step - steps)
        apart = note.pitch - pitch
        if not 0 <= pitch < note.pitch:
            continue
        if strong and not palette.in_chord[pitch % 12]:
            cost += FOREIGN_COST
        choices[pitch] = cost + CLASHES.get(apart % 12, 0.0)
    if not choices:
        choices[max(0, note.pitch - 12)] = 0.0
    return [(cost, pitch) for pitch, cost in choices.items()]


def _move(over: int, under: int, then_over: int, then_under: int) -> float:
    """Return the cost of a move of the second voice relative to the tune's."""
    apart, then = (over - under) % 12, (then_over - then_under) % 12
    cost = LEAP_COST * max(0, abs(then_under - under) - abs(then_over - over))
    if apart == then and then in (0, 5, 7) and under != then_under:
        cost += PARALLEL_PERFECT
    return cost


class _ChordUnderTune(NamedTuple):
    """A chord under the tune: its span, the tune's note at its start, and the lowest note over it."""

    start: float
    end: float
    chord: Chord
    soprano: Note
    lowest: int


def _four_parts(
    tune: Sequence[Note], spans: Sequence[ChordSpan], phrase: Phrase, params: EngineParams
) -> Sequence[Note]:
    """Return alto, tenor and bass under a tune, with a new chord on each tune note held on a pulse."""
    chords = _chords_under(tune, spans, phrase, params)
    if not chords:
        return []
    choices = [_under(held) for held in chords]
    scores = [cost for cost, _ in choices[0]]
    came_from: list[list[int]] = []
    for (left, held), (before, after) in zip(pairwise(chords), pairwise(choices), strict=True):
        best, back = [], []
        for own, voicing in after:
            totals = [
                score + _led((*one, left.soprano.pitch), (*voicing, held.soprano.pitch))
                for score, (_, one) in zip(scores, before, strict=True)
            ]
            least = min(totals)
            best.append(least + own)
            back.append(totals.index(least))
        scores = best
        came_from.append(back)
    path = trace_back(scores.index(min(scores)), came_from)
    notes: list[Note] = []
    for held, found, number in zip(chords, choices, path, strict=True):
        plain = replace(held.soprano, duration=held.end - held.soprano.start)
        notes += (_softer(plain, pitch) for pitch in found[number][1])
    return make_playable(sorted(notes, key=lambda note: (note.start, note.pitch)), phrase.context.bpm, "keys")


def _chords_under(
    tune: Sequence[Note], spans: Sequence[ChordSpan], phrase: Phrase, params: EngineParams
) -> list[_ChordUnderTune]:
    swing = resolve_swing(params, phrase.context)
    carrying: list[tuple[Note, Chord]] = []
    last: Chord | None = None
    for note in tune:
        at = notated_position(note.start, swing, phrase.clip.length)
        chord = chord_at(spans, at + 1e-3)
        if chord is None:
            continue
        carries = is_on_pulse(at, phrase.clip.meter) and note.duration >= HELD
        if carries or chord != last:
            carrying.append((note, chord))
        last = chord
    chords: list[_ChordUnderTune] = []
    for index, (note, chord) in enumerate(carrying):
        until = carrying[index + 1][0].start if index + 1 < len(carrying) else phrase.clip.length
        over = [other for other in tune if note.start <= other.start < until]
        # Chords end with the tune's phrases.
        end = min(until, max(other.end for other in over))
        sung = soften(chord, frozenset({note.pitch % 12}))
        chords.append(_ChordUnderTune(note.start, end, sung, note, min(other.pitch for other in over)))
    return chords


def _under(held: _ChordUnderTune) -> list[tuple[float, Voicing]]:
    """Return the voicings that fit under a note, ascending, with their costs: three voices, or fewer."""
    for count in (3, 2, 1):
        found = _stacks(held, count)
        if found:
            return sorted(found)[:MOST]
    return [(0.0, ())]


def _stacks(held: _ChordUnderTune, count: int) -> list[tuple[float, Voicing]]:
    tones = frozenset(held.chord.pitch_classes)
    found: list[tuple[float, Voicing]] = []

    def grow(above: int, voices: Voicing) -> None:
        if len(voices) == count:
            found.append((_own_cost(voices, held), voices))
            return
        last = len(voices) + 1 == count
        reach = BELOW_TENOR if last and count == 3 else WIDEST
        for pitch in range(above - 1, max(LOWEST, above - reach) - 1, -1):
            if pitch % 12 in tones:
                grow(pitch, (pitch, *voices))

    grow(held.lowest - STAYS_BELOW + 1, ())
    return found


def _own_cost(voices: Voicing, held: _ChordUnderTune) -> float:
    """Return the cost of a voicing itself: tones missing or doubled, wrong bass, muddy low intervals."""
    chord = held.chord
    sounding = [pitch % 12 for pitch in (*voices, held.soprano.pitch)]
    cost = 0.0
    for index, tone in enumerate(chord.pitch_classes[:4]):
        if tone not in sounding:
            # A missing fifth costs little, since only the third defines the chord.
            cost += 0.5 if chord.intervals[index] == 7 else 2.5 if index else 3.0
    if voices[0] % 12 != chord.bass_or_root:
        cost += 2.0
    thirds = [tone for interval, tone in zip(chord.intervals, chord.pitch_classes, strict=True) if interval in (3, 4)]
    cost += sum(0.8 * max(0, sounding.count(tone) - 1) for tone in thirds)
    for low, high in pairwise((*voices, held.soprano.pitch)):
        if low < 50 and high - low < 5:
            cost += 1.5
        if high - low == 1:
            cost += 2.0
    return cost + 0.05 * abs(sum(voices) / len(voices) - (held.lowest - 10.0))


def _led(before: Voicing, after: Voicing) -> float:
    if len(before) < 2 or len(after) < 2:
        return 0.0
    cost = float(distance(before[:-1], after[:-1])) * 0.5
    if before != after and has_parallels(before, after):
        cost += PARALLELS
    return cost


def _softer(note: Note, pitch: int) -> Note:
    return replace(note, pitch=pitch, velocity=max(1.0, round(SOFTER * note.velocity)))
