"""Set words to music: one phrase per line, stressed syllables on strong beats, the same close for rhymes.

The alignment of stress and meter follows Palmer and Kelly, "Linguistic prosody and musical meter in song" (1992):
stressed syllables coincide with strong beats and are held longer.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from musearoo.engines.music.meter import Meter
from musearoo.engines.players.melody.composition import FRESH_PULL, MAX_RANDOM_COST, height_at, shape_at
from musearoo.engines.players.melody.pitch_search import NoteConstraint, find_pitches
from musearoo.engines.players.melody.setting import Ladder, Setting, Tone
from musearoo.engines.players.melody.syllables import LIGHT, MAIN, Syllable, rhyme_of
from musearoo.engines.styles.rows import ACCENT, NORMAL, SOFT

LONGEST_LINE: Final = 4
"""The most bars of a line; shorter texts repeat."""
WIDEST_GAP: Final = 6
"""The most grid steps between two syllables, before the last."""
FASTEST: Final = 8.0
"""The most syllables per beat; excess syllables are dropped."""
BREATH: Final = 0.25
"""The share of its bars that a line leaves free at the end, for breath and the next line's pickup."""
_PLACE_OF: Final = {LIGHT: 0.3, 1: 0.5, MAIN: 0.95}
"""The metrical strength that each stress asks for."""
_STRENGTH: Final = {LIGHT: SOFT, 1: NORMAL, MAIN: ACCENT}


class SungNote(NamedTuple):
    """A note with its syllable; `goes_on` is true for the second note of a melisma."""

    tone: Tone
    syllable: Syllable
    goes_on: bool = False


class Line(NamedTuple):
    """A line with its bars and the letter of its motif: rhyming lines share one."""

    syllables: tuple[Syllable, ...]
    bar: int
    bars: int
    letter: int
    close: str


def set_lyrics(setting: Setting, text: Sequence[tuple[Syllable, ...]]) -> tuple[SungNote, ...]:
    """Return the text set to notes: one per syllable, rarely two, sorted; the text repeats if there is time.

    Lines without a bar left in the take are dropped.
    """
    ladder = Ladder(setting.key)
    shapes: dict[int, list[Tone]] = {}
    sung: list[SungNote] = []
    for line in _lay_out(setting, text):
        start = line.bar * setting.meter.bar_beats
        places = _place_line(setting, line)
        model = shapes.get(line.letter)
        manner = setting.manner(line.bar, line.bars)
        constraints = _constraints(setting, line, places, model, ladder)
        before = tuple(each.tone.pitch for each in sung[-2:])
        pitches = find_pitches(tuple(constraints), manner, before, setting.params.effort)
        tones = [
            Tone(start + at, length, pitch, _STRENGTH[syllable.stress])
            for (at, length), pitch, syllable in zip(places, pitches, line.syllables, strict=True)
        ]
        if sung and sung[-1].tone.at + sung[-1].tone.length > tones[0].at:
            last = sung[-1]
            sung[-1] = last._replace(tone=last.tone._replace(length=tones[0].at - last.tone.at))
        shapes.setdefault(line.letter, [tone._replace(at=tone.at - start) for tone in tones])
        sung += _with_melisma(setting, line, tones)
    return tuple(sung)


