"""Requested manners: a walk steps on every beat, a pedal stays, in every style and meter."""

from __future__ import annotations

from itertools import pairwise

import pytest

from musearoo.engines.errors import ParamError
from musearoo.engines.music.clip import Clip
from musearoo.engines.music.knowledge.context import MusicalContext, Part
from musearoo.engines.music.note import Note
from musearoo.engines.players.band.catalogue import find_engine
from musearoo.engines.players.bass.engine import BassParams, generate, register_of
from musearoo.engines.players.bass.fingering import find_bass_faults
from musearoo.engines.players.bass.manner import MANNERS
from musearoo.engines.players.options import read_options
from tests.each_case import each_case
from tests.engines.presets_on_disk import STYLES

CHANGES = "Dm7 | G7 | Cmaj7 | A7"


def played(style: str, manner: str, seed: int = 1, chords: str = CHANGES, meter: str = "4/4", **more: float) -> Clip:
    """Eight bars without a player's feel, straight."""
    context = MusicalContext.plain(bpm=STYLES[style].tempo.usual, key="C", chords=chords, meter=meter)
    params = BassParams(style=STYLES[style], bars=8, humanise=0.0, swing=1.0, manner=manner, **more)  # type: ignore[arg-type]
    return generate(params, context, seed)


@each_case("style", STYLES)
def test_a_walk_has_a_note_on_every_beat_and_goes_by_step(style: str) -> None:
    beats = steps = leaps = 0
    for seed in range(2):
        clip = played(style, "walking", seed)
        on_beat = {round(note.start): note.pitch for note in clip.notes if abs(note.start - round(note.start)) < 1e-6}
        beats += len(on_beat)
        ways = [abs(one - other) for one, other in pairwise(on_beat[beat] for beat in sorted(on_beat))]
        steps += sum(1 <= way <= 4 for way in ways)
        leaps += sum(way > 7 and way != 12 for way in ways)
    assert beats == 2 * 32
    assert steps / beats > 0.65
    assert leaps / beats < 0.1  # a honky-tonk walk comes down on its fifth


@each_case("style", STYLES)
def test_a_walk_stands_on_each_chord(style: str) -> None:
    clip = played(style, "walking")
    roots = [note.pitch % 12 for note in clip.notes if note.start % 4.0 < 1e-6]
    assert sum(root == want for root, want in zip(roots, (2, 7, 0, 9) * 2, strict=True)) >= 6


@each_case("style", STYLES)
def test_a_pedal_is_one_pitch_class_under_changing_chords(style: str) -> None:
    for seed in range(2):
        clip = played(style, "pedal", seed)
        assert {note.pitch % 12 for note in clip.notes} == {0}
        assert clip.notes[-1].end > 20.0


def test_a_pedal_keeps_the_keynote_even_where_a_chord_rubs() -> None:
    clip = played("rock", "pedal", chords="C | B7 | E | C")
    assert {note.pitch % 12 for note in clip.notes} == {0}


def test_without_a_key_the_pedal_is_the_first_chords_root() -> None:
    context = MusicalContext.plain(chords="F | G | Am | G")
    clip = generate(BassParams(style=STYLES["pop"], bars=4, manner="pedal"), context, 1)
    assert {note.pitch % 12 for note in clip.notes} == {5}


def test_a_pedal_keeps_the_rhythm_of_the_style() -> None:
    """A house bass on a pedal still plays between the beats, and a ballad's still rings for longer than it."""
    house, ballad = played("house", "pedal"), played("ballad", "pedal")
    assert all(note.start % 1.0 == 0.5 for note in house.notes)
    assert max(note.duration for note in ballad.notes) > 2 * max(note.duration for note in house.notes)


@each_case("manner", MANNERS)
@each_case("meter", ["3/4", "6/8", "12/8", "5/4", "7/8", "2/2"])
def test_a_manner_fits_every_meter_and_hand(manner: str, meter: str) -> None:
    for style in ("funk", "jazz swing", "trance"):
        clip = played(style, manner, meter=meter, complexity=1.0)
        register = register_of(BassParams(style=STYLES[style]))
        bpm = STYLES[style].tempo.usual
        assert clip.notes
        assert all(register.low <= note.pitch <= register.high for note in clip.notes)
        assert not find_bass_faults(clip.notes, bpm, STYLES[style].bass.played_on)


def test_a_walk_does_not_double_the_kick() -> None:
    kicks = Clip.of("d", 4.0, [Note(at, 36, 0.1, 100) for at in (0.0, 0.75, 2.25)])
    context = MusicalContext.plain(chords="Em", parts=[Part("drums", "Drums", kicks)])
    params = BassParams(style=STYLES["funk"], bars=2, humanise=0.0, swing=1.0, manner="walking")
    assert [round(note.start, 2) for note in generate(params, context, 1).notes] == [*range(8)]


def test_a_manner_holds_in_every_section() -> None:
    """Rock's own pedal is for verses, and is taken in a loop too once it is asked for."""
    clip = played("rock", "pedal")
    gaps = {round(other.start - one.start, 3) for one, other in pairwise(clip.notes)}
    assert gaps == {0.5}


def test_without_a_manner_all_is_as_it_was() -> None:
    for style in ("rock", "jazz swing"):
        own = BassParams(style=STYLES[style])
        assert generate(own, MusicalContext.plain(key="Em"), 3) == generate(
            BassParams(style=STYLES[style], manner=""), MusicalContext.plain(key="Em"), 3
        )


def test_a_manner_is_an_option_of_a_press() -> None:
    assert read_options(find_engine("bass").params, "manner=walking; octave=-1") == {"manner": "walking", "octave": -1}


def test_an_unknown_manner_raises() -> None:
    with pytest.raises(ParamError, match=r"manner must be walking or pedal.*strutting"):
        BassParams(style=STYLES["rock"], manner="strutting")
