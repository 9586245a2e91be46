"""Sets words to music: a line is a phrase, stressed syllables fall on strong places, rhymes close alike.

How often each kind of syllable stands on which place follows Palmer and Kelly, "Linguistic prosody and musical meter in
song" (1992): stress and strong beats coincide, and stressed syllables are held longer.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from musearoo.engines.music.meter import Meter
from musearoo.engines.players.melody.composition import FRESH_PULL, WHIM, height_at, shape_at
from musearoo.engines.players.melody.setting import Ladder, Setting, Tone
from musearoo.engines.players.melody.singing import Want, sing
from musearoo.engines.players.melody.syllables import LIGHT, MAIN, Syllable, rhyme_of
from musearoo.engines.styles.rows import ACCENT, NORMAL, SOFT

LONGEST_LINE: Final = 4
"""Bars of a line at most; shorter texts come round again."""
WIDEST_GAP: Final = 6
"""Steps of the grid between two syllables at most, before the last."""
FASTEST: Final = 8.0
"""Syllables a beat at most; what a line has beyond that is left out."""
BREATH: Final = 0.25
"""The share of its bars that a line leaves at the end, for breath and for the next line's early syllables."""
_PLACE_OF: Final = {LIGHT: 0.3, 1: 0.5, MAIN: 0.95}
"""The strength of the place that a stress asks for."""
_STRENGTH: Final = {LIGHT: SOFT, 1: NORMAL, MAIN: ACCENT}


class SungNote(NamedTuple):
    """A note with the syllable that it sings; of two notes on one syllable the second `goes_on`."""

    tone: Tone
    syllable: Syllable
    goes_on: bool = False


class Line(NamedTuple):
    """A line with the bars that it fills, and the letter of its motif: lines that rhyme share one."""

    syllables: tuple[Syllable, ...]
    bar: int
    bars: int
    letter: int
    close: str


def set_lyrics(setting: Setting, text: Sequence[tuple[Syllable, ...]]) -> tuple[SungNote, ...]:
    """The text sung: a note for each syllable, rarely two, in order; the text comes round where there is time.

    Lines for which a take has no bar are left out.
    """
    ladder = Ladder(setting.key)
    shapes: dict[int, list[Tone]] = {}
    sung: list[SungNote] = []
    for line in _lay_out(setting, text):
        start = line.bar * setting.meter.bar_beats
        places = _place_line(setting, line)
        model = shapes.get(line.letter)
        manner = setting.manner(line.bar, line.bars)
        wants = _wants(setting, line, places, model, ladder)
        pitches = sing(tuple(wants), manner, tuple(each.tone.pitch for each in sung[-2:]))
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
    """The lines in their bars: as many bars for each as there are, none in the middle of a bar."""
    bars = setting.params.bars
    size = next(size for size in (4, 2, 1) if size <= LONGEST_LINE and (size * len(text) <= bars or size == 1))
    # A crowded line needs its room, though the take ends before the text.
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
    """The place in its bars and the length of each syllable of a line, in beats."""
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
    """The slot of each syllable: the cheapest way for stress to meet strength and for the pace to stay even."""
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
    """How strong a place is, 0..1: the bar, its middle, its pulses, their halves, all else."""
    inside = at % meter.bar_beats
    pulse = meter.pulses[0]
    if inside < 0.02:
        return 1.0
    count = inside / pulse
    if abs(count - round(count)) < 0.02:
        return 0.85 if round(count) % 2 == 0 else 0.65
    halves = inside * 2.0
    return 0.3 if abs(halves - round(halves)) < 0.02 else 0.1


def _wants(
    setting: Setting, line: Line, places: Sequence[tuple[float, float]], model: Sequence[Tone] | None, ladder: Ladder
) -> list[Want]:
    """What the notes of a line want: a contour of their own, or that of the line which they rhyme with."""
    start, span = line.bar * setting.meter.bar_beats, line.bars * setting.meter.bar_beats
    height = height_at(start + span / 2.0, setting)
    chance = setting.chance("words", line.letter)
    wants: list[Want] = []
    for index, ((at, length), syllable) in enumerate(zip(places, line.syllables, strict=True)):
        whims: tuple[float, ...] = ()
        if model is None:
            target = height + setting.style.span / 2.0 * shape_at("arch", min(1.0, max(0.0, at / span)))
            pull, whims = FRESH_PULL, tuple([WHIM * chance.random() for _ in range(12)])
        else:
            target, pull = float(min(model, key=lambda tone: (abs(tone.at - at), tone.at)).pitch), 0.4
        if syllable.stress == MAIN:
            target = float(ladder.pitch_of(ladder.step_of(target) + 1)) if model is None else target
        close = line.close if index + 1 == len(places) else ""
        wants.append(setting.want(start + at, length, target, pull, whims=whims, close=close, breath=index == 0))
    return wants


def _with_melisma(setting: Setting, line: Line, tones: Sequence[Tone]) -> list[SungNote]:
    """The notes of a line with their syllables; a long stressed one may fall by a step on its second half."""
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
