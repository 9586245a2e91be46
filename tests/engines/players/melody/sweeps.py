"""Random sweeps over the stages of MelodyRoo."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from random import Random
from typing import get_args

import msgspec
from msgspec import structs

from musearoo.engines.foundation.chance import stream
from musearoo.engines.music.knowledge.context import Role
from musearoo.engines.music.swing import Swing
from musearoo.engines.players.melody.composition import MotifStatement, compose, develop, height_at, shape_at, state
from musearoo.engines.players.melody.engine import MelodyParams, generate, refine, set_words
from musearoo.engines.players.melody.inflection import slide_in
from musearoo.engines.players.melody.motif import (
    Motif,
    MotifNote,
    augment,
    diminish,
    fragment,
    invert,
    ornament,
    retrograde,
    sequence,
    simplify,
)
from musearoo.engines.players.melody.other_parts import VOICES, find_register, measure_band_rhythm
from musearoo.engines.players.melody.palette import avoid_clashes, home_key, palette_of, scale_under, tonal_tension_at
from musearoo.engines.players.melody.performance import play
from musearoo.engines.players.melody.pitch_search import Manner, NoteConstraint, find_pitches
from musearoo.engines.players.melody.planning import PlannedUnit, plan_units, tension_at, unit_bars
from musearoo.engines.players.melody.relations import RELATIONS, find_gaps, read_tune, relate
from musearoo.engines.players.melody.rhythm import (
    Beat,
    anticipate,
    audition,
    choose_figure,
    divide,
    pick_up,
    replace_end,
    thin,
    write_figure,
)
from musearoo.engines.players.melody.setting import Ladder, Setting, Tone, close_goals
from musearoo.engines.players.melody.syllables import rhyme_of, split_word, syllables_of
from musearoo.engines.players.params import Change
from musearoo.engines.styles.melody import Colour, Contour, MelodyForm, MelodyStyle
from musearoo.engines.styles.schema import Style
from tests.engines import drawn_music as draw
from tests.engines.drawn_music import amount, any_of, between, sweep, whole
from tests.engines.presets_on_disk import STYLES
from tests.engines.some_takes import notes_of
from tests.snapshots import Outcome

NAMES = tuple(STYLES)
CONTOURS = get_args(Contour)
COLOURS = get_args(Colour)
BAND: tuple[Role, ...] = ("drums", "bass", "harmony")
SOME_WORDS = """
    a the i'm over night light tonight away remember river fire lonely winter mississippi rhythm spasm prisms little
    apple apples candle centre wanted needed played buses boxes churches judges makes bottles eyes lives goodbye high
    engineer balloon cigarette unique themselves millionaire nation musician delicious ambitious special magic musical
    basically city qualify unified ocean courageous serious continuous material actual science patient efficiency
    geography movement beautiful slowly kindness careless singing running faster rented yellow young yes yo you
    creation create create poet video neon royal chaos being seeing variety happier earliest dial carriage bias genius
    radium queen quiet equal guarantee don't isn't couldn't didn't rhythms isms baptism electric celebration
    unbelievable
    return believe become forget perform protect subtract transform today admit obtain insist important dismiss mistake
    surround convince compare prepare expect embrace enjoy understand shhh psst 99 7 naïve café l'amour étude ßtraße
