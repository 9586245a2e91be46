"""Whole takes: comping, room for other parts, and changes by section."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import pytest

from musearoo.engines.errors import ParamError, PresetError
from musearoo.engines.music.chord import Chord
from musearoo.engines.music.clip import Clip
from musearoo.engines.music.knowledge.context import MusicalContext, Part, Role
from musearoo.engines.music.note import Note
from musearoo.engines.music.progression import chord_at
from musearoo.engines.music.scale import Key
from musearoo.engines.music.song_section import SongSection
from musearoo.engines.players.chords.harmonisation import harmonise
from musearoo.engines.players.chords.lead_sheet import chords_to_play
from musearoo.engines.players.harmony.engine import HarmonyParams, generate, refine
from musearoo.engines.players.harmony.other_parts import soften
from musearoo.engines.players.harmony.playability import ChordInstrument, find_chord_faults
from musearoo.engines.players.params import Change
from musearoo.engines.styles.reading import parse_style
from tests.each_case import each_case
from tests.engines.presets_on_disk import DATA, STYLES

CHORDS = "Am7 | Dm7 G7 | Cmaj7 | E7"
SING = (64, 64, 65, 67, 67, 65, 64, 62, 60, 60, 62, 64, 64, 62, 62, 62)
"""Beethoven's ode, a quarter a note."""


def context_with(role: Role, pitches: tuple[int, ...], beats: float = 1.0, **given: str) -> MusicalContext:
    notes = [Note(index * beats, pitch, 0.9 * beats, 90) for index, pitch in enumerate(pitches)]
    context = MusicalContext.plain(**given)  # type: ignore[arg-type]
    return replace(context, parts=(Part(role, role, Clip.of(role, len(pitches) * beats, notes)),))


def still(style: str, **given: object) -> HarmonyParams:
    return HarmonyParams(style=STYLES[style], humanise=0.0, swing=1.0, **given)  # type: ignore[arg-type]


@each_case("style", STYLES)
def test_chords_are_those_of_the_set(style: str) -> None:
    context = MusicalContext.plain(key="Am", chords=CHORDS)
    clip = generate(still(style), context, 1)
    inside = total = 0
    for note in clip.notes:
        near = [chord_at(context.chords, (note.start + ahead) % 16.0) for ahead in (0.05, 0.3, 0.6)]
        # What rootless and quartal voicings add: ninths and sixths.
        scale = {tone for chord in near if chord for tone in (*chord.pitch_classes, chord.root + 2, chord.root + 9)}
        total += 1
        inside += note.pitch % 12 in {tone % 12 for tone in scale}
    assert inside / total > 0.97


@each_case("style", STYLES)
def test_hands_can_play_it(style: str) -> None:
    for comping in STYLES[style].harmony.comping:
        instruments: dict[str, ChordInstrument] = {"guitar": "guitar", "power": "guitar", "satb": "voices"}
        instrument = instruments.get(comping.voicing, "keys")
        bpm = STYLES[style].tempo.high
        for chords in ("", CHORDS, "C#13 F#9 | Bmaj9 Ebm11 | Abdim7 A7#9 | Fsus4 E+7"):
            params = HarmonyParams(style=STYLES[style], bars=4, comping=comping.name, complexity=1.0)
            clip = generate(params, MusicalContext.plain(bpm=bpm, chords=chords), 2)
            assert clip.notes
            assert find_chord_faults(clip.notes, bpm, instrument) == ()


def test_a_skank_falls_on_two_and_four() -> None:
    clip = generate(still("reggae", comping="skank"), MusicalContext.plain(chords="Am | Dm"), 1)
    assert {round(note.start * 8) / 8 % 4 for note in clip.notes if note.start % 1 < 0.1} == {1.0, 3.0}
    assert max(note.duration for note in clip.notes) < 0.5


@each_case("style, comping", [("disco", "chops"), ("bossa nova", "piano"), ("ballad", "rolling piano")])
def test_chords_add_nothing_to_their_pattern_while_the_melody_is_busy(style: str, comping: str) -> None:
    def count(pitches: tuple[int, ...], beats: float) -> int:
        context = context_with("melody", pitches, beats)
        clip = generate(still(style, bars=4, comping=comping, complexity=1.0), context, 1)
        return len({round(note.start * 8) for note in clip.notes})

    assert count((72,) * 64, 0.25) < count((72,) * 4, 4.0)


def test_a_montuno_arrives_before_the_bar() -> None:
    context = MusicalContext.plain(chords="Am | Dm | E7 | Am")
    clip = generate(still("salsa", bars=4, comping="montuno"), context, 1)
    before = [note for note in clip.notes if 3.6 < note.start < 4.0]
    assert before
    assert {note.pitch % 12 for note in before} <= {2, 5, 9}


