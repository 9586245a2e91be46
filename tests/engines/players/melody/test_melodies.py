"""Melodies repeat, breathe, close, fit the chords and stay singable."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from math import fsum

import msgspec
import pytest

from musearoo.engines.errors import ParamError
from musearoo.engines.music.clip import Clip
from musearoo.engines.music.knowledge.context import MusicalContext, Part
from musearoo.engines.music.note import Note
from musearoo.engines.music.progression import chord_at
from musearoo.engines.music.song_section import SECTION_KINDS, SongSection
from musearoo.engines.players.melody.composition import MotifStatement, compose
from musearoo.engines.players.melody.engine import MelodyParams, generate
from musearoo.engines.players.melody.motif import Motif, MotifNote
from musearoo.engines.players.melody.other_parts import RANGES, find_register
from musearoo.engines.players.melody.setting import Setting
from musearoo.engines.styles.melody import MelodyForm
from musearoo.engines.styles.rows import NORMAL, SOFT
from tests.each_case import each_case
from tests.engines.presets_on_disk import STYLES

SONG = MusicalContext.plain(bpm=100, key="C", chords="C | G | Am | F | C | Am | G | C")
POP = STYLES["pop"]


def play(style: str = "pop", context: MusicalContext = SONG, seed: int = 1, **fields: object) -> Clip:
    params = MelodyParams(style=STYLES[style], humanise=0.0, swing=1.0, **fields)  # type: ignore[arg-type]
    return generate(params, context, seed)


def bars_of(clip: Clip) -> list[tuple[tuple[float, int], ...]]:
    """Each bar's places and pitches."""
    bar = clip.meter.bar_beats
    return [
        tuple((round(note.start % bar, 3), note.pitch) for note in clip.notes if note.start // bar == index)
        for index in range(round(clip.bars))
    ]


def chord_tone_share(clip: Clip, context: MusicalContext) -> float:
    heard = [(note, chord_at(context.chords, note.start)) for note in clip.notes]
    return fsum(chord is not None and note.pitch % 12 in chord.pitch_classes for note, chord in heard) / len(heard)


@each_case("style", STYLES)
def test_nothing_leaps_over_an_octave_and_all_stays_in_the_styles_register(style: str) -> None:
    melody = STYLES[style].melody
    for seed in range(3):
        clip = play(style, seed=seed, complexity=1.0, density=1.0)
        assert all(abs(after.pitch - before.pitch) <= 12 for before, after in pairwise(clip.notes))
        assert all(melody.low_pitch - 1 <= note.pitch <= melody.high_pitch + 1 for note in clip.notes)
        assert all(before.end <= after.start + 1e-9 for before, after in pairwise(clip.notes))


@each_case("style", STYLES)
def test_every_kind_of_section_has_a_melody(style: str) -> None:
    for kind in SECTION_KINDS:
        for ends in (False, True):
            assert play(style, bars=4, section=SongSection(kind, ends_song=ends)).notes


@each_case("style", ["pop", "rock", "folk", "country", "disco", "classical"])
def test_a_rhythm_or_a_phrase_repeats_within_eight_bars(style: str) -> None:
    returning = 0
    for seed in range(8):
        rhythms = [tuple(at for at, _ in bar) for bar in bars_of(play(style, seed=seed)) if bar]
        returning += len(set(rhythms)) < len(rhythms)
    assert returning == 8


def test_the_second_chorus_is_the_first_again() -> None:
    for seed in range(6):
        first = bars_of(play(section=SongSection("chorus", energy=0.7), complexity=0.3, seed=seed))
        second = bars_of(play(section=SongSection("chorus", energy=0.8, number=1), complexity=0.3, seed=seed))
        same = sum([at for at, _ in one] == [at for at, _ in other] for one, other in zip(first, second, strict=True))
        assert same >= 6


def test_verse_and_chorus_have_motifs_of_their_own_and_the_chorus_lies_higher() -> None:
    heights = []
    for seed in range(8):
        verse = play(section=SongSection("verse", energy=0.4), seed=seed)
        chorus = play(section=SongSection("chorus", energy=0.8), seed=seed)
        assert bars_of(verse)[0] != bars_of(chorus)[0]
        heights.append(mean_pitch(chorus) - mean_pitch(verse))
    assert fsum(heights) / len(heights) > 2.0


@each_case("style", ["pop", "folk", "country", "classical", "salsa", "bossa nova"])
def test_the_song_ends_on_the_tonic(style: str) -> None:
    for seed in range(5):
        last = play(style, seed=seed, section=SongSection("outro", ends_song=True)).notes[-1]
        assert last.pitch % 12 == 0
        assert last.start == pytest.approx(28.0)
        assert last.duration >= 1.9


@each_case("style", ["folk", "classical", "country"])
def test_periods_close_half_and_full(style: str) -> None:
    """The fourth bar of a period ends on a tone that asks on, the eighth on the tonic."""
    halves, fulls = [], []
    for seed in range(12):
        clip = play(style, seed=seed)
        fulls.append(clip.notes[-1].pitch % 12 == 0)
        middle = [note for note in clip.notes if note.start < 15.4]
        halves.append(middle[-1].pitch % 12 in (2, 5, 7, 9, 11))
    assert sum(fulls) >= 10
    assert sum(halves) >= 8


@each_case("style", ["pop", "ballad", "rock", "soul", "disco"])
def test_the_tune_belongs_to_its_chords(style: str) -> None:
    """More of it lies in the chords it was written to than in the same chords two bars later."""
    other = replace(
        SONG,
        chords=tuple(
            replace(span, start=span.start, end=span.end, chord=SONG.chords[(index + 1) % 8].chord)
            for index, span in enumerate(SONG.chords)
        ),
    )
    own, strange = [], []
    for seed in range(10):
        clip = play(style, seed=seed)
        own.append(chord_tone_share(clip, SONG))
        strange.append(chord_tone_share(clip, other))
    assert fsum(own) / 10 > 0.55
    assert fsum(own) > fsum(strange) + 1.0


def test_long_notes_on_strong_beats_are_at_rest() -> None:
    for style in STYLES:
        for seed in range(3):
            for note in play(style, seed=seed).notes:
                if note.duration >= 2.0 and note.start % 4.0 == 0.0:
                    chord = chord_at(SONG.chords, note.start)
                    assert chord is not None
                    assert (note.pitch - 1) % 12 not in chord.pitch_classes or note.pitch % 12 in chord.pitch_classes


def test_leaps_are_mostly_answered_by_the_other_way() -> None:
    """Narmour's reversal: after a fourth or more, the tune turns back, or stays, more often than it goes on."""
    on, back = 0, 0
    for seed in range(30):
        notes = play(seed=seed).notes
        for first, second, third in zip(notes, notes[1:], notes[2:], strict=False):
            leap, after = second.pitch - first.pitch, third.pitch - second.pitch
            if abs(leap) >= 5 and third.start - second.end < 0.5:
                on, back = on + (leap * after > 0), back + (leap * after <= 0)
    assert back > 3 * on


def test_phrases_breathe() -> None:
    for seed in range(8):
        notes = play(seed=seed).notes
        rests = [after.start - before.end for before, after in pairwise([*notes, Note(32.0, 60, 1.0, 90.0)])]
        assert max(rests) >= 0.9


@each_case("style", STYLES)
def test_density_changes_the_number_of_notes(style: str) -> None:
    def count(density: float) -> int:
        return sum(len(play(style, seed=seed, bars=16, density=density).notes) for seed in range(5))

    assert count(0.0) < count(0.5) < count(1.0)


def test_voices_sing_in_their_ranges() -> None:
    middles = []
    for voice, (low, high) in RANGES.items():
        clip = play(voice=voice, complexity=1.0)
        assert all(low - 1 <= note.pitch <= high + 1 for note in clip.notes)
        middles.append(mean_pitch(clip))
    assert middles == sorted(middles, reverse=True)


def test_chords_above_a_melody_push_it_up() -> None:
    def chords(pitch: int) -> MusicalContext:
        pad = Clip.of(
            "pad", 32.0, [Note(float(at), pitch + above, 4.0, 80.0) for at in range(0, 32, 4) for above in (0, 4)]
        )
        return replace(SONG, parts=(Part("harmony", "Pad", pad),))

    low = fsum(mean_pitch(play(context=chords(45), seed=seed)) for seed in range(6))
    high = fsum(mean_pitch(play(context=chords(60), seed=seed)) for seed in range(6))
    assert high > low + 6 * 2.0


def test_the_last_note_of_a_theme_of_pickups_comes_on_time() -> None:
    style = msgspec.structs.replace(POP, melody=msgspec.structs.replace(POP.melody, forms=(MelodyForm(units="a a"),)))
    context = MusicalContext.plain(key="C")
    register = find_register(style.melody, "auto", 0, context)
    setting = Setting.of(MelodyParams(style=style, bars=4), context, register, 1)
    early = ((-1.5, 0.5, 0, NORMAL), (-1.0, 0.125, 1, NORMAL), (-0.375, 0.25, 2, SOFT))
    theme = MotifStatement(Motif(tuple(MotifNote(*note) for note in early), 8.0), 40)
    first = compose(setting, theme)[0]
    assert (first.at, first.length, first.strength) == (0.0, 0.25, SOFT)


def test_a_register_stays_within_midi_and_keeps_an_octave() -> None:
    for low, high, octave, kept in (("C0", "C2", -2, (0, 12)), ("C7", "C8", 2, (103, 127)), ("C3", "C5", 1, (60, 84))):
        style = msgspec.structs.replace(POP.melody, low=low, high=high)
        register = find_register(style, "auto", octave, MusicalContext.plain())
        assert (register.low, register.high) == kept, (low, high, octave)
    assert find_register(POP.melody, "bass", 0, MusicalContext.plain())[:2] == (40, 62)


def test_wrong_parameters_are_named_and_the_last_good_ones_are_taken() -> None:
    for field, value, bounds in (
        *(("octave", value, "-2 to 2") for value in (3, -3, 1.0, False, "1")),
        ("voice", "cat", "soprano"),
        ("relation", "echo", "one of auto"),
        *(("lyrics", value, "at most 20000") for value in ("l" * 20_001, 7)),
    ):
        with pytest.raises(ParamError, match=bounds) as error:
            MelodyParams(style=POP, **{field: value})  # type: ignore[arg-type]
        assert error.value.field == field, value
    for octave in (-2, 2):
        assert MelodyParams(style=POP, octave=octave, lyrics="l" * 20_000).octave == octave
    with pytest.raises(ParamError, match="bars"):  # what every engine refuses
        MelodyParams(style=POP, bars=0)


def mean_pitch(clip: Clip) -> float:
    return fsum(note.pitch for note in clip.notes) / len(clip.notes)
