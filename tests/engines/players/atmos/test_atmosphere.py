"""AtmosRoo: layers fit the chords and the free register, loop without gaps, and continue as a stream."""

from __future__ import annotations

from dataclasses import replace

import pytest

from musearoo.engines.errors import ParamError, PresetError
from musearoo.engines.music.clip import Clip
from musearoo.engines.music.knowledge.context import MusicalContext, Part
from musearoo.engines.music.meter import Meter
from musearoo.engines.music.note import Note
from musearoo.engines.music.progression import chord_at
from musearoo.engines.music.scale import SCALES, Key
from musearoo.engines.music.song_section import SongSection
from musearoo.engines.players.atmos.engine import AtmosParams, AtmosStream, generate, next_phrase
from musearoo.engines.styles.atmos import Bells, LayerName
from musearoo.engines.styles.reading import parse_style
from tests.each_case import each_case
from tests.engines.presets_on_disk import STYLES, rock_data

AMBIENT = STYLES["ambient"]
CHORDS = "Am7 | Fmaj7 | C | G7"


def plays_without_a_hole(clip: Clip) -> bool:
    """Whether something sounds at every sixteenth, round the seam too."""
    steps = [step / 4 for step in range(round(clip.length * 4))]
    return all(any(note.start <= step < note.end for note in clip.notes) for step in steps)


@each_case("style", STYLES)
def test_a_loop_has_no_hole(style: str) -> None:
    for meter in ("4/4", "7/8"):
        context = MusicalContext.plain(meter=meter, key="Dm", chords=CHORDS)
        assert plays_without_a_hole(generate(AtmosParams(style=STYLES[style], bars=4), context, 1))


@each_case("layer", ["drone", "pad", "swells", "bells", "texture", "riser"])
def test_a_layer_can_be_asked_for_alone(layer: LayerName) -> None:
    context = MusicalContext.plain(key="Am", chords=CHORDS)
    clip = generate(AtmosParams(style=AMBIENT, bars=16, layers=(layer,)), context, 2)
    assert clip.notes
    longest = max(note.duration for note in clip.notes)
    assert longest >= 4.0 if layer in ("drone", "pad") else longest <= 8.0


def test_an_unknown_layer_is_refused_with_the_names() -> None:
    with pytest.raises(ParamError, match="drone, pad, swells, bells"):
        AtmosParams(style=AMBIENT, layers=("choir",))  # type: ignore[arg-type]


def test_pads_take_tones_of_the_chords_and_hardly_move() -> None:
    context = MusicalContext.plain(key="Am", chords=CHORDS)
    for seed in range(6):
        clip = generate(AtmosParams(style=AMBIENT, layers=("pad",)), context, seed)
        tones = colours = 0
        for note in clip.notes:
            chord = chord_at(context.chords, note.start % context.chords_length)
            assert chord is not None
            tones += note.pitch % 12 in chord.pitch_classes
            colours += note.pitch % 12 not in chord.pitch_classes
            assert not any(
                (note.pitch - tone) % 12 == 1 and note.pitch % 12 not in chord.pitch_classes
                for tone in chord.pitch_classes
            ), "an avoid note is held"
        assert tones > 1.5 * colours


@each_case("scale", SCALES)
def test_without_chords_the_drift_stays_in_any_scale(scale: str) -> None:
    key = Key(3, scale)
    context = MusicalContext.plain(key=key)
    clip = generate(AtmosParams(style=AMBIENT, bars=16, complexity=1.0), context, 4)
    assert {note.pitch % 12 for note in clip.notes} <= set(key.pitch_classes)
    assert len({note.pitch % 12 for note in clip.notes}) >= 4


def test_it_keeps_above_the_bass_and_out_of_the_melodys_way() -> None:
    bass = Clip("b", 4.0, (Note(0.0, 50, 4.0, 90),))
    tune = Clip("m", 16.0, tuple(Note(beat * 1.0, 72, 1.0, 90) for beat in range(8)))
    plain = MusicalContext.plain(key="Am", chords=CHORDS)
    context = replace(plain, parts=(Part("bass", "b", bass), Part("melody", "m", tune)))
    for seed in range(4):
        held = generate(AtmosParams(style=AMBIENT, layers=("drone", "pad")), context, seed)
        assert all(50 < note.pitch <= 72 for note in held.notes)
        rung = generate(AtmosParams(style=AMBIENT, bars=16, layers=("bells",), humanise=0.0), context, seed)
        assert rung.notes
        assert all(note.start % 16.0 >= 8.0 for note in rung.notes)


def test_a_stream_continues_from_its_state_without_repeating() -> None:
    context = MusicalContext.plain(key="Eb lydian", bpm=70)
    params = AtmosParams(style=AMBIENT, bars=4, complexity=0.8)
    state, phrases = AtmosStream(seed=9), []
    for _ in range(12):
        before = state
        state, clip = next_phrase(state, params, context)
        assert next_phrase(before, params, context) == (state, clip)
        assert plays_without_a_hole(clip)
        phrases.append(clip)
    assert phrases[0] == generate(params, context, 9)
    assert state.began == 12 * 16.0
    assert len({phrase.notes for phrase in phrases}) == 12


def test_bells_of_a_stream_are_those_of_one_long_take() -> None:
    context = MusicalContext.plain(key="C", chords="C | Am")
    params = AtmosParams(style=AMBIENT, bars=16, layers=("bells",), humanise=0.0)
    whole = generate(params, context, 3)
    state, halves = AtmosStream(3), []
    for _ in range(2):
        began = state.began
        state, clip = next_phrase(state, replace(params, bars=8), context)
        halves += [(began + note.start, note.pitch) for note in clip.notes]
    assert halves == [(note.start, note.pitch) for note in whole.notes]