"""
WORDS = SOME_WORDS.split()
ONSETS = ("", "b", "str", "qu", "th", "y", "c", "gl", "m", "wh", "g", "x", "ch")
VOWELS = ("a", "e", "i", "o", "u", "ea", "io", "ia", "y", "ie", "ou", "eo", "ua", "iu", "aye")
CODAS = ("", "n", "rt", "ght", "l", "th", "ss", "ck", "t", "ch", "tl")
ENDINGS = (
    *("", "e", "es", "ed", "le", "ing", "er", "tion", "ity", "ly", "ness", "ment", "ical", "ious", "ee", "ette"),
    *("sm", "thm", "ian", "ify", "self", "n't", "less", "ments", "re", "ience", "ier", "y", "age", "ers"),
)
UNITS = ("a", "a+", "b", "ai", "ar,", "af", "ao", "aw", "an", "as.", "_", "b-,", "c.", "a++")
PREFIXES = ("", "", "", "un", "re", "a", "be", "con", "de", "trans", "in")


def sweeps() -> Iterator[Outcome]:
    """All of them, the quickest first."""
    yield from sweep("motifs", 120, 2, motifs)
    yield from sweep("rhythms", 160, 4, rhythms)
    yield from sweep("syllables", 600, 6, syllables)
    yield from sweep("palettes", 260, 4, palettes)
    yield from sweep("plans", 200, 2, plans)
    yield from sweep("lines", 260, 6, lines)
    yield from sweep("slides", 100, 2, slides)
    yield from sweep("settings", 120, 4, settings)
    yield from sweep("developments", 120, 2, developments)
    yield from sweep("tunes", 120, 4, tunes)
    yield from sweep("played", 90, 3, played)
    yield from sweep("sung", 70, 7, sung)
    yield from sweep("composed", 110, 11, composed)
    yield from sweep("beside others", 70, 7, beside_others)


def motifs(chance: Random, _number: int) -> object:
    motif = _motif(chance)
    at = [index for index in range(len(motif.notes)) if chance.random() < 0.5]
    return (
        sequence(motif, whole(chance, -3, 3)),
        invert(motif),
        retrograde(motif),
        augment(motif),
        diminish(motif),
        fragment(motif),
        fragment(motif, whole(chance, -2, 2)),
        ornament(motif, at),
        ornament(motif, at, any_of(chance, (0.25, 0.5, 1.0))),
        simplify(motif),
    )


def rhythms(chance: Random, number: int) -> object:
    beats, meter, density = _beats(chance), draw.meter(chance), amount(chance)
    style = STYLES[NAMES[number % len(NAMES)]]
    params = MelodyParams(style=style, complexity=amount(chance))
    bars, figures = whole(chance, 1, 4), style.melody.figures
    band = draw.context(chance, bars, BAND)
    fit = measure_band_rhythm(band, Swing(), 4.0 * bars).fit
    own = partial(stream, number, "own")
    return (
        divide(beats, density, own()),
        replace_end(beats, _beats(chance), any_of(chance, (0.0, 2.0, 4.0, 3.0))),
        anticipate(beats, meter, amount(chance), own()),
        pick_up(beats, 0.5, own()),
        thin(beats, any_of(chance, (0.1, 0.25, 0.5, 1.0))),
        choose_figure(figures, density, own()).rhythm.text,
        write_figure(figures[0].rhythm, params, density, meter, bars, own()),
        audition(figures, params, density, meter, bars, own(), fit),
        fit(beats),
    )


def syllables(chance: Random, number: int) -> object:
    word = "".join(
        any_of(chance, choices)
        for choices in (PREFIXES, ONSETS, VOWELS, CODAS, *((ONSETS, VOWELS, CODAS) * whole(chance, 0, 2)), ENDINGS)
    )
    line = syllables_of(" ".join(any_of(chance, WORDS) for _ in range(3)) + any_of(chance, ("\n", "/", ", ")) + word)
    known = split_word(WORDS[number % len(WORDS)])
    return split_word(word or "o"), rhyme_of(split_word(word or "o")), known, rhyme_of(known), line


def palettes(chance: Random, _number: int) -> object:
    key, chord, colour = draw.key(chance), draw.chord(chance), any_of(chance, COLOURS)
    palette, alone = palette_of(chord, key, colour), palette_of(None, key, colour)
    held = frozenset(whole(chance, 0, 11) for _ in range(whole(chance, 0, 3)))
    tension = tonal_tension_at(palette, amount(chance))
    spans = draw.spans(chance, 8.0)
    return (
        palette,
        alone,
        tension,
        avoid_clashes(tension, palette, held),
        sorted(scale_under(chord, key)),
        home_key(None, spans),
        home_key(None, spans[:1]),
        home_key(None, ()),
        home_key(key, spans),
        tuple(close_goals(each, key, close) for each in (chord, None) for close in ".,"),
    )


def plans(chance: Random, number: int) -> object:
    style, section, meter = _style(chance), draw.section(chance), draw.meter(chance)
    units = plan_units(style, section, whole(chance, 1, 40), meter, number)
    return unit_bars(style, meter), units, [tension_at(step / 50.0, section) for step in (0, 10, 32, 33, 34, 50)]


def lines(chance: Random, _number: int) -> object:
    constraints = []
    for _ in range(whole(chance, 1, 9)):
        tension = tuple(any_of(chance, (0.1, 0.9, 2.2, 4.0, 9.0)) * chance.random() * 1.4 for _ in range(12))
        few = tuple(tone for tone in range(12) if chance.random() < 0.3)
        constraints.append(
            NoteConstraint(
                target=between(chance, 40.0, 90.0) if chance.random() < 0.1 else between(chance, 58.0, 74.0),
                pull=any_of(chance, (0.0, 0.1, 0.2, 0.44, 0.45, 0.5)),
                tension=tension if chance.random() < 0.95 else (9.0,) * 12,
                in_chord=tuple(chance.random() < 0.5 for _ in range(12)),
                goals=few if chance.random() < 0.2 else (),
                direction=any_of(chance, (None, -1, 0, 1)),
                breath=chance.random() < 0.2,
                bass=(any_of(chance, (36, 43, 48)), any_of(chance, (36, 43, 48))) if chance.random() < 0.4 else None,
            )
        )
    low = whole(chance, 45, 62)
    manner = Manner(
        intervals=tuple(between(chance, -0.1, 2.0) + 0.2 * size for size in range(13)),
        third_time=between(chance, 0.0, 2.0),
        unresolved=between(chance, 0.0, 1.6),
        low=low,
        high=low + whole(chance, 7, 24),
    )
    return find_pitches(tuple(constraints), manner, tuple(whole(chance, 50, 80) for _ in range(whole(chance, 0, 2))))


def slides(chance: Random, number: int) -> object:
    key = draw.key(chance)
    pitches = [whole(chance, 60, 67) for _ in range(12)]
    beats = [Beat(index / 2.0, any_of(chance, (0.25, 0.5, 0.6, 1.0)), 2) for index in range(12)]
    palettes = [palette_of(draw.chord(chance), key, "scale") for _ in range(12)]
    constraints = [
        NoteConstraint(64.0, 0.2, each.weak, each.in_chord, (0,) if chance.random() < 0.2 else ()) for each in palettes
    ]
    return slide_in(pitches, beats, constraints, amount(chance), stream(number, "own"))


def settings(chance: Random, number: int) -> object:
    setting = _setting(chance, number, BAND)
    ladder = Ladder(setting.key)
    found: list[object] = [setting.key, setting.register, setting.band, setting.density, setting.length]
    for _ in range(8):
        at = any_of(chance, (0.0, 0.5, 0.75, 1.0, 1.5, 2.0, 0.98, between(chance, 0.0, setting.length))) + whole(
            chance, 0, 1
        )
        length = any_of(chance, (0.25, 0.5, 0.96, 1.0, 1.5, 3.0, 7.0))
        random_costs = tuple(chance.random() for _ in range(12)) if chance.random() < 0.3 else ()
        close = any_of(chance, ("", "", ".", ","))
        found.append(setting.place(at, length))
        found.append(setting.constrain(at, length, 64.0, 0.2, random_costs=random_costs, close=close))
        found.append(setting.let_go(Tone(at, length, whole(chance, 55, 80), 1)))
        pitch = between(chance, -20.0, 150.0)
        found += [ladder.step_of(pitch), ladder.pitch_of(whole(chance, -3, 120)), ladder.step_of(float(round(pitch)))]
        found.append(setting.manner(whole(chance, 0, setting.params.bars), whole(chance, 1, 4)))
    return found


def developments(chance: Random, number: int) -> object:
    setting, motif = _setting(chance, number), _motif(chance)
    operations = "".join(any_of(chance, "+-irfowns") for _ in range(whole(chance, 0, 3)))
    unit = PlannedUnit(any_of(chance, "ab"), operations, "", whole(chance, 0, 6), 2, whole(chance, 0, 2))
    pitches = [whole(chance, 55, 80) for _ in motif.notes]
    beats = [Beat(note.at, note.length, note.strength) for note in motif.notes]
    place = chance.random()
    return (
        develop(motif, unit, setting),
        state(beats, pitches, Ladder(setting.key), motif.length) if beats else None,
        height_at(place * setting.length, setting),
        [shape_at(contour, place) for contour in CONTOURS],
    )


def tunes(chance: Random, number: int) -> object:
    setting = _setting(chance, number, BAND)
    tune = _tune(chance, setting)
    if not tune:
        return ()
    return tune, find_gaps(tune, setting), [relate(setting, tune, relation) for relation in RELATIONS]


def played(chance: Random, number: int) -> object:
    bars = whole(chance, 1, 4)
    context = draw.context(chance, bars)
    length = bars * context.meter.value.bar_beats
    params = _params(chance, bars)
    tones = [Tone(beat.at, beat.length, whole(chance, 30, 100), beat.strength) for beat in _beats(chance, length)]
    return [(n.start, n.pitch, n.duration, n.velocity) for n in play(tones, params, context, length, number)]


def sung(chance: Random, number: int) -> object:
    bars = any_of(chance, (1, 2, 3, 4, 8, 8, 12, 16))
    rows = [" ".join(any_of(chance, WORDS) for _ in range(whole(chance, 1, 9))) for _ in range(whole(chance, 1, 6))]
    if chance.random() < 0.1:
        rows[0] = " ".join(WORDS[:60])
    params = replace(_params(chance, bars), lyrics="\n".join(rows))
    return [
        (each.tone, each.syllable.text, each.goes_on) for each in set_words(params, draw.context(chance, bars), number)
    ]


def composed(chance: Random, number: int) -> object:
    setting = _setting(chance, number, BAND)
    theme = MotifStatement(_motif(chance), whole(chance, 30, 50)) if chance.random() < 0.2 else None
    return compose(setting, theme if theme and theme.motif.notes else None)


def beside_others(chance: Random, number: int) -> object:
    bars = any_of(chance, (1, 2, 4, 8))
    context, params = draw.context(chance, bars, (*BAND, "melody")), _params(chance, bars)
    clip = generate(params, context, number)
    change = any_of(chance, tuple(Change))
    return notes_of(clip), notes_of(refine(clip, change, params, context, number))


def _motif(chance: Random) -> Motif:
    notes = [MotifNote(*beat[:2], whole(chance, -4, 6), beat.strength) for beat in _beats(chance)]
    return Motif(tuple(notes), any_of(chance, (4.0, 8.0, 3.0)))


def _beats(chance: Random, length: float = 6.0) -> tuple[Beat, ...]:
    """Notes on sixteenths and triplets and between, the first sometimes early, now and then with rests."""
    at, beats = any_of(chance, (0.0, 0.0, 0.0, -0.5, 0.5, 0.005)), []
    while at < length:
        step = any_of(chance, (0.25, 0.5, 0.5, 1.0, 1.0, 1.0 / 3.0, 2.0, 1.5, 0.1))
        beats.append(Beat(at, step * any_of(chance, (1.0, 1.0, 1.0, 0.5)), whole(chance, 0, 3)))
        at += step
    return tuple(beats)


def _style(chance: Random) -> MelodyStyle:
    """A melodist who may have any of the traits and forms of all."""
    words = [any_of(chance, UNITS) for _ in range(whole(chance, 1, 6))]
    low = any_of(chance, ("A3", "C2", "E4", "C1"))
    return msgspec.structs.replace(
        STYLES[any_of(chance, NAMES)].melody,
        low=low,
        high=low[0] + str(int(low[1]) + whole(chance, 1, 2)),
        unit=any_of(chance, (1, 2, 4)),
        forms=(
            MelodyForm(units=" ".join(("a", *words))),
            MelodyForm(units="b a", sections=("verse", "solo")),
            MelodyForm(units="a b a c.", weight=2, sections=() if chance.random() < 0.7 else ("chorus",)),
        ),
        contours={any_of(chance, CONTOURS): 1.0},
        colour=any_of(chance, COLOURS),
        leaps=amount(chance),
        repeats=amount(chance),
        dissonance=amount(chance),
        chromatic=amount(chance),
        syncopation=amount(chance),
        pickup=amount(chance),
        ornament=amount(chance),
        span=between(chance, 0.0, 24.0),
        gate=between(chance, 0.1, 1.0),
        longest=any_of(chance, (0.5, 2.0, 16.0)),
    )


def _params(chance: Random, bars: int) -> MelodyParams:
    style: Style = STYLES[any_of(chance, NAMES)]
    if chance.random() < 0.7:
        harmony = msgspec.structs.replace(style.harmony, parallels=chance.random() < 0.3)
        style = msgspec.structs.replace(style, melody=_style(chance), harmony=harmony)
    return MelodyParams(
        style=style,
        bars=bars,
        complexity=amount(chance),
        density=amount(chance),
        humanise=amount(chance),
        swing=any_of(chance, (None, None, 1.0, 2.0, 3.5)),
        section=draw.section(chance),
        octave=any_of(chance, (0, 0, 0, 1, -2, 2)),
        voice=any_of(chance, ("auto", *VOICES)),
        relation=any_of(chance, RELATIONS),
    )


def _setting(chance: Random, number: int, roles: Sequence[Role] = ()) -> Setting:
    bars = any_of(chance, (1, 2, 4, 4, 8, 7))
    context, params = draw.context(chance, bars, roles), _params(chance, bars)
    register = find_register(params.style.melody, params.voice, params.octave, context)
    return Setting.of(params, context, register, number)


def _tune(chance: Random, setting: Setting) -> tuple[Tone, ...]:
    clip = draw.clip(chance, any_of(chance, ("melody", "melody", "harmony")), setting.length, setting.meter)
    until, later = any_of(chance, (3.0, 9.0)), any_of(chance, (0.0, 0.0, 5.0))
    few = clip.with_notes(note for note in clip.notes if note.start % 8.0 < until and note.start >= later)
    if chance.random() < 0.5:  # a tune of few tones
        few = few.with_notes(structs.replace(note, pitch=60 + note.pitch % 5) for note in few.notes)
    heard = few if chance.random() < 0.8 else replace(few, length=few.length + 3.0)
    return read_tune(heard, Swing(any_of(chance, (1.0, 2.0))), setting.length)