def test_the_end_of_a_take_looks_ahead() -> None:
    """In a loop to its beginning, in a song to the next section."""

    def last_tones(context: MusicalContext, section: SongSection) -> set[int]:
        clip = generate(still("salsa", bars=2, comping="montuno", section=section), context, 1)
        assert all(note.end <= clip.length for note in clip.notes)
        return {note.pitch % 12 for note in clip.notes if note.start > 7.6}

    assert last_tones(MusicalContext.plain(chords="Am | E7"), SongSection()) <= {9, 0, 4}
    assert last_tones(MusicalContext.plain(chords="Am | E7 | F"), SongSection("verse")) <= {5, 9, 0}
    assert last_tones(MusicalContext.plain(chords="Am | E7"), SongSection("verse")) <= {4, 8, 11, 2}


def test_every_chord_has_an_onset() -> None:
    for style in ("pop", "ballad", "jazz swing", "house"):
        context = MusicalContext.plain(chords=CHORDS)
        clip = generate(still(style, bars=4), context, 3)
        for span in context.chords:
            assert any(span.start - 0.6 <= note.start < span.end for note in clip.notes), (style, str(span.chord))


def test_strings_of_a_strum_follow_each_other() -> None:
    clip = generate(still("folk", bars=1, comping="slow strum"), MusicalContext.plain(bpm=100, chords="G"), 1)
    first = [note for note in clip.notes if note.start < 0.5]
    assert len(first) >= 4
    assert [note.pitch for note in first] == sorted(note.pitch for note in first)
    assert 0.02 < first[-1].start - first[0].start < 0.08


def test_the_voicing_asked_for_is_played() -> None:
    context = MusicalContext.plain(chords="C | F | G | C")
    clip = generate(still("metal", voicing="power"), context, 1)
    assert {note.pitch % 12 for note in clip.notes if note.start < 3.9} == {0, 7}
    wide = generate(still("pop", voicing="satb", comping="held piano"), context, 1)
    assert len([note for note in wide.notes if note.start == 0.0]) >= 4


def test_an_octave_moves_all() -> None:
    context = MusicalContext.plain(chords=CHORDS)
    low, high = (generate(still("house", octave=octave), context, 4) for octave in (-1, 1))
    assert [note.pitch + 24 for note in low.notes] == [note.pitch for note in high.notes]


def test_bad_parameters_are_refused_and_the_last_good_ones_are_not() -> None:
    for field, value, bounds in (
        *(("octave", value, "-2 to 2") for value in (3, -3, 1.0, True, "1")),
        *(("voicing", value, "triad, close") for value in ("spread", "")),
        ("comping", 1, "ways to play"),
    ):
        with pytest.raises(ParamError, match=bounds) as error:
            HarmonyParams(style=STYLES["pop"], **{field: value})  # type: ignore[arg-type]
        assert error.value.field == field, value
    for octave in (-2, 2):
        assert HarmonyParams(style=STYLES["pop"], octave=octave).octave == octave
    with pytest.raises(ParamError, match="bars"):  # what every engine refuses
        HarmonyParams(style=STYLES["pop"], bars=0)


def test_an_unknown_way_to_play_is_refused_with_those_there_are() -> None:
    with pytest.raises(ParamError, match="pop strum"):
        generate(still("pop", comping="yodel"), MusicalContext.plain(), 1)


def test_calm_sections_are_quieter_and_thinner() -> None:
    def notes(energy: float) -> tuple[float, int]:
        takes = [
            generate(
                HarmonyParams(style=STYLES["pop"], section=SongSection("chorus", energy)), MusicalContext.plain(), n
            )
            for n in range(6)
        ]
        every = [note for take in takes for note in take.notes]
        return sum(note.velocity for note in every) / len(every), len(every)

    (calm, few), (loud, many) = notes(0.1), notes(0.95)
    assert calm < loud - 10
    assert few < many


def test_a_build_grows() -> None:
    params = still("trance", section=SongSection("build", 0.6))
    clip = generate(params, MusicalContext.plain(chords="Am"), 1)
    half = clip.length / 2
    early = [note.velocity for note in clip.notes if note.start < half]
    late = [note.velocity for note in clip.notes if note.start >= half]
    assert sum(late) / len(late) > sum(early) / len(early) + 6


def test_the_last_chord_of_a_song_rings() -> None:
    params = still("funk", section=SongSection("outro", ends_song=True))
    clip = generate(params, MusicalContext.plain(key="Em"), 1)
    last = [note for note in clip.notes if note.start >= 28.0]
    assert {round(note.start, 2) for note in last} == {28.0}
    assert 4 in {note.pitch % 12 for note in last} or 11 in {note.pitch % 12 for note in last}


def test_chords_lie_over_the_bass_that_plays() -> None:
    context = context_with("bass", (45, 45, 50, 50, 48, 48, 52, 52), 2.0, chords="Am | Dm | C | E")
    for style in ("pop", "folk", "jazz swing"):
        for seed in range(4):
            clip = generate(still(style, bars=4), context, seed)
            for note in clip.notes:
                bass = next(n for n in reversed(context.parts[0].clip.notes) if n.start <= note.start + 1e-9)
                assert note.pitch > bass.pitch