def test_a_build_rises_into_what_follows() -> None:
    context = MusicalContext.plain(key="Am", chords=CHORDS)
    build = SongSection("build", 0.6, following=1.0)
    style = STYLES["trance"]
    clip = generate(AtmosParams(style=style, bars=8, section=build), context, 1)
    calm = generate(AtmosParams(style=style, bars=8, section=SongSection("build", 0.6)), context, 1)
    alone = generate(AtmosParams(style=style, bars=8, section=build, layers=("riser",)), context, 1)
    strikes = alone.notes
    early, late = strikes[: len(strikes) // 2], strikes[len(strikes) // 2 :]
    assert sum(note.velocity for note in late) / len(late) > sum(note.velocity for note in early) / len(early) + 10
    assert late[-1].start > clip.length - 0.5
    assert len(clip.notes) >= len(calm.notes)


def test_the_end_of_a_song_is_a_held_chord() -> None:
    section = SongSection("outro", 0.4, ends_song=True)
    for context in (MusicalContext.plain(key="Am"), MusicalContext.plain(key="Am", chords="Am | F | E | Am")):
        clip = generate(AtmosParams(style=AMBIENT, bars=4, section=section, complexity=0.9), context, 5)
        last = [note for note in clip.notes if note.start >= 12.0]
        assert last
        assert all(note.start == 12.0 and note.end == 16.0 for note in last)
        assert {note.pitch % 12 for note in clip.notes if note.end == 16.0} <= {9, 0, 4, 11, 2, 7}


def test_an_intro_grows_and_an_outro_thins_out() -> None:
    context = MusicalContext.plain(key="Am", chords=CHORDS)

    def sounding(kind: str, beat: float) -> int:
        section = SongSection(kind, 0.5)  # type: ignore[arg-type]
        clip = generate(AtmosParams(style=AMBIENT, bars=16, section=section, layers=("pad",)), context, 6)
        return sum(note.start <= beat < note.end for note in clip.notes)

    assert sounding("intro", 1.0) < sounding("intro", 60.0)
    assert sounding("outro", 60.0) < sounding("outro", 1.0)


def test_energy_makes_it_louder() -> None:
    context = MusicalContext.plain(key="Am", chords=CHORDS)

    def loudness(energy: float) -> float:
        section = SongSection("verse", energy)
        notes = generate(AtmosParams(style=AMBIENT, section=section, layers=("pad",)), context, 7).notes
        return sum(note.velocity for note in notes) / len(notes)

    assert loudness(0.1) < loudness(0.5) < loudness(0.9)


@each_case(
    "layers, problem",
    [
        ([{"kind": "choir"}], "kind"),
        ([{"kind": "pad", "low": "C5", "high": "C4"}], "at least an octave above low"),
        ([{"kind": "pad", "low": "H5"}], "note name"),
        ([{"kind": "riser"}], "at least one layer beside the riser"),
        ([{"kind": "pad", "voices": 9}], "6"),
        ([{"kind": "pad", "energy": [0.8, 0.2]}], "low <= high"),
        ([], "length >= 1"),
    ],
)
def test_a_faulty_section_is_named(layers: list[object], problem: str) -> None:
    with pytest.raises(PresetError, match=problem):
        parse_style({**rock_data(), "atmos": {"layers": layers}}, "rock")


def test_every_style_has_a_layer_at_every_energy_and_complexity() -> None:
    context = MusicalContext.plain(key="Am", chords=CHORDS)
    for style in STYLES.values():
        for energy in (0.0, 0.5, 1.0):
            for complexity in (0.0, 0.5, 1.0):
                section = SongSection("verse", energy)
                params = AtmosParams(style=style, bars=2, section=section, complexity=complexity)
                assert generate(params, context, 1).notes


def test_bells_are_sparse() -> None:
    bells = next(layer for layer in AMBIENT.atmos.layers if isinstance(layer, Bells))
    clip = generate(AtmosParams(style=AMBIENT, bars=64, layers=("bells",)), MusicalContext.plain(key="Am"), 8)
    assert 0.2 < len(clip.notes) / 64 < 1.5 * bells.voices
    assert clip.meter == Meter()


def test_nothing_is_held_that_rubs_against_another_part() -> None:
    # The melody insists on F# over C and on B over Am: strange tones, a semitone from tones of the chords.
    tune = Clip("m", 16.0, (Note(0.0, 78, 4.0, 90), Note(4.0, 70, 4.0, 90), Note(8.0, 71, 8.0, 90)))
    plain = MusicalContext.plain(key="Am", chords="C | F | Am | G")
    context = replace(plain, parts=(Part("melody", "m", tune),))
    for style in ("ambient", "techno", "cinematic", "dub"):
        for seed in range(4):
            clip = generate(AtmosParams(style=STYLES[style], complexity=0.8), context, seed)
            for beat in range(32):
                sung = next(note for note in tune.notes if note.start <= beat % 16 < note.end)
                chord = chord_at(context.chords, beat % 16)
                assert chord is not None
                for note in clip.notes:
                    both_fit = {note.pitch % 12, sung.pitch % 12} <= set(chord.pitch_classes)
                    if note.start <= beat < note.end and not both_fit:
                        assert (note.pitch - sung.pitch) % 12 not in (1, 11)