def _lay_out(setting: Setting, text: Sequence[tuple[Syllable, ...]]) -> list[Line]:
    """Distribute the lines over the bars: as many bars for each as possible, in whole bars."""
    bars = setting.params.bars
    size = next(size for size in (4, 2, 1) if size <= LONGEST_LINE and (size * len(text) <= bars or size == 1))
    # Give a crowded line enough bars, even if the take then ends before the text.
    while size < LONGEST_LINE and size < bars and max(map(len, text)) > 2.5 * size * len(setting.meter.pulses):
        size *= 2
    count = max(1, bars // size)
    letters: dict[str, int] = {}
    lines = []
    for number in range(count):
        syllables = text[number % len(text)][: max(1, int(size * setting.meter.bar_beats * FASTEST))]
        letter = letters.setdefault(rhyme_of(syllables), len(letters))
        ends = number + 1 == count or (number + 1) % len(text) == 0 or number % 4 == 3
        lines.append(
            Line(syllables, number * size, min(size, bars), letter, "." if ends else "," if number % 2 else "")
        )
    return lines


def _place_line(setting: Setting, line: Line) -> tuple[tuple[float, float], ...]:
    """Return the position in its bars and the length of each syllable of a line, in beats."""
    span = line.bars * setting.meter.bar_beats
    early = 0.0 if line.bar == 0 else min(1.0, BREATH * span)
    room = span * (1.0 - BREATH) + early
    stresses = tuple(syllable.stress for syllable in line.syllables)
    step = next((step for step in (0.5, 0.25) if len(stresses) <= 0.8 * room / step), room / len(stresses))
    slots = max(len(stresses), int(room / step + 1e-6))
    chosen = _align(stresses, slots, step, early, setting.meter)
    places = [slot * step - early for slot in chosen]
    ends = [*places[1:], span - min(1.0, BREATH * span)]
    return tuple((at, end - at) for at, end in zip(places, ends, strict=True))


@lru_cache(maxsize=1024)  # lines of one build are set alike, which is what makes verses
def _align(stresses: tuple[int, ...], slots: int, step: float, early: float, meter: Meter) -> tuple[int, ...]:
    """Return the slot of each syllable: the cheapest alignment of stress with metrical strength at an even pace."""
    strengths = [_strength_at(slot * step - early, meter) for slot in range(slots)]
    count = len(stresses)
    pace = min(2.0, max(1.0, slots / (count + 1.0)))
    best: list[dict[int, tuple[float, int]]] = []
    for index, stress in enumerate(stresses):
        wanted = _PLACE_OF[stress] if index + 1 < count else 1.0
        column: dict[int, tuple[float, int]] = {}
        for slot in range(index, slots - (count - 1 - index)):
            miss = wanted - strengths[slot]
            own = 2.0 * miss if miss > 0.0 else -0.9 * miss
            if index == 0:
                late = slot * step - early
                column[slot] = (own + (0.5 * late if late > 0.0 else -0.4 * late), -1)
                continue
            held = 0.4 if stresses[index - 1] == MAIN else 0.0
            ways = [
                (cost + own + 0.5 * abs(slot - before - pace - held), before)
                for before, (cost, _) in best[-1].items()
                if 0 < slot - before <= WIDEST_GAP
            ]
            if ways:
                column[slot] = min(ways)
        best.append(column)
    slot = min(best[-1], key=lambda each: (best[-1][each][0], each))
    chosen = [slot]
    for column in reversed(best[1:]):
        slot = column[slot][1]
        chosen.append(slot)
    return tuple(reversed(chosen))


def _strength_at(at: float, meter: Meter) -> float:
    """Return the metrical strength of a position, 0..1: bar, half bar, pulse, half pulse, rest."""
    inside = at % meter.bar_beats
    pulse = meter.pulses[0]
    if inside < 0.02:
        return 1.0
    count = inside / pulse
    if abs(count - round(count)) < 0.02:
        return 0.85 if round(count) % 2 == 0 else 0.65
    halves = inside * 2.0
    return 0.3 if abs(halves - round(halves)) < 0.02 else 0.1


def _constraints(
    setting: Setting, line: Line, places: Sequence[tuple[float, float]], model: Sequence[Tone] | None, ladder: Ladder
) -> list[NoteConstraint]:
    """Return the constraints on a line's notes: its own contour, or that of the line it rhymes with."""
    start, span = line.bar * setting.meter.bar_beats, line.bars * setting.meter.bar_beats
    height = height_at(start + span / 2.0, setting)
    chance = setting.chance("words", line.letter)
    constraints: list[NoteConstraint] = []
    for index, ((at, length), syllable) in enumerate(zip(places, line.syllables, strict=True)):
        random_costs: tuple[float, ...] = ()
        if model is None:
            target = height + setting.style.span / 2.0 * shape_at("arch", min(1.0, max(0.0, at / span)))
            pull, random_costs = FRESH_PULL, tuple([MAX_RANDOM_COST * chance.random() for _ in range(12)])
        else:
            target, pull = float(min(model, key=lambda tone: (abs(tone.at - at), tone.at)).pitch), 0.4
        if syllable.stress == MAIN:
            target = float(ladder.pitch_of(ladder.step_of(target) + 1)) if model is None else target
        close = line.close if index + 1 == len(places) else ""
        constraints.append(
            setting.constrain(
                start + at, length, target, pull, random_costs=random_costs, close=close, breath=index == 0
            )
        )
    return constraints


def _with_melisma(setting: Setting, line: Line, tones: Sequence[Tone]) -> list[SungNote]:
    """Return a line's notes with syllables; a long stressed one may become a two-note melisma."""
    sung: list[SungNote] = []
    ladder = Ladder(setting.key)
    chance = setting.chance("melisma", line.letter)
    likely = 0.6 * setting.style.ornament * setting.params.complexity
    for index, (tone, syllable) in enumerate(zip(tones, line.syllables, strict=True)):
        draw = chance.random()
        following = tones[index + 1].pitch if index + 1 < len(tones) else None
        if following is None or syllable.stress != MAIN or tone.length < 1.0 or draw >= likely:
            sung.append(SungNote(tone, syllable))
            continue
        half = tone.length / 2.0
        way = 1 if following > tone.pitch + 2 else -1
        passing = ladder.pitch_of(ladder.step_of(tone.pitch) + way)
        sung.append(SungNote(tone._replace(length=half), syllable))
        sung.append(SungNote(Tone(tone.at + half, half, min(127, max(0, passing)), SOFT), syllable, goes_on=True))
    return sung