def test_without_a_key_any_ninth_may_be_added_and_in_one_only_its_own() -> None:
    for chord, key, ninth, is_there in (("A7", None, 11, True), ("A7", "F", 11, False), ("Bb7", None, 0, True)):
        context = MusicalContext.plain(chords=chord, key=key)
        clip = generate(still("jazz swing", bars=2, voicing="rootless"), context, 1)
        assert (ninth in {note.pitch % 12 for note in clip.notes}) == is_there, (chord, key)


def test_chords_that_cannot_lie_above_the_bass_are_left_out() -> None:
    bass = Clip("bass", 4.0, (Note(0.0, 127, 4.0, 90.0),))
    context = MusicalContext.plain(chords="C", parts=(Part("bass", "Bass", bass),))
    for low, high, most in (("C8", "C9", 127), ("E8", "G9", 0)):
        pop = STYLES["pop"]
        style = msgspec.structs.replace(pop, harmony=msgspec.structs.replace(pop.harmony, low=low, high=high))
        clip = generate(replace(still("pop", bars=1, voicing="close"), style=style), context, 1)
        assert max((note.pitch for note in clip.notes), default=0) == most, low


def test_a_chord_yields_to_the_melody() -> None:
    assert soften(Chord.parse("Cmaj7"), frozenset({0})) == Chord.parse("C")
    assert soften(Chord.parse("G"), frozenset({0})) == Chord.parse("Gsus4")
    assert soften(Chord.parse("G7"), frozenset({2, 7})) == Chord.parse("G7")
    context = context_with("melody", (72, 72, 77, 77), 4.0, chords="Cmaj7 | Cmaj7 | C | C")
    clip = generate(still("lo-fi", bars=4), context, 2)
    assert not any(note.pitch % 12 == 11 for note in clip.notes if note.start < 7.5)
    assert not any(note.pitch % 12 == 4 for note in clip.notes if 8.5 < note.start < 15.5)


def test_a_melody_finds_its_chords() -> None:
    tune = context_with("melody", SING).parts[0].clip
    spans = harmonise(tune, Key.parse("C"), STYLES["classical"])
    assert spans[0].start == 0.0
    assert spans[-1].end == 16.0
    assert spans[0].chord.root == 0
    fits = sum(note.pitch % 12 in getattr(chord_at(spans, note.start), "pitch_classes", ()) for note in tune.notes)
    assert fits >= 11
    assert harmonise(tune, None, STYLES["classical"])[0].chord.root == 0
    assert spans == harmonise(tune, Key.parse("C"), STYLES["classical"])


def test_a_bass_part_determines_the_roots() -> None:
    context = context_with("bass", (45, 45, 41, 41, 48, 48, 43, 43), 2.0, key="C")
    spans = chords_to_play(still("folk", bars=4), context, 16.0)
    assert [span.chord.root for span in spans] == [9, 5, 0, 7]


def test_players_of_one_scene_agree_whatever_their_seeds() -> None:
    context = MusicalContext.plain(key="Dm")
    for section in (SongSection(), SongSection("verse")):
        params = still("soul", section=section)
        assert chords_to_play(params, context, 32.0) == chords_to_play(replace(params, complexity=1.0), context, 32.0)


def test_chords_that_begin_after_the_take_are_what_it_leads_to() -> None:
    context = MusicalContext.plain(chords="N.C. | Am")
    spans = chords_to_play(still("pop", bars=1), context, 4.0)
    assert [(span.start, span.end, str(span.chord)) for span in spans] == [(0.0, 4.0, "Am")]


@each_case("style", ["pop", "ambient", "funk", "trance"])
def test_refined_takes_keep_their_chords(style: str) -> None:
    context = MusicalContext.plain(key="Am")
    params = HarmonyParams(style=STYLES[style], bars=4)
    clip = generate(params, context, 1)
    tones = {note.pitch % 12 for note in clip.notes}
    for change in Change:
        changed = refine(clip, change, params, context, 5)
        strange = {note.pitch % 12 for note in changed.notes} - tones
        assert len(strange) <= 3
    assert set(refine(clip, Change.SIMPLER, params, context, 1).notes) < set(clip.notes)
    assert len(refine(clip, Change.BUSIER, params, context, 1).notes) >= len(clip.notes)


@each_case(
    "harmony, field",
    [
        ({"key": "H"}, "harmony.key"),
        ({"progressions": [{"name": "x", "chords": "I | X"}]}, r"harmony.progressions\[0\].chords"),
        ({"cadences": ["| V"]}, r"harmony.cadences\[0\]"),
        ({"low": "C4", "high": "E4"}, "harmony.high"),
        ({"ways": {"loops": 0, "grammar": 0, "corpus": 0}}, "harmony.ways"),
        ({"colours": {"maj": {"major": 1}}}, "harmony.colours.maj"),
        ({"comping": [{"name": "x", "hand": "c... .... .... ....", "plays": [1, 0]}]}, r"harmony.comping\[0\].plays"),
        ({"comping": [{"name": "x", "hand": "c... ...."}]}, r"harmony.comping\[0\].hand"),
    ],
)
def test_faults_of_a_section_are_named(harmony: dict[str, object], field: str) -> None:
    with pytest.raises(PresetError, match=field):
        parse_style({**DATA["rock"], "harmony": harmony}, "mine.yaml")
